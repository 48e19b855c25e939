//! What a figure may stand for, given how it was rounded when it was said.

use counterpart_model::Decimal;
use counterpart_model::quantity::{Figure, Qualifier};

/// The values that a figure as said leaves open: from `low`, included, to `high`, excluded unless both are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Smallest; none where there is no lower bound.
    pub(super) low: Option<Decimal>,
    /// Largest; none where there is no upper bound.
    pub(super) high: Option<Decimal>,
    /// Whether `high` itself is among them.
    closed: bool,
}

/// "Nearly" and "about" leave this share of the figure open.
const LOOSE: (i64, u32) = (5, 2);

impl Span {
    /// Returns what a figure leaves open, by the digits it was said with and by its qualifier.
    ///
    /// A value is rounded to the last digit that was said ("3.9 billion" to a tenth of a billion); *nearly* leaves open
    /// five per cent below it, *about* five per cent either way; a bound leaves open everything beyond it.
    pub(super) fn of(figure: Figure, qualifier: Option<Qualifier>, as_said: Option<&str>) -> Option<Self> {
        match figure {
            Figure::Value(value) => {
                let half = step(value, as_said)?.checked_div(Decimal::TWO)?;
                let loose = value.abs().checked_mul(Decimal::new(LOOSE.0, LOOSE.1))?.max(half);
                let (below, above, closed) = match qualifier {
                    Some(Qualifier::Nearly) => (loose, Decimal::ZERO, true),
                    Some(Qualifier::About) => (loose, loose, true),
                    _ => (half, half, false),
                };
                Some(Self {
                    low: Some(value.checked_sub(below)?),
                    high: Some(value.checked_add(above)?),
                    closed,
                })
            }
            Figure::AtLeast(low) => Some(Self::bounds(Some(low), None)),
            Figure::AtMost(high) => Some(Self::bounds(None, Some(high))),
            Figure::Between(low, high) => Some(Self::bounds(Some(low), Some(high))),
        }
    }

    /// Returns what an observation leaves open: half of its last digit, trailing zeros of large amounts being none.
    pub(super) fn observed(value: Decimal) -> Option<Self> {
        let plain = value.normalize();
        let mut step = power(-i32::try_from(plain.scale()).ok()?)?;
        let million = Decimal::from(1_000_000);
        while plain.abs() >= million {
            let next = step.checked_mul(Decimal::TEN)?;
            if !plain.checked_rem(next)?.is_zero() || next > plain.abs() {
                break;
            }
            step = next;
        }
        let half = step.checked_div(Decimal::TWO)?;
        Some(Self {
            low: Some(value.checked_sub(half)?),
            high: Some(value.checked_add(half)?),
            closed: false,
        })
    }

    const fn bounds(low: Option<Decimal>, high: Option<Decimal>) -> Self {
        Self {
            low,
            high,
            closed: true,
        }
    }

    /// Whether every value of this one lies below every value of the other.
    pub(super) fn is_below(self, other: Self) -> bool {
        match (self.high, other.low) {
            (Some(high), Some(low)) => high < low || (high == low && !self.closed),
            _ => false,
        }
    }

    /// Whether the two have no value in common.
    pub(super) fn is_apart(self, other: Self) -> bool {
        self.is_below(other) || other.is_below(self)
    }
}

/// Ten to a power, from 10⁻²⁰ to 10²⁰.
fn power(exponent: i32) -> Option<Decimal> {
    let mut made = Decimal::ONE;
    for _ in 0..exponent.unsigned_abs().min(20) {
        made = if exponent > 0 {
            made.checked_mul(Decimal::TEN)?
        } else {
            made.checked_div(Decimal::TEN)?
        };
    }
    Some(made)
}

/// The worth of the last digit that was said: of the number in `as_said` that, times a power of ten, is the value;
/// else of the value as it is stored.
fn step(value: Decimal, as_said: Option<&str>) -> Option<Decimal> {
    let stored = power(-i32::try_from(value.normalize().scale()).ok()?)?;
    let said = as_said.into_iter().flat_map(numbers).filter_map(|said| {
        (0..=14).find_map(|exponent| {
            let scale = power(exponent)?;
            (said.number.checked_mul(scale)? == value.abs())
                .then(|| power(exponent - said.decimals + said.open_zeros()))
                .flatten()
        })
    });
    said.max().or(Some(stored))
}

/// A number as it is written in a text.
struct Written {
    number: Decimal,
    /// Digits after the point.
    decimals: i32,
    /// Digits before the point, of a number without one that stands before a word of scale ("9400亿"); else none.
    scaled: Option<String>,
}

