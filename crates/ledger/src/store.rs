//! Rows in and out of SQLite. Everything read is checked against its leaf before it is served.

mod read;
mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use counterpart_model::{Row, TableId};
use rusqlite::Connection;

use crate::batch::CaseFile;
use crate::error::LedgerError;

/// Bytes of a salt.
const SALT: usize = 16;

/// A connection and where it leads.
pub(crate) struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: Option<PathBuf>,
}

/// Turns an error of SQLite into one that says what was being done, to which file.
pub(crate) trait During<T> {
    fn during(self, store: &Store, action: &'static str) -> Result<T, LedgerError>;
}

impl<T> During<T> for rusqlite::Result<T> {
    fn during(self, store: &Store, action: &'static str) -> Result<T, LedgerError> {
        self.map_err(|source| LedgerError::Sqlite {
            path: store.path.clone(),
            action,
            source,
        })
    }
}

/// Content as one commit said it.
pub(crate) struct Version<T> {
    pub(crate) commit: u32,
    pub(crate) row_no: u32,
    /// Key as [`sort_key`](crate::batch::sort_key) makes it.
    pub(crate) key: String,
    pub(crate) content: T,
}

/// Everything said under one key, the latest first.
pub(crate) struct Line<T> {
    pub(crate) current: Version<T>,
    /// Superseded versions, the latest first.
    pub(crate) earlier: Vec<Version<T>>,
}

/// All content as of a commit, sorted by key.
pub(crate) struct Snapshot {
    pub(crate) files: Vec<Line<CaseFile>>,
    pub(crate) tables: BTreeMap<TableId, Vec<Line<Row>>>,
}

/// A withdrawal to be stored.
pub(crate) struct Withdrawal {
    pub(crate) table: TableId,
    /// Key as [`sort_key`] makes it.
    pub(crate) key: String,
    pub(crate) reason: String,
}

/// A withdrawal as it is stored.
pub(crate) struct Retraction {
    pub(crate) commit: u32,
    pub(crate) row_no: u32,
    pub(crate) table: String,
    /// Key as [`sort_key`] makes it.
    pub(crate) key: String,
    pub(crate) reason: String,
}

/// Splits a row's id into the numbers of commit and row.
pub(crate) fn split(row_id: i64) -> (u32, u32) {
    let low = u32::try_from(row_id & 0xffff_ffff).unwrap_or_default();
    (u32::try_from(row_id >> 32).unwrap_or_default(), low)
}

fn row_id(commit: u32, row_no: u32) -> i64 {
    (i64::from(commit) << 32) | i64::from(row_no)
}

/// Returns the columns of the case's own as a JSON object, keys sorted.
pub(crate) fn extra_json(extra: &BTreeMap<String, String>) -> String {
    // Maps of strings to strings always have a JSON form.
    serde_json::to_string(extra).unwrap_or_default()
}
