//! Arguments, environment and terminal as one checked value.

use std::ffi::OsString;
use std::io::IsTerminal;

use anstream::ColorChoice;

use crate::args::{Color, Global};
use crate::exit::Failure;
use crate::terminal::marks::Marks;

/// Columns of the screens; a narrower terminal narrows them, a wider one does not widen them.
pub(crate) const COLUMNS: usize = 80;

/// Fewest columns that the screens are laid out for.
const FEWEST_COLUMNS: usize = 40;

/// How to print.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// One JSON document instead of text.
    pub(crate) json: bool,
    /// No progress, no remarks.
    pub(crate) quiet: bool,
    /// Whether a line that rewrites itself may be shown.
    pub(crate) progress: bool,
    /// Every fault, not the first ones.
    pub(crate) all_faults: bool,
    /// Columns to lay out for.
    pub(crate) columns: usize,
    /// What to draw with.
    pub(crate) marks: Marks,
    /// When to colour.
    pub(crate) color: ColorChoice,
}

impl Settings {
    /// Reads the flags of every command, looks at the terminal, and sets the number of threads once.
    pub(crate) fn of(global: &Global) -> Result<Self, Failure> {
        if let Some(threads) = global.threads.map(usize::from) {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build_global()
                .map_err(|source| Failure::Threads { threads, source })?;
        }
        let stderr_is_terminal = std::io::stderr().is_terminal();
        // As in other programs, COLUMNS speaks for whoever sets it, in a pipe too.
        #[expect(
            clippy::disallowed_methods,
            reason = "settings are where the environment is read"
        )]
        let asked = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.trim().parse::<usize>().ok())
            .filter(|columns| *columns > 0);
        let of_terminal = || {
            terminal_size::terminal_size()
                .filter(|_| std::io::stdout().is_terminal())
                .map(|(width, _)| usize::from(width.0))
        };
        let columns = asked
            .or_else(of_terminal)
            .map_or(COLUMNS, |width| width.clamp(FEWEST_COLUMNS, COLUMNS));
        Ok(Self {
            json: global.json,
            quiet: global.quiet,
            progress: stderr_is_terminal && !global.quiet && !global.json,
            all_faults: global.all_faults,
            columns,
            marks: if global.ascii {
                Marks::ascii()
            } else {
                Marks::unicode()
            },
            color: match global.color {
                // The stream itself looks for a terminal, NO_COLOR, CLICOLOR and TERM.
                Color::Auto => ColorChoice::Auto,
                Color::Always => ColorChoice::AlwaysAnsi,
                Color::Never => ColorChoice::Never,
            },
        })
    }

    /// Returns settings for an error that came before the real ones.
    pub(crate) fn plain(json: bool) -> Self {
        Self {
            json,
            quiet: true,
            progress: false,
            all_faults: false,
            columns: COLUMNS,
            marks: Marks::unicode(),
            color: ColorChoice::Never,
        }
    }
}

/// Whether `--json` is among raw arguments that may not even parse.
pub(crate) fn wants_json(arguments: impl IntoIterator<Item = OsString>) -> bool {
    arguments
        .into_iter()
        .take_while(|argument| argument != "--")
        .any(|argument| argument == "--json")
}

#[cfg(test)]
mod tests {
    use super::wants_json;

    #[test]
    fn json_after_two_dashes_is_a_file_name() {
        let arguments = |words: &[&str]| words.iter().map(|&word| word.into()).collect::<Vec<_>>();
        assert!(wants_json(arguments(&["counterpart", "--json", "bogus"])));
        assert!(!wants_json(arguments(&["counterpart", "verify", "--", "--json"])));
    }
}
