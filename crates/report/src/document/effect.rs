//! Section 9: studies, their estimates, checks, pools and samples.

mod drawings;
mod pools;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{CheckStatusWord, Number, PoolRow, StudyRow};

use super::answer::window;
use super::context::Context;
use super::{Block, Inline, Row, Section, Table, Text};
use crate::words;

use drawings::{curve, event_studies};
use pools::pools;

/// Event studies drawn open under a study, and drawn in a disclosure; the rest stand in `data/points.csv`.
const DRAWN_OPEN: usize = 2;
const DRAWN_FOLDED: usize = 6;

/// Names listed for one reason; the rest stand in `data/pools.csv`.
const NAMES_SHOWN: usize = 40;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let rows = &context.all.studies;
    if rows.is_empty() && context.all.pools.is_empty() {
        return None;
    }
    let mut studies: Vec<(&str, Vec<&StudyRow>)> = Vec::new();
    for row in rows {
        match studies.iter_mut().find(|(study, _)| *study == row.study) {
            Some((_, members)) => members.push(row),
            None => studies.push((&row.study, vec![row])),
        }
    }
    studies.sort_by_key(|(_, rows)| rows.first().is_none_or(|row| row.role != "primary"));
    let mut blocks = Vec::new();
    for (study, rows) in &studies {
        blocks.extend(study_blocks(context, study, rows));
    }
    // Pools of studies without a row still say who may serve as comparison.
    let without: Vec<&PoolRow> = context
        .all
        .pools
        .iter()
        .filter(|pool| !studies.iter().any(|(study, _)| *study == pool.study))
        .collect();
    blocks.extend(pools(context, &without));
    blocks.extend(curve(context));
    blocks.extend(super::evidence::blocks(context));
    let estimated = rows.iter().filter(|row| row.estimate.is_some()).count();
    let standfirst = Text::plain(format!(
        "Nobody knows; each estimator guesses differently, and the guess depends first on who serves as comparison. \
         {} of {} have an estimate here",
        estimated,
        words::count(rows.len(), "combination", "combinations"),
    ))
    .words(format!(
        " in {}. A verdict needs every check that its study requires; a check that was not computed counts as one that \
         fails.",
        words::count(studies.len(), "study", "studies")
    ));
    Some(Section {
        id: "effect",
        number: 9,
        short: "Effect",
        title: Some("What would have happened without it?".to_owned()),
        standfirst,
        blocks,
    })
}

fn study_blocks(context: &Context<'_>, study: &str, rows: &[&StudyRow]) -> Vec<Block> {
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let mut blocks = vec![Block::Heading {
        of: Some(study.to_owned()),
        text: first.title.clone(),
        sub: Text::plain(format!(
            "{} study. First treated period {}; assigned by {}, {} of {} treated; standard errors clustered by {}.",
            words::capital(&first.role),
            words::listed(&distinct(rows, |row| row.onset.clone())),
            words::spaced(&first.assignment_level),
            first.assignment_groups[1],
            words::count(first.assignment_groups[0], "group", "groups"),
            words::spaced(&first.cluster),
        )),
    }];
    let mut verdicts = Vec::new();
    for row in rows.iter().filter(|row| row.main) {
        verdicts.push(
            Text::new()
                .with(Inline::Verdict(row.verdict))
                .words(" ")
                .strong(context.lens(&row.lens))
                .words(". ")
                .join(context.sentence(&row.sentence)),
        );
    }
    let mut seen = BTreeSet::new();
    verdicts.retain(|text| seen.insert(text.to_plain()));
    blocks.extend(verdicts.into_iter().map(Block::Finding));
    blocks.extend(event_studies(context, rows));
    blocks.extend(estimates(context, study, rows));
    blocks.extend(not_available(context, rows));
    for row in rows.iter().filter(|row| row.main && !row.checks.is_empty()) {
        blocks.push(details(context, row));
    }
    let pool_ids: BTreeSet<&str> = rows.iter().map(|row| row.pool.as_str()).collect();
    let of_study: Vec<&PoolRow> = context
        .all
        .pools
        .iter()
        .filter(|pool| pool.study == study || pool_ids.contains(pool.id.as_str()))
        .collect();
    blocks.extend(pools(context, &of_study));
    blocks
}

