//! Estimators from moments alone; each equals the direct computation on the units.

use std::collections::BTreeMap;

use super::{CohortMoments, Group};
use crate::did::aggregate::{GroupTime, averages};
use crate::did::cells::{is_control, plan};
use crate::did::imputation::Untreated;
use crate::distribution::infer;
use crate::error::EstimateError;
use crate::regression::{Design, Factor, Fit, fit};
use crate::result::{Covariance, TidyRow};
use crate::spec::{Aggregation, Spec};

/// Estimates that came from cohort moments.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct MomentEstimate {
    /// Rows, as the estimator on the units would give them.
    pub rows: Vec<TidyRow>,
    /// Covariance of the rows with standard errors.
    pub covariance: Covariance,
    /// Units used, by cohort (`None`: never treated).
    pub units: BTreeMap<Option<i64>, u64>,
    /// Degrees of freedom of t statistics; `None` where the normal distribution was used.
    pub df: Option<f64>,
}

/// Influence of the units of each group on one estimate: a'(y − ȳ) + c.
#[derive(Clone, Debug)]
struct Affine {
    on_outcome: Vec<Vec<f64>>,
    constant: Vec<f64>,
}

impl Affine {
    fn zero(groups: &[Group], t: usize) -> Self {
        Self {
            on_outcome: vec![vec![0.0; t]; groups.len()],
            constant: vec![0.0; groups.len()],
        }
    }

    fn add(&mut self, weight: f64, other: &Self) {
        for (a, b) in self.on_outcome.iter_mut().zip(&other.on_outcome) {
            a.iter_mut().zip(b).for_each(|(x, y)| *x += weight * y);
        }
        self.constant
            .iter_mut()
            .zip(&other.constant)
            .for_each(|(x, y)| *x += weight * y);
    }
}

/// Σ_i ψ_a ψ_b over all units, from the moments of their groups.
fn product(groups: &[Group], a: &Affine, b: &Affine) -> f64 {
    let mut total = 0.0;
    for (k, g) in groups.iter().enumerate() {
        let t = g.mean.len();
        let (x, y) = (&a.on_outcome[k], &b.on_outcome[k]);
        for i in (0..t).filter(|&i| x[i] != 0.0) {
            let inner: f64 = (0..t).map(|j| g.cross[i * t + j] * y[j]).sum();
            total += x[i] * inner;
        }
        total += g.n * a.constant[k] * b.constant[k];
    }
    total
}

fn covariance_of(
    groups: &[Group],
    rows: &mut [TidyRow],
    influence: &[Option<Affine>],
    factor: f64,
    df: Option<f64>,
    level: f64,
) -> Result<Covariance, EstimateError> {
    let which: Vec<usize> = (0..rows.len()).filter(|&i| influence[i].is_some()).collect();
    let parts: Vec<&Affine> = influence.iter().flatten().collect();
    let k = which.len();
    let mut values = vec![0.0; k * k];
    for i in 0..k {
        for j in 0..=i {
            let v = factor * product(groups, parts[i], parts[j]);
            values[i * k + j] = v;
            values[j * k + i] = v;
        }
    }
    for (p, &i) in which.iter().enumerate() {
        let variance = values[p * k + p];
        if !(variance > 0.0) {
            return Err(EstimateError::ZeroVariance {
                term: rows[i].term.clone(),
                variance,
            });
        }
        infer(&mut rows[i], variance.sqrt(), df, level)?;
    }
    Ok(Covariance { rows: which, values })
}

