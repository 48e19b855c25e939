//! Section 3: who with whom.

mod counts;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{PairingRow, RoundRow};

use super::context::Context;
use super::{Block, Drawing, Figure, Mark, Matrix, MatrixRow, Row, Section, Table, Text};
use crate::chart::Chart;
use crate::chart::map::{Map, Point, Tie};
use crate::chart::shapes::{self, Shape};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let pairings = &context.all.pairings;
    if pairings.is_empty() {
        return None;
    }
    let rounds = rounds(context);
    let shapes = shapes::read(&context.all.shapes);
    let main: BTreeSet<&str> = context
        .main_rounds()
        .iter()
        .map(|round| round.id.as_str())
        .collect();
    let (turned_on, others): (Vec<Round<'_>>, Vec<Round<'_>>) = rounds
        .into_iter()
        .partition(|round| main.is_empty() || main.contains(round.id));
    let mut blocks = Vec::new();
    for round in turned_on.iter().take(3) {
        blocks.extend(map(context, &shapes, round));
    }
    blocks.push(matrix(context, &shapes, &turned_on));
    blocks.extend(counts::blocks(context));
    if !others.is_empty() {
        blocks.push(other_rounds(context, &others));
    }
    Some(Section {
        id: "pairings",
        number: 3,
        short: "Who helps whom",
        title: Some("Who is paired with whom?".to_owned()),
        standfirst: standfirst(&turned_on, others.len()),
        blocks,
    })
}

/// Rounds on record beside those that the case turns on: who serves as comparison depends on them.
fn other_rounds(context: &Context<'_>, others: &[Round<'_>]) -> Block {
    let mut table = Table::new(
        "other-rounds",
        "Other rounds on record",
        &[
            "Round",
            "Programme",
            "Years",
            "Providers#",
            "Recipients#",
            "Pairings#",
        ],
    )
    .stacked();
    for round in others {
        let programme = context.all.rounds.iter().find(|row| row.id == round.id);
        table.rows.push(Row::of_cells(vec![
            Text::new().link(round.name.clone(), round.id),
            Text::plain(programme.map_or_else(String::new, |row| row.programme_name.clone())),
            Text::plain(round.span.clone()),
            Text::plain(distinct(&round.pairings, |row| &row.provider).to_string()),
            Text::plain(distinct(&round.pairings, |row| &row.recipient).to_string()),
            Text::plain(round.pairings.len().to_string()),
        ]));
    }
    let summary = format!(
        "{} on record: who may serve as comparison depends on them",
        words::count(others.len(), "other round", "other rounds")
    );
    Block::Disclosure {
        id: None,
        summary: Text::plain(summary),
        blocks: vec![Block::Table(table)],
    }
}

/// A round with its pairings.
struct Round<'a> {
    id: &'a str,
    name: String,
    span: String,
    pairings: Vec<&'a PairingRow>,
}

/// Rounds with pairings, newest first.
fn rounds<'a>(context: &Context<'a>) -> Vec<Round<'a>> {
    let mut by_round: BTreeMap<&str, Vec<&PairingRow>> = BTreeMap::new();
    for pairing in &context.all.pairings {
        by_round.entry(&pairing.round).or_default().push(pairing);
    }
    let row = |id: &str| context.all.rounds.iter().find(|round: &&RoundRow| round.id == id);
    let mut rounds: Vec<Round<'a>> = by_round
        .into_iter()
        .map(|(id, pairings)| {
            let found = row(id);
            Round {
                id,
                name: found.map_or_else(|| id.to_owned(), |round| round.name.clone()),
                span: found.map_or_else(String::new, |round| {
                    words::span(round.start.as_deref(), round.end.as_deref())
                }),
                pairings,
            }
        })
        .collect();
    let start = |round: &Round<'_>| row(round.id).and_then(|found| found.start.clone());
    rounds.sort_by(|a, b| {
        start(b)
            .cmp(&start(a))
            .then_with(|| b.pairings.len().cmp(&a.pairings.len()))
            .then_with(|| a.id.cmp(b.id))
    });
    rounds
}

