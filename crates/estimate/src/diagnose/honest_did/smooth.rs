//! Smoothness: the optimal fixed-length interval.
//!
//! An affine estimator l'β̂_post + v'β̂_pre has finite worst-case bias over Δ^SD(M) only if it leaves out linear
//! trends. With w_j = Σ_{k > j} v_k (k − j) over the distance k of a coefficient to the reference, that fixes
//! w_0 = Σ_h l_h h, and the worst-case bias is M·(Σ_{j ≥ 1} |Σ_{h > j} l_h (h − j)| + Σ_{j ≥ 0} |w_j|). The variance
//! is quadratic in the free w_1, …: the trade-off is a lasso.

use super::{EventStudy, HonestInterval, Restriction};
use crate::distribution::folded_critical;
use crate::error::EstimateError;

pub(super) fn interval(study: &EventStudy, m: f64, level: f64) -> Result<HonestInterval, EstimateError> {
    let problem = Problem::new(study);
    let best = problem.shortest(m, level)?;
    let (set_low, set_high) = identified_set(study, m);
    Ok(HonestInterval {
        restriction: Restriction::Smoothness(m),
        set_low,
        set_high,
        conf_low: best.centre - best.half,
        conf_high: best.centre + best.half,
    })
}

struct Interval {
    centre: f64,
    half: f64,
}

struct Problem<'a> {
    study: &'a EventStudy,
    /// Worst-case bias per M that no choice of w removes.
    fixed_bias: f64,
    first: f64,
    /// Coefficients on (pre, post) of w_j, j from 0.
    basis: Vec<Vec<f64>>,
    /// Coefficients of the part without w.
    start: Vec<f64>,
}

impl<'a> Problem<'a> {
    fn new(study: &'a EventStudy) -> Self {
        let (k, n) = (study.pre.len(), study.n());
        let h = study.target.len();
        let first: f64 = study
            .target
            .iter()
            .enumerate()
            .map(|(i, l)| l * (i + 1) as f64)
            .sum();
        let fixed_bias: f64 = (1..h)
            .map(|j| {
                (j..h)
                    .map(|i| study.target[i] * (i + 1 - j) as f64)
                    .sum::<f64>()
                    .abs()
            })
            .sum();
        // v from w: second differences, v_k = w_{k−1} − 2 w_k + w_{k+1} with w_k = 0 from the last k on.
        let basis = (0..k)
            .map(|j| {
                let mut row = vec![0.0; n];
                let mut add = |distance: usize, value: f64| {
                    if (1..=k).contains(&distance) {
                        row[k - distance] += value;
                    }
                };
                add(j + 1, 1.0);
                add(j, -2.0);
                if j > 0 {
                    add(j - 1, 1.0);
                }
                row
            })
            .collect();
        let mut start = vec![0.0; n];
        start[k..].copy_from_slice(&study.target);
        Self {
            study,
            fixed_bias,
            first,
            basis,
            start,
        }
    }

    fn weights(&self, w: &[f64]) -> Vec<f64> {
        let mut c = self.start.clone();
        for (row, value) in self.basis.iter().zip(w) {
            c.iter_mut().zip(row).for_each(|(a, b)| *a += value * b);
        }
        c
    }

    /// Minimises variance(w) + κ Σ_{j ≥ 1} |w_j| with w_0 fixed, by coordinate descent.
    fn lasso(&self, kappa: f64, w: &mut [f64]) -> Result<(), EstimateError> {
        let k = w.len();
        let q: Vec<Vec<f64>> = (0..k)
            .map(|i| {
                (0..k)
                    .map(|j| self.study.covariance_of(&self.basis[i], &self.basis[j]))
                    .collect()
            })
            .collect();
        let c: Vec<f64> = (0..k)
            .map(|i| self.study.covariance_of(&self.basis[i], &self.start))
            .collect();
        const LIMIT: usize = 20_000;
        let mut moved = 0.0;
        for _ in 0..LIMIT {
            moved = 0.0_f64;
            for j in 1..k {
                let pull: f64 = c[j] + (0..k).filter(|&i| i != j).map(|i| q[j][i] * w[i]).sum::<f64>();
                let shrunk = (pull.abs() - 0.5 * kappa).max(0.0);
                let next = -shrunk * pull.signum() / q[j][j];
                moved = moved.max((next - w[j]).abs());
                w[j] = next;
            }
            if moved <= 1e-12 * (1.0 + self.first.abs()) {
                return Ok(());
            }
        }
        Err(EstimateError::NotConverged {
            what: "weights of the fixed-length interval".into(),
            iterations: LIMIT,
            last_step: moved,
            tolerance: 1e-12,
            last: w.to_vec(),
        })
    }

