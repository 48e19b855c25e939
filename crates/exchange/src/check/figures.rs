//! Figures: a value or bounds and never both, qualifiers that fit, units and currencies.

use std::collections::HashMap;

use counterpart_model::quantity::Qualifier;
use counterpart_model::{Fault, FaultCode, TableId, Value};
use rayon::prelude::*;

use super::Tables;
use crate::currency;
use crate::table_file::PlacedRow;

const POINTS: &[&str] = &["value", "count"];
const BOUNDS: &[&str] = &["lower", "upper"];
/// Results have figures of their own names.
const RESULT_POINTS: &[&str] = &["target", "actual"];
const RESULT_BOUNDS: &[&str] = &["target_lower", "actual_lower"];

pub(super) fn check(tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (table, rows) in &tables.rows {
        if *table == TableId::Observations {
            continue;
        }
        for placed in rows {
            value_and_bound(tables, placed, &mut faults);
            qualifier(tables, placed, &mut faults);
        }
    }
    for placed in tables.of(TableId::Claims) {
        claim(tables, placed, &mut faults);
    }
    for placed in tables.of(TableId::Rules) {
        needs_currency(tables, placed, &["amount"], &mut faults);
    }
    for placed in tables.of(TableId::Placements) {
        needs_currency(tables, placed, &["wage", "wage_lower", "wage_upper"], &mut faults);
    }
    faults.extend(units_of_observations(tables));
    faults
}

fn first_of<'a>(placed: &'a PlacedRow, headings: &[&'static str]) -> Option<(&'static str, &'a Value)> {
    headings
        .iter()
        .find_map(|heading| placed.row.get(heading).map(|value| (*heading, value)))
}

fn value_and_bound(tables: &Tables, placed: &PlacedRow, faults: &mut Vec<Fault>) {
    if let (Some((heading, value)), Some((bound, _))) = (first_of(placed, POINTS), first_of(placed, BOUNDS)) {
        faults.push(
            tables
                .fault(
                    placed,
                    heading,
                    FaultCode::Bound,
                    &value.to_string(),
                    format!("a {heading} or bounds, not both; {bound} is filled too"),
                )
                .hint("a vague amount is a bound without a value"),
        );
    }
}

fn qualifier(tables: &Tables, placed: &PlacedRow, faults: &mut Vec<Fault>) {
    let all: Vec<&str> = [POINTS, BOUNDS, RESULT_POINTS, RESULT_BOUNDS].concat();
    if placed.is_unread(&all) || placed.is_unread(&["qualifier"]) {
        return;
    }
    let Some(word) = placed.row.text("qualifier") else {
        return;
    };
    let Ok(qualifier) = word.parse::<Qualifier>() else {
        return;
    };
    let point = first_of(placed, POINTS).or_else(|| first_of(placed, RESULT_POINTS));
    let bound = first_of(placed, BOUNDS).or_else(|| first_of(placed, RESULT_BOUNDS));
    let (fits, expected) = if qualifier.is_bound() {
        (
            point.is_none() && bound.is_some(),
            format!("a bound and no value beside {word}"),
        )
    } else {
        (point.is_some(), format!("a value beside {word}"))
    };
    if !fits {
        faults.push(
            tables
                .fault(placed, "qualifier", FaultCode::Bound, word, expected)
                .hint(
                    "nearly, about, just and all go with a value; every other qualifier with lower or upper",
                ),
        );
    }
}

fn claim(tables: &Tables, placed: &PlacedRow, faults: &mut Vec<Fault>) {
    let row = &placed.row;
    let figure = first_of(placed, &["value", "lower", "upper"]);
    if let Some((_, value)) = figure {
        if row.get("unit").is_none() && !placed.is_unread(&["unit"]) {
            faults.push(
                tables
                    .fault(
                        placed,
                        "unit",
                        FaultCode::Unit,
                        "",
                        format!("the unit of {value}"),
                    )
                    .hint("persons, percent, years, CNY …; 1 where it has none"),
            );
        }
        if row.get("as_said").is_none() && !placed.is_unread(&["as_said"]) {
            faults.push(tables.fault(
                placed,
                "as_said",
                FaultCode::MissingValue,
                "",
                format!("how {value} was said, at the scale it was published"),
            ));
        }
    }
    if placed.is_unread(&["unit", "currency"]) {
        return;
    }
    let in_unit = row.text("unit").and_then(currency::of_unit);
    match (in_unit, row.text("currency")) {
        (Some(code), None) => faults.push(tables.fault(
            placed,
            "currency",
            FaultCode::MissingCurrency,
            "",
            format!("{code}, the currency of the unit"),
        )),
        (Some(code), Some(currency)) if code != currency => faults.push(tables.fault(
            placed,
            "currency",
            FaultCode::Unit,
            currency,
            format!("{code}, the currency of the unit"),
        )),
        _ => {}
    }
}

fn needs_currency(tables: &Tables, placed: &PlacedRow, headings: &[&'static str], faults: &mut Vec<Fault>) {
    if placed.row.get("currency").is_some() || placed.is_unread(&["currency"]) {
        return;
    }
    if let Some((heading, value)) = first_of(placed, headings) {
        faults.push(
            tables
                .fault(
                    placed,
                    "currency",
                    FaultCode::MissingCurrency,
                    "",
                    format!("the currency of {heading} {value}"),
                )
                .hint("an ISO 4217 code such as CNY; amounts of different currencies are never added"),
        );
    }
}

/// An observation is in the unit of its indicator.
fn units_of_observations(tables: &Tables) -> Vec<Fault> {
    let units: HashMap<&str, Option<&str>> = tables
        .of(TableId::Indicators)
        .iter()
        .filter(|placed| !placed.is_unread(&["unit"]))
        .filter_map(|placed| Some((placed.row.text("indicator_id")?, placed.row.text("unit"))))
        .collect();
    let table = TableId::Observations;
    let (Some(indicator), Some(unit)) = (table.column_index("indicator_id"), table.column_index("unit"))
    else {
        return Vec::new();
    };
    tables
        .of(table)
        .par_iter()
        .filter_map(|placed| {
            let (Some(Value::Text(indicator)), Some(Value::Text(met))) =
                (placed.row.value_at(indicator), placed.row.value_at(unit))
            else {
                return None;
            };
            let expected = *units.get(indicator.as_str())?;
            if expected == Some(met.as_str()) {
                return None;
            }
            let expected = match expected {
                Some(unit) => format!("{unit}, the unit of {indicator}"),
                None => format!("no unit: {indicator} has none in indicators.csv"),
            };
            Some(
                tables
                    .fault(placed, "unit", FaultCode::Unit, met, expected)
                    .hint("convert the value, or give it an indicator of its own"),
            )
        })
        .collect()
}
