//! From arguments to a panel and a specification, and from an estimate to what is printed.
//!
//! | module | does |
//! |---|---|
//! | [`input`] | reads the panel, with every fault at its line and column |
//! | [`options`] | the specification; an option without use is refused, never ignored |
//! | [`notice`] | what is odd about a panel and no fault, by unit and period |
//! | [`answer`] | one question, checked, and its answer |
//! | [`many`] | many specifications at once |
//! | [`ols`] | least squares on plain rows |
//! | [`panels`] | an incomplete panel used in each way there is |
//! | [`plot`] | drawings |
//! | [`scan`] | a Parquet panel as moments, no row kept |
//! | [`document`] | `counterpart.estimate/1` |
//! | [`table`] | an estimate as text, CSV, Markdown, LaTeX |
//! | [`ledger`] | what became of each row, as CSV |

pub(crate) mod answer;
pub(crate) mod document;
pub(crate) mod input;
pub(crate) mod ledger;
pub(crate) mod many;
pub(crate) mod notice;
pub(crate) mod ols;
pub(crate) mod options;
pub(crate) mod panels;
pub(crate) mod plot;
pub(crate) mod scan;
pub(crate) mod table;

pub(crate) use input::Input;
