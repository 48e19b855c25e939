//! Section 4: money. Totals that one can open, what was stated beside its parts, contradictions, duties, accounts.

mod accounts;
mod duties;
mod totals;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{DutyStatus, Number};
use counterpart_appraise::words::in_unit;

use super::context::Context;
use super::{Section, Text};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let all = context.all;
    if all.transactions.is_empty() && all.duties.is_empty() && all.contradictions.is_empty() {
        return None;
    }
    let mut blocks = totals::blocks(context);
    blocks.extend(super::contradictions::blocks(context));
    blocks.extend(duties::blocks(context));
    blocks.extend(accounts::blocks(context));
    Some(Section {
        id: "money",
        number: 4,
        short: "Money",
        title: Some("How much money, and whose?".to_owned()),
        standfirst: standfirst(context),
        blocks,
    })
}

fn standfirst(context: &Context<'_>) -> Text {
    let all = context.all;
    let mut text = if all.transactions.is_empty() {
        "No statement about money is on record.".to_owned()
    } else {
        let flows: BTreeSet<String> = all
            .transactions
            .iter()
            .map(|row| words::spaced(&row.flow))
            .collect();
        let flows: Vec<String> = flows.into_iter().collect();
        format!(
            "{} about money on record: {}. They are never added across kinds, currencies, plan and payment; every total \
             can be opened.",
            words::count(all.transactions.len(), "statement", "statements"),
            counterpart_appraise::words::list(&flows),
        )
    };
    if !all.duties.is_empty() {
        let mut by_status: BTreeMap<DutyStatus, usize> = BTreeMap::new();
        for row in &all.duties {
            *by_status.entry(row.status).or_default() += 1;
        }
        let parts: Vec<String> = by_status
            .iter()
            .map(|(status, n)| words::count(*n, status.words(), status.words()))
            .collect();
        text.push_str(&format!(
            " What was owed against what was paid, {} by rule, provider, base and period: {}.",
            words::count(all.duties.len(), "comparison", "comparisons"),
            counterpart_appraise::words::list(&parts),
        ));
    }
    Text::plain(text)
}

/// Returns an amount in its currency, in billions from a billion on.
fn money(number: &Number, currency: Option<&str>) -> String {
    number
        .as_str()
        .parse()
        .map_or_else(|_| number.to_string(), |value| in_unit(value, currency))
}

/// Returns an amount with how exact it is said to be.
fn qualified(number: &Number, currency: Option<&str>, qualifier: Option<&str>) -> String {
    match qualifier {
        Some(word) => format!("{} {}", words::spaced(word), money(number, currency)),
        None => money(number, currency),
    }
}

/// Returns a span as `first–last`.
fn span(period: &str) -> String {
    match period.split_once('/') {
        Some(("..", end)) => format!("to {end}"),
        Some((start, "..")) => format!("from {start}"),
        Some((start, end)) if start.contains('-') || end.contains('-') => format!("{start} to {end}"),
        Some((start, end)) => format!("{start}–{end}"),
        None => period.to_owned(),
    }
}
