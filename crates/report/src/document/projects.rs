//! Section 5: projects, their targets against what is said to have been reached, the ladder, official reviews.

use counterpart_appraise::assessment::{
    ActivityRow, AsOfStatus, LadderRow, LadderScope, Number, ResultKind, ResultRow, ReviewRow,
};

use super::context::Context;
use super::{Block, Drawing, Figure, Row, Section, Table, Text};
use crate::chart::Chart;
use crate::chart::bullets::{Bullet, Bullets};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let all = context.all;
    if all.activities.is_empty() && all.ladder.is_empty() && all.reviews.is_empty() {
        return None;
    }
    let promises: Vec<&ResultRow> = all
        .activities
        .iter()
        .flat_map(|row| &row.results)
        .filter(|row| promises(row))
        .collect();
    let mut blocks = Vec::new();
    blocks.extend(bullets(context));
    if !all.activities.is_empty() {
        blocks.push(Block::Table(activities(context)));
        blocks.extend(abandonment(context));
        blocks.extend(results(context));
    }
    blocks.extend(ladder(context));
    blocks.extend(reviews(context));
    let of = |status: AsOfStatus| promises.iter().filter(|row| row.status == status).count();
    let standfirst = format!(
        "{} with {} on record. As of {}: {} met, {} on time, {} missed, {} overdue, {} without any word since they were \
         made, {} of which nothing can be said. A target without an actual on record looks empty, because it is.",
        words::count(all.activities.len(), "project", "projects"),
        words::count(promises.len(), "target", "targets"),
        all.case.as_of,
        of(AsOfStatus::Met),
        of(AsOfStatus::OnTime),
        of(AsOfStatus::Missed),
        of(AsOfStatus::Overdue),
        of(AsOfStatus::SilentSince),
        of(AsOfStatus::Unknown),
    );
    Some(Section {
        id: "projects",
        number: 5,
        short: "Projects",
        title: Some("What was built, and what became of the promises?".to_owned()),
        standfirst: Text::plain(standfirst),
        blocks,
    })
}

fn promises(row: &ResultRow) -> bool {
    matches!(row.kind, ResultKind::Target | ResultKind::Both)
}

