//! Regressions with unit and period effects from moments.

use std::collections::{BTreeMap, BTreeSet};

use super::affine::{Affine, products};
use super::group::Group;
use super::{CohortMoments, not_finite};
use crate::did::lone::Lone;
use crate::did::two_way::{always_treated, few_clusters, infer_combinations, one_cluster, without_lone};
use crate::did::{event_study, sun_abraham, two_by_two};
use crate::error::EstimateError;
use crate::regression::{Design, Factor, Fit, fit};
use crate::result::{Estimated, MethodText, TidyRow, Warning};
use crate::sample::{DropReason, Sample};
use crate::spec::{Aggregation, Method, PanelUse, Spec};
use crate::variance::Vcov;

/// Value of a column by cohort and period.
type Column<'a> = Box<dyn Fn(Option<i64>, i64) -> f64 + 'a>;

/// Rows that are weighted sums of coefficients.
type Combinations = (Vec<TidyRow>, Vec<Vec<(usize, f64)>>);

/// The groups of a regression, their rows settled.
struct Settled {
    groups: Vec<Group>,
    warnings: Vec<Warning>,
}

impl CohortMoments {
    /// The two-way fixed effects estimate, as `did::did`.
    pub(super) fn did(&self, spec: &Spec, groups: Vec<Group>) -> Result<Estimated, EstimateError> {
        let mut settled = self.two_way(spec, groups)?;
        let treated = |cohort: Option<i64>, t: i64| f64::from(cohort.is_some_and(|g| t >= g));
        let names = vec![two_by_two::TREATED.to_owned()];
        let fit = self.fit(&settled.groups, names, &[Box::new(treated)])?;
        let Some(tau) = fit.coefficient(two_by_two::TREATED) else {
            return Err(EstimateError::Collinear {
                columns: vec![two_by_two::TREATED.to_owned()],
            });
        };
        settled
            .warnings
            .extend(two_by_two::staggered(self.cohorts(&settled.groups).len()));
        let rows = (vec![TidyRow::new("ATT", tau)], vec![vec![(0, 1.0)]]);
        let text = two_by_two::method_text(&self.names, spec);
        self.finish(spec, settled, &fit, rows, text)
    }

