//! Symmetric alternating projections, accelerated by conjugate gradients.
//!
//! With M_f the operator that takes weighted means of factor f out of a column, one sweep is
//! T = M₁ M₂ … M_F … M₂ M₁, self-adjoint in the weighted inner product. The residual of y is y − u with
//! (I − T) u = (I − T) y, solved by conjugate gradients (Correia 2017, "Linear models with high-dimensional
//! fixed effects", section 3; Hernández-Ramos, Escalante, Raydan 2011).

use super::{Absorb, Outcome, TOLERANCE};
use crate::error::EstimateError;
use crate::regression::Factor;

/// Sweeps after which the rate of convergence is looked at for the first time.
const PROBATION: usize = 30;
/// Sweeps that may be needed in all, by the rate seen so far.
const PATIENCE: usize = 300;

pub(super) struct Projections<'a> {
    factors: Vec<Side<'a>>,
    weights: Option<&'a [f64]>,
}

struct Side<'a> {
    levels: &'a [u32],
    /// 1 / Σ w per level.
    inverse: Vec<f64>,
}

impl<'a> Projections<'a> {
    pub(super) fn new(factors: &'a [Factor], weights: Option<&'a [f64]>) -> Self {
        let sides = factors
            .iter()
            .map(|f| {
                let mut total = vec![0.0; f.n_levels()];
                for (row, &l) in f.levels().iter().enumerate() {
                    total[l as usize] += weights.map_or(1.0, |w| w[row]);
                }
                Side {
                    levels: f.levels(),
                    inverse: total.iter().map(|t| 1.0 / t).collect(),
                }
            })
            .collect();
        Self {
            factors: sides,
            weights,
        }
    }

    fn demean(&self, side: &Side<'_>, v: &mut [f64], sums: &mut Vec<f64>) {
        sums.clear();
        sums.resize(side.inverse.len(), 0.0);
        match self.weights {
            None => side
                .levels
                .iter()
                .zip(v.iter())
                .for_each(|(&l, x)| sums[l as usize] += x),
            Some(w) => side
                .levels
                .iter()
                .zip(v.iter())
                .zip(w)
                .for_each(|((&l, x), w)| sums[l as usize] += x * w),
        }
        sums.iter_mut().zip(&side.inverse).for_each(|(s, i)| *s *= i);
        side.levels
            .iter()
            .zip(v.iter_mut())
            .for_each(|(&l, x)| *x -= sums[l as usize]);
    }

    fn sweep(&self, v: &mut [f64], sums: &mut Vec<f64>) {
        for side in &self.factors {
            self.demean(side, v, sums);
        }
        for side in self.factors.iter().rev().skip(1) {
            self.demean(side, v, sums);
        }
    }

    fn inner(&self, a: &[f64], b: &[f64]) -> f64 {
        match self.weights {
            None => crate::regression::collinearity::dot(a, b),
            Some(w) => a.iter().zip(b).zip(w).map(|((x, y), w)| x * y * w).sum(),
        }
    }
}

impl Absorb for Projections<'_> {
    fn absorb_one(&self, column: &mut Vec<f64>) -> Result<Outcome, EstimateError> {
        let mut sums = Vec::new();
        if self.factors.len() == 1 {
            // Twice: the second pass takes out the rounding of the first.
            self.sweep(column, &mut sums);
            self.sweep(column, &mut sums);
            return Ok(Outcome::Found(1));
        }
        let start = self.inner(column, column).sqrt();
        if start == 0.0 {
            return Ok(Outcome::Found(0));
        }
        // A first sweep brings large means out of the way before anything is measured.
        let mut y = column.clone();
        self.sweep(&mut y, &mut sums);
        let mut swept = y.clone();
        self.sweep(&mut swept, &mut sums);
        let mut r: Vec<f64> = y.iter().zip(&swept).map(|(a, b)| a - b).collect();
        let scale = self.inner(&y, &y).sqrt();
        let mut u = vec![0.0; y.len()];
        let mut p = r.clone();
        let mut rr = self.inner(&r, &r);
        let first = rr.sqrt();
        // What is left of a column that the factors explain is rounding: measured against the column itself.
        let goal = (TOLERANCE * scale).max(1e-15 * start);
        let mut iterations = 1;
        while rr.sqrt() > goal {
            let mut v = p.clone();
            self.sweep(&mut v, &mut sums);
            let step: Vec<f64> = p.iter().zip(&v).map(|(a, b)| a - b).collect();
            let curvature = self.inner(&p, &step);
            if !(curvature > 0.0) {
                break;
            }
            let alpha = rr / curvature;
            u.iter_mut().zip(&p).for_each(|(a, b)| *a += alpha * b);
            r.iter_mut().zip(&step).for_each(|(a, b)| *a -= alpha * b);
            let next = self.inner(&r, &r);
            let beta = next / rr;
            p.iter_mut().zip(&r).for_each(|(a, b)| *a = b + beta * *a);
            rr = next;
            iterations += 1;
            if iterations >= PROBATION && iterations % 10 == 0 && rr.sqrt() > goal {
                let rate = (rr.sqrt() / first).ln() / iterations as f64;
                let needed = (goal / first).ln() / rate;
                if !(rate < 0.0) || needed > PATIENCE as f64 {
                    return Ok(Outcome::Stalled);
                }
            }
        }
        y.iter_mut().zip(&u).for_each(|(a, b)| *a -= b);
        // The last sweep makes the means exactly zero again.
        self.sweep(&mut y, &mut sums);
        *column = y;
        Ok(Outcome::Found(iterations))
    }
}
