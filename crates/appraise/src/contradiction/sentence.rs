//! Sentences about contradictions: what it is about, who says what, and what is at odds.

use counterpart_model::claim::{Act, Claim};
use counterpart_model::quantity::{Figure, Qualifier};
use counterpart_model::{Decimal, Record};

use crate::assessment::{ContradictionKind, Sentence};
use crate::claim::answered;
use crate::words;

use super::statement::Said;

/// Returns the name of whatever an id stands for, or the id in words.
pub(super) fn name(record: &Record, id: &str) -> String {
    let places = record.places.iter().map(|row| (&row.id, &row.name));
    let organisations = record.organisations.iter().map(|row| (&row.id, &row.name));
    let activities = record.activities.iter().map(|row| (&row.id, &row.title));
    let programmes = record.programmes.iter().map(|row| (&row.id, &row.name));
    let rounds = record.rounds.iter().map(|row| (&row.id, &row.name));
    let entities = record.listed_entities.iter().map(|row| (&row.id, &row.name));
    places
        .chain(organisations)
        .chain(activities)
        .chain(programmes)
        .chain(rounds)
        .chain(entities)
        .find(|(row, _)| **row == *id)
        .map_or_else(|| id.replace('_', " "), |(_, name)| name.clone())
}

/// Returns a speaker's name; of one who is not named, who prints it.
pub(super) fn speaker(record: &Record, one: &Said<'_>) -> String {
    let named = one
        .speaker
        .and_then(|id| record.speakers.iter().find(|row| row.id == *id))
        .map(|row| row.name.clone());
    if one.voice.ends_with(":unnamed") {
        let publisher = record
            .sources
            .iter()
            .find(|row| row.id == *one.source)
            .map_or_else(|| one.source.to_string(), |row| row.publisher.clone());
        return format!("a speaker whom {publisher} does not name");
    }
    named.unwrap_or_else(|| {
        one.speaker
            .map_or_else(|| one.source.to_string(), ToString::to_string)
    })
}

/// What the statements are about.
pub(super) fn about(record: &Record, one: &Said<'_>) -> String {
    let property = one.property.replace('_', " ");
    match one.ends {
        Some((from, to)) => format!(
            "{property}, from {} to {}",
            name(record, from.as_str()),
            name(record, to.as_str())
        ),
        None => format!("{property}, {}", name(record, &one.subject)),
    }
}

/// A figure as it was said, with its unit: "more than 400,000 persons".
pub(super) fn figure(one: &Said<'_>) -> String {
    let in_unit = |number: Decimal| words::in_unit(number, one.unit);
    match (one.figure, one.qualifier) {
        (Figure::Value(value), Some(Qualifier::Nearly)) => format!("nearly {}", in_unit(value)),
        (Figure::Value(value), Some(Qualifier::About)) => format!("about {}", in_unit(value)),
        (Figure::Value(value), _) => in_unit(value),
        (Figure::AtLeast(low), Some(Qualifier::MoreThan)) => format!("more than {}", in_unit(low)),
        (Figure::AtLeast(low), _) => format!("at least {}", in_unit(low)),
        (Figure::AtMost(high), Some(Qualifier::LessThan)) => format!("less than {}", in_unit(high)),
        (Figure::AtMost(high), _) => format!("at most {}", in_unit(high)),
        (Figure::Between(low, high), _) => format!("{} to {}", in_unit(low), in_unit(high)),
    }
}

/// "2010 to 2019-07", "until 2020", "from 2011".
pub(super) fn period(one: &Said<'_>) -> String {
    match (one.start, one.end) {
        (Some(start), Some(end)) if start == end => start.to_string(),
        (Some(start), Some(end)) => format!("{start} to {end}"),
        (Some(start), None) => format!("from {start}"),
        (None, Some(end)) if one.is_target => format!("due {end}"),
        (None, Some(end)) => format!("until {end}"),
        (None, None) => String::new(),
    }
}