/// Bars of actuals against uprights of targets, each against its own target.
fn bullets(context: &Context<'_>) -> Option<Block> {
    let mut table = Table::new(
        "targets",
        "Each target with the actual that it is held against",
        &["Target", "Promised#", "Reached#", "Due", "Status"],
    )
    .stacked();
    let mut rows = Vec::new();
    for activity in &context.all.activities {
        for row in activity.results.iter().filter(|row| promises(row)) {
            let Some(target) = row.target.as_ref().or(row.target_lower.as_ref()) else {
                continue;
            };
            let actual = actual_of(activity, row);
            let share = actual
                .map(|actual| actual.as_f64() / target.as_f64())
                .filter(|share| share.is_finite());
            let label = format!(
                "{}: {}",
                words::capital(&words::spaced(&row.indicator)),
                activity.title
            );
            let unit = unit(&row.unit);
            let promised = words::with_unit(&words::number(target), unit);
            let reached = actual.map(|actual| words::with_unit(&words::number(actual), unit));
            rows.push(Bullet {
                label: label.clone(),
                share,
                words: match &reached {
                    Some(reached) => format!("{reached} of {promised}, {}", row.status.words()),
                    None => format!("{promised}; no actual on record"),
                },
            });
            table.rows.push(Row::of_cells(vec![
                Text::new().link(label, row.id.clone()),
                Text::plain(promised),
                Text::plain(reached.unwrap_or_else(|| words::NONE.to_owned())),
                Text::plain(row.due_on.clone().unwrap_or_else(|| "no date".to_owned())),
                status(row.status, row.silent_since.as_ref()),
            ]));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let without = rows.iter().filter(|row| row.share.is_none()).count();
    let title = format!(
        "{} of {} have nothing on record of what was reached",
        without,
        words::count(rows.len(), "target", "targets")
    );
    Some(Block::Figure(Box::new(Figure {
        id: "figure-targets".to_owned(),
        title,
        sub: Text::plain(
            "Each target is one hundred percent of itself: upright = target, bar = actual on record, dashed frame = target \
             without an actual. A bar says what was said, by whoever said it.",
        ),
        drawing: Drawing::Chart(Box::new(Chart::Bullets(Bullets { rows }))),
        source: Text::plain("Targets and actuals with their speakers and sources stand in the table below."),
        table: Some(table),
        file: Some("data/results.csv"),
    })))
}

/// A unit as words; a count of things has none.
fn unit(unit: &str) -> Option<&str> {
    (!matches!(unit, "count" | "1")).then_some(unit)
}

/// The actual that a promise is held against: the last of those that decide it.
fn actual_of<'a>(activity: &'a ActivityRow, row: &'a ResultRow) -> Option<&'a Number> {
    activity
        .results
        .iter()
        .filter(|other| row.against.contains(&other.id))
        .max_by(|a, b| (&a.period, &a.id).cmp(&(&b.period, &b.id)))
        .and_then(|other| other.actual.as_ref().or(other.actual_lower.as_ref()))
}

fn status(status: AsOfStatus, since: Option<&String>) -> Text {
    let words = status.words();
    Text::plain(since.map_or_else(|| words.to_owned(), |since| format!("{words} {since}")))
}

fn activities(context: &Context<'_>) -> Table {
    let mut table = Table::new(
        "activities",
        "Projects with their planned and actual dates, and where they stand at the clock of the case",
        &[
            "Project",
            "Kind",
            "Where",
            "Planned",
            "Begun",
            "Stands",
            "Status on record",
            "Source",
        ],
    )
    .stacked();
    for row in &context.all.activities {
        let planned = match (&row.planned_start, &row.planned_end) {
            (None, None) => words::NONE.to_owned(),
            (start, end) => words::span(start.as_deref(), end.as_deref()),
        };
        table.rows.push(Row::object(
            &row.id,
            None,
            vec![
                Text::plain(row.title.clone()).small(format!(" {}", row.id)),
                Text::plain(row.kind.clone()),
                Text::plain(context.place(&row.place)),
                Text::plain(planned),
                Text::plain(row.actual_start.clone().unwrap_or_else(|| words::NONE.to_owned()))
                    .small(format!(" {}", row.began)),
                status(row.as_of_status, row.silent_since.as_ref()),
                Text::plain(row.status.clone().unwrap_or_else(|| words::NONE.to_owned())),
                context
                    .source_links([row.source.as_str()])
                    .small(format!(" {}", row.locator)),
            ],
        ));
    }
    table
}

/// Claims that a project was given up, each with its speaker and its answers in one sentence.
fn abandonment(context: &Context<'_>) -> Vec<Block> {
    let said: Vec<Text> = context
        .all
        .activities
        .iter()
        .flat_map(|row| row.abandonment.iter().map(move |claim| (row, claim)))
        .map(|(row, claim)| {
            context
                .sentence(&claim.sentence)
                .small(format!(" On “{}”. ", row.title))
                .ids(std::iter::once(&claim.claim).chain(&claim.answers))
        })
        .collect();
    if said.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Heading {
            of: None,
            text: "Said to have been given up".to_owned(),
            sub: Text::plain("Each with its speaker and with what answers it; a missing reply is said."),
        },
        Block::List(said),
    ]
}

fn results(context: &Context<'_>) -> Vec<Block> {
    let mut table = Table::new(
        "results",
        "Every target and actual on record, with who said it and what stands against it",
        &[
            "Project",
            "What is said",
            "Said by",
            "Stands",
            "Against",
            "Source",
        ],
    )
    .stacked();
    for activity in &context.all.activities {
        for row in &activity.results {
            let value = [&row.target, &row.target_lower, &row.actual, &row.actual_lower]
                .into_iter()
                .flatten()
                .map(|number| words::with_unit(&words::number(number), unit(&row.unit)))
                .collect::<Vec<_>>()
                .join("; ");
            let said = if value.is_empty() {
                context.sentence(&row.sentence)
            } else {
                context.sentence(&row.sentence).small(format!(" {value}"))
            };
            let stands = if promises(row) {
                status(row.status, row.silent_since.as_ref())
            } else {
                Text::plain(words::NONE)
            };
            table.rows.push(Row::object(
                &row.id,
                Some(value),
                vec![
                    Text::new()
                        .link(activity.title.clone(), activity.id.clone())
                        .small(format!(" {}", row.id)),
                    said,
                    Text::plain(context.speaker(&row.speaker)),
                    stands,
                    some(Text::new().ids(&row.against)),
                    context
                        .source_links([row.source.as_str()])
                        .small(format!(" {}", row.locator)),
                ],
            ));
        }
    }
    if table.rows.is_empty() {
        return Vec::new();
    }
    let n = table.rows.len();
    vec![Block::Disclosure {
        id: None,
        summary: Text::plain(format!("Every target and actual on record ({n})")),
        blocks: vec![Block::Table(table)],
    }]
}

fn some(text: Text) -> Text {
    if text.is_empty() {
        Text::plain(words::NONE)
    } else {
        text
    }
}

/// The ladder: a line for each round, programme, provider and project, its statements and steps to open.
fn ladder(context: &Context<'_>) -> Vec<Block> {
    if context.all.ladder.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "From plan to use".to_owned(),
        sub: Text::plain(
            "Plan, agreement, arrival, spent, asset, in use: how many statements stand on each rung. Amounts are never \
             summed from rung to rung; a share stands only between two statements of the same provider, receiver, \
             period, kind of money and currency.",
        ),
    }];
    let scopes = [
        (LadderScope::Round, "Rounds"),
        (
            LadderScope::Programme,
            "Programmes, where a statement belongs to no single round",
        ),
        (LadderScope::Provider, "Providers"),
        (LadderScope::Activity, "Projects"),
    ];
    for (scope, title) in scopes {
        let rows: Vec<&LadderRow> = context
            .all
            .ladder
            .iter()
            .filter(|row| row.scope == scope)
            .collect();
        if rows.is_empty() {
            continue;
        }
        let mut table = Table::new(
            &format!(
                "ladder-{}",
                title.split([',', ' ']).next().unwrap_or_default().to_lowercase()
            ),
            "Statements by rung",
            &["Of", "What stands on which rung"],
        )
        .stacked();
        for row in &rows {
            table.rows.push(Row::object(
                &row.id,
                None,
                vec![Text::plain(row.name.clone()), context.sentence(&row.sentence)],
            ));
        }
        let mut inside = vec![Block::Table(table)];
        inside.extend(rows.iter().map(|row| rungs(context, row)));
        if scope == LadderScope::Round {
            blocks.extend(inside);
        } else {
            blocks.push(Block::Disclosure {
                id: None,
                summary: Text::plain(format!("{title} ({})", rows.len())),
                blocks: inside,
            });
        }
    }
    blocks
}

