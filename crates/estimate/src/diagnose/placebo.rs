//! A placebo in time: treatment is moved to the middle of the period before it really began.

use std::collections::BTreeMap;

use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::Estimated;
use crate::sample::DropReason;
use crate::spec::Spec;

/// Returns the panel of the placebo: onset in the middle of each cohort's pre-period, rows from the true onset
/// (less anticipation) on left out; where no unit is still to be treated, later periods are left out for all.
///
/// With m periods before the true onset the placebo starts in the one with index ⌊m/2⌋ (from 0).
///
/// # Errors
/// [`EstimateError::NoPrePeriod`] for a cohort with fewer than two periods before onset.
pub fn placebo_panel(panel: &Panel, anticipation: u32) -> Result<Panel, EstimateError> {
    let lead = i64::from(anticipation);
    let mut onset: BTreeMap<i64, i64> = BTreeMap::new();
    for &g in panel.cohorts() {
        let before: Vec<i64> = panel
            .periods()
            .iter()
            .copied()
            .filter(|&t| t < g - lead)
            .collect();
        match before.get(before.len() / 2) {
            Some(&middle) if before.len() >= 2 => onset.insert(g, middle),
            _ => {
                return Err(EstimateError::NoPrePeriod {
                    cohort: Some(g),
                    needed: 2,
                    found: before.len(),
                });
            }
        };
    }
    let Some(&last) = panel.cohorts().last() else {
        return Err(EstimateError::NoTreated { dropped: 0 });
    };
    let cut = panel.retain(DropReason::AfterOnset, |row| {
        let period = panel.periods()[panel.row_period()[row]];
        let end = panel.units()[panel.row_unit()[row]]
            .cohort
            .filter(|g| onset.contains_key(g))
            .unwrap_or(last);
        period < end - lead
    });
    let moved: Vec<Option<i64>> = panel
        .units()
        .iter()
        .map(|u| u.cohort.map(|g| onset.get(&g).copied().unwrap_or(g)))
        .collect();
    cut.with_cohorts(&moved)
}

/// Returns the estimate of `spec` at the placebo onset, where nothing happened.
///
/// # Errors
/// Those of [`placebo_panel`] and of the estimator.
///
/// # Example
/// With two periods before treatment the placebo starts in the second; all units change by 1 there.
/// ```
/// # use counterpart_estimate::{Columns, Panel, Spec, spec::Method};
/// let names = ["t1", "t2", "c1", "c2"].map(String::from);
/// let outcome = [[1.0, 2.0, 6.0], [2.0, 3.0, 6.0], [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]];
/// let outcome: Vec<Vec<Option<f64>>> = outcome.iter().map(|y| y.iter().copied().map(Some).collect()).collect();
/// let first_treated = [Some(3), Some(3), None, None];
/// let panel = Panel::build(Columns::from_rectangle(&names, &[1, 2, 3], &outcome, &first_treated, None, None))?;
/// # use counterpart_estimate::{diagnose::placebo::placebo_panel, sample::DropReason};
/// let placebo = placebo_panel(&panel, 0)?;
/// assert_eq!((placebo.cohorts(), placebo.n_rows()), (&[2][..], 8));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn placebo_in_time(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    crate::registry::estimate(&placebo_panel(panel, spec.anticipation)?, spec)
}
