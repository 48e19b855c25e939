//! Indicators, observed or derived: exact decimals, one vintage for each observed name.
//!
//! A derived indicator is a formula over others. Its derived names are replaced by their own formulas until
//! only observed names are left; each of those is read in *one* vintage, the same for every place, year and
//! lag of one evaluation. The result is named after its vintages, in the order in which their indicators first
//! appear in the formula, and carries every value that it was computed from.

mod compile;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use counterpart_model::formula::{FormulaError, Operator};
use counterpart_model::indicator::Indicator;
use counterpart_model::observation::{Observation, Vintage};
use counterpart_model::place::Level;
use counterpart_model::{Decimal, Id, Period, Record};

use crate::places::Places;
use crate::series::{Reading, Series};
use compile::{Compiled, Compiler, Expr};

/// Which vintage each observed indicator is read in.
pub type Choice = BTreeMap<Id, Id>;

/// A reading that a formula needs: the position of its observed indicator, the place, the period.
pub type Need = (usize, Id, Period);

/// Most combinations of vintages that [`Deriver::combinations`] computes.
pub const MOST_COMBINATIONS: usize = 1_000;

/// Unit in which heads are counted.
const HEADS: &str = "persons";

/// A value that went into a derived one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// `place/indicator/period@vintage`.
    pub address: String,
    /// The place.
    pub place: Id,
    /// The observed indicator.
    pub indicator: Id,
    /// The period.
    pub period: Period,
    /// The vintage.
    pub vintage: Id,
    /// The value.
    pub value: Decimal,
    /// Unit of the value.
    pub unit: Option<String>,
    /// Status letters without brackets.
    pub status: Option<String>,
    /// Words about the value.
    pub flags: Vec<String>,
}

impl Input {
    fn of(row: &Observation, value: Decimal) -> Self {
        Self {
            address: row.address(),
            place: row.place_id.clone(),
            indicator: row.indicator_id.clone(),
            period: row.period,
            vintage: row.vintage_id.clone(),
            value,
            unit: row.unit.clone(),
            status: row.status.clone(),
            flags: words(row.flag.as_deref()),
        }
    }
}

fn words(joined: Option<&str>) -> Vec<String> {
    let parts = joined.into_iter().flat_map(|text| text.split(';'));
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The vintage that one observed indicator was read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadIn {
    /// The observed indicator.
    pub indicator: Id,
    /// The vintage.
    pub vintage: Id,
    /// The census by which that vintage counts heads, where it says.
    pub population_basis: Option<String>,
    /// Whether the indicator counts heads.
    pub heads: bool,
}

/// A computed value with everything that it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The indicator asked for.
    pub indicator: Id,
    /// The place.
    pub place: Id,
    /// The period.
    pub period: Period,
    /// The value.
    pub value: Decimal,
    /// Which vintage each observed indicator was read in, in order of first appearance.
    pub read_in: Vec<ReadIn>,
    /// Every value read, once, in the order of reading.
    pub inputs: Vec<Input>,
}

impl Derived {
    /// Returns the names of its vintages, joined by `+`, each once.
    #[must_use]
    pub fn vintage_name(&self) -> String {
        join_vintages(self.read_in.iter().map(|read| &read.vintage))
    }

    /// Returns its address, `place/indicator/period@vintage+vintage`.
    #[must_use]
    pub fn address(&self) -> String {
        format!(
            "{}/{}/{}@{}",
            self.place,
            self.indicator,
            self.period,
            self.vintage_name()
        )
    }

    /// Returns which vintage each observed indicator was read in.
    #[must_use]
    pub fn choice(&self) -> Choice {
        self.read_in
            .iter()
            .map(|read| (read.indicator.clone(), read.vintage.clone()))
            .collect()
    }

    /// Returns the censuses behind the heads that it counts; where it counts none, those that its vintages name.
    #[must_use]
    pub fn population_bases(&self) -> BTreeSet<String> {
        let heads = self.read_in.iter().filter(|read| read.heads);
        let of_heads: BTreeSet<String> = heads.filter_map(|read| read.population_basis.clone()).collect();
        if self.read_in.iter().any(|read| read.heads) {
            return of_heads;
        }
        self.read_in
            .iter()
            .filter_map(|read| read.population_basis.clone())
            .collect()
    }

    /// Returns the statuses of its inputs.
    #[must_use]
    pub fn statuses(&self) -> BTreeSet<String> {
        self.inputs
            .iter()
            .filter_map(|input| input.status.clone())
            .collect()
    }

