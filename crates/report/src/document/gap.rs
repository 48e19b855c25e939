//! Section 2: the gap of the place to its nation.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{ClaimRow, GapRow};

use super::context::{Context, year};
use super::{Block, Drawing, Figure, Row, Section, Table, Text};
use crate::chart::Chart;
use crate::chart::lines::{Age, Band, Diamond, Line, Lines};
use crate::chart::rows::{Group, Reading, Rows};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let gaps = &context.all.gaps;
    if gaps.is_empty() {
        return None;
    }
    let place = context.place(&gaps.first()?.place);
    let nation = context.place(&gaps.first()?.nation);
    let drawn = drawn(gaps);
    let series = series(context, &drawn, Mixed::LeftOut);
    let said = said(context);
    let mut blocks = vec![lines(context, &place, &nation, &series, &said, gaps)];
    blocks.extend(rows(context, &place, &said, &drawn, &series));
    blocks.extend(super::outcomes::blocks(context));
    Some(Section {
        id: "gap",
        number: 2,
        short: "The gap",
        title: Some(format!("How far is {place} from the nation?")),
        standfirst: standfirst(context, &place, &series),
        blocks,
    })
}

/// Rows whose two sides come from the same vintages, be it that the nation is its parts together; where there are
/// none, all rows.
fn drawn(gaps: &[GapRow]) -> Vec<&GapRow> {
    let alike: Vec<&GapRow> = gaps
        .iter()
        .filter(|row| row.vintage_place == row.vintage_nation && row.basis_place == row.basis_nation)
        .collect();
    if alike.is_empty() {
        gaps.iter().collect()
    } else {
        alike
    }
}

/// A line: all rows whose product comes from one vintage, in pieces that are never joined.
struct Series<'a> {
    vintage: &'a str,
    pieces: Vec<Vec<&'a GapRow>>,
    age: Age,
}

impl<'a> Series<'a> {
    fn rows(&self) -> impl Iterator<Item = &'a GapRow> {
        self.pieces.iter().flatten().copied()
    }

    /// The piece that ends last, the longest of them where several do.
    fn last_piece(&self) -> Option<&Vec<&'a GapRow>> {
        self.pieces
            .iter()
            .max_by_key(|piece| (piece.last().map(|row| row.period.clone()), piece.len()))
    }
}

/// The vintage of the product: the first of those joined by `+`.
fn first_vintage(ids: &str) -> &str {
    ids.split('+').next().unwrap_or(ids)
}

/// What becomes of vintages that others mixed from editions: they are no edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mixed {
    /// Left out unless there is nothing else; they stand in the table.
    LeftOut,
    /// Kept among the others.
    Kept,
}

/// Returns lines from the oldest vintage to the newest, mixtures first.
fn series<'a>(context: &Context<'_>, rows: &[&'a GapRow], mixed: Mixed) -> Vec<Series<'a>> {
    let mut by_vintage: BTreeMap<(&str, &str), Vec<&'a GapRow>> = BTreeMap::new();
    for row in rows {
        by_vintage
            .entry((first_vintage(&row.vintage_place), row.indicator.as_str()))
            .or_default()
            .push(row);
    }
    let only_mixed = by_vintage
        .keys()
        .all(|(vintage, _)| context.vintage_kind(vintage) == "mixed");
    if mixed == Mixed::LeftOut && !only_mixed {
        by_vintage.retain(|(vintage, _), _| context.vintage_kind(vintage) != "mixed");
    }
    let mut lines: Vec<Series<'a>> = by_vintage
        .into_iter()
        .map(|((vintage, _), rows)| Series {
            vintage,
            pieces: pieces(&rows),
            age: Age::Mid,
        })
        .collect();
    lines.sort_by_key(|line| {
        (
            context.vintage_kind(line.vintage) != "mixed",
            context.published_on(line.vintage).to_owned(),
            line.rows().count(),
            line.vintage,
        )
    });
    let last = lines.len().saturating_sub(1);
    for (index, line) in lines.iter_mut().enumerate() {
        line.age = if index == last {
            Age::New
        } else if index == 0 || context.vintage_kind(line.vintage) == "as_first_published" {
            Age::First
        } else {
            Age::Mid
        };
    }
    lines
}

/// Cuts rows into pieces: where heads come from another vintage or census, where the nation is read otherwise, and
/// where a period is missing.
fn pieces<'a>(rows: &[&'a GapRow]) -> Vec<Vec<&'a GapRow>> {
    let mut alike: BTreeMap<(&str, &str, Option<&str>), Vec<&'a GapRow>> = BTreeMap::new();
    for row in rows {
        alike
            .entry((
                &row.vintage_place,
                &row.indicator_nation,
                row.basis_place.as_deref(),
            ))
            .or_default()
            .push(row);
    }
    let mut pieces: Vec<Vec<&'a GapRow>> = Vec::new();
    for mut rows in alike.into_values() {
        rows.sort_by(|a, b| a.period.cmp(&b.period).then_with(|| a.id.cmp(&b.id)));
        let mut before: Option<f64> = None;
        for row in rows {
            let Some(time) = year(&row.period) else { continue };
            match pieces.last_mut() {
                Some(piece) if before.is_some_and(|before| time - before <= 1.01) => piece.push(row),
                _ => pieces.push(vec![row]),
            }
            before = Some(time);
        }
    }
    pieces.sort_by_key(|piece| piece.first().map(|row| (row.period.clone(), row.id.clone())));
    pieces
}

