//! One cell of a grid as a row of the report.

use std::collections::BTreeMap;

use counterpart_estimate::result::Estimate as _;
use counterpart_estimate::sample::RowUse;
use counterpart_model::study::{AssignmentLevel, Estimator};
use counterpart_model::{Decimal, Record};
use counterpart_panel::build::BuiltPanel;

use crate::assessment::{
    CheckResult, CheckStatusWord, Dropped, FigureRef, Number, Point, SampleRow, SampleSummary, Sentence,
    StudyRow, Verdict, VerdictReason,
};
use crate::verdict::{Facts, decide};
use crate::words;

use super::estimation::{Ran, Settings, detectable, role};
use super::grid::{Absent, Cell};
use super::percent_of;

/// Makes the row of a cell.
pub(super) fn of(
    record: &Record,
    cell: &Cell<'_>,
    result: Option<&Result<Ran, String>>,
    settings: Settings,
) -> StudyRow {
    let window = match &cell.panel {
        Ok(panel) => [panel.window_used.0.to_string(), panel.window_used.1.to_string()],
        Err(_) => [cell.window.0.to_string(), cell.window.1.to_string()],
    };
    let mut row = StudyRow {
        id: id(cell),
        study: cell.study.id.to_string(),
        title: cell.study.title.clone(),
        role: cell.study.role.to_string(),
        lens: cell.lens.id.to_string(),
        pool: cell.pool_row.clone(),
        outcome: cell.outcome.indicator.to_string(),
        transform: cell.outcome.transform.to_string(),
        onset: cell.onset.to_string(),
        window,
        estimator: cell.estimator.to_string(),
        main: cell.main,
        variant: cell.variant.clone(),
        vintages: Vec::new(),
        panel_digest: None,
        estimate: None,
        std_error: None,
        conf_low: None,
        conf_high: None,
        conf_low_clustered: None,
        conf_high_clustered: None,
        p_value: None,
        p_value_clustered: None,
        p_floor: None,
        assignment_level: cell.study.assignment_level.to_string(),
        assignment_groups: [0, 0],
        cluster: cell
            .study
            .cluster
            .map_or("unit", AssignmentLevel::as_str)
            .to_owned(),
        n_treated: 0,
        n_controls: 0,
        n_clusters: 0,
        checks: Vec::new(),
        points: Vec::new(),
        sample: None,
        detectable_effect: None,
        breakdown: None,
        verdict: Verdict::CannotTell,
        reason: VerdictReason::NoSeries,
        sentence: Sentence::new(),
        figures: Vec::new(),
        confounds: cell.study.confounds.clone(),
        looked_at_before: cell
            .study
            .looked_at_before
            .clone()
            .filter(|text| !text.is_empty()),
        not_available: None,
        warnings: Vec::new(),
        method: String::new(),
        from: Vec::new(),
    };
    if !cell.pool_row.is_empty() {
        row.from.push(cell.pool_row.clone());
    }
    if let Ok(panel) = &cell.panel {
        row.vintages = panel
            .read_in
            .iter()
            .map(|read| read.vintage.to_string())
            .collect();
        row.vintages.dedup();
        row.panel_digest = Some(panel.digest.clone());
        row.warnings.extend(panel.notes.iter().cloned());
        row.from.extend(row.vintages.iter().cloned());
        row.n_treated = panel.treated().count();
        row.n_controls = panel.controls().count();
    }
    match (&cell.panel, result) {
        (Ok(panel), Some(Ok(ran))) => fill(&mut row, cell, panel, ran),
        (Ok(panel), Some(Err(why))) => {
            row.not_available = Some(why.clone());
            let groups = groups(panel);
            row.assignment_groups = [groups.len(), groups.values().filter(|treated| **treated).count()];
            row.p_floor = floor_of_one(&row).and_then(Number::estimate);
        }
        (Ok(_), None) => row.not_available = Some("it was not run".to_owned()),
        (Err(why), _) => row.not_available = Some(with_names(record, &why.to_string())),
    }
    for check in &cell.study.required_checks {
        if !row.checks.iter().any(|known| known.name == check.as_str()) {
            row.checks.push(CheckResult {
                name: check.to_string(),
                required: true,
                status: CheckStatusWord::NotComputed,
                value: None,
                threshold: None,
                reason: Some("there is no estimate to check".to_owned()),
            });
        }
    }
    let number = |number: &Option<Number>| number.as_ref().map(Number::as_f64);
    let (verdict, reason) = decide(
        &record.case.verdict,
        &Facts {
            has_series: !matches!(cell.panel, Err(Absent::Series(_))),
            has_control: !matches!(cell.panel, Err(Absent::Control(_))),
            estimate: number(&row.estimate),
            interval: number(&row.conf_low).zip(number(&row.conf_high)),
            p_value: number(&row.p_value),
            p_floor: number(&row.p_floor),
            checks: &row.checks,
        },
    );
    // "Better" decides the sign: where less is better, a fall has helped.
    let better = record
        .indicators
        .iter()
        .find(|indicator| indicator.id == cell.outcome.indicator)
        .map(|row| row.better);
    (row.verdict, row.reason) = (oriented(verdict, better), reason);
    row.sentence = sentence(record, cell, &row, settings);
    row.figures = row.sentence.figures().cloned().collect::<Vec<FigureRef>>();
    row
}

