//! A count of persons, which disclosure control may withhold.

use schemars::JsonSchema;
use serde::Serialize;

use super::Number;

/// A count of persons or person-times, or what was computed from one: put in as it is, withheld by
/// [`publish`](super::Assessment::publish) where it is too small or would give away one that is.
///
/// The object that holds it must have an `id`, and names in `from` what it was computed from.
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
    /// Why there is no number: `fewer than 10`, or `would reveal a count that is withheld`.
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

    /// Takes every number away and says why.
    pub(crate) fn withhold(&mut self, reason: &str) {
        self.value = None;
        self.lower = None;
        self.upper = None;
        self.withheld = Some(reason.to_owned());
    }
}
