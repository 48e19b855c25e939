//! Everything on record as of a commit, and where each row of it was said.

use std::collections::BTreeMap;

use counterpart_model::case::Case;
use counterpart_model::record::GeoFile;
use counterpart_model::{Record, Row, TableId};
use rayon::prelude::*;

use crate::batch::{Batches, CASE_TOML, CaseFile, GEO, PUBLICATIONS, ready_rows, shown_key};
use crate::canonical::{SortedColumns, VERSION, Writer, file_bytes, row_bytes, row_bytes_in};
use crate::commit::{CommitId, CommitInfo};
use crate::digest::Digest;
use crate::error::LedgerError;
use crate::store::{Line, Snapshot, Version};

/// Everything on record as of a commit.
pub struct View {
    commits: Vec<CommitInfo>,
    files: Vec<Line<CaseFile>>,
    tables: BTreeMap<TableId, Vec<Line<Row>>>,
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View")
            .field("as_of", &self.as_of())
            .finish_non_exhaustive()
    }
}

/// A row, in which commit it was said, by whom, and what it replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The commit.
    pub commit: CommitId,
    /// The table.
    pub table: TableId,
    /// Number of the row among those of its table in the commit, from 1.
    pub row_number: u32,
    /// Values of the key, joined by `/`.
    pub key: String,
    /// The row.
    pub row: Row,
    /// When it was recorded.
    pub recorded_at: String,
    /// Who recorded it.
    pub author: String,
    /// What it replaced, the latest first.
    pub superseded: Vec<Statement>,
}

impl Statement {
    /// Returns the statement's id, `commit/table/row`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}/{}", self.commit, self.table, self.row_number)
    }
}

/// How a row stands to what is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// No current row has its key.
    New,
    /// The current row with its key says the same.
    Same(Box<Statement>),
    /// The current row with its key says something else.
    Other(Box<Statement>),
}

impl View {
    pub(crate) fn new(commits: Vec<CommitInfo>, snapshot: Snapshot) -> Self {
        Self {
            commits,
            files: snapshot.files,
            tables: snapshot.tables,
        }
    }

    /// Returns the commit that is shown; none in an empty ledger.
    #[must_use]
    pub fn as_of(&self) -> Option<CommitId> {
        self.commits.last().map(|commit| commit.id)
    }

    /// Returns the commits up to the one shown, the first one first.
    #[must_use]
    pub fn commits(&self) -> &[CommitInfo] {
        &self.commits
    }

    /// Returns the text of `case.toml`; empty where none is on record.
    #[must_use]
    pub fn case_toml(&self) -> &str {
        self.file(CASE_TOML).unwrap_or_default()
    }

    fn file(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .map(|line| &line.current.content)
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    }

    /// Returns the files of `geo/`, sorted by name.
    #[must_use]
    pub fn geo(&self) -> Vec<GeoFile> {
        self.files
            .iter()
            .map(|line| &line.current.content)
            .filter_map(|file| {
                file.path.strip_prefix(GEO).map(|name| GeoFile {
                    name: name.into(),
                    text: file.text.clone(),
                })
            })
            .collect()
    }

    /// Returns what was noted when something was published, sorted by digest.
    #[must_use]
    pub fn publications(&self) -> Vec<&str> {
        self.files
            .iter()
            .map(|line| &line.current.content)
            .filter(|file| file.path.starts_with(PUBLICATIONS))
            .map(|file| file.text.as_str())
            .collect()
    }

    /// Returns the rows of a table, sorted by key.
    #[must_use]
    pub fn rows(&self, table: TableId) -> Vec<&Row> {
        self.lines(table)
            .iter()
            .map(|line| &line.current.content)
            .collect()
    }

