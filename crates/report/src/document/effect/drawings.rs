//! Event studies, paths and the specification curve.

use std::collections::BTreeSet;

use counterpart_appraise::assessment::{CheckStatusWord, Specification, StudyRow};

use super::{DRAWN_FOLDED, DRAWN_OPEN, dash, effect};
use crate::chart::Chart;
use crate::chart::events::{EventPoint, Events, Series};
use crate::chart::specifications::{Curve, Spec};
use crate::document::context::Context;
use crate::document::{Block, Drawing, Figure, Inline, Row, Table, Text};
use crate::words;

/// Draws event studies: rows that differ only in their outcome share a drawing.
pub(super) fn event_studies(context: &Context<'_>, rows: &[&StudyRow]) -> Vec<Block> {
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

/// Every specification in order of its estimate.
pub(super) fn curve(context: &Context<'_>) -> Option<Block> {
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