fn distinct(rows: &[&StudyRow], of: impl Fn(&StudyRow) -> String) -> Vec<String> {
    rows.iter()
        .map(|row| of(row))
        .collect::<BTreeSet<String>>()
        .into_iter()
        .collect()
}

/// Returns an effect as it is printed: in log points × 100 where the outcome is a logarithm.
pub(super) fn effect(row: &StudyRow, number: &Number) -> String {
    if row.transform == "log" {
        words::signed_hundredfold(number, 1)
    } else {
        let text = words::short(number);
        if number.as_f64() > 0.0 {
            format!("+{text}")
        } else {
            text
        }
    }
}

/// Returns a row's estimate as its sentence prints it, with the stored number beside it, and its interval likewise.
///
/// The sentence of a row names its estimate in percent first, then the ends of its interval; where it names none, the
/// stored numbers stand alone.
fn printed(row: &StudyRow) -> (String, Text, Text) {
    let said: Vec<&str> = row
        .figures
        .iter()
        .filter(|figure| figure.of == row.id && figure.shown.ends_with('%'))
        .map(|figure| figure.shown.as_str())
        .collect();
    let stored = dash(row.estimate.as_ref(), |number| effect(row, number));
    let (Some(said_estimate), Some(_)) = (said.first(), &row.estimate) else {
        return (
            stored.clone(),
            Text::new().strong(stored),
            Text::plain(interval(row)),
        );
    };
    let ends = match said.as_slice() {
        [_, low, high, ..] => Text::plain(format!("{low} to {high} ")).small(interval(row)),
        _ => Text::plain(interval(row)),
    };
    let estimate = Text::new().strong(*said_estimate).small(format!(" {stored}"));
    ((*said_estimate).to_owned(), estimate, ends)
}

/// Returns the ends of a row's interval as its sentence prints them.
pub(super) fn ends(row: &StudyRow) -> Option<[String; 2]> {
    let show = |number: &Number| {
        if row.transform == "log" {
            words::percent_of_log(number)
        } else {
            effect(row, number)
        }
    };
    Some([show(row.conf_low.as_ref()?), show(row.conf_high.as_ref()?)])
}

/// Returns the checks of a row that a verdict reads: name, value and threshold.
fn checks_line(row: &StudyRow) -> String {
    if !row.main {
        return String::new();
    }
    row.checks
        .iter()
        .filter(|check| check.required)
        .map(|check| {
            let numbers = match (&check.value, &check.threshold) {
                (Some(value), Some(threshold)) => format!(
                    " ({} against {})",
                    words::check_value(value),
                    words::check_value(threshold)
                ),
                _ => String::new(),
            };
            format!(
                "; {} {}{numbers}",
                words::spaced(&check.name),
                words::check(check.status)
            )
        })
        .collect()
}

fn interval(row: &StudyRow) -> String {
    span(row, row.conf_low.as_ref(), row.conf_high.as_ref())
}

fn span(row: &StudyRow, low: Option<&Number>, high: Option<&Number>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{} to {}", effect(row, low), effect(row, high)),
        _ => words::NONE.to_owned(),
    }
}

fn dash(number: Option<&Number>, show: impl Fn(&Number) -> String) -> String {
    number.map_or_else(|| words::NONE.to_owned(), show)
}

