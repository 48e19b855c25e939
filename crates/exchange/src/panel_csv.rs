//! A panel as one CSV file: the columns that an estimator asks for, by name, every fault at once.
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

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use counterpart_model::{Fault, FaultCode, Location};
use sha2::{Digest, Sha256};

use crate::csv::Records;
use crate::decode::{Nature, read_bytes, to_text};
use crate::error::ReadError;
use crate::hint::did_you_mean;
use crate::table_file::broken_record;

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
    /// What is wrong; rows that a fault stands in are not among [`Self::lines`].
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

/// Reads the wanted columns of a CSV file.
///
/// # Errors
/// [`ReadError::Io`] where the disk fails; what is wrong with the file is in [`PanelTable::faults`].
pub fn read(path: &Path, wanted: &[Wanted<'_>]) -> Result<PanelTable, ReadError> {
    let file = path.display().to_string();
    let bytes = read_bytes(path, &file, Nature::Panel).map_err(ReadError::io(path))?;
    Ok(match bytes {
        Ok(bytes) => from_bytes(&file, bytes, wanted),
        Err(fault) => unread(&file, String::new(), *fault),
    })
}

/// Reads the wanted columns of the bytes of a CSV file of that name.
#[must_use]
pub fn from_bytes(file: &str, bytes: Vec<u8>, wanted: &[Wanted<'_>]) -> PanelTable {
    let sha256 = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if bytes.starts_with(b"PAR1") {
        let fault = Fault::new(
            Location::file(file),
            FaultCode::NotCsv,
            "Parquet",
            "a CSV file: Parquet is not yet read",
        )
        .hint("write the columns that are needed as CSV");
        return unread(file, sha256, fault);
    }
    match to_text(file, bytes) {
        Ok(text) => from_text(file, sha256, &text, wanted),
        Err(fault) => unread(file, sha256, *fault),
    }
}

fn unread(file: &str, sha256: String, fault: Fault) -> PanelTable {
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

fn from_text(file: &str, sha256: String, text: &str, wanted: &[Wanted<'_>]) -> PanelTable {
    let mut records = Records::new(text);
    let mut fields: Vec<Cow<'_, str>> = Vec::new();
    let empty = |met: &str| {
        Fault::new(
            Location::file(file),
            FaultCode::EmptyTable,
            "",
            "a header and at least one row",
        )
        .hint(met.to_owned())
    };
    match records.next(&mut fields) {
        Some(Ok(_)) => {}
        Some(Err(broken)) => return unread(file, sha256, broken_record(file, broken)),
        None => return unread(file, sha256, empty("the file holds nothing")),
    }
    let headings: Vec<String> = fields.iter().map(|field| field.trim().to_owned()).collect();
    if let Some(fault) = separator(file, &headings, text) {
        return unread(file, sha256, fault);
    }
    let mut table = unread(file, sha256, empty("the file holds a header only"));
    table.faults.clear();
    let places: Vec<Option<usize>> = wanted
        .iter()
        .map(|column| find(file, &headings, column, &mut table.faults))
        .collect();
    table.headings = headings;
    table.columns = wanted
        .iter()
        .zip(&places)
        .map(|(column, place)| place.map(|_| none_of(column.kind)))
        .collect();
    let mut spellings: Vec<Spellings> = wanted.iter().map(|_| Spellings::default()).collect();
    while let Some(record) = records.next(&mut fields) {
        table.n_rows += 1;
        let line = match record {
            Ok(line) => line,
            Err(broken) => {
                table.faults.push(broken_record(file, broken));
                continue;
            }
        };
        if fields.len() != table.headings.len() {
            table
                .faults
                .push(ragged(file, line, fields.len(), table.headings.len()));
            continue;
        }
        let mut cells: Vec<Option<Cell<'_>>> = Vec::with_capacity(wanted.len());
        let mut whole = true;
        for ((column, place), spelt) in wanted.iter().zip(&places).zip(&mut spellings) {
            let Some(field) = place.and_then(|place| fields.get(place).map(|field| (place, field))) else {
                cells.push(None);
                continue;
            };
            let (place, field) = field;
            let read = cell(column.kind, field.trim()).and_then(|cell| spelt.check(column.kind, cell));
            match read {
                Ok(cell) => cells.push(Some(cell)),
                Err((code, expected, hint)) => {
                    whole = false;
                    let at = Location::cell(file, line, place as u64 + 1, column.heading);
                    let fault = Fault::new(at, code, field, expected);
                    table.faults.push(match hint {
                        Some(hint) => fault.hint(hint),
                        None => fault,
                    });
                    cells.push(None);
                }
            }
        }
        if whole {
            table.lines.push(line);
            for (values, cell) in table.columns.iter_mut().zip(&cells) {
                push(values.as_mut(), cell.as_ref());
            }
        }
    }
    if table.n_rows == 0 {
        table.faults.push(empty("the file holds a header only"));
    }
    table
}

/// One cell, read.
#[derive(Debug, Clone, Copy)]
enum Cell<'a> {
    Label(&'a str),
    Number(Option<f64>),
    Period(i64),
    Flag(bool),
}

/// What is wrong with a cell: kind, expectation, hint.
type Wrong = (FaultCode, String, Option<String>);

fn none_of(kind: Kind) -> Values {
    match kind {
        Kind::Label => Values::Labels(Vec::new()),
        Kind::Number | Kind::FullNumber => Values::Numbers(Vec::new()),
        Kind::Period => Values::Periods(Vec::new()),
        Kind::Flag => Values::Flags(Vec::new()),
    }
}

fn push(values: Option<&mut Values>, cell: Option<&Cell<'_>>) {
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

fn cell(kind: Kind, text: &str) -> Result<Cell<'_>, Wrong> {
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
fn whole(text: &str) -> Option<i64> {
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
struct Spellings(BTreeMap<String, String>);

impl Spellings {
    fn check<'a>(&mut self, kind: Kind, cell: Cell<'a>) -> Result<Cell<'a>, Wrong> {
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

fn ragged(file: &str, line: u64, met: usize, n_headings: usize) -> Fault {
    Fault::new(
        Location::line(file, line),
        FaultCode::NotCsv,
        &format!("{met} cells"),
        format!("{n_headings} cells, as many as the header has"),
    )
    .hint("quote a cell that holds a comma")
}

fn separator(file: &str, headings: &[String], text: &str) -> Option<Fault> {
    let [only] = headings else { return None };
    if !text.contains('\n') && only.contains('\r') {
        let fault = Fault::new(
            Location::line(file, 1),
            FaultCode::NotCsv,
            "\\r",
            "lines that end in \\n or \\r\\n",
        );
        return Some(fault.hint("save the file with Unix or Windows line ends"));
    }
    let separator = [';', '\t', '|'].into_iter().find(|mark| only.contains(*mark))?;
    Some(
        Fault::new(
            Location::line(file, 1),
            FaultCode::NotCsv,
            only,
            "headings separated by commas",
        )
        .hint(format!("save the file with , instead of {separator:?}")),
    )
}

/// Returns where a wanted column stands; one that is not there, or twice, is a fault.
fn find(file: &str, headings: &[String], wanted: &Wanted<'_>, faults: &mut Vec<Fault>) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use super::{Kind, Values, Wanted, from_bytes};

    fn wanted<'a>(heading: &'a str, role: &'a str, kind: Kind) -> Wanted<'a> {
        Wanted { heading, role, kind }
    }

    #[test]
    fn words_for_nothing_are_read_by_one_rule() {
        let text = "\u{feff}u,t,y\r\na,2004,NA\r\nb,2004.0, nan \r\nNA,\"2004\",.\r\nd,2004,-1.5e1\r\ne,2004,inf\r\n";
        let columns = [
            wanted("u", "--unit", Kind::Label),
            wanted("t", "--time", Kind::Period),
            wanted("y", "--outcome", Kind::Number),
        ];
        let table = from_bytes("p.csv", text.as_bytes().to_vec(), &columns);
        assert_eq!(table.faults, []);
        assert_eq!(table.lines, [2, 3, 4, 5, 6]);
        let labels = ["a", "b", "NA", "d", "e"].map(str::to_owned).to_vec();
        let numbers = vec![None, None, None, Some(-15.0), Some(f64::INFINITY)];
        assert_eq!(
            table.columns,
            [
                Some(Values::Labels(labels)),
                Some(Values::Periods(vec![2004; 5])),
                Some(Values::Numbers(numbers))
            ]
        );
    }

    #[test]
    fn every_fault_is_listed_with_its_place_and_what_to_do() {
        let text = "unit,year,y,w\nA 1,2004-01-01,\"1,5\",1\na 1,2004\n,x,3%,\na  1,2005,2,1\nA 1,2005,2,1\n";
        let columns = [
            wanted("unit", "--unit", Kind::Label),
            wanted("year", "--time", Kind::Period),
            wanted("y", "--outcome", Kind::Number),
            wanted("w", "--weights", Kind::FullNumber),
            wanted("yaer", "--cluster", Kind::Label),
        ];
        let table = from_bytes("p.csv", text.as_bytes().to_vec(), &columns);
        let told: Vec<String> = table
            .faults
            .iter()
            .map(|fault| {
                let hint = fault.hint.as_deref().unwrap_or("-");
                format!("{} {:?}: {}; {hint}", fault.location, fault.value, fault.expected)
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        p.csv:1 "": the column yaer of --cluster; did you mean year?
        p.csv:2:2 "2004-01-01": a whole number, such as 2004; write the year, or number the periods 1, 2, 3
        p.csv:2:3 "1,5": a decimal with a point, or an empty cell; write a decimal point, and no separator of thousands
        p.csv:3 "2 cells": 4 cells, as many as the header has; quote a cell that holds a comma
        p.csv:4:1 "": a name; -
        p.csv:4:2 "x": a whole number, such as 2004; periods are whole numbers one step apart, such as years
        p.csv:4:3 "3%": a decimal with a point, or an empty cell; write the number without %
        p.csv:4:4 "": a number, 0 where there is none; -
        p.csv:5:1 "a  1": one spelling of a name: A 1 as in the rows before; names are compared letter by letter; make the two alike, or unlike beyond doubt
        "#);
        assert_eq!(table.lines, [6]);
        assert_eq!(table.n_rows, 5);
    }

    #[test]
    fn what_is_no_csv_is_one_fault() {
        for bytes in [
            &b"PAR1xxxx"[..],
            b"",
            b"a;b\n1;2\n",
            b"u\n",
            b"\xFF\xFEu\0,\0t\0\n\0",
        ] {
            let table = from_bytes("p", bytes.to_vec(), &[wanted("u", "--unit", Kind::Label)]);
            assert_eq!(table.faults.len(), 1, "{bytes:?} {:?}", table.faults);
        }
    }
}
