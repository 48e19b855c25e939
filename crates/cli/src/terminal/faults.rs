//! Screen 2: what is wrong with an input.

use counterpart_exchange::is_truncated;
use counterpart_model::{Fault, Faults};

use crate::settings::Settings;
use crate::terminal::marks::{ERROR, TITLE};
use crate::terminal::number::count;
use crate::terminal::page::Page;

/// How many faults a person is shown without asking.
pub(crate) const SHOWN: usize = 20;

/// Width of the labels `value`, `expected`, `hint`.
const LABEL_COLUMNS: usize = 10;

/// Returns the screen of an input's faults.
pub(crate) fn screen(faults: &Faults, nothing: &str, settings: &Settings) -> String {
    let mut page = Page::new(settings);
    page.push_styled("error", ERROR);
    let n = count(faults.len(), "fault", "faults");
    let n = if is_truncated(faults) {
        format!("at least {n} (the rest were not listed)")
    } else {
        n
    };
    let files = match faults.n_files() {
        0 => String::new(),
        files => format!(" in {}", count(files, "file", "files")),
    };
    page.line(&format!(": {n}{files}; {nothing}"));
    let shown = if settings.all_faults { faults.len() } else { SHOWN };
    for fault in faults.as_slice().iter().take(shown) {
        page.blank();
        one(&mut page, fault);
    }
    if let Some(more) = faults.len().checked_sub(shown).filter(|more| *more > 0) {
        page.blank();
        page.line(&format!("and {more} more (`--all-faults`)"));
    }
    page.blank();
    page.line("exit 2: nothing was written");
    page.finish()
}

fn one(page: &mut Page, fault: &Fault) {
    let place = fault.location.to_string();
    let place = page.marks().text(&place).into_owned();
    page.push_styled(&place, TITLE);
    page.blank();
    let value = if fault.value.is_empty() {
        "nothing".to_owned()
    } else {
        format!("\"{}\"", fault.value)
    };
    page.labelled(2, LABEL_COLUMNS, "value", &value);
    page.labelled(2, LABEL_COLUMNS, "expected", &fault.expected);
    if let Some(hint) = &fault.hint {
        page.labelled(2, LABEL_COLUMNS, "hint", hint);
    }
}
