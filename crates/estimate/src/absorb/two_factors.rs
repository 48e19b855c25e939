//! Two factors: conjugate gradients on the levels of the smaller one.
//!
//! With the larger factor solved out, the effects λ of the smaller one obey S λ = r, S = D_b − B'D_a⁻¹B, where B
//! holds the weight of each pair of levels. One step walks over the pairs once and touches no row of the data.
//! Preconditioned with D_b this is the symmetric alternating projection, accelerated; on a panel of T periods it
//! ends after at most T steps.

use super::{Absorb, Outcome, TOLERANCE};
use crate::error::EstimateError;
use crate::regression::Factor;
use crate::regression::collinearity::dot;

/// Steps after which the rate of convergence is looked at for the first time.
const PROBATION: usize = 30;
/// Steps that may be needed in all, by the rate seen so far.
const PATIENCE: usize = 200;

pub(super) struct TwoFactors<'a> {
    large: &'a [u32],
    small: &'a [u32],
    weights: Option<&'a [f64]>,
    large_total: Vec<f64>,
    small_total: Vec<f64>,
    /// Pairs of levels, sorted by the larger factor: where each of its levels starts.
    starts: Vec<usize>,
    pair: Vec<u32>,
    /// Weight of each pair; empty if all are one. Rows of the same pair are one entry where many rows share theirs
    /// (a worker's years in a firm): a step then costs what the graph has edges, not what the data have rows.
    pair_weight: Vec<f64>,
}

/// Rows to a pair from which it pays to join them.
const SHARED: usize = 2;

impl<'a> TwoFactors<'a> {
    pub(super) fn new(a: &'a Factor, b: &'a Factor, weights: Option<&'a [f64]>) -> Self {
        let (l, s) = if a.n_levels() >= b.n_levels() {
            (a, b)
        } else {
            (b, a)
        };
        let (large, small) = (l.levels(), s.levels());
        let weight = |row: usize| weights.map_or(1.0, |w| w[row]);
        let (mut large_total, mut small_total) = (vec![0.0; l.n_levels()], vec![0.0; s.n_levels()]);
        let mut starts = vec![0_usize; l.n_levels() + 1];
        for (row, (&x, &y)) in large.iter().zip(small).enumerate() {
            large_total[x as usize] += weight(row);
            small_total[y as usize] += weight(row);
            starts[x as usize + 1] += 1;
        }
        for k in 0..l.n_levels() {
            starts[k + 1] += starts[k];
        }
        let mut next = starts.clone();
        let mut pair = vec![0_u32; large.len()];
        let mut pair_weight = if weights.is_some() {
            vec![0.0; large.len()]
        } else {
            Vec::new()
        };
        for (row, (&x, &y)) in large.iter().zip(small).enumerate() {
            let slot = &mut next[x as usize];
            pair[*slot] = y;
            if !pair_weight.is_empty() {
                pair_weight[*slot] = weight(row);
            }
            *slot += 1;
        }
        if let Some(joined) = join(&starts, &pair, &pair_weight) {
            (starts, pair, pair_weight) = joined;
        }
        Self {
            large,
            small,
            weights,
            large_total,
            small_total,
            starts,
            pair,
            pair_weight,
        }
    }

    /// D_b v − B'D_a⁻¹B v.
    fn schur(&self, v: &[f64], out: &mut [f64]) {
        out.iter_mut()
            .zip(v)
            .zip(&self.small_total)
            .for_each(|((o, x), d)| *o = x * d);
        for (k, total) in self.large_total.iter().enumerate() {
            let (from, to) = (self.starts[k], self.starts[k + 1]);
            let pairs = &self.pair[from..to];
            if self.pair_weight.is_empty() {
                let mean = pairs.iter().map(|&b| v[b as usize]).sum::<f64>() / total;
                pairs.iter().for_each(|&b| out[b as usize] -= mean);
            } else {
                let weights = &self.pair_weight[from..to];
                let mean = pairs
                    .iter()
                    .zip(weights)
                    .map(|(&b, w)| v[b as usize] * w)
                    .sum::<f64>()
                    / total;
                pairs
                    .iter()
                    .zip(weights)
                    .for_each(|(&b, w)| out[b as usize] -= mean * w);
            }
        }
    }

