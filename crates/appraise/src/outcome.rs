//! Outcomes described: growth, ratio to the nation, σ- and β-convergence, Theil's T, poverty, stated goals.
//!
//! Nothing here is an effect. Every row reads all its figures in one choice of vintages, the same for every place and
//! year; a vintage that was put together from several editions describes no change over time, and that is said. What
//! cannot be described has a row with the reason. `docs/outcomes.md` has the formulas.

mod across;
pub mod dispersion;
mod place;
mod said;
mod table;

use std::collections::BTreeSet;

use counterpart_model::observation::VintageKind;
use counterpart_model::study::Transform;
use counterpart_model::{Decimal, Id, Record, RoundingStrategy};
use counterpart_panel::Graph;

use crate::assessment::{ClaimRow, GapRow, Number, OutcomeMeasure, OutcomeRow, Sentence};
use crate::reading::{Figures, Reader};

/// Returns every description of an outcome, by measure, place or level, indicator, vintages and period.
#[must_use]
pub fn rows(
    reader: &Reader<'_>,
    graph: &Graph,
    gaps: &[GapRow],
    claims: &[ClaimRow],
    figures: &mut Figures,
) -> Vec<OutcomeRow> {
    let record = reader.record();
    let mut rows = Vec::new();
    if let Some(gap) = &record.case.gap {
        for indicator in &gap.indicators {
            rows.extend(place::growth(reader, &gap.place, indicator, true, figures));
            rows.extend(place::growth(reader, &gap.nation, indicator, true, figures));
        }
        rows.extend(place::ratios(reader, gaps));
        rows.extend(said::goals(reader, gap, claims, figures));
    }
    for (place, indicator) in studied(record, graph) {
        rows.extend(place::growth(reader, &place, &indicator, false, figures));
    }
    rows.extend(across::rows(reader, graph));
    rows.extend(said::poverty(reader, claims));
    let mut known: BTreeSet<String> = BTreeSet::new();
    rows.retain(|row| known.insert(row.id.clone()));
    rows.sort_by(|a, b| {
        let key = |row: &OutcomeRow| {
            (
                row.measure,
                row.level.clone(),
                row.place.clone(),
                row.indicator.clone(),
                row.vintage.clone(),
                row.period.clone(),
                row.id.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    rows
}

/// Treated places of studies at the studies' level with the outcomes read in logs, without the gap's own place.
fn studied(record: &Record, graph: &Graph) -> BTreeSet<(Id, Id)> {
    let places = graph.places();
    let mut found = BTreeSet::new();
    for study in &record.case.studies {
        let mut units: BTreeSet<Id> = BTreeSet::new();
        for member in places.members(&study.treated, None) {
            let inside = places.inside(&member, study.level);
            if inside.is_empty() {
                units.extend(places.at_level(&member, study.level));
            } else {
                units.extend(inside);
            }
        }
        for outcome in study
            .outcomes
            .iter()
            .filter(|one| one.transform == Transform::Log)
        {
            found.extend(units.iter().map(|unit| (unit.clone(), outcome.indicator.clone())));
        }
    }
    if let Some(gap) = &record.case.gap {
        found.retain(|(place, indicator)| {
            !(gap.indicators.contains(indicator) && (*place == gap.place || *place == gap.nation))
        });
    }
    found
}

/// Indicators described across places: those of the gap, and the outcomes that studies read in logs.
fn indicators(record: &Record) -> BTreeSet<Id> {
    let mut found: BTreeSet<Id> = BTreeSet::new();
    if let Some(gap) = &record.case.gap {
        found.extend(gap.indicators.iter().cloned());
    }
    for study in &record.case.studies {
        for outcome in study
            .outcomes
            .iter()
            .filter(|one| one.transform == Transform::Log)
        {
            found.insert(outcome.indicator.clone());
        }
    }
    found
}

/// Why a choice of vintages describes no change over time; none where it does.
fn put_together(record: &Record, vintages: &str) -> Option<String> {
    let mixed: Vec<&str> = vintages
        .split('+')
        .filter(|id| {
            let vintage = record.vintages.iter().find(|vintage| vintage.id == *id);
            let kind = vintage.map(counterpart_model::observation::Vintage::kind_or_edition);
            matches!(kind, Some(VintageKind::Mixed | VintageKind::AsFirstPublished))
        })
        .collect();
    (!mixed.is_empty()).then(|| {
        let puts = if mixed.len() == 1 { "puts" } else { "put" };
        format!(
            "{} {puts} several editions together, whose years do not continue each other",
            mixed.join(" and ")
        )
    })
}

fn exact(value: Decimal) -> Number {
    Number::exact(value.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero))
}

/// A row with nothing in it but what it is about.
fn blank(id: String, measure: OutcomeMeasure) -> OutcomeRow {
    OutcomeRow {
        id,
        measure,
        place: None,
        level: None,
        grouping: None,
        indicator: None,
        period: None,
        vintage: None,
        population_basis: None,
        unit: None,
        value: None,
        lower: None,
        std_error: None,
        inference: None,
        n: None,
        lacking: Vec::new(),
        weights: None,
        claim: None,
        definition: None,
        not_computed: None,
        sentence: Sentence::new(),
        from: Vec::new(),
    }
}

/// The name of an indicator; its id where it has none.
fn indicator_name(reader: &Reader<'_>, indicator: &Id) -> String {
    reader
        .indicator(indicator)
        .map_or_else(|| indicator.to_string(), |row| row.name.clone())
}
