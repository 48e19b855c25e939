//! Figures as HTML: title, drawing in two cuts, source, table twin.

use super::{blocks, escape, inline};
use crate::anchor::Anchors;
use crate::chart::Cut;
use crate::document::{Drawing, Figure, Mark, Matrix};

/// Writes a figure; its title stands at `level`.
pub(super) fn figure(figure: &Figure, level: u8, anchors: &Anchors, out: &mut String) {
    let id = anchors
        .place(&figure.id)
        .map_or_else(String::new, |id| format!(" id=\"{id}\""));
    out.push_str(&format!(
        "<figure class=\"fig\"{id}><figcaption><h{level}>{}</h{level}><p class=\"sub\">{}</p></figcaption>",
        escape(&figure.title),
        inline::text(&figure.sub, anchors)
    ));
    match &figure.drawing {
        Drawing::Chart(chart) => {
            let label = format!("{}. {}", figure.title, figure.sub.to_plain());
            out.push_str(&chart.draw(Cut::Wide).element("w", &label));
            out.push_str(&chart.draw(Cut::Narrow).element("n", &label));
        }
        Drawing::Matrix(matrix) => self::matrix(matrix, &figure.title, out),
        Drawing::Refused(reason) => out.push_str(&format!("<p class=\"refused\">{}</p>", escape(reason))),
    }
    out.push_str("<div class=\"foot\">");
    if !figure.source.is_empty() {
        out.push_str(&format!(
            "<p class=\"src\"><b>Source</b> {}</p>",
            inline::text(&figure.source, anchors)
        ));
    }
    out.push_str("<div class=\"acts\">");
    if let Some(table) = &figure.table {
        let target = blocks::table_id(table, anchors);
        out.push_str(&format!(
            "<button class=\"lk\" type=\"button\" data-csv=\"{target}\">Download table</button>\
             <details class=\"twin\"><summary>Table</summary>"
        ));
        blocks::table(table, anchors, out);
        out.push_str("</details>");
    }
    if let Some(file) = figure.file {
        out.push_str(&format!("<a class=\"lk\" href=\"{file}\" download>All rows</a>"));
    }
    out.push_str("<a class=\"lk\" href=\"#methods\">How do we know this?</a></div></div></figure>\n");
}

/// Writes providers by recipients: a table where there is room, a list by provider on a phone.
fn matrix(matrix: &Matrix, title: &str, out: &mut String) {
    out.push_str("<p class=\"key\">");
    for (index, round) in matrix.rounds.iter().take(3).enumerate() {
        let mark = Mark {
            count: 1,
            round: index,
            weak: false,
        };
        out.push_str(&format!("<span>{} {}</span>", self::mark(&mark), escape(round)));
    }
    out.push_str("<span><span class=\"mk mk-1 weak\">1?</span> weak evidence</span></p>");
    out.push_str(&format!(
        "<div class=\"scroll bare\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table class=\"mx\"><thead><tr><th scope=\"col\" class=\"stick\">Provider</th>",
        escape(title)
    ));
    for (name, own) in &matrix.columns {
        out.push_str(&format!(
            "<th scope=\"col\" class=\"rot\"><span>{}{}</span></th>",
            escape(&short(name)),
            if name.chars().count() + 2 * own.chars().count() <= 20 {
                own_name(own)
            } else {
                String::new()
            }
        ));
    }
    out.push_str("</tr></thead><tbody>");
    for row in &matrix.rows {
        out.push_str(&format!(
            "<tr><th scope=\"row\" class=\"stick\">{}{}</th>",
            escape(&row.label),
            own_name(&row.label_own)
        ));
        for cell in &row.cells {
            out.push_str("<td>");
            if cell.is_empty() {
                out.push_str("<span class=\"nil\" aria-hidden=\"true\">·</span>");
            }
            for mark in cell {
                out.push_str(&self::mark(mark));
            }
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div><dl class=\"pl\">");
    for row in &matrix.rows {
        out.push_str(&format!(
            "<dt>{}{}</dt><dd>",
            escape(&row.label),
            own_name(&row.label_own)
        ));
        for (cell, (name, _)) in row.cells.iter().zip(&matrix.columns) {
            if !cell.is_empty() {
                out.push_str(&format!("<span>{} ", escape(name)));
                for mark in cell {
                    out.push_str(&self::mark(mark));
                }
                out.push_str("</span> ");
            }
        }
        out.push_str("</dd>");
    }
    out.push_str("</dl>");
}

fn own_name(own: &str) -> String {
    if own.is_empty() {
        String::new()
    } else {
        format!(" <i lang=\"zh\">{}</i>", escape(own))
    }
}

/// A head that fits a turned cell.
fn short(name: &str) -> String {
    crate::chart::svg::fitted(name, 118.0)
}

fn mark(mark: &Mark) -> String {
    let class = mark.round.min(2);
    let (weak, question) = if mark.weak { (" weak", "?") } else { ("", "") };
    format!(
        "<span class=\"mk mk-{class}{weak}\">{}{question}</span>",
        mark.count
    )
}
