//! Formulas of derived indicators: readable, about indicators and places that are there, and never about themselves.

use std::collections::BTreeMap;

use counterpart_model::formula::{self, Formula, FormulaError};
use counterpart_model::{Fault, FaultCode, TableId, Value};

use super::chains::{circles, in_words};
use super::{Keys, Tables};
use crate::hint::did_you_mean;
use crate::table_file::PlacedRow;

pub(super) fn check(tables: &Tables, keys: &Keys<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut rows: BTreeMap<&str, &PlacedRow> = BTreeMap::new();
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for placed in tables.of(TableId::Indicators) {
        let (Some(id), Some(text)) = (placed.row.text("indicator_id"), placed.row.text("derive")) else {
            continue;
        };
        match formula::parse(text) {
            Ok(formula) => {
                unknown_names(tables, keys, placed, &formula, &mut faults);
                rows.insert(id, placed);
                named.insert(id, formula.indicators().iter().map(ToString::to_string).collect());
            }
            Err(error) => faults.push(unreadable(tables, placed, text, &error)),
        }
    }
    let links: BTreeMap<&str, Vec<&str>> = named
        .iter()
        .map(|(id, named)| (*id, named.iter().map(String::as_str).collect()))
        .collect();
    for circle in circles(&links) {
        if let Some(placed) = circle.first().and_then(|first| rows.get(first)) {
            faults.push(tables.fault(
                placed,
                "derive",
                FaultCode::Circular,
                &in_words(&circle),
                "a formula that does not come back to its own indicator",
            ));
        }
        // A circle is one mistake, whatever else is odd about its members.
        for id in circle {
            rows.remove(id);
        }
    }
    faults.extend(entered(tables, &rows));
    faults
}

fn unreadable(tables: &Tables, placed: &PlacedRow, text: &str, error: &FormulaError) -> Fault {
    let expected = format!("{} at character {}", error.expected, error.position);
    tables
        .fault(placed, "derive", FaultCode::WrongType, text, expected)
        .hint(format!(
            "{} stands there; the language is in docs/case-folder.md#formulas",
            error.met
        ))
}

fn unknown_names(
    tables: &Tables,
    keys: &Keys<'_>,
    placed: &PlacedRow,
    formula: &Formula,
    faults: &mut Vec<Fault>,
) {
    for (ids, target) in [
        (formula.indicators(), TableId::Indicators),
        (formula.places(), TableId::Places),
    ] {
        for id in ids.iter().filter(|id| !keys.holds(&[target], id.as_str())) {
            let fault = tables.fault(
                placed,
                "derive",
                FaultCode::DanglingReference,
                id.as_str(),
                format!("a key of {target}"),
            );
            faults.push(match did_you_mean(id.as_str(), keys.of(&[target])) {
                Some(hint) => fault.hint(hint),
                None => fault,
            });
        }
    }
}

/// Names the first observation, in the order of files and lines, of each indicator that has a formula.
fn entered(tables: &Tables, derived: &BTreeMap<&str, &PlacedRow>) -> Vec<Fault> {
    let table = TableId::Observations;
    let Some(column) = table.column_index("indicator_id") else {
        return Vec::new();
    };
    let mut first: BTreeMap<&str, &PlacedRow> = BTreeMap::new();
    for placed in tables.of(table) {
        if let Some(Value::Text(id)) = placed.row.value_at(column)
            && derived.contains_key(id.as_str())
        {
            let known = first.entry(id).or_insert(placed);
            if (placed.file, placed.line) < (known.file, known.line) {
                *known = placed;
            }
        }
    }
    first
        .into_iter()
        .map(|(id, placed)| {
            tables
                .fault(
                    placed,
                    "indicator_id",
                    FaultCode::Inconsistent,
                    id,
                    "an indicator without a formula: what is derived is not entered",
                )
                .hint(format!(
                    "give the published figure an indicator of its own beside {id}"
                ))
        })
        .collect()
}
