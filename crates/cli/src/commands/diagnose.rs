//! `counterpart diagnose`: what speaks against an estimate, before and after it.

use std::collections::BTreeMap;

use counterpart_estimate::diagnose::honest_did::{HonestInterval, Restriction};
use counterpart_estimate::diagnose::power::{self, DetectableEffect};
use counterpart_estimate::registry::{checks, honest_bounds};
use counterpart_estimate::result::{Diagnostic, PlaceboRow, Status};
use counterpart_estimate::spec::{Method, Solver};
use counterpart_estimate::synth::leave_one_out::leave_one_out;
use counterpart_estimate::{Estimated, Panel, Spec, TidyRow, estimate};
use serde::Serialize;
use serde_json::json;

use crate::args;
use crate::estimation::notice::{self, Notice};
use crate::estimation::table::{check_outcome, figure, p, readings_sentence};
use crate::estimation::{Input, options};
use crate::exit::{Done, Failure};
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::number::{count, decimals};
use crate::terminal::page::Page;

/// Comparison units up to which each is left out in turn.
const MOST_LEFT_OUT: usize = 500;

/// Width of the labels.
const LABEL_COLUMNS: usize = 14;

/// The panel as it stands before any estimate.
#[derive(Debug, Serialize)]
struct Before {
    rows: usize,
    rows_with_outcome: usize,
    units: usize,
    periods: Vec<i64>,
    balanced: bool,
    /// Pairs of unit and period without an outcome.
    missing_cells: usize,
    cohorts: Vec<Cohort>,
    never_treated: usize,
    readings: counterpart_estimate::panel::Readings,
    clusters: usize,
    treated_clusters: usize,
    assignment_units: usize,
    treated_assignment_units: usize,
    /// By the standard error of two-way fixed effects, with power 0.8.
    #[serde(skip_serializing_if = "Option::is_none")]
    detectable_effect: Option<DetectableEffect>,
    warnings: Vec<Notice>,
}

#[derive(Debug, Serialize)]
struct Cohort {
    first_treated: i64,
    units: usize,
    /// Periods of the panel before treatment.
    periods_before: usize,
}

/// What leaving out one comparison unit does.
#[derive(Debug, Serialize)]
struct LeftOut {
    lowest: PlaceboRow,
    highest: PlaceboRow,
    units: usize,
    /// Whether some estimate has another sign than the whole.
    sign_changes: bool,
}

