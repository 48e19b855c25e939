//! Everything that was ever said under one key, withdrawals and what came after them included.

use counterpart_model::TableId;
use rusqlite::{Transaction, TransactionBehavior};

use super::Ledger;
use crate::batch::shown_key;
use crate::commit::{CommitHeader, CommitId, CommitInfo};
use crate::error::LedgerError;
use crate::store::During as _;
use crate::view::Statement;

/// Something that happened to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A row was said; it replaces an earlier one that was not withdrawn.
    Said(Box<Statement>),
    /// The row was withdrawn.
    Withdrawn(Withdrawn),
}

/// A withdrawal on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The commit that withdrew the row.
    pub commit: CommitId,
    /// Number of the withdrawal in the commit, from 1.
    pub row_number: u32,
    /// Name of the row's table.
    pub table: String,
    /// Values of its key, joined by `/`.
    pub key: String,
    /// Why.
    pub reason: String,
    /// Who, when.
    pub header: CommitHeader,
}

impl Event {
    /// Returns the commit in which it happened.
    #[must_use]
    pub fn commit(&self) -> CommitId {
        match self {
            Self::Said(statement) => statement.commit,
            Self::Withdrawn(withdrawn) => withdrawn.commit,
        }
    }
}

impl Ledger {
    /// Returns every withdrawal, the first one first.
    ///
    /// # Errors
    /// [`LedgerError::Sqlite`] where the disk refuses; [`LedgerError::Damaged`] names what is not as it was committed.
    pub fn withdrawals(&self) -> Result<Vec<Withdrawn>, LedgerError> {
        let commits = self.commits()?;
        let up_to = commits.last().map_or(0, |commit| commit.id.number());
        let rows = self.store.retractions(up_to)?;
        Ok(rows
            .into_iter()
            .map(|row| Withdrawn {
                commit: CommitId::new(row.commit),
                row_number: row.row_no,
                table: row.table,
                key: shown_key(&row.key),
                reason: row.reason,
                header: header(&commits, row.commit),
            })
            .collect())
    }

    /// Returns what was said under a key of any table, or in the row with a statement's id, the first thing first.
    ///
    /// # Errors
    /// Those of [`Ledger::view`].
    pub fn history(&self, id: &str) -> Result<Vec<Event>, LedgerError> {
        let _transaction = Transaction::new_unchecked(&self.store.connection, TransactionBehavior::Deferred)
            .during(&self.store, "begin to read")?;
        let commits = self.commits()?;
        let up_to = commits.last().map_or(0, |commit| commit.id.number());
        let withdrawals = self.withdrawals()?;
        let mut events = Vec::new();
        for table in TableId::ALL {
            let versions = self.store.versions(*table, up_to)?;
            let keys: Vec<String> = versions.iter().map(|version| shown_key(&version.key)).collect();
            let of_statement = versions
                .iter()
                .zip(&keys)
                .find(|(version, _)| id == format!("{}/{table}/{}", version.commit, version.row_no));
            let wanted = of_statement.map_or(id, |(_, key)| key.as_str()).to_owned();
            for (version, key) in versions.into_iter().zip(keys) {
                if key != wanted {
                    continue;
                }
                let header = header(&commits, version.commit);
                events.push(Event::Said(Box::new(Statement {
                    commit: CommitId::new(version.commit),
                    table: *table,
                    row_number: version.row_no,
                    key,
                    row: version.content,
                    recorded_at: header.recorded_at,
                    author: header.author,
                    superseded: Vec::new(),
                })));
            }
            events.extend(
                withdrawals
                    .iter()
                    .filter(|row| row.table == table.name() && row.key == wanted)
                    .cloned()
                    .map(Event::Withdrawn),
            );
        }
        events.sort_by_key(Event::commit);
        Ok(events)
    }
}

fn header(commits: &[CommitInfo], commit: u32) -> CommitHeader {
    commits
        .iter()
        .find(|info| info.id.number() == commit)
        .map_or_else(|| CommitHeader::new("", "", ""), |info| info.header.clone())
}
