//! Section 8: allegations and their answers, side by side.

use counterpart_appraise::assessment::{AllegationRow, ClaimRow};

use super::context::Context;
use super::{Block, Pair, Said, Section, Text};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let rows = &context.all.allegations;
    if rows.is_empty() {
        return None;
    }
    let mut pairs: Vec<(&AllegationRow, Pair)> = Vec::new();
    for row in rows {
        let Some(claim) = context.claims.get(row.claim.as_str()) else {
            continue;
        };
        // Allegations that are answered by the same statements stand together; one without a reply stands alone.
        let same = |other: &AllegationRow| {
            !row.answers.is_empty() && other.answers == row.answers && other.on_record == row.on_record
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
        pairs.push((
            row,
            Pair {
                topic: words::capital(&words::spaced(&claim.property)),
                alleged: vec![statement(context, claim)],
                answers: said(&row.answers),
                on_record: said(&row.on_record),
            },
        ));
    }
    for (_, pair) in &mut pairs {
        if pair.alleged.len() > 1 {
            pair.topic = format!(
                "{} with the same answers",
                words::count(pair.alleged.len(), "statement", "statements")
            );
        }
    }
    let answered = rows.iter().filter(|row| !row.answers.is_empty()).count();
    let pairs: Vec<Pair> = pairs.into_iter().map(|(_, pair)| pair).collect();
    let standfirst = Text::plain(format!(
        "{} on record, {} with a reply. Each stands beside what its addressee says: same size, same place, each with \
         its speaker. Counterpart says only what the record holds, for neither side; the allegation stands first \
         because it came first.",
        words::count(
            rows.len(),
            "allegation or criticism",
            "allegations and criticisms"
        ),
        answered,
    ));
    Some(Section {
        id: "alleged",
        number: 8,
        short: "Alleged and answered",
        title: Some("What is alleged, and what is answered?".to_owned()),
        standfirst,
        blocks: vec![Block::Pairs(pairs)],
    })
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
