//! `case.toml`: the questions, read strictly, with every fault at once.
//!
//! The text is parsed to a tree that knows where each value stands; the tree is held against [`keys`], which is also
//! what the documentation is made of; then the types of the model read it.

pub mod keys;
mod sense;
mod walk;

use counterpart_model::case::Case;
use counterpart_model::{Fault, FaultCode, Faults, Location};
use toml::de::DeTable;

use crate::check::Keys;

/// Returns the case that a `case.toml` writes, by its text alone: what it points at is not looked up.
///
/// # Errors
/// Every unknown key, wrong type, unknown word and contradiction, with line and character.
///
/// # Example
/// ```
/// let faults = counterpart_exchange::case_toml::parse("title = 1\ncolour = 'red'").unwrap_err();
/// let codes: Vec<String> = faults.as_slice().iter().map(|fault| fault.location.to_string()).collect();
/// assert_eq!(codes[codes.len() - 2..], ["case.toml:1:9", "case.toml:2:1"]);
/// ```
pub fn parse(text: &str) -> Result<Case, Faults> {
    let (case, faults) = read(text, None);
    match (case, Faults::from_vec(faults)) {
        (_, Some(faults)) => Err(faults),
        (Some(case), None) => Ok(case),
        (None, None) => Err(Faults::one(Fault::new(
            Location::file(FILE),
            FaultCode::CaseFile,
            "",
            "a case",
        ))),
    }
}

pub(crate) const FILE: &str = "case.toml";

/// Reads the text; with `keys`, what it points at is looked up.
pub(crate) fn read(text: &str, keys: Option<&Keys<'_>>) -> (Option<Case>, Vec<Fault>) {
    let (tree, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let faults = errors.iter().map(|error| syntax(text, error)).collect();
        return (None, faults);
    }
    let mut faults = walk::check(text, tree.get_ref(), keys);
    match toml::from_str::<Case>(text) {
        Ok(case) => {
            faults.extend(sense::check(text, tree.get_ref(), &case));
            (Some(case), faults)
        }
        Err(error) => {
            // The walk has named what the types do not accept, and more of it than their first error does.
            if faults.is_empty() {
                faults.push(syntax(text, &error));
            }
            (None, faults)
        }
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> Fault {
    let location = error
        .span()
        .map_or_else(|| Location::file(FILE), |span| location(text, span.start, None));
    let met = error.span().and_then(|span| text.get(span)).unwrap_or_default();
    Fault::new(location, FaultCode::CaseFile, met, "TOML that reads as a case")
        .hint(error.message().to_owned())
}

/// Returns the place of a byte of the text, as line and character.
pub(crate) fn location(text: &str, at: usize, heading: Option<String>) -> Location {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Location {
        file: FILE.to_owned(),
        line: before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() as u64 + 1,
        heading,
    }
}
