//! Formulas of derived indicators: a small closed language, parsed once and read by everyone the same way.
//!
//! ```text
//! sum     = product { ("+" | "-") product }
//! product = signed { ("*" | "/") signed }
//! signed  = [ "-" ] atom
//! atom    = number | name [ "[" "-" years "]" ] | "(" sum ")"
//!         | "mean" "(" sum { "," sum } ")"
//!         | "sum_of" "(" sum "," "places" "level" "=" level ")"
//!         | "at" "(" place "," sum ")"
//! ```
//!
//! A name is an indicator's id of letters, digits and `_`. `x[-1]` is the value of the year before, in the same
//! vintage. The first argument of `at` is a place's id and may hold any character of an id but a comma.

mod parse;

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::Id;
use crate::place::Level;

pub use parse::{FormulaError, parse};

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
}

impl Operator {
    /// Returns the operator as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }

    const fn binds(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
        }
    }
}

/// A parsed formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// A number.
    Number(Decimal),
    /// An indicator, `lag` years back.
    Indicator {
        /// The indicator.
        id: Id,
        /// Years back; 0 for the same year.
        lag: u32,
    },
    /// The negative of a formula.
    Negative(Box<Formula>),
    /// Two formulas joined by an operator.
    Binary {
        /// The operator.
        operator: Operator,
        /// Left of it.
        left: Box<Formula>,
        /// Right of it.
        right: Box<Formula>,
    },
    /// The mean of one or more formulas; all of them are needed.
    Mean(Vec<Formula>),
    /// The sum of a formula over all places of a level.
    SumOf {
        /// What is summed.
        of: Box<Formula>,
        /// Over which places.
        level: Level,
    },
    /// A formula at another place.
    At {
        /// The place.
        place: Id,
        /// What is read there.
        of: Box<Formula>,
    },
}

impl Formula {
    /// Returns the ids of the indicators that the formula names.
    #[must_use]
    pub fn indicators(&self) -> BTreeSet<Id> {
        let mut found = BTreeSet::new();
        self.visit(&mut |part| {
            if let Self::Indicator { id, .. } = part {
                found.insert(id.clone());
            }
        });
        found
    }

    /// Returns the ids of the places that the formula names.
    #[must_use]
    pub fn places(&self) -> BTreeSet<Id> {
        let mut found = BTreeSet::new();
        self.visit(&mut |part| {
            if let Self::At { place, .. } = part {
                found.insert(place.clone());
            }
        });
        found
    }

    /// Calls `see` with this formula and every formula inside it.
    pub fn visit(&self, see: &mut impl FnMut(&Self)) {
        see(self);
        match self {
            Self::Number(_) | Self::Indicator { .. } => {}
            Self::Negative(of) | Self::SumOf { of, .. } | Self::At { of, .. } => of.visit(see),
            Self::Binary { left, right, .. } => {
                left.visit(see);
                right.visit(see);
            }
            Self::Mean(parts) => parts.iter().for_each(|part| part.visit(see)),
        }
    }

    /// How tightly the outermost part binds: 1 for sums, 2 for products, 3 for a sign, 4 for atoms.
    fn binds(&self) -> u8 {
        match self {
            Self::Binary { operator, .. } => operator.binds(),
            Self::Negative(_) => 3,
            _ => 4,
        }
    }

    fn fmt_inside(&self, f: &mut std::fmt::Formatter<'_>, at_least: u8) -> std::fmt::Result {
        if self.binds() < at_least {
            write!(f, "({self})")
        } else {
            write!(f, "{self}")
        }
    }
}

/// Writes the formula in its plainest form; parsing that yields the same formula.
impl std::fmt::Display for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Indicator { id, lag: 0 } => write!(f, "{id}"),
            Self::Indicator { id, lag } => write!(f, "{id}[-{lag}]"),
            Self::Negative(of) => {
                f.write_str("-")?;
                of.fmt_inside(f, 4)
            }
            Self::Binary {
                operator,
                left,
                right,
            } => {
                left.fmt_inside(f, operator.binds())?;
                write!(f, " {} ", operator.as_str())?;
                right.fmt_inside(f, operator.binds() + 1)
            }
            Self::Mean(parts) => {
                f.write_str("mean(")?;
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{part}")?;
                }
                f.write_str(")")
            }
            Self::SumOf { of, level } => write!(f, "sum_of({of}, places level={level})"),
            Self::At { place, of } => write!(f, "at({place}, {of})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator(id: &str, lag: u32) -> Formula {
        Formula::Indicator { id: Id::new(id), lag }
    }

    #[test]
    fn a_ratio_of_a_level_and_a_mean_of_two_years() {
        let formula = parse("product / mean(heads, heads[-1])").expect("a formula");
        assert_eq!(
            formula,
            Formula::Binary {
                operator: Operator::Divide,
                left: Box::new(indicator("product", 0)),
                right: Box::new(Formula::Mean(vec![indicator("heads", 0), indicator("heads", 1)])),
            }
        );
        let ids: Vec<String> = formula.indicators().iter().map(Id::to_string).collect();
        assert_eq!(ids, ["heads", "product"]);
    }

    #[test]
    fn written_formulas_are_read_back_as_they_were() {
        for text in [
            "at(N-1, x) - x",
            "x / x[-1] - 1",
            "sum_of(x, places level=province)",
            "a - (b - c)",
            "a - b - c",
            "(a + b) * -c / 0.50",
            "-(a + b)",
            "mean(a, b, c[-2])",
            "a / (b * c)",
        ] {
            let formula = parse(text).expect(text);
            assert_eq!(formula.to_string(), text);
            assert_eq!(parse(&formula.to_string()).as_ref(), Ok(&formula));
        }
    }

    #[test]
    fn products_bind_tighter_than_sums_and_both_run_from_the_left() {
        assert_eq!(
            parse("a+b*c").expect("a formula"),
            parse("a + (b * c)").expect("a formula")
        );
        assert_eq!(
            parse("a/b/c").expect("a formula"),
            parse("(a / b) / c").expect("a formula")
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        let messages: Vec<String> = [
            "",
            "a +",
            "a b",
            "mean()",
            "x[1]",
            "x[-0]",
            "at(x)",
            "sum_of(x, places level=moon)",
            "a ^ b",
            "(a",
            "1.2.3",
        ]
        .iter()
        .map(|text| parse(text).expect_err(text).to_string())
        .collect();
        insta::assert_snapshot!(messages.join("\n"), @r"
        character 1: expected an indicator, a number or a parenthesis, met the end
        character 4: expected an indicator, a number or a parenthesis, met the end
        character 3: expected an operator (+ - * /) or the end, met 'b'
        character 6: expected an indicator, a number or a parenthesis, met ')'
        character 3: expected '-', met '1'
        character 4: expected a number of years from 1 to 99, met '0'
        character 5: expected ',', met ')'
        character 24: expected one of nation, province, prefecture, county, division, group, met 'm'
        character 3: expected an operator (+ - * /) or the end, met '^'
        character 3: expected ')', met the end
        character 1: expected a plain decimal, met '1'
        ");
    }

    #[test]
    fn endless_formulas_are_refused_and_not_followed() {
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"-".repeat(100_000)).is_err());
        assert!(parse(&"a+".repeat(100_000)).is_err());
    }
}
