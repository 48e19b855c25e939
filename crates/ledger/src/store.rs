//! Rows in and out of SQLite. Everything read is checked against its leaf before it is served.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;

use counterpart_model::table::ColumnKind;
use counterpart_model::{Row, TableId, Value};
use rayon::prelude::*;
use rusqlite::types::{Null, ValueRef};
use rusqlite::{Connection, Statement};

use crate::batch::{BatchKind, CaseFile, Ready, ready_file, sort_key};
use crate::canonical::{self, CASE_FILES, RETRACTIONS, SortedColumns};
use crate::commit::{BatchInfo, CommitHeader, CommitId, CommitInfo};
use crate::digest::{Digest, merkle_root};
use crate::error::LedgerError;
use crate::schema::{self, EXTRA, quoted};

/// Bytes of a salt.
const SALT: usize = 16;

/// A connection and where it leads.
pub(crate) struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: Option<PathBuf>,
}

/// Turns an error of SQLite into one that says what was being done, to which file.
pub(crate) trait During<T> {
    fn during(self, store: &Store, action: &'static str) -> Result<T, LedgerError>;
}

impl<T> During<T> for rusqlite::Result<T> {
    fn during(self, store: &Store, action: &'static str) -> Result<T, LedgerError> {
        self.map_err(|source| LedgerError::Sqlite {
            path: store.path.clone(),
            action,
            source,
        })
    }
}

/// Content as one commit said it.
pub(crate) struct Version<T> {
    pub(crate) commit: u32,
    pub(crate) row_no: u32,
    pub(crate) ready: Ready<T>,
}

/// Everything said under one key, the latest first.
pub(crate) struct Line<T> {
    pub(crate) current: Version<T>,
    /// Superseded versions, the latest first.
    pub(crate) earlier: Vec<Version<T>>,
}

/// All content as of a commit, sorted by key.
pub(crate) struct Snapshot {
    pub(crate) files: Vec<Line<CaseFile>>,
    pub(crate) tables: BTreeMap<TableId, Vec<Line<Row>>>,
}

/// A withdrawal to be stored.
pub(crate) struct Withdrawal {
    pub(crate) table: TableId,
    /// Key as [`sort_key`] makes it.
    pub(crate) key: String,
    pub(crate) reason: String,
}

/// The last commit that withdrew each key, by name of the table.
type Withdrawn = HashMap<(String, String), u32>;

/// Splits a row's id into the numbers of commit and row.
fn split(row_id: i64) -> (u32, u32) {
    let low = u32::try_from(row_id & 0xffff_ffff).unwrap_or_default();
    (u32::try_from(row_id >> 32).unwrap_or_default(), low)
}

fn row_id(commit: u32, row_no: u32) -> i64 {
    (i64::from(commit) << 32) | i64::from(row_no)
}

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
        let withdrawn = self.withdrawn(up_to)?;
        let mut tables = BTreeMap::new();
        for table in TableId::ALL {
            let versions = self.versions(*table, up_to)?;
            if !versions.is_empty() {
                tables.insert(*table, lines(table.name(), versions, &withdrawn));
            }
        }
        let files = lines(CASE_FILES, self.file_versions(up_to)?, &withdrawn);
        Ok(Snapshot { files, tables })
    }

    fn versions(&self, table: TableId, up_to: u32) -> Result<Vec<Version<Row>>, LedgerError> {
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

        let mut raw = Vec::new();
        let mut statement = self
            .connection
            .prepare(&sql)
            .during(self, "read the rows of a table")?;
        let mut rows = statement
            .query([(i64::from(up_to) + 1) << 32])
            .during(self, "read the rows of a table")?;
        while let Some(sql_row) = rows.next().during(self, "read the rows of a table")? {
            let (commit, row_no) = split(sql_row.get(0).during(self, "read the rows of a table")?);
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
            raw.push((commit, row_no, seal, row));
        }

        let columns = SortedColumns::of(table);
        raw.into_par_iter()
            .map(|(commit, row_no, seal, row)| {
                let canonical = canonical::row_bytes_in(&columns, &row);
                seal.check(&canonical, commit, table.name(), row_no)?;
                Ok(Version {
                    commit,
                    row_no,
                    ready: Ready {
                        key: sort_key(&row),
                        source: String::new(),
                        canonical,
                        content: row,
                    },
                })
            })
            .collect()
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
                    ready,
                }))
        })
    }

    fn withdrawn(&self, up_to: u32) -> Result<Withdrawn, LedgerError> {
        let sql = format!(
            "SELECT row_id, salt, leaf, \"table\", key, reason FROM {RETRACTIONS} WHERE row_id < ?1 ORDER BY row_id"
        );
        let rows = self.small_rows(&sql, RETRACTIONS, up_to, |commit, row_no, seal, sql_row| {
            let (table, key) = (text_at(sql_row, 3)?, text_at(sql_row, 4)?);
            let canonical = canonical::retraction_bytes(&table, &key, &text_at(sql_row, 5)?);
            Ok(seal
                .check(&canonical, commit, RETRACTIONS, row_no)
                .map(|()| ((table, key), commit)))
        })?;
        Ok(rows.into_iter().collect())
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

    /// Writes a commit and makes it the head. The caller holds the transaction.
    pub(crate) fn write(
        &self,
        parent: Option<(CommitId, Digest)>,
        header: CommitHeader,
        files: &[Ready<CaseFile>],
        tables: &BTreeMap<TableId, Vec<Ready<Row>>>,
        withdrawals: &[Withdrawal],
    ) -> Result<CommitInfo, LedgerError> {
        let number = parent
            .map_or(0, |(id, _)| id.number())
            .checked_add(1)
            .filter(|number| i32::try_from(*number).is_ok())
            .ok_or(LedgerError::TooManyRows)?;
        let mut batches = Vec::new();

        let leaves = Leaves::of(files.iter().map(|file| file.canonical.as_slice()))?;
        self.insert_files(number, files, &leaves)
            .during(self, "store the files of the case")?;
        leaves.batches(
            BatchKind::Assert,
            CASE_FILES,
            files.iter().map(|file| file.source.as_str()),
            &mut batches,
        );
        for (table, rows) in tables {
            let leaves = Leaves::of(rows.iter().map(|row| row.canonical.as_slice()))?;
            self.insert_rows(number, *table, rows, &leaves)
                .during(self, "store the rows of a table")?;
            leaves.batches(
                BatchKind::Assert,
                table.name(),
                rows.iter().map(|row| row.source.as_str()),
                &mut batches,
            );
        }
        let canonical: Vec<Vec<u8>> = withdrawals
            .iter()
            .map(|w| canonical::retraction_bytes(w.table.name(), &w.key, &w.reason))
            .collect();
        let leaves = Leaves::of(canonical.iter().map(Vec::as_slice))?;
        self.insert_withdrawals(number, withdrawals, &leaves)
            .during(self, "store a withdrawal")?;
        leaves.batches(
            BatchKind::Retract,
            RETRACTIONS,
            withdrawals.iter().map(|_| ""),
            &mut batches,
        );

        let id = CommitId::new(number);
        let parent = parent.map(|(_, digest)| digest);
        let digest = crate::commit::digest(id, parent, &header, &batches);
        let info = CommitInfo {
            id,
            parent,
            digest,
            header,
            batches,
        };
        self.insert_commit(&info).during(self, "store the commit")?;
        Ok(info)
    }

    fn insert_files(&self, commit: u32, files: &[Ready<CaseFile>], leaves: &Leaves) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare(&format!(
            "INSERT INTO {CASE_FILES} (row_id, salt, leaf, path, text) VALUES (?1, ?2, ?3, ?4, ?5)"
        ))?;
        for (file, (row_no, salt, leaf)) in files.iter().zip(leaves.iter()) {
            insert.execute((
                row_id(commit, row_no),
                salt,
                leaf.as_bytes(),
                &file.content.path,
                &file.content.text,
            ))?;
        }
        Ok(())
    }

    fn insert_withdrawals(
        &self,
        commit: u32,
        withdrawals: &[Withdrawal],
        leaves: &Leaves,
    ) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare(&format!(
            "INSERT INTO {RETRACTIONS} (row_id, salt, leaf, \"table\", key, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))?;
        for (w, (row_no, salt, leaf)) in withdrawals.iter().zip(leaves.iter()) {
            insert.execute((
                row_id(commit, row_no),
                salt,
                leaf.as_bytes(),
                w.table.name(),
                &w.key,
                &w.reason,
            ))?;
        }
        Ok(())
    }

    fn insert_rows(
        &self,
        commit: u32,
        table: TableId,
        rows: &[Ready<Row>],
        leaves: &Leaves,
    ) -> rusqlite::Result<()> {
        let columns = table.columns();
        let mut sql = format!("INSERT INTO \"{table}\" (row_id, salt, leaf");
        for column in columns {
            let _ = write!(sql, ", {}", quoted(column.name));
        }
        let _ = write!(sql, ", {EXTRA}) VALUES (?");
        sql.push_str(&", ?".repeat(columns.len() + 3));
        sql.push(')');
        let mut insert = Insert {
            statement: self.connection.prepare(&sql)?,
            bound: vec![false; columns.len() + 1],
            text: String::new(),
        };
        for (row, (row_no, salt, leaf)) in rows.iter().zip(leaves.iter()) {
            insert.statement.raw_bind_parameter(1, row_id(commit, row_no))?;
            insert.statement.raw_bind_parameter(2, salt)?;
            insert.statement.raw_bind_parameter(3, leaf.as_bytes())?;
            insert.row(&row.content)?;
        }
        Ok(())
    }

    fn insert_commit(&self, info: &CommitInfo) -> rusqlite::Result<()> {
        let number = info.id.number();
        self.connection.execute(
            "INSERT INTO commits (no, parent, digest, author, recorded_at, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                number,
                info.parent.as_ref().map(Digest::as_bytes),
                info.digest.as_bytes(),
                &info.header.author,
                &info.header.recorded_at,
                &info.header.message,
            ),
        )?;
        let mut insert = self.connection.prepare(
            "INSERT INTO batches (batch_id, kind, table_name, source_id, first_row, n_rows, root)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for (batch_no, batch) in (1_u32..).zip(&info.batches) {
            insert.execute((
                row_id(number, batch_no),
                &batch.kind,
                &batch.table,
                &batch.source,
                batch.first_row,
                batch.n_rows,
                batch.root.as_bytes(),
            ))?;
        }
        self.connection.execute(
            "INSERT INTO head (only, commit_no, digest) VALUES (1, ?1, ?2)
             ON CONFLICT (only) DO UPDATE SET commit_no = excluded.commit_no, digest = excluded.digest",
            (number, info.digest.as_bytes()),
        )?;
        Ok(())
    }
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

