//! What went wrong, as text, hints and exit code: the only translator between errors and people or scripts.
//!
//! | kind | exit | then |
//! |---|---|---|
//! | yours | 2 | change the input or the arguments |
//! | the world's | 1 | the disk or the network; may be tried again |
//! | ours | 1 | a bug; asks for a report with the command |

use std::path::PathBuf;
use std::process::ExitCode;

use counterpart_appraise::AppraiseError;
use counterpart_estimate::EstimateError;
use counterpart_exchange::is_truncated;
use counterpart_exchange::refuse;
use counterpart_exchange::{ReadError, WriteError};
use counterpart_ledger::{Blame, LedgerError};
use counterpart_model::Faults;
use counterpart_report::ReportError;
use serde_json::json;

use crate::settings::Settings;
use crate::terminal;
use crate::terminal::marks::{ERROR, LABEL};
use crate::terminal::page::Page;

/// Where a bug can be told.
const REPORT_HINT: &str = "this is a bug: please report it with this command and, if you may, the case";

/// What to name instead of a file that is something else.
pub(crate) const NOT_A_LEDGER_HINT: &str =
    "name a case folder, or a ledger file that `assess --ledger` wrote";

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Well, whatever the verdict.
    Well,
    /// The file is not what it says it is.
    Altered,
    /// The condition of `--fail-on` was met.
    ConditionMet,
}

