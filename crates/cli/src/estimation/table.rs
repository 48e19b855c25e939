//! An estimate as text, CSV, Markdown and LaTeX; the sample stands under each.

use std::fmt::Write;

use counterpart_estimate::panel::Readings;
use counterpart_estimate::result::Status;

use super::document::{Document, PanelRow, Row, SampleOut};

mod many;

use crate::settings::Settings;
use crate::terminal::number::{count, decimals};
use crate::terminal::page::{Align, Cell, Page};
pub(crate) use many::{csv_of_many, latex_of_many, markdown_of_many, text_of_many};

/// Width of the labels beside text.
const LABEL_COLUMNS: usize = 12;

/// Returns a number to four significant digits, plain where that is short.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{value:.3e}").replace('-', "−");
    }
    let digits = match size {
        0.0..1.0 => 4,
        1.0..10.0 => 3,
        10.0..100.0 => 2,
        100.0..1000.0 => 1,
        _ => 0,
    };
    let digits = if size != 0.0 && size < 0.001 { 6 } else { digits };
    decimals(value, digits)
}

/// Returns a p-value to three decimals.
pub(crate) fn p(value: f64) -> String {
    if value < 0.001 {
        "<0.001".to_owned()
    } else {
        decimals(value, 3)
    }
}

/// Returns what a row is about: "simple", "cohort 2004", "event −1", "2004 in 2005".
pub(crate) fn label(row: &Row<'_>) -> String {
    let signed = |number: i64| decimals(number as f64, 0);
    let mut text = match row.aggregation.as_deref() {
        None if row.event_time.is_none() => row.term.to_owned(),
        Some(name) if row.group.is_none() && row.time.is_none() && row.event_time.is_none() => {
            format!("{} {name}", row.term)
        }
        _ => String::new(),
    };
    match (row.group, row.time, row.event_time) {
        (Some(group), Some(time), _) => text = format!("cohort {group} in {time}"),
        (Some(group), None, _) => text = format!("cohort {group}"),
        (None, Some(time), _) => text = format!("period {time}"),
        (None, None, Some(event)) => text = format!("event {}", signed(event)),
        (None, None, None) => {}
    }
    if row.is_reference {
        text.push_str(" (reference)");
    }
    text
}

/// The cells of a table for people: label, estimate, standard error, interval, p.
fn cells(row: &Row<'_>) -> [String; 5] {
    let or_nothing = |value: Option<f64>, show: fn(f64) -> String| value.map(show).unwrap_or_default();
    let interval = match (row.conf_low, row.conf_high) {
        (Some(low), Some(high)) => format!("{} to {}", figure(low), figure(high)),
        _ => String::new(),
    };
    [
        label(row),
        figure(row.estimate),
        or_nothing(row.std_error, figure),
        interval,
        or_nothing(row.p_value, p),
    ]
}

fn headings(level: f64) -> [String; 5] {
    [
        String::new(),
        "estimate".to_owned(),
        "std. error".to_owned(),
        format!("{}% interval", decimals(level * 100.0, 0)),
        "p".to_owned(),
    ]
}

/// Returns the sample in one sentence.
pub(crate) fn sample_sentence(sample: &SampleOut, cluster: &str) -> String {
    let (Some(treated), Some(controls), Some(periods)) =
        (sample.treated_units, sample.control_units, sample.periods)
    else {
        let clusters = if cluster.is_empty() {
            String::new()
        } else {
            format!("; {} of {cluster}", count(sample.clusters, "cluster", "clusters"))
        };
        return format!(
            "{} read, {} used{clusters}",
            count(sample.rows_read, "row", "rows"),
            sample.rows_used
        );
    };
    format!(
        "{} read, {} used; {} treated, {}; {} of {cluster}; {}",
        count(sample.rows_read, "row", "rows"),
        sample.rows_used,
        count(treated, "unit", "units"),
        count(controls, "control unit", "control units"),
        count(sample.clusters, "cluster", "clusters"),
        count(periods, "period", "periods"),
    )
}

/// Returns what was dropped and why, in one sentence.
pub(crate) fn dropped_sentence(sample: &SampleOut) -> String {
    if sample.dropped.is_empty() {
        return "no row".to_owned();
    }
    let each: Vec<String> = sample
        .dropped
        .iter()
        .map(|one| {
            format!(
                "{} of {}: {}",
                count(one.rows, "row", "rows"),
                count(one.units, "unit", "units"),
                one.words
            )
        })
        .collect();
    each.join("; ")
}

