//! Which cohort is compared with whom, in which two periods.

use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::Warning;
use crate::sample::{Cell, DropReason, Ledger};
use crate::spec::{BasePeriod, Control, PanelUse, Spec};

/// A cell before its units are known: indices of periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) cohort: i64,
    pub(crate) period: usize,
    pub(crate) base: usize,
}

impl Plan {
    pub(crate) fn is_reference(&self) -> bool {
        self.period == self.base
    }
}

/// Returns the cells of a panel's periods and cohorts, and the cohorts without a period before treatment.
///
/// Universal base: the last period t with t + anticipation < g, for every period. Varying base: the same from
/// onset on, and the period just before in earlier cells, so that the first period has no cell.
pub(crate) fn plan(periods: &[i64], cohorts: &[i64], spec: &Spec) -> (Vec<Plan>, Vec<i64>) {
    let lead = i64::from(spec.anticipation);
    let (mut plans, mut without) = (Vec::new(), Vec::new());
    for &g in cohorts {
        let Some(before) = periods.iter().rposition(|&t| t + lead < g) else {
            without.push(g);
            continue;
        };
        for (p, &t) in periods.iter().enumerate() {
            let base = match spec.base_period {
                BasePeriod::Universal => before,
                BasePeriod::Varying if t >= g => before,
                BasePeriod::Varying if p == 0 => continue,
                BasePeriod::Varying => p - 1,
            };
            plans.push(Plan {
                cohort: g,
                period: p,
                base,
            });
        }
    }
    (plans, without)
}

/// Returns whether a unit of cohort `other` may stand against cohort `g` in a cell whose later period is `until`.
pub(crate) fn is_control(other: Option<i64>, g: i64, until: i64, spec: &Spec) -> bool {
    match (other, spec.control) {
        (None, _) => true,
        (Some(_), Control::Never) => false,
        (Some(h), Control::NotYet) => h != g && h > until + i64::from(spec.anticipation),
    }
}

/// Cells with their units, and the ledger of the rows they use.
pub(crate) struct Cells<'a> {
    pub(crate) plans: Vec<Plan>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) ledger: Ledger<'a>,
    pub(crate) warnings: Vec<Warning>,
    /// Units with a kept row.
    pub(crate) units: Vec<usize>,
}

/// Settles cells, units and rows.
pub(crate) fn settle<'a>(panel: &'a Panel, spec: &Spec) -> Result<Cells<'a>, EstimateError> {
    let mut ledger = Ledger::new(panel);
    let mut warnings = Vec::new();
    for name in &spec.covariates {
        for (row, _) in panel
            .covariate(name)?
            .iter()
            .enumerate()
            .filter(|(_, v)| v.is_none())
        {
            ledger.drop_row(row, DropReason::MissingCovariate);
        }
    }
    let always: Vec<usize> = (0..panel.n_units())
        .filter(|&u| panel.is_always_treated(u))
        .collect();
    if !always.is_empty() {
        let names: Vec<&str> = always
            .iter()
            .take(5)
            .map(|&u| panel.units()[u].id.as_str())
            .collect();
        warnings.push(Warning::new(
            "always_treated",
            format!(
                "{} units are treated from the first period on and left out: {}",
                always.len(),
                names.join(", ")
            ),
        ));
        always
            .iter()
            .for_each(|&u| ledger.drop_unit(u, DropReason::AlwaysTreated));
    }
    if spec.panel_use == PanelUse::Balanced {
        for u in 0..panel.n_units() {
            if panel.unit_rows(u).filter(|&r| ledger.is_kept(r)).count() < panel.n_periods() {
                ledger.drop_unit(u, DropReason::NotBalanced);
            }
        }
    }
    let (plans, without) = plan(panel.periods(), panel.cohorts(), spec);
    for g in &without {
        warnings.push(Warning::new(
            "no_pre_period",
            format!(
                "cohort {g} has no period before treatment (anticipation {}) and is left out",
                spec.anticipation
            ),
        ));
    }
    let seen = |u: usize, p: usize| panel.row_of(u, p).filter(|&r| ledger.is_kept(r));
    let pairs = spec.panel_use != PanelUse::CrossSection;
    let in_cell = |u: usize, plan: &Plan| {
        if pairs {
            seen(u, plan.period).is_some() && seen(u, plan.base).is_some()
        } else {
            seen(u, plan.period).or(seen(u, plan.base)).is_some()
        }
    };
    let mut used = vec![false; panel.n_rows()];
    let (mut kept, mut cells) = (Vec::new(), Vec::new());
    let mut reasons: Vec<String> = without
        .iter()
        .map(|g| format!("cohort {g} has no period before treatment"))
        .collect();
    for plan in plans {
        let (t, b) = (panel.periods()[plan.period], panel.periods()[plan.base]);
        let (mut treated, mut control) = (Vec::new(), Vec::new());
        for (u, unit) in panel.units().iter().enumerate() {
            if unit.cohort == Some(plan.cohort) {
                if in_cell(u, &plan) {
                    treated.push(u);
                }
            } else if is_control(unit.cohort, plan.cohort, t.max(b), spec) && in_cell(u, &plan) {
                control.push(u);
            }
        }
        let both = |side: &[usize]| {
            side.iter().any(|&u| seen(u, plan.period).is_some())
                && side.iter().any(|&u| seen(u, plan.base).is_some())
        };
        if !both(&treated) || !both(&control) {
            let side = if both(&treated) { "comparison" } else { "treated" };
            reasons.push(format!(
                "cohort {} in {t}: no {side} unit seen in {b} and {t}",
                plan.cohort
            ));
            if !plan.is_reference() {
                warnings.push(Warning::new(
                    "empty_cell",
                    format!(
                        "cohort {} in {t} is left out: no {side} unit is seen in {b} and {t}",
                        plan.cohort
                    ),
                ));
            }
            continue;
        }
        for &u in treated.iter().chain(&control) {
            for row in [seen(u, plan.period), seen(u, plan.base)].into_iter().flatten() {
                used[row] = true;
            }
        }
        cells.push(Cell::new(plan.cohort, t, b, treated, control));
        kept.push(plan);
    }
    if !kept.iter().any(|p| !p.is_reference()) {
        if panel.cohorts().is_empty() {
            let dropped = panel.units().iter().filter(|u| u.cohort.is_some()).count();
            return Err(EstimateError::NoTreated { dropped });
        }
        if panel.n_never_treated() == 0 && spec.control == Control::Never {
            return Err(EstimateError::NoControls {
                wanted: "never-treated units".into(),
                n_never_treated: 0,
                n_not_yet_treated: panel.units().len(),
                hint: "compare with units that are not treated yet (`--control not-yet`)".into(),
            });
        }
        return Err(EstimateError::NoCells { reasons });
    }
    for (row, _) in used.iter().enumerate().filter(|(_, u)| !**u) {
        let unit = panel.row_unit()[row];
        let cohort = panel.units()[unit].cohort;
        let reason = if cohort.is_some_and(|g| without.contains(&g)) {
            DropReason::NoPrePeriod
        } else if panel.unit_rows(unit).len() < panel.n_periods() && pairs {
            DropReason::NoPair
        } else {
            DropReason::NoComparison
        };
        ledger.drop_row(row, reason);
    }
    let units: Vec<usize> = (0..panel.n_units())
        .filter(|&u| panel.unit_rows(u).any(|r| ledger.is_kept(r)))
        .collect();
    Ok(Cells {
        plans: kept,
        cells,
        ledger,
        warnings,
        units,
    })
}
