//! Cases of the repository as records, and changes to their rows.

use std::collections::BTreeMap;
use std::path::Path;

use counterpart_appraise::{Assessment, Options, assess};
use counterpart_exchange::case::CaseFolder;
use counterpart_model::case::Case;
use counterpart_model::{Record, Row, TableId, Value};

/// Reads a case of the repository.
pub(crate) fn folder(name: &str) -> CaseFolder {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../cases")
        .join(name);
    counterpart_exchange::case::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Makes a record of rows, sorted by key as a ledger yields them.
pub(crate) fn record(case: Case, mut tables: BTreeMap<TableId, Vec<Row>>) -> Record {
    let mut record = Record::new(case);
    for (table, rows) in &mut tables {
        rows.sort_by_cached_key(Row::key);
        record
            .read_table(*table, rows.iter())
            .expect("rows of the table's types");
    }
    record
}

/// Appraises rows.
pub(crate) fn appraise(case: Case, tables: BTreeMap<TableId, Vec<Row>>) -> Assessment {
    assess(&record(case, tables), "00000000", &Options::default())
}

/// Sets a cell.
pub(crate) fn set(row: &mut Row, heading: &str, value: Option<Value>) {
    let index = row
        .table
        .column_index(heading)
        .unwrap_or_else(|| panic!("no column {heading}"));
    *row.values.get_mut(index).expect("a cell for each column") = value;
}
