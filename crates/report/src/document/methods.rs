//! Section 11: the rule, the marks, and where everything comes from.

use std::collections::BTreeSet;

use counterpart_appraise::assessment::FigureKind;

use super::context::Context;
use super::{Block, Inline, Row, Section, Table, Text};
use crate::words;

/// Parts of a figure that are listed; figures of more parts name their number.
const PARTS_SHOWN: usize = 6;

pub(super) fn section(context: &Context<'_>, referenced: &BTreeSet<String>) -> Section {
    let mut blocks = rule(context);
    blocks.push(lenses(context));
    blocks.push(marks());
    for (summary, table) in [
        ("Figures that this page points at", figures(context, referenced)),
        ("Vintages", vintages(context)),
        ("Indicators", indicators(context)),
        ("Rounds", rounds(context)),
        ("Systems of the programme", super::systems::table(context)),
        ("Other inputs of checks", other_inputs(context)),
    ] {
        if !table.rows.is_empty() {
            blocks.push(Block::Disclosure {
                id: None,
                summary: Text::plain(format!("{summary} ({})", table.rows.len())),
                blocks: vec![Block::Table(table)],
            });
        }
    }
    blocks.push(Block::Heading {
        of: None,
        text: "Sources".to_owned(),
        sub: Text::plain(
            "Every document a row rests on. An address is a link to somebody else’s page; nothing is loaded from it.",
        ),
    });
    blocks.push(Block::Disclosure {
        id: Some("sources".to_owned()),
        summary: Text::plain(words::count(context.all.sources.len(), "source", "sources")),
        blocks: vec![Block::Table(sources(context))],
    });
    let copies = context
        .all
        .sources
        .iter()
        .filter(|row| row.copy_of.is_some())
        .count();
    Section {
        id: "methods",
        number: 11,
        short: "Methods and sources",
        title: Some("How was this made, and from what?".to_owned()),
        standfirst: Text::plain(format!(
            "The rule of the verdict is part of the case; each study says what had been seen before it was written. The \
             page rests on {} by {}",
            words::count(context.all.sources.len(), "source", "sources"),
            words::count(
                context
                    .all
                    .sources
                    .iter()
                    .map(|row| row.publisher.as_str())
                    .collect::<BTreeSet<_>>()
                    .len(),
                "publisher",
                "publishers"
            ),
        ))
        .words(if copies == 0 {
            ".".to_owned()
        } else {
            format!("; {copies} of them repeat another one.")
        })
        .words(" Everything shown stands in report.json and data/."),
        blocks,
    }
}

fn rule(context: &Context<'_>) -> Vec<Block> {
    let rule = &context.all.rule;
    let mut blocks = vec![Block::Heading {
        of: Some("rule".to_owned()),
        text: "The rule of the verdict".to_owned(),
        sub: Text::plain(format!(
            "Confidence {}%, smallest effect of interest {} ({}%){}",
            words::hundredfold(&rule.confidence, 0),
            words::number(&rule.smallest_effect),
            words::hundredfold(&rule.smallest_effect, 0),
            rule.reason
                .as_deref()
                .map_or_else(|| ".".to_owned(), |reason| format!(": {reason}.")),
        )),
    }];
    if !rule.lines.is_empty() {
        blocks.push(Block::List(
            rule.lines
                .iter()
                .map(|line| Text::plain(words::rule_line(line)))
                .collect(),
        ));
    }
    if !rule.headline.is_empty() {
        blocks.push(Block::Paragraph(Text::plain(words::headline(&rule.headline))));
    }
    blocks
}

fn lenses(context: &Context<'_>) -> Block {
    let mut table = Table::new(
        "lenses",
        "Whose figures each lens believes",
        &["Lens", "What it reads"],
    )
    .stacked();
    for lens in &context.all.lenses {
        table.rows.push(Row::object(
            &lens.id,
            None,
            vec![
                Text::plain(lens.title.clone()),
                Text::plain(lens.describes.clone()),
            ],
        ));
    }
    Block::Table(table)
}

