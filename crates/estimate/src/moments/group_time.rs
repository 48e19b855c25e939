//! Group-time effects from moments.

use super::affine::{Affine, MomentEstimate, covariance_of, units};
use super::{CohortMoments, Group};
use crate::did::aggregate::{GroupTime, averages};
use crate::did::cells::{is_control, plan};
use crate::error::EstimateError;
use crate::result::TidyRow;
use crate::spec::{Aggregation, Spec};

impl CohortMoments {
    pub(super) fn cohorts(&self) -> Vec<i64> {
        let first = self.periods.first().copied().unwrap_or(0);
        let mut cohorts: Vec<i64> = self
            .groups
            .keys()
            .filter_map(|k| k.cohort)
            .filter(|&g| g > first)
            .collect();
        cohorts.dedup();
        cohorts
    }

    /// Returns group-time effects and their averages, as
    /// [`callaway_santanna`](crate::did::callaway_santanna::callaway_santanna) without covariates.
    ///
    /// # Errors
    /// [`EstimateError::NoCells`], [`EstimateError::ZeroVariance`].
    pub fn callaway_santanna(&self, spec: &Spec) -> Result<MomentEstimate, EstimateError> {
        spec.check()?;
        let groups = self.groups();
        let t = self.periods.len();
        let (plans, without) = plan(&self.periods, &self.cohorts(), spec);
        let (mut cells, mut influence) = (Vec::new(), Vec::new());
        let mut used = vec![false; groups.len()];
        for plan in plans {
            let (now, base) = (self.periods[plan.period], self.periods[plan.base]);
            let in_cell = |g: &Group| g.key.sees(plan.period) && g.key.sees(plan.base);
            let first = self.periods[0];
            let side = |control: bool| -> Vec<usize> {
                (0..groups.len())
                    .filter(|&k| {
                        let cohort = groups[k].key.cohort;
                        let always = cohort.is_some_and(|h| h <= first);
                        let wanted = if control {
                            cohort != Some(plan.cohort)
                                && is_control(cohort, plan.cohort, now.max(base), spec)
                        } else {
                            cohort == Some(plan.cohort)
                        };
                        wanted && !always && in_cell(&groups[k])
                    })
                    .collect()
            };
            let (treated, control) = (side(false), side(true));
            if treated.is_empty() || control.is_empty() {
                continue;
            }
            treated.iter().chain(&control).for_each(|&k| used[k] = true);
            let mut psi = Affine::zero(&groups, t);
            let mut effect = 0.0;
            if !plan.is_reference() {
                for (members, sign) in [(&treated, 1.0), (&control, -1.0)] {
                    let total: f64 = members.iter().map(|&k| groups[k].n).sum();
                    let change = |k: usize| groups[k].mean[plan.period] - groups[k].mean[plan.base];
                    let mean = members.iter().map(|&k| groups[k].n * change(k)).sum::<f64>() / total;
                    effect += sign * mean;
                    for &k in members {
                        psi.on_outcome[k][plan.period] += sign / total;
                        psi.on_outcome[k][plan.base] -= sign / total;
                        psi.constant[k] += sign * (change(k) - mean) / total;
                    }
                }
            }
            cells.push(GroupTime {
                cohort: plan.cohort,
                period: now,
                effect,
                is_reference: plan.is_reference(),
            });
            influence.push(psi);
        }
        if cells.iter().all(|c| c.is_reference) {
            let reasons = without
                .iter()
                .map(|g| format!("cohort {g} has no period before treatment"))
                .collect();
            return Err(EstimateError::NoCells { reasons });
        }
        let size = |g: i64| -> f64 {
            groups
                .iter()
                .zip(&used)
                .filter(|(x, u)| **u && x.key.cohort == Some(g))
                .map(|(x, _)| x.n)
                .sum()
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
                let mut whole = Affine::zero(&groups, t);
                for &(k, w) in &average.weights {
                    whole.add(w, &influence[k]);
                }
                for (g, slope) in average.size_gradient() {
                    for (k, _) in groups
                        .iter()
                        .enumerate()
                        .filter(|(k, x)| used[*k] && x.key.cohort == Some(g))
                    {
                        whole.constant[k] += slope;
                    }
                }
                psi.push((!average.row.is_reference).then_some(whole));
                rows.push(average.row);
            }
        }
        let covariance = covariance_of(&groups, &mut rows, &psi, 1.0, None, spec.level)?;
        Ok(MomentEstimate {
            rows,
            covariance,
            units: units(&groups, &used),
            df: None,
        })
    }
}
