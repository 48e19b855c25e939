//! One CSV file of a table: header, then rows, each cell read as its column's kind.

use std::borrow::Cow;
use std::collections::BTreeMap;

use counterpart_model::table::Column;
use counterpart_model::{Fault, FaultCode, Location, Row, TableId};

use crate::cell;
use crate::csv::{Breach, BrokenRecord, Records};
use crate::decode::unclosed_quote;
use crate::error::{MOST_FAULTS, rest_of};
use crate::hint::did_you_mean;
use crate::refuse::refused;

/// A CSV file of a case folder and its header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableFile {
    /// Path inside the folder, with `/`.
    pub path: String,
    /// The table it holds rows of.
    pub table: TableId,
    /// Headings as they stand in the file.
    pub headings: Vec<String>,
}

impl TableFile {
    /// Returns the place of a cell: column of the file where the heading is there, else the line alone.
    pub(crate) fn location(&self, line: u32, heading: &str) -> Location {
        let column = self.headings.iter().position(|met| met == heading);
        Location {
            file: self.path.clone(),
            line: line.into(),
            column: column.map_or(0, |index| index as u64 + 1),
            heading: Some(heading.to_owned()),
        }
    }

    /// Whether the header has a column.
    pub(crate) fn has(&self, heading: &str) -> bool {
        self.headings.iter().any(|met| met == heading)
    }
}

/// A row and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct PlacedRow {
    /// Which file, as an index into the list of files.
    pub(crate) file: u32,
    pub(crate) line: u32,
    /// Columns of the table whose cell could not be read: bit `i` for column `i`.
    pub(crate) unread: u64,
    pub(crate) row: Row,
}

impl PlacedRow {
    /// Whether any of these columns holds a cell that could not be read.
    pub(crate) fn is_unread(&self, headings: &[&str]) -> bool {
        self.unread != 0
            && headings.iter().any(|heading| {
                self.row
                    .table
                    .column_index(heading)
                    .is_some_and(|index| self.unread >> index & 1 == 1)
            })
    }
}

/// What was read of a file.
pub(crate) struct ReadTable {
    pub(crate) file: TableFile,
    pub(crate) rows: Vec<PlacedRow>,
    pub(crate) faults: Vec<Fault>,
    /// Whether a row is missing whose key another table may point at.
    pub(crate) incomplete: bool,
}

impl ReadTable {
    /// A file of which nothing could be read.
    pub(crate) fn unreadable(path: &str, table: TableId, fault: Fault) -> Self {
        Self {
            file: TableFile {
                path: path.to_owned(),
                table,
                headings: Vec::new(),
            },
            rows: Vec::new(),
            faults: vec![fault],
            incomplete: true,
        }
    }
}

