//! Two-way fixed effects with one dummy per event time.

use std::collections::BTreeMap;

use super::two_way::{TwoWay, effects_in_words, errors_in_words, infer_combinations, without_lone};
use crate::error::EstimateError;
use crate::panel::{Names, Panel};
use crate::regression::Design;
use crate::result::{Estimated, MethodText, TidyRow, Warning};
use crate::spec::{Aggregation, Inference, Spec};

/// Returns one coefficient per event time, measured from the reference period.
///
/// Y_it = α_i + λ_t + Σ_{k ≠ ref} β_k · 1{t − g_i = k} + ε_it. Never-treated units carry the reference. With
/// [`Spec::bins`], event times beyond the ends are pooled into the end bins.
///
/// # Shapes and units
/// The first row is `ATT`, the mean of β_k over treated rows at or after onset (aggregation `simple`); then one
/// row per event time, ascending, the reference among them with estimate 0 and no standard error.
///
/// # Assumes
/// Parallel trends, no anticipation before the reference, effects equal over cohorts.
///
/// # Drops
/// As [`did`](super::two_by_two::did).
///
/// # Errors
/// Those of [`did`](super::two_by_two::did); [`EstimateError::Collinear`] also if there is no never-treated unit,
/// because then a linear path of the β_k cannot be told from the fixed effects; [`EstimateError::Missing`] if no
/// row carries the reference event time.
///
/// # Source
/// Borusyak, Jaravel, Spiess (2024), Review of Economic Studies 91(6), section 3.2, for the under-identification;
/// Sun and Abraham (2021), Journal of Econometrics 225(2), for what β_k averages under several onsets.
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
/// let estimated = counterpart_estimate::did::event_study(&panel, &Spec::event_study())?;
/// let points: Vec<(i64, f64)> = estimated.points().iter().map(|p| (p.event_time.unwrap(), p.estimate)).collect();
/// assert_eq!(points.iter().map(|p| p.0).collect::<Vec<_>>(), vec![-2, -1, 0]);
/// assert!((points[2].1 - 2.0).abs() < 1e-12 && points[0].1.abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn event_study(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let mut two_way = TwoWay::new(panel, spec)?;
    two_way.check_comparison()?;
    let bin = |k: i64| spec.bins.map_or(k, |(first, last)| k.clamp(first, last));
    let reference = bin(spec.reference);
    let times: Vec<Option<i64>> = two_way
        .rows
        .iter()
        .map(|&r| panel.event_time(r).map(bin))
        .collect();
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for k in times.iter().flatten() {
        *counts.entry(*k).or_insert(0) += 1;
    }
    if !counts.contains_key(&reference) {
        return Err(EstimateError::Missing {
            what: format!("a row at event time {reference}"),
            hint: format!(
                "choose a reference among {}",
                counts
                    .keys()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        });
    }
    let name = |k: i64| format!("event_time::{k}");
    let mut design = Design::new();
    for &k in counts.keys().filter(|&&k| k != reference) {
        design.push(name(k), times.iter().map(|t| f64::from(*t == Some(k))).collect());
    }
    let fit = two_way.fit(design)?;
    let missing: Vec<String> = counts
        .keys()
        .filter(|&&k| k != reference && fit.coefficient(&name(k)).is_none())
        .map(|&k| name(k))
        .collect();
    if !missing.is_empty() {
        return Err(EstimateError::Collinear { columns: missing });
    }
    two_way.warnings.extend(staggered(panel.cohorts().len()));
    two_way.say_dropped(&fit);
    let mut rows = vec![TidyRow::new("ATT", 0.0).in_aggregation(Aggregation::Simple)];
    let mut at: Vec<Option<usize>> = vec![None];
    for &k in counts.keys() {
        let position = fit.names.iter().position(|n| *n == name(k));
        let mut row = TidyRow::new(name(k), position.map_or(0.0, |j| fit.coefficients[j])).at_event_time(k);
        row.is_reference = k == reference;
        rows.push(row);
        at.push(position);
    }
    let post: Vec<(usize, f64)> = counts
        .iter()
        .filter(|&(&k, _)| k >= 0 && k != reference)
        .filter_map(|(&k, &n)| {
            fit.names
                .iter()
                .position(|x| *x == name(k))
                .map(|j| (j, n as f64))
        })
        .collect();
    let total: f64 = post.iter().map(|(_, n)| n).sum();
    rows[0].estimate = post.iter().map(|&(j, n)| fit.coefficients[j] * n / total).sum();
    let mut covariance = None;
    let mut df = None;
    if spec.inference == Inference::Analytic
        && let Some(vcov) = two_way.vcov(&fit, spec)?
    {
        let mut weights: Vec<Vec<(usize, f64)>> = at
            .iter()
            .map(|j| j.map(|j| vec![(j, 1.0)]).unwrap_or_default())
            .collect();
        weights[0] = post.iter().map(|&(j, n)| (j, n / total)).collect();
        let lone = without_lone(&two_way.lone(), spec, &rows, &mut weights, &two_way.cells(&bin));
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

pub(crate) fn method_text(names: &Names, spec: &Spec, reference: i64) -> MethodText {
    MethodText {
        text: format!(
            "Event study: {} on one dummy per period since first treatment with effects of {}; reference {reference}; {}. All coefficients, before and after onset, are measured from the reference period.",
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

/// Says what several onsets do to the estimate.
pub(crate) fn staggered(n_onsets: usize) -> Option<Warning> {
    (n_onsets > 1).then(|| {
        Warning::new(
            "staggered",
            format!(
                "{n_onsets} onsets: each coefficient mixes effects of other event times; see sun-abraham"
            ),
        )
    })
}
