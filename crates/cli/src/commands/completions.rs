//! `counterpart completions`: what a shell needs to complete commands, flags and ids.
//!
//! The script asks the program at each completion: only the program can read the ids of a case.

use clap_complete::env::Shells;

use crate::args;
use crate::exit::{Done, Failure};
use crate::terminal;

pub(crate) fn run(args: &args::Completions) -> Result<Done, Failure> {
    let mut text = Vec::new();
    let name = args.shell.to_string();
    if let Some(shell) = Shells::builtins().completer(&name) {
        shell
            .write_registration("COMPLETE", "counterpart", "counterpart", "counterpart", &mut text)
            .map_err(|source| Failure::Output { source })?;
    }
    terminal::print_raw(&text)?;
    Ok(Done::Well)
}
