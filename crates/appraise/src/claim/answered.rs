//! What answers an accusation, in words that stand in the same sentence.

use counterpart_model::claim::{Act, Claim};
use counterpart_model::people::Condition;
use counterpart_model::{Id, Record};

use super::sentence::attributed;
use crate::words::{verb, without_full_stop};

/// The words where nothing answers.
pub const NO_REPLY: &str = "no reply on record";

/// Whether an act accuses or finds fault.
#[must_use]
pub const fn accuses(act: Act) -> bool {
    matches!(act, Act::Alleges | Act::Criticises)
}

/// Returns every statement that answers the claim or condition `id`, each with its speaker: claims, then conditions.
///
/// An answer that is an accusation itself carries its own answers.
#[must_use]
pub fn answers(record: &Record, id: &Id) -> Vec<String> {
    gather(record, id, &mut Vec::new())
}

fn gather(record: &Record, id: &Id, told: &mut Vec<Id>) -> Vec<String> {
    told.push(id.clone());
    let mut found = Vec::new();
    for claim in record.claims.iter().filter(|row| row.responds_to.contains(id)) {
        let own = without_full_stop(&attributed(record, claim)).to_owned();
        found.push(with_its_own(record, own, claim.act, &claim.id, told));
    }
    for row in record
        .conditions
        .iter()
        .filter(|row| row.responds_to.contains(id))
    {
        found.push(with_its_own(
            record,
            of_condition(record, row),
            row.act,
            &row.id,
            told,
        ));
    }
    found
}

fn with_its_own(record: &Record, own: String, act: Act, id: &Id, told: &mut Vec<Id>) -> String {
    if !accuses(act) || told.contains(id) {
        return own;
    }
    let answers = gather(record, id, told);
    format!("{own} ({})", joined(&answers))
}

fn joined(answers: &[String]) -> String {
    if answers.is_empty() {
        NO_REPLY.to_owned()
    } else {
        format!("in answer, {}", answers.join("; and "))
    }
}

/// Returns "in answer, …" with every answer, or that no reply is on record.
#[must_use]
pub fn words(record: &Record, id: &Id) -> String {
    joined(&answers(record, id))
}

/// Returns a claim with its speaker in the sentence; an accusation with its answers in the same one.
#[must_use]
pub fn whole(record: &Record, claim: &Claim) -> String {
    let own = attributed(record, claim);
    if accuses(claim.act) {
        format!("{}; {}.", without_full_stop(&own), words(record, &claim.id))
    } else {
        own
    }
}

/// Returns a condition with its speaker in the sentence, without a full stop.
#[must_use]
pub fn of_condition(record: &Record, row: &Condition) -> String {
    let name = record
        .speakers
        .iter()
        .find(|speaker| speaker.id == row.speaker_id)
        .map_or_else(|| row.speaker_id.to_string(), |speaker| speaker.name.clone());
    format!("{name} {}: {}", verb(row.act), without_full_stop(&row.text))
}

/// Returns a condition with its speaker in the sentence; an accusation with its answers in the same one.
#[must_use]
pub fn whole_condition(record: &Record, row: &Condition) -> String {
    let own = of_condition(record, row);
    if accuses(row.act) {
        format!("{own}; {}.", words(record, &row.id))
    } else {
        format!("{own}.")
    }
}
