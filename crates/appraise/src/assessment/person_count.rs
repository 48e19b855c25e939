//! A count of persons, which disclosure control may withhold.

use schemars::JsonSchema;
use serde::Serialize;

use super::Number;
use crate::disclosure::WITHHELD;
use counterpart_model::{Decimal, Record, TableId};

/// A count of persons or person-times, or what was computed from one.
///
/// What an appraisal reads has been through [`disclosure`](crate::disclosure): the figures of a withheld row are not
/// there. [`PersonCount::of_row`] says so where it makes a count of a row, and a sum is made of what is published, with
/// the withheld rows among those that are left out. The object that holds a count has an `id`, and names in `from` what
/// it was computed from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct PersonCount {
    /// The count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound, where that is what was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Upper bound, where that is what was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Number>,
    /// Why there is no number, where disclosure control took it out: [`WITHHELD`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

impl PersonCount {
    /// Returns a count that is known.
    #[must_use]
    pub fn exact(value: Number) -> Self {
        Self {
            value: Some(value),
            ..Self::default()
        }
    }

    /// Returns a count that is known between bounds, either of which may be open.
    #[must_use]
    pub fn between(lower: Option<Number>, upper: Option<Number>) -> Self {
        Self {
            lower,
            upper,
            ..Self::default()
        }
    }

    /// Whether disclosure control took the number away.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.withheld.is_some()
    }

    /// Whether nothing was said: neither number nor reason.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.lower.is_none() && self.upper.is_none() && self.withheld.is_none()
    }

    /// Returns the count of a row of a record: its number or bounds, or that they are withheld.
    #[must_use]
    pub fn of_row(
        record: &Record,
        table: TableId,
        key: &str,
        value: Option<Decimal>,
        bounds: (Option<Decimal>, Option<Decimal>),
    ) -> Self {
        if record.is_withheld(table, key) {
            return Self::withheld();
        }
        let number = |value: Option<Decimal>| value.map(Number::exact);
        Self {
            value: number(value),
            lower: number(bounds.0),
            upper: number(bounds.1),
            withheld: None,
        }
    }

    /// Returns the count, or that it is withheld where a number in it is from 1 to below the threshold.
    ///
    /// For what was computed from published counts, a remainder above all: the second lock on the door.
    #[must_use]
    pub fn unless_small(self, threshold: u32) -> Self {
        let is_small = |number: &Number| {
            let value = number.as_f64();
            value > 0.0 && value < f64::from(threshold)
        };
        let numbers = [&self.value, &self.lower, &self.upper];
        if numbers.into_iter().flatten().any(is_small) {
            return Self::withheld();
        }
        self
    }

    /// Returns a count that is withheld.
    #[must_use]
    pub fn withheld() -> Self {
        Self {
            withheld: Some(WITHHELD.to_owned()),
            ..Self::default()
        }
    }
}
