//! The same blocks as Markdown.

use std::fmt::Write as _;

use crate::document::{
    Block, Card, ClaimGroup, Document, Drawing, Figure, Inline, Matrix, Pair, Table, Text,
};
use crate::html::is_disguise;
use crate::words;

/// Rows of a table that are printed; all of them stand in `data/`.
const ROWS_SHOWN: usize = 60;

/// Returns the page as Markdown.
#[must_use]
pub fn page(document: &Document) -> String {
    let mut out = String::new();
    let _ = write!(out, "# {}\n\n", escape(&document.question));
    if let Some(banner) = &document.banner {
        let _ = write!(out, "> {}\n\n", escape(banner));
    }
    let _ = write!(
        out,
        "{}\n\n{}\n",
        escape(&document.kicker),
        text(&document.answer)
    );
    for section in &document.sections {
        if let Some(title) = &section.title {
            let _ = write!(out, "\n## {}. {}\n", section.number, escape(title));
        }
        if !section.standfirst.is_empty() {
            let _ = write!(out, "\n{}\n", text(&section.standfirst));
        }
        for block in &section.blocks {
            self::block(block, if section.title.is_some() { 3 } else { 2 }, &mut out);
        }
    }
    out.push_str("\n---\n\n");
    for line in &document.colophon {
        let _ = writeln!(out, "- {}", text(line));
    }
    out
}

fn block(block: &Block, level: usize, out: &mut String) {
    let marks = "#".repeat(level);
    match block {
        Block::Heading { text: title, sub, .. } => {
            let _ = write!(out, "\n{marks} {}\n", escape(title));
            if !sub.is_empty() {
                let _ = write!(out, "\n{}\n", text(sub));
            }
        }
        Block::Paragraph(words) | Block::Finding(words) => {
            let _ = write!(out, "\n{}\n", text(words));
        }
        Block::List(items) => {
            out.push('\n');
            for item in items {
                let _ = writeln!(out, "- {}", text(item));
            }
        }
        Block::Cards(cards) => cards.iter().for_each(|card| self::card(card, out)),
        Block::Figure(figure) => self::figure(figure, &marks, out),
        Block::Table(table) => self::table(table, out),
        Block::Claims(groups) => claims(groups, &marks, out),
        Block::Pairs(pairs) => self::pairs(pairs, &marks, out),
        Block::Disclosure { summary, blocks, .. } => {
            let _ = write!(out, "\n**{}**\n", text(summary));
            for inner in blocks {
                self::block(inner, level, out);
            }
        }
    }
}

fn card(card: &Card, out: &mut String) {
    let _ = write!(
        out,
        "\n**{}**: {} {}. {}\n",
        escape(&card.title),
        card.verdict.glyph(),
        card.verdict.words(),
        text(&card.text)
    );
    if !card.hangs_on.is_empty() {
        out.push_str("\nHangs on:\n\n");
        for line in &card.hangs_on {
            let _ = writeln!(out, "- {}", text(line));
        }
    }
}

fn figure(figure: &Figure, marks: &str, out: &mut String) {
    let _ = write!(
        out,
        "\n{marks} {}\n\n{}\n",
        escape(&figure.title),
        text(&figure.sub)
    );
    match &figure.drawing {
        Drawing::Matrix(matrix) => self::matrix(matrix, out),
        Drawing::Refused(reason) => {
            let _ = write!(out, "\n{}\n", escape(reason));
        }
        Drawing::Chart(_) => {
            if let Some(table) = &figure.table {
                self::table(table, out);
            }
        }
    }
    if !figure.source.is_empty() {
        let _ = write!(out, "\nSource: {}\n", text(&figure.source));
    }
    if let Some(file) = figure.file {
        let _ = write!(out, "\nAll rows: [{file}]({file})\n");
    }
}