    /// Returns the flags of its inputs.
    #[must_use]
    pub fn flags(&self) -> BTreeSet<String> {
        self.inputs
            .iter()
            .flat_map(|input| input.flags.iter().cloned())
            .collect()
    }

    /// Returns the nearest double to the value.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        nearest_double(self.value)
    }
}

/// Returns the nearest double to a decimal.
///
/// Through its text, whose reading is correctly rounded; dividing integer parts would not always be.
#[must_use]
pub fn nearest_double(value: Decimal) -> f64 {
    value.to_string().parse().unwrap_or(f64::NAN)
}

/// Returns vintages joined by `+`, each once, in the order given.
#[must_use]
pub fn join_vintages<'a>(vintages: impl IntoIterator<Item = &'a Id>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for vintage in vintages {
        if !names.contains(&vintage.as_str()) {
            names.push(vintage.as_str());
        }
    }
    names.join("+")
}

/// Why a value that a formula needs could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyMissing {
    /// The vintage has no such value.
    Absent,
    /// The vintage has values that contradict each other.
    Disputed,
}

/// A value that a formula needs and that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingInput {
    /// The place.
    pub place: Id,
    /// The observed indicator.
    pub indicator: Id,
    /// The period.
    pub period: Period,
    /// The vintage.
    pub vintage: Id,
    /// Why.
    pub why: WhyMissing,
}

impl std::fmt::Display for MissingInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}/{}/{}@{}",
            self.place, self.indicator, self.period, self.vintage
        )?;
        match self.why {
            WhyMissing::Absent => Ok(()),
            WhyMissing::Disputed => f.write_str(" (disputed)"),
        }
    }
}

/// Why an indicator has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotDerived {
    /// The record has no such indicator.
    #[error("no indicator {indicator} on record")]
    UnknownIndicator {
        /// The indicator.
        indicator: Id,
    },
    /// The formula cannot be read.
    #[error("the formula of {indicator} cannot be read: {source}")]
    NotAFormula {
        /// The indicator.
        indicator: Id,
        /// Why.
        source: FormulaError,
    },
    /// The formula needs itself.
    #[error("the formula of {indicator} needs itself")]
    CircularFormula {
        /// The indicator.
        indicator: Id,
    },
    /// No vintage was named for an observed indicator of the formula.
    #[error("no vintage was named for {indicator}")]
    NoVintage {
        /// The observed indicator.
        indicator: Id,
    },
    /// Values that the formula needs are missing.
    #[error("missing: {}", list(.0))]
    Missing(Vec<MissingInput>),
    /// The record has no place of a level to sum over.
    #[error("no place of level {level} on record to sum over")]
    NoPlaces {
        /// The level.
        level: Level,
    },
    /// A lag of a period that is no year and not shifted.
    #[error("{years} years before {period} is no date")]
    NoSuchPeriod {
        /// The period.
        period: Period,
        /// Years back.
        years: u32,
    },
    /// A division by zero.
    #[error("division by zero in {indicator} at {place} in {period}")]
    DivisionByZero {
        /// The indicator asked for.
        indicator: Id,
        /// The place.
        place: Id,
        /// The period.
        period: Period,
    },
    /// A number beyond 28 digits.
    #[error("a number of more than 28 digits in {indicator} at {place} in {period}")]
    TooLarge {
        /// The indicator asked for.
        indicator: Id,
        /// The place.
        place: Id,
        /// The period.
        period: Period,
    },
}

fn list(missing: &[MissingInput]) -> String {
    const SHOWN: usize = 5;
    let mut text = missing
        .iter()
        .take(SHOWN)
        .map(MissingInput::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if missing.len() > SHOWN {
        text.push_str(&format!(" and {} more", missing.len() - SHOWN));
    }
    text
}

/// Every value of an indicator that the vintages on hand can make.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Combinations {
    /// The values, in the order of the vintages' preference, the first indicator varying slowest.
    pub found: Vec<Derived>,
    /// Combinations whose inputs are there and that cannot be computed.
    pub failed: Vec<NotDerived>,
    /// How many were left out because there are more than [`MOST_COMBINATIONS`].
    pub n_left_out: usize,
}

/// Evaluates the indicators of a record over a series.
pub struct Deriver<'a, S: ?Sized> {
    series: &'a S,
    places: Arc<Places>,
    compiled: BTreeMap<Id, Result<Compiled, NotDerived>>,
    vintages: BTreeMap<&'a Id, &'a Vintage>,
    indicators: BTreeMap<&'a Id, &'a Indicator>,
}

