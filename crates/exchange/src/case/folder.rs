//! Reads a folder: its list of files, each file, then what holds between them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use counterpart_model::record::GeoFile;
use counterpart_model::{Fault, FaultCode, Faults, Location, Row, TableId};
use rayon::prelude::*;

use super::CaseFolder;
use crate::check::{self, Tables};
use crate::decode::{self, Nature};
use crate::error::{MOST_FAULTS, ReadError, rest_of};
use crate::hint::did_you_mean;
use crate::table_file::{self, PlacedRow, ReadTable};
use crate::{case_toml, datapackage, geo};

/// The files of a folder, by what they hold.
#[derive(Default)]
struct Listing {
    tables: Vec<(String, PathBuf, TableId)>,
    own_tables: Vec<(String, PathBuf)>,
    geo: Vec<(String, PathBuf)>,
    has_case_toml: bool,
    datapackage: Option<PathBuf>,
    all: BTreeSet<String>,
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

pub(super) fn read(path: &Path) -> Result<CaseFolder, ReadError> {
    if !path.is_dir() {
        return Err(ReadError::NotAFolder {
            path: path.to_owned(),
        });
    }
    let mut listing = list(path)?;
    let mut faults = std::mem::take(&mut listing.faults);
    let mut warnings = std::mem::take(&mut listing.warnings);

    let (tables, table_faults) = read_tables(&listing)?;
    faults.extend(table_faults);
    for (name, path) in &listing.own_tables {
        faults.extend(own_table(name, path)?);
        warnings.push(
            Fault::new(
                Location::file(name.as_str()),
                FaultCode::UnknownTable,
                name,
                "a table of the schema",
            )
            .hint("a table of the case's own: it stays in the folder and is not read"),
        );
    }
    let (geo, geo_faults) = read_geo(&listing)?;
    faults.extend(geo_faults);

    let keys = tables.keys();
    faults.extend(check::all(&tables, &keys));
    for (file, features) in &geo {
        faults.extend(geo::check_places(&file.name, features, &keys));
    }
    let mut case = None;
    let mut case_toml = String::new();
    if listing.has_case_toml {
        let path = path.join("case.toml");
        match decode::read_text(&path, "case.toml", Nature::CaseToml).map_err(ReadError::io(&path))? {
            Ok(text) => {
                let (read, toml_faults) = case_toml::read(&text, Some(&keys));
                faults.extend(toml_faults);
                case = read;
                case_toml = text;
            }
            Err(fault) => faults.push(*fault),
        }
    } else {
        faults.push(
            Fault::new(
                Location::file("case.toml"),
                FaultCode::CaseFile,
                "",
                "case.toml, which says what the case asks",
            )
            .hint("counterpart new NAME writes one to start from"),
        );
    }
    if let Some(path) = &listing.datapackage {
        warnings.extend(datapackage::check_file(path, &listing.all).map_err(ReadError::io(path))?);
    }

    faults = cap(faults);
    drop(keys);
    match (Faults::from_vec(faults), case) {
        (Some(faults), _) => Err(ReadError::Faults(faults)),
        (None, Some(case)) => {
            warnings.sort_by(|a, b| a.location.cmp(&b.location));
            let Tables { files, rows, .. } = tables;
            Ok(CaseFolder {
                case,
                case_toml,
                tables: rows
                    .into_iter()
                    .map(|(table, rows)| {
                        (
                            table,
                            rows.into_iter().map(|placed| placed.row).collect::<Vec<Row>>(),
                        )
                    })
                    .filter(|(_, rows)| !rows.is_empty())
                    .collect(),
                geo: geo.into_iter().map(|(file, _)| file).collect(),
                files,
                warnings,
            })
        }
        (None, None) => Err(ReadError::Faults(Faults::one(Fault::new(
            Location::file("case.toml"),
            FaultCode::CaseFile,
            "",
            "a case.toml that can be read",
        )))),
    }
}

/// Lists the folder in the order of names, whatever order the disk has.
fn list(path: &Path) -> Result<Listing, ReadError> {
    let mut listing = Listing::default();
    let mut seen = BTreeSet::new();
    for (name, path) in entries(path)? {
        if path.is_dir() {
            match name.as_str() {
                "geo" => {
                    for (file, path) in entries(&path)? {
                        listing.all.insert(format!("geo/{file}"));
                        if file.ends_with(".geojson") && path.is_file() {
                            listing.geo.push((file, path));
                        }
                    }
                }
                _ => list_folder(&mut listing, &name, &path, &mut seen)?,
            }
            continue;
        }
        listing.all.insert(name.clone());
        if !path.is_file() {
            continue;
        }
        match name.as_str() {
            "case.toml" => listing.has_case_toml = true,
            "datapackage.json" => listing.datapackage = Some(path),
            _ => {
                if let Some(stem) = name.strip_suffix(".csv") {
                    match stem.parse::<TableId>() {
                        Ok(table) => {
                            seen.insert(table);
                            listing.tables.push((name, path, table));
                        }
                        Err(()) if stem.starts_with("x_") => listing.own_tables.push((name, path)),
                        Err(()) => listing.faults.push(unknown_table(&name, stem)),
                    }
                }
            }
        }
    }
    for table in TableId::ALWAYS {
        if !seen.contains(table) {
            listing.faults.push(
                Fault::new(
                    Location::file(format!("{table}.csv")),
                    FaultCode::MissingTable,
                    "",
                    format!("the table {table}, which every case has"),
                )
                .hint(table.table().about),
            );
        }
    }
    Ok(listing)
}

/// Lists a folder of files of one table.
fn list_folder(
    listing: &mut Listing,
    name: &str,
    path: &Path,
    seen: &mut BTreeSet<TableId>,
) -> Result<(), ReadError> {
    let table = name.parse::<TableId>().ok();
    for (file, path) in entries(path)? {
        let inside = format!("{name}/{file}");
        listing.all.insert(inside.clone());
        if !file.ends_with(".csv") || !path.is_file() {
            continue;
        }
        match table {
            Some(table) if table.is_folder() => {
                seen.insert(table);
                listing.tables.push((inside, path, table));
            }
            Some(table) => listing.faults.push(
                Fault::new(
                    Location::file(inside.as_str()),
                    FaultCode::UnknownTable,
                    &inside,
                    format!("{table}.csv beside case.toml"),
                )
                .hint("only observations may be a folder of files"),
            ),
            None => listing.warnings.push(Fault::new(
                Location::file(inside.as_str()),
                FaultCode::UnknownTable,
                &inside,
                "a table beside case.toml or in observations/; this file was not read",
            )),
        }
    }
    Ok(())
}

fn entries(path: &Path) -> Result<Vec<(String, PathBuf)>, ReadError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(ReadError::io(path))? {
        let entry = entry.map_err(ReadError::io(path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            found.push((name, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

fn unknown_table(name: &str, stem: &str) -> Fault {
    let hint = did_you_mean(stem, TableId::ALL.iter().map(|table| table.name())).unwrap_or_else(|| {
        "a table of your own begins with x_: it stays in the folder and is not read".to_owned()
    });
    Fault::new(
        Location::file(name),
        FaultCode::UnknownTable,
        name,
        "a table of the schema, or one that begins with x_",
    )
    .hint(hint)
}

/// Reads every table, files side by side, and puts the rows of a table in the order of its key.
fn read_tables(listing: &Listing) -> Result<(Tables, Vec<Fault>), ReadError> {
    let read: Vec<Result<ReadTable, ReadError>> = listing
        .tables
        .par_iter()
        .enumerate()
        .map(|(index, (name, path, table))| {
            let text = decode::read_text(path, name, Nature::Table).map_err(ReadError::io(path))?;
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            Ok(match text {
                Ok(text) => table_file::read(name, *table, index, &text),
                Err(fault) => ReadTable::unreadable(name, *table, *fault),
            })
        })
        .collect();
    let mut faults = Vec::new();
    let mut tables = Tables::default();
    let mut rows: BTreeMap<TableId, Vec<PlacedRow>> = BTreeMap::new();
    for read in read {
        let read = read?;
        faults.extend(read.faults);
        if read.incomplete {
            tables.incomplete.insert(read.file.table);
        }
        let of_table = rows.entry(read.file.table).or_default();
        if of_table.is_empty() {
            *of_table = read.rows;
        } else {
            of_table.extend(read.rows);
        }
        tables.files.push(read.file);
    }
    for table in TableId::ALWAYS {
        if !rows.contains_key(table) {
            tables.incomplete.insert(*table);
        }
    }
    for (table, rows) in &mut rows {
        check::sort_by_key(*table, rows);
    }
    tables.rows = rows;
    Ok((tables, faults))
}

/// Looks at the headings of a table of the case's own: what is refused is refused there too.
fn own_table(name: &str, path: &Path) -> Result<Vec<Fault>, ReadError> {
    let text = match decode::read_text(path, name, Nature::Table).map_err(ReadError::io(path))? {
        Ok(text) => text,
        Err(fault) => return Ok(vec![*fault]),
    };
    let mut fields = Vec::new();
    let mut records = crate::csv::Records::new(&text);
    if !matches!(records.next(&mut fields), Some(Ok(_))) {
        return Ok(Vec::new());
    }
    Ok(fields
        .iter()
        .enumerate()
        .filter_map(|(index, heading)| {
            let location = Location::cell(name, 1, index as u64 + 1, heading.as_ref());
            table_file::refused_heading(&location, None, heading)
        })
        .collect())
}

type Shapes = Vec<(GeoFile, Vec<geo::FeaturePlace>)>;

fn read_geo(listing: &Listing) -> Result<(Shapes, Vec<Fault>), ReadError> {
    let mut shapes = Vec::new();
    let mut faults = Vec::new();
    for (name, path) in &listing.geo {
        let inside = format!("geo/{name}");
        match decode::read_text(path, &inside, Nature::Geo).map_err(ReadError::io(path))? {
            Ok(text) => match geo::read(&inside, &text) {
                Ok(features) => shapes.push((
                    GeoFile {
                        name: name.clone(),
                        text,
                    },
                    features,
                )),
                Err(found) => faults.extend(found),
            },
            Err(fault) => faults.push(*fault),
        }
    }
    Ok((shapes, faults))
}

/// Keeps the first faults of each file and says where that are not all.
fn cap(mut faults: Vec<Fault>) -> Vec<Fault> {
    if faults.len() <= MOST_FAULTS {
        return faults;
    }
    faults.sort_by(|a, b| a.location.cmp(&b.location));
    let mut n_of_file: BTreeMap<String, usize> = BTreeMap::new();
    faults.retain(|fault| {
        let n = n_of_file.entry(fault.location.file.clone()).or_default();
        *n += 1;
        *n <= MOST_FAULTS
    });
    for (file, n) in n_of_file {
        if n > MOST_FAULTS {
            faults.push(rest_of(&file));
        }
    }
    faults
}
