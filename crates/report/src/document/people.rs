//! Section 6: people sent, trained and placed, as counts; the subsidy rule as a card; the screening.

use counterpart_appraise::assessment::{
    CountLeftOut, EntitlementRow, PeopleKind, PeopleParts, PeopleRow, PeopleTotal, Wage,
};
use counterpart_appraise::people::{concept_in_words, count_in_words};

use super::context::Context;
use super::{Block, Row, Section, Table, Text, screening};
use crate::words;

/// Kinds of counts with the words of their tables.
const KINDS: [(PeopleKind, &str, &str); 3] = [
    (PeopleKind::Posting, "postings", "People sent"),
    (PeopleKind::Training, "trainings", "People trained"),
    (PeopleKind::Placement, "placements", "People placed in work"),
];

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let all = context.all;
    let screened = screening::blocks(context);
    if all.people.is_empty() && all.entitlements.is_empty() && screened.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    for (kind, name, title) in KINDS {
        blocks.extend(counts(context, kind, name, title));
    }
    blocks.extend(parts(context, &all.people_parts));
    for row in &all.entitlements {
        blocks.extend(card(context, row));
    }
    blocks.extend(screened);
    let silent = all.people.iter().filter(|row| row.no_number.is_some()).count();
    let standfirst = format!(
        "{} of people on record, {} of them without a number. A sum holds only rows that surely count nobody twice; \
         persons and person-times are never added. {} below, with conditions and what is said for and against them.",
        words::count(all.people.len(), "count", "counts"),
        silent,
        words::count(
            all.entitlements.len(),
            "subsidy rule stands",
            "subsidy rules stand"
        ),
    );
    Some(Section {
        id: "people",
        number: 6,
        short: "People and jobs",
        title: Some("Who was sent, trained and placed in work?".to_owned()),
        standfirst: Text::plain(standfirst),
        blocks,
    })
}

/// Sums of one kind, then every row behind them.
fn counts(context: &Context<'_>, kind: PeopleKind, name: &str, title: &str) -> Vec<Block> {
    let rows: Vec<&PeopleRow> = context.all.people.iter().filter(|row| row.kind == kind).collect();
    let totals: Vec<&PeopleTotal> = context
        .all
        .people_totals
        .iter()
        .filter(|row| row.kind == kind)
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading {
        of: None,
        text: title.to_owned(),
        sub: Text::plain(format!(
            "{}. Of rows that may count the same people the larger count is in the sum; the others are listed with the \
             reason.",
            words::count(rows.len(), "row on record", "rows on record")
        )),
    }];
    let whole: Vec<Text> = totals
        .iter()
        .filter(|total| total.by == "all")
        .map(|total| {
            let programme = total.programme.as_deref().map_or_else(Text::new, |id| {
                Text::plain(format!("{}. ", programme_name(context, id)))
            });
            programme.join(context.sentence(&total.sentence))
        })
        .collect();
    if !whole.is_empty() {
        blocks.push(Block::List(whole));
    }
    if !totals.is_empty() {
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(format!("Sums one can open ({})", totals.len())),
            blocks: vec![Block::Table(sums(context, name, &totals))],
        });
    }
    blocks.push(Block::Disclosure {
        id: None,
        summary: Text::plain(format!("Every count on record ({})", rows.len())),
        blocks: vec![Block::Table(every(context, name, &rows))],
    });
    blocks
}

fn programme_name(context: &Context<'_>, id: &str) -> String {
    let round = context.all.rounds.iter().find(|round| round.programme == id);
    round.map_or_else(|| id.to_owned(), |round| round.programme_name.clone())
}

fn sums(context: &Context<'_>, name: &str, totals: &[&PeopleTotal]) -> Table {
    let mut table = Table::new(
        &format!("{name}-sums"),
        "Sums of counts that surely count nobody twice, with the rows in them and the rows left out",
        &["Of", "Sum#", "Person-months#", "Rows in it", "Left out, and why"],
    )
    .stacked();
    for total in totals {
        let mut what = Vec::new();
        if let Some(programme) = &total.programme {
            what.push(programme_name(context, programme));
        }
        what.push(match (total.of_name.as_deref(), total.by.as_str()) {
            (Some(of), by) => format!("{by} {of}"),
            (None, _) => "all".to_owned(),
        });
        match total.direction.as_deref() {
            Some("back") => what.push("back to the provider".to_owned()),
            Some(_) => what.push("out to the recipient".to_owned()),
            None => {}
        }
        match total.within_region.as_deref() {
            Some("yes") => what.push("inside the region".to_owned()),
            Some("no") => what.push("outside the region".to_owned()),
            Some(_) => what.push("where is not said".to_owned()),
            None => {}
        }
        what.push(concept_in_words(&total.concept));
        let shown = count_in_words(&total.count, None);
        let months = total
            .person_months
            .as_ref()
            .and_then(|months| count_in_words(months, None));
        table.rows.push(Row::object(
            &total.id,
            shown.clone(),
            vec![
                Text::plain(what.join(", ")),
                Text::plain(shown.unwrap_or_else(|| words::NONE.to_owned())),
                Text::plain(months.unwrap_or_else(|| words::NONE.to_owned())),
                ids(&total.addends),
                left_out(&total.left_out),
            ],
        ));
    }
    table
}

