//! Continuous dose × post.

use super::two_way::{TwoWay, fill};
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::regression::Design;
use crate::result::{Estimated, MethodText, TidyRow};
use crate::spec::{Inference, Spec};

/// Returns the change of the outcome after onset per unit of dose.
///
/// Y_it = α_i + λ_t + δ · dose_i · 1{t ≥ g_i} + ε_it. Untreated units have dose 0.
///
/// # Shapes and units
/// One row, term `dose_x_post`, outcome units per unit of dose.
///
/// # Assumes
/// Strong parallel trends: units of every dose would have changed alike under every dose (Callaway,
/// Goodman-Bacon, Sant'Anna 2024); the effect is linear in the dose.
///
/// # Drops
/// As [`did`](super::two_by_two::did).
///
/// # Errors
/// [`EstimateError::Missing`] without a dose; [`EstimateError::Collinear`] if doses do not differ between units
/// in a way that the period effects leave.
pub fn dose(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let Some(dose) = panel.dose() else {
        return Err(EstimateError::Missing {
            what: "a dose".into(),
            hint: "name the column that holds it".into(),
        });
    };
    let mut two_way = TwoWay::new(panel, spec)?;
    const TERM: &str = "dose_x_post";
    let column = two_way
        .rows
        .iter()
        .map(|&r| if panel.is_treated_row(r) { dose[r] } else { 0.0 })
        .collect();
    let fit = two_way.fit(Design::new().with(TERM, column))?;
    let Some(slope) = fit.coefficient(TERM) else {
        return Err(EstimateError::Collinear {
            columns: vec![TERM.to_owned()],
        });
    };
    let mut rows = vec![TidyRow::new(TERM, slope)];
    let at = fit.names.iter().position(|n| n == TERM);
    let mut covariance = None;
    let mut df = None;
    if spec.inference == Inference::Analytic
        && let Some(vcov) = two_way.vcov(&fit, spec)?
    {
        covariance = Some(fill(&mut rows, &[at], &vcov, fit.names.len(), spec.level)?);
        df = Some(vcov.df);
    }
    let text = MethodText {
        text: format!(
            "Dose × post: {} on {} from onset on with effects of {} and {}.",
            panel.names().outcome,
            panel.names().dose,
            panel.names().unit,
            panel.names().period
        ),
        citation: vec![
            "Callaway, B., Goodman-Bacon, A. and Sant'Anna, P. H. C. (2024). Difference-in-differences with a continuous treatment. NBER Working Paper 32117."
                .into(),
        ],
    };
    let warnings = std::mem::take(&mut two_way.warnings);
    let mut estimated = Estimated::new(spec, rows, two_way.ledger.finish(Vec::new()), text);
    estimated.covariance = covariance;
    estimated.warnings = warnings;
    estimated.df = df;
    Ok(estimated)
}
