//! The specification that the options ask for.

use counterpart_estimate::Spec;
use counterpart_estimate::spec::{Method, PanelUse};
use serde_json::json;

use crate::args::{Estimate, PanelColumns, SpecOptions};
use crate::exit::Failure;

/// Methods that rest on two-way fixed effects.
const REGRESSIONS: &[Method] = &[Method::Did, Method::EventStudy, Method::SunAbraham, Method::Dose];

/// Methods that weight untreated units.
const SYNTHETIC: &[Method] = &[Method::SyntheticControl, Method::SyntheticDid];

/// Methods that average effects of cohorts.
const AVERAGED: &[Method] = &[Method::CallawaySantanna, Method::SunAbraham, Method::Imputation];

/// Returns the specification; an option that the method has no use for is refused.
pub(crate) fn spec(method: Method, options: &SpecOptions, columns: &PanelColumns) -> Result<Spec, Failure> {
    check(method, options, columns)?;
    let mut spec = Spec::new(method);
    spec.control = options.control.unwrap_or(spec.control);
    spec.base_period = options.base_period.unwrap_or(spec.base_period);
    spec.anticipation = options.anticipation.unwrap_or(spec.anticipation);
    spec.covariates = columns.covariates.clone().unwrap_or_default().0;
    spec.covariate_method = options.covariate_method.unwrap_or(spec.covariate_method);
    spec.panel_use = options.panel_use.unwrap_or(spec.panel_use);
    spec.inference = options.inference.unwrap_or(spec.inference);
    spec.variance = options.variance.unwrap_or(spec.variance);
    if !options.aggregate.is_empty() {
        spec.aggregations.clone_from(&options.aggregate);
        spec.aggregations.sort_unstable();
        spec.aggregations.dedup();
    }
    spec.bins = options.bins;
    spec.draws = options
        .draws
        .and_then(|draws| usize::try_from(draws).ok())
        .unwrap_or(spec.draws);
    spec.solver = options.solver.unwrap_or(spec.solver);
    spec.seed = options.seed.unwrap_or(spec.seed);
    spec.level = options.level.unwrap_or(spec.level);
    spec.check().map_err(Failure::Estimate)?;
    Ok(spec)
}

fn check(method: Method, options: &SpecOptions, columns: &PanelColumns) -> Result<(), Failure> {
    let only_cs: &[Method] = &[Method::CallawaySantanna];
    let all_but = |left_out: &[Method]| -> Vec<Method> {
        Method::ALL
            .into_iter()
            .filter(|method| !left_out.contains(method))
            .collect()
    };
    let not_synthetic = all_but(SYNTHETIC);
    let with_anticipation = all_but(&[Method::Did, Method::EventStudy, Method::Dose]);
    let with_covariates: Vec<Method> =
        all_but(&[Method::Imputation, Method::SyntheticControl, Method::SyntheticDid]);
    let covariates = columns
        .covariates
        .as_ref()
        .is_some_and(|names| !names.0.is_empty());
    let asked: &[(&'static str, bool, &[Method])] = &[
        ("--control", options.control.is_some(), only_cs),
        ("--base-period", options.base_period.is_some(), only_cs),
        ("--covariate-method", options.covariate_method.is_some(), only_cs),
        (
            "--anticipation",
            options.anticipation.is_some_and(|lead| lead > 0),
            &with_anticipation,
        ),
        ("--covariates", covariates, &with_covariates),
        ("--aggregate", !options.aggregate.is_empty(), AVERAGED),
        ("--variance", options.variance.is_some(), REGRESSIONS),
        (
            "--bins",
            options.bins.is_some(),
            &[Method::EventStudy, Method::Dose],
        ),
        ("--solver", options.solver.is_some(), &[Method::SyntheticDid]),
        ("--weights", columns.weights.is_some(), &not_synthetic),
        ("--cluster", columns.cluster.is_some(), &not_synthetic),
        ("--dose", columns.dose.is_some(), &[Method::Dose]),
        (
            "--panel",
            options
                .panel_use
                .is_some_and(|panel_use| panel_use != PanelUse::Pairs),
            &with_panel_use(),
        ),
    ];
    for (option, given, methods) in asked {
        if *given && !methods.contains(&method) {
            let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
            return Err(Failure::Option {
                option,
                reason: format!("{method} does not use it"),
                hint: format!("leave it out, or choose --method {}", names.join(", ")),
            });
        }
    }
    if options.covariate_method.is_some() && !covariates {
        return Err(Failure::Option {
            option: "--covariate-method",
            reason: "no covariate is named".to_owned(),
            hint: "add --covariates A,B".to_owned(),
        });
    }
    if method == Method::Dose && columns.dose.is_none() {
        return Err(Failure::Option {
            option: "--method dose",
            reason: "the column of the dose is not named".to_owned(),
            hint: "add --dose D".to_owned(),
        });
    }
    Ok(())
}

fn with_panel_use() -> Vec<Method> {
    let mut methods = REGRESSIONS.to_vec();
    methods.push(Method::CallawaySantanna);
    methods
}

/// Refuses by name what is promised and not there yet.
pub(crate) fn not_yet(args: &Estimate) -> Result<(), Failure> {
    let later = &args.later;
    let asked = [
        (
            "--absorb",
            later.absorb.is_some(),
            "unit and period effects are absorbed by did, event-study and sun-abraham",
        ),
        (
            "--spec",
            later.spec.is_some(),
            "run the command once for each specification",
        ),
        (
            "--plot",
            later.plot.is_some(),
            "--format csv gives the points to draw",
        ),
    ];
    match asked.into_iter().find(|(_, given, _)| *given) {
        Some((option, _, hint)) => Err(Failure::Option {
            option,
            reason: "not yet available".to_owned(),
            hint: hint.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Returns every option as it was resolved, and the names of the columns.
pub(crate) fn resolved(spec: &Spec, columns: &PanelColumns) -> serde_json::Value {
    let aggregate: Vec<&str> = spec.aggregations.iter().map(|one| one.name()).collect();
    let mut value = json!({
        "method": spec.method.name(),
        "outcome": columns.outcome,
        "unit": columns.unit,
        "time": columns.time,
        "cluster": columns.cluster.as_ref().unwrap_or(&columns.unit),
        "assignment": columns.assignment.as_ref().unwrap_or(&columns.unit),
        "control": spec.control.name(),
        "base_period": spec.base_period.name(),
        "anticipation": spec.anticipation,
        "covariates": spec.covariates,
        "covariate_method": spec.covariate_method.name(),
        "aggregate": aggregate,
        "panel": spec.panel_use.name(),
        "inference": spec.inference.name(),
        "variance": spec.variance.name(),
        "reference": spec.reference,
        "draws": spec.draws,
        "solver": spec.solver.name(),
        "seed": spec.seed,
        "level": spec.level,
    });
    if let Some(map) = value.as_object_mut() {
        let mut add = |key: &str, value: Option<serde_json::Value>| {
            if let Some(value) = value {
                map.insert(key.to_owned(), value);
            }
        };
        let text = |name: &Option<String>| name.as_ref().map(|name| json!(name));
        add("first_treated", text(&columns.first_treated));
        add("treated", text(&columns.treated));
        add("onset", columns.onset.map(|onset| json!(onset)));
        add("dose", text(&columns.dose));
        add("weights", text(&columns.weights));
        add("bins", spec.bins.map(|(first, last)| json!([first, last])));
    }
    value
}
