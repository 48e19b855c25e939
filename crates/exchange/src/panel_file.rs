//! A panel as one CSV or Parquet file: the columns that an estimator asks for, by name, every fault at once.
//!
//! # How cells are read
//! | column | read as | missing |
//! |---|---|---|
//! | labels (unit, cluster, assignment) | text without the blanks around it, never as a number: `8001` and `8001.0` are two spellings and a fault where both occur | empty |
//! | numbers | a decimal with a point, `inf` and `-inf` | empty, `.`, and `NA`, `N/A`, `NaN`, `null`, `None` in any case |
//! | periods | a whole number, `2004` or `2004.0`; a date is a fault, because only its author knows the step | as of numbers, and a fault |
//! | flags | `1`, `0`, `true`, `false`, `yes`, `no` in any case, `1.0`, `0.0` | as of numbers, and a fault |
//!
//! Nothing else is guessed: a decimal comma, a per cent sign or a thousands separator is a fault with its place.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use counterpart_model::{Fault, FaultCode, Location};

use crate::decode::{Nature, read_bytes};
use crate::error::ReadError;
use crate::hint::did_you_mean;
use crate::panel_csv::from_bytes;

/// How the cells of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Names: never empty.
    Label,
    /// Numbers, some of which may be missing.
    Number,
    /// Numbers, none of which may be missing.
    FullNumber,
    /// Whole numbers, none missing.
    Period,
    /// Yes or no, none missing.
    Flag,
}

/// A column that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Its heading.
    pub heading: &'a str,
    /// What it is wanted as, for messages: `--outcome`.
    pub role: &'a str,
    /// How its cells are read.
    pub kind: Kind,
}

/// The cells of a column, one an entry of [`PanelTable::lines`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Values {
    /// Names.
    Labels(Vec<String>),
    /// Numbers; `None` where one is missing.
    Numbers(Vec<Option<f64>>),
    /// Periods.
    Periods(Vec<i64>),
    /// Flags.
    Flags(Vec<bool>),
}

/// What was read of a panel.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PanelTable {
    /// The file as it was named.
    pub file: String,
    /// Digest of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Rows of the file, faulty ones among them.
    pub n_rows: usize,
    /// Headings of the file.
    pub headings: Vec<String>,
    /// Line of each row that could be read, in file order.
    pub lines: Vec<u64>,
    /// The columns wanted, in the order asked for; `None` where the file has none of that name.
    pub columns: Vec<Option<Values>>,
    /// What is wrong. Rows whose place in the panel cannot be read are not among [`Self::lines`]; a number that
    /// cannot be read has a stand-in, so that nothing else is said of its row.
    pub faults: Vec<Fault>,
}

impl PanelTable {
    /// Returns the place of a cell.
    #[must_use]
    pub fn location(&self, row: usize, heading: &str) -> Location {
        let column = self.headings.iter().position(|met| met == heading);
        Location {
            column: column.map_or(0, |index| index as u64 + 1),
            heading: Some(heading.to_owned()),
            ..Location::line(self.file.as_str(), self.lines.get(row).copied().unwrap_or(0))
        }
    }
}

/// Reads the wanted columns of a CSV file, or of a Parquet file: which it is, its first bytes say.
///
/// # Errors
/// [`ReadError::Io`] where the disk fails; what is wrong with the file is in [`PanelTable::faults`].
pub fn read(path: &Path, wanted: &[Wanted<'_>]) -> Result<PanelTable, ReadError> {
    let file = path.display().to_string();
    if is_parquet(path)? {
        return crate::panel_parquet::read(path, &file, wanted);
    }
    let bytes = read_bytes(path, &file, Nature::Panel).map_err(ReadError::io(path))?;
    Ok(match bytes {
        Ok(bytes) => from_bytes(&file, bytes, wanted),
        Err(fault) => unread(&file, String::new(), *fault),
    })
}

/// Returns whether a file begins as Parquet does.
///
/// # Errors
/// [`ReadError::Io`] where the disk fails.
pub fn is_parquet(path: &Path) -> Result<bool, ReadError> {
    const MAGIC: &[u8] = b"PAR1";
    let mut start = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start))
        .map_err(ReadError::io(path))?;
    Ok(start == MAGIC)
}

