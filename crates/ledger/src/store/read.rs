//! Reading rows back, each checked against its leaf.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use counterpart_model::table::ColumnKind;
use counterpart_model::{Row, TableId, Value};
use rayon::prelude::*;
use rusqlite::types::ValueRef;

use super::{During, Line, Retraction, SALT, Snapshot, Store, Version, split};
use crate::batch::{CaseFile, ready_file, sort_key};
use crate::canonical::{self, CASE_FILES, RETRACTIONS, SortedColumns};
use crate::commit::{BatchInfo, CommitHeader, CommitId, CommitInfo};
use crate::digest::Digest;
use crate::error::LedgerError;
use crate::schema::{self, EXTRA, quoted};

/// How many rows are read before they are checked.
const CHUNK: usize = 2048;

/// The last commit that withdrew each key, by name of the table.
type Withdrawn = HashMap<(String, String), u32>;

impl Store {
    /// Reads the list of commits up to one, without their batches where those are not wanted.
    pub(crate) fn commits(&self, up_to: u32) -> Result<Vec<CommitInfo>, LedgerError> {
        let mut batches = self.batches(up_to).during(self, "list the batches")?;
        let mut commits = self.commit_rows(up_to).during(self, "list the commits")?;
        for commit in &mut commits {
            commit.batches = batches.remove(&commit.id.number()).unwrap_or_default();
        }
        Ok(commits)
    }

    fn commit_rows(&self, up_to: u32) -> rusqlite::Result<Vec<CommitInfo>> {
        self.connection
            .prepare("SELECT no, parent, digest, author, recorded_at, message FROM commits WHERE no <= ?1 ORDER BY no")?
            .query_map([up_to], |row| {
                Ok(CommitInfo {
                    id: CommitId::new(row.get(0)?),
                    parent: match row.get_ref(1)? {
                        ValueRef::Null => None,
                        other => Some(digest_of(other, 1)?),
                    },
                    digest: digest_of(row.get_ref(2)?, 2)?,
                    header: CommitHeader {
                        author: row.get(3)?,
                        recorded_at: row.get(4)?,
                        message: row.get(5)?,
                    },
                    batches: Vec::new(),
                })
            })?
            .collect()
    }

    fn batches(&self, up_to: u32) -> rusqlite::Result<BTreeMap<u32, Vec<BatchInfo>>> {
        let mut batches: BTreeMap<u32, Vec<BatchInfo>> = BTreeMap::new();
        let mut statement = self.connection.prepare(
            "SELECT batch_id, kind, table_name, source_id, first_row, n_rows, root FROM batches
             WHERE batch_id < ?1 ORDER BY batch_id",
        )?;
        let mut rows = statement.query([(i64::from(up_to) + 1) << 32])?;
        while let Some(row) = rows.next()? {
            batches.entry(split(row.get(0)?).0).or_default().push(BatchInfo {
                kind: row.get(1)?,
                table: row.get(2)?,
                source: row.get(3)?,
                first_row: row.get(4)?,
                n_rows: row.get(5)?,
                root: digest_of(row.get_ref(6)?, 6)?,
            });
        }
        Ok(batches)
    }

