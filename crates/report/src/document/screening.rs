//! The screening: terms of work, listings and leads, each in a sentence with its speaker and its answers.

use counterpart_appraise::assessment::{LeadKind, LeadReason, ScreeningRow};

use super::context::Context;
use super::{Block, Row, Table, Text};
use crate::words;

/// Returns the screening, or nothing where the record has neither terms nor listings.
pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let all = context.all;
    if all.conditions.is_empty() && all.listings.is_empty() {
        return Vec::new();
    }
    let method = &all.screening_method;
    let mut blocks = vec![
        Block::Heading {
            of: None,
            text: "Leads".to_owned(),
            sub: Text::plain(format!(
                "Terms of work and listings beside the ILO’s eleven indicators of forced labour and the public lists of \
                 the case. {} {}",
                method.about, method.order
            )),
        },
        Block::Table(leads(context)),
    ];
    for (summary, table) in [
        ("Terms of work and what answers them", conditions(context)),
        (
            "Organisations on lists and what answers the listing",
            listings(context),
        ),
    ] {
        if !table.rows.is_empty() {
            blocks.push(Block::Disclosure {
                id: None,
                summary: Text::plain(format!("{summary} ({})", table.rows.len())),
                blocks: vec![Block::Table(table)],
            });
        }
    }
    let mut lexicon = Table::new(
        "lexicon",
        "The indicators with the words of their published descriptions that are looked for",
        &["Indicator", "Words"],
    )
    .stacked();
    for entry in &method.lexicon {
        lexicon.rows.push(Row::of_cells(vec![
            Text::plain(entry.indicator),
            Text::plain(entry.words.join(", ")),
        ]));
    }
    blocks.push(Block::Disclosure {
        id: None,
        summary: Text::plain("How it was screened"),
        blocks: vec![
            Block::Paragraph(Text::plain(method.names)),
            Block::Paragraph(Text::plain(format!(
                "Words for legal forms: {}.",
                method.legal_forms.join(", ")
            ))),
            Block::Table(lexicon),
        ],
    });
    blocks
}

fn leads(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "leads",
        "Where to look, and why: each lead with statement, speaker and answers in one sentence",
        &["Lead", "Why and who says so", "Date", "Clause", "Source"],
    )
    .stacked();
    for lead in &context.all.screening {
        table.rows.push(Row::object(
            &lead.id,
            None,
            vec![
                Text::plain(kind(lead)),
                Text::plain(lead.sentence.clone()).small(" ").ids(
                    std::iter::once(&lead.statement)
                        .chain(lead.entity.iter().filter(|id| **id != lead.statement)),
                ),
                Text::plain(lead.date.clone().unwrap_or_else(|| words::NONE.to_owned())),
                Text::plain(lead.clause.clone().unwrap_or_else(|| words::NONE.to_owned())),
                context
                    .source_links([lead.source.as_str()])
                    .small(format!(" {}", lead.locator)),
            ],
        ));
    }
    table
}

fn kind(lead: &ScreeningRow) -> String {
    match (lead.kind, lead.reason, &lead.indicator) {
        (LeadKind::Indicator, LeadReason::StatedBySpeaker, Some(indicator)) => {
            format!("{} (named by the statement)", words::capital(indicator))
        }
        (LeadKind::Indicator, _, Some(indicator)) => format!("{} (words)", words::capital(indicator)),
        (LeadKind::Indicator, _, None) => "Indicator".to_owned(),
        (LeadKind::Listing, ..) => lead.list.clone().unwrap_or_else(|| "On a list".to_owned()),
        (LeadKind::Name, ..) => "Two names agree".to_owned(),
    }
}

fn conditions(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "conditions",
        "Terms attached to placements, rules and activities, with their speakers and answers",
        &[
            "Condition",
            "Attached to",
            "Who says what, and what answers it",
            "Source",
        ],
    )
    .stacked();
    for row in &context.all.conditions {
        let mut said = Text::plain(row.attributed.clone());
        if let Some(indicator) = &row.ilo_indicator {
            said = said.small(format!(" The statement itself describes “{indicator}”."));
        }
        if !row.responds_to.is_empty() {
            said = said.small(" Answers ").ids(&row.responds_to);
        }
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                Text::new().small(row.id.clone()),
                Text::plain(row.attached_name.clone()).small(format!(" {}", row.attached_to)),
                said,
                context
                    .source_links([row.source.as_str()])
                    .small(format!(" {}", row.locator)),
            ],
        ));
    }
    table
}

fn listings(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "listings",
        "Organisations on public lists, with lister, date, clause and what answers the listing",
        &[
            "Listed",
            "Who lists, and what answers it",
            "Date",
            "Clause",
            "Source",
        ],
    )
    .stacked();
    for row in &context.all.listings {
        let mut name = Text::plain(row.name.clone());
        if !row.aliases.is_empty() {
            name = name.small(format!(" also {}", row.aliases.join("; ")));
        }
        if let Some(place) = &row.place_name {
            name = name.small(format!(" ({place})"));
        }
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                name,
                Text::plain(row.sentence.clone()),
                Text::plain(row.listed_on.clone()),
                Text::plain(row.clause.clone().unwrap_or_else(|| words::NONE.to_owned())),
                context
                    .source_links([row.source.as_str()])
                    .small(format!(" {}", row.locator)),
            ],
        ));
    }
    table
}
