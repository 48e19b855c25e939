//! Opening a ledger, committing to it, listing what it holds.

mod create;
mod history;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use counterpart_model::{Row, TableId};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::batch::{Batches, CaseFile, Incoming, PUBLICATIONS, Ready, ready_file, shown_key};
use crate::canonical::{self, SortedColumns, nfc};
use crate::commit::{CommitHeader, CommitId, CommitInfo, CommitOutcome, Preview, StatementKey};
use crate::digest::Digest;
use crate::error::LedgerError;
use crate::schema::{self, APPLICATION_ID, SCHEMA};
use crate::store::{During as _, Line, Snapshot, Store, Withdrawal};
use crate::verify::{Damage, Verified};
use crate::view::View;

pub use history::{Event, Withdrawn};

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which commit a view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The last one.
    Head,
    /// This one: what it shows never changes.
    Commit(CommitId),
}

/// An append-only record of a case's statements, in memory or in a file.
pub struct Ledger {
    store: Store,
    /// Whether the file has every table and column that this version writes.
    complete: bool,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("path", &self.store.path)
            .finish_non_exhaustive()
    }
}

impl Ledger {
    /// Makes an empty ledger that lives as long as this value.
    ///
    /// # Errors
    /// [`LedgerError::OldSqlite`] where the SQLite linked in is unfit; [`LedgerError::Sqlite`] where it refuses.
    pub fn in_memory() -> Result<Self, LedgerError> {
        schema::check_sqlite()?;
        let connection = Connection::open_in_memory().map_err(|source| LedgerError::Sqlite {
            path: None,
            action: "open a ledger",
            source,
        })?;
        let store = Store {
            connection,
            path: None,
        };
        store
            .connection
            .execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")
            .during(&store, "set up the ledger")?;
        make(&store)?;
        Ok(Self {
            store,
            complete: true,
        })
    }