    /// Returns number and digest of the last commit.
    pub(crate) fn head(&self) -> Result<Option<(CommitId, Digest)>, LedgerError> {
        self.connection
            .prepare("SELECT commit_no, digest FROM head")
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        Ok((CommitId::new(row.get(0)?), digest_of(row.get_ref(1)?, 1)?))
                    })?
                    .next()
                    .transpose()
            })
            .during(self, "read the head")
    }

    /// Reads everything as of a commit.
    pub(crate) fn snapshot(&self, up_to: u32) -> Result<Snapshot, LedgerError> {
        self.snapshot_of(up_to, TableId::ALL)
    }

    /// Reads some tables as of a commit.
    pub(crate) fn snapshot_of(&self, up_to: u32, wanted: &[TableId]) -> Result<Snapshot, LedgerError> {
        let withdrawn = self.withdrawn(up_to)?;
        let mut tables = BTreeMap::new();
        for table in wanted {
            let versions = self.versions(*table, up_to)?;
            if !versions.is_empty() {
                tables.insert(*table, lines(table.name(), versions, &withdrawn));
            }
        }
        let files = lines(CASE_FILES, self.file_versions(up_to)?, &withdrawn);
        Ok(Snapshot { files, tables })
    }

    pub(crate) fn versions(&self, table: TableId, up_to: u32) -> Result<Vec<Version<Row>>, LedgerError> {
        let stored = schema::columns(&self.connection, table.name()).during(self, "read the schema")?;
        let content: Vec<&String> = stored
            .iter()
            .filter(|name| !schema::ROW_COLUMNS.contains(&name.as_str()))
            .collect();
        if content.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = String::from("SELECT row_id, salt, leaf");
        for name in &content {
            let _ = write!(sql, ", {}", quoted(name));
        }
        let _ = write!(sql, " FROM \"{table}\" WHERE row_id < ?1 ORDER BY row_id");
        let places: Vec<Place> = content.iter().map(|name| Place::of(table, name)).collect();

        let failed = |source: rusqlite::Error| LedgerError::Sqlite {
            path: self.path.clone(),
            action: "read the rows of a table",
            source,
        };
        let mut statement = self.connection.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([(i64::from(up_to) + 1) << 32]).map_err(failed)?;
        let columns = SortedColumns::of(table);
        let checked = Mutex::new(BTreeMap::<usize, Result<Vec<Version<Row>>, LedgerError>>::new());
        // SQLite is read here, a chunk after the other; meanwhile the chunks that were read are checked elsewhere.
        rayon::in_place_scope(|scope| {
            let mut chunk = Vec::with_capacity(CHUNK);
            let mut number = 0;
            loop {
                let sql_row = rows.next().map_err(failed)?;
                let is_last = sql_row.is_none();
                if let Some(sql_row) = sql_row {
                    let (commit, row_no) = split(sql_row.get(0).map_err(failed)?);
                    let misfit = |column: &str| LedgerError::Misfit {
                        commit,
                        table: table.name().into(),
                        row: row_no,
                        column: column.into(),
                    };
                    let seal = Seal::read(sql_row).ok_or_else(|| misfit("salt"))?;
                    let mut row = Row {
                        table,
                        values: vec![None; table.columns().len()],
                        extra: BTreeMap::new(),
                    };
                    for (index, place) in places.iter().enumerate() {
                        let value = sql_row.get_ref(index + 3).during(self, "read a cell")?;
                        if matches!(value, ValueRef::Null) {
                            continue;
                        }
                        place
                            .put(value, &mut row)
                            .ok_or_else(|| misfit(content.get(index).map_or("", |name| name.as_str())))?;
                    }
                    chunk.push((commit, row_no, seal, row));
                }
                if chunk.len() == CHUNK || is_last {
                    let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
                    let (columns, checked, at) = (&columns, &checked, number);
                    number += 1;
                    scope.spawn(move |_| {
                        let versions = check_all(full, table, columns);
                        if let Ok(mut checked) = checked.lock() {
                            checked.insert(at, versions);
                        }
                    });
                }
                if is_last {
                    return Ok::<(), LedgerError>(());
                }
            }
        })?;
        let chunks = checked.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut versions = Vec::new();
        for chunk in chunks.into_values() {
            versions.append(&mut chunk?);
        }
        Ok(versions)
    }

    fn file_versions(&self, up_to: u32) -> Result<Vec<Version<CaseFile>>, LedgerError> {
        let sql = format!(
            "SELECT row_id, salt, leaf, path, text FROM {CASE_FILES} WHERE row_id < ?1 ORDER BY row_id"
        );
        self.small_rows(&sql, CASE_FILES, up_to, |commit, row_no, seal, sql_row| {
            let ready = ready_file(CaseFile {
                path: text_at(sql_row, 3)?,
                text: text_at(sql_row, 4)?,
            });
            Ok(seal
                .check(&ready.canonical, commit, CASE_FILES, row_no)
                .map(|()| Version {
                    commit,
                    row_no,
                    key: ready.key,
                    content: ready.content,
                }))
        })
    }

    fn withdrawn(&self, up_to: u32) -> Result<Withdrawn, LedgerError> {
        let rows = self.retractions(up_to)?;
        Ok(rows
            .into_iter()
            .map(|row| ((row.table, row.key), row.commit))
            .collect())
    }

    /// Reads every withdrawal up to a commit, the first one first.
    pub(crate) fn retractions(&self, up_to: u32) -> Result<Vec<Retraction>, LedgerError> {
        let sql = format!(
            "SELECT row_id, salt, leaf, \"table\", key, reason FROM {RETRACTIONS} WHERE row_id < ?1 ORDER BY row_id"
        );
        self.small_rows(&sql, RETRACTIONS, up_to, |commit, row_no, seal, sql_row| {
            let row = Retraction {
                commit,
                row_no,
                table: text_at(sql_row, 3)?,
                key: text_at(sql_row, 4)?,
                reason: text_at(sql_row, 5)?,
            };
            let canonical = canonical::retraction_bytes(&row.table, &row.key, &row.reason);
            Ok(seal.check(&canonical, commit, RETRACTIONS, row_no).map(|()| row))
        })
    }

    fn small_rows<T>(
        &self,
        sql: &str,
        table: &str,
        up_to: u32,
        mut read: impl FnMut(u32, u32, Seal, &rusqlite::Row<'_>) -> rusqlite::Result<Result<T, LedgerError>>,
    ) -> Result<Vec<T>, LedgerError> {
        const ACTION: &str = "read the files of the case";
        let mut statement = self.connection.prepare(sql).during(self, ACTION)?;
        let mut rows = statement
            .query([(i64::from(up_to) + 1) << 32])
            .during(self, ACTION)?;
        let mut all = Vec::new();
        while let Some(sql_row) = rows.next().during(self, ACTION)? {
            let (commit, row_no) = split(sql_row.get(0).during(self, ACTION)?);
            let seal = Seal::read(sql_row).ok_or_else(|| LedgerError::Damaged {
                commit,
                table: table.into(),
                row: row_no,
            })?;
            all.push(read(commit, row_no, seal, sql_row).during(self, ACTION)??);
        }
        Ok(all)
    }
}

