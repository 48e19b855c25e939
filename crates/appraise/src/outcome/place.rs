//! One place: growth in each choice of vintages, and the ratio to the nation.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Decimal, Id, Period};
use counterpart_panel::derive::nearest_double;

use super::{blank, exact, indicator_name, put_together};
use crate::assessment::{GapRow, Number, OutcomeMeasure, OutcomeRow, Sentence};
use crate::reading::{Figures, Reader, Reading};
use crate::words;

/// Readings of a place by their vintages, by year.
pub(super) fn by_vintages(
    reader: &Reader<'_>,
    place: &Id,
    indicator: &Id,
) -> BTreeMap<String, BTreeMap<i16, Reading>> {
    let mut found: BTreeMap<String, BTreeMap<i16, Reading>> = BTreeMap::new();
    for year in reader.years(place) {
        for reading in reader.readings(place, indicator, Period::year_only(year)).iter() {
            found
                .entry(reading.vintages.clone())
                .or_default()
                .insert(year, reading.clone());
        }
    }
    found
}

/// Returns growth of an indicator at a place: each year over the year before where `yearly`, and the average.
pub(super) fn growth(
    reader: &Reader<'_>,
    place: &Id,
    indicator: &Id,
    yearly: bool,
    figures: &mut Figures,
) -> Vec<OutcomeRow> {
    let mut rows = Vec::new();
    let read = by_vintages(reader, place, indicator);
    if read.is_empty() {
        let mut row = about(
            reader,
            OutcomeMeasure::GrowthAverage,
            place,
            indicator,
            "none",
            None,
        );
        refuse(
            reader,
            &mut row,
            place,
            indicator,
            "no vintage on record has a year of it",
        );
        rows.push(row);
    }
    for (vintages, years) in read {
        let reason = put_together(reader.record(), &vintages)
            .or_else(|| (years.len() < 2).then(|| "the vintage has one year of it only".to_owned()));
        if let Some(reason) = reason {
            let mut row = about(
                reader,
                OutcomeMeasure::GrowthAverage,
                place,
                indicator,
                &vintages,
                None,
            );
            refuse(reader, &mut row, place, indicator, &reason);
            rows.push(row);
            continue;
        }
        if yearly {
            for ((before, first), (year, last)) in years.iter().zip(years.iter().skip(1)) {
                if *year == before + 1 {
                    rows.extend(one_year(reader, place, indicator, *year, first, last, figures));
                }
            }
        }
        if let (Some((from, first)), Some((to, last))) = (years.first_key_value(), years.last_key_value()) {
            rows.push(average(
                reader,
                place,
                indicator,
                (*from, first),
                (*to, last),
                figures,
            ));
        }
    }
    rows
}

fn about(
    reader: &Reader<'_>,
    measure: OutcomeMeasure,
    place: &Id,
    indicator: &Id,
    vintages: &str,
    period: Option<String>,
) -> OutcomeRow {
    let key = match measure {
        OutcomeMeasure::Growth => "growth",
        OutcomeMeasure::GrowthAverage => "growth-average",
        _ => "ratio",
    };
    let when = period
        .as_deref()
        .map(|period| format!(":{period}"))
        .unwrap_or_default();
    let mut row = blank(
        format!("outcome:{key}:{place}:{indicator}{when}:{vintages}"),
        measure,
    );
    row.place = Some(place.to_string());
    row.indicator = Some(indicator.to_string());
    row.vintage = (vintages != "none").then(|| vintages.to_owned());
    row.period = period;
    row.unit = Some("share".to_owned());
    row.from = reader
        .record()
        .vintages
        .iter()
        .filter(|vintage| vintages.split('+').any(|id| vintage.id == id))
        .map(|vintage| vintage.id.to_string())
        .collect();
    row
}

fn refuse(reader: &Reader<'_>, row: &mut OutcomeRow, place: &Id, indicator: &Id, reason: &str) {
    row.unit = None;
    row.not_computed = Some(reason.to_owned());
    let vintage = row
        .vintage
        .as_deref()
        .map(|id| format!(" in {id}"))
        .unwrap_or_default();
    row.sentence = Sentence::of(format!(
        "{} of {}, {}{vintage}: not computed, because {reason}.",
        words::capital(row.measure.words()),
        reader.place_name(place),
        indicator_name(reader, indicator),
    ));
}

