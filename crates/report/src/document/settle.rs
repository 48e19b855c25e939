//! Section 10: what is missing, and what it would settle.

use super::context::Context;
use super::{Block, Row, Section, Table, Text};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let gaps = &context.all.data_gaps;
    if gaps.is_empty() {
        return None;
    }
    let mut order: Vec<_> = gaps.iter().collect();
    order.sort_by_key(|gap| std::cmp::Reverse((gap.would_settle.len(), gap.would_check.len())));
    let settling = gaps.iter().filter(|gap| !gap.would_settle.is_empty()).count();
    let checking = gaps.iter().filter(|gap| !gap.would_check.is_empty()).count();
    let mut table = Table::new(
        "missing",
        "What is missing, the studies whose verdict it would move and the claims it would make checkable",
        &["Missing", "Studies it would move", "Claims it would check"],
    )
    .stacked();
    for gap in order {
        table.rows.push(Row::object(
            &gap.id,
            Some(words::capital(&context.readable(&gap.what))),
            vec![
                Text::plain(words::capital(&context.readable(&gap.what))),
                some(studies(context, &gap.would_settle)),
                some(Text::new().ids(&gap.would_check)),
            ],
        ));
    }
    Some(Section {
        id: "settle",
        number: 10,
        short: "What would settle it",
        title: Some("What would settle it?".to_owned()),
        standfirst: Text::plain(format!(
            "{} missing: {settling} would move the verdict of a study, {checking} would make a claim checkable.",
            words::count(gaps.len(), "thing is", "things are"),
        )),
        blocks: vec![Block::Table(table)],
    })
}

/// Links studies by their titles.
fn studies(context: &Context<'_>, ids: &[String]) -> Text {
    let mut text = Text::new();
    for (index, id) in ids.iter().enumerate() {
        if index > 0 {
            text = text.words("; ");
        }
        let title = context
            .all
            .studies
            .iter()
            .find(|row| row.study == *id)
            .map(|row| row.title.clone());
        text = text.link(title.unwrap_or_else(|| id.clone()), id.clone());
    }
    text
}

fn some(text: Text) -> Text {
    if text.is_empty() {
        Text::plain(words::NONE)
    } else {
        text
    }
}