    /// Opens a ledger file that exists.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] where there is no file, [`LedgerError::NotALedger`] where it is something else,
    /// [`LedgerError::NewerSchema`] where a newer version wrote it; [`LedgerError::Sqlite`] where the disk refuses.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        if !path.is_file() {
            return Err(LedgerError::Missing { path: path.into() });
        }
        Self::at(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a ledger file, or makes an empty one where there is no file.
    ///
    /// # Errors
    /// Those of [`Ledger::open`], apart from [`LedgerError::Missing`].
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        create::whole(path)?;
        Self::at(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
    }

    /// Opens what is at a path; a file in which nothing was ever committed is made a ledger.
    fn at(path: &Path, flags: OpenFlags) -> Result<Self, LedgerError> {
        let store = connect(path, flags)?;
        let is_new = is_blank(&store, path)?;
        if !is_new {
            expect_ledger(&store, path)?;
        }
        durable(&store)?;
        if is_new {
            make(&store)?;
        }
        Ok(Self {
            store,
            complete: false,
        })
    }

    /// Commits a whole case: what is new is added, what changed supersedes, what the import lacks stays and is listed.
    ///
    /// Either all of it is on record when this returns, or nothing is. Equal content makes no commit. Decimals are
    /// compared as written: 8.37 and 8.3700 are different content.
    ///
    /// # Errors
    /// [`LedgerError::EmptyHeader`] without author or time; [`LedgerError::DuplicateKey`] and
    /// [`LedgerError::WrongKind`] for rows that validation should have refused; [`LedgerError::Sqlite`] where the
    /// disk refuses.
    pub fn commit(&mut self, header: CommitHeader, batches: Batches) -> Result<CommitOutcome, LedgerError> {
        self.add(header, batches, true, None)
    }

    /// Commits single statements: as [`Ledger::commit`], but rows that are not among them are not called missing.
    ///
    /// # Errors
    /// Those of [`Ledger::commit`].
    pub fn append(&mut self, header: CommitHeader, batches: Batches) -> Result<CommitOutcome, LedgerError> {
        self.add(header, batches, false, None)
    }

    /// Commits single statements that were checked against the record as of `checked`.
    ///
    /// # Errors
    /// [`LedgerError::Moved`] where another commit was made since, and nothing is committed; else those of [`Ledger::commit`].
    pub fn append_on(
        &mut self,
        checked: Option<CommitId>,
        header: CommitHeader,
        batches: Batches,
    ) -> Result<CommitOutcome, LedgerError> {
        self.add(header, batches, false, Some(checked))
    }

    fn add(
        &mut self,
        header: CommitHeader,
        batches: Batches,
        whole: bool,
        on: Option<Option<CommitId>>,
    ) -> Result<CommitOutcome, LedgerError> {
        self.put(checked(header)?, Incoming::prepare(batches)?, whole, on)
    }

    fn put(
        &mut self,
        header: CommitHeader,
        incoming: Incoming,
        whole: bool,
        on: Option<Option<CommitId>>,
    ) -> Result<CommitOutcome, LedgerError> {
        let transaction = begin(&self.store)?;
        if !self.complete {
            schema::complete(&self.store.connection).during(&self.store, "complete the schema")?;
        }
        let head = self.store.head()?;
        expect_head(head, on)?;
        let difference = self.difference(head, incoming, whole)?;
        if difference.is_nothing() {
            return Ok(CommitOutcome::Unchanged {
                missing: difference.missing,
            });
        }
        let info = self
            .store
            .write(head, header, &difference.files, &difference.tables, &[])?;
        transaction
            .commit()
            .during(&self.store, "make the commit durable")?;
        // Only now: what a transaction added to the schema goes with it when it is given up.
        self.complete = true;
        Ok(CommitOutcome::Committed {
            id: info.id,
            added: difference.added,
            superseded: difference.superseded,
            missing: difference.missing,
        })
    }

    /// Notes what was published, in a commit of its own; the same note again makes none.
    ///
    /// The note is text of the caller's. It is hashed and verified as everything is, and is no part of the case: its
    /// digest and its export do not have it.
    ///
    /// # Errors
    /// Those of [`Ledger::commit`].
    pub fn publish(&mut self, header: CommitHeader, note: &str) -> Result<CommitOutcome, LedgerError> {
        let header = checked(header)?;
        let file = ready_file(CaseFile {
            path: format!("{PUBLICATIONS}{}.json", Digest::of(&[nfc(note).as_bytes()])),
            text: note.to_owned(),
        });
        let incoming = Incoming {
            files: vec![file],
            tables: BTreeMap::new(),
        };
        self.put(header, incoming, false, None)
    }

    /// Returns what [`Ledger::commit`] would do with a whole case, and does nothing.
    ///
    /// # Errors
    /// Those of [`Ledger::commit`] that come before anything is written.
    pub fn preview(&self, batches: Batches) -> Result<Preview, LedgerError> {
        let incoming = Incoming::prepare(batches)?;
        let _transaction = Transaction::new_unchecked(&self.store.connection, TransactionBehavior::Deferred)
            .during(&self.store, "begin to read")?;
        let difference = self.difference(self.store.head()?, incoming, true)?;
        Ok(Preview {
            added: difference.added,
            superseded: difference.superseded,
            missing: difference.missing,
        })
    }

    fn difference(
        &self,
        head: Option<(CommitId, Digest)>,
        incoming: Incoming,
        whole: bool,
    ) -> Result<Difference, LedgerError> {
        let current = match head {
            Some((id, _)) => self.store.snapshot(id.number())?,
            None => Snapshot {
                files: Vec::new(),
                tables: BTreeMap::new(),
            },
        };
        Ok(Difference::between(incoming, &current, whole))
    }

    /// Withdraws a row, with the reason. It stays on record; views from here on do not show it.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchStatement`] where no current row has the key; else those of [`Ledger::commit`].
    pub fn retract(
        &mut self,
        header: CommitHeader,
        table: TableId,
        key: &str,
        reason: &str,
    ) -> Result<CommitId, LedgerError> {
        self.withdraw(header, &[(table, key.to_owned())], reason, None)
    }

    /// Withdraws several rows in one commit, after it was checked on the record as of `checked` that nothing needs them.
    ///
    /// # Errors
    /// [`LedgerError::Moved`] where another commit was made since; else those of [`Ledger::retract`].
    pub fn retract_on(
        &mut self,
        checked: Option<CommitId>,
        header: CommitHeader,
        rows: &[(TableId, String)],
        reason: &str,
    ) -> Result<CommitId, LedgerError> {
        self.withdraw(header, rows, reason, Some(checked))
    }

    fn withdraw(
        &mut self,
        header: CommitHeader,
        rows: &[(TableId, String)],
        reason: &str,
        on: Option<Option<CommitId>>,
    ) -> Result<CommitId, LedgerError> {
        let header = checked(header)?;
        let transaction = begin(&self.store)?;
        let head = self.store.head()?;
        expect_head(head, on)?;
        let snapshot = self.store.snapshot(head.map_or(0, |(id, _)| id.number()))?;
        let reason = nfc(reason);
        let mut withdrawals = Vec::with_capacity(rows.len());
        for (table, key) in rows {
            let line = snapshot
                .tables
                .get(table)
                .and_then(|lines| lines.iter().find(|line| shown_key(&line.current.key) == *key))
                .ok_or_else(|| LedgerError::NoSuchStatement {
                    table: *table,
                    key: key.clone(),
                })?;
            withdrawals.push(Withdrawal {
                table: *table,
                key: line.current.key.clone(),
                reason: reason.clone().into_owned(),
            });
        }
        let info = self
            .store
            .write(head, header, &[], &BTreeMap::new(), &withdrawals)?;
        transaction
            .commit()
            .during(&self.store, "make the commit durable")?;
        Ok(info.id)
    }

    /// Returns the last commit; none in an empty ledger.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`] where the disk refuses.
    pub fn head(&self) -> Result<Option<CommitId>, LedgerError> {
        Ok(self.store.head()?.map(|(id, _)| id))
    }

    /// Returns the digest of the last commit: a keeper's secret, never to be printed in a report.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`] where the disk refuses.
    pub fn head_digest(&self) -> Result<Option<Digest>, LedgerError> {
        Ok(self.store.head()?.map(|(_, digest)| digest))
    }

    /// Returns every commit, the first one first.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`] where the disk refuses.
    pub fn commits(&self) -> Result<Vec<CommitInfo>, LedgerError> {
        match self.store.head()? {
            Some((id, _)) => self.store.commits(id.number()),
            None => Ok(Vec::new()),
        }
    }

    /// Returns everything on record as of a commit. Each row is checked against its leaf before it is served.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchCommit`]; [`LedgerError::Damaged`] names a row that is not what was committed.
    pub fn view(&self, as_of: AsOf) -> Result<View, LedgerError> {
        self.view_of(as_of, TableId::ALL)
    }

    /// Returns what is on record as of a commit in some tables; the others seem empty.
    ///
    /// # Errors
    /// Those of [`Ledger::view`].
    pub fn view_of(&self, as_of: AsOf, tables: &[TableId]) -> Result<View, LedgerError> {
        // One read transaction: a commit of another process is either wholly in the view or not at all.
        let _transaction = Transaction::new_unchecked(&self.store.connection, TransactionBehavior::Deferred)
            .during(&self.store, "begin to read")?;
        let head = self.store.head()?.map_or(0, |(id, _)| id.number());
        let number = match as_of {
            AsOf::Head => head,
            AsOf::Commit(id) if (1..=head).contains(&id.number()) => id.number(),
            AsOf::Commit(id) => return Err(LedgerError::NoSuchCommit { id }),
        };
        Ok(View::new(
            self.store.commits(number)?,
            self.store.snapshot_of(number, tables)?,
        ))
    }

    /// Recomputes every leaf, root and digest.
    ///
    /// # Errors
    /// Everything that is not as it was committed, the first broken commit and row first.
    pub fn verify(&self) -> Result<Verified, Vec<Damage>> {
        crate::verify::verify(&self.store.connection)
    }
}

