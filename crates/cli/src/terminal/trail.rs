//! The trail of one id: what it is, who said it, where, what it was computed from, and where it is on record.

mod found;
mod statement;

use anstyle::Style;
use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{CheckStatus, ClaimRow, Figure, Number, StudyRow};
use counterpart_ledger::Statement;
use counterpart_model::Record;

use crate::settings::Settings;
use crate::terminal::claims::{accuses, attributed, is_answer};
use crate::terminal::marks::{TITLE, status_words};
use crate::terminal::page::Page;

pub(crate) use found::{Found, Whole, find, ids};
pub(crate) use statement::{document as statement_document, published_cell, published_cells};

/// Width of the labels at the left edge.
const LABEL: usize = 11;

/// Most inputs printed of one reading; the report has them all.
const INPUTS: usize = 12;

/// Most readings printed of one claim.
const READINGS: usize = 8;

/// Everything that a trail may need.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    /// What the case comes to, after disclosure control.
    pub(crate) assessment: &'a Assessment,
    /// All rows.
    pub(crate) record: &'a Record,
}

/// Returns the screen of an id.
pub(crate) fn screen(
    case: Case<'_>,
    id: &str,
    found: &[Found<'_>],
    statements: &[Statement],
    settings: &Settings,
) -> String {
    let mut page = Page::new(settings);
    // A figure that stands in a row is that row, and the row says more.
    let is_told = |item: &&Found<'_>| statements.is_empty() || !matches!(item, Found::Figure(_));
    let is_beside = |item: &&Found<'_>| matches!(item, Found::Other(other) if other.beside);
    let (beside, found): (Vec<&Found<'_>>, Vec<&Found<'_>>) =
        found.iter().filter(is_told).partition(is_beside);
    for (index, item) in found.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        title(&mut page, id, item.kind());
        one(&mut page, case, item);
    }
    for statement in statements {
        if found.is_empty() {
            title(&mut page, id, statement.table.name());
            statement::fields(&mut page, case, statement);
        }
        statement::on_record(&mut page, statement);
    }
    for (index, item) in beside.into_iter().enumerate() {
        if index > 0 || !found.is_empty() || !statements.is_empty() {
            page.blank();
        }
        title(&mut page, id, item.kind());
        one(&mut page, case, item);
    }
    page.finish()
}

fn title(page: &mut Page, id: &str, kind: &str) {
    let id = page.marks().text(id).into_owned();
    page.push_styled(&id, TITLE);
    page.line(&format!("  {kind}"));
    page.blank();
}

fn one(page: &mut Page, case: Case<'_>, item: &Found<'_>) {
    match item {
        Found::Claim(claim) => self::claim(page, case, claim),
        Found::Figure(figure) => self::figure(page, case, figure),
        Found::Study(row) => study(page, case, row),
        Found::Other(other) => {
            for (label, text) in &other.lines {
                page.labelled(0, LABEL, label, text);
            }
            from(page, case, &other.from);
        }
    }
}

/// Who says what, where; how its figure is come by; who answers.
fn claim(page: &mut Page, case: Case<'_>, claim: &ClaimRow) {
    let assessment = case.assessment;
    page.labelled(0, LABEL, "said", &attributed(assessment, claim));
    let speaker = found::speaker(assessment, &claim.speaker);
    page.labelled(
        0,
        LABEL,
        "by",
        &format!("{speaker}, {}, {}", claim.act, claim.attribution),
    );
    page.labelled(
        0,
        LABEL,
        "where",
        &found::place_in_source(assessment, &claim.source, Some(&claim.locator)),
    );
    if let Some(reporter) = &claim.reported_by {
        page.labelled(
            0,
            LABEL,
            "",
            &format!("reported by {}", found::source(assessment, reporter)),
        );
    }
    if let Some(about) = about(assessment, claim) {
        page.labelled(0, LABEL, "about", &about);
    }
    // The figure of an accusation stands in its sentence above, with its speaker and its answers, and nowhere else.
    if !accuses(claim)
        && let Some(figure) = figure_as_said(claim)
    {
        page.labelled(0, LABEL, "figure", &figure);
    }
    for (label, others) in [("answers", &claim.responds_to), ("answered", &claim.answered_by)] {
        for other in others {
            page.labelled(0, LABEL, label, &label_of(case, other));
        }
    }
    if accuses(claim)
        && !assessment
            .claims
            .iter()
            .any(|other| is_answer(assessment, claim, other))
    {
        page.labelled(0, LABEL, "answered", "no reply on record");
    }
    check(page, case, claim);
}

