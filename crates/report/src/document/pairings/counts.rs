//! Counts of the pairing graph against what is stated, and what the pairings rest on.

use counterpart_appraise::assessment::{CountStatus, PairingCount};

use super::super::context::Context;
use super::super::{Block, Row, Table, Text};
use crate::words;

/// Providers, recipients and pairs against what is stated; and what the pairings rest on.
pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let rows = &context.all.pairing_counts;
    if rows.is_empty() {
        return Vec::new();
    }
    let line = |rows: &[&PairingCount], name: &str, caption: &str| {
        let mut table = Table::new(
            name,
            caption,
            &["Count on record", "Stated by", "Result", "In words"],
        )
        .stacked();
        for row in rows {
            let result = match row.status {
                CountStatus::Equal => "equal",
                CountStatus::Different => "different",
                CountStatus::NotStated => "not stated",
            };
            let stated: Vec<&String> = row.stated.iter().map(|one| &one.id).collect();
            table.rows.push(Row::object(
                &row.id,
                Some(format!(
                    "{}; {}",
                    words::number(&row.value),
                    words::number(&row.other_value)
                )),
                vec![
                    Text::plain(format!("{} {}", words::number(&row.value), row.counted.words())).small(
                        row.level
                            .as_deref()
                            .map(|level| format!(" of the level {level}"))
                            .unwrap_or_default(),
                    ),
                    if stated.is_empty() {
                        Text::plain(words::NONE)
                    } else {
                        Text::new().ids(stated)
                    },
                    Text::plain(result),
                    context.sentence(&row.sentence),
                ],
            ));
        }
        Block::Table(table)
    };
    let (stated, others): (Vec<&PairingCount>, Vec<&PairingCount>) =
        rows.iter().partition(|row| row.status != CountStatus::NotStated);
    let different = stated
        .iter()
        .filter(|row| row.status == CountStatus::Different)
        .count();
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "Counted, against what is stated".to_owned(),
        sub: Text::plain(format!(
            "{} stated: {} equal, {different} different. Regions only; institutions are counted apart. A place inside \
             another that is counted too is counted apart, and the count with it inside stands beside.",
            words::count(stated.len(), "count is", "counts are"),
            stated.len() - different,
        )),
    }];
    if !stated.is_empty() {
        blocks.push(line(&stated, "pairing-counts", "Counts that somebody states"));
    }
    let mut evidence = Table::new(
        "pairing-evidence",
        "Pairings of each round by what they rest on",
        &["Round", "Layer", "Kind", "Rests on", "Evidence", "Rows#"],
    )
    .stacked();
    for row in &context.all.pairing_evidence {
        evidence.rows.push(Row::object(
            &row.id,
            Some(words::number(&row.value)),
            vec![
                Text::new().link(row.round.clone(), row.round.clone()),
                Text::plain(row.layer.words()),
                Text::plain(row.kind.clone()),
                Text::plain(words::spaced(&row.basis)),
                Text::plain(row.confidence.clone()),
                Text::plain(words::number(&row.value)),
            ],
        ));
    }
    let mut inside = Vec::new();
    if !others.is_empty() {
        inside.push(line(
            &others,
            "pairing-counts-not-stated",
            "Counts that nobody states",
        ));
    }
    inside.push(Block::Table(evidence));
    blocks.push(Block::Disclosure {
        id: None,
        summary: Text::plain("Counts that nobody states, and what the pairings rest on"),
        blocks: inside,
    });
    blocks
}
