//! Inference by drawing.

pub mod bands;
pub mod randomisation;
mod reassigned;
pub mod wild_cluster;