fn one_year(
    reader: &Reader<'_>,
    place: &Id,
    indicator: &Id,
    year: i16,
    first: &Reading,
    last: &Reading,
    figures: &mut Figures,
) -> Option<OutcomeRow> {
    let growth = last.value.checked_div(first.value)?.checked_sub(Decimal::ONE)?;
    reader.note(first, figures);
    reader.note(last, figures);
    let mut row = about(
        reader,
        OutcomeMeasure::Growth,
        place,
        indicator,
        &last.vintages,
        Some(year.to_string()),
    );
    row.population_basis.clone_from(&last.basis);
    row.sentence = Sentence::of(format!(
        "{}, {}, {year} in {}: ",
        reader.place_name(place),
        indicator_name(reader, indicator),
        last.vintages
    ))
    .figure(change(growth), row.id.clone())
    .text(" on the year before.");
    row.value = Some(exact(growth));
    row.from = vec![first.id.clone(), last.id.clone()];
    Some(row)
}

fn average(
    reader: &Reader<'_>,
    place: &Id,
    indicator: &Id,
    (from, first): (i16, &Reading),
    (to, last): (i16, &Reading),
    figures: &mut Figures,
) -> OutcomeRow {
    let mut row = about(
        reader,
        OutcomeMeasure::GrowthAverage,
        place,
        indicator,
        &last.vintages,
        Some(format!("{from}/{to}")),
    );
    row.population_basis.clone_from(&last.basis);
    let years = f64::from(to) - f64::from(from);
    let ratio = nearest_double(last.value) / nearest_double(first.value);
    let growth = if ratio > 0.0 {
        Number::estimate(ratio.powf(1.0 / years) - 1.0)
    } else {
        None
    };
    let Some(growth) = growth else {
        refuse(reader, &mut row, place, indicator, "a value is zero or below it");
        return row;
    };
    reader.note(first, figures);
    reader.note(last, figures);
    let shown = growth.as_str().parse().map(change).unwrap_or_default();
    row.sentence = Sentence::of(format!(
        "{}, {}, {from}–{to} in {}: ",
        reader.place_name(place),
        indicator_name(reader, indicator),
        last.vintages
    ))
    .figure(shown, row.id.clone())
    .text(" a year on average.");
    row.value = Some(growth);
    row.from = vec![first.id.clone(), last.id.clone()];
    row
}

/// A growth rate with its sign, in percent to two decimals.
pub(super) fn change(growth: Decimal) -> String {
    let percent = growth.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(growth);
    let sign = if percent.is_sign_positive() && !percent.is_zero() {
        "+"
    } else {
        ""
    };
    format!("{sign}{}%", words::number(percent, 2))
}

/// Returns the ratio to the nation wherever both are read alike, and for the other vintages why there is none.
pub(super) fn ratios(reader: &Reader<'_>, gaps: &[GapRow]) -> Vec<OutcomeRow> {
    let mut rows = Vec::new();
    let mut alike: BTreeSet<(&str, &str)> = BTreeSet::new();
    for gap in gaps.iter().filter(|gap| gap.like_for_like) {
        alike.insert((&gap.indicator, &gap.vintage_place));
        let (place, indicator) = (Id::new(&gap.place), Id::new(&gap.indicator));
        let mut row = about(
            reader,
            OutcomeMeasure::Ratio,
            &place,
            &indicator,
            &gap.vintage_place,
            Some(gap.period.clone()),
        );
        row.population_basis.clone_from(&gap.basis_place);
        let percent = gap.ratio.as_str().parse::<Decimal>().ok();
        let percent = percent.and_then(|ratio| ratio.checked_mul(Decimal::ONE_HUNDRED));
        row.sentence = Sentence::of(format!(
            "{}, {}, {} in {}: ",
            reader.place_name(&place),
            indicator_name(reader, &indicator),
            gap.period,
            gap.vintage_place
        ))
        .figure(
            words::in_unit(percent.unwrap_or_default(), Some("percent")),
            row.id.clone(),
        )
        .text(" of the nation.");
        row.value = Some(gap.ratio.clone());
        row.from = std::iter::once(gap.id.clone())
            .chain(gap.from.iter().cloned())
            .collect();
        rows.push(row);
    }
    let others: BTreeSet<(&str, &str)> = gaps
        .iter()
        .map(|gap| (gap.indicator.as_str(), gap.vintage_place.as_str()))
        .filter(|key| !alike.contains(key))
        .collect();
    if let Some(gap) = gaps.first() {
        let place = Id::new(&gap.place);
        for (indicator, vintages) in others {
            let indicator = Id::new(indicator);
            let mut row = about(reader, OutcomeMeasure::Ratio, &place, &indicator, vintages, None);
            let reason = put_together(reader.record(), vintages).unwrap_or_else(|| {
                "no figure of the nation is on record in the same vintages and with heads counted alike"
                    .to_owned()
            });
            refuse(reader, &mut row, &place, &indicator, &reason);
            rows.push(row);
        }
    }
    rows
}
