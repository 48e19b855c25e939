//! A TOML file of rows: `[[transactions]]` for each row, a key for each column.

use std::collections::BTreeMap;

use counterpart_model::{Fault, FaultCode, Location, TableId};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Draft, DraftTable, Origin};
use crate::hint::did_you_mean;
use crate::table_file;

/// An entry: its line, and for each key its cell and where the key stands.
struct Entry<'a> {
    line: u64,
    cells: Vec<(&'a str, String, (u64, u64))>,
}

pub(super) fn read(path: &str, text: &str, only: Option<TableId>) -> Draft {
    let mut draft = Draft::default();
    let at = |span: std::ops::Range<usize>| line_and_character(text, span.start);
    let (tree, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let (line, column) = at(span.clone());
        let location = Location {
            column,
            ..Location::line(path, line)
        };
        let met = text.get(span).unwrap_or_default();
        draft.faults.push(
            Fault::new(
                location,
                FaultCode::NotCsv,
                met,
                "TOML: [[table]], then column = value",
            )
            .hint(error.message().to_owned()),
        );
    }
    if !draft.faults.is_empty() {
        return draft;
    }
    let mut names: Vec<_> = tree.get_ref().iter().collect();
    names.sort_by_key(|(name, _)| name.span().start);
    for (name, value) in names {
        let (line, column) = at(name.span());
        let location = Location::cell(path, line, column, name.get_ref().to_string());
        match name.get_ref().parse::<TableId>() {
            Ok(table) if only.is_none_or(|only| only == table) => {
                let rows = entries(path, text, value, &location, &mut draft.faults);
                if !rows.is_empty() {
                    draft.tables.push(of_table(path, table, &rows));
                }
            }
            Ok(table) => draft.faults.push(
                Fault::new(
                    location,
                    FaultCode::UnknownTable,
                    name.get_ref(),
                    format!("rows of {}", only.map_or("", TableId::name)),
                )
                .hint(format!(
                    "record {table} by a command of its own, or a file of several tables by `record all --from`"
                )),
            ),
            Err(()) => {
                let fault = Fault::new(
                    location,
                    FaultCode::UnknownTable,
                    name.get_ref(),
                    "a table of the schema",
                );
                let hint = did_you_mean(name.get_ref(), TableId::ALL.iter().map(|table| table.name()));
                draft.faults.push(match hint {
                    Some(hint) => fault.hint(hint),
                    None => fault,
                });
            }
        }
    }
    if draft.tables.is_empty() && draft.faults.is_empty() {
        draft.faults.push(
            Fault::new(
                Location::file(path),
                FaultCode::EmptyTable,
                "",
                "at least one row",
            )
            .hint("a row begins with the name of its table in double brackets: [[transactions]]"),
        );
    }
    draft
}

/// Returns the entries of an array of tables; one table alone is one entry.
fn entries<'a>(
    path: &str,
    text: &str,
    value: &'a Spanned<DeValue<'_>>,
    location: &Location,
    faults: &mut Vec<Fault>,
) -> Vec<Entry<'a>> {
    let mut wrong = |location: Location, value: &DeValue<'_>, expected: &str| {
        faults.push(Fault::new(
            location,
            FaultCode::WrongType,
            value.type_str(),
            expected,
        ));
    };
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        DeValue::Table(_) => vec![value],
        other => {
            wrong(location.clone(), other, "an array of tables");
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for item in items {
        let (line, _) = line_and_character(text, item.span().start);
        let DeValue::Table(table) = item.get_ref() else {
            wrong(
                Location::line(path, line),
                item.get_ref(),
                "a table of columns and values",
            );
            continue;
        };
        let mut keys: Vec<_> = table.iter().collect();
        keys.sort_by_key(|(key, _)| key.span().start);
        let mut cells = Vec::new();
        for (key, value) in keys {
            let place = line_and_character(text, key.span().start);
            let heading: &str = key.get_ref().as_ref();
            match cell(value.get_ref()) {
                Some(text) => cells.push((heading, text, place)),
                None => wrong(
                    Location::cell(path, place.0, place.1, heading),
                    value.get_ref(),
                    "text, a number, a date, or a list of ids",
                ),
            }
        }
        found.push(Entry { line, cells });
    }
    found
}

/// Returns a value as the cell of a CSV file would have it: numbers with the digits they were written with.
fn cell(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Datetime(date) => Some(date.to_string()),
        DeValue::Array(items) => {
            let parts: Option<Vec<String>> = items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::Array(_) => None,
                    simple => cell(simple),
                })
                .collect();
            parts.map(|parts| parts.join(";"))
        }
        _ => None,
    }
}

fn of_table(path: &str, table: TableId, entries: &[Entry<'_>]) -> DraftTable {
    let mut headings: Vec<String> = Vec::new();
    for (heading, _, _) in entries.iter().flat_map(|entry| &entry.cells) {
        if !headings.iter().any(|met| met == heading) {
            headings.push((*heading).to_owned());
        }
    }
    super::complete(table, &mut headings, &mut Vec::new());
    let mut places = BTreeMap::new();
    let mut rows = Vec::new();
    for entry in entries {
        let row = headings.iter().map(|heading| {
            let cell = entry.cells.iter().find(|(met, _, _)| met == heading);
            if let Some((_, _, place)) = cell {
                places.insert((entry.line, heading.clone()), *place);
            }
            cell.map(|(_, text, _)| text.clone()).unwrap_or_default()
        });
        rows.push((entry.line, row.collect()));
    }
    DraftTable {
        read: table_file::read_cells(path, table, 0, headings, &rows),
        origin: Origin::Toml(places),
    }
}

/// Returns the place of a byte of the text, as line and character from 1.
fn line_and_character(text: &str, at: usize) -> (u64, u64) {
    let location = crate::case_toml::location(text, at, None);
    (location.line, location.column)
}
