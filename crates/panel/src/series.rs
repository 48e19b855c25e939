//! What a panel reads: observations, vintage by vintage, as a lens lets them through.

use std::borrow::Borrow;
use std::collections::HashMap;

use counterpart_model::observation::{Observation, Vintage, VintageKind};
use counterpart_model::{Date, Id, Period, Record};

/// What one vintage says of an indicator at a place in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading<'a> {
    /// One value.
    Value(&'a Observation),
    /// Rows that contradict each other.
    Disputed,
    /// No row, or a row that says "not available".
    Absent,
}

/// A source of readings: all vintages of a record, or those that a lens lets through.
pub trait Series {
    /// Returns the vintages in which an observed indicator may be read, the preferred one first.
    fn vintages(&self, indicator: &Id) -> Vec<&Vintage>;

    /// Returns what a vintage says of an indicator at a place in a period.
    fn reading(&self, place: &Id, indicator: &Id, period: Period, vintage: &Id) -> Reading<'_>;

    /// Returns the observed indicator that stands in for `indicator`; itself where none does.
    fn mapped(&self, indicator: &Id) -> Id;
}

/// Position of an observation, or the mark of rows that contradict each other.
const DISPUTED: u32 = u32::MAX;

/// Every vintage of a record, without a lens, behind an index.
///
/// `R` is a record, a reference to one, or an `Arc` of one: the index itself holds positions only, so a series
/// over an `Arc` can be shared between threads.
#[derive(Debug)]
pub struct RecordSeries<R> {
    record: R,
    places: HashMap<Id, u32>,
    indicators: HashMap<Id, u32>,
    vintage_numbers: HashMap<Id, u32>,
    at: HashMap<(u32, u32, u32, Period), u32>,
    /// Positions in `record.vintages` by indicator, preferred first.
    orders: Vec<Vec<u32>>,
}

impl<R: Borrow<Record>> RecordSeries<R> {
    /// Indexes the observations of a record.
    ///
    /// Vintages of an indicator are ordered by kind (editions, then compilations and researchers' series, then
    /// mixtures, then series of first publications), then by date of publication, the newest first, then by id,
    /// the largest first.
    #[must_use]
    pub fn new(record: R) -> Self {
        let rows: &Record = record.borrow();
        let mut places = HashMap::new();
        let mut indicators = HashMap::new();
        let mut vintage_numbers = HashMap::new();
        let mut at: HashMap<(u32, u32, u32, Period), u32> = HashMap::with_capacity(rows.observations.len());
        let mut held: Vec<Vec<u32>> = Vec::new();
        for (position, vintage) in rows.vintages.iter().enumerate() {
            vintage_numbers.insert(vintage.id.clone(), small(position));
        }
        let mut last: Option<(&Observation, u32, u32)> = None;
        for (position, row) in rows.observations.iter().enumerate() {
            // A row without a value says that the office has none: nothing to read.
            if row.value.is_none() {
                continue;
            }
            let Some(&vintage) = vintage_numbers.get(&row.vintage_id) else {
                continue;
            };
            // Rows come sorted by place and indicator: most have those of the row before.
            let (place, indicator) = match last {
                Some((before, place, indicator))
                    if before.place_id == row.place_id && before.indicator_id == row.indicator_id =>
                {
                    (place, indicator)
                }
                _ => (
                    number(&mut places, &row.place_id),
                    number(&mut indicators, &row.indicator_id),
                ),
            };
            last = Some((row, place, indicator));
            if held.len() <= indicator as usize {
                held.resize_with(indicator as usize + 1, Vec::new);
            }
            if let Some(vintages) = held.get_mut(indicator as usize)
                && !vintages.contains(&vintage)
            {
                vintages.push(vintage);
            }
            let key = (place, indicator, vintage, row.period);
            let now = match at.get(&key) {
                None => small(position),
                Some(&DISPUTED) => DISPUTED,
                Some(&before) => match rows.observations.get(before as usize) {
                    Some(other) if other.value != row.value => DISPUTED,
                    // Equal values from two sources: the one whose source sorts first, whatever the rows' order.
                    Some(other) if (&other.source_id, &other.locator) <= (&row.source_id, &row.locator) => {
                        before
                    }
                    _ => small(position),
                },
            };
            at.insert(key, now);
        }
        for vintages in &mut held {
            vintages.sort_by(|a, b| {
                let (a, b) = (rows.vintages.get(*a as usize), rows.vintages.get(*b as usize));
                b.map(preference).cmp(&a.map(preference))
            });
        }
        Self {
            record,
            places,
            indicators,
            vintage_numbers,
            at,
            orders: held,
        }
    }

    /// Returns the record.
    #[must_use]
    pub fn record(&self) -> &Record {
        self.record.borrow()
    }
}

/// Returns what makes one vintage preferred to another; the larger the better.
fn preference(vintage: &Vintage) -> (u8, Option<Date>, &Id) {
    let kind = match vintage.kind_or_edition() {
        VintageKind::Edition => 3,
        VintageKind::Compiled | VintageKind::Researchers => 2,
        VintageKind::Mixed => 1,
        VintageKind::AsFirstPublished => 0,
    };
    (kind, vintage.published_on, &vintage.id)
}

/// Positions beyond what 32 bits hold are never reached: the importer stops long before.
fn small(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(DISPUTED - 1)
}

fn number(numbers: &mut HashMap<Id, u32>, id: &Id) -> u32 {
    if let Some(&known) = numbers.get(id) {
        return known;
    }
    let next = small(numbers.len());
    numbers.insert(id.clone(), next);
    next
}

impl<R: Borrow<Record>> Series for RecordSeries<R> {
    fn vintages(&self, indicator: &Id) -> Vec<&Vintage> {
        let order = self
            .indicators
            .get(indicator)
            .and_then(|&number| self.orders.get(number as usize));
        order
            .into_iter()
            .flatten()
            .filter_map(|&position| self.record().vintages.get(position as usize))
            .collect()
    }

    fn reading(&self, place: &Id, indicator: &Id, period: Period, vintage: &Id) -> Reading<'_> {
        let key = || {
            let place = *self.places.get(place)?;
            let indicator = *self.indicators.get(indicator)?;
            let vintage = *self.vintage_numbers.get(vintage)?;
            self.at.get(&(place, indicator, vintage, period)).copied()
        };
        match key() {
            None => Reading::Absent,
            Some(DISPUTED) => Reading::Disputed,
            Some(position) => self
                .record()
                .observations
                .get(position as usize)
                .map_or(Reading::Absent, Reading::Value),
        }
    }

    fn mapped(&self, indicator: &Id) -> Id {
        indicator.clone()
    }
}
