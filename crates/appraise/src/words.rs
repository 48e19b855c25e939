//! Numbers, units and acts in words: the pieces of sentences that are generated from values.

use counterpart_model::claim::Act;
use counterpart_model::{Decimal, RoundingStrategy};

/// Returns a number with thousands separated and a true minus, at most `decimals` decimals.
#[must_use]
pub fn number(value: Decimal, decimals: u32) -> String {
    let rounded = value
        .round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
        .normalize();
    let text = rounded.abs().to_string();
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        // Four digits stay together: they may be a year. `grouped` separates them where they are an amount.
        if index > 0 && (whole.len() - index) % 3 == 0 && whole.len() > 4 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() {
        "−"
    } else {
        ""
    };
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}

/// Returns a number in its unit, as a sentence has it: `76.6%`, `39,959 yuan`, `11 years`.
#[must_use]
pub fn in_unit(value: Decimal, unit: Option<&str>) -> String {
    match unit {
        Some("percent") => format!("{}%", number(value, 2)),
        Some("count" | "1" | "year") => number(value, 2),
        None => number(value, 6),
        Some(unit) => format!("{} {}", scaled(value), unit_in_words(unit)),
    }
}

/// Returns a number with its thousands separated, or in billions or trillions from a billion on.
#[must_use]
pub fn scaled(value: Decimal) -> String {
    let billion = Decimal::from(1_000_000_000_u64);
    let trillion = Decimal::from(1_000_000_000_000_u64);
    let parts = if value.abs() >= trillion {
        Some((value.checked_div(trillion), "trillion"))
    } else if value.abs() >= billion {
        Some((value.checked_div(billion), "billion"))
    } else {
        None
    };
    match parts {
        Some((Some(small), word)) => format!("{} {word}", number(small, 3)),
        _ => grouped(value, if value.abs() >= Decimal::ONE_HUNDRED { 0 } else { 2 }),
    }
}

/// Returns a number with thousands separated even at four digits.
#[must_use]
pub fn grouped(value: Decimal, decimals: u32) -> String {
    let text = number(value, decimals);
    let digits: Vec<char> = text.chars().collect();
    let whole = digits
        .iter()
        .take_while(|c| **c != '.')
        .filter(|c| c.is_ascii_digit())
        .count();
    if whole == 4 && !text.contains(',') {
        let at = digits.iter().position(char::is_ascii_digit).unwrap_or(0) + 1;
        let (head, tail): (String, String) =
            (digits.iter().take(at).collect(), digits.iter().skip(at).collect());
        return format!("{head},{tail}");
    }
    text
}

/// Returns a unit of the tables in words: `CNY_per_person` is "yuan per person".
#[must_use]
pub fn unit_in_words(unit: &str) -> String {
    let mut before = "";
    let words: Vec<&str> = unit
        .split(['_', ' '])
        .map(|word| match (std::mem::replace(&mut before, word), word) {
            (_, "CNY") => "yuan",
            (_, "USD") => "US dollars",
            (_, "EUR") => "euros",
            ("per", "year") => "year",
            (_, "year") => "a year",
            (_, other) => other,
        })
        .collect();
    words.join(" ")
}

/// Returns the verb of an act.
#[must_use]
pub const fn verb(act: Act) -> &'static str {
    match act {
        Act::Asserts => "says",
        Act::Denies => "denies",
        Act::Alleges => "alleges",
        Act::Criticises => "criticises",
        Act::Estimates => "estimates",
        Act::Promises => "promises",
        Act::Reports => "reports",
    }
}

/// Returns a text without the full stop at its end.
#[must_use]
pub fn without_full_stop(text: &str) -> &str {
    text.trim_end_matches(['.', ' '])
}

/// Returns a text with its first letter as a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Returns the plural of a level of places.
#[must_use]
pub fn plural(level: &str) -> String {
    level
        .strip_suffix('y')
        .map_or_else(|| format!("{level}s"), |stem| format!("{stem}ies"))
}

/// Returns words joined by commas and "and".
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn numbers_have_commas_and_a_true_minus() {
        assert_eq!(number(decimal("39959"), 0), "39,959");
        assert_eq!(number(decimal("-1234567.891"), 1), "−1,234,567.9");
        assert_eq!(number(decimal("2015"), 0), "2015");
        assert_eq!(grouped(decimal("2015"), 0), "2,015");
        assert_eq!(in_unit(decimal("76.5669"), Some("percent")), "76.57%");
        assert_eq!(
            in_unit(decimal("4000"), Some("CNY_per_person")),
            "4,000 yuan per person"
        );
        assert_eq!(in_unit(decimal("14"), Some("count")), "14");
        assert_eq!(in_unit(decimal("23190000000"), Some("CNY")), "23.19 billion yuan");
        assert_eq!(
            in_unit(decimal("2300000000000"), Some("CNY")),
            "2.3 trillion yuan"
        );
    }
}