fn oriented(verdict: Verdict, better: Option<counterpart_model::indicator::Better>) -> Verdict {
    match (verdict, better) {
        (Verdict::Helped, Some(counterpart_model::indicator::Better::Lower)) => Verdict::Harmed,
        (Verdict::Harmed, Some(counterpart_model::indicator::Better::Lower)) => Verdict::Helped,
        _ => verdict,
    }
}

/// Study, lens, pool, outcome, onset, window, estimator and variant, joined by `:`.
fn id(cell: &Cell<'_>) -> String {
    let mut id = format!(
        "{}:{}:{}:{}:{}:{}-{}:{}",
        cell.study.id,
        cell.lens.id,
        cell.pool,
        cell.outcome.indicator,
        cell.onset,
        cell.window.0,
        cell.window.1,
        cell.estimator
    );
    if let Some(variant) = &cell.variant {
        id.push(':');
        id.push_str(variant);
    }
    id
}

/// Units of assignment, and whether they hold a treated unit.
fn groups(panel: &BuiltPanel) -> BTreeMap<&str, bool> {
    let mut groups: BTreeMap<&str, bool> = BTreeMap::new();
    for unit in &panel.units {
        *groups.entry(unit.assignment.as_str()).or_default() |= unit.treated;
    }
    groups
}

/// The smallest p of a design with one treated unit of assignment, which no estimator can go below.
fn floor_of_one(row: &StudyRow) -> Option<f64> {
    let [groups, treated] = row.assignment_groups;
    let groups = u32::try_from(groups).ok()?;
    (treated == 1 && groups > 0).then(|| 1.0 / f64::from(groups))
}

fn fill(row: &mut StudyRow, cell: &Cell<'_>, panel: &BuiltPanel, ran: &Ran) {
    let estimated = &ran.estimated;
    if let Some(headline) = estimated.headline() {
        row.estimate = Number::estimate(headline.estimate);
        row.std_error = headline.std_error.and_then(Number::estimate);
        row.conf_low_clustered = headline.conf_low.and_then(Number::estimate);
        row.conf_high_clustered = headline.conf_high.and_then(Number::estimate);
        row.p_value_clustered = headline.p_value.and_then(Number::estimate);
    }
    let groups = groups(panel);
    row.assignment_groups = [groups.len(), groups.values().filter(|treated| **treated).count()];
    inference(row, cell, ran);
    // Where units are assigned one by one and no interval was inverted, clustered errors are at that level too.
    let by_unit = row.assignment_groups[0] == panel.units.len();
    if row.conf_low.is_none() && by_unit && row.assignment_groups[1] > 1 {
        row.conf_low.clone_from(&row.conf_low_clustered);
        row.conf_high.clone_from(&row.conf_high_clustered);
    }
    row.checks = ran
        .checks
        .iter()
        .map(|checked| CheckResult {
            name: checked.check.to_string(),
            required: cell.study.required_checks.contains(&checked.check),
            status: checked.status,
            value: checked.value.and_then(Number::estimate),
            threshold: checked.threshold.and_then(Number::estimate),
            reason: checked.reason.clone(),
        })
        .collect();
    row.breakdown = row
        .checks
        .iter()
        .find(|check| check.name == "honest_breakdown")
        .and_then(|check| check.value.clone());
    row.points = estimated
        .points()
        .iter()
        .filter_map(|point| {
            Some(Point {
                event_time: point.event_time?,
                estimate: Number::estimate(point.estimate)?,
                conf_low: point.conf_low.and_then(Number::estimate),
                conf_high: point.conf_high.and_then(Number::estimate),
                reference: point.is_reference,
            })
        })
        .collect();
    row.detectable_effect = detectable(estimated).and_then(Number::estimate);
    row.method = estimated.method_text().text.clone();
    row.warnings
        .extend(estimated.warnings().iter().map(|warning| warning.message.clone()));
    let sample = sample(cell, panel, ran);
    row.n_treated = sample.treated_units;
    row.n_controls = sample.control_units;
    row.n_clusters = sample.clusters;
    row.sample = Some(sample);
}

