//! Totals, duties and accounts: opened down to each statement with its speaker, source and locator.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{Duty, LeftOut, Number, Total};

use super::{Other, place_in_source, speaker};

/// Returns the totals, duties and accounts of an id.
pub(super) fn of(assessment: &Assessment, id: &str) -> Vec<Other> {
    let totals = assessment
        .totals
        .iter()
        .filter(|row| row.id == id)
        .map(|row| total(assessment, row));
    let duties = assessment
        .duties
        .iter()
        .filter(|row| row.id == id)
        .map(|row| duty(assessment, row));
    let accounts = assessment.accounts.iter().filter(|row| row.id == id).map(|row| {
        let mut lines = vec![("who".to_owned(), row.name.clone())];
        for money in &row.money {
            let label = money.flow.replace('_', " ");
            lines.extend(
                money
                    .transactions
                    .iter()
                    .map(|id| (label.chars().take(10).collect(), statement(assessment, id))),
            );
            lines.extend(money.totals.iter().map(|id| ("in total".to_owned(), id.clone())));
        }
        for (label, ids) in [
            ("pairs", &row.pairings),
            ("people", &row.people),
            ("projects", &row.activities),
            ("claims", &row.claims),
            ("groups", &row.groups),
        ] {
            if !ids.is_empty() {
                lines.push((label.to_owned(), ids.join(", ")));
            }
        }
        if !row.duties.is_empty() {
            lines.push((
                "duties".to_owned(),
                format!(
                    "{}: counterpart owed CASE --provider {}",
                    row.duties.len(),
                    row.party
                ),
            ));
        }
        object(
            "account",
            lines,
            Vec::new(),
            row.name.clone(),
            serde_json::to_value(row),
        )
    });
    totals.chain(duties).chain(accounts).collect()
}

/// Returns the ids of all of them.
pub(super) fn ids(assessment: &Assessment) -> impl Iterator<Item = &str> {
    let totals = assessment.totals.iter().map(|row| row.id.as_str());
    let duties = assessment.duties.iter().map(|row| row.id.as_str());
    let accounts = assessment.accounts.iter().map(|row| row.id.as_str());
    totals.chain(duties).chain(accounts)
}

fn object(
    kind: &'static str,
    lines: Vec<(String, String)>,
    from: Vec<String>,
    label: String,
    value: serde_json::Result<serde_json::Value>,
) -> Other {
    Other {
        kind,
        lines,
        from,
        label,
        value: value.unwrap_or_default(),
        beside: false,
    }
}

/// A statement about money with its speaker, source and locator.
fn statement(assessment: &Assessment, id: &str) -> String {
    assessment
        .transactions
        .iter()
        .find(|row| row.id == id)
        .map_or_else(
            || id.to_owned(),
            |row| {
                format!(
                    "{id}, {} [{}; {}]",
                    row.sentence,
                    speaker(assessment, &row.speaker),
                    place_in_source(assessment, &row.source, Some(&row.locator))
                )
            },
        )
}

fn total(assessment: &Assessment, row: &Total) -> Other {
    let mut lines = vec![("what".to_owned(), row.sentence.to_string())];
    if let Some(value) = &row.value {
        lines.push(("sum".to_owned(), format!("{} {}", grouped(value), row.currency)));
    }
    if let Some(reason) = &row.reason {
        lines.push(("no sum".to_owned(), reason.clone()));
    }
    if let Some(lens) = &row.lens {
        lines.push(("lens".to_owned(), lens.clone()));
    }
    lines.extend(
        row.addends
            .iter()
            .map(|id| ("addend".to_owned(), statement(assessment, id))),
    );
    for stated in &row.stated {
        let qualifier = stated
            .qualifier
            .as_ref()
            .map_or_else(String::new, |word| format!("{} ", word.replace('_', " ")));
        lines.push((
            "stated".to_owned(),
            format!(
                "{}: {qualifier}{}; parts on record {} come to {}, difference {}",
                stated.id,
                grouped(&stated.value),
                stated.parts.join(", "),
                grouped(&stated.parts_value),
                grouped(&stated.difference)
            ),
        ));
    }
    lines.extend(left_out(&row.left_out).map(|line| ("left out".to_owned(), line)));
    for through in &row.through {
        lines.push((
            "lens".to_owned(),
            format!(
                "{}: {}",
                through.lens,
                through.total.as_deref().unwrap_or("nothing left to add")
            ),
        ));
    }
    let label = row.sentence.to_string();
    object("total", lines, Vec::new(), label, serde_json::to_value(row))
}

/// What was left out, a line a reason.
fn left_out(rows: &[LeftOut]) -> impl Iterator<Item = String> {
    let mut by_reason: std::collections::BTreeMap<_, Vec<&str>> = std::collections::BTreeMap::new();
    for row in rows {
        by_reason
            .entry((row.code, &row.reason))
            .or_default()
            .push(&row.id);
    }
    by_reason
        .into_iter()
        .map(|((_, reason), ids)| format!("{}: {reason}", ids.join(", ")))
}

fn duty(assessment: &Assessment, row: &Duty) -> Other {
    let mut lines = vec![("what".to_owned(), row.sentence.to_string())];
    if let Some(rule) = assessment.rules.iter().find(|rule| rule.id == row.rule) {
        lines.push((
            "rule".to_owned(),
            format!("{}, {}: {}", rule.id, rule.said_by, rule.text),
        ));
        lines.push((
            "where".to_owned(),
            place_in_source(assessment, &rule.source, Some(&rule.locator)),
        ));
    }
    for note in &row.notes {
        lines.push(("base".to_owned(), note.clone()));
    }
    for one in &row.against {
        let label = if one.transactions == row.paid {
            "paid"
        } else {
            "beside"
        };
        lines.extend(
            one.transactions
                .iter()
                .map(|id| (label.to_owned(), statement(assessment, id))),
        );
    }
    for other in &row.vintages {
        let owed = match (&other.owed_low, &other.owed_high) {
            (Some(low), Some(high)) if low != high => format!("{} to {}", grouped(low), grouped(high)),
            (Some(low), Some(_)) => grouped(low),
            (Some(low), None) => format!("{} or more", grouped(low)),
            (None, Some(high)) => format!("up to {}", grouped(high)),
            (None, None) => "–".to_owned(),
        };
        lines.push((
            "vintage".to_owned(),
            format!(
                "{}: base {}, owed {owed}, {}",
                other.vintage,
                grouped(&other.base),
                other.status.words()
            ),
        ));
    }
    lines.push(("status".to_owned(), row.status.words().to_owned()));
    let paid = |id: &&String| !row.paid.contains(id);
    let from = row.from.iter().filter(paid).cloned().collect();
    let label = row.sentence.to_string();
    object("duty", lines, from, label, serde_json::to_value(row))
}

/// A number with thousands separated.
fn grouped(number: &Number) -> String {
    number.as_str().parse().map_or_else(
        |_| number.to_string(),
        |value| counterpart_appraise::words::grouped(value, 2),
    )
}
