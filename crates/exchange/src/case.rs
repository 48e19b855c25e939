//! Case folders: read whole or not at all, with every fault at once; written back as they were read.

mod folder;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use counterpart_model::case::Case;
use counterpart_model::record::GeoFile;
use counterpart_model::row::RowError;
use counterpart_model::{Fault, Faults, Record, Row, TableId};

use crate::case_toml;
use crate::error::ReadError;
use crate::table_file::TableFile;

pub use write::{export, header, write};

/// A case folder that holds no fault.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CaseFolder {
    /// The questions.
    pub case: Case,
    /// `case.toml` as it stands in the folder.
    pub case_toml: String,
    /// Rows by table, sorted by key; only tables that have rows.
    pub tables: BTreeMap<TableId, Vec<Row>>,
    /// Shapes, sorted by file name.
    pub geo: Vec<GeoFile>,
    /// The files that the rows came from, sorted by path.
    pub files: Vec<TableFile>,
    /// What is odd and no fault: a file that was not read, an outdated `datapackage.json`.
    pub warnings: Vec<Fault>,
}

impl CaseFolder {
    /// Returns how many rows the tables hold together.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.tables.values().map(Vec::len).sum()
    }

    /// Returns the rows as structs.
    ///
    /// # Errors
    /// [`RowError`] never comes of a folder that [`read`] accepted.
    pub fn record(&self) -> Result<Record, RowError> {
        let mut record = Record::new(self.case.clone());
        record.geo.clone_from(&self.geo);
        for (table, rows) in &self.tables {
            record.read_table(*table, rows)?;
        }
        Ok(record)
    }
}

impl CaseFolder {
    /// Returns the folder that holds these rows, without looking at what holds between them.
    ///
    /// For rows that were read before, or made by a program: `case.toml` is parsed by its text alone, and each table is one file.
    ///
    /// # Errors
    /// [`Faults`] of `case_toml`.
    pub fn from_rows(
        case_toml: String,
        mut tables: BTreeMap<TableId, Vec<Row>>,
        geo: Vec<GeoFile>,
    ) -> Result<Self, Faults> {
        tables.retain(|_, rows| !rows.is_empty());
        let files = tables
            .iter()
            .map(|(table, rows)| TableFile {
                path: format!("{table}.csv"),
                table: *table,
                headings: header(*table, rows),
            })
            .collect();
        Ok(Self {
            case: case_toml::parse(&case_toml)?,
            case_toml,
            tables,
            geo,
            files,
            warnings: Vec::new(),
        })
    }
}

/// Returns the case of a folder, or every fault of it.
///
/// # Errors
/// [`ReadError::Faults`] lists all faults, sorted by file, line and column; nothing of the folder is returned then.
/// [`ReadError::NotAFolder`] where `path` is none; [`ReadError::Io`] where the disk fails.
pub fn read(path: &Path) -> Result<CaseFolder, ReadError> {
    folder::read(path)
}
