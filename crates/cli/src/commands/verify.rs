//! `counterpart verify`: is a report or a ledger what it says it is.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure};
use crate::reading::{may_be_ledger, there};
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::number::count;
use crate::terminal::page::Page;
use counterpart_appraise::seal::Seal;

/// What came of it.
struct Finding {
    /// `ledger` or `report`.
    kind: &'static str,
    genuine: bool,
    /// What was recomputed.
    holds: String,
    /// What is not as it was, the first first.
    altered: Vec<String>,
    /// What was not looked at, where something beside the file might be taken for verified.
    beside: Option<&'static str>,
}

/// What verifying a report says about the rest of its folder.
const NOT_VERIFIED: &str = "report.json alone was verified; index.html, report.md, data and csv beside it were drawn from it \
                            and were not looked at";

pub(crate) fn run(args: &args::Verify, settings: &Settings) -> Result<Done, Failure> {
    there(&args.file)?;
    let file = report_in(&args.file);
    // An empty report.json is a damaged report; any other empty file is a ledger to which nothing was committed.
    let is_report = file.extension().is_some_and(|end| end == "json");
    let finding = if !is_report && may_be_ledger(&file)? {
        ledger(&file)?
    } else {
        report(&file)?
    };
    if settings.json {
        terminal::print_json(&json!({
            "schema": "counterpart.verify/1",
            "file": file.display().to_string(),
            "kind": finding.kind,
            "genuine": finding.genuine,
            "holds": finding.holds,
            "altered": finding.altered,
            "not_verified": finding.beside,
        }))?;
    } else {
        terminal::print(&screen(&file, &finding, settings), settings)?;
    }
    Ok(if finding.genuine {
        Done::Well
    } else {
        Done::Altered
    })
}

/// A report's folder stands for its report.json.
fn report_in(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join("report.json")
    } else {
        path.to_owned()
    }
}

fn ledger(file: &Path) -> Result<Finding, Failure> {
    let (genuine, holds, altered) = match counterpart_ledger::verify_file(file).map_err(Failure::Ledger)? {
        Ok(verified) => (
            true,
            if verified.commits == 0 {
                "no commit yet".to_owned()
            } else {
                format!(
                    "{} and {} recomputed",
                    count(verified.commits as usize, "commit", "commits"),
                    count(
                        usize::try_from(verified.rows).unwrap_or(usize::MAX),
                        "row",
                        "rows"
                    )
                )
            },
            Vec::new(),
        ),
        Err(damage) => (
            false,
            String::new(),
            damage.iter().map(ToString::to_string).collect(),
        ),
    };
    Ok(Finding {
        kind: "ledger",
        genuine,
        holds,
        altered,
        beside: None,
    })
}

fn report(file: &Path) -> Result<Finding, Failure> {
    there(file)?;
    let wrong = Failure::WrongFile {
        path: file.to_owned(),
        what: "neither a ledger file nor a report.json",
        hint: "name a ledger file, a report.json or the folder of a report",
    };
    let bytes = std::fs::read(file).map_err(|source| Failure::Read {
        path: file.to_owned(),
        source,
    })?;
    let Some(seal) = String::from_utf8(bytes).ok().as_deref().and_then(Seal::of) else {
        return Err(wrong);
    };
    let altered = if seal.is_genuine() {
        Vec::new()
    } else {
        let mut altered: Vec<String> = seal
            .altered
            .iter()
            .map(|block| format!("{block} is not as it was published"))
            .collect();
        if altered.is_empty() {
            altered.push(if seal.has_blocks {
                "the digests themselves, or what stands outside of every block".to_owned()
            } else {
                "some block; this report has no digests of its blocks".to_owned()
            });
        }
        altered
    };
    Ok(Finding {
        kind: "report",
        genuine: seal.is_genuine(),
        holds: format!("public view {}", seal.computed),
        altered,
        beside: Some(NOT_VERIFIED),
    })
}

fn screen(file: &Path, finding: &Finding, settings: &Settings) -> String {
    const SHOWN: usize = 20;
    let mut page = Page::new(settings);
    page.line(&format!(
        "{}: {}",
        file.display(),
        if finding.genuine { "genuine" } else { "altered" }
    ));
    if !finding.holds.is_empty() {
        page.labelled(0, 11, finding.kind, &finding.holds);
    }
    let shown = if settings.all_faults { usize::MAX } else { SHOWN };
    for (index, altered) in finding.altered.iter().take(shown).enumerate() {
        page.labelled(0, 11, if index == 0 { "altered" } else { "" }, altered);
    }
    if finding.altered.len() > shown {
        page.line(&format!(
            "and {} more (`--all-faults`)",
            finding.altered.len() - shown
        ));
    }
    if let Some(beside) = finding.beside {
        page.labelled(0, 11, "beside", beside);
    }
    page.finish()
}
