//! What speaks against an estimate.

pub mod honest_did;
pub mod placebo;
pub mod power;
pub mod pretrend;
pub mod specification_curve;