impl CohortMoments {
    fn cohorts(&self) -> Vec<i64> {
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

    /// Returns the two-way fixed effects estimate, as [`did`](crate::did::two_by_two::did) clustered by unit.
    ///
    /// # Errors
    /// [`EstimateError::Collinear`], [`EstimateError::NoResidualDf`].
    pub fn did(&self, spec: &Spec) -> Result<MomentEstimate, EstimateError> {
        let treated = |cohort: Option<i64>, t: i64| f64::from(cohort.is_some_and(|g| t >= g));
        self.regression(spec, &[("ATT".to_owned(), None, &treated)])
    }

    /// Returns the event study, as [`event_study`](crate::did::event_study::event_study) clustered by unit,
    /// without the mean over event times.
    ///
    /// # Errors
    /// [`EstimateError::Collinear`], [`EstimateError::NoResidualDf`].
    pub fn event_study(&self, spec: &Spec) -> Result<MomentEstimate, EstimateError> {
        let bin = |k: i64| spec.bins.map_or(k, |(first, last)| k.clamp(first, last));
        let first = self.periods.first().copied().unwrap_or(0);
        let mut times: Vec<i64> = Vec::new();
        for key in self.groups.keys() {
            if let Some(g) = key.cohort.filter(|&g| g > first) {
                times.extend(
                    (0..self.periods.len())
                        .filter(|&p| key.sees(p))
                        .map(|p| bin(self.periods[p] - g)),
                );
            }
        }
        times.sort_unstable();
        times.dedup();
        times.retain(|&k| k != bin(spec.reference));
        let columns: Vec<Column<'_>> = times
            .iter()
            .map(|&k| -> Column<'_> {
                let bin = &bin;
                Box::new(move |cohort, t| f64::from(cohort.is_some_and(|g| bin(t - g) == k)))
            })
            .collect();
        let terms: Vec<Term<'_>> = times
            .iter()
            .zip(&columns)
            .map(|(&k, c)| (format!("event_time::{k}"), Some(k), c.as_ref()))
            .collect();
        self.regression(spec, &terms)
    }

    /// Returns the interaction-weighted event study, as
    /// [`sun_abraham`](crate::did::sun_abraham::sun_abraham) clustered by unit.
    ///
    /// # Errors
    /// [`EstimateError::NoControls`] without never-treated units (the direct road then takes the last cohort),
    /// [`EstimateError::Collinear`], [`EstimateError::NoResidualDf`].
    pub fn sun_abraham(&self, spec: &Spec) -> Result<MomentEstimate, EstimateError> {
        let first = self.periods.first().copied().unwrap_or(0);
        let reference = -1 - i64::from(spec.anticipation);
        if !self.groups.keys().any(|k| k.cohort.is_none()) {
            return Err(EstimateError::NoControls {
                wanted: "never-treated units".into(),
                n_never_treated: 0,
                n_not_yet_treated: usize::try_from(self.n_units()).unwrap_or(usize::MAX),
                hint: "estimate from the rows: the last cohort is then the comparison".into(),
            });
        }
        let mut counts: BTreeMap<(i64, i64), f64> = BTreeMap::new();
        for (key, sums) in &self.groups {
            let seen: Vec<usize> = (0..self.periods.len()).filter(|&p| key.sees(p)).collect();
            if let Some(g) = key.cohort.filter(|&g| g > first && seen.len() > 1) {
                seen.iter()
                    .for_each(|&p| *counts.entry((g, self.periods[p] - g)).or_insert(0.0) += sums.n);
            }
        }
        let cells: Vec<(i64, i64)> = counts.keys().copied().filter(|c| c.1 != reference).collect();
        let columns: Vec<Column<'_>> = cells
            .iter()
            .map(|&(g, k)| -> Column<'_> {
                Box::new(move |cohort, t| f64::from(cohort == Some(g) && t - g == k))
            })
            .collect();
        let terms: Vec<Term<'_>> = cells
            .iter()
            .zip(&columns)
            .map(|(&(g, k), c)| (format!("cohort::{g}:event_time::{k}"), Some(k), c.as_ref()))
            .collect();
        let base = self.regression(spec, &terms)?;
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
                    let mut times: Vec<i64> = counts.keys().map(|c| c.1).collect();
                    times.sort_unstable();
                    times.dedup();
                    for k in times {
                        let row = TidyRow::new(format!("event_time::{k}"), 0.0)
                            .at_event_time(k)
                            .in_aggregation(*kind);
                        rows.push(TidyRow {
                            is_reference: k == reference,
                            ..row
                        });
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
        for (row, w) in rows.iter_mut().zip(&weights) {
            row.estimate = w.iter().map(|&(j, s)| s * base.rows[j].estimate).sum();
        }
        let which: Vec<usize> = (0..rows.len())
            .filter(|&i| !rows[i].is_reference && !weights[i].is_empty())
            .collect();
        let mut values = Vec::with_capacity(which.len().pow(2));
        for &a in &which {
            for &b in &which {
                let mut v = 0.0;
                for &(i, s) in &weights[a] {
                    v += weights[b]
                        .iter()
                        .map(|&(j, t)| s * t * base.covariance.at(i, j))
                        .sum::<f64>();
                }
                values.push(v);
            }
        }
        for (p, &i) in which.iter().enumerate() {
            infer(
                &mut rows[i],
                values[p * which.len() + p].max(0.0).sqrt(),
                base.df,
                spec.level,
            )?;
        }
        Ok(MomentEstimate {
            rows,
            covariance: Covariance { rows: which, values },
            units: base.units,
            df: base.df,
        })
    }

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

