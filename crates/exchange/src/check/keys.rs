//! Keys: rows in their order, each key once.

use std::cmp::Ordering;

use counterpart_model::{Fault, FaultCode, TableId, Value};
use rayon::prelude::*;

use super::Tables;
use crate::table_file::PlacedRow;

fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::Text(a)), Some(Value::Text(b))) => a.cmp(b),
        (Some(Value::Period(a)), Some(Value::Period(b))) => a.cmp(b),
        (Some(a), Some(b)) => a.to_string().cmp(&b.to_string()),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn positions(table: TableId) -> Vec<usize> {
    table
        .key()
        .iter()
        .filter_map(|heading| table.column_index(heading))
        .collect()
}

/// Sorts rows by the columns of the key, in turn: text by its bytes, periods by their dates. Equal keys stay in the order
/// of files and lines.
pub(crate) fn sort_by_key(table: TableId, rows: &mut [PlacedRow]) {
    let key = positions(table);
    rows.par_sort_by(|a, b| {
        key.iter()
            .map(|index| compare(a.row.value_at(*index), b.row.value_at(*index)))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| (a.file, a.line).cmp(&(b.file, b.line)))
    });
}

pub(super) fn check(tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (table, rows) in &tables.rows {
        let key = positions(*table);
        let mut first: Option<&PlacedRow> = None;
        for placed in rows {
            let same = first.is_some_and(|first| {
                key.iter().all(|index| {
                    placed.row.value_at(*index).is_some()
                        && first.row.value_at(*index) == placed.row.value_at(*index)
                })
            });
            match (same, first) {
                (true, Some(first)) => {
                    let heading = table.key().first().copied().unwrap_or_default();
                    let file = tables
                        .file(first)
                        .map(|file| file.path.as_str())
                        .unwrap_or_default();
                    faults.push(
                        tables
                            .fault(
                                placed,
                                heading,
                                FaultCode::DuplicateKey,
                                &placed.row.key(),
                                format!("a {} that no other row has", table.key().join("/")),
                            )
                            .hint(format!("{file}:{} has it already", first.line)),
                    );
                }
                _ => first = Some(placed),
            }
        }
    }
    faults
}
