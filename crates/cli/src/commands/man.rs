//! `counterpart man`: one man page for every command.

use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::args::Args;
use crate::exit::{Done, Failure};
use crate::terminal;

pub(crate) fn run() -> Result<Done, Failure> {
    let mut text = Vec::new();
    page(&mut text).map_err(|source| Failure::Output { source })?;
    terminal::print_raw(without_repeated_preambles(&String::from_utf8_lossy(&text)).as_bytes())?;
    Ok(Done::Well)
}

/// Every section is rendered as a page of its own and defines the apostrophe anew; once is enough.
fn without_repeated_preambles(page: &str) -> String {
    const PREAMBLE: [&str; 2] = [r".ie \n(.g .ds Aq \(aq", ".el .ds Aq '"];
    let mut lines: Vec<&str> = PREAMBLE.to_vec();
    lines.extend(page.lines().filter(|line| !PREAMBLE.contains(line)));
    lines.push("");
    lines.join("\n")
}

/// Writes the page: the program's own sections, then the options of each command.
fn page(out: &mut Vec<u8>) -> std::io::Result<()> {
    let mut command = Args::command();
    command.build();
    let man = Man::new(command.clone())
        .date("")
        .source(format!("counterpart {}", env!("CARGO_PKG_VERSION")));
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    for subcommand in command.get_subcommands() {
        let mut heading = Roff::new();
        heading.control("SH", ["COMMAND"]);
        heading.text([bold(format!("counterpart {}", subcommand.get_name()))]);
        heading.control("PP", []);
        heading.text([roman(
            subcommand
                .get_long_about()
                .or(subcommand.get_about())
                .map(ToString::to_string)
                .unwrap_or_default(),
        )]);
        heading.to_writer(out)?;
        let own = subcommand.clone().mut_args(|argument| {
            let everywhere = argument.is_global_set();
            argument.hide(everywhere)
        });
        Man::new(own).render_options_section(out)?;
    }
    man.render_extra_section(out)?;
    man.render_version_section(out)
}
