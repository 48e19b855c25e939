//! Synthetic difference in differences.

mod bootstrap;
mod shared;

use rayon::prelude::*;

use shared::Shared;

use super::block::Block;
use super::outcome_only::diagnostic;
use super::simplex::{frank_wolfe, gram, least_norm_near};
use crate::distribution::infer;
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::resample::randomisation::EXHAUSTIVE_UP_TO;
use crate::result::{Estimated, MethodText, PlaceboRow, Status, TidyRow, Warning, WeightRow};
use crate::rng::Stream;
use crate::spec::{Inference, Solver, Spec};

/// Weights of units and periods, and the effect they give.
#[derive(Clone, Debug)]
pub(crate) struct Fitted {
    pub(crate) omega: Vec<f64>,
    pub(crate) lambda: Vec<f64>,
    pub(crate) effect: f64,
}

/// Returns the effect that synthetic unit and time weights leave between treated and donors, after and before.
///
/// ω minimises Σ_{t<g} (ω₀ + Σ_j ω_j Y_jt − Ȳ_tr,t)² + ζ_ω² T_pre ‖ω‖², λ minimises
/// Σ_j (λ₀ + Σ_{t<g} λ_t Y_jt − Ȳ_j,post)² + ζ_λ² N_co ‖λ‖², both on the simplex with
/// ζ_ω = (N_tr T_post)^¼ σ̂, ζ_λ = 10⁻⁶ σ̂ and σ̂ the standard deviation of the donors' first differences before
/// treatment; τ̂ = (Ȳ_tr,post − Σλ Ȳ_tr,pre) − Σ_j ω_j (Ȳ_j,post − Σλ Y_j,pre).
///
/// # Shapes and units
/// First row `ATT`, with placebos p is its rank among them, (1 + as large)/(1 + placebos); then `effect` per period with its event time, measured from the λ-weighted pre-period. Weights
/// of units and periods above zero; placebos by [`Spec::inference`].
///
/// # Assumes
/// A latent factor structure that unit and time weights balance; one onset.
///
/// # Errors
/// [`EstimateError::SeveralOnsets`]; [`EstimateError::NoSuchInference`] for the jackknife and the bootstrap with one
/// treated unit (without it nothing is left) and for placebos without more donors than treated units.
///
/// # Source
/// Arkhangelsky, Athey, Hirshberg, Imbens, Wager (2021), American Economic Review 111(12), algorithms 1 to 4. With
/// [`Solver::Reference`] weights come from the iteration of R `synthdid` 0.0.9, stopped and sparsified as there;
/// [`Solver::Exact`] solves the same problems to the end. Placebo variance follows algorithm 4, over all placebo
/// assignments where they are at most 10,000; the bootstrap follows algorithm 2 with ζ of the sample itself, as
/// `synthdid` keeps it.
pub fn synthetic_did(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let mut block = Block::new(panel, spec)?;
    let (n0, n1) = (block.n_donors(), block.treated.len());
    let n_pre = block.n_pre;
    let post: Vec<usize> = (block.first_post()..block.periods.len()).collect();
    let order: Vec<usize> = (0..n0 + n1).collect();
    let own = fit(&block, &order, n0, &post, spec.solver, Known::default())?;
    let mut rows = vec![TidyRow::new("ATT", own.effect)];
    for (t, period) in block.periods.iter().enumerate() {
        let mut row = TidyRow::new("effect", effect_in(&block, &order, n0, &own, &[t]))
            .at_event_time(period - block.onset);
        row.time = Some(*period);
        rows.push(row);
    }
    let mut diagnostics = Vec::new();
    let mut placebos = Vec::new();
    let mut rank = None;
    let std_error = match spec.inference {
        Inference::Placebo => {
            let drawn = placebo_effects(&block, &own, &post, spec)?;
            // Mean squared deviation over the draws, as the reference package scales it.
            let n = drawn.len() as f64;
            let mean = drawn.iter().map(|p| p.estimate).sum::<f64>() / n;
            let variance = drawn.iter().map(|p| (p.estimate - mean).powi(2)).sum::<f64>() / n;
            let extreme = drawn
                .iter()
                .filter(|p| p.estimate.abs() >= own.effect.abs() * (1.0 - 1e-9))
                .count();
            let p = (1 + extreme) as f64 / (1.0 + n);
            let floor = 1.0 / (1.0 + n);
            diagnostics.push(diagnostic(
                "placebo_rank",
                own.effect,
                Some(p),
                Status::Holds,
                format!("{} placebos", drawn.len()),
            ));
            let holds = if floor <= 1.0 - spec.level {
                Status::Holds
            } else {
                Status::Fails
            };
            diagnostics.push(diagnostic(
                "p_floor",
                floor,
                None,
                holds,
                "one over placebos and one".into(),
            ));
            placebos = drawn;
            rank = Some((p, floor));
            variance.sqrt()
        }
        Inference::Jackknife => jackknife(&block, &own, &post)?,
        Inference::Bootstrap => bootstrap::std_error(&block, &own, &post, spec)?,
        other => {
            return Err(EstimateError::NoSuchInference {
                inference: other.name().into(),
                reason: "synthetic-did does not offer it".into(),
                instead: "placebo, or jackknife or bootstrap with at least two treated units".into(),
            });
        }
    };
    infer(&mut rows[0], std_error, None, spec.level)?;
    if let (Some((p, floor)), Some(row)) = (rank, rows.first_mut()) {
        row.p_value = Some(p);
        // No assignment could have been rejected at this level, so that an interval of it would be all numbers.
        if floor > 1.0 - spec.level + 1e-12 {
            row.conf_low = None;
            row.conf_high = None;
            block.warnings.push(Warning::new(
                "interval_withheld",
                format!(
                    "{} placebos can give no p below {floor:.4}: an interval of level {} is not reachable and none is printed",
                    placebos.len(),
                    spec.level
                ),
            ));
        }
    }
    let unit_weights = block.donors.iter().zip(&own.omega).filter(|(_, w)| **w > 0.0);
    let mut weights: Vec<WeightRow> = unit_weights
        .map(|(&u, &weight)| WeightRow {
            unit: Some(block.name(u)),
            period: None,
            weight,
        })
        .collect();
    let time_weights = block.periods[..n_pre]
        .iter()
        .zip(&own.lambda)
        .filter(|(_, w)| **w > 0.0);
    weights.extend(time_weights.map(|(&t, &weight)| WeightRow {
        unit: None,
        period: Some(t),
        weight,
    }));
    let text = MethodText {
        text: format!(
            "Synthetic difference in differences on {}: {n0} donors, {n1} treated, {n_pre} periods before treatment; weights by the {} solver; {} standard error.",
            panel.names().outcome,
            spec.solver,
            spec.inference
        ),
        citation: vec![
            "Arkhangelsky, D., Athey, S., Hirshberg, D. A., Imbens, G. W. and Wager, S. (2021). Synthetic difference-in-differences. American Economic Review 111(12), 4088–4118."
                .into(),
        ],
    };
    let warnings = std::mem::take(&mut block.warnings);
    let mut estimated = Estimated::new(spec, rows, block.ledger.finish(Vec::new()), text);
    estimated.weights = weights;
    estimated.placebos = placebos;
    estimated.diagnostics = diagnostics;
    estimated.warnings = warnings;
    Ok(estimated)
}