    /// The event study, as `did::event_study`.
    pub(super) fn event_study(&self, spec: &Spec, groups: Vec<Group>) -> Result<Estimated, EstimateError> {
        let mut settled = self.two_way(spec, groups)?;
        let bin = |k: i64| spec.bins.map_or(k, |(first, last)| k.clamp(first, last));
        let reference = bin(spec.reference);
        let mut counts: BTreeMap<i64, f64> = BTreeMap::new();
        for (group, g, p) in self.treated_cells(&settled.groups) {
            *counts.entry(bin(self.periods[p] - g)).or_insert(0.0) += group.n;
        }
        if !counts.contains_key(&reference) {
            let known: Vec<String> = counts.keys().map(ToString::to_string).collect();
            return Err(EstimateError::Missing {
                what: format!("a row at event time {reference}"),
                hint: format!("choose a reference among {}", known.join(", ")),
            });
        }
        let times: Vec<i64> = counts.keys().copied().filter(|&k| k != reference).collect();
        let names = times.iter().map(|k| format!("event_time::{k}")).collect();
        let columns: Vec<Column<'_>> = times
            .iter()
            .map(|&k| -> Column<'_> {
                let bin = &bin;
                Box::new(move |cohort, t| f64::from(cohort.is_some_and(|g| bin(t - g) == k)))
            })
            .collect();
        let fit = self.fit(&settled.groups, names, &columns)?;
        all_kept(&fit)?;
        settled
            .warnings
            .extend(event_study::staggered(self.cohorts(&settled.groups).len()));
        let position = |k: i64| times.iter().position(|x| *x == k);
        let post: Vec<(usize, f64)> = counts
            .iter()
            .filter(|&(&k, _)| k >= 0)
            .filter_map(|(&k, &n)| position(k).map(|j| (j, n)))
            .collect();
        let total: f64 = post.iter().map(|(_, n)| n).sum();
        let mut rows = vec![TidyRow::new("ATT", 0.0).in_aggregation(Aggregation::Simple)];
        let mut weights = vec![
            post.iter()
                .map(|&(j, n)| (j, n / total))
                .collect::<Vec<(usize, f64)>>(),
        ];
        rows[0].estimate = post.iter().map(|&(j, n)| fit.coefficients[j] * n / total).sum();
        for &k in counts.keys() {
            let at = position(k);
            let value = at.map_or(0.0, |j| fit.coefficients[j]);
            let mut row = TidyRow::new(format!("event_time::{k}"), value).at_event_time(k);
            row.is_reference = k == reference;
            rows.push(row);
            weights.push(at.map(|j| vec![(j, 1.0)]).unwrap_or_default());
        }
        let text = event_study::method_text(&self.names, spec, reference);
        self.finish(spec, settled, &fit, (rows, weights), text)
    }

    /// The interaction-weighted event study, as `did::sun_abraham`.
    pub(super) fn sun_abraham(&self, spec: &Spec, groups: Vec<Group>) -> Result<Estimated, EstimateError> {
        let mut groups = groups;
        let never = groups.iter().any(|g| g.cohort.is_none());
        let last = self.cohorts(&groups).last().copied().filter(|_| !never);
        if let Some(last) = last {
            for group in &mut groups {
                for p in (0..self.periods.len()).filter(|&p| self.periods[p] >= last) {
                    group.drop_period(p, DropReason::NoComparison);
                }
                group.cohort = group.cohort.filter(|&g| g != last);
            }
        }
        let reference = -1 - i64::from(spec.anticipation);
        let without = self.without_reference(&groups, reference);
        for group in &mut groups {
            if group.cohort.is_some_and(|g| without.contains(&g)) {
                group.drop_all(DropReason::NoPrePeriod);
            }
        }
        let mut settled = self.two_way(spec, groups)?;
        if !without.is_empty() {
            settled
                .warnings
                .push(sun_abraham::no_reference(&without, reference));
        }
        let mut counts: BTreeMap<(i64, i64), f64> = BTreeMap::new();
        for (group, g, p) in self.treated_cells(&settled.groups) {
            *counts.entry((g, self.periods[p] - g)).or_insert(0.0) += group.n;
        }
        let cells: Vec<(i64, i64)> = counts.keys().copied().filter(|c| c.1 != reference).collect();
        let names = cells
            .iter()
            .map(|(g, k)| format!("cohort::{g}:event_time::{k}"))
            .collect();
        let columns: Vec<Column<'_>> = cells
            .iter()
            .map(|&(g, k)| -> Column<'_> {
                Box::new(move |cohort, t| f64::from(cohort == Some(g) && t - g == k))
            })
            .collect();
        let fit = self.fit(&settled.groups, names, &columns)?;
        all_kept(&fit)?;
        let (mut rows, weights) = interaction_weighted(spec, &counts, &cells, reference);
        for (row, w) in rows.iter_mut().zip(&weights) {
            row.estimate = w.iter().map(|&(j, s)| s * fit.coefficients[j]).sum();
        }
        let text = sun_abraham::method_text(&self.names, spec, reference);
        let mut estimated = self.finish(spec, settled, &fit, (rows, weights), text)?;
        estimated.warnings.extend(last.map(sun_abraham::last_cohort));
        Ok(estimated)
    }

    /// Cohorts that are never seen at the reference; none where no cohort is.
    fn without_reference(&self, groups: &[Group], reference: i64) -> Vec<i64> {
        let seen: BTreeSet<i64> = self
            .treated_cells(groups)
            .filter(|&(_, g, p)| self.periods[p] - g == reference)
            .map(|(_, g, _)| g)
            .collect();
        let mut without = self.cohorts(groups);
        without.retain(|g| !seen.contains(g) && !seen.is_empty());
        without
    }

    /// Groups with their cohort, and each kept period.
    fn treated_cells<'a>(&self, groups: &'a [Group]) -> impl Iterator<Item = (&'a Group, i64, usize)> {
        groups
            .iter()
            .filter_map(|group| group.cohort.map(|g| (group, g)))
            .flat_map(|(group, g)| {
                (0..group.uses.len())
                    .filter(|&p| group.is_kept(p))
                    .map(move |p| (group, g, p))
            })
    }

    /// Settles which rows are in, as `did::two_way` does row by row.
    fn two_way(&self, spec: &Spec, groups: Vec<Group>) -> Result<Settled, EstimateError> {
        let mut groups = groups;
        let t = self.periods.len();
        let n_always = self.always_treated(&mut groups, spec.keep_always_treated);
        let mut warnings = Vec::new();
        if n_always > 0 {
            let names: Vec<&str> = self.always.iter().map(String::as_str).collect();
            warnings.push(always_treated(n_always, &names, spec.keep_always_treated));
        }
        if spec.panel_use == PanelUse::Balanced {
            for group in groups.iter_mut().filter(|g| g.n_kept() < t) {
                group.drop_all(DropReason::NotBalanced);
            }
        }
        drop_singletons(&mut groups, t);
        self.check_comparison(&groups)?;
        Ok(Settled { groups, warnings })
    }

    /// Refuses samples in which treatment cannot be told from time.
    fn check_comparison(&self, groups: &[Group]) -> Result<(), EstimateError> {
        let (mut treated, mut pre, mut untreated) = (false, false, false);
        for group in groups {
            for p in (0..self.periods.len()).filter(|&p| group.is_kept(p)) {
                match group.cohort {
                    Some(g) if self.periods[p] >= g => treated = true,
                    Some(_) => pre = true,
                    None => untreated = true,
                }
            }
        }
        let n_cohorts = self.cohorts(groups).len();
        if !treated {
            return Err(if n_cohorts == 0 {
                EstimateError::NoTreated {
                    dropped: Self::units_where(groups, |g| g.cohort.is_some()),
                }
            } else {
                EstimateError::NoPostPeriod
            });
        }
        if !pre {
            return Err(EstimateError::NoPrePeriod {
                cohort: None,
                needed: 1,
                found: 0,
            });
        }
        if !untreated && n_cohorts < 2 {
            return Err(EstimateError::NoControls {
                wanted: "untreated units".into(),
                n_never_treated: 0,
                n_not_yet_treated: 0,
                hint: "add units that are untreated while others are treated".into(),
            });
        }
        Ok(())
    }

    /// A regression with unit and period effects whose columns depend on cohort and period only.
    ///
    /// Units of a group share their columns, so the regression on group means, weighted by n, has the same
    /// coefficients, the same columns after absorption and the same period effects.
    fn fit(
        &self,
        groups: &[Group],
        names: Vec<String>,
        columns: &[Column<'_>],
    ) -> Result<Fit, EstimateError> {
        let at = rows_of(groups);
        let y: Vec<f64> = at.iter().map(|&(k, p)| groups[k].mean[p]).collect();
        let weights: Vec<f64> = at.iter().map(|&(k, _)| groups[k].n).collect();
        let group_of: Vec<usize> = at.iter().map(|r| r.0).collect();
        let period_of: Vec<usize> = at.iter().map(|r| r.1).collect();
        let mut design = Design::new();
        for (name, column) in names.into_iter().zip(columns) {
            let values = at.iter().map(|&(k, p)| column(groups[k].cohort, self.periods[p]));
            design.push(name, values.collect());
        }
        let factors = [Factor::new("group", &group_of), Factor::new("period", &period_of)];
        fit(&y, &design, &factors, Some(&weights))
    }

    /// Standard errors by cluster, and the result.
    fn finish(
        &self,
        spec: &Spec,
        settled: Settled,
        fit: &Fit,
        (mut rows, mut weights): Combinations,
        text: MethodText,
    ) -> Result<Estimated, EstimateError> {
        let Settled { groups, mut warnings } = settled;
        let counts = self.counts(&groups);
        let n_treated = self.n_treated_clusters(&groups);
        let (mut covariance, mut df) = (None, None);
        if n_treated == 1 {
            warnings.push(one_cluster(&self.names.cluster));
        } else {
            warnings.extend(few_clusters(n_treated, &self.names.cluster));
            let vcov = self.vcov(&groups, fit, counts.clusters)?;
            let bin = |k: i64| match (spec.method, spec.bins) {
                (Method::EventStudy, Some((first, last))) => k.clamp(first, last),
                _ => k,
            };
            let cells: Vec<(i64, i64)> = self
                .treated_cells(&groups)
                .map(|(_, g, p)| (g, g + bin(self.periods[p] - g)))
                .collect();
            warnings.extend(without_lone(
                &self.lone(&groups),
                spec,
                &rows,
                &mut weights,
                &cells,
            ));
            let (all, warning) = infer_combinations(&mut rows, &weights, &vcov, spec)?;
            covariance = Some(all);
            warnings.extend(warning);
            df = Some(vcov.df);
        }
        let mut estimated = Estimated::new(spec, rows, Sample::of_counts(counts), text);
        estimated.covariance = covariance;
        estimated.warnings = warnings;
        estimated.df = df;
        Ok(estimated)
    }

    /// Clusters by cohort.
    pub(super) fn lone(&self, groups: &[Group]) -> Lone {
        let kept = groups.iter().enumerate().filter(|(_, group)| group.n_kept() > 0);
        let pairs: Vec<(Option<i64>, usize)> = kept
            .flat_map(|(k, group)| {
                let ids: Vec<usize> = if self.has_clusters() {
                    group.clusters.iter().map(|c| c.0).collect()
                } else if group.n > 1.0 {
                    // Units of one group are not those of another; two stand for any number of them.
                    vec![2 * k, 2 * k + 1]
                } else {
                    vec![2 * k]
                };
                ids.into_iter().map(move |id| (group.cohort, id))
            })
            .collect();
        Lone::new(pairs, &self.names.cluster)
    }

    /// Clusters with a treated row.
    fn n_treated_clusters(&self, groups: &[Group]) -> usize {
        let treated = |g: &&Group| {
            g.cohort.is_some_and(|cohort| {
                (0..self.periods.len()).any(|p| g.is_kept(p) && self.periods[p] >= cohort)
            })
        };
        if self.has_clusters() {
            let ranks: BTreeSet<usize> = groups
                .iter()
                .filter(treated)
                .flat_map(|g| g.clusters.iter().map(|c| c.0))
                .collect();
            ranks.len()
        } else {
            Self::units_where(groups, |g| treated(&g))
        }
    }

    /// The covariance of the coefficients; the score of a unit is X̃_g'(d_i − d̄_g) + X̃_g'ē_g.
    fn vcov(&self, groups: &[Group], fit: &Fit, n_clusters: usize) -> Result<Vcov, EstimateError> {
        let (t, k) = (self.periods.len(), fit.coefficients.len());
        let at = rows_of(groups);
        let n_rows: f64 = at.iter().map(|&(g, _)| groups[g].n).sum();
        let kept: Vec<&Group> = groups.iter().filter(|g| g.n_kept() > 0).collect();
        let n_units: f64 = kept.iter().map(|g| g.n).sum();
        let all = k as f64 + fit.absorbed_df as f64 - kept.len() as f64 + n_units;
        if n_rows <= all {
            return Err(EstimateError::NoResidualDf {
                n_obs: n_rows as usize,
                n_parameters: all as usize,
            });
        }
        let common = self.common_level();
        let mut total = 0.0;
        for &(g, p) in &at {
            let y = common + groups[g].level + groups[g].mean[p];
            total += groups[g].n * y * y;
        }
        let within: f64 = kept.iter().map(|g| within_units(g)).sum();
        let term = fit.names.first().cloned().unwrap_or_default();
        if fit.rss() + within <= 1e-28 * total {
            return Err(EstimateError::ZeroVariance { term, variance: 0.0 });
        }
        if n_clusters < 2 {
            return Err(EstimateError::TooFewClusters {
                level: self.names.cluster.clone(),
                found: n_clusters,
                needed: 2,
                hint: "one cluster has no variance between clusters; use randomisation at the level of assignment"
                    .into(),
            });
        }
        let mut scores: Vec<Affine> = (0..k).map(|_| Affine::zero(groups.len(), t)).collect();
        for (row, &(g, p)) in at.iter().enumerate() {
            for (j, s) in scores.iter_mut().enumerate() {
                *s.at(g, p) = fit.columns[j][row];
                s.constant[g] += fit.columns[j][row] * fit.residuals[row];
            }
        }
        let influence: Vec<Affine> = (0..k)
            .map(|i| {
                let mut whole = Affine::zero(groups.len(), t);
                (0..k).for_each(|j| whole.add(fit.bread[i * k + j], &scores[j]));
                whole
            })
            .collect();
        let found = products(self, groups, &influence.iter().collect::<Vec<_>>());
        if found.values.iter().any(|v| !v.is_finite()) {
            return Err(not_finite());
        }
        // Unit effects are nested in the clusters: K counts the columns, the period effects and one constant.
        let n_parameters = k as f64 + fit.absorbed_df as f64 - kept.len() as f64 + 1.0;
        let g = n_clusters as f64;
        let factor = g / (g - 1.0) * (n_rows - 1.0) / (n_rows - n_parameters);
        let size = (total / n_rows).sqrt();
        let floor: Vec<f64> = (0..k)
            .map(|j| {
                let rounding = 3e-15 * size * fit.bread[j * k + j].sqrt();
                rounding.max(found.floor[j] * factor.sqrt())
            })
            .collect();
        let values: Vec<f64> = found.values.iter().map(|v| v * factor).collect();
        if (0..k).all(|j| !(values[j * k + j].sqrt() > floor[j])) {
            let variance = values.first().copied().unwrap_or(0.0);
            return Err(EstimateError::ZeroVariance { term, variance });
        }
        Ok(Vcov {
            values,
            df: g - 1.0,
            n_clusters: Some(n_clusters),
            floor,
        })
    }
}

