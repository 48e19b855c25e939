//! Outcomes described, below the gap: growth, ratio, convergence, dispersion, poverty, goals. No effect is among them.

use std::collections::BTreeMap;

use counterpart_appraise::assessment::{OutcomeMeasure, OutcomeRow};

use super::context::Context;
use super::{Block, Row, Section, Table, Text};
use crate::words;

/// Parts of the block, in the order of reading.
const PARTS: [(&str, &[OutcomeMeasure]); 6] = [
    ("Stated goals against the series", &[OutcomeMeasure::Goal]),
    (
        "Poverty, by the definition each speaker gives",
        &[OutcomeMeasure::Poverty],
    ),
    ("Growth", &[OutcomeMeasure::GrowthAverage]),
    ("Ratio to the nation, like for like", &[OutcomeMeasure::Ratio]),
    (
        "Convergence across places: β and σ",
        &[OutcomeMeasure::Beta, OutcomeMeasure::Sigma],
    ),
    (
        "Inequality across places: Theil’s T within and between groups",
        &[
            OutcomeMeasure::Theil,
            OutcomeMeasure::TheilWithin,
            OutcomeMeasure::TheilBetween,
        ],
    ),
];

/// A section of its own, for a case that describes no gap.
pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let blocks = blocks(context);
    (context.all.gaps.is_empty() && !blocks.is_empty()).then(|| Section {
        id: "outcomes",
        number: 2,
        short: "Outcomes",
        title: Some("What became of the outcomes?".to_owned()),
        standfirst: Text::plain("Descriptions, none of them an effect."),
        blocks,
    })
}

/// The blocks: what was computed to open by kind, what was not with its reason.
pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let rows = &context.all.outcomes;
    if rows.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "Outcomes, described".to_owned(),
        sub: Text::plain(
            "Growth, ratio, convergence and dispersion in each choice of vintages, never across two; a description, not \
             an effect. What cannot be described like for like says why.",
        ),
    }];
    for (title, measures) in PARTS {
        let computed: Vec<&OutcomeRow> = rows
            .iter()
            .filter(|row| measures.contains(&row.measure) && row.not_computed.is_none())
            .collect();
        let refused: Vec<&OutcomeRow> = rows
            .iter()
            .filter(|row| measures.contains(&row.measure) && row.not_computed.is_some())
            .collect();
        if computed.is_empty() && refused.is_empty() {
            continue;
        }
        let told = told(&computed);
        let mut inside = Vec::new();
        if !told.is_empty() {
            inside.push(Block::Table(table(context, title, &told)));
        }
        if told.len() < computed.len() {
            inside.push(Block::Paragraph(Text::plain(format!(
                "First and last years are shown; all {} rows are in data/outcomes.csv and report.json.",
                computed.len()
            ))));
        }
        if !refused.is_empty() {
            inside.push(Block::List(
                refused
                    .iter()
                    .map(|row| context.sentence(&row.sentence))
                    .collect(),
            ));
        }
        let summary = format!("{title} ({} computed, {} not)", computed.len(), refused.len());
        if measures == [OutcomeMeasure::Goal] {
            let sentences = rows.iter().filter(|row| row.measure == OutcomeMeasure::Goal);
            blocks.push(Block::List(
                sentences.map(|row| context.sentence(&row.sentence)).collect(),
            ));
            if computed.is_empty() {
                continue;
            }
            inside.truncate(1);
        }
        blocks.push(Block::Disclosure {
            id: None,
            summary: Text::plain(summary),
            blocks: inside,
        });
    }
    blocks
}

/// The rows shown: of a measure told year by year, the first and the last year of each series.
fn told<'a>(rows: &[&'a OutcomeRow]) -> Vec<&'a OutcomeRow> {
    let mut ends: BTreeMap<(OutcomeMeasure, [&str; 5]), Vec<&'a OutcomeRow>> = BTreeMap::new();
    for row in rows {
        let key = (
            row.measure,
            [
                row.place.as_deref().unwrap_or_default(),
                row.level.as_deref().unwrap_or_default(),
                row.indicator.as_deref().unwrap_or(row.id.as_str()),
                row.vintage.as_deref().unwrap_or_default(),
                row.grouping.as_deref().unwrap_or_default(),
            ],
        );
        ends.entry(key).or_default().push(row);
    }
    ends.into_values()
        .flat_map(|mut of| {
            of.sort_by(|a, b| (&a.period, &a.id).cmp(&(&b.period, &b.id)));
            let last = of.last().copied().filter(|_| of.len() > 1);
            of.first().copied().into_iter().chain(last).collect::<Vec<_>>()
        })
        .collect()
}

fn table(context: &Context<'_>, title: &str, rows: &[&OutcomeRow]) -> Table {
    let mut table = Table::new(
        &format!("outcomes-{}", crate::anchor::sanitised(title).to_lowercase()),
        title,
        &["What", "Value#"],
    );
    for row in rows {
        let value = row
            .value
            .as_ref()
            .or(row.lower.as_ref())
            .map(|value| match row.unit.as_deref() {
                Some("share") => format!("{}%", words::hundredfold(value, 2)),
                Some("log" | "nats" | "log points a year per log point") => words::rounded(value, 4),
                unit => words::with_unit(&words::number(value), unit),
            });
        table.rows.push(Row::object(
            &row.id,
            value.clone(),
            // The row is the figure's place: a link from its words would lead to themselves.
            vec![
                Text::plain(context.sentence(&row.sentence).to_plain()),
                Text::plain(value.unwrap_or_else(|| words::NONE.to_owned())),
            ],
        ));
    }
    table
}
