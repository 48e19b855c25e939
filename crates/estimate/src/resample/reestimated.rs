//! Randomisation inference of any estimator: it is run again under every assignment that could have been.

use rayon::prelude::*;

use super::randomisation::{Assignments, EXHAUSTIVE_UP_TO};
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::{Diagnostic, Estimated, Status, TidyRow};
use crate::spec::{Inference, Method, Spec};

/// Returns an estimate with p-values from re-assigned treatment, one a row.
///
/// Cohorts (and doses) of the assignment units are permuted among them and `run` is called on each panel. The p-value
/// of a row is the share of assignments under which the row of the same name is at least as far from zero, the true
/// one counted; an assignment that leaves a row out says nothing about it. Standard errors and intervals are not
/// given: they would come from another idea of chance.
///
/// # Errors
/// [`EstimateError::TreatmentVariesWithinAssignment`], [`EstimateError::NoControls`], those of `run` on the true
/// panel.
///
/// # Source
/// Fisher (1935), The Design of Experiments; Young (2019), Quarterly Journal of Economics 134(2).
pub fn randomised(
    panel: &Panel,
    spec: &Spec,
    run: impl Fn(&Panel, &Spec) -> Result<Estimated, EstimateError> + Sync,
) -> Result<Estimated, EstimateError> {
    let mut own = spec.clone();
    own.inference = Inference::Analytic;
    let mut estimated = run(panel, &own)?;
    let kept: Vec<usize> = {
        let sample = estimated.sample();
        let mut units: Vec<usize> = sample.treated_units().to_vec();
        units.extend(sample.control_units());
        units
    };
    let design = Assignments::of_units(panel, &kept)?;
    let doses = match spec.method {
        Method::Dose => Some(doses(panel, &design)?),
        _ => None,
    };
    let exhaustive = design.count().is_some_and(|n| n <= EXHAUSTIVE_UP_TO);
    let orders: Vec<Vec<usize>> = if exhaustive && doses.is_none() {
        Vec::new()
    } else {
        design.orders(spec.draws.max(1), spec.seed)
    };
    let cohorts: Vec<Vec<Option<i64>>> = if orders.is_empty() {
        design.all()
    } else {
        orders
            .iter()
            .map(|order| order.iter().map(|&k| design.cohorts[k]).collect())
            .collect()
    };
    let exhaustive = orders.is_empty();
    // One assignment is one thread's work from start to end; the first is the true one and known.
    let drawn: Vec<Option<Vec<TidyRow>>> = cohorts
        .par_iter()
        .enumerate()
        .skip(1)
        .map(|(at, cohorts)| {
            let mut other = panel.with_cohorts(&design.by_unit(panel, cohorts))?;
            if let (Some(doses), Some(order)) = (&doses, orders.get(at)) {
                other.dose = Some(re_dosed(panel, &design, doses, order));
            }
            Ok(run(&other, &own).ok().map(|result| result.rows))
        })
        .collect::<Result<_, EstimateError>>()?;
    let tried = drawn.iter().flatten().count() + 1;
    if tried == 1 {
        return Err(EstimateError::NoSuchInference {
            inference: "randomisation".into(),
            reason: "the estimator refuses every other assignment".into(),
            instead: "analytic".into(),
        });
    }
    for row in &mut estimated.rows {
        (row.std_error, row.statistic, row.p_value) = (None, None, None);
        (row.conf_low, row.conf_high, row.band_low, row.band_high) = (None, None, None, None);
        if row.is_reference {
            continue;
        }
        let slack = 1e-9 * row.estimate.abs();
        let (mut all, mut extreme) = (1_usize, 1_usize);
        for other in drawn.iter().flatten() {
            let same = |r: &&TidyRow| r.term == row.term && r.aggregation == row.aggregation;
            if let Some(found) = other.iter().find(same) {
                all += 1;
                extreme += usize::from(found.estimate.abs() >= row.estimate.abs() - slack);
            }
        }
        row.p_value = (all > 1).then(|| extreme as f64 / all as f64);
    }
    estimated.covariance = None;
    estimated.influence = None;
    estimated.df = None;
    estimated.spec = spec.clone();
    estimated.warnings.retain(|w| w.code != "few_treated_clusters");
    let p_floor = 1.0 / tried as f64;
    estimated.diagnostics.push(Diagnostic {
        name: "p_floor".into(),
        value: Some(p_floor),
        p_value: None,
        status: if p_floor <= 1.0 - spec.level {
            Status::Holds
        } else {
            Status::Fails
        },
        reason: Some(format!(
            "{} of {} assignment units (`{}`) treated, {tried} {}",
            design.cohorts.iter().filter(|g| g.is_some()).count(),
            design.groups.len(),
            panel.names().assignment,
            if exhaustive {
                "all assignments"
            } else {
                "assignments drawn"
            },
        )),
    });
    Ok(estimated)
}

/// The dose of each assignment unit from onset on.
fn doses(panel: &Panel, design: &Assignments) -> Result<Vec<f64>, EstimateError> {
    let dose = panel.dose().unwrap_or_default();
    let mut of: Vec<Option<f64>> = vec![None; design.groups.len()];
    let mut mixed = Vec::new();
    for r in (0..panel.n_rows()).filter(|&r| panel.is_treated_row(r)) {
        let unit = &panel.units()[panel.row_unit()[r]];
        let (Some(at), Some(&d)) = (design.position[unit.assignment], dose.get(r)) else {
            continue;
        };
        match of[at] {
            None => of[at] = Some(d),
            Some(met) if met != d => mixed.push(unit.assignment),
            Some(_) => {}
        }
    }
    mixed.sort_unstable();
    mixed.dedup();
    if mixed.is_empty() {
        return Ok(of.into_iter().map(|d| d.unwrap_or(0.0)).collect());
    }
    Err(EstimateError::TreatmentVariesWithinAssignment {
        groups: mixed.iter().map(|&a| panel.assignments()[a].clone()).collect(),
    })
}

fn re_dosed(panel: &Panel, design: &Assignments, doses: &[f64], order: &[usize]) -> Vec<f64> {
    let of_row = |r: usize| {
        let unit = &panel.units()[panel.row_unit()[r]];
        design.position[unit.assignment].map_or(0.0, |at| doses[order[at]])
    };
    (0..panel.n_rows()).map(of_row).collect()
}
