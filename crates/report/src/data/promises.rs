//! Statements of intent with their dates, and what each speaker said.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::StatementCount;

use super::{File, file, ids, maybe, maybe_number, number, text, yes};

pub(super) fn promises(all: &Assessment) -> File {
    let rows = all.promises.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.statement),
            text(row.kind.as_str()),
            maybe(row.speaker.as_ref()),
            text(&row.speaker_name),
            text(&row.text),
            text(&row.subject),
            text(&row.property),
            maybe(row.place.as_ref()),
            maybe_number(row.target.as_ref()),
            maybe(row.unit.as_ref()),
            maybe(row.said_on.as_ref()),
            maybe(row.due_on.as_ref()),
            text(row.status.words()),
            maybe(row.silent_since.as_ref()),
            yes(row.late),
            ids(&row.decided_by),
            maybe(row.ratcheted_to.as_ref()),
            text(row.sentence.to_string()),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "promises",
        &[
            "promise",
            "statement",
            "kind",
            "speaker",
            "speaker_name",
            "text",
            "subject",
            "property",
            "place",
            "target",
            "unit",
            "said_on",
            "due_on",
            "status",
            "silent_since",
            "late",
            "decided_by",
            "ratcheted_to",
            "sentence",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}

pub(super) fn speaker_accounts(all: &Assessment) -> File {
    let rows = all.speaker_accounts.iter().flat_map(|row| {
        let of = |what: &'static str, counts: &[StatementCount]| {
            counts
                .iter()
                .map(|count| {
                    vec![
                        text(&row.speaker),
                        text(&row.name),
                        text(what),
                        text(&count.kind),
                        number(&count.count),
                        ids(&count.from),
                    ]
                })
                .collect::<Vec<_>>()
        };
        let mut rows = of("act", &row.by_act);
        rows.extend(of("check", &row.by_status));
        rows.extend(of("table", &row.by_table));
        rows
    });
    file(
        "speaker_accounts",
        &["speaker", "name", "by", "what", "count", "statements"],
        rows.collect(),
    )
}

pub(super) fn disputes(all: &Assessment) -> File {
    let rows = all.speaker_accounts.iter().flat_map(|row| {
        row.disputes.iter().map(|one| {
            vec![
                text(&row.speaker),
                text(&row.name),
                text(&one.act),
                text(&one.id),
                text(&one.sentence),
            ]
        })
    });
    file(
        "speaker_disputes",
        &["speaker", "name", "act", "statement", "sentence"],
        rows.collect(),
    )
}
