//! Group-time average effects and their averages.

use std::collections::BTreeMap;

use super::aggregate::{Average, GroupTime, averages};
use super::cells::{Cells, settle};
use super::covariates::{CellData, CellEffect, effect};
use super::lone::{Lone, Taken};
use crate::distribution::{infer_rows, without_variance};
use crate::error::EstimateError;
use crate::panel::{Names, Panel};
use crate::regression::collinearity::{DENSE_TOLERANCE, qr};
use crate::resample::bands::add_bands;
use crate::result::{Covariance, Diagnostic, Estimated, Influence, MethodText, Status, TidyRow, Warning};
use crate::sample::Cell;
use crate::spec::{Aggregation, Control, Inference, PanelUse, Spec};

/// Returns group-time average treatment effects and the averages the specification asks for.
///
/// ATT(g, t) = E[Y_t − Y_b | G = g] − E[Y_t − Y_b | comparison], b the base period (eq. 1); with covariates the
/// second mean is that of comparison units made alike by regression, weighting or both (eqs. 2–4 of the page).
///
/// # Shapes and units
/// Rows in the outcome's unit: the averages in the order of [`Spec::aggregations`], each with its overall `ATT`
/// first, and one row per cell for `group-time`. Reference cells hold 0 and no standard error. The covariance
/// covers every row with a standard error; influence functions have one value per unit and such row.
///
/// # Assumes
/// Parallel trends between the cohort and its comparison (given covariates), no anticipation beyond
/// [`Spec::anticipation`], overlap.
///
/// # Drops
/// Units treated from the first period on, cohorts without a period before treatment, units that no cell uses.
/// With `pairs` a cell uses the units seen in both of its periods.
///
/// # Errors
/// [`EstimateError::NoControls`], [`EstimateError::NoTreated`], [`EstimateError::NoCells`],
/// [`EstimateError::NoOverlap`], [`EstimateError::ZeroVariance`].
///
/// # Source
/// Callaway and Sant'Anna (2021), Journal of Econometrics 225(2), eqs. (2.2)–(2.8), theorem 2 and section 4;
/// covariates as in R `DRDID`. Standard errors are √(Σψ²)/n without a small-sample factor, as in R `did`.
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
/// let estimated = counterpart_estimate::did::callaway_santanna(&panel, &Spec::new(Method::CallawaySantanna))?;
/// assert!((estimated.rows()[0].estimate - 2.0).abs() < 1e-12);
/// assert_eq!(estimated.sample().cells()[2].treated.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn callaway_santanna(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    spec.check()?;
    let settled = settle(panel, spec)?;
    let Effects { cells, columns } = effects(panel, spec, &settled)?;
    let mass = masses(panel, spec, &settled);
    let size = |g: i64| -> f64 {
        settled
            .units
            .iter()
            .filter(|&&u| panel.units()[u].cohort == Some(g))
            .map(|&u| mass[u])
            .sum()
    };
    let mut rows = Vec::new();
    let mut psi: Vec<Option<Vec<f64>>> = Vec::new();
    for kind in &spec.aggregations {
        if *kind == Aggregation::GroupTime {
            for (cell, column) in cells.iter().zip(&columns) {
                let mut row = TidyRow::new(format!("ATT({},{})", cell.cohort, cell.period), cell.effect)
                    .in_aggregation(Aggregation::GroupTime)
                    .at_event_time(cell.period - cell.cohort);
                row.group = Some(cell.cohort);
                row.time = Some(cell.period);
                row.is_reference = cell.is_reference;
                rows.push(row);
                psi.push((!cell.is_reference).then(|| column.clone()));
            }
            continue;
        }
        for average in averages(*kind, &cells, &size) {
            psi.push(
                (!average.row.is_reference).then(|| influence_of(&average, panel, &settled, &mass, &columns)),
            );
            rows.push(average.row);
        }
    }
    let kept = settled
        .units
        .iter()
        .map(|&u| (panel.units()[u].cohort, panel.units()[u].cluster));
    let pairs: Vec<(i64, i64)> = cells.iter().map(|c| (c.cohort, c.period)).collect();
    let others = spec.control == Control::NotYet;
    let (none, lone) = Lone::new(kept, &panel.names().cluster).rows(&rows, &pairs, Taken::Apart, others);
    psi.iter_mut()
        .zip(&none)
        .filter(|(_, none)| **none)
        .for_each(|(psi, _)| *psi = None);
    let (covariance, influence, no_variance) = infer_all(panel, spec, &settled, &mut rows, &psi)?;
    let text = method_text(panel.names(), spec);
    let mut warnings = settled.warnings;
    warnings.extend(no_variance);
    warnings.extend(lone);
    warnings.extend(extrapolated(panel, spec, &settled.cells)?);
    let mut diagnostics = Vec::new();
    if !panel.is_balanced() && spec.panel_use == PanelUse::Pairs {
        compare_uses(panel, spec, &rows, &mut warnings, &mut diagnostics);
    }
    let mut estimated = Estimated::new(spec, rows, settled.ledger.finish(settled.cells), text);
    estimated.covariance = Some(covariance);
    estimated.influence = Some(influence);
    estimated.warnings = warnings;
    estimated.diagnostics = diagnostics;
    Ok(estimated)
}

