//! Allegations and criticisms with their answers, and what the record holds beside them for either side.

use std::collections::BTreeSet;

use counterpart_model::claim::Claim;
use counterpart_model::{Id, Record};

use super::answered::{self, NO_REPLY, accuses};
use crate::assessment::{AllegationRow, ClaimRow, Reply};

/// Returns every allegation and criticism with its answers, in the order of their ids.
///
/// `on_record` holds statements of the same topic, or of the same subject and property, that are neither the
/// allegation nor an answer to it, nor allegations or denials themselves. Conditions are those said at the same place
/// of the same source, or attached to the subject; listings are those that share an answer; reviews those of the
/// programme that is its subject. What stands beside an allegation supports or rebuts nothing by standing there.
#[must_use]
pub fn rows(record: &Record, claims: &[ClaimRow]) -> Vec<AllegationRow> {
    record
        .claims
        .iter()
        .filter(|claim| accuses(claim.act))
        .filter_map(|claim| {
            let checked = claims.iter().find(|row| claim.id == row.id.as_str())?;
            Some(row(record, claims, claim, checked))
        })
        .collect()
}

fn row(record: &Record, claims: &[ClaimRow], claim: &Claim, checked: &ClaimRow) -> AllegationRow {
    let answers = &checked.answered_by;
    let same = |other: &&ClaimRow| {
        let topic = claim.topic.is_some() && other.topic == claim.topic;
        let matter = other.subject == claim.subject && other.property == claim.property;
        (topic || matter)
            && other.id != checked.id
            && !matches!(other.act.as_str(), "alleges" | "criticises" | "denies")
            && !answers.contains(&other.id)
    };
    AllegationRow {
        claim: checked.id.clone(),
        act: checked.act.clone(),
        speaker: checked.speaker.clone(),
        topic: claim.topic.clone(),
        sentence: answered::whole(record, claim),
        answers: answers.clone(),
        replies: replies(record, claim),
        on_record: claims.iter().filter(same).map(|other| other.id.clone()).collect(),
        conditions: conditions(record, claim),
        listings: listings(record, claim, answers),
        reviews: record
            .reviews
            .iter()
            .filter(|row| row.programme_id == claim.subject.as_str())
            .map(|row| row.id.to_string())
            .collect(),
        reply: if answers.is_empty() { NO_REPLY } else { "answered" },
    }
}

/// Returns the claims that answer one, each with its speaker inside; an accusation among them with its own answers.
pub(super) fn replies(record: &Record, claim: &Claim) -> Vec<Reply> {
    record
        .claims
        .iter()
        .filter(|other| other.responds_to.contains(&claim.id))
        .map(|other| Reply {
            id: other.id.to_string(),
            act: other.act.to_string(),
            speaker: other.speaker_id.to_string(),
            attributed: answered::whole(record, other),
        })
        .collect()
}

fn conditions(record: &Record, claim: &Claim) -> Vec<String> {
    record
        .conditions
        .iter()
        .filter(|row| {
            let twin = row.source_id == claim.source_id
                && row.speaker_id == claim.speaker_id
                && row.locator.is_some()
                && row.locator == claim.locator;
            twin || row.attached_to == claim.subject.as_str()
        })
        .map(|row| row.id.to_string())
        .collect()
}

fn listings(record: &Record, claim: &Claim, answers: &[String]) -> Vec<String> {
    let answers: BTreeSet<&str> = answers.iter().map(String::as_str).collect();
    let shares = |ids: &[Id]| ids.iter().any(|id| answers.contains(id.as_str()));
    record
        .listed_entities
        .iter()
        .filter(|row| row.id == claim.subject.as_str() || shares(&row.responds_to))
        .map(|row| row.id.to_string())
        .collect()
}
