//! The list of members, and the one door to those that estimate.
//!
//! Command line, pages and tests read [`MEMBERS`]: a member without a page or without a reference to be held to
//! fails a test.

use crate::diagnose::honest_did::{self, HonestInterval, Restriction};
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::resample::randomisation::randomisation;
use crate::resample::reestimated::randomised;
use crate::resample::wild_cluster::wild_cluster;
use crate::result::{Diagnostic, Estimated, Status, Warning};
use crate::sample::DropReason;
use crate::spec::{Aggregation, Inference, Method, PanelUse, Spec};

/// What kind of answer a member gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Estimates: a method that [`estimate`] runs.
    Estimator,
    /// Standard errors, p-values, bands.
    Inference,
    /// A check of an estimate.
    Diagnostic,
    /// Arithmetic that others rest on.
    Engine,
}

/// One member of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Member {
    /// Name, also of its page `docs/estimators/<name>.md`.
    pub name: &'static str,
    /// Kind.
    pub kind: Kind,
    /// Tier of the design's list.
    pub tier: u8,
    /// One line for lists.
    pub summary: &'static str,
    /// Papers.
    pub references: &'static [&'static str],
    /// What it is held to: golden folders or files under `tests/golden`, or a test of a second road as
    /// `module::function` under `tests/it`.
    pub held_to: &'static [&'static str],
    /// Inference that [`estimate`] offers for it, the default first.
    pub inference: &'static [Inference],
}