/// Names a line by its vintage; a star marks one that is, in part, no ratio to a national figure.
fn line_label(context: &Context<'_>, line: &Series<'_>) -> String {
    let name = context.vintage_brief(line.vintage);
    if line.rows().any(|row| row.indicator_nation != row.indicator) {
        format!("{name}*")
    } else {
        name
    }
}

fn drawn_pieces(line: &Series<'_>) -> Vec<Vec<(f64, f64)>> {
    line.pieces
        .iter()
        .map(|piece| {
            piece
                .iter()
                .filter_map(|row| Some((year(&row.period)?, row.ratio.as_f64() * 100.0)))
                .collect()
        })
        .collect()
}

/// How the place's heads are counted; a census' year in it is a name, no figure.
fn basis(row: &GapRow) -> Text {
    Text::plain(match row.basis_place.as_deref() {
        Some(basis) => format!("heads: {basis}"),
        None => "heads: basis not said".to_owned(),
    })
}

/// A claim that states the ratio of the gap's place to its nation.
struct Said<'a> {
    claim: &'a ClaimRow,
    period: &'a str,
    time: f64,
    value: f64,
}

fn said<'a>(context: &Context<'a>) -> Vec<Said<'a>> {
    let places: BTreeSet<&str> = context.all.gaps.iter().map(|row| row.place.as_str()).collect();
    let mut found: Vec<Said<'a>> = context
        .all
        .claims
        .iter()
        .filter_map(|claim| {
            let is_ratio = claim
                .check
                .kind
                .as_deref()?
                .split(';')
                .any(|kind| kind == "ratio");
            let here = claim.place.as_deref().is_some_and(|place| places.contains(place));
            let period = claim.period_start.as_deref()?;
            let value = claim.value.as_ref()?.as_f64();
            let value = match claim.unit.as_deref() {
                Some("percent") => value,
                Some("share" | "ratio") => value * 100.0,
                _ => return None,
            };
            let read = context
                .all
                .gaps
                .iter()
                .any(|row| year(&row.period).map(f64::floor) == year(period).map(f64::floor));
            (is_ratio && here && read).then_some(Said {
                claim,
                period,
                time: year(period)?.floor(),
                value,
            })
        })
        .collect();
    found.sort_by(|a, b| {
        a.time
            .total_cmp(&b.time)
            .then_with(|| a.claim.id.cmp(&b.claim.id))
    });
    found
}

/// Returns what a row holds the place against: the nation, or what stands in for it.
fn against(context: &Context<'_>, row: &GapRow) -> String {
    if row.indicator_nation == row.indicator {
        "the nation".to_owned()
    } else {
        format!("“{}”", context.indicator(&row.indicator_nation))
    }
}

/// Says where the nation is read under another indicator, which is no national figure of the edition.
fn stand_in<'a>(context: &Context<'_>, rows: impl Iterator<Item = &'a GapRow>, marked: &str) -> String {
    let (mut other, mut unlike) = (BTreeSet::new(), 0_usize);
    for row in rows.filter(|row| row.indicator_nation != row.indicator) {
        other.insert(format!("“{}”", context.indicator(&row.indicator_nation)));
        unlike += usize::from(!row.like_for_like);
    }
    if other.is_empty() {
        return String::new();
    }
    let other: Vec<String> = other.into_iter().collect();
    let remark = if unlike > 0 {
        ", which is not like for like"
    } else {
        ""
    };
    format!(
        " Where the vintages read have no national row{marked}, {} stands for the nation{remark}.",
        words::listed(&other)
    )
}

