//! Recomputes everything and names what was altered.
//!
//! The check reads what is stored, not what the model knows: columns come from the file itself, so that a file of any
//! version is verified with its own columns, and stored bytes are hashed as they stand, so that no change is read away.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use counterpart_model::TableId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::canonical::{CASE_FILES, RETRACTIONS, Writer};
use crate::commit::{BatchInfo, CommitHeader, CommitId, digest};
use crate::digest::{Digest, merkle_root};
use crate::error::LedgerError;
use crate::schema::{self, EXTRA, quoted};
use crate::store::{extra_json, split};

/// What was recomputed, where all of it held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Commits.
    pub commits: u32,
    /// Rows, files and withdrawals included.
    pub rows: u64,
    /// Digest of the last commit; none in an empty ledger.
    pub head: Option<Digest>,
}

/// Something that is not as it was committed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The file cannot be read as a ledger, or SQLite's own check fails.
    #[error("the file is damaged: {message}")]
    File {
        /// SQLite's own words.
        message: String,
    },
    /// A table, index, view or trigger that no ledger has.
    #[error("{kind} {name:?} is no part of a ledger")]
    Stranger {
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
    },
    /// Something about a commit.
    #[error("commit {commit}: {what}")]
    Commit {
        /// Number of the commit.
        commit: u32,
        /// What about it.
        what: CommitDamage,
    },
    /// Rows that fit their leaves, whose leaves do not fit the commit: row and leaf were altered together.
    #[error(
        "commit {commit}, {table} rows {first_row} to {last_row}: their leaves do not give the batch's root"
    )]
    Batch {
        /// Number of the commit.
        commit: u32,
        /// Name of the table.
        table: String,
        /// First row of the batch.
        first_row: u32,
        /// Last row of the batch.
        last_row: u32,
    },
    /// Something about a row.
    #[error("commit {commit}, {table} row {row}{}: {what}", shown(key))]
    Row {
        /// Number of the commit.
        commit: u32,
        /// Name of the table.
        table: String,
        /// Number of the row.
        row: u32,
        /// Its key, as far as it can be read.
        key: String,
        /// What about it.
        what: RowDamage,
    },
}

/// What is wrong with a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum CommitDamage {
    /// A number between two others, or at the end, is not there.
    #[error("it is not there")]
    Missing,
    /// Author, time, message or list of batches do not give its digest.
    #[error("its header and batches do not give its digest")]
    Header,
    /// It does not name the digest of the commit before.
    #[error("it does not follow from the commit before")]
    Parent,
    /// Its batches do not number its rows from 1 without a gap.
    #[error("its batches do not cover its rows")]
    Batches,
    /// The head names another commit or digest than the last one.
    #[error("it is not the head that the ledger names")]
    Head,
    /// A batch names a commit that is not there.
    #[error("a batch belongs to no commit")]
    Orphan,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum RowDamage {
    /// Its content and salt do not give its leaf.
    #[error("it was altered")]
    Altered,
    /// It was committed and is not there.
    #[error("it was removed")]
    Removed,
    /// It is there and no commit added it.
    #[error("it was added outside a commit")]
    Added,
}

fn shown(key: &str) -> String {
    if key.is_empty() {
        String::new()
    } else {
        format!(" ({key})")
    }
}

impl Damage {
    /// Returns the number of the commit that it is about.
    #[must_use]
    pub const fn commit(&self) -> Option<u32> {
        match self {
            Self::File { .. } | Self::Stranger { .. } => None,
            Self::Commit { commit, .. } | Self::Batch { commit, .. } | Self::Row { commit, .. } => {
                Some(*commit)
            }
        }
    }

    /// Rows of a commit come before what follows from them in the commit itself.
    fn order(&self) -> (u32, u8, &str, u32) {
        match self {
            Self::File { message } => (0, 0, message, 0),
            Self::Stranger { name, .. } => (0, 1, name, 0),
            Self::Row {
                commit, table, row, ..
            } => (*commit, 2, table, *row),
            Self::Batch {
                commit,
                table,
                first_row,
                ..
            } => (*commit, 3, table, *first_row),
            Self::Commit { commit, .. } => (*commit, 4, "", 0),
        }
    }
}

