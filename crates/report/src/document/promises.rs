//! Promises: what was to be, by when, and where it stands at the clock of the case.

use counterpart_appraise::assessment::AsOfStatus;

use super::context::Context;
use super::{Block, Row, Table, Text};
use crate::words;

/// Statuses in the order of reading: what is due and not kept comes first.
const ORDER: [AsOfStatus; 6] = [
    AsOfStatus::Missed,
    AsOfStatus::Overdue,
    AsOfStatus::SilentSince,
    AsOfStatus::OnTime,
    AsOfStatus::Met,
    AsOfStatus::Unknown,
];

/// Returns the blocks about promises; none where nothing is promised.
pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let rows = &context.all.promises;
    if rows.is_empty() {
        return Vec::new();
    }
    let counts: Vec<String> = ORDER
        .into_iter()
        .filter_map(|status| {
            let n = rows.iter().filter(|row| row.status == status).count();
            (n > 0).then(|| format!("{n} {}", status.words()))
        })
        .collect();
    let mut table = Table::new(
        "promises",
        "Statements of intent, their dates and where they stand",
        &[
            "Promise",
            "By",
            "Due",
            "As of the case's clock",
            "Decided by",
            "Where",
        ],
    )
    .stacked();
    for status in ORDER {
        for row in rows.iter().filter(|row| row.status == status) {
            let since = row
                .silent_since
                .as_deref()
                .map_or_else(String::new, |since| format!(" {since}"));
            let late = if row.late { ", late" } else { "" };
            let mut stands = Text::plain(format!("{}{since}{late}", row.status.words()));
            if let Some(later) = &row.ratcheted_to {
                stands = stands.small(format!("; a later promise of less took its place: {later}"));
            }
            let mut decided = Text::new();
            for (index, id) in row.decided_by.iter().enumerate() {
                decided = decided.words(if index > 0 { ", " } else { "" });
                decided = if context.claims.contains_key(id.as_str()) {
                    decided.link(id.clone(), id.clone())
                } else {
                    decided.code(id.clone())
                };
            }
            table.rows.push(Row::object(
                &row.id,
                None,
                vec![
                    context.sentence(&row.sentence),
                    Text::plain(row.speaker_name.clone()),
                    Text::plain(row.due_on.clone().unwrap_or_else(|| words::NONE.to_owned())),
                    stands,
                    if decided.is_empty() {
                        Text::plain(words::NONE)
                    } else {
                        decided
                    },
                    Text::new()
                        .link(row.source.clone(), row.source.clone())
                        .small(format!(" {}", row.locator)),
                ],
            ));
        }
    }
    vec![
        Block::Heading {
            of: None,
            text: "What was promised".to_owned(),
            sub: Text::plain(format!(
                "{} on record: {}. As of {}.",
                words::count(rows.len(), "promise or target", "promises and targets"),
                words::listed(&counts),
                context.all.case.as_of
            )),
        },
        Block::Disclosure {
            id: None,
            summary: Text::plain("Every promise with its date"),
            blocks: vec![Block::Table(table)],
        },
    ]
}