/// The verb of a statement; what is only planned says so.
fn verb(one: &Said<'_>) -> &'static str {
    match (one.act, one.planned, one.ends.is_some()) {
        (Act::Reports, true, _) => "reports a plan of",
        (Act::Promises, ..) => "promises",
        (act, ..) => words::verb(act),
    }
}

/// Writes who says what: each speaker, its figure, and period or scope where they differ.
pub(super) fn said(record: &Record, statements: &[&Said<'_>], differs_in: &[String]) -> Sentence {
    let with = |what: &str| differs_in.iter().any(|one| one == what);
    let mut sentence = Sentence::new();
    for (index, one) in statements.iter().enumerate() {
        if index > 0 {
            sentence = sentence.text("; ");
        }
        sentence = sentence
            .text(format!("{} {} ", speaker(record, one), verb(one)))
            .figure(figure(one), one.id.as_str());
        let mut apart = Vec::new();
        if with("period") {
            let period = period(one);
            apart.push(if period.is_empty() {
                "no period said".to_owned()
            } else {
                period
            });
        }
        if with("scope") {
            match (one.ends, one.place) {
                (Some((from, to)), _) => apart.push(format!(
                    "{} to {}",
                    name(record, from.as_str()),
                    name(record, to.as_str())
                )),
                (None, Some(place)) => apart.push(name(record, place.as_str())),
                (None, None) => apart.push("no place said".to_owned()),
            }
        }
        if with("basis") && !one.basis.is_empty() {
            apart.push(one.basis.replace('_', " "));
        }
        if with("rung") && !one.rung.is_empty() {
            apart.push(one.rung.replace('_', " "));
        }
        if !apart.is_empty() {
            sentence = sentence.text(format!(" ({})", apart.join(", ")));
        }
        if let Some(claim) = record
            .claims
            .iter()
            .find(|claim| claim.id == *one.id && is_accusation(claim))
        {
            sentence = sentence.text(format!(" [{}]", answered::words(record, &claim.id)));
        }
    }
    sentence
}

fn is_accusation(claim: &Claim) -> bool {
    matches!(claim.act, Act::Alleges | Act::Criticises)
}

/// Writes what is at odds.
pub(super) fn finding(
    kind: ContradictionKind,
    size: Option<Decimal>,
    voices: usize,
    differs_in: &[String],
    id: &str,
) -> Sentence {
    let begin = Sentence::of(match kind {
        ContradictionKind::Speakers => "These cannot all hold",
        ContradictionKind::FactorOfTen => {
            "One is a power of ten of the other, which looks like a slip of the unit"
        }
        ContradictionKind::CopiedUnderTwoYears => "One and the same figure stands under different periods",
        ContradictionKind::PlanActual => "What came is not what was planned",
        ContradictionKind::TotalParts => "The parts do not make the whole",
        ContradictionKind::CumulativeAnnual => "What lies inside the longer period is more than all of it",
        ContradictionKind::Vintages => "The editions differ by more than rounding",
        ContradictionKind::Definition => "This is no disagreement yet",
    });
    let begin = match kind {
        ContradictionKind::Definition => begin.text(format!(": they differ in {}", words::list(differs_in))),
        _ => begin,
    };
    let begin = match size {
        Some(size) if kind == ContradictionKind::FactorOfTen => {
            let times = size.checked_add(Decimal::ONE).unwrap_or(size);
            begin
                .text(": the larger is ")
                .figure(format!("{} times", words::number(times, 1)), id)
                .text(" the smaller")
        }
        Some(size) if !size.is_zero() => {
            let percent = size.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(size);
            let decimals = if percent < Decimal::ONE { 2 } else { 1 };
            begin
                .text(if kind == ContradictionKind::Definition {
                    "; the largest figure is "
                } else {
                    ": the largest is "
                })
                .figure(format!("{}%", words::number(percent, decimals)), id)
                .text(" above the smallest")
        }
        _ => begin,
    };
    let begin = begin.text(".");
    match (kind, voices) {
        (ContradictionKind::Vintages, _) | (_, 0) => begin,
        (_, 1) => begin.text(" One speaker stands behind all of them."),
        _ => begin,
    }
}
