//! Terms of work, each with its speaker and what answers it.

use counterpart_appraise::Assessment;

use super::screening::answers;
use super::{File, file, ids, maybe, text};

pub(super) fn conditions(all: &Assessment) -> File {
    let rows = all.conditions.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.attached_to),
            text(&row.attached_name),
            text(&row.act),
            text(&row.speaker),
            maybe(row.ilo_indicator.as_ref()),
            text(&row.attributed),
            ids(&row.responds_to),
            answers(&row.answers),
            text(row.reply),
            maybe(row.date.as_ref()),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "conditions",
        &[
            "id",
            "attached_to",
            "attached_name",
            "act",
            "speaker",
            "ilo_indicator",
            "attributed",
            "responds_to",
            "answers",
            "reply",
            "date",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}
