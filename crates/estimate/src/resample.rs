//! Inference by drawing.

pub mod bands;
pub mod randomisation;
pub mod wild_cluster;
