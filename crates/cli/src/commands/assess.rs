//! `counterpart assess`: the main job.

use std::mem::ManuallyDrop;
use std::path::Path;
use std::time::Instant;

use counterpart_appraise::assessment::{Assessment, CheckStatus, Verdict};
use counterpart_appraise::{Options, Published};

use crate::args::{self, FailOn};
use crate::exit::{Done, Failure, nearest};
use crate::reading::Reading;
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::answer::{self, Written};
use crate::terminal::number::count;
use crate::terminal::progress::Progress;

/// Most remarks printed without asking.
const REMARKS: usize = 20;

pub(crate) fn run(args: &args::Assess, settings: &Settings) -> Result<Done, Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long it took is printed on the terminal and nowhere else"
    )]
    let started = Instant::now();
    let progress = Progress::start(settings, "reading the case");
    // The process ends soon: taking the record apart would only take time.
    let reading = ManuallyDrop::new(Reading::of(args.case.as_deref(), args.ledger.as_deref())?); // all faults at once; one atomic commit
    let options = options(args, &reading)?;

    progress.step("recomputing figures and estimating studies");
    let assessment = counterpart_appraise::assess(&reading.record, &reading.digest(), &options); // gaps, claims, studies, verdicts
    let published = ManuallyDrop::new(
        assessment
            .publish(&reading.record.case.disclosure)
            .map_err(Failure::Appraise)?,
    ); // nothing unsuppressed has this type

    progress.step("writing the report");
    counterpart_report::write(&published, &args.out).map_err(Failure::Report)?;
    drop(progress);

    print(&published, &reading.remarks, started, args, settings)?;
    Ok(verdict_on(&published, &args.fail_on, settings))
}

/// Checks the lenses asked for and makes the options of the appraisal.
fn options(args: &args::Assess, reading: &Reading) -> Result<Options, Failure> {
    let lenses = &reading.record.case.lenses;
    for id in &args.lens {
        if !lenses.iter().any(|lens| lens.id == id.as_str()) {
            return Err(Failure::UnknownId {
                what: "lens of the case",
                id: id.clone(),
                near: nearest(id, lenses.iter().map(|lens| lens.id.as_str())),
            });
        }
    }
    Ok(Options {
        lenses: args.lens.iter().map(|id| id.as_str().into()).collect(),
        seed: args.seed,
        // What was published before is in the record that was read.
        earlier: Vec::new(),
    })
}

/// Prints the answer: the document for scripts, the screen for people.
fn print(
    published: &Published<Assessment>,
    remarks: &[String],
    started: Instant,
    args: &args::Assess,
    settings: &Settings,
) -> Result<(), Failure> {
    let index = args.out.join("index.html");
    if !settings.quiet && !settings.json {
        let shown = if settings.all_faults { usize::MAX } else { REMARKS };
        for remark in remarks.iter().take(shown) {
            terminal::remark(&format!("remark: {}\n", settings.marks.text(remark)), settings);
        }
        if remarks.len() > shown {
            let more = count(remarks.len() - shown, "more remark", "more remarks");
            terminal::remark(&format!("and {more} (`--all-faults`)\n"), settings);
        }
    }
    if settings.json {
        terminal::print_json(published)?;
    } else {
        let written = Written {
            bytes: std::fs::metadata(&index)
                .map(|file| file.len())
                .unwrap_or_default(),
            index: index.display().to_string(),
            seconds: started.elapsed().as_secs_f64(),
        };
        terminal::print(&answer::screen(published, &written, settings), settings)?;
    }
    if args.open {
        open(&index, settings);
    }
    Ok(())
}

/// Says which conditions of `--fail-on` were met.
fn verdict_on(assessment: &Assessment, conditions: &[FailOn], settings: &Settings) -> Done {
    let met: Vec<String> = conditions
        .iter()
        .filter_map(|condition| {
            let (number, one, many) = match condition {
                FailOn::Contradicted => (
                    assessment
                        .claims
                        .iter()
                        .filter(|claim| claim.check.status == CheckStatus::Contradicted)
                        .count(),
                    "figure contradicted",
                    "figures contradicted",
                ),
                FailOn::Disputed => (
                    assessment.contradictions.len(),
                    "disputed figure on record",
                    "disputed figures on record",
                ),
                FailOn::CannotTell => (
                    assessment
                        .answer
                        .by_lens
                        .iter()
                        .filter(|answer| answer.verdict == Verdict::CannotTell)
                        .count(),
                    "lens under which the record cannot tell",
                    "lenses under which the record cannot tell",
                ),
            };
            (number > 0).then(|| count(number, one, many))
        })
        .collect();
    if met.is_empty() {
        return Done::Well;
    }
    terminal::remark(&format!("exit 3: {}\n", met.join(", ")), settings);
    Done::ConditionMet
}

/// Hands the report to the system's own opener; where there is none, the path has been printed.
fn open(index: &Path, settings: &Settings) {
    let (opener, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let opened = std::process::Command::new(opener).args(first).arg(index).spawn();
    if let Err(error) = opened {
        terminal::remark(
            &format!("remark: {opener} could not be started: {error}\n"),
            settings,
        );
    }
}
