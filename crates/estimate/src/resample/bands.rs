//! Uniform bands: how far the farthest of several estimates strays.

use rayon::prelude::*;

use crate::distribution::to_t;
use crate::result::{Covariance, TidyRow};
use crate::rng::Stream;
use crate::spec::{Aggregation, Spec};

/// Returns the critical value c with P(max_j |Z_j| ≤ c) = level, Z normal with the given covariance.
///
/// The maximum is simulated with `draws` streams of `seed`; it is never below the pointwise value that one
/// estimate alone would have.
#[must_use]
pub fn gaussian_critical(covariance: &[f64], k: usize, level: f64, draws: usize, seed: u64) -> Option<f64> {
    let root = root(covariance, k);
    let scale: Vec<f64> = (0..k).map(|j| covariance[j * k + j].sqrt()).collect();
    if k == 0 || draws == 0 || scale.iter().any(|s| !(*s > 0.0)) {
        return None;
    }
    let farthest = (0..draws)
        .into_par_iter()
        .map(|d| {
            let mut stream = Stream::new(seed, d as u64);
            let z: Vec<f64> = (0..k).map(|_| stream.normal()).collect();
            (0..k)
                .map(|i| (0..k).map(|j| root[i * k + j] * z[j]).sum::<f64>().abs() / scale[i])
                .fold(0.0_f64, f64::max)
        })
        .collect();
    Some(quantile(farthest, level))
}

/// Returns the same from influence functions by multiplier bootstrap: one Rademacher sign per cluster.
///
/// `scores[c]` holds Σψ/n of cluster c for each of the `scale.len()` estimates, `scale` their standard errors.
#[must_use]
pub fn multiplier_critical(
    scores: &[Vec<f64>],
    scale: &[f64],
    level: f64,
    draws: usize,
    seed: u64,
) -> Option<f64> {
    let k = scale.len();
    if k == 0 || draws == 0 || scale.iter().any(|s| !(*s > 0.0)) {
        return None;
    }
    let farthest = (0..draws)
        .into_par_iter()
        .map(|d| {
            let mut stream = Stream::new(seed, d as u64);
            let mut sums = vec![0.0; k];
            for score in scores {
                let sign = stream.sign();
                sums.iter_mut().zip(score).for_each(|(s, v)| *s += sign * v);
            }
            sums.iter()
                .zip(scale)
                .map(|(s, w)| s.abs() / w)
                .fold(0.0_f64, f64::max)
        })
        .collect();
    Some(quantile(farthest, level))
}

/// Gives the rows of each kind of average, and the points of an event study, a band that holds all of them at once.
///
/// Critical values come from the covariance, or from sign draws of `scores` (Σψ/n by cluster, in the order of the
/// covariance) where given. With `df` they are taken to the t distribution by their tail probability, so that a
/// family of one has its own interval as band.
pub(crate) fn add_bands(
    spec: &Spec,
    rows: &mut [TidyRow],
    covariance: &Covariance,
    df: Option<f64>,
    scores: Option<&[Vec<f64>]>,
) {
    let k = covariance.rows.len();
    let kinds = [
        None,
        Some(Aggregation::Dynamic),
        Some(Aggregation::GroupTime),
        Some(Aggregation::Group),
        Some(Aggregation::Calendar),
    ];
    for kind in kinds {
        let family: Vec<usize> = (0..k)
            .filter(|&p| {
                let row = &rows[covariance.rows[p]];
                row.aggregation == kind && row.term != "ATT" && (kind.is_some() || row.event_time.is_some())
            })
            .collect();
        let deviation = |p: usize| covariance.at(p, p).sqrt();
        let found = match scores {
            Some(scores) => {
                let scale: Vec<f64> = family.iter().map(|&p| deviation(p)).collect();
                let own: Vec<Vec<f64>> = scores
                    .iter()
                    .map(|s| family.iter().map(|&p| s[p]).collect())
                    .collect();
                multiplier_critical(&own, &scale, spec.level, spec.draws, spec.seed)
            }
            None => {
                let part: Vec<f64> = family
                    .iter()
                    .flat_map(|&a| family.iter().map(move |&b| covariance.at(a, b)))
                    .collect();
                gaussian_critical(&part, family.len(), spec.level, spec.draws, spec.seed)
            }
        };
        let Some(critical) = found.and_then(|c| to_t(c, df)) else {
            continue;
        };
        for &p in &family {
            let row = &mut rows[covariance.rows[p]];
            // Draws may fall short of the pointwise value, which a band can never be inside of.
            let pointwise = row.conf_high.map_or(0.0, |h| h - row.estimate);
            let reach = (critical * deviation(p)).max(pointwise);
            row.band_low = Some(row.estimate - reach);
            row.band_high = Some(row.estimate + reach);
        }
    }
}

/// The smallest value that a share `level` of the draws does not exceed.
pub(crate) fn quantile(mut values: Vec<f64>, level: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((level * values.len() as f64).ceil() as usize).clamp(1, values.len().max(1));
    values.get(at - 1).copied().unwrap_or(f64::INFINITY)
}

/// A matrix L with LLᵀ = A for a positive semidefinite A; dependent rows get no own column.
fn root(a: &[f64], k: usize) -> Vec<f64> {
    let mut l = vec![0.0; k * k];
    for j in 0..k {
        let mut d = a[j * k + j];
        for m in 0..j {
            d -= l[j * k + m] * l[j * k + m];
        }
        let pivot = if d > 1e-10 * a[j * k + j] { d.sqrt() } else { 0.0 };
        l[j * k + j] = pivot;
        for i in j + 1..k {
            let mut s = a[i * k + j];
            for m in 0..j {
                s -= l[i * k + m] * l[j * k + m];
            }
            l[i * k + j] = if pivot > 0.0 { s / pivot } else { 0.0 };
        }
    }
    l
}

/// Draws of max_j Z_j / sd(Z_j), Z normal with the given covariance.
pub(crate) fn gaussian_maxima(covariance: &[f64], k: usize, draws: usize, seed: u64) -> Vec<f64> {
    let root = root(covariance, k);
    let scale: Vec<f64> = (0..k).map(|j| covariance[j * k + j].sqrt()).collect();
    (0..draws)
        .into_par_iter()
        .map(|d| {
            let mut stream = Stream::new(seed, d as u64);
            let z: Vec<f64> = (0..k).map(|_| stream.normal()).collect();
            (0..k)
                .map(|i| (0..=i).map(|j| root[i * k + j] * z[j]).sum::<f64>() / scale[i])
                .fold(f64::NEG_INFINITY, f64::max)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::gaussian_critical;

    #[test]
    fn independent_estimates_give_the_sidak_value() {
        let k = 5;
        let mut v = vec![0.0; k * k];
        (0..k).for_each(|j| v[j * k + j] = (j + 1) as f64);
        let c = gaussian_critical(&v, k, 0.95, 40_000, 1).unwrap();
        // Φ⁻¹((1 + 0.95^(1/5))/2) = 2.5692; three standard errors of a 95 % quantile from 40,000 draws.
        assert!((c - 2.569_2).abs() < 0.03, "{c}");
    }
}
