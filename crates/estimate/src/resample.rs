//! Inference by drawing.

pub mod randomisation;
pub mod wild_cluster;