/// Returns the SHA-256 of a file in hexadecimal digits.
///
/// # Errors
/// [`ReadError::Io`] where the disk fails.
pub fn digest(path: &Path) -> Result<String, ReadError> {
    crate::panel_parquet::digest(path).map_err(ReadError::io(path))
}

/// Returns the place of a cell of a Parquet file, whose rows are counted from 0.
#[must_use]
pub fn row_location(file: &str, headings: &[String], row: usize, heading: &str) -> Location {
    let column = headings.iter().position(|met| met == heading);
    Location {
        column: column.map_or(0, |index| index as u64 + 1),
        heading: Some(heading.to_owned()),
        ..Location::line(file, row as u64 + 1)
    }
}

pub(crate) fn unread(file: &str, sha256: String, fault: Fault) -> PanelTable {
    PanelTable {
        file: file.to_owned(),
        sha256,
        n_rows: 0,
        headings: Vec::new(),
        lines: Vec::new(),
        columns: Vec::new(),
        faults: vec![fault],
    }
}

/// One cell, read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'a> {
    Label(&'a str),
    Number(Option<f64>),
    Period(i64),
    Flag(bool),
}

/// What is wrong with a cell: kind, expectation, hint.
pub(crate) type Wrong = (FaultCode, String, Option<String>);

pub(crate) fn none_of(kind: Kind) -> Values {
    match kind {
        Kind::Label => Values::Labels(Vec::new()),
        Kind::Number | Kind::FullNumber => Values::Numbers(Vec::new()),
        Kind::Period => Values::Periods(Vec::new()),
        Kind::Flag => Values::Flags(Vec::new()),
    }
}

pub(crate) fn push(values: Option<&mut Values>, cell: Option<&Cell<'_>>) {
    match (values, cell) {
        (Some(Values::Labels(list)), Some(Cell::Label(label))) => list.push((*label).to_owned()),
        (Some(Values::Numbers(list)), Some(Cell::Number(number))) => list.push(*number),
        (Some(Values::Periods(list)), Some(Cell::Period(period))) => list.push(*period),
        (Some(Values::Flags(list)), Some(Cell::Flag(flag))) => list.push(*flag),
        _ => {}
    }
}

/// Whether a cell stands for a missing number.
fn is_missing(text: &str) -> bool {
    const WORDS: [&str; 5] = ["na", "n/a", "nan", "null", "none"];
    text.is_empty() || text == "." || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

pub(crate) fn cell(kind: Kind, text: &str) -> Result<Cell<'_>, Wrong> {
    let missing = |expected: &str| (FaultCode::MissingValue, expected.to_owned(), None);
    match kind {
        Kind::Label if text.is_empty() => Err(missing("a name")),
        Kind::Label => Ok(Cell::Label(text)),
        Kind::Number if is_missing(text) => Ok(Cell::Number(None)),
        Kind::FullNumber if is_missing(text) => Err(missing("a number, 0 where there is none")),
        Kind::Number | Kind::FullNumber => match text.parse::<f64>() {
            // A number too large for a double is none that was meant.
            Ok(number) if number.is_finite() || text.to_ascii_lowercase().contains("inf") => {
                Ok(Cell::Number(Some(number)))
            }
            _ => Err((
                FaultCode::WrongType,
                "a decimal with a point, or an empty cell".to_owned(),
                number_hint(text),
            )),
        },
        Kind::Period if is_missing(text) => Err(missing("a whole number")),
        Kind::Period => whole(text).map(Cell::Period).ok_or_else(|| {
            let hint = if text.contains(['-', '/']) && text.len() > 5 {
                "write the year, or number the periods 1, 2, 3".to_owned()
            } else {
                "periods are whole numbers one step apart, such as years".to_owned()
            };
            (
                FaultCode::WrongType,
                "a whole number, such as 2004".to_owned(),
                Some(hint),
            )
        }),
        Kind::Flag if is_missing(text) => Err(missing("1 or 0")),
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            "1" | "1.0" | "true" | "yes" => Ok(Cell::Flag(true)),
            "0" | "0.0" | "false" | "no" => Ok(Cell::Flag(false)),
            _ => Err((
                FaultCode::WrongType,
                "1 or 0".to_owned(),
                Some("a first treated period goes with --first-treated, an amount with --dose".to_owned()),
            )),
        },
    }
}