fn distinct<'a>(pairings: &[&'a PairingRow], of: impl Fn(&'a PairingRow) -> &'a str) -> usize {
    pairings
        .iter()
        .map(|pairing| of(pairing))
        .collect::<BTreeSet<_>>()
        .len()
}

fn is_weak(pairing: &PairingRow) -> bool {
    pairing.confidence == "low" || pairing.basis == "inferred"
}

fn standfirst(rounds: &[Round<'_>], others: usize) -> Text {
    let mut text = Text::new();
    for round in rounds.iter().take(3) {
        let weak = round.pairings.iter().filter(|pairing| is_weak(pairing)).count();
        let evidence = if weak == 0 {
            String::new()
        } else {
            format!(", {weak} of them on weak evidence")
        };
        text = text.words(format!(
            "{}{}: {} paired with {} by {}{evidence}. ",
            round.name,
            if round.span.is_empty() {
                String::new()
            } else {
                format!(" ({})", round.span)
            },
            words::count(
                distinct(&round.pairings, |row| &row.provider),
                "provider",
                "providers"
            ),
            words::count(
                distinct(&round.pairings, |row| &row.recipient),
                "recipient",
                "recipients"
            ),
            words::count(round.pairings.len(), "row on record", "rows on record"),
        ));
    }
    if others > 0 {
        text = text.words(format!(
            "{} of this and other programmes stand below. ",
            words::count(others, "further round", "further rounds")
        ));
    }
    text
}

/// Which part of the recipient region a place belongs to.
fn part_of<'a>(context: &Context<'_>, parts: &'a [Shape], place: &str) -> Option<&'a Shape> {
    let mut id = place;
    for _ in 0..8 {
        if let Some(shape) = parts.iter().find(|shape| shape.place == id) {
            return Some(shape);
        }
        id = context.places.get(id)?.parent.as_deref()?;
    }
    None
}

fn point(context: &Context<'_>, place: &str) -> Option<(f64, f64)> {
    let row = context.places.get(place)?;
    Some((row.lon.as_ref()?.as_f64(), row.lat.as_ref()?.as_f64()))
}

/// The nation's first-level shapes, and the shapes of parts of the subject.
fn layers(context: &Context<'_>, shapes: &[Shape]) -> Option<(Vec<Shape>, Vec<Shape>)> {
    let subject = shapes
        .iter()
        .find(|shape| shape.place == context.all.case.subject)?;
    let nation: Vec<Shape> = shapes
        .iter()
        .filter(|shape| shape.level == subject.level)
        .cloned()
        .collect();
    let level = |shape: &Shape| shape.level.clone();
    let inside: Vec<&Shape> = shapes
        .iter()
        .filter(|shape| shape.level != subject.level)
        .filter(|shape| shape.centroid().is_some_and(|centre| subject.holds(centre)))
        .collect();
    // Parts of one level only, the one that covers most of the subject.
    let mut by_level: BTreeMap<String, f64> = BTreeMap::new();
    for shape in &inside {
        *by_level.entry(level(shape)).or_default() += shape.area();
    }
    let next = by_level
        .iter()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map(|(level, _)| level.clone());
    let parts = inside
        .into_iter()
        .filter(|shape| Some(level(shape)) == next)
        .cloned()
        .collect();
    Some((nation, parts))
}

fn map(context: &Context<'_>, all_shapes: &[Shape], round: &Round<'_>) -> Option<Block> {
    let (nation, region) = layers(context, all_shapes)?;
    let mut providers: Vec<(String, Point)> = Vec::new();
    let mut recipients: Vec<(String, Point)> = Vec::new();
    let mut ties: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    let mut unplaced: BTreeSet<&str> = BTreeSet::new();
    for pairing in &round.pairings {
        let provider = nation
            .iter()
            .find(|shape| shape.place == pairing.provider)
            .and_then(Shape::centroid)
            .or_else(|| point(context, &pairing.provider));
        let part = part_of(context, &region, &pairing.recipient).or_else(|| {
            let at = point(context, &pairing.recipient)?;
            region.iter().find(|shape| shape.holds(at))
        });
        let target = match part {
            Some(shape) => {
                let at = point(context, &shape.place)
                    .filter(|at| shape.holds(*at))
                    .or_else(|| shape.centroid());
                at.map(|at| (shape.place.clone(), short_name(context, shape), at))
            }
            None => None,
        };
        let (Some(from), Some((id, name, to))) = (provider, target) else {
            unplaced.insert(&pairing.recipient);
            continue;
        };
        if !providers.iter().any(|(known, _)| *known == pairing.provider) {
            let label = pairing.provider_name.clone();
            providers.push((pairing.provider.clone(), Point { label, lon_lat: from }));
        }
        if !recipients.iter().any(|(known, _)| *known == id) {
            recipients.push((
                id.clone(),
                Point {
                    label: name,
                    lon_lat: to,
                },
            ));
        }
        let tie = ties.entry((pairing.provider.clone(), id)).or_default();
        tie.0 += 1;
        tie.1 += usize::from(is_weak(pairing));
    }
    if ties.is_empty() {
        return None;
    }
    providers.sort_by(|a, b| {
        b.1.lon_lat
            .1
            .total_cmp(&a.1.lon_lat.1)
            .then_with(|| a.0.cmp(&b.0))
    });
    recipients.sort_by(|a, b| {
        b.1.lon_lat
            .1
            .total_cmp(&a.1.lon_lat.1)
            .then_with(|| a.0.cmp(&b.0))
    });
    let index = |list: &[(String, Point)], id: &str| list.iter().position(|(known, _)| known == id);
    let title = title(round, &ties, &recipients);
    let mut table = Table::new(
        &format!("ties-{}", crate::anchor::sanitised(round.id)),
        &format!("Providers and parts of the region, {}", round.name),
        &[
            "Provider",
            "Part of the region",
            "Recipients paired#",
            "On weak evidence#",
        ],
    );
    let named = |list: &[(String, Point)], id: &str| {
        list.iter()
            .find(|(known, _)| known == id)
            .map_or_else(String::new, |(_, point)| point.label.clone())
    };
    for ((provider, recipient), (count, weak)) in &ties {
        table.rows.push(Row::of_cells(vec![
            Text::plain(named(&providers, provider)),
            Text::plain(named(&recipients, recipient)),
            Text::plain(count.to_string()),
            Text::plain(weak.to_string()),
        ]));
    }
    let chart = Map {
        ties: ties
            .iter()
            .filter_map(|((provider, recipient), (count, weak))| {
                Some(Tie {
                    provider: index(&providers, provider)?,
                    recipient: index(&recipients, recipient)?,
                    count: *count,
                    weak: weak == count,
                })
            })
            .collect(),
        paired: recipients.iter().map(|(id, _)| id.clone()).collect(),
        providers: providers.into_iter().map(|(_, point)| point).collect(),
        recipients: recipients.into_iter().map(|(_, point)| point).collect(),
        nation,
        region,
        subject: context.all.case.subject.clone(),
        subject_name: format!(
            "{} {}",
            context.place(&context.all.case.subject),
            context.place_own(&context.all.case.subject)
        )
        .trim()
        .to_owned(),
        notes: if unplaced.is_empty() {
            Vec::new()
        } else {
            vec![format!(
                "{} without a place on the map: in the table",
                words::count(unplaced.len(), "recipient", "recipients")
            )]
        },
    };
    Some(Block::Figure(Box::new(Figure {
        id: format!("figure-map-{}", crate::anchor::sanitised(round.id)),
        title,
        sub: Text::plain(
            "Line width: number of recipients paired. Dashed: weak evidence only. Grey: not paired in this round. \
             Points stand at the middle of areas, never at sites. Point at a provider to follow it.",
        ),
        drawing: Drawing::Chart(Box::new(Chart::Map(Box::new(chart)))),
        source: sources(context, &round.pairings)
            .words(" Boundaries as the case’s shape files draw them; no statement on territory."),
        table: Some(table),
        file: Some("data/pairings.csv"),
    })))
}

/// A shape's name: the place's, without what every neighbour's name ends in.
fn short_name(context: &Context<'_>, shape: &Shape) -> String {
    let name = if context.places.contains_key(shape.place.as_str()) {
        context.place(&shape.place)
    } else {
        shape.name.clone()
    };
    words::capital(&name)
}

fn title(
    round: &Round<'_>,
    ties: &BTreeMap<(String, String), (usize, usize)>,
    recipients: &[(String, Point)],
) -> String {
    let mut partners: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, recipient) in ties.keys() {
        *partners.entry(recipient).or_default() += 1;
    }
    let most = partners.values().copied().max().unwrap_or(0);
    let names: Vec<String> = recipients
        .iter()
        .filter(|(id, _)| partners.get(id.as_str()) == Some(&most))
        .map(|(_, point)| point.label.clone())
        .collect();
    if most > 1 && names.len() == 1 {
        format!(
            "{}: {} has {most} providers, more than any other",
            round.name,
            words::listed(&names)
        )
    } else {
        format!(
            "{}: {} on record",
            round.name,
            words::count(round.pairings.len(), "pairing", "pairings")
        )
    }
}

