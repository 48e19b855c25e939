//! Totals, their addends, what was left out, and stated totals beside the sum of their parts.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{LeftOut, LeftOutCode, StatedTotal, Total, TransactionRow};

use super::super::context::Context;
use super::super::{Block, Row, Table, Text};
use super::{money, qualified, span};
use crate::words;

/// Most statements about money that the page lists; all are in `data/transactions.csv`.
const LISTED: usize = 2_000;

pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let all = context.all;
    if all.transactions.is_empty() {
        return Vec::new();
    }
    let rows: BTreeMap<&str, &TransactionRow> = all
        .transactions
        .iter()
        .map(|row| (row.id.as_str(), row))
        .collect();
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "Totals that one can open".to_owned(),
        sub: Text::plain(
            "One row for each programme, kind of money, step, span and currency; nothing is added across rows. Beside \
             each total how many statements are in it; below each table what they are, and what was left out and why.",
        ),
    }];
    let rounds = context.main_rounds();
    let main = rounds.first().map(|round| round.programme.as_str());
    let flows: BTreeSet<&str> = all.totals.iter().map(|row| row.flow.as_str()).collect();
    for flow in flows {
        let mut totals: Vec<&Total> = all.totals.iter().filter(|row| row.flow == flow).collect();
        totals.sort_by_key(|row| (row.programme.as_deref() != main, row.lens.is_some()));
        blocks.push(Block::Paragraph(
            Text::new().strong(words::capital(&words::spaced(flow))),
        ));
        blocks.push(Block::Table(summed(context, flow, &totals)));
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(format!(
                "What is in {}, and what was left out",
                if totals.len() == 1 { "it" } else { "each of them" }
            )),
            blocks: totals
                .into_iter()
                .flat_map(|total| one(context, total, &rows))
                .collect(),
        });
    }
    blocks.extend(stated(context, &rows));
    blocks.push(statements(context));
    blocks
}

/// The totals of one kind of money, a row each.
fn summed(context: &Context<'_>, flow: &str, totals: &[&Total]) -> Table {
    let mut table = Table::new(
        &format!("totals-{flow}"),
        &format!(
            "Totals of {}, which are never added to each other",
            words::spaced(flow)
        ),
        &[
            "Programme",
            "Step",
            "When",
            "Total#",
            "Statements in it#",
            "Left out#",
        ],
    )
    .stacked();
    for total in totals {
        let currency = Some(total.currency.as_str());
        let value = total.value.as_ref().map(|value| money(value, currency));
        let programme = total.programme.as_deref().map_or_else(
            || words::NONE.to_owned(),
            |id| {
                let round = context.all.rounds.iter().find(|round| round.programme == id);
                round.map_or_else(|| id.to_owned(), |round| round.programme_name.clone())
            },
        );
        let mut name = Text::plain(programme);
        if let Some(lens) = &total.lens {
            name = name.small(format!(" {}", context.lens(lens)));
        }
        let mut when = Text::plain(
            total
                .period
                .as_deref()
                .map_or_else(|| years(total, context), span),
        );
        if !matches!(total.basis.as_str(), "annual" | "cumulative") {
            when = when.small(format!(" {}", words::spaced(&total.basis)));
        }
        table.rows.push(Row::object(
            &total.id,
            value.clone(),
            vec![
                name,
                Text::plain(words::spaced(&total.step)),
                when,
                match (value, total.addends.as_slice()) {
                    (Some(value), [only]) => Text::new().number(value, only.clone()),
                    (Some(value), _) => Text::plain(value),
                    (None, _) => Text::plain(words::NONE),
                },
                Text::plain(total.addends.len().to_string()),
                Text::plain(total.left_out.len().to_string()),
            ],
        ));
    }
    table
}

/// The years of the addends of a total over single years.
fn years(total: &Total, context: &Context<'_>) -> String {
    let mut years: Vec<String> = context
        .all
        .transactions
        .iter()
        .filter(|row| total.addends.contains(&row.id))
        .map(|row| words::span(row.period_start.as_deref(), row.period_end.as_deref()))
        .collect();
    years.sort_unstable();
    years.dedup();
    if years.is_empty() {
        return words::NONE.to_owned();
    }
    words::listed(&years)
}

fn one(context: &Context<'_>, total: &Total, rows: &BTreeMap<&str, &TransactionRow>) -> Vec<Block> {
    let mut summary = context.sentence(&total.sentence);
    if let Some(lens) = &total.lens {
        summary = Text::new().strong(context.lens(lens)).words(": ").join(summary);
    }
    let mut table = Table::new(
        &format!("addends-{}", crate::anchor::sanitised(&total.id)),
        "Statements that are added",
        &[
            "Statement",
            "Giver",
            "Receiver",
            "Period",
            "Value#",
            "Said by",
            "Source",
        ],
    )
    .stacked();
    for row in total.addends.iter().filter_map(|id| rows.get(id.as_str())) {
        table.rows.push(Row::of_cells(vec![
            Text::new().link(row.id.clone(), row.id.clone()),
            Text::plain(row.provider_name.clone()),
            Text::plain(row.receiver_name.clone()),
            Text::plain(words::span(
                row.period_start.as_deref(),
                row.period_end.as_deref(),
            )),
            row.value.as_ref().map_or_else(Text::new, |value| {
                Text::new().number(money(value, Some(&row.currency)), row.id.clone())
            }),
            Text::plain(context.speaker(&row.speaker)),
            context
                .source_links([row.source.as_str()])
                .small(format!(" {}", row.locator)),
        ]));
    }
    let mut blocks = vec![Block::Paragraph(summary)];
    if table.rows.len() > 1 {
        blocks.push(Block::Table(table));
    }
    if let Some(reason) = &total.reason {
        blocks.push(Block::Paragraph(Text::plain(words::capital(reason) + ".")));
    }
    if !total.left_out.is_empty() {
        blocks.push(Block::List(left_out(&total.left_out)));
    }
    for through in &total.through {
        let text = Text::plain(format!("Through the lens “{}”: ", context.lens(&through.lens)));
        blocks.push(Block::Paragraph(match &through.total {
            Some(id) => text.link("another total", id.clone()),
            None => text.words("nothing left to add"),
        }));
    }
    blocks
}