/// A row as it was stored, not yet checked: commit, number, seal, content.
type Raw = (u32, u32, Seal, Row);

/// Checks rows against their leaves.
fn check_all(
    rows: Vec<Raw>,
    table: TableId,
    columns: &SortedColumns,
) -> Result<Vec<Version<Row>>, LedgerError> {
    rows.into_iter()
        .map(|(commit, row_no, seal, row)| {
            seal.check(
                &canonical::row_bytes_in(columns, &row),
                commit,
                table.name(),
                row_no,
            )?;
            Ok(Version {
                commit,
                row_no,
                key: sort_key(&row),
                content: row,
            })
        })
        .collect()
}

/// Where a stored column goes in a row.
enum Place {
    Column(usize, ColumnKind),
    Extra,
    Unknown,
}

impl Place {
    fn of(table: TableId, name: &str) -> Self {
        if name == EXTRA {
            return Self::Extra;
        }
        table
            .column_index(name)
            .and_then(|index| {
                table
                    .columns()
                    .get(index)
                    .map(|column| Self::Column(index, column.kind))
            })
            .unwrap_or(Self::Unknown)
    }

    /// Puts a value where it belongs; nothing comes back where it cannot be read as what it should be.
    fn put(&self, value: ValueRef<'_>, row: &mut Row) -> Option<()> {
        let (index, kind) = match self {
            Self::Column(index, kind) => (*index, *kind),
            Self::Extra => {
                row.extra = serde_json::from_str(value.as_str().ok()?).ok()?;
                return Some(());
            }
            Self::Unknown => return None,
        };
        let value = match (kind, value) {
            (ColumnKind::Count | ColumnKind::Integer, ValueRef::Integer(number)) => Value::Integer(number),
            (ColumnKind::Count | ColumnKind::Integer, _) => return None,
            (kind, ValueRef::Text(bytes)) => {
                let text = std::str::from_utf8(bytes).ok()?;
                match kind {
                    ColumnKind::Decimal => Value::Decimal(text.parse().ok()?),
                    ColumnKind::Date => Value::Date(text.parse().ok()?),
                    ColumnKind::Period => Value::Period(text.parse().ok()?),
                    _ => Value::Text(text.to_owned()),
                }
            }
            _ => return None,
        };
        *row.values.get_mut(index)? = Some(value);
        Some(())
    }
}

/// Salt and leaf of a stored row.
struct Seal {
    salt: [u8; SALT],
    leaf: Digest,
}

impl Seal {
    /// Reads columns 1 and 2 of a query.
    fn read(row: &rusqlite::Row<'_>) -> Option<Self> {
        Some(Self {
            salt: row.get_ref(1).ok()?.as_blob().ok()?.try_into().ok()?,
            leaf: Digest::from_slice(row.get_ref(2).ok()?.as_blob().ok()?)?,
        })
    }

    fn check(&self, canonical: &[u8], commit: u32, table: &str, row: u32) -> Result<(), LedgerError> {
        if Digest::of(&[&self.salt, canonical]) == self.leaf {
            Ok(())
        } else {
            Err(LedgerError::Damaged {
                commit,
                table: table.into(),
                row,
            })
        }
    }
}

/// Groups versions by key, the latest first; keys withdrawn after their last version are left out.
fn lines<T: Send>(table: &str, mut versions: Vec<Version<T>>, withdrawn: &Withdrawn) -> Vec<Line<T>> {
    versions.par_sort_by(|a, b| (&a.key, b.commit).cmp(&(&b.key, a.commit)));
    let mut lines: Vec<Line<T>> = Vec::with_capacity(versions.len());
    for version in versions {
        match lines.last_mut() {
            Some(line) if line.current.key == version.key => line.earlier.push(version),
            _ => lines.push(Line {
                current: version,
                earlier: Vec::new(),
            }),
        }
    }
    if !withdrawn.is_empty() {
        lines.retain(|line| {
            withdrawn
                .get(&(table.to_owned(), line.current.key.clone()))
                .is_none_or(|commit| line.current.commit > *commit)
        });
    }
    lines
}

fn text_at(row: &rusqlite::Row<'_>, index: usize) -> rusqlite::Result<String> {
    row.get::<_, Option<String>>(index).map(Option::unwrap_or_default)
}

fn digest_of(value: ValueRef<'_>, index: usize) -> rusqlite::Result<Digest> {
    value
        .as_blob()
        .ok()
        .and_then(Digest::from_slice)
        .ok_or_else(|| rusqlite::Error::InvalidColumnType(index, "digest".into(), value.data_type()))
}
