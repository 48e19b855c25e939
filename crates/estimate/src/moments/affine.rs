//! Influence that is affine in a unit's outcomes, and the covariance that follows.

use std::collections::BTreeMap;

use super::Group;
use crate::distribution::infer_rows;
use crate::error::EstimateError;
use crate::result::{Covariance, TidyRow};

/// Estimates that came from cohort moments.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct MomentEstimate {
    /// Rows, as the estimator on the units would give them.
    pub rows: Vec<TidyRow>,
    /// Covariance of the rows with standard errors.
    pub covariance: Covariance,
    /// Units used, by cohort (`None`: never treated).
    pub units: BTreeMap<Option<i64>, u64>,
    /// Degrees of freedom of t statistics; `None` where the normal distribution was used.
    pub df: Option<f64>,
}

/// Influence of the units of each group on one estimate: a'(y − ȳ) + c.
#[derive(Clone, Debug)]
pub(super) struct Affine {
    pub(super) on_outcome: Vec<Vec<f64>>,
    pub(super) constant: Vec<f64>,
}

impl Affine {
    pub(super) fn zero(groups: &[Group], t: usize) -> Self {
        Self {
            on_outcome: vec![vec![0.0; t]; groups.len()],
            constant: vec![0.0; groups.len()],
        }
    }

    pub(super) fn add(&mut self, weight: f64, other: &Self) {
        for (a, b) in self.on_outcome.iter_mut().zip(&other.on_outcome) {
            a.iter_mut().zip(b).for_each(|(x, y)| *x += weight * y);
        }
        self.constant
            .iter_mut()
            .zip(&other.constant)
            .for_each(|(x, y)| *x += weight * y);
    }
}

/// Σ_i ψ_a ψ_b over all units, from the moments of their groups.
fn product(groups: &[Group], a: &Affine, b: &Affine) -> f64 {
    let mut total = 0.0;
    for (k, g) in groups.iter().enumerate() {
        let t = g.mean.len();
        let (x, y) = (&a.on_outcome[k], &b.on_outcome[k]);
        for i in (0..t).filter(|&i| x[i] != 0.0) {
            let inner: f64 = (0..t).map(|j| g.cross[i * t + j] * y[j]).sum();
            total += x[i] * inner;
        }
        total += g.n * a.constant[k] * b.constant[k];
    }
    total
}

pub(super) fn covariance_of(
    groups: &[Group],
    rows: &mut [TidyRow],
    influence: &[Option<Affine>],
    factor: f64,
    df: Option<f64>,
    level: f64,
) -> Result<Covariance, EstimateError> {
    let which: Vec<usize> = (0..rows.len()).filter(|&i| influence[i].is_some()).collect();
    let parts: Vec<&Affine> = influence.iter().flatten().collect();
    let k = which.len();
    let mut values = vec![0.0; k * k];
    for i in 0..k {
        for j in 0..=i {
            let v = factor * product(groups, parts[i], parts[j]);
            values[i * k + j] = v;
            values[j * k + i] = v;
        }
    }
    // The size of an outcome, for what counts as zero to rounding.
    let scale = groups.iter().fold(0.0_f64, |m, g| {
        let t = g.mean.len();
        (0..t).filter(|&p| g.key.sees(p)).fold(m, |m, p| {
            m.max(g.mean[p].abs() + (g.cross[p * t + p] / g.n).max(0.0).sqrt())
        })
    });
    infer_rows(rows, &which, &values, &vec![1e-14 * scale; k], df, level).map(|(covariance, _)| covariance)
}

/// Units of the used groups by cohort.
pub(super) fn units(groups: &[Group], used: &[bool]) -> BTreeMap<Option<i64>, u64> {
    let mut out = BTreeMap::new();
    for (g, _) in groups.iter().zip(used).filter(|(_, u)| **u) {
        *out.entry(g.key.cohort).or_insert(0) += g.n as u64;
    }
    out
}