/// Returns the whole number of a text such as `2004`, `2004.0` or `2.004e3`.
pub(crate) fn whole(text: &str) -> Option<i64> {
    /// Beyond 2⁵³ a double no longer holds every integer.
    const MOST: f64 = 9.0e15;
    if let Ok(period) = text.parse::<i64>() {
        return Some(period).filter(|period| period.unsigned_abs() < MOST as u64);
    }
    let number = text.parse::<f64>().ok()?;
    (number.fract() == 0.0 && number.abs() < MOST).then_some(number as i64)
}

fn number_hint(text: &str) -> Option<String> {
    if text.ends_with('%') {
        return Some("write the number without %".to_owned());
    }
    let plain = text.replace(['\u{2212}'], "-");
    if plain != text && plain.parse::<f64>().is_ok() {
        return Some(format!("write {plain} with the minus of the keyboard"));
    }
    if text.contains(',') {
        return Some("write a decimal point, and no separator of thousands".to_owned());
    }
    if text.contains(' ') || text.contains('_') {
        return Some("write the number without separators".to_owned());
    }
    Some("leave the cell empty where the value is unknown".to_owned())
}

/// The labels of a column by what they mean, to find one name that is spelt in two ways.
#[derive(Default)]
pub(crate) struct Spellings(BTreeMap<String, String>);

impl Spellings {
    pub(crate) fn check<'a>(&mut self, kind: Kind, cell: Cell<'a>) -> Result<Cell<'a>, Wrong> {
        let Cell::Label(label) = cell else { return Ok(cell) };
        if kind != Kind::Label {
            return Ok(cell);
        }
        let key = match whole(label) {
            Some(number) => number.to_string(),
            None => label
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase(),
        };
        match self.0.get(&key) {
            Some(first) if first == label => Ok(cell),
            Some(first) => Err((
                FaultCode::Inconsistent,
                format!("one spelling of a name: {first} as in the rows before"),
                Some(
                    "names are compared letter by letter; make the two alike, or unlike beyond doubt"
                        .to_owned(),
                ),
            )),
            None => {
                self.0.insert(key, label.to_owned());
                Ok(cell)
            }
        }
    }
}

/// Returns where a wanted column stands; one that is not there, or twice, is a fault.
pub(crate) fn find(
    file: &str,
    headings: &[String],
    wanted: &Wanted<'_>,
    faults: &mut Vec<Fault>,
) -> Option<usize> {
    let mut at = headings
        .iter()
        .enumerate()
        .filter(|(_, heading)| *heading == wanted.heading)
        .map(|(index, _)| index);
    let Some(place) = at.next() else {
        let hint = did_you_mean(wanted.heading, headings.iter().map(String::as_str))
            .unwrap_or_else(|| format!("the file has {}", headings.join(", ")));
        let at = Location {
            heading: Some(wanted.heading.to_owned()),
            ..Location::line(file, 1)
        };
        let expected = format!("the column {} of {}", wanted.heading, wanted.role);
        faults.push(Fault::new(at, FaultCode::MissingColumn, "", expected).hint(hint));
        return None;
    };
    if let Some(again) = at.next() {
        let at = Location::cell(file, 1, again as u64 + 1, wanted.heading);
        let expected = format!("a heading that occurs once; it is column {} too", place + 1);
        faults.push(Fault::new(
            at,
            FaultCode::DuplicateColumn,
            wanted.heading,
            expected,
        ));
    }
    Some(place)
}