/// Recomputes a ledger file; nothing that was committed is changed.
///
/// What a killed process left half-written beside the file is rolled back or replayed first, as at any opening. A file to
/// which nothing was ever committed, an empty one too, holds: no commit, no row.
///
/// # Errors
/// [`LedgerError`] where the file is not there, is no ledger, or cannot be opened. The inner result holds every
/// damage, the first broken commit and row first.
pub fn verify_file(path: impl AsRef<Path>) -> Result<Result<Verified, Vec<Damage>>, LedgerError> {
    let path = path.as_ref();
    let connection = crate::ledger::open_to_read(path)?;
    match schema::identity(&connection) {
        Ok((schema::APPLICATION_ID, met)) if met > schema::SCHEMA => Err(LedgerError::NewerSchema {
            met,
            known: schema::SCHEMA,
        }),
        Ok((schema::APPLICATION_ID, _)) => Ok(verify(&connection)),
        // A process that was killed before its first commit leaves such a file: the next import goes on with it.
        Ok((0, 0)) if schema::is_empty(&connection).unwrap_or(false) => Ok(Ok(Verified {
            commits: 0,
            rows: 0,
            head: None,
        })),
        Ok(_) => Err(LedgerError::NotALedger { path: path.into() }),
        Err(error) if is_damage(&error) => Ok(Err(vec![file(&error)])),
        Err(source) => Err(LedgerError::Sqlite {
            path: Some(path.into()),
            action: "read the ledger",
            source,
        }),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)
    )
}

fn file(error: &rusqlite::Error) -> Damage {
    Damage::File {
        message: error.to_string(),
    }
}

/// Recomputes everything that a connection leads to.
pub(crate) fn verify(connection: &Connection) -> Result<Verified, Vec<Damage>> {
    let mut check = Check {
        connection,
        damages: Vec::new(),
        rows: 0,
    };
    // One read transaction, so that a commit of another process is seen whole or not at all.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Deferred);
    if let Err(error) = &transaction {
        return Err(vec![file(error)]);
    }
    let commits = check.everything();
    let mut damages = check.damages;
    if damages.is_empty() {
        return Ok(Verified {
            commits: u32::try_from(commits.len()).unwrap_or(u32::MAX),
            rows: check.rows,
            head: commits.last().map(|commit| commit.digest),
        });
    }
    damages.sort_by(|a, b| a.order().cmp(&b.order()));
    damages.dedup();
    Err(damages)
}

struct StoredCommit {
    no: u32,
    parent: Option<Digest>,
    digest: Digest,
    header: CommitHeader,
}

/// A batch by its number in the commit.
type StoredBatches = BTreeMap<u32, Vec<(u32, BatchInfo)>>;

struct Check<'c> {
    connection: &'c Connection,
    damages: Vec<Damage>,
    rows: u64,
}

