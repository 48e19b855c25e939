//! What a rate is taken of: in every vintage on record, of one giver, of all together, over one year or several.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::indicator::IndicatorKind;
use counterpart_model::rule::{Rule, RuleKind};
use counterpart_model::{Decimal, Id, Period};

use super::Desk;
use crate::assessment::{Figure, FigureKind};
use crate::reading::Figures;
use crate::words;

/// A base in one vintage.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Base {
    pub(crate) value: Decimal,
    pub(crate) vintage: String,
    /// The figures that it is, or is a sum or difference of.
    pub(crate) from: Vec<String>,
    pub(crate) notes: Vec<String>,
}

/// Bases on record in the order of the vintages' preference, or why there is none.
pub(crate) type Found = Result<Vec<Base>, String>;

/// Returns the bases on which a contribution rule is evaluated, the one that it names first.
///
/// Others are: what another contribution rule of the case names; what a study takes as the dose of a giver; and every
/// observed level in the same currency whose name says that it is a revenue, a tax or a gross domestic product, and not
/// per head, nor at constant prices. Only those count of which some giver has a value in some year of the rule.
pub fn bases(record: &counterpart_model::Record, rule: &Rule, has_value: impl Fn(&Id) -> bool) -> Vec<Id> {
    let Some(named) = rule
        .base_indicator
        .as_deref()
        .filter(|base| !base.starts_with("flow:"))
    else {
        return Vec::new();
    };
    let named = Id::new(named);
    let mut found = vec![named.clone()];
    if rule.rate_lower.is_none() && rule.rate_upper.is_none() {
        // Without a rate another base says nothing.
        return found;
    }
    let by_rules = record
        .rules
        .iter()
        .filter(|other| other.kind == RuleKind::Contribution)
        .filter_map(|other| other.base_indicator.as_deref())
        .filter(|base| !base.starts_with("flow:"))
        .map(Id::new);
    let by_studies = record
        .case
        .studies
        .iter()
        .filter_map(|study| study.dose.as_ref())
        .map(|dose| dose.base.clone());
    let unit = record
        .indicators
        .iter()
        .find(|row| row.id == named)
        .and_then(|row| row.unit.clone());
    let by_name = record
        .indicators
        .iter()
        .filter(|row| row.derive.is_none() && row.kind == IndicatorKind::Level)
        .filter(|row| is_base_by_name(&row.name))
        .map(|row| row.id.clone());
    let others: BTreeSet<Id> = by_rules.chain(by_studies).chain(by_name).collect();
    let same_unit = |id: &Id| {
        record
            .indicators
            .iter()
            .any(|row| row.id == *id && row.unit == unit && unit.is_some())
    };
    found.extend(
        others
            .into_iter()
            .filter(|id| *id != named && same_unit(id) && has_value(id)),
    );
    found
}

/// Whether an indicator's name says that it is a revenue, a tax or a gross domestic product at current prices.
fn is_base_by_name(name: &str) -> bool {
    let name = name.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    says(&["revenue", "tax ", "taxes", "gross domestic product", "gdp"])
        && !says(&[
            "per head",
            "per capita",
            "per person",
            "constant",
            "real ",
            "volume",
            "index",
            "share",
            "growth",
            "gap",
            "sum of",
            "ppp",
            "rate",
        ])
}

/// Givers of a rule with who lies in whom.
pub(crate) struct Party<'a> {
    /// Who owes.
    pub(crate) id: &'a Id,
    /// Other givers that lie inside it and are counted apart.
    pub(crate) apart: Vec<&'a Id>,
    /// Another giver in which it lies.
    pub(crate) inside: Option<&'a Id>,
}

/// Returns the base of one giver in a year, in every vintage on record.
pub(crate) fn of_one(
    desk: &Desk<'_>,
    party: &Party<'_>,
    indicator: &Id,
    year: i32,
    figures: &mut Figures,
) -> Found {
    let Ok(short) = i16::try_from(year) else {
        return Err(format!("{year} is no year"));
    };
    let period = Period::year_only(short);
    let readings = desk.reader.readings(party.id, indicator, period);
    let mut found = Vec::new();
    for reading in readings.iter() {
        let mut base = Base {
            value: reading.value,
            vintage: reading.vintages.clone(),
            from: vec![reading.id.clone()],
            notes: Vec::new(),
        };
        desk.reader.note(reading, figures);
        for apart in &party.apart {
            let own = desk.reader.readings(apart, indicator, period);
            let same = own.iter().find(|other| other.vintages == reading.vintages);
            let name = desk.names.name(apart);
            match same.and_then(|own| Some((own, base.value.checked_sub(own.value)?))) {
                Some((own, rest)) => {
                    desk.reader.note(own, figures);
                    base.value = rest;
                    base.from.push(own.id.clone());
                    base.notes.push(format!("without {name}, which is counted apart"));
                }
                None => base.notes.push(format!(
                    "{name}, which is counted apart, lies inside and has no base of its own in this vintage: it is in the base"
                )),
            }
        }
        found.push(base);
    }
    if found.is_empty() {
        let name = desk.names.name(party.id);
        return Err(match party.inside {
            Some(outer) => format!(
                "{} of {name} in {year} is not on record; it lies in {}, whose base holds it",
                named(desk, indicator),
                desk.names.name(outer)
            ),
            None => format!("{} of {name} in {year} is not on record", named(desk, indicator)),
        });
    }
    Ok(found)
}

