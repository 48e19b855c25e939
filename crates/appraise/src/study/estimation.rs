//! One panel, one estimator: the estimate, its inference at the level of assignment, its checks, its sample.

use counterpart_estimate::diagnose::{honest_did, placebo, pretrend};
use counterpart_estimate::resample::randomisation::{Randomisation, randomisation};
use counterpart_estimate::result::{Estimate as _, Status};
use counterpart_estimate::sample::{DropReason, RowUse};
use counterpart_estimate::spec::{Inference, Spec};
use counterpart_estimate::{EstimateError, Estimated, Method, Panel, estimate};
use counterpart_model::study::{Check, Estimator};

use crate::assessment::CheckStatusWord;

/// What every estimate of a study has in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Settings {
    /// Confidence of intervals, 0–1.
    pub confidence: f64,
    /// Smallest effect of interest.
    pub smallest_effect: f64,
    /// Seed of everything that draws.
    pub seed: u64,
    /// Draws of randomisation where not all assignments are tried.
    pub draws: usize,
}

/// A check as it came out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    pub check: Check,
    pub status: CheckStatusWord,
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub reason: Option<String>,
}

impl Checked {
    fn not_computed(check: Check, reason: impl Into<String>) -> Self {
        Self {
            check,
            status: CheckStatusWord::NotComputed,
            value: None,
            threshold: None,
            reason: Some(reason.into()),
        }
    }

    fn holds_if(check: Check, holds: bool, value: f64, threshold: f64, reason: Option<String>) -> Self {
        let status = if holds {
            CheckStatusWord::Holds
        } else {
            CheckStatusWord::Fails
        };
        Self {
            check,
            status,
            value: Some(value),
            threshold: Some(threshold),
            reason,
        }
    }
}

/// One estimate with everything that is said about it.
#[derive(Debug, Clone)]
pub(super) struct Ran {
    pub estimated: Estimated,
    /// Randomisation at the level of assignment, or why there is none.
    pub randomisation: Result<Randomisation, String>,
    pub checks: Vec<Checked>,
    /// The control whose removal moves the estimate most, and the estimate without it.
    pub most_telling_control: Option<(String, f64)>,
}

/// Level of a test that speaks against an estimate.
const CHECK_LEVEL: f64 = 0.05;