fn ratio(row: &GapRow) -> Text {
    Text::new().number(format!("{}%", words::hundredfold(&row.ratio, 1)), row.id.clone())
}

fn standfirst(context: &Context<'_>, place: &str, series: &[Series<'_>]) -> Text {
    let Some(newest) = series.last() else {
        return Text::new();
    };
    let mut text = Text::plain(format!(
        "In the {}, {place} stood at ",
        context.vintage_brief(newest.vintage)
    ));
    // The longest piece, and the one that ends last: what lies between is in the drawing.
    let longest = newest.pieces.iter().max_by_key(|piece| piece.len());
    let mut told: Vec<&Vec<&GapRow>> = longest.into_iter().chain(newest.last_piece()).collect();
    told.dedup_by_key(|piece| piece.first().map(|row| row.id.as_str()));
    told.sort_by_key(|piece| piece.first().map(|row| row.period.clone()));
    let many = told.len();
    for (index, piece) in told.into_iter().enumerate() {
        let (Some(first), Some(last)) = (piece.first(), piece.last()) else {
            continue;
        };
        if index > 0 {
            text = text.words(if index + 1 == many { ", and at " } else { ", at " });
        }
        text = text
            .join(ratio(first))
            .words(format!(" of {} in {}", against(context, first), first.period));
        if first.period != last.period {
            text = text
                .words(" and ")
                .join(ratio(last))
                .words(format!(" in {}", last.period));
        }
        text = text.words(" (").join(basis(first)).words(")");
    }
    text = text.words(". ");
    let at = |period: &str| {
        series
            .iter()
            .flat_map(|line| line.rows().filter(|row| row.period == period).collect::<Vec<_>>())
            .collect::<Vec<&GapRow>>()
    };
    let widest = series
        .iter()
        .flat_map(|line| line.rows().map(|row| row.period.as_str()).collect::<Vec<_>>())
        .collect::<BTreeSet<&str>>()
        .into_iter()
        .filter_map(|period| {
            let rows = at(period);
            let low = *rows
                .iter()
                .min_by(|a, b| a.ratio.as_f64().total_cmp(&b.ratio.as_f64()))?;
            let high = *rows
                .iter()
                .max_by(|a, b| a.ratio.as_f64().total_cmp(&b.ratio.as_f64()))?;
            (low.id != high.id).then(|| (high.ratio.as_f64() - low.ratio.as_f64(), period, low, high))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, period, low, high)) = widest {
        text = text
            .words(format!("The vintages differ most for {period}: from "))
            .join(ratio(low))
            .words(" to ")
            .join(ratio(high))
            .words(". ");
    }
    let remark = stand_in(context, series.iter().flat_map(Series::rows), "");
    if !remark.is_empty() {
        text = text.words(format!("{} ", remark.trim_start()));
    }
    text.words("A ratio is a description, not an effect, and this one is in current prices.")
}