/// Where and when, in words.
fn about(assessment: &Assessment, claim: &ClaimRow) -> Option<String> {
    let place = claim.place.as_ref().map(|id| found::place(assessment, id));
    let period = match (&claim.period_start, &claim.period_end) {
        (Some(start), Some(end)) if start != end => Some(format!("{start} to {end}")),
        (Some(date), _) | (None, Some(date)) => Some(date.clone()),
        (None, None) => None,
    };
    let parts: Vec<String> = [place, period].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn figure_as_said(claim: &ClaimRow) -> Option<String> {
    let bounds = match (&claim.value, &claim.lower, &claim.upper) {
        (Some(value), _, _) => Some(shown(value)),
        (None, Some(lower), Some(upper)) => Some(format!("{} to {}", shown(lower), shown(upper))),
        (None, Some(lower), None) => Some(format!("from {}", shown(lower))),
        (None, None, Some(upper)) => Some(format!("up to {}", shown(upper))),
        (None, None, None) => None,
    };
    let mut text = bounds.unwrap_or_default();
    if let Some(unit) = claim.unit.as_ref().filter(|_| !text.is_empty()) {
        text.push_str(&format!(" {unit}"));
    }
    if let Some(as_said) = &claim.as_said {
        text = if text.is_empty() {
            as_said.clone()
        } else {
            format!("{text} (as said: {as_said})")
        };
    }
    (!text.is_empty()).then_some(text)
}

fn check(page: &mut Page, case: Case<'_>, claim: &ClaimRow) {
    let check = &claim.check;
    page.labelled(0, LABEL, "check", status_words(check.status));
    if check.status == CheckStatus::NoDerivation {
        // There is nothing to add to what was said, and an accusation is not said twice, once without its answers.
        return;
    }
    page.labelled(0, LABEL, "", &check.sentence.to_string());
    for derivation in &check.by_derivation {
        if !derivation.missing.is_empty() {
            page.labelled(
                0,
                LABEL,
                "missing",
                &format!("{}: {}", derivation.id, derivation.missing.join(", ")),
            );
        }
    }
    for candidate in check.candidates.iter().take(READINGS) {
        let outcome = match (&candidate.value, candidate.holds) {
            (Some(value), _) => format!("{} = {}", candidate.id, shown(value)),
            (None, Some(true)) => format!("{}: holds", candidate.id),
            (None, Some(false)) => format!("{}: does not hold", candidate.id),
            (None, None) => candidate.id.clone(),
        };
        let fits = if candidate.reproduces { ", as said" } else { "" };
        page.labelled(0, LABEL, "reading", &format!("{outcome}{fits}, from"));
        for input in candidate.inputs.iter().take(INPUTS) {
            let mut text = format!("{} = {}", input.id, shown(&input.value));
            if let Some(basis) = &input.population_basis {
                text.push_str(&format!(", heads by {basis}"));
            }
            let label = label_of(case, &input.id);
            page.labelled(LABEL, 2, "", &text);
            if label != input.id {
                page.labelled(LABEL + 2, 2, "", &label);
            }
        }
        more(page, candidate.inputs.len(), INPUTS);
    }
    more(page, check.candidates.len(), READINGS);
}

fn more(page: &mut Page, all: usize, shown: usize) {
    if all > shown {
        page.labelled(0, LABEL, "", &format!("and {} more in report.json", all - shown));
    }
}

fn figure(page: &mut Page, case: Case<'_>, figure: &Figure) {
    let unit = figure.unit.as_deref().unwrap_or_default();
    page.labelled(0, LABEL, "what", &figure.label);
    page.labelled(
        0,
        LABEL,
        "value",
        format!("{} {unit}", shown(&figure.value)).trim_end(),
    );
    if let Some(status) = &figure.status {
        page.labelled(0, LABEL, "status", status);
    }
    if let Some(source) = &figure.source {
        let place = found::place_in_source(case.assessment, source, figure.locator.as_deref());
        page.labelled(0, LABEL, "where", &place);
    }
    if let Some(formula) = &figure.formula {
        page.labelled(0, LABEL, "formula", formula);
    }
    from(page, case, &figure.from);
}

fn study(page: &mut Page, case: Case<'_>, row: &StudyRow) {
    page.labelled(0, LABEL, "study", &row.title);
    page.labelled(0, LABEL, "says", &row.sentence.to_string());
    let unit = unit_of(case, row);
    let interval = match (&row.estimate, &row.conf_low, &row.conf_high) {
        (Some(estimate), Some(low), Some(high)) => Some(format!(
            "{} ({} to {}){unit}",
            shown(estimate),
            shown(low),
            shown(high)
        )),
        (Some(estimate), _, _) => Some(format!("{}{unit}", shown(estimate))),
        _ => row.not_available.clone(),
    };
    if let Some(interval) = interval {
        page.labelled(0, LABEL, "estimate", &interval);
    }
    page.labelled(
        0,
        LABEL,
        "sample",
        &format!(
            "{} treated, {} controls, {} clusters; {} to {}",
            row.n_treated,
            row.n_controls,
            row.n_clusters,
            row.window.first().map_or("", String::as_str),
            row.window.last().map_or("", String::as_str)
        ),
    );
    page.labelled(0, LABEL, "method", &row.method);
    for check in &row.checks {
        let status = serde_json::to_value(check.status)
            .ok()
            .and_then(|word| word.as_str().map(|word| word.replace('_', " ")))
            .unwrap_or_default();
        let mut text = format!("{}: {status}", check.name.replace('_', " "));
        if let Some(value) = &check.value {
            text.push_str(&format!(", {}", shown(value)));
        }
        if let Some(reason) = &check.reason {
            text.push_str(&format!("; {reason}"));
        }
        page.labelled(0, LABEL, "check", &text);
    }
    from(page, case, &row.from);
}

/// What an estimate is counted in, after a space: log points of a logarithm, else the unit of the outcome.
fn unit_of(case: Case<'_>, row: &StudyRow) -> String {
    if row.transform == "log" {
        let in_percent = row.estimate.as_ref().map(|estimate| {
            let percent = estimate.as_f64().exp_m1() * 100.0;
            format!(", {}", shown_percent(percent))
        });
        return format!(" log points{}", in_percent.unwrap_or_default());
    }
    case.record
        .indicators
        .iter()
        .find(|indicator| indicator.id.as_str() == row.outcome)
        .and_then(|indicator| indicator.unit.as_ref())
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default()
}

/// The ids that something was computed from, each with a line that says what it is.
fn from(page: &mut Page, case: Case<'_>, ids: &[String]) {
    for id in ids.iter().take(INPUTS) {
        let label = label_of(case, id);
        if label == *id {
            page.labelled(0, LABEL, "from", id);
        } else {
            page.labelled(0, LABEL, "from", id);
            page.paragraph(LABEL + 2, &label, Style::new());
        }
    }
    more(page, ids.len(), INPUTS);
}

/// Returns one line about an id: of a claim, its sentence with its speaker; of an accusation, with its answers.
fn label_of(case: Case<'_>, id: &str) -> String {
    find(case.assessment, id)
        .first()
        .map(|item| item.label(case.assessment))
        .or_else(|| statement::label_of_row(case, id))
        .unwrap_or_else(|| id.to_owned())
}

fn shown_percent(percent: f64) -> String {
    format!("{percent:.1} percent").replacen('-', "−", 1)
}

/// A number with a minus that is a minus.
fn shown(number: &Number) -> String {
    number.as_str().replacen('-', "−", 1)
}