    /// A regression with unit and period effects whose columns depend on cohort and period only.
    ///
    /// Units of a group share their columns, so the regression on group means, weighted by n, has the same
    /// coefficients, the same columns after absorption and the same period effects; the score of a unit is
    /// X̃_g'(y_i − ȳ_g) + X̃_g'ē_g.
    fn regression(&self, spec: &Spec, terms: &[Term<'_>]) -> Result<MomentEstimate, EstimateError> {
        spec.check()?;
        let first = self.periods.first().copied().unwrap_or(0);
        let all = self.groups();
        let seen = |g: &Group| (0..self.periods.len()).filter(|&p| g.key.sees(p)).count();
        let groups: Vec<Group> = all
            .into_iter()
            .filter(|g| seen(g) > 1 && (spec.keep_always_treated || g.key.cohort.is_none_or(|h| h > first)))
            .collect();
        let (mut group_of, mut period_of, mut y, mut w) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (k, g) in groups.iter().enumerate() {
            for p in (0..self.periods.len()).filter(|&p| g.key.sees(p)) {
                group_of.push(k);
                period_of.push(p);
                y.push(g.mean[p]);
                w.push(g.n);
            }
        }
        let mut design = Design::new();
        for (name, _, column) in terms {
            let values = group_of
                .iter()
                .zip(&period_of)
                .map(|(&k, &p)| column(groups[k].key.cohort, self.periods[p]));
            design.push(name.clone(), values.collect());
        }
        let factors = [Factor::new("group", &group_of), Factor::new("period", &period_of)];
        let fit: Fit = fit(&y, &design, &factors, Some(&w))?;
        if !fit.dropped.is_empty() {
            return Err(EstimateError::Collinear { columns: fit.dropped });
        }
        let (t, k) = (self.periods.len(), fit.coefficients.len());
        let n_units: f64 = groups.iter().map(|g| g.n).sum();
        let n_rows: f64 = w.iter().sum();
        // Scores by column, then coefficients by (X'X)⁻¹.
        let mut scores: Vec<Affine> = (0..k).map(|_| Affine::zero(&groups, t)).collect();
        for (row, (&g, &p)) in group_of.iter().zip(&period_of).enumerate() {
            for (j, s) in scores.iter_mut().enumerate() {
                s.on_outcome[g][p] = fit.columns[j][row];
                s.constant[g] += fit.columns[j][row] * fit.residuals[row];
            }
        }
        let influence: Vec<Option<Affine>> = (0..k)
            .map(|i| {
                let mut whole = Affine::zero(&groups, t);
                (0..k).for_each(|j| whole.add(fit.bread[i * k + j], &scores[j]));
                Some(whole)
            })
            .collect();
        let mut rows: Vec<TidyRow> = terms
            .iter()
            .zip(&fit.coefficients)
            .map(|((name, event_time, _), b)| TidyRow {
                event_time: *event_time,
                ..TidyRow::new(name.clone(), *b)
            })
            .collect();
        // Unit effects are nested in the clusters: K counts the columns, the period effects and one constant.
        let n_parameters = k + seen_periods(&period_of);
        if n_rows <= n_parameters as f64 || n_units < 2.0 {
            return Err(EstimateError::NoResidualDf {
                n_obs: n_rows as usize,
                n_parameters,
            });
        }
        let factor = n_units / (n_units - 1.0) * (n_rows - 1.0) / (n_rows - n_parameters as f64);
        let df = Some(n_units - 1.0);
        let covariance = covariance_of(&groups, &mut rows, &influence, factor, df, spec.level)?;
        let used = vec![true; groups.len()];
        Ok(MomentEstimate {
            rows,
            covariance,
            units: units(&groups, &used),
            df,
        })
    }
}

/// Value of a column by cohort and period.
type Column<'a> = Box<dyn Fn(Option<i64>, i64) -> f64 + 'a>;

/// Name, event time and value by cohort and period of a column.
type Term<'a> = (String, Option<i64>, &'a dyn Fn(Option<i64>, i64) -> f64);

fn seen_periods(period_of: &[usize]) -> usize {
    let mut distinct = period_of.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len()
}

fn units(groups: &[Group], used: &[bool]) -> BTreeMap<Option<i64>, u64> {
    let mut out = BTreeMap::new();
    for (g, _) in groups.iter().zip(used).filter(|(_, u)| **u) {
        *out.entry(g.key.cohort).or_insert(0) += g.n as u64;
    }
    out
}