fn lines(
    context: &Context<'_>,
    place: &str,
    nation: &str,
    series: &[Series<'_>],
    said: &[Said<'_>],
    gaps: &[GapRow],
) -> Block {
    let indicators: BTreeSet<&str> = series
        .iter()
        .flat_map(|line| line.rows().map(|row| row.indicator.as_str()).collect::<Vec<_>>())
        .collect();
    let names: Vec<String> = indicators.iter().map(|id| context.indicator(id)).collect();
    let chart = Lines {
        lines: series
            .iter()
            .map(|line| Line {
                label: line_label(context, line),
                age: line.age,
                pieces: drawn_pieces(line),
            })
            .collect(),
        diamonds: said
            .iter()
            .map(|mark| Diamond {
                time: mark.time,
                value: mark.value,
                label: crate::chart::scale::label(mark.value),
            })
            .collect(),
        diamond_label: match said {
            [] => String::new(),
            [first, ..] => {
                let speakers: BTreeSet<&str> = said.iter().map(|mark| mark.claim.speaker.as_str()).collect();
                if speakers.len() == 1 {
                    format!("said by {}", context.speaker(&first.claim.speaker))
                } else {
                    "figures said".to_owned()
                }
            }
        },
        bands: context
            .main_rounds()
            .into_iter()
            .filter_map(|round| {
                let start = round.start.as_deref().and_then(year)?;
                let end = round.end.as_deref().and_then(year);
                Some(Band {
                    start,
                    end,
                    label: round.name.clone(),
                })
            })
            .collect(),
        reference: Some((
            100.0,
            if gaps.iter().all(|row| row.indicator_nation == row.indicator) {
                "the nation = 100".to_owned()
            } else {
                "the nation, or what stands for it = 100".to_owned()
            },
        )),
    };
    let title = series.last().and_then(|line| {
        let piece = line.pieces.iter().max_by_key(|piece| piece.len())?;
        let (first, last) = (piece.first()?, piece.last()?);
        let [from, to] = [first, last].map(|row| words::hundredfold(&row.ratio, 0));
        Some(format!(
            "From {from} to {to} per 100 of {}, {}–{}",
            against(context, first),
            first.period,
            last.period
        ))
    });
    let said_words = if said.is_empty() {
        ""
    } else {
        " Diamonds: figures said."
    };
    let sub = Text::plain(format!(
        "{}, {place} as a percentage of {nation}, both sides of a line from one set of vintages. A line breaks where \
         heads are counted on another basis and starts again with a ring; lines are never joined. Dark: the newest \
         edition. Shaded: rounds of the programme.{said_words}{}",
        words::capital(&words::listed(&names)),
        stand_in(context, series.iter().flat_map(Series::rows), " (lines with *)"),
    ));
    let told: BTreeSet<&str> = series
        .iter()
        .flat_map(|line| line.rows().map(|row| row.id.as_str()).collect::<Vec<_>>())
        .collect();
    let from: Vec<&String> = gaps.iter().flat_map(|row| &row.from).collect();
    Block::Figure(Box::new(Figure {
        id: "figure-gap".to_owned(),
        title: title.unwrap_or_else(|| format!("{place} and {nation}")),
        sub,
        drawing: Drawing::Chart(Box::new(Chart::Lines(chart))),
        source: Text::plain("Computed from ")
            .join(context.source_links(context.sources_of(from)))
            .words("."),
        table: Some(table(context, gaps, &told)),
        file: Some("data/gaps.csv"),
    }))
}

/// Rows that are drawn or that a sentence points at; pairs of unlike vintages stand in `data/gaps.csv`.
fn table(context: &Context<'_>, gaps: &[GapRow], told: &BTreeSet<&str>) -> Table {
    let mut table = Table::new(
        "gaps",
        "The place, the nation and their ratio, by period and vintages; pairs of unlike vintages stand in data/gaps.csv",
        &[
            "Period",
            "Place#",
            "Nation#",
            "Nation read as",
            "Ratio#",
            "Vintage of the place",
            "Vintage of the nation",
            "Heads counted by",
            "Alike",
        ],
    );
    let wanted = |row: &&GapRow| {
        row.vintage_place == row.vintage_nation
            || told.contains(row.id.as_str())
            || context.mentioned.contains(row.id.as_str())
    };
    for row in gaps.iter().filter(wanted) {
        let shown = format!("{}%", words::hundredfold(&row.ratio, 2));
        let basis = match (&row.basis_place, &row.basis_nation) {
            (Some(a), Some(b)) if a == b => a.clone(),
            (Some(a), Some(b)) => format!("{a} and {b}"),
            (Some(a), None) => format!("{a} (nation: not said)"),
            (None, Some(b)) => format!("not said (nation: {b})"),
            (None, None) => "not said".to_owned(),
        };
        let nation = if row.vintage_nation == row.vintage_place {
            Text::plain("the same")
        } else {
            Text::plain(context.vintage(&row.vintage_nation))
        };
        table.rows.push(Row::object(
            &row.id,
            Some(shown.clone()),
            vec![
                Text::plain(row.period.clone()),
                Text::plain(words::short(&row.value_place)),
                Text::plain(words::short(&row.value_nation)),
                Text::plain(context.indicator(&row.indicator_nation)),
                Text::new().strong(shown),
                Text::plain(context.vintage(&row.vintage_place)),
                nation,
                Text::plain(basis),
                Text::plain(if row.like_for_like { "yes" } else { "no" }),
            ],
        ));
    }
    table
}

/// Each figure said against what every single vintage gives for its period.
fn rows(
    context: &Context<'_>,
    place: &str,
    said: &[Said<'_>],
    drawn: &[&GapRow],
    all: &[Series<'_>],
) -> Option<Block> {
    // A vintage has one colour on both drawings.
    let age = |vintage: &str| {
        all.iter()
            .find(|line| line.vintage == vintage)
            .map_or(Age::Mid, |line| line.age)
    };
    let mut table = Table::new(
        "gap-figures",
        "Figures said and what each vintage gives for the same period",
        &["Period", "Said#", "Vintage", "Heads counted by", "Gives#"],
    );
    let mut groups = Vec::new();
    for mark in said {
        let rows: Vec<&GapRow> = drawn
            .iter()
            .copied()
            .filter(|row| year(&row.period).map(f64::floor) == Some(mark.time))
            // The claim's own document is no vintage to hold it against.
            .filter(|row| {
                let sources = context.sources_of(&row.from);
                !(sources.len() == 1 && sources.contains(mark.claim.source.as_str()))
            })
            .collect();
        if rows.is_empty() {
            continue;
        }
        let lines = series(context, &rows, Mixed::Kept);
        let newest_basis = lines
            .last()
            .and_then(Series::last_piece)
            .and_then(|piece| piece.last())
            .and_then(|row| row.basis_place.clone());
        let bases: BTreeSet<Option<&str>> = rows.iter().map(|row| row.basis_place.as_deref()).collect();
        let mut readings = Vec::new();
        let said_text = mark
            .claim
            .as_said
            .clone()
            .unwrap_or_else(|| crate::chart::scale::label(mark.value));
        for line in &lines {
            let several = line.rows().count() > 1;
            for row in line.rows() {
                let shown = words::hundredfold(&row.ratio, 1);
                let mut name = context.vintage_brief(line.vintage);
                if row.indicator_nation != row.indicator {
                    name.push('*');
                }
                let basis = row.basis_place.as_deref().unwrap_or("basis not said");
                readings.push(Reading {
                    label: if several { format!("{name}, {basis}") } else { name },
                    age: age(line.vintage),
                    ring: bases.len() > 1 && row.basis_place == newest_basis && newest_basis.is_some(),
                    value: row.ratio.as_f64() * 100.0,
                    shown: shown.clone(),
                });
                table.rows.push(Row::of_cells(vec![
                    Text::plain(row.period.clone()),
                    Text::new().number(said_text.clone(), mark.claim.id.clone()),
                    Text::plain(context.vintage(&row.vintage_place)),
                    Text::plain(basis),
                    Text::new().number(format!("{shown}%"), row.id.clone()),
                ]));
            }
        }
        groups.push(Group {
            title: mark.period.get(..4).unwrap_or(mark.period).to_owned(),
            inputs: own_inputs(context, mark.claim),
            said: mark.value,
            said_shown: format!("said: {}", crate::chart::scale::label(mark.value)),
            readings,
        });
    }
    if groups.is_empty() {
        return None;
    }
    let off = groups
        .iter()
        .filter(|group| {
            group
                .readings
                .iter()
                .all(|reading| (reading.value - group.said).abs() >= 0.5)
        })
        .count();
    let title = match (off, groups.len()) {
        (0, _) => "Each figure said agrees with some vintage of its year".to_owned(),
        (1, 1) => "The figure said agrees with no single vintage of its year".to_owned(),
        (off, all) => format!(
            "{off} of {all} figures said {} with no single vintage of {} year",
            words::verb(off, "agrees", "agree"),
            words::verb(off, "its", "their")
        ),
    };
    Some(Block::Figure(Box::new(Figure {
        id: "figure-gap-rows".to_owned(),
        title,
        sub: Text::plain(format!(
            "{place} as a percentage of the nation: the figure said (diamond) and what each vintage gives (dots). \
             Ring: heads counted on the newest edition’s basis, where bases differ. Beside the year: the inputs as said.{}",
            stand_in(context, drawn.iter().copied(), " (vintages with *)")
        )),
        drawing: Drawing::Chart(Box::new(Chart::Rows(Rows {
            groups,
            unit: "%".to_owned(),
        }))),
        source: Text::plain("As above; figures said: ")
            .ids(said.iter().map(|mark| &mark.claim.id).collect::<Vec<_>>())
            .words("."),
        table: Some(table),
        file: Some("data/gaps.csv"),
    })))
}

/// Returns the inputs that the claim's own speaker gives, as said.
fn own_inputs(context: &Context<'_>, claim: &ClaimRow) -> String {
    claim
        .check
        .candidates
        .iter()
        .find(|candidate| {
            candidate
                .inputs
                .iter()
                .all(|input| context.claims.contains_key(input.id.as_str()))
        })
        .map(|candidate| {
            candidate
                .inputs
                .iter()
                .map(|input| words::number(&input.value))
                .collect::<Vec<_>>()
                .join(" ÷ ")
        })
        .unwrap_or_default()
}
