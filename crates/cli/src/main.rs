//! The command line of Counterpart.
//!
//! A face holds no rules: a command reads its arguments, calls the rooms in order and prints what they return.
//!
//! | module | does |
//! |---|---|
//! | [`args`] | every flag, defined once; parser, `--help`, completions and man page come from it |
//! | [`settings`] | arguments, environment and terminal as one checked value |
//! | [`commands`] | one command a file |
//! | [`estimation`] | a panel and a specification out of arguments, and an estimate as text, CSV, JSON, Markdown, LaTeX |
//! | [`reading`] | a folder or a ledger file as a ledger |
//! | [`keeper`] | a ledger file open to be written into |
//! | [`complete`] | ids for a shell's completions |
//! | [`terminal`] | what people see: marks, columns, screens |
//! | [`exit`] | what went wrong, as text, hints and exit code |

mod args;
mod commands;
mod complete;
mod estimation;
mod exit;
mod keeper;
mod reading;
mod settings;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::settings::Settings;

fn main() -> ExitCode {
    // A shell that asks for completions gets them, and nothing else happens.
    clap_complete::CompleteEnv::with_factory(<Args as clap::CommandFactory>::command).complete();
    let wants_json = settings::wants_json(std::env::args_os());
    exit::report_panics(wants_json);
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return exit::usage(&error, wants_json),
    };
    let settings = match Settings::of(&args.global) {
        Ok(settings) => settings,
        Err(failure) => return failure.tell(&Settings::plain(wants_json)),
    };
    match commands::run(&args.command, &settings) {
        Ok(done) => done.code(),
        Err(failure) => failure.tell(&settings),
    }
}
