//! Whatever the importer accepts, the structs of the model can read.

use std::collections::BTreeMap;

use counterpart_exchange::{case_toml, docs};
use counterpart_model::table::ColumnKind;
use counterpart_model::{Date, Decimal, Period, Record, Row, TableId, Value};
use counterpart_testkit::shipped_case;

fn example(kind: ColumnKind) -> Value {
    match kind {
        ColumnKind::Word(words) => Value::Text(words[0].to_owned()),
        ColumnKind::Date => Value::Date(Date::year_only(2010)),
        ColumnKind::Period => Value::Period(Period::year_only(2010)),
        ColumnKind::Decimal => Value::Decimal(Decimal::ONE),
        ColumnKind::Count | ColumnKind::Integer => Value::Integer(1),
        _ => Value::Text("x".to_owned()),
    }
}

#[test]
fn rows_with_nothing_but_what_is_needed_read_as_structs_and_so_do_full_ones() {
    let text = std::fs::read_to_string(shipped_case("planted/plus").join("case.toml")).unwrap();
    let mut record = Record::new(case_toml::parse(&text).unwrap());
    for table in TableId::ALL {
        for full in [false, true] {
            let values = table
                .columns()
                .iter()
                .map(|column| (full || column.filled && column.in_header).then(|| example(column.kind)))
                .collect();
            let row = Row {
                table: *table,
                values,
                extra: BTreeMap::new(),
            };
            record.read_table(*table, [&row]).unwrap();
        }
    }
}

#[test]
fn tables_fit_into_the_bits_that_mark_unread_cells() {
    assert!(TableId::ALL.iter().all(|table| table.columns().len() <= 64));
}

#[test]
fn every_table_and_column_is_on_the_page() {
    let page = docs::case_folder_tables();
    for table in TableId::ALL {
        assert!(page.contains(&format!("### `{table}`")));
        for column in table.columns() {
            assert!(
                page.contains(&format!("| `{}` |", column.name)),
                "{table}.{}",
                column.name
            );
        }
    }
}