fn estimates(context: &Context<'_>, study: &str, rows: &[&StudyRow]) -> Vec<Block> {
    let log = rows.iter().all(|row| row.transform == "log");
    let estimate = if log {
        "Estimate, % and log points × 100#"
    } else {
        "Estimate#"
    };
    let mut table = Table::new(
        &format!("estimates-{}", crate::anchor::sanitised(study)),
        "Every combination of lens, comparison, outcome, onset, window and estimator, with its estimate",
        &[
            "Lens",
            "Compared with",
            "Outcome",
            "Onset",
            "Window",
            "Estimator",
            estimate,
            "Interval#",
            "p#",
            "Smallest p#",
            "Verdict",
            "Treated / controls#",
            "Clustered interval, log points × 100#",
            "Clustered p#",
        ],
    );
    // What the verdict reads comes first.
    let mut ordered = rows.to_vec();
    ordered.sort_by_key(|row| !row.main);
    for row in ordered {
        let (shown, estimate, ends) = printed(row);
        let mut estimator = words::estimator(&row.estimator);
        if let Some(variant) = &row.variant {
            estimator = format!("{estimator}, {variant}");
        }
        let why = row
            .not_available
            .clone()
            .unwrap_or_else(|| words::verdict_reason(row.reason).to_owned());
        let mut line = Row::object(
            &row.id,
            Some(shown.clone()),
            vec![
                Text::plain(context.lens(&row.lens)),
                Text::plain(context.pool(&row.pool)),
                Text::plain(words::transformed(
                    &context.indicator(&row.outcome),
                    &row.transform,
                )),
                Text::plain(row.onset.clone()),
                Text::plain(window(&row.window)),
                Text::plain(estimator),
                estimate,
                ends,
                Text::plain(dash(row.p_value.as_ref(), words::p_value)),
                Text::plain(dash(row.p_floor.as_ref(), words::p_value)),
                Text::new().with(Inline::Verdict(row.verdict)).small(format!(
                    " {}{}",
                    context.readable(&why),
                    checks_line(row)
                )),
                Text::plain(format!("{} / {}", row.n_treated, row.n_controls)),
                Text::plain(span(
                    row,
                    row.conf_low_clustered.as_ref(),
                    row.conf_high_clustered.as_ref(),
                )),
                Text::plain(dash(row.p_value_clustered.as_ref(), words::p_value)),
            ],
        );
        line.main = row.main;
        table.rows.push(line);
    }
    let constant = without_constants(&mut table);
    let mut blocks = Vec::new();
    if !constant.is_empty() {
        blocks.push(Block::Paragraph(
            Text::new().small(format!("All estimates below: {}.", constant.join("; "))),
        ));
    }
    blocks.push(Block::Table(table));
    blocks
}

/// Takes columns of choices out of a table whose rows all say the same there, and returns what they say.
fn without_constants(table: &mut Table) -> Vec<String> {
    const CHOICES: usize = 6;
    let mut said = Vec::new();
    if table.rows.len() < 2 {
        return said;
    }
    for index in (0..CHOICES.min(table.columns.len())).rev() {
        let values: BTreeSet<String> = table
            .rows
            .iter()
            .filter_map(|row| row.cells.get(index))
            .map(Text::to_plain)
            .collect();
        if values.len() == 1 && table.columns.len() > CHOICES + 1 {
            let column = table.columns.remove(index);
            for row in &mut table.rows {
                if index < row.cells.len() {
                    row.cells.remove(index);
                }
            }
            said.extend(
                values
                    .into_iter()
                    .map(|value| format!("{}: {value}", column.title.to_lowercase())),
            );
        }
    }
    said.reverse();
    said
}

/// Says which estimators and checks have no result yet, and why.
fn not_available(context: &Context<'_>, rows: &[&StudyRow]) -> Option<Block> {
    let mut why: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        if let Some(reason) = &row.not_available {
            why.entry(reason.clone())
                .or_default()
                .insert(words::estimator(&row.estimator));
        }
        for check in &row.checks {
            if check.status == CheckStatusWord::NotComputed {
                let reason = check.reason.clone().unwrap_or_else(|| "not computed".to_owned());
                why.entry(reason).or_default().insert(words::spaced(&check.name));
            }
        }
    }
    (!why.is_empty()).then(|| {
        let list = why
            .into_iter()
            .map(|(reason, names)| {
                let names: Vec<String> = names.into_iter().collect();
                Text::new()
                    .strong(words::capital(&words::listed(&names)))
                    .words(format!(": {}", context.readable(&reason)))
            })
            .collect();
        Block::Disclosure {
            id: None,
            summary: Text::plain("Not computed, and why"),
            blocks: vec![Block::List(list)],
        }
    })
}

