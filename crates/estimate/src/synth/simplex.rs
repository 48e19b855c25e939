//! The point of a simplex of columns nearest to a target, exactly.
//!
//! min ‖Aw − b‖² + ridge·‖w‖² over w ≥ 0, Σw = 1 is the point of least norm in the convex hull of the columns
//! a_j − b (lengthened by √ridge·e_j). Wolfe's algorithm (1976, Mathematical Programming 11) walks over affinely
//! independent sets of columns and ends after finitely many steps at the exact optimum; it needs the Gram matrix
//! of the columns only, so that placebos share one.

use crate::error::EstimateError;
use crate::linear::{cholesky, cholesky_solve};

/// Weights on the simplex and what they reach.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Simplex {
    /// Weights, exactly zero outside the support.
    pub weights: Vec<f64>,
    /// The minimum of ‖Aw − b‖² + ridge·‖w‖².
    pub objective: f64,
    /// Whether a column outside the support would do as well: other weights then reach the same minimum.
    pub has_ties: bool,
}

/// Relative gap between the objective and its lower bound at which the walk ends.
const GAP: f64 = 1e-13;

/// Returns the minimiser of w'Gw over the simplex, G the Gram matrix of the columns a_j − b, row by row.
///
/// # Errors
/// [`EstimateError::Shape`], [`EstimateError::NotConverged`] after 50·n + 500 steps (rounding has run in circles).
///
/// # Example
/// The point of the segment from (1, 0) to (0, 1) nearest to the origin lies in its middle.
/// ```
/// use counterpart_estimate::synth::simplex::least_norm;
/// let found = least_norm(&[1.0, 0.0, 0.0, 1.0], 2)?;
/// assert!((found.weights[0] - 0.5).abs() < 1e-15 && (found.objective - 0.5).abs() < 1e-15);
/// # Ok::<(), counterpart_estimate::EstimateError>(())
/// ```
pub fn least_norm(gram: &[f64], n: usize) -> Result<Simplex, EstimateError> {
    if gram.len() != n * n || n == 0 {
        return Err(EstimateError::Shape {
            what: "Gram matrix".into(),
            expected: n * n,
            found: gram.len(),
        });
    }
    let scale = (0..n).map(|j| gram[j * n + j]).fold(0.0_f64, f64::max);
    let start = (0..n)
        .min_by(|&a, &b| gram[a * n + a].total_cmp(&gram[b * n + b]))
        .unwrap_or(0);
    let mut support = vec![start];
    let mut weights = vec![1.0];
    let product = |support: &[usize], weights: &[f64], j: usize| -> f64 {
        support
            .iter()
            .zip(weights)
            .map(|(&k, w)| gram[j * n + k] * w)
            .sum()
    };
    let limit = 50 * n + 500;
    for _ in 0..limit {
        let gradient: Vec<f64> = (0..n).map(|j| product(&support, &weights, j)).collect();
        let objective: f64 = support.iter().zip(&weights).map(|(&j, w)| w * gradient[j]).sum();
        let entering = (0..n)
            .filter(|j| !support.contains(j))
            .min_by(|&a, &b| gradient[a].total_cmp(&gradient[b]))
            .filter(|&j| gradient[j] < objective - GAP * scale);
        let Some(entering) = entering else {
            let mut full = vec![0.0; n];
            support.iter().zip(&weights).for_each(|(&j, &w)| full[j] = w);
            let near = 1e-10 * scale;
            let has_ties = (0..n).any(|j| !support.contains(&j) && (gradient[j] - objective).abs() <= near);
            return Ok(Simplex {
                weights: full,
                objective: objective.max(0.0),
                has_ties,
            });
        };
        support.push(entering);
        weights.push(0.0);
        // Minor cycle: go to the affine minimum of the set, or as far as the weights stay positive.
        loop {
            let Some(target) = affine_minimum(gram, n, &support) else {
                // The entering column depends on the set to rounding: nothing is to be gained from it.
                support.pop();
                weights.pop();
                let mut full = vec![0.0; n];
                support.iter().zip(&weights).for_each(|(&j, &w)| full[j] = w);
                return Ok(Simplex {
                    weights: full,
                    objective: objective.max(0.0),
                    has_ties: true,
                });
            };
            if target.iter().all(|w| *w > 0.0) {
                weights = target;
                break;
            }
            let theta = weights
                .iter()
                .zip(&target)
                .filter(|(_, t)| **t <= 0.0)
                .map(|(w, t)| w / (w - t))
                .fold(1.0_f64, f64::min);
            weights
                .iter_mut()
                .zip(&target)
                .for_each(|(w, t)| *w = (*w + theta * (t - *w)).max(0.0));
            let least = weights
                .iter()
                .zip(&target)
                .enumerate()
                .filter(|(_, (_, t))| **t <= 0.0)
                .min_by(|a, b| a.1.0.total_cmp(b.1.0))
                .map(|(i, _)| i);
            if let Some(i) = least {
                support.remove(i);
                weights.remove(i);
            }
            if support.len() <= 1 {
                weights = vec![1.0];
                break;
            }
        }
    }
    Err(EstimateError::NotConverged {
        what: "simplex weights".into(),
        iterations: limit,
        last_step: f64::NAN,
        tolerance: GAP,
        last: weights,
    })
}

