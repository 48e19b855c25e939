//! A case made of rows written in a test: four speakers, four sources, two regions of a nation.

use std::collections::BTreeMap;

use counterpart_appraise::Assessment;
use counterpart_model::case::Case;
use counterpart_model::table::ColumnKind;
use counterpart_model::{Row, TableId, Value};

use crate::cases::{appraise, folder};

/// Rows by table.
pub(crate) type Tables = BTreeMap<TableId, Vec<Row>>;

/// A row of a table from texts; what is not given is empty.
pub(crate) fn row(table: TableId, cells: &[(&str, &str)]) -> Row {
    let mut row = Row {
        table,
        values: vec![None; table.columns().len()],
        extra: BTreeMap::new(),
    };
    let all = cells.iter().chain(&[("source_id", "S1"), ("locator", "p1")]);
    for (heading, text) in all {
        let Some(index) = table.column_index(heading) else {
            assert!(*heading == "locator", "{table} has no {heading}");
            continue;
        };
        if row.values[index].is_some() || text.is_empty() {
            continue;
        }
        let value = match table.columns()[index].kind {
            ColumnKind::Decimal => Value::Decimal(text.parse().expect("a decimal")),
            ColumnKind::Count | ColumnKind::Integer => Value::Integer(text.parse().expect("a whole number")),
            ColumnKind::Date => Value::Date(text.parse().expect("a date")),
            ColumnKind::Period => Value::Period(text.parse().expect("a period")),
            _ => Value::Text((*text).to_owned()),
        };
        row.values[index] = Some(value);
    }
    row
}

/// A row with defaults that what is given comes before.
fn with(table: TableId, defaults: &[(&'static str, &str)], given: &[(&str, &str)]) -> Row {
    let mut cells: Vec<(&str, &str)> = given.to_vec();
    cells.extend(
        defaults
            .iter()
            .filter(|(heading, _)| !given.iter().any(|(known, _)| known == heading)),
    );
    row(table, &cells)
}

/// A claim that reports a property of a thing in 2010.
pub(crate) fn claim(id: &str, speaker: &str, source: &str, more: &[(&str, &str)]) -> Row {
    with(
        TableId::Claims,
        &[
            ("claim_id", id),
            ("act", "reports"),
            ("speaker_id", speaker),
            ("attribution", "named"),
            ("subject", "thing"),
            ("property", "height"),
            ("place_id", "A"),
            ("period_start", "2010"),
            ("period_end", "2010"),
            ("unit", "count"),
            ("text", "so many"),
            ("source_id", source),
        ],
        more,
    )
}

/// Money that arrived from B in A over 2010 to 2015.
pub(crate) fn money(id: &str, speaker: &str, source: &str, more: &[(&str, &str)]) -> Row {
    with(
        TableId::Transactions,
        &[
            ("transaction_id", id),
            ("flow", "pairing_fund"),
            ("type", "arrival"),
            ("basis", "cumulative"),
            ("provider_id", "B"),
            ("receiver_id", "A"),
            ("currency", "CNY"),
            ("period_start", "2010"),
            ("period_end", "2015"),
            ("speaker_id", speaker),
            ("source_id", source),
        ],
        more,
    )
}

/// A case of rows, with the speakers, sources and places that they name.
pub(crate) fn case(rows: Vec<Row>) -> (Case, Tables) {
    let mut case = folder("wenchuan").case;
    case.studies.clear();
    case.lens_studies.clear();
    case.gap = None;
    let mut all = rows;
    for (id, kind) in [
        ("P1", "state"),
        ("P2", "journalism"),
        ("P3", "academic"),
        ("P0", "unattributed"),
    ] {
        all.push(row(
            TableId::Speakers,
            &[
                ("speaker_id", id),
                ("name", &format!("Speaker {id}")),
                ("kind", kind),
            ],
        ));
    }
    for (id, copy_of) in [("S1", ""), ("S2", ""), ("S3", ""), ("SC", "S1")] {
        all.push(row(
            TableId::Sources,
            &[
                ("source_id", id),
                ("title", id),
                ("publisher", &format!("Publisher {id}")),
                ("publisher_kind", "journalism"),
                ("may_republish", "unknown"),
                ("copy_of", copy_of),
            ],
        ));
    }
    for (id, level, parent) in [
        ("N", "nation", ""),
        ("A", "province", "N"),
        ("A1", "prefecture", "A"),
        ("B", "province", "N"),
    ] {
        all.push(row(
            TableId::Places,
            &[
                ("place_id", id),
                ("name", &format!("Place {id}")),
                ("level", level),
                ("parent_id", parent),
            ],
        ));
    }
    let mut tables = Tables::new();
    for row in all {
        tables.entry(row.table).or_default().push(row);
    }
    (case, tables)
}

/// The assessment of a case of rows.
pub(crate) fn whole(rows: Vec<Row>) -> Assessment {
    let (case, tables) = case(rows);
    appraise(case, tables)
}
