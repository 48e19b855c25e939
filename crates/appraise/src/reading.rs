//! Readings: the values that the record gives for a place, an indicator and a period, one for each vintage or
//! combination of vintages; and the figures of the report that they become.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use counterpart_model::indicator::Indicator;
use counterpart_model::observation::Observation;
use counterpart_model::{Decimal, Id, Period, Record, RoundingStrategy};
use counterpart_panel::{Derived, Deriver, Places, Reading as Cell, RecordSeries, Series};

use crate::assessment::{Figure, FigureKind, Number};

/// One value with everything that is needed to say where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The figure's id: `place/indicator/period@vintages`.
    pub id: String,
    /// The value.
    pub value: Decimal,
    /// Vintages of its inputs, joined by `+`.
    pub vintages: String,
    /// Censuses behind its heads, joined by `; `.
    pub basis: Option<String>,
    /// Whether an input is preliminary, estimated or inferred.
    pub provisional: bool,
    /// Sources of its inputs.
    pub sources: Vec<Id>,
    /// What it was computed from.
    pub derived: Arc<Derived>,
}

/// Figures that were read, by id, so that everything pointed at is in the report.
#[derive(Debug, Default)]
pub struct Figures {
    by_id: BTreeMap<String, Figure>,
}

impl Figures {
    /// Returns the figures in the order of their ids.
    #[must_use]
    pub fn into_rows(self) -> Vec<Figure> {
        self.by_id.into_values().collect()
    }

    /// Adds a figure unless one of that id is there.
    pub fn add(&mut self, figure: Figure) {
        self.by_id.entry(figure.id.clone()).or_insert(figure);
    }

    /// Adds the figures of another list; one that stands in both is the same figure.
    pub(crate) fn merge(&mut self, other: Self) {
        for figure in other.by_id.into_values() {
            self.add(figure);
        }
    }

    /// Returns the ids of the observed figures that a figure was computed from; itself, where it is observed.
    pub(crate) fn observed_behind<'f>(&'f self, id: &'f str) -> Vec<&'f str> {
        match self.by_id.get(id) {
            Some(figure) if figure.kind == FigureKind::Derived => {
                figure.from.iter().map(String::as_str).collect()
            }
            Some(figure) if figure.kind == FigureKind::Observed => vec![id],
            _ => Vec::new(),
        }
    }

    /// Whether a figure of that id is there.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }
}

/// Where a value is looked up: place, indicator, period.
type Address = (Id, Id, Period);

/// Reads values off a record, every vintage on record.
pub struct Reader<'a> {
    record: &'a Record,
    deriver: Deriver<'a, RecordSeries<&'a Record>>,
    indicators: BTreeMap<&'a Id, &'a Indicator>,
    names: BTreeMap<&'a Id, &'a str>,
    read: RefCell<BTreeMap<Address, Arc<Vec<Reading>>>>,
    years: OnceCell<BTreeMap<Id, BTreeSet<i16>>>,
}

impl<'a> Reader<'a> {
    /// Builds a reader over the index of a record.
    #[must_use]
    pub fn new(record: &'a Record, series: &'a RecordSeries<&'a Record>, places: Arc<Places>) -> Self {
        Self {
            record,
            deriver: Deriver::new(series, record, places),
            indicators: record
                .indicators
                .iter()
                .map(|indicator| (&indicator.id, indicator))
                .collect(),
            names: record
                .places
                .iter()
                .map(|place| (&place.id, place.name.as_str()))
                .collect(),
            read: RefCell::default(),
            years: OnceCell::new(),
        }
    }