impl<'a, S: Series + ?Sized> Deriver<'a, S> {
    /// Reads the formulas of a record, once.
    #[must_use]
    pub fn new(series: &'a S, record: &'a Record, places: Arc<Places>) -> Self {
        let indicators: BTreeMap<&Id, &Indicator> = record
            .indicators
            .iter()
            .map(|indicator| (&indicator.id, indicator))
            .collect();
        let compiled = record
            .indicators
            .iter()
            .map(|indicator| {
                (
                    indicator.id.clone(),
                    Compiler::compile(series, &indicators, &indicator.id),
                )
            })
            .collect();
        let vintages = record
            .vintages
            .iter()
            .map(|vintage| (&vintage.id, vintage))
            .collect();
        Self {
            series,
            places,
            compiled,
            vintages,
            indicators,
        }
    }

    /// Returns the series.
    #[must_use]
    pub fn series(&self) -> &'a S {
        self.series
    }

    /// Returns the places.
    #[must_use]
    pub fn places(&self) -> &Arc<Places> {
        &self.places
    }

    /// Returns the observed indicators that an indicator rests on, in order of first appearance.
    ///
    /// An observed indicator rests on itself, or on what the lens puts in its place.
    ///
    /// # Errors
    /// [`NotDerived`] where the record has no such indicator or its formula cannot be read.
    pub fn observed(&self, indicator: &Id) -> Result<&[Id], NotDerived> {
        Ok(&self.compiled(indicator)?.slots)
    }

    fn compiled(&self, indicator: &Id) -> Result<&Compiled, NotDerived> {
        match self.compiled.get(indicator) {
            Some(Ok(compiled)) => Ok(compiled),
            Some(Err(error)) => Err(error.clone()),
            None => Err(NotDerived::UnknownIndicator {
                indicator: indicator.clone(),
            }),
        }
    }

    /// Returns every reading that an indicator needs at a place in a period: the position of its observed
    /// indicator in [`Self::observed`], the place and the period.
    ///
    /// # Errors
    /// [`NotDerived`] where the formula cannot be read or there is nothing to sum over.
    pub fn needs(&self, indicator: &Id, place: &Id, period: Period) -> Result<BTreeSet<Need>, NotDerived> {
        let compiled = self.compiled(indicator)?;
        let mut found = BTreeSet::new();
        self.gather(&compiled.expr, place, period, &mut found)?;
        Ok(found)
    }

    fn gather(
        &self,
        expr: &Expr,
        place: &Id,
        period: Period,
        found: &mut BTreeSet<Need>,
    ) -> Result<(), NotDerived> {
        match expr {
            Expr::Number(_) => {}
            Expr::Read { slot, lag } => {
                found.insert((*slot, place.clone(), back(period, *lag)?));
            }
            Expr::Negative(of) => self.gather(of, place, period, found)?,
            Expr::At { place, of } => self.gather(of, place, period, found)?,
            Expr::Binary { left, right, .. } => {
                self.gather(left, place, period, found)?;
                self.gather(right, place, period, found)?;
            }
            Expr::Mean(parts) => {
                for part in parts {
                    self.gather(part, place, period, found)?;
                }
            }
            Expr::SumOf { of, level, lag } => {
                for place in self.summed(place, *level, back(period, *lag)?)? {
                    self.gather(of, &place, period, found)?;
                }
            }
        }
        Ok(())
    }

    /// Returns the places of a level in the nation of `place` whose code holds in the period.
    fn summed(&self, place: &Id, level: Level, period: Period) -> Result<Vec<Id>, NotDerived> {
        let nation = self.places.at_level(place, Level::Nation);
        let mut all = match nation {
            Some(nation) => self.places.inside(&nation, level),
            None => self.places.of_level(level),
        };
        all.retain(|place| self.places.holds_in(place, period));
        if all.is_empty() {
            Err(NotDerived::NoPlaces { level })
        } else {
            Ok(all)
        }
    }

    /// Returns the value of an indicator at a place in a period, each observed indicator read in the vintage
    /// that `choice` names for it. Names that the formula does not need are passed over.
    ///
    /// # Errors
    /// [`NotDerived`] names all inputs that are missing, or what else stands in the way.
    pub fn evaluate(
        &self,
        indicator: &Id,
        place: &Id,
        period: Period,
        choice: &Choice,
    ) -> Result<Derived, NotDerived> {
        let compiled = self.compiled(indicator)?;
        let chosen = compiled
            .slots
            .iter()
            .map(|slot| {
                choice.get(slot).ok_or_else(|| NotDerived::NoVintage {
                    indicator: slot.clone(),
                })
            })
            .collect::<Result<Vec<&Id>, _>>()?;
        let mut run = Run {
            deriver: self,
            slots: &compiled.slots,
            chosen: &chosen,
            inputs: Vec::new(),
            read: BTreeMap::new(),
            missing: BTreeSet::new(),
            error: None,
        };
        let value = run.value(&compiled.expr, place, period);
        let Run {
            inputs,
            missing,
            error,
            ..
        } = run;
        if !missing.is_empty() {
            return Err(NotDerived::Missing(missing.into_iter().collect()));
        }
        let value = match (value, error) {
            (Some(value), None) => value,
            (_, Some(Failure::ByZero)) => {
                return Err(NotDerived::DivisionByZero {
                    indicator: indicator.clone(),
                    place: place.clone(),
                    period,
                });
            }
            (_, Some(Failure::Other(error))) => return Err(error),
            (_, Some(Failure::TooLarge)) | (None, None) => {
                return Err(NotDerived::TooLarge {
                    indicator: indicator.clone(),
                    place: place.clone(),
                    period,
                });
            }
        };
        let read_in = compiled
            .slots
            .iter()
            .zip(&chosen)
            .map(|(slot, vintage)| self.read_in(slot, vintage));
        Ok(Derived {
            indicator: indicator.clone(),
            place: place.clone(),
            period,
            value,
            read_in: read_in.collect(),
            inputs,
        })
    }

    pub(crate) fn read_in(&self, indicator: &Id, vintage: &Id) -> ReadIn {
        let unit = self
            .indicators
            .get(indicator)
            .and_then(|known| known.unit.as_deref());
        ReadIn {
            indicator: indicator.clone(),
            vintage: vintage.clone(),
            population_basis: self
                .vintages
                .get(vintage)
                .and_then(|known| known.population_basis.clone()),
            heads: unit == Some(HEADS),
        }
    }

    /// Returns the value of an indicator at a place in a period under every combination of vintages that has all
    /// the values it needs.
    ///
    /// # Errors
    /// [`NotDerived`] where the formula cannot be read or there is nothing to sum over. A vintage without the
    /// values is no error: it makes no combination.
    pub fn combinations(
        &self,
        indicator: &Id,
        place: &Id,
        period: Period,
    ) -> Result<Combinations, NotDerived> {
        let compiled = self.compiled(indicator)?;
        let needs = self.needs(indicator, place, period)?;
        let able: Vec<Vec<&Id>> = compiled
            .slots
            .iter()
            .enumerate()
            .map(|(number, slot)| {
                let has_all = |vintage: &&Vintage| {
                    needs
                        .iter()
                        .filter(|(of, ..)| *of == number)
                        .all(|(_, place, period)| {
                            matches!(
                                self.series.reading(place, slot, *period, &vintage.id),
                                Reading::Value(row) if row.value.is_some()
                            )
                        })
                };
                self.series
                    .vintages(slot)
                    .into_iter()
                    .filter(has_all)
                    .map(|vintage| &vintage.id)
                    .collect()
            })
            .collect();
        let n_all = able.iter().map(Vec::len).fold(1_usize, usize::saturating_mul);
        let mut result = Combinations {
            n_left_out: n_all.saturating_sub(MOST_COMBINATIONS),
            ..Combinations::default()
        };
        for number in 0..n_all.min(MOST_COMBINATIONS) {
            // The combination's digits, the last indicator varying fastest.
            let mut rest = number;
            let mut choice = Choice::new();
            for (slot, vintages) in compiled.slots.iter().zip(&able).rev() {
                if let Some(vintage) = vintages.get(rest % vintages.len().max(1)) {
                    choice.insert(slot.clone(), (*vintage).clone());
                }
                rest /= vintages.len().max(1);
            }
            match self.evaluate(indicator, place, period, &choice) {
                Ok(derived) => result.found.push(derived),
                Err(error) => result.failed.push(error),
            }
        }
        Ok(result)
    }
}

