//! Least squares with absorbed fixed effects: design, collinearity, singletons, fit.

pub mod collinearity;
pub mod cross_section;
pub mod design;
pub mod ols;
pub mod precise;
pub mod singletons;

pub use design::{Design, Factor};
pub(crate) use ols::fit_wide;
pub use ols::{Fit, fit};
