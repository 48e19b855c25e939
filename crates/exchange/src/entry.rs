//! Rows to be put on record beside those that are there: from flags, from one CSV file, from a TOML file.
//!
//! A draft goes through what a folder goes through: headings, cells, keys, references, sums and chains, with everything on
//! record beside it. Only what the draft brings is its fault; what a record was at fault with before stays as it was.
//!
//! ```
//! use counterpart_exchange::entry::{Draft, OnRecord, check};
//! use counterpart_model::TableId;
//!
//! let draft = Draft::from_cells(TableId::Speakers, &[("speaker_id".into(), "SP1".into())]);
//! let (_, faults) = check(&draft, &OnRecord::default(), &[]);
//! assert!(faults.unwrap().as_slice().iter().any(|fault| fault.location.to_string() == "--locator"));
//! ```

mod toml_file;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use counterpart_model::record::GeoFile;
use counterpart_model::{Fault, FaultCode, Faults, Location, Row, TableId};

use crate::case::CaseFolder;
use crate::check::{self, Tables};
use crate::decode::{self, Nature};
use crate::error::ReadError;
use crate::table_file::{self, PlacedRow, ReadTable, TableFile};
use crate::{case_toml, geo};

/// Stands for the file of rows that came as flags.
const FLAGS: &str = "flags";

/// Rows that want to be on record, and what is wrong with them alone.
#[derive(Default)]
pub struct Draft {
    tables: Vec<DraftTable>,
    faults: Vec<Fault>,
}

/// Rows of one table in a draft.
struct DraftTable {
    read: ReadTable,
    origin: Origin,
}

/// Where the cells of a draft stand, beyond file and line.
enum Origin {
    /// In a CSV file, which its own locations name.
    Csv,
    /// On the command line.
    Flags,
    /// In a TOML file: line of the entry and heading to line and character.
    Toml(BTreeMap<(u64, String), (u64, u64)>),
}

/// Everything on record, against which a draft is checked.
#[derive(Debug, Clone, Default)]
pub struct OnRecord {
    /// Text of `case.toml`; empty where there is none.
    pub case_toml: String,
    /// Files of `geo/`.
    pub geo: Vec<GeoFile>,
    /// Rows by table.
    pub tables: BTreeMap<TableId, Vec<Row>>,
}

/// A row of a draft, and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The row.
    pub row: Row,
    /// The place of its key in the file or among the flags.
    pub at: Location,
    /// Whether every cell of it could be read.
    pub is_read: bool,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("rows", &self.n_rows())
            .finish_non_exhaustive()
    }
}

impl Draft {
    /// Returns one row of a table out of headings and cells; an empty cell is none.
    #[must_use]
    pub fn from_cells(table: TableId, cells: &[(String, String)]) -> Self {
        let mut headings: Vec<String> = cells.iter().map(|(heading, _)| heading.clone()).collect();
        let mut row: Vec<String> = cells.iter().map(|(_, cell)| cell.clone()).collect();
        complete(table, &mut headings, &mut row);
        let read = table_file::read_cells(FLAGS, table, 0, headings, &[(1, row)]);
        Self {
            tables: vec![DraftTable {
                read,
                origin: Origin::Flags,
            }],
            faults: Vec::new(),
        }
    }

    /// Reads one CSV file of a table: its header is the table's, as in a folder.
    ///
    /// # Errors
    /// [`ReadError::Io`] where the disk fails; what is wrong with the file comes out of [`check`].
    pub fn from_csv(path: &Path, table: TableId) -> Result<Self, ReadError> {
        let name = path.display().to_string();
        let read = match decode::read_text(path, &name, Nature::Table).map_err(ReadError::io(path))? {
            Ok(text) => table_file::read(&name, table, 0, &text),
            Err(fault) => ReadTable::unreadable(&name, table, *fault),
        };
        Ok(Self {
            tables: vec![DraftTable {
                read,
                origin: Origin::Csv,
            }],
            faults: Vec::new(),
        })
    }

    /// Reads a TOML file: an array of tables for each table of the case (`[[transactions]]`), a key for each column.
    ///
    /// `only` is the one table that it may hold rows of.
    ///
    /// # Errors
    /// [`ReadError::Io`] where the disk fails; what is wrong with the file comes out of [`check`].
    pub fn from_toml(path: &Path, only: Option<TableId>) -> Result<Self, ReadError> {
        let name = path.display().to_string();
        match decode::read_text(path, &name, Nature::Table).map_err(ReadError::io(path))? {
            Ok(text) => Ok(toml_file::read(&name, &text, only)),
            Err(fault) => Ok(Self {
                tables: Vec::new(),
                faults: vec![*fault],
            }),
        }
    }

    /// Returns how many rows it has.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.tables.iter().map(|table| table.read.rows.len()).sum()
    }
}

/// Adds an empty cell for each column that a header has and that was not given.
fn complete(table: TableId, headings: &mut Vec<String>, row: &mut Vec<String>) {
    for column in table.columns().iter().filter(|column| column.in_header) {
        if !headings.iter().any(|heading| heading == column.name) {
            headings.push(column.name.to_owned());
            row.push(String::new());
        }
    }
}