/// What a refit need not find out again.
#[derive(Clone, Copy, Default)]
struct Known<'a> {
    /// What all placebos share.
    shared: Option<&'a Shared>,
    /// Weights of the donors in the sample itself: those that carry some are where a refit begins.
    omega: Option<&'a [f64]>,
    /// σ̂ of the sample itself; each refit's own otherwise.
    noise: Option<f64>,
}

/// Fits the weights with the first `n0` units of `order` as donors and the rest as treated.
fn fit(
    block: &Block<'_>,
    order: &[usize],
    n0: usize,
    post: &[usize],
    solver: Solver,
    known: Known<'_>,
) -> Result<Fitted, EstimateError> {
    let n1 = order.len() - n0;
    let n_pre = block.n_pre;
    let y = |i: usize, t: usize| block.outcome[order[i]][t];
    let mean_post = |i: usize| post.iter().map(|&t| y(i, t)).sum::<f64>() / post.len() as f64;
    let noise = known.noise.unwrap_or_else(|| noise(block, &order[..n0]));
    if !(noise > 0.0) {
        return Err(EstimateError::ZeroVariance {
            term: "first differences of the donors".into(),
            variance: 0.0,
        });
    }
    let zeta_omega = ((n1 * post.len()) as f64).powf(0.25) * noise;
    let zeta_lambda = 1e-6 * noise;

    let ridge = zeta_omega * zeta_omega * n_pre as f64;
    let on_donors = match known.shared {
        Some(shared) => shared.on_donors(&order[..n0], &order[n0..], ridge),
        None => {
            let donors: Vec<Vec<f64>> = (0..n0).map(|i| (0..n_pre).map(|t| y(i, t)).collect()).collect();
            let mean = |t: usize| (n0..n0 + n1).map(|i| y(i, t)).sum::<f64>() / n1 as f64;
            gram(&donors, &(0..n_pre).map(mean).collect::<Vec<f64>>(), ridge, true)
        }
    };
    let near: Option<Vec<usize>> = known.omega.map(|own| {
        (0..n0)
            .filter(|&i| own.get(order[i]).is_some_and(|w| *w > 0.0))
            .collect()
    });
    let omega = weights(&on_donors, n_pre, noise, solver, near)?;
    let ridge = zeta_lambda * zeta_lambda * n0 as f64;
    let on_periods = match known.shared {
        Some(shared) => shared.on_periods(&order[n0..], ridge),
        None => {
            let periods: Vec<Vec<f64>> = (0..n_pre).map(|t| (0..n0).map(|i| y(i, t)).collect()).collect();
            let after: Vec<f64> = (0..n0).map(mean_post).collect();
            gram(&periods, &after, ridge, true)
        }
    };
    let lambda = weights(&on_periods, n0, noise, solver, None)?;
    let mut fitted = Fitted {
        omega,
        lambda,
        effect: 0.0,
    };
    fitted.effect = effect_in(block, order, n0, &fitted, post);
    Ok(fitted)
}

