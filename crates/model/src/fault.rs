//! What is wrong with an input: where, what was met, what was expected, what to do about it.
//!
//! A fault is data, not an error message. Readers gather every fault of a folder and return them together in a
//! non-empty [`Faults`]; faces decide how many to print and in which form.

use serde::Serialize;

/// Where in the input a fault stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// Path relative to the case folder, with `/`.
    pub file: String,
    /// Line of the file, from 1; 0 where the file as a whole is meant.
    pub line: u64,
    /// Column of the table (or character of the line in `case.toml`), from 1; 0 where the line as a whole is meant.
    pub column: u64,
    /// Heading of the column or key of `case.toml`, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
}

impl Location {
    /// Returns the location of a file as a whole.
    #[must_use]
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            heading: None,
        }
    }

    /// Returns the location of a line as a whole.
    #[must_use]
    pub fn line(file: impl Into<String>, line: u64) -> Self {
        Self {
            file: file.into(),
            line,
            column: 0,
            heading: None,
        }
    }

    /// Returns the location of one cell.
    #[must_use]
    pub fn cell(file: impl Into<String>, line: u64, column: u64, heading: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line,
            column,
            heading: Some(heading.into()),
        }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

words! {
    /// The kinds of fault, for scripts; people read the fault's own text.
    pub enum FaultCode {
        /// A table that every case needs is not there.
        MissingTable = "missing_table",
        /// A file that is no table of the schema.
        UnknownTable = "unknown_table",
        /// A table without any row where one is needed.
        EmptyTable = "empty_table",
        /// A column that the table needs is not in its header.
        MissingColumn = "missing_column",
        /// A column that the schema does not know and that does not begin with `x_`.
        UnknownColumn = "unknown_column",
        /// A heading that occurs twice.
        DuplicateColumn = "duplicate_column",
        /// A heading about a private person: refused, whatever it holds.
        RefusedColumn = "refused_column",
        /// A cell that cannot be read as its column's type.
        WrongType = "wrong_type",
        /// A word outside the closed vocabulary of its column.
        UnknownWord = "unknown_word",
        /// An empty cell where a value is needed.
        MissingValue = "missing_value",
        /// A key that another row already has.
        DuplicateKey = "duplicate_key",
        /// An id that no row of the table it points at has.
        DanglingReference = "dangling_reference",
        /// An end before its start, or a lower bound above the upper one.
        Reversed = "reversed",
        /// A unit that contradicts the indicator or the currency.
        Unit = "unit",
        /// A figure of money without its currency.
        MissingCurrency = "missing_currency",
        /// A value and a bound that contradict each other, or a qualifier that fits neither.
        Bound = "bound",
        /// A chain (formula, `part_of`, `parent_id`) that comes back to where it began.
        Circular = "circular",
        /// A denial that answers nothing, or an answer to itself.
        Answer = "answer",
        /// Two rows or columns that cannot both hold.
        Inconsistent = "inconsistent",
        /// A path of one machine's disk, which means nothing to a reader.
        MachinePath = "machine_path",
        /// Bytes in an encoding that is not UTF-8.
        Encoding = "encoding",
        /// Text that is not a CSV table: an open quote, a row of another width.
        NotCsv = "not_csv",
        /// A file, field or row beyond the limits of the reader.
        TooLarge = "too_large",
        /// A `case.toml` that cannot be read, or an unknown key in it.
        CaseFile = "case_file",
        /// A shape file that cannot be read.
        Geo = "geo",
        /// A row or panel that an estimator cannot use as it is.
        Panel = "panel",
    }
}

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where it stands.
    pub location: Location,
    /// Which kind it is.
    pub code: FaultCode,
    /// What was met there, cut to a readable length.
    pub value: String,
    /// What was expected there.
    pub expected: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Fault {
    /// Builds a fault; `value` is cut to 80 characters.
    #[must_use]
    pub fn new(location: Location, code: FaultCode, value: &str, expected: impl Into<String>) -> Self {
        let mut shown: String = value.chars().take(80).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self {
            location,
            code,
            value: shown,
            expected: expected.into(),
            hint: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Every fault of an input, sorted by file, line and column; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Returns the faults in order, or `None` where there are none.
    #[must_use]
    pub fn from_vec(mut faults: Vec<Fault>) -> Option<Self> {
        if faults.is_empty() {
            return None;
        }
        faults.sort_by(|a, b| {
            (&a.location, a.code, &a.value, &a.expected).cmp(&(&b.location, b.code, &b.value, &b.expected))
        });
        faults.dedup();
        Some(Self(faults))
    }

    /// Returns one fault alone.
    #[must_use]
    pub fn one(fault: Fault) -> Self {
        Self(vec![fault])
    }

    /// Returns `value` where there are no faults.
    ///
    /// # Errors
    /// All of `faults`, where there are any.
    pub fn none_or<T>(faults: Vec<Fault>, value: T) -> Result<T, Self> {
        Self::from_vec(faults).map_or(Ok(value), Err)
    }

    /// Returns the faults in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }

    /// Returns how many faults there are; never 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns in how many files they stand.
    #[must_use]
    pub fn n_files(&self) -> usize {
        // A flag of the command line and a row that is on record already stand in no file.
        let is_file = |place: &&str| !place.starts_with("--") && !place.ends_with(", on record");
        let places = self.0.iter().map(|fault| fault.location.file.as_str());
        let mut files: Vec<&str> = places.filter(is_file).collect();
        files.sort_unstable();
        files.dedup();
        files.len()
    }
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for fault in &self.0 {
            writeln!(
                f,
                "{}: {:?}: expected {}",
                fault.location, fault.value, fault.expected
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
