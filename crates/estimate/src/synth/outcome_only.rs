//! Synthetic control on outcomes, with placebos in space.

use rayon::prelude::*;

use super::block::Block;
use super::simplex::{Simplex, gram, least_norm};
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::{Diagnostic, Estimated, MethodText, PlaceboRow, Status, TidyRow, Warning, WeightRow};
use crate::spec::{Inference, Spec};

/// Placebos whose pre-period mean squared gap exceeds this many times the treated unit's are left out of the
/// second rank (Abadie, Diamond, Hainmueller 2010 show 20, 5 and 2).
pub const POOR_FIT: f64 = 5.0;

/// A unit against its synthetic twin.
pub(crate) struct Twin {
    pub(crate) simplex: Simplex,
    pub(crate) gap: Vec<f64>,
}

impl Twin {
    fn rmspe(&self, from: usize, to: usize) -> f64 {
        (self.gap[from..to].iter().map(|g| g * g).sum::<f64>() / (to - from) as f64).sqrt()
    }
}

/// Weights on `donors` that come nearest to `target` before treatment, and the gap in every period.
pub(crate) fn twin(target: &[f64], donors: &[&[f64]], n_pre: usize) -> Result<Twin, EstimateError> {
    let columns: Vec<Vec<f64>> = donors.iter().map(|d| d[..n_pre].to_vec()).collect();
    let simplex = least_norm(&gram(&columns, &target[..n_pre], 0.0, false), donors.len())?;
    let gap = (0..target.len())
        .map(|t| {
            target[t]
                - simplex
                    .weights
                    .iter()
                    .zip(donors)
                    .map(|(w, d)| w * d[t])
                    .sum::<f64>()
        })
        .collect();
    Ok(Twin { simplex, gap })
}

