//! What holds between the cells of a row, the rows of a table and the tables of a folder.
//!
//! A cell that could not be read is never checked a second time: one mistake makes one fault.

mod answers;
mod chains;
mod figures;
mod formulas;
mod keys;
mod operands;
mod programmes;
mod ranges;
mod references;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use counterpart_model::{Fault, FaultCode, Row, TableId};

use crate::table_file::{PlacedRow, TableFile};

pub(crate) use keys::sort_by_key;

/// Every row of a folder, by table, in the order of the tables' keys.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) files: Vec<TableFile>,
    pub(crate) rows: BTreeMap<TableId, Vec<PlacedRow>>,
    /// Tables of which a row is missing because it could not be read: what points at them may be right.
    pub(crate) incomplete: BTreeSet<TableId>,
    /// Whether the rows stand on record and not in a folder: what is missing then is a row, never a file.
    pub(crate) on_record: bool,
}

impl Tables {
    pub(crate) fn of(&self, table: TableId) -> &[PlacedRow] {
        self.rows.get(&table).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the file of a row.
    pub(crate) fn file(&self, placed: &PlacedRow) -> Option<&TableFile> {
        self.files.get(placed.file as usize)
    }

    /// Builds a fault at one cell of a row.
    pub(crate) fn fault(
        &self,
        placed: &PlacedRow,
        heading: &str,
        code: FaultCode,
        value: &str,
        expected: impl Into<String>,
    ) -> Fault {
        let location = match self.file(placed) {
            Some(file) => file.location(placed.line, heading),
            None => counterpart_model::Location::line(placed.row.table.name(), placed.line.into()),
        };
        Fault::new(location, code, value, expected)
    }

    /// Returns the keys that other tables may point at.
    pub(crate) fn keys(&self) -> Keys<'_> {
        let mut sets = BTreeMap::new();
        for (table, rows) in &self.rows {
            if let [key] = table.key() {
                let set: HashSet<&str> = rows.iter().filter_map(|placed| placed.row.text(key)).collect();
                sets.insert(*table, set);
            }
        }
        Keys {
            sets,
            incomplete: &self.incomplete,
            groups: self
                .of(TableId::Places)
                .iter()
                .filter(|placed| placed.row.text("level") == Some("group") || placed.is_unread(&["level"]))
                .filter_map(|placed| placed.row.text("place_id"))
                .collect(),
        }
    }
}

/// The keys of every table that others point at.
pub(crate) struct Keys<'a> {
    sets: BTreeMap<TableId, HashSet<&'a str>>,
    incomplete: &'a BTreeSet<TableId>,
    /// Places of level `group`.
    pub(crate) groups: BTreeSet<&'a str>,
}

impl<'a> Keys<'a> {
    /// Whether one of `tables` has the key, or may have it in a row that could not be read.
    pub(crate) fn holds(&self, tables: &[TableId], id: &str) -> bool {
        tables.iter().any(|table| {
            self.incomplete.contains(table) || self.sets.get(table).is_some_and(|set| set.contains(id))
        })
    }

    /// Whether one of `tables` has a file.
    pub(crate) fn any_present(&self, tables: &[TableId]) -> bool {
        tables
            .iter()
            .any(|table| self.incomplete.contains(table) || self.sets.contains_key(table))
    }

    /// Returns the keys of `tables`; for hints, which sort them.
    pub(crate) fn of<'b>(&'b self, tables: &'b [TableId]) -> impl Iterator<Item = &'a str> + 'b {
        tables
            .iter()
            .filter_map(|table| self.sets.get(table))
            .flatten()
            .copied()
    }
}

/// Returns every fault between cells, rows and tables.
pub(crate) fn all(tables: &Tables, keys: &Keys<'_>) -> Vec<Fault> {
    let mut faults = keys::check(tables);
    faults.extend(references::check(tables, keys));
    faults.extend(ranges::check(tables));
    faults.extend(figures::check(tables));
    faults.extend(chains::check(tables));
    faults.extend(formulas::check(tables, keys));
    faults.extend(operands::check(tables, keys));
    faults.extend(answers::check(tables));
    faults.extend(programmes::check(tables, keys));
    faults
}

/// Returns the text of a cell as a list of ids.
pub(crate) fn ids<'a>(row: &'a Row, heading: &str) -> impl Iterator<Item = &'a str> {
    row.text(heading)
        .unwrap_or_default()
        .split(';')
        .filter(|id| !id.is_empty())
}