impl Written {
    /// How many zeros at its end may be rounding.
    ///
    /// Where a word of scale sets the size, a number of four digits and more is written with zeros that nobody measured:
    /// "9400亿" is a rounding of 939.571 billion. Two digits always count as said.
    fn open_zeros(&self) -> i32 {
        const WRITTEN_OUT: usize = 4;
        const SAID: usize = 2;
        self.scaled
            .as_ref()
            .filter(|digits| digits.len() >= WRITTEN_OUT)
            .map_or(0, |digits| {
                let zeros = digits.len() - digits.trim_end_matches('0').len();
                i32::try_from(zeros.min(digits.len() - SAID)).unwrap_or(0)
            })
    }
}

/// Whether a text goes on with a word that multiplies the number before it.
fn is_scale(rest: &str) -> bool {
    const WORDS: [&str; 9] = [
        "万", "亿", "萬", "億", "thousand", "million", "billion", "trillion", "bn",
    ];
    let rest = rest.trim_start().to_lowercase();
    WORDS.iter().any(|word| rest.starts_with(word))
}

/// The numbers in a text.
fn numbers(text: &str) -> Vec<Written> {
    let mut found = Vec::new();
    let mut word = String::new();
    for (at, letter) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        if letter.is_ascii_digit() || (letter == '.' && !word.is_empty() && !word.contains('.')) {
            word.push(letter);
        } else if letter == ',' && !word.is_empty() {
            // A separator of thousands.
        } else if !word.is_empty() {
            let plain = word.trim_end_matches('.');
            let decimals = plain.split_once('.').map_or(0, |(_, rest)| rest.len());
            if let (Ok(number), Ok(decimals)) = (plain.parse(), i32::try_from(decimals)) {
                let is_scaled = decimals == 0 && text.get(at..).is_some_and(is_scale);
                found.push(Written {
                    number,
                    decimals,
                    scaled: is_scaled.then(|| plain.trim_start_matches('0').to_owned()),
                });
            }
            word.clear();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    fn span(value: &str, qualifier: Option<Qualifier>, as_said: &str) -> (String, String) {
        let span = Span::of(Figure::Value(decimal(value)), qualifier, Some(as_said)).expect("a span");
        let text = |value: Option<Decimal>| {
            value
                .map(|value| value.normalize().to_string())
                .unwrap_or_default()
        };
        (text(span.low), text(span.high))
    }

    #[test]
    fn the_last_digit_said_is_what_was_rounded() {
        for (value, said, low, high) in [
            ("3940000000", "3.94 billion yuan", "3935000000", "3945000000"),
            ("4000000000", "4 billion", "3500000000", "4500000000"),
            ("3940000000", "39.4亿元", "3935000000", "3945000000"),
            ("1500", "1,500", "1499.5", "1500.5"),
            ("81", "81 per cent", "80.5", "81.5"),
            ("40000000000", "40.0 billion", "39950000000", "40050000000"),
            ("19", "18 provinces and one city", "18.5", "19.5"),
            ("940000000000", "9400亿元", "935000000000", "945000000000"),
            ("200000000000", "近2000亿元", "195000000000", "205000000000"),
            ("1200000000000", "1,200 billion", "1150000000000", "1250000000000"),
            ("120000000000", "120 billion", "119500000000", "120500000000"),
            ("9400", "9400", "9399.5", "9400.5"),
        ] {
            assert_eq!(
                span(value, None, said),
                (low.to_owned(), high.to_owned()),
                "{said}"
            );
        }
    }

    #[test]
    fn nearly_is_below_and_about_is_either_way() {
        let nearly = span("100", Some(Qualifier::Nearly), "nearly 100");
        assert_eq!(nearly, ("95".to_owned(), "100".to_owned()));
        let about = span("100", Some(Qualifier::About), "about 100");
        assert_eq!(about, ("95".to_owned(), "105".to_owned()));
    }

    #[test]
    fn neighbouring_whole_numbers_are_apart_and_roundings_of_one_value_are_not() {
        let of = |value: &str, said: &str| {
            Span::of(Figure::Value(decimal(value)), None, Some(said)).expect("a span")
        };
        assert!(of("19", "19").is_apart(of("20", "20")));
        assert!(!of("81", "81").is_apart(of("81.4", "81.4")));
        assert!(!of("940000000000", "9400亿元").is_apart(of("939571000000", "939.571 billion yuan")));
        assert!(of("940000000000", "9400亿元").is_apart(of("946000000000", "946 billion yuan")));
        let bound =
            Span::of(Figure::AtLeast(decimal("400")), Some(Qualifier::MoreThan), None).expect("a span");
        assert!(!bound.is_apart(of("400", "400")) && bound.is_apart(of("399", "399")));
    }

    #[test]
    fn trailing_zeros_of_an_observed_amount_are_its_rounding() {
        let apart = |a: &str, b: &str| {
            let of = |text: &str| Span::observed(decimal(text)).expect("a span");
            of(a).is_apart(of(b))
        };
        assert!(!apart("927350000000", "927346000000"));
        assert!(apart("927350000000", "927446000000"));
        assert!(apart("40000", "39959"));
        assert!(!apart("0", "0"));
    }
}