    /// Returns the record.
    #[must_use]
    pub fn record(&self) -> &'a Record {
        self.record
    }

    /// Returns an indicator by its id.
    #[must_use]
    pub fn indicator(&self, id: &Id) -> Option<&'a Indicator> {
        self.indicators.get(id).copied()
    }

    /// Returns the deriver behind the readings.
    #[must_use]
    pub fn deriver(&self) -> &Deriver<'a, RecordSeries<&'a Record>> {
        &self.deriver
    }

    /// Returns the years for which a place has any observation, in order.
    #[must_use]
    pub fn years(&self, place: &Id) -> Vec<i16> {
        let years = self.years.get_or_init(|| years(self.record));
        years
            .get(place)
            .map(|years| years.iter().copied().collect())
            .unwrap_or_default()
    }

    /// Returns every reading of an indicator at a place and period, in the order of the vintages' preference.
    #[must_use]
    pub fn readings(&self, place: &Id, indicator: &Id, period: Period) -> Arc<Vec<Reading>> {
        let address = (place.clone(), indicator.clone(), period);
        if let Some(found) = self.read.borrow().get(&address) {
            return Arc::clone(found);
        }
        let found = self
            .deriver
            .combinations(indicator, place, period)
            .map(|all| all.found)
            .unwrap_or_default();
        let readings: Arc<Vec<Reading>> =
            Arc::new(found.into_iter().map(|derived| self.reading(derived)).collect());
        self.read.borrow_mut().insert(address, Arc::clone(&readings));
        readings
    }

    fn reading(&self, derived: Derived) -> Reading {
        let mut sources: Vec<Id> = derived
            .inputs
            .iter()
            .filter_map(|input| self.observation(input).map(|row| row.source_id.clone()))
            .collect();
        sources.sort();
        sources.dedup();
        let bases: Vec<String> = derived.population_bases().into_iter().collect();
        Reading {
            id: derived.address(),
            value: derived.value,
            vintages: derived.vintage_name(),
            basis: (!bases.is_empty()).then(|| bases.join("; ")),
            provisional: derived
                .statuses()
                .iter()
                .any(|status| status.contains(['p', 'e'])),
            sources,
            derived: Arc::new(derived),
        }
    }

    fn observation(&self, input: &counterpart_panel::derive::Input) -> Option<&Observation> {
        match self
            .deriver
            .series()
            .reading(&input.place, &input.indicator, input.period, &input.vintage)
        {
            Cell::Value(observation) => Some(observation),
            _ => None,
        }
    }

    /// Adds the figure of a reading, and those it was computed from, to `figures`.
    pub fn note(&self, reading: &Reading, figures: &mut Figures) {
        if figures.has(&reading.id) {
            return;
        }
        let derived = &reading.derived;
        let is_observed = matches!(derived.inputs.as_slice(), [only] if only.address == reading.id);
        if !is_observed {
            let described = self.indicator(&derived.indicator);
            figures.add(Figure {
                id: reading.id.clone(),
                kind: FigureKind::Derived,
                value: Number::exact(
                    derived
                        .value
                        .round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero),
                ),
                unit: described.and_then(|indicator| indicator.unit.clone()),
                label: self.label(&derived.place, &derived.indicator, derived.period),
                status: None,
                source: None,
                locator: None,
                formula: described.and_then(|indicator| indicator.derive.clone()),
                from: derived.inputs.iter().map(|input| input.address.clone()).collect(),
            });
        }
        for input in &derived.inputs {
            if figures.has(&input.address) {
                continue;
            }
            let row = self.observation(input);
            let words: Vec<String> = input
                .status
                .iter()
                .map(|status| status_in_words(status))
                .chain(input.flags.iter().cloned())
                .collect();
            figures.add(Figure {
                id: input.address.clone(),
                kind: FigureKind::Observed,
                value: Number::exact(input.value),
                unit: input.unit.clone(),
                label: self.label(&input.place, &input.indicator, input.period),
                status: (!words.is_empty()).then(|| words.join("; ")),
                source: row.map(|row| row.source_id.to_string()),
                locator: row.and_then(|row| row.locator.clone()),
                formula: None,
                from: Vec::new(),
            });
        }
    }

    /// Returns the figure of an observation with a value.
    pub(crate) fn figure_of(&self, row: &Observation, value: Decimal) -> Figure {
        let words: Vec<String> = row
            .status
            .iter()
            .map(|status| status_in_words(status))
            .chain(
                row.flag
                    .iter()
                    .flat_map(|flags| flags.split(';').map(str::to_owned)),
            )
            .collect();
        Figure {
            id: row.address(),
            kind: FigureKind::Observed,
            value: Number::exact(value),
            unit: row.unit.clone(),
            label: self.label(&row.place_id, &row.indicator_id, row.period),
            status: (!words.is_empty()).then(|| words.join("; ")),
            source: Some(row.source_id.to_string()),
            locator: row.locator.clone(),
            formula: None,
            from: Vec::new(),
        }
    }

    /// Returns what a figure is, in words: place, indicator, period.
    #[must_use]
    pub fn label(&self, place: &Id, indicator: &Id, period: Period) -> String {
        let named = self
            .indicator(indicator)
            .map_or(indicator.as_str(), |row| row.name.as_str());
        format!("{}, {named}, {period}", self.place_name(place))
    }

    /// Returns a place's name, or its id where it has none.
    #[must_use]
    pub fn place_name<'b>(&self, place: &'b Id) -> &'b str
    where
        'a: 'b,
    {
        self.names.get(place).copied().unwrap_or(place.as_str())
    }
}

/// Returns the letters of a status in words.
fn status_in_words(letters: &str) -> String {
    let words: Vec<&str> = letters
        .chars()
        .filter_map(|letter| match letter {
            'p' => Some("preliminary"),
            'r' => Some("revised"),
            'e' => Some("estimated"),
            'b' => Some("break with the period before"),
            'x' => Some("not available"),
            _ => None,
        })
        .collect();
    words.join(", ")
}

/// Years of every place's observations, in one pass.
fn years(record: &Record) -> BTreeMap<Id, BTreeSet<i16>> {
    let mut years: BTreeMap<Id, BTreeSet<i16>> = BTreeMap::new();
    let mut last: Option<(&Id, i16)> = None;
    for row in &record.observations {
        let Some(year) = row.period.as_year().and_then(|year| i16::try_from(year).ok()) else {
            continue;
        };
        if last != Some((&row.place_id, year)) {
            years.entry(row.place_id.clone()).or_default().insert(year);
            last = Some((&row.place_id, year));
        }
    }
    years
}