fn marks() -> Block {
    let mut table = Table::new("marks", "What marks on this page mean", &["Mark", "Means"]).stacked();
    for (mark, meaning) in [
        ("–", "no value on record; never zero"),
        ("<10", "a count of persons that is withheld because it is small"),
        (
            "?",
            "weak evidence, drawn dashed; as a verdict: the record cannot tell",
        ),
        (
            "◐ only with",
            "some readings on record give the figure, others do not",
        ),
        (
            "✓ reproduced",
            "every reading on record gives the figure at its own rounding",
        ),
        ("✕ contradicted", "no reading on record gives the figure"),
        (
            "→ implied",
            "the figure follows, but the claim states none of its own",
        ),
        ("○ not checkable", "an input is not on record"),
        (
            "underlined figure",
            "leads to the row that holds it as said or computed",
        ),
    ] {
        table.rows.push(Row::of_cells(vec![
            Text::new().strong(mark),
            Text::plain(meaning),
        ]));
    }
    Block::Table(table)
}

/// Figures that the page leads to, and the few that each of those is made of; the rest stand in `data/figures.csv`.
fn figures(context: &Context<'_>, referenced: &BTreeSet<String>) -> Table {
    let mut wanted: BTreeSet<&str> = referenced.iter().map(String::as_str).collect();
    wanted.extend(context.mentioned.iter().copied());
    let mut open: Vec<&str> = wanted.iter().copied().collect();
    while let Some(id) = open.pop() {
        let Some(figure) = context
            .figures
            .get(id)
            .filter(|figure| figure.from.len() <= PARTS_SHOWN)
        else {
            continue;
        };
        for part in &figure.from {
            if wanted.insert(part) {
                open.push(part);
            }
        }
    }
    let mut table = Table::new(
        "figures",
        "Observed and derived figures with their origin",
        &["Figure", "Value#", "Status", "Origin"],
    );
    for figure in context
        .all
        .figures
        .iter()
        .filter(|figure| wanted.contains(figure.id.as_str()))
    {
        let value = words::with_unit(&words::number(&figure.value), figure.unit.as_deref());
        let (value, stored) = match effect_of(context, figure) {
            Some(row) if row.transform == "log" => (
                words::percent_of_log(&figure.value),
                format!(
                    " {} log points × 100",
                    words::signed_hundredfold(&figure.value, 1)
                ),
            ),
            Some(row) => (super::effect::effect(row, &figure.value), String::new()),
            None => (value, String::new()),
        };
        let origin = match (&figure.source, &figure.formula) {
            (Some(source), _) => Text::new().link(source.clone(), source.clone()).small(
                figure
                    .locator
                    .as_deref()
                    .map_or_else(String::new, |locator| format!(" {locator}")),
            ),
            (None, Some(formula)) => {
                let text = Text::new().code(formula.clone());
                if figure.from.is_empty() {
                    text
                } else {
                    text.small(" from ").ids(figure.from.iter().take(8))
                }
            }
            (None, None) => Text::plain(match figure.kind {
                FigureKind::Count => "rows on record",
                _ => words::NONE,
            }),
        };
        table.rows.push(Row::object(
            &figure.id,
            Some(value.clone()),
            vec![
                Text::plain(figure.label.clone()).small(format!(" {}", figure.id)),
                Text::new().strong(value).small(stored),
                Text::plain(figure.status.clone().unwrap_or_default()),
                origin,
            ],
        ));
    }
    table
}

/// Returns the study's row whose effect a figure estimates anew: a computed figure that rests on that row alone.
fn effect_of<'a>(
    context: &Context<'a>,
    figure: &counterpart_appraise::assessment::Figure,
) -> Option<&'a counterpart_appraise::assessment::StudyRow> {
    let [only] = figure.from.as_slice() else {
        return None;
    };
    let anew = figure.id.strip_prefix(only.as_str())?.starts_with("~without-");
    context.all.studies.iter().find(|row| anew && row.id == *only)
}

fn vintages(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "vintages",
        "Vintages in which figures were read",
        &[
            "Vintage",
            "Id",
            "Published",
            "Heads counted by",
            "Source",
            "Remark",
        ],
    );
    for row in &context.all.vintages {
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                Text::plain(context.vintage(&row.id)),
                Text::new().code(row.id.clone()),
                Text::plain(row.published_on.clone().unwrap_or_else(|| words::NONE.to_owned())),
                Text::plain(
                    row.population_basis
                        .clone()
                        .unwrap_or_else(|| "not said".to_owned()),
                ),
                Text::new().link(row.source.clone(), row.source.clone()),
                Text::plain(row.note.clone().unwrap_or_default()),
            ],
        ));
    }
    table
}

