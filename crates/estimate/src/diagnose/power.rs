//! What a design could have seen: the minimum detectable effect.

use crate::distribution::{critical, normal_quantile};
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::resample::randomisation::randomisation;
use crate::spec::Spec;

/// A minimum detectable effect and how it was found.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct DetectableEffect {
    /// Smallest effect found with the wanted power, in the unit of the outcome; `None` if no effect is, because
    /// the smallest possible p-value lies above the level.
    pub effect: Option<f64>,
    /// The wanted power.
    pub power: f64,
    /// Confidence level of the test.
    pub level: f64,
    /// `analytic` or `randomisation`.
    pub by: &'static str,
}

/// Returns the effect that a two-sided test would find with probability `power`, from a standard error.
///
/// MDE = (t_{1−α/2} + z_{power}) · SE; `df` as in the estimate.
///
/// # Errors
/// [`EstimateError::OutOfRange`] if power or level is not between 0 and 1 or the standard error is not positive.
///
/// # Source
/// Bloom (1995), Evaluation Review 19(5).
///
/// # Example
/// At 95 % and power 0.8 the multiple is 1.96 + 0.84 = 2.80.
/// ```
/// let mde = counterpart_estimate::diagnose::power::analytic(1.0, None, 0.8, 0.95)?;
/// assert!((mde.effect.unwrap() - 2.8016).abs() < 1e-4);
/// # Ok::<(), counterpart_estimate::EstimateError>(())
/// ```
pub fn analytic(
    std_error: f64,
    df: Option<f64>,
    power: f64,
    level: f64,
) -> Result<DetectableEffect, EstimateError> {
    check(power, level)?;
    if !(std_error > 0.0 && std_error.is_finite()) {
        return Err(EstimateError::OutOfRange {
            what: "standard error".into(),
            value: std_error,
            expected: "a positive number".into(),
        });
    }
    let multiple = critical(level, df)? + normal_quantile(power);
    Ok(DetectableEffect {
        effect: Some(multiple * std_error),
        power,
        level,
        by: "analytic",
    })
}

/// Returns the effect that the randomisation test at the panel's level of assignment would find.
///
/// The estimated effect is taken out of the outcome; under every assignment tried, τ* is what noise alone gives,
/// and an effect e makes it τ* + e. The test rejects above the smallest |τ*| that a share α of assignments
/// exceeds; the smallest e that is rejected under a share `power` of them is returned.
///
/// # Errors
/// Those of [`randomisation`].
pub fn by_randomisation(panel: &Panel, spec: &Spec, power: f64) -> Result<DetectableEffect, EstimateError> {
    check(power, spec.level)?;
    let first = randomisation(panel, spec)?;
    let none = DetectableEffect {
        effect: None,
        power,
        level: spec.level,
        by: "randomisation",
    };
    let alpha = 1.0 - spec.level;
    if first.p_floor > alpha {
        return Ok(none);
    }
    let outcome = (0..panel.n_rows())
        .map(|r| {
            panel.outcome()[r]
                - if panel.is_treated_row(r) {
                    first.estimate
                } else {
                    0.0
                }
        })
        .collect();
    let noise = randomisation(&panel.with_outcome(outcome)?, spec)?.estimates;
    let n = noise.len() as f64;
    let mut sizes: Vec<f64> = noise.iter().map(|b| b.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    // An observed value is rejected if at most α·n assignments, itself among them, are as far out.
    let rejected = ((alpha * n + 1e-9).floor() as usize).max(1);
    let Some(&threshold) = sizes.get(rejected - 1) else {
        return Ok(none);
    };
    let mut needed: Vec<f64> = noise.iter().map(|b| (threshold - b).max(0.0)).collect();
    needed.sort_by(f64::total_cmp);
    let at = ((power * n).ceil() as usize).clamp(1, needed.len());
    Ok(DetectableEffect {
        effect: needed.get(at - 1).copied(),
        power,
        level: spec.level,
        by: "randomisation",
    })
}

fn check(power: f64, level: f64) -> Result<(), EstimateError> {
    for (what, value) in [("power", power), ("level", level)] {
        if !(value > 0.0 && value < 1.0) {
            let expected = "a number between 0 and 1".into();
            return Err(EstimateError::OutOfRange {
                what: what.into(),
                value,
                expected,
            });
        }
    }
    Ok(())
}
