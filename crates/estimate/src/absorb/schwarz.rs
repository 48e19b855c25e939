//! The `within` crate behind a function: preconditioned LSMR for badly connected graphs.

use within::{
    Design, Effect, LocalSolverConfig, LsmrOptions, PreconditionerConfig, ReductionStrategy, Solver,
};

use super::TOLERANCE;
use crate::error::EstimateError;
use crate::regression::Factor;

const MAX_ITERATIONS: usize = 2_000;

/// Returns the residuals of the chosen columns on the factors, and the most iterations that one of them needed.
///
/// # Errors
/// [`EstimateError::NotConverged`].
pub(super) fn absorb(
    factors: &[Factor],
    weights: Option<&[f64]>,
    columns: &[Vec<f64>],
    which: &[usize],
) -> Result<(usize, Vec<Vec<f64>>), EstimateError> {
    let refuse = |what: String, last_step: f64| EstimateError::NotConverged {
        what,
        iterations: MAX_ITERATIONS,
        last_step,
        tolerance: TOLERANCE,
        last: Vec::new(),
    };
    let outcomes: Vec<&[f64]> = which
        .iter()
        .filter_map(|&k| columns.get(k).map(Vec::as_slice))
        .collect();
    let solve = || {
        let effects = factors
            .iter()
            .map(|f| Effect::new(f.levels(), true, std::iter::empty::<&[f64]>()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| e.to_string())?;
        let design = Design::new(effects).map_err(|e| e.to_string())?;
        // Slow convergence is why we are here: the strong preconditioner from the start.
        let strong = PreconditionerConfig::Additive {
            local_solver: LocalSolverConfig::default(),
            reduction: ReductionStrategy::default(),
        };
        let solver = Solver::new(design, weights, strong).map_err(|e| e.to_string())?;
        let options = LsmrOptions {
            tol: TOLERANCE,
            maxiter: MAX_ITERATIONS,
            local_size: None,
        };
        solver.solve_batch(&outcomes, &options).map_err(|e| e.to_string())
    };
    // One thread inside: the crate promises equal bits only then.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .map_err(|e| {
            refuse(
                format!("the thread of the fixed effects solver: {e}"),
                f64::INFINITY,
            )
        })?;
    let solved = pool
        .install(solve)
        .map_err(|e| refuse(format!("absorbing fixed effects: {e}"), f64::INFINITY))?;
    if let Some(k) = solved.converged.iter().position(|c| !c) {
        let left = solved.residual.get(k).copied().unwrap_or(f64::INFINITY);
        return Err(refuse("absorbing fixed effects".into(), left));
    }
    let iterations = solved.iterations.iter().copied().max().unwrap_or(0);
    Ok((
        iterations,
        (0..which.len()).map(|k| solved.demeaned(k).to_vec()).collect(),
    ))
}
