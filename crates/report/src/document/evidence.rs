//! The evidence map: published studies by programme and outcome, their words, not ours.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::EvidenceRow;

use super::context::Context;
use super::{Block, Row, Section, Table, Text};
use crate::words;

/// A section of its own, for a case without studies of its own.
pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let blocks = blocks(context);
    (!blocks.is_empty()).then(|| Section {
        id: "effect",
        number: 9,
        short: "Effect",
        title: Some("What have others found?".to_owned()),
        standfirst: Text::plain("No study of this case has an estimate; what others published stands below."),
        blocks,
    })
}

pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let rows = &context.all.evidence_map;
    if rows.is_empty() {
        return Vec::new();
    }
    let sub = context
        .all
        .evidence_counts
        .iter()
        .find(|cell| cell.id == "evidence:all")
        .map_or_else(Text::new, |cell| context.sentence(&cell.sentence))
        .words(" Their words, not ours: no study here was run or checked by this program, and none enters the answer.");
    let mut blocks = vec![
        Block::Heading {
            of: None,
            text: "What others have published".to_owned(),
            sub,
        },
        Block::Table(matrix(rows)),
    ];
    let mut counts = Table::new(
        "evidence-counts",
        "Studies and the data sets they rest on, by programme and outcome",
        &[
            "Programme and outcome",
            "Studies#",
            "Data sets#",
            "Which way they point",
        ],
    )
    .stacked();
    for cell in &context.all.evidence_counts {
        let directions: Vec<String> = cell
            .directions
            .iter()
            .map(|one| format!("{}: {}", one.direction, one.studies.len()))
            .collect();
        counts.rows.push(Row::object(
            &cell.id,
            Some(format!(
                "{} {}",
                words::number(&cell.studies),
                words::number(&cell.data_sets)
            )),
            vec![
                context.sentence(&cell.sentence),
                Text::plain(words::number(&cell.studies)),
                Text::plain(words::number(&cell.data_sets)),
                Text::plain(directions.join("; ")),
            ],
        ));
    }
    let mut every = Table::new(
        "literature",
        "Published studies with their data, method and finding",
        &[
            "Study",
            "Data",
            "Method",
            "Outcome",
            "Finding",
            "Points",
            "Estimate#",
            "Same data as",
            "Source",
        ],
    )
    .stacked();
    for row in rows {
        every.rows.push(study(context, row));
    }
    blocks.push(Block::Disclosure {
        id: None,
        summary: Text::plain(format!("Every published study ({})", rows.len())),
        blocks: vec![Block::Table(every)],
    });
    blocks.push(Block::Disclosure {
        id: None,
        summary: Text::plain("How many studies, and how many data sets behind them"),
        blocks: vec![Block::Table(counts)],
    });
    blocks
}

/// Programmes by outcomes, each cell with the studies and the way they point.
fn matrix(rows: &[EvidenceRow]) -> Table {
    const NO_PROGRAMME: &str = "No programme named";
    const NO_OUTCOME: &str = "no outcome named";
    let programme = |row: &EvidenceRow| {
        row.programme_name
            .clone()
            .unwrap_or_else(|| NO_PROGRAMME.to_owned())
    };
    let outcome = |row: &EvidenceRow| row.outcome.clone().unwrap_or_else(|| NO_OUTCOME.to_owned());
    let programmes: Vec<String> = rows
        .iter()
        .map(programme)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let outcomes: BTreeSet<String> = rows.iter().map(outcome).collect();
    let mut cells: BTreeMap<(String, String), Vec<&EvidenceRow>> = BTreeMap::new();
    for row in rows {
        cells.entry((outcome(row), programme(row))).or_default().push(row);
    }
    let titles: Vec<&str> = std::iter::once("Outcome")
        .chain(programmes.iter().map(String::as_str))
        .collect();
    let mut table = Table::new(
        "evidence-map",
        "Outcomes by programmes: which published studies, and which way each says it points",
        &titles,
    )
    .stacked();
    for outcome in outcomes {
        let mut line = vec![Text::plain(words::capital(&outcome))];
        for programme in &programmes {
            let mut text = Text::new();
            for row in cells
                .get(&(outcome.clone(), programme.clone()))
                .into_iter()
                .flatten()
            {
                if !text.is_empty() {
                    text = text.words("; ");
                }
                text = text
                    .link(row.id.clone(), row.id.clone())
                    .words(format!(" {}", row.direction));
            }
            line.push(if text.is_empty() {
                Text::plain(words::NONE)
            } else {
                text
            });
        }
        table.rows.push(Row::of_cells(line));
    }
    table
}

fn study(context: &Context<'_>, row: &EvidenceRow) -> Row {
    let or_none = |text: &Option<String>| Text::plain(text.clone().unwrap_or_else(|| words::NONE.to_owned()));
    let who = [row.authors.clone(), row.year.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let estimate = row.estimate.as_ref().map(|estimate| {
        let error = row
            .std_error
            .as_ref()
            .map(|error| format!(" ({})", words::number(error)));
        format!("{}{}", words::number(estimate), error.unwrap_or_default())
    });
    let same = Text::new().ids(row.same_data.iter().chain(&row.shares_data_with));
    Row::object(
        &row.id,
        estimate.clone(),
        vec![
            Text::plain(who).words(format!(": {}", row.title)).small(format!(
                " {} {}",
                row.outlet.clone().unwrap_or_default(),
                row.id
            )),
            or_none(&row.data),
            or_none(&row.method),
            or_none(&row.outcome),
            or_none(&row.finding),
            Text::plain(row.direction.clone()),
            Text::plain(estimate.unwrap_or_else(|| words::NONE.to_owned())),
            if same.is_empty() {
                Text::plain(words::NONE)
            } else {
                same
            },
            context
                .source_links([row.source.as_str()])
                .small(format!(" {}", row.locator)),
        ],
    )
}