/// Returns the base of all givers together in a year, in every vintage that has all of them.
pub(crate) fn together(
    desk: &Desk<'_>,
    who: &Id,
    parties: &[Party<'_>],
    indicator: &Id,
    year: i32,
    figures: &mut Figures,
) -> Found {
    let Ok(short) = i16::try_from(year) else {
        return Err(format!("{year} is no year"));
    };
    let period = Period::year_only(short);
    // Who lies inside another giver is in that one's base.
    let outer: Vec<&Party<'_>> = parties.iter().filter(|party| party.inside.is_none()).collect();
    let inner: Vec<String> = parties
        .iter()
        .filter(|party| party.inside.is_some())
        .map(|party| desk.names.name(party.id))
        .collect();
    let mut order: Vec<String> = Vec::new();
    let mut by_vintage: BTreeMap<String, Vec<(usize, Decimal, String)>> = BTreeMap::new();
    for (number, party) in outer.iter().enumerate() {
        for reading in desk.reader.readings(party.id, indicator, period).iter() {
            if !order.contains(&reading.vintages) {
                order.push(reading.vintages.clone());
            }
            by_vintage.entry(reading.vintages.clone()).or_default().push((
                number,
                reading.value,
                reading.id.clone(),
            ));
        }
    }
    let mut found = Vec::new();
    let mut nearest: Option<(usize, &String)> = None;
    for vintage in &order {
        let Some(values) = by_vintage.get(vintage) else {
            continue;
        };
        if values.len() < outer.len() {
            if nearest.is_none_or(|(most, _)| values.len() > most) {
                nearest = Some((values.len(), vintage));
            }
            continue;
        }
        let sum = values
            .iter()
            .try_fold(Decimal::ZERO, |sum, (_, value, _)| sum.checked_add(*value));
        let Some(value) = sum else { continue };
        for party in &outer {
            for reading in desk.reader.readings(party.id, indicator, period).iter() {
                if reading.vintages == *vintage {
                    desk.reader.note(reading, figures);
                }
            }
        }
        let notes = if inner.is_empty() {
            Vec::new()
        } else {
            vec![format!(
                "{} inside another giver, counted once with it",
                lie(&words::list(&inner), inner.len())
            )]
        };
        let id = format!("{who}/{indicator}/{period}@{vintage}#sum");
        figures.add(Figure {
            id: id.clone(),
            kind: FigureKind::Computed,
            value: super::printed(value),
            unit: desk.reader.indicator(indicator).and_then(|row| row.unit.clone()),
            label: format!(
                "{}, {}, {period}: sum of {} givers",
                desk.names.name(who),
                named(desk, indicator),
                outer.len()
            ),
            status: None,
            source: None,
            locator: None,
            formula: None,
            from: values.iter().map(|(_, _, id)| id.clone()).collect(),
        });
        found.push(Base {
            value,
            vintage: vintage.clone(),
            from: vec![id],
            notes,
        });
    }
    if found.is_empty() {
        let name = named(desk, indicator);
        return Err(match nearest {
            None => format!(
                "{name} of none of the {} givers is on record for {year}",
                outer.len()
            ),
            Some((most, vintage)) => {
                let has: BTreeSet<usize> = by_vintage
                    .get(vintage)
                    .map(|values| values.iter().map(|(number, ..)| *number).collect())
                    .unwrap_or_default();
                let missing: Vec<String> = outer
                    .iter()
                    .enumerate()
                    .filter(|(number, _)| !has.contains(number))
                    .map(|(_, party)| desk.names.name(party.id))
                    .collect();
                format!(
                    "no vintage has {name} of all givers for {year}: {vintage} has {most} of {}, without {}",
                    outer.len(),
                    words::list(&missing)
                )
            }
        });
    }
    Ok(found)
}

fn lie(names: &str, count: usize) -> String {
    format!("{names} {}", if count == 1 { "lies" } else { "lie" })
}

/// Returns sums over several years, in every vintage that has each of them.
pub(crate) fn over_years(
    years: impl Iterator<Item = i32> + Clone,
    mut of_year: impl FnMut(i32) -> Found,
) -> Found {
    let mut sums: Option<Vec<Base>> = None;
    for year in years {
        let found = of_year(year)?;
        sums = Some(match sums {
            None => found,
            Some(before) => before
                .into_iter()
                .filter_map(|sum| {
                    let more = found.iter().find(|base| base.vintage == sum.vintage)?;
                    let mut from = sum.from;
                    from.extend(more.from.iter().cloned());
                    let mut notes = sum.notes;
                    for note in &more.notes {
                        if !notes.contains(note) {
                            notes.push(note.clone());
                        }
                    }
                    Some(Base {
                        value: sum.value.checked_add(more.value)?,
                        vintage: sum.vintage,
                        from,
                        notes,
                    })
                })
                .collect(),
        });
    }
    match sums {
        Some(found) if !found.is_empty() => Ok(found),
        _ => Err("no one vintage has the base of every year of the span".to_owned()),
    }
}

/// Returns an indicator's name.
pub(crate) fn named(desk: &Desk<'_>, indicator: &Id) -> String {
    desk.reader
        .indicator(indicator)
        .map_or_else(|| indicator.to_string(), |row| row.name.clone())
}
