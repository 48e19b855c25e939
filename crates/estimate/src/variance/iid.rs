//! Homoskedastic errors: V = σ̂² (X'WX)⁻¹.

use super::{SmallSample, Vcov};
use crate::regression::Fit;

pub(super) fn vcov(fit: &Fit, small_sample: SmallSample) -> Vcov {
    let n = fit.n_obs as f64;
    let k = small_sample.n_parameters(fit, &[]);
    let df = n - k as f64;
    let divisor = if small_sample.adjust { df } else { n };
    let variance = fit.rss() / divisor;
    Vcov {
        values: fit.bread.iter().map(|b| b * variance).collect(),
        df,
        n_clusters: None,
        floor: Vec::new(),
    }
}
