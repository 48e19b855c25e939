//! Imputation from moments.

use std::collections::BTreeMap;

use super::affine::{Affine, MomentEstimate, covariance_of, units};
use super::{CohortMoments, Group};
use crate::did::imputation::Untreated;
use crate::error::EstimateError;
use crate::result::TidyRow;
use crate::spec::{Aggregation, Spec};

impl CohortMoments {
    /// Returns imputation estimates, as [`imputation`](crate::did::imputation::imputation) clustered by unit.
    ///
    /// # Errors
    /// [`EstimateError::NoTreated`] if no treated cell can be imputed, [`EstimateError::ZeroVariance`].
    pub fn imputation(&self, spec: &Spec) -> Result<MomentEstimate, EstimateError> {
        spec.check()?;
        let (first, t) = (self.periods.first().copied().unwrap_or(0), self.periods.len());
        let lead = i64::from(spec.anticipation);
        let groups: Vec<Group> = self
            .groups()
            .into_iter()
            .filter(|g| g.key.cohort.is_none_or(|h| h > first))
            .collect();
        let untreated = |k: usize, p: usize| groups[k].key.cohort.is_none_or(|g| self.periods[p] < g - lead);
        let seen = |k: usize, p: usize| groups[k].key.sees(p);
        let mut incidence = vec![0.0; groups.len() * t];
        for k in 0..groups.len() {
            for p in (0..t).filter(|&p| seen(k, p) && untreated(k, p)) {
                incidence[k * t + p] = groups[k].n;
            }
        }
        let model = Untreated::new(incidence, t);
        let (alpha, lambda) = model.fit(&|k, p| groups[k].mean[p]);
        let residual = |k: usize, p: usize| groups[k].mean[p] - alpha[k] - lambda[p];
        let treated: Vec<(usize, usize)> = (0..groups.len())
            .flat_map(|k| (0..t).map(move |p| (k, p)))
            .filter(|&(k, p)| seen(k, p) && !untreated(k, p) && model.reaches(k, p))
            .collect();
        let cohort = |k: usize| groups[k].key.cohort.unwrap_or_default();
        let post: Vec<(usize, usize)> = treated
            .iter()
            .copied()
            .filter(|&(k, p)| self.periods[p] >= cohort(k))
            .collect();
        if post.is_empty() {
            return Err(EstimateError::NoTreated {
                dropped: self.cohorts().len(),
            });
        }
        let mut parts: Vec<(TidyRow, Vec<(usize, usize)>)> = Vec::new();
        for kind in &spec.aggregations {
            let of = if matches!(kind, Aggregation::Dynamic | Aggregation::GroupTime) {
                &treated
            } else {
                &post
            };
            let mut split: BTreeMap<(i64, i64), Vec<(usize, usize)>> = BTreeMap::new();
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
                parts.push((crate::did::imputation::row(*kind, a, b), own));
            }
        }
        let (mut rows, mut influence) = (Vec::new(), Vec::new());
        for (mut row, own) in parts {
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
            let mut psi = Affine::zero(&groups, t);
            for k in 0..groups.len() {
                for p in (0..t).filter(|&p| seen(k, p) && untreated(k, p)) {
                    psi.on_outcome[k][p] = -(a[k] + l[p]);
                    psi.constant[k] -= (a[k] + l[p]) * residual(k, p);
                }
            }
            for &(k, p) in &own {
                let centre = mean.get(&(cohort(k), p)).map_or(0.0, |(s, n)| s / n);
                psi.on_outcome[k][p] = 1.0 / total;
                psi.constant[k] += (residual(k, p) - centre) / total;
            }
            rows.push(row);
            influence.push(Some(psi));
        }
        let covariance = covariance_of(&groups, &mut rows, &influence, 1.0, None, spec.level)?;
        let used = vec![true; groups.len()];
        Ok(MomentEstimate {
            rows,
            covariance,
            units: units(&groups, &used),
            df: None,
        })
    }
}
