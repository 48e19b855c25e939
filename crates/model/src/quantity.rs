//! Figures as said: a value, or bounds apart from values, with how exact they are said to be.

use rust_decimal::Decimal;

words! {
    /// How exact a figure is said to be.
    pub enum Qualifier {
        /// A value a little below the figure named.
        Nearly = "nearly",
        /// A value near the figure named.
        About = "about",
        /// Exactly, or barely, the figure named.
        Just = "just",
        /// The whole.
        All = "all",
        /// Above a lower bound.
        MoreThan = "more_than",
        /// From a lower bound on.
        AtLeast = "at_least",
        /// Below an upper bound.
        LessThan = "less_than",
        /// Up to an upper bound.
        UpTo = "up_to",
        /// From a lower bound of age on.
        AsYoungAs = "as_young_as",
        /// Inside an upper bound of time or distance.
        Within = "within",
        /// Only the order of magnitude was said.
        OrderOfMagnitude = "order_of_magnitude",
    }
}

impl Qualifier {
    /// Whether it goes with a bound and not with a value.
    #[must_use]
    pub const fn is_bound(self) -> bool {
        !matches!(self, Self::Nearly | Self::About | Self::Just | Self::All)
    }
}

/// A figure as said: a value, or one or two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A value.
    Value(Decimal),
    /// "More than", "at least".
    AtLeast(Decimal),
    /// "Up to", "less than".
    AtMost(Decimal),
    /// Between two bounds.
    Between(Decimal, Decimal),
}

impl Figure {
    /// Returns the figure of a row's value and bounds, or `None` where none was said.
    #[must_use]
    pub fn of(value: Option<Decimal>, lower: Option<Decimal>, upper: Option<Decimal>) -> Option<Self> {
        match (value, lower, upper) {
            (Some(value), _, _) => Some(Self::Value(value)),
            (None, Some(lower), Some(upper)) => Some(Self::Between(lower, upper)),
            (None, Some(lower), None) => Some(Self::AtLeast(lower)),
            (None, None, Some(upper)) => Some(Self::AtMost(upper)),
            (None, None, None) => None,
        }
    }

    /// Returns the value, where it is one.
    #[must_use]
    pub const fn value(self) -> Option<Decimal> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}
