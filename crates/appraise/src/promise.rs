//! Promises: claims, rules and targets that say what will be, with their dates, held against what was said later.
//!
//! A claim is met by what another claim, or a result, says of the same subject and property; a promise without a
//! figure by any statement of the same subject and property that says how it is. A target of a rule is held against
//! observations of its indicator, as a share of the nation's where the rule says so. Promises do not meet promises,
//! and neither do allegations, criticisms or denials.

use counterpart_model::claim::{Act, Claim};
use counterpart_model::quantity::Figure;
use counterpart_model::rule::{Rule, RuleKind};
use counterpart_model::{Date, Decimal, Id, Record};

use crate::assessment::{
    ActivityRow, AsOfStatus, FigureKind, GapRow, Number, PromiseKind, PromiseRow, ResultKind, Sentence,
};
use crate::claim::answered;
use crate::due::{self, Reached, Standing, Target, Way};
use crate::reading::{Figures, Reader};
use crate::words;

/// Returns every promise on record by id, with where it stands at the clock of the case.
#[must_use]
pub fn rows(
    reader: &Reader<'_>,
    gaps: &[GapRow],
    activities: &[ActivityRow],
    figures: &mut Figures,
) -> Vec<PromiseRow> {
    let record = reader.record();
    let mut rows: Vec<PromiseRow> = record
        .claims
        .iter()
        .filter(|claim| claim.act == Act::Promises)
        .map(|claim| of_claim(record, claim, figures))
        .collect();
    rows.extend(
        record
            .rules
            .iter()
            .filter(|rule| rule.kind == RuleKind::Target)
            .map(|rule| of_rule(reader, gaps, rule, figures)),
    );
    rows.extend(activities.iter().flat_map(|activity| {
        activity
            .results
            .iter()
            .filter(|result| matches!(result.kind, ResultKind::Target | ResultKind::Both))
            .map(|result| of_result(record, activity, result))
    }));
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

/// When the source of a statement was published.
fn published(record: &Record, source: &Id) -> Option<Date> {
    record
        .sources
        .iter()
        .find(|row| row.id == *source)
        .and_then(|row| row.published_on)
}

fn name(record: &Record, speaker: Option<&Id>) -> String {
    match speaker {
        Some(id) => record
            .speakers
            .iter()
            .find(|row| row.id == *id)
            .map_or_else(|| id.to_string(), |row| row.name.clone()),
        None => "The record".to_owned(),
    }
}

/// The target that a claim sets: due at the end of its period, said when its source was published, or at its start.
fn target_of(record: &Record, claim: &Claim) -> Target {
    let said_on = published(record, &claim.source_id).or(claim.period_start);
    let threshold = match claim.figure() {
        Some(Figure::Value(number) | Figure::AtLeast(number) | Figure::Between(number, _)) => Some(number),
        Some(Figure::AtMost(number)) => Some(number),
        None => None,
    };
    Target {
        id: claim.id.to_string(),
        threshold,
        way: match claim.figure() {
            Some(Figure::AtMost(_)) => Way::Down,
            _ => Way::Up,
        },
        said_on,
        due_on: claim.period_end,
    }
}

/// Whether two claims are about the same thing and place, counted in the same unit.
fn same_matter(a: &Claim, b: &Claim) -> bool {
    a.subject == b.subject && a.property == b.property && a.place_id == b.place_id
}

fn of_claim(record: &Record, claim: &Claim, figures: &mut Figures) -> PromiseRow {
    let target = target_of(record, claim);
    let mut reached: Vec<Reached> = record
        .claims
        .iter()
        .filter(|other| {
            other.id != claim.id
                && matches!(other.act, Act::Asserts | Act::Reports | Act::Estimates)
                && same_matter(claim, other)
                && (target.threshold.is_none() || (other.figure().is_some() && other.unit == claim.unit))
        })
        .filter(|other| {
            // What was said to be so before anything was promised is no fulfilment of it.
            let about = other.period_end.or(other.period_start);
            match (about, claim.period_start.or(target.said_on)) {
                (Some(about), Some(begin)) => !begin.is_after(about),
                _ => true,
            }
        })
        .map(|other| Reached {
            id: other.id.to_string(),
            figure: other.figure(),
            about: other
                .period_end
                .or(other.period_start)
                .or_else(|| published(record, &other.source_id)),
        })
        .collect();
    reached.extend(record.results.iter().filter_map(|row| {
        let is_it = row.activity_id == claim.subject.as_str()
            && row.indicator == claim.property
            && claim.unit.as_deref().is_none_or(|unit| unit == row.unit);
        let figure = Figure::of(row.actual, row.actual_lower, None)?;
        is_it.then(|| {
            note_result(row, figure, figures);
            Reached {
                id: row.id.to_string(),
                figure: Some(figure),
                about: row.period.map(|period| period.last()),
            }
        })
    }));
    let standing = due::standing(&target, &reached, record.case.as_of);
    let others: Vec<Target> = record
        .claims
        .iter()
        .filter(|other| other.act == Act::Promises && same_matter(claim, other) && other.unit == claim.unit)
        .map(|other| target_of(record, other))
        .collect();
    let at = others.iter().position(|other| other.id == target.id);
    let ratcheted_to = at.and_then(|at| due::ratcheted(&others).into_iter().nth(at).flatten());
    let what = match target.threshold {
        Some(number) => Sentence::of(format!("{} promises ", name(record, Some(&claim.speaker_id))))
            .figure(words::in_unit(number, claim.unit.as_deref()), claim.id.as_str())
            .text(format!(
                " ({}, {})",
                claim.property.replace('_', " "),
                words::without_full_stop(&claim.text)
            )),
        None => Sentence::of(words::without_full_stop(&answered::whole(record, claim)).to_owned()),
    };
    made(
        Made {
            kind: PromiseKind::Claim,
            speaker: Some(&claim.speaker_id),
            speaker_name: name(record, Some(&claim.speaker_id)),
            text: &claim.text,
            subject: claim.subject.clone(),
            property: claim.property.clone(),
            place: claim.place_id.as_ref(),
            unit: claim.unit.as_deref(),
            source: &claim.source_id,
            locator: claim.locator.as_deref(),
            what,
        },
        &target,
        standing,
        ratcheted_to,
    )
}

fn note_result(row: &counterpart_model::activity::ActivityResult, figure: Figure, figures: &mut Figures) {
    let number = match figure {
        Figure::Value(number)
        | Figure::AtLeast(number)
        | Figure::AtMost(number)
        | Figure::Between(number, _) => number,
    };
    figures.add(crate::assessment::Figure {
        id: row.id.to_string(),
        kind: FigureKind::Observed,
        value: Number::exact(number),
        unit: Some(row.unit.clone()),
        label: format!("{}, {}", row.activity_id, row.indicator.replace('_', " ")),
        status: None,
        source: Some(row.source_id.to_string()),
        locator: row.locator.clone(),
        formula: None,
        from: Vec::new(),
    });
}

/// A rule's target: an amount of its indicator, or a share of the nation's where it has a rate.
fn of_rule(reader: &Reader<'_>, gaps: &[GapRow], rule: &Rule, figures: &mut Figures) -> PromiseRow {
    let record = reader.record();
    let target = Target {
        id: rule.id.to_string(),
        threshold: rule
            .rate_lower
            .or(rule.rate_upper)
            .or(rule.amount)
            .or_else(|| rule.minimum_count.map(Decimal::from)),
        way: Way::Up,
        said_on: published(record, &rule.source_id).or(rule.period_start),
        due_on: rule.period_end,
    };
    let mut reached = Vec::new();
    if let (Some(indicator), Some(due), Some(_)) = (&rule.base_indicator, rule.period_end, target.threshold) {
        let indicator = Id::new(indicator);
        let as_share = rule.rate_lower.or(rule.rate_upper).is_some();
        let last = record.case.as_of.year().min(due.year().saturating_add(20));
        for year in due.year()..=last {
            let Ok(year) = i16::try_from(year) else { continue };
            let period = counterpart_model::Period::year_only(year);
            if as_share {
                reached.extend(shares(gaps, rule, &indicator, period));
                continue;
            }
            for reading in reader.readings(&rule.who_id, &indicator, period).iter() {
                reader.note(reading, figures);
                reached.push(Reached {
                    id: reading.id.clone(),
                    figure: Some(Figure::Value(reading.value)),
                    about: Some(period.start),
                });
            }
        }
    }
    // A rule without an indicator of its own says only in words what is to be.
    let standing = if target.threshold.is_some() && rule.base_indicator.is_some() {
        due::standing(&target, &reached, record.case.as_of)
    } else {
        Standing {
            status: match target.due_on {
                Some(due) if record.case.as_of.is_after(due) => AsOfStatus::SilentSince,
                Some(_) => AsOfStatus::OnTime,
                None => AsOfStatus::Unknown,
            },
            by: Vec::new(),
            since: target.due_on.filter(|due| record.case.as_of.is_after(*due)),
            late: false,
        }
    };
    let what = Sentence::of(format!(
        "{} names a target: {}",
        name(record, rule.speaker_id.as_ref()),
        words::without_full_stop(&rule.text)
    ));
    made(
        Made {
            kind: PromiseKind::Rule,
            speaker: rule.speaker_id.as_ref(),
            speaker_name: name(record, rule.speaker_id.as_ref()),
            text: &rule.text,
            subject: rule.who_id.to_string(),
            property: rule.base_indicator.clone().unwrap_or_else(|| "target".to_owned()),
            place: record
                .places
                .iter()
                .any(|row| row.id == rule.who_id)
                .then_some(&rule.who_id),
            unit: rule.currency.as_deref(),
            source: &rule.source_id,
            locator: rule.locator.as_deref(),
            what,
        },
        &target,
        standing,
        None,
    )
}

/// The place's share of the nation in one year, as the gap has it: like for like where any pair of editions is.
fn shares(gaps: &[GapRow], rule: &Rule, indicator: &Id, period: counterpart_model::Period) -> Vec<Reached> {
    let year = period.to_string();
    let of_year = |gap: &&GapRow| {
        rule.who_id == gap.place.as_str() && *indicator == gap.indicator.as_str() && gap.period == year
    };
    let any_like = gaps.iter().filter(of_year).any(|gap| gap.like_for_like);
    gaps.iter()
        .filter(of_year)
        .filter(|gap| gap.like_for_like || !any_like)
        .filter_map(|gap| {
            Some(Reached {
                id: gap.id.clone(),
                figure: Some(Figure::Value(gap.ratio.as_str().parse().ok()?)),
                about: Some(period.start),
            })
        })
        .collect()
}

/// A target of a project stands where its project's account says it stands.
fn of_result(record: &Record, activity: &ActivityRow, result: &crate::assessment::ResultRow) -> PromiseRow {
    let speaker = Id::new(&result.speaker);
    let mut from = vec![result.id.clone()];
    from.extend(result.from.iter().cloned());
    from.dedup();
    PromiseRow {
        id: format!("promise:{}", result.id),
        statement: result.id.clone(),
        kind: PromiseKind::Result,
        speaker: Some(result.speaker.clone()),
        speaker_name: name(record, Some(&speaker)),
        text: format!("{}, {}", activity.title, result.indicator.replace('_', " ")),
        subject: activity.id.clone(),
        property: result.indicator.clone(),
        place: Some(activity.place.clone()),
        target: result.target.clone().or_else(|| result.target_lower.clone()),
        unit: Some(result.unit.clone()),
        said_on: published(record, &Id::new(&result.source)).map(|date| date.to_string()),
        due_on: result.due_on.clone(),
        status: result.status,
        silent_since: result.silent_since.clone(),
        late: result.late,
        decided_by: result.against.clone(),
        ratcheted_to: result.ratcheted_to.as_ref().map(|ratchet| ratchet.by.clone()),
        sentence: result.sentence.clone(),
        source: result.source.clone(),
        locator: result.locator.clone(),
        from,
    }
}

/// What a promise is, whatever table it stands in.
struct Made<'a> {
    kind: PromiseKind,
    speaker: Option<&'a Id>,
    speaker_name: String,
    text: &'a str,
    subject: String,
    property: String,
    place: Option<&'a Id>,
    unit: Option<&'a str>,
    source: &'a Id,
    locator: Option<&'a str>,
    what: Sentence,
}