/// Returns the rows of a draft and every fault that it has or would bring about, after everything that would then be on
/// record was checked as a folder is; faults of rows on record name them.
///
/// A row whose key is on record stands in place of that one; the rows of `without` are taken away.
#[must_use]
pub fn check(
    draft: &Draft,
    on_record: &OnRecord,
    without: &[(TableId, String)],
) -> (Vec<Entered>, Option<Faults>) {
    let mut faults: Vec<Fault> = draft
        .tables
        .iter()
        .flat_map(|table| &table.read.faults)
        .cloned()
        .collect();
    let after = gathered(on_record, &draft.tables, without);
    let mut brought = between(&after, on_record);
    let is_old = |fault: &Fault| {
        let file = &fault.location.file;
        file.ends_with(ON_RECORD) || file == case_toml::FILE || file.starts_with("geo/")
    };
    if brought.iter().any(is_old) {
        let known = between(&gathered(on_record, &[], &[]), on_record);
        brought.retain(|fault| !known.contains(fault));
    }
    faults.extend(brought);
    for fault in &mut faults {
        locate(fault, &draft.tables);
    }
    faults.extend(draft.faults.iter().cloned());
    (entered(&draft.tables), Faults::from_vec(faults))
}

/// Returns every fault that the rows of a sound folder would bring about beside the rows on record that it does not replace.
///
/// Rows recorded since are in no folder and stay; what holds in the folder alone need not hold with them. Faults name the
/// row they stand in: its line is not known here.
#[must_use]
pub fn check_folder(folder: &CaseFolder, on_record: &OnRecord) -> Option<Faults> {
    if !holds_more(on_record, folder) {
        return None;
    }
    let drafts: Vec<DraftTable> = folder
        .tables
        .iter()
        .map(|(table, rows)| DraftTable {
            read: ReadTable {
                file: TableFile {
                    path: format!("{table}{IN_FOLDER}"),
                    table: *table,
                    headings: Vec::new(),
                },
                rows: (1_u32..)
                    .zip(rows)
                    .map(|(line, row)| PlacedRow {
                        file: 0,
                        line,
                        unread: 0,
                        row: row.clone(),
                    })
                    .collect(),
                faults: Vec::new(),
                incomplete: false,
            },
            origin: Origin::Csv,
        })
        .collect();
    let after = OnRecord {
        case_toml: folder.case_toml.clone(),
        geo: folder.geo.clone(),
        tables: on_record.tables.clone(),
    };
    let mut brought = between(&gathered(&after, &drafts, &[]), &after);
    if !brought.is_empty() {
        let known = between(&gathered(on_record, &[], &[]), on_record);
        brought.retain(|fault| !known.contains(fault));
    }
    for fault in &mut brought {
        let row = drafts
            .iter()
            .filter(|draft| draft.read.file.path == fault.location.file)
            .flat_map(|draft| &draft.read.rows)
            .find(|placed| u64::from(placed.line) == fault.location.line);
        if let Some(placed) = row {
            fault.location.file = format!("{} {}{IN_FOLDER}", placed.row.table, placed.row.key());
            fault.location.line = 0;
            fault.location.column = 0;
        }
    }
    Faults::from_vec(brought)
}

/// Whether a row is on record whose key the folder does not have.
fn holds_more(on_record: &OnRecord, folder: &CaseFolder) -> bool {
    on_record.tables.iter().any(|(table, rows)| {
        let keys: BTreeSet<String> = folder
            .tables
            .get(table)
            .map(|rows| rows.iter().map(Row::key).collect())
            .unwrap_or_default();
        rows.iter().any(|row| !keys.contains(&row.key()))
    })
}

/// Ends the name that a row of a folder has, where it is beside rows on record.
const IN_FOLDER: &str = ", in the folder";

/// Ends the name that a row on record has among the places of faults.
const ON_RECORD: &str = ", on record";

/// Puts the rows on record and those of a draft together; the first files stand for the tables on record.
fn gathered(on_record: &OnRecord, draft: &[DraftTable], without: &[(TableId, String)]) -> Tables {
    let mut tables = Tables {
        on_record: true,
        ..Tables::default()
    };
    let mut replaced: BTreeSet<(TableId, String)> = without.iter().cloned().collect();
    for table in draft {
        replaced.extend(
            table
                .read
                .rows
                .iter()
                .map(|placed| (placed.row.table, placed.row.key())),
        );
    }
    let touched: BTreeSet<TableId> = replaced.iter().map(|(table, _)| *table).collect();
    for (file, table) in (0_u32..).zip(TableId::ALL) {
        tables.files.push(TableFile {
            path: format!("{table}{ON_RECORD}"),
            table: *table,
            headings: Vec::new(),
        });
        let rows = on_record.tables.get(table).map(Vec::as_slice).unwrap_or_default();
        let stays = |row: &&Row| !touched.contains(table) || !replaced.contains(&(*table, row.key()));
        let placed: Vec<PlacedRow> = (1_u32..)
            .zip(rows.iter().filter(stays))
            .map(|(line, row)| PlacedRow {
                file,
                line,
                unread: 0,
                row: row.clone(),
            })
            .collect();
        if !placed.is_empty() {
            tables.rows.insert(*table, placed);
        }
    }
    for (file, table) in (tables.files.len()..).zip(draft) {
        let read = &table.read;
        if read.incomplete {
            tables.incomplete.insert(read.file.table);
        }
        tables.files.push(read.file.clone());
        let rows = tables.rows.entry(read.file.table).or_default();
        rows.extend(read.rows.iter().map(|placed| PlacedRow {
            file: u32::try_from(file).unwrap_or(u32::MAX),
            ..placed.clone()
        }));
    }
    for (table, rows) in &mut tables.rows {
        check::sort_by_key(*table, rows);
    }
    tables
}