/// Every member, estimators first.
pub const MEMBERS: &[Member] = &[
    Member {
        name: "did",
        kind: Kind::Estimator,
        tier: 1,
        summary: "two-way fixed effects with one treatment dummy; the 2×2 with two periods",
        references: &["Wooldridge (2010), ch. 10", "Bergé (2018)"],
        held_to: &["pyfixest-0.60.0/mpdta/twfe_cluster_unit.json"],
        inference: &[Inference::Analytic, Inference::Randomisation, Inference::Wild],
    },
    Member {
        name: "event-study",
        kind: Kind::Estimator,
        tier: 1,
        summary: "two-way fixed effects with one dummy per event time",
        references: &["Sun and Abraham (2021)", "Borusyak, Jaravel and Spiess (2024)"],
        held_to: &["pyfixest-0.60.0/mpdta/eventstudy_twfe.json"],
        inference: &[Inference::Analytic, Inference::Randomisation],
    },
    Member {
        name: "callaway-santanna",
        kind: Kind::Estimator,
        tier: 1,
        summary: "group-time average effects and their averages",
        references: &["Callaway and Sant'Anna (2021)", "Sant'Anna and Zhao (2020)"],
        held_to: &[
            "csdid-0.4.3/mpdta/cs_nevertreated_universal.json",
            "diff-diff-3.13.0/mpdta/cs_nevertreated_universal.json",
        ],
        inference: &[
            Inference::Analytic,
            Inference::Multiplier,
            Inference::Randomisation,
        ],
    },
    Member {
        name: "sun-abraham",
        kind: Kind::Estimator,
        tier: 1,
        summary: "event study averaged over cohorts by their shares",
        references: &["Sun and Abraham (2021)"],
        held_to: &["diff-diff-3.13.0/mpdta/sunab.json"],
        inference: &[Inference::Analytic, Inference::Randomisation],
    },
    Member {
        name: "imputation",
        kind: Kind::Estimator,
        tier: 1,
        summary: "treated rows against imputed untreated outcomes",
        references: &["Borusyak, Jaravel and Spiess (2024)"],
        held_to: &["diff-diff-3.13.0/mpdta/bjs.json"],
        inference: &[Inference::Analytic, Inference::Randomisation],
    },
    Member {
        name: "dose",
        kind: Kind::Estimator,
        tier: 1,
        summary: "continuous dose × post with unit and period effects",
        references: &["Callaway, Goodman-Bacon and Sant'Anna (2024)"],
        held_to: &["dose::a_dose_of_one_is_the_treatment_dummy"],
        inference: &[Inference::Analytic, Inference::Randomisation],
    },
    Member {
        name: "synthetic-control",
        kind: Kind::Estimator,
        tier: 1,
        summary: "one treated path against a mix of donors, with placebos in space",
        references: &["Abadie, Diamond and Hainmueller (2010)", "Wolfe (1976)"],
        held_to: &["scipy-slsqp/california_prop99/sc_outcomes_only.json"],
        inference: &[Inference::Placebo],
    },
    Member {
        name: "synthetic-did",
        kind: Kind::Estimator,
        tier: 1,
        summary: "difference in differences with weights on units and periods",
        references: &["Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021)"],
        held_to: &["diff-diff-3.13.0/california_prop99/sdid_placebo.json"],
        inference: &[Inference::Placebo, Inference::Jackknife, Inference::Bootstrap],
    },
    Member {
        name: "ols",
        kind: Kind::Engine,
        tier: 1,
        summary: "least squares with absorbed fixed effects and named standard errors",
        references: &[
            "Björck (1967)",
            "Correia (2017)",
            "Cameron, Gelbach and Miller (2011)",
        ],
        held_to: &["nist::longley"],
        inference: &[],
    },
    Member {
        name: "cohort-moments",
        kind: Kind::Engine,
        tier: 1,
        summary: "one pass over a panel, then linear estimators from group moments",
        references: &["Callaway and Sant'Anna (2021), theorem 2"],
        held_to: &["moments::every_estimator_from_moments_equals_the_one_on_units"],
        inference: &[],
    },
    Member {
        name: "randomisation",
        kind: Kind::Inference,
        tier: 1,
        summary: "the same estimate under every assignment that could have been",
        references: &["Fisher (1935)", "Young (2019)"],
        held_to: &["randomisation::interval_holds_the_effect_and_its_ends_are_where_p_crosses_alpha"],
        inference: &[],
    },
    Member {
        name: "wild-cluster",
        kind: Kind::Inference,
        tier: 1,
        summary: "wild cluster bootstrap with the null imposed",
        references: &[
            "Cameron, Gelbach and Miller (2008)",
            "Roodman, Nielsen, MacKinnon and Webb (2019)",
        ],
        held_to: &["wild_cluster::the_fast_road_equals_the_slow_one"],
        inference: &[],
    },
    Member {
        name: "pre-trend",
        kind: Kind::Diagnostic,
        tier: 1,
        summary: "joint Wald test of effects before treatment",
        references: &["Roth (2022)"],
        held_to: &["properties::pre_trends_and_the_placebo_in_time_run_on_the_same_panel"],
        inference: &[],
    },
    Member {
        name: "placebo-in-time",
        kind: Kind::Diagnostic,
        tier: 1,
        summary: "treatment moved to the middle of the time before it",
        references: &["Abadie, Diamond and Hainmueller (2015)"],
        held_to: &["properties::pre_trends_and_the_placebo_in_time_run_on_the_same_panel"],
        inference: &[],
    },
    Member {
        name: "honest-did",
        kind: Kind::Diagnostic,
        tier: 1,
        summary: "how wrong parallel trends may be before the conclusion falls",
        references: &["Rambachan and Roth (2023)", "Andrews, Roth and Pakes (2023)"],
        held_to: &["diff-diff-3.13.0/mpdta/honest.json"],
        inference: &[],
    },
    Member {
        name: "leave-one-out",
        kind: Kind::Diagnostic,
        tier: 1,
        summary: "the estimate without each comparison unit",
        references: &["Abadie (2021)"],
        held_to: &["golden_synth::leaving_a_donor_out_moves_the_estimate_but_not_far"],
        inference: &[],
    },
    Member {
        name: "detectable-effect",
        kind: Kind::Diagnostic,
        tier: 1,
        summary: "the smallest effect the design could have seen",
        references: &["Bloom (1995)"],
        held_to: &["diagnose::detectable_effects"],
        inference: &[],
    },
    Member {
        name: "specification-curve",
        kind: Kind::Diagnostic,
        tier: 1,
        summary: "every defensible specification, sorted",
        references: &["Simonsohn, Simmons and Nelson (2020)"],
        held_to: &["diagnose::a_curve_is_sorted_and_says_what_was_refused"],
        inference: &[],
    },
];

/// Returns the member of that name, hyphens and underscores alike.
#[must_use]
pub fn member(name: &str) -> Option<&'static Member> {
    let name = name.replace('_', "-");
    MEMBERS.iter().find(|m| m.name == name)
}

