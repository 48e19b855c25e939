//! Imputation with covariates against dummies, and its variance against weights had one row at a time.

use std::collections::BTreeMap;

use counterpart_estimate::regression::{Design, fit};
use counterpart_estimate::rng::Stream;
use counterpart_estimate::spec::{Aggregation, CovariateMethod, Method};
use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing, estimate};

const UNITS: usize = 9;
const PERIODS: i64 = 6;

fn panel() -> Panel {
    let mut rng = Stream::new(7, 0);
    let first = |u: usize| {
        [
            Some(4_i64),
            Some(4),
            Some(4),
            Some(5),
            Some(5),
            None,
            None,
            None,
            None,
        ][u]
    };
    let (mut unit, mut period, mut y, mut g, mut x, mut z) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    for u in 0..UNITS {
        for t in 1..=PERIODS {
            if rng.below(12) == 0 {
                continue;
            }
            let (a, b) = (rng.normal(), rng.normal() + 0.2 * t as f64);
            unit.push(format!("u{u}"));
            period.push(t);
            g.push(FirstTreated::from(first(u)));
            x.push(Some(a));
            z.push(Some(b));
            y.push(Some(u as f64 + 0.5 * t as f64 + 2.0 * a - b + rng.normal()));
        }
    }
    let columns = Columns::new(unit, period, y, Timing::FirstTreated(g));
    Panel::build(columns.with_covariate("x", x).with_covariate("z", z)).unwrap()
}

fn spec() -> Spec {
    let mut spec = Spec::new(Method::Imputation).with_covariates(&["x", "z"], CovariateMethod::Dr);
    spec.aggregations = vec![Aggregation::Simple];
    spec
}

/// Residual of each row on dummies and covariates fitted to untreated rows.
fn by_dummies(panel: &Panel) -> Vec<f64> {
    let n = panel.n_rows();
    let untreated: Vec<usize> = (0..n).filter(|&r| !panel.is_treated_row(r)).collect();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for u in 0..panel.n_units() {
        columns.push(panel.row_unit().iter().map(|&v| f64::from(u == v)).collect());
    }
    for p in 1..panel.n_periods() {
        columns.push(panel.row_period().iter().map(|&q| f64::from(p == q)).collect());
    }
    for name in ["x", "z"] {
        columns.push(
            panel
                .covariate(name)
                .unwrap()
                .iter()
                .map(|v| v.unwrap())
                .collect(),
        );
    }
    let mut design = Design::new();
    for (k, column) in columns.iter().enumerate() {
        design.push(k.to_string(), untreated.iter().map(|&r| column[r]).collect());
    }
    let y: Vec<f64> = untreated.iter().map(|&r| panel.outcome()[r]).collect();
    let fitted = fit(&y, &design, &[], None).unwrap();
    (0..n)
        .map(|r| {
            let sum: f64 = fitted
                .names
                .iter()
                .zip(&fitted.coefficients)
                .map(|(name, b)| b * columns[name.parse::<usize>().unwrap()][r])
                .sum();
            panel.outcome()[r] - sum
        })
        .collect()
}

#[test]
fn imputation_with_covariates_is_that_of_dummies_and_its_variance_that_of_its_weights() {
    let panel = panel();
    let estimated = estimate(&panel, &spec()).unwrap();
    let row = &estimated.rows()[0];
    let residual = by_dummies(&panel);
    let treated: Vec<usize> = (0..panel.n_rows()).filter(|&r| panel.is_treated_row(r)).collect();
    let effect = treated.iter().map(|&r| residual[r]).sum::<f64>() / treated.len() as f64;
    assert!(
        (row.estimate - effect).abs() < 1e-11,
        "{} and {effect}",
        row.estimate
    );

    // The estimate is linear in the outcome: its weight on a row is what it makes of 1 there and 0 elsewhere.
    let weight = |r: usize| {
        let mut y = vec![0.0; panel.n_rows()];
        y[r] = 1.0;
        estimate(&panel.with_outcome(y).unwrap(), &spec()).unwrap().rows()[0].estimate
    };
    let weights: Vec<f64> = (0..panel.n_rows()).map(weight).collect();
    let mut cells: BTreeMap<(Option<i64>, usize), (f64, f64)> = BTreeMap::new();
    let key = |r: usize| (panel.units()[panel.row_unit()[r]].cohort, panel.row_period()[r]);
    for &r in &treated {
        let entry = cells.entry(key(r)).or_default();
        entry.0 += weights[r].powi(2) * residual[r];
        entry.1 += weights[r].powi(2);
    }
    let mut scores = vec![0.0; panel.n_units()];
    for r in 0..panel.n_rows() {
        let left = match panel.is_treated_row(r) {
            true => residual[r] - cells[&key(r)].0 / cells[&key(r)].1,
            false => residual[r],
        };
        scores[panel.row_unit()[r]] += weights[r] * left;
    }
    let error = scores.iter().map(|s| s * s).sum::<f64>().sqrt();
    let ours = row.std_error.unwrap();
    assert!((ours - error).abs() < 1e-9 * error, "{ours} and {error}");
}