fn ids(ids: &[String]) -> Text {
    if ids.is_empty() {
        Text::plain(words::NONE)
    } else {
        Text::new().ids(ids)
    }
}

fn left_out(rows: &[CountLeftOut]) -> Text {
    if rows.is_empty() {
        return Text::plain(words::NONE);
    }
    let mut text = Text::new();
    for (index, row) in rows.iter().enumerate() {
        let join = if index > 0 { "; " } else { "" };
        text = text
            .words(join)
            .link(row.id.clone(), row.id.clone())
            .words(format!(": {}", row.reason));
    }
    text
}

fn every(context: &Context<'_>, name: &str, rows: &[&PeopleRow]) -> Table {
    let mut table = Table::new(
        name,
        "Counts of people as they are on record, each with its speaker",
        &["Row", "Count#", "What is said", "Source"],
    )
    .stacked();
    for row in rows {
        let shown = count_in_words(&row.count, row.qualifier.as_deref());
        let count = match &shown {
            Some(_) if row.count.is_withheld() => "withheld".to_owned(),
            Some(shown) => format!("{shown} {}", concept_in_words(&row.concept)),
            None => row.no_number.unwrap_or(words::NONE).to_owned(),
        };
        let mut said = context.sentence(&row.sentence);
        if let Some(months) = row
            .person_months
            .as_ref()
            .and_then(|months| count_in_words(months, row.qualifier.as_deref()))
        {
            said = said.small(format!(" {months} person-months."));
        }
        if let Some(wage) = &row.wage {
            said = said.small(format!(" Wage as said: {}.", wage_in_words(wage)));
        }
        if let Some(whole) = &row.part_of {
            said = said
                .small(" Part of ")
                .link(whole.clone(), whole.clone())
                .small(".");
        }
        table.rows.push(Row::object(
            &row.id,
            shown,
            vec![
                Text::new().small(row.id.clone()),
                Text::plain(count),
                said,
                context
                    .source_links([row.source.as_str()])
                    .small(format!(" {}", row.locator)),
            ],
        ));
    }
    table
}

fn wage_in_words(wage: &Wage) -> String {
    let amount = match (&wage.value, &wage.lower, &wage.upper) {
        (Some(value), ..) => words::number(value),
        (None, Some(low), Some(high)) => format!("{} to {}", words::number(low), words::number(high)),
        (None, Some(low), None) => format!("at least {}", words::number(low)),
        (None, None, Some(high)) => format!("at most {}", words::number(high)),
        (None, None, None) => words::NONE.to_owned(),
    };
    let currency = wage.currency.as_deref().map_or_else(
        || " (currency not said)".to_owned(),
        |code| format!(" {}", unit(code)),
    );
    let per = wage
        .per
        .as_deref()
        .map_or_else(|| ", per what is not said".to_owned(), |per| format!(" a {per}"));
    format!("{amount}{currency}{per}")
}

fn unit(code: &str) -> String {
    counterpart_appraise::words::unit_in_words(code)
}

/// Wholes beside their parts.
fn parts(context: &Context<'_>, rows: &[PeopleParts]) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(
        "people-parts",
        "Counts that are wholes, beside the counts that are their parts",
        &[
            "Whole",
            "In it#",
            "Parts",
            "Sum of the parts#",
            "In none of them#",
            "Not added, and why",
        ],
    )
    .stacked();
    for row in rows {
        let whole = context.all.people.iter().find(|one| one.id == row.whole);
        let sum = count_in_words(&row.count, None);
        let rest = row.remainder.as_ref().and_then(|rest| count_in_words(rest, None));
        table.rows.push(Row::object(
            &row.id,
            sum.clone(),
            vec![
                whole
                    .map_or_else(Text::new, |whole| {
                        Text::plain(context.sentence(&whole.sentence).to_plain()).words(" ")
                    })
                    .link(row.whole.clone(), row.whole.clone()),
                Text::plain(
                    whole
                        .and_then(|whole| count_in_words(&whole.count, whole.qualifier.as_deref()))
                        .unwrap_or_else(|| words::NONE.to_owned()),
                ),
                ids(&row.parts),
                Text::plain(sum.unwrap_or_else(|| words::NONE.to_owned())),
                Text::plain(rest.unwrap_or_else(|| words::NONE.to_owned())),
                left_out(&row.left_out),
            ],
        ));
    }
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "Parts and wholes".to_owned(),
        sub: Text::plain("A part is never added to its whole; what stands in no part is the remainder."),
    }];
    blocks.push(Block::Table(table));
    blocks
}