/// Returns how many units each reading of first treatment covers.
pub(crate) fn readings_sentence(readings: &Readings) -> String {
    let covered = [
        (readings.treated, "treated inside the panel"),
        (readings.always_treated, "treated from the first period on"),
        (readings.never_missing, "never treated, as the cell is empty"),
        (readings.never_zero, "never treated, as it says 0"),
        (readings.never_infinite, "never treated, as it says inf"),
        (
            readings.never_beyond_last,
            "never treated, as the period lies after the last one",
        ),
        (readings.never_flagged, "never treated, by the flag"),
    ];
    let said: Vec<String> = covered
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(*number, "unit", "units")))
        .collect();
    said.join("; ")
}

/// Returns the estimate for a terminal.
pub(crate) fn text(
    document: &Document<'_>,
    title: &str,
    cluster: &str,
    level: f64,
    settings: &Settings,
) -> String {
    let mut page = Page::new(settings);
    page.line(title);
    page.blank();
    let mut rows: Vec<Vec<Cell>> = vec![headings(level).map(Cell::new).to_vec()];
    rows.extend(
        document
            .estimates
            .iter()
            .map(|row| cells(row).map(Cell::new).to_vec()),
    );
    page.table(
        &rows,
        &[
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Right,
            Align::Right,
        ],
    );
    page.blank();
    page.labelled(
        0,
        LABEL_COLUMNS,
        "sample",
        &sample_sentence(&document.sample, cluster),
    );
    page.labelled(0, LABEL_COLUMNS, "dropped", &dropped_sentence(&document.sample));
    if let Some(readings) = document.readings {
        page.labelled(0, LABEL_COLUMNS, "read as", &readings_sentence(readings));
    }
    for (index, row) in document.panels.iter().enumerate() {
        let label = if index == 0 { "panels" } else { "" };
        page.labelled(0, LABEL_COLUMNS, label, &panel_sentence(row, level));
    }
    for (index, one) in document.diagnostics.iter().enumerate() {
        let label = if index == 0 { "checks" } else { "" };
        page.labelled(0, LABEL_COLUMNS, label, &check_sentence(one));
    }
    for (index, warning) in document.warnings.iter().enumerate() {
        let label = if index == 0 { "warnings" } else { "" };
        page.labelled(0, LABEL_COLUMNS, label, &warning.message);
    }
    page.labelled(0, LABEL_COLUMNS, "method", document.text);
    page.labelled(0, LABEL_COLUMNS, "path", &path_sentence(document));
    for (index, paper) in document.citation.iter().enumerate() {
        let label = if index == 0 { "cite" } else { "" };
        page.labelled(0, LABEL_COLUMNS, label, paper);
    }
    page.finish()
}

/// Returns what the estimate was computed from.
fn path_sentence(document: &Document<'_>) -> String {
    match &document.path_reason {
        None => "moments of one pass over the rows".to_owned(),
        Some(reason) => format!("microdata: {reason}"),
    }
}

/// Returns a check in one line.
fn check_sentence(one: &counterpart_estimate::result::Diagnostic) -> String {
    format!("{} {}", one.name.replace('_', " "), check_outcome(one))
}

/// Returns what came of a check, without its name.
pub(crate) fn check_outcome(one: &counterpart_estimate::result::Diagnostic) -> String {
    let status = match one.status {
        Status::Holds => "holds",
        Status::Fails => "fails",
        _ => "not computed",
    };
    let mut text = status.to_owned();
    if let Some(value) = one.value {
        let _ = write!(text, ": {}", figure(value));
    }
    if let Some(value) = one.p_value {
        let _ = write!(text, ", p {}", p(value));
    }
    if let Some(reason) = &one.reason {
        let _ = write!(text, " ({reason})");
    }
    text
}

/// Returns one row an estimate, at full precision.
pub(crate) fn csv(document: &Document<'_>) -> String {
    let mut text = format!("{CSV_HEADER}\n");
    for row in &document.estimates {
        text.push_str(&csv_row(row));
        text.push('\n');
    }
    text
}

const CSV_HEADER: &str = "term,aggregation,group,time,event_time,estimate,std_error,statistic,p_value,conf_low,conf_high,band_low,band_high,is_reference";

fn csv_row(row: &Row<'_>) -> String {
    let whole = |value: Option<i64>| value.map(|number| number.to_string()).unwrap_or_default();
    let number = |value: Option<f64>| value.map(|number| number.to_string()).unwrap_or_default();
    let cells = [
        quoted(row.term),
        row.aggregation.as_deref().unwrap_or_default().to_owned(),
        whole(row.group),
        whole(row.time),
        whole(row.event_time),
        row.estimate.to_string(),
        number(row.std_error),
        number(row.statistic),
        number(row.p_value),
        number(row.conf_low),
        number(row.conf_high),
        number(row.band_low),
        number(row.band_high),
        row.is_reference.to_string(),
    ];
    cells.join(",")
}

