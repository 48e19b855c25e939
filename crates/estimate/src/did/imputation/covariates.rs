//! Covariates of the untreated outcome: Y_it(0) = α_i + λ_t + X_it'δ + ε_it.

use super::Untreated;
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::regression::collinearity::{ABSORBED_TOLERANCE, dot, qr};

/// δ fitted on untreated rows, by the covariates' residuals on unit and period effects (Frisch, Waugh, Lovell).
pub(super) struct Covariates {
    /// Kept covariates, what is left of them after unit and period effects of untreated rows, by row of the panel.
    free: Vec<Vec<f64>>,
    slopes: Vec<f64>,
    /// (X̃'WX̃)⁻¹ over untreated rows, row by row.
    bread: Vec<f64>,
    /// Names that unit, period or other covariates explain.
    pub(super) dropped: Vec<String>,
}

impl Covariates {
    /// Returns the fit of the outcome's residuals `left` on the covariates' own.
    pub(super) fn new(
        panel: &Panel,
        names: &[String],
        model: &Untreated,
        base: &[usize],
        left: &dyn Fn(usize) -> f64,
    ) -> Result<Self, EstimateError> {
        let root = |r: usize| panel.weights().map_or(1.0, |w| w[r]).sqrt();
        let scaled = |column: &[f64]| -> Vec<f64> { base.iter().map(|&r| column[r] * root(r)).collect() };
        let (mut all, mut norms) = (Vec::new(), Vec::new());
        for name in names {
            let values: Vec<f64> = panel.covariate(name)?.iter().map(|v| v.unwrap_or(0.0)).collect();
            let at = |u: usize, p: usize| panel.row_of(u, p).map_or(0.0, |r| values[r]);
            let (alpha, lambda) = model.fit(&at);
            let raw = scaled(&values);
            norms.push(dot(&raw, &raw).sqrt());
            all.push(
                values
                    .iter()
                    .enumerate()
                    .map(|(r, x)| x - alpha[panel.row_unit()[r]] - lambda[panel.row_period()[r]])
                    .collect::<Vec<f64>>(),
            );
        }
        let columns: Vec<Vec<f64>> = all.iter().map(|c| scaled(c)).collect();
        let decomposition = qr(&columns, &norms, ABSORBED_TOLERANCE);
        let target: Vec<f64> = base.iter().map(|&r| left(r) * root(r)).collect();
        let mut slopes = decomposition.solve_upper(&decomposition.project(&target));
        slopes
            .iter_mut()
            .zip(&decomposition.scale)
            .for_each(|(b, s)| *b /= s);
        Ok(Self {
            free: decomposition.kept.iter().map(|&j| all[j].clone()).collect(),
            slopes,
            bread: decomposition.bread(),
            dropped: decomposition.dropped.iter().map(|&j| names[j].clone()).collect(),
        })
    }

    /// Returns X̃'δ of a row.
    pub(super) fn fitted(&self, row: usize) -> f64 {
        self.free.iter().zip(&self.slopes).map(|(x, b)| x[row] * b).sum()
    }

    /// Adds, to the scores of an estimate with weights `v` on treated rows, what its covariates owe to untreated rows.
    pub(super) fn add_scores(
        &self,
        panel: &Panel,
        base: &[usize],
        v: &[(usize, f64)],
        residual: &dyn Fn(usize) -> f64,
        scores: &mut [f64],
    ) {
        let k = self.slopes.len();
        let moved: Vec<f64> = self
            .free
            .iter()
            .map(|x| v.iter().map(|&(r, w)| w * x[r]).sum())
            .collect();
        let through: Vec<f64> = (0..k)
            .map(|a| (0..k).map(|b| self.bread[a * k + b] * moved[b]).sum())
            .collect();
        for &r in base {
            let weight = panel.weights().map_or(1.0, |w| w[r]);
            let own: f64 = self.free.iter().zip(&through).map(|(x, c)| x[r] * c).sum();
            let cluster = panel.units()[panel.row_unit()[r]].cluster;
            scores[cluster] -= weight * own * residual(r);
        }
    }
}
