//! Estimators from moments alone; each equals the direct computation on the units.

use std::collections::BTreeMap;

use super::{CohortMoments, Group};
use crate::did::aggregate::{GroupTime, averages};
use crate::did::cells::{is_control, plan};
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
        let columns: Vec<Box<dyn Fn(Option<i64>, i64) -> f64>> = times
            .iter()
            .map(|&k| -> Box<dyn Fn(Option<i64>, i64) -> f64> {
                Box::new(move |cohort: Option<i64>, t: i64| {
                    f64::from(cohort.is_some_and(|g| bin(t - g) == k))
                })
            })
            .collect();
        let terms: Vec<Term<'_>> = times
            .iter()
            .zip(&columns)
            .map(|(&k, c)| (format!("event_time::{k}"), Some(k), c.as_ref()))
            .collect();
        self.regression(spec, &terms)
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