fn sources(context: &Context<'_>, pairings: &[&PairingRow]) -> Text {
    Text::plain("Pairings from ")
        .join(context.source_links(pairings.iter().map(|pairing| pairing.source.as_str())))
        .words(".")
}

fn pairing_row(pairing: &PairingRow) -> Row {
    let evidence = format!(
        "{}, {}{}",
        words::spaced(&pairing.basis),
        pairing.confidence,
        if is_weak(pairing) { " ?" } else { "" }
    );
    Row::object(
        &pairing.id,
        Some(pairing.id.clone()),
        vec![
            Text::plain(pairing.id.clone()),
            Text::plain(pairing.provider_name.clone()),
            Text::plain(pairing.recipient_name.clone()),
            Text::plain(words::spaced(&pairing.kind)),
            Text::plain(words::span(pairing.start.as_deref(), pairing.end.as_deref())),
            Text::plain(evidence),
            Text::new()
                .link(pairing.source.clone(), pairing.source.clone())
                .small(format!(" {}", pairing.locator)),
        ],
    )
}

/// Providers by parts of the recipient region, rows and columns ordered so that pairings run down the diagonal.
fn matrix(context: &Context<'_>, all_shapes: &[Shape], rounds: &[Round<'_>]) -> Block {
    let region = layers(context, all_shapes)
        .map(|(_, region)| region)
        .unwrap_or_default();
    let column_of = |recipient: &str, name: &str| -> (String, String, String) {
        if let Some(shape) = part_of(context, &region, recipient) {
            return (
                shape.place.clone(),
                short_name(context, shape),
                context.place_own(&shape.place),
            );
        }
        if let Some(row) = context.places.get(recipient) {
            if row.level == "division" {
                return ("division".to_owned(), "Divisions".to_owned(), String::new());
            }
            if let Some(parent) = row.parent.as_deref()
                && parent != context.all.case.subject
                && context.places.contains_key(parent)
            {
                return (
                    parent.to_owned(),
                    context.place(parent),
                    context.place_own(parent),
                );
            }
        }
        (
            recipient.to_owned(),
            name.to_owned(),
            context.place_own(recipient),
        )
    };
    let mut marks: BTreeMap<(String, String, usize), (usize, usize)> = BTreeMap::new();
    let mut columns: BTreeMap<String, (String, String, usize)> = BTreeMap::new();
    let mut providers: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for (index, round) in rounds.iter().enumerate() {
        for pairing in &round.pairings {
            let (id, name, own) = column_of(&pairing.recipient, &pairing.recipient_name);
            let mark = marks
                .entry((pairing.provider.clone(), id.clone(), index))
                .or_default();
            mark.0 += 1;
            mark.1 += usize::from(is_weak(pairing));
            columns.entry(id).or_insert((name, own, 0)).2 += usize::from(index == 0);
            providers
                .entry(&pairing.provider)
                .or_insert((&pairing.provider_name, 0))
                .1 += 1;
        }
    }
    let mut order: Vec<(String, (String, String, usize))> = columns.into_iter().collect();
    // Parts of the region first, as many as they are paired; what is no part of the map stands at the right.
    let is_part = |id: &String| region.iter().any(|shape| shape.place == *id);
    order.sort_by_key(|(id, (_, _, n))| (!is_part(id), std::cmp::Reverse(*n), id.clone()));
    // Places named in one row only fill a table nobody can read: they share a last column.
    let (shown, rest) = if order.len() > 24 {
        order.split_at(24)
    } else {
        (order.as_slice(), [].as_slice())
    };
    let column_index = |id: &str| {
        shown
            .iter()
            .position(|(known, _)| known == id)
            .unwrap_or(shown.len())
    };
    let n_columns = shown.len() + usize::from(!rest.is_empty());
    let mut rows: Vec<(Vec<usize>, MatrixRow)> = providers
        .iter()
        .map(|(id, (name, _))| {
            let mut cells: Vec<BTreeMap<usize, (usize, usize)>> = vec![BTreeMap::new(); n_columns];
            for ((provider, column, round), (count, weak)) in &marks {
                if provider == id
                    && let Some(cell) = cells.get_mut(column_index(column))
                {
                    let sum = cell.entry(*round).or_default();
                    sum.0 += count;
                    sum.1 += weak;
                }
            }
            let first_of = |round: usize| {
                cells
                    .iter()
                    .position(|cell| cell.contains_key(&round))
                    .unwrap_or(usize::MAX)
            };
            let order: Vec<usize> = (0..rounds.len()).map(first_of).collect();
            let cells = cells
                .into_iter()
                .map(|cell| {
                    cell.into_iter()
                        .map(|(round, (count, weak))| Mark {
                            count,
                            round,
                            weak: weak == count,
                        })
                        .collect()
                })
                .collect();
            (
                order,
                MatrixRow {
                    label: (*name).to_owned(),
                    label_own: context.place_own(id),
                    cells,
                },
            )
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.label.cmp(&b.1.label)));
    let mut heads: Vec<(String, String)> = shown
        .iter()
        .map(|(_, (name, own, _))| (name.clone(), own.clone()))
        .collect();
    if !rest.is_empty() {
        heads.push(("others".to_owned(), String::new()));
    }
    let all: Vec<&PairingRow> = context.all.pairings.iter().collect();
    let drawn: Vec<&PairingRow> = rounds
        .iter()
        .flat_map(|round| round.pairings.iter().copied())
        .collect();
    let mut table = Table::new(
        "pairings",
        "Every pairing on record",
        &[
            "Pairing",
            "Provider",
            "Recipient",
            "Kind",
            "Period",
            "Evidence",
            "Source",
        ],
    )
    .stacked();
    table.rows = all.iter().map(|pairing| pairing_row(pairing)).collect();
    Block::Figure(Box::new(Figure {
        id: "figure-matrix".to_owned(),
        title: "The same as a table, by provider".to_owned(),
        sub: Text::plain(
            "Number of recipients paired. Filled: the newest round; outlined: an earlier one; dashed with ?: weak \
             evidence only.",
        ),
        drawing: Drawing::Matrix(Matrix {
            columns: heads,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            rounds: rounds.iter().map(|round| round.name.clone()).collect(),
        }),
        source: sources(context, &drawn).words(" The table below holds every pairing of every round."),
        table: Some(table),
        file: Some("data/pairings.csv"),
    }))
}