/// Returns every fault between the rows, the questions and the shapes.
fn between(tables: &Tables, on_record: &OnRecord) -> Vec<Fault> {
    let keys = tables.keys();
    let mut faults = check::all(tables, &keys);
    for file in &on_record.geo {
        if let Ok(features) = geo::read(&format!("geo/{}", file.name), &file.text) {
            faults.extend(geo::check_places(&file.name, &features, &keys));
        }
    }
    if !on_record.case_toml.is_empty() {
        faults.extend(case_toml::read(&on_record.case_toml, Some(&keys)).1);
    }
    for table in TableId::ALWAYS {
        if tables.of(*table).is_empty() && !tables.incomplete.contains(table) {
            faults.push(
                Fault::new(
                    Location::file(format!("{table}{ON_RECORD}")),
                    FaultCode::MissingTable,
                    "",
                    format!("at least one row of {table}, which every case has"),
                )
                .hint(table.table().about),
            );
        }
    }
    for fault in &mut faults {
        name_row(fault, tables);
    }
    faults
}

/// Names the row on record that a fault stands in.
fn name_row(fault: &mut Fault, tables: &Tables) {
    let Some((index, file)) = tables
        .files
        .iter()
        .enumerate()
        .take(TableId::ALL.len())
        .find(|(_, file)| file.path == fault.location.file)
    else {
        return;
    };
    let row = tables
        .of(file.table)
        .iter()
        .find(|placed| placed.file as usize == index && u64::from(placed.line) == fault.location.line);
    if let Some(placed) = row {
        fault.location.file = format!("{} {}{ON_RECORD}", file.table, placed.row.key());
        fault.location.line = 0;
        fault.location.column = 0;
    }
}

/// Says a fault's place as whoever wrote the draft knows it: the flag, or line and character of the TOML file.
fn locate(fault: &mut Fault, tables: &[DraftTable]) {
    for table in tables {
        if table.read.file.path != fault.location.file {
            continue;
        }
        let heading = fault.location.heading.clone().unwrap_or_default();
        match &table.origin {
            Origin::Csv => {}
            Origin::Flags => {
                fault.location = flag(&heading);
                return;
            }
            Origin::Toml(places) => {
                let of_header = matches!(
                    fault.code,
                    FaultCode::UnknownColumn | FaultCode::RefusedColumn | FaultCode::DuplicateColumn
                );
                let place = if of_header {
                    places
                        .iter()
                        .find(|((_, name), _)| *name == heading)
                        .map(|(_, place)| *place)
                } else {
                    places.get(&(fault.location.line, heading)).copied()
                };
                if let Some((line, column)) = place {
                    fault.location.line = line;
                    fault.location.column = column;
                    return;
                }
                // An entry without the key: its own line is all there is.
                fault.location.column = 0;
            }
        }
    }
}

/// Returns the place of a column among the flags.
#[must_use]
pub fn flag(heading: &str) -> Location {
    Location {
        heading: Some(heading.to_owned()),
        ..Location::file(if heading.is_empty() {
            FLAGS.to_owned()
        } else if heading.starts_with("x_") {
            format!("--set {heading}=")
        } else {
            format!("--{}", heading.replace('_', "-"))
        })
    }
}

/// Returns the rows with the places of their keys.
fn entered(tables: &[DraftTable]) -> Vec<Entered> {
    let mut entered = Vec::new();
    for table in tables {
        let key = table.read.file.table.key().first().copied().unwrap_or_default();
        for placed in &table.read.rows {
            let at = match &table.origin {
                Origin::Csv => table.read.file.location(placed.line, key),
                Origin::Flags => flag(key),
                Origin::Toml(places) => {
                    let line = u64::from(placed.line);
                    let (line, column) = places.get(&(line, key.to_owned())).copied().unwrap_or((line, 0));
                    Location::cell(table.read.file.path.clone(), line, column, key)
                }
            };
            entered.push(Entered {
                row: placed.row.clone(),
                at,
                is_read: placed.unread == 0,
            });
        }
    }
    entered
}
