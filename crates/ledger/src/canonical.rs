//! The bytes that are hashed: one written rule, `docs/decisions/0002-canonical-bytes.md`.
//!
//! A row is a version byte, the table's name, and its non-empty fields sorted by heading; every text is a big-endian
//! 32-bit byte length and UTF-8 bytes in NFC. Decimals are text at the scale they were written, so 8.37 and 8.3700
//! are different content.

use std::borrow::Cow;
use std::fmt::Write as _;

use counterpart_model::{Row, TableId, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The version of the rule, first byte of every canonical row.
pub const VERSION: u8 = 1;

/// Table name under which `case.toml` and the files of `geo/` are hashed; their fields are `path` and `text`.
pub const CASE_FILES: &str = "case_files";

/// Table name under which withdrawals are hashed; their fields are `key`, `reason` and `table`.
pub const RETRACTIONS: &str = "retractions";

/// Returns `text` in Unicode normalization form C.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Returns the canonical bytes of a row.
///
/// # Example
/// ```
/// use counterpart_model::{Row, TableId, Value};
/// let mut row = Row { table: TableId::Vintages, values: vec![None; TableId::Vintages.columns().len()], extra: Default::default() };
/// row.values[0] = Some(Value::Text("v1".into()));
/// let bytes = counterpart_ledger::canonical::row_bytes(&row);
/// assert_eq!(bytes, b"\x01\0\0\0\x08vintages\0\0\0\x0avintage_id\0\0\0\x02v1");
/// ```
#[must_use]
pub fn row_bytes(row: &Row) -> Vec<u8> {
    row_bytes_in(&SortedColumns::of(row.table), row)
}

/// Positions of a table's columns in the order of their headings.
pub(crate) struct SortedColumns(Vec<(usize, &'static str)>);

impl SortedColumns {
    pub(crate) fn of(table: TableId) -> Self {
        let mut columns: Vec<(usize, &'static str)> = table
            .columns()
            .iter()
            .enumerate()
            .map(|(index, column)| (index, column.name))
            .collect();
        columns.sort_unstable_by_key(|(_, name)| *name);
        Self(columns)
    }
}

pub(crate) fn row_bytes_in(columns: &SortedColumns, row: &Row) -> Vec<u8> {
    let mut writer = Writer::row(row.table.name());
    let mut extra = row.extra.iter().filter(|(_, text)| !text.is_empty()).peekable();
    for (index, heading) in &columns.0 {
        while let Some((name, text)) = extra.next_if(|(name, _)| name.as_str() < *heading) {
            writer.field(name, text);
        }
        match row.value_at(*index) {
            None => {}
            Some(Value::Text(text)) if text.is_empty() => {}
            Some(Value::Text(text)) => writer.field(heading, text),
            Some(value) => writer.shown(heading, value),
        }
    }
    for (name, text) in extra {
        writer.field(name, text);
    }
    writer.0
}

/// Returns the canonical bytes of a file of the case: `case.toml` or one of `geo/`.
#[must_use]
pub fn file_bytes(path: &str, text: &str) -> Vec<u8> {
    let mut writer = Writer::row(CASE_FILES);
    writer.field("path", path);
    writer.field("text", text);
    writer.0
}

/// Returns the canonical bytes of a withdrawal.
#[must_use]
pub fn retraction_bytes(table: &str, key: &str, reason: &str) -> Vec<u8> {
    let mut writer = Writer::row(RETRACTIONS);
    writer.field("key", key);
    writer.field("reason", reason);
    writer.field("table", table);
    writer.0
}

/// Writes length-prefixed parts.
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    /// Begins a row of a table.
    pub(crate) fn row(table: &str) -> Self {
        let mut writer = Self(Vec::with_capacity(256));
        writer.0.push(VERSION);
        writer.raw(table.as_bytes());
        writer
    }

    /// Writes bytes as they are, behind their length.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        // A cell is at most 10⁹ bytes (SQLite's own limit), far below 2³².
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.raw(nfc(text).as_bytes());
    }

    fn field(&mut self, heading: &str, text: &str) {
        self.text(heading);
        self.text(text);
    }

    /// Writes a value whose text is ASCII: a number or a date.
    fn shown(&mut self, heading: &str, value: &Value) {
        self.raw(heading.as_bytes());
        let mut text = String::with_capacity(24);
        // Writing to a String cannot fail.
        let _ = write!(text, "{value}");
        self.raw(text.as_bytes());
    }
}
