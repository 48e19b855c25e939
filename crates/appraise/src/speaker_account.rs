//! What each speaker said: counts of statements, the contradictions they stand in, accusations with their answers.
//!
//! Nothing here rates anybody: accounts are in the order of the speakers' ids, and a count counts statements.

use std::collections::BTreeMap;

use counterpart_model::claim::Act;
use counterpart_model::{Id, Record};

use crate::assessment::{
    AccountStatement, ClaimRow, Contradiction, Number, PromiseRow, Sentence, SpeakerAccount, StatementCount,
};
use crate::claim::answered;

/// Returns the account of every speaker who says anything on record, by id.
#[must_use]
pub fn rows(
    record: &Record,
    claims: &[ClaimRow],
    contradictions: &[Contradiction],
    promises: &[PromiseRow],
) -> Vec<SpeakerAccount> {
    let tables = by_table(record);
    record
        .speakers
        .iter()
        .filter_map(|speaker| {
            let id = format!("account:{}", speaker.id);
            let own: Vec<&ClaimRow> = claims
                .iter()
                .filter(|claim| speaker.id == claim.speaker.as_str())
                .collect();
            let by_act = counted(&id, own.iter().map(|claim| (claim.act.clone(), claim.id.clone())));
            let by_status = counted(&id, own.iter().map(|claim| (status(claim), claim.id.clone())));
            let by_table = counted(
                &id,
                tables
                    .get(&speaker.id)
                    .into_iter()
                    .flatten()
                    .map(|(table, key)| ((*table).to_owned(), key.clone())),
            );
            let mut from: Vec<String> = own.iter().map(|claim| claim.id.clone()).collect();
            from.extend(by_table.iter().flat_map(|count| count.from.iter().cloned()));
            if from.is_empty() {
                return None;
            }
            let stands_in: Vec<String> = contradictions
                .iter()
                .filter(|row| row.said.iter().any(|one| speaker.id == one.speaker.as_str()))
                .map(|row| row.id.clone())
                .collect();
            let promised: Vec<String> = promises
                .iter()
                .filter(|row| row.speaker.as_deref().is_some_and(|by| speaker.id == by))
                .map(|row| row.id.clone())
                .collect();
            let disputes = disputes(record, &speaker.id);
            let sentence = sentence(&speaker.name, &by_act, &by_status, &by_table, stands_in.len());
            Some(SpeakerAccount {
                id,
                speaker: speaker.id.to_string(),
                name: speaker.name.clone(),
                kind: speaker.kind.to_string(),
                part_of: speaker.part_of.as_ref().map(ToString::to_string),
                by_act,
                by_status,
                by_table,
                contradictions: stands_in,
                promises: promised,
                disputes,
                sentence,
                from,
            })
        })
        .collect()
}

fn status(claim: &ClaimRow) -> String {
    serde_json::to_value(claim.check.status)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Counts statements by kind, in the order of the kinds.
fn counted(account: &str, statements: impl Iterator<Item = (String, String)>) -> Vec<StatementCount> {
    let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (kind, id) in statements {
        by_kind.entry(kind).or_default().push(id);
    }
    by_kind
        .into_iter()
        .map(|(kind, from)| StatementCount {
            id: format!("{account}:{kind}"),
            kind,
            count: Number::count(from.len()),
            from,
        })
        .collect()
}

/// Statements of other tables by speaker.
fn by_table(record: &Record) -> BTreeMap<&Id, Vec<(&'static str, String)>> {
    let mut found: BTreeMap<&Id, Vec<(&'static str, String)>> = BTreeMap::new();
    macro_rules! said {
        ($($table:ident),+) => {$(
            for row in &record.$table {
                found.entry(&row.speaker_id).or_default().push((stringify!($table), row.id.to_string()));
            }
        )+};
    }
    macro_rules! maybe_said {
        ($($table:ident),+) => {$(
            for row in &record.$table {
                if let Some(speaker) = &row.speaker_id {
                    found.entry(speaker).or_default().push((stringify!($table), row.id.to_string()));
                }
            }
        )+};
    }
    said!(transactions, results, placements, conditions);
    maybe_said!(postings, trainings, rules);
    found
}

/// Accusations and denials of a speaker, each in a sentence that can stand alone.
fn disputes(record: &Record, speaker: &Id) -> Vec<AccountStatement> {
    let disputes = |act: Act| answered::accuses(act) || act == Act::Denies;
    let claims = record
        .claims
        .iter()
        .filter(|row| row.speaker_id == *speaker && disputes(row.act))
        .map(|row| (&row.id, row.act, answered::whole(record, row)));
    let conditions = record
        .conditions
        .iter()
        .filter(|row| row.speaker_id == *speaker && disputes(row.act))
        .map(|row| (&row.id, row.act, answered::whole_condition(record, row)));
    claims
        .chain(conditions)
        .map(|(id, act, sentence)| AccountStatement {
            id: id.to_string(),
            act: act.to_string(),
            sentence,
        })
        .collect()
}

/// "X: 12 claims (asserts 8, denies 4); of the figures 2 are reproduced …; 3 statements about money."
fn sentence(
    name: &str,
    by_act: &[StatementCount],
    by_status: &[StatementCount],
    by_table: &[StatementCount],
    contradictions: usize,
) -> Sentence {
    let mut sentence = Sentence::of(format!("{name} stands behind "));
    let list = |mut sentence: Sentence, counts: &[StatementCount], before: bool| {
        for (index, count) in counts.iter().enumerate() {
            sentence = sentence.text(if index == 0 { "" } else { ", " });
            let kind = count.kind.replace('_', " ");
            sentence = if before {
                sentence
                    .text(format!("{kind} "))
                    .figure(count.count.to_string(), count.id.as_str())
            } else {
                sentence
                    .figure(count.count.to_string(), count.id.as_str())
                    .text(format!(" {kind}"))
            };
        }
        sentence
    };
    let n: usize = by_act.iter().map(|count| count.from.len()).sum();
    sentence = if n == 0 {
        sentence.text("no claim in words")
    } else {
        sentence = sentence.text(format!("{n} {} (", if n == 1 { "claim" } else { "claims" }));
        sentence = list(sentence, by_act, true).text("; by check: ");
        list(sentence, by_status, true).text(")")
    };
    if !by_table.is_empty() {
        sentence = list(sentence.text(" and rows elsewhere: "), by_table, false);
    }
    sentence = sentence.text(match contradictions {
        0 => "; none of them stands in a contradiction on record".to_owned(),
        1 => "; they stand in one set of statements at odds".to_owned(),
        many => format!("; they stand in {many} sets of statements at odds"),
    });
    sentence.text(".")
}
