//! Numbers, units and states in words: one place, so that a figure looks the same wherever it stands.

use counterpart_appraise::assessment::{
    CheckStatus, CheckStatusWord, CompanionReason, Number, RemovedKind, VerdictReason, VintageRow,
};

/// What stands where no value is on record.
pub const NONE: &str = "–";

/// Returns a number with all its digits, a minus sign and thousands commas.
#[must_use]
pub fn number(number: &Number) -> String {
    grouped(number.as_str())
}

/// Returns a number rounded half away from zero to a number of decimals.
#[must_use]
pub fn rounded(number: &Number, decimals: usize) -> String {
    grouped(&fixed(number.as_str(), 0, decimals))
}

/// Returns a hundred times a number, rounded: a ratio in percent, a difference of logarithms in log points.
#[must_use]
pub fn hundredfold(number: &Number, decimals: usize) -> String {
    grouped(&fixed(number.as_str(), 2, decimals))
}

/// Returns a hundred times a number with a sign, rounded.
#[must_use]
pub fn signed_hundredfold(number: &Number, decimals: usize) -> String {
    with_sign(hundredfold(number, decimals))
}

/// Returns a difference of logarithms as a change in percent with its sign.
#[must_use]
pub fn percent_of_log(number: &Number) -> String {
    let percent = number.as_f64().exp_m1() * 100.0;
    let sign = if percent < 0.0 { '−' } else { '+' };
    format!("{sign}{:.1}%", percent.abs())
}

/// Returns the value of a check as a verdict's sentence prints it.
#[must_use]
pub fn check_value(number: &Number) -> String {
    let value = number.as_f64();
    if value.abs() >= 0.01 || value == 0.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1e}")
    }
}

/// Returns a number with a sign, rounded.
#[must_use]
pub fn signed(number: &Number, decimals: usize) -> String {
    with_sign(rounded(number, decimals))
}

/// Returns a difference with all its digits and its sign.
#[must_use]
pub fn difference(number: &Number) -> String {
    with_sign(self::number(number))
}

/// Returns a p-value at two decimals, at three below 0.01.
#[must_use]
pub fn p_value(number: &Number) -> String {
    let value = number.as_f64();
    if value > 0.0 && value < 0.0005 {
        "<0.001".to_owned()
    } else if value < 0.0095 {
        rounded(number, 3)
    } else {
        rounded(number, 2)
    }
}

/// Returns a value at about four significant digits, whatever its size.
#[must_use]
pub fn short(number: &Number) -> String {
    let size = number.as_f64().abs();
    let decimals = if size >= 1000.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        4
    };
    let text = fixed(number.as_str(), 0, decimals);
    let trimmed = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    grouped(trimmed)
}

fn with_sign(text: String) -> String {
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.' | ','));
    if text.starts_with('−') || is_zero {
        text
    } else {
        format!("+{text}")
    }
}

/// Shifts the decimal point of plain digits to the right and rounds half away from zero, on the digits themselves.
fn fixed(digits: &str, shift: usize, decimals: usize) -> String {
    let (sign, body) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits),
    };
    if body.is_empty() || !body.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return digits.to_owned();
    }
    let (whole, part) = body.split_once('.').unwrap_or((body, ""));
    let mut all: Vec<u8> = whole.bytes().chain(part.bytes()).map(|b| b - b'0').collect();
    let mut point = whole.len() + shift;
    while all.len() < point + decimals + 1 {
        all.push(0);
    }
    let round_up = all.get(point + decimals).is_some_and(|digit| *digit >= 5);
    all.truncate(point + decimals);
    if round_up {
        let mut carried = true;
        for digit in all.iter_mut().rev() {
            if *digit == 9 {
                *digit = 0;
            } else {
                *digit += 1;
                carried = false;
                break;
            }
        }
        if carried {
            all.insert(0, 1);
            point += 1;
        }
    }
    let text = |digits: &[u8]| {
        digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect::<String>()
    };
    let (whole, part) = all.split_at(point.min(all.len()));
    let whole = text(whole);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let sign = if all.iter().all(|digit| *digit == 0) {
        ""
    } else {
        sign
    };
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{}", text(part))
    }
}

/// Puts commas between thousands and a minus sign in front.
fn grouped(digits: &str) -> String {
    let (sign, body) = match digits.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", digits),
    };
    let (whole, part) = match body.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (body, None),
    };
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(part) = part {
        text.push('.');
        text.push_str(part);
    }
    text
}

/// Returns `n thing` or `n things`.
#[must_use]
pub fn count(n: usize, one: &str, many: &str) -> String {
    let text = grouped(&n.to_string());
    if n == 1 {
        format!("{text} {one}")
    } else {
        format!("{text} {many}")
    }
}

