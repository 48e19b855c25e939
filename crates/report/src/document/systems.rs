//! Where each system of the programme stands: a table of section 11.

use super::context::Context;
use super::{Row, Table, Text};
use crate::words;

/// Returns the systems with what the record holds of each.
pub(super) fn table(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "systems",
        "Systems of the programme: rows on record, where they stand, and what one without a row would need",
        &[
            "System",
            "Rows#",
            "Sections",
            "In report.json",
            "Without a row, it needs",
        ],
    )
    .stacked();
    for row in &context.all.systems {
        let sections: Vec<String> = row.sections.iter().map(ToString::to_string).collect();
        table.rows.push(Row::object(
            row.id,
            Some(words::number(&row.rows)),
            vec![
                Text::plain(row.name),
                Text::plain(words::number(&row.rows)),
                Text::plain(sections.join(", ")),
                Text::new().code(row.stands_in.join(", ")),
                Text::plain(row.needs.unwrap_or(words::NONE)),
            ],
        ));
    }
    table
}
