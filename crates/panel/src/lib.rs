//! From observations and the pairing graph to panels.
//!
//! | module | holds |
//! |---|---|
//! | [`series`] | what a panel reads: a trait that a lens implements, and every vintage of a record behind an index |
//! | [`places`] | what lies inside what, members of groups, validity of codes |
//! | [`derive`] | indicators by formula, per combination of vintages, in exact decimals |
//!
//! The crate knows no ledger: whoever holds a lens hands it in as a [`Series`].

pub mod derive;
pub mod places;
pub mod series;

pub use derive::{Choice, Combinations, Derived, Deriver, NotDerived};
pub use places::{Places, Span, Window};
pub use series::{Reading, RecordSeries, Series};
