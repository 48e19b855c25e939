//! Imputation of what treated rows would have been.

mod covariates;

use std::collections::BTreeMap;

use covariates::Covariates;

use super::lone::{Lone, Taken};
use crate::distribution::{infer_rows, without_variance};
use crate::error::EstimateError;
use crate::linear::pseudo_inverse;
use crate::panel::{Names, Panel};
use crate::resample::bands::add_bands;
use crate::result::{Estimated, MethodText, TidyRow, Warning};
use crate::sample::{DropReason, Ledger};
use crate::spec::{Aggregation, Spec};

/// Returns average effects on treated rows, each against its imputed untreated outcome.
///
/// α_i, λ_t and, with covariates, δ are fitted on untreated rows (never treated, or before onset);
/// τ̂_it = Y_it − α̂_i − λ̂_t − X_it'δ̂; every
/// estimate is Σ w_it τ̂_it over treated rows. Variance: Σ_c (Σ_{it ∈ c} v_it ε̃_it)² with v the weights of the
/// estimate on all rows, ε̃ the residual of untreated rows, and τ̂_it − τ̃ of treated ones, τ̃ the v²-weighted mean
/// within cohort × period.
///
/// # Shapes and units
/// Rows in the outcome's unit, as [`Spec::aggregations`] asks; `group-time` gives the mean of each cohort and
/// period. There are no effects before treatment: test them with the event study.
///
/// # Assumes
/// Parallel trends for every unit and period, no anticipation beyond [`Spec::anticipation`].
///
/// # Drops
/// Treated rows whose unit or period has no untreated row linked to it; they are listed, and the averages are
/// over the rest. Rows without a covariate that is used; covariates that unit and period explain, with a warning.
///
/// # Errors
/// [`EstimateError::NoTreated`] if no treated row can be imputed, [`EstimateError::NoControls`] if there is no
/// untreated row in any treated period, [`EstimateError::ZeroVariance`].
///
/// # Source
/// Borusyak, Jaravel, Spiess (2024), Review of Economic Studies 91(6), theorem 1, proposition 5 and eq. (7); the
/// partition for τ̃ is theirs (cohort × period), without the leave-out refinement.
///
/// # Example
/// Against the mean of both earlier periods treated units change by 4 on average and the others by 2.
/// ```
/// # use counterpart_estimate::{Columns, Panel, Spec, spec::Method};
/// let names = ["t1", "t2", "c1", "c2"].map(String::from);
/// let outcome = [[1.0, 2.0, 6.0], [2.0, 3.0, 6.0], [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]];
/// let outcome: Vec<Vec<Option<f64>>> = outcome.iter().map(|y| y.iter().copied().map(Some).collect()).collect();
/// let first_treated = [Some(3), Some(3), None, None];
/// let panel = Panel::build(Columns::from_rectangle(&names, &[1, 2, 3], &outcome, &first_treated, None, None))?;
/// let estimated = counterpart_estimate::did::imputation(&panel, &Spec::new(Method::Imputation))?;
/// assert!((estimated.rows()[0].estimate - 2.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn imputation(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    spec.check()?;
    let lead = i64::from(spec.anticipation);
    let mut ledger = Ledger::new(panel);
    let mut warnings = Vec::new();
    for u in (0..panel.n_units()).filter(|&u| panel.is_always_treated(u)) {
        ledger.drop_unit(u, DropReason::AlwaysTreated);
    }
    for name in &spec.covariates {
        let values = panel.covariate(name)?;
        for (row, _) in values.iter().enumerate().filter(|(_, v)| v.is_none()) {
            ledger.drop_row(row, DropReason::MissingCovariate);
        }
    }
    let untreated = |r: usize| {
        panel.units()[panel.row_unit()[r]]
            .cohort
            .is_none_or(|g| panel.periods()[panel.row_period()[r]] < g - lead)
    };
    let model = Untreated::of_panel(panel, &|r| ledger.is_kept(r) && untreated(r));
    let mut not_imputable = 0;
    for r in 0..panel.n_rows() {
        if ledger.is_kept(r) && !untreated(r) && !model.reaches(panel.row_unit()[r], panel.row_period()[r]) {
            let unit_seen = model.unit_weight[panel.row_unit()[r]] > 0.0;
            ledger.drop_row(
                r,
                if unit_seen {
                    DropReason::NoComparison
                } else {
                    DropReason::NotImputable
                },
            );
            not_imputable += 1;
        }
    }
    warnings.extend(self::not_imputable(not_imputable));
    let treated: Vec<usize> = (0..panel.n_rows())
        .filter(|&r| ledger.is_kept(r) && !untreated(r))
        .collect();
    if !treated
        .iter()
        .any(|&r| panel.event_time(r).is_some_and(|k| k >= 0))
    {
        if not_imputable > 0 {
            return Err(EstimateError::NoControls {
                wanted: "untreated rows in treated periods".into(),
                n_never_treated: panel.n_never_treated(),
                n_not_yet_treated: 0,
                hint: "add units that are untreated while others are treated".into(),
            });
        }
        let dropped = panel.units().iter().filter(|u| u.cohort.is_some()).count();
        return Err(EstimateError::NoTreated { dropped });
    }
    let base: Vec<usize> = (0..panel.n_rows())
        .filter(|&r| ledger.is_kept(r) && untreated(r))
        .collect();
    let (alpha, lambda) = model.fit(&|u, p| panel.outcome_of(u, p).unwrap_or(0.0));
    let left = |r: usize| panel.outcome()[r] - alpha[panel.row_unit()[r]] - lambda[panel.row_period()[r]];
    let covariates = Covariates::new(panel, &spec.covariates, &model, &base, &left)?;
    if !covariates.dropped.is_empty() {
        warnings.push(Warning::new(
            "collinear",
            format!(
                "left out, explained by fixed effects or other columns: {}",
                covariates.dropped.join(", ")
            ),
        ));
    }
    let residual = |r: usize| left(r) - covariates.fitted(r);

    let (mut rows, chosen) = estimands(panel, spec, &treated);
    let weight = |r: usize| panel.weights().map_or(1.0, |w| w[r]);
    let n_clusters = panel.clusters().len();
    let mut scores: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    for (row, own) in rows.iter_mut().zip(&chosen) {
        let total: f64 = own.iter().map(|&r| weight(r)).sum();
        row.estimate = own.iter().map(|&r| weight(r) / total * residual(r)).sum();
        let v: Vec<(usize, f64)> = own.iter().map(|&r| (r, weight(r) / total)).collect();
        let mut own = model.scores(panel, &base, &v, &residual, n_clusters);
        covariates.add_scores(panel, &base, &v, &residual, &mut own);
        scores.push(own);
    }
    let k = rows.len();
    let mut values = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..k {
            values[a * k + b] = scores[a].iter().zip(&scores[b]).map(|(x, y)| x * y).sum();
        }
    }
    let scale = panel.outcome().iter().fold(0.0_f64, |m, y| m.max(y.abs()));
    let pairs: Vec<(i64, i64)> = treated
        .iter()
        .filter_map(|&r| {
            let g = panel.units()[panel.row_unit()[r]].cohort?;
            Some((g, panel.periods()[panel.row_period()[r]]))
        })
        .collect();
    let kept = ledger.kept();
    let units = kept.iter().map(|&r| &panel.units()[panel.row_unit()[r]]);
    let lone = Lone::new(
        units.map(|unit| (unit.cohort, unit.cluster)),
        &panel.names().cluster,
    );
    let (none, lone) = lone.rows(&rows, &pairs, Taken::Apart, true);
    let which: Vec<usize> = (0..k).filter(|&i| !none[i]).collect();
    let values: Vec<f64> = which
        .iter()
        .flat_map(|&a| which.iter().map(move |&b| (a, b)))
        .map(|(a, b)| values[a * k + b])
        .collect();
    warnings.extend(lone);
    let k = which.len();
    let (covariance, _) = infer_rows(
        &mut rows,
        &which,
        &values,
        &vec![1e-14 * scale; k],
        None,
        spec.level,
    )?;
    add_bands(spec, &mut rows, &covariance, None, None);
    warnings.extend(without_variance(&rows, &which, &covariance));
    let text = method_text(panel.names());
    let mut estimated = Estimated::new(spec, rows, ledger.finish(Vec::new()), text);
    estimated.covariance = Some(covariance);
    estimated.warnings = warnings;
    Ok(estimated)
}

