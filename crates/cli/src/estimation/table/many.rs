//! Estimates of many specifications in one table; the first column names the specification.

use std::fmt::Write as _;

use super::{CSV_HEADER, cells, csv_row, dropped_sentence, headings, quoted, sample_sentence, tex};
use crate::estimation::document::Document;
use crate::estimation::many::TidyRow;
use crate::settings::Settings;
use crate::terminal::page::{Align, Cell, Page};

/// Width of the labels beside text.
const LABEL_COLUMNS: usize = 22;

/// Returns one row an estimate, at full precision.
pub(crate) fn csv_of_many(rows: &[TidyRow<'_>]) -> String {
    let mut text = format!("spec,{CSV_HEADER}\n");
    for one in rows {
        let _ = writeln!(text, "{},{}", quoted(one.spec), csv_row(one.row));
    }
    text
}

type Named<'a> = (&'a str, Document<'a>);

fn level_of(documents: &[Named<'_>]) -> f64 {
    documents.first().map_or(0.95, |(_, document)| document.level())
}

/// Heading, then a line an estimate: specification, label, estimate, standard error, interval, p.
fn lines(documents: &[Named<'_>]) -> Vec<[String; 6]> {
    let [what, estimate, error, interval, p] = headings(level_of(documents));
    let mut lines = vec![["spec".to_owned(), what, estimate, error, interval, p]];
    for (name, document) in documents {
        for row in &document.estimates {
            let [what, estimate, error, interval, p] = cells(row);
            lines.push([(*name).to_owned(), what, estimate, error, interval, p]);
        }
    }
    lines
}

/// Returns the estimates for a terminal, and the sample of each specification.
pub(crate) fn text_of_many(documents: &[Named<'_>], settings: &Settings) -> String {
    let mut page = Page::new(settings);
    let rows: Vec<Vec<Cell>> = lines(documents)
        .into_iter()
        .map(|line| line.map(Cell::new).to_vec())
        .collect();
    page.table(
        &rows,
        &[
            Align::Left,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Right,
            Align::Right,
        ],
    );
    page.blank();
    for (name, document) in documents {
        let sample = sample_sentence(&document.sample, &document.cluster());
        let mut text = format!("{sample}; dropped: {}", dropped_sentence(&document.sample));
        for warning in &document.warnings {
            let _ = write!(text, "; {}", warning.message);
        }
        page.labelled(0, LABEL_COLUMNS, name, &text);
    }
    page.finish()
}

/// Returns a table in Markdown.
pub(crate) fn markdown_of_many(documents: &[Named<'_>]) -> String {
    let escaped = |text: &str| text.replace('|', "\\|");
    let mut text = String::new();
    for (index, line) in lines(documents).iter().enumerate() {
        let _ = writeln!(
            text,
            "| {} |",
            line.clone().map(|cell| escaped(&cell)).join(" | ")
        );
        if index == 0 {
            text.push_str("|:--|:--|--:|--:|--:|--:|\n");
        }
    }
    text.push('\n');
    for (name, document) in documents {
        let sample = sample_sentence(&document.sample, &document.cluster());
        let dropped = dropped_sentence(&document.sample);
        let _ = writeln!(
            text,
            "- {}: {}; dropped: {}",
            escaped(name),
            escaped(&sample),
            escaped(&dropped)
        );
    }
    text
}

/// Returns a table in LaTeX; it needs the package booktabs.
pub(crate) fn latex_of_many(documents: &[Named<'_>]) -> String {
    let mut text = String::from("\\begin{tabular}{llrrrr}\n\\toprule\n");
    for (index, line) in lines(documents).iter().enumerate() {
        let _ = writeln!(text, "{} \\\\", line.clone().map(|cell| tex(&cell)).join(" & "));
        if index == 0 {
            text.push_str("\\midrule\n");
        }
    }
    text.push_str("\\midrule\n");
    for (name, document) in documents {
        let sample = sample_sentence(&document.sample, &document.cluster());
        let dropped = dropped_sentence(&document.sample);
        let words = format!("{sample}; dropped: {dropped}");
        let _ = writeln!(
            text,
            "{} & \\multicolumn{{5}}{{l}}{{{}}} \\\\",
            tex(name),
            tex(&words)
        );
    }
    text.push_str("\\bottomrule\n\\end{tabular}\n");
    text
}
