//! The list of members, and the one door to all of them.

use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::{Diagnostic, Estimated, Status};
use crate::spec::{Inference, Method, Spec};

/// Returns the estimate that a specification asks for.
///
/// # Errors
/// Those of the method; [`EstimateError::NoSuchInference`] if it does not offer the inference asked for.
pub fn estimate(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    spec.check()?;
    match spec.method {
        Method::Did => match spec.inference {
            Inference::Randomisation => {
                let mut estimated = crate::did::did(panel, spec)?;
                let test = crate::resample::randomisation::randomisation(panel, spec)?;
                if let Some(row) = estimated.rows.first_mut() {
                    row.p_value = Some(test.p_value);
                    row.conf_low = test.conf_low;
                    row.conf_high = test.conf_high;
                }
                estimated.diagnostics.push(Diagnostic {
                    name: "p_floor".into(),
                    value: Some(test.p_floor),
                    p_value: None,
                    status: if test.p_floor <= 1.0 - spec.level {
                        Status::Holds
                    } else {
                        Status::Fails
                    },
                    reason: Some(format!(
                        "{} of {} assignment units (`{}`) treated",
                        test.n_treated_groups, test.n_groups, test.level
                    )),
                });
                Ok(estimated)
            }
            Inference::Analytic => crate::did::did(panel, spec),
            other => Err(refuse(spec.method, other)),
        },
        Method::EventStudy => crate::did::event_study(panel, spec),
        Method::CallawaySantanna => crate::did::callaway_santanna(panel, spec),
        Method::SunAbraham => crate::did::sun_abraham(panel, spec),
        Method::Imputation => crate::did::imputation(panel, spec),
        Method::Dose => crate::did::dose::dose(panel, spec),
        Method::SyntheticControl => crate::synth::synthetic_control(panel, spec),
        Method::SyntheticDid => crate::synth::synthetic_did(panel, spec),
    }
}

fn refuse(method: Method, inference: Inference) -> EstimateError {
    EstimateError::NoSuchInference {
        inference: inference.name().into(),
        reason: format!("{method} does not offer it"),
        instead: "analytic or randomisation".into(),
    }
}
