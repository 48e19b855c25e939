//! The blocks and their Markdown.

use counterpart_report::document::{Block, Document};
use counterpart_report::{document, markdown};

use crate::fixture;

fn outline(document: &Document) -> String {
    let mut lines = Vec::new();
    for section in &document.sections {
        lines.push(format!(
            "{} {} {}",
            section.number,
            section.id,
            section.title.as_deref().unwrap_or("(the question)")
        ));
        for block in &section.blocks {
            lines.push(match block {
                Block::Heading { text, .. } => format!("  heading {text}"),
                Block::Paragraph(_) => "  paragraph".to_owned(),
                Block::Finding(text) => format!("  finding {}", text.to_plain()),
                Block::List(items) => format!("  list of {}", items.len()),
                Block::Cards(cards) => format!("  cards: {}", cards.len()),
                Block::Figure(figure) => format!("  figure {}: {}", figure.id, figure.title),
                Block::Table(table) => format!("  table {} with {} rows", table.name, table.rows.len()),
                Block::Claims(groups) => format!("  claims in {} groups", groups.len()),
                Block::Pairs(pairs) => format!("  pairs: {}", pairs.len()),
                Block::Disclosure { summary, .. } => format!("  disclosure {}", summary.to_plain()),
            });
        }
    }
    lines.join("\n")
}

#[test]
fn the_outline_of_a_page() {
    insta::assert_snapshot!(outline(&document::of(&fixture::published())));
}

#[test]
fn the_page_as_markdown() {
    let page = markdown::page(&document::of(&fixture::published()));
    assert!(!page.contains("<script>") && !page.contains('\u{202E}'));
    // Digests change with every field; their place is enough.
    let page = page
        .lines()
        .map(|line| {
            if line.starts_with("- Public view") {
                "- Public view [digest]"
            } else {
                line
            }
        })
        .collect::<Vec<_>>()
        .join("\n");
    insta::assert_snapshot!(page);
}
