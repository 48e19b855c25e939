//! Imputation of what treated rows would have been.

use std::collections::BTreeMap;

use crate::distribution::infer;
use crate::error::EstimateError;
use crate::linear::pseudo_inverse;
use crate::panel::Panel;
use crate::result::{Covariance, Estimated, MethodText, TidyRow, Warning};
use crate::sample::{DropReason, Ledger};
use crate::spec::{Aggregation, Spec};

/// Returns average effects on treated rows, each against its imputed untreated outcome.
///
/// α_i and λ_t are fitted on untreated rows (never treated, or before onset); τ̂_it = Y_it − α̂_i − λ̂_t; every
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
/// over the rest.
///
/// # Errors
/// [`EstimateError::NoTreated`] if no treated row can be imputed, [`EstimateError::NoControls`] if there is no
/// untreated row in any treated period, [`EstimateError::ZeroVariance`].
///
/// # Source
/// Borusyak, Jaravel, Spiess (2024), Review of Economic Studies 91(6), theorem 1, proposition 5 and eq. (7); the
/// partition for τ̃ is theirs (cohort × period), without the leave-out refinement.
pub fn imputation(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    spec.check()?;
    if !spec.covariates.is_empty() {
        return Err(EstimateError::NoSuchInference {
            inference: "imputation".into(),
            reason: "covariates in the imputation are not offered".into(),
            instead: "use callaway-santanna with covariates".into(),
        });
    }
    let lead = i64::from(spec.anticipation);
    let mut ledger = Ledger::new(panel);
    let mut warnings = Vec::new();
    for u in (0..panel.n_units()).filter(|&u| panel.is_always_treated(u)) {
        ledger.drop_unit(u, DropReason::AlwaysTreated);
    }
    let untreated = |r: usize| {
        panel.units()[panel.row_unit()[r]]
            .cohort
            .is_none_or(|g| panel.periods()[panel.row_period()[r]] < g - lead)
    };
    let model = Untreated::new(panel, &|r| ledger.is_kept(r) && untreated(r));
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
    if not_imputable > 0 {
        warnings.push(Warning::new(
            "not_imputable",
            format!("{not_imputable} treated rows have no untreated row of their unit and period to be imputed from; averages are over the others"),
        ));
    }
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
    let (alpha, lambda) = model.fit(panel, &base);
    let residual = |r: usize| panel.outcome()[r] - alpha[panel.row_unit()[r]] - lambda[panel.row_period()[r]];

    let (mut rows, chosen) = estimands(panel, spec, &treated);
    let weight = |r: usize| panel.weights().map_or(1.0, |w| w[r]);
    let n_clusters = panel.clusters().len();
    let mut scores: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    for (row, own) in rows.iter_mut().zip(&chosen) {
        let total: f64 = own.iter().map(|&r| weight(r)).sum();
        row.estimate = own.iter().map(|&r| weight(r) / total * residual(r)).sum();
        let v: Vec<(usize, f64)> = own.iter().map(|&r| (r, weight(r) / total)).collect();
        scores.push(model.scores(panel, &base, &v, &residual, n_clusters));
    }
    let k = rows.len();
    let mut values = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..k {
            values[a * k + b] = scores[a].iter().zip(&scores[b]).map(|(x, y)| x * y).sum();
        }
    }
    let scale = panel.outcome().iter().fold(0.0_f64, |m, y| m.max(y.abs()));
    for (i, row) in rows.iter_mut().enumerate() {
        let variance = values[i * k + i];
        if !(variance.sqrt() > 1e-13 * scale) {
            return Err(EstimateError::ZeroVariance {
                term: row.term.clone(),
                variance,
            });
        }
        infer(row, variance.sqrt(), None, spec.level)?;
    }
    let text = MethodText {
        text: format!(
            "Imputation: {} of treated rows against effects of {} and {} fitted on untreated rows; conservative standard errors by {}.",
            panel.names().outcome,
            panel.names().unit,
            panel.names().period,
            panel.names().cluster
        ),
        citation: vec![
            "Borusyak, K., Jaravel, X. and Spiess, J. (2024). Revisiting event-study designs: robust and efficient estimation. Review of Economic Studies 91(6), 3253–3285."
                .into(),
        ],
    };
    let mut estimated = Estimated::new(spec, rows, ledger.finish(Vec::new()), text);
    estimated.covariance = Some(Covariance {
        rows: (0..k).collect(),
        values,
    });
    estimated.warnings = warnings;
    Ok(estimated)
}

