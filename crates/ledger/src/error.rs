//! What can go wrong, and whose fault it is.
//!
//! | blame | variants | when |
//! |---|---|---|
//! | input (exit 2) | `NoSuchCommit`, `NotALedger`, `NoSuchStatement`, `EmptyHeader`, `Missing` | the caller asked for what is not there |
//! | world (exit 1) | `Moved`, `Sqlite`, `Randomness`, `Damaged`, `OldSqlite`, `NewerSchema` | disk, damage, versions |
//! | ours (exit 1) | `DuplicateKey`, `WrongKind`, `Misfit`, `TooManyRows`, `Row` | a row that validation should have refused |

use std::path::PathBuf;

use counterpart_model::TableId;
use counterpart_model::row::RowError;

use crate::commit::CommitId;

/// Who has to act for an error to go away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The input: it has to be changed.
    Input,
    /// The world: disk, operating system, another program; trying again may help.
    World,
    /// This program.
    Ours,
}

/// Why a ledger could not do what was asked. Whatever the error, nothing was half-written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// SQLite or the disk below it refused.
    #[error("{}: could not {action}: {source}", shown(path.as_ref()))]
    Sqlite {
        /// The ledger file; none for a ledger in memory.
        path: Option<PathBuf>,
        /// What was being done.
        action: &'static str,
        /// SQLite's own words.
        #[source]
        source: rusqlite::Error,
    },
    /// The operating system gave no random bytes for salts.
    #[error("the operating system gives no random bytes")]
    Randomness {
        /// Its own words.
        #[source]
        source: getrandom::Error,
    },
    /// No file at the path.
    #[error("{}: no such ledger", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// A file that is no ledger.
    #[error("{}: not a ledger", path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// A ledger that a newer version wrote.
    #[error("the ledger has schema {met}; this version reads up to {known}")]
    NewerSchema {
        /// Schema of the file.
        met: i64,
        /// Newest schema that this version knows.
        known: i64,
    },
    /// The SQLite that is linked in can lose committed pages.
    #[error("SQLite {met} can lose acknowledged commits; 3.51.3 or later is needed, and not 3.52.0")]
    OldSqlite {
        /// Its version.
        met: String,
    },
    /// A stored row is not what was committed.
    #[error("commit {commit}, {table} row {row}: the stored row is not the one that was committed")]
    Damaged {
        /// Number of the commit.
        commit: u32,
        /// Name of the table.
        table: String,
        /// Number of the row.
        row: u32,
    },
    /// A stored row has a column that this version does not know, or a value of another type.
    #[error("commit {commit}, {table} row {row}: {column:?} cannot be read")]
    Misfit {
        /// Number of the commit.
        commit: u32,
        /// Name of the table.
        table: String,
        /// Number of the row.
        row: u32,
        /// The column.
        column: String,
    },
    /// The ledger has no such commit.
    #[error("the ledger has no commit {id}")]
    NoSuchCommit {
        /// The commit asked for.
        id: CommitId,
    },
    /// Somebody else committed since the caller looked: what was checked against the record has to be checked again.
    #[error("the ledger moved on: its last commit is {}", head.map_or_else(|| "none".to_owned(), |id| id.to_string()))]
    Moved {
        /// The last commit now.
        head: Option<CommitId>,
    },
    /// No current statement has this key.
    #[error("{table} has no current row {key:?}")]
    NoSuchStatement {
        /// The table.
        table: TableId,
        /// The key asked for.
        key: String,
    },
    /// A commit without an author or a time.
    #[error("a commit needs {what}")]
    EmptyHeader {
        /// What is missing.
        what: &'static str,
    },
    /// Two rows of one import have the same key.
    #[error("{table} has two rows {key:?}")]
    DuplicateKey {
        /// Name of the table.
        table: String,
        /// The key.
        key: String,
    },
    /// A value of another type than its column's.
    #[error("{table} row {key:?}: {column} holds a {met}")]
    WrongKind {
        /// The table.
        table: TableId,
        /// Key of the row.
        key: String,
        /// The column.
        column: &'static str,
        /// What it holds.
        met: &'static str,
    },
    /// More rows or commits than a ledger can number.
    #[error("more than 4,294,967,295 rows of a table in one commit, or 2,147,483,647 commits")]
    TooManyRows,
    /// A row that its struct cannot be read from.
    #[error(transparent)]
    Row(#[from] RowError),
}

impl LedgerError {
    /// Returns who has to act.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        match self {
            Self::NoSuchCommit { .. }
            | Self::NotALedger { .. }
            | Self::NoSuchStatement { .. }
            | Self::EmptyHeader { .. }
            | Self::Missing { .. } => Blame::Input,
            Self::Sqlite { .. }
            | Self::Moved { .. }
            | Self::Randomness { .. }
            | Self::Damaged { .. }
            | Self::OldSqlite { .. }
            | Self::NewerSchema { .. } => Blame::World,
            Self::DuplicateKey { .. }
            | Self::WrongKind { .. }
            | Self::Misfit { .. }
            | Self::TooManyRows
            | Self::Row(_) => Blame::Ours,
        }
    }
}

fn shown(path: Option<&PathBuf>) -> String {
    path.map_or_else(|| "ledger in memory".into(), |path| path.display().to_string())
}
