//! Numbers as they are printed and hashed: exact decimals as they are, estimates at nine significant digits.

use std::borrow::Cow;

use counterpart_model::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A finite number with the digits that are printed, hashed and compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(String);

impl Number {
    /// Returns an exact decimal, without trailing zeros.
    #[must_use]
    pub fn exact(value: Decimal) -> Self {
        Self(value.normalize().to_string())
    }

    /// Returns an estimate at nine significant digits, or `None` where it is not finite.
    #[must_use]
    pub fn estimate(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let rounded: f64 = format!("{value:.8e}").parse().ok()?;
        // Adding zero turns −0 into 0.
        Some(Self(format!("{}", rounded + 0.0)))
    }

    /// Returns a count.
    #[must_use]
    pub fn count(value: usize) -> Self {
        Self(value.to_string())
    }

    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the nearest double.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: serde_json::Number = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn estimates_keep_nine_digits_and_never_print_an_exponent_json_cannot_read() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (1_234.567_891_23, "1234.56789"),
            (1e-12, "0.000000000001"),
        ] {
            assert_eq!(
                Number::estimate(value).map(|number| number.to_string()),
                Some(text.to_owned())
            );
        }
        assert_eq!(Number::estimate(f64::NAN), None);
        assert_eq!(Number::estimate(f64::INFINITY), None);
    }

    #[test]
    fn a_number_is_a_json_number_with_the_same_digits() {
        let number = Number::exact("81.00".parse().expect("a decimal"));
        assert_eq!(serde_json::to_string(&number).expect("serialises"), "81");
    }
}