/// What an import changes.
struct Difference {
    files: Vec<Ready<CaseFile>>,
    tables: BTreeMap<TableId, Vec<Ready<Row>>>,
    added: usize,
    superseded: Vec<StatementKey>,
    missing: Vec<StatementKey>,
}

impl Difference {
    fn between(incoming: Incoming, current: &Snapshot, whole: bool) -> Self {
        let mut difference = Self {
            files: Vec::new(),
            tables: BTreeMap::new(),
            added: 0,
            superseded: Vec::new(),
            missing: Vec::new(),
        };
        let bytes_of_file = |file: &CaseFile| canonical::file_bytes(&file.path, &file.text);
        difference.files = difference.pick(None, incoming.files, &current.files, bytes_of_file, whole);
        let mut incoming = incoming.tables;
        for table in TableId::ALL {
            let rows = incoming.remove(table).unwrap_or_default();
            let lines = current.tables.get(table).map_or(&[][..], Vec::as_slice);
            let columns = SortedColumns::of(*table);
            let bytes_of_row = |row: &Row| canonical::row_bytes_in(&columns, row);
            let picked = difference.pick(Some(*table), rows, lines, bytes_of_row, whole);
            if !picked.is_empty() {
                difference.tables.insert(*table, picked);
            }
        }
        difference
    }

    fn is_nothing(&self) -> bool {
        self.files.is_empty() && self.tables.is_empty()
    }

