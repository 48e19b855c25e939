//! One evaluation of one compiled formula.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::formula::Operator;
use counterpart_model::{Date, Decimal, Id, Period};

use super::compile::Expr;
use super::{Deriver, Input, MissingInput, NotDerived, WhyMissing};
use crate::series::{Reading, Series};

/// Returns the period `years` earlier.
pub(super) fn back(period: Period, years: u32) -> Result<Period, NotDerived> {
    if years == 0 {
        return Ok(period);
    }
    let none = || NotDerived::NoSuchPeriod { period, years };
    let shift = |date: Date| -> Result<Date, NotDerived> {
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

pub(super) enum Failure {
    ByZero,
    TooLarge,
    Other(NotDerived),
}

/// One evaluation: what was read so far and what was found missing.
pub(super) struct Run<'r, 'a, S: ?Sized> {
    pub(super) deriver: &'r Deriver<'a, S>,
    pub(super) slots: &'r [Id],
    pub(super) chosen: &'r [&'r Id],
    pub(super) inputs: Vec<Input>,
    pub(super) read: BTreeMap<(usize, Id, Period), Decimal>,
    pub(super) missing: BTreeSet<MissingInput>,
    pub(super) error: Option<Failure>,
}

impl<S: Series + ?Sized> Run<'_, '_, S> {
    /// Returns the value of a part; `None` where something is missing or failed, which has then been noted.
    /// Every part is walked even so, because all that is missing is to be named at once.
    pub(super) fn value(&mut self, expr: &Expr, place: &Id, period: Period) -> Option<Decimal> {
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
