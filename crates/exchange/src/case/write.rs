//! Writes a folder: the same rows give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use counterpart_model::record::GeoFile;
use counterpart_model::{Row, TableId};

use super::CaseFolder;
use crate::datapackage;
use crate::error::WriteError;

/// Returns the header of a table for these rows: every column that a header has, optional columns that some row fills, then the
/// case's own columns by name.
#[must_use]
pub fn header(table: TableId, rows: &[Row]) -> Vec<String> {
    let own: BTreeSet<&String> = rows.iter().flat_map(|row| row.extra.keys()).collect();
    table
        .columns()
        .iter()
        .enumerate()
        .filter(|(index, column)| column.in_header || rows.iter().any(|row| row.value_at(*index).is_some()))
        .map(|(_, column)| column.name.to_owned())
        .chain(own.into_iter().cloned())
        .collect()
}

/// Writes a case folder: `case.toml`, a CSV file for each table that has rows, `geo/`.
///
/// Rows are written in the order given, which is that of their keys where they come from
/// [`read`](super::read); what is written reads back as the same rows. Observations go into one file.
///
/// # Errors
/// [`WriteError::Exists`] where `dir` holds a file that would be written over; [`WriteError::Io`] where the disk fails.
pub fn write(
    dir: &Path,
    case_toml: &str,
    tables: &BTreeMap<TableId, Vec<Row>>,
    geo: &[GeoFile],
) -> Result<(), WriteError> {
    std::fs::create_dir_all(dir).map_err(WriteError::io(dir))?;
    write_new(&dir.join("case.toml"), case_toml.as_bytes())?;
    for (table, rows) in tables.iter().filter(|(_, rows)| !rows.is_empty()) {
        write_new(&dir.join(format!("{table}.csv")), &to_csv(*table, rows))?;
    }
    if !geo.is_empty() {
        let folder = dir.join("geo");
        std::fs::create_dir_all(&folder).map_err(WriteError::io(&folder))?;
        for file in geo {
            write_new(&folder.join(&file.name), file.text.as_bytes())?;
        }
    }
    Ok(())
}

/// Writes a case folder with its `datapackage.json`; the same rows give the same bytes, whatever the folder is called.
///
/// # Errors
/// Those of [`write()`].
pub fn export(folder: &CaseFolder, dir: &Path) -> Result<(), WriteError> {
    write(dir, &folder.case_toml, &folder.tables, &folder.geo)?;
    let words: Vec<String> = folder
        .case
        .title
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let name = if words.is_empty() {
        "case".to_owned()
    } else {
        words.join("-")
    };
    let description = datapackage::describe(folder, &name, None);
    write_new(
        &dir.join("datapackage.json"),
        datapackage::to_text(&description).as_bytes(),
    )
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    use std::io::Write;

    let mut file = match std::fs::File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(WriteError::Exists {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(WriteError::io(path)(error)),
    };
    file.write_all(bytes).map_err(WriteError::io(path))
}

/// Returns rows of one table as CSV with `\n` at the ends of lines.
fn to_csv(table: TableId, rows: &[Row]) -> Vec<u8> {
    let header = header(table, rows);
    let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory does not fail, and every record has the header's width.
    let mut ok = writer.write_record(&header).is_ok();
    for row in rows {
        let cells = header.iter().map(|heading| match table.column_index(heading) {
            Some(index) => row.value_at(index).map(ToString::to_string).unwrap_or_default(),
            None => row.extra.get(heading).cloned().unwrap_or_default(),
        });
        ok &= writer.write_record(cells).is_ok();
    }
    debug_assert!(ok, "records of one width");
    writer.into_inner().unwrap_or_default()
}
