//! Observations that something in the report reads, and that editions of their series print differently.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::claim::Act;
use counterpart_model::observation::Observation;
use counterpart_model::{Decimal, Id, Period, Record};

use crate::assessment::{
    ClaimRow, Contradiction, ContradictionKind, ContradictionStatement, GapRow, Sentence,
};
use crate::reading::{Figures, Reader};
use crate::words;

use super::compare::ratio;
use super::gather::rounded;
use super::sentence::finding;
use super::span::Span;

/// Place, indicator and period of an observation.
type Address<'a> = (&'a Id, &'a Id, Period);

/// What reads an observation, by its address `place/indicator/period`.
fn read_by(
    record: &Record,
    claims: &[ClaimRow],
    gaps: &[GapRow],
    figures: &Figures,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for claim in claims {
        for input in claim
            .check
            .candidates
            .iter()
            .flat_map(|candidate| &candidate.from)
        {
            for address in figures.observed_behind(input) {
                if let Some((what, _)) = address.split_once('@') {
                    found.entry(what.to_owned()).or_default().insert(claim.id.clone());
                }
            }
        }
    }
    // Of a gap the two places themselves: what a nation's stand-in is summed from is too far from it.
    for gap in gaps {
        for input in &gap.from {
            for address in figures.observed_behind(input) {
                let mut parts = address.split('/');
                let of_gap = parts
                    .next()
                    .is_some_and(|place| place == gap.place || place == gap.nation);
                if let (true, Some((what, _))) = (of_gap, address.split_once('@')) {
                    found.entry(what.to_owned()).or_default().insert(gap.id.clone());
                }
            }
        }
    }
    // A rule takes its rate of an indicator of whoever owes, year by year.
    for rule in &record.rules {
        let (Some(base), Some(start)) = (&rule.base_indicator, rule.period_start) else {
            continue;
        };
        let lag = i32::try_from(rule.base_lag.unwrap_or(0)).unwrap_or(0);
        let end = rule.period_end.unwrap_or(record.case.as_of);
        for who in record
            .place_members
            .iter()
            .filter(|row| row.group_id == rule.who_id)
            .map(|row| &row.place_id)
            .chain([&rule.who_id])
        {
            for year in start.year()..=end.year() {
                found
                    .entry(format!("{who}/{base}/{}", year - lag))
                    .or_default()
                    .insert(rule.id.to_string());
            }
        }
    }
    found
}

/// Returns the observations that are read somewhere and differ between vintages by more than rounding.
pub(super) fn find(
    reader: &Reader<'_>,
    claims: &[ClaimRow],
    gaps: &[GapRow],
    figures: &mut Figures,
) -> Vec<Contradiction> {
    let record = reader.record();
    let read = read_by(record, claims, gaps, figures);
    let series: BTreeSet<(&str, &str)> = read
        .keys()
        .filter_map(|address| {
            let mut parts = address.split('/');
            Some((parts.next()?, parts.next()?))
        })
        .collect();
    let mut by_address: BTreeMap<Address<'_>, Vec<(&Observation, Decimal)>> = BTreeMap::new();
    for row in &record.observations {
        if let (Some(value), true) = (
            row.value,
            series.contains(&(row.place_id.as_str(), row.indicator_id.as_str())),
        ) {
            by_address
                .entry((&row.place_id, &row.indicator_id, row.period))
                .or_default()
                .push((row, value));
        }
    }
    let mut found = Vec::new();
    for ((place, indicator, period), rows) in by_address {
        let address = format!("{place}/{indicator}/{period}");
        let Some(readers) = read.get(&address).filter(|_| rows.len() > 1) else {
            continue;
        };
        let unit = |row: &Observation| row.unit.clone().unwrap_or_default();
        let Some((first, _)) = rows.first() else { continue };
        let same_unit = rows.iter().all(|(row, _)| unit(row) == unit(first));
        let spans: Vec<Option<Span>> = rows.iter().map(|(_, value)| Span::observed(*value)).collect();
        let is_apart = spans.iter().enumerate().any(|(index, a)| {
            spans
                .iter()
                .skip(index + 1)
                .any(|b| a.zip(*b).is_some_and(|(a, b)| a.is_apart(b)))
        });
        let persons = first
            .unit
            .as_deref()
            .is_some_and(crate::disclosure::counts_persons);
        let threshold = Decimal::from(record.case.disclosure.threshold);
        let few = persons
            && rows
                .iter()
                .any(|(_, value)| *value > Decimal::ZERO && *value < threshold);
        // What moves a duty or a gap by less than a per cent moves none of the digits that are printed of them.
        let for_claim = claims.iter().any(|claim| readers.contains(&claim.id));
        let values = rows.iter().map(|(_, value)| *value);
        let size = values
            .clone()
            .min()
            .zip(values.max())
            .and_then(|(low, high)| ratio(low, high));
        let slight = size.is_some_and(|size| size < Decimal::new(1, 2));
        if !is_apart || !same_unit || few || (slight && !for_claim) {
            continue;
        }
        found.push(row(reader, &address, &rows, readers, figures));
    }
    found
}

fn row(
    reader: &Reader<'_>,
    address: &str,
    rows: &[(&Observation, Decimal)],
    readers: &BTreeSet<String>,
    figures: &mut Figures,
) -> Contradiction {
    let mut rows: Vec<&(&Observation, Decimal)> = rows.iter().collect();
    rows.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.vintage_id.cmp(&b.0.vintage_id)));
    let id = format!("contradiction:vintages:{address}");
    let values = rows.iter().map(|(_, value)| *value);
    let size = values
        .clone()
        .min()
        .zip(values.max())
        .and_then(|(low, high)| ratio(low, high));
    let mut text = Sentence::new();
    let mut said = Vec::new();
    let mut place = String::new();
    let mut about = (String::new(), String::new());
    for (index, (row, value)) in rows.iter().copied().enumerate() {
        let unit = row.unit.as_deref();
        if index == 0 {
            place = row.place_id.to_string();
            about = (row.indicator_id.to_string(), row.period.to_string());
            text = text.text(format!(
                "{}: ",
                reader.label(&row.place_id, &row.indicator_id, row.period)
            ));
        } else {
            text = text.text("; ");
        }
        text = text
            .text(format!("vintage {} prints ", row.vintage_id))
            .figure(words::in_unit(*value, unit), row.address());
        figures.add(reader.figure_of(row, *value));
        said.push(ContradictionStatement {
            id: row.address(),
            speaker: row.vintage_id.to_string(),
            speaker_name: format!("vintage {}", row.vintage_id),
            act: Act::Reports.to_string(),
            value: Some(rounded(*value)),
            lower: None,
            upper: None,
            least: None,
            most: None,
            unit: row.unit.clone(),
            as_said: None,
            period: row.period.to_string(),
            place: Some(row.place_id.to_string()),
            planned: false,
            reply: None,
            source: row.source_id.to_string(),
            from: vec![row.address()],
        });
    }
    let statements: Vec<String> = said.iter().map(|one| one.id.clone()).collect();
    let sources: BTreeSet<&str> = said.iter().map(|one| one.source.as_str()).collect();
    let voices = sources.len();
    Contradiction {
        subject: place.clone(),
        property: about.0,
        period: about.1,
        place: Some(place),
        kind: ContradictionKind::Vintages,
        differs_in: Vec::new(),
        voices,
        copies: Vec::new(),
        size: size.map(rounded),
        matters_to: readers.iter().cloned().collect(),
        sentence: text
            .text(". ")
            .join(finding(ContradictionKind::Vintages, size, voices, &[], &id)),
        from: statements.clone(),
        statements,
        said,
        id,
    }
}