impl Done {
    /// Returns the exit code.
    pub(crate) fn code(self) -> ExitCode {
        match self {
            Self::Well => ExitCode::SUCCESS,
            Self::Altered => ExitCode::from(2),
            Self::ConditionMet => ExitCode::from(3),
        }
    }
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Yours,
    Worlds,
    Ours,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Yours => "input",
            Self::Worlds => "world",
            Self::Ours => "bug",
        }
    }

    const fn code(self) -> u8 {
        match self {
            Self::Yours => 2,
            Self::Worlds | Self::Ours => 1,
        }
    }
}

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Failure {
    /// The input is at fault.
    #[error("{} faults in {} files", .faults.len(), .faults.n_files())]
    Faults {
        /// Every fault.
        faults: Faults,
        /// What did not happen.
        nothing: &'static str,
    },
    /// Neither a case nor a ledger was named.
    #[error("no case is named")]
    NoCase,
    /// What was named is not there.
    #[error("{}: nothing is there", path.display())]
    NotThere {
        /// What was named.
        path: PathBuf,
        /// What it could have been.
        near: Vec<String>,
    },
    /// A file that is neither a ledger nor a report.
    #[error("{}: {what}", path.display())]
    WrongFile {
        /// The file.
        path: PathBuf,
        /// What it is not.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A folder of one case, a ledger of another.
    #[error("{}: holds another case, {recorded:?}; the folder's is {met:?}", ledger.display())]
    OtherCase {
        /// The ledger.
        ledger: PathBuf,
        /// Title of the case on record.
        recorded: String,
        /// Title of the folder's case.
        met: String,
    },
    /// An id that nothing has.
    #[error("no {what} has the id {id:?}")]
    UnknownId {
        /// What was looked for.
        what: &'static str,
        /// The id.
        id: String,
        /// Ids that resemble it.
        near: Vec<String>,
    },
    /// A case folder was not read.
    #[error(transparent)]
    Exchange(ReadError),
    /// A new case was not written.
    #[error(transparent)]
    Scaffold(WriteError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The case cannot be appraised.
    #[error(transparent)]
    Appraise(AppraiseError),
    /// The report was not written.
    #[error(transparent)]
    Report(ReportError),
    /// The panel does not answer the question asked.
    #[error(transparent)]
    Estimate(EstimateError),
    /// An option that is not there yet, or that the method has no use for.
    #[error("{option}: {reason}")]
    Option {
        /// The option as it is typed.
        option: &'static str,
        /// Why it is refused.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A file could not be written.
    #[error("{}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Standard output could not be written.
    #[error("standard output: {source}")]
    Output {
        /// What the system said.
        source: std::io::Error,
    },
    /// Threads could not be started.
    #[error("{threads} threads: {source}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the pool said.
        source: rayon::ThreadPoolBuildError,
    },
    /// Something of ours cannot be written as JSON.
    #[error("a result cannot be written as JSON: {source}")]
    Json {
        /// Why.
        source: serde_json::Error,
    },
}

impl Failure {
    /// Wraps an error of serialisation.
    pub(crate) fn json(source: serde_json::Error) -> Self {
        Self::Json { source }
    }

    const fn kind(&self) -> Kind {
        match self {
            Self::Faults { .. }
            | Self::NoCase
            | Self::NotThere { .. }
            | Self::WrongFile { .. }
            | Self::OtherCase { .. }
            | Self::UnknownId { .. }
            | Self::Option { .. }
            | Self::Scaffold(WriteError::Exists { .. } | WriteError::Name { .. })
            | Self::Report(ReportError::NotOurs { .. } | ReportError::NotAFolder { .. })
            | Self::Appraise(AppraiseError::Faults(_)) => Kind::Yours,
            Self::Estimate(EstimateError::Shape { .. }) => Kind::Ours,
            Self::Estimate(_) => Kind::Yours,
            Self::Exchange(error) => {
                if error.is_input() {
                    Kind::Yours
                } else {
                    Kind::Worlds
                }
            }
            Self::Ledger(error) => match error.blame() {
                Blame::Input => Kind::Yours,
                Blame::World => Kind::Worlds,
                Blame::Ours => Kind::Ours,
            },
            Self::Read { .. }
            | Self::Write { .. }
            | Self::Output { .. }
            | Self::Threads { .. }
            | Self::Scaffold(_)
            | Self::Report(ReportError::Io { .. }) => Kind::Worlds,
            Self::Appraise(_) | Self::Report(_) | Self::Json { .. } => Kind::Ours,
        }
    }

    /// Returns what to do next, each on its own line.
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoCase => vec![
                "name a case folder: counterpart assess cases/NAME".to_owned(),
                "or a ledger file: counterpart assess --ledger FILE".to_owned(),
            ],
            Self::NotThere { near, .. } if near.is_empty() => {
                vec!["counterpart new NAME writes a case to begin with".to_owned()]
            }
            Self::NotThere { near, .. } | Self::UnknownId { near, .. } => did_you_mean(near),
            Self::Option { hint, .. } => vec![hint.clone()],
            Self::WrongFile { hint, .. } => vec![(*hint).to_owned()],
            Self::OtherCase { .. } => vec![
                "nothing was committed: a ledger holds one case; name another file for this one".to_owned(),
            ],
            Self::Exchange(ReadError::NotAFolder { .. }) => {
                vec!["name the folder that holds case.toml".to_owned()]
            }
            Self::Ledger(LedgerError::NotALedger { .. }) => vec![NOT_A_LEDGER_HINT.to_owned()],
            Self::Ledger(LedgerError::Damaged { .. } | LedgerError::Sqlite { path: Some(_), .. }) => {
                vec!["counterpart verify FILE names what is damaged".to_owned()]
            }
            Self::Scaffold(WriteError::Exists { .. }) => {
                vec!["choose another name, or an empty folder".to_owned()]
            }
            _ if self.kind() == Kind::Ours => vec![REPORT_HINT.to_owned(), command_line()],
            _ => Vec::new(),
        }
    }

    /// Returns the message, and its hints: those that stand in it on lines of their own, then ours.
    fn message_and_hints(&self) -> (String, Vec<String>) {
        let text = self.to_string();
        let (own, message): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with("hint: "));
        let own = own
            .iter()
            .map(|line| line.trim_start_matches("hint: ").to_owned());
        (message.join("\n"), own.chain(self.hints()).collect())
    }

    /// Prints what went wrong and returns the exit code.
    pub(crate) fn tell(&self, settings: &Settings) -> ExitCode {
        let kind = self.kind();
        let faults = match self {
            Self::Faults { faults, nothing } => Some((faults, *nothing)),
            Self::Exchange(ReadError::Faults(faults)) => Some((faults, "nothing was read into the ledger")),
            Self::Appraise(AppraiseError::Faults(faults)) => Some((faults, "nothing was assessed")),
            _ => None,
        };
        let (message, hints) = self.message_and_hints();
        if settings.json {
            let document = match faults {
                Some((faults, nothing)) => faults_document(faults, nothing),
                None => error_document(kind, &message, &hints),
            };
            // There is no further place to say that standard output is gone.
            let _ = terminal::print_json(&document);
        } else if let Some((faults, nothing)) = faults {
            terminal::remark(&terminal::faults::screen(faults, nothing, settings), settings);
        } else {
            terminal::remark(&error_text(&message, &hints, settings), settings);
        }
        ExitCode::from(kind.code())
    }
}

