//! Group-time effects from moments.

use super::CohortMoments;
use super::affine::{Affine, infer, size_of_changes};
use super::group::Group;
use crate::did::aggregate::{GroupTime, averages};
use crate::did::callaway_santanna::{method_text, unbalanced};
use crate::did::cells::{Plan, is_control, plan};
use crate::did::lone::Taken;
use crate::error::EstimateError;
use crate::result::{Diagnostic, Estimated, TidyRow, Warning};
use crate::sample::{DropReason, Sample};
use crate::spec::{Aggregation, Control, PanelUse, Spec};

/// A cell with the groups on its two sides.
struct Sides {
    plan: Plan,
    treated: Vec<usize>,
    control: Vec<usize>,
}

impl CohortMoments {
    /// Group-time effects and their averages, as `did::callaway_santanna` without covariates.
    pub(super) fn callaway_santanna(
        &self,
        spec: &Spec,
        groups: Vec<Group>,
    ) -> Result<Estimated, EstimateError> {
        let whole = groups.clone();
        let mut groups = groups;
        let mut warnings = Vec::new();
        let sides = self.settle(spec, &mut groups, &mut warnings)?;
        let t = self.periods.len();
        let bases: Vec<usize> = if spec.panel_use == PanelUse::CrossSection {
            groups.iter_mut().map(Group::turn_to_levels).collect()
        } else {
            Vec::new()
        };
        let (mut cells, mut influence) = (Vec::new(), Vec::new());
        for side in &sides {
            let plan = side.plan;
            let mut psi = Affine::zero(groups.len(), t);
            let mut effect = 0.0;
            if !plan.is_reference() {
                for (members, sign) in [(&side.treated, 1.0), (&side.control, -1.0)] {
                    effect += sign
                        * if bases.is_empty() {
                            change(&groups, members, plan, sign, &mut psi)
                        } else {
                            level(&groups, &bases, members, (plan.period, sign), &mut psi)
                                - level(&groups, &bases, members, (plan.base, -sign), &mut psi)
                        };
                }
            }
            cells.push(self.cell(plan, effect));
            influence.push(psi);
        }
        // Each unit counts once in the size of its cohort.
        let mass = |x: &Group| f64::from(u8::from(x.n_kept() > 0));
        let size = |g: i64| -> f64 {
            let own = groups.iter().filter(|x| x.cohort == Some(g));
            own.map(|x| x.n * mass(x)).sum()
        };
        let mut rows = Vec::new();
        let mut psi: Vec<Option<Affine>> = Vec::new();
        for kind in &spec.aggregations {
            if *kind == Aggregation::GroupTime {
                for (cell, own) in cells.iter().zip(&influence) {
                    rows.push(TidyRow {
                        group: Some(cell.cohort),
                        time: Some(cell.period),
                        event_time: Some(cell.period - cell.cohort),
                        aggregation: Some(*kind),
                        is_reference: cell.is_reference,
                        ..TidyRow::new(format!("ATT({},{})", cell.cohort, cell.period), cell.effect)
                    });
                    psi.push((!cell.is_reference).then(|| own.clone()));
                }
                continue;
            }
            for average in averages(*kind, &cells, &size) {
                let mut whole = Affine::zero(groups.len(), t);
                for &(k, w) in &average.weights {
                    whole.add(w, &influence[k]);
                }
                for (g, slope) in average.size_gradient() {
                    for (k, x) in groups.iter().enumerate().filter(|(_, x)| x.cohort == Some(g)) {
                        whole.constant[k] += slope * mass(x);
                    }
                }
                psi.push((!average.row.is_reference).then_some(whole));
                rows.push(average.row);
            }
        }
        let counts = self.counts(&groups);
        if counts.clusters < 2 {
            return Err(EstimateError::TooFewClusters {
                level: self.names.cluster.clone(),
                found: counts.clusters,
                needed: 2,
                hint: "one cluster has no variance between clusters".into(),
            });
        }
        let pairs: Vec<(i64, i64)> = cells.iter().map(|c| (c.cohort, c.period)).collect();
        let others = spec.control == Control::NotYet;
        let (none, lone) = self.lone(&groups).rows(&rows, &pairs, Taken::Apart, others);
        psi.iter_mut()
            .zip(&none)
            .filter(|(_, none)| **none)
            .for_each(|(psi, _)| *psi = None);
        let floor = 1e-15 * size_of_changes(&groups);
        let (covariance, no_variance) = infer(self, &groups, &mut rows, &psi, floor, spec)?;
        warnings.extend(no_variance);
        warnings.extend(lone);
        let mut diagnostics = Vec::new();
        let balanced = whole.iter().all(|g| g.n_seen() == t);
        if !balanced && spec.panel_use == PanelUse::Pairs {
            self.compare_uses(spec, &whole, &rows, &mut warnings, &mut diagnostics);
        }
        let text = method_text(&self.names, spec);
        let mut estimated = Estimated::new(spec, rows, Sample::of_counts(counts), text);
        estimated.covariance = Some(covariance);
        estimated.warnings = warnings;
        estimated.diagnostics = diagnostics;
        Ok(estimated)
    }

