//! One command a file.

mod assess;
mod check;
mod completions;
mod diagnose;
mod estimate;
mod export;
mod list;
mod log;
mod man;
mod new;
mod owed;
mod power;
mod publish;
mod record;
mod retract;
mod show;
mod supersede;
mod validate;
mod verify;

use crate::args::Command;
use crate::exit::{Done, Failure};
use crate::settings::Settings;

/// Runs a command.
pub(crate) fn run(command: &Command, settings: &Settings) -> Result<Done, Failure> {
    match command {
        Command::Assess(args) => assess::run(args, settings),
        Command::Validate(args) => validate::run(args, settings),
        Command::Check(args) => check::run(args, settings),
        Command::Owed(args) => owed::run(args, settings),
        Command::Show(args) => show::run(args, settings),
        Command::List(args) => list::run(args, settings),
        Command::Record(args) => record::run(args, settings),
        Command::Supersede(args) => supersede::run(args, settings),
        Command::Retract(args) => retract::run(args, settings),
        Command::Log(args) => log::run(args, settings),
        Command::Export(args) => export::run(args, settings),
        Command::Publish(args) => publish::run(args, settings),
        Command::Estimate(args) => estimate::run(args, settings),
        Command::Diagnose(args) => diagnose::run(args, settings),
        Command::Power(args) => power::run(args, settings),
        Command::Verify(args) => verify::run(args, settings),
        Command::New(args) => new::run(args, settings),
        Command::Completions(args) => completions::run(args),
        Command::Man => man::run(),
    }
}