/// Returns what an error says, without its hint: a reader of the report has no options to set.
fn told(error: &EstimateError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// Returns the estimator's method.
pub(super) const fn method(estimator: Estimator) -> Method {
    match estimator {
        Estimator::Did => Method::Did,
        Estimator::EventStudy => Method::EventStudy,
        Estimator::CallawaySantanna => Method::CallawaySantanna,
        Estimator::SunAbraham => Method::SunAbraham,
        Estimator::Imputation => Method::Imputation,
        Estimator::Dose => Method::Dose,
        Estimator::SyntheticControl => Method::SyntheticControl,
        Estimator::SyntheticDid => Method::SyntheticDid,
    }
}

/// Returns the specification of an estimator on a panel: where several units are treated, synthetic difference in
/// differences takes its errors from the jackknife, which needs no draws; with one treated unit, from placebos.
fn spec_on(panel: &Panel, estimator: Estimator, settings: Settings) -> Spec {
    let spec = spec_of(estimator, settings);
    let n_treated = panel.units().iter().filter(|unit| unit.cohort.is_some()).count();
    if estimator == Estimator::SyntheticDid && n_treated > 1 {
        return spec.with_inference(Inference::Jackknife);
    }
    spec
}

fn spec_of(estimator: Estimator, settings: Settings) -> Spec {
    Spec::new(method(estimator))
        .with_level(settings.confidence)
        .with_draws(settings.draws, settings.seed)
}

/// Runs an estimator on a panel with the checks asked for.
///
/// # Errors
/// Why there is no estimate, in words.
pub(super) fn run(
    panel: &Panel,
    estimator: Estimator,
    settings: Settings,
    checks: &[Check],
) -> Result<Ran, String> {
    let spec = spec_on(panel, estimator, settings);
    let estimated = estimate(panel, &spec).map_err(|error| match error {
        EstimateError::UnknownName { .. } => format!("{estimator} is not yet available"),
        other => told(&other),
    })?;
    // Which assignments could have been is a property of the design; the statistic is the two-way estimate.
    let randomisation =
        randomisation(panel, &spec_of(Estimator::Did, settings)).map_err(|error| told(&error));
    let headline = estimated.headline().map(|row| row.estimate);
    let mut most_telling_control = None;
    let checks = checks
        .iter()
        .map(|check| match check {
            Check::PreTrend => pre_trend(panel, settings),
            Check::PlaceboInTime => placebo_in_time(panel, &spec),
            Check::LeaveOneOutSign | Check::LeaveOneProvinceOutSign => {
                let (checked, telling) = leave_one_out(panel, &spec, headline, *check);
                if most_telling_control.is_none() {
                    most_telling_control = telling;
                }
                checked
            }
            Check::Power => power(&estimated, settings),
            Check::PreFit => of_estimator(&estimated, *check, settings),
            Check::HonestBreakdown => honest_breakdown(&estimated, settings),
        })
        .collect();
    Ok(Ran {
        estimated,
        randomisation,
        checks,
        most_telling_control,
    })
}

/// Joint Wald test of the event study's coefficients before onset.
///
/// Cluster-robust errors of a treated group of few clusters are far too small, and a joint test multiplies the
/// fault (MacKinnon and Webb 2018, Econometrics Journal 21(2)): with fewer treated clusters than coefficients the
/// test is not computed rather than believed.
fn pre_trend(panel: &Panel, settings: Settings) -> Checked {
    let check = Check::PreTrend;
    match pretrend::pre_trend(panel, &spec_of(Estimator::EventStudy, settings)) {
        Ok(wald) => {
            let n_clusters = n_treated_clusters(panel);
            if n_clusters < wald.n_restrictions {
                return Checked::not_computed(
                    check,
                    format!(
                        "{n_clusters} treated clusters cannot tell {} coefficients before onset apart",
                        wald.n_restrictions
                    ),
                );
            }
            let p_value = wald.p_value_few_clusters.unwrap_or(wald.p_value);
            Checked::holds_if(
                check,
                p_value >= CHECK_LEVEL,
                p_value,
                CHECK_LEVEL,
                Some(format!(
                    "p of a joint Wald test of {} coefficients before onset",
                    wald.n_restrictions
                )),
            )
        }
        Err(error) => Checked::not_computed(check, told(&error)),
    }
}

fn n_treated_clusters(panel: &Panel) -> usize {
    let mut clusters: Vec<usize> = panel
        .units()
        .iter()
        .filter(|unit| unit.cohort.is_some())
        .map(|unit| unit.cluster)
        .collect();
    clusters.sort_unstable();
    clusters.dedup();
    clusters.len()
}

/// The same estimate with the onset in the middle of the period before treatment, later rows out.
fn placebo_in_time(panel: &Panel, spec: &Spec) -> Checked {
    let check = Check::PlaceboInTime;
    match placebo::placebo_in_time(panel, spec) {
        Ok(estimated) => match estimated.headline() {
            Some(row) => match row.p_value {
                Some(p) => Checked::holds_if(
                    check,
                    p >= CHECK_LEVEL,
                    p,
                    CHECK_LEVEL,
                    Some(format!("p of a placebo effect of {:.4}", row.estimate)),
                ),
                None => Checked::not_computed(check, "the estimator gives no p-value for the placebo"),
            },
            None => Checked::not_computed(check, "the estimator gives no estimate for the placebo"),
        },
        Err(error) => Checked::not_computed(check, told(&error)),
    }
}

/// The sign of the estimate when one control, or all controls of one assignment unit, are left out.
fn leave_one_out(
    panel: &Panel,
    spec: &Spec,
    headline: Option<f64>,
    check: Check,
) -> (Checked, Option<(String, f64)>) {
    let Some(headline) = headline else {
        return (
            Checked::not_computed(check, "the estimator gives no estimate"),
            None,
        );
    };
    let controls: Vec<usize> = (0..panel.n_units())
        .filter(|unit| panel.units().get(*unit).is_some_and(|unit| unit.cohort.is_none()))
        .collect();
    let by_group = check == Check::LeaveOneProvinceOutSign;
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for unit in controls {
        let Some(described) = panel.units().get(unit) else {
            continue;
        };
        let name = if by_group {
            panel
                .assignments()
                .get(described.assignment)
                .cloned()
                .unwrap_or_default()
        } else {
            described.id.clone()
        };
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, units)) => units.push(unit),
            None => groups.push((name, vec![unit])),
        }
    }
    if groups.len() < 2 {
        return (
            Checked::not_computed(check, "there are fewer than two controls to leave out in turn"),
            None,
        );
    }
    // Only the estimate is read: its errors need no draws to speak of.
    let spec = &spec.clone().with_draws(19, spec.seed);
    let mut telling: Option<(String, f64)> = None;
    let mut changed: Vec<String> = Vec::new();
    for (name, units) in &groups {
        let part = panel.retain(DropReason::LeftOut, |row| {
            panel.row_unit().get(row).is_none_or(|unit| !units.contains(unit))
        });
        let without = estimate(&part, spec)
            .ok()
            .and_then(|estimated| estimated.headline().map(|row| row.estimate));
        let Some(without) = without else {
            return (
                Checked::not_computed(check, format!("without {name} there is no estimate")),
                None,
            );
        };
        if without * headline < 0.0 {
            changed.push(name.clone());
        }
        if telling
            .as_ref()
            .is_none_or(|(_, most)| (without - headline).abs() > (most - headline).abs())
        {
            telling = Some((name.clone(), without));
        }
    }
    let reason = if changed.is_empty() {
        telling.as_ref().map(|(name, without)| {
            format!(
                "the sign stays whichever of {} is left out; it moves most without {name} ({without:.4})",
                groups.len()
            )
        })
    } else {
        Some(format!("the sign changes without {}", changed.join(", ")))
    };
    let value = telling.as_ref().map_or(headline, |(_, without)| *without);
    (
        Checked::holds_if(check, changed.is_empty(), value, 0.0, reason),
        telling,
    )
}