/// Fills p, its floor and the interval at the level of assignment.
///
/// Two-way estimates have the randomisation test; synthetic methods have their own placebos, which compare units
/// one by one; for the others the design still says how small a p could ever have been.
fn inference(row: &mut StudyRow, cell: &Cell<'_>, ran: &Ran) {
    let of_design = match &ran.randomisation {
        Ok(found) => {
            row.assignment_groups = [found.n_groups, found.n_treated_groups];
            Some(found)
        }
        Err(why) => {
            row.warnings
                .push(format!("no inference at the level of assignment: {why}"));
            None
        }
    };
    row.p_floor = match of_design {
        Some(found) => Number::estimate(found.p_floor),
        None => floor_of_one(row).and_then(Number::estimate),
    };
    match cell.estimator {
        Estimator::Did | Estimator::EventStudy => {
            let Some(found) = of_design else { return };
            row.p_value = Number::estimate(found.p_value);
            if cell.estimator == Estimator::Did {
                row.conf_low = found.conf_low.and_then(Number::estimate);
                row.conf_high = found.conf_high.and_then(Number::estimate);
            }
            row.warnings.push(format!(
                "p at the level of assignment: {} of {} {} treated, {}",
                found.n_treated_groups,
                found.n_groups,
                words::plural(&found.level),
                if found.exhaustive {
                    format!("all {} assignments tried", found.n_tried)
                } else {
                    format!("{} assignments drawn", found.n_tried)
                }
            ));
        }
        Estimator::SyntheticControl | Estimator::SyntheticDid => {
            let of = |name: &str| {
                ran.estimated
                    .diagnostics()
                    .iter()
                    .find(|diagnostic| diagnostic.name == name)
            };
            if let Some(rank) = of("placebo_rank").or_else(|| of("rank_all_placebos")) {
                row.p_value = rank.p_value.and_then(Number::estimate);
            }
            if let Some(floor) = of("p_floor").and_then(|diagnostic| diagnostic.value) {
                row.p_floor = Number::estimate(floor);
            }
        }
        _ => {
            if row.assignment_groups[0] == row.n_treated + row.n_controls {
                row.p_value.clone_from(&row.p_value_clustered);
            }
        }
    }
}

/// Every row of the panel that was asked for: treated, control, or dropped and why.
fn sample(cell: &Cell<'_>, panel: &BuiltPanel, ran: &Ran) -> SampleSummary {
    let ledger = ran.estimated.sample();
    let mut rows: Vec<SampleRow> = Vec::new();
    let mut dropped: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut used = 0;
    let mut drop = |reason: &str, unit: &str, n_rows: usize| {
        let entry = dropped.entry(reason.to_owned()).or_default();
        entry.0 += n_rows;
        if !entry.1.iter().any(|known| known == unit) {
            entry.1.push(unit.to_owned());
        }
    };
    let mut why_missing: BTreeMap<(&str, i32), &str> = BTreeMap::new();
    for lacking in &panel.dropped {
        if let Some(year) = lacking.year {
            why_missing.insert((lacking.unit.as_str(), year), lacking.text.as_str());
        }
    }
    for (index, row) in ledger.rows().iter().enumerate() {
        let Some((unit, year, at)) = panel.row(index) else {
            continue;
        };
        let (role, mut reason) = role(row.row_use);
        match row.row_use {
            RowUse::Dropped(why) => {
                drop(why.code(), unit.id.as_str(), 1);
                if let Some(text) = why_missing.get(&(unit.id.as_str(), year)) {
                    reason = (*text).to_owned();
                }
            }
            _ => used += 1,
        }
        if cell.own && cell.variant.is_none() {
            rows.push(SampleRow {
                unit: unit.id.to_string(),
                period: year.to_string(),
                role: role.to_owned(),
                reason,
                from: at.from.clone(),
            });
        }
    }
    for lacking in panel.dropped.iter().filter(|lacking| lacking.year.is_none()) {
        drop(lacking.why.code(), lacking.unit.as_str(), panel.years.len());
        if cell.own && cell.variant.is_none() {
            for year in &panel.years {
                rows.push(SampleRow {
                    unit: lacking.unit.to_string(),
                    period: year.to_string(),
                    role: "dropped".to_owned(),
                    reason: lacking.text.clone(),
                    from: Vec::new(),
                });
            }
        }
    }
    rows.sort();
    let dropped: Vec<Dropped> = dropped
        .into_iter()
        .map(|(reason, (rows, mut which))| {
            which.sort();
            Dropped {
                reason,
                rows,
                units: which.len(),
                which,
            }
        })
        .collect();
    let named = |units: &[usize]| -> Vec<String> {
        units
            .iter()
            .map(|unit| ledger.unit_id(*unit).to_owned())
            .collect()
    };
    SampleSummary {
        rows_read: used + dropped.iter().map(|dropped| dropped.rows).sum::<usize>(),
        rows_used: used,
        dropped,
        units: ledger.n_units(),
        treated: named(ledger.treated_units()),
        controls: named(ledger.control_units()),
        treated_units: ledger.n_treated_units(),
        control_units: ledger.n_control_units(),
        clusters: ledger.n_clusters(),
        periods: ledger.n_periods(),
        rows,
    }
}