/// A subsidy rule: amount, who may have it, what it comes to, conditions, screen.
fn card(context: &Context<'_>, row: &EntitlementRow) -> Vec<Block> {
    let currency = |amount: &str, code: Option<&str>| match code {
        Some(code) => format!("{amount} {}", unit(code)),
        None => format!("{amount} in a currency that is not on record"),
    };
    let mut table = Table::new(
        &format!("rule-{}", row.rule),
        "The rule: amount, who may have it, what a number of contracts comes to, what the record would come to",
        &["", "By the rule"],
    )
    .stacked();
    let line = |name: &str, text: Text| Row::of_cells(vec![Text::plain(name), text]);
    let amount = row
        .amount
        .as_ref()
        .map(|amount| currency(&words::number(amount), row.currency.as_deref()));
    let from = row.minimum_count.as_ref().map_or_else(
        || "; no minimum is on record".to_owned(),
        |minimum| format!(" from {} contracts on; below, nothing", words::number(minimum)),
    );
    table.rows.push(Row::object(
        &row.id,
        amount.clone(),
        vec![
            Text::plain("Amount"),
            Text::plain(match (&amount, &row.rate_lower, &row.rate_upper) {
                (Some(amount), ..) => format!("{amount} for each contract{from}"),
                (None, None, None) => format!("not on record{from}"),
                (None, low, high) => {
                    let mut rates: Vec<String> = low.iter().chain(high).map(words::number).collect();
                    rates.dedup();
                    format!(
                        "a share of {} of the wage for each contract{from}",
                        rates.join(" to ")
                    )
                }
            }),
        ],
    ));
    table
        .rows
        .push(line("Open in", Text::plain(row.who_name.clone())));
    table.rows.push(line(
        "As said",
        Text::plain(format!("{}: {}", row.speaker_name, row.text)),
    ));
    for at in &row.schedule {
        let due = currency(&words::number(&at.amount), at.currency.as_deref());
        table.rows.push(Row::object(
            &at.id,
            Some(due.clone()),
            vec![
                Text::plain(format!(
                    "{} {}",
                    words::number(&at.contracts),
                    if at.contracts.as_str() == "1" {
                        "contract"
                    } else {
                        "contracts"
                    }
                )),
                Text::plain(due),
            ],
        ));
    }
    for one in &row.on_record {
        let due = count_in_words(&one.amount, None).map(|amount| currency(&amount, one.currency.as_deref()));
        table.rows.push(Row::object(
            &one.id,
            due,
            vec![
                Text::plain("On record: ").link(one.placement.clone(), one.placement.clone()),
                context.sentence(&one.sentence),
            ],
        ));
    }
    for what in &row.missing {
        table
            .rows
            .push(line("Missing", Text::plain(words::capital(what))));
    }
    let conditions: Vec<Text> = context
        .all
        .conditions
        .iter()
        .filter(|condition| row.conditions.contains(&condition.id))
        .map(|condition| {
            Text::plain(format!("{} ", condition.attributed)).link(condition.id.clone(), condition.id.clone())
        })
        .collect();
    let mut blocks = vec![
        Block::Heading {
            of: None,
            text: match &amount {
                Some(amount) => format!("A subsidy in {}: {amount}", row.who_name),
                None => format!("A subsidy in {}", row.who_name),
            },
            sub: Text::plain("Amount, from how many contracts on, conditions attached to it. ")
                .join(context.source_links([row.source.as_str()]))
                .small(format!(" {}", row.locator)),
        },
        Block::Finding(context.sentence(&row.sentence)),
        Block::Table(table),
    ];
    if conditions.is_empty() {
        blocks.push(Block::Paragraph(Text::plain(
            "No conditions of this rule are on record.",
        )));
    } else {
        blocks.push(Block::Paragraph(Text::plain(
            "Conditions attached to it, each with its speaker:",
        )));
        blocks.push(Block::List(conditions));
    }
    if !row.conditions.is_empty() {
        blocks.push(Block::Paragraph(if row.screen.is_empty() {
            Text::plain("None of these conditions gives a lead in the screening.")
        } else {
            Text::plain("Leads of the screening on these conditions: ").ids(&row.screen)
        }));
    }
    blocks
}
