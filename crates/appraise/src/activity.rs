//! Projects: targets against actuals, dates against the clock, promises that were made easier, claims of abandonment.
//!
//! A target and an actual are held against each other where they are of the same project, indicator and unit, whoever
//! says them and in however many rows. Where a promise stands is [`due::standing`]'s to say; nothing here knows
//! a date but the case's clock.

mod sentence;

use std::collections::BTreeMap;

use counterpart_model::activity::{Activity, ActivityResult, ActivityStatus};
use counterpart_model::quantity::{Figure, Qualifier};
use counterpart_model::{Date, Decimal, Id, Record, RoundingStrategy, TableId};

use crate::assessment::{
    AbandonmentRow, ActivityRow, AsOfStatus, ClaimRow, Number, ParticipantRow, Ratchet, RatchetKind,
    ResultKind, ResultRow, Sentence,
};
use crate::disclosure;
use crate::due::{self, Reached, Standing, Target, Way};
use crate::words;

/// The unit of a result that is no amount: its target is the day it is due, its actual the period it is about.
const DATE: &str = "date";

/// Returns every project of the record with its targets and actuals, by id.
#[must_use]
pub fn rows(record: &Record, claims: &[ClaimRow]) -> Vec<ActivityRow> {
    let mut results: BTreeMap<&Id, Vec<&ActivityResult>> = BTreeMap::new();
    for result in &record.results {
        results.entry(&result.activity_id).or_default().push(result);
    }
    let mut rows: Vec<ActivityRow> = record
        .activities
        .iter()
        .map(|activity| {
            let of = results.get(&activity.id).map(Vec::as_slice).unwrap_or_default();
            row(record, claims, activity, of)
        })
        .collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

fn row(
    record: &Record,
    claims: &[ClaimRow],
    activity: &Activity,
    results: &[&ActivityResult],
) -> ActivityRow {
    let as_of = record.case.as_of;
    let results = result_rows(record, results);
    let (as_of_status, silent_since) = stands(activity, &results, as_of);
    let began = began(activity, as_of);
    let abandonment = abandonment(activity, claims);
    let mut from = vec![activity.id.to_string()];
    from.extend(results.iter().map(|result| result.id.clone()));
    from.extend(abandonment.iter().map(|row| row.claim.clone()));
    let mut row = ActivityRow {
        id: activity.id.to_string(),
        title: activity.title.clone(),
        programme: activity.programme_id.as_ref().map(ToString::to_string),
        kind: activity.kind.to_string(),
        place: activity.place_id.to_string(),
        status: activity.status.map(|status| status.to_string()),
        planned_start: activity.planned_start.map(|date| date.to_string()),
        actual_start: activity.actual_start.map(|date| date.to_string()),
        planned_end: activity.planned_end.map(|date| date.to_string()),
        began,
        as_of_status,
        silent_since,
        participants: participants(record, activity),
        results,
        abandonment,
        sentence: Sentence::new(),
        source: activity.source_id.to_string(),
        locator: activity.locator.clone().unwrap_or_default(),
        from,
    };
    row.sentence = sentence::activity(&row);
    row
}

fn participants(record: &Record, activity: &Activity) -> Vec<ParticipantRow> {
    let mut rows: Vec<ParticipantRow> = record
        .participants
        .iter()
        .filter(|row| row.activity_id == activity.id)
        .map(|row| ParticipantRow {
            organisation: row.organisation_id.to_string(),
            organisation_name: crate::carried::name(record, &row.organisation_id),
            role: row.role.to_string(),
        })
        .collect();
    rows.sort_by(|a, b| (&a.role, &a.organisation).cmp(&(&b.role, &b.organisation)));
    rows
}

/// How a project's beginning stands to its plan, at the clock.
fn began(activity: &Activity, as_of: Date) -> &'static str {
    match (activity.planned_start, activity.actual_start) {
        (Some(planned), Some(actual)) if actual.is_after(planned) => "late",
        (Some(planned), Some(actual)) if planned.is_after(actual) => "early",
        (Some(_), Some(_)) => "as planned",
        (Some(planned), None) if as_of.is_after(planned) => "not begun on record",
        (Some(_), None) => "not due to begin",
        (None, Some(_)) => "no plan on record",
        (None, None) => "no date on record",
    }
}

/// Where a project stands: the least good of its promises; where it has none, of its planned dates.
fn stands(activity: &Activity, results: &[ResultRow], as_of: Date) -> (AsOfStatus, Option<String>) {
    let promised = results
        .iter()
        .filter(|row| matches!(row.kind, ResultKind::Target | ResultKind::Both));
    let dated = by_dates(activity, as_of);
    let all = promised
        .map(|row| (row.status, row.silent_since.clone()))
        .chain(dated.map(|status| (status, None)));
    all.min_by_key(|(status, since)| (severity(*status), since.clone()))
        .unwrap_or((AsOfStatus::Unknown, None))
}

