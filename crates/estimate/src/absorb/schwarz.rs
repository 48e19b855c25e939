//! The `within` crate behind the trait: preconditioned LSMR for badly connected graphs.

use within::{Design, Effect, LsmrOptions, Solver};

use super::{Absorb, Outcome, TOLERANCE};
use crate::error::EstimateError;
use crate::regression::Factor;

pub(super) struct Schwarz<'a> {
    factors: &'a [Factor],
    weights: Option<&'a [f64]>,
}

impl<'a> Schwarz<'a> {
    pub(super) fn new(factors: &'a [Factor], weights: Option<&'a [f64]>) -> Self {
        Self { factors, weights }
    }
}

const MAX_ITERATIONS: usize = 2_000;

impl Absorb for Schwarz<'_> {
    fn absorb_one(&self, column: &mut Vec<f64>) -> Result<Outcome, EstimateError> {
        let refuse = |what: String| EstimateError::NotConverged {
            what,
            iterations: MAX_ITERATIONS,
            last_step: f64::INFINITY,
            tolerance: TOLERANCE,
            last: Vec::new(),
        };
        let solve = || {
            let effects = self
                .factors
                .iter()
                .map(|f| Effect::new(f.levels(), true, std::iter::empty::<&[f64]>()))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|e| e.to_string())?;
            let design = Design::new(effects).map_err(|e| e.to_string())?;
            let solver = Solver::new(design, self.weights, within::PreconditionerInput::Default)
                .map_err(|e| e.to_string())?;
            let options = LsmrOptions {
                tol: TOLERANCE,
                maxiter: MAX_ITERATIONS,
                local_size: None,
            };
            solver.solve(column, &options).map_err(|e| e.to_string())
        };
        // One thread inside: the crate promises equal bits only then.
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .map_err(|e| refuse(format!("the thread of the fixed effects solver: {e}")))?;
        let solved = pool
            .install(solve)
            .map_err(|e| refuse(format!("absorbing fixed effects: {e}")))?;
        if !solved.converged {
            return Err(EstimateError::NotConverged {
                what: "absorbing fixed effects".into(),
                iterations: solved.iterations,
                last_step: solved.residual,
                tolerance: TOLERANCE,
                last: solved.x,
            });
        }
        let iterations = solved.iterations;
        *column = solved.demeaned;
        Ok(Outcome::Found(iterations))
    }
}
