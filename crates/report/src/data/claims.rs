//! What was said: claims, their candidates, allegations.

use counterpart_appraise::Assessment;

use super::{File, count, file, ids, maybe, maybe_number, number, text, yes};
use crate::document::{reply, said};
use crate::words;

pub(super) fn claims(all: &Assessment) -> File {
    let rows = all.claims.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.act),
            text(&row.speaker),
            text(&row.attribution),
            maybe(row.reported_by.as_ref()),
            text(said(row)),
            text(&row.attributed),
            maybe(row.as_said.as_ref()),
            maybe_number(row.value.as_ref()),
            maybe_number(row.lower.as_ref()),
            maybe_number(row.upper.as_ref()),
            maybe(row.qualifier.as_ref()),
            maybe(row.unit.as_ref()),
            maybe(row.topic.as_ref()),
            text(&row.subject),
            text(&row.property),
            maybe(row.place.as_ref()),
            maybe(row.period_start.as_ref()),
            maybe(row.period_end.as_ref()),
            text(&row.source),
            text(&row.locator),
            ids(&row.responds_to),
            ids(&row.answered_by),
            text(words::status(row.check.status)),
            maybe(row.check.kind.as_ref()),
            yes(row.check.inputs_belong_together),
            text(
                row.check
                    .reasons
                    .iter()
                    .map(|reason| words::reason(*reason))
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
            text(row.check.sentence.to_string()),
            maybe(row.reply.map(|_| reply(row)).as_ref()),
        ]
    });
    file(
        "claims",
        &[
            "claim",
            "act",
            "speaker",
            "attribution",
            "reported_by",
            "text",
            "attributed",
            "as_said",
            "value",
            "lower",
            "upper",
            "qualifier",
            "unit",
            "topic",
            "subject",
            "property",
            "place",
            "period_start",
            "period_end",
            "source",
            "locator",
            "responds_to",
            "answered_by",
            "status",
            "kind",
            "inputs_belong_together",
            "reasons",
            "sentence",
            "reply",
        ],
        rows.collect(),
    )
}

pub(super) fn candidates(all: &Assessment) -> File {
    let mut rows = Vec::new();
    for claim in &all.claims {
        for candidate in &claim.check.candidates {
            for (index, input) in candidate.inputs.iter().enumerate() {
                rows.push(vec![
                    text(&candidate.id),
                    text(&claim.id),
                    text(&candidate.derivation),
                    maybe_number(candidate.value.as_ref()),
                    text(
                        candidate
                            .holds
                            .map_or("", |holds| if holds { "true" } else { "false" }),
                    ),
                    maybe_number(candidate.difference.as_ref()),
                    yes(candidate.reproduces),
                    text(
                        candidate
                            .reasons
                            .iter()
                            .map(|reason| words::reason(*reason))
                            .collect::<Vec<_>>()
                            .join("; "),
                    ),
                    count(index + 1),
                    text(&input.id),
                    number(&input.value),
                    maybe(input.vintage.as_ref()),
                    maybe(input.population_basis.as_ref()),
                ]);
            }
        }
    }
    file(
        "candidates",
        &[
            "candidate",
            "claim",
            "derivation",
            "value",
            "holds",
            "difference",
            "reproduces",
            "reasons",
            "input_number",
            "input",
            "input_value",
            "input_vintage",
            "input_population_basis",
        ],
        rows,
    )
}

pub(super) fn allegations(all: &Assessment) -> File {
    let rows = all.allegations.iter().map(|row| {
        let replies: Vec<&str> = row
            .replies
            .iter()
            .map(|reply| reply.attributed.as_str())
            .collect();
        vec![
            text(&row.claim),
            text(&row.act),
            text(&row.speaker),
            maybe(row.topic.as_ref()),
            text(&row.sentence),
            ids(&row.answers),
            text(if replies.is_empty() {
                row.reply.to_owned()
            } else {
                replies.join(" ")
            }),
            ids(&row.on_record),
            ids(&row.conditions),
            ids(&row.listings),
            ids(&row.reviews),
            text(row.reply),
        ]
    });
    file(
        "allegations",
        &[
            "claim",
            "act",
            "speaker",
            "topic",
            "sentence",
            "answers",
            "replies",
            "on_record",
            "conditions",
            "listings",
            "reviews",
            "reply",
        ],
        rows.collect(),
    )
}
