//! Ids for completions, out of the case or ledger that the command line names.
//!
//! A shell asks the program itself what may come next. The ledger or case is the one that stands on the line already; before
//! one does, the folder one is in, where that is a case, or its only ledger.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap_complete::engine::CompletionCandidate;
use counterpart_ledger::{AsOf, Ledger, View};
use counterpart_model::{Row, TableId};

/// Most ids handed to a shell.
const MOST: usize = 2000;

/// Returns keys of rows of any table, statistics apart.
pub(crate) fn statements(current: &OsStr) -> Vec<CompletionCandidate> {
    let tables: Vec<TableId> = TableId::ALL
        .iter()
        .copied()
        .filter(|table| *table != TableId::Observations)
        .collect();
    keys_of(&tables, current)
}

/// Returns keys of claims.
pub(crate) fn claims(current: &OsStr) -> Vec<CompletionCandidate> {
    keys_of(&[TableId::Claims], current)
}

/// Returns keys of rows of some tables that begin as what was typed; of several ids joined by `;`, for the last one.
pub(crate) fn keys_of(tables: &[TableId], current: &OsStr) -> Vec<CompletionCandidate> {
    let typed = current.to_string_lossy();
    let (before, last) = match typed.rfind(';') {
        Some(at) => typed.split_at(at + 1),
        None => ("", &*typed),
    };
    let Some(rows) = rows(tables) else {
        return Vec::new();
    };
    rows.iter()
        .map(|row| (row.key(), about(row)))
        .filter(|(key, _)| key.starts_with(last))
        .take(MOST)
        .map(|(key, about)| CompletionCandidate::new(format!("{before}{key}")).help(about.map(Into::into)))
        .collect()
}

/// A few words about a row, of those that hold no count: titles and names.
fn about(row: &Row) -> Option<String> {
    let text = ["name", "title"]
        .into_iter()
        .find_map(|heading| row.text(heading))?;
    Some(text.chars().take(60).collect())
}

fn rows(tables: &[TableId]) -> Option<Vec<Row>> {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let named = words
        .iter()
        .map(|word| {
            let text = word.to_string_lossy();
            PathBuf::from(text.strip_prefix("--ledger=").unwrap_or(&text))
        })
        .find(|path| is_case(path) || is_ledger(path));
    let path = named.or_else(here)?;
    if path.is_dir() {
        let folder = counterpart_exchange::case::read(&path).ok()?;
        return Some(
            tables
                .iter()
                .filter_map(|table| folder.tables.get(table))
                .flatten()
                .cloned()
                .collect(),
        );
    }
    let ledger = Ledger::open(&path).ok()?;
    let view: View = ledger.view_of(AsOf::Head, tables).ok()?;
    Some(
        tables
            .iter()
            .flat_map(|table| view.rows(*table))
            .cloned()
            .collect(),
    )
}

fn is_case(path: &Path) -> bool {
    path.join("case.toml").is_file()
}

fn is_ledger(path: &Path) -> bool {
    path.is_file() && crate::reading::may_be_ledger(path).unwrap_or(false)
}

/// The folder one is in, where it is a case, or its only ledger.
fn here() -> Option<PathBuf> {
    let folder = PathBuf::from(".");
    if is_case(&folder) {
        return Some(folder);
    }
    let mut ledgers: Vec<PathBuf> = std::fs::read_dir(&folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| is_ledger(path))
        .collect();
    match (ledgers.pop(), ledgers.is_empty()) {
        (Some(only), true) => Some(only),
        _ => None,
    }
}
