//! Section 9: studies, their estimates, checks, pools and samples.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{CheckStatusWord, Number, PoolRow, Specification, StudyRow};

use super::answer::window;
use super::context::Context;
use super::{Block, Drawing, Figure, Inline, Row, Section, Table, Text};
use crate::chart::Chart;
use crate::chart::events::{EventPoint, Events, Series};
use crate::chart::specifications::{Curve, Spec};
use crate::words;

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
    blocks.extend(not_available(rows));
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
fn effect(row: &StudyRow, number: &Number) -> String {
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
                Text::new()
                    .with(Inline::Verdict(row.verdict))
                    .small(format!(" {}", context.readable(&why))),
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
fn not_available(rows: &[&StudyRow]) -> Option<Block> {
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
                    .words(format!(": {reason}"))
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
            Text::plain(check.reason.clone().unwrap_or_default()),
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

/// Draws event studies: rows that differ only in their outcome share a drawing.
fn event_studies(context: &Context<'_>, rows: &[&StudyRow]) -> Vec<Block> {
    let with_points: Vec<&StudyRow> = rows.iter().copied().filter(|row| row.points.len() > 1).collect();
    let mut groups: Vec<Vec<&StudyRow>> = Vec::new();
    for row in with_points {
        let same = |other: &StudyRow| {
            other.lens == row.lens
                // An outcome whose series starts later has a shorter window, and its pool a window of its own.
                && context.pool(&other.pool) == context.pool(&row.pool)
                && other.onset == row.onset
                && other.window[1] == row.window[1]
                && other.estimator == row.estimator
                && other.variant == row.variant
                && other.outcome != row.outcome
        };
        match groups
            .iter_mut()
            .find(|group| group.iter().all(|other| same(other)))
        {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    let has_reference = |group: &[&StudyRow]| {
        group
            .iter()
            .any(|row| row.points.iter().any(|point| point.reference))
    };
    groups.sort_by_key(|group| {
        (
            group.iter().any(|row| row.variant.is_some()),
            !has_reference(group),
            !group.iter().any(|row| row.main),
        )
    });
    let mut seen = BTreeSet::new();
    // Lenses that resolve to one panel give one drawing.
    groups.retain(|group| match group.first() {
        Some(row) => seen.insert((
            row.panel_digest.clone().unwrap_or_else(|| row.id.clone()),
            row.pool.clone(),
            row.onset.clone(),
            row.estimator.clone(),
            row.variant.clone(),
            row.window.clone(),
        )),
        None => false,
    });
    let mut open = Vec::new();
    let mut folded = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        if index < DRAWN_OPEN {
            open.extend(event_study(context, group));
        } else if index < DRAWN_OPEN + DRAWN_FOLDED {
            folded.extend(event_study(context, group));
        }
    }
    if !folded.is_empty() {
        open.push(Block::Disclosure {
            id: None,
            summary: Text::plain(format!(
                "{} under other choices",
                words::count(folded.len(), "event study", "event studies")
            )),
            blocks: folded,
        });
    }
    open
}

fn event_study(context: &Context<'_>, group: &[&StudyRow]) -> Option<Block> {
    let first = *group.first()?;
    let scale = if first.transform == "log" { 100.0 } else { 1.0 };
    let mut table = Table::new(
        &format!("points-{}", crate::anchor::sanitised(&first.id)),
        "Points by event time",
        &["Outcome", "Event time#", "Estimate#", "Interval#"],
    );
    let mut series = Vec::new();
    for row in group.iter().take(2) {
        let name = context.indicator(&row.outcome);
        let mut points: Vec<EventPoint> = row
            .points
            .iter()
            .map(|point| EventPoint {
                event_time: point.event_time,
                estimate: point.estimate.as_f64() * scale,
                interval: match (&point.conf_low, &point.conf_high) {
                    (Some(low), Some(high)) => Some((low.as_f64() * scale, high.as_f64() * scale)),
                    _ => None,
                },
                reference: point.reference,
            })
            .collect();
        points.sort_by_key(|point| point.event_time);
        for point in &row.points {
            let ends = match (&point.conf_low, &point.conf_high) {
                (Some(low), Some(high)) => format!("{} to {}", effect(row, low), effect(row, high)),
                _ => words::NONE.to_owned(),
            };
            table.rows.push(Row::of_cells(vec![
                Text::plain(name.clone()),
                Text::plain(crate::chart::scale::label(point.event_time as f64)),
                Text::plain(if point.reference {
                    "0, reference".to_owned()
                } else {
                    effect(row, &point.estimate)
                }),
                Text::plain(ends),
            ]));
        }
        series.push(Series { label: name, points });
    }
    let is_event_study = first.points.iter().any(|point| point.reference);
    let title = if is_event_study {
        title(group)
    } else {
        format!(
            "Treated minus its counterfactual, before and after {}",
            first.onset
        )
    };
    let relative = if is_event_study {
        "relative to the reference period (ring), lines: pointwise intervals"
    } else {
        "period by period, treated minus counterfactual"
    };
    let sub = Text::plain(format!(
        "{}: {} treated against {} controls ({}); log points × 100, {relative}. Onset {}, {}. Dotted: the smallest \
         effect of interest.",
        words::estimator(&first.estimator),
        first.n_treated,
        first.n_controls,
        context.pool(&first.pool),
        first.onset,
        context.lens(&first.lens),
    ));
    Some(Block::Figure(Box::new(Figure {
        id: format!("figure-events-{}", crate::anchor::sanitised(&first.id)),
        title,
        sub: Text::plain(words::capital(&sub.to_plain())),
        drawing: Drawing::Chart(Box::new(Chart::Events(Events {
            series,
            onset: first.onset.parse().ok(),
            before: format!("before {}", first.onset),
            after: "after".to_owned(),
            smallest: context.all.rule.smallest_effect.as_f64() * scale,
        }))),
        source: Text::plain("Vintages ")
            .words(words::listed(
                &first
                    .vintages
                    .iter()
                    .map(|id| context.vintage(id))
                    .collect::<Vec<_>>(),
            ))
            .words("; clusters: ")
            .words(words::spaced(&first.cluster))
            .words(format!(" ({}).", first.n_clusters)),
        table: Some(table),
        file: Some("data/points.csv"),
    })))
}

/// Says what the pre-trend checks found, with their p; otherwise names the drawing.
fn title(group: &[&StudyRow]) -> String {
    let found: Vec<(CheckStatusWord, String)> = group
        .iter()
        .filter_map(|row| {
            let check = row
                .checks
                .iter()
                .find(|check| check.name.starts_with("pre_trend"))?;
            let p = check.value.as_ref().map(words::p_value)?;
            Some((check.status, p))
        })
        .collect();
    let p = words::listed(&found.iter().map(|(_, p)| p.clone()).collect::<Vec<_>>());
    let fails = found
        .iter()
        .filter(|(status, _)| *status == CheckStatusWord::Fails)
        .count();
    match (found.len(), fails) {
        (0, _) => format!(
            "Treated against controls, before and after {}",
            group.first().map_or("onset", |row| row.onset.as_str())
        ),
        (_, 0) => format!("Before onset the test finds no difference in trend (p = {p})"),
        (all, fails) if all == fails => {
            format!("Treated and controls already differed before onset (p = {p})")
        }
        (all, fails) => {
            format!(
                "Before onset, treated and controls already differed in {fails} of {all} outcomes (p = {p})"
            )
        }
    }
}

/// Who may serve as comparison, who may not, and why: windows that come to the same share a disclosure.
fn pools(context: &Context<'_>, pools: &[&PoolRow]) -> Vec<Block> {
    let mut groups: Vec<Vec<&PoolRow>> = Vec::new();
    for pool in pools {
        let same = |other: &PoolRow| {
            other.pool == pool.pool && other.admitted == pool.admitted && other.excluded == pool.excluded
        };
        match groups
            .iter_mut()
            .find(|group| group.iter().all(|other| same(other)))
        {
            Some(group) => group.push(pool),
            None => groups.push(vec![pool]),
        }
    }
    groups
        .iter()
        .filter_map(|group| pool_block(context, group))
        .collect()
}

fn pool_block(context: &Context<'_>, group: &[&PoolRow]) -> Option<Block> {
    let pool = *group.first()?;
    let state = if pool.no_admissible_control {
        "nobody may serve as comparison".to_owned()
    } else {
        format!("{} admitted", pool.admitted.len())
    };
    let mut list = Vec::new();
    if pool.contaminated {
        list.push(Text::new().strong(
            "The pool holds providers on purpose: some of those compared pay for what is compared with them.",
        ));
    }
    list.push(Text::plain(format!(
        "Admitted: {}.",
        names(context, &pool.admitted)
    )));
    let mut by_reason: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for place in &pool.excluded {
        by_reason
            .entry(&place.reason)
            .or_default()
            .push(place.place.clone());
    }
    let n_reasons = by_reason.len();
    for (reason, places) in by_reason.into_iter().take(NAMES_SHOWN) {
        list.push(Text::plain(format!(
            "Left out: {}: {reason}.",
            names(context, &places)
        )));
    }
    if n_reasons > NAMES_SHOWN {
        list.push(Text::plain(format!(
            "{} more reasons in data/pools.csv.",
            n_reasons - NAMES_SHOWN
        )));
    }
    for tested in pool.tested.iter().take(NAMES_SHOWN) {
        list.push(Text::plain(format!(
            "Kept and tested: {}: {}.",
            context.place(&tested.place),
            tested.why
        )));
    }
    for part in &pool.not_computed {
        list.push(Text::plain(format!(
            "Not evaluated: {}: {}.",
            words::spaced(&part.place),
            part.why
        )));
    }
    let windows: BTreeSet<String> = group.iter().map(|pool| window(&pool.window)).collect();
    let windows: Vec<String> = windows.into_iter().collect();
    let summary = Text::plain(format!(
        "Compared with: {} ({state}, {} left out; pairings of {})",
        pool.title,
        pool.excluded.len(),
        words::listed(&windows),
    ));
    let mut blocks = vec![Block::List(list)];
    let mut table = Table::new(
        &format!("windows-{}", crate::anchor::sanitised(&pool.id)),
        "Windows in which pairings were looked at",
        &["Pool", "Pairings of", "Admitted#", "Left out#"],
    );
    for pool in group {
        table.rows.push(Row::object(
            &pool.id,
            Some(pool.admitted.len().to_string()),
            vec![
                Text::new().code(pool.id.clone()),
                Text::plain(window(&pool.window)),
                Text::plain(pool.admitted.len().to_string()),
                Text::plain(pool.excluded.len().to_string()),
            ],
        ));
    }
    blocks.push(Block::Table(table));
    Some(Block::Disclosure {
        id: None,
        summary,
        blocks,
    })
}

/// Every specification in order of its estimate.
fn curve(context: &Context<'_>) -> Option<Block> {
    let specs = &context.all.specification_curve;
    if specs.len() < 3 {
        return None;
    }
    let mut sorted: Vec<&Specification> = specs.iter().collect();
    sorted.sort_by(|a, b| {
        a.estimate
            .as_f64()
            .total_cmp(&b.estimate.as_f64())
            .then_with(|| a.id.cmp(&b.id))
    });
    let choices = |spec: &Specification| {
        vec![
            context.lens(&spec.lens),
            context.pool(&spec.pool),
            context.indicator(&spec.outcome),
            words::estimator(&spec.estimator),
            format!("from {}", spec.onset),
        ]
    };
    let names = ["Whose figures", "Compared with", "Outcome", "Estimator", "Onset"];
    let kinds: Vec<(String, Vec<String>)> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let values: BTreeSet<String> = sorted
                .iter()
                .filter_map(|spec| choices(spec).get(index).cloned())
                .collect();
            ((*name).to_owned(), values.into_iter().collect())
        })
        .collect();
    let below = sorted.iter().filter(|spec| spec.estimate.as_f64() < 0.0).count();
    let chart = Curve {
        specs: sorted
            .iter()
            .map(|spec| Spec {
                estimate: spec.estimate.as_f64() * 100.0,
                interval: match (&spec.conf_low, &spec.conf_high) {
                    (Some(low), Some(high)) => Some((low.as_f64() * 100.0, high.as_f64() * 100.0)),
                    _ => None,
                },
                verdict: spec.verdict,
                choices: choices(spec),
            })
            .collect(),
        kinds,
        smallest: context.all.rule.smallest_effect.as_f64() * 100.0,
    };
    let mut table = Table::new(
        "curve",
        "Every specification from the smallest estimate to the largest",
        &[
            "Specification",
            "Estimate, log points × 100#",
            "Interval#",
            "p#",
            "Verdict",
        ],
    );
    for spec in &sorted {
        let ends = match (&spec.conf_low, &spec.conf_high) {
            (Some(low), Some(high)) => {
                format!(
                    "{} to {}",
                    words::signed_hundredfold(low, 1),
                    words::signed_hundredfold(high, 1)
                )
            }
            _ => words::NONE.to_owned(),
        };
        table.rows.push(Row::of_cells(vec![
            Text::plain(choices(spec).join(" · ")),
            Text::new().link(words::signed_hundredfold(&spec.estimate, 1), spec.id.clone()),
            Text::plain(ends),
            Text::plain(dash(spec.p_value.as_ref(), words::p_value)),
            Text::new().with(Inline::Verdict(spec.verdict)),
        ]));
    }
    Some(Block::Figure(Box::new(Figure {
        id: "figure-curve".to_owned(),
        title: format!(
            "{} of {} estimates lie below zero, {} above or on it",
            below,
            sorted.len(),
            sorted.len() - below
        ),
        sub: Text::plain(
            "Every specification in order of its estimate, log points × 100, with its interval; below, the choices \
             behind each. Very wide intervals run off the drawing and stand in the table.",
        ),
        drawing: Drawing::Chart(Box::new(Chart::Specifications(chart))),
        source: Text::plain("As the studies above. Ways overlap and are not independent."),
        table: Some(table),
        file: Some("data/specifications.csv"),
    })))
}