/// Returns the estimate that a specification asks for.
///
/// # Errors
/// Those of the method; [`EstimateError::NoSuchInference`] if it does not offer the inference asked for.
///
/// # Example
/// One door for every method.
/// ```
/// # use counterpart_estimate::{Columns, Panel, Spec, spec::Method};
/// let names = ["t1", "t2", "c1", "c2"].map(String::from);
/// let outcome = [[1.0, 2.0, 6.0], [2.0, 3.0, 6.0], [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]];
/// let outcome: Vec<Vec<Option<f64>>> = outcome.iter().map(|y| y.iter().copied().map(Some).collect()).collect();
/// let first_treated = [Some(3), Some(3), None, None];
/// let panel = Panel::build(Columns::from_rectangle(&names, &[1, 2, 3], &outcome, &first_treated, None, None))?;
/// for method in [Method::Did, Method::CallawaySantanna, Method::Imputation] {
///     let estimated = counterpart_estimate::estimate(&panel, &Spec::new(method))?;
///     assert!((estimated.rows()[0].estimate - 2.0).abs() < 1e-12);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn estimate(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    spec.check()?;
    let offered = member(spec.method.name()).map_or(&[][..], |m| m.inference);
    if !offered.contains(&spec.inference) {
        let names: Vec<&str> = offered.iter().map(|i| i.name()).collect();
        return Err(EstimateError::NoSuchInference {
            inference: spec.inference.name().into(),
            reason: format!("{} does not offer it", spec.method),
            instead: names.join(", "),
        });
    }
    let closed_form = spec.method == Method::Did && spec.covariates.is_empty() && spec.absorb.is_empty();
    if spec.inference == Inference::Randomisation && !closed_form {
        return randomised(panel, spec, by_method);
    }
    by_method(panel, spec)
}

fn by_method(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let by_rows = matches!(
        spec.method,
        Method::Imputation | Method::SyntheticControl | Method::SyntheticDid
    );
    // The others settle it with covariates at hand.
    if spec.panel_use == PanelUse::Balanced && by_rows && !panel.is_balanced() {
        let whole = |r: usize| panel.unit_rows(panel.row_unit()[r]).len() == panel.n_periods();
        return run(&panel.retain(DropReason::NotBalanced, whole), spec);
    }
    run(panel, spec)
}

fn run(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let mut estimated = of_method(panel, spec)?;
    estimated
        .warnings
        .extend(little_before(panel.periods(), panel.cohorts(), spec, &estimated));
    Ok(estimated)
}

/// Says where too little time before treatment is in the panel.
pub(crate) fn little_before(
    periods: &[i64],
    cohorts: &[i64],
    spec: &Spec,
    estimated: &Estimated,
) -> Option<Warning> {
    let before = |g: i64| periods.iter().filter(|t| **t < g).count();
    let most = cohorts.iter().map(|&g| before(g)).max()?;
    let n_donors = estimated.sample().n_control_units();
    if matches!(spec.method, Method::SyntheticControl | Method::SyntheticDid) {
        return (most < n_donors).then(|| {
            Warning::new(
                "fewer_periods_than_donors",
                format!(
                    "{most} periods before treatment and {n_donors} donors: a good fit before treatment says little; see the placebos, which had the same freedom"
                ),
            )
        });
    }
    (most == 1).then(|| {
        Warning::new(
            "one_pre_period",
            "one period before treatment: nothing in the panel can speak against parallel trends",
        )
    })
}

fn of_method(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    match spec.method {
        Method::Did => did(panel, spec),
        Method::EventStudy => crate::did::event_study(panel, spec),
        Method::CallawaySantanna => crate::did::callaway_santanna(panel, spec),
        Method::SunAbraham => crate::did::sun_abraham(panel, spec),
        Method::Imputation => crate::did::imputation(panel, spec),
        Method::Dose => crate::did::dose::dose(panel, spec),
        Method::SyntheticControl => crate::synth::synthetic_control(panel, spec),
        Method::SyntheticDid => crate::synth::synthetic_did(panel, spec),
        Method::Ols => Err(EstimateError::Missing {
            what: "a cross-section".into(),
            hint: "least squares on plain rows goes through regression::cross_section::ols".into(),
        }),
    }
}

/// Two-way fixed effects with the inference asked for.
fn did(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let mut estimated = crate::did::did(panel, spec)?;
    let floor = |value: f64, reason: String| Diagnostic {
        name: "p_floor".into(),
        value: Some(value),
        p_value: None,
        status: if value <= 1.0 - spec.level {
            Status::Holds
        } else {
            Status::Fails
        },
        reason: Some(reason),
    };
    match spec.inference {
        Inference::Randomisation => {
            let test = randomisation(panel, spec)?;
            if let Some(row) = estimated.rows.first_mut() {
                row.p_value = Some(test.p_value);
                row.conf_low = test.conf_low;
                row.conf_high = test.conf_high;
            }
            let how = if test.exhaustive {
                "all assignments"
            } else {
                "assignments drawn"
            };
            let reason = format!(
                "{} of {} assignment units (`{}`) treated, {} {how}",
                test.n_treated_groups, test.n_groups, test.level, test.n_tried
            );
            estimated.diagnostics.push(floor(test.p_floor, reason));
        }
        Inference::Wild => {
            let test = wild_cluster(panel, spec)?;
            if let Some(row) = estimated.rows.first_mut() {
                row.statistic = Some(test.statistic);
                row.p_value = Some(test.p_value);
            }
            let reason = format!(
                "{} clusters, {} treated, {} sign vectors",
                test.n_clusters, test.n_treated_clusters, test.n_tried
            );
            estimated.diagnostics.push(floor(test.p_floor, reason));
        }
        _ => {}
    }
    Ok(estimated)
}

