//! `counterpart completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory;

use crate::args::{self, Args};
use crate::exit::{Done, Failure};
use crate::terminal;

pub(crate) fn run(args: &args::Completions) -> Result<Done, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "counterpart", &mut text);
    terminal::print_raw(&text)?;
    Ok(Done::Well)
}
