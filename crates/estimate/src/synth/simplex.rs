//! The point of a simplex of columns nearest to a target, exactly.
//!
//! min ‖Aw − b‖² + ridge·‖w‖² over w ≥ 0, Σw = 1 is the point of least norm in the convex hull of the columns
//! a_j − b (lengthened by √ridge·e_j). Wolfe's algorithm (1976, Mathematical Programming 11) walks over affinely
//! independent sets of columns and ends after finitely many steps at the exact optimum; it needs the Gram matrix
//! of the columns only, so that placebos share one.

use crate::error::EstimateError;
use crate::regression::collinearity::dot;

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
    walk(gram, n, None)
}

/// The same walk, started from the columns that are likely to carry weight: a quicker road under a ridge.
pub(crate) fn least_norm_near(gram: &[f64], n: usize, likely: Vec<usize>) -> Result<Simplex, EstimateError> {
    walk(gram, n, Some(likely))
}

fn walk(gram: &[f64], n: usize, likely: Option<Vec<usize>>) -> Result<Simplex, EstimateError> {
    if gram.len() != n * n || n == 0 {
        return Err(EstimateError::Shape {
            what: "Gram matrix".into(),
            expected: n * n,
            found: gram.len(),
        });
    }
    let scale = (0..n).map(|j| gram[j * n + j]).fold(f64::MIN_POSITIVE, f64::max);
    let start = (0..n)
        .min_by(|&a, &b| gram[a * n + a].total_cmp(&gram[b * n + b]))
        .unwrap_or(0);
    let empty = || Corral {
        gram,
        n,
        shift: scale,
        support: Vec::new(),
        factor: Vec::new(),
    };
    let (mut set, mut weights) = likely
        .and_then(|likely| interior(empty, likely))
        .unwrap_or_else(|| {
            let mut set = empty();
            set.push(start);
            (set, vec![1.0])
        });
    let limit = 50 * n + 500;
    let finish = |set: &Corral<'_>, weights: &[f64], objective: f64, has_ties: bool| {
        let mut full = vec![0.0; n];
        set.support.iter().zip(weights).for_each(|(&j, &w)| full[j] = w);
        Simplex {
            weights: full,
            objective: objective.max(0.0),
            has_ties,
        }
    };
    let mut polished = false;
    for _ in 0..limit {
        let mut gradient = vec![0.0; n];
        for (&k, &w) in set.support.iter().zip(&weights) {
            gradient
                .iter_mut()
                .zip(&gram[k * n..(k + 1) * n])
                .for_each(|(g, v)| *g += w * v);
        }
        let objective: f64 = set
            .support
            .iter()
            .zip(&weights)
            .map(|(&j, w)| w * gradient[j])
            .sum();
        let mut inside = vec![false; n];
        set.support.iter().for_each(|&j| inside[j] = true);
        let entering = (0..n)
            .filter(|&j| !inside[j])
            .min_by(|&a, &b| gradient[a].total_cmp(&gradient[b]))
            .filter(|&j| gradient[j] < objective - GAP * scale);
        let Some(entering) = entering else {
            // The quick solves leave rounding behind: polish once, then look again.
            if !polished {
                polished = true;
                let target = set.affine_minimum(true);
                if target.iter().all(|w| *w > 0.0) {
                    weights = target;
                }
                continue;
            }
            let near = 1e-10 * scale;
            let ties = (0..n).any(|j| !inside[j] && (gradient[j] - objective).abs() <= near);
            return Ok(finish(&set, &weights, objective, ties));
        };
        polished = false;
        if !set.push(entering) {
            // The entering column depends on the set to rounding: nothing is to be gained from it.
            return Ok(finish(&set, &weights, objective, true));
        }
        weights.push(0.0);
        // Minor cycle: go to the affine minimum of the set, or as far as the weights stay positive.
        loop {
            let target = set.affine_minimum(false);
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
                set.remove(i);
                weights.remove(i);
            }
            if weights.len() <= 1 {
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

/// A place to start where many columns carry weight, as under a ridge: the affine minimum of the likely columns,
/// without those it gives negative weight, a few times over. `None` if columns depend on each other or few are left.
fn interior<'a>(empty: impl Fn() -> Corral<'a>, mut chosen: Vec<usize>) -> Option<(Corral<'a>, Vec<f64>)> {
    for _ in 0..6 {
        let mut set = empty();
        if chosen.len() < 2 || !chosen.iter().all(|&j| set.push(j)) {
            return None;
        }
        let target = set.affine_minimum(false);
        if target.iter().all(|w| *w > 0.0) {
            return Some((set, target));
        }
        chosen = chosen
            .iter()
            .zip(&target)
            .filter(|(_, w)| **w > 0.0)
            .map(|(&j, _)| j)
            .collect();
    }
    None
}

/// An affinely independent set of columns with the Cholesky factor of its shifted Gram matrix.
///
/// (G + s·11') has the same minimum on the affine hull as G and is positive definite there. Columns come and go
/// one at a time, so the factor is updated in O(m²).
struct Corral<'a> {
    gram: &'a [f64],
    n: usize,
    shift: f64,
    support: Vec<usize>,
    /// Lower factor, row by row.
    factor: Vec<Vec<f64>>,
}

