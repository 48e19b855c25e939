//! Promises, contradictions and speakers' accounts as lines: every accusation in one sentence with its answers.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{Contradiction, PromiseRow, SpeakerAccount, StatementCount};
use serde::Serialize;

use super::{Other, place_in_source, source};

/// Returns what has an id among promises, contradictions and accounts; a speaker's id leads to its account, a
/// statement's to what became of it as a promise and to what it is at odds with.
pub(super) fn of(assessment: &Assessment, id: &str) -> Vec<Other> {
    let mut found = Vec::new();
    let accounts = assessment
        .speaker_accounts
        .iter()
        .filter(|row| row.id == id || row.speaker == id);
    found.extend(accounts.map(|row| beside(account(assessment, row), row.id != id)));
    let promises = assessment
        .promises
        .iter()
        .filter(|row| row.id == id || row.statement == id);
    found.extend(promises.map(|row| beside(promise(assessment, row), row.id != id)));
    let contradictions = assessment
        .contradictions
        .iter()
        .filter(|row| row.id == id || row.statements.iter().any(|one| one == id));
    found.extend(contradictions.map(|row| beside(contradiction(assessment, row), row.id != id)));
    found
}

/// Returns the ids that [`of`] finds.
pub(super) fn ids(assessment: &Assessment) -> impl Iterator<Item = &str> {
    let accounts = assessment.speaker_accounts.iter().map(|row| row.id.as_str());
    let promises = assessment.promises.iter().map(|row| row.id.as_str());
    let contradictions = assessment.contradictions.iter().map(|row| row.id.as_str());
    accounts.chain(promises).chain(contradictions)
}

const fn beside(mut other: Other, beside: bool) -> Other {
    other.beside = beside;
    other
}

fn made(
    kind: &'static str,
    lines: Vec<(&str, String)>,
    label: String,
    from: &[String],
    value: &impl Serialize,
) -> Other {
    Other {
        kind,
        lines: lines
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| (label.to_owned(), text))
            .collect(),
        from: from.to_vec(),
        label,
        value: serde_json::to_value(value).unwrap_or_default(),
        beside: false,
    }
}

fn counted(counts: &[StatementCount]) -> String {
    counts
        .iter()
        .map(|count| {
            format!(
                "{} {} ({})",
                count.count,
                count.kind.replace('_', " "),
                count.from.join(", ")
            )
        })
        .collect::<Vec<_>>()
        .join("; ")
}

fn account(assessment: &Assessment, row: &SpeakerAccount) -> Other {
    let mut lines = vec![
        (
            "speaker",
            format!("{} ({})", row.name, row.kind.replace('_', " ")),
        ),
        ("part of", row.part_of.clone().unwrap_or_default()),
        ("claims", counted(&row.by_act)),
        ("checks", counted(&row.by_status)),
        ("elsewhere", counted(&row.by_table)),
    ];
    for one in &row.disputes {
        lines.push(("said", format!("{}: {}", one.id, one.sentence)));
    }
    for id in &row.promises {
        if let Some(promise) = assessment.promises.iter().find(|other| other.id == *id) {
            lines.push(("promise", promise.sentence.to_string()));
        }
    }
    for id in &row.contradictions {
        if let Some(other) = assessment.contradictions.iter().find(|other| other.id == *id) {
            lines.push(("at odds", other.sentence.to_string()));
        }
    }
    lines.push((
        "",
        "Counts are counts of statements; nothing here rates a speaker.".to_owned(),
    ));
    made("account of a speaker", lines, row.sentence.to_string(), &[], row)
}

fn promise(assessment: &Assessment, row: &PromiseRow) -> Other {
    let since = row.silent_since.as_deref().unwrap_or_default();
    let late = if row.late { ", late" } else { "" };
    let lines = vec![
        ("says", row.sentence.to_string()),
        ("by", row.speaker_name.clone()),
        ("said on", row.said_on.clone().unwrap_or_default()),
        ("due", row.due_on.clone().unwrap_or_default()),
        (
            "stands",
            format!("{} {since}{late}", row.status.words())
                .trim_end()
                .to_owned(),
        ),
        ("decided by", row.decided_by.join(", ")),
        ("replaced by", row.ratcheted_to.clone().unwrap_or_default()),
        (
            "where",
            place_in_source(assessment, &row.source, Some(&row.locator)),
        ),
    ];
    made("promise", lines, row.sentence.to_string(), &row.from, row)
}

fn contradiction(assessment: &Assessment, row: &Contradiction) -> Other {
    let mut lines = vec![
        ("says", row.sentence.to_string()),
        ("kind", row.kind.as_str().replace('_', " ")),
        ("differ in", row.differs_in.join(", ")),
        ("speakers", row.voices.to_string()),
    ];
    for one in &row.said {
        let as_said = one
            .as_said
            .as_deref()
            .map(|said| format!(" “{said}”,"))
            .unwrap_or_default();
        let reply = one
            .reply
            .as_deref()
            .map(|reply| format!(" [{reply}]"))
            .unwrap_or_default();
        lines.push((
            "statement",
            format!(
                "{}: {}{reply},{as_said} {}",
                one.id,
                one.speaker_name,
                source(assessment, &one.source)
            ),
        ));
    }
    lines.push(("copies", row.copies.join(", ")));
    lines.push(("hangs on", row.matters_to.join(", ")));
    made("contradiction", lines, row.sentence.to_string(), &[], row)
}