impl Check<'_> {
    fn everything(&mut self) -> Vec<StoredCommit> {
        let checked = self.sqlite();
        self.note(checked);
        let strangers = self.strangers();
        self.note(strangers);
        let commits = self.commits();
        let commits = self.note(commits).unwrap_or_default();
        let batches = self.batches();
        let batches = self.note(batches).unwrap_or_default();
        self.chain(&commits, &batches);
        let head = self.head(&commits);
        self.note(head);
        let tables = TableId::ALL.iter().map(|table| table.name());
        let mut names: BTreeSet<String> = tables
            .chain([CASE_FILES, RETRACTIONS])
            .map(str::to_owned)
            .collect();
        names.extend(batches.values().flatten().map(|(_, batch)| batch.table.clone()));
        for name in names {
            let table = self.table(&name, &batches);
            self.note(table);
        }
        commits
    }

    /// Keeps an error of SQLite as damage.
    fn note<T>(&mut self, result: rusqlite::Result<T>) -> Option<T> {
        result.map_err(|error| self.damages.push(file(&error))).ok()
    }

    fn commit_damage(&mut self, commit: u32, what: CommitDamage) {
        self.damages.push(Damage::Commit { commit, what });
    }

    /// SQLite's own check of pages, records and types.
    fn sqlite(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(20)")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let message: String = row.get(0)?;
            if message != "ok" {
                self.damages.push(Damage::File { message });
            }
        }
        Ok(())
    }

    fn strangers(&mut self) -> rusqlite::Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
            let known = ["commits", "batches", "head", CASE_FILES, RETRACTIONS].contains(&name.as_str())
                || name.parse::<TableId>().is_ok();
            if kind != "table" || !known {
                self.damages.push(Damage::Stranger { kind, name });
            }
        }
        Ok(())
    }

    fn commits(&self) -> rusqlite::Result<Vec<StoredCommit>> {
        self.connection
            .prepare("SELECT no, parent, digest, author, recorded_at, message FROM commits ORDER BY no")?
            .query_map([], |row| {
                Ok(StoredCommit {
                    no: row.get(0)?,
                    parent: match row.get_ref(1)? {
                        ValueRef::Null => None,
                        // A parent of another length is no digest and cannot be the one before.
                        other => Some(digest_or_zero(other)),
                    },
                    digest: digest_or_zero(row.get_ref(2)?),
                    header: CommitHeader {
                        author: row.get(3)?,
                        recorded_at: row.get(4)?,
                        message: row.get(5)?,
                    },
                })
            })?
            .collect()
    }

    fn batches(&self) -> rusqlite::Result<StoredBatches> {
        let mut batches = StoredBatches::new();
        let mut statement = self.connection.prepare(
            "SELECT batch_id, kind, table_name, source_id, first_row, n_rows, root FROM batches ORDER BY batch_id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (commit, number) = split(row.get(0)?);
            batches.entry(commit).or_default().push((
                number,
                BatchInfo {
                    kind: row.get(1)?,
                    table: row.get(2)?,
                    source: row.get(3)?,
                    first_row: row.get(4)?,
                    n_rows: row.get(5)?,
                    root: digest_or_zero(row.get_ref(6)?),
                },
            ));
        }
        Ok(batches)
    }

    /// Numbers, parents and digests of the commits.
    fn chain(&mut self, commits: &[StoredCommit], batches: &StoredBatches) {
        let mut expected = 1_u32;
        let mut before = None;
        for commit in commits {
            for missing in expected..commit.no.min(expected.saturating_add(100)) {
                self.commit_damage(missing, CommitDamage::Missing);
            }
            expected = commit.no.saturating_add(1);
            if commit.parent != before {
                self.commit_damage(commit.no, CommitDamage::Parent);
            }
            let numbered = batches.get(&commit.no).map_or(&[][..], Vec::as_slice);
            if !(1_u32..)
                .zip(numbered)
                .all(|(expected, (met, _))| expected == *met)
            {
                self.commit_damage(commit.no, CommitDamage::Batches);
            }
            let listed: Vec<BatchInfo> = numbered.iter().map(|(_, batch)| batch.clone()).collect();
            let recomputed = digest(CommitId::new(commit.no), commit.parent, &commit.header, &listed);
            if recomputed != commit.digest {
                self.commit_damage(commit.no, CommitDamage::Header);
            }
            before = Some(commit.digest);
        }
        let known: BTreeSet<u32> = commits.iter().map(|commit| commit.no).collect();
        for commit in batches.keys().filter(|commit| !known.contains(commit)) {
            self.commit_damage(*commit, CommitDamage::Orphan);
        }
    }

    fn head(&mut self, commits: &[StoredCommit]) -> rusqlite::Result<()> {
        let head: Option<(u32, Digest)> = self
            .connection
            .prepare("SELECT commit_no, digest FROM head")?
            .query_map([], |row| Ok((row.get(0)?, digest_or_zero(row.get_ref(1)?))))?
            .next()
            .transpose()?;
        let last = commits.last().map(|commit| (commit.no, commit.digest));
        if head != last {
            // Commits cut off at the end: the head still names the last of them.
            let number = head.map_or(0, |(number, _)| number);
            for missing in last.map_or(0, |(number, _)| number) + 1..=number.min(i32::MAX.unsigned_abs()) {
                self.commit_damage(missing, CommitDamage::Missing);
                if self.damages.len() > 1000 {
                    break;
                }
            }
            self.commit_damage(number, CommitDamage::Head);
        }
        Ok(())
    }

    /// Every row of a table against its leaf, every batch of it against its root.
    fn table(&mut self, table: &str, batches: &StoredBatches) -> rusqlite::Result<()> {
        let stored = schema::columns(self.connection, table)?;
        let mut content: Vec<&str> = stored
            .iter()
            .map(String::as_str)
            .filter(|name| !schema::ROW_COLUMNS.contains(name))
            .collect();
        content.sort_unstable();
        let mut rows: BTreeMap<u32, BTreeMap<u32, (Digest, String)>> = BTreeMap::new();
        if !stored.is_empty() {
            let mut sql = String::from("SELECT row_id, salt, leaf");
            for name in &content {
                let _ = write!(sql, ", {}", quoted(name));
            }
            let _ = write!(sql, " FROM {} ORDER BY row_id", quoted(table));
            let key: &[&str] = match (table.parse::<TableId>(), table) {
                (Ok(table), _) => table.key(),
                (Err(()), CASE_FILES) => &["path"],
                (Err(()), _) => &["table", "key"],
            };
            let key: Vec<usize> = key
                .iter()
                .filter_map(|name| content.iter().position(|column| column == name))
                .map(|index| index + 3)
                .collect();
            let mut statement = self.connection.prepare(&sql)?;
            let mut stored_rows = statement.query([])?;
            while let Some(row) = stored_rows.next()? {
                let (commit, number) = split(row.get(0)?);
                let leaf = digest_or_zero(row.get_ref(2)?);
                let shown_key = key_of(row, &key);
                if recomputed_leaf(table, &content, row) != Some(leaf) {
                    self.row_damage(commit, table, number, shown_key.clone(), RowDamage::Altered);
                }
                self.rows += 1;
                rows.entry(commit).or_default().insert(number, (leaf, shown_key));
            }
        }
        for (commit, listed) in batches {
            let mut of_commit = rows.remove(commit).unwrap_or_default();
            let mut expected = 1_u32;
            for (_, batch) in listed.iter().filter(|(_, batch)| batch.table == table) {
                if batch.first_row != expected {
                    self.commit_damage(*commit, CommitDamage::Batches);
                }
                expected = batch.first_row.saturating_add(batch.n_rows);
                let leaves = self.batch_leaves(*commit, batch, &mut of_commit);
                if leaves.is_some_and(|leaves| merkle_root(&leaves) != batch.root) {
                    self.damages.push(Damage::Batch {
                        commit: *commit,
                        table: table.into(),
                        first_row: batch.first_row,
                        last_row: expected.saturating_sub(1),
                    });
                }
            }
            rows.insert(*commit, of_commit);
        }
        for (commit, left) in rows {
            for (number, (_, key)) in left {
                self.row_damage(commit, table, number, key, RowDamage::Added);
            }
        }
        Ok(())
    }

    /// Takes the leaves of a batch; nothing where a row of it is not there.
    fn batch_leaves(
        &mut self,
        commit: u32,
        batch: &BatchInfo,
        rows: &mut BTreeMap<u32, (Digest, String)>,
    ) -> Option<Vec<Digest>> {
        let numbers = batch.first_row..batch.first_row.saturating_add(batch.n_rows);
        // An altered `n_rows` may say four billion: what is not there is named once per batch beyond the first hundred.
        let mut leaves = Vec::with_capacity(rows.len().min(numbers.len()));
        let mut removed = 0;
        for number in numbers {
            match rows.remove(&number) {
                Some((leaf, _)) => leaves.push(leaf),
                None => {
                    removed += 1;
                    self.row_damage(commit, &batch.table, number, String::new(), RowDamage::Removed);
                    if removed == 100 {
                        break;
                    }
                }
            }
        }
        (removed == 0).then_some(leaves)
    }

    fn row_damage(&mut self, commit: u32, table: &str, row: u32, key: String, what: RowDamage) {
        self.damages.push(Damage::Row {
            commit,
            table: table.into(),
            row,
            key,
            what,
        });
    }
}

