//! Imputation from moments.

use std::collections::BTreeMap;

use super::CohortMoments;
use super::affine::{Affine, infer, size_of_changes};
use super::group::Group;
use crate::did::imputation::{Untreated, method_text, not_imputable, row};
use crate::did::lone::Taken;
use crate::error::EstimateError;
use crate::result::{Estimated, TidyRow};
use crate::sample::{DropReason, Sample};
use crate::spec::{Aggregation, PanelUse, Spec};

/// Group and period.
type At = (usize, usize);

impl CohortMoments {
    /// Imputation estimates, as `did::imputation` clustered by unit or above.
    pub(super) fn imputation(&self, spec: &Spec, groups: Vec<Group>) -> Result<Estimated, EstimateError> {
        let t = self.periods.len();
        let lead = i64::from(spec.anticipation);
        let mut groups = groups;
        if spec.panel_use == PanelUse::Balanced {
            for group in groups.iter_mut().filter(|g| g.n_seen() < t) {
                group.drop_all(DropReason::NotBalanced);
            }
        }
        self.always_treated(&mut groups, false);
        let cohorts: Vec<Option<i64>> = groups.iter().map(|g| g.cohort).collect();
        let untreated = |k: usize, p: usize| cohorts[k].is_none_or(|g| self.periods[p] < g - lead);
        let mut incidence = vec![0.0; groups.len() * t];
        for (k, group) in groups.iter().enumerate() {
            for p in (0..t).filter(|&p| group.is_kept(p) && untreated(k, p)) {
                incidence[k * t + p] = group.n;
            }
        }
        let has_base: Vec<bool> = incidence
            .chunks_exact(t.max(1))
            .map(|row| row.iter().any(|w| *w > 0.0))
            .collect();
        let model = Untreated::new(incidence, t);
        let mut n_not_imputable = 0;
        for (k, group) in groups.iter_mut().enumerate() {
            for p in 0..t {
                if group.is_kept(p) && !untreated(k, p) && !model.reaches(k, p) {
                    group.drop_period(
                        p,
                        if has_base[k] {
                            DropReason::NoComparison
                        } else {
                            DropReason::NotImputable
                        },
                    );
                    n_not_imputable += group.n as usize;
                }
            }
        }
        let mut warnings = Vec::new();
        warnings.extend(not_imputable(n_not_imputable));
        let (alpha, lambda) = model.fit(&|k, p| groups[k].mean[p]);
        let residual = |k: usize, p: usize| groups[k].mean[p] - alpha[k] - lambda[p];
        let treated: Vec<At> = (0..groups.len())
            .flat_map(|k| (0..t).map(move |p| (k, p)))
            .filter(|&(k, p)| groups[k].is_kept(p) && !untreated(k, p))
            .collect();
        let cohort = |k: usize| cohorts[k].unwrap_or_default();
        let post: Vec<At> = treated
            .iter()
            .copied()
            .filter(|&(k, p)| self.periods[p] >= cohort(k))
            .collect();
        if post.is_empty() {
            return Err(if n_not_imputable > 0 {
                EstimateError::NoControls {
                    wanted: "untreated rows in treated periods".into(),
                    n_never_treated: Self::units_where(&groups, |g| g.cohort.is_none()),
                    n_not_yet_treated: 0,
                    hint: "add units that are untreated while others are treated".into(),
                }
            } else {
                EstimateError::NoTreated {
                    dropped: Self::units_where(&groups, |g| g.cohort.is_some()),
                }
            });
        }
        let (mut rows, mut influence) = (Vec::new(), Vec::new());
        for (mut row, own) in self.estimands(spec, &treated, &post, &cohort) {
            let total: f64 = own.iter().map(|&(k, _)| groups[k].n).sum();
            row.estimate = own
                .iter()
                .map(|&(k, p)| groups[k].n / total * residual(k, p))
                .sum();
            // Mean effect of each cohort and period over its patterns of seen periods.
            let mut mean: BTreeMap<(i64, usize), (f64, f64)> = BTreeMap::new();
            for &(k, p) in &own {
                let entry = mean.entry((cohort(k), p)).or_default();
                entry.0 += groups[k].n * residual(k, p);
                entry.1 += groups[k].n;
            }
            let (mut by_group, mut by_period) = (vec![0.0; groups.len()], vec![0.0; t]);
            for &(k, p) in &own {
                by_group[k] += groups[k].n / total;
                by_period[p] += groups[k].n / total;
            }
            let (a, l) = model.solve(&by_group, &by_period);
            let mut psi = Affine::zero(groups.len(), t);
            for k in 0..groups.len() {
                for p in (0..t).filter(|&p| groups[k].is_kept(p) && untreated(k, p)) {
                    *psi.at(k, p) = -(a[k] + l[p]);
                    psi.constant[k] -= (a[k] + l[p]) * residual(k, p);
                }
            }
            for &(k, p) in &own {
                let centre = mean.get(&(cohort(k), p)).map_or(0.0, |(s, n)| s / n);
                *psi.at(k, p) = 1.0 / total;
                psi.constant[k] += (residual(k, p) - centre) / total;
            }
            rows.push(row);
            influence.push(Some(psi));
        }
        let pairs: Vec<(i64, i64)> = treated
            .iter()
            .map(|&(k, p)| (cohort(k), self.periods[p]))
            .collect();
        let (none, lone) = self.lone(&groups).rows(&rows, &pairs, Taken::Apart, true);
        influence
            .iter_mut()
            .zip(&none)
            .filter(|(_, none)| **none)
            .for_each(|(psi, _)| *psi = None);
        warnings.extend(lone);
        let floor = 1e-14 * size_of_changes(&groups);
        let (covariance, no_variance) = infer(self, &groups, &mut rows, &influence, floor, spec)?;
        warnings.extend(no_variance);
        let sample = Sample::of_counts(self.counts(&groups));
        let mut estimated = Estimated::new(spec, rows, sample, method_text(&self.names));
        estimated.covariance = Some(covariance);
        estimated.warnings = warnings;
        Ok(estimated)
    }

    /// Rows of the result, and the groups and periods that each averages.
    fn estimands(
        &self,
        spec: &Spec,
        treated: &[At],
        post: &[At],
        cohort: &dyn Fn(usize) -> i64,
    ) -> Vec<(TidyRow, Vec<At>)> {
        let mut parts = Vec::new();
        for kind in &spec.aggregations {
            let of = if matches!(kind, Aggregation::Dynamic | Aggregation::GroupTime) {
                treated
            } else {
                post
            };
            let mut split: BTreeMap<(i64, i64), Vec<At>> = BTreeMap::new();
            for &(k, p) in of {
                let (g, now) = (cohort(k), self.periods[p]);
                let key = match kind {
                    Aggregation::Simple => (0, 0),
                    Aggregation::Dynamic => (now - g, 0),
                    Aggregation::Group => (g, 0),
                    Aggregation::Calendar => (now, 0),
                    Aggregation::GroupTime => (g, now),
                };
                split.entry(key).or_default().push((k, p));
            }
            for ((a, b), own) in split {
                parts.push((row(*kind, a, b), own));
            }
        }
        parts
    }
}
