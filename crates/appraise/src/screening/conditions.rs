//! Terms attached to placements, rules and activities, each with its speaker and what answers it.

use counterpart_model::claim::Act;
use counterpart_model::people::Condition;
use counterpart_model::{Id, Record};

use crate::assessment::{ConditionRow, Reply};
use crate::naming::Names;
use crate::words;

/// Said where nothing answers.
pub const NO_REPLY: &str = "no reply on record";

/// Whether an act accuses or finds fault.
#[must_use]
pub const fn accuses(act: Act) -> bool {
    matches!(act, Act::Alleges | Act::Criticises)
}

/// Returns every condition, in the order of their ids.
pub(crate) fn of(record: &Record, names: &Names<'_>) -> Vec<ConditionRow> {
    record
        .conditions
        .iter()
        .map(|condition| {
            let answers: Vec<Reply> = record
                .conditions
                .iter()
                .filter(|other| other.id != condition.id && other.responds_to.contains(&condition.id))
                .map(|other| Reply {
                    id: other.id.to_string(),
                    act: other.act.to_string(),
                    speaker: other.speaker_id.to_string(),
                    attributed: answered(record, names, other, &mut vec![&condition.id]),
                })
                .collect();
            let reply = reply(condition.act, &answers);
            ConditionRow {
                id: condition.id.to_string(),
                attached_to: condition.attached_to.to_string(),
                attached_name: names.name(&condition.attached_to),
                act: condition.act.to_string(),
                speaker: condition.speaker_id.to_string(),
                ilo_indicator: condition.ilo_indicator.map(|word| word.to_string()),
                attributed: with_answers(&said(names, condition), condition.act, &answers),
                responds_to: condition.responds_to.iter().map(ToString::to_string).collect(),
                answers,
                reply,
                date: names
                    .source(&condition.source_id)
                    .and_then(|source| source.published_on)
                    .map(|date| date.to_string()),
                source: condition.source_id.to_string(),
                locator: condition.locator.clone().unwrap_or_default(),
            }
        })
        .collect()
}

/// Returns the word for what answers a statement.
pub(crate) fn reply(act: Act, answers: &[Reply]) -> &'static str {
    if !answers.is_empty() {
        "answered"
    } else if accuses(act) {
        NO_REPLY
    } else {
        "not asked for"
    }
}

/// An answer; one that accuses in its turn has its own answers with it, each told once.
fn answered<'a>(
    record: &'a Record,
    names: &Names<'_>,
    condition: &'a Condition,
    told: &mut Vec<&'a Id>,
) -> String {
    let own = said(names, condition);
    if !accuses(condition.act) || told.contains(&&condition.id) {
        return own;
    }
    told.push(&condition.id);
    let answers: Vec<String> = record
        .conditions
        .iter()
        .filter(|other| other.id != condition.id && other.responds_to.contains(&condition.id))
        .map(|other| answered(record, names, other, told))
        .collect();
    joined(&own, condition.act, &answers)
}

fn said(names: &Names<'_>, condition: &Condition) -> String {
    format!(
        "{} {}: {}",
        names.speaker(Some(&condition.speaker_id), &condition.source_id),
        words::verb(condition.act),
        words::without_full_stop(&condition.text)
    )
}

/// Returns a statement with its answers in the same sentence; where it accuses and nothing answers, with the words for that.
pub(crate) fn with_answers(said: &str, act: Act, answers: &[Reply]) -> String {
    let answers: Vec<String> = answers.iter().map(|answer| answer.attributed.clone()).collect();
    format!("{}.", joined(said, act, &answers))
}

/// Returns a statement and its answers without a full stop.
pub(crate) fn joined(said: &str, act: Act, answers: &[String]) -> String {
    let said = words::without_full_stop(said);
    if answers.is_empty() {
        return if accuses(act) {
            format!("{said}; {NO_REPLY}")
        } else {
            said.to_owned()
        };
    }
    let answers: Vec<&str> = answers
        .iter()
        .map(|answer| words::without_full_stop(answer))
        .collect();
    format!("{said}; in answer, {}", answers.join("; and "))
}