/// The least good first.
const fn severity(status: AsOfStatus) -> u8 {
    match status {
        AsOfStatus::Missed => 0,
        AsOfStatus::Overdue => 1,
        AsOfStatus::SilentSince => 2,
        AsOfStatus::Unknown => 3,
        AsOfStatus::OnTime => 4,
        AsOfStatus::Met => 5,
    }
}

/// Where a project stands by its planned dates alone.
fn by_dates(activity: &Activity, as_of: Date) -> Option<AsOfStatus> {
    let ended = matches!(
        activity.status,
        Some(ActivityStatus::Closed | ActivityStatus::Finalisation)
    );
    let given_up = activity.status == Some(ActivityStatus::Cancelled);
    let waits = activity
        .planned_start
        .is_some_and(|planned| as_of.is_after(planned))
        && activity.actual_start.is_none();
    match activity.planned_end {
        Some(_) if given_up => Some(AsOfStatus::Missed),
        Some(_) if ended => Some(AsOfStatus::Met),
        Some(end) if as_of.is_after(end) => Some(AsOfStatus::Overdue),
        _ if waits && !ended => Some(if given_up {
            AsOfStatus::Missed
        } else {
            AsOfStatus::Overdue
        }),
        Some(_) => Some(AsOfStatus::OnTime),
        None => None,
    }
}

/// Claims that a project was given up, each with its answers in the same sentence.
fn abandonment(activity: &Activity, claims: &[ClaimRow]) -> Vec<AbandonmentRow> {
    let find = |id: &str| claims.iter().find(|claim| claim.id == id);
    activity
        .abandonment_claims
        .iter()
        .filter_map(|id| find(id.as_str()))
        .map(|claim| {
            let mut text = words::without_full_stop(&claim.attributed).to_owned();
            let answers: Vec<&ClaimRow> = claim.answered_by.iter().filter_map(|id| find(id)).collect();
            for answer in &answers {
                text.push_str("; ");
                text.push_str(words::without_full_stop(&answer.attributed));
            }
            if answers.is_empty() {
                text.push_str("; no reply on record");
            }
            text.push('.');
            AbandonmentRow {
                claim: claim.id.clone(),
                answers: claim.answered_by.clone(),
                sentence: Sentence::of(text),
            }
        })
        .collect()
}

/// One row of results as numbers.
struct Stated<'a> {
    row: &'a ActivityResult,
    kind: ResultKind,
    target: Option<Decimal>,
    actual: Option<Figure>,
}

impl<'a> Stated<'a> {
    fn of(row: &'a ActivityResult) -> Self {
        let target = row.target.or(row.target_lower);
        // A bare bound of "more than" belongs to whichever side has it; a row about a day has its target in `due_on`.
        let actual = Figure::of(row.actual, row.actual_lower, None);
        let (promises, tells) = if row.unit == DATE {
            (row.due_on.is_some(), row.due_on.is_none() && row.period.is_some())
        } else {
            (target.is_some(), actual.is_some())
        };
        let kind = match (promises, tells) {
            (true, true) => ResultKind::Both,
            (true, false) => ResultKind::Target,
            (false, true) => ResultKind::Actual,
            (false, false) => ResultKind::Empty,
        };
        Self {
            row,
            kind,
            target,
            actual,
        }
    }

    fn promises(&self) -> bool {
        matches!(self.kind, ResultKind::Target | ResultKind::Both)
    }

    fn tells(&self) -> bool {
        matches!(self.kind, ResultKind::Actual | ResultKind::Both)
    }

    fn target(&self, record: &Record) -> Target {
        Target {
            id: self.row.id.to_string(),
            threshold: self.target,
            way: Way::from_baseline(self.row.baseline, self.target),
            said_on: said_on(record, self.row),
            due_on: self.row.due_on,
        }
    }

    fn reached(&self) -> Reached {
        // "Nearly 400" is a little less than 400: as a bound from above it cannot reach it.
        let nearly = self.row.qualifier == Some(Qualifier::Nearly);
        let figure = match self.actual {
            Some(Figure::Value(value)) if nearly => {
                Some(Figure::Between(value * just_under(), value * just_under()))
            }
            other => other,
        };
        Reached {
            id: self.row.id.to_string(),
            figure,
            about: self.row.period.map(|period| period.last()),
        }
    }
}

/// A factor a hair below one.
fn just_under() -> Decimal {
    Decimal::new(999_999, 6)
}

/// When a row's source was published: the day its promise was on record.
fn said_on(record: &Record, row: &ActivityResult) -> Option<Date> {
    record
        .sources
        .iter()
        .find(|source| source.id == row.source_id)
        .and_then(|source| source.published_on)
}