/// Weights summing to one (of any sign) that minimise w'Gw over a set, or `None` if the set depends affinely.
fn affine_minimum(gram: &[f64], n: usize, support: &[usize]) -> Option<Vec<f64>> {
    let m = support.len();
    // (G + s·11') has the same constrained minimum and is positive definite for affinely independent columns.
    let shift = support
        .iter()
        .map(|&j| gram[j * n + j])
        .fold(0.0_f64, f64::max)
        .max(f64::MIN_POSITIVE);
    let mut a = Vec::with_capacity(m * m);
    for &i in support {
        a.extend(support.iter().map(|&j| gram[i * n + j] + shift));
    }
    let l = cholesky(&a, m, "the set of donors").ok()?;
    let mut u = cholesky_solve(&l, m, &vec![1.0; m]);
    // One step of refinement: the Gram matrix has squared the condition already.
    let left: Vec<f64> = (0..m)
        .map(|i| 1.0 - (0..m).map(|j| a[i * m + j] * u[j]).sum::<f64>())
        .collect();
    u.iter_mut()
        .zip(cholesky_solve(&l, m, &left))
        .for_each(|(x, d)| *x += d);
    let total: f64 = u.iter().sum();
    Some(u.iter().map(|x| x / total).collect())
}

/// Returns the Gram matrix of the columns a_j − b with `ridge` on its diagonal.
///
/// `columns[j]` and `target` have one entry per row; `intercept` first takes every column's and the target's own
/// mean out, so that a constant may be added to the fit.
#[must_use]
pub fn gram(columns: &[Vec<f64>], target: &[f64], ridge: f64, intercept: bool) -> Vec<f64> {
    let n = columns.len();
    let mean = |v: &[f64]| {
        if intercept {
            v.iter().sum::<f64>() / v.len() as f64
        } else {
            0.0
        }
    };
    let centre = mean(target);
    let b: Vec<f64> = target.iter().map(|x| x - centre).collect();
    let differences: Vec<Vec<f64>> = columns
        .iter()
        .map(|c| {
            let m = mean(c);
            c.iter().zip(&b).map(|(x, y)| (x - m) - y).collect()
        })
        .collect();
    let mut out = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let s = crate::regression::collinearity::dot(&differences[i], &differences[j]);
            out[i * n + j] = s;
            out[j * n + i] = s;
        }
        out[i * n + i] += ridge;
    }
    out
}

/// Returns the weights after the published Frank–Wolfe iteration, stopped as the R package stops it.
///
/// `min_decrease` is compared with the fall of the objective (its square is), as in `synthdid` 0.0.9
/// `sc.weight.fw`; `rows` is the number of rows by which the objective is divided there.
#[must_use]
pub fn frank_wolfe(
    gram: &[f64],
    n: usize,
    rows: usize,
    start: &[f64],
    min_decrease: f64,
    max_iterations: usize,
) -> Vec<f64> {
    let mut x = start.to_vec();
    let mut previous = f64::INFINITY;
    for iteration in 0..max_iterations {
        // For weights that sum to one, G x is A'(Ax − b) + ridge·x up to a constant, which no step feels.
        let half: Vec<f64> = (0..n)
            .map(|i| (0..n).map(|j| gram[i * n + j] * x[j]).sum())
            .collect();
        let i = (0..n).min_by(|&a, &b| half[a].total_cmp(&half[b])).unwrap_or(0);
        let mut d: Vec<f64> = x.iter().map(|v| -v).collect();
        d[i] += 1.0;
        let slope: f64 = half.iter().zip(&d).map(|(a, b)| a * b).sum();
        let mut curvature = 0.0;
        for a in 0..n {
            let inner: f64 = (0..n).map(|b| gram[a * n + b] * d[b]).sum();
            curvature += d[a] * inner;
        }
        if curvature > 0.0 {
            let step = (-slope / curvature).clamp(0.0, 1.0);
            x.iter_mut().zip(&d).for_each(|(v, s)| *v += step * s);
        }
        let mut value = 0.0;
        for a in 0..n {
            let inner: f64 = (0..n).map(|b| gram[a * n + b] * x[b]).sum();
            value += x[a] * inner;
        }
        value /= rows as f64;
        if iteration >= 1 && previous - value <= min_decrease * min_decrease {
            break;
        }
        previous = value;
    }
    x
}
