//! `counterpart log`: what was recorded, by whom and when.

use std::collections::BTreeMap;

use counterpart_appraise::disclosure::Control;
use counterpart_ledger::commit::CommitInfo;
use counterpart_ledger::{Event, Statement};
use counterpart_model::Row;
use serde_json::{Value, json};

use crate::args;
use crate::exit::{Done, Failure, nearest};
use crate::keeper::Keeper;
use crate::reading;
use crate::settings::Settings;
use crate::terminal::page::Page;
use crate::terminal::{self, change, trail};

pub(crate) fn run(args: &args::Log, settings: &Settings) -> Result<Done, Failure> {
    match &args.of {
        Some(id) => history(args, id, settings),
        None => commits(args, settings),
    }
}

fn commits(args: &args::Log, settings: &Settings) -> Result<Done, Failure> {
    let ledger = reading::open(&args.ledger)?;
    let commits = ledger.commits().map_err(Failure::Ledger)?;
    if settings.json {
        terminal::print_json(&json!({
            "schema": "counterpart.log/1",
            "ledger": args.ledger.display().to_string(),
            "commits": commits.iter().map(commit_document).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    if commits.is_empty() {
        page.line("no commit yet");
    }
    for (index, commit) in commits.iter().rev().enumerate() {
        if index > 0 {
            page.blank();
        }
        page.line(&format!("commit {}", commit.id));
        page.labelled(0, 11, "recorded", &commit.header.recorded_at);
        page.labelled(0, 11, "by", &commit.header.author);
        if !commit.header.message.is_empty() {
            page.labelled(0, 11, "why", &commit.header.message);
        }
        let rows: Vec<String> = rows_by_table(commit)
            .iter()
            .map(|(table, rows)| format!("{table} {rows}"))
            .collect();
        page.labelled(0, 11, "rows", &rows.join(", "));
    }
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}

fn rows_by_table(commit: &CommitInfo) -> BTreeMap<&str, u64> {
    let mut rows = BTreeMap::new();
    for batch in &commit.batches {
        *rows.entry(batch.table.as_str()).or_default() += u64::from(batch.n_rows);
    }
    rows
}

fn commit_document(commit: &CommitInfo) -> Value {
    json!({
        "number": commit.id.number(),
        "author": commit.header.author,
        "recorded_at": commit.header.recorded_at,
        "message": commit.header.message,
        "rows": rows_by_table(commit),
    })
}

/// What happened to one row: said, said otherwise, withdrawn.
fn history(args: &args::Log, id: &str, settings: &Settings) -> Result<Done, Failure> {
    let keeper = Keeper::open(&args.ledger)?;
    let events = keeper.ledger.history(id).map_err(Failure::Ledger)?;
    if events.is_empty() {
        // A shorter way to write an observation, or no id at all.
        let statement = keeper.row(id, None)?;
        if statement.key != id {
            return history(args, &statement.key, settings);
        }
        return Err(Failure::UnknownId {
            what: "row on record",
            id: id.to_owned(),
            near: nearest(id, []),
        });
    }
    let control = keeper.control()?;
    if settings.json {
        terminal::print_json(&json!({
            "schema": "counterpart.log/1",
            "ledger": args.ledger.display().to_string(),
            "of": id,
            "events": events.iter().map(|event| event_document(event, &control)).collect::<Vec<_>>(),
        }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    let mut before: BTreeMap<String, Row> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        match event {
            Event::Said(statement) => {
                page.line(&format!(
                    "{}  {} {}",
                    statement.id(),
                    statement.table,
                    statement.key
                ));
                page.labelled(
                    0,
                    11,
                    "recorded",
                    &format!("{} by {}", statement.recorded_at, statement.author),
                );
                let earlier = before.get(statement.table.name());
                for (column, old, new) in differences(earlier, statement, &control) {
                    let text = match &old {
                        Some(old) if old.is_empty() => format!("nothing → {new}"),
                        Some(old) if new.is_empty() => format!("{old} → nothing"),
                        Some(old) => format!("{old} → {new}"),
                        None => new,
                    };
                    page.labelled(0, 11, "", &format!("{column}: {text}"));
                }
                before.insert(statement.table.name().to_owned(), statement.row.clone());
            }
            Event::Withdrawn(withdrawn) => {
                page.line(&format!(
                    "{}/retractions/{}  {} {}",
                    withdrawn.commit, withdrawn.row_number, withdrawn.table, withdrawn.key
                ));
                page.labelled(
                    0,
                    11,
                    "withdrawn",
                    &format!("{} by {}", withdrawn.header.recorded_at, withdrawn.header.author),
                );
                page.labelled(0, 11, "why", &withdrawn.reason);
                before.remove(&withdrawn.table);
            }
        }
    }
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}

/// Cells of a row as first said, or those that it says otherwise.
fn differences(
    before: Option<&Row>,
    statement: &Statement,
    control: &Control,
) -> Vec<(String, Option<String>, String)> {
    let row = &statement.row;
    let cell = |row: &Row, name: &str| trail::published_cell(control, row, name);
    match before {
        Some(before) => change::differing(before, row)
            .into_iter()
            .map(|name| {
                let (old, new) = (cell(before, &name), cell(row, &name));
                (name, Some(old), new)
            })
            .collect(),
        None => row
            .table
            .columns()
            .iter()
            .map(|column| column.name.to_owned())
            .chain(row.extra.keys().cloned())
            .map(|name| {
                let text = cell(row, &name);
                (name, None, text)
            })
            .filter(|(_, _, text)| !text.is_empty())
            .collect(),
    }
}

fn event_document(event: &Event, control: &Control) -> Value {
    match event {
        Event::Said(statement) => {
            let cells: serde_json::Map<String, Value> = differences(None, statement, control)
                .into_iter()
                .map(|(name, _, text)| (name, text.into()))
                .collect();
            json!({
                "event": "said",
                "id": statement.id(),
                "table": statement.table.name(),
                "key": statement.key,
                "author": statement.author,
                "recorded_at": statement.recorded_at,
                "cells": cells,
            })
        }
        Event::Withdrawn(withdrawn) => json!({
            "event": "withdrawn",
            "id": format!("{}/retractions/{}", withdrawn.commit, withdrawn.row_number),
            "table": withdrawn.table,
            "key": withdrawn.key,
            "author": withdrawn.header.author,
            "recorded_at": withdrawn.header.recorded_at,
            "reason": withdrawn.reason,
        }),
    }
}