pub(crate) fn method_text(names: &Names) -> MethodText {
    MethodText {
        text: format!(
            "Imputation: {} of treated rows against effects of {} and {} fitted on untreated rows; conservative standard errors by {}.",
            names.outcome,
            names.unit,
            names.period,
            names.cluster
        ),
        citation: vec![
            "Borusyak, K., Jaravel, X. and Spiess, J. (2024). Revisiting event-study designs: robust and efficient estimation. Review of Economic Studies 91(6), 3253–3285."
                .into(),
        ],
    }
}

/// Says how many treated rows could not be imputed, if any.
pub(crate) fn not_imputable(n: usize) -> Option<Warning> {
    (n > 0).then(|| {
        Warning::new(
            "not_imputable",
            format!("{n} treated rows have no untreated row of their unit and period to be imputed from; averages are over the others"),
        )
    })
}

/// Row of an average: `a` and `b` are what its kind is split by.
pub(crate) fn row(kind: Aggregation, a: i64, b: i64) -> TidyRow {
    let row = match kind {
        Aggregation::Simple => TidyRow::new("ATT", 0.0),
        Aggregation::Dynamic => TidyRow::new(format!("event_time::{a}"), 0.0).at_event_time(a),
        Aggregation::Group => TidyRow {
            group: Some(a),
            ..TidyRow::new(format!("group::{a}"), 0.0)
        },
        Aggregation::Calendar => TidyRow {
            time: Some(a),
            ..TidyRow::new(format!("time::{a}"), 0.0)
        },
        Aggregation::GroupTime => TidyRow {
            group: Some(a),
            time: Some(b),
            event_time: Some(b - a),
            ..TidyRow::new(format!("ATT({a},{b})"), 0.0)
        },
    };
    row.in_aggregation(kind)
}