/// What becomes of a cell of the file.
enum Slot<'a> {
    /// A column of the schema.
    Known(usize, &'static Column),
    /// A column of the case's own.
    Extra(&'a str),
    /// Nothing: the heading was a fault.
    Nothing,
}

/// Reads the text of one file.
pub(crate) fn read(path: &str, table: TableId, file_index: u32, text: &str) -> ReadTable {
    let mut read = ReadTable {
        file: TableFile {
            path: path.to_owned(),
            table,
            headings: Vec::new(),
        },
        rows: Vec::new(),
        faults: Vec::new(),
        incomplete: false,
    };
    let mut records = Records::new(text);
    let mut fields: Vec<Cow<'_, str>> = Vec::new();
    match records.next(&mut fields) {
        Some(Ok(_)) => {}
        Some(Err(broken)) => {
            read.faults.push(broken_record(path, broken));
            read.incomplete = true;
            return read;
        }
        None => {
            read.faults
                .push(empty_table(path, table, "the file holds no header"));
            read.incomplete = true;
            return read;
        }
    }
    let headings: Vec<String> = fields.iter().map(|field| field.to_string()).collect();
    read.file.headings.clone_from(&headings);
    if let Some(fault) = wrong_separator(path, table, &headings, text) {
        read.faults.push(fault);
        read.incomplete = true;
        return read;
    }
    let slots = header(path, table, &headings, &mut read.faults);
    let n_header_faults = read.faults.len();
    let absent = absent_columns(table, &slots);

    let mut n_rows = 0;
    let mut n_faults = 0;
    let mut row_faults = Vec::new();
    while let Some(record) = records.next(&mut fields) {
        n_rows += 1;
        match record {
            Err(broken) => {
                row_faults.push(broken_record(path, broken));
                read.incomplete = true;
            }
            Ok(line) if fields.len() != headings.len() => {
                row_faults.push(wrong_width(path, line, &fields, headings.len()));
                read.incomplete = true;
            }
            Ok(line) => {
                read.rows.push(read_row(
                    &read.file,
                    file_index,
                    line,
                    (&slots, absent),
                    &fields,
                    &mut row_faults,
                ));
            }
        }
        n_faults += row_faults.len();
        if n_faults <= MOST_FAULTS {
            read.faults.append(&mut row_faults);
        } else {
            row_faults.clear();
        }
    }
    if n_faults > MOST_FAULTS {
        read.faults.push(rest_of(path));
    }
    read.incomplete |= n_rows == 0;
    if n_rows == 0 && n_header_faults == 0 {
        read.faults
            .push(empty_table(path, table, "the file holds a header only"));
    }
    read
}

/// Reads rows that come cell by cell: each with the number that stands for its line, as many cells as there are headings.
pub(crate) fn read_cells(
    path: &str,
    table: TableId,
    file_index: u32,
    headings: Vec<String>,
    rows: &[(u64, Vec<String>)],
) -> ReadTable {
    let mut read = ReadTable {
        file: TableFile {
            path: path.to_owned(),
            table,
            headings: headings.clone(),
        },
        rows: Vec::new(),
        faults: Vec::new(),
        incomplete: false,
    };
    let slots = header(path, table, &headings, &mut read.faults);
    let absent = absent_columns(table, &slots);
    for (line, cells) in rows {
        let fields: Vec<Cow<'_, str>> = cells.iter().map(|cell| Cow::Borrowed(cell.as_str())).collect();
        let row = read_row(
            &read.file,
            file_index,
            *line,
            (&slots, absent),
            &fields,
            &mut read.faults,
        );
        read.rows.push(row);
    }
    read
}

fn empty_table(path: &str, table: TableId, met: &str) -> Fault {
    let hint = if TableId::ALWAYS.contains(&table) {
        format!("every case has rows in {table}.csv")
    } else {
        "leave the file out where there is nothing to say".to_owned()
    };
    Fault::new(
        Location::file(path),
        FaultCode::EmptyTable,
        "",
        "a header and at least one row",
    )
    .hint(format!("{met}; {hint}"))
}

/// Returns the fault of a record that cannot be read.
pub(crate) fn broken_record(path: &str, broken: BrokenRecord) -> Fault {
    match broken.breach {
        Breach::UnclosedQuote => unclosed_quote(path, broken.line, broken.column),
        Breach::TextAfterQuote => Fault::new(
            Location {
                column: broken.column,
                ..Location::line(path, broken.line)
            },
            FaultCode::NotCsv,
            "\"",
            "a comma or the end of the line after a closing quote",
        )
        .hint("a quote inside a quoted field is written twice"),
    }
}

fn wrong_width(path: &str, line: u64, fields: &[Cow<'_, str>], n_headings: usize) -> Fault {
    Fault::new(
        Location::line(path, line),
        FaultCode::NotCsv,
        &format!("{} cells", fields.len()),
        format!("{n_headings} cells, as many as the header has"),
    )
    .hint("quote a cell that holds a comma")
}

/// Tells a file with another separator from one with missing columns.
fn wrong_separator(path: &str, table: TableId, headings: &[String], text: &str) -> Option<Fault> {
    if !text.contains('\n') && headings.iter().any(|heading| heading.contains('\r')) {
        return Some(
            Fault::new(
                Location::line(path, 1),
                FaultCode::NotCsv,
                "\\r",
                "lines that end in \\n or \\r\\n",
            )
            .hint("save the file with Unix or Windows line ends"),
        );
    }
    let [only] = headings else { return None };
    let separator = [';', '\t', '|', '，'].into_iter().find(|separator| {
        only.split(*separator)
            .filter(|part| table.column_index(part.trim().trim_matches('"')).is_some())
            .count()
            > 1
    })?;
    Some(
        Fault::new(
            Location::line(path, 1),
            FaultCode::NotCsv,
            only,
            "headings separated by commas",
        )
        .hint(format!("save the file with , instead of {separator:?}")),
    )
}

/// Checks the header and says what becomes of each column.
fn header<'a>(path: &str, table: TableId, headings: &'a [String], faults: &mut Vec<Fault>) -> Vec<Slot<'a>> {
    let mut slots = Vec::with_capacity(headings.len());
    for (index, heading) in headings.iter().enumerate() {
        let location = Location::cell(path, 1, index as u64 + 1, heading.as_str());
        let twice = headings.iter().take(index).any(|before| before == heading);
        let known = table
            .column_index(heading)
            .and_then(|at| table.columns().get(at).map(|column| Slot::Known(at, column)));
        slots.push(
            if let Some(fault) = refused_heading(&location, Some(table), heading) {
                faults.push(fault);
                Slot::Nothing
            } else if twice {
                faults.push(Fault::new(
                    location,
                    FaultCode::DuplicateColumn,
                    heading,
                    "each heading once",
                ));
                Slot::Nothing
            } else if let Some(slot) = known {
                slot
            } else if heading.len() > 2 && heading.starts_with("x_") {
                match cell::check_text(heading) {
                    Ok(()) => Slot::Extra(heading),
                    Err(fault) => {
                        faults.push(Fault::new(location, fault.code, heading, fault.expected));
                        Slot::Nothing
                    }
                }
            } else {
                let missing = table
                    .columns()
                    .iter()
                    .map(|column| column.name)
                    .filter(|name| !headings.iter().any(|met| met == name));
                let hint = did_you_mean(heading, missing).unwrap_or_else(|| {
                    "a column of your own begins with x_: it is kept and shown".to_owned()
                });
                faults.push(
                    Fault::new(
                        location,
                        FaultCode::UnknownColumn,
                        heading,
                        format!("a column of {table}, or one that begins with x_"),
                    )
                    .hint(hint),
                );
                Slot::Nothing
            },
        );
    }
    for column in table.columns() {
        if column.in_header && !headings.iter().any(|met| met == column.name) {
            faults.push(
                Fault::new(
                    Location {
                        heading: Some(column.name.to_owned()),
                        ..Location::line(path, 1)
                    },
                    FaultCode::MissingColumn,
                    "",
                    format!("the column {}", column.name),
                )
                .hint(column.about),
            );
        }
    }
    slots
}

