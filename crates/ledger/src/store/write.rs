//! Writing a commit: salts, leaves, rows, batches, head.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use counterpart_model::{Row, TableId, Value};
use rayon::prelude::*;
use rusqlite::Statement;
use rusqlite::types::Null;

use super::{During, SALT, Store, Withdrawal, extra_json, row_id};
use crate::batch::{BatchKind, CaseFile, PUBLICATIONS, Ready};
use crate::canonical::{self, CASE_FILES, RETRACTIONS};
use crate::commit::{BatchInfo, CommitHeader, CommitId, CommitInfo};
use crate::digest::{Digest, merkle_root};
use crate::error::LedgerError;
use crate::schema::{EXTRA, quoted};

impl Store {
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
        let is_note = |file: &Ready<CaseFile>| file.key.starts_with(PUBLICATIONS);
        leaves.batches(
            if !files.is_empty() && files.iter().all(is_note) {
                BatchKind::Publish
            } else {
                BatchKind::Assert
            },
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
        // Columns that no row fills are left to their NULL: most tables use half of theirs.
        let used = |index: usize| rows.iter().any(|row| row.content.value_at(index).is_some());
        let columns: Vec<Bound> = (0..table.columns().len())
            .filter(|index| used(*index))
            .map(Some)
            .chain([None])
            .map(|column| Bound {
                column,
                is_set: false,
            })
            .collect();
        let mut sql = format!("INSERT INTO \"{table}\" (row_id, salt, leaf");
        for bound in &columns {
            let column = bound.column.and_then(|index| table.columns().get(index));
            let _ = write!(sql, ", {}", quoted(column.map_or(EXTRA, |column| column.name)));
        }
        sql.push_str(") VALUES (?, ?, ?");
        sql.push_str(&", ?".repeat(columns.len()));
        sql.push(')');
        let mut insert = Insert {
            statement: self.connection.prepare(&sql)?,
            columns,
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
    statement: Statement<'c>,
    columns: Vec<Bound>,
    text: String,
}

/// A parameter after row id, salt and leaf.
struct Bound {
    /// Position of its column in the table; none for the columns of the case's own.
    column: Option<usize>,
    /// Whether the last row left a value in it.
    is_set: bool,
}

impl Insert<'_> {
    fn row(&mut self, row: &Row) -> rusqlite::Result<()> {
        for (at, bound) in (4..).zip(&mut self.columns) {
            let is_set = match bound.column {
                None if row.extra.is_empty() => false,
                None => {
                    self.statement.raw_bind_parameter(at, extra_json(&row.extra))?;
                    true
                }
                Some(index) => match row.value_at(index) {
                    None => false,
                    Some(value) => {
                        bind(&mut self.statement, at, value, &mut self.text)?;
                        true
                    }
                },
            };
            if bound.is_set && !is_set {
                self.statement.raw_bind_parameter(at, Null)?;
            }
            bound.is_set = is_set;
        }
        self.statement.raw_execute().map(|_| ())
    }
}

fn bind(statement: &mut Statement<'_>, at: usize, value: &Value, text: &mut String) -> rusqlite::Result<()> {
    match value {
        Value::Text(text) => statement.raw_bind_parameter(at, text),
        Value::Integer(number) => statement.raw_bind_parameter(at, number),
        value => {
            text.clear();
            // Writing to a String cannot fail.
            let _ = write!(text, "{value}");
            statement.raw_bind_parameter(at, &*text)
        }
    }
}
