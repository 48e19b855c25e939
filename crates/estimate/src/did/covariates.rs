//! One cell with covariates: outcome regression, inverse probability weighting, doubly robust.
//!
//! Sant'Anna and Zhao (2020), Journal of Econometrics 219(1); the arithmetic follows the functions
//! `reg_did_panel`, `std_ipw_did_panel` and `drdid_panel` of the R package `DRDID`.

use crate::error::EstimateError;
use crate::linear::{cholesky, cholesky_solve, inverse};
use crate::spec::CovariateMethod;

/// The units of one cell.
pub(crate) struct CellData<'a> {
    /// Outcome in the period minus outcome in the base period.
    pub(crate) change: &'a [f64],
    /// Whether the unit is on the treated side.
    pub(crate) treated: &'a [bool],
    /// Weight.
    pub(crate) weight: &'a [f64],
    /// Covariates, column by column, the constant first.
    pub(crate) x: &'a [Vec<f64>],
    pub(crate) cohort: i64,
    pub(crate) period: i64,
}

/// Effect and influence function (one value per unit, variance Σψ²/n²) of a cell.
pub(crate) struct CellEffect {
    pub(crate) effect: f64,
    pub(crate) influence: Vec<f64>,
}

struct Regression {
    predicted: Vec<f64>,
    /// Influence of each unit on the coefficients, unit by unit.
    linear: Vec<Vec<f64>>,
}

struct Propensity {
    score: Vec<f64>,
    linear: Vec<Vec<f64>>,
}

pub(crate) fn effect(data: &CellData<'_>, method: CovariateMethod) -> Result<CellEffect, EstimateError> {
    let n = data.change.len();
    let k = data.x.len();
    let w_treated: Vec<f64> = (0..n)
        .map(|i| if data.treated[i] { data.weight[i] } else { 0.0 })
        .collect();
    let mean = |v: &dyn Fn(usize) -> f64| (0..n).map(v).sum::<f64>() / n as f64;
    let column_means = |v: &dyn Fn(usize) -> f64| -> Vec<f64> {
        (0..k)
            .map(|j| (0..n).map(|i| v(i) * data.x[j][i]).sum::<f64>() / n as f64)
            .collect()
    };
    let times = |linear: &[f64], m: &[f64]| linear.iter().zip(m).map(|(a, b)| a * b).sum::<f64>();
    let mean_treated = mean(&|i| w_treated[i]);
    match method {
        CovariateMethod::Reg => {
            let r = regression(data)?;
            let eta_treated = mean(&|i| w_treated[i] * data.change[i]) / mean_treated;
            let eta_control = mean(&|i| w_treated[i] * r.predicted[i]) / mean_treated;
            let m1 = column_means(&|i| w_treated[i]);
            let influence = (0..n)
                .map(|i| {
                    let a = w_treated[i] * (data.change[i] - eta_treated);
                    let b = w_treated[i] * (r.predicted[i] - eta_control) + times(&r.linear[i], &m1);
                    (a - b) / mean_treated
                })
                .collect();
            Ok(CellEffect {
                effect: eta_treated - eta_control,
                influence,
            })
        }
        CovariateMethod::Ipw | CovariateMethod::Dr => {
            let ps = propensity(data)?;
            let r = if method == CovariateMethod::Dr {
                Some(regression(data)?)
            } else {
                None
            };
            let predicted = |i: usize| r.as_ref().map_or(0.0, |r| r.predicted[i]);
            let w_control: Vec<f64> = (0..n)
                .map(|i| {
                    if data.treated[i] {
                        0.0
                    } else {
                        data.weight[i] * ps.score[i] / (1.0 - ps.score[i])
                    }
                })
                .collect();
            let mean_control = mean(&|i| w_control[i]);
            let eta_treated = mean(&|i| w_treated[i] * (data.change[i] - predicted(i))) / mean_treated;
            let eta_control = mean(&|i| w_control[i] * (data.change[i] - predicted(i))) / mean_control;
            let m1 = column_means(&|i| w_treated[i]);
            let m2 = column_means(&|i| w_control[i] * (data.change[i] - predicted(i) - eta_control));
            let m3 = column_means(&|i| w_control[i]);
            let influence = (0..n)
                .map(|i| {
                    let left = data.change[i] - predicted(i);
                    let (through_treated, through_control) = r.as_ref().map_or((0.0, 0.0), |r| {
                        (times(&r.linear[i], &m1), times(&r.linear[i], &m3))
                    });
                    let a = (w_treated[i] * (left - eta_treated) - through_treated) / mean_treated;
                    let b = (w_control[i] * (left - eta_control) + times(&ps.linear[i], &m2)
                        - through_control)
                        / mean_control;
                    a - b
                })
                .collect();
            Ok(CellEffect {
                effect: eta_treated - eta_control,
                influence,
            })
        }
    }
}

