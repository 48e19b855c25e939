//! Blocks as HTML.

use super::{claims, escape, figure, inline};
use crate::anchor::Anchors;
use crate::document::{Block, Card, Pair, Said, Table};

/// Writes a block; headings stand at `level`.
pub(super) fn block(block: &Block, level: u8, anchors: &Anchors, out: &mut String) {
    match block {
        Block::Heading { of, text, sub } => {
            let id = of
                .as_deref()
                .and_then(|of| anchors.place(of))
                .map_or_else(String::new, |id| format!(" id=\"{id}\""));
            out.push_str(&format!(
                "<div class=\"head\"{id}><h{level}>{}</h{level}>",
                escape(text)
            ));
            if !sub.is_empty() {
                out.push_str(&format!("<p class=\"sub\">{}</p>", inline::text(sub, anchors)));
            }
            out.push_str("</div>\n");
        }
        Block::Paragraph(text) => out.push_str(&format!("<p>{}</p>", inline::text(text, anchors))),
        Block::Finding(text) => out.push_str(&format!(
            "<p class=\"finding\">{}</p>",
            inline::text(text, anchors)
        )),
        Block::List(items) => {
            out.push_str("<ul class=\"list\">");
            for item in items {
                out.push_str(&format!("<li>{}</li>", inline::text(item, anchors)));
            }
            out.push_str("</ul>\n");
        }
        Block::Cards(cards) => {
            out.push_str("<div class=\"cards\">");
            for card in cards {
                self::card(card, level + 1, anchors, out);
            }
            out.push_str("</div>\n");
        }
        Block::Figure(figure) => figure::figure(figure, level, anchors, out),
        Block::Table(table) => self::table(table, anchors, out),
        Block::Claims(groups) => claims::claims(groups, level, anchors, out),
        Block::Pairs(pairs) => self::pairs(pairs, level, anchors, out),
        Block::Disclosure { id, summary, blocks } => {
            let id = id
                .as_deref()
                .and_then(|id| anchors.place(id))
                .map_or_else(String::new, |id| format!(" id=\"{id}\""));
            out.push_str(&format!(
                "<details class=\"more\"{id}><summary>{}</summary>",
                inline::unlinked(summary, anchors)
            ));
            for inner in blocks {
                block_in(inner, level, anchors, out);
            }
            out.push_str("</details>\n");
        }
    }
}

fn block_in(inner: &Block, level: u8, anchors: &Anchors, out: &mut String) {
    block(inner, level, anchors, out);
}

fn card(card: &Card, level: u8, anchors: &Anchors, out: &mut String) {
    out.push_str(&format!(
        "<article class=\"card\"><h{level}>{}</h{level}>{}<p class=\"est finding\">{}</p>",
        escape(&card.title),
        inline::verdict(card.verdict),
        inline::text(&card.text, anchors)
    ));
    for line in &card.estimates {
        out.push_str(&format!(
            "<p class=\"sub finding\">{}</p>",
            inline::text(line, anchors)
        ));
    }
    if !card.hangs_on.is_empty() {
        out.push_str("<div class=\"hang\"><b>Hangs on</b>");
        for line in &card.hangs_on {
            out.push_str(&format!(
                "<p class=\"finding\">{}</p>",
                inline::text(line, anchors)
            ));
        }
        out.push_str("</div>");
    }
    out.push_str("</article>");
}

fn pairs(pairs: &[Pair], level: u8, anchors: &Anchors, out: &mut String) {
    out.push_str("<div class=\"pairs\"><div class=\"pairs-head\" aria-hidden=\"true\"><b>Alleged</b><b>Answered</b></div>");
    for pair in pairs {
        out.push_str(&format!(
            "<article class=\"pair\"><h{level}>{}</h{level}>",
            escape(&pair.topic)
        ));
        out.push_str("<div class=\"side\"><p class=\"which\">Alleged</p>");
        for alleged in &pair.alleged {
            said(alleged, anchors, out);
        }
        out.push_str("</div><div class=\"side\"><p class=\"which\">Answered</p>");
        if pair.answers.is_empty() {
            out.push_str("<p class=\"said\">No reply on record.</p>");
        }
        for answer in &pair.answers {
            said(answer, anchors, out);
        }
        out.push_str("</div><div class=\"rec\"><b>On record</b> ");
        if pair.on_record.is_empty() {
            out.push_str("Nothing either way.");
        }
        for statement in &pair.on_record {
            out.push_str(&format!(
                "<p>{} <small>{}</small></p>",
                escape(&statement.text),
                inline::text(&statement.cite, anchors)
            ));
        }
        out.push_str("</div></article>");
    }
    out.push_str("</div>\n");
}

fn said(said: &Said, anchors: &Anchors, out: &mut String) {
    out.push_str(&format!(
        "<p class=\"said\">{}</p><p class=\"cite\">{}</p>",
        escape(&said.text),
        inline::text(&said.cite, anchors)
    ));
}

/// The address of a table, apart from those of objects.
fn table_key(table: &Table) -> String {
    format!("table {}", table.name)
}

/// Gives a table and the objects of its rows their addresses.
pub(super) fn register(table: &Table, anchors: &mut Anchors) {
    anchors.register(&table_key(table));
    for row in &table.rows {
        if let Some(id) = &row.of {
            anchors.register(id);
        }
    }
}

/// Returns the address of a table.
pub(super) fn table_id<'a>(table: &Table, anchors: &'a Anchors) -> &'a str {
    anchors.of(&table_key(table)).unwrap_or_default()
}

/// Writes a table in a box that scrolls by itself.
pub(super) fn table(table: &Table, anchors: &Anchors, out: &mut String) {
    let stack = if table.stack { " stack" } else { "" };
    let place = anchors
        .place(&table_key(table))
        .map_or_else(String::new, |id| format!(" id=\"{id}\""));
    let caption = escape(&table.caption);
    let wide = if table.columns.len() > 8 {
        " class=\"wide\""
    } else {
        ""
    };
    out.push_str(&format!(
        "<div class=\"scroll{stack}\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\"><table{place}{wide}><thead><tr>"
    ));
    for column in &table.columns {
        let class = if column.numeric { " class=\"r\"" } else { "" };
        out.push_str(&format!(
            "<th scope=\"col\"{class}>{}</th>",
            escape(&column.title)
        ));
    }
    out.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        let id = row
            .of
            .as_deref()
            .and_then(|of| anchors.place(of))
            .map_or_else(String::new, |id| format!(" id=\"{id}\""));
        let value = match &row.value {
            Some(value) if !id.is_empty() => format!(" data-value=\"{}\"", escape(value)),
            _ => String::new(),
        };
        let main = if row.main { " class=\"main\"" } else { "" };
        out.push_str(&format!("<tr{id}{value}{main}>"));
        for (index, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
            let class = if column.numeric { " class=\"r\"" } else { "" };
            let label = if table.stack {
                format!(" data-h=\"{}\"", escape(&column.title))
            } else {
                String::new()
            };
            let text = inline::text(cell, anchors);
            if index == 0 {
                out.push_str(&format!("<th scope=\"row\"{class}{label}>{text}</th>"));
            } else {
                out.push_str(&format!("<td{class}{label}>{text}</td>"));
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>\n");
}