struct Effects {
    cells: Vec<GroupTime>,
    /// Influence by cell and unit of the panel, for n = number of kept units.
    columns: Vec<Vec<f64>>,
}

/// How much each unit counts in the size of its cohort: its weight, the mean over its rows for cross-sections, where
/// no row of a unit is the first of a pair.
fn masses(panel: &Panel, spec: &Spec, settled: &Cells<'_>) -> Vec<f64> {
    (0..panel.n_units())
        .map(|u| {
            let mut kept = panel.unit_rows(u).filter(|&r| settled.ledger.is_kept(r));
            let weight = |r: usize| panel.weights().map_or(1.0, |w| w[r]);
            if spec.panel_use == PanelUse::CrossSection {
                let (sum, n) = kept.fold((0.0, 0_u32), |(sum, n), r| (sum + weight(r), n + 1));
                sum / f64::from(n.max(1))
            } else {
                kept.next().map_or(0.0, weight)
            }
        })
        .collect()
}

fn effects(panel: &Panel, spec: &Spec, settled: &Cells<'_>) -> Result<Effects, EstimateError> {
    let n = settled.units.len() as f64;
    let mut cells = Vec::with_capacity(settled.cells.len());
    let mut columns = Vec::with_capacity(settled.cells.len());
    for (cell, plan) in settled.cells.iter().zip(&settled.plans) {
        let mut column = vec![0.0; panel.n_units()];
        let mut value = 0.0;
        if !plan.is_reference() {
            if spec.panel_use == PanelUse::CrossSection {
                if !spec.covariates.is_empty() {
                    return Err(EstimateError::NoSuchInference {
                        inference: "cross-section".into(),
                        reason: "covariates with repeated cross-sections are not offered".into(),
                        instead: "`--panel pairs`".into(),
                    });
                }
                value = cross_section(panel, settled, cell, (plan.period, plan.base), n, &mut column);
            } else {
                let found = pairs(panel, spec, cell, (plan.period, plan.base))?;
                value = found.effect;
                let stretch = n / (cell.treated.len() + cell.control.len()) as f64;
                for (&u, psi) in cell.treated.iter().chain(&cell.control).zip(&found.influence) {
                    column[u] = psi * stretch;
                }
            }
        }
        cells.push(GroupTime {
            cohort: cell.cohort,
            period: cell.period,
            effect: value,
            is_reference: plan.is_reference(),
        });
        columns.push(column);
    }
    Ok(Effects { cells, columns })
}