fn indicators(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "indicators",
        "Indicators",
        &["Indicator", "Id", "Unit", "Formula"],
    )
    .stacked();
    for row in &context.all.indicators {
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                Text::plain(row.name.clone()),
                Text::new().code(row.id.clone()),
                Text::plain(
                    row.unit
                        .as_deref()
                        .map_or_else(|| words::NONE.to_owned(), words::unit),
                ),
                match &row.derive {
                    Some(formula) => Text::new().code(formula.clone()),
                    None => Text::plain("observed"),
                },
            ],
        ));
    }
    table
}

fn rounds(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "rounds",
        "Rounds of programmes",
        &["Round", "Id", "Programme", "Decided", "First money", "Years"],
    )
    .stacked();
    for row in &context.all.rounds {
        let dash =
            |date: &Option<String>| Text::plain(date.clone().unwrap_or_else(|| words::NONE.to_owned()));
        let years = words::span(row.start.as_deref(), row.end.as_deref());
        table.rows.push(Row::object(
            &row.id,
            Some(years.clone()).filter(|years| !years.is_empty()),
            vec![
                Text::plain(row.name.clone()),
                Text::new().code(row.id.clone()),
                Text::plain(row.programme_name.clone()),
                dash(&row.decided_on),
                dash(&row.first_money_on),
                Text::plain(years),
            ],
        ));
    }
    table
}

/// Inputs of checks that have no other place on the page: transactions and the like.
fn other_inputs(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "inputs",
        "Other inputs of checks",
        &["Input", "Value#", "Used by"],
    );
    let placed: BTreeSet<&str> = context
        .all
        .claims
        .iter()
        .map(|row| row.id.as_str())
        .chain(context.all.figures.iter().map(|row| row.id.as_str()))
        .chain(context.all.gaps.iter().map(|row| row.id.as_str()))
        .chain(context.all.rounds.iter().map(|row| row.id.as_str()))
        .chain(context.all.pairings.iter().map(|row| row.id.as_str()))
        .collect();
    let mut found: Vec<(&str, String, BTreeSet<String>)> = Vec::new();
    for claim in &context.all.claims {
        for input in claim
            .check
            .candidates
            .iter()
            .flat_map(|candidate| &candidate.inputs)
        {
            if placed.contains(input.id.as_str()) {
                continue;
            }
            match found.iter_mut().find(|(id, ..)| *id == input.id) {
                Some((_, _, users)) => {
                    users.insert(claim.id.clone());
                }
                None => found.push((
                    &input.id,
                    words::number(&input.value),
                    BTreeSet::from([claim.id.clone()]),
                )),
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(b.0));
    for (id, value, users) in found {
        table.rows.push(Row::object(
            id,
            Some(value.clone()),
            vec![
                Text::new().code(id.to_owned()),
                Text::plain(value),
                Text::new().ids(&users),
            ],
        ));
    }
    table
}

fn sources(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "sources",
        "Documents that rows rest on",
        &["Id", "Title", "Publisher", "Published", "Licence", "Address"],
    )
    .stacked();
    for row in &context.all.sources {
        let mut title = Text::plain(row.title.clone());
        if let Some(original) = &row.copy_of {
            title = title.small(" repeats ").link(original.clone(), original.clone());
        }
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                Text::plain(row.id.clone()),
                title,
                Text::plain(row.publisher.clone()).small(format!(" {}", words::spaced(&row.publisher_kind))),
                Text::plain(row.published_on.clone().unwrap_or_else(|| words::NONE.to_owned())),
                Text::plain(row.licence.clone().unwrap_or_else(|| "not stated".to_owned())),
                match &row.address {
                    Some(address) => Text::new().with(Inline::Address(address.clone())),
                    None => Text::plain(words::NONE),
                },
            ],
        ));
    }
    table
}

pub(super) fn colophon(context: &Context<'_>) -> Vec<Text> {
    let case = &context.all.case;
    vec![
        Text::plain(format!(
            "Counterpart {} · case {} as of {} · seed {} · schema {}",
            context.all.version, case.id, case.as_of, case.seed, context.all.schema
        )),
        Text::plain("Case ").code(case.digest.clone()),
        Text::plain("Public view ").code(context.all.view_digest.clone()),
        Text::plain("Nothing on this page is loaded from elsewhere, and nobody’s reading of it is recorded."),
    ]
}
