//! Bootstrap variance: units drawn with replacement, weights found anew.

use rayon::prelude::*;

use super::{Block, Fitted, Known, fit, noise};
use crate::error::EstimateError;
use crate::rng::Stream;
use crate::spec::Spec;

/// Draws without a treated unit or without a donor before one that has both: past this many a replicate is given up.
const PATIENCE: u64 = 10_000;

/// Returns the standard deviation of the effect over bootstrap samples of units, scaled as in algorithm 2.
///
/// # Errors
/// [`EstimateError::NoSuchInference`] with one treated unit or one donor.
pub(super) fn std_error(
    block: &Block<'_>,
    own: &Fitted,
    post: &[usize],
    spec: &Spec,
) -> Result<f64, EstimateError> {
    let (n0, n1) = (block.n_donors(), block.treated.len());
    let refuse = |reason: String| EstimateError::NoSuchInference {
        inference: "bootstrap".into(),
        reason,
        instead: "placebo".into(),
    };
    if n1 < 2 {
        return Err(refuse(
            "one treated unit: every sample with it has the same one".to_owned(),
        ));
    }
    if spec.draws < 2 {
        return Err(refuse(format!("{} draw has no spread", spec.draws)));
    }
    let own_noise = noise(block, &(0..n0).collect::<Vec<usize>>());
    let known = Known {
        shared: None,
        omega: Some(&own.omega),
        noise: Some(own_noise),
    };
    let effects: Vec<f64> = (0..spec.draws as u64)
        .into_par_iter()
        .map(|replicate| {
            let order = sample(spec.seed, replicate, n0, n1)
                .ok_or_else(|| refuse("no sample has a treated unit and two donors".to_owned()))?;
            let donors = order.partition_point(|&unit| unit < n0);
            Ok(fit(block, &order, donors, post, spec.solver, known)?.effect)
        })
        .collect::<Result<_, EstimateError>>()?;
    let n = effects.len() as f64;
    let mean = effects.iter().sum::<f64>() / n;
    // Algorithm 2 divides by the number of draws.
    Ok((effects.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// A sample of units with replacement, ascending, that has a treated unit and two donors.
fn sample(seed: u64, replicate: u64, n0: usize, n1: usize) -> Option<Vec<usize>> {
    let mut draw = Stream::new(seed, replicate);
    for _ in 0..PATIENCE {
        let mut units: Vec<usize> = (0..n0 + n1).map(|_| draw.below(n0 + n1)).collect();
        units.sort_unstable();
        let donors = units.partition_point(|&unit| unit < n0);
        if donors >= 2 && donors < units.len() {
            return Some(units);
        }
    }
    None
}
