//! Effects of policies on panels: arrays in, estimates out.
//!
//! A [`Panel`] is built once from plain columns and borrowed by every estimator. Building it lists *all*
//! faults of the data at once ([`PanelFaults`]); what can be read in two ways is read by one written rule and
//! counted ([`panel::Readings`]). A [`Spec`] is a value that says which estimate is wanted; [`estimate`] turns
//! the two into an [`Estimated`]: tidy rows, covariance, influence functions, the [`Sample`] ledger (what
//! became of every input row), warnings, and the words and papers of the method.
//!
//! Y_it = α_i + λ_t + τ·D_it + ε_it is the model behind [`did::two_by_two`]; the other members and their
//! formulas are listed in [`registry`] and explained a page each in `docs/estimators`.
//!
//! # Rooms
//! | module | holds |
//! |---|---|
//! | [`panel`] | units × periods, cohorts, clusters, levels of assignment; faults first |
//! | [`sample`] | what became of every input row |
//! | [`spec`], [`result`], [`error`] | a question, an answer, and why there is none |
//! | [`regression`], [`absorb`], [`variance`] | least squares with absorbed fixed effects and its standard errors |
//! | [`did`], [`synth`] | the estimators |
//! | [`resample`], [`diagnose`] | inference by drawing, and what speaks against an estimate |
//! | [`moments`] | per-cohort sums from which linear estimators follow, mergeable |
//!
//! # First steps
//! Three units, two periods; the treated one rises by 5, the others by 2 and 3: the effect is 2.5.
//! ```
//! use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing, did};
//! let columns = Columns::new(
//!     ["a", "a", "b", "b", "c", "c"].map(String::from).to_vec(),
//!     vec![1, 2, 1, 2, 1, 2],
//!     [1.0, 6.0, 0.0, 2.0, 0.0, 3.0].map(Some).to_vec(),
//!     Timing::FirstTreated([2.0, 2.0, 0.0, 0.0, 0.0, 0.0].map(FirstTreated::from).to_vec()),
//! );
//! let panel = Panel::build(columns)?;
//! let estimated = did::two_by_two::did(&panel, &Spec::did())?;
//! assert!((estimated.rows()[0].estimate - 2.5).abs() < 1e-12);
//! assert_eq!(estimated.sample().n_control_units(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Promises
//! No input or output, no clock, no environment, no global state. Row order and thread count change no bit of
//! a result. Randomness is a seed in the [`Spec`]; each replicate draws from its own stream. What cannot be
//! identified is an [`EstimateError`], never a number that looks fine.

#![expect(
    clippy::neg_cmp_op_on_partial_ord,
    reason = "`!(x > 0.0)` is meant to catch NaN, which `x <= 0.0` would let through"
)]
#![expect(
    clippy::needless_range_loop,
    reason = "matrix formulas are read by their indices"
)]

pub mod absorb;
pub mod diagnose;
pub mod did;
mod distribution;
pub mod error;
mod linear;
pub mod moments;
pub mod panel;
pub mod registry;
pub mod regression;
pub mod resample;
pub mod result;
pub mod rng;
pub mod sample;
pub mod spec;
pub mod synth;
pub mod variance;

pub use error::EstimateError;
pub use panel::{Columns, FirstTreated, Panel, PanelFaults, Timing};
pub use registry::estimate;
pub use result::{Estimate, Estimated, TidyRow, Warning};
pub use sample::Sample;
pub use spec::{Method, Spec};