/// Returns the form of a verb that goes with a number.
#[must_use]
pub const fn verb(n: usize, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

/// Returns a span of two dates, or the one date twice named once.
#[must_use]
pub fn span(start: Option<&str>, end: Option<&str>) -> String {
    match (start, end) {
        (Some(start), Some(end)) if start == end => start.to_owned(),
        (Some(start), Some(end)) => format!("{start}–{end}"),
        (Some(start), None) => format!("since {start}"),
        (None, Some(end)) => format!("until {end}"),
        (None, None) => String::new(),
    }
}

/// Returns a word of a table as words: underscores become spaces.
#[must_use]
pub fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

/// Returns a unit as it is read: currencies by their names, `_per_` as "per".
#[must_use]
pub fn unit(unit: &str) -> String {
    unit.split('_')
        .map(|part| currency(part).unwrap_or(part))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the name of a currency by its ISO 4217 code, where it has a short one.
fn currency(code: &str) -> Option<&'static str> {
    Some(match code {
        "CNY" => "yuan",
        "USD" => "US dollars",
        "EUR" => "euros",
        "GBP" => "pounds",
        "JPY" => "yen",
        "RUB" => "roubles",
        "INR" => "rupees",
        _ => return None,
    })
}

/// Returns a value with its unit: `5%`, `54,280 yuan per person`.
#[must_use]
pub fn with_unit(value: &str, unit_word: Option<&str>) -> String {
    match unit_word {
        None | Some("" | "1" | "number" | "ratio") => value.to_owned(),
        Some("percent") => format!("{value}%"),
        Some(word) => format!("{value} {}", unit(word)),
    }
}

/// Returns how a vintage is called: by its kind and its year, which is unique only with its id.
#[must_use]
pub fn vintage(row: &VintageRow) -> String {
    let year = row.published_on.as_deref().and_then(|date| date.get(..4));
    match (row.kind.as_str(), year) {
        ("as_first_published", Some(year)) => format!("as first published, to {year}"),
        ("as_first_published", None) => "as first published".to_owned(),
        ("edition", Some(year)) => format!("{year} edition"),
        ("mixed", Some(year)) => format!("mixed editions, {year}"),
        (kind, Some(year)) => format!("{}, {year}", spaced(kind)),
        (kind, None) => spaced(kind),
    }
}

/// Returns the name of an estimator.
#[must_use]
pub fn estimator(name: &str) -> String {
    match name {
        "did" => "difference in differences".to_owned(),
        "event-study" => "event study".to_owned(),
        "callaway-santanna" => "Callaway and Sant’Anna".to_owned(),
        "sun-abraham" => "Sun and Abraham".to_owned(),
        "imputation" => "imputation".to_owned(),
        "synthetic-control" => "synthetic control".to_owned(),
        "synthetic-did" => "synthetic difference in differences".to_owned(),
        "dose" => "dose response".to_owned(),
        other => other.replace(['-', '_'], " "),
    }
}

/// Returns the name of an outcome under its transform.
#[must_use]
pub fn transformed(name: &str, transform: &str) -> String {
    match transform {
        "log" => format!("{name}, log"),
        _ => name.to_owned(),
    }
}

/// Returns the words of a check's status.
#[must_use]
pub const fn status(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Reproduced => "reproduced",
        CheckStatus::OnlyWith => "only with",
        CheckStatus::Contradicted => "contradicted",
        CheckStatus::NotCheckable => "not checkable",
        CheckStatus::Implied => "implied",
        CheckStatus::NoDerivation => "nothing to recompute",
    }
}

/// Returns the glyph of a check's status.
#[must_use]
pub const fn status_glyph(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Reproduced => "✓",
        CheckStatus::OnlyWith => "◐",
        CheckStatus::Contradicted => "✕",
        CheckStatus::NotCheckable => "○",
        CheckStatus::Implied => "→",
        CheckStatus::NoDerivation => "·",
    }
}

/// Returns the short word of a check's status that style sheet and script know it by.
#[must_use]
pub const fn status_class(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Reproduced => "reproduced",
        CheckStatus::OnlyWith => "only",
        CheckStatus::Contradicted => "contradicted",
        CheckStatus::NotCheckable => "uncheckable",
        CheckStatus::Implied => "implied",
        CheckStatus::NoDerivation => "none",
    }
}

/// Returns whether a study's check holds, in words.
#[must_use]
pub const fn check(status: CheckStatusWord) -> &'static str {
    match status {
        CheckStatusWord::Holds => "holds",
        CheckStatusWord::Fails => "fails",
        CheckStatusWord::NotComputed => "not computed",
    }
}