/// Rows of the result and the treated rows that each averages.
fn estimands(panel: &Panel, spec: &Spec, treated: &[usize]) -> (Vec<TidyRow>, Vec<Vec<usize>>) {
    let cohort = |r: usize| panel.units()[panel.row_unit()[r]].cohort.unwrap_or_default();
    let period = |r: usize| panel.periods()[panel.row_period()[r]];
    let (mut rows, mut chosen) = (Vec::new(), Vec::new());
    for kind in &spec.aggregations {
        let mut parts: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for &r in treated {
            let (g, t) = (cohort(r), period(r));
            let key = match kind {
                // Anticipated rows have effects of their own, but belong to no average after onset.
                Aggregation::Simple | Aggregation::Group | Aggregation::Calendar if t < g => continue,
                Aggregation::Simple => (0, 0),
                Aggregation::Dynamic => (t - g, 0),
                Aggregation::Group => (g, 0),
                Aggregation::Calendar => (t, 0),
                Aggregation::GroupTime => (g, t),
            };
            parts.entry(key).or_default().push(r);
        }
        for ((a, b), own) in parts {
            rows.push(row(*kind, a, b));
            chosen.push(own);
        }
    }
    (rows, chosen)
}

/// Unit and period effects on untreated rows: normal equations with the units eliminated.
pub(crate) struct Untreated {
    unit_weight: Vec<f64>,
    n_periods: usize,
    /// Weight of unit × period, 0 where there is no untreated row.
    incidence: Vec<f64>,
    /// Generalised inverse of D_T − B'D_N⁻¹B.
    schur: Vec<f64>,
    /// Component of the graph of units and periods; periods after units.
    component: Vec<usize>,
}

impl Untreated {
    /// Returns the model of weights by unit (or group of units) × period.
    pub(crate) fn new(incidence: Vec<f64>, t: usize) -> Self {
        let n = incidence.len() / t.max(1);
        let mut component: Vec<usize> = (0..n + t).collect();
        fn root(c: &mut [usize], mut x: usize) -> usize {
            while c[x] != x {
                c[x] = c[c[x]];
                x = c[x];
            }
            x
        }
        for (at, _) in incidence.iter().enumerate().filter(|(_, w)| **w > 0.0) {
            let (a, b) = (root(&mut component, at / t), root(&mut component, n + at % t));
            component[a.max(b)] = a.min(b);
        }
        for x in 0..n + t {
            let r = root(&mut component, x);
            component[x] = r;
        }
        let unit_weight: Vec<f64> = incidence
            .chunks_exact(t.max(1))
            .map(|row| row.iter().sum())
            .collect();
        let mut s = vec![0.0; t * t];
        for (row, &total) in incidence.chunks_exact(t.max(1)).zip(&unit_weight) {
            for a in (0..t).filter(|&a| row[a] > 0.0) {
                s[a * t + a] += row[a];
                for b in 0..t {
                    s[a * t + b] -= row[a] * row[b] / total;
                }
            }
        }
        Self {
            unit_weight,
            n_periods: t,
            incidence,
            schur: pseudo_inverse(&s, t),
            component,
        }
    }

