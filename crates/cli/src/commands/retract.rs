//! `counterpart retract`: withdraws rows, with the reason.

use counterpart_exchange::entry::{self, Draft};
use counterpart_ledger::CommitId;
use counterpart_model::{Fault, FaultCode, Faults, TableId};

use super::record;
use crate::args;
use crate::exit::{Done, Failure};
use crate::keeper::{self, Keeper};
use crate::settings::Settings;
use crate::terminal::change::{Became, Change};

pub(crate) fn run(args: &args::Retract, settings: &Settings) -> Result<Done, Failure> {
    expect_reason(&args.reason)?;
    let mut keeper = Keeper::open(&args.writing.ledger)?;
    let (commit, changes) = keeper.write(|keeper| withdraw(keeper, args))?;
    record::tell("retract", &args.writing, commit, &changes, settings)
}

/// Refuses a reason that gives none.
pub(super) fn expect_reason(reason: &str) -> Result<(), Failure> {
    if reason.trim().is_empty() {
        return Err(Failure::Option {
            option: "--reason",
            reason: "it is empty".to_owned(),
            hint: "say why: the reason stays on record".to_owned(),
        });
    }
    Ok(())
}

fn withdraw(keeper: &mut Keeper, args: &args::Retract) -> Result<(Option<CommitId>, Vec<Change>), Failure> {
    let mut rows: Vec<(TableId, String)> = Vec::new();
    let mut changes = Vec::new();
    for id in &args.id {
        let statement = keeper.row(id, args.table)?;
        let row = (statement.table, statement.key.clone());
        if rows.contains(&row) {
            continue;
        }
        changes.push(Change {
            table: statement.table,
            key: statement.key.clone(),
            became: Became::Retracted,
            id: None,
            before: Some(statement.id()),
            differences: Vec::new(),
        });
        rows.push(row);
    }
    let (_, faults) = entry::check(&Draft::default(), &keeper.on_record, &rows);
    if let Some(faults) = faults {
        let faults: Vec<Fault> = faults
            .as_slice()
            .iter()
            .map(|fault| dependant(fault, &rows))
            .collect();
        return match Faults::from_vec(faults) {
            Some(faults) => Err(Failure::Faults {
                faults,
                nothing: "nothing was withdrawn",
            }),
            None => Ok((None, changes)),
        };
    }
    let message = match rows.as_slice() {
        [(table, key)] => format!("retract {table} {key}: {}", args.reason.trim()),
        rows => format!("retract {} rows: {}", rows.len(), args.reason.trim()),
    };
    let header = keeper::header(&args.writing, &message)?;
    if args.writing.dry_run {
        return Ok((None, changes));
    }
    let commit = keeper
        .ledger
        .retract_on(keeper.view.as_of(), header, &rows, args.reason.trim())
        .map_err(Failure::Ledger)?;
    Ok((Some(commit), changes))
}

/// A fault that comes of the withdrawal, said as what still refers to the row.
fn dependant(fault: &Fault, rows: &[(TableId, String)]) -> Fault {
    let withdrawn = rows.iter().find(|(_, key)| *key == fault.value);
    match withdrawn {
        Some((table, key)) if fault.code == FaultCode::DanglingReference => {
            let mut told = fault.clone();
            told.expected = format!("nothing that refers to {table} {key}, which would be withdrawn");
            told.hint("withdraw it together with that row, or supersede it first")
        }
        _ => fault.clone(),
    }
}