/// Returns why inputs do not belong together, in words.
#[must_use]
pub const fn reason(reason: CompanionReason) -> &'static str {
    match reason {
        CompanionReason::DifferentVintage => "inputs of different vintages",
        CompanionReason::DifferentPopulationBasis => "heads counted by different censuses",
        CompanionReason::DifferentPeriod => "inputs of different periods",
        CompanionReason::DifferentCurrency => "inputs in different currencies",
        CompanionReason::DifferentFlow => "inputs of different kinds of money",
        CompanionReason::BoundNotValue => "an input is a bound",
        CompanionReason::TruncatedNotRounded => "cut off, not rounded",
        CompanionReason::OneRateForSeveralYears => "one rate for several years",
        CompanionReason::MissingInput => "an input is not on record",
        CompanionReason::OwnOperand => "stands among its own inputs",
        CompanionReason::NoStatedValue => "no figure stated to compare",
        CompanionReason::ProvisionalInput => "an input is preliminary",
        CompanionReason::OwnSource => "only the source's own figures",
    }
}

/// Returns why a verdict is what it is, in words.
#[must_use]
pub const fn verdict_reason(reason: VerdictReason) -> &'static str {
    match reason {
        VerdictReason::NoSeries => "no series under this lens",
        VerdictReason::NoControl => "nobody may serve as comparison",
        VerdictReason::CheckFailed => "a required check fails",
        VerdictReason::CheckNotComputed => "a required check was not computed",
        VerdictReason::PFloor => "the design cannot reach a small enough p",
        VerdictReason::Inside => "the interval lies inside the zone of no interest",
        VerdictReason::Above => "the interval lies above zero",
        VerdictReason::Below => "the interval lies below zero",
        VerdictReason::Undecided => "the interval holds both zero and effects of interest",
        VerdictReason::OutcomesDisagree => "the outcomes disagree",
    }
}

/// Returns a line of the decision table in words; a line that is no known code stands as it is.
#[must_use]
pub fn rule_line(line: &str) -> String {
    match line {
        "no_series" => "No series under the lens: cannot tell.",
        "no_control" => "Nobody may serve as comparison: cannot tell.",
        "check_failed" => "A required check fails or was not computed: cannot tell.",
        "p_floor" => "The design cannot reach a p small enough: cannot tell.",
        "inside" => {
            "The interval lies inside the smallest effect on both sides of zero: no detectable effect."
        }
        "above" => {
            "The interval lies above zero and the estimate reaches the smallest effect: better, helped."
        }
        "below" => {
            "The interval lies below zero and the estimate reaches the smallest effect: worse, harmed."
        }
        "else_cannot_tell" => "Anything else: cannot tell.",
        other => return other.to_owned(),
    }
    .to_owned()
}

/// Returns how studies make a headline, in words.
#[must_use]
pub fn headline(rule: &str) -> String {
    match rule {
        "all_primary_agree" => {
            "The first line that fits is the verdict of a study. The headline of a lens is the verdict on which all its \
             primary studies agree; where they do not, the record cannot tell."
        }
        other => other,
    }
    .to_owned()
}

/// Returns what is removed, in words.
#[must_use]
pub const fn removed(kind: RemovedKind) -> &'static str {
    match kind {
        RemovedKind::Source => "one source",
        RemovedKind::Control => "the controls",
        RemovedKind::Vintage => "the vintage",
        RemovedKind::Window => "the window",
        RemovedKind::Estimator => "the estimator",
    }
}

/// Returns what a speaker does, as a noun for a label.
#[must_use]
pub fn act(word: &str) -> &str {
    match word {
        "asserts" => "says",
        other => other,
    }
}

/// Returns a list as it is read: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Puts a capital at the beginning.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{fixed, grouped, hundredfold, p_value, short, signed, signed_hundredfold, unit};
    use counterpart_appraise::assessment::Number;

    fn exact(text: &str) -> Number {
        Number::exact(text.parse().expect("a decimal"))
    }

    #[test]
    fn digits_are_rounded_as_they_are_written() {
        for (digits, shift, decimals, want) in [
            ("0.765", 2, 0, "77"),
            ("0.76449", 2, 1, "76.4"),
            ("-0.00049", 2, 1, "0.0"),
            ("99.95", 0, 1, "100.0"),
            ("1234567", 0, 2, "1234567.00"),
            ("-12.5", 0, 0, "-13"),
        ] {
            assert_eq!(fixed(digits, shift, decimals), want, "{digits}");
        }
    }

    #[test]
    fn figures_are_printed_with_minus_comma_and_sign() {
        assert_eq!(grouped("-1234567.5"), "−1,234,567.5");
        assert_eq!(grouped("999"), "999");
        assert_eq!(signed(&exact("3.14"), 1), "+3.1");
        assert_eq!(signed(&exact("0.001"), 1), "0.0");
        assert_eq!(hundredfold(&exact("0.8102"), 1), "81.0");
        assert_eq!(signed_hundredfold(&exact("-0.0412"), 1), "−4.1");
        assert_eq!(p_value(&exact("0.0042")), "0.004");
        assert_eq!(p_value(&exact("0.15")), "0.15");
        assert_eq!(short(&exact("54280.4")), "54,280");
        assert_eq!(short(&exact("0.25")), "0.25");
        assert_eq!(unit("CNY_per_person"), "yuan per person");
    }
}