pub(crate) fn run(args: &args::Diagnose, settings: &Settings) -> Result<Done, Failure> {
    let columns = &args.columns;
    let spec = options::spec(args.method, &args.options, columns)?;
    let input = Input::read(columns)?;
    notice::print_places(&input, settings);
    let panel = &input.panel;
    let before = before(&input, &spec);
    let estimated = estimate(panel, &spec);
    let checks = checks(panel, &spec);
    let bounds = bounds(panel, &spec, &args.m_bar, &args.smoothness);
    let left_out = leave_out(panel, &spec, estimated.as_ref().ok());
    let detectable = estimated.as_ref().ok().and_then(detectable);
    let headline = estimated.as_ref().ok().and_then(Estimated::headline);
    let refused = estimated.as_ref().err().map(ToString::to_string);
    let flips = flips(headline, &checks, &left_out);
    if settings.json {
        terminal::print_json(&json!({
            "schema": "counterpart.diagnose/1",
            "method": spec.method.name(),
            "spec": options::resolved(&spec, columns),
            "input": { "path": input.table.file, "sha256": input.table.sha256, "rows": input.table.n_rows },
            "before": before,
            "after": {
                "estimate": headline,
                "refused": refused,
                "checks": checks,
                "honest": bounds.as_ref().ok(),
                "honest_reason": bounds.as_ref().err(),
                "leave_one_out": left_out.as_ref().ok(),
                "leave_one_out_reason": left_out.as_ref().err(),
                "detectable_effect": detectable,
                "would_flip": flips,
            },
            "version": env!("CARGO_PKG_VERSION"),
        }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    show_before(&mut page, &before, columns);
    page.blank();
    page.line(&format!("after: {}", spec.method));
    let mut say = |label: &str, text: &str| page.labelled(2, LABEL_COLUMNS, label, text);
    match (headline, &refused) {
        (Some(row), _) => say("estimate", &row_sentence(row, spec.level)),
        (None, Some(reason)) => say(
            "estimate",
            &format!("refused: {}", reason.replace("\nhint: ", "; ")),
        ),
        (None, None) => say("estimate", "none"),
    }
    for one in &checks {
        let label = match one.name.as_str() {
            "pre_trend" => "pre-trend",
            "honest_breakdown" => "breakdown",
            _ => "check",
        };
        say(label, &check_outcome(one));
    }
    match &bounds {
        Ok(all) => {
            for (index, one) in all.iter().enumerate() {
                say(
                    if index == 0 { "bounds" } else { "" },
                    &bound_sentence(one, spec.level),
                );
            }
        }
        Err(reason) => say("bounds", &format!("not computed: {reason}")),
    }
    match &left_out {
        Ok(out) => say("leave one out", &left_out_sentence(out)),
        Err(reason) => say("leave one out", &format!("not computed: {reason}")),
    }
    if let Some(effect) = detectable.as_ref().and_then(|found| found.effect) {
        let text = format!("{} with power 0.8, from the standard error", figure(effect));
        say("detectable", &text);
    }
    for (index, text) in flips.iter().enumerate() {
        say(if index == 0 { "would flip it" } else { "" }, text);
    }
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}

/// The mean effect after onset under a bound on differences in trends.
#[derive(Debug, Serialize)]
struct Bound {
    #[serde(flatten)]
    interval: HonestInterval,
    /// Whether the interval holds zero.
    holds_zero: bool,
}

fn bounds(panel: &Panel, spec: &Spec, magnitudes: &[f64], smoothness: &[f64]) -> Result<Vec<Bound>, String> {
    let found = honest_bounds(panel, spec, magnitudes, smoothness).map_err(|error| {
        let text = error.to_string();
        text.lines().next().unwrap_or_default().to_owned()
    })?;
    Ok(found
        .into_iter()
        .map(|interval| Bound {
            holds_zero: interval.conf_low <= 0.0 && interval.conf_high >= 0.0,
            interval,
        })
        .collect())
}

fn bound_sentence(bound: &Bound, level: f64) -> String {
    let interval = &bound.interval;
    let what = match interval.restriction {
        Restriction::RelativeMagnitudes(m) => {
            format!(
                "steps after onset up to {} times the largest before",
                decimals(m, 2)
            )
        }
        Restriction::Smoothness(0.0) => "the trend before onset goes on in a straight line".to_owned(),
        Restriction::Smoothness(m) => format!("the slope changes by up to {} a period", figure(m)),
        _ => String::new(),
    };
    let zero = if bound.holds_zero {
        "holds zero"
    } else {
        "leaves out zero"
    };
    format!(
        "{what}: {}% interval {} to {}, {zero}",
        decimals(level * 100.0, 0),
        figure(interval.conf_low),
        figure(interval.conf_high)
    )
}

fn before(input: &Input, spec: &Spec) -> Before {
    let panel = &input.panel;
    let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
    let (mut clusters, mut assigned) = (Vec::new(), Vec::new());
    for (index, unit) in panel.units().iter().enumerate() {
        let Some(cohort) = unit.cohort else { continue };
        clusters.push(unit.cluster);
        assigned.push(unit.assignment);
        if !panel.is_always_treated(index) {
            *sizes.entry(cohort).or_insert(0) += 1;
        }
    }
    let distinct = |mut list: Vec<usize>| {
        list.sort_unstable();
        list.dedup();
        list.len()
    };
    let cohorts = sizes
        .into_iter()
        .map(|(first_treated, units)| Cohort {
            first_treated,
            units,
            periods_before: panel
                .periods()
                .iter()
                .filter(|period| **period < first_treated)
                .count(),
        })
        .collect();
    Before {
        rows: panel.n_input_rows(),
        rows_with_outcome: panel.n_rows(),
        units: panel.n_units(),
        periods: panel.periods().to_vec(),
        balanced: panel.is_balanced(),
        missing_cells: (panel.n_units() * panel.n_periods()).saturating_sub(panel.n_rows()),
        cohorts,
        never_treated: panel.n_never_treated(),
        readings: panel.readings().clone(),
        clusters: panel.clusters().len(),
        treated_clusters: distinct(clusters),
        assignment_units: panel.assignments().len(),
        treated_assignment_units: distinct(assigned),
        detectable_effect: estimate(panel, &simplest(spec))
            .ok()
            .as_ref()
            .and_then(detectable),
        warnings: notice::of_panel(input),
    }
}

/// Two-way fixed effects on the same columns: what the panel could show before any choice of estimator.
fn simplest(spec: &Spec) -> Spec {
    let mut simple = Spec::did();
    simple.level = spec.level;
    simple.absorb.clone_from(&spec.absorb);
    simple.clusters.clone_from(&spec.clusters);
    simple
}

fn show_before(page: &mut Page, before: &Before, columns: &args::PanelColumns) {
    page.line("before any estimate");
    let mut say = |label: &str, text: &str| page.labelled(2, LABEL_COLUMNS, label, text);
    let (first, last) = (before.periods.first(), before.periods.last());
    say(
        "panel",
        &format!(
            "{}, {}, {} from {} to {}",
            count(before.rows, "row", "rows"),
            count(before.units, "unit", "units"),
            count(before.periods.len(), "period", "periods"),
            first.copied().unwrap_or_default(),
            last.copied().unwrap_or_default(),
        ),
    );
    let balance = if before.balanced {
        "every unit has an outcome in every period".to_owned()
    } else {
        format!(
            "{} of unit and period without an outcome",
            count(before.missing_cells, "pair", "pairs")
        )
    };
    say("balance", &balance);
    for (index, cohort) in before.cohorts.iter().enumerate() {
        let text = format!(
            "first treated {}: {}, {} before",
            cohort.first_treated,
            count(cohort.units, "unit", "units"),
            count(cohort.periods_before, "period", "periods"),
        );
        say(if index == 0 { "cohorts" } else { "" }, &text);
    }
    say("never treated", &count(before.never_treated, "unit", "units"));
    say("read as", &readings_sentence(&before.readings));
    let level =
        |all: usize, treated: usize, name: &str| format!("{all} of {name}, {treated} of them treated");
    let cluster = &columns.cluster_name();
    let assignment = columns.assignment.as_ref().unwrap_or(&columns.unit);
    say(
        "clusters",
        &level(before.clusters, before.treated_clusters, cluster),
    );
    say(
        "assignment",
        &level(
            before.assignment_units,
            before.treated_assignment_units,
            assignment,
        ),
    );
    let power = match before.detectable_effect.as_ref().and_then(|found| found.effect) {
        Some(effect) => format!(
            "an effect of {} would be found with power 0.8 by two-way fixed effects",
            figure(effect)
        ),
        None => "not computed: two-way fixed effects have no standard error here".to_owned(),
    };
    say("power", &power);
    for (index, warning) in before.warnings.iter().enumerate() {
        say(if index == 0 { "warnings" } else { "" }, &warning.message);
    }
}

fn leave_out(panel: &Panel, spec: &Spec, estimated: Option<&Estimated>) -> Result<LeftOut, String> {
    let estimated = estimated.ok_or("there is no estimate")?;
    let whole = estimated.headline().ok_or("there is no estimate")?.estimate;
    let n_controls = estimated.sample().n_control_units();
    if n_controls > MOST_LEFT_OUT {
        return Err(format!(
            "{n_controls} comparison units; it is run for at most {MOST_LEFT_OUT}"
        ));
    }
    let mut own = spec.clone();
    // The points are wanted, not their errors.
    if matches!(own.method, Method::SyntheticDid) {
        own.draws = own.draws.min(1);
        own.solver = Solver::Exact;
    }
    let rows = leave_one_out(panel, &own).map_err(|error| {
        let text = error.to_string();
        text.lines().next().unwrap_or_default().to_owned()
    })?;
    let order = |a: &&PlaceboRow, b: &&PlaceboRow| a.estimate.total_cmp(&b.estimate);
    let (lowest, highest) = (rows.iter().min_by(order), rows.iter().max_by(order));
    match (lowest, highest) {
        (Some(lowest), Some(highest)) => Ok(LeftOut {
            lowest: lowest.clone(),
            highest: highest.clone(),
            units: rows.len(),
            sign_changes: rows.iter().any(|row| row.estimate * whole < 0.0),
        }),
        _ => Err("no comparison unit stays untreated".to_owned()),
    }
}

fn detectable(estimated: &Estimated) -> Option<DetectableEffect> {
    const POWER: f64 = 0.8;
    let error = estimated.headline()?.std_error?;
    power::analytic(error, estimated.df(), POWER, estimated.spec().level).ok()
}

/// Returns what would take the conclusion away, each in a sentence.
fn flips(
    headline: Option<&TidyRow>,
    checks: &[Diagnostic],
    left_out: &Result<LeftOut, String>,
) -> Vec<String> {
    let Some(row) = headline else {
        return vec!["there is no estimate to flip".to_owned()];
    };
    let mut said = Vec::new();
    match (row.conf_low, row.conf_high) {
        (Some(low), Some(high)) if low <= 0.0 && high >= 0.0 => {
            said.push("nothing need change: the interval holds zero already".to_owned());
        }
        (None, _) | (_, None) => {
            said.push("the method gives no interval, so none can come to hold zero".to_owned())
        }
        _ => {}
    }
    for one in checks {
        match (one.name.as_str(), one.status, one.value) {
            ("pre_trend", Status::Fails, _) => {
                said.push(
                    "the groups moved apart before treatment: what follows may be more of it".to_owned(),
                );
            }
            ("honest_breakdown", Status::Holds | Status::Fails, Some(value)) => said.push(format!(
                "a step off parallel trends after onset of more than {} times the largest one before",
                decimals(value, 2)
            )),
            _ => {}
        }
    }
    match left_out {
        Ok(out) if out.sign_changes => {
            said.push("leaving out one comparison unit: the sign changes".to_owned())
        }
        Ok(_) => said.push("leaving out any one comparison unit does not change the sign".to_owned()),
        Err(_) => {}
    }
    said
}

fn row_sentence(row: &TidyRow, level: f64) -> String {
    let mut text = format!("{} {}", row.term, figure(row.estimate));
    if let (Some(low), Some(high)) = (row.conf_low, row.conf_high) {
        text.push_str(&format!(
            ", {}% interval {} to {}",
            decimals(level * 100.0, 0),
            figure(low),
            figure(high)
        ));
    }
    if let Some(value) = row.p_value {
        text.push_str(&format!(", p {}", p(value)));
    }
    text
}

fn left_out_sentence(out: &LeftOut) -> String {
    format!(
        "from {} without {} to {} without {} ({})",
        figure(out.lowest.estimate),
        out.lowest.unit,
        figure(out.highest.estimate),
        out.highest.unit,
        count(out.units, "comparison unit", "comparison units"),
    )
}
