//! `counterpart export`: the keeper's copy of a case, as a folder.

use std::path::{Path, PathBuf};

use counterpart_exchange::case::CaseFolder;
use counterpart_ledger::{AsOf, CommitId};
use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure};
use crate::reading;
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::number::count;
use crate::terminal::page::Page;

/// What is said of every export.
const KEEPERS: &str = "the keeper's copy: nothing in it is withheld, and it is not for publication";

pub(crate) fn run(args: &args::Export, settings: &Settings) -> Result<Done, Failure> {
    expect_free(&args.folder)?;
    let ledger = reading::open(&args.ledger)?;
    let as_of = args
        .as_of
        .map_or(AsOf::Head, |number| AsOf::Commit(CommitId::new(number)));
    let view = ledger.view(as_of).map_err(Failure::Ledger)?;
    if view.case_toml().is_empty() {
        return Err(Failure::WrongFile {
            path: args.ledger.clone(),
            what: "a ledger that holds no case",
            hint: "read one into it: counterpart assess CASE --ledger FILE",
        });
    }
    let batches = view.batches();
    let rows = batches.n_rows();
    let folder = CaseFolder::from_rows(batches.case_toml.unwrap_or_default(), batches.tables, batches.geo)
        .map_err(|faults| Failure::Faults {
            faults,
            nothing: "nothing was exported",
        })?;
    write(&folder, &args.folder)?;
    let commit = view.as_of().map(CommitId::number);
    if settings.json {
        terminal::print_json(&json!({
            "schema": "counterpart.export/1",
            "folder": args.folder.display().to_string(),
            "ledger": args.ledger.display().to_string(),
            "as_of": commit,
            "rows": rows,
            "tables": folder.tables.len(),
            "shapes": folder.geo.len(),
        }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    page.line(&format!(
        "{}: {} in {}, {}, as of commit {}",
        args.folder.display(),
        count(rows, "row", "rows"),
        count(folder.tables.len(), "table", "tables"),
        count(folder.geo.len(), "file of shapes", "files of shapes"),
        commit.unwrap_or_default(),
    ));
    if !settings.quiet {
        page.line(KEEPERS);
    }
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}

/// Refuses a place where something is: an export never writes over a folder that may hold somebody's work.
fn expect_free(folder: &Path) -> Result<(), Failure> {
    let taken = Failure::WrongFile {
        path: folder.to_owned(),
        what: "already there; nothing is written over",
        hint: "name a new folder, or an empty one",
    };
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(taken),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(_) if folder.exists() => Err(taken),
        Err(source) => Err(Failure::Read {
            path: folder.to_owned(),
            source,
        }),
    }
}

/// Writes beside the folder and gives it its name when it is whole.
fn write(case: &CaseFolder, folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Failure::Write { path, source }
    };
    let beside = beside(folder);
    let done = counterpart_exchange::case::export(case, &beside).map_err(Failure::Scaffold);
    let named = done.and_then(|()| std::fs::rename(&beside, folder).map_err(failed(folder)));
    if named.is_err() {
        // What cannot be removed is only untidy.
        let _ = std::fs::remove_dir_all(&beside);
    }
    named
}

/// A name on the same disk that no other process uses.
fn beside(folder: &Path) -> PathBuf {
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    folder.with_file_name(format!(".{name}.{}.unfinished", std::process::id()))
}
