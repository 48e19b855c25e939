//! `data/*.csv`: every row of the report as a table.
//!
//! UTF-8 without a byte order mark, RFC 4180, one header. Numbers are plain digits as in `report.json`; a cell of
//! *text* that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets
//! an apostrophe in front. Ids in one cell are joined by `;`.

use counterpart_appraise::assessment::Number;
use counterpart_appraise::{Assessment, Published};

use crate::ReportError;

mod accounts;
mod claims;
mod conditions;
mod contradictions;
mod duties;
mod entitlements;
mod gaps;
mod listed_entities;
mod outcomes;
mod pairings;
mod people;
mod projects;
mod promises;
mod record;
mod screening;
mod studies;
mod systems;
mod totals;

/// A cell of a file.
enum Cell {
    Text(String),
    Number(String),
}

/// A file with its header and rows.
struct File {
    name: String,
    header: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
}

fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

fn maybe(value: Option<&String>) -> Cell {
    Cell::Text(value.cloned().unwrap_or_default())
}

fn number(value: &Number) -> Cell {
    Cell::Number(value.as_str().to_owned())
}

fn maybe_number(value: Option<&Number>) -> Cell {
    Cell::Number(value.map(|number| number.as_str().to_owned()).unwrap_or_default())
}

fn count(value: usize) -> Cell {
    Cell::Number(value.to_string())
}

fn yes(value: bool) -> Cell {
    Cell::Text(if value { "true" } else { "false" }.to_owned())
}

fn ids(values: &[String]) -> Cell {
    Cell::Text(values.join(";"))
}

/// Returns name and bytes of every file that has a row, in order of name.
///
/// # Errors
/// [`ReportError::Csv`] if a table cannot be written.
pub fn files(assessment: &Published<Assessment>) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut tables = vec![
        claims::claims(assessment),
        claims::candidates(assessment),
        contradictions::contradictions(assessment),
        contradictions::statements(assessment),
        promises::promises(assessment),
        promises::speaker_accounts(assessment),
        promises::disputes(assessment),
        gaps::gaps(assessment),
        totals::transactions(assessment),
        totals::totals(assessment),
        totals::membership(assessment),
        totals::stated(assessment),
        duties::rules(assessment),
        duties::duties(assessment),
        accounts::accounts(assessment),
        pairings::pairings(assessment),
        pairings::pools(assessment),
        studies::studies(assessment),
        studies::checks(assessment),
        studies::points(assessment),
        studies::specifications(assessment),
        record::figures(assessment),
        claims::allegations(assessment),
        people::people(assessment),
        people::totals(assessment),
        people::parts(assessment),
        entitlements::entitlements(assessment),
        entitlements::amounts(assessment),
        conditions::conditions(assessment),
        listed_entities::listed_entities(assessment),
        screening::screening(assessment),
        systems::systems(assessment),
        record::data_gaps(assessment),
        record::sources(assessment),
        record::speakers(assessment),
        record::vintages(assessment),
        record::indicators(assessment),
        record::places(assessment),
        pairings::rounds(assessment),
        projects::activities(assessment),
        projects::results(assessment),
        projects::ladder(assessment),
        projects::ladder_steps(assessment),
        projects::reviews(assessment),
        projects::pairing_counts(assessment),
        projects::pairing_evidence(assessment),
        outcomes::outcomes(assessment),
        outcomes::evidence(assessment),
        outcomes::evidence_counts(assessment),
    ];
    tables.extend(studies::samples(assessment));
    tables.retain(|file| !file.rows.is_empty());
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    tables
        .iter()
        .map(|file| Ok((format!("data/{}.csv", file.name), bytes(file)?)))
        .collect()
}

fn bytes(file: &File) -> Result<Vec<u8>, ReportError> {
    let fault = |reason: String| ReportError::Csv {
        name: file.name.clone(),
        reason,
    };
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer
        .write_record(file.header)
        .map_err(|source| fault(source.to_string()))?;
    for row in &file.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => safe(text),
            Cell::Number(digits) => digits.clone(),
        });
        writer
            .write_record(cells)
            .map_err(|source| fault(source.to_string()))?;
    }
    writer.into_inner().map_err(|source| fault(source.to_string()))
}

/// Returns text that no spreadsheet runs as a formula.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn file(name: &str, header: &'static [&'static str], rows: Vec<Vec<Cell>>) -> File {
    File {
        name: name.to_owned(),
        header,
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn text_that_a_spreadsheet_would_run_gets_an_apostrophe() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(safe(formula), format!("'{formula}"));
        }
        assert_eq!(safe("plain = text"), "plain = text");
    }
}