/// Returns the gap between the treated unit and the mix of donors that resembled it before treatment.
///
/// ω = argmin Σ_{t < g} (Y_1t − Σ_j ω_j Y_jt)² over ω ≥ 0, Σω = 1, solved exactly; the gap in t is
/// Y_1t − Σ_j ω_j Y_jt. Several treated units with one onset are taken as their mean.
///
/// # Shapes and units
/// First row `ATT`, the mean gap after onset; then one row `gap` per period with its event time. Weights of
/// donors above zero; one placebo per unit. No standard error: p is the share of units, the treated one
/// included, whose ratio of post to pre root mean squared gap is at least the treated one's.
///
/// # Assumes
/// The treated unit lies in or near the hull of the donors; nothing happens to donors at onset.
///
/// # Drops
/// Donors without an outcome in some period, periods in which a treated unit has none.
///
/// # Errors
/// [`EstimateError::SeveralOnsets`], [`EstimateError::NoControls`] with fewer than two donors,
/// [`EstimateError::NoPrePeriod`], [`EstimateError::NotUnique`] if the pre-period fit is perfect, so that many
/// weights fit and the gap is a matter of choice.
///
/// # Source
/// Abadie, Diamond, Hainmueller (2010), JASA 105(490); the set of predictors is all pre-period outcomes with
/// equal importance (Doudchenko and Imbens 2016, section 3.1, without intercept). The pool of each placebo holds
/// the treated unit.
///
/// # Example
/// Donors at 0, 1 and 2, 3 come nearest to 1, 2.1 with weights 0.475 and 0.525: 3.1 of the 5 after onset.
/// ```
/// # use counterpart_estimate::{Columns, Panel, Spec, spec::Method, synth::synthetic_control};
/// let names = ["treated", "a", "b"].map(String::from);
/// let outcome = [[1.0, 2.1, 5.0], [0.0, 1.0, 1.0], [2.0, 3.0, 5.0]];
/// let outcome: Vec<Vec<Option<f64>>> = outcome.iter().map(|y| y.iter().copied().map(Some).collect()).collect();
/// let first_treated = [Some(3), None, None];
/// let panel = Panel::build(Columns::from_rectangle(&names, &[1, 2, 3], &outcome, &first_treated, None, None))?;
/// let estimated = synthetic_control(&panel, &Spec::new(Method::SyntheticControl))?;
/// assert!((estimated.rows()[0].estimate - 1.9).abs() < 1e-12);
/// assert!(estimated.rows()[0].std_error.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn synthetic_control(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    if !matches!(spec.inference, Inference::Placebo) {
        return Err(EstimateError::NoSuchInference {
            inference: spec.inference.name().into(),
            reason: "one treated path has no standard error".into(),
            instead: "placebo".into(),
        });
    }
    let mut block = Block::new(panel, spec)?;
    let n_pre = block.n_pre;
    let post = block.first_post();
    let target = block.treated_mean();
    let donors: Vec<&[f64]> = block.outcome[..block.n_donors()]
        .iter()
        .map(Vec::as_slice)
        .collect();
    let own = twin(&target, &donors, n_pre)?;
    let level: f64 = target[..n_pre].iter().map(|y| y * y).sum();
    if own.simplex.objective <= 1e-20 * level {
        return Err(EstimateError::NotUnique {
            what: "the synthetic control".into(),
            reason: format!(
                "{} donors reproduce {n_pre} periods before treatment without error",
                block.n_donors()
            ),
            hint: "add periods before treatment, or narrow the donor pool by a rule".into(),
        });
    }
    if own.simplex.has_ties {
        block.warnings.push(Warning::new(
            "weights_not_unique",
            "other weights on the donors fit the periods before treatment equally well; the gap depends on the choice",
        ));
    }
    let end = block.periods.len();
    let att = own.gap[post..].iter().sum::<f64>() / (end - post) as f64;
    let mut rows = vec![TidyRow::new("ATT", att)];
    for (t, gap) in block.periods.iter().zip(&own.gap) {
        let mut row = TidyRow::new("gap", *gap).at_event_time(t - block.onset);
        row.time = Some(*t);
        rows.push(row);
    }
    let weights = block
        .donors
        .iter()
        .zip(&own.simplex.weights)
        .filter(|(_, w)| **w > 0.0)
        .map(|(&u, &weight)| WeightRow {
            unit: Some(block.name(u)),
            period: None,
            weight,
        })
        .collect();

    let placebos = placebos(&block, &target, n_pre, post)?;
    let treated_row = placebo_row(
        if block.treated.len() == 1 {
            block.name(block.treated[0])
        } else {
            "treated (mean)".into()
        },
        &own,
        n_pre,
        post,
    );
    let mut diagnostics = Vec::new();
    let mut p_value = None;
    match treated_row.ratio {
        Some(ratio) => {
            let rank = |pool: &[&PlaceboRow]| {
                let above = pool
                    .iter()
                    .filter(|p| p.ratio.is_none_or(|r| r >= ratio * (1.0 - 1e-9)))
                    .count();
                (1 + above) as f64 / (1 + pool.len()) as f64
            };
            let all: Vec<&PlaceboRow> = placebos.iter().collect();
            let limit = POOR_FIT * treated_row.rmspe_pre.unwrap_or(0.0).powi(2);
            let good: Vec<&PlaceboRow> = placebos
                .iter()
                .filter(|p| p.rmspe_pre.unwrap_or(0.0).powi(2) <= limit)
                .collect();
            let p = rank(&all);
            p_value = Some(p);
            let floor = 1.0 / (1 + all.len()) as f64;
            diagnostics.push(diagnostic(
                "rank_all_placebos",
                ratio,
                Some(p),
                Status::Holds,
                format!("{} placebos", all.len()),
            ));
            diagnostics.push(diagnostic(
                "rank_good_fit",
                ratio,
                Some(rank(&good)),
                Status::Holds,
                format!("{} placebos with a pre-period mean squared gap up to {POOR_FIT} times the treated unit's", good.len()),
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
                format!("{} units in all", 1 + all.len()),
            ));
        }
        None => block.warnings.push(Warning::new(
            "no_rank",
            "the gap before treatment is zero to rounding: no ratio exists",
        )),
    }
    diagnostics.push(diagnostic(
        "pre_fit",
        treated_row.rmspe_pre.unwrap_or(0.0),
        None,
        Status::Holds,
        format!(
            "root mean squared gap over {n_pre} periods before treatment, {} donors",
            block.n_donors()
        ),
    ));
    rows[0].p_value = p_value;
    if block.treated.len() > 1 {
        block.warnings.push(Warning::new(
            "mean_of_treated",
            format!("{} treated units are taken as their mean, placebos are single units: the rank is conservative at best", block.treated.len()),
        ));
    }
    let text = MethodText {
        text: format!(
            "Synthetic control on {}: simplex weights on {} donors by all {n_pre} outcomes before treatment, exact solution; placebo inference over every donor.",
            panel.names().outcome,
            block.n_donors()
        ),
        citation: vec![
            "Abadie, A., Diamond, A. and Hainmueller, J. (2010). Synthetic control methods for comparative case studies. Journal of the American Statistical Association 105(490), 493–505."
                .into(),
            "Wolfe, P. (1976). Finding the nearest point in a polytope. Mathematical Programming 11, 128–149.".into(),
        ],
    };
    let warnings = std::mem::take(&mut block.warnings);
    let mut estimated = Estimated::new(spec, rows, block.ledger.finish(Vec::new()), text);
    estimated.weights = weights;
    estimated.placebos = std::iter::once(treated_row).chain(placebos).collect();
    estimated.diagnostics = diagnostics;
    estimated.warnings = warnings;
    Ok(estimated)
}

pub(crate) fn diagnostic(
    name: &str,
    value: f64,
    p_value: Option<f64>,
    status: Status,
    reason: String,
) -> Diagnostic {
    Diagnostic {
        name: name.into(),
        value: Some(value),
        p_value,
        status,
        reason: Some(reason),
    }
}

fn placebo_row(unit: String, twin: &Twin, n_pre: usize, post: usize) -> PlaceboRow {
    let end = twin.gap.len();
    let (before, after) = (twin.rmspe(0, n_pre), twin.rmspe(post, end));
    PlaceboRow {
        unit,
        estimate: twin.gap[post..].iter().sum::<f64>() / (end - post) as f64,
        rmspe_pre: Some(before),
        rmspe_post: Some(after),
        ratio: (before > 1e-10 * after.max(f64::MIN_POSITIVE)).then(|| after / before),
    }
}

/// Every donor as if it had been treated, the others and the treated mean as its donors.
fn placebos(
    block: &Block<'_>,
    target: &[f64],
    n_pre: usize,
    post: usize,
) -> Result<Vec<PlaceboRow>, EstimateError> {
    let n = block.n_donors();
    (0..n)
        .into_par_iter()
        .map(|j| {
            let mut pool: Vec<&[f64]> = (0..n)
                .filter(|&k| k != j)
                .map(|k| block.outcome[k].as_slice())
                .collect();
            pool.push(target);
            let twin = twin(&block.outcome[j], &pool, n_pre)?;
            Ok(placebo_row(block.name(block.donors[j]), &twin, n_pre, post))
        })
        .collect()
}
