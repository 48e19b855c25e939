//! `counterpart record`: new rows through the checks of an import, in one commit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use counterpart_exchange::entry::{self, Draft, Entered};
use counterpart_ledger::{AsOf, Batches, CommitId, CommitOutcome, Standing, StatementKey};
use counterpart_model::{Fault, FaultCode, Faults, Row, TableId};
use serde_json::json;

use crate::args::{self, Writing};
use crate::exit::{Done, Failure};
use crate::keeper::{self, Keeper};
use crate::reading;
use crate::settings::Settings;
use crate::terminal::change::{Became, Change};
use crate::terminal::{self, change};

/// What did not happen where there are faults.
const NOTHING: &str = "nothing was recorded";

pub(crate) fn run(args: &args::Record, settings: &Settings) -> Result<Done, Failure> {
    if let Some(case) = &args.case {
        return import(case, &args.writing, settings);
    }
    let draft = draft(args)?;
    let mut keeper = Keeper::open(&args.writing.ledger)?;
    let message = match (args.table, draft.n_rows()) {
        (Some(table), 1) => format!("record {}", args::singular(table)),
        (Some(table), rows) => format!("record {rows} rows of {table}"),
        (None, rows) => format!("record {rows} rows"),
    };
    let (commit, changes) =
        keeper.write(|keeper| write(keeper, &draft, args.supersede, &args.writing, &message))?;
    tell("record", &args.writing, commit, &changes, settings)
}

fn draft(args: &args::Record) -> Result<Draft, Failure> {
    let Some(file) = &args.from else {
        return Ok(args
            .table
            .map(|table| Draft::from_cells(table, &args.cells))
            .unwrap_or_default());
    };
    reading::there(file)?;
    let is_toml = file
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("toml"));
    match args.table {
        Some(table) if !is_toml => Draft::from_csv(file, table),
        None if !is_toml => return Err(not_toml(file)),
        table => Draft::from_toml(file, table),
    }
    .map_err(Failure::Exchange)
}

fn not_toml(file: &Path) -> Failure {
    Failure::WrongFile {
        path: file.to_owned(),
        what: "no TOML file, and only those name their tables",
        hint: "name the table: counterpart record TABLE --from FILE.csv --ledger FILE",
    }
}

/// Reads a whole folder into the ledger.
fn import(case: &Path, writing: &Writing, settings: &Settings) -> Result<Done, Failure> {
    let folder = reading::read_folder(case)?;
    let header = keeper::header(writing, "")?;
    let file = &writing.ledger;
    let mut remarks = Vec::new();
    let (commit, added, superseded, missing) = if writing.dry_run {
        let preview = reading::preview(folder, file)?;
        (None, preview.added, preview.superseded, preview.missing)
    } else {
        let (_, outcome) = reading::import_as(folder, Some(file), header, &mut remarks)?;
        match outcome {
            CommitOutcome::Unchanged { missing } => (None, 0, Vec::new(), missing),
            CommitOutcome::Committed {
                id,
                added,
                superseded,
                missing,
            } => (Some(id), added, superseded, missing),
        }
    };
    if settings.json {
        let keys = |keys: &[StatementKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        terminal::print_json(&json!({
            "schema": "counterpart.record/1",
            "ledger": file.display().to_string(),
            "commit": commit.map(CommitId::number),
            "dry_run": writing.dry_run,
            "added": added,
            "superseded": keys(&superseded),
            "missing": keys(&missing),
        }))?;
        return Ok(Done::Well);
    }
    terminal::print(
        &change::import_screen(writing, commit, added, &superseded, &missing, settings),
        settings,
    )?;
    Ok(Done::Well)
}

/// Checks a draft against what is on record and commits what is new of it.
pub(super) fn write(
    keeper: &mut Keeper,
    draft: &Draft,
    may_supersede: bool,
    writing: &Writing,
    message: &str,
) -> Result<(Option<CommitId>, Vec<Change>), Failure> {
    let (rows, faults) = entry::check(draft, &keeper.on_record, &[]);
    let mut faults: Vec<Fault> = faults
        .map(|faults| faults.as_slice().to_vec())
        .unwrap_or_default();
    let mut changes = Vec::with_capacity(rows.len());
    for entered in &rows {
        let standing = keeper.view.standing(&entered.row).map_err(Failure::Ledger)?;
        if let Standing::Other(statement) = &standing
            && !may_supersede
            && entered.is_read
        {
            faults.push(taken(entered, &statement.id(), &statement.row));
        }
        changes.push(Change::of(&entered.row, standing));
    }
    if let Some(faults) = Faults::from_vec(faults) {
        return Err(Failure::Faults {
            faults,
            nothing: NOTHING,
        });
    }
    let header = keeper::header(writing, message)?;
    if writing.dry_run || changes.iter().all(|change| change.became == Became::Unchanged) {
        return Ok((None, changes));
    }
    let mut tables: BTreeMap<TableId, Vec<Row>> = BTreeMap::new();
    for entered in rows {
        tables.entry(entered.row.table).or_default().push(entered.row);
    }
    let touched: BTreeSet<TableId> = tables.keys().copied().collect();
    let batches = Batches {
        tables,
        ..Batches::default()
    };
    let outcome = keeper
        .ledger
        .append_on(keeper.view.as_of(), header, batches)
        .map_err(Failure::Ledger)?;
    if let Some(commit) = outcome.id() {
        let touched: Vec<TableId> = touched.into_iter().collect();
        let view = keeper
            .ledger
            .view_of(AsOf::Commit(commit), &touched)
            .map_err(Failure::Ledger)?;
        for change in &mut changes {
            change.id = view
                .statement(change.table, &change.key)
                .map(|statement| statement.id());
        }
    }
    Ok((outcome.id(), changes))
}

/// The fault of a key that is on record with other content.
fn taken(entered: &Entered, id: &str, on_record: &Row) -> Fault {
    let row = &entered.row;
    let differs = change::differing(on_record, row);
    let key = row.key();
    let name = row.table.key().join("/");
    let command = if row.table.key().len() == 1 {
        key.as_str()
    } else {
        id
    };
    Fault::new(
        entered.at.clone(),
        FaultCode::DuplicateKey,
        &key,
        format!("a {name} that is not on record with another {}", differs.join(", ")),
    )
    .hint(format!(
        "it is on record as {id}; to replace it: counterpart supersede {command} --reason …, or record with --supersede"
    ))
}

/// Prints what became of the rows.
pub(super) fn tell(
    command: &str,
    writing: &Writing,
    commit: Option<CommitId>,
    changes: &[Change],
    settings: &Settings,
) -> Result<Done, Failure> {
    if settings.json {
        let header = keeper::header(writing, "")?;
        terminal::print_json(&json!({
            "schema": format!("counterpart.{command}/1"),
            "ledger": writing.ledger.display().to_string(),
            "commit": commit.map(CommitId::number),
            "dry_run": writing.dry_run,
            "author": header.author,
            "rows": changes.iter().map(Change::document).collect::<Vec<_>>(),
        }))?;
    } else {
        terminal::print(&change::screen(writing, commit, changes, settings), settings)?;
    }
    Ok(Done::Well)
}