fn faults_document(faults: &Faults, nothing: &str) -> serde_json::Value {
    json!({
        "schema": "counterpart.faults/1",
        "faults": faults,
        "count": faults.len(),
        "truncated": is_truncated(faults),
        "files": faults.n_files(),
        "consequence": nothing,
        "exit": 2,
    })
}

fn error_document(kind: Kind, message: &str, hints: &[String]) -> serde_json::Value {
    json!({
        "schema": "counterpart.error/1",
        "kind": kind.word(),
        "message": message,
        "hints": hints,
        "exit": kind.code(),
    })
}

fn error_text(message: &str, hints: &[String], settings: &Settings) -> String {
    let mut page = Page::new(settings);
    page.push_styled("error", ERROR);
    page.line(&format!(": {message}"));
    for hint in hints {
        page.push_styled("hint", LABEL);
        page.line(&format!(": {hint}"));
    }
    page.finish()
}

/// Returns "did you mean A, B or C?", or nothing where nothing resembles.
fn did_you_mean(near: &[String]) -> Vec<String> {
    match near {
        [] => Vec::new(),
        [one] => vec![format!("did you mean {one}?")],
        [rest @ .., last] => vec![format!("did you mean {} or {last}?", rest.join(", "))],
    }
}

/// Returns at most three of `known` that resemble `id`, the nearest first.
pub(crate) fn nearest<'a>(id: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    const LEAST: f64 = 0.66;
    let folded = id.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|candidate| {
            (
                strsim::jaro_winkler(&folded, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(score, _)| *score >= LEAST)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored
        .into_iter()
        .take(3)
        .map(|(_, candidate)| candidate.to_owned())
        .collect()
}

/// Prints an error of the arguments, or the help that was asked for, and returns the exit code.
pub(crate) fn usage(error: &clap::Error, json: bool) -> ExitCode {
    use clap::error::ErrorKind;
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let about_a_person = refused_flag(error);
    if json && !asked {
        let text = error.render().to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let message = lines
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        let mut hints: Vec<String> = lines.map(str::to_owned).collect();
        hints.extend(about_a_person);
        let _ = terminal::print_json(&error_document(Kind::Yours, &message, &hints));
        return ExitCode::from(2);
    }
    // A reader that has gone away is no error.
    let _ = error.print();
    if let Some(reason) = &about_a_person {
        let settings = Settings::plain(false);
        terminal::remark(&format!("\n{reason}\n"), &settings);
    }
    if asked {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    }
}

/// Says why a flag that would record something about one person is none.
fn refused_flag(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let writes = std::env::args_os().any(|word| word == "record" || word == "supersede");
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    if !writes || error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let heading = flag.split('=').next().unwrap_or_default().trim_start_matches('-');
    let about = refuse::refused(None, heading)?;
    Some(format!(
        "{flag} would hold {}: nothing about private persons is ever recorded; counts by origin, sector and period only, see docs/case-folder.md#refused",
        about.reason()
    ))
}

/// Makes a panic say what it is, in people's words, and exit with 1.
pub(crate) fn report_panics(json: bool) {
    std::panic::set_hook(Box::new(move |panic| {
        let what = panic
            .payload()
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.payload().downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        let place = panic
            .location()
            .map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
        let message = format!("the program met what it held for impossible: {what}{place}");
        let hints = vec![REPORT_HINT.to_owned(), command_line()];
        if json {
            let _ = terminal::print_json(&error_document(Kind::Ours, &message, &hints));
        } else {
            let settings = Settings::plain(false);
            terminal::remark(&error_text(&message, &hints, &settings), &settings);
        }
        std::process::exit(1);
    }));
}

/// Returns the command as it was typed, and the version.
fn command_line() -> String {
    let words: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .map(|word| {
            let bare = word
                .chars()
                .all(|mark| mark.is_alphanumeric() || "-_./=:,@+".contains(mark));
            if bare && !word.is_empty() {
                word
            } else {
                format!("'{}'", word.replace('\'', "'\\''"))
            }
        })
        .collect();
    format!(
        "counterpart {} · version {}",
        words.join(" "),
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Failure, Kind, REPORT_HINT, did_you_mean, error_text, nearest};
    use crate::settings::Settings;

    /// What is told of a failure and with which code, the command of a bug's report left out.
    fn told(failure: &Failure) -> String {
        let (message, mut hints) = failure.message_and_hints();
        if failure.kind() == Kind::Ours {
            hints.truncate(1);
        }
        let text = error_text(&message, &hints, &Settings::plain(false)).replace("\u{1b}[1m\u{1b}[31m", "");
        let plain: String = text.replace("\u{1b}[0m", "").replace("\u{1b}[2m", "");
        format!("{plain}exit {}\n", failure.kind().code())
    }

    #[test]
    fn every_failure_says_what_and_what_next() {
        let gone = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        let path = || PathBuf::from("cases/mine");
        let json = serde_json::from_str::<u8>("x").expect_err("no number");
        let failures = [
            Failure::NoCase,
            Failure::NotThere {
                path: path(),
                near: Vec::new(),
            },
            Failure::NotThere {
                path: path(),
                near: vec!["cases/wine".into()],
            },
            Failure::WrongFile {
                path: path(),
                what: "a ledger that holds no case",
                hint: "read one into it",
            },
            Failure::OtherCase {
                ledger: path(),
                recorded: "One".into(),
                met: "Other".into(),
            },
            Failure::UnknownId {
                what: "claim",
                id: "C7".into(),
                near: vec!["C1".into(), "C2".into()],
            },
            Failure::Read {
                path: path(),
                source: gone(),
            },
            Failure::Output { source: gone() },
            Failure::Json { source: json },
        ];
        let told: String = failures.iter().map(told).collect();
        insta::assert_snapshot!(told, @r#"
        error: no case is named
        hint: name a case folder: counterpart assess cases/NAME
        hint: or a ledger file: counterpart assess --ledger FILE
        exit 2
        error: cases/mine: nothing is there
        hint: counterpart new NAME writes a case to begin with
        exit 2
        error: cases/mine: nothing is there
        hint: did you mean cases/wine?
        exit 2
        error: cases/mine: a ledger that holds no case
        hint: read one into it
        exit 2
        error: cases/mine: holds another case, "One"; the folder's is "Other"
        hint: nothing was committed: a ledger holds one case; name another file for this one
        exit 2
        error: no claim has the id "C7"
        hint: did you mean C1 or C2?
        exit 2
        error: cases/mine: no storage space
        exit 1
        error: standard output: no storage space
        exit 1
        error: a result cannot be written as JSON: expected value at line 1 column 1
        hint: this is a bug: please report it with this command and, if you may, the case
        exit 1
        "#);
        assert!(REPORT_HINT.contains("report it with this command"));
    }

    #[test]
    fn a_mistyped_id_is_answered_with_its_neighbours() {
        let known = ["P70", "P71", "P72", "XJ-2010"];
        assert_eq!(
            did_you_mean(&nearest("P7", known)),
            ["did you mean P70, P71 or P72?"]
        );
        assert_eq!(did_you_mean(&nearest("xj2010", known)), ["did you mean XJ-2010?"]);
        assert!(nearest("zzz", known).is_empty());
    }
}