/// Hashes a stored row as it stands; nothing where it cannot be a stored row at all.
fn recomputed_leaf(table: &str, content: &[&str], row: &rusqlite::Row<'_>) -> Option<Digest> {
    let salt = row.get_ref(1).ok()?.as_blob().ok()?;
    if salt.len() != 16 {
        return None;
    }
    let mut extra: BTreeMap<String, String> = BTreeMap::new();
    if let Some(index) = content.iter().position(|name| *name == EXTRA) {
        match row.get_ref(index + 3).ok()? {
            ValueRef::Null => {}
            ValueRef::Text(text) => {
                extra = serde_json::from_slice(text).ok()?;
                // Another spelling of the same object is a change too.
                if extra.is_empty() || extra_json(&extra).as_bytes() != text {
                    return None;
                }
            }
            _ => return None,
        }
    }
    let mut extra = extra.iter().peekable();
    let mut writer = Writer::row(table);
    for (index, heading) in content.iter().enumerate().filter(|(_, name)| **name != EXTRA) {
        while let Some((name, text)) = extra.next_if(|(name, _)| name.as_str() < *heading) {
            writer.raw(name.as_bytes());
            writer.raw(text.as_bytes());
        }
        match row.get_ref(index + 3).ok()? {
            ValueRef::Null => {}
            ValueRef::Text([]) => return None,
            ValueRef::Text(text) => {
                writer.raw(heading.as_bytes());
                writer.raw(text);
            }
            ValueRef::Integer(number) => {
                writer.raw(heading.as_bytes());
                writer.raw(number.to_string().as_bytes());
            }
            ValueRef::Real(_) | ValueRef::Blob(_) => return None,
        }
    }
    for (name, text) in extra {
        writer.raw(name.as_bytes());
        writer.raw(text.as_bytes());
    }
    Some(Digest::of(&[salt, &writer.0]))
}

fn key_of(row: &rusqlite::Row<'_>, key: &[usize]) -> String {
    let parts: Vec<String> = key
        .iter()
        .map(|index| match row.get_ref(*index) {
            Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).replace('\u{1f}', "/"),
            Ok(ValueRef::Integer(number)) => number.to_string(),
            _ => String::new(),
        })
        .collect();
    parts.join("/")
}

/// Reads a digest; bytes of another length give one that nothing has.
fn digest_or_zero(value: ValueRef<'_>) -> Digest {
    value
        .as_blob()
        .ok()
        .and_then(Digest::from_slice)
        .unwrap_or(Digest::ZERO)
}
