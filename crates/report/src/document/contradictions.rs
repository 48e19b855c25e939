//! Contradictions: what cannot all hold, each with its speakers, its size and what hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{Contradiction, ContradictionKind};

use super::context::Context;
use super::{Block, Row, Table, Text};
use crate::words;

/// Kinds in the order of reading.
const ORDER: [ContradictionKind; 8] = [
    ContradictionKind::Speakers,
    ContradictionKind::FactorOfTen,
    ContradictionKind::CumulativeAnnual,
    ContradictionKind::TotalParts,
    ContradictionKind::PlanActual,
    ContradictionKind::CopiedUnderTwoYears,
    ContradictionKind::Definition,
    ContradictionKind::Vintages,
];

/// Returns the blocks about contradictions, or that none is on record.
pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let rows = &context.all.contradictions;
    let of = |kind: ContradictionKind| rows.iter().filter(move |row| row.kind == kind);
    let disagreements = rows
        .iter()
        .filter(|row| {
            !matches!(
                row.kind,
                ContradictionKind::Definition | ContradictionKind::Vintages
            )
        })
        .count();
    let sub = if rows.is_empty() {
        "No two statements on record are at odds about one thing, place and period.".to_owned()
    } else {
        format!(
            "{} on record that cannot all hold, {} where only the definitions differ, {} that editions of a series \
             print differently, all of them in data/contradictions.csv. Within the rounding that was said nothing counts \
             as a contradiction, and a copy is no second voice. The largest on which something hangs stand first.",
            words::count(disagreements, "set of statements", "sets of statements"),
            of(ContradictionKind::Definition).count(),
            words::count(of(ContradictionKind::Vintages).count(), "figure", "figures"),
        )
    };
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "What contradicts what".to_owned(),
        sub: Text::plain(sub),
    }];
    for kind in ORDER {
        let rows: Vec<&Contradiction> = of(kind).collect();
        if rows.is_empty() {
            continue;
        }
        if kind == ContradictionKind::Vintages {
            blocks.push(Block::Disclosure {
                id: None,
                summary: Text::plain(format!("{}: {}", title(kind), rows.len())),
                blocks: vec![Block::Table(editions(context, &rows))],
            });
            continue;
        }
        let table = Block::Table(statements(context, kind, &rows));
        let heading = format!("{}: {}", title(kind), rows.len());
        if kind == ContradictionKind::Definition || rows.len() > OPEN {
            blocks.push(Block::Disclosure {
                id: None,
                summary: Text::plain(heading),
                blocks: vec![table],
            });
        } else {
            blocks.push(Block::Paragraph(Text::new().strong(heading)));
            blocks.push(table);
        }
    }
    blocks
}

/// Most rows of one kind that stand open.
const OPEN: usize = 12;

/// Most of what hangs on a contradiction that its row names; all of it is in `data/contradictions.csv`.
const NAMED: usize = 6;

/// One row a contradiction: what is said by whom, by how much it differs, what hangs on it.
fn statements(context: &Context<'_>, kind: ContradictionKind, rows: &[&Contradiction]) -> Table {
    let mut table = Table::new(
        &format!(
            "contradictions-{}",
            crate::anchor::sanitised(title(kind)).to_lowercase()
        ),
        title(kind),
        &["Said", "Difference#", "Sources", "Hangs on it"],
    )
    .stacked();
    for row in rows {
        let mut said = context.sentence(&row.sentence);
        for copy in &row.copies {
            said = said.small(format!(" {copy} is a copy and no voice."));
        }
        let size = row.size.as_ref().map_or_else(
            || words::NONE.to_owned(),
            |size| format!("{}%", words::hundredfold(size, 1)),
        );
        let sources: Vec<&str> = row.said.iter().map(|one| one.source.as_str()).collect();
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                said,
                Text::plain(size),
                context.source_links(sources),
                hanging(context, &row.matters_to),
            ],
        ));
    }
    table
}

/// Claims by their ids, everything else as a count of its kind.
fn hanging(context: &Context<'_>, ids: &[String]) -> Text {
    let (claims, others): (Vec<&String>, Vec<&String>) = ids
        .iter()
        .partition(|id| context.claims.contains_key(id.as_str()));
    let mut text = Text::new().ids(claims.iter().copied().take(NAMED));
    let mut more: BTreeMap<&str, usize> = BTreeMap::new();
    for id in claims.iter().skip(NAMED).map(|_| "claim").chain(
        others
            .iter()
            .map(|id| id.split_once(':').map_or("figure", |(kind, _)| kind)),
    ) {
        *more.entry(id).or_default() += 1;
    }
    for (kind, n) in more {
        let join = if text.is_empty() { "" } else { ", " };
        let kind = words::spaced(kind);
        text = text.words(join).words(words::count(n, &kind, &plural(&kind)));
    }
    if text.is_empty() {
        return Text::plain(words::NONE);
    }
    text
}

fn plural(kind: &str) -> String {
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{kind}s"),
    }
}

/// One row a series: how many of its figures editions print differently, and where they differ most.
fn editions(context: &Context<'_>, rows: &[&Contradiction]) -> Table {
    let mut series: BTreeMap<(&str, &str), Vec<&Contradiction>> = BTreeMap::new();
    for row in rows {
        series.entry((&row.subject, &row.property)).or_default().push(row);
    }
    let mut table = Table::new(
        "editions",
        "Series whose editions differ by more than rounding where something in the report reads them",
        &[
            "Place",
            "Indicator",
            "Periods#",
            "Largest difference#",
            "In",
            "What reads it#",
        ],
    );
    for ((place, indicator), rows) in series {
        let size = |row: &&&Contradiction| {
            row.size
                .as_ref()
                .map_or(0.0, counterpart_appraise::assessment::Number::as_f64)
        };
        let Some(largest) = rows
            .iter()
            .max_by(|a, b| size(a).total_cmp(&size(b)).then_with(|| b.id.cmp(&a.id)))
        else {
            continue;
        };
        let readers: BTreeSet<&String> = rows.iter().flat_map(|row| &row.matters_to).collect();
        table.rows.push(Row::of_cells(vec![
            Text::plain(context.place(place)),
            Text::plain(context.indicator(indicator)),
            Text::plain(rows.len().to_string()),
            Text::plain(largest.size.as_ref().map_or_else(
                || words::NONE.to_owned(),
                |size| format!("{}%", words::hundredfold(size, 1)),
            )),
            Text::plain(largest.period.clone()),
            Text::plain(readers.len().to_string()),
        ]));
    }
    table
}

/// Returns the words of a kind of contradiction.
const fn title(kind: ContradictionKind) -> &'static str {
    match kind {
        ContradictionKind::Speakers => "At odds about the same thing",
        ContradictionKind::Vintages => "Editions that print one figure differently",
        ContradictionKind::PlanActual => "Planned and come",
        ContradictionKind::TotalParts => "A total and its parts",
        ContradictionKind::CumulativeAnnual => "A sum and what lies inside its period",
        ContradictionKind::Definition => "Not comparable: other definitions",
        ContradictionKind::FactorOfTen => "A power of ten apart",
        ContradictionKind::CopiedUnderTwoYears => "One figure under different years",
    }
}