/// Group and period of each row of the regression on means.
fn rows_of(groups: &[Group]) -> Vec<(usize, usize)> {
    groups
        .iter()
        .enumerate()
        .flat_map(|(k, g)| (0..g.uses.len()).filter(|&p| g.is_kept(p)).map(move |p| (k, p)))
        .collect()
}

/// Σ of squared residuals of units around their group: what their own effects leave of their changes.
fn within_units(group: &Group) -> f64 {
    let t = group.mean.len();
    let kept: Vec<usize> = (0..t).filter(|&p| group.is_kept(p)).collect();
    let own: f64 = kept.iter().map(|&p| group.cross[p * t + p]).sum();
    let all: f64 = kept
        .iter()
        .flat_map(|&p| kept.iter().map(move |&q| group.cross[p * t + q]))
        .sum();
    own - all / kept.len() as f64
}

/// Removes rows that are alone in their unit or period, again and again, as `regression::singletons` does.
fn drop_singletons(groups: &mut [Group], t: usize) {
    let mut by_period = vec![0.0; t];
    for group in groups.iter() {
        for p in (0..t).filter(|&p| group.is_kept(p)) {
            by_period[p] += group.n;
        }
    }
    loop {
        let mut changed = false;
        for group in groups.iter_mut().filter(|g| g.n_kept() == 1) {
            for p in (0..t).filter(|&p| group.is_kept(p)).collect::<Vec<_>>() {
                by_period[p] -= group.n;
                group.drop_period(p, DropReason::SingletonUnit);
                changed = true;
            }
        }
        for group in groups.iter_mut().filter(|g| g.n == 1.0) {
            for p in 0..t {
                if group.is_kept(p) && by_period[p] == 1.0 {
                    by_period[p] = 0.0;
                    group.drop_period(p, DropReason::SingletonPeriod);
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// Rows and weights of the interaction-weighted event study.
fn interaction_weighted(
    spec: &Spec,
    counts: &BTreeMap<(i64, i64), f64>,
    cells: &[(i64, i64)],
    reference: i64,
) -> Combinations {
    let mean = |wanted: &dyn Fn(i64, i64) -> bool| -> Vec<(usize, f64)> {
        let own: Vec<usize> = (0..cells.len())
            .filter(|&j| wanted(cells[j].0, cells[j].1))
            .collect();
        let total: f64 = own.iter().map(|&j| counts[&cells[j]]).sum();
        own.iter().map(|&j| (j, counts[&cells[j]] / total)).collect()
    };
    let mut rows = Vec::new();
    let mut weights: Vec<Vec<(usize, f64)>> = Vec::new();
    for kind in &spec.aggregations {
        match kind {
            Aggregation::Simple => {
                rows.push(TidyRow::new("ATT", 0.0).in_aggregation(*kind));
                weights.push(mean(&|_, k| k >= 0));
            }
            Aggregation::Dynamic => {
                let times: BTreeSet<i64> = counts.keys().map(|c| c.1).collect();
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
                    rows.push(TidyRow {
                        group: Some(g),
                        time: Some(g + k),
                        event_time: Some(k),
                        aggregation: Some(*kind),
                        is_reference: k == reference,
                        ..TidyRow::new(format!("ATT({g},{})", g + k), 0.0)
                    });
                    weights.push(mean(&|h, e| h == g && e == k));
                }
            }
            _ => {}
        }
    }
    (rows, weights)
}

/// Refuses a fit that had to leave columns out.
fn all_kept(fit: &Fit) -> Result<(), EstimateError> {
    if fit.dropped.is_empty() {
        Ok(())
    } else {
        Err(EstimateError::Collinear {
            columns: fit.dropped.clone(),
        })
    }
}