impl Corral<'_> {
    fn entry(&self, i: usize, j: usize) -> f64 {
        self.gram[i * self.n + j] + self.shift
    }

    /// Adds a column; false if it depends on the others to rounding.
    fn push(&mut self, column: usize) -> bool {
        let right: Vec<f64> = self.support.iter().map(|&k| self.entry(column, k)).collect();
        let mut row = self.forward(&right);
        let own = self.entry(column, column);
        let left = own - dot(&row, &row);
        if !(left > 1e-13 * own) {
            return false;
        }
        row.push(left.sqrt());
        self.factor.push(row);
        self.support.push(column);
        true
    }

    /// Takes the column at `at` out: the rows below lose an entry and are made triangular again by rotations.
    fn remove(&mut self, at: usize) {
        self.support.remove(at);
        self.factor.remove(at);
        for k in at..self.factor.len() {
            let (a, b) = (self.factor[k][k], self.factor[k][k + 1]);
            let length = a.hypot(b);
            let (c, s) = (a / length, b / length);
            for row in &mut self.factor[k..] {
                let (x, y) = (row[k], row[k + 1]);
                row[k] = c * x + s * y;
                row[k + 1] = c * y - s * x;
            }
            self.factor[k].truncate(k + 1);
        }
    }

    fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(b.len());
        for (row, v) in self.factor.iter().zip(b) {
            let k = x.len();
            x.push((v - dot(&row[..k], &x)) / row[k]);
        }
        x
    }

    fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.forward(b);
        for i in (0..x.len()).rev() {
            x[i] /= self.factor[i][i];
            let v = x[i];
            x[..i]
                .iter_mut()
                .zip(&self.factor[i])
                .for_each(|(a, l)| *a -= l * v);
        }
        x
    }

    /// Weights summing to one (of any sign) that minimise w'Gw over the set.
    fn affine_minimum(&self, refine: bool) -> Vec<f64> {
        let m = self.support.len();
        let mut u = self.solve(&vec![1.0; m]);
        if refine {
            // The Gram matrix has squared the condition already: one step of refinement.
            let product = |i: usize| {
                self.support
                    .iter()
                    .zip(&u)
                    .map(|(&j, v)| self.entry(i, j) * v)
                    .sum::<f64>()
            };
            let left: Vec<f64> = self.support.iter().map(|&i| 1.0 - product(i)).collect();
            u.iter_mut().zip(self.solve(&left)).for_each(|(x, d)| *x += d);
        }
        let total: f64 = u.iter().sum();
        u.iter().map(|x| x / total).collect()
    }
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
            let s = dot(&differences[i], &differences[j]);
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
    let mut product = Vec::new();
    let mut square = 0.0;
    for iteration in 0..max_iterations {
        // G x is carried along, O(n) a step, and computed anew now and then so that rounding does not add up.
        if iteration % 500 == 0 {
            product = (0..n).map(|i| dot(&gram[i * n..(i + 1) * n], &x)).collect();
            square = dot(&product, &x);
        }
        // For weights that sum to one, G x is A'(Ax − b) + ridge·x up to a constant, which no step feels.
        let i = (0..n)
            .min_by(|&a, &b| product[a].total_cmp(&product[b]))
            .unwrap_or(0);
        let slope = product[i] - square;
        let curvature = gram[i * n + i] - 2.0 * product[i] + square;
        if curvature > 0.0 {
            let step = (-slope / curvature).clamp(0.0, 1.0);
            let column = &gram[i * n..(i + 1) * n];
            x.iter_mut().for_each(|v| *v *= 1.0 - step);
            x[i] += step;
            product
                .iter_mut()
                .zip(column)
                .for_each(|(p, g)| *p += step * (g - *p));
            square += step * (2.0 * slope + step * curvature);
        }
        let value = square / rows as f64;
        if iteration >= 1 && previous - value <= min_decrease * min_decrease {
            break;
        }
        previous = value;
    }
    x
}