/// What was left out, by reason: those that say more than their kind first, one by one.
fn left_out(rows: &[LeftOut]) -> Vec<Text> {
    let mut by_reason: BTreeMap<(LeftOutCode, &str), Vec<&String>> = BTreeMap::new();
    for row in rows {
        by_reason
            .entry((row.code, row.reason.as_str()))
            .or_default()
            .push(&row.id);
    }
    by_reason
        .into_iter()
        .map(|((_, reason), ids)| Text::new().ids(ids).words(format!(": {reason}")))
        .collect()
}

/// Stated totals beside the sum of their parts on record.
fn stated(context: &Context<'_>, rows: &BTreeMap<&str, &TransactionRow>) -> Vec<Block> {
    let mut known: BTreeMap<&str, (&StatedTotal, &Total)> = BTreeMap::new();
    for total in context.all.totals.iter().filter(|row| row.lens.is_none()) {
        for stated in &total.stated {
            known.entry(&stated.id).or_insert((stated, total));
        }
    }
    if known.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(
        "stated-totals",
        "Stated totals and the sum of their parts on record",
        &[
            "Stated",
            "By",
            "Stated total#",
            "Parts on record#",
            "Difference#",
            "Parts",
            "No part on record of",
        ],
    )
    .stacked();
    for (stated, total) in known.into_values() {
        let currency = Some(total.currency.as_str());
        let by = rows
            .get(stated.id.as_str())
            .map(|row| context.speaker(&row.speaker))
            .or_else(|| {
                context
                    .claims
                    .get(stated.id.as_str())
                    .map(|claim| context.speaker(&claim.speaker))
            })
            .unwrap_or_default();
        let without: Vec<String> = stated.without_part.iter().map(|id| context.place(id)).collect();
        let without = match without.len() {
            0 => words::NONE.to_owned(),
            n if n > 6 => format!("{n} givers"),
            _ => counterpart_appraise::words::list(&without),
        };
        let when = total
            .period
            .as_deref()
            .map_or_else(String::new, |period| format!(", {}", span(period)));
        table.rows.push(Row::of_cells(vec![
            Text::new()
                .link(stated.id.clone(), stated.id.clone())
                .words(format!(
                    " {}, {}{when}",
                    words::spaced(&total.flow),
                    words::spaced(&total.step)
                )),
            Text::plain(by),
            Text::new().number(
                qualified(&stated.value, currency, stated.qualifier.as_deref()),
                stated.id.clone(),
            ),
            Text::plain(money(&stated.parts_value, currency)),
            Text::plain(money(&stated.difference, currency)),
            Text::new().ids(&stated.parts),
            Text::plain(without),
        ]));
    }
    vec![
        Block::Heading {
            of: None,
            text: "Stated totals beside their parts".to_owned(),
            sub: Text::plain(
                "A total that somebody stated, and the sum of what is on record as part of it or lies in its scope over \
                 the same span. Difference: parts minus stated. The rest of a total has no part on record; it is not \
                 missing money.",
            ),
        },
        Block::Table(table),
    ]
}

/// Every statement about money.
fn statements(context: &Context<'_>) -> Block {
    let all = &context.all.transactions;
    let mut table = Table::new(
        "transactions",
        "Statements about money, with speaker, source and locator",
        &["Id", "Statement", "As said", "Part or copy of", "Source"],
    )
    .stacked();
    for row in all.iter().take(LISTED) {
        let mut of = Text::new();
        for (word, id) in [("part of ", &row.part_of), ("repeats ", &row.copy_of)] {
            if let Some(id) = id {
                of = of.words(word).link(id.clone(), id.clone()).words(" ");
            }
        }
        let value = row.value.as_ref().or(row.lower.as_ref()).or(row.upper.as_ref());
        let shown = value.map(|value| money(value, Some(&row.currency)));
        table.rows.push(Row::object(
            &row.id,
            shown,
            vec![
                Text::plain(row.id.clone()),
                Text::plain(row.sentence.clone()),
                Text::plain(row.as_said.clone().unwrap_or_else(|| words::NONE.to_owned())),
                of,
                context
                    .source_links([row.source.as_str()])
                    .small(format!(" {}", row.locator)),
            ],
        ));
    }
    let mut summary = format!("All {}", words::count(all.len(), "statement", "statements"));
    if all.len() > LISTED {
        summary.push_str(&format!(
            ", the first {LISTED}; the others are in data/transactions.csv"
        ));
    }
    Block::Disclosure {
        id: None,
        summary: Text::plain(summary),
        blocks: vec![Block::Table(table)],
    }
}
