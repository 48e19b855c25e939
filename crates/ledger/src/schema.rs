//! The SQL of a ledger file: commits, batches, and one typed table for each table of the model.
//!
//! A row's id is `commit × 2³² + number of the row`, so that ids are integers in order of recording; the two parts
//! can be queried as the generated columns `commit_no` and `row_no`. Decimals are TEXT so that their digits stay.

use counterpart_model::TableId;
use counterpart_model::table::ColumnKind;
use rusqlite::Connection;

use crate::canonical::{CASE_FILES, RETRACTIONS};
use crate::error::LedgerError;

/// `PRAGMA application_id` of a ledger: the letters CPLG.
pub const APPLICATION_ID: i64 = 0x4350_4C47;

/// `PRAGMA user_version`: the newest schema that this version writes.
pub const SCHEMA: i64 = 1;

/// Columns of a stored row that are not content.
pub(crate) const ROW_COLUMNS: [&str; 3] = ["row_id", "salt", "leaf"];

/// Column that holds the columns of the case's own, as a JSON object.
pub(crate) const EXTRA: &str = "x";

/// Whether an SQLite of this version number keeps acknowledged commits.
///
/// Versions below 3.51.3 can lose pages when one connection checkpoints while another writes; 3.52.0 was withdrawn.
///
/// # Source
/// SQLite, "The WAL-Reset Bug", and the 3.51.3 release notes. The number is that of `sqlite3_libversion_number`.
#[must_use]
pub const fn sqlite_is_safe(version_number: i32) -> bool {
    version_number >= 3_051_003 && version_number != 3_052_000
}

/// Refuses the SQLite that is linked in, where it can lose commits.
pub(crate) fn check_sqlite() -> Result<(), LedgerError> {
    if sqlite_is_safe(rusqlite::version_number()) {
        Ok(())
    } else {
        Err(LedgerError::OldSqlite {
            met: rusqlite::version().to_owned(),
        })
    }
}

/// Returns the SQL type of a column.
const fn sql_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Count | ColumnKind::Integer => "INTEGER",
        _ => "TEXT",
    }
}

const ROW_HEAD: &str = "  row_id INTEGER PRIMARY KEY,
  commit_no INTEGER GENERATED ALWAYS AS (row_id >> 32) VIRTUAL,
  row_no INTEGER GENERATED ALWAYS AS (row_id & 4294967295) VIRTUAL,
  salt BLOB,
  leaf BLOB NOT NULL";

/// Returns the SQL that makes one typed table.
#[must_use]
pub fn table_sql(table: TableId) -> String {
    let mut sql = format!("CREATE TABLE IF NOT EXISTS \"{table}\" (\n{ROW_HEAD}");
    for column in table.columns() {
        sql.push_str(&format!(",\n  \"{}\" {}", column.name, sql_type(column.kind)));
    }
    sql.push_str(&format!(",\n  {EXTRA} TEXT\n) STRICT;"));
    sql
}

/// Returns the SQL that makes the tables every ledger has, the typed ones apart.
#[must_use]
pub fn frame_sql() -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS commits (
  no INTEGER PRIMARY KEY,
  parent BLOB,
  digest BLOB NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS batches (
  batch_id INTEGER PRIMARY KEY,
  commit_no INTEGER GENERATED ALWAYS AS (batch_id >> 32) VIRTUAL,
  kind TEXT NOT NULL CHECK (kind IN ('assert', 'retract', 'publish', 'seal')),
  table_name TEXT NOT NULL,
  source_id TEXT NOT NULL,
  first_row INTEGER NOT NULL,
  n_rows INTEGER NOT NULL,
  root BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  commit_no INTEGER NOT NULL REFERENCES commits (no),
  digest BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS {CASE_FILES} (
{ROW_HEAD},
  path TEXT,
  text TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS {RETRACTIONS} (
{ROW_HEAD},
  \"table\" TEXT,
  key TEXT,
  reason TEXT
) STRICT;
"
    )
}

/// Makes whatever a file lacks: all of it when it is new, tables and columns that the model gained since when not.
pub(crate) fn complete(connection: &Connection) -> rusqlite::Result<()> {
    let mut sql = frame_sql();
    for table in TableId::ALL {
        sql.push_str(&table_sql(*table));
    }
    connection.execute_batch(&sql)?;
    for table in TableId::ALL {
        let stored = columns(connection, table.name())?;
        for column in table.columns() {
            if !stored.iter().any(|name| name == column.name) {
                connection.execute_batch(&format!(
                    "ALTER TABLE \"{table}\" ADD COLUMN \"{}\" {}",
                    column.name,
                    sql_type(column.kind)
                ))?;
            }
        }
    }
    Ok(())
}

/// Returns `application_id` and `user_version` of a file.
pub(crate) fn identity(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((pragma("application_id")?, pragma("user_version")?))
}

/// Whether a file has no table at all.
pub(crate) fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

/// Returns the stored columns of a table, generated ones apart; none where there is no such table.
pub(crate) fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?
        .query_map([table], |row| row.get(0))?
        .collect()
}

/// Puts a name into SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_that_can_lose_commits_is_refused() {
        for bad in [3_007_000, 3_046_001, 3_050_004, 3_051_002, 3_052_000] {
            assert!(!sqlite_is_safe(bad), "{bad}");
        }
        for good in [3_051_003, 3_052_001, 3_053_000, 3_054_001] {
            assert!(sqlite_is_safe(good), "{good}");
        }
        assert!(
            sqlite_is_safe(rusqlite::version_number()),
            "{}",
            rusqlite::version()
        );
    }

    #[test]
    fn names_of_the_frame_are_not_names_of_the_model() {
        let frame = ["commits", "batches", "head", CASE_FILES, RETRACTIONS];
        let own = ["row_id", "commit_no", "row_no", "salt", "leaf", EXTRA];
        for table in TableId::ALL {
            assert!(!frame.contains(&table.name()));
            for column in table.columns() {
                assert!(!own.contains(&column.name), "{table}.{}", column.name);
            }
        }
    }
}