/// The checks, sample, warnings and method of a row that a verdict reads.
fn details(context: &Context<'_>, row: &StudyRow) -> Block {
    let name = crate::anchor::sanitised(&row.id);
    let mut checks = Table::new(
        &format!("checks-{name}"),
        &format!("Checks of {}", row.id),
        &["Check", "Required", "Holds", "Value#", "Against#", "Remark"],
    );
    for check in &row.checks {
        checks.rows.push(Row::of_cells(vec![
            Text::plain(words::spaced(&check.name)),
            Text::plain(if check.required { "yes" } else { "no" }),
            Text::plain(words::check(check.status)),
            Text::plain(dash(check.value.as_ref(), words::short)),
            Text::plain(dash(check.threshold.as_ref(), words::short)),
            Text::plain(context.readable(check.reason.as_deref().unwrap_or_default())),
        ]));
    }
    let mut blocks = vec![Block::Table(checks)];
    let mut list = Vec::new();
    if let Some(sample) = &row.sample {
        let mut text = Text::plain(format!(
            "Sample: {} read, {} used; {} treated and {} controls over {}, {}.",
            words::count(sample.rows_read, "row", "rows"),
            sample.rows_used,
            words::count(sample.treated_units, "unit", "units"),
            sample.control_units,
            words::count(sample.periods, "period", "periods"),
            words::count(sample.clusters, "cluster", "clusters"),
        ));
        for dropped in &sample.dropped {
            text = text.words(format!(
                " Dropped {} of {}: {}.",
                words::count(dropped.rows, "row", "rows"),
                words::count(dropped.units, "unit", "units"),
                words::spaced(&dropped.reason)
            ));
        }
        list.push(text.small(" Every row with what became of it: data/samples/."));
        list.push(Text::plain(format!(
            "Treated: {}.",
            names(context, &sample.treated)
        )));
        list.push(Text::plain(format!(
            "Controls: {}.",
            names(context, &sample.controls)
        )));
    }
    if let Some(number) = &row.detectable_effect {
        let unit = if row.transform == "log" {
            " log points × 100"
        } else {
            ""
        };
        let shown = effect(row, number);
        list.push(Text::plain(format!(
            "Smallest effect that the design would detect: {}{unit}.",
            shown.trim_start_matches('+')
        )));
    }
    if let Some(number) = &row.breakdown {
        list.push(Text::plain(format!(
            "Breakdown value of honest difference in differences: {}.",
            words::short(number)
        )));
    }
    for confound in &row.confounds {
        list.push(Text::plain(format!(
            "Cannot be told apart from the effect: {confound}."
        )));
    }
    if let Some(looked) = &row.looked_at_before {
        list.push(Text::plain(format!(
            "Seen before the rule was written: {looked}."
        )));
    }
    for warning in &row.warnings {
        list.push(Text::plain(format!("Warning: {warning}")));
    }
    if !row.vintages.is_empty() {
        let vintages: Vec<String> = row.vintages.iter().map(|id| context.vintage(id)).collect();
        list.push(Text::plain(format!("Vintages: {}.", words::listed(&vintages))));
    }
    if !row.method.is_empty() {
        list.push(Text::plain(row.method.clone()));
    }
    if let Some(digest) = &row.panel_digest {
        list.push(Text::new().small("Panel ").code(digest.clone()));
    }
    blocks.push(Block::List(list));
    let summary = Text::plain(format!(
        "How we know: {}, {}, {}, {}",
        context.lens(&row.lens),
        context.pool(&row.pool),
        context.indicator(&row.outcome),
        words::estimator(&row.estimator)
    ));
    Block::Disclosure {
        id: None,
        summary,
        blocks,
    }
}

fn names(context: &Context<'_>, ids: &[String]) -> String {
    if ids.is_empty() {
        return "nobody".to_owned();
    }
    let names: Vec<String> = ids.iter().take(NAMES_SHOWN).map(|id| context.place(id)).collect();
    if ids.len() > NAMES_SHOWN {
        format!("{} and {} more", names.join(", "), ids.len() - NAMES_SHOWN)
    } else {
        words::listed(&names)
    }
}