/// Says where covariates of treated units lie beyond those of the comparison, so that a regression extrapolates.
fn extrapolated(panel: &Panel, spec: &Spec, cells: &[Cell]) -> Result<Option<Warning>, EstimateError> {
    let mut most: BTreeMap<(i64, &str), (usize, usize)> = BTreeMap::new();
    for name in &spec.covariates {
        let values = panel.covariate(name)?;
        for cell in cells.iter().filter(|cell| cell.period != cell.base_period) {
            let Some(early) = panel.period_index(cell.period.min(cell.base_period)) else {
                continue;
            };
            let value = |u: &usize| panel.row_of(*u, early).and_then(|r| values[r]);
            let (low, high) = cell
                .control
                .iter()
                .filter_map(value)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                    (low.min(x), high.max(x))
                });
            let beyond = cell
                .treated
                .iter()
                .filter_map(value)
                .filter(|x| *x < low || *x > high)
                .count();
            let entry = most.entry((cell.cohort, name)).or_default();
            *entry = (*entry).max((beyond, cell.treated.len()));
        }
    }
    let said: Vec<String> = most
        .iter()
        .filter(|(_, (beyond, _))| *beyond > 0)
        .map(|((cohort, name), (beyond, all))| format!("cohort {cohort}: {beyond} of {all} by {name}"))
        .collect();
    Ok((!said.is_empty()).then(|| {
        Warning::new(
            "extrapolated",
            format!(
                "treated units beyond the range of the comparison units, where the regression extrapolates: {}",
                said.join("; ")
            ),
        )
    }))
}

/// A cell from units seen in both periods; influence in the order treated, then comparison.
fn pairs(panel: &Panel, spec: &Spec, cell: &Cell, at: (usize, usize)) -> Result<CellEffect, EstimateError> {
    let units: Vec<usize> = cell.treated.iter().chain(&cell.control).copied().collect();
    let n_treated = cell.treated.len();
    let mut change = Vec::with_capacity(units.len());
    let mut weight = Vec::with_capacity(units.len());
    let mut x: Vec<Vec<f64>> = vec![vec![1.0; units.len()]];
    x.extend(spec.covariates.iter().map(|_| Vec::with_capacity(units.len())));
    let covariates = spec
        .covariates
        .iter()
        .map(|name| panel.covariate(name))
        .collect::<Result<Vec<_>, _>>()?;
    for &u in &units {
        let (Some(now), Some(base)) = (panel.row_of(u, at.0), panel.row_of(u, at.1)) else {
            return Err(EstimateError::NotFinite {
                what: format!("the change of unit {}", panel.units()[u].id),
            });
        };
        change.push(panel.outcome()[now] - panel.outcome()[base]);
        // Weights and covariates of the earlier period, before the treatment can have moved them.
        let early = now.min(base);
        weight.push(panel.weights().map_or(1.0, |w| w[early]));
        for (column, values) in x[1..].iter_mut().zip(&covariates) {
            column.push(values[early].unwrap_or(0.0));
        }
    }
    if spec.covariates.is_empty() {
        return Ok(difference(&change, &weight, n_treated));
    }
    let dropped = qr(&x, &[], DENSE_TOLERANCE).dropped;
    if !dropped.is_empty() {
        // Column 0 is the constant: a covariate that never varies is explained by it.
        let names = dropped
            .iter()
            .filter_map(|&j| spec.covariates.get(j.wrapping_sub(1)).cloned());
        return Err(EstimateError::Collinear {
            columns: names.collect(),
        });
    }
    let treated: Vec<bool> = (0..units.len()).map(|i| i < n_treated).collect();
    effect(
        &CellData {
            change: &change,
            treated: &treated,
            weight: &weight,
            x: &x,
            cohort: cell.cohort,
            period: cell.period,
        },
        spec.covariate_method,
    )
}

