//! Interaction-weighted event study.

use std::collections::{BTreeMap, BTreeSet};

use super::two_way::{TwoWay, effects_in_words, errors_in_words, infer_combinations, without_lone};
use crate::error::EstimateError;
use crate::panel::{Names, Panel};
use crate::regression::Design;
use crate::result::{Estimated, MethodText, TidyRow, Warning};
use crate::sample::DropReason;
use crate::spec::{Aggregation, Spec};

/// Returns an event study that averages cohort-specific coefficients by the cohorts' shares.
///
/// Y_it = α_i + λ_t + Σ_g Σ_{k ≠ ref} δ_gk · 1{g_i = g}·1{t − g = k} + ε_it, then
/// β_k = Σ_g s_gk δ_gk with s_gk the share of cohort g among rows at event time k. Never-treated units are the
/// comparison; without any, the last cohort is, and rows from its onset on are left out.
///
/// # Shapes and units
/// Rows in the outcome's unit: `ATT` over treated rows, one row per event time, one per cell, as
/// [`Spec::aggregations`] asks (`simple`, `dynamic`, `group-time`; others are left out with a warning).
///
/// # Assumes
/// Parallel trends in every period, no anticipation beyond [`Spec::anticipation`]. Effects may differ by cohort.
///
/// # Drops
/// As [`did`](super::two_by_two::did); without never-treated units also rows from the last cohort's onset on.
///
/// # Errors
/// Those of [`did`](super::two_by_two::did).
///
/// # Source
/// Sun and Abraham (2021), Journal of Econometrics 225(2), definition 4. Shares are treated as known, as in
/// `fixest::sunab`; small-sample factors as in [`crate::variance`], t with G − 1 degrees of freedom.
///
/// # Example
/// From the period before to the one after, treated units change by 3.5 on average and the others by 1.5.
/// ```
/// # use counterpart_estimate::{Columns, Panel, Spec, spec::Method};
/// let names = ["t1", "t2", "c1", "c2"].map(String::from);
/// let outcome = [[1.0, 2.0, 6.0], [2.0, 3.0, 6.0], [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]];
/// let outcome: Vec<Vec<Option<f64>>> = outcome.iter().map(|y| y.iter().copied().map(Some).collect()).collect();
/// let first_treated = [Some(3), Some(3), None, None];
/// let panel = Panel::build(Columns::from_rectangle(&names, &[1, 2, 3], &outcome, &first_treated, None, None))?;
/// let estimated = counterpart_estimate::did::sun_abraham(&panel, &Spec::new(Method::SunAbraham))?;
/// assert!((estimated.rows()[0].estimate - 2.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sun_abraham(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    if panel.n_never_treated() == 0
        && let Some(&last) = panel.cohorts().last()
    {
        let cut = panel.retain(DropReason::NoComparison, |r| {
            panel.periods()[panel.row_period()[r]] < last
        });
        let cohorts: Vec<Option<i64>> = panel
            .units()
            .iter()
            .map(|u| u.cohort.filter(|&g| g != last))
            .collect();
        let mut estimated = run(&cut.with_cohorts(&cohorts)?, spec)?;
        estimated.warnings.push(last_cohort(last));
        return Ok(estimated);
    }
    run(panel, spec)
}