/// Returns the period `years` earlier.
fn back(period: Period, years: u32) -> Result<Period, NotDerived> {
    if years == 0 {
        return Ok(period);
    }
    let none = || NotDerived::NoSuchPeriod { period, years };
    let shift = |date: counterpart_model::Date| -> Result<counterpart_model::Date, NotDerived> {
        let year = i32::try_from(years)
            .ok()
            .and_then(|years| date.year().checked_sub(years))
            .ok_or_else(none)?;
        let text = date.to_string();
        let rest = text.get(4..).unwrap_or_default();
        format!("{year:04}{rest}").parse().map_err(|_| none())
    };
    Ok(Period {
        start: shift(period.start)?,
        end: period.end.map(shift).transpose()?,
    })
}

enum Failure {
    ByZero,
    TooLarge,
    Other(NotDerived),
}

/// One evaluation: what was read so far and what was found missing.
struct Run<'r, 'a, S: ?Sized> {
    deriver: &'r Deriver<'a, S>,
    slots: &'r [Id],
    chosen: &'r [&'r Id],
    inputs: Vec<Input>,
    read: BTreeMap<(usize, Id, Period), Decimal>,
    missing: BTreeSet<MissingInput>,
    error: Option<Failure>,
}

impl<S: Series + ?Sized> Run<'_, '_, S> {
    /// Returns the value of a part; `None` where something is missing or failed, which has then been noted.
    /// Every part is walked even so, because all that is missing is to be named at once.
    fn value(&mut self, expr: &Expr, place: &Id, period: Period) -> Option<Decimal> {
        match expr {
            Expr::Number(value) => Some(*value),
            Expr::Read { slot, lag } => self.read(*slot, *lag, place, period),
            Expr::Negative(of) => self.value(of, place, period).map(|value| -value),
            Expr::At { place, of } => self.value(of, place, period),
            Expr::Binary {
                operator,
                left,
                right,
            } => {
                let left = self.value(left, place, period);
                let right = self.value(right, place, period);
                let (left, right) = (left?, right?);
                let result = match operator {
                    Operator::Add => left.checked_add(right),
                    Operator::Subtract => left.checked_sub(right),
                    Operator::Multiply => left.checked_mul(right),
                    Operator::Divide if right.is_zero() => {
                        self.error.get_or_insert(Failure::ByZero);
                        return None;
                    }
                    Operator::Divide => left.checked_div(right),
                };
                self.or_too_large(result)
            }
            Expr::Mean(parts) => {
                let values: Vec<Option<Decimal>> =
                    parts.iter().map(|part| self.value(part, place, period)).collect();
                let sum = self.sum(values)?;
                let result = sum.checked_div(Decimal::from(parts.len()));
                self.or_too_large(result)
            }
            Expr::SumOf { of, level, lag } => {
                let places =
                    back(period, *lag).and_then(|valid_in| self.deriver.summed(place, *level, valid_in));
                let places = match places {
                    Ok(places) => places,
                    Err(error) => {
                        self.error.get_or_insert(Failure::Other(error));
                        return None;
                    }
                };
                let values: Vec<Option<Decimal>> =
                    places.iter().map(|place| self.value(of, place, period)).collect();
                self.sum(values)
            }
        }
    }

