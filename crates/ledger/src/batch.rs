//! What goes into a commit: a whole case, table by table, made ready to be hashed and stored.

use std::collections::BTreeMap;

use counterpart_model::record::GeoFile;
use counterpart_model::table::ColumnKind;
use counterpart_model::{Row, TableId, Value};
use rayon::prelude::*;

use crate::canonical::{self, SortedColumns, nfc};
use crate::error::LedgerError;

/// What a batch does. Fixed in the schema, so that later kinds move no walls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BatchKind {
    /// Says rows; a row whose key is on record already supersedes the earlier one.
    Assert,
    /// Withdraws rows, each with its reason.
    Retract,
    /// Notes what was published.
    Publish,
    /// Notes that content and salts of rows were deleted. Reserved.
    Seal,
}

impl BatchKind {
    /// Returns the word as it is stored and hashed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assert => "assert",
            Self::Retract => "retract",
            Self::Publish => "publish",
            Self::Seal => "seal",
        }
    }
}

/// A whole case or some statements of one, as an importer yields them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batches {
    /// Text of `case.toml`.
    pub case_toml: Option<String>,
    /// Files of `geo/`.
    pub geo: Vec<GeoFile>,
    /// Rows by table, in any order.
    pub tables: BTreeMap<TableId, Vec<Row>>,
}

impl Batches {
    /// Returns how many rows there are, files apart.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.tables.values().map(Vec::len).sum()
    }
}

/// A row with what is needed to sort, compare and hash it.
pub(crate) struct Ready<T> {
    /// Values of the key joined by U+001F, which sorts below every character of a key: ordered as the tuple would be.
    pub(crate) key: String,
    /// Source of the row; empty for sources, files and withdrawals, which speak for themselves.
    pub(crate) source: String,
    pub(crate) canonical: Vec<u8>,
    pub(crate) content: T,
}

/// A file of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Path of `case.toml` in a ledger.
pub(crate) const CASE_TOML: &str = "case.toml";

/// Folder, in a ledger, of notes on what was published; no part of the case.
pub(crate) const PUBLICATIONS: &str = "publications/";

/// Folder of shapes in a ledger.
pub(crate) const GEO: &str = "geo/";

/// Everything of one import, in canonical order, keys unique.
pub(crate) struct Incoming {
    pub(crate) files: Vec<Ready<CaseFile>>,
    pub(crate) tables: BTreeMap<TableId, Vec<Ready<Row>>>,
}

impl Incoming {
    /// Puts texts into NFC, checks types and keys, sorts by source and key.
    pub(crate) fn prepare(batches: Batches) -> Result<Self, LedgerError> {
        let case = batches.case_toml.map(|text| CaseFile {
            path: CASE_TOML.into(),
            text,
        });
        let geo = batches.geo.into_iter().map(|file| CaseFile {
            path: format!("{GEO}{}", file.name),
            text: file.text,
        });
        let mut files: Vec<Ready<CaseFile>> = case.into_iter().chain(geo).map(ready_file).collect();
        sort_unique(canonical::CASE_FILES, &mut files)?;

        let mut tables = BTreeMap::new();
        for (table, rows) in batches.tables {
            let mut rows = ready_rows(table, rows)?;
            sort_unique(table.name(), &mut rows)?;
            rows.par_sort_by(|a, b| a.source.cmp(&b.source));
            tables.insert(table, rows);
        }
        Ok(Self { files, tables })
    }
}

pub(crate) fn ready_file(file: CaseFile) -> Ready<CaseFile> {
    let path = nfc(&file.path).into_owned();
    let text = nfc(&file.text).into_owned();
    Ready {
        key: path.clone(),
        source: String::new(),
        canonical: canonical::file_bytes(&path, &text),
        content: CaseFile { path, text },
    }
}

pub(crate) fn ready_rows(table: TableId, rows: Vec<Row>) -> Result<Vec<Ready<Row>>, LedgerError> {
    let columns = SortedColumns::of(table);
    let source = match table {
        TableId::Sources => None,
        _ => table.column_index("source_id"),
    };
    rows.into_par_iter()
        .map(|mut row| {
            row.table = table;
            normalize(&mut row);
            check_kinds(&row)?;
            let source = match source.and_then(|index| row.value_at(index)) {
                Some(Value::Text(text)) => text.clone(),
                _ => String::new(),
            };
            Ok(Ready {
                key: sort_key(&row),
                source,
                canonical: canonical::row_bytes_in(&columns, &row),
                content: row,
            })
        })
        .collect()
}

/// Returns the values of the key, joined so that text order is the order of the tuples.
pub(crate) fn sort_key(row: &Row) -> String {
    let mut key = String::new();
    for (position, heading) in row.table.key().iter().enumerate() {
        if position > 0 {
            key.push('\u{1f}');
        }
        match row.get(heading) {
            Some(Value::Text(text)) => key.push_str(text),
            Some(value) => key.push_str(&value.to_string()),
            None => {}
        }
    }
    key
}

/// Returns a key as people write it.
pub(crate) fn shown_key(sort_key: &str) -> String {
    sort_key.replace('\u{1f}', "/")
}

fn normalize(row: &mut Row) {
    row.values.resize(row.table.columns().len(), None);
    for value in &mut row.values {
        if let Some(Value::Text(text)) = value {
            if text.is_empty() {
                *value = None;
            } else if let std::borrow::Cow::Owned(normal) = nfc(text) {
                *text = normal;
            }
        }
    }
    row.extra.retain(|_, text| !text.is_empty());
    if row
        .extra
        .iter()
        .any(|(name, text)| !name.is_ascii() || !text.is_ascii())
    {
        row.extra = std::mem::take(&mut row.extra)
            .into_iter()
            .map(|(name, text)| (nfc(&name).into_owned(), nfc(&text).into_owned()))
            .collect();
    }
}

/// Whether a value is of the type that its column is stored in.
fn fits(kind: ColumnKind, value: &Value) -> bool {
    match kind {
        ColumnKind::Decimal => matches!(value, Value::Decimal(_)),
        ColumnKind::Count | ColumnKind::Integer => matches!(value, Value::Integer(_)),
        ColumnKind::Date => matches!(value, Value::Date(_)),
        ColumnKind::Period => matches!(value, Value::Period(_)),
        _ => matches!(value, Value::Text(_)),
    }
}

fn check_kinds(row: &Row) -> Result<(), LedgerError> {
    for (column, value) in row.table.columns().iter().zip(&row.values) {
        if let Some(value) = value
            && !fits(column.kind, value)
        {
            return Err(LedgerError::WrongKind {
                table: row.table,
                key: row.key(),
                column: column.name,
                met: value.kind(),
            });
        }
    }
    Ok(())
}

fn sort_unique<T: Send>(table: &str, rows: &mut [Ready<T>]) -> Result<(), LedgerError> {
    rows.par_sort_by(|a, b| a.key.cmp(&b.key));
    let twice = rows.windows(2).find_map(|pair| match pair {
        [a, b] if a.key == b.key => Some(&a.key),
        _ => None,
    });
    match twice {
        Some(key) => Err(LedgerError::DuplicateKey {
            table: table.into(),
            key: shown_key(key),
        }),
        None => Ok(()),
    }
}
