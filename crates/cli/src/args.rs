//! Every command and flag, defined once.

mod estimation;
mod list;
mod record;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use clap_complete::engine::ArgValueCompleter;

use crate::complete;

pub(crate) use estimation::{Diagnose, Estimate, Format, PanelColumns, PlotKind, Power, SpecOptions};

pub(crate) use list::{Comparison, Condition, Join, List};
pub(crate) use record::{Export, Log, Record, Retract, Supersede, Writing, singular};

/// Exit codes, as they stand under every `--help` and in the man page.
const EXIT_CODES: &str = "\
Exit codes:
  0  done, whatever the verdict
  1  the disk failed, or the program has a bug
  2  the input or the arguments are at fault; every fault is listed
  3  the condition of --fail-on was met";

/// Says whether a programme that pairs richer with poorer regions is helping: according to whom, compared with
/// what, and how sure anyone can be.
#[derive(Debug, Parser)]
#[command(
    name = "counterpart",
    version,
    after_help = EXIT_CODES,
    arg_required_else_help = true,
    subcommand_required = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Print one JSON document with a `schema` field, errors and faults too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print no progress and no remarks
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Threads to compute with; results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Draw with ASCII alone
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
    /// List every fault, not the first 20
    #[arg(long, global = true)]
    pub(crate) all_faults: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// In files and pipes too
    Always,
    /// Not at all
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer the case's question and write the report
    ///
    /// Reads a case, checks its figures, estimates its studies and writes index.html, report.json, report.md and
    /// data/*.csv into one folder.
    Assess(Assess),
    /// List every fault of a case folder
    ///
    /// Reads a case folder, lists every fault of it and does nothing else.
    Validate(Validate),
    /// Recompute every figure that follows from others
    ///
    /// Recomputes every figure that is said to follow from others, and prints a sentence for each.
    Check(Check),
    /// Say what each provider owes by each rule, and what was paid
    ///
    /// Evaluates every rule about money on every base on record and sets it against plans and payments, by provider and
    /// period.
    Owed(Owed),
    /// Show what an id is, who said it, and what it was computed from
    ///
    /// Shows the trail of a claim, figure, pairing, transaction, source, speaker, study or statement.
    Show(Show),
    /// List rows of a table or a section of the report
    ///
    /// Lists rows as they may be published, filtered, counted, and beside rows of other tables.
    List(List),
    /// Put a row on record
    ///
    /// Records new rows of a table in a ledger, after the checks of an import: flags for one row, a file for many. Nothing is
    /// recorded unless everything is sound.
    Record(Record),
    /// Replace what a row on record says
    ///
    /// Records a row anew under its key, with the reason; what it said before stays in the ledger.
    Supersede(Supersede),
    /// Withdraw a row from the record
    ///
    /// Withdraws rows with the reason. They stay in the ledger and are no longer counted. What others refer to cannot be
    /// withdrawn before them.
    Retract(Retract),
    /// List what was recorded, by whom and when
    ///
    /// Lists the commits of a ledger, or the history of one row.
    Log(Log),
    /// Write a ledger's case back as a folder
    ///
    /// Writes every row on record, without withholding anything: the keeper's copy, never to be published.
    Export(Export),
    /// Note in a ledger that a report was published
    ///
    /// Puts on record which counts of persons a report told, so that no later report tells by its difference what this
    /// one withheld.
    Publish(Publish),
    /// Estimate the effect of a policy on any panel
    ///
    /// Reads a panel from a CSV file, lists every fault of it or estimates, and says what became of every row.
    Estimate(Box<Estimate>),
    /// Say what speaks against an estimate, before and after it
    ///
    /// Describes who is treated when and with whom they are compared, then tests what the estimate rests on.
    Diagnose(Box<Diagnose>),
    /// Say how small an effect a panel could show
    ///
    /// Computes the smallest effect that the design would find with the power asked for.
    Power(Box<Power>),
    /// Tell whether a report or a ledger is what it says it is
    ///
    /// Recomputes the digests of a ledger file or of a report.json and names what was changed.
    Verify(Verify),
    /// Write a new case folder to fill in
    ///
    /// Writes a folder of that name with a small synthetic case in it that `assess` accepts.
    New(New),
    /// Print the completions of a shell
    ///
    /// Prints completions for a shell to standard output.
    Completions(Completions),
    /// Print the man page
    Man,
}

/// Arguments of `assess`.
#[derive(Debug, clap::Args)]
pub(crate) struct Assess {
    /// Case folder, or a ledger file that holds one
    #[arg(value_name = "CASE")]
    pub(crate) case: Option<PathBuf>,
    /// Folder of the report
    #[arg(long, value_name = "DIR", default_value = "report")]
    pub(crate) out: PathBuf,
    /// Ledger file that the case is read into; without CASE, the one that is assessed
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Seed of everything that draws, instead of the case's
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Only this lens; may be given several times
    #[arg(long, value_name = "ID")]
    pub(crate) lens: Vec<String>,
    /// Exit with 3 where this holds; may be given several times
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOn>,
    /// Open the report when it is written
    #[arg(long)]
    pub(crate) open: bool,
}

/// What `--fail-on` looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A figure that no reading on record gives
    Contradicted,
    /// Statements on record that cannot all hold
    Disputed,
    /// A lens under which the record cannot tell
    CannotTell,
}

/// Arguments of `validate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Validate {
    /// Case folder
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Case folder, or a ledger file that holds one
    #[arg(value_name = "CASE")]
    pub(crate) case: PathBuf,
    /// Only this claim; may be given several times
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(complete::claims))]
    pub(crate) claim: Vec<String>,
}

/// Arguments of `owed`.
#[derive(Debug, clap::Args)]
pub(crate) struct Owed {
    /// Case folder, or a ledger file that holds one
    #[arg(value_name = "CASE", required_unless_present = "ledger")]
    pub(crate) case: Option<PathBuf>,
    /// Only this provider, by id or name
    #[arg(long, value_name = "ID")]
    pub(crate) provider: Option<String>,
    /// Only periods that this year belongs to
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(u16).range(1..=9999))]
    pub(crate) year: Option<u16>,
    /// Ledger file, where CASE is not given
    #[arg(long, value_name = "FILE", conflicts_with = "case")]
    pub(crate) ledger: Option<PathBuf>,
}

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Id, as the report or a table has it
    #[arg(value_name = "ID", add = ArgValueCompleter::new(complete::statements))]
    pub(crate) id: String,
    /// Case folder, or a ledger file that holds one
    #[arg(value_name = "CASE", required_unless_present = "ledger")]
    pub(crate) case: Option<PathBuf>,
    /// Ledger file, where CASE is not given
    #[arg(long, value_name = "FILE", conflicts_with = "case")]
    pub(crate) ledger: Option<PathBuf>,
}

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// Ledger file, report.json, or the folder of a report
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// Folder to make
    #[arg(value_name = "NAME")]
    pub(crate) name: PathBuf,
}

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// Shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Arguments of `publish`.
#[derive(Debug, clap::Args)]
pub(crate) struct Publish {
    /// The report that goes out: its folder, or report.json
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::AnyPath)]
    pub(crate) report: PathBuf,
    #[command(flatten)]
    pub(crate) writing: Writing,
}