/// The event study that belongs to a specification: its own, or that of two-way fixed effects.
fn event_study_of(panel: &Panel, spec: &Spec) -> Result<Estimated, EstimateError> {
    let mut own = spec.clone();
    own.inference = Inference::Analytic;
    if !matches!(
        own.method,
        Method::CallawaySantanna | Method::SunAbraham | Method::EventStudy
    ) {
        own.method = Method::EventStudy;
    }
    if !own.aggregations.contains(&Aggregation::Dynamic) {
        own.aggregations.push(Aggregation::Dynamic);
    }
    estimate(panel, &own)
}

/// Returns what remains of the mean effect after onset under each bound on differences in trends: relative magnitudes
/// first, then smoothness. An empty list of smoothness bounds means 0 and the largest change of slope seen before onset,
/// half of it and the whole.
///
/// # Errors
/// Those of the event study and of [`honest_did::honest_did`].
pub fn honest_bounds(
    panel: &Panel,
    spec: &Spec,
    magnitudes: &[f64],
    smoothness: &[f64],
) -> Result<Vec<HonestInterval>, EstimateError> {
    let study = honest_did::EventStudy::of(&event_study_of(panel, spec)?)?;
    let smoothness = if smoothness.is_empty() {
        let seen = study.largest_change_of_slope();
        if seen > 0.0 {
            vec![0.0, 0.5 * seen, seen]
        } else {
            vec![0.0]
        }
    } else {
        smoothness.to_vec()
    };
    let restrictions = magnitudes
        .iter()
        .map(|m| Restriction::RelativeMagnitudes(*m))
        .chain(smoothness.into_iter().map(Restriction::Smoothness));
    restrictions
        .map(|restriction| honest_did::honest_did(&study, restriction, spec.level, spec.seed))
        .collect()
}

/// Returns the checks that a panel and an event study allow, in one list: joint pre-trend test and breakdown value.
///
/// What cannot be computed is listed with its reason, never left out.
#[must_use]
pub fn checks(panel: &Panel, spec: &Spec) -> Vec<Diagnostic> {
    let level = 1.0 - spec.level;
    let not_computed = |name: &str, error: &EstimateError| Diagnostic {
        name: name.into(),
        value: None,
        p_value: None,
        status: Status::NotComputed,
        reason: error.to_string().lines().next().map(str::to_owned),
    };
    let mut out = Vec::new();
    let study = match event_study_of(panel, spec) {
        Ok(study) => study,
        Err(error) => {
            return vec![
                not_computed("pre_trend", &error),
                not_computed("honest_breakdown", &error),
            ];
        }
    };
    out.push(match crate::diagnose::pretrend::wald(&study) {
        Ok(wald) => Diagnostic {
            name: "pre_trend".into(),
            value: Some(wald.f),
            p_value: Some(wald.p_value),
            status: if wald.p_value < level {
                Status::Fails
            } else {
                Status::Holds
            },
            reason: Some(format!(
                "joint test of {} effects before treatment",
                wald.n_restrictions
            )),
        },
        Err(error) => not_computed("pre_trend", &error),
    });
    let broken =
        honest_did::EventStudy::of(&study).and_then(|s| honest_did::breakdown(&s, spec.level, spec.seed));
    out.push(match broken {
        Ok(value) => Diagnostic {
            name: "honest_breakdown".into(),
            value: Some(value.unwrap_or(100.0)),
            p_value: None,
            status: if value.is_none_or(|m| m >= 1.0) {
                Status::Holds
            } else {
                Status::Fails
            },
            reason: Some(match value {
                Some(_) => "steps after onset may be this many times the largest before".into(),
                None => "still clear of zero at 100 times the largest step before onset".into(),
            }),
        },
        Err(error) => not_computed("honest_breakdown", &error),
    });
    out
}