/// The effect that the standard error would detect four times in five, against the smallest of interest.
fn power(estimated: &Estimated, settings: Settings) -> Checked {
    match detectable(estimated) {
        Some(detectable) => Checked::holds_if(
            Check::Power,
            detectable <= settings.smallest_effect,
            detectable,
            settings.smallest_effect,
            Some("smallest effect detected four times in five".to_owned()),
        ),
        None => Checked::not_computed(Check::Power, "the estimator gives no standard error"),
    }
}

/// Returns the smallest effect that a two-sided 5 % test detects with a chance of 80 %: (1.960 + 0.842) standard
/// errors (Bloom 1995, Evaluation Review 19(5)).
pub(super) fn detectable(estimated: &Estimated) -> Option<f64> {
    estimated
        .headline()?
        .std_error
        .map(|error| (1.959_963_985 + 0.841_621_234) * error)
}

/// The largest violation of parallel trends, relative to the largest before onset, at which the effect still leaves
/// out zero.
fn honest_breakdown(estimated: &Estimated, settings: Settings) -> Checked {
    let check = Check::HonestBreakdown;
    let found = honest_did::EventStudy::of(estimated)
        .and_then(|study| honest_did::breakdown(&study, settings.confidence, settings.seed));
    match found {
        Ok(Some(m_bar)) => Checked::holds_if(
            check,
            m_bar >= 1.0,
            m_bar,
            1.0,
            Some("breakdown value of relative magnitudes".to_owned()),
        ),
        Ok(None) => Checked {
            check,
            status: CheckStatusWord::Holds,
            value: None,
            threshold: Some(1.0),
            reason: Some("the effect leaves out zero whatever the violation".to_owned()),
        },
        Err(error) => Checked::not_computed(check, told(&error)),
    }
}

/// A check that the estimator itself brings along.
fn of_estimator(estimated: &Estimated, check: Check, settings: Settings) -> Checked {
    let Some(found) = estimated
        .diagnostics()
        .iter()
        .find(|diagnostic| diagnostic.name == check.as_str())
    else {
        return Checked::not_computed(check, "not yet available for this estimator");
    };
    let threshold = settings.smallest_effect;
    let status = match found.value {
        Some(value) if value > threshold => CheckStatusWord::Fails,
        Some(_) => CheckStatusWord::Holds,
        None => match found.status {
            Status::Holds => CheckStatusWord::Holds,
            Status::Fails => CheckStatusWord::Fails,
            _ => CheckStatusWord::NotComputed,
        },
    };
    Checked {
        check,
        status,
        value: found.value,
        threshold: Some(threshold),
        reason: found.reason.clone(),
    }
}

/// Returns what a row was used as, and why it was dropped.
pub(super) fn role(row_use: RowUse) -> (&'static str, String) {
    match row_use {
        RowUse::Treated => ("treated", String::new()),
        RowUse::Control => ("control", String::new()),
        RowUse::Dropped(reason) => ("dropped", reason.to_string()),
        _ => ("dropped", "for a reason this version does not know".to_owned()),
    }
}
