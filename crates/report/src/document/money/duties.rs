//! Duties by rule: what is owed on each base on record, beside what was planned and paid.

use std::collections::BTreeMap;

use counterpart_appraise::assessment::{Duty, DutyStatus, Number};

use super::super::context::Context;
use super::super::{Block, Row, Table, Text};
use super::{money, qualified, span};
use crate::words;

pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let all = &context.all.duties;
    if all.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "What was owed, and what was paid".to_owned(),
        sub: Text::plain(
            "Each rule on every base on record, in its newest vintage; other vintages as a range beside it. A year's duty \
             stands beside that year's money only, a sum of years beside exactly those years.",
        ),
    }];
    let (mut checked, mut owed, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for rows in all.chunk_by(|a, b| a.rule == b.rule) {
        if rows.iter().any(|row| row.status != DutyStatus::NotCheckable) {
            checked.push(rows);
        } else if rows
            .iter()
            .any(|row| row.owed_low.is_some() || row.owed_high.is_some())
        {
            owed.push(rows);
        } else {
            without.push(rows);
        }
    }
    for rows in checked.into_iter().chain(owed) {
        rule(context, rows, &mut blocks);
    }
    if !without.is_empty() {
        let mut inside = Vec::new();
        for rows in &without {
            rule(context, rows, &mut inside);
        }
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(format!(
                "{} from which nothing can be computed: what is missing",
                words::count(without.len(), "rule", "rules")
            )),
            blocks: inside,
        });
    }
    blocks
}

/// How many of the duties came to what.
fn tally(rows: &[Duty]) -> String {
    let mut by_status: BTreeMap<DutyStatus, usize> = BTreeMap::new();
    for row in rows {
        *by_status.entry(row.status).or_default() += 1;
    }
    let parts: Vec<String> = by_status
        .iter()
        .map(|(status, n)| format!("{n} {}", status.words()))
        .collect();
    format!(
        "{}: {}. ",
        words::count(rows.len(), "duty", "duties"),
        counterpart_appraise::words::list(&parts)
    )
}

fn rule(context: &Context<'_>, rows: &[Duty], blocks: &mut Vec<Block>) {
    let Some(first) = rows.first() else { return };
    let known = context.rules.get(first.rule.as_str());
    let mut sub = Text::plain(tally(rows));
    let mut title = first.rule.clone();
    if let Some(rule) = known {
        title = words::capital(rule.text.trim_end_matches('.'));
        sub = sub
            .words(format!(
                "{}, said by {} ",
                words::capital(&words::spaced(&first.kind)),
                rule.said_by
            ))
            .join(context.source_links([rule.source.as_str()]))
            .small(format!(" {} · {}", rule.locator, first.rule));
    }
    blocks.push(Block::Heading {
        of: Some(first.rule.clone()),
        text: title,
        sub,
    });
    let has_together = rows.iter().any(|row| row.together);
    let (open, single): (Vec<&Duty>, Vec<&Duty>) = rows.iter().partition(|row| row.together || !has_together);
    for rows in by_base(&open) {
        blocks.extend(base(context, rows, true));
    }
    if !single.is_empty() {
        let mut providers: Vec<&str> = single.iter().map(|row| row.provider.as_str()).collect();
        providers.sort_unstable();
        providers.dedup();
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(format!(
                "{} one by one",
                words::count(providers.len(), "provider", "providers")
            )),
            blocks: by_base(&single)
                .into_iter()
                .flat_map(|rows| base(context, rows, false))
                .collect(),
        });
    }
}

