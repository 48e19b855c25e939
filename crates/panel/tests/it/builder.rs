//! A record built row by row, in invented places.

use std::collections::BTreeMap;
use std::sync::Arc;

use counterpart_model::indicator::{Better, Indicator, IndicatorKind};
use counterpart_model::observation::{Observation, Vintage, VintageKind};
use counterpart_model::place::{Level, Place, PlaceMember};
use counterpart_model::pool::Pool;
use counterpart_model::programme::{Confidence, Pairing, PairingBasis, PairingKind, Programme, Round};
use counterpart_model::study::Study;
use counterpart_model::{Id, Period, Record};
use counterpart_panel::{Choice, Deriver, Places, RecordSeries};

/// Builds a record; every method adds one row.
pub(crate) struct Builder {
    pub(crate) record: Record,
}

fn optional<T: std::str::FromStr>(text: &str) -> Option<T>
where
    T::Err: std::fmt::Debug,
{
    (!text.is_empty()).then(|| text.parse().unwrap())
}

pub(crate) fn year(year: i16) -> Period {
    Period::year_only(year)
}

impl Builder {
    pub(crate) fn new() -> Self {
        let case = serde_json::json!({
            "title": "t", "question": "q", "nation": "N", "subject": "N-A", "as_of": "2020", "seed": 1,
            "disclosure": {"threshold": 10},
            "verdict": {"confidence": 0.95, "smallest_effect": 0.05, "rule": [], "headline": "all_primary_agree"},
        });
        let record = Record::new(serde_json::from_value(case).unwrap());
        Self { record }
    }

    pub(crate) fn place(mut self, id: &str, level: Level, parent: &str) -> Self {
        self.record.places.push(Place {
            id: id.into(),
            name: format!("The {id}"),
            name_zh: None,
            name_local: None,
            level,
            parent_id: (!parent.is_empty()).then(|| parent.into()),
            lon: None,
            lat: None,
            valid_from: None,
            valid_to: None,
            source_id: "S".into(),
            locator: None,
            extra: BTreeMap::new(),
        });
        self
    }

    /// Sets from when to when the code of the last place holds.
    pub(crate) fn valid(mut self, from: &str, to: &str) -> Self {
        let place = self.record.places.last_mut().unwrap();
        place.valid_from = optional(from);
        place.valid_to = optional(to);
        self
    }

    pub(crate) fn member(mut self, group: &str, place: &str) -> Self {
        self.record.place_members.push(PlaceMember {
            group_id: group.into(),
            place_id: place.into(),
            valid_from: None,
            valid_to: None,
            source_id: "S".into(),
            locator: None,
            extra: BTreeMap::new(),
        });
        self
    }

    pub(crate) fn indicator(mut self, id: &str, unit: &str, derive: &str) -> Self {
        self.record.indicators.push(Indicator {
            id: id.into(),
            name: id.into(),
            name_zh: None,
            unit: Some(unit.into()),
            kind: IndicatorKind::Level,
            better: Better::Higher,
            derive: (!derive.is_empty()).then(|| derive.into()),
            source_id: "S".into(),
            locator: None,
            extra: BTreeMap::new(),
        });
        self
    }

    pub(crate) fn vintage(mut self, id: &str, kind: VintageKind, published: &str, basis: &str) -> Self {
        self.record.vintages.push(Vintage {
            id: id.into(),
            series: None,
            kind: Some(kind),
            published_on: optional(published),
            population_basis: (!basis.is_empty()).then(|| basis.into()),
            supersedes: Vec::new(),
            note: None,
            source_id: "S".into(),
            locator: None,
            extra: BTreeMap::new(),
        });
        self
    }

    pub(crate) fn value(
        mut self,
        place: &str,
        indicator: &str,
        year: i16,
        vintage: &str,
        value: &str,
    ) -> Self {
        self.record.observations.push(Observation {
            place_id: place.into(),
            indicator_id: indicator.into(),
            period: Period::year_only(year),
            vintage_id: vintage.into(),
            value: optional(value),
            unit: None,
            status: None,
            flag: None,
            source_id: "S".into(),
            locator: None,
            extra: BTreeMap::new(),
        });
        self
    }

    /// Sets status and flags of the last value.
    pub(crate) fn flagged(mut self, status: &str, flag: &str) -> Self {
        let row = self.record.observations.last_mut().unwrap();
        row.status = optional(status);
        row.flag = optional(flag);
        self
    }

    pub(crate) fn round(mut self, programme: &str, round: &str, start: &str, end: &str) -> Self {
        if !self.record.programmes.iter().any(|known| known.id == programme) {
            self.record.programmes.push(Programme {
                id: programme.into(),
                name: format!("Programme {programme}"),
                nation_id: "N".into(),
                decided_on: None,
                first_money_on: None,
                start: optional(start),
                end: None,
                notes: None,
                source_id: "S".into(),
                locator: None,
                extra: BTreeMap::new(),
            });
        }
        self.record.rounds.push(Round {
            id: round.into(),
            programme_id: programme.into(),
            name: format!("Round {round}"),
            decided_on: None,
            first_money_on: None,
            start: optional(start),
            end: optional(end),
            notes: None,
            source_id: "S".into(),
            locator: None,
            extra: BTreeMap::new(),
        });
        self
    }

    pub(crate) fn pairing(
        mut self,
        id: &str,
        round: &str,
        provider: &str,
        recipient: &str,
        dates: (&str, &str),
    ) -> Self {
        let of = self.record.rounds.iter().find(|known| known.id == round).unwrap();
        let programme_id = of.programme_id.clone();
        self.record.pairings.push(Pairing {
            id: id.into(),
            programme_id,
            round_id: round.into(),
            provider_id: provider.into(),
            recipient_id: recipient.into(),
            kind: PairingKind::Region,
            start: optional(dates.0),
            end: optional(dates.1),
            confidence: Confidence::High,
            basis: PairingBasis::OfficialList,
            source_id: "S".into(),
            locator: None,
            extra: BTreeMap::new(),
        });
        self
    }

    /// Sets what the last pairing pairs.
    pub(crate) fn kind(mut self, kind: PairingKind) -> Self {
        self.record.pairings.last_mut().unwrap().kind = kind;
        self
    }
}

/// Reads a pool from the words of `case.toml`.
pub(crate) fn pool(words: serde_json::Value) -> Pool {
    serde_json::from_value(words).unwrap()
}

/// Reads a study from the words of `case.toml`.
pub(crate) fn study(words: serde_json::Value) -> Study {
    serde_json::from_value(words).unwrap()
}

pub(crate) fn ids(names: &[&str]) -> Vec<Id> {
    names.iter().map(|name| Id::new(name)).collect()
}

pub(crate) fn choice(pairs: &[(&str, &str)]) -> Choice {
    pairs
        .iter()
        .map(|(indicator, vintage)| (Id::new(indicator), Id::new(vintage)))
        .collect()
}

/// Calls `check` with an evaluator over every vintage of the record.
pub(crate) fn with_deriver(record: &Record, check: impl FnOnce(&Deriver<'_, RecordSeries<&Record>>)) {
    let series = RecordSeries::new(record);
    let places = Arc::new(Places::of(record));
    check(&Deriver::new(&series, record, places));
}
