//! From observations and the pairing graph to panels.
//!
//! | module | holds |
//! |---|---|
//! | [`series`] | what a panel reads: a trait that a lens implements, and every vintage of a record behind an index |
//! | [`places`] | what lies inside what, members of groups, validity of codes |
//! | [`graph`] | the pairing graph: who is reached by which pairing, how and when |
//! | [`pool`] | who may serve as comparison, who may not, and why |
//! | [`onset`] | when treatment begins, beside the dates of rounds and pairings |
//! | [`dose`] | how much: the base of a unit's provider |
//! | [`mod@build`] | the panel of a study, outcome and pool: vintages chosen, nothing spliced, everything dropped named |
//! | [`mod@scan`] | a panel in a Parquet file as cohort moments, in one pass |
//! | [`mod@derive`] | indicators by formula, per combination of vintages, in exact decimals |
//!
//! The crate knows no ledger: whoever holds a lens hands it in as a [`Series`].
//!
//! # First steps
//! ```
//! use std::sync::Arc;
//!
//! use counterpart_model::study::{Outcome, Study};
//! use counterpart_model::{Id, Record};
//! use counterpart_panel::{BuiltPanel, Deriver, Graph, Places, RecordSeries, build, pool};
//!
//! /// Returns the panel of a study's first outcome over its own pool, in every vintage on record.
//! fn panel(record: &Record, study: &Study) -> Option<BuiltPanel> {
//!     let places = Arc::new(Places::of(record));
//!     let graph = Graph::of(record, places.clone());
//!     let series = RecordSeries::new(record);
//!     let deriver = Deriver::new(&series, record, places);
//!     let pool = record.case.pool(study.pools.first()?)?;
//!     let judged = pool::evaluate(record, &graph, pool, study, study.window).ok()?;
//!     let outcome = study.outcomes.first()?;
//!     build(&deriver, &graph, study, outcome, &judged, study.onset, study.window).ok()
//! }
//! ```

pub mod build;
pub mod derive;
pub mod dose;
pub mod error;
pub mod graph;
pub mod onset;
pub mod places;
pub mod pool;
pub mod scan;
pub mod series;

pub use build::{BuiltPanel, Cell, Dropped, NoPanel, PanelUnit, build};
pub use derive::{Choice, Combinations, Derived, Deriver, NotDerived};
pub use error::PanelError;
pub use graph::{Edge, Graph, Side, Touch, Way};
pub use places::{Places, Span, Window};
pub use pool::{Judged, PoolOutcome, Reason, Why};
pub use series::{Reading, RecordSeries, Series};
