//! Section 8: allegations and their answers, side by side.

use std::collections::BTreeMap;

use counterpart_appraise::assessment::{AllegationRow, ClaimRow};

use super::context::Context;
use super::{Block, Pair, Said, Section, Text};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let rows = &context.all.allegations;
    if rows.is_empty() {
        return None;
    }
    let mut topics: BTreeMap<&str, Vec<(&AllegationRow, Pair)>> = BTreeMap::new();
    for row in rows {
        let Some(claim) = context.claims.get(row.claim.as_str()) else {
            continue;
        };
        let pairs = topics.entry(row.topic.as_deref().unwrap_or("other")).or_default();
        // Allegations that are answered by the same statements stand together; one without a reply stands alone.
        let same = |other: &AllegationRow| {
            !row.answers.is_empty()
                && other.answers == row.answers
                && other.on_record == row.on_record
                && (&other.conditions, &other.listings, &other.reviews)
                    == (&row.conditions, &row.listings, &row.reviews)
        };
        if let Some((_, pair)) = pairs.iter_mut().find(|(other, _)| same(other)) {
            pair.alleged.push(statement(context, claim));
            continue;
        }
        let said = |ids: &[String]| -> Vec<Said> {
            ids.iter()
                .filter_map(|id| context.claims.get(id.as_str()))
                .map(|claim| statement(context, claim))
                .collect()
        };
        let mut on_record = said(&row.on_record);
        on_record.extend(beside(context, row));
        pairs.push((
            row,
            Pair {
                topic: words::capital(&words::spaced(&claim.property)),
                alleged: vec![statement(context, claim)],
                answers: said(&row.answers),
                on_record,
            },
        ));
    }
    let mut blocks = Vec::new();
    let one_topic = topics.len() < 2;
    for (topic, pairs) in topics {
        let silent = pairs.iter().filter(|(row, _)| row.answers.is_empty()).count();
        let all: usize = pairs.iter().map(|(_, pair)| pair.alleged.len()).sum();
        if !one_topic {
            blocks.push(Block::Heading {
                of: None,
                text: words::capital(&words::spaced(topic)),
                sub: Text::plain(format!(
                    "{}, {} without a reply on record.",
                    words::count(all, "statement", "statements"),
                    if silent == 0 {
                        "none".to_owned()
                    } else {
                        silent.to_string()
                    }
                )),
            });
        }
        let pairs = pairs
            .into_iter()
            .map(|(_, mut pair)| {
                if pair.alleged.len() > 1 {
                    pair.topic = format!(
                        "{} with the same answers",
                        words::count(pair.alleged.len(), "statement", "statements")
                    );
                }
                pair
            })
            .collect();
        blocks.push(Block::Pairs(pairs));
    }
    let answered = rows.iter().filter(|row| !row.answers.is_empty()).count();
    let standfirst = Text::plain(format!(
        "{} on record, {} with a reply and {} without. Each stands beside what its addressee says: same size, same \
         place, each with its speaker. Counterpart says only what the record holds, for neither side; the allegation \
         stands first because it came first.",
        words::count(
            rows.len(),
            "allegation or criticism",
            "allegations and criticisms"
        ),
        answered,
        rows.len() - answered,
    ));
    Some(Section {
        id: "alleged",
        number: 8,
        short: "Alleged and answered",
        title: Some("What is alleged, and what is answered?".to_owned()),
        standfirst,
        blocks,
    })
}

/// What else is on record beside an allegation: terms of work in their speakers' words, and listings and reviews by id.
fn beside(context: &Context<'_>, row: &AllegationRow) -> Vec<Said> {
    let mut found: Vec<Said> = context
        .all
        .conditions
        .iter()
        .filter(|condition| row.conditions.contains(&condition.id))
        .map(|condition| Said {
            text: sentence(&condition.attributed),
            cite: Text::new()
                .small("A term of work · ")
                .link(condition.source.clone(), condition.source.clone())
                .small(format!(" {} · ", condition.locator))
                .code(condition.id.clone()),
        })
        .collect();
    if !row.listings.is_empty() {
        found.push(Said {
            text: format!(
                "{} on public lists {} the answers.",
                words::count(row.listings.len(), "organisation", "organisations"),
                if row.listings.len() == 1 {
                    "shares"
                } else {
                    "share"
                }
            ),
            cite: Text::new().code(row.listings.join(", ")),
        });
    }
    if !row.reviews.is_empty() {
        found.push(Said {
            text: format!(
                "{} of the programme it is about {} on record.",
                words::count(row.reviews.len(), "official review", "official reviews"),
                if row.reviews.len() == 1 { "is" } else { "are" }
            ),
            cite: Text::new().code(row.reviews.join(", ")),
        });
    }
    found
}

fn statement(context: &Context<'_>, claim: &ClaimRow) -> Said {
    let mut cite = Text::plain(context.speaker(&claim.speaker));
    let date = words::span(claim.period_start.as_deref(), claim.period_end.as_deref());
    if !date.is_empty() {
        let of = if date.starts_with(|c: char| c.is_ascii_digit()) {
            "of "
        } else {
            ""
        };
        cite = cite.words(format!(", {of}{date}"));
    }
    if let Some(source) = context.sources.get(claim.source.as_str()) {
        let published = source
            .published_on
            .as_deref()
            .map_or_else(String::new, |date| format!(", {date}"));
        cite = cite.words(format!(" · via {}{published}", source.publisher));
    }
    let cite = cite.words(" · ").link(claim.id.clone(), claim.id.clone());
    Said {
        text: sentence(&claim.attributed),
        cite,
    }
}

/// Ends a statement with a full stop.
fn sentence(text: &str) -> String {
    let text = words::capital(text.trim());
    if text.ends_with(['.', '!', '?', '。']) {
        text
    } else {
        format!("{text}.")
    }
}
