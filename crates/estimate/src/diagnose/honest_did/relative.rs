//! Relative magnitudes.

use super::{EventStudy, HonestInterval, Restriction};
use crate::distribution::{normal_cdf, normal_quantile};
use crate::error::EstimateError;
use crate::resample::bands::{gaussian_maxima, quantile};

/// Draws for the least favourable critical value.
const DRAWS: usize = 1_000;

/// How far θ can be moved by steps of size one after onset: Σ_h |Σ_{k ≥ h} l_k|.
fn reach(target: &[f64]) -> f64 {
    (0..target.len())
        .map(|h| target[h..].iter().sum::<f64>().abs())
        .sum()
}

/// Rows that give the steps of δ before onset from coefficients (pre, then post), earliest first.
fn steps(study: &EventStudy) -> Vec<Vec<f64>> {
    let (k, n) = (study.pre.len(), study.n());
    (0..k)
        .map(|s| {
            let mut row = vec![0.0; n];
            row[s] = -1.0;
            // The last step ends at the reference, which is zero.
            if s + 1 < k {
                row[s + 1] = 1.0;
            }
            row
        })
        .collect()
}

pub(super) fn interval(
    study: &EventStudy,
    m_bar: f64,
    level: f64,
    seed: u64,
) -> Result<HonestInterval, EstimateError> {
    let steps = steps(study);
    let beta: Vec<f64> = study.pre.iter().chain(&study.post).copied().collect();
    let value = |row: &[f64]| row.iter().zip(&beta).map(|(a, b)| a * b).sum::<f64>();
    let width = m_bar * reach(&study.target);
    let largest = steps.iter().map(|s| value(s).abs()).fold(0.0_f64, f64::max);
    let estimate = study.estimate();
    let mut target = vec![0.0; study.n()];
    target[study.pre.len()..].copy_from_slice(&study.target);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for s in 0..steps.len() {
        for sign in [1.0, -1.0] {
            let test = Inequalities::new(study, &steps, s, sign, width, &target)?;
            let (a, b) = test.interval(&beta, level, seed)?;
            low = low.min(a);
            high = high.max(b);
        }
    }
    if !(low.is_finite() && high.is_finite()) {
        return Err(EstimateError::NotFinite {
            what: "the robust interval".into(),
        });
    }
    Ok(HonestInterval {
        restriction: Restriction::RelativeMagnitudes(m_bar),
        set_low: Some(estimate - width * largest),
        set_high: Some(estimate + width * largest),
        conf_low: low,
        conf_high: high,
    })
}

/// Inequalities E[Aβ̂ + bθ] ≤ 0 of one choice of the largest step before onset.
struct Inequalities {
    rows: Vec<Vec<f64>>,
    on_theta: Vec<f64>,
    covariance: Vec<f64>,
    scale: Vec<f64>,
}

impl Inequalities {
    /// ±step_r ≤ sign·step_s for every other r, 0 ≤ sign·step_s, and ±(l'β − θ) ≤ width · sign·step_s.
    fn new(
        study: &EventStudy,
        steps: &[Vec<f64>],
        s: usize,
        sign: f64,
        width: f64,
        target: &[f64],
    ) -> Result<Self, EstimateError> {
        let largest: Vec<f64> = steps[s].iter().map(|v| sign * v).collect();
        let less = |row: &[f64], by: f64| -> Vec<f64> {
            row.iter().zip(&largest).map(|(a, b)| a - by * b).collect()
        };
        let zero = vec![0.0; study.n()];
        let (mut rows, mut on_theta) = (vec![less(&zero, 1.0)], vec![0.0]);
        for (r, step) in steps.iter().enumerate() {
            if r != s {
                let negative: Vec<f64> = step.iter().map(|v| -v).collect();
                rows.extend([less(step, 1.0), less(&negative, 1.0)]);
                on_theta.extend([0.0, 0.0]);
            }
        }
        let negative: Vec<f64> = target.iter().map(|v| -v).collect();
        rows.extend([less(target, width), less(&negative, width)]);
        on_theta.extend([-1.0, 1.0]);
        let m = rows.len();
        let mut covariance = vec![0.0; m * m];
        for i in 0..m {
            for j in 0..m {
                covariance[i * m + j] = study.covariance_of(&rows[i], &rows[j]);
            }
        }
        let scale: Vec<f64> = (0..m).map(|i| covariance[i * m + i].sqrt()).collect();
        if scale.iter().any(|v| !(*v > 0.0)) {
            return Err(EstimateError::Singular {
                what: "the covariance of the event study".into(),
            });
        }
        Ok(Self {
            rows,
            on_theta,
            covariance,
            scale,
        })
    }

    /// The hull of θ that the hybrid test does not reject.
    fn interval(&self, beta: &[f64], level: f64, seed: u64) -> Result<(f64, f64), EstimateError> {
        let alpha = 1.0 - level;
        let kappa = alpha / 10.0;
        let m = self.rows.len();
        let first = quantile(gaussian_maxima(&self.covariance, m, DRAWS, seed), 1.0 - kappa);
        let size = (alpha - kappa) / (1.0 - kappa);
        let means: Vec<f64> = self
            .rows
            .iter()
            .map(|r| r.iter().zip(beta).map(|(a, b)| a * b).sum::<f64>())
            .collect();
        let rejects = |theta: f64| -> bool {
            let z: Vec<f64> = (0..m)
                .map(|i| (means[i] + self.on_theta[i] * theta) / self.scale[i])
                .collect();
            let Some(top) = (0..m).max_by(|&a, &b| z[a].total_cmp(&z[b])) else {
                return false;
            };
            if z[top] > first {
                return true;
            }
            let mut lower = f64::NEG_INFINITY;
            for i in (0..m).filter(|&i| i != top) {
                let rho = self.covariance[i * m + top] / (self.scale[i] * self.scale[top]);
                if rho < 1.0 - 1e-10 {
                    lower = lower.max((z[i] - rho * z[top]) / (1.0 - rho));
                }
            }
            let (from, to) = (normal_cdf(lower), normal_cdf(first));
            let critical = normal_quantile(from + (1.0 - size) * (to - from)).max(0.0);
            z[top] > critical
        };
        // θ enters the last two inequalities only, at one over their scale: beyond this grid both reject.
        let centre = means[m - 2];
        let spread = self.scale[m - 2].max(self.scale[m - 1]);
        let middle = 0.5 * (means[m - 2] - means[m - 1]);
        let reach = (centre - middle).abs() + 2.0 * (first + 1.0) * spread;
        const GRID: usize = 400;
        let at = |i: usize| middle - reach + 2.0 * reach * i as f64 / GRID as f64;
        let kept: Vec<usize> = (0..=GRID).filter(|&i| !rejects(at(i))).collect();
        let (Some(&a), Some(&b)) = (kept.first(), kept.last()) else {
            return Ok((f64::INFINITY, f64::NEG_INFINITY));
        };
        let refine = |inside: usize, outside: Option<usize>| -> f64 {
            let Some(outside) = outside else { return at(inside) };
            let (mut good, mut bad) = (at(inside), at(outside));
            for _ in 0..50 {
                let middle = 0.5 * (good + bad);
                if rejects(middle) {
                    bad = middle
                } else {
                    good = middle
                }
            }
            good
        };
        Ok((
            refine(a, a.checked_sub(1)),
            refine(b, (b < GRID).then_some(b + 1)),
        ))
    }
}