/// The duties on one base: those that come to something as a table, the others by what is missing.
fn base(context: &Context<'_>, rows: Vec<&Duty>, is_open: bool) -> Vec<Block> {
    let (told, bare): (Vec<&Duty>, Vec<&Duty>) = rows.into_iter().partition(|row| {
        row.base.is_some()
            || row.owed_low.is_some()
            || row.owed_high.is_some()
            || row.paid_value.is_some()
            || !row.against.is_empty()
            || row.status != DutyStatus::NotCheckable
    });
    let mut blocks = Vec::new();
    // On a base that the rule does not name, a provider's duty without any money beside it says little: it is in the file.
    let (told, aside): (Vec<&Duty>, Vec<&Duty>) = told
        .into_iter()
        .partition(|row| is_open || row.base_named || row.paid_value.is_some() || !row.against.is_empty());
    let head = told.first().or(bare.first()).map(|row| name(context, row));
    if !told.is_empty() {
        blocks.push(table(context, told, is_open));
    }
    if let Some(first) = aside.first() {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "Of {}, {} without a payment or plan of the same span to set beside {}, in data/duties.csv.",
            name(context, first),
            words::count(aside.len(), "duty", "duties"),
            if aside.len() == 1 { "it" } else { "them" }
        ))));
    }
    if !bare.is_empty() {
        let mut by_provider: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for row in &bare {
            by_provider
                .entry(&row.provider_name)
                .or_default()
                .push(span(&row.period));
        }
        let items = by_provider.into_iter().map(|(provider, periods)| {
            Text::plain(format!(
                "{provider}: {}",
                counterpart_appraise::words::list(&periods)
            ))
        });
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &bare {
            *reasons
                .entry(row.reason.as_deref().unwrap_or("nothing to compute it from"))
                .or_default() += 1;
        }
        let mut inside = Vec::new();
        if reasons.len() <= 3 {
            inside.extend(
                reasons
                    .keys()
                    .map(|reason| Block::Paragraph(Text::plain(format!("{}.", words::capital(reason))))),
            );
        }
        inside.push(Block::List(items.collect()));
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(format!(
                "Of {}: {} without what it would be computed from",
                head.unwrap_or_default(),
                words::count(bare.len(), "duty", "duties")
            )),
            blocks: inside,
        });
    }
    blocks
}

/// The base of a duty in words.
fn name(context: &Context<'_>, row: &Duty) -> String {
    let base = row.base_indicator.as_str();
    let name = match base.strip_prefix("flow:") {
        Some(flow) => words::spaced(flow),
        None => context.indicator(base),
    };
    let named = if row.base_named {
        ""
    } else {
        " (not the base that the rule names)"
    };
    format!("{name}{named}")
}

fn by_base<'d>(rows: &[&'d Duty]) -> Vec<Vec<&'d Duty>> {
    let mut sorted: Vec<&Duty> = rows.to_vec();
    sorted.sort_by_key(|row| {
        (
            !row.base_named,
            row.base_indicator.clone(),
            row.provider.clone(),
            row.period.contains('/'),
            row.period.clone(),
        )
    });
    sorted
        .chunk_by(|a, b| a.base_indicator == b.base_indicator)
        .map(<[&Duty]>::to_vec)
        .collect()
}