fn result_rows(record: &Record, results: &[&ActivityResult]) -> Vec<ResultRow> {
    let mut by_measure: BTreeMap<(&str, &str), Vec<Stated<'_>>> = BTreeMap::new();
    for result in results {
        by_measure
            .entry((&result.indicator, &result.unit))
            .or_default()
            .push(Stated::of(result));
    }
    let mut rows: Vec<ResultRow> = by_measure
        .values()
        .flat_map(|stated| of_one_measure(record, stated))
        .collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

/// Rows of one project, indicator and unit.
fn of_one_measure(record: &Record, stated: &[Stated<'_>]) -> Vec<ResultRow> {
    let as_of = record.case.as_of;
    let reached: Vec<Reached> = stated
        .iter()
        .filter(|one| one.tells())
        .map(Stated::reached)
        .collect();
    let promises: Vec<&Stated<'_>> = stated.iter().filter(|one| one.promises()).collect();
    let targets: Vec<Target> = promises.iter().map(|one| one.target(record)).collect();
    let standings: Vec<Standing> = targets
        .iter()
        .map(|target| due::standing(target, &reached, as_of))
        .collect();
    let ratchets = ratchets(&targets);
    let mut rows = Vec::new();
    for one in stated {
        let at = targets.iter().position(|target| one.row.id.as_str() == target.id);
        let standing = at.and_then(|at| standings.get(at)).filter(|_| one.promises());
        let against: Vec<String> = match standing {
            Some(standing) => standing.by.clone(),
            None if one.tells() => targets.iter().map(|target| target.id.clone()).collect(),
            None => Vec::new(),
        };
        rows.push(result_row(
            record,
            one,
            stated,
            standing,
            against,
            at.and_then(|at| ratchets.get(at).cloned().flatten()),
        ));
    }
    rows
}

/// For each promise the later one that asks for less, or for no more by a later date.
fn ratchets(targets: &[Target]) -> Vec<Option<Ratchet>> {
    let smaller = due::ratcheted(targets);
    targets
        .iter()
        .zip(smaller)
        .map(|(one, smaller)| {
            if let Some(by) = smaller {
                return Some(Ratchet {
                    by,
                    kind: RatchetKind::Smaller,
                });
            }
            let mut later: Vec<&Target> = targets
                .iter()
                .filter(|other| {
                    let said_later =
                        matches!((one.said_on, other.said_on), (Some(a), Some(b)) if b.is_after(a));
                    let due_later = matches!((one.due_on, other.due_on), (Some(a), Some(b)) if b.is_after(a));
                    let no_more = match (one.threshold, other.threshold) {
                        (Some(a), Some(b)) => a == b,
                        (None, None) => true,
                        _ => false,
                    };
                    said_later && due_later && no_more
                })
                .collect();
            later.sort_by(|a, b| (a.said_on, &a.id).cmp(&(b.said_on, &b.id)));
            later.first().map(|other| Ratchet {
                by: other.id.clone(),
                kind: RatchetKind::LaterDate,
            })
        })
        .collect()
}

fn result_row(
    record: &Record,
    one: &Stated<'_>,
    all: &[Stated<'_>],
    standing: Option<&Standing>,
    against: Vec<String>,
    ratcheted_to: Option<Ratchet>,
) -> ResultRow {
    let row = one.row;
    let number = |value: Option<Decimal>| value.map(Number::exact);
    let mut from = vec![row.id.to_string()];
    from.extend(against.iter().filter(|id| *id != row.id.as_str()).cloned());
    from.extend(ratcheted_to.iter().map(|ratchet| ratchet.by.clone()));
    let share = standing.and_then(|_| share(one, all, &against));
    let withheld = record
        .is_withheld(TableId::Results, row.id.as_str())
        .then(|| disclosure::WITHHELD.to_owned());
    let mut made = ResultRow {
        id: row.id.to_string(),
        indicator: row.indicator.clone(),
        unit: row.unit.clone(),
        kind: one.kind,
        baseline: number(row.baseline),
        target: number(row.target),
        target_lower: number(row.target_lower),
        actual: number(row.actual),
        actual_lower: number(row.actual_lower),
        withheld,
        qualifier: row.qualifier.map(|word| word.to_string()),
        due_on: row.due_on.map(|date| date.to_string()),
        period: row.period.map(|period| period.to_string()),
        speaker: row.speaker_id.to_string(),
        status: standing.map_or(AsOfStatus::Unknown, |standing| standing.status),
        silent_since: standing
            .and_then(|standing| standing.since)
            .map(|date| date.to_string()),
        late: standing.is_some_and(|standing| standing.late),
        against,
        share: share.map(|share| {
            Number::exact(share.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero))
        }),
        ratcheted_to,
        sentence: Sentence::new(),
        source: row.source_id.to_string(),
        locator: row.locator.clone().unwrap_or_default(),
        from,
    };
    let rows: Vec<&ActivityResult> = all.iter().map(|stated| stated.row).collect();
    made.sentence = sentence::result(&made, row, &rows);
    made
}

/// The last actual that decides a promise, over what was promised, where both are values.
fn share(one: &Stated<'_>, all: &[Stated<'_>], against: &[String]) -> Option<Decimal> {
    let target = one.row.target.filter(|target| !target.is_zero())?;
    let last = all
        .iter()
        .filter(|other| against.iter().any(|id| *id == other.row.id.as_str()))
        .max_by(|a, b| {
            let about = |stated: &Stated<'_>| stated.row.period.map(|period| period.last());
            (about(a), &a.row.id).cmp(&(about(b), &b.row.id))
        })?;
    last.row.actual?.checked_div(target)
}