fn made(made: Made<'_>, target: &Target, standing: Standing, ratcheted_to: Option<String>) -> PromiseRow {
    let mut sentence = made.what;
    sentence = match target.due_on {
        Some(due) => sentence.text(format!(", due {due}: ")),
        None => sentence.text(", with no date: "),
    };
    sentence = sentence.text(match standing.status {
        AsOfStatus::OnTime => "not due yet.".to_owned(),
        AsOfStatus::Met if standing.late => format!("met after its date, by {}.", words::list(&standing.by)),
        AsOfStatus::Met => format!("met, by {}.", words::list(&standing.by)),
        AsOfStatus::Missed => format!("missed, by {}.", words::list(&standing.by)),
        AsOfStatus::Overdue => format!(
            "overdue; {} {} not settle it.",
            words::list(&standing.by),
            if standing.by.len() == 1 { "does" } else { "do" }
        ),
        AsOfStatus::SilentSince => match standing.since {
            Some(since) => format!("nothing on record since {since} says whether it was kept."),
            None => "nothing on record says whether it was kept.".to_owned(),
        },
        AsOfStatus::Unknown if standing.by.is_empty() => {
            "nothing on record says whether it was kept.".to_owned()
        }
        AsOfStatus::Unknown => format!("not reached by {}.", words::list(&standing.by)),
    });
    if let Some(later) = &ratcheted_to {
        sentence = sentence.text(format!(" A later promise of less took its place: {later}."));
    }
    let mut from = vec![target.id.clone()];
    from.extend(standing.by.iter().cloned());
    PromiseRow {
        id: format!("promise:{}", target.id),
        statement: target.id.clone(),
        kind: made.kind,
        speaker: made.speaker.map(ToString::to_string),
        speaker_name: made.speaker_name,
        text: made.text.to_owned(),
        subject: made.subject,
        property: made.property,
        place: made.place.map(ToString::to_string),
        target: target.threshold.map(Number::exact),
        unit: made.unit.map(str::to_owned),
        said_on: target.said_on.map(|date| date.to_string()),
        due_on: target.due_on.map(|date| date.to_string()),
        status: standing.status,
        silent_since: standing.since.map(|date| date.to_string()),
        late: standing.late,
        decided_by: standing.by,
        ratcheted_to,
        sentence,
        source: made.source.to_string(),
        locator: made.locator.unwrap_or_default().to_owned(),
        from,
    }
}
