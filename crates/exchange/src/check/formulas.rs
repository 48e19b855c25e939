//! Formulas of derived indicators: readable, about indicators and places that are there, and never about themselves.

use std::collections::BTreeMap;

use counterpart_model::{Fault, FaultCode, TableId, formula};

use super::chains::{circles, in_words};
use super::{Keys, Tables};
use crate::hint::did_you_mean;
use crate::table_file::PlacedRow;

const INDICATORS: &[TableId] = &[TableId::Indicators];
const PLACES: &[TableId] = &[TableId::Places];

pub(super) fn check(tables: &Tables, keys: &Keys<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut rows: BTreeMap<&str, &PlacedRow> = BTreeMap::new();
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for placed in tables.of(TableId::Indicators) {
        let (Some(id), Some(text)) = (placed.row.text("indicator_id"), placed.row.text("derive")) else {
            continue;
        };
        let formula = match formula::parse(text) {
            Ok(formula) => formula,
            Err(error) => {
                faults.push(
                    tables
                        .fault(
                            placed,
                            "derive",
                            FaultCode::WrongType,
                            text,
                            format!("{} at character {}", error.expected, error.position),
                        )
                        .hint(format!(
                            "{} stands there; the language is in docs/case-folder.md#formulas",
                            error.met
                        )),
                );
                continue;
            }
        };
        let indicators: Vec<String> = formula.indicators().iter().map(ToString::to_string).collect();
        let places: Vec<String> = formula.places().iter().map(ToString::to_string).collect();
        for (ids, targets) in [(&indicators, INDICATORS), (&places, PLACES)] {
            for id in ids.iter().filter(|id| !keys.holds(targets, id)) {
                let fault = tables.fault(
                    placed,
                    "derive",
                    FaultCode::DanglingReference,
                    id,
                    format!(
                        "a key of {}",
                        targets.iter().map(|t| t.name()).collect::<String>()
                    ),
                );
                faults.push(match did_you_mean(id, keys.of(targets)) {
                    Some(hint) => fault.hint(hint),
                    None => fault,
                });
            }
        }
        rows.insert(id, placed);
        named.insert(id, indicators);
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
    }
    faults
}