fn matrix(matrix: &Matrix, out: &mut String) {
    out.push('\n');
    for row in &matrix.rows {
        let mut cells = Vec::new();
        for (cell, (name, _)) in row.cells.iter().zip(&matrix.columns) {
            for mark in cell {
                let round = matrix.rounds.get(mark.round).map_or("", String::as_str);
                cells.push(format!(
                    "{} {}{} ({})",
                    escape(name),
                    mark.count,
                    if mark.weak { "?" } else { "" },
                    escape(round)
                ));
            }
        }
        let _ = writeln!(out, "- **{}**: {}", escape(&row.label), cells.join("; "));
    }
}

fn table(table: &Table, out: &mut String) {
    if table.rows.is_empty() {
        return;
    }
    out.push_str("\n|");
    for column in &table.columns {
        let _ = write!(out, " {} |", escape(&column.title));
    }
    out.push_str("\n|");
    for column in &table.columns {
        out.push_str(if column.numeric { " ---: |" } else { " --- |" });
    }
    out.push('\n');
    for row in table.rows.iter().take(ROWS_SHOWN) {
        out.push('|');
        for cell in &row.cells {
            let _ = write!(out, " {} |", text(cell));
        }
        out.push('\n');
    }
    if table.rows.len() > ROWS_SHOWN {
        let _ = write!(
            out,
            "\n{} more rows stand in index.html and data/.\n",
            table.rows.len() - ROWS_SHOWN
        );
    }
}

fn claims(groups: &[ClaimGroup], marks: &str, out: &mut String) {
    for group in groups {
        let _ = write!(
            out,
            "\n{marks} {} ({})\n\n",
            escape(&group.topic),
            group.claims.len()
        );
        for claim in &group.claims {
            let figure = if claim.figure.is_empty() {
                String::new()
            } else {
                format!("**{}** ", escape(&claim.figure))
            };
            let why = if claim.why.is_empty() {
                String::new()
            } else {
                format!(": {}", text(&claim.why))
            };
            let _ = writeln!(
                out,
                "- {} {figure}{} — {} {}{why}",
                escape(&claim.id),
                escape(&claim.text),
                words::status_glyph(claim.status),
                words::status(claim.status)
            );
        }
    }
}

fn pairs(pairs: &[Pair], marks: &str, out: &mut String) {
    for pair in pairs {
        let _ = write!(out, "\n{marks} {}\n\n", escape(&pair.topic));
        for alleged in &pair.alleged {
            let _ = writeln!(
                out,
                "- Alleged: {} ({})",
                escape(&alleged.text),
                text(&alleged.cite)
            );
        }
        if pair.answers.is_empty() {
            out.push_str("- Answered: No reply on record.\n");
        }
        for answer in &pair.answers {
            let _ = writeln!(
                out,
                "- Answered: {} ({})",
                escape(&answer.text),
                text(&answer.cite)
            );
        }
        if pair.on_record.is_empty() {
            out.push_str("- On record: Nothing either way.\n");
        }
        for statement in &pair.on_record {
            let _ = writeln!(
                out,
                "- On record: {} ({})",
                escape(&statement.text),
                text(&statement.cite)
            );
        }
    }
}

fn text(text: &Text) -> String {
    text.0
        .iter()
        .map(|part| match part {
            Inline::Words(words) | Inline::Small(words) => escape(words),
            Inline::Strong(words) => format!("**{}**", escape(words)),
            Inline::Code(words) => format!("`{}`", escape(words).replace('`', "'").replace('\\', "")),
            Inline::Number { shown, .. } | Inline::Link { shown, .. } | Inline::Section { shown, .. } => {
                escape(shown)
            }
            Inline::Address(address) => escape(address),
            Inline::Verdict(verdict) => format!("{} {}", verdict.glyph(), verdict.words()),
            Inline::Status(status) => format!("{} {}", words::status_glyph(*status), words::status(*status)),
        })
        .collect()
}

/// Returns text in which nothing is markup: neither Markdown's nor the HTML that Markdown lets through.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '\t' | '\n' => out.push(' '),
            c if is_disguise(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
