//! Regressions with unit and period effects from moments.

use std::collections::BTreeMap;

use super::affine::{Affine, MomentEstimate, covariance_of, units};
use super::{CohortMoments, Group};
use crate::distribution::infer;
use crate::error::EstimateError;
use crate::regression::{Design, Factor, Fit, fit};
use crate::result::{Covariance, TidyRow};
use crate::spec::{Aggregation, Spec};

impl CohortMoments {
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