    fn at(&self, m: f64, level: f64, w: &[f64]) -> Result<Interval, EstimateError> {
        let c = self.weights(w);
        let sd = self.study.covariance_of(&c, &c).max(0.0).sqrt();
        if !(sd > 0.0) {
            return Err(EstimateError::ZeroVariance {
                term: "the fixed-length interval".into(),
                variance: 0.0,
            });
        }
        let bias = m * (self.fixed_bias + w.iter().map(|x| x.abs()).sum::<f64>());
        let centre = self
            .study
            .pre
            .iter()
            .chain(&self.study.post)
            .zip(&c)
            .map(|(b, x)| b * x)
            .sum();
        Ok(Interval {
            centre,
            half: sd * folded_critical(bias / sd, level),
        })
    }

    /// Walks the path of penalties for the shortest interval.
    fn shortest(&self, m: f64, level: f64) -> Result<Interval, EstimateError> {
        let k = self.basis.len();
        let mut w = vec![0.0; k];
        w[0] = self.first;
        let c0 = self.weights(&w);
        // Above this penalty every free w is zero.
        let top = (1..k)
            .map(|j| 2.0 * self.study.covariance_of(&self.basis[j], &c0).abs())
            .fold(0.0_f64, f64::max);
        let mut best = self.at(m, level, &w)?;
        if k == 1 || top == 0.0 {
            return Ok(best);
        }
        let at = |kappa: f64, w: &mut Vec<f64>| -> Result<Interval, EstimateError> {
            self.lasso(kappa, w)?;
            self.at(m, level, w)
        };
        const STEPS: usize = 60;
        let kappas: Vec<f64> = (0..=STEPS)
            .map(|i| {
                if i == STEPS {
                    0.0
                } else {
                    top * 0.8_f64.powi(i as i32)
                }
            })
            .collect();
        let mut where_best = 0;
        for (i, &kappa) in kappas.iter().enumerate() {
            let found = at(kappa, &mut w)?;
            if found.half < best.half {
                best = found;
                where_best = i;
            }
        }
        // Golden section between the neighbours of the best one.
        let (mut low, mut high) = (
            kappas[(where_best + 1).min(STEPS)],
            kappas[where_best.saturating_sub(1)],
        );
        let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
        for _ in 0..60 {
            let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
            let (left, right) = (at(a, &mut w)?, at(b, &mut w)?);
            if left.half < right.half {
                high = b
            } else {
                low = a
            }
            for found in [left, right] {
                if found.half < best.half {
                    best = found;
                }
            }
        }
        Ok(best)
    }
}

/// θ for which some δ in Δ^SD(M) has the estimated coefficients before onset.
fn identified_set(study: &EventStudy, m: f64) -> (Option<f64>, Option<f64>) {
    let k = study.pre.len();
    // Path of δ up to the reference; its slope changes must be allowed.
    let mut path = study.pre.clone();
    path.push(0.0);
    let slopes: Vec<f64> = path.windows(2).map(|w| w[1] - w[0]).collect();
    if slopes
        .windows(2)
        .any(|s| (s[1] - s[0]).abs() > m * (1.0 + 1e-12) + 1e-15)
    {
        return (None, None);
    }
    // Continue the last slope and bend it as much as allowed from the reference on.
    let last = slopes.last().copied().unwrap_or(0.0);
    let h = study.target.len();
    let straight: f64 = study
        .target
        .iter()
        .enumerate()
        .map(|(i, l)| l * last * (i + 1) as f64)
        .sum();
    let bend: f64 = (0..h)
        .map(|j| {
            (j..h)
                .map(|i| study.target[i] * (i + 1 - j) as f64)
                .sum::<f64>()
                .abs()
        })
        .sum();
    let _ = k;
    let estimate = study.estimate();
    (
        Some(estimate - straight - m * bend),
        Some(estimate - straight + m * bend),
    )
}
