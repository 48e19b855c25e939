//! Ranges: no end before its start, no lower bound above the upper one.

use counterpart_model::{Date, Decimal, Fault, FaultCode, TableId, Value};

use super::Tables;
use crate::table_file::PlacedRow;

const RANGES: &[(&str, &str)] = &[
    ("period_start", "period_end"),
    ("start", "end"),
    ("valid_from", "valid_to"),
    ("planned_start", "planned_end"),
    ("lower", "upper"),
    ("rate_lower", "rate_upper"),
    ("wage_lower", "wage_upper"),
];

pub(super) fn check(tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (table, rows) in &tables.rows {
        let ranges: Vec<_> = RANGES
            .iter()
            .filter_map(|(low, high)| {
                Some((*low, *high, table.column_index(low)?, table.column_index(high)?))
            })
            .collect();
        if *table == TableId::Observations || ranges.is_empty() {
            continue;
        }
        for placed in rows {
            if *table == TableId::Places {
                degrees(tables, placed, &mut faults);
            }
            for (low, high, low_index, high_index) in &ranges {
                let values = (placed.row.value_at(*low_index), placed.row.value_at(*high_index));
                if let (Some(first), Some(last)) = values
                    && is_reversed(first, last)
                {
                    faults.push(tables.fault(
                        placed,
                        low,
                        FaultCode::Reversed,
                        &first.to_string(),
                        format!("{low} not after {high}, which is {last}"),
                    ));
                }
            }
        }
    }
    faults
}

/// A point lies on the globe.
fn degrees(tables: &Tables, placed: &PlacedRow, faults: &mut Vec<Fault>) {
    for (heading, most) in [("lon", 180), ("lat", 90)] {
        if let Some(Value::Decimal(value)) = placed.row.get(heading)
            && value.abs() > Decimal::from(most)
        {
            faults.push(tables.fault(
                placed,
                heading,
                FaultCode::Inconsistent,
                &value.to_string(),
                format!("degrees from -{most} to {most}"),
            ));
        }
    }
}

fn is_reversed(first: &Value, last: &Value) -> bool {
    match (first, last) {
        (Value::Date(first), Value::Date(last)) => Date::is_after(*first, *last),
        (Value::Decimal(first), Value::Decimal(last)) => Decimal::gt(first, last),
        _ => false,
    }
}