    /// Keeps the rows whose content is not on record; `lines` are sorted by key.
    fn pick<T>(
        &mut self,
        table: Option<TableId>,
        rows: Vec<Ready<T>>,
        lines: &[Line<T>],
        canonical: impl Fn(&T) -> Vec<u8>,
        whole: bool,
    ) -> Vec<Ready<T>> {
        let statement_key = |key: &str| StatementKey {
            table,
            key: shown_key(key),
        };
        let mut met = vec![false; lines.len()];
        let mut picked = Vec::new();
        for row in rows {
            match lines.binary_search_by(|line| line.current.key.as_str().cmp(&row.key)) {
                Ok(at) => {
                    if let Some(met) = met.get_mut(at) {
                        *met = true;
                    }
                    if lines
                        .get(at)
                        .is_some_and(|line| canonical(&line.current.content) == row.canonical)
                    {
                        continue;
                    }
                    self.superseded.push(statement_key(&row.key));
                }
                Err(_) => self.added += 1,
            }
            picked.push(row);
        }
        if whole {
            // What was published is no part of a case, so that no folder can lack it.
            let missing = lines.iter().zip(&met).filter(|(line, met)| {
                !**met && (table.is_some() || !line.current.key.starts_with(PUBLICATIONS))
            });
            self.missing
                .extend(missing.map(|(line, _)| statement_key(&line.current.key)));
        }
        picked
    }
}

fn checked(header: CommitHeader) -> Result<CommitHeader, LedgerError> {
    for (text, what) in [
        (&header.author, "an author"),
        (&header.recorded_at, "the time it was recorded"),
    ] {
        if text.trim().is_empty() {
            return Err(LedgerError::EmptyHeader { what });
        }
    }
    Ok(CommitHeader::new(
        nfc(&header.author),
        nfc(&header.recorded_at),
        nfc(&header.message),
    ))
}

/// Fails where the last commit is not the one that was looked at.
fn expect_head(head: Option<(CommitId, Digest)>, on: Option<Option<CommitId>>) -> Result<(), LedgerError> {
    let head = head.map(|(id, _)| id);
    match on {
        Some(expected) if expected != head => Err(LedgerError::Moved { head }),
        _ => Ok(()),
    }
}

/// Begins to write: the lock is taken now, so that nobody else commits between our reading and our writing.
fn begin(store: &Store) -> Result<Transaction<'_>, LedgerError> {
    Transaction::new_unchecked(&store.connection, TransactionBehavior::Immediate)
        .during(store, "begin a commit")
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Store, LedgerError> {
    schema::check_sqlite()?;
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|source| LedgerError::Sqlite {
        path: Some(path.into()),
        action: "open the ledger",
        source,
    })?;
    let store = Store {
        connection,
        path: Some(path.into()),
    };
    store
        .connection
        .busy_timeout(PATIENCE)
        .during(&store, "set up the ledger")?;
    Ok(store)
}

/// Opens a file for `verify`: nothing is written, except that SQLite may have to finish what a killed process began.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, LedgerError> {
    if !path.is_file() {
        return Err(LedgerError::Missing { path: path.into() });
    }
    let store = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let code = schema::identity(&store.connection)
        .err()
        .and_then(|error| error.sqlite_error_code());
    match code {
        // A journal or log of a killed process is still to be rolled back or replayed, and only a writer may do that.
        Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::CannotOpen) => {
            Ok(connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?.connection)
        }
        _ => Ok(store.connection),
    }
}

fn durable(store: &Store) -> Result<(), LedgerError> {
    store
        .connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
        )
        .during(store, "set up the ledger")
}

fn make(store: &Store) -> Result<(), LedgerError> {
    let transaction = begin(store)?;
    // Another process may have made it while we waited for the lock: everything here may be done twice.
    schema::complete(&store.connection).during(store, "make the tables")?;
    store
        .connection
        .execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA};"
        ))
        .during(store, "make the tables")?;
    transaction.commit().during(store, "make the tables")
}

/// Returns `application_id` and `user_version`.
fn identity(store: &Store, path: &Path) -> Result<(i64, i64), LedgerError> {
    schema::identity(&store.connection).map_err(|source| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => LedgerError::NotALedger { path: path.into() },
        _ => LedgerError::Sqlite {
            path: Some(path.into()),
            action: "read the file's identity",
            source,
        },
    })
}

/// Whether nothing was ever committed to a file: no bytes, or neither an identity nor a table.
fn is_blank(store: &Store, path: &Path) -> Result<bool, LedgerError> {
    Ok(identity(store, path)? == (0, 0)
        && schema::is_empty(&store.connection).during(store, "read the schema")?)
}

fn expect_ledger(store: &Store, path: &Path) -> Result<(), LedgerError> {
    match identity(store, path)? {
        (APPLICATION_ID, schema) if schema <= SCHEMA => Ok(()),
        (APPLICATION_ID, met) => Err(LedgerError::NewerSchema { met, known: SCHEMA }),
        _ => Err(LedgerError::NotALedger { path: path.into() }),
    }
}