/// Returns a cell of a CSV text, quoted where it has to be.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The lines that stand under a table in a paper.
fn notes(document: &Document<'_>, cluster: &str, level: f64) -> Vec<(&'static str, String)> {
    let sample = &document.sample;
    let mut notes = vec![("Rows", sample.rows_used.to_string())];
    notes.extend(
        sample
            .treated_units
            .map(|number| ("Treated units", number.to_string())),
    );
    notes.extend(
        sample
            .control_units
            .map(|number| ("Control units", number.to_string())),
    );
    if !cluster.is_empty() {
        notes.push(("Clusters", format!("{} ({cluster})", sample.clusters)));
    }
    notes.push(("Dropped", dropped_sentence(sample)));
    notes.extend(
        document
            .readings
            .map(|readings| ("Read as", readings_sentence(readings))),
    );
    notes.extend(
        document
            .panels
            .iter()
            .map(|row| ("Panel", panel_sentence(row, level))),
    );
    notes
}

/// Returns an estimate under one use of an incomplete panel, in one line.
fn panel_sentence(row: &PanelRow, level: f64) -> String {
    let mut text = row.panel.to_owned();
    if row.used {
        text.push_str(" (used)");
    }
    match row.estimate {
        Some(estimate) => {
            let _ = write!(text, ": {}", figure(estimate));
        }
        None => {
            let _ = write!(text, ": none");
        }
    }
    if let Some(error) = row.std_error {
        let _ = write!(text, ", std. error {}", figure(error));
    }
    if let (Some(low), Some(high)) = (row.conf_low, row.conf_high) {
        let _ = write!(
            text,
            ", {}% interval {} to {}",
            decimals(level * 100.0, 0),
            figure(low),
            figure(high)
        );
    }
    if let (Some(rows), Some(units)) = (row.rows_used, row.units) {
        let _ = write!(
            text,
            "; {} of {}",
            count(rows, "row", "rows"),
            count(units, "unit", "units")
        );
    }
    if let Some(reason) = &row.reason {
        let _ = write!(text, " ({reason})");
    }
    text
}

/// Returns a table in Markdown.
pub(crate) fn markdown(document: &Document<'_>, title: &str, cluster: &str, level: f64) -> String {
    let escaped = |text: &str| text.replace('|', "\\|");
    let mut text = format!("**{}**\n\n", escaped(title));
    let _ = writeln!(text, "| {} |", headings(level).join(" | "));
    text.push_str("|:--|--:|--:|--:|--:|\n");
    for row in &document.estimates {
        let _ = writeln!(text, "| {} |", cells(row).map(|cell| escaped(&cell)).join(" | "));
    }
    text.push('\n');
    for (name, value) in notes(document, cluster, level) {
        let _ = writeln!(text, "- {name}: {}", escaped(&value));
    }
    for warning in &document.warnings {
        let _ = writeln!(text, "- Warning: {}", escaped(&warning.message));
    }
    text
}

/// Returns a table in LaTeX; it needs the package booktabs.
pub(crate) fn latex(document: &Document<'_>, title: &str, cluster: &str, level: f64) -> String {
    let mut text = format!(
        "% {}\n\\begin{{tabular}}{{lrrrr}}\n\\toprule\n",
        title.replace('\n', " ")
    );
    let _ = writeln!(
        text,
        "{} \\\\",
        headings(level).map(|cell| tex(&cell)).join(" & ")
    );
    text.push_str("\\midrule\n");
    for row in &document.estimates {
        let _ = writeln!(text, "{} \\\\", cells(row).map(|cell| tex(&cell)).join(" & "));
    }
    text.push_str("\\midrule\n");
    for (name, value) in notes(document, cluster, level) {
        let _ = writeln!(text, "{name} & \\multicolumn{{4}}{{l}}{{{}}} \\\\", tex(&value));
    }
    text.push_str("\\bottomrule\n\\end{tabular}\n");
    text
}

fn tex(text: &str) -> String {
    let mut out = String::new();
    for mark in text.chars() {
        match mark {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(mark);
            }
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            '<' => out.push_str("$<$"),
            '−' => out.push_str("$-$"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{figure, quoted, tex};

    #[test]
    fn figures_keep_four_digits() {
        let shown: Vec<String> = [0.0, -0.039_951, 0.000_123, 12.345, 1234.5, 1e-9, -2.5e9]
            .iter()
            .map(|value| figure(*value))
            .collect();
        assert_eq!(
            shown,
            [
                "0.0000",
                "−0.0400",
                "0.000123",
                "12.35",
                "1234",
                "1.000e−9",
                "−2.500e9"
            ]
        );
    }

    #[test]
    fn marks_of_a_format_are_escaped() {
        assert_eq!(tex("a_b 5% −1 <0.001"), "a\\_b 5\\% $-$1 $<$0.001");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
