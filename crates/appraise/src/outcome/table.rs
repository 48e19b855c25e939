//! Places by years in one choice of vintages.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::place::Level;
use counterpart_model::{Id, Period};
use counterpart_panel::Places;
use counterpart_panel::derive::{Choice, join_vintages, nearest_double};

use crate::reading::Reader;

/// Unit in which heads are counted.
const HEADS: &str = "persons";

/// Most choices of vintages that are described for one indicator and level.
const MOST: usize = 60;

/// Values of an indicator across the places of a level, in one choice of vintages.
pub(super) struct Across {
    /// Vintages, joined by `+`.
    pub(super) vintages: String,
    /// Censuses behind the heads.
    pub(super) basis: Option<String>,
    /// Years kept: those in which at least half as many places have a value as in the fullest year.
    pub(super) years: Vec<i16>,
    /// Places with a value in every year kept.
    pub(super) places: Vec<Id>,
    /// Places of the level that lack one.
    pub(super) lacking: Vec<Id>,
    /// Values by place, then year.
    pub(super) values: Vec<Vec<f64>>,
    /// Heads by place, then year; empty where the vintages hold none for some of them.
    pub(super) heads: Vec<Vec<f64>>,
}

/// One value with the heads behind it.
type Read = (f64, Option<f64>);

/// Returns the tables of an indicator across the places of a level inside a container, by vintages.
pub(super) fn tables(
    reader: &Reader<'_>,
    places: &Places,
    indicator: &Id,
    container: &Id,
    level: Level,
) -> Vec<Across> {
    let units = places.inside(container, level);
    let Ok(slots) = reader.deriver().observed(indicator) else {
        return Vec::new();
    };
    if units.len() < 3 || slots.is_empty() {
        return Vec::new();
    }
    let held = held(reader, slots, &units);
    choices(&held, slots)
        .into_iter()
        .filter_map(|choice| table(reader, indicator, &units, &held, slots, &choice))
        .collect()
}

/// Years and numbers of places that each vintage of each observed indicator holds among the units.
type Held = BTreeMap<(Id, Id), BTreeMap<i16, usize>>;

fn held(reader: &Reader<'_>, slots: &[Id], units: &[Id]) -> Held {
    let units: BTreeSet<&Id> = units.iter().collect();
    let mut held = Held::new();
    let mut last: Option<(&Id, bool)> = None;
    for row in &reader.record().observations {
        let is_unit = match last {
            Some((place, is_unit)) if *place == row.place_id => is_unit,
            _ => units.contains(&row.place_id),
        };
        last = Some((&row.place_id, is_unit));
        if !is_unit || row.value.is_none() || !slots.contains(&row.indicator_id) {
            continue;
        }
        let Some(year) = row.period.as_year().and_then(|year| i16::try_from(year).ok()) else {
            continue;
        };
        let key = (row.indicator_id.clone(), row.vintage_id.clone());
        *held.entry(key).or_default().entry(year).or_default() += 1;
    }
    held
}

/// Every combination of vintages that hold at least three of the units in some year, in the order of their names.
fn choices(held: &Held, slots: &[Id]) -> Vec<Choice> {
    let mut choices = vec![Choice::new()];
    for slot in slots {
        let vintages: Vec<&Id> = held
            .iter()
            .filter(|((indicator, _), years)| indicator == slot && years.values().any(|n| *n >= 3))
            .map(|((_, vintage), _)| vintage)
            .collect();
        choices = choices
            .iter()
            .flat_map(|choice| {
                vintages.iter().map(|vintage| {
                    let mut choice = choice.clone();
                    choice.insert(slot.clone(), (*vintage).clone());
                    choice
                })
            })
            .take(MOST)
            .collect();
    }
    choices
}

fn table(
    reader: &Reader<'_>,
    indicator: &Id,
    units: &[Id],
    held: &Held,
    slots: &[Id],
    choice: &Choice,
) -> Option<Across> {
    let mut years: Option<BTreeSet<i16>> = None;
    for slot in slots {
        let of: BTreeSet<i16> = held
            .get(&(slot.clone(), choice.get(slot)?.clone()))?
            .iter()
            .filter(|(_, n)| **n >= 3)
            .map(|(year, _)| *year)
            .collect();
        years = Some(match years {
            Some(years) => years.intersection(&of).copied().collect(),
            None => of,
        });
    }
    let mut basis: BTreeSet<String> = BTreeSet::new();
    let mut read: BTreeMap<i16, BTreeMap<&Id, Read>> = BTreeMap::new();
    for year in years? {
        for unit in units {
            let period = Period::year_only(year);
            if let Ok(derived) = reader.deriver().evaluate(indicator, unit, period, choice) {
                basis.extend(derived.population_bases());
                let heads = derived.inputs.iter().find(|input| {
                    input.unit.as_deref() == Some(HEADS) && input.place == *unit && input.period == period
                });
                let heads = heads.map(|input| nearest_double(input.value));
                read.entry(year)
                    .or_default()
                    .insert(unit, (derived.as_f64(), heads));
            }
        }
    }
    let fullest = read.values().map(BTreeMap::len).max()?;
    read.retain(|_, of| of.len() * 2 >= fullest);
    let (places, lacking): (Vec<&Id>, Vec<&Id>) = units
        .iter()
        .partition(|unit| read.values().all(|of| of.contains_key(unit)));
    if places.len() < 3 {
        return None;
    }
    let of = |place: &Id| -> Vec<Read> { read.values().filter_map(|of| of.get(place).copied()).collect() };
    let all: Vec<Vec<Read>> = places.iter().map(|place| of(place)).collect();
    let heads: Option<Vec<Vec<f64>>> = all
        .iter()
        .map(|row| row.iter().map(|(_, heads)| *heads).collect::<Option<Vec<f64>>>())
        .collect();
    // A count of heads described by itself is no amount a head.
    let is_count = slots.len() == 1 && heads.is_some();
    Some(Across {
        vintages: join_vintages(slots.iter().filter_map(|slot| choice.get(slot))),
        basis: (!basis.is_empty()).then(|| basis.into_iter().collect::<Vec<_>>().join("; ")),
        years: read.keys().copied().collect(),
        places: places.into_iter().cloned().collect(),
        lacking: lacking.into_iter().cloned().collect(),
        values: all
            .iter()
            .map(|row| row.iter().map(|(value, _)| *value).collect())
            .collect(),
        heads: heads.filter(|_| !is_count).unwrap_or_default(),
    })
}
