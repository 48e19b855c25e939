//! Inference by drawing.

pub mod bands;
pub mod randomisation;
mod reassigned;
pub mod reestimated;
pub mod wild_cluster;