fn rungs(context: &Context<'_>, row: &LadderRow) -> Block {
    let mut table = Table::new(
        &row.id,
        "Statements of one ladder, from the lowest rung up",
        &["Rung", "Statement", "Amount or thing#", "Of", "Why on this rung"],
    )
    .stacked();
    for one in &row.statements {
        let value = one.value.as_ref().or(one.lower.as_ref()).or(one.upper.as_ref());
        let shown =
            value.map(|number| words::with_unit(&words::number(number), one.unit.as_deref().and_then(unit)));
        let bound = if one.value.is_none() && one.lower.is_some() {
            "at least "
        } else {
            ""
        };
        let about: Vec<String> = [
            one.flow.as_deref().map(words::spaced),
            one.basis.as_deref().map(words::spaced),
            one.period.clone(),
        ]
        .into_iter()
        .flatten()
        .collect();
        table.rows.push(Row::object(
            &one.id,
            shown.clone(),
            vec![
                Text::plain(one.rung.words()),
                Text::new().link(one.of.clone(), one.of.clone()),
                Text::plain(shown.map_or_else(|| words::NONE.to_owned(), |shown| format!("{bound}{shown}"))),
                Text::plain(about.join(", ")),
                Text::plain(one.why.clone()).small(
                    one.speaker
                        .as_deref()
                        .map(|id| format!("; {}", context.speaker(id)))
                        .unwrap_or_default(),
                ),
            ],
        ));
    }
    let mut blocks = vec![Block::Table(table)];
    if !row.steps.is_empty() {
        let mut steps = Table::new(
            &format!("{}-steps", row.id),
            "From one rung to the next",
            &["From", "To", "Share, or why there is none"],
        )
        .stacked();
        for step in &row.steps {
            steps.rows.push(Row::object(
                &step.id,
                step.share
                    .as_ref()
                    .map(|share| format!("{}%", words::hundredfold(share, 2))),
                vec![
                    Text::plain(step.lower.words()),
                    Text::plain(step.upper.words()),
                    context.sentence(&step.sentence),
                ],
            ));
        }
        blocks.push(Block::Table(steps));
    }
    Block::Disclosure {
        id: None,
        summary: Text::plain(format!(
            "{}: {}",
            row.name,
            words::count(row.statements.len(), "statement", "statements")
        )),
        blocks,
    }
}

fn reviews(context: &Context<'_>) -> Vec<Block> {
    if context.all.reviews.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(
        "reviews",
        "Official evaluations and audits, as statements",
        &["Review", "Of", "Period", "Finding", "Repair", "Closed", "Source"],
    )
    .stacked();
    for row in &context.all.reviews {
        table.rows.push(review(context, row));
    }
    vec![
        Block::Heading {
            of: None,
            text: "Official reviews and audits".to_owned(),
            sub: Text::plain("What an office says it found, in our paraphrase: a statement like any other."),
        },
        Block::Table(table),
    ]
}

fn review(context: &Context<'_>, row: &ReviewRow) -> Row {
    let or_none = |text: &Option<String>| Text::plain(text.clone().unwrap_or_else(|| words::NONE.to_owned()));
    Row::object(
        &row.id,
        None,
        vec![
            Text::plain(row.reviewer_name.clone()).small(format!(" {}", row.id)),
            Text::plain(row.reviewed_name.clone()),
            or_none(&row.period),
            Text::plain(row.finding.clone()),
            or_none(&row.repair),
            Text::plain(row.closed.clone()),
            context
                .source_links([row.source.as_str()])
                .small(format!(" {}", row.locator)),
        ],
    )
}