    fn cell(&self, plan: Plan, effect: f64) -> GroupTime {
        GroupTime {
            cohort: plan.cohort,
            period: self.periods[plan.period],
            effect,
            is_reference: plan.is_reference(),
        }
    }

    /// Settles who stands in which cell and what becomes of the rows, as `did::cells::settle` does unit by unit.
    fn settle(
        &self,
        spec: &Spec,
        groups: &mut [Group],
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<Sides>, EstimateError> {
        let t = self.periods.len();
        let n_always = self.always_treated(groups, false);
        if n_always > 0 {
            warnings.push(Warning::new(
                "always_treated",
                format!(
                    "{n_always} units are treated from the first period on and left out: {}",
                    self.always.join(", ")
                ),
            ));
        }
        if spec.panel_use == PanelUse::Balanced {
            for group in groups.iter_mut().filter(|g| g.n_kept() < t) {
                group.drop_all(DropReason::NotBalanced);
            }
        }
        let cohorts = self.cohorts(groups);
        let (plans, without) = plan(&self.periods, &cohorts, spec);
        for g in &without {
            warnings.push(Warning::new(
                "no_pre_period",
                format!(
                    "cohort {g} has no period before treatment (anticipation {}) and is left out",
                    spec.anticipation
                ),
            ));
        }
        let pairs = spec.panel_use != PanelUse::CrossSection;
        let mut used = vec![false; groups.len() * t];
        let mut sides = Vec::new();
        let mut reasons: Vec<String> = without
            .iter()
            .map(|g| format!("cohort {g} has no period before treatment"))
            .collect();
        for plan in plans {
            let (now, base) = (self.periods[plan.period], self.periods[plan.base]);
            let in_cell = |g: &Group| {
                let (a, b) = (g.is_kept(plan.period), g.is_kept(plan.base));
                if pairs { a && b } else { a || b }
            };
            let (mut treated, mut control) = (Vec::new(), Vec::new());
            for (k, group) in groups.iter().enumerate().filter(|(_, g)| in_cell(g)) {
                if group.cohort == Some(plan.cohort) {
                    treated.push(k);
                } else if is_control(group.cohort, plan.cohort, now.max(base), spec) {
                    control.push(k);
                }
            }
            let both = |side: &[usize]| {
                side.iter().any(|&k| groups[k].is_kept(plan.period))
                    && side.iter().any(|&k| groups[k].is_kept(plan.base))
            };
            if !both(&treated) || !both(&control) {
                let side = if both(&treated) { "comparison" } else { "treated" };
                reasons.push(format!(
                    "cohort {} in {now}: no {side} unit seen in {base} and {now}",
                    plan.cohort
                ));
                if !plan.is_reference() {
                    warnings.push(Warning::new(
                        "empty_cell",
                        format!(
                            "cohort {} in {now} is left out: no {side} unit is seen in {base} and {now}",
                            plan.cohort
                        ),
                    ));
                }
                continue;
            }
            for &k in treated.iter().chain(&control) {
                for p in [plan.period, plan.base] {
                    used[k * t + p] |= groups[k].is_kept(p);
                }
            }
            sides.push(Sides {
                plan,
                treated,
                control,
            });
        }
        if !sides.iter().any(|s| !s.plan.is_reference()) {
            if cohorts.is_empty() {
                let dropped = Self::units_where(groups, |g| g.cohort.is_some());
                return Err(EstimateError::NoTreated { dropped });
            }
            if spec.control == Control::Never && groups.iter().all(|g| g.cohort.is_some()) {
                return Err(EstimateError::NoControls {
                    wanted: "never-treated units".into(),
                    n_never_treated: 0,
                    n_not_yet_treated: Self::units_where(groups, |_| true),
                    hint: "compare with units that are not treated yet (`--control not-yet`)".into(),
                });
            }
            return Err(EstimateError::NoCells { reasons });
        }
        for (k, group) in groups.iter_mut().enumerate() {
            let reason = if group.cohort.is_some_and(|g| without.contains(&g)) {
                DropReason::NoPrePeriod
            } else if group.n_seen() < t && pairs {
                DropReason::NoPair
            } else {
                DropReason::NoComparison
            };
            for p in (0..t).filter(|&p| !used[k * t + p]) {
                group.drop_period(p, reason);
            }
        }
        Ok(sides)
    }

    /// Says how the estimate differs between the uses of an incomplete panel.
    fn compare_uses(
        &self,
        spec: &Spec,
        groups: &[Group],
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
            spec.draws = 0;
            let mut average = spec.clone();
            average.aggregations = vec![Aggregation::Simple];
            // One row and its variance are enough. Where that row has none, another may: all are asked.
            let found = self
                .callaway_santanna(&average, groups.to_vec())
                .or_else(|_| self.callaway_santanna(&spec, groups.to_vec()))
                .map(|e| simple(e.rows()));
            others.push((other, found));
        }
        unbalanced(own, others, warnings, diagnostics);
    }
}