/// Puts names in the place of ids of indicators and pools.
fn with_names(record: &Record, text: &str) -> String {
    let name = |word: &str| {
        let bare = word.trim_end_matches([':', ',', '.', ';']);
        let indicator = record
            .indicators
            .iter()
            .find(|row| row.id == bare)
            .map(|row| row.name.clone());
        let pool = || {
            record
                .case
                .pools
                .iter()
                .find(|row| row.id == bare)
                .map(|row| format!("“{}”", row.title))
        };
        indicator
            .or_else(pool)
            .map(|name| format!("{name}{}", word.strip_prefix(bare).unwrap_or_default()))
    };
    text.split(' ')
        .map(|word| name(word).unwrap_or_else(|| word.to_owned()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Says what was estimated, with its interval, its p and the smallest p that the design allows.
fn sentence(record: &Record, cell: &Cell<'_>, row: &StudyRow, settings: Settings) -> Sentence {
    let outcome = record
        .indicators
        .iter()
        .find(|indicator| indicator.id == cell.outcome.indicator)
        .map_or_else(
            || cell.outcome.indicator.to_string(),
            |indicator| indicator.name.clone(),
        );
    let (Some(estimate), id) = (&row.estimate, row.id.as_str()) else {
        let why = row.not_available.as_deref().unwrap_or("there is no estimate");
        return Sentence::of(format!(
            "{outcome}: no estimate; {}.",
            words::without_full_stop(why)
        ));
    };
    let value = estimate.as_f64();
    let level = |n: usize| {
        let level = cell.study.level.as_str();
        if n == 1 {
            level.to_owned()
        } else {
            words::plural(level)
        }
    };
    let controls = if row.n_controls == 1 {
        " control: "
    } else {
        " controls: "
    };
    let mut sentence = Sentence::of(format!("{outcome}: from {} on, the ", cell.onset))
        .figure(row.n_treated.to_string(), id)
        .text(format!(" treated {} ", level(row.n_treated)))
        .text(if value < 0.0 {
            "grew less than the "
        } else {
            "grew more than the "
        })
        .figure(row.n_controls.to_string(), id)
        .text(controls)
        .figure(percent_of(value, &row.transform), id);
    if let (Some(low), Some(high)) = (&row.conf_low, &row.conf_high) {
        sentence = sentence
            .text(format!(" ({}% interval ", words::number(confidence(settings), 1)))
            .figure(percent_of(low.as_f64(), &row.transform), id)
            .text(" to ")
            .figure(percent_of(high.as_f64(), &row.transform), id)
            .text(")");
    }
    if let (None, Some(low), Some(high)) = (&row.conf_low, &row.conf_low_clustered, &row.conf_high_clustered)
    {
        sentence = sentence
            .text(format!(
                " (errors clustered by {}, which do not decide, would give ",
                row.cluster
            ))
            .figure(percent_of(low.as_f64(), &row.transform), id)
            .text(" to ")
            .figure(percent_of(high.as_f64(), &row.transform), id)
            .text(")");
    }
    if let Some(p) = &row.p_value {
        sentence = sentence.text(", p = ").figure(short_p(p), id);
    }
    if let Some(floor) = &row.p_floor {
        sentence = sentence
            .text("; the smallest p that this design allows is ")
            .figure(short_p(floor), id);
    }
    sentence.text(".")
}

fn confidence(settings: Settings) -> Decimal {
    Number::estimate(settings.confidence * 100.0)
        .and_then(|number| number.as_str().parse().ok())
        .unwrap_or_default()
}

fn short_p(p: &Number) -> String {
    let value = p.as_f64();
    if value < 0.001 {
        "under 0.001".to_owned()
    } else if value < 0.01 {
        format!("{value:.3}")
    } else {
        format!("{value:.2}")
    }
}
