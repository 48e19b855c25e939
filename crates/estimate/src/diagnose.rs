//! What speaks against an estimate.

pub mod placebo;
pub mod pretrend;