/// Mean change of some groups between the periods of a cell; adds their influence.
fn change(groups: &[Group], members: &[usize], plan: Plan, sign: f64, psi: &mut Affine) -> f64 {
    let total: f64 = members.iter().map(|&k| groups[k].n).sum();
    let change = |k: usize| groups[k].mean[plan.period] - groups[k].mean[plan.base];
    let mean = members.iter().map(|&k| groups[k].n * change(k)).sum::<f64>() / total;
    for &k in members {
        *psi.at(k, plan.period) += sign / total;
        *psi.at(k, plan.base) -= sign / total;
        psi.constant[k] += sign * (change(k) - mean) / total;
    }
    mean
}

/// Mean outcome of the units of some groups that are seen in a period, of the sign relative to that of the cell's
/// later period; adds their influence.
fn level(
    groups: &[Group],
    bases: &[usize],
    members: &[usize],
    (period, sign): (usize, f64),
    psi: &mut Affine,
) -> f64 {
    let own: Vec<usize> = members
        .iter()
        .copied()
        .filter(|&k| groups[k].is_kept(period))
        .collect();
    let total: f64 = own.iter().map(|&k| groups[k].n).sum();
    let outcome = |k: usize| groups[k].level + groups[k].mean[period];
    let mean = own.iter().map(|&k| groups[k].n * outcome(k)).sum::<f64>() / total;
    for k in own {
        // The outcome is that of the base period and the change since.
        if period != bases[k] {
            *psi.at(k, period) += sign / total;
        }
        *psi.at(k, bases[k]) += sign / total;
        psi.constant[k] += sign * (outcome(k) - mean) / total;
    }
    mean
}
