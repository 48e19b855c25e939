//! Sentences about projects and their results, generated from values.

use counterpart_model::Decimal;
use counterpart_model::activity::ActivityResult;

use super::DATE;
use crate::assessment::{ActivityRow, AsOfStatus, RatchetKind, ResultKind, ResultRow, Sentence};
use crate::words;

/// Says where one target stands, or that an actual has none.
pub(super) fn result(row: &ResultRow, stated: &ActivityResult, all: &[&ActivityResult]) -> Sentence {
    let what = words::capital(&row.indicator.replace('_', " "));
    if row.unit == DATE {
        return day(row, &what);
    }
    let promised = || amount(&row.id, stated.target, stated.target_lower, stated, true);
    let reached = || amount(&row.id, stated.actual, stated.actual_lower, stated, false);
    let about = row.period.as_ref().map(|period| format!(" for {period}"));
    let mut sentence = Sentence::of(format!("{what}: "));
    match row.kind {
        ResultKind::Empty if row.withheld.is_some() => return sentence.text("a number that is withheld."),
        ResultKind::Empty => return sentence.text("neither a target nor an actual on record."),
        ResultKind::Actual => {
            sentence = sentence
                .join(reached())
                .text(" said to be reached")
                .text(about.unwrap_or_default());
            return sentence.text(if row.against.is_empty() {
                "; no target on record."
            } else {
                "."
            });
        }
        ResultKind::Target | ResultKind::Both => sentence = sentence.join(promised()).text(" promised"),
    }
    sentence = sentence.text(match &row.due_on {
        Some(due) => format!(" by {due}"),
        None => ", without a date".to_owned(),
    });
    let mut deciding: Vec<&&ActivityResult> = all
        .iter()
        .filter(|other| row.against.iter().any(|id| *id == other.id.as_str()))
        .collect();
    deciding.sort_by(|a, b| {
        let about = |row: &ActivityResult| row.period.map(|period| period.last());
        (about(b), &b.id).cmp(&(about(a), &a.id))
    });
    sentence = match deciding.first() {
        Some(last) => {
            let mut told = sentence
                .text("; ")
                .join(amount(
                    last.id.as_str(),
                    last.actual,
                    last.actual_lower,
                    last,
                    false,
                ))
                .text(" said to be reached");
            if let Some(period) = last.period {
                told = told.text(format!(" for {period}"));
            }
            told
        }
        None => sentence.text("; no actual on record"),
    };
    finish(sentence, row)
}

/// Says where a promise of a day stands.
fn day(row: &ResultRow, what: &str) -> Sentence {
    let sentence = match (row.kind, &row.due_on, &row.period) {
        (ResultKind::Target | ResultKind::Both, Some(due), _) => {
            let told = if row.against.is_empty() {
                "; nothing on record says that it came"
            } else {
                "; said to have come"
            };
            Sentence::of(format!("{what}: promised for {due}{told}"))
        }
        (ResultKind::Actual, _, Some(period)) => {
            return Sentence::of(format!("{what}: said of {period}."));
        }
        _ => return Sentence::of(format!("{what}: no date on record.")),
    };
    finish(sentence, row)
}

fn finish(mut sentence: Sentence, row: &ResultRow) -> Sentence {
    sentence = sentence.text(": ").text(row.status.words());
    if row.status == AsOfStatus::Met && row.late {
        sentence = sentence.text(", after its date");
    }
    if let Some(since) = &row.silent_since {
        sentence = sentence.text(format!(" {since}"));
    }
    if let Some(ratchet) = &row.ratcheted_to {
        let how = match ratchet.kind {
            RatchetKind::Smaller => "less",
            RatchetKind::LaterDate => "the same by a later date",
        };
        sentence = sentence.text(format!("; a later promise ({}) is for {how}", ratchet.by));
    }
    sentence.text(".")
}

/// Writes a value or a lower bound in the row's unit, as a figure that leads to the row.
fn amount(
    id: &str,
    value: Option<Decimal>,
    lower: Option<Decimal>,
    row: &ActivityResult,
    is_target: bool,
) -> Sentence {
    let qualified = if is_target {
        row.target.is_some() && row.actual.is_none()
    } else {
        row.actual.is_some()
    };
    let before = match (value, row.qualifier) {
        (Some(_), Some(word)) if qualified && !word.is_bound() => format!("{} ", word.as_str()),
        (Some(_), _) => String::new(),
        (None, Some(word)) if word.is_bound() => format!("{} ", word.as_str().replace('_', " ")),
        (None, _) => "at least ".to_owned(),
    };
    match value.or(lower) {
        Some(number) => Sentence::of(before).figure(shown(number, &row.unit), id),
        None => Sentence::of("no figure"),
    }
}

fn shown(value: Decimal, unit: &str) -> String {
    match unit {
        "count" | "1" => words::grouped(value, 2),
        _ => words::in_unit(value, Some(unit)),
    }
}

/// Says where a project stands, how it began, and how many of its promises stand how.
pub(super) fn activity(row: &ActivityRow) -> Sentence {
    let mut sentence = Sentence::of(words::without_full_stop(&row.title).to_owned());
    sentence = sentence.text(": ").text(row.as_of_status.words());
    if let Some(since) = &row.silent_since {
        sentence = sentence.text(format!(" {since}"));
    }
    if let Some(status) = &row.status {
        sentence = sentence.text(format!(" (status on record: {status})"));
    }
    match (&row.planned_start, &row.actual_start) {
        (Some(planned), Some(actual)) => {
            sentence = sentence.text(format!("; planned to begin {planned}, begun {actual}"));
        }
        (Some(planned), None) => {
            sentence = sentence.text(format!("; planned to begin {planned}, no beginning on record"));
        }
        (None, Some(actual)) => sentence = sentence.text(format!("; begun {actual}")),
        (None, None) => {}
    }
    if let Some(end) = &row.planned_end {
        sentence = sentence.text(format!("; planned to end {end}"));
    }
    let promised: Vec<AsOfStatus> = row
        .results
        .iter()
        .filter(|result| matches!(result.kind, ResultKind::Target | ResultKind::Both))
        .map(|result| result.status)
        .collect();
    let order = [
        AsOfStatus::Met,
        AsOfStatus::OnTime,
        AsOfStatus::Missed,
        AsOfStatus::Overdue,
        AsOfStatus::SilentSince,
        AsOfStatus::Unknown,
    ];
    let counts: Vec<String> = order
        .into_iter()
        .filter_map(|status| {
            let n = promised.iter().filter(|one| **one == status).count();
            let words = if status == AsOfStatus::SilentSince {
                "silent"
            } else {
                status.words()
            };
            (n > 0).then(|| format!("{n} {words}"))
        })
        .collect();
    if !counts.is_empty() {
        sentence = sentence.text(format!("; targets: {}", counts.join(", ")));
    }
    sentence.text(".")
}
