//! Continuous dose × post.

use std::collections::BTreeSet;

use super::two_way::{TwoWay, effects_in_words, errors_in_words, infer_combinations, without_lone};
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::regression::Design;
use crate::regression::Fit;
use crate::result::{Estimated, MethodText, TidyRow, Warning};
use crate::spec::{Inference, Spec};

/// Returns the change of the outcome after onset per unit of dose, as one number and by event time.
///
/// Y_it = α_i + λ_t + δ · dose_it · 1{t ≥ g_i} + ε_it, and in a second regression
/// Y_it = α_i + λ_t + Σ_{k ≠ ref} δ_k · dose_i · 1{t − g_i = k} + ε_it with dose_i the mean of a unit's dose over its
/// rows after onset. Untreated units have dose 0; no unit need be untreated if doses differ.
///
/// # Shapes and units
/// First row `dose_x_post`, then one row per event time, the reference among them; outcome units per unit of
/// dose. The covariance is that of the rows by event time.
///
/// # Assumes
/// Strong parallel trends: units of every dose would have changed alike under every dose (Callaway,
/// Goodman-Bacon, Sant'Anna 2024); the effect is linear in the dose.
///
/// # Drops
/// As [`did`](super::two_by_two::did).
///
/// # Errors
/// [`EstimateError::Missing`] without a dose; [`EstimateError::Collinear`] if doses do not differ between units
/// in a way that the period effects leave.
pub fn dose(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let Some(dose) = panel.dose() else {
        return Err(EstimateError::Missing {
            what: "a dose".into(),
            hint: "name the column that holds it".into(),
        });
    };
    let mut two_way = TwoWay::new(panel, spec)?;
    const TERM: &str = "dose_x_post";
    let column = two_way
        .rows
        .iter()
        .map(|&r| if panel.is_treated_row(r) { dose[r] } else { 0.0 })
        .collect();
    let fit = two_way.fit(Design::new().with(TERM, column))?;
    let Some(slope) = fit.coefficient(TERM) else {
        return Err(EstimateError::Collinear {
            columns: vec![TERM.to_owned()],
        });
    };
    two_way.say_dropped(&fit);
    let mut rows = vec![TidyRow::new(TERM, slope)];
    let at = fit.names.iter().position(|n| n == TERM);
    let mut df = None;
    let analytic = spec.inference == Inference::Analytic;
    let vcov = if analytic { two_way.vcov(&fit, spec)? } else { None };
    if let Some(vcov) = &vcov {
        let cells = two_way.cells(&|k| spec.bins.map_or(k, |(first, last)| k.clamp(first, last)));
        let mut weights = vec![at.map(|j| vec![(j, 1.0)]).unwrap_or_default()];
        two_way
            .warnings
            .extend(without_lone(&two_way.lone(), spec, &rows, &mut weights, &cells));
        let (_, warning) = infer_combinations(&mut rows, &weights, vcov, spec)?;
        two_way.warnings.extend(warning);
        df = Some(vcov.df);
    }
    let mut covariance = None;
    match by_event_time(panel, spec, &two_way, dose)? {
        Some((mut points, at, fit)) => {
            if vcov.is_some()
                && let Some(vcov) = two_way.vcov(&fit, spec)?
            {
                let cells = two_way.cells(&|k| spec.bins.map_or(k, |(first, last)| k.clamp(first, last)));
                let mut weights: Vec<Vec<(usize, f64)>> = at
                    .iter()
                    .map(|j| j.map(|j| vec![(j, 1.0)]).unwrap_or_default())
                    .collect();
                let _ = without_lone(&two_way.lone(), spec, &points, &mut weights, &cells);
                let (mut own, warning) = infer_combinations(&mut points, &weights, &vcov, spec)?;
                two_way.warnings.extend(warning);
                own.rows.iter_mut().for_each(|r| *r += rows.len());
                covariance = Some(own);
            }
            rows.append(&mut points);
        }
        None => two_way.warnings.push(Warning::new(
            "no_event_study_of_dose",
            "effects of the dose by event time cannot be told apart from the fixed effects and are left out",
        )),
    }
    let text = MethodText {
        text: format!(
            "Dose × post: {} on {} from onset on with effects of {}; {}.",
            panel.names().outcome,
            panel.names().dose,
            effects_in_words(panel.names(), spec),
            errors_in_words(panel.names(), spec),
        ),
        citation: vec![
            "Callaway, B., Goodman-Bacon, A. and Sant'Anna, P. H. C. (2024). Difference-in-differences with a continuous treatment. NBER Working Paper 32117."
                .into(),
        ],
    };
    let warnings = std::mem::take(&mut two_way.warnings);
    let mut estimated = Estimated::new(spec, rows, two_way.ledger.finish(Vec::new()), text);
    estimated.covariance = covariance;
    estimated.warnings = warnings;
    estimated.df = df;
    Ok(estimated)
}

type Points = (Vec<TidyRow>, Vec<Option<usize>>, Fit);

/// Rows by event time with their coefficients; `None` if they are not identified.
fn by_event_time(
    panel: &Panel,
    spec: &Spec,
    two_way: &TwoWay<'_>,
    dose: &[f64],
) -> Result<Option<Points>, EstimateError> {
    let mut sums = vec![(0.0, 0.0); panel.n_units()];
    for &r in two_way.rows.iter().filter(|&&r| panel.is_treated_row(r)) {
        let unit = &mut sums[panel.row_unit()[r]];
        unit.0 += dose[r];
        unit.1 += 1.0;
    }
    let bin = |k: i64| spec.bins.map_or(k, |(first, last)| k.clamp(first, last));
    let reference = bin(spec.reference);
    let times: Vec<Option<i64>> = two_way
        .rows
        .iter()
        .map(|&r| panel.event_time(r).map(bin))
        .collect();
    let distinct: BTreeSet<i64> = times.iter().flatten().copied().collect();
    if !distinct.contains(&reference) {
        return Ok(None);
    }
    let name = |k: i64| format!("dose_x_event_time::{k}");
    let mut design = Design::new();
    for &k in distinct.iter().filter(|&&k| k != reference) {
        let value = |(t, &r): (&Option<i64>, &usize)| {
            let (sum, n) = sums[panel.row_unit()[r]];
            if *t == Some(k) && n > 0.0 { sum / n } else { 0.0 }
        };
        design.push(name(k), times.iter().zip(&two_way.rows).map(value).collect());
    }
    let fit = two_way.fit(design)?;
    let (mut rows, mut at) = (Vec::new(), Vec::new());
    for &k in &distinct {
        let position = fit.names.iter().position(|n| *n == name(k));
        if position.is_none() && k != reference {
            return Ok(None);
        }
        let mut row = TidyRow::new(name(k), position.map_or(0.0, |j| fit.coefficients[j])).at_event_time(k);
        row.is_reference = k == reference;
        rows.push(row);
        at.push(position);
    }
    Ok(Some((rows, at, fit)))
}
