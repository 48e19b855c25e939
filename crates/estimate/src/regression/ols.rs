//! Least squares, with or without absorbed fixed effects.

use super::collinearity::{ABSORBED_TOLERANCE, DENSE_TOLERANCE, dot, qr};
use super::design::{Design, Factor};
use super::precise::{Double, refine};
use crate::absorb::{Absorber, Absorption};
use crate::error::EstimateError;

/// Up to this many columns, coefficients of a design without fixed effects are refined at twice the precision.
pub const REFINED_UP_TO: usize = 50;

/// Steps of refinement at most; most designs end after two.
const MOST_STEPS: usize = 12;

/// A fitted regression: what standard errors of any kind are made from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fit {
    /// Names of the kept columns.
    pub names: Vec<String>,
    /// Names of columns that others or the fixed effects explain.
    pub dropped: Vec<String>,
    /// Coefficients of the kept columns.
    pub coefficients: Vec<f64>,
    /// Residuals by row.
    pub residuals: Vec<f64>,
    /// Kept columns after absorption, by column.
    pub columns: Vec<Vec<f64>>,
    /// (XᵀWX)⁻¹, row by row.
    pub bread: Vec<f64>,
    /// Weights by row; empty if none.
    pub weights: Vec<f64>,
    /// Observations.
    pub n_obs: usize,
    /// Σ w y² before anything was taken out.
    pub total_sum_of_squares: f64,
    /// The absorbed factors.
    pub factors: Vec<Factor>,
    /// Parameters of the fixed effects, redundant ones left out.
    pub absorbed_df: usize,
    /// How the fixed effects were taken out.
    pub absorption: Absorption,
}

impl Fit {
    /// Returns the coefficient of a column.
    #[must_use]
    pub fn coefficient(&self, name: &str) -> Option<f64> {
        self.names
            .iter()
            .position(|n| n == name)
            .and_then(|k| self.coefficients.get(k).copied())
    }

    /// Returns Σ w e².
    #[must_use]
    pub fn rss(&self) -> f64 {
        if self.weights.is_empty() {
            dot(&self.residuals, &self.residuals)
        } else {
            let weighted: Vec<f64> = self
                .residuals
                .iter()
                .zip(&self.weights)
                .map(|(e, w)| e * w)
                .collect();
            dot(&self.residuals, &weighted)
        }
    }

    /// Returns the score w·x·e of a row for a column.
    #[must_use]
    pub fn score(&self, row: usize, column: usize) -> f64 {
        let w = self.weights.get(row).copied().unwrap_or(1.0);
        self.columns[column][row] * self.residuals[row] * w
    }

    /// Returns all parameters, absorbed ones included.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        self.coefficients.len() + self.absorbed_df
    }

    /// Returns whether the residuals are zero to rounding, so that no variance exists.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.rss() <= 1e-28 * self.total_sum_of_squares
    }
}

/// Returns the least squares fit of `y` on a design and absorbed factors.
///
/// Minimises Σ w (y − Xb − Σ_f α_f)². The columns and `y` are first freed of the factors
/// ([`crate::absorb`]); what is left is solved by a QR decomposition of columns scaled to length one, and
/// without factors refined at twice the precision (at most [`REFINED_UP_TO`] columns).
///
/// # Shapes and units
/// `y`, every column, every factor and `weights` have one entry per row. A constant is not added: factors
/// hold it, and a design without factors brings its own column.
///
/// # Drops
/// Columns explained by the columns before them or by the factors; they are named in [`Fit::dropped`].
///
/// # Errors
/// [`EstimateError::Shape`], [`EstimateError::NotFinite`], [`EstimateError::NotConverged`] if the fixed effects
/// cannot be taken out.
///
/// # Example
/// The line through (1, 1), (2, 3), (3, 5) has intercept −1 and slope 2.
/// ```
/// use counterpart_estimate::regression::{Design, fit};
/// let design = Design::new().with("one", vec![1.0; 3]).with("x", vec![1.0, 2.0, 3.0]);
/// let line = fit(&[1.0, 3.0, 5.0], &design, &[], None)?;
/// assert!((line.coefficients[0] + 1.0).abs() < 1e-14 && (line.coefficients[1] - 2.0).abs() < 1e-14);
/// # Ok::<(), counterpart_estimate::EstimateError>(())
/// ```
pub fn fit(
    y: &[f64],
    design: &Design,
    factors: &[Factor],
    weights: Option<&[f64]>,
) -> Result<Fit, EstimateError> {
    fit_parts((y, &[]), design, factors, weights)
}

