//! Who would hold what is missing, by what is on record elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::formula;
use counterpart_model::programme::PairingBasis;
use counterpart_model::{Id, Record};

use crate::assessment::{ActivityRow, ResultKind};
use crate::carried;
use crate::words;

/// What is said where nothing tells.
pub(super) const UNKNOWN: &str = "not known";

/// Most holders that are named.
const MOST: usize = 3;

/// Publishers and speakers of what is on record.
pub(super) struct Holders<'a> {
    record: &'a Record,
    /// Publishers of the observations of an indicator, with how many rows each has; and at one place.
    series: BTreeMap<&'a Id, BTreeMap<&'a str, usize>>,
    at_place: BTreeMap<(&'a Id, &'a Id), BTreeSet<&'a str>>,
}

impl<'a> Holders<'a> {
    /// Reads publishers off the observations, in one pass.
    pub(super) fn of(record: &'a Record) -> Self {
        let publishers: BTreeMap<&Id, &str> = record
            .sources
            .iter()
            .map(|source| (&source.id, source.publisher.as_str()))
            .collect();
        let mut series: BTreeMap<&Id, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut at_place: BTreeMap<(&Id, &Id), BTreeSet<&str>> = BTreeMap::new();
        let mut last: Option<(&Id, &Id, &Id)> = None;
        for row in &record.observations {
            let key = (&row.place_id, &row.indicator_id, &row.source_id);
            if last == Some(key) {
                continue;
            }
            last = Some(key);
            if let Some(publisher) = publishers.get(&row.source_id) {
                *series
                    .entry(&row.indicator_id)
                    .or_default()
                    .entry(publisher)
                    .or_default() += 1;
                at_place
                    .entry((&row.indicator_id, &row.place_id))
                    .or_default()
                    .insert(publisher);
            }
        }
        Self {
            record,
            series,
            at_place,
        }
    }

    /// Who would hold an operand: a figure of a series, or a statement.
    pub(super) fn of_operand(&self, operand: &str) -> String {
        match operand.split('/').collect::<Vec<_>>().as_slice() {
            [place, indicator, _] => self.of_series(indicator, Some(place)),
            _ => UNKNOWN.to_owned(),
        }
    }

    /// Who publishes an indicator: at a place, else anywhere. A derived one is held by whoever holds its parts.
    pub(super) fn of_series(&self, indicator: &str, place: Option<&str>) -> String {
        let mut observed: BTreeSet<Id> = BTreeSet::new();
        self.observed(&Id::new(indicator), &mut observed, 0);
        let here: BTreeSet<&str> = place
            .map(Id::new)
            .into_iter()
            .flat_map(|place| {
                let parts = observed
                    .iter()
                    .filter_map(|part| self.at_place.get(&(part, &place)));
                parts.flatten().copied().collect::<Vec<&str>>()
            })
            .collect();
        if !here.is_empty() {
            return named(here.into_iter().map(str::to_owned));
        }
        let mut anywhere: BTreeMap<&str, usize> = BTreeMap::new();
        for (publisher, rows) in observed.iter().filter_map(|part| self.series.get(part)).flatten() {
            *anywhere.entry(publisher).or_default() += rows;
        }
        let mut order: Vec<(&str, usize)> = anywhere.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        named(order.into_iter().map(|(publisher, _)| publisher.to_owned()))
    }

    /// The observed indicators that an indicator rests on, through formulas.
    fn observed(&self, indicator: &Id, found: &mut BTreeSet<Id>, depth: usize) {
        let known = self.record.indicators.iter().find(|row| row.id == *indicator);
        let Some(formula) = known.and_then(|row| row.derive.as_deref()).filter(|_| depth < 8) else {
            found.insert(indicator.clone());
            return;
        };
        if let Ok(formula) = formula::parse(formula) {
            for name in formula.indicators() {
                self.observed(&name, found, depth + 1);
            }
        }
    }

    /// Whoever said it, by name.
    pub(super) fn of_speaker(&self, speaker: &str) -> String {
        let id = Id::new(speaker);
        let known = self.record.speakers.iter().find(|row| row.id == id);
        let is_named = known.is_some_and(|row| row.kind.as_str() != "unattributed");
        if is_named {
            carried::name(self.record, &id)
        } else {
            UNKNOWN.to_owned()
        }
    }

    /// Whoever stated a provider's payments elsewhere, and the provider itself.
    pub(super) fn of_payments(&self, provider: &str) -> String {
        let provider = Id::new(provider);
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        for row in self
            .record
            .transactions
            .iter()
            .filter(|row| row.provider_id == provider)
        {
            let name = self.of_speaker(row.speaker_id.as_str());
            if name != UNKNOWN {
                *said.entry(name).or_default() += 1;
            }
        }
        let mut order: Vec<(String, usize)> = said.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let own = carried::name(self.record, &provider);
        named(std::iter::once(own).chain(order.into_iter().map(|(name, _)| name)))
    }

    /// Whoever states a rule.
    pub(super) fn of_rule(&self, rule: &str) -> String {
        let known = self.record.rules.iter().find(|row| row.id.as_str() == rule);
        known
            .and_then(|row| row.speaker_id.as_ref())
            .map_or_else(|| UNKNOWN.to_owned(), |speaker| self.of_speaker(speaker.as_str()))
    }

    /// Publishers of the lists that other pairings of the programme rest on.
    pub(super) fn of_pairings(&self, round: &Id) -> String {
        let programme = self
            .record
            .rounds
            .iter()
            .find(|row| row.id == *round)
            .map(|row| &row.programme_id);
        let publishers = |basis: PairingBasis| -> BTreeSet<String> {
            self.record
                .pairings
                .iter()
                .filter(|row| Some(&row.programme_id) == programme && row.basis == basis)
                .filter_map(|row| {
                    self.record
                        .sources
                        .iter()
                        .find(|source| source.id == row.source_id)
                })
                .map(|source| source.publisher.clone())
                .collect()
        };
        let lists = publishers(PairingBasis::OfficialList);
        if lists.is_empty() {
            named(publishers(PairingBasis::Press))
        } else {
            named(lists)
        }
    }

    /// Whoever said what the project reached otherwise, those who take part in it, else whoever promised.
    pub(super) fn of_activity(&self, activity: &ActivityRow, promised_by: &str) -> String {
        let told: BTreeSet<String> = activity
            .results
            .iter()
            .filter(|row| matches!(row.kind, ResultKind::Actual | ResultKind::Both))
            .map(|row| self.of_speaker(&row.speaker))
            .filter(|name| name != UNKNOWN)
            .collect();
        let parties = activity
            .participants
            .iter()
            .map(|row| row.organisation_name.clone());
        let own = self.of_speaker(promised_by);
        let own = (own != UNKNOWN).then_some(own);
        named(parties.chain(told).chain(own))
    }
}

/// Names joined, the first few; *not known* where there is none.
fn named(names: impl IntoIterator<Item = String>) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut more = 0;
    for name in names {
        if kept.contains(&name) || name.is_empty() {
            continue;
        }
        if kept.len() < MOST {
            kept.push(name);
        } else {
            more += 1;
        }
    }
    if kept.is_empty() {
        return UNKNOWN.to_owned();
    }
    if more > 0 {
        kept.push(format!("{more} more"));
    }
    words::list(&kept)
}
