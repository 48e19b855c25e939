//! The specification that the options ask for.

use counterpart_estimate::Spec;
use counterpart_estimate::registry::member;
use counterpart_estimate::spec::{Inference, Method, PanelUse, Variance};
use serde_json::json;

use crate::args::{PanelColumns, SpecOptions};
use crate::exit::Failure;

/// Returns the specification; an option that the method has no use for is refused.
pub(crate) fn spec(method: Method, options: &SpecOptions, columns: &PanelColumns) -> Result<Spec, Failure> {
    check(method, options, columns)?;
    let mut spec = Spec::new(method);
    spec.control = options.control.unwrap_or(spec.control);
    spec.base_period = options.base_period.unwrap_or(spec.base_period);
    spec.anticipation = options.anticipation.unwrap_or(spec.anticipation);
    spec.covariates = columns.covariates.clone().unwrap_or_default().0;
    spec.covariate_method = options.covariate_method.unwrap_or(spec.covariate_method);
    spec.absorb = columns.absorb().to_vec();
    if let Some((first, second)) = columns.two_way() {
        spec.clusters = vec![first.clone(), second.clone()];
    }
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
    if method == Method::Ols {
        spec.clusters = columns.clusters().to_vec();
        // Plain rows have no unit to be clustered by.
        spec.variance = options.variance.unwrap_or(if spec.clusters.is_empty() {
            Variance::Iid
        } else {
            Variance::Cluster
        });
    }
    spec.check().map_err(Failure::Estimate)?;
    Ok(spec)
}

/// An option that was given, the methods that use it, and why the others do not.
struct Asked {
    option: &'static str,
    given: bool,
    methods: &'static [Method],
    why_not: &'static str,
}

const CS: &[Method] = &[Method::CallawaySantanna];
/// Methods that are regressions.
const LEAST_SQUARES: &[Method] = &[
    Method::Did,
    Method::EventStudy,
    Method::SunAbraham,
    Method::Dose,
    Method::Ols,
];
const WITH_COVARIATES: &[Method] = &[
    Method::Did,
    Method::EventStudy,
    Method::CallawaySantanna,
    Method::SunAbraham,
    Method::Imputation,
    Method::Dose,
    Method::Ols,
];
const WITH_ANTICIPATION: &[Method] = &[
    Method::CallawaySantanna,
    Method::SunAbraham,
    Method::Imputation,
    Method::SyntheticControl,
    Method::SyntheticDid,
];
/// Methods that average effects of cohorts.
const AVERAGED: &[Method] = &[Method::CallawaySantanna, Method::SunAbraham, Method::Imputation];
const ON_PANELS: &[Method] = &Method::ALL;

#[expect(clippy::too_many_lines, reason = "one entry an option")]
fn asked(options: &SpecOptions, columns: &PanelColumns) -> Vec<Asked> {
    let entry = |option, given, methods, why_not| Asked {
        option,
        given,
        methods,
        why_not,
    };
    let has_covariates = columns
        .covariates
        .as_ref()
        .is_some_and(|names| !names.0.is_empty());
    vec![
        entry(
            "--control",
            options.control.is_some(),
            CS,
            "who is compared follows from its formula: regressions and imputation use every untreated row, synthetic methods the units that stay untreated",
        ),
        entry(
            "--base-period",
            options.base_period.is_some(),
            CS,
            "it measures every effect from one reference",
        ),
        entry(
            "--covariate-method",
            options.covariate_method.is_some(),
            CS,
            "covariates enter it as regressors, or not at all",
        ),
        entry(
            "--anticipation",
            options.anticipation.is_some_and(|lead| lead > 0),
            WITH_ANTICIPATION,
            "its treatment begins with --onset or --first-treated; name an earlier period there",
        ),
        entry(
            "--covariates",
            has_covariates,
            WITH_COVARIATES,
            "its weights are found from outcomes alone; matching on predictors is another estimator",
        ),
        entry(
            "--absorb",
            !columns.absorb().is_empty(),
            LEAST_SQUARES,
            "it is no regression with effects of one's choice: unit and period are part of its formula",
        ),
        entry(
            "--aggregate",
            !options.aggregate.is_empty(),
            AVERAGED,
            "it has no effects of cohorts and periods to average",
        ),
        entry(
            "--variance",
            options.variance.is_some(),
            LEAST_SQUARES,
            "its standard errors come from influence functions, imputed rows or placebos, not from regression scores",
        ),
        entry(
            "--bins",
            options.bins.is_some(),
            &[Method::EventStudy, Method::Dose],
            "only regressions on event time pool their ends",
        ),
        entry(
            "--solver",
            options.solver.is_some(),
            &[Method::SyntheticDid],
            "only the weights of synthetic DiD have two published solvers",
        ),
        entry(
            "--weights",
            columns.weights.is_some(),
            WITH_COVARIATES,
            "each unit counts once among the donors; weight the data before",
        ),
        entry(
            "--cluster",
            !columns.clusters().is_empty(),
            WITH_COVARIATES,
            "its uncertainty comes from placebo units, each of which stands for itself",
        ),
        entry(
            "--cluster",
            columns.two_way().is_some(),
            LEAST_SQUARES,
            "two-way clustering is a formula for regression scores; one level, with or without the unit beside it, is what it takes",
        ),
        entry(
            "--dose",
            columns.dose.is_some(),
            &[Method::Dose],
            "it compares treated with untreated, not doses",
        ),
        entry(
            "--panel",
            options
                .panel_use
                .is_some_and(|panel_use| panel_use == PanelUse::CrossSection),
            CS,
            "it follows units over time, which repeated cross-sections do not have",
        ),
        entry(
            "--assignment",
            columns.assignment.is_some(),
            ON_PANELS,
            "plain rows were assigned to nothing",
        ),
        entry(
            "--panel",
            options.panel_use.is_some(),
            ON_PANELS,
            "plain rows are no panel",
        ),
        entry(
            "--inference",
            options
                .inference
                .is_some_and(|inference| inference != Inference::Analytic),
            ON_PANELS,
            "least squares on plain rows has formulas only",
        ),
        entry(
            "--first-treated, --treated, --onset",
            columns.first_treated.is_some() || columns.treated.is_some() || columns.onset.is_some(),
            ON_PANELS,
            "least squares on plain rows knows no treatment; name the column among --covariates",
        ),
    ]
}

