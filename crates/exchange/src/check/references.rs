//! References: every id points at a row that is there.

use std::collections::BTreeMap;

use counterpart_model::table::ColumnKind;
use counterpart_model::{Fault, FaultCode, Location, TableId, Value};
use rayon::prelude::*;

use super::{Keys, Tables};
use crate::hint::did_you_mean;
use crate::table_file::PlacedRow;

/// Most ids for which the nearest keys are looked up: a wrong `places.csv` makes every row of `observations` point nowhere.
const MOST_HINTS: usize = 200;

#[derive(Clone, Copy)]
struct Pointer {
    index: usize,
    heading: &'static str,
    targets: &'static [TableId],
    many: bool,
}

struct Dangling<'a> {
    placed: &'a PlacedRow,
    pointer: Pointer,
    id: &'a str,
}

pub(super) fn check(tables: &Tables, keys: &Keys<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut dangling = Vec::new();
    for (table, rows) in &tables.rows {
        for pointer in pointers(*table) {
            if tables.on_record || keys.any_present(pointer.targets) {
                dangling.par_extend(
                    rows.par_iter()
                        .flat_map_iter(|placed| dangling_of(placed, pointer, keys)),
                );
            } else if let Some(placed) = rows
                .iter()
                .find(|placed| placed.row.value_at(pointer.index).is_some())
            {
                faults.push(missing_target(tables, placed, pointer));
            }
        }
    }
    dangling.sort_by_key(|met| (met.placed.file, met.placed.line, met.pointer.index));
    let mut hints: BTreeMap<(&'static str, &str), Option<String>> = BTreeMap::new();
    for met in dangling {
        let Pointer { heading, targets, .. } = met.pointer;
        let names: Vec<&str> = targets.iter().map(|table| table.name()).collect();
        let fault = tables.fault(
            met.placed,
            heading,
            FaultCode::DanglingReference,
            met.id,
            format!("a key of {}", names.join(" or ")),
        );
        let known = hints.len();
        let hint = match hints.get(&(heading, met.id)) {
            Some(hint) => hint.clone(),
            None if known < MOST_HINTS => {
                let hint = hint(met.id, keys, targets);
                hints.insert((heading, met.id), hint.clone());
                hint
            }
            None => None,
        };
        faults.push(match hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        });
    }
    faults
}

fn pointers(table: TableId) -> impl Iterator<Item = Pointer> {
    table.columns().iter().enumerate().filter_map(|(index, column)| {
        let (targets, many) = match column.kind {
            ColumnKind::Reference(targets) => (targets, false),
            ColumnKind::References(targets) => (targets, true),
            _ => return None,
        };
        Some(Pointer {
            index,
            heading: column.name,
            targets,
            many,
        })
    })
}

fn dangling_of<'a>(
    placed: &'a PlacedRow,
    pointer: Pointer,
    keys: &'a Keys<'_>,
) -> impl Iterator<Item = Dangling<'a>> + 'a {
    let text = match placed.row.value_at(pointer.index) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let (one, many) = if pointer.many {
        (None, Some(text))
    } else {
        (Some(text), None)
    };
    many.into_iter()
        .flat_map(|text| text.split(';'))
        .chain(one)
        .filter(move |id| !id.is_empty() && !keys.holds(pointer.targets, id))
        .map(move |id| Dangling { placed, pointer, id })
}

fn hint(id: &str, keys: &Keys<'_>, targets: &[TableId]) -> Option<String> {
    if id.trim() != id && keys.holds(targets, id.trim()) {
        return Some("write ids without spaces around ;".to_owned());
    }
    did_you_mean(id, keys.of(targets))
}

fn missing_target(tables: &Tables, placed: &PlacedRow, pointer: Pointer) -> Fault {
    let names: Vec<String> = pointer
        .targets
        .iter()
        .map(|table| format!("{table}.csv"))
        .collect();
    let from = tables
        .file(placed)
        .map(|file| file.path.as_str())
        .unwrap_or_default();
    Fault::new(
        Location::file(names.first().map(String::as_str).unwrap_or_default()),
        FaultCode::MissingTable,
        "",
        format!("{}, because {from} points at it", names.join(" or ")),
    )
    .hint(format!(
        "{} of line {} is the first to do so",
        pointer.heading, placed.line
    ))
}