    /// Returns how many rows of all tables are current.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.tables.values().map(Vec::len).sum()
    }

    fn lines(&self, table: TableId) -> &[Line<Row>] {
        self.tables.get(&table).map_or(&[], Vec::as_slice)
    }

    /// Returns everything as an import would hold it, rows sorted by key; what an export writes.
    #[must_use]
    pub fn batches(&self) -> Batches {
        Batches {
            case_toml: self.file(CASE_TOML).map(str::to_owned),
            geo: self.geo(),
            tables: self
                .tables
                .keys()
                .map(|table| (*table, self.rows(*table).into_iter().cloned().collect()))
                .collect(),
        }
    }

    /// Returns the typed rows, given the questions that [`View::case_toml`] was read as.
    ///
    /// # Errors
    /// [`LedgerError::Row`] where a stored row does not have the types of its table.
    pub fn record(&self, case: Case) -> Result<Record, LedgerError> {
        let mut record = Record::new(case);
        record.geo = self.geo();
        for table in self.tables.keys() {
            record.read_table(*table, self.rows(*table))?;
        }
        Ok(record)
    }

    /// Returns the current row with a key, values joined by `/`.
    #[must_use]
    pub fn statement(&self, table: TableId, key: &str) -> Option<Statement> {
        self.lines(table)
            .iter()
            .find(|line| shown_key(&line.current.key) == key)
            .map(|line| self.statement_of(line))
    }

    /// Returns the current rows, of any table, whose key is `id`.
    ///
    /// An observation is also found by `place/indicator/period@vintage`, and all vintages of it by
    /// `place/indicator/period`; any row by its statement id, `commit/table/row`.
    #[must_use]
    pub fn find(&self, id: &str) -> Vec<Statement> {
        let observation = id.replacen('@', "/", 1);
        let of_every_vintage = id.matches('/').count() >= 2;
        self.tables
            .iter()
            .flat_map(|(table, lines)| lines.iter().map(move |line| (*table, line)))
            .filter(|(table, line)| {
                let key = line.current.key.as_str();
                let rest = after(key, id);
                rest == Some("")
                    || (*table == TableId::Observations
                        && (after(key, &observation) == Some("")
                            || (of_every_vintage
                                && rest
                                    .and_then(|rest| rest.strip_prefix(KEY_SEPARATOR))
                                    .is_some_and(|rest| !rest.contains(['/', KEY_SEPARATOR])))))
                    || is_statement_id(id, *table, &line.current)
            })
            .map(|(_, line)| self.statement_of(line))
            .collect()
    }

    /// Returns how a row stands to what is on record: whether its key is there, with which content.
    ///
    /// Content is compared as it is hashed.
    ///
    /// # Errors
    /// [`LedgerError::WrongKind`] where a value is not of its column's type.
    pub fn standing(&self, row: &Row) -> Result<Standing, LedgerError> {
        let table = row.table;
        let Some(ready) = ready_rows(table, vec![row.clone()])?.pop() else {
            return Ok(Standing::New);
        };
        let lines = self.lines(table);
        let found = lines
            .binary_search_by(|line| line.current.key.cmp(&ready.key))
            .ok()
            .and_then(|index| lines.get(index));
        Ok(match found {
            None => Standing::New,
            Some(line) => {
                let statement = Box::new(self.statement_of(line));
                if row_bytes(&line.current.content) == ready.canonical {
                    Standing::Same(statement)
                } else {
                    Standing::Other(statement)
                }
            }
        })
    }

    fn statement_of(&self, line: &Line<Row>) -> Statement {
        let mut statement = self.statement_at(&line.current);
        statement.superseded = line
            .earlier
            .iter()
            .map(|version| self.statement_at(version))
            .collect();
        statement
    }

    fn statement_at(&self, version: &Version<Row>) -> Statement {
        let commit = CommitId::new(version.commit);
        let header = self
            .commits
            .iter()
            .find(|info| info.id == commit)
            .map(|info| info.header.clone())
            .unwrap_or_else(|| crate::commit::CommitHeader::new("", "", ""));
        Statement {
            commit,
            table: version.content.table,
            row_number: version.row_no,
            key: shown_key(&version.key),
            row: version.content.clone(),
            recorded_at: header.recorded_at,
            author: header.author,
            superseded: Vec::new(),
        }
    }

    /// Returns the digest of the case's content in hexadecimal digits: SHA-256 over its canonical rows in the order of
    /// their bytes.
    ///
    /// No salt, author or time is in it: whoever holds the same case computes the same digest.
    #[must_use]
    pub fn case_digest(&self) -> String {
        self.case_digest_of(|_| None)
    }

    /// Returns the digest of the case's content with some rows put in place of others: of what may be shown of it.
    ///
    /// No note on what was published is part of the case.
    #[must_use]
    pub fn case_digest_of(&self, instead: impl Fn(&Row) -> Option<Row> + Sync) -> String {
        let files = self
            .files
            .iter()
            .map(|line| &line.current.content)
            .filter(|file| !file.path.starts_with(PUBLICATIONS))
            .map(|file| file_bytes(&file.path, &file.text));
        let mut all: Vec<Vec<u8>> = files.collect();
        for (table, lines) in &self.tables {
            let columns = SortedColumns::of(*table);
            let bytes = |line: &Line<Row>| {
                let row = &line.current.content;
                instead(row).map_or_else(|| row_bytes_in(&columns, row), |row| row_bytes_in(&columns, &row))
            };
            all.par_extend(lines.par_iter().map(bytes));
        }
        all.par_sort_unstable();
        let mut writer = Writer(Vec::with_capacity(
            all.iter().map(|row| row.len() + 4).sum::<usize>() + 32,
        ));
        writer.0.push(VERSION);
        writer.raw(b"counterpart.case");
        for row in &all {
            writer.raw(row);
        }
        Digest::of(&[&writer.0]).to_string()
    }
}

/// What stands between the values of a sort key, where a shown key has `/`.
const KEY_SEPARATOR: char = '\u{1f}';

/// Returns what a sort key has after the beginning of a shown key; nothing where it begins otherwise. No key is written out:
/// most of the many rows differ in their first letters.
fn after<'k>(key: &'k str, shown: &str) -> Option<&'k str> {
    let same = |(met, wanted): (u8, u8)| met == wanted || (met == 0x1f && wanted == b'/');
    (key.len() >= shown.len() && key.bytes().zip(shown.bytes()).all(same))
        .then(|| key.get(shown.len()..))
        .flatten()
}

fn is_statement_id(id: &str, table: TableId, version: &Version<Row>) -> bool {
    let mut parts = id.splitn(3, '/');
    let number = |part: Option<&str>| part.and_then(|text| text.parse::<u32>().ok());
    number(parts.next()) == Some(version.commit)
        && parts.next() == Some(table.name())
        && number(parts.next()) == Some(version.row_no)
}