/// Rows of the result and the treated rows that each averages.
fn estimands(panel: &Panel, spec: &Spec, treated: &[usize]) -> (Vec<TidyRow>, Vec<Vec<usize>>) {
    let cohort = |r: usize| panel.units()[panel.row_unit()[r]].cohort.unwrap_or_default();
    let period = |r: usize| panel.periods()[panel.row_period()[r]];
    let post: Vec<usize> = treated
        .iter()
        .copied()
        .filter(|&r| period(r) >= cohort(r))
        .collect();
    let mut rows = Vec::new();
    let mut chosen = Vec::new();
    let mut split = |kind: Aggregation,
                     of: &[usize],
                     key: &dyn Fn(usize) -> (i64, i64),
                     name: &dyn Fn(i64, i64) -> TidyRow| {
        let mut parts: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for &r in of {
            parts.entry(key(r)).or_default().push(r);
        }
        for ((a, b), own) in parts {
            rows.push(name(a, b).in_aggregation(kind));
            chosen.push(own);
        }
    };
    for kind in &spec.aggregations {
        match kind {
            Aggregation::Simple => split(*kind, &post, &|_| (0, 0), &|_, _| TidyRow::new("ATT", 0.0)),
            Aggregation::Dynamic => split(*kind, treated, &|r| (period(r) - cohort(r), 0), &|k, _| {
                TidyRow::new(format!("event_time::{k}"), 0.0).at_event_time(k)
            }),
            Aggregation::Group => split(*kind, &post, &|r| (cohort(r), 0), &|g, _| TidyRow {
                group: Some(g),
                ..TidyRow::new(format!("group::{g}"), 0.0)
            }),
            Aggregation::Calendar => split(*kind, &post, &|r| (period(r), 0), &|t, _| TidyRow {
                time: Some(t),
                ..TidyRow::new(format!("time::{t}"), 0.0)
            }),
            Aggregation::GroupTime => split(*kind, treated, &|r| (cohort(r), period(r)), &|g, t| TidyRow {
                group: Some(g),
                time: Some(t),
                event_time: Some(t - g),
                ..TidyRow::new(format!("ATT({g},{t})"), 0.0)
            }),
        }
    }
    (rows, chosen)
}

/// Unit and period effects on untreated rows: normal equations with the units eliminated.
struct Untreated {
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
    fn new(panel: &Panel, used: &dyn Fn(usize) -> bool) -> Self {
        let (n, t) = (panel.n_units(), panel.n_periods());
        let mut incidence = vec![0.0; n * t];
        let mut component: Vec<usize> = (0..n + t).collect();
        fn root(c: &mut [usize], mut x: usize) -> usize {
            while c[x] != x {
                c[x] = c[c[x]];
                x = c[x];
            }
            x
        }
        for r in (0..panel.n_rows()).filter(|&r| used(r)) {
            let (u, p) = (panel.row_unit()[r], panel.row_period()[r]);
            incidence[u * t + p] = panel.weights().map_or(1.0, |w| w[r]);
            let (a, b) = (root(&mut component, u), root(&mut component, n + p));
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
            if total == 0.0 {
                continue;
            }
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

    fn reaches(&self, unit: usize, period: usize) -> bool {
        let n = self.unit_weight.len();
        self.unit_weight[unit] > 0.0 && self.component[unit] == self.component[n + period]
    }

    /// Solves the normal equations for sums by unit and by period.
    fn solve(&self, by_unit: &[f64], by_period: &[f64]) -> (Vec<f64>, Vec<f64>) {
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

    fn fit(&self, panel: &Panel, base: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let (mut alpha, mut lambda) = (vec![0.0; panel.n_units()], vec![0.0; panel.n_periods()]);
        // Twice: the second solve takes out what the first left to rounding, large levels above all.
        for _ in 0..2 {
            let (mut by_unit, mut by_period) = (vec![0.0; alpha.len()], vec![0.0; lambda.len()]);
            for &r in base {
                let (u, p) = (panel.row_unit()[r], panel.row_period()[r]);
                let e = panel.weights().map_or(1.0, |w| w[r]) * (panel.outcome()[r] - alpha[u] - lambda[p]);
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
