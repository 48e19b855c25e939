//! Where each system of the programme stands, and what the record holds of it.

use counterpart_appraise::Assessment;

use super::{File, file, number, text};

pub(super) fn systems(all: &Assessment) -> File {
    let rows = all.systems.iter().map(|row| {
        let sections: Vec<String> = row.sections.iter().map(ToString::to_string).collect();
        vec![
            text(row.id),
            text(row.name),
            number(&row.rows),
            text(row.stands_in.join(";")),
            text(sections.join(";")),
            text(row.needs.unwrap_or_default()),
            text(row.sentence.to_string()),
        ]
    });
    file(
        "systems",
        &["id", "name", "rows", "stands_in", "sections", "needs", "sentence"],
        rows.collect(),
    )
}
