//! The words of paired programmes as types.
//!
//! A *case* describes a programme in which richer regions are paired with poorer ones. It is a set of
//! statements (rows of the tables in [`table`]), each said by a source, and a `case.toml` that says which
//! questions are asked of them ([`case`], [`lens`], [`pool`], [`study`]).
//!
//! This crate does no input or output, reads no clock and knows no other crate of the workspace.
//!
//! | module | holds |
//! |---|---|
//! | [`table`] | the one description of every table: importer, `datapackage.json`, docs and scaffold come from it |
//! | [`row`] | an untyped-by-table, typed-by-column row: what is imported, hashed and stored |
//! | [`fault`] | what is wrong with an input, where, and what was expected |
//! | [`formula`] | the closed language of derived indicators, as a tree |
//! | [`id`], [`time`], [`quantity`] | identifiers, dates at their precision, values and bounds |
//! | [`source`], [`place`], [`programme`], [`activity`], [`transaction`], [`rule`], [`people`], [`observation`], [`indicator`], [`claim`], [`derivation`], [`evidence`] | one row of each table as a struct |
//! | [`record`] | all typed rows of a case |
//! | [`case`], [`lens`], [`pool`], [`study`] | the questions: `case.toml` |

#[macro_use]
mod words;

pub mod activity;
pub mod case;
pub mod claim;
pub mod derivation;
pub mod evidence;
pub mod fault;
pub mod formula;
pub mod id;
pub mod indicator;
pub mod lens;
pub mod observation;
pub mod people;
pub mod place;
pub mod pool;
pub mod programme;
pub mod quantity;
pub mod record;
pub mod row;
pub mod rule;
pub mod source;
pub mod study;
pub mod table;
pub mod time;
pub mod transaction;

pub use fault::{Fault, FaultCode, Faults, Location};
pub use id::Id;
pub use record::Record;
pub use row::{Row, Value};
pub use rust_decimal::{Decimal, RoundingStrategy};
pub use table::{Table, TableId};
pub use time::{Date, Period};