/// Difference of two weighted means of changes.
fn difference(change: &[f64], weight: &[f64], n_treated: usize) -> CellEffect {
    let n = change.len() as f64;
    let side = |from: usize, to: usize| -> (f64, f64) {
        let total: f64 = weight[from..to].iter().sum();
        // Shifted by the first change, so that a large common level loses no digits.
        let shift = change[from];
        let sum: f64 = change[from..to]
            .iter()
            .zip(&weight[from..to])
            .map(|(c, w)| (c - shift) * w)
            .sum();
        (shift + sum / total, total)
    };
    let (treated, w_treated) = side(0, n_treated);
    let (control, w_control) = side(n_treated, change.len());
    let influence = change
        .iter()
        .zip(weight)
        .enumerate()
        .map(|(i, (c, w))| {
            if i < n_treated {
                n * w * (c - treated) / w_treated
            } else {
                -n * w * (c - control) / w_control
            }
        })
        .collect();
    CellEffect {
        effect: treated - control,
        influence,
    }
}

/// A cell from four means of levels; fills the influence of each unit.
fn cross_section(
    panel: &Panel,
    settled: &Cells<'_>,
    cell: &Cell,
    at: (usize, usize),
    n: f64,
    column: &mut [f64],
) -> f64 {
    let mut value = 0.0;
    for (side, sign) in [(&cell.treated, 1.0), (&cell.control, -1.0)] {
        for (period, turn) in [(at.0, 1.0), (at.1, -1.0)] {
            let rows: Vec<(usize, f64, f64)> = side
                .iter()
                .filter_map(|&u| {
                    let r = panel.row_of(u, period).filter(|&r| settled.ledger.is_kept(r))?;
                    Some((u, panel.outcome()[r], panel.weights().map_or(1.0, |w| w[r])))
                })
                .collect();
            let total: f64 = rows.iter().map(|r| r.2).sum();
            let shift = rows.first().map_or(0.0, |r| r.1);
            let mean = shift + rows.iter().map(|r| (r.1 - shift) * r.2).sum::<f64>() / total;
            value += sign * turn * mean;
            for (u, y, w) in rows {
                column[u] += sign * turn * n * w * (y - mean) / total;
            }
        }
    }
    value
}

fn influence_of(
    average: &Average,
    panel: &Panel,
    settled: &Cells<'_>,
    mass: &[f64],
    columns: &[Vec<f64>],
) -> Vec<f64> {
    let n = settled.units.len() as f64;
    let mut psi = vec![0.0; panel.n_units()];
    for &(k, w) in &average.weights {
        psi.iter_mut().zip(&columns[k]).for_each(|(p, c)| *p += w * c);
    }
    for (g, slope) in average.size_gradient() {
        for &u in settled
            .units
            .iter()
            .filter(|&&u| panel.units()[u].cohort == Some(g))
        {
            psi[u] += mass[u] * slope * n;
        }
    }
    psi
}

fn infer_all(
    panel: &Panel,
    spec: &Spec,
    settled: &Cells<'_>,
    rows: &mut [TidyRow],
    psi: &[Option<Vec<f64>>],
) -> Result<(Covariance, Influence, Option<Warning>), EstimateError> {
    let n = settled.units.len() as f64;
    let which: Vec<usize> = (0..rows.len()).filter(|&i| psi[i].is_some()).collect();
    let k = which.len();
    let columns: Vec<&Vec<f64>> = psi.iter().flatten().collect();
    // Scores by cluster; with units as clusters these are the influence functions themselves.
    let mut of_cluster: Vec<Option<usize>> = vec![None; panel.clusters().len()];
    let mut scores: Vec<Vec<f64>> = Vec::new();
    for &u in &settled.units {
        let slot = &mut of_cluster[panel.units()[u].cluster];
        let at = *slot.get_or_insert_with(|| {
            scores.push(vec![0.0; k]);
            scores.len() - 1
        });
        scores[at]
            .iter_mut()
            .zip(&columns)
            .for_each(|(s, c)| *s += c[u] / n);
    }
    if scores.len() < 2 {
        return Err(EstimateError::TooFewClusters {
            level: panel.names().cluster.clone(),
            found: scores.len(),
            needed: 2,
            hint: "one cluster has no variance between clusters".into(),
        });
    }
    let mut values = vec![0.0; k * k];
    for score in &scores {
        for i in 0..k {
            for j in 0..=i {
                values[i * k + j] += score[i] * score[j];
            }
        }
    }
    for i in 0..k {
        for j in i + 1..k {
            values[i * k + j] = values[j * k + i];
        }
    }
    let scale = panel.outcome().iter().fold(0.0_f64, |m, y| m.max(y.abs()));
    let (covariance, good) = infer_rows(rows, &which, &values, &vec![1e-15 * scale; k], None, spec.level)?;
    let own: Vec<Vec<f64>> = scores
        .iter()
        .map(|s| good.iter().map(|&p| s[p]).collect())
        .collect();
    add_bands(
        spec,
        rows,
        &covariance,
        None,
        (spec.inference == Inference::Multiplier).then_some(own.as_slice()),
    );
    let influence = Influence {
        units: settled.units.clone(),
        rows: covariance.rows.clone(),
        values: settled
            .units
            .iter()
            .flat_map(|&u| good.iter().map(|&p| columns[p][u]).collect::<Vec<f64>>())
            .collect(),
    };
    let warning = without_variance(rows, &which, &covariance);
    Ok((covariance, influence, warning))
}

