//! The rules of Counterpart: what the record comes to.
//!
//! Everything here reads a [`Record`](counterpart_model::Record) through a lens and yields an
//! [`Assessment`], whose shape is that of `report.json`. Nothing is written anywhere: an assessment becomes
//! publishable only through [`disclosure`].
//!
//! | module | answers |
//! |---|---|
//! | [`assess`] | the main job, readable from top to bottom |
//! | [`assessment`] | the shape of the result |
//! | [`reading`], [`gap`], [`claim`] | what the figures on record are, vintage by vintage, and what follows from them |
//! | [`study`], [`verdict`], [`answer`] | effects, the decision table, the answer under each lens |
//! | [`contradiction`] | statements that cannot all hold, and those that only differ in what they define |
//! | [`promise`], [`speaker_account`] | what became of what was promised; what each speaker said |
//! | [`due`] | where a target stands at the clock of the case |
//! | [`activity`], [`ladder`] | targets against actuals; from plan to use |
//! | [`people`], [`entitlement`], [`screening`] | counts of people and their sums; subsidy rules; leads with reasons |
//! | [`graph_counts`] | who is paired with whom, counted, against what is stated |
//! | [`evidence`], [`review`] | what others published and what offices found, in their words |
//! | [`outcome`] | growth, ratios, convergence, dispersion, poverty, goals |
//! | [`carried`] | what the report carries over from the record as it is |
//! | [`words`] | numbers, units and acts in sentences |
//! | [`disclosure`] | what may be published |
//! | [`seal`] | the digests of what was published |

pub mod account;
pub mod activity;
pub mod answer;
mod assess;
pub mod assessment;
pub mod carried;
pub mod claim;
pub mod contradiction;
mod data_gap;
pub mod disclosure;
pub mod due;
pub mod duty;
pub mod entitlement;
mod error;
pub mod evidence;
pub mod gap;
pub mod graph_counts;
pub mod ladder;
mod naming;
pub mod outcome;
pub mod people;
pub mod promise;
pub mod reading;
pub mod review;
pub mod screening;
pub mod seal;
pub mod speaker_account;
pub mod study;
pub mod systems;
pub mod total;
pub mod verdict;
pub mod words;

pub use assess::{Options, assess, assess_claims, check_claims};
pub use assessment::Assessment;
pub use disclosure::Published;
pub use error::AppraiseError;
