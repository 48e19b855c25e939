//! A commit: who added which batches when, and the digest that binds them to everything before.

use counterpart_model::TableId;

use crate::canonical::Writer;
use crate::digest::Digest;

/// Number of a commit in its ledger, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(u32);

impl CommitId {
    /// Makes the id of the commit with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl std::fmt::Display for CommitId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

/// Who commits, when and why. The time is an argument: a ledger reads no clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitHeader {
    /// The office or person that answers for the commit.
    pub author: String,
    /// When it was recorded, ISO 8601.
    pub recorded_at: String,
    /// Why; may be empty.
    pub message: String,
}

impl CommitHeader {
    /// Makes a header.
    #[must_use]
    pub fn new(
        author: impl Into<String>,
        recorded_at: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            author: author.into(),
            recorded_at: recorded_at.into(),
            message: message.into(),
        }
    }
}

/// A batch as it is listed in its commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchInfo {
    /// What it does, as stored: `assert`, `retract`, `publish` or `seal`.
    pub kind: String,
    /// Name of the table.
    pub table: String,
    /// The source of every row of the batch; empty for sources, files and withdrawals.
    pub source: String,
    /// Number of its first row among the rows of its table in the commit, from 1.
    pub first_row: u32,
    /// How many rows it has.
    pub n_rows: u32,
    /// Merkle root of its leaves.
    pub root: Digest,
}

/// A commit as a ledger lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    /// Its number.
    pub id: CommitId,
    /// Digest of the commit before; none for the first.
    pub parent: Option<Digest>,
    /// Its own digest. Salts are in it: a keeper's secret, never to be printed in a report.
    pub digest: Digest,
    /// Who, when, why.
    pub header: CommitHeader,
    /// Its batches.
    pub batches: Vec<BatchInfo>,
}

impl CommitInfo {
    /// Returns how many rows it added.
    #[must_use]
    pub fn n_rows(&self) -> u64 {
        self.batches.iter().map(|batch| u64::from(batch.n_rows)).sum()
    }
}

/// Returns the digest of a commit: SHA-256 over its number, its parent's digest, its header and its batches.
#[must_use]
pub fn digest(id: CommitId, parent: Option<Digest>, header: &CommitHeader, batches: &[BatchInfo]) -> Digest {
    let mut writer = Writer::row("counterpart.commit");
    writer.number(u64::from(id.number()));
    writer.raw(parent.as_ref().map_or(&[], |digest| digest.as_bytes().as_slice()));
    for text in [&header.author, &header.recorded_at, &header.message] {
        writer.raw(text.as_bytes());
    }
    writer.number(batches.len() as u64);
    for batch in batches {
        writer.raw(batch.kind.as_bytes());
        writer.raw(batch.table.as_bytes());
        writer.raw(batch.source.as_bytes());
        writer.number(u64::from(batch.first_row));
        writer.number(u64::from(batch.n_rows));
        writer.raw(batch.root.as_bytes());
    }
    Digest::of(&[&writer.0])
}

/// A row by its table and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementKey {
    /// The table; none for `case.toml` and the files of `geo/`.
    pub table: Option<TableId>,
    /// Values of the key joined by `/`, or the file's path.
    pub key: String,
}

impl std::fmt::Display for StatementKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.table {
            Some(table) => write!(f, "{table}: {}", self.key),
            None => f.write_str(&self.key),
        }
    }
}

/// What an import would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// How many rows are new.
    pub added: usize,
    /// Rows that would supersede an earlier one.
    pub superseded: Vec<StatementKey>,
    /// Rows on record that the import does not hold. They would stay.
    pub missing: Vec<StatementKey>,
}

impl Preview {
    /// Whether the import would make no commit.
    #[must_use]
    pub const fn is_unchanged(&self) -> bool {
        self.added == 0 && self.superseded.is_empty()
    }
}

/// What became of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitOutcome {
    /// Everything in it is on record already: no commit was made.
    Unchanged {
        /// Rows on record that the import does not hold. They stay.
        missing: Vec<StatementKey>,
    },
    /// A commit was made.
    Committed {
        /// Its number.
        id: CommitId,
        /// How many rows are new.
        added: usize,
        /// Rows that supersede an earlier one.
        superseded: Vec<StatementKey>,
        /// Rows on record that the import does not hold. They stay.
        missing: Vec<StatementKey>,
    },
}

impl CommitOutcome {
    /// Returns the commit that was made, if one was.
    #[must_use]
    pub const fn id(&self) -> Option<CommitId> {
        match self {
            Self::Unchanged { .. } => None,
            Self::Committed { id, .. } => Some(*id),
        }
    }

    /// Returns the rows on record that the import does not hold. They stay.
    #[must_use]
    pub fn missing(&self) -> &[StatementKey] {
        match self {
            Self::Unchanged { missing } | Self::Committed { missing, .. } => missing,
        }
    }

    /// Returns the rows that supersede an earlier one.
    #[must_use]
    pub fn superseded(&self) -> &[StatementKey] {
        match self {
            Self::Unchanged { .. } => &[],
            Self::Committed { superseded, .. } => superseded,
        }
    }
}
