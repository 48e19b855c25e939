//! A row of any table: typed by column, untyped by table. What is imported, hashed and stored.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::table::TableId;
use crate::{Date, Id, Period};

/// The value of one cell.
///
/// Decimals keep the scale they were written at, so that a row is written back as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, an identifier or a word of a closed vocabulary, in NFC.
    Text(String),
    /// A plain decimal; money and statistics alike.
    Decimal(Decimal),
    /// A count or another whole number.
    Integer(i64),
    /// A date at its precision.
    Date(Date),
    /// A date or a start and an end.
    Period(Period),
}

impl Value {
    /// Returns the kind of this value, for error messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Decimal(_) => "decimal",
            Self::Integer(_) => "whole number",
            Self::Date(_) => "date",
            Self::Period(_) => "period",
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Decimal(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Date(value) => write!(f, "{value}"),
            Self::Period(value) => write!(f, "{value}"),
        }
    }
}

/// One statement: a row of `table`, its values in the order of the table's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The table it belongs to.
    pub table: TableId,
    /// One entry for each of `table.columns()`; `None` where the cell is empty or the column absent.
    pub values: Vec<Option<Value>>,
    /// Columns of the case's own (`x_…`) that are not empty.
    pub extra: BTreeMap<String, String>,
}

impl Row {
    /// Returns the value at a column's position.
    #[must_use]
    pub fn value_at(&self, index: usize) -> Option<&Value> {
        self.values.get(index).and_then(Option::as_ref)
    }

    /// Returns the value of a column by its heading.
    #[must_use]
    pub fn get(&self, heading: &str) -> Option<&Value> {
        self.table
            .column_index(heading)
            .and_then(|index| self.value_at(index))
    }

    /// Returns the text of a column, where it holds text.
    #[must_use]
    pub fn text(&self, heading: &str) -> Option<&str> {
        match self.get(heading) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns the values of the table's key, joined by `/`.
    #[must_use]
    pub fn key(&self) -> String {
        let parts: Vec<String> = self
            .table
            .key()
            .iter()
            .map(|column| self.get(column).map(Value::to_string).unwrap_or_default())
            .collect();
        parts.join("/")
    }
}

/// Why a cell could not be read as the type its struct wants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CellError {
    /// The cell is empty.
    #[error("no value where one is needed")]
    Missing,
    /// The cell holds another kind of value.
    #[error("a {met} where a {expected} is needed")]
    WrongKind {
        /// Kind that was met.
        met: &'static str,
        /// Kind that was expected.
        expected: &'static str,
    },
    /// The cell holds a word outside the vocabulary.
    #[error("{met:?} is none of {}", words.join(", "))]
    NotAWord {
        /// The word that was met.
        met: String,
        /// The vocabulary.
        words: &'static [&'static str],
    },
}

/// Why a row could not be read as its struct.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}.{column}: {source}", table.name())]
pub struct RowError {
    /// Table of the row.
    pub table: TableId,
    /// Column that could not be read.
    pub column: &'static str,
    /// Why.
    pub source: CellError,
}

/// A type that one cell can be read as.
pub trait Cell: Sized {
    /// Reads the cell.
    ///
    /// # Errors
    /// [`CellError`] where the cell is empty or of another kind.
    fn read(value: Option<&Value>) -> Result<Self, CellError>;
}

/// A struct that a row of one table can be read as.
pub trait TypedRow: Sized {
    /// The table.
    const TABLE: TableId;
    /// The columns of the struct's fields, in the fields' order.
    const COLUMNS: &'static [&'static str];

    /// Reads a row, given the positions of [`Self::COLUMNS`] in the table.
    ///
    /// # Errors
    /// [`RowError`] names the first column that could not be read.
    fn read(row: &Row, at: &[Option<usize>]) -> Result<Self, RowError>;

    /// Returns the positions of [`Self::COLUMNS`] in the table.
    #[must_use]
    fn positions() -> Vec<Option<usize>> {
        Self::COLUMNS
            .iter()
            .map(|column| Self::TABLE.column_index(column))
            .collect()
    }

    /// Reads every row.
    ///
    /// # Errors
    /// [`RowError`] of the first row that could not be read.
    fn read_all<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Result<Vec<Self>, RowError> {
        let at = Self::positions();
        rows.into_iter().map(|row| Self::read(row, &at)).collect()
    }
}

macro_rules! cell {
    ($type:ty, $expected:literal, $pattern:pat => $made:expr) => {
        impl Cell for $type {
            fn read(value: Option<&Value>) -> Result<Self, CellError> {
                match value {
                    Some($pattern) => Ok($made),
                    Some(other) => Err(CellError::WrongKind {
                        met: other.kind(),
                        expected: $expected,
                    }),
                    None => Err(CellError::Missing),
                }
            }
        }

        impl Cell for Option<$type> {
            fn read(value: Option<&Value>) -> Result<Self, CellError> {
                value
                    .map(|value| <$type as Cell>::read(Some(value)))
                    .transpose()
            }
        }
    };
}
cell!(Id, "identifier", Value::Text(text) => Id::new(text));
cell!(String, "text", Value::Text(text) => text.clone());
cell!(Decimal, "decimal", Value::Decimal(value) => *value);
cell!(i64, "whole number", Value::Integer(value) => *value);
cell!(Date, "date", Value::Date(value) => *value);
cell!(Period, "period", Value::Period(value) => *value);

/// Several ids separated by `;`, or none.
impl Cell for Vec<Id> {
    fn read(value: Option<&Value>) -> Result<Self, CellError> {
        match value {
            None => Ok(Self::new()),
            Some(Value::Text(text)) => Ok(text
                .split(';')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(Id::new)
                .collect()),
            Some(other) => Err(CellError::WrongKind {
                met: other.kind(),
                expected: "list of ids",
            }),
        }
    }
}
