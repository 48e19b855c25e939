//! Speakers' accounts: what each said, as counts of statements, in the order of their ids.

use counterpart_appraise::assessment::StatementCount;

use super::context::Context;
use super::{Block, Row, Table, Text};
use crate::words;

/// Returns the blocks about speakers; none where nobody says anything.
pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let rows = &context.all.speaker_accounts;
    if rows.is_empty() {
        return Vec::new();
    }
    let list = |counts: &[StatementCount]| {
        if counts.is_empty() {
            return Text::plain(words::NONE);
        }
        let parts: Vec<String> = counts
            .iter()
            .map(|count| format!("{} {}", words::spaced(&count.kind), count.count))
            .collect();
        Text::plain(parts.join(", "))
    };
    let mut table = Table::new(
        "speakers",
        "What each speaker said, as counts of statements",
        &[
            "Speaker",
            "Kind",
            "Claims by act",
            "Claims by check",
            "Other statements",
            "Contradictions it stands in#",
        ],
    )
    .stacked();
    for row in rows {
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                Text::plain(row.name.clone()),
                Text::plain(words::spaced(&row.kind)),
                list(&row.by_act),
                list(&row.by_status),
                list(&row.by_table),
                Text::plain(row.contradictions.len().to_string()),
            ],
        ));
    }
    vec![
        Block::Heading {
            of: None,
            text: "Who said how much".to_owned(),
            sub: Text::plain(format!(
                "{} on record. These are counts of statements and nothing else: no speaker is rated, and the order is \
                 that of their ids.",
                words::count(rows.len(), "speaker is", "speakers are"),
            )),
        },
        Block::Disclosure {
            id: None,
            summary: Text::plain("Every speaker's account"),
            blocks: vec![Block::Table(table)],
        },
    ]
}
