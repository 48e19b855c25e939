//! Leads, each in a sentence with its speaker and its answers.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::Reply;

use super::{Cell, File, file, ids, maybe, number, text};

/// Ids of what answers a statement.
pub(super) fn answers(answers: &[Reply]) -> Cell {
    text(
        answers
            .iter()
            .map(|answer| answer.id.as_str())
            .collect::<Vec<_>>()
            .join(";"),
    )
}

pub(super) fn screening(all: &Assessment) -> File {
    let rows = all.screening.iter().map(|row| {
        let names = row.name_match.as_ref();
        vec![
            text(&row.id),
            text(row.kind.as_str()),
            text(row.reason.as_str()),
            maybe(row.indicator.as_ref()),
            text(row.words.join("; ")),
            text(&row.statement),
            maybe(row.entity.as_ref()),
            maybe(row.list.as_ref()),
            maybe(row.clause.as_ref()),
            maybe(row.date.as_ref()),
            text(names.map(|names| names.name.clone()).unwrap_or_default()),
            text(names.map(|names| names.listed_name.clone()).unwrap_or_default()),
            text(names.map_or("", |names| names.method)),
            names.map_or_else(|| text(""), |names| number(&names.similarity)),
            answers(&row.answers),
            text(row.reply),
            text(&row.sentence),
            text(&row.source),
            text(&row.locator),
            ids(&row.from),
        ]
    });
    file(
        "screening",
        &[
            "id",
            "kind",
            "reason",
            "indicator",
            "words",
            "statement",
            "entity",
            "list",
            "clause",
            "date",
            "name",
            "listed_name",
            "method",
            "similarity",
            "answers",
            "reply",
            "sentence",
            "source",
            "locator",
            "from",
        ],
        rows.collect(),
    )
}