    /// Returns the model of the rows of a panel for which `used` holds.
    fn of_panel(panel: &Panel, used: &dyn Fn(usize) -> bool) -> Self {
        let t = panel.n_periods();
        let mut incidence = vec![0.0; panel.n_units() * t];
        for r in (0..panel.n_rows()).filter(|&r| used(r)) {
            incidence[panel.row_unit()[r] * t + panel.row_period()[r]] =
                panel.weights().map_or(1.0, |w| w[r]);
        }
        Self::new(incidence, t)
    }

    pub(crate) fn reaches(&self, unit: usize, period: usize) -> bool {
        let n = self.unit_weight.len();
        self.unit_weight[unit] > 0.0 && self.component[unit] == self.component[n + period]
    }

    /// Solves the normal equations for sums by unit and by period.
    pub(crate) fn solve(&self, by_unit: &[f64], by_period: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let t = self.n_periods;
        let mut right = by_period.to_vec();
        for (u, row) in self.incidence.chunks_exact(t.max(1)).enumerate() {
            if self.unit_weight[u] > 0.0 {
                let share = by_unit[u] / self.unit_weight[u];
                right.iter_mut().zip(row).for_each(|(r, w)| *r -= w * share);
            }
        }
        let lambda: Vec<f64> = (0..t)
            .map(|a| (0..t).map(|b| self.schur[a * t + b] * right[b]).sum())
            .collect();
        let alpha = self
            .incidence
            .chunks_exact(t.max(1))
            .enumerate()
            .map(|(u, row)| {
                if self.unit_weight[u] > 0.0 {
                    let through: f64 = row.iter().zip(&lambda).map(|(w, l)| w * l).sum();
                    (by_unit[u] - through) / self.unit_weight[u]
                } else {
                    0.0
                }
            })
            .collect();
        (alpha, lambda)
    }

    /// Fits unit and period effects to an outcome by unit and period.
    pub(crate) fn fit(&self, outcome: &dyn Fn(usize, usize) -> f64) -> (Vec<f64>, Vec<f64>) {
        let t = self.n_periods;
        let (mut alpha, mut lambda) = (vec![0.0; self.unit_weight.len()], vec![0.0; t]);
        // Twice: the second solve takes out what the first left to rounding, large levels above all.
        for _ in 0..2 {
            let (mut by_unit, mut by_period) = (vec![0.0; alpha.len()], vec![0.0; t]);
            for (at, &w) in self.incidence.iter().enumerate().filter(|(_, w)| **w > 0.0) {
                let (u, p) = (at / t, at % t);
                let e = w * (outcome(u, p) - alpha[u] - lambda[p]);
                by_unit[u] += e;
                by_period[p] += e;
            }
            let (da, dl) = self.solve(&by_unit, &by_period);
            alpha.iter_mut().zip(&da).for_each(|(a, d)| *a += d);
            lambda.iter_mut().zip(&dl).for_each(|(a, d)| *a += d);
        }
        (alpha, lambda)
    }

    /// Σ v·ε̃ by cluster for an estimate with weights `v` on treated rows.
    fn scores(
        &self,
        panel: &Panel,
        base: &[usize],
        v: &[(usize, f64)],
        residual: &dyn Fn(usize) -> f64,
        n_clusters: usize,
    ) -> Vec<f64> {
        let cluster = |r: usize| panel.units()[panel.row_unit()[r]].cluster;
        let (mut by_unit, mut by_period) = (vec![0.0; panel.n_units()], vec![0.0; panel.n_periods()]);
        for &(r, w) in v {
            by_unit[panel.row_unit()[r]] += w;
            by_period[panel.row_period()[r]] += w;
        }
        let (a, l) = self.solve(&by_unit, &by_period);
        let mut out = vec![0.0; n_clusters];
        for &r in base {
            let (u, p) = (panel.row_unit()[r], panel.row_period()[r]);
            let weight = panel.weights().map_or(1.0, |w| w[r]);
            out[cluster(r)] -= weight * (a[u] + l[p]) * residual(r);
        }
        // τ̃ of each cohort and period: rows of one cell never share a unit, so the sums run over rows.
        let mut cells: BTreeMap<(Option<i64>, usize), (f64, f64)> = BTreeMap::new();
        let key = |r: usize| (panel.units()[panel.row_unit()[r]].cohort, panel.row_period()[r]);
        for &(r, w) in v {
            let entry = cells.entry(key(r)).or_default();
            entry.0 += w * w * residual(r);
            entry.1 += w * w;
        }
        for &(r, w) in v {
            let mean = cells.get(&key(r)).map_or(0.0, |(s, t)| s / t);
            out[cluster(r)] += w * (residual(r) - mean);
        }
        out
    }
}