fn check(method: Method, options: &SpecOptions, columns: &PanelColumns) -> Result<(), Failure> {
    for asked in asked(options, columns) {
        if asked.given && !asked.methods.contains(&method) {
            let names: Vec<&str> = asked.methods.iter().map(|method| method.name()).collect();
            return Err(Failure::Option {
                option: asked.option,
                reason: format!("{method} does not use it: {}", asked.why_not),
                hint: format!("leave it out, or choose --method {}", names.join(", ")),
            });
        }
    }
    let refuse = |option: &'static str, reason: &str, hint: &str| {
        Err(Failure::Option {
            option,
            reason: reason.to_owned(),
            hint: hint.to_owned(),
        })
    };
    if columns.clusters().len() > 2 {
        return refuse("--cluster", "more than two levels are named", "name one or two");
    }
    let has_covariates = columns
        .covariates
        .as_ref()
        .is_some_and(|names| !names.0.is_empty());
    if options.covariate_method.is_some() && !has_covariates {
        return refuse(
            "--covariate-method",
            "no covariate is named",
            "add --covariates A,B",
        );
    }
    if method == Method::Dose && columns.dose.is_none() {
        return refuse(
            "--method dose",
            "the column of the dose is not named",
            "add --dose D",
        );
    }
    if options
        .variance
        .is_some_and(|variance| variance != Variance::Cluster)
        && !columns.clusters().is_empty()
    {
        return refuse(
            "--cluster",
            "the standard errors asked for by --variance are not clustered",
            "leave one of the two out",
        );
    }
    if method == Method::Ols && options.variance == Some(Variance::Cluster) && columns.clusters().is_empty() {
        return refuse("--variance cluster", "no cluster is named", "add --cluster C");
    }
    let drawn = options.inference.unwrap_or_default();
    if let Some(offered) = member(method.name()).map(|member| member.inference)
        && options.inference.is_some()
        && method != Method::Ols
        && !offered.contains(&drawn)
    {
        let names: Vec<&str> = offered.iter().map(|one| one.name()).collect();
        return Err(Failure::Option {
            option: "--inference",
            reason: format!("{method} does not offer {drawn}: {}", why_not(method, drawn)),
            hint: format!("use {}", names.join(", ")),
        });
    }
    if drawn == Inference::Wild && columns.two_way().is_some() {
        return refuse(
            "--inference wild",
            "signs are drawn by one level of clusters",
            "name one --cluster",
        );
    }
    Ok(())
}

/// Returns why a method does not offer an inference.
fn why_not(method: Method, inference: Inference) -> &'static str {
    let synthetic = matches!(method, Method::SyntheticControl | Method::SyntheticDid);
    match inference {
        Inference::Analytic => {
            "with few treated units no formula for its variance holds; placebo units show what chance does"
        }
        Inference::Multiplier => {
            if synthetic {
                "it has no influence functions to multiply"
            } else {
                "uniform bands of regressions and imputation come from their covariance; multiplier draws need the influence functions of group-time effects"
            }
        }
        Inference::Wild => "the bootstrap imposes the null on one regression coefficient",
        Inference::Randomisation => "its placebos are that: treatment given to each untreated unit in turn",
        Inference::Placebo => {
            "placebo units are for one treated unit or few; here randomisation re-assigns treatment"
        }
        Inference::Jackknife => {
            if method == Method::SyntheticControl {
                "with one treated unit nothing is left when it is left out"
            } else {
                "its cluster-robust formula does what leaving clusters out would"
            }
        }
        _ => "it is defined for other methods",
    }
}

/// Returns every option as it was resolved, and the names of the columns.
pub(crate) fn resolved(spec: &Spec, columns: &PanelColumns) -> serde_json::Value {
    let aggregate: Vec<&str> = spec.aggregations.iter().map(|one| one.name()).collect();
    let effects = if columns.absorb().is_empty() && spec.method != Method::Ols {
        vec![columns.unit.clone(), columns.time.clone()]
    } else {
        columns.absorb().to_vec()
    };
    if spec.method == Method::Ols {
        return json!({
            "method": spec.method.name(),
            "outcome": columns.outcome,
            "covariates": spec.covariates,
            "absorb": effects,
            "cluster": columns.clusters(),
            "weights": columns.weights,
            "variance": spec.variance.name(),
            "level": spec.level,
        });
    }
    let mut value = json!({
        "method": spec.method.name(),
        "outcome": columns.outcome,
        "unit": columns.unit,
        "time": columns.time,
        "cluster": columns.cluster_name(),
        "assignment": columns.assignment.as_ref().unwrap_or(&columns.unit),
        "control": spec.control.name(),
        "base_period": spec.base_period.name(),
        "anticipation": spec.anticipation,
        "covariates": spec.covariates,
        "covariate_method": spec.covariate_method.name(),
        "absorb": if LEAST_SQUARES.contains(&spec.method) { effects } else { Vec::new() },
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
