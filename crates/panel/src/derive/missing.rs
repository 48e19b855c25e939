//! Why an indicator has no value.

use counterpart_model::formula::FormulaError;
use counterpart_model::place::Level;
use counterpart_model::{Id, Period};

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
