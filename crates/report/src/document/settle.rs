//! Section 10: what is missing, and what it would settle.

use counterpart_appraise::assessment::DataGap;

use super::context::Context;
use super::{Block, Row, Section, Table, Text};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let gaps = &context.all.data_gaps;
    if gaps.is_empty() {
        return None;
    }
    let settling = gaps.iter().filter(|gap| !gap.would_settle.is_empty()).count();
    let checking = gaps.iter().filter(|gap| !gap.would_check.is_empty()).count();
    let owing = gaps.iter().filter(|gap| !gap.would_duty.is_empty()).count();
    let (duties, others): (Vec<&DataGap>, Vec<&DataGap>) = gaps
        .iter()
        .partition(|gap| gap.would_settle.is_empty() && gap.would_check.is_empty());
    let mut blocks = Vec::new();
    if !others.is_empty() {
        blocks.push(Block::Table(table(context, "missing", &others)));
    }
    if !duties.is_empty() {
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(format!(
                "What duties lack, by rule and provider ({})",
                duties.len()
            )),
            blocks: vec![Block::Table(table(context, "missing-of-duties", &duties))],
        });
    }
    Some(Section {
        id: "settle",
        number: 10,
        short: "What would settle it",
        title: Some("What would settle it?".to_owned()),
        standfirst: Text::plain(format!(
            "{} missing: {settling} would move the verdict of a study, {checking} would make a claim or a target checkable, \
             {owing} would make a duty checkable. Who would hold each is read off the record: whoever published or said \
             the like of it elsewhere.",
            words::count(gaps.len(), "thing is", "things are"),
        )),
        blocks,
    })
}

fn table(context: &Context<'_>, name: &str, gaps: &[&DataGap]) -> Table {
    let mut order: Vec<&&DataGap> = gaps.iter().collect();
    order.sort_by_key(|gap| {
        let waiting = (
            gap.would_settle.len(),
            gap.would_check.len(),
            gap.would_duty.len(),
        );
        (std::cmp::Reverse(waiting), gap.id.clone())
    });
    let mut table = Table::new(
        name,
        "What is missing, who would hold it, the studies whose verdict it would move, the claims, targets and duties it \
         would make checkable",
        &["Missing", "Who would hold it", "Studies it would move", "Claims and targets it would check", "Duties"],
    )
    .stacked();
    for gap in order {
        let what = words::capital(&context.readable(&gap.what));
        let duties = match gap.would_duty.len() {
            0 => Text::plain(words::NONE),
            1..=6 => Text::new().ids(&gap.would_duty),
            n => Text::plain(format!("{n} duties")),
        };
        table.rows.push(Row::object(
            &gap.id,
            None,
            vec![
                Text::plain(what),
                Text::plain(gap.who_holds.clone()),
                some(studies(context, &gap.would_settle)),
                some(Text::new().ids(&gap.would_check)),
                duties,
            ],
        ));
    }
    table
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
