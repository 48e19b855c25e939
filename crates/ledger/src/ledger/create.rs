//! Makes a ledger file that is there whole or not at all.
//!
//! The tables are made in a file with another name and that file is given the ledger's name in one step, so that a process
//! that dies meanwhile leaves no ledger rather than half of one. Where the disk cannot do that step (it has no hard
//! links), SQLite makes the tables in place in one transaction, and opening goes on with whatever that left.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;

use super::{connect, durable, make};
use crate::error::LedgerError;

/// What SQLite keeps beside a file.
const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// How names of unfinished files end.
const UNFINISHED: &str = ".unfinished";

/// Makes an empty ledger where nothing is at the path.
pub(super) fn whole(path: &Path) -> Result<(), LedgerError> {
    // A log without its file is of another ledger. SQLite throws it away when it makes a file itself, and would replay it
    // into one that it finds.
    if path.exists() || BESIDE.iter().any(|end| with(path, end).exists()) {
        return Ok(());
    }
    clear(path);
    let Some(unfinished) = unfinished(path) else {
        return Ok(());
    };
    {
        let store = connect(
            &unfinished,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
        .map_err(|error| named(error, path))?;
        durable(&store)
            .and_then(|()| make(&store))
            .map_err(|error| named(error, path))?;
        // Closing the last connection moves the log into the file and syncs it.
    }
    // A link never replaces a file: whoever made the ledger meanwhile keeps theirs. Nor is it an error that the disk has
    // no links: the ledger is made in place then.
    let linked = !with(&unfinished, "-wal").exists() && fs::hard_link(&unfinished, path).is_ok();
    remove(&unfinished);
    if linked {
        sync_folder(path);
    }
    Ok(())
}

/// Puts the ledger's own name into an error about the unfinished file.
fn named(error: LedgerError, path: &Path) -> LedgerError {
    match error {
        LedgerError::Sqlite { action, source, .. } => LedgerError::Sqlite {
            path: Some(path.into()),
            action,
            source,
        },
        other => other,
    }
}

fn with(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

/// Returns the name of this process's unfinished file, in the same folder so that it is on the same disk.
fn unfinished(path: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(path.file_name()?);
    name.push(format!(".{}{UNFINISHED}", std::process::id()));
    Some(path.with_file_name(name))
}

fn remove(file: &Path) {
    // What cannot be removed is only untidy.
    let _ = fs::remove_file(file);
    for end in BESIDE {
        let _ = fs::remove_file(with(file, end));
    }
}

/// Removes unfinished files of processes that died. One of a living process may be among them: its link fails then, and
/// it makes the ledger in place.
fn clear(path: &Path) {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return;
    };
    let begins = format!(".{name}.");
    let Ok(entries) = fs::read_dir(folder(path)) else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let found = entry.file_name();
        let is_unfinished = found.to_str().is_some_and(|found| {
            let found = BESIDE
                .iter()
                .find_map(|end| found.strip_suffix(end))
                .unwrap_or(found);
            found
                .strip_prefix(&begins)
                .and_then(|rest| rest.strip_suffix(UNFINISHED))
                .is_some_and(|process| !process.is_empty() && process.bytes().all(|b| b.is_ascii_digit()))
        });
        if is_unfinished {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Makes the new name durable, where the system can sync a folder; the first commit syncs it again.
fn sync_folder(path: &Path) {
    if let Ok(folder) = fs::File::open(folder(path)) {
        let _ = folder.sync_all();
    }
}
