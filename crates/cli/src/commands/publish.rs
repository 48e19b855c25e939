//! `counterpart publish`: what a report told is put on record.

use counterpart_appraise::seal::Seal;
use counterpart_ledger::{CommitId, CommitOutcome};
use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure};
use crate::keeper::{self, Keeper};
use crate::reading;
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::page::Page;

pub(crate) fn run(args: &args::Publish, settings: &Settings) -> Result<Done, Failure> {
    let file = if args.report.is_dir() {
        args.report.join("report.json")
    } else {
        args.report.clone()
    };
    reading::there(&file)?;
    let wrong = |what, hint| Failure::WrongFile {
        path: file.clone(),
        what,
        hint,
    };
    let text = std::fs::read_to_string(&file).map_err(|source| Failure::Read {
        path: file.clone(),
        source,
    })?;
    let seal = Seal::of(&text).filter(Seal::is_genuine).ok_or_else(|| {
        wrong(
            "no report, or one that was altered",
            "counterpart verify FILE names what was altered",
        )
    })?;
    let digest = serde_json::from_str::<serde_json::Value>(&text)
        .ok()
        .and_then(|report| report.pointer("/case/digest")?.as_str().map(str::to_owned))
        .unwrap_or_default();
    let writing = &args.writing;
    let mut keeper = Keeper::open(&writing.ledger)?;
    let (control, record) = keeper.control_of_record()?;
    if keeper.view.case_digest_of(|row| control.shown_instead(row)) != digest {
        return Err(wrong(
            "a report of something else than the ledger holds now",
            "write it anew: counterpart assess --ledger FILE",
        ));
    }
    let note = control.publication(&record).of_report(&seal.stated).to_text();
    let header = keeper::header(writing, "publish a report")?;
    let is_there = keeper.view.publications().contains(&note.as_str());
    let commit = if writing.dry_run || is_there {
        None
    } else {
        let outcome = keeper.ledger.publish(header, &note).map_err(Failure::Ledger)?;
        CommitOutcome::id(&outcome)
    };
    if settings.json {
        terminal::print_json(&json!({
            "schema": "counterpart.publish/1",
            "ledger": writing.ledger.display().to_string(),
            "report": seal.stated,
            "commit": commit.map(CommitId::number),
            "dry_run": writing.dry_run,
        }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    page.line(&match commit {
        Some(commit) => format!(
            "commit {commit}: report {} is on record as published",
            seal.stated
        ),
        None if is_there => format!("report {} was on record as published already", seal.stated),
        None => format!("would put report {} on record as published", seal.stated),
    });
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}
