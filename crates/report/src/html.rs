//! Blocks as one self-contained page.
//!
//! Style sheet, script and drawings stand inside the page; a content security policy keeps every request at home. All
//! text passes through [`escape`], and nothing else turns text into markup.

mod blocks;
mod claims;
mod figure;
mod inline;

use crate::anchor::Anchors;
use crate::document::{Block, ClaimItem, Document, Inline, Section, Text};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// What the page may do: nothing but show itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'";

/// Returns text as HTML text or attribute value.
///
/// Characters that reorder the line around them (bidirectional overrides, embeddings and isolates) and control
/// characters are replaced by U+FFFD, so that no name can disguise what stands beside it.
///
/// ```
/// assert_eq!(counterpart_report::html::escape("<b title=\"x\">"), "&lt;b title=&quot;x&quot;&gt;");
/// ```
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            c if is_disguise(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character reorders or hides what stands around it.
pub(crate) fn is_disguise(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !matches!(c, '\t' | '\n'))
}

/// Returns the page.
#[must_use]
pub fn page(document: &Document) -> String {
    let anchors = register(document);
    let mut out = String::with_capacity(1 << 20);
    out.push_str("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">");
    out.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">"
    ));
    out.push_str("<meta name=\"referrer\" content=\"no-referrer\"><link rel=\"icon\" href=\"data:,\">");
    out.push_str(&format!(
        "<title>{} · Counterpart</title>",
        escape(&document.question)
    ));
    out.push_str("<style>");
    out.push_str(STYLE);
    out.push_str("</style></head>\n<body><a class=\"skip\" href=\"#main\">Skip to the answer</a>\n");
    if let Some(banner) = &document.banner {
        out.push_str(&format!("<p class=\"banner\">{}</p>\n", escape(banner)));
    }
    out.push_str("<div class=\"page\">\n");
    index(document, &mut out);
    out.push_str("<main id=\"main\">\n");
    for section in &document.sections {
        self::section(document, section, &anchors, &mut out);
    }
    out.push_str("</main>\n<footer>");
    for line in &document.colophon {
        out.push_str(&format!("<p>{}</p>", inline::text(line, &anchors)));
    }
    out.push_str("</footer>\n</div>\n<script>");
    out.push_str(SCRIPT);
    out.push_str("</script></body></html>\n");
    out
}

/// Returns ids that some sentence points at and that the page shows nowhere, in order.
///
/// Such a figure is printed without a link. A report of a whole assessment has none.
#[must_use]
pub fn unresolved(document: &Document) -> Vec<String> {
    let anchors = register(document);
    let mut missing = std::collections::BTreeSet::new();
    let mut look = |text: &Text| {
        for part in &text.0 {
            if let Inline::Number { of, .. } = part
                && anchors.of(of).is_none()
            {
                missing.insert(of.clone());
            }
        }
    };
    look(&document.answer);
    for section in &document.sections {
        look(&section.standfirst);
        for block in &section.blocks {
            crate::document::each_text(block, &mut look);
        }
    }
    missing.into_iter().collect()
}

fn index(document: &Document, out: &mut String) {
    out.push_str("<nav aria-label=\"Sections\"><ol>");
    for section in &document.sections {
        out.push_str(&format!(
            "<li><a href=\"#{}\"><span class=\"no\">{}</span> {}</a></li>",
            section.id, section.number, section.short
        ));
    }
    out.push_str("</ol></nav>\n");
}

fn section(document: &Document, section: &Section, anchors: &Anchors, out: &mut String) {
    out.push_str(&format!("<section id=\"{}\">", section.id));
    let level = match &section.title {
        Some(title) => {
            out.push_str(&format!(
                "<h2><span class=\"no\">{}</span>{}</h2>\n",
                section.number,
                escape(title)
            ));
            3
        }
        None => {
            out.push_str(&format!(
                "<p class=\"kick\"><span>{}</span><button id=\"theme\" type=\"button\">Light / dark</button></p>",
                escape(&document.kicker)
            ));
            out.push_str(&format!("<h1>{}</h1>\n", escape(&document.question)));
            out.push_str(&format!(
                "<p class=\"ans finding\">{}</p>\n",
                inline::text(&document.answer, anchors)
            ));
            2
        }
    };
    if !section.standfirst.is_empty() {
        let finding = if section.standfirst.has_number() {
            " finding"
        } else {
            ""
        };
        out.push_str(&format!(
            "<p class=\"std{finding}\">{}</p>\n",
            inline::text(&section.standfirst, anchors)
        ));
    }
    for block in &section.blocks {
        blocks::block(block, level, anchors, out);
    }
    out.push_str("</section>\n");
}

/// Gives every object that the page shows its address, in the order of reading.
fn register(document: &Document) -> Anchors {
    let mut anchors = Anchors::default();
    for name in ["main", "theme", "shown"] {
        anchors.reserve(name);
    }
    for section in &document.sections {
        anchors.reserve(section.id);
    }
    // Claims have fixed addresses that are cited: nothing else may take them.
    for section in &document.sections {
        for block in &section.blocks {
            if let Block::Claims(groups) = block {
                for claim in groups.iter().flat_map(|group| &group.claims) {
                    anchors.register(&claim.id);
                }
            }
        }
    }
    for section in &document.sections {
        for block in &section.blocks {
            register_block(block, &mut anchors);
        }
    }
    anchors
}

fn register_block(block: &Block, anchors: &mut Anchors) {
    match block {
        Block::Heading { of: Some(id), .. } => anchors.register(id),
        Block::Table(table) => blocks::register(table, anchors),
        Block::Figure(figure) => {
            anchors.register(&figure.id);
            if let Some(table) = &figure.table {
                blocks::register(table, anchors);
            }
        }
        Block::Disclosure { id, blocks, .. } => {
            if let Some(id) = id {
                anchors.register(id);
            }
            for block in blocks {
                register_block(block, anchors);
            }
        }
        Block::Claims(groups) => {
            for claim in groups.iter().flat_map(|group| &group.claims) {
                for block in blocks_of(claim) {
                    register_block(block, anchors);
                }
            }
        }
        Block::Heading { of: None, .. }
        | Block::Paragraph(_)
        | Block::Finding(_)
        | Block::List(_)
        | Block::Cards(_)
        | Block::Pairs(_) => {}
    }
}

fn blocks_of(claim: &ClaimItem) -> impl Iterator<Item = &Block> {
    claim.steps.iter().flat_map(|step| &step.blocks)
}
