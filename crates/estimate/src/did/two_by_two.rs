//! Two-way fixed effects with one treatment dummy; with two periods, the 2×2 difference in differences.

use super::two_way::{TwoWay, effects_in_words, errors_in_words, infer_combinations, without_lone};
use crate::error::EstimateError;
use crate::panel::{Names, Panel};
use crate::regression::Design;
use crate::result::{Estimated, MethodText, TidyRow, Warning};
use crate::spec::{Inference, Spec};

/// Name of the treatment dummy in regressions.
pub(crate) const TREATED: &str = "treated";

/// Returns the coefficient of treatment in a regression with unit and period effects.
///
/// Y_it = α_i + λ_t + τ·D_it + X_it'β + ε_it with D_it = 1 from first treatment on. With one onset τ is the
/// average effect on the treated under parallel trends; with several it averages comparisons of which some use
/// treated units as controls, and a warning says so.
///
/// # Shapes and units
/// One row, term `ATT`, in the outcome's unit.
///
/// # Assumes
/// Parallel trends; with several onsets also effects that are equal over cohorts and time.
///
/// # Drops
/// Units treated from the first period on (unless [`Spec::keep_always_treated`]), rows alone in their unit or
/// period, rows without outcome or covariate.
///
/// # Errors
/// [`EstimateError::NoTreated`], [`EstimateError::NoControls`], [`EstimateError::NoPrePeriod`],
/// [`EstimateError::Collinear`], those of [`crate::variance::vcov`].
///
/// # Source
/// Small-sample factors follow `fixest` (Bergé 2018); t with G − 1 degrees of freedom. Where only one cluster is
/// treated there is no standard error: the sum of its scores is zero by construction, and the formula would
/// leave its variance out (MacKinnon and Webb 2018, The Econometrics Journal 21(2)).
///
/// # Example
/// The treated unit rises by 5, the others by 2 and 3 on average 2.5.
/// ```
/// # use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing, did::two_by_two::did};
/// let columns = Columns::new(
///     ["a", "a", "b", "b", "c", "c"].map(String::from).to_vec(),
///     vec![1, 2, 1, 2, 1, 2],
///     [1.0, 6.0, 0.0, 2.0, 0.0, 3.0].map(Some).to_vec(),
///     Timing::Onset { treated: vec![true, true, false, false, false, false], onset: 2 },
/// );
/// let estimated = did(&Panel::build(columns)?, &Spec::did())?;
/// assert!((estimated.rows()[0].estimate - 2.5).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn did(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let mut two_way = TwoWay::new(panel, spec)?;
    two_way.check_comparison()?;
    let treated: Vec<f64> = two_way
        .rows
        .iter()
        .map(|&r| f64::from(panel.is_treated_row(r)))
        .collect();
    let fit = two_way.fit(Design::new().with(TREATED, treated))?;
    let Some(tau) = fit.coefficient(TREATED) else {
        return Err(EstimateError::Collinear {
            columns: vec![TREATED.to_owned()],
        });
    };
    two_way.warnings.extend(staggered(panel.cohorts().len()));
    two_way.say_dropped(&fit);
    let mut rows = vec![TidyRow::new("ATT", tau)];
    let at = fit.names.iter().position(|n| n == TREATED);
    let mut covariance = None;
    let mut df = None;
    if spec.inference == Inference::Analytic
        && let Some(vcov) = two_way.vcov(&fit, spec)?
    {
        let mut weights = vec![at.map(|j| vec![(j, 1.0)]).unwrap_or_default()];
        let lone = without_lone(&two_way.lone(), spec, &rows, &mut weights, &two_way.cells(&|k| k));
        two_way.warnings.extend(lone);
        let (all, warning) = infer_combinations(&mut rows, &weights, &vcov, spec)?;
        covariance = Some(all);
        two_way.warnings.extend(warning);
        df = Some(vcov.df);
    }
    let text = method_text(panel.names(), spec);
    let warnings = std::mem::take(&mut two_way.warnings);
    let mut estimated = Estimated::new(spec, rows, two_way.ledger.finish(Vec::new()), text);
    estimated.covariance = covariance;
    estimated.warnings = warnings;
    estimated.df = df;
    Ok(estimated)
}

pub(crate) fn method_text(names: &Names, spec: &Spec) -> MethodText {
    MethodText {
        text: format!(
            "Two-way fixed effects: {} on a treatment dummy with effects of {}; {}.",
            names.outcome,
            effects_in_words(names, spec),
            errors_in_words(names, spec),
        ),
        citation: vec![
            "Wooldridge, J. M. (2010). Econometric Analysis of Cross Section and Panel Data, 2nd ed., ch. 10. MIT Press."
                .into(),
            "Bergé, L. (2018). Efficient estimation of maximum likelihood models with multiple fixed-effects: the R package FENmlm. CREA Discussion Paper 13."
                .into(),
        ],
    }
}

/// Says what several onsets do to the estimate.
pub(crate) fn staggered(n_onsets: usize) -> Option<Warning> {
    (n_onsets > 1).then(|| {
        Warning::new(
            "staggered",
            format!("{n_onsets} onsets: two-way fixed effects also compare with units treated before; see callaway-santanna"),
        )
    })
}
