//! Heteroskedasticity-robust errors: meat = Σ w² x xᵀ e² / (1 − h)^p with p = 0, 1, 2 for HC1, HC2, HC3.

use super::{SmallSample, Vcov, sandwich};
use crate::error::EstimateError;
use crate::regression::{Factor, Fit};
use crate::spec::Variance;

pub(super) fn vcov(fit: &Fit, variance: Variance, small_sample: SmallSample) -> Result<Vcov, EstimateError> {
    let k = fit.coefficients.len();
    let n_parameters = small_sample.n_parameters(fit, &[]);
    let power = match variance {
        Variance::Hc2 => 1,
        Variance::Hc3 => 2,
        _ => 0,
    };
    let leverage = if power > 0 { leverage(fit)? } else { Vec::new() };
    let mut meat = vec![0.0; k * k];
    for row in 0..fit.n_obs {
        let mut scale = 1.0;
        if power > 0 {
            let left = 1.0 - leverage[row];
            if left < 1e-10 {
                return Err(EstimateError::NoSuchInference {
                    inference: variance.name().into(),
                    reason: format!(
                        "row {row} of the sample has leverage 1: its residual is zero by construction"
                    ),
                    instead: "HC1, or cluster by unit".into(),
                });
            }
            scale = left.powi(-power);
        }
        for i in 0..k {
            let a = fit.score(row, i);
            for j in 0..k {
                meat[i * k + j] += a * fit.score(row, j) * scale;
            }
        }
    }
    // HC1 takes n/(n − K); HC2 and HC3 have their correction in the leverage.
    let n = fit.n_obs as f64;
    let factor = if power == 0 && small_sample.adjust {
        n / (n - n_parameters as f64)
    } else {
        1.0
    };
    let values = sandwich(&fit.bread, &meat, k)
        .iter()
        .map(|v| v * factor)
        .collect();
    Ok(Vcov {
        values,
        df: n - n_parameters as f64,
        n_clusters: None,
        floor: Vec::new(),
    })
}

/// Returns the diagonal of the projection on regressors and absorbed factors together.
///
/// Regressors after absorption are orthogonal to the factors, so the two parts add up. With two factors the
/// part of the second is taken after the first: h = w/n_a + z' S⁻¹ z, z the level's dummies freed of factor one.
pub(crate) fn leverage(fit: &Fit) -> Result<Vec<f64>, EstimateError> {
    let (n, k) = (fit.n_obs, fit.coefficients.len());
    let weight = |row: usize| fit.weights.get(row).copied().unwrap_or(1.0);
    let mut h: Vec<f64> = (0..n)
        .map(|row| {
            let mut s = 0.0;
            for i in 0..k {
                for j in 0..k {
                    s += fit.columns[i][row] * fit.bread[i * k + j] * fit.columns[j][row];
                }
            }
            s * weight(row)
        })
        .collect();
    match fit.factors.as_slice() {
        [] => {}
        [one] => add_first(&mut h, one, &weight),
        [a, b] => {
            let (large, small) = if a.n_levels() >= b.n_levels() {
                (a, b)
            } else {
                (b, a)
            };
            if small.n_levels() > 1_000 {
                return Err(refuse("both absorbed factors have more than 1,000 levels"));
            }
            add_first(&mut h, large, &weight);
            add_second(&mut h, large, small, &weight)?;
        }
        _ => return Err(refuse("three or more factors are absorbed")),
    }
    Ok(h)
}

fn refuse(reason: &str) -> EstimateError {
    EstimateError::NoSuchInference {
        inference: "leverage-corrected".into(),
        reason: reason.into(),
        instead: "HC1, or cluster by unit".into(),
    }
}

fn add_first(h: &mut [f64], factor: &Factor, weight: &dyn Fn(usize) -> f64) {
    let mut total = vec![0.0; factor.n_levels()];
    for (row, &l) in factor.levels().iter().enumerate() {
        total[l as usize] += weight(row);
    }
    for (row, &l) in factor.levels().iter().enumerate() {
        h[row] += weight(row) / total[l as usize];
    }
}

fn add_second(
    h: &mut [f64],
    large: &Factor,
    small: &Factor,
    weight: &dyn Fn(usize) -> f64,
) -> Result<(), EstimateError> {
    let m = small.n_levels();
    // Share of each small level in each large level.
    let mut total = vec![0.0; large.n_levels()];
    let mut share = vec![0.0; large.n_levels() * m];
    for (row, (&a, &b)) in large.levels().iter().zip(small.levels()).enumerate() {
        total[a as usize] += weight(row);
        share[a as usize * m + b as usize] += weight(row);
    }
    let mut s = vec![0.0; m * m];
    for (a, &t) in total.iter().enumerate() {
        let row = &mut share[a * m..(a + 1) * m];
        for (b, c) in row.iter().enumerate() {
            s[b * m + b] += c;
        }
        for b in 0..m {
            for c in 0..m {
                s[b * m + c] -= row[b] * row[c] / t;
            }
        }
        row.iter_mut().for_each(|v| *v /= t);
    }
    // One level per connected component is redundant: a pivoted Cholesky leaves it out.
    let inverse = crate::linear::pseudo_inverse(&s, m);
    for (row, (&a, &b)) in large.levels().iter().zip(small.levels()).enumerate() {
        let shares = &share[a as usize * m..(a as usize + 1) * m];
        let z: Vec<f64> = (0..m)
            .map(|c| {
                if c == b as usize {
                    1.0 - shares[c]
                } else {
                    -shares[c]
                }
            })
            .collect();
        let mut q = 0.0;
        for i in 0..m {
            let inner: f64 = (0..m).map(|j| inverse[i * m + j] * z[j]).sum();
            q += z[i] * inner;
        }
        h[row] += weight(row) * q;
    }
    Ok(())
}
