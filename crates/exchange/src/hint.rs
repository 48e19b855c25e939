//! "Did you mean": the nearest of what could have been written.

/// Returns `did you mean A, B or C?` for the at most three candidates nearest to `met`.
///
/// A candidate is near when a third of its letters or fewer differ (swapped neighbours count once), or when it begins
/// with what was met.
pub(crate) fn did_you_mean<'a>(met: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let met = met.trim().to_lowercase();
    let n = met.chars().count();
    if n == 0 || n > 80 {
        return None;
    }
    let most = (n / 3).clamp(1, 3);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            if lower.chars().count().abs_diff(n) > 3 {
                return None;
            }
            let distance = if lower == met {
                0
            } else {
                strsim::osa_distance(&lower, &met)
            };
            let begins = n > 1 && lower.starts_with(&met);
            (distance <= most || begins).then_some((distance, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    let names: Vec<&str> = near.into_iter().take(3).map(|(_, name)| name).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("did you mean {one}?")),
        [first @ .., last] => Some(format!("did you mean {} or {last}?", first.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn at_most_three_near_names_nearest_first() {
        assert_eq!(
            did_you_mean("P7", ["P70", "P1", "P72", "Q9", "P71", "P73"]).as_deref(),
            Some("did you mean P1, P70 or P71?")
        );
        assert_eq!(
            did_you_mean("valeu", ["value", "unit"]).as_deref(),
            Some("did you mean value?")
        );
        assert_eq!(did_you_mean("moon", ["province", "county"]), None);
    }
}