/// Salts and leaves of the rows of one table in one commit.
struct Leaves {
    salts: Vec<[u8; SALT]>,
    digests: Vec<Digest>,
}

impl Leaves {
    /// Draws a salt for each row and hashes it.
    fn of<'a>(canonical: impl Iterator<Item = &'a [u8]>) -> Result<Self, LedgerError> {
        let canonical: Vec<&[u8]> = canonical.collect();
        if u32::try_from(canonical.len()).is_err() {
            return Err(LedgerError::TooManyRows);
        }
        let mut salts = vec![[0; SALT]; canonical.len()];
        getrandom::fill(salts.as_flattened_mut()).map_err(|source| LedgerError::Randomness { source })?;
        let digests = salts
            .par_iter()
            .zip(&canonical)
            .map(|(salt, bytes)| Digest::of(&[salt, bytes]))
            .collect();
        Ok(Self { salts, digests })
    }

    /// Number, salt and leaf of each row.
    fn iter(&self) -> impl Iterator<Item = (u32, &[u8; SALT], &Digest)> {
        (1_u32..)
            .zip(self.salts.iter().zip(&self.digests))
            .map(|(row_no, (salt, leaf))| (row_no, salt, leaf))
    }

    /// Adds a batch for each run of rows with the same source.
    fn batches<'a>(
        &self,
        kind: BatchKind,
        table: &str,
        sources: impl Iterator<Item = &'a str>,
        into: &mut Vec<BatchInfo>,
    ) {
        let rows: Vec<(u32, &str, Digest)> = (1_u32..)
            .zip(sources.zip(&self.digests))
            .map(|(row_no, (source, leaf))| (row_no, source, *leaf))
            .collect();
        for run in rows.chunk_by(|a, b| a.1 == b.1) {
            let leaves: Vec<Digest> = run.iter().map(|(_, _, leaf)| *leaf).collect();
            if let [(first_row, source, _), ..] = run {
                into.push(BatchInfo {
                    kind: kind.as_str().into(),
                    table: table.into(),
                    source: (*source).into(),
                    first_row: *first_row,
                    n_rows: u32::try_from(run.len()).unwrap_or(u32::MAX),
                    root: merkle_root(&leaves),
                });
            }
        }
    }
}