/// Returns the fault of a heading about a private person.
pub(crate) fn refused_heading(location: &Location, table: Option<TableId>, heading: &str) -> Option<Fault> {
    let about = refused(table, heading)?;
    Some(
        Fault::new(
            location.clone(),
            FaultCode::RefusedColumn,
            heading,
            format!(
                "no column about persons or their traits; this would hold {}",
                about.reason()
            ),
        )
        .hint("counts by origin, sector and period only; see docs/case-folder.md#refused"),
    )
}

/// Returns the columns that a header should have and has not, as bits: their cells were not read either.
fn absent_columns(table: TableId, slots: &[Slot<'_>]) -> u64 {
    let mut absent = 0;
    for (index, column) in table.columns().iter().enumerate() {
        let there = slots
            .iter()
            .any(|slot| matches!(slot, Slot::Known(at, _) if *at == index));
        if column.in_header && !there {
            absent |= 1 << index;
        }
    }
    absent
}

fn read_row(
    table_file: &TableFile,
    file: u32,
    line: u64,
    (slots, absent): (&[Slot<'_>], u64),
    fields: &[Cow<'_, str>],
    faults: &mut Vec<Fault>,
) -> PlacedRow {
    let (path, table) = (table_file.path.as_str(), table_file.table);
    let mut values = Vec::new();
    values.resize_with(table.columns().len(), || None);
    let mut extra = BTreeMap::new();
    let mut unread = absent;
    for (index, (slot, field)) in slots.iter().zip(fields).enumerate() {
        let at = || Location::cell(path, line, index as u64 + 1, "");
        match slot {
            Slot::Known(position, column) if field.is_empty() => {
                if column.filled {
                    let mut location = at();
                    location.heading = Some(column.name.to_owned());
                    faults.push(
                        Fault::new(
                            location,
                            FaultCode::MissingValue,
                            "",
                            format!("a value: {}", column.kind.in_words()),
                        )
                        .hint(column.about),
                    );
                    unread |= 1 << position;
                }
            }
            Slot::Known(position, column) => match cell::read(column.kind, field) {
                Ok(value) => {
                    if let Some(slot) = values.get_mut(*position) {
                        *slot = Some(value);
                    }
                }
                Err(fault) => {
                    unread |= 1 << position;
                    faults.push(cell_fault(at(), column.name, field, fault));
                }
            },
            Slot::Extra(heading) if !field.is_empty() => match cell::check_text(field) {
                Ok(()) => {
                    extra.insert((*heading).to_owned(), field.to_string());
                }
                Err(fault) => faults.push(cell_fault(at(), heading, field, fault)),
            },
            Slot::Extra(_) | Slot::Nothing => {}
        }
    }
    PlacedRow {
        file,
        line: u32::try_from(line).unwrap_or(u32::MAX),
        unread,
        row: Row { table, values, extra },
    }
}

fn cell_fault(mut location: Location, heading: &str, field: &str, fault: cell::CellFault) -> Fault {
    location.heading = Some(heading.to_owned());
    let made = Fault::new(location, fault.code, field, fault.expected);
    match fault.hint {
        Some(hint) => made.hint(hint),
        None => made,
    }
}