/// Standard deviation of the donors' first differences before treatment, divisor n − 1.
fn noise(block: &Block<'_>, donors: &[usize]) -> f64 {
    let differences: Vec<f64> = donors
        .iter()
        .flat_map(|&u| block.outcome[u][..block.n_pre].windows(2).map(|w| w[1] - w[0]))
        .collect();
    let m = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / m;
    (differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (m - 1.0)).sqrt()
}

/// Simplex weights of a Gram matrix of columns with `rows` entries each.
fn weights(
    g: &[f64],
    rows: usize,
    noise: f64,
    solver: Solver,
    near: Option<Vec<usize>>,
) -> Result<Vec<f64>, EstimateError> {
    let n = g.len().isqrt();
    match solver {
        Solver::Exact => Ok(least_norm_near(g, n, near.unwrap_or_else(|| (0..n).collect()))?.weights),
        Solver::Reference => {
            let min_decrease = 1e-5 * noise;
            let start = vec![1.0 / n as f64; n];
            let first = frank_wolfe(g, n, rows, &start, min_decrease, 100);
            let largest = first.iter().copied().fold(0.0_f64, f64::max);
            let sparse: Vec<f64> = first
                .iter()
                .map(|&w| if w <= largest / 4.0 { 0.0 } else { w })
                .collect();
            let total: f64 = sparse.iter().sum();
            let sparse: Vec<f64> = sparse.iter().map(|w| w / total).collect();
            Ok(frank_wolfe(g, n, rows, &sparse, min_decrease, 10_000))
        }
    }
}

/// Effect averaged over some periods, against the weighted pre-period.
fn effect_in(block: &Block<'_>, order: &[usize], n0: usize, fitted: &Fitted, periods: &[usize]) -> f64 {
    let change = |unit: usize| {
        let y = &block.outcome[unit];
        let now = periods.iter().map(|&t| y[t]).sum::<f64>() / periods.len() as f64;
        now - fitted.lambda.iter().zip(y).map(|(l, v)| l * v).sum::<f64>()
    };
    let treated = order[n0..].iter().map(|&u| change(u)).sum::<f64>() / (order.len() - n0) as f64;
    treated
        - fitted
            .omega
            .iter()
            .zip(&order[..n0])
            .map(|(w, &u)| w * change(u))
            .sum::<f64>()
}

