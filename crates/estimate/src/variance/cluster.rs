//! Cluster-robust errors (CRV1): meat = Σ_g s_g s_gᵀ with s_g the sum of scores in cluster g.

use super::{SmallSample, Vcov, sandwich};
use crate::error::EstimateError;
use crate::regression::{Factor, Fit};

/// Returns Σ of scores by cluster, cluster by cluster: G × k.
#[must_use]
pub fn cluster_scores(fit: &Fit, clusters: &Factor) -> Vec<f64> {
    let k = fit.coefficients.len();
    let mut sums = vec![0.0; clusters.n_levels() * k];
    for (row, &g) in clusters.levels().iter().enumerate() {
        for j in 0..k {
            sums[g as usize * k + j] += fit.score(row, j);
        }
    }
    sums
}

fn meat(fit: &Fit, clusters: &Factor) -> Vec<f64> {
    let k = fit.coefficients.len();
    let sums = cluster_scores(fit, clusters);
    let mut meat = vec![0.0; k * k];
    for s in sums.chunks_exact(k.max(1)) {
        for i in 0..k {
            for j in 0..k {
                meat[i * k + j] += s[i] * s[j];
            }
        }
    }
    meat
}

pub(super) fn vcov(fit: &Fit, clusters: &[Factor], small_sample: SmallSample) -> Result<Vcov, EstimateError> {
    let k = fit.coefficients.len();
    if clusters.is_empty() {
        return Err(EstimateError::Missing {
            what: "a cluster variable".into(),
            hint: "name one, or ask for `iid` or `hc1` errors".into(),
        });
    }
    for c in clusters {
        if c.levels().len() != fit.n_obs {
            return Err(EstimateError::Shape {
                what: c.name().to_owned(),
                expected: fit.n_obs,
                found: c.levels().len(),
            });
        }
        if c.n_levels() < 2 {
            return Err(EstimateError::TooFewClusters {
                level: c.name().to_owned(),
                found: c.n_levels(),
                needed: 2,
                hint: "one cluster has no variance between clusters; use randomisation at the level of assignment"
                    .into(),
            });
        }
    }
    let smallest = clusters.iter().map(Factor::n_levels).min().unwrap_or(0);
    let factor = |g: usize| {
        small_sample.cluster_factor(if small_sample.smallest_cluster {
            smallest
        } else {
            g
        })
    };
    let mut total = vec![0.0; k * k];
    let mut add = |part: &[f64], weight: f64| total.iter_mut().zip(part).for_each(|(t, p)| *t += weight * p);
    for c in clusters {
        add(&meat(fit, c), factor(c.n_levels()));
    }
    if let [a, b] = clusters {
        let pairs: Vec<(u32, u32)> = a
            .levels()
            .iter()
            .copied()
            .zip(b.levels().iter().copied())
            .collect();
        let both = Factor::new("intersection", &pairs);
        add(&meat(fit, &both), -factor(both.n_levels()));
    } else if clusters.len() > 2 {
        return Err(EstimateError::NoSuchInference {
            inference: "cluster".into(),
            reason: format!("{} cluster variables", clusters.len()),
            instead: "one or two".into(),
        });
    }
    let sample = small_sample.sample_factor(fit.n_obs, small_sample.n_parameters(fit, clusters));
    let values = sandwich(&fit.bread, &total, k)
        .iter()
        .map(|v| v * sample)
        .collect();
    Ok(Vcov {
        values,
        df: smallest as f64 - 1.0,
        n_clusters: Some(smallest),
        floor: Vec::new(),
    })
}
