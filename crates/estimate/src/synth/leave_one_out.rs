//! The estimate without each unit that carries weight.

use rayon::prelude::*;

use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::{Estimate, PlaceboRow};
use crate::sample::DropReason;
use crate::spec::{Method, Spec};

/// Returns the estimate of `spec` without each comparison unit in turn.
///
/// For synthetic methods only donors with weight are left out, because the others change nothing; for the other
/// methods every comparison unit is.
///
/// # Shapes and units
/// One row per unit left out, its name and the estimate without it, in the order of the units.
///
/// # Errors
/// Those of the estimator on the whole panel or on one without a unit.
pub fn leave_one_out(panel: &Panel, spec: &Spec) -> Result<Vec<PlaceboRow>, EstimateError> {
    let whole = crate::registry::estimate(panel, spec)?;
    let synthetic = matches!(spec.method, Method::SyntheticControl | Method::SyntheticDid);
    let with_weight: Vec<&str> = whole.weights().iter().filter_map(|w| w.unit.as_deref()).collect();
    let candidates: Vec<usize> = whole
        .sample()
        .control_units()
        .iter()
        .copied()
        .filter(|&u| !synthetic || with_weight.contains(&panel.units()[u].id.as_str()))
        .collect();
    candidates
        .par_iter()
        .map(|&unit| {
            let part = panel.retain(DropReason::LeftOut, |r| panel.row_unit()[r] != unit);
            let estimated = crate::registry::estimate(&part, spec)?;
            let estimate = estimated.headline().map_or(0.0, |r| r.estimate);
            Ok(PlaceboRow {
                unit: panel.units()[unit].id.clone(),
                estimate,
                rmspe_pre: None,
                rmspe_post: None,
                ratio: None,
            })
        })
        .collect()
}