/// Effects on donors as if they had been treated: every choice of n1 of them, or draws.
fn placebo_effects(
    block: &Block<'_>,
    own: &Fitted,
    post: &[usize],
    spec: &Spec,
) -> Result<Vec<PlaceboRow>, EstimateError> {
    let (n0, n1) = (block.n_donors(), block.treated.len());
    if n0 <= n1 + 1 {
        return Err(EstimateError::NoSuchInference {
            inference: "placebo".into(),
            reason: format!("{n0} donors cannot stand in for {n1} treated units and their donors"),
            instead: "jackknife".into(),
        });
    }
    // Over the smaller of n1 and n0 − n1 the running count only grows, so that capping it keeps it above the cap.
    let mut count: u64 = 1;
    for i in 0..n1.min(n0 - n1) as u64 {
        count = (count * (n0 as u64 - i) / (i + 1)).min(EXHAUSTIVE_UP_TO + 1);
    }
    let choices: Vec<Vec<usize>> = if count <= EXHAUSTIVE_UP_TO.min(spec.draws.max(n0) as u64) {
        combinations(n0, n1)
    } else {
        (0..spec.draws.max(1))
            .map(|d| {
                let mut all: Vec<usize> = (0..n0).collect();
                Stream::new(spec.seed, d as u64).shuffle(&mut all);
                let mut chosen = all.split_off(n0 - n1);
                chosen.sort_unstable();
                chosen
            })
            .collect()
    };
    let shared = Shared::of(block, post);
    choices
        .par_iter()
        .map(|chosen| {
            let mut order: Vec<usize> = (0..n0).filter(|i| !chosen.contains(i)).collect();
            order.extend(chosen);
            let known = Known {
                shared: Some(&shared),
                omega: Some(&own.omega),
                noise: None,
            };
            let fitted = fit(block, &order, n0 - n1, post, spec.solver, known)?;
            let names: Vec<String> = chosen.iter().map(|&i| block.name(block.donors[i])).collect();
            Ok(PlaceboRow {
                unit: names.join(" + "),
                estimate: fitted.effect,
                rmspe_pre: None,
                rmspe_post: None,
                ratio: None,
            })
        })
        .collect()
}

fn combinations(n: usize, k: usize) -> Vec<Vec<usize>> {
    let mut current: Vec<usize> = (0..k).collect();
    let mut out = Vec::new();
    loop {
        out.push(current.clone());
        let Some(i) = (0..k).rev().find(|&i| current[i] < n - k + i) else {
            return out;
        };
        current[i] += 1;
        for j in i + 1..k {
            current[j] = current[j - 1] + 1;
        }
    }
}

/// Algorithm 3: leave out each unit with the weights of the others rescaled.
fn jackknife(block: &Block<'_>, own: &Fitted, post: &[usize]) -> Result<f64, EstimateError> {
    let (n0, n1) = (block.n_donors(), block.treated.len());
    let refuse = |reason: &str| EstimateError::NoSuchInference {
        inference: "jackknife".into(),
        reason: reason.into(),
        instead: "placebo".into(),
    };
    if n1 < 2 {
        return Err(refuse("one treated unit: leaving it out leaves nothing"));
    }
    if own.omega.iter().filter(|w| **w > 0.0).count() < 2 {
        return Err(refuse("one donor carries all the weight"));
    }
    let n = n0 + n1;
    let effects: Vec<f64> = (0..n)
        .map(|left_out| {
            let order: Vec<usize> = (0..n).filter(|&i| i != left_out).collect();
            let kept = if left_out < n0 { n0 - 1 } else { n0 };
            let mut omega: Vec<f64> = (0..n0).filter(|&i| i != left_out).map(|i| own.omega[i]).collect();
            let total: f64 = omega.iter().sum();
            omega.iter_mut().for_each(|w| *w /= total);
            let fitted = Fitted {
                omega,
                lambda: own.lambda.clone(),
                effect: 0.0,
            };
            effect_in(block, &order, kept, &fitted, post)
        })
        .collect();
    let mean = effects.iter().sum::<f64>() / n as f64;
    let sum: f64 = effects.iter().map(|e| (e - mean).powi(2)).sum();
    Ok(((n as f64 - 1.0) / n as f64 * sum).sqrt())
}