/// A prepared insert into a typed table that binds NULL only where the row before had a value.
struct Insert<'c> {
    statement: rusqlite::Statement<'c>,
    bound: Vec<bool>,
    text: String,
}

impl Insert<'_> {
    fn row(&mut self, row: &Row) -> rusqlite::Result<()> {
        let n_columns = row.table.columns().len();
        for (index, bound) in self.bound.iter_mut().enumerate() {
            let at = index + 4;
            let statement: &mut Statement<'_> = &mut self.statement;
            if index == n_columns {
                if row.extra.is_empty() {
                    unbind(statement, at, bound)?;
                } else {
                    *bound = true;
                    statement.raw_bind_parameter(at, extra_json(&row.extra))?;
                }
                continue;
            }
            match row.value_at(index) {
                None => {
                    unbind(statement, at, bound)?;
                    continue;
                }
                Some(Value::Text(text)) => statement.raw_bind_parameter(at, text)?,
                Some(Value::Integer(number)) => statement.raw_bind_parameter(at, number)?,
                Some(value) => {
                    self.text.clear();
                    let _ = write!(self.text, "{value}");
                    statement.raw_bind_parameter(at, &self.text)?;
                }
            }
            *bound = true;
        }
        self.statement.raw_execute().map(|_| ())
    }
}

