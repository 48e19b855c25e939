//! Takes fixed effects out of columns.
//!
//! The residual of y on the dummies of several factors is found without forming the dummies. Two methods stand
//! ready: accelerated alternating projections, which end after a few steps on well connected data (on a panel of
//! T periods after at most T), and the preconditioned solver of the `within` crate for badly connected graphs
//! (workers and firms). The first runs until it converges or its rate says that
//! it would take too long; then the second takes over. [`Absorption`] says which one it was.

mod projections;
mod schwarz;
mod two_factors;

use rayon::prelude::*;

use crate::error::EstimateError;
use crate::regression::Factor;

/// Relative size of the last step at which the residual counts as found.
pub const TOLERANCE: f64 = 1e-12;

/// How the fixed effects of some columns were taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Absorption {
    /// Most sweeps that any column needed.
    pub iterations: usize,
    /// Columns that alternating projections gave up on.
    pub handed_over: usize,
}

/// What a method says about one column.
pub(crate) enum Outcome {
    /// Found, after so many sweeps.
    Found(usize),
    /// Too slow; the column is unchanged.
    Stalled,
}

/// A way to take fixed effects out of one column.
pub(crate) trait Absorb: Sync {
    fn absorb_one(&self, column: &mut Vec<f64>) -> Result<Outcome, EstimateError>;
}

/// Factors and weights, ready to be taken out of any number of columns.
pub struct Absorber<'a> {
    factors: &'a [Factor],
    weights: Option<&'a [f64]>,
    method: Box<dyn Absorb + 'a>,
}

impl<'a> Absorber<'a> {
    /// Returns the absorber of these factors.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if factors and weights differ in length.
    pub fn new(factors: &'a [Factor], weights: Option<&'a [f64]>) -> Result<Self, EstimateError> {
        let n = factors.first().map_or(0, |f| f.levels().len());
        for factor in factors {
            if factor.levels().len() != n {
                return Err(EstimateError::Shape {
                    what: factor.name().to_owned(),
                    expected: n,
                    found: factor.levels().len(),
                });
            }
        }
        if let Some(w) = weights
            && !factors.is_empty()
            && w.len() != n
        {
            return Err(EstimateError::Shape {
                what: "weights".into(),
                expected: n,
                found: w.len(),
            });
        }
        let method: Box<dyn Absorb + 'a> = match factors {
            [a, b] => Box::new(two_factors::TwoFactors::new(a, b, weights)),
            _ => Box::new(projections::Projections::new(factors, weights)),
        };
        Ok(Self {
            factors,
            weights,
            method,
        })
    }

    /// Replaces each column by its residual on the factors.
    ///
    /// # Errors
    /// [`EstimateError::NotConverged`] if both methods give up.
    pub fn absorb(&self, columns: &mut [Vec<f64>]) -> Result<Absorption, EstimateError> {
        if self.factors.is_empty() {
            return Ok(Absorption::default());
        }
        // Each column is worked on by one thread from start to end: threads change no bit.
        let outcomes: Vec<Outcome> = columns
            .par_iter_mut()
            .map(|c| self.method.absorb_one(c))
            .collect::<Result<_, _>>()?;
        let mut report = Absorption::default();
        let mut stalled = Vec::new();
        for (k, outcome) in outcomes.iter().enumerate() {
            match outcome {
                Outcome::Found(n) => report.iterations = report.iterations.max(*n),
                Outcome::Stalled => stalled.push(k),
            }
        }
        if !stalled.is_empty() {
            let (iterations, found) = schwarz::absorb(self.factors, self.weights, columns, &stalled)?;
            for (k, column) in stalled.iter().zip(found) {
                columns[*k] = column;
            }
            report.iterations = report.iterations.max(iterations);
            report.handed_over = stalled.len();
        }
        Ok(report)
    }

    /// Returns the number of free parameters of the fixed effects.
    ///
    /// Exact for one and two factors (the second loses one parameter per connected component of the graph of
    /// levels); for further factors one level each is counted as redundant, as the reference packages do.
    #[must_use]
    pub fn absorbed_df(&self) -> usize {
        match self.factors {
            [] => 0,
            [one] => one.n_levels(),
            [a, b, rest @ ..] => {
                let linked = a.n_levels() + b.n_levels() - components(a, b);
                linked + rest.iter().map(|f| f.n_levels() - 1).sum::<usize>()
            }
        }
    }
}

/// Returns the number of connected components of the bipartite graph of two factors' levels.
fn components(a: &Factor, b: &Factor) -> usize {
    let offset = a.n_levels();
    let mut parent: Vec<usize> = (0..offset + b.n_levels()).collect();
    fn root(parent: &mut [usize], mut x: usize) -> usize {
        while parent[x] != x {
            parent[x] = parent[parent[x]];
            x = parent[x];
        }
        x
    }
    let mut count = parent.len();
    for (&x, &y) in a.levels().iter().zip(b.levels()) {
        let (p, q) = (
            root(&mut parent, x as usize),
            root(&mut parent, offset + y as usize),
        );
        if p != q {
            parent[p.max(q)] = p.min(q);
            count -= 1;
        }
    }
    count
}