/// The same with an outcome of twice the precision.
pub(crate) fn fit_wide(
    y: &[Double],
    design: &Design,
    factors: &[Factor],
    weights: Option<&[f64]>,
) -> Result<Fit, EstimateError> {
    let (high, low): (Vec<f64>, Vec<f64>) = y.iter().map(|y| y.parts()).unzip();
    fit_parts((&high, &low), design, factors, weights)
}

fn fit_parts(
    outcome: (&[f64], &[f64]),
    design: &Design,
    factors: &[Factor],
    weights: Option<&[f64]>,
) -> Result<Fit, EstimateError> {
    let (y, y_low) = outcome;
    let n = y.len();
    design.check(n)?;
    if y.iter().any(|v| !v.is_finite()) {
        return Err(EstimateError::NotFinite {
            what: "the outcome".into(),
        });
    }
    for factor in factors {
        if factor.levels().len() != n {
            return Err(EstimateError::Shape {
                what: factor.name().to_owned(),
                expected: n,
                found: factor.levels().len(),
            });
        }
    }
    if let Some(w) = weights {
        if w.len() != n {
            return Err(EstimateError::Shape {
                what: "weights".into(),
                expected: n,
                found: w.len(),
            });
        }
        if let Some(&bad) = w.iter().find(|w| !(w.is_finite() && **w > 0.0)) {
            return Err(EstimateError::OutOfRange {
                what: "weight".into(),
                value: bad,
                expected: "a positive number".into(),
            });
        }
    }
    let root: Option<Vec<f64>> = weights.map(|w| w.iter().map(|v| v.sqrt()).collect());
    let scaled = |column: &[f64]| -> Vec<f64> {
        root.as_ref().map_or_else(
            || column.to_vec(),
            |s| column.iter().zip(s).map(|(x, w)| x * w).collect(),
        )
    };
    let length = |column: &[f64]| {
        let v = scaled(column);
        dot(&v, &v).sqrt()
    };
    let norms: Vec<f64> = design.columns.iter().map(|c| length(c)).collect();
    let total_sum_of_squares = length(y).powi(2);

    let mut working: Vec<Vec<f64>> = std::iter::once(y.to_vec())
        .chain(design.columns.iter().cloned())
        .collect();
    let absorber = Absorber::new(factors, weights)?;
    let absorption = absorber.absorb(&mut working)?;
    let outcome = working.remove(0);

    let tolerance = if factors.is_empty() {
        DENSE_TOLERANCE
    } else {
        ABSORBED_TOLERANCE
    };
    let left: Vec<Vec<f64>> = working.iter().map(|c| scaled(c)).collect();
    let target = scaled(&outcome);
    let decomposition = qr(&left, &norms, tolerance);
    let mut b: Vec<f64> = decomposition.solve_upper(&decomposition.project(&target));
    b.iter_mut().zip(&decomposition.scale).for_each(|(v, s)| *v /= s);
    let kept: Vec<&[f64]> = decomposition.kept.iter().map(|&j| left[j].as_slice()).collect();
    let mut residuals: Vec<f64> = (0..n)
        .map(|i| target[i] - kept.iter().zip(&b).map(|(x, c)| x[i] * c).sum::<f64>())
        .collect();
    if factors.is_empty() && b.len() <= REFINED_UP_TO {
        // Under weights the columns were multiplied by roots, which are rounded anyway.
        let exact = weights.is_none();
        let low = |j: usize| if exact { design.low[j].as_slice() } else { &[] };
        let wide: Vec<(&[f64], &[f64])> = decomposition
            .kept
            .iter()
            .zip(&kept)
            .map(|(&j, high)| (*high, low(j)))
            .collect();
        let target = (target.as_slice(), if exact { y_low } else { &[] });
        refine(&decomposition, &wide, target, &mut b, &mut residuals, MOST_STEPS);
    }
    if let Some(s) = &root {
        residuals.iter_mut().zip(s).for_each(|(e, w)| *e /= w);
    }
    if b.iter().chain(&residuals).any(|v| !v.is_finite()) {
        return Err(EstimateError::NotFinite {
            what: "a coefficient".into(),
        });
    }
    Ok(Fit {
        names: decomposition
            .kept
            .iter()
            .map(|&j| design.names[j].clone())
            .collect(),
        dropped: decomposition
            .dropped
            .iter()
            .map(|&j| design.names[j].clone())
            .collect(),
        bread: decomposition.bread(),
        columns: decomposition.kept.iter().map(|&j| working[j].clone()).collect(),
        coefficients: b,
        residuals,
        weights: weights.map(<[f64]>::to_vec).unwrap_or_default(),
        n_obs: n,
        total_sum_of_squares,
        factors: factors.to_vec(),
        absorbed_df: absorber.absorbed_df(),
        absorption,
    })
}