    /// Takes the means of the larger factor out and returns the weighted sums by level of the smaller one.
    fn demean_large(&self, v: &mut [f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.large_total.len()];
        match self.weights {
            None => self
                .large
                .iter()
                .zip(v.iter())
                .for_each(|(&l, x)| sums[l as usize] += x),
            Some(w) => {
                self.large
                    .iter()
                    .zip(v.iter())
                    .zip(w)
                    .for_each(|((&l, x), w)| sums[l as usize] += x * w);
            }
        }
        sums.iter_mut().zip(&self.large_total).for_each(|(s, t)| *s /= t);
        let mut right = vec![0.0; self.small_total.len()];
        for (row, x) in v.iter_mut().enumerate() {
            *x -= sums[self.large[row] as usize];
            right[self.small[row] as usize] += *x * self.weights.map_or(1.0, |w| w[row]);
        }
        right
    }
}

/// Joins equal pairs of a level of the larger factor and adds their weights; `None` where few pairs are equal.
fn join(starts: &[usize], pair: &[u32], weight: &[f64]) -> Option<(Vec<usize>, Vec<u32>, Vec<f64>)> {
    let mut joined_starts = Vec::with_capacity(starts.len());
    joined_starts.push(0);
    let mut joined: Vec<u32> = Vec::new();
    let mut weights: Vec<f64> = Vec::new();
    let mut own: Vec<(u32, f64)> = Vec::new();
    for range in starts.windows(2) {
        own.clear();
        own.extend((range[0]..range[1]).map(|k| (pair[k], weight.get(k).copied().unwrap_or(1.0))));
        // Stable, so that equal pairs are added in the order of the rows.
        own.sort_by_key(|(small, _)| *small);
        let first = joined.len();
        for &(small, w) in &own {
            match joined.last() {
                Some(&last) if joined.len() > first && last == small => {
                    if let Some(sum) = weights.last_mut() {
                        *sum += w;
                    }
                }
                _ => {
                    joined.push(small);
                    weights.push(w);
                }
            }
        }
        if joined.len() * SHARED > pair.len() {
            return None;
        }
        joined_starts.push(joined.len());
    }
    Some((joined_starts, joined, weights))
}

/// What one run of conjugate gradients found.
enum Run {
    Done(Vec<f64>, usize),
    Stalled,
}

impl TwoFactors<'_> {
    /// Solves S λ = r until what is left of r, as part of the column, falls below `goal`.
    fn solve(&self, mut r: Vec<f64>, goal: f64) -> Run {
        let scale = |r: &[f64]| {
            r.iter()
                .zip(&self.small_total)
                .map(|(x, d)| x / d)
                .collect::<Vec<f64>>()
        };
        let mut z = scale(&r);
        let mut rz = dot(&r, &z);
        let first = rz.sqrt();
        let mut lambda = vec![0.0; r.len()];
        let mut p = z;
        let mut applied = vec![0.0; r.len()];
        let mut iterations = 0;
        while rz.sqrt() > goal {
            self.schur(&p, &mut applied);
            let curvature = dot(&p, &applied);
            if !(curvature > 0.0) {
                break;
            }
            let alpha = rz / curvature;
            lambda.iter_mut().zip(&p).for_each(|(a, b)| *a += alpha * b);
            r.iter_mut().zip(&applied).for_each(|(a, b)| *a -= alpha * b);
            z = scale(&r);
            let next = dot(&r, &z);
            let beta = next / rz;
            p.iter_mut().zip(&z).for_each(|(a, b)| *a = b + beta * *a);
            rz = next;
            iterations += 1;
            if iterations >= PROBATION && iterations % 10 == 0 && rz.sqrt() > goal {
                let rate = (rz.sqrt() / first).ln() / iterations as f64;
                if !(rate < 0.0) || (goal / first).ln() / rate > PATIENCE as f64 {
                    return Run::Stalled;
                }
            }
        }
        Run::Done(lambda, iterations)
    }
}

impl Absorb for TwoFactors<'_> {
    fn absorb_one(&self, column: &mut Vec<f64>) -> Result<Outcome, EstimateError> {
        let start = dot(column, column).sqrt();
        if start == 0.0 {
            return Ok(Outcome::Found(0));
        }
        let mut v = column.clone();
        let mut iterations = 0;
        // The second round takes out the rounding of the first: its right-hand side is small, its goal the same.
        for round in 0..2 {
            let right = self.demean_large(&mut v);
            let scale = dot(&v, &v).sqrt();
            let goal = (TOLERANCE * scale).max(1e-15 * start);
            match self.solve(right, goal) {
                Run::Stalled if round == 0 => return Ok(Outcome::Stalled),
                Run::Stalled => {}
                Run::Done(lambda, n) => {
                    iterations += n;
                    v.iter_mut()
                        .zip(self.small)
                        .for_each(|(x, &b)| *x -= lambda[b as usize]);
                }
            }
        }
        self.demean_large(&mut v);
        *column = v;
        Ok(Outcome::Found(iterations))
    }
}