    fn sum(&mut self, values: Vec<Option<Decimal>>) -> Option<Decimal> {
        let values = values.into_iter().collect::<Option<Vec<Decimal>>>()?;
        let sum = values
            .iter()
            .try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value));
        self.or_too_large(sum)
    }

    fn or_too_large(&mut self, result: Option<Decimal>) -> Option<Decimal> {
        if result.is_none() {
            self.error.get_or_insert(Failure::TooLarge);
        }
        result
    }

    fn read(&mut self, slot: usize, lag: u32, place: &Id, period: Period) -> Option<Decimal> {
        let period = match back(period, lag) {
            Ok(period) => period,
            Err(error) => {
                self.error.get_or_insert(Failure::Other(error));
                return None;
            }
        };
        let key = (slot, place.clone(), period);
        if let Some(value) = self.read.get(&key) {
            return Some(*value);
        }
        let (indicator, vintage) = (self.slots.get(slot)?, *self.chosen.get(slot)?);
        let why = match self.deriver.series.reading(place, indicator, period, vintage) {
            Reading::Value(row) => match row.value {
                Some(value) => {
                    self.inputs.push(Input::of(row, value));
                    self.read.insert(key, value);
                    return Some(value);
                }
                None => WhyMissing::Absent,
            },
            Reading::Disputed => WhyMissing::Disputed,
            Reading::Absent => WhyMissing::Absent,
        };
        self.missing.insert(MissingInput {
            place: place.clone(),
            indicator: indicator.clone(),
            period,
            vintage: vintage.clone(),
            why,
        });
        None
    }
}
