//! Indicators, observed or derived: exact decimals, one vintage for each observed name.
//!
//! A derived indicator is a formula over others. Its derived names are replaced by their own formulas until
//! only observed names are left; each of those is read in *one* vintage, the same for every place, year and
//! lag of one evaluation. The result is named after its vintages, in the order in which their indicators first
//! appear in the formula, and carries every value that it was computed from.

mod compile;
mod derived;
mod missing;
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use counterpart_model::indicator::Indicator;
use counterpart_model::observation::Vintage;
use counterpart_model::place::Level;
use counterpart_model::{Id, Period, Record};

use crate::places::Places;
use crate::series::{Reading, Series};
use compile::{Compiled, Compiler, Expr};
use run::{Failure, Run, back};

pub use derived::{Derived, Input, ReadIn, join_vintages, nearest_double};
pub use missing::{MissingInput, NotDerived, WhyMissing};

/// Which vintage each observed indicator is read in.
pub type Choice = BTreeMap<Id, Id>;

/// A reading that a formula needs: the position of its observed indicator, the place, the period.
pub type Need = (usize, Id, Period);

/// Most combinations of vintages that [`Deriver::combinations`] computes.
pub const MOST_COMBINATIONS: usize = 1_000;

/// Unit in which heads are counted.
const HEADS: &str = "persons";

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
    pub(super) fn summed(&self, place: &Id, level: Level, period: Period) -> Result<Vec<Id>, NotDerived> {
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