fn unbind(statement: &mut Statement<'_>, at: usize, bound: &mut bool) -> rusqlite::Result<()> {
    if std::mem::take(bound) {
        statement.raw_bind_parameter(at, Null)?;
    }
    Ok(())
}

/// Returns the columns of the case's own as a JSON object, keys sorted.
pub(crate) fn extra_json(extra: &BTreeMap<String, String>) -> String {
    // Maps of strings to strings always have a JSON form.
    serde_json::to_string(extra).unwrap_or_default()
}

/// Groups versions by key, the latest first; keys withdrawn after their last version are left out.
fn lines<T: Send>(table: &str, mut versions: Vec<Version<T>>, withdrawn: &Withdrawn) -> Vec<Line<T>> {
    versions.par_sort_by(|a, b| (&a.ready.key, b.commit).cmp(&(&b.ready.key, a.commit)));
    let mut lines: Vec<Line<T>> = Vec::with_capacity(versions.len());
    for version in versions {
        match lines.last_mut() {
            Some(line) if line.current.ready.key == version.ready.key => line.earlier.push(version),
            _ => lines.push(Line {
                current: version,
                earlier: Vec::new(),
            }),
        }
    }
    if !withdrawn.is_empty() {
        lines.retain(|line| {
            withdrawn
                .get(&(table.to_owned(), line.current.ready.key.clone()))
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
