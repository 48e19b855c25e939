//! Statements at odds: one row a contradiction, and one a statement in it.

use counterpart_appraise::Assessment;

use super::{File, count, file, ids, maybe, maybe_number, text, yes};

pub(super) fn contradictions(all: &Assessment) -> File {
    let rows = all.contradictions.iter().map(|row| {
        vec![
            text(&row.id),
            text(row.kind.as_str()),
            text(&row.subject),
            text(&row.property),
            text(&row.period),
            maybe(row.place.as_ref()),
            ids(&row.statements),
            text(row.differs_in.join(";")),
            count(row.voices),
            ids(&row.copies),
            maybe_number(row.size.as_ref()),
            ids(&row.matters_to),
            text(row.sentence.to_string()),
        ]
    });
    file(
        "contradictions",
        &[
            "contradiction",
            "kind",
            "subject",
            "property",
            "period",
            "place",
            "statements",
            "differs_in",
            "voices",
            "copies",
            "size",
            "matters_to",
            "sentence",
        ],
        rows.collect(),
    )
}

pub(super) fn statements(all: &Assessment) -> File {
    let rows = all.contradictions.iter().flat_map(|row| {
        row.said.iter().map(|one| {
            vec![
                text(&row.id),
                text(&one.id),
                text(&one.speaker),
                text(&one.speaker_name),
                text(&one.act),
                maybe_number(one.value.as_ref()),
                maybe_number(one.lower.as_ref()),
                maybe_number(one.upper.as_ref()),
                maybe_number(one.least.as_ref()),
                maybe_number(one.most.as_ref()),
                maybe(one.unit.as_ref()),
                maybe(one.as_said.as_ref()),
                text(&one.period),
                maybe(one.place.as_ref()),
                yes(one.planned),
                maybe(one.reply.as_ref()),
                text(&one.source),
            ]
        })
    });
    file(
        "contradiction_statements",
        &[
            "contradiction",
            "statement",
            "speaker",
            "speaker_name",
            "act",
            "value",
            "lower",
            "upper",
            "least",
            "most",
            "unit",
            "as_said",
            "period",
            "place",
            "planned",
            "reply",
            "source",
        ],
        rows.collect(),
    )
}