fn table(context: &Context<'_>, rows: Vec<&Duty>, is_open: bool) -> Block {
    let first = rows.first();
    let base = first.map_or("", |row| row.base_indicator.as_str());
    let name = first.map_or_else(String::new, |row| self::name(context, row));
    let mut table = Table::new(
        &format!(
            "duties-{}",
            crate::anchor::sanitised(&first.map_or_else(String::new, |row| format!(
                "{}-{base}-{}",
                row.rule,
                if is_open { "all" } else { "each" }
            )))
        ),
        &format!("Duty of {name}"),
        &[
            "Who, when",
            "Base#",
            "Vintage",
            "Owed#",
            "Planned",
            "Paid#",
            "Result",
        ],
    );
    for row in rows {
        let currency = row.currency.as_deref();
        let owed = owed(row, currency);
        let mut who = Text::plain(format!("{}, {}", row.provider_name, span(&row.period)));
        for note in &row.notes {
            who = who.small(format!(" ({note})"));
        }
        let mut planned = Text::new();
        for beside in row
            .against
            .iter()
            .filter(|beside| beside.transactions != row.paid)
        {
            let shown = qualified(&beside.value, currency, beside.qualifier.as_deref());
            let of = beside.transactions.first().cloned().unwrap_or_default();
            planned = if beside.transactions.len() == 1 {
                planned.number(shown, of)
            } else {
                planned.words(shown).words(" ").ids(&beside.transactions)
            };
            let result = match beside.status {
                DutyStatus::NotCheckable => String::new(),
                status => format!(", {}", status.words()),
            };
            planned = planned.small(format!(" {}{result} ", words::spaced(&beside.step)));
        }
        let paid = match &row.paid_value {
            None => Text::plain(words::NONE),
            Some(value) => {
                let shown = qualified(value, currency, row.paid_qualifier.as_deref());
                let text = match row.paid.as_slice() {
                    [only] => Text::new().number(shown, only.clone()),
                    [] => Text::plain(shown),
                    many => Text::plain(shown).words(" ").ids(many),
                };
                let share = row.share_of_base.as_ref().map_or_else(String::new, |share| {
                    format!(", {}% of the base", words::hundredfold(share, 2))
                });
                text.small(format!(
                    " {}{share}",
                    row.paid_type.as_deref().map(words::spaced).unwrap_or_default()
                ))
            }
        };
        let base = row.base.as_ref().map_or_else(
            || Text::plain(words::NONE),
            |base| match row
                .from
                .get(1)
                .filter(|_| !row.together && row.base_period.is_none())
            {
                Some(of) => Text::new().number(money(base, currency), of.clone()),
                None => Text::plain(money(base, currency)),
            },
        );
        let mut result = Text::plain(row.status.words());
        if let Some(reason) = row
            .reason
            .as_ref()
            .filter(|_| row.status == DutyStatus::NotCheckable)
        {
            result = result.small(format!(": {}", shortened(reason, is_open)));
        }
        table.rows.push(Row::object(
            &row.id,
            Some(owed.clone()),
            vec![
                who,
                base,
                vintage(context, row),
                Text::plain(owed),
                if planned.is_empty() {
                    Text::plain(words::NONE)
                } else {
                    planned
                },
                paid,
                result,
            ],
        ));
    }
    Block::Disclosure {
        id: None,
        summary: Text::plain(format!(
            "Of {name}: {}",
            words::count(table.rows.len(), "duty", "duties")
        )),
        blocks: vec![Block::Table(table)],
    }
}

/// The vintage, and what the duty comes to in the others.
fn vintage(context: &Context<'_>, row: &Duty) -> Text {
    let Some(newest) = &row.base_vintage else {
        return Text::plain(words::NONE);
    };
    let text = Text::plain(context.vintage(newest));
    let others = row
        .vintages
        .iter()
        .flat_map(|other| [&other.owed_low, &other.owed_high])
        .flatten();
    let (low, high) = others.fold((None::<&Number>, None::<&Number>), |(low, high), value| {
        (
            Some(low.filter(|low| low.as_f64() <= value.as_f64()).unwrap_or(value)),
            Some(
                high.filter(|high| high.as_f64() >= value.as_f64())
                    .unwrap_or(value),
            ),
        )
    });
    match (low, high) {
        (Some(low), Some(high)) => text.small(format!(
            " (owed in {}: {} to {})",
            words::count(row.vintages.len(), "other vintage", "other vintages"),
            money(low, row.currency.as_deref()),
            money(high, row.currency.as_deref())
        )),
        _ => text,
    }
}

fn owed(row: &Duty, currency: Option<&str>) -> String {
    match (&row.owed_low, &row.owed_high) {
        (Some(low), Some(high)) if low != high => {
            format!("{} to {}", money(low, currency), money(high, currency))
        }
        (Some(low), Some(_)) => money(low, currency),
        (Some(low), None) => format!("{} or more", money(low, currency)),
        (None, Some(high)) => format!("up to {}", money(high, currency)),
        (None, None) => words::NONE.to_owned(),
    }
}

/// The first clause of a reason where many rows stand below each other.
fn shortened(reason: &str, is_open: bool) -> &str {
    if is_open {
        reason
    } else {
        reason.split(';').next().unwrap_or(reason)
    }
}
