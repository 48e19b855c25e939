//! What is said of outcomes: counts of the poor with their definitions, and goals held against the series.

use std::collections::BTreeMap;

use counterpart_model::case::Gap;
use counterpart_model::{Decimal, Id};

use super::place::by_vintages;
use super::{blank, exact, indicator_name, put_together};
use crate::assessment::{ClaimRow, OutcomeMeasure, OutcomeRow, Sentence};
use crate::carried::with_answers;
use crate::reading::{Figures, Reader};
use crate::words;

/// Words of a topic or a property that is about poverty.
const POVERTY: [&str; 3] = ["poverty", "poor", "impoverished"];

/// Returns every figure about poverty that a claim states, with the claim's words as its definition.
///
/// What a claim is about is read by name: an id says nothing.
pub(super) fn poverty(reader: &Reader<'_>, claims: &[ClaimRow]) -> Vec<OutcomeRow> {
    let titles: BTreeMap<&str, &str> = reader
        .record()
        .activities
        .iter()
        .map(|row| (row.id.as_str(), row.title.as_str()))
        .collect();
    claims
        .iter()
        .filter(|claim| {
            let about = format!(
                "{} {} {}",
                claim.topic.as_deref().unwrap_or_default(),
                claim.property,
                titles
                    .get(claim.subject.as_str())
                    .copied()
                    .unwrap_or(&claim.subject)
            );
            about
                .to_lowercase()
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| POVERTY.contains(&word))
        })
        .filter(|claim| claim.value.is_some() || claim.lower.is_some())
        .map(|claim| {
            let mut row = blank(format!("outcome:poverty:{}", claim.id), OutcomeMeasure::Poverty);
            row.place.clone_from(&claim.place);
            row.period = match (&claim.period_start, &claim.period_end) {
                (Some(start), Some(end)) if start != end => Some(format!("{start}/{end}")),
                (start, end) => start.clone().or_else(|| end.clone()),
            };
            row.unit.clone_from(&claim.unit);
            row.value.clone_from(&claim.value);
            row.lower.clone_from(&claim.lower);
            row.claim = Some(claim.id.clone());
            row.definition = Some(claim.text.clone());
            row.sentence = figure_said(claim, claims);
            row.from = vec![claim.id.clone()];
            row
        })
        .collect()
}

/// The claim with its speaker, its answers where it accuses, and its figure as a link.
fn figure_said(claim: &ClaimRow, claims: &[ClaimRow]) -> Sentence {
    let number = claim.value.as_ref().or(claim.lower.as_ref());
    let bound = if claim.value.is_none() { "at least " } else { "" };
    let shown = number
        .and_then(|number| number.as_str().parse::<Decimal>().ok())
        .map(|number| words::in_unit(number, claim.unit.as_deref()));
    Sentence::of(words::without_full_stop(&with_answers(claim, claims)).to_owned())
        .text(format!("; figure: {bound}"))
        .figure(shown.unwrap_or_default(), claim.id.clone())
        .text(", defined by these words alone.")
}

/// Returns the series of the place of each stated goal against the nation, like for like.
pub(super) fn goals(
    reader: &Reader<'_>,
    gap: &Gap,
    claims: &[ClaimRow],
    figures: &mut Figures,
) -> Vec<OutcomeRow> {
    let mut rows = Vec::new();
    for goal in &gap.goals {
        let claim = claims.iter().find(|claim| goal.claim == claim.id.as_str());
        let said = claim.map_or_else(String::new, |claim| {
            format!("{}; ", words::without_full_stop(&with_answers(claim, claims)))
        });
        for indicator in &of_claim(reader, gap, claim) {
            let before = rows.len();
            let read = by_vintages(reader, &goal.place, indicator);
            let nation = by_vintages(reader, &gap.nation, indicator);
            for (vintages, years) in &read {
                let Some(against) = nation.get(vintages) else {
                    continue;
                };
                let both: Vec<i16> = years
                    .keys()
                    .filter(|year| against.contains_key(year))
                    .copied()
                    .collect();
                let (Some(from), Some(to)) = (both.first(), both.last()) else {
                    continue;
                };
                let mut row = about(goal.place.as_str(), goal.claim.as_str(), indicator, vintages);
                row.period = Some(if from == to {
                    to.to_string()
                } else {
                    format!("{from}/{to}")
                });
                let mut told = Sentence::of(format!(
                    "{said}{} of {} in {vintages}: ",
                    indicator_name(reader, indicator),
                    reader.place_name(&goal.place)
                ));
                // Ratios within one year say nothing of change, so a vintage put together has its last year only.
                let years_told: Vec<i16> = match put_together(reader.record(), vintages) {
                    None if from != to => vec![*from, *to],
                    _ => vec![*to],
                };
                for (index, year) in years_told.iter().enumerate() {
                    let (Some(place), Some(nation)) = (years.get(year), against.get(year)) else {
                        continue;
                    };
                    let Some(ratio) = place.value.checked_div(nation.value) else {
                        continue;
                    };
                    reader.note(place, figures);
                    reader.note(nation, figures);
                    let percent = ratio.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(ratio);
                    told = told
                        .text(if index > 0 { ", " } else { "" })
                        .figure(words::in_unit(percent, Some("percent")), row.id.clone())
                        .text(format!(" of the nation in {year}"));
                    row.value = Some(exact(ratio));
                    row.unit = Some("share".to_owned());
                    row.population_basis.clone_from(&place.basis);
                    row.from.extend([place.id.clone(), nation.id.clone()]);
                }
                row.sentence = told.text(".");
                rows.push(row);
            }
            if rows.len() == before {
                let held: Vec<String> = read.keys().cloned().collect();
                let reason = if held.is_empty() {
                    "no vintage on record has it for the place".to_owned()
                } else {
                    format!(
                        "the vintages that have the place ({}) have no figure of the nation",
                        words::list(&held)
                    )
                };
                let mut row = about(goal.place.as_str(), goal.claim.as_str(), indicator, "none");
                row.sentence = Sentence::of(format!(
                    "{said}{} of {} against the nation: not computed, because {reason}.",
                    indicator_name(reader, indicator),
                    reader.place_name(&goal.place)
                ));
                row.not_computed = Some(reason);
                rows.push(row);
            }
        }
    }
    rows
}

/// The indicators that a goal is held against: the one its claim's property or unit names, else those of the gap.
fn of_claim(reader: &Reader<'_>, gap: &Gap, claim: Option<&ClaimRow>) -> Vec<Id> {
    let named = claim
        .into_iter()
        .flat_map(|claim| std::iter::once(claim.property.clone()).chain(claim.unit.clone()))
        .map(|id| Id::new(&id))
        .find(|id| reader.indicator(id).is_some());
    match named {
        Some(indicator) => vec![indicator],
        None => gap.indicators.clone(),
    }
}

fn about(place: &str, claim: &str, indicator: &Id, vintages: &str) -> OutcomeRow {
    let mut row = blank(
        format!("outcome:goal:{claim}:{place}:{indicator}:{vintages}"),
        OutcomeMeasure::Goal,
    );
    row.place = Some(place.to_owned());
    row.indicator = Some(indicator.to_string());
    row.claim = Some(claim.to_owned());
    row.vintage = (vintages != "none").then(|| vintages.to_owned());
    row.from = vec![claim.to_owned()];
    row
}
