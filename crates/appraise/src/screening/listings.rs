//! Organisations on public lists: which list, when, under which clause, by whom, and what answers the listing.

use counterpart_model::claim::{Act, Claim};
use counterpart_model::people::ListedEntity;
use counterpart_model::{Id, Record};

use super::conditions::{NO_REPLY, accuses, joined, with_answers};
use crate::assessment::{ListingRow, Reply};
use crate::naming::Names;
use crate::words;

/// Returns every listing, by date of listing and id.
pub(crate) fn of(record: &Record, names: &Names<'_>) -> Vec<ListingRow> {
    let mut rows: Vec<(counterpart_model::Date, ListingRow)> = record
        .listed_entities
        .iter()
        .map(|entity| (entity.listed_on, one(record, names, entity)))
        .collect();
    rows.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.id.cmp(&y.id)));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn one(record: &Record, names: &Names<'_>, entity: &ListedEntity) -> ListingRow {
    let answers: Vec<Reply> = entity
        .responds_to
        .iter()
        .filter_map(|id| record.claims.iter().find(|claim| claim.id == *id))
        .map(|claim| reply(record, names, claim))
        .collect();
    let listing = listing_claims(record, entity);
    let mut listers: Vec<&Id> = listing.iter().map(|claim| &claim.speaker_id).collect();
    listers.sort();
    listers.dedup();
    let lister = match listers.as_slice() {
        [only] => Some(names.speaker(Some(only), &entity.source_id)),
        _ => None,
    };
    let clause = entity
        .clause
        .as_ref()
        .map_or_else(String::new, |clause| format!(" under clause {clause}"));
    // Who prints a list is not who lists.
    let printed = names
        .source(&entity.source_id)
        .map_or_else(|| entity.source_id.to_string(), |source| source.publisher.clone());
    let (name, list, date) = (&entity.name, &entity.list, entity.listed_on);
    let said = match &lister {
        Some(lister) => format!("{lister} lists {name} in “{list}” on {date}{clause}"),
        None => format!("In “{list}”, as {printed} has it, {name} is listed on {date}{clause}"),
    };
    let aliases = entity.aliases.as_deref().unwrap_or_default();
    ListingRow {
        id: entity.id.to_string(),
        name: entity.name.clone(),
        aliases: aliases
            .split(';')
            .map(|alias| alias.trim().to_owned())
            .filter(|alias| !alias.is_empty())
            .collect(),
        list: entity.list.clone(),
        listed_on: entity.listed_on.to_string(),
        clause: entity.clause.clone(),
        place: entity.place_id.as_ref().map(ToString::to_string),
        place_name: entity.place_id.as_ref().map(|id| names.name(id)),
        lister: lister.unwrap_or_else(|| format!("not on record; printed by {printed}")),
        listing_claims: listing.iter().map(|claim| claim.id.to_string()).collect(),
        reply: if answers.is_empty() { NO_REPLY } else { "answered" },
        sentence: with_answers(&said, Act::Alleges, &answers),
        answers,
        source: entity.source_id.to_string(),
        locator: entity.locator.clone().unwrap_or_default(),
    }
}

/// Claims of listing: those about this entity; else, of the allegations that its answers answer, those of its day;
/// else all of them, where one speaker makes them.
fn listing_claims<'a>(record: &'a Record, entity: &ListedEntity) -> Vec<&'a Claim> {
    let answered: Vec<&Id> = record
        .claims
        .iter()
        .filter(|claim| entity.responds_to.contains(&claim.id))
        .flat_map(|claim| &claim.responds_to)
        .collect();
    let alleged = record.claims.iter().filter(|claim| claim.act == Act::Alleges);
    let about: Vec<&Claim> = alleged.clone().filter(|claim| is_about(claim, entity)).collect();
    if !about.is_empty() {
        return about;
    }
    let answered: Vec<&Claim> = alleged.filter(|claim| answered.contains(&&claim.id)).collect();
    let of_the_day: Vec<&Claim> = answered
        .iter()
        .copied()
        .filter(|claim| is_of_the_day(claim, entity))
        .collect();
    if !of_the_day.is_empty() {
        return of_the_day;
    }
    let is_one_speaker = answered
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a.speaker_id == b.speaker_id));
    if is_one_speaker { answered } else { Vec::new() }
}

fn is_about(claim: &Claim, entity: &ListedEntity) -> bool {
    claim.subject == entity.id.as_str()
}

/// Whether the day of listing lies in the claim's period, each date at its own precision.
fn is_of_the_day(claim: &Claim, entity: &ListedEntity) -> bool {
    let day = entity.listed_on;
    claim.period_start.is_some_and(|start| {
        start.first_day() <= day.last_day() && claim.period_end.unwrap_or(start).last_day() >= day.first_day()
    })
}

/// A claim as an answer; one that accuses in its turn has its own answers with it, each told once.
fn reply(record: &Record, names: &Names<'_>, claim: &Claim) -> Reply {
    Reply {
        id: claim.id.to_string(),
        act: claim.act.to_string(),
        speaker: claim.speaker_id.to_string(),
        attributed: answered(record, names, claim, &mut Vec::new()),
    }
}

fn answered<'a>(record: &'a Record, names: &Names<'_>, claim: &'a Claim, told: &mut Vec<&'a Id>) -> String {
    let own = said(names, claim);
    if !accuses(claim.act) || told.contains(&&claim.id) {
        return own;
    }
    told.push(&claim.id);
    let answers: Vec<String> = record
        .claims
        .iter()
        .filter(|other| other.id != claim.id && other.responds_to.contains(&claim.id))
        .map(|other| answered(record, names, other, told))
        .collect();
    joined(&own, claim.act, &answers)
}

fn said(names: &Names<'_>, claim: &Claim) -> String {
    let source = claim.reported_by.as_ref().unwrap_or(&claim.source_id);
    format!(
        "{} {}: {}",
        names.speaker(Some(&claim.speaker_id), source),
        words::verb(claim.act),
        words::without_full_stop(&claim.text)
    )
}

/// Returns the claims that answer a claim.
pub(crate) fn answers_to(record: &Record, names: &Names<'_>, claim: &Claim) -> Vec<Reply> {
    record
        .claims
        .iter()
        .filter(|other| other.id != claim.id && other.responds_to.contains(&claim.id))
        .map(|other| reply(record, names, other))
        .collect()
}

/// Returns a claim with its speaker and its answers in one sentence.
pub(crate) fn claim_with_answers(record: &Record, names: &Names<'_>, claim: &Claim) -> String {
    let own = said(names, claim);
    with_answers(&own, claim.act, &answers_to(record, names, claim))
}
