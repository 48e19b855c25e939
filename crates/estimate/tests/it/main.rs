//! Everything the crate promises, from outside. One module per subject.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod absorption;
mod coverage;
mod data;
mod degenerate;
mod diagnose;
mod dose;
mod errors;
mod golden_callaway_santanna;
mod golden_regression;
mod golden_staggered;
mod golden_synth;
mod imputation_covariates;
mod moments;
mod nist;
mod pages;
mod panel;
mod properties;
mod random_panels;
mod randomisation;
mod registry;
mod simplex;
mod trust;
mod wild_cluster;