/// Weighted least squares of the change on covariates among the comparison units.
fn regression(data: &CellData<'_>) -> Result<Regression, EstimateError> {
    let (n, k) = (data.change.len(), data.x.len());
    let w = |i: usize| if data.treated[i] { 0.0 } else { data.weight[i] };
    let n_control = data.treated.iter().filter(|t| !**t).count();
    if n_control <= k {
        return Err(EstimateError::NoOverlap {
            cohort: data.cohort,
            period: data.period,
            reason: format!("{n_control} comparison units for {k} coefficients"),
        });
    }
    let mut cross = vec![0.0; k * k];
    let mut right = vec![0.0; k];
    for i in 0..n {
        for a in 0..k {
            right[a] += w(i) * data.x[a][i] * data.change[i];
            for b in 0..k {
                cross[a * k + b] += w(i) * data.x[a][i] * data.x[b][i];
            }
        }
    }
    let what = || {
        format!(
            "covariates among the comparison units of cohort {} in {}",
            data.cohort, data.period
        )
    };
    let inverse = inverse(&cross, k, &what())?;
    let beta: Vec<f64> = (0..k)
        .map(|a| (0..k).map(|b| inverse[a * k + b] * right[b]).sum())
        .collect();
    let predicted: Vec<f64> = (0..n)
        .map(|i| (0..k).map(|a| data.x[a][i] * beta[a]).sum())
        .collect();
    let linear = (0..n)
        .map(|i| {
            let e = w(i) * (data.change[i] - predicted[i]) * n as f64;
            (0..k)
                .map(|a| (0..k).map(|b| inverse[a * k + b] * data.x[b][i]).sum::<f64>() * e)
                .collect()
        })
        .collect();
    Ok(Regression { predicted, linear })
}

/// Logit of being on the treated side, by Newton's method.
fn propensity(data: &CellData<'_>) -> Result<Propensity, EstimateError> {
    const MAX_ITERATIONS: usize = 50;
    let (n, k) = (data.change.len(), data.x.len());
    let no_overlap = |reason: String| EstimateError::NoOverlap {
        cohort: data.cohort,
        period: data.period,
        reason,
    };
    let index = |beta: &[f64], i: usize| -> f64 { (0..k).map(|a| data.x[a][i] * beta[a]).sum() };
    let logistic = |z: f64| 1.0 / (1.0 + (-z).exp());
    let mut beta = vec![0.0; k];
    let mut step_size = f64::INFINITY;
    let mut information = vec![0.0; k * k];
    for _ in 0..MAX_ITERATIONS {
        let mut gradient = vec![0.0; k];
        information.iter_mut().for_each(|v| *v = 0.0);
        for i in 0..n {
            let p = logistic(index(&beta, i));
            let e = data.weight[i] * (f64::from(data.treated[i]) - p);
            let v = data.weight[i] * p * (1.0 - p);
            for a in 0..k {
                gradient[a] += e * data.x[a][i];
                for b in 0..k {
                    information[a * k + b] += v * data.x[a][i] * data.x[b][i];
                }
            }
        }
        if step_size < 1e-12 {
            break;
        }
        let l = cholesky(&information, k, "the information of the propensity score").map_err(|_| {
            no_overlap("covariates separate treated from comparison units, or are collinear".into())
        })?;
        let step = cholesky_solve(&l, k, &gradient);
        let size = beta.iter().fold(1.0_f64, |m, b| m.max(b.abs()));
        step_size = step.iter().fold(0.0_f64, |m, s| m.max(s.abs())) / size;
        beta.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
        if beta.iter().any(|b| !b.is_finite()) {
            break;
        }
    }
    if !(step_size < 1e-8) {
        return Err(no_overlap(
            "the propensity score does not converge: covariates separate the two sides".into(),
        ));
    }
    let score: Vec<f64> = (0..n).map(|i| logistic(index(&beta, i))).collect();
    let worst = (0..n)
        .filter(|&i| !data.treated[i])
        .map(|i| score[i])
        .fold(0.0_f64, f64::max);
    if worst >= 0.995 {
        return Err(no_overlap(format!(
            "a comparison unit has propensity {worst:.4}, which would weigh {:.0} times",
            worst / (1.0 - worst)
        )));
    }
    let inverse = inverse(&information, k, "the information of the propensity score")?;
    let linear = (0..n)
        .map(|i| {
            let e = data.weight[i] * (f64::from(data.treated[i]) - score[i]) * n as f64;
            (0..k)
                .map(|a| (0..k).map(|b| inverse[a * k + b] * data.x[b][i]).sum::<f64>() * e)
                .collect()
        })
        .collect();
    Ok(Propensity { score, linear })
}