/// Runs the other uses of an incomplete panel and says where they differ.
fn compare_uses(
    panel: &Panel,
    spec: &Spec,
    rows: &[TidyRow],
    warnings: &mut Vec<Warning>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let simple = |rows: &[TidyRow]| rows.iter().find(|r| r.term == "ATT").map(|r| r.estimate);
    let Some(own) = simple(rows) else { return };
    let mut others = Vec::new();
    for other in [PanelUse::Balanced, PanelUse::CrossSection] {
        let mut spec = spec.clone();
        spec.panel_use = other;
        spec.inference = Inference::Analytic;
        others.push((
            other,
            callaway_santanna(panel, &spec).map(|result| simple(result.rows())),
        ));
    }
    unbalanced(own, others, warnings, diagnostics);
}

/// Says what the uses of an incomplete panel come to.
pub(crate) fn unbalanced(
    own: f64,
    others: Vec<(PanelUse, Result<Option<f64>, EstimateError>)>,
    warnings: &mut Vec<Warning>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut said = vec![format!("pairs {own:.6}")];
    for (other, found) in others {
        let name = format!("panel_{}", other.name().replace('-', "_"));
        match found {
            Ok(value) => {
                said.extend(value.map(|v| format!("{other} {v:.6}")));
                let status = Status::Holds;
                diagnostics.push(Diagnostic {
                    name,
                    value,
                    p_value: None,
                    status,
                    reason: None,
                });
            }
            Err(error) => {
                let reason = error.to_string().lines().next().map(str::to_owned);
                said.push(format!("{other} not available"));
                diagnostics.push(Diagnostic {
                    name,
                    value: None,
                    p_value: None,
                    status: Status::NotComputed,
                    reason,
                });
            }
        }
    }
    warnings.push(Warning::new(
        "unbalanced",
        format!(
            "rows are missing from the panel; the estimate by its three uses: {}",
            said.join(", ")
        ),
    ));
}

pub(crate) fn method_text(names: &Names, spec: &Spec) -> MethodText {
    let covariates = if spec.covariates.is_empty() {
        String::new()
    } else {
        format!(
            " given {} ({})",
            spec.covariates.join(", "),
            spec.covariate_method
        )
    };
    let mut citation = vec![
        "Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time periods. Journal of Econometrics 225(2), 200–230."
            .to_owned(),
    ];
    if !spec.covariates.is_empty() {
        citation.push(
            "Sant'Anna, P. H. C. and Zhao, J. (2020). Doubly robust difference-in-differences estimators. Journal of Econometrics 219(1), 101–122."
                .to_owned(),
        );
    }
    let comparison = match spec.control {
        crate::spec::Control::Never => "never-treated units",
        crate::spec::Control::NotYet => "units not treated yet",
    };
    MethodText {
        text: format!(
            "Group-time average effects on {} against {comparison}{covariates}, {} base period; standard errors from influence functions, by {}.",
            names.outcome, spec.base_period, names.cluster
        ),
        citation,
    }
}
