//! `counterpart supersede`: a row says something else from now on.

use counterpart_exchange::entry::{self, Draft};
use counterpart_ledger::Statement;
use counterpart_model::{Fault, FaultCode, Faults};

use super::record;
use crate::args;
use crate::exit::{Done, Failure};
use crate::keeper::Keeper;
use crate::settings::Settings;
use crate::terminal::change;
use crate::terminal::trail;

pub(crate) fn run(args: &args::Supersede, settings: &Settings) -> Result<Done, Failure> {
    super::retract::expect_reason(&args.reason)?;
    let mut keeper = Keeper::open(&args.writing.ledger)?;
    let (commit, changes) = keeper.write(|keeper| {
        let before = keeper.row(&args.id, args.table)?;
        let draft = Draft::from_cells(before.table, &cells(&before, &args.cells));
        key_stays(&draft, &before, keeper)?;
        let message = format!(
            "supersede {} {}: {}",
            before.table,
            before.key,
            args.reason.trim()
        );
        let (commit, mut changes) = record::write(keeper, &draft, true, &args.writing, &message)?;
        let control = keeper.control()?;
        let (rows, _) = entry::check(&draft, &keeper.on_record, &[]);
        for (change, entered) in changes.iter_mut().zip(&rows) {
            change.differences = change::differing(&before.row, &entered.row)
                .into_iter()
                .map(|name| {
                    let cell = |row| trail::published_cell(&control, row, &name);
                    let (old, new) = (cell(&before.row), cell(&entered.row));
                    (name, old, new)
                })
                .collect();
        }
        Ok((commit, changes))
    })?;
    record::tell("supersede", &args.writing, commit, &changes, settings)
}

/// The row's cells with those that change in their place.
fn cells(before: &Statement, changed: &[(String, String)]) -> Vec<(String, String)> {
    let row = &before.row;
    let columns = row.table.columns().iter().enumerate();
    let mut cells: Vec<(String, String)> = columns
        .filter_map(|(index, column)| Some((column.name.to_owned(), row.value_at(index)?.to_string())))
        .chain(row.extra.clone())
        .collect();
    for (heading, cell) in changed {
        match cells.iter_mut().find(|(name, _)| name == heading) {
            Some(place) => place.1.clone_from(cell),
            None => cells.push((heading.clone(), cell.clone())),
        }
    }
    cells
}

/// Refuses another key: that would be another row.
fn key_stays(draft: &Draft, before: &Statement, keeper: &Keeper) -> Result<(), Failure> {
    let (rows, _) = entry::check(draft, &keeper.on_record, &[]);
    let Some(entered) = rows
        .first()
        .filter(|entered| entered.is_read && entered.row.key() != before.key)
    else {
        return Ok(());
    };
    Err(Failure::Faults {
        faults: Faults::one(
            Fault::new(
                entered.at.clone(),
                FaultCode::Inconsistent,
                &entered.row.key(),
                format!("{}, the key of the row that is replaced", before.key),
            )
            .hint("a row with another key is another row: record it, and retract the one that was wrong"),
        ),
        nothing: "nothing was recorded",
    })
}
