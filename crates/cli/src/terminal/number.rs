//! Numbers as people read them: a minus that is a minus, one decimal, p to two digits.

/// Returns a number at a number of decimals, with −.
pub(crate) fn decimals(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    match text.strip_prefix('-') {
        // What rounds to zero has no sign.
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// Returns a difference on the natural logarithm as per cent.
pub(crate) fn log_as_percent(estimate: f64) -> String {
    format!("{}%", decimals(estimate.exp_m1() * 100.0, 1))
}

/// Returns a p-value at two decimals.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.005 {
        "<0.01".to_owned()
    } else {
        decimals(p, 2)
    }
}

/// Returns "5/13": the rank behind a p-value that is a share of equally likely assignments, where it is one.
///
/// By randomisation p = rank / assignments, and the smallest p that the design can reach is 1 / assignments.
pub(crate) fn rank(p: f64, p_floor: f64) -> Option<String> {
    const MOST: f64 = 9999.0;
    const NEAR: f64 = 1e-6;
    let assignments = (1.0 / p_floor).round();
    let rank = (p * assignments).round();
    let whole = p_floor > 0.0
        && assignments <= MOST
        && (assignments * p_floor - 1.0).abs() < NEAR
        && (rank - p * assignments).abs() < NEAR * assignments;
    whole.then(|| format!("{rank}/{assignments}"))
}

/// Returns a size in bytes as "393 kB".
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Returns a count with its noun.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::{decimals, log_as_percent, p_value, rank, size};

    #[test]
    fn a_minus_is_a_minus_and_zero_has_none() {
        assert_eq!(decimals(-12.34, 1), "−12.3");
        assert_eq!(decimals(-0.04, 1), "0.0");
        assert_eq!(log_as_percent(1.1_f64.ln()), "10.0%");
        assert_eq!(log_as_percent(-0.009), "−0.9%");
    }

    #[test]
    fn a_small_p_is_not_rounded_to_nothing() {
        assert_eq!(p_value(0.001), "<0.01");
        assert_eq!(p_value(0.15), "0.15");
        assert_eq!(p_value(1.0), "1.00");
    }

    #[test]
    fn a_rank_is_shown_only_where_p_is_one() {
        assert_eq!(rank(2.0 / 13.0, 1.0 / 13.0).as_deref(), Some("2/13"));
        assert_eq!(rank(0.2, 0.2).as_deref(), Some("1/5"));
        assert_eq!(rank(0.123, 0.0), None);
        assert_eq!(rank(0.5, 0.000_001), None);
    }

    #[test]
    fn sizes_are_decimal() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(392_700), "393 kB");
        assert_eq!(size(4_250_000), "4.2 MB");
    }
}
