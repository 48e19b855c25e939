//! Rows as they are on record: the cells, and in which commit they were said.

use counterpart_appraise::claim::answered;
use counterpart_appraise::disclosure::{Control, WITHHELD};
use counterpart_ledger::Statement;
use counterpart_model::{Id, Row};

use super::{Case, LABEL, found};
use crate::terminal::page::Page;

/// Prints a row's cells; of a row that accuses, one sentence with its speaker and its answers instead of its text.
pub(super) fn fields(page: &mut Page, case: Case<'_>, statement: &Statement) {
    let row = &statement.row;
    let sentence = disputed(case, row, &statement.key);
    if let Some(sentence) = &sentence {
        page.labelled(0, LABEL, "said", sentence);
    }
    // The row is without its figures already.
    let withheld = case.record.is_withheld(row.table, &statement.key);
    if withheld {
        page.labelled(0, LABEL, "figures", WITHHELD);
    }
    for (column, value) in row.table.columns().iter().zip(&row.values) {
        let Some(value) = value else { continue };
        match column.name {
            "text" if sentence.is_some() => continue,
            "source_id" | "locator" => continue,
            name if row.table.key() == [name] => continue,
            "speaker_id" => label(page, "by", &found::speaker(case.assessment, &value.to_string())),
            name => label(page, name, &value.to_string()),
        }
    }
    for (heading, text) in &row.extra {
        label(page, heading, text);
    }
    if let Some(source) = row.text("source_id") {
        let place = found::place_in_source(case.assessment, source, row.text("locator"));
        page.labelled(0, LABEL, "where", &place);
    }
}

fn label(page: &mut Page, name: &str, text: &str) {
    let words = match name {
        "period_start" => "from".to_owned(),
        "period_end" => "to".to_owned(),
        name => name.trim_end_matches("_id").replace('_', " "),
    };
    // A heading that is wider than the labels stands before its text.
    if words.len() < LABEL {
        page.labelled(0, LABEL, &words, text);
    } else {
        page.labelled(0, LABEL, "", &format!("{words}: {text}"));
    }
}

/// Prints where a row is on record, and what it replaced.
pub(super) fn on_record(page: &mut Page, statement: &Statement) {
    let of = |statement: &Statement| {
        format!(
            "commit {}, {} row {}, recorded {} by {}",
            statement.commit, statement.table, statement.row_number, statement.recorded_at, statement.author
        )
    };
    page.labelled(0, LABEL, "on record", &of(statement));
    for earlier in &statement.superseded {
        page.labelled(0, LABEL, "replaces", &of(earlier));
    }
}

/// Returns one line about a row that the report does not hold as an object of its own: a transaction, mostly.
pub(super) fn label_of_row(case: Case<'_>, id: &str) -> Option<String> {
    let record = case.record;
    if let Some(row) = record.transactions.iter().find(|row| row.id == id) {
        let figure = row
            .as_said
            .clone()
            .or_else(|| row.value.map(|value| format!("{value} {}", row.currency)))
            .unwrap_or_else(|| format!("an amount in {}", row.currency));
        let period = row
            .period_start
            .map(|date| format!(", {date}"))
            .unwrap_or_default();
        let who = found::speaker(case.assessment, row.speaker_id.as_str());
        let locator = row.locator.as_deref();
        let place = found::place_in_source(case.assessment, row.source_id.as_str(), locator);
        return Some(format!(
            "{figure}, {} ({}){period}, from {} to {}, says {who}; {place}",
            row.flow.as_str().replace('_', " "),
            row.transaction_type,
            row.provider_id,
            row.receiver_id,
        ));
    }
    let rule = record.rules.iter().find(|row| row.id == id)?;
    Some(rule.text.clone())
}

/// One sentence of a row that accuses or denies: its speaker and its text; of an accusation, every answer on record with
/// its own, or that there is none.
fn disputed(case: Case<'_>, row: &Row, key: &str) -> Option<String> {
    let act = row
        .text("act")
        .filter(|act| matches!(*act, "alleges" | "criticises" | "denies"))?;
    let text = row.text("text")?;
    let record = case.record;
    let is_this = |id: &Id, other: &str| *id == key && other == text;
    if let Some(claim) = record.claims.iter().find(|row| is_this(&row.id, &row.text)) {
        return Some(answered::whole(record, claim));
    }
    if let Some(condition) = record.conditions.iter().find(|row| is_this(&row.id, &row.text)) {
        return Some(answered::whole_condition(record, condition));
    }
    // What was said under this key before.
    let who = found::speaker(case.assessment, row.text("speaker_id").unwrap_or_default());
    let own = format!("{who} {act}: {}", text.trim_end().trim_end_matches(['.', '。']));
    if act == "denies" {
        return Some(format!("{own}."));
    }
    let answers = answered::words(record, &Id::new(key));
    Some(format!("{own}; {answers}."))
}

/// Returns a cell by its heading as it may be printed; nothing where it is empty.
pub(crate) fn published_cell(control: &Control, row: &Row, heading: &str) -> String {
    let cell = |row: &Row| {
        row.get(heading)
            .map(ToString::to_string)
            .or_else(|| row.extra.get(heading).cloned())
            .unwrap_or_default()
    };
    let shown = cell(&control.row(row));
    if shown.is_empty() && !cell(row).is_empty() {
        WITHHELD.to_owned()
    } else {
        shown
    }
}

/// Returns the cells of a row that has been through disclosure control; of a row that accuses, its text is the whole
/// sentence.
pub(crate) fn published_cells(case: Case<'_>, row: &Row) -> serde_json::Map<String, serde_json::Value> {
    let sentence = disputed(case, row, &row.key());
    let mut cells = serde_json::Map::new();
    for (column, value) in row.table.columns().iter().zip(&row.values) {
        let Some(value) = value else { continue };
        let shown = match column.name {
            "text" if sentence.is_some() => sentence.clone().unwrap_or_default(),
            _ => value.to_string(),
        };
        cells.insert(column.name.to_owned(), shown.into());
    }
    for (heading, text) in &row.extra {
        cells.insert(heading.clone(), text.clone().into());
    }
    cells
}

/// Returns a row and where it is on record, for scripts; of a row that accuses, its text is the whole sentence.
pub(crate) fn document(case: Case<'_>, statement: &Statement) -> serde_json::Value {
    let row = &statement.row;
    let cells = published_cells(case, row);
    serde_json::json!({
        "id": statement.id(),
        "commit": statement.commit.number(),
        "table": row.table.name(),
        "row": statement.row_number,
        "recorded_at": statement.recorded_at,
        "author": statement.author,
        "cells": cells,
        "withheld": case.record.is_withheld(row.table, &statement.key).then_some(WITHHELD),
        "replaces": statement.superseded.iter().map(Statement::id).collect::<Vec<_>>(),
    })
}
