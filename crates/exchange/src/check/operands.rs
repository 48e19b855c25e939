//! What a figure is said to follow from: operands of derivations, bases of rules.

use counterpart_model::transaction::Flow;
use counterpart_model::{Date, Fault, FaultCode, TableId};

use super::{Keys, Tables, ids};
use crate::hint::did_you_mean;
use crate::table_file::PlacedRow;

const OPERANDS: &[TableId] = &[
    TableId::Claims,
    TableId::Transactions,
    TableId::Rounds,
    TableId::Rules,
    TableId::Sources,
];

pub(super) fn check(tables: &Tables, keys: &Keys<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for placed in tables.of(TableId::Derivations) {
        for operand in ids(&placed.row, "operands") {
            match operand.split('/').collect::<Vec<_>>().as_slice() {
                [place, indicator, period] => {
                    address(tables, keys, placed, (place, indicator, period), &mut faults);
                }
                _ => point_at(tables, keys, placed, ("operands", operand), OPERANDS, &mut faults),
            }
        }
    }
    for placed in tables.of(TableId::Rules) {
        let Some(base) = placed.row.text("base_indicator") else {
            continue;
        };
        match base.strip_prefix("flow:") {
            None => point_at(
                tables,
                keys,
                placed,
                ("base_indicator", base),
                &[TableId::Indicators],
                &mut faults,
            ),
            Some(flow) if flow.parse::<Flow>().is_err() => {
                let fault = tables.fault(
                    placed,
                    "base_indicator",
                    FaultCode::UnknownWord,
                    base,
                    format!("flow: and one of {}", Flow::WORDS.join(", ")),
                );
                faults.push(match did_you_mean(flow, Flow::WORDS.iter().copied()) {
                    Some(hint) => fault.hint(hint),
                    None => fault,
                });
            }
            Some(_) => {}
        }
    }
    faults
}

fn address(
    tables: &Tables,
    keys: &Keys<'_>,
    placed: &PlacedRow,
    (place, indicator, period): (&str, &str, &str),
    faults: &mut Vec<Fault>,
) {
    point_at(
        tables,
        keys,
        placed,
        ("operands", place),
        &[TableId::Places],
        faults,
    );
    point_at(
        tables,
        keys,
        placed,
        ("operands", indicator),
        &[TableId::Indicators],
        faults,
    );
    let dates: Vec<Option<Date>> = period.split("..").map(|date| date.parse().ok()).collect();
    match dates.as_slice() {
        [Some(_)] => {}
        [Some(start), Some(end)] if !start.is_after(*end) => {}
        [Some(_), Some(_)] => faults.push(tables.fault(
            placed,
            "operands",
            FaultCode::Reversed,
            period,
            "a span that ends after it begins",
        )),
        _ => faults.push(tables.fault(
            placed,
            "operands",
            FaultCode::WrongType,
            period,
            "a period, 2015 or 2015..2020",
        )),
    }
}

fn point_at(
    tables: &Tables,
    keys: &Keys<'_>,
    placed: &PlacedRow,
    (heading, id): (&str, &str),
    targets: &[TableId],
    faults: &mut Vec<Fault>,
) {
    if keys.holds(targets, id) {
        return;
    }
    let names: Vec<&str> = targets.iter().map(|table| table.name()).collect();
    let expected = match heading {
        "operands" if targets.len() > 1 => {
            format!("a key of {}, or place/indicator/period", names.join(", "))
        }
        _ => format!("a key of {}", names.join(" or ")),
    };
    let fault = tables.fault(placed, heading, FaultCode::DanglingReference, id, expected);
    faults.push(match did_you_mean(id, keys.of(targets)) {
        Some(hint) => fault.hint(hint),
        None => fault,
    });
}