fn run(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let reference = -1 - i64::from(spec.anticipation);
    let (kept, without) = with_reference(panel, reference);
    let panel = kept.as_ref().unwrap_or(panel);
    let mut two_way = TwoWay::new(panel, spec)?;
    two_way.warnings.extend(without);
    two_way.check_comparison()?;
    let mut counts: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let cell_of: Vec<Option<(i64, i64)>> = two_way
        .rows
        .iter()
        .map(|&r| {
            let g = panel.units()[panel.row_unit()[r]].cohort?;
            Some((g, panel.periods()[panel.row_period()[r]] - g))
        })
        .collect();
    for cell in cell_of.iter().flatten() {
        *counts.entry(*cell).or_insert(0) += 1;
    }
    let name = |g: i64, k: i64| format!("cohort::{g}:event_time::{k}");
    let mut design = Design::new();
    for &(g, k) in counts.keys().filter(|c| c.1 != reference) {
        design.push(
            name(g, k),
            cell_of.iter().map(|c| f64::from(*c == Some((g, k)))).collect(),
        );
    }
    let fit = two_way.fit(design)?;
    let at: BTreeMap<(i64, i64), usize> = counts
        .keys()
        .filter_map(|&(g, k)| {
            fit.names
                .iter()
                .position(|n| *n == name(g, k))
                .map(|j| ((g, k), j))
        })
        .collect();
    let missing: Vec<String> = counts
        .keys()
        .filter(|c| c.1 != reference && !at.contains_key(c))
        .map(|&(g, k)| name(g, k))
        .collect();
    if !missing.is_empty() {
        return Err(EstimateError::Collinear { columns: missing });
    }
    let mut rows = Vec::new();
    let mut weights: Vec<Vec<(usize, f64)>> = Vec::new();
    let mean = |wanted: &dyn Fn(i64, i64) -> bool| -> Vec<(usize, f64)> {
        let own: Vec<((i64, i64), usize)> = at
            .iter()
            .filter(|(c, _)| wanted(c.0, c.1))
            .map(|(c, j)| (*c, *j))
            .collect();
        let total: usize = own.iter().filter_map(|(c, _)| counts.get(c)).sum();
        own.iter()
            .map(|(c, j)| (*j, counts[c] as f64 / total as f64))
            .collect()
    };
    for kind in &spec.aggregations {
        match kind {
            Aggregation::Simple => {
                rows.push(TidyRow::new("ATT", 0.0).in_aggregation(*kind));
                weights.push(mean(&|_, k| k >= 0));
            }
            Aggregation::Dynamic => {
                let mut times: Vec<i64> = counts.keys().map(|c| c.1).collect();
                times.sort_unstable();
                times.dedup();
                for k in times {
                    let mut row = TidyRow::new(format!("event_time::{k}"), 0.0)
                        .at_event_time(k)
                        .in_aggregation(*kind);
                    row.is_reference = k == reference;
                    rows.push(row);
                    weights.push(mean(&|_, e| e == k));
                }
            }
            Aggregation::GroupTime => {
                for &(g, k) in counts.keys() {
                    let mut row = TidyRow::new(format!("ATT({g},{})", g + k), 0.0).in_aggregation(*kind);
                    row.group = Some(g);
                    row.time = Some(g + k);
                    row.event_time = Some(k);
                    row.is_reference = k == reference;
                    rows.push(row);
                    weights.push(mean(&|h, e| h == g && e == k));
                }
            }
            _ => {}
        }
    }
    for (row, w) in rows.iter_mut().zip(&weights) {
        row.estimate = w.iter().map(|&(j, s)| s * fit.coefficients[j]).sum();
    }
    two_way.say_dropped(&fit);
    let mut covariance = None;
    let mut df = None;
    if let Some(vcov) = two_way.vcov(&fit, spec)? {
        let cells = two_way.cells(&|k| k);
        let lone = without_lone(&two_way.lone(), spec, &rows, &mut weights, &cells);
        two_way.warnings.extend(lone);
        let (all, warning) = infer_combinations(&mut rows, &weights, &vcov, spec)?;
        covariance = Some(all);
        two_way.warnings.extend(warning);
        df = Some(vcov.df);
    }
    let text = method_text(panel.names(), spec, reference);
    let warnings = std::mem::take(&mut two_way.warnings);
    let mut estimated = Estimated::new(spec, rows, two_way.ledger.finish(Vec::new()), text);
    estimated.covariance = covariance;
    estimated.warnings = warnings;
    estimated.df = df;
    Ok(estimated)
}

/// Leaves out cohorts that are never seen at the reference: nothing could be measured from it.
fn with_reference(panel: &Panel, reference: i64) -> (Option<Panel>, Option<Warning>) {
    let first = panel.first_period();
    let seen: BTreeSet<i64> = (0..panel.n_rows())
        .filter(|&r| panel.event_time(r) == Some(reference))
        .filter_map(|r| panel.units()[panel.row_unit()[r]].cohort)
        .collect();
    let without: Vec<i64> = panel
        .cohorts()
        .iter()
        .copied()
        .filter(|g| *g > first && !seen.contains(g))
        .collect();
    // Where no cohort has one, what is missing is better said by the regression.
    if without.is_empty() || seen.is_empty() {
        return (None, None);
    }
    let part = panel.retain(DropReason::NoPrePeriod, |r| {
        panel.units()[panel.row_unit()[r]]
            .cohort
            .is_none_or(|g| !without.contains(&g))
    });
    let warning = no_reference(&without, reference);
    (Some(part), Some(warning))
}

/// Says which cohorts are never seen at the reference.
pub(crate) fn no_reference(without: &[i64], reference: i64) -> Warning {
    let names: Vec<String> = without.iter().map(ToString::to_string).collect();
    let message = format!(
        "not seen at event time {reference}, from which effects are measured, and left out: {} {}",
        if names.len() == 1 { "cohort" } else { "cohorts" },
        names.join(", ")
    );
    Warning::new("no_pre_period", message)
}

pub(crate) fn method_text(names: &Names, spec: &Spec, reference: i64) -> MethodText {
    MethodText {
        text: format!(
            "Interaction-weighted event study of {}: coefficients by cohort and event time with effects of {}, averaged by cohort shares; reference {reference}; {}.",
            names.outcome,
            effects_in_words(names, spec),
            errors_in_words(names, spec),
        ),
        citation: vec![
            "Sun, L. and Abraham, S. (2021). Estimating dynamic treatment effects in event studies with heterogeneous treatment effects. Journal of Econometrics 225(2), 175–199."
                .into(),
        ],
    }
}

/// Says that the last cohort is the comparison.
pub(crate) fn last_cohort(last: i64) -> Warning {
    Warning::new(
        "last_cohort_as_control",
        format!(
            "no unit stays untreated: the cohort of {last} is the comparison, and rows from {last} on are left out"
        ),
    )
}
