//! Which units count persons, and how many persons one of a unit is.

const WORDS: [&str; 36] = [
    "person",
    "persons",
    "people",
    "workers",
    "labourers",
    "laborers",
    "employees",
    "trainees",
    "students",
    "pupils",
    "patients",
    "teachers",
    "doctors",
    "nurses",
    "officials",
    "residents",
    "cadres",
    "women",
    "men",
    "girls",
    "boys",
    "children",
    "households",
    "families",
    "headcount",
    "heads",
    "staff",
    "migrants",
    "beneficiaries",
    "participants",
    "individuals",
    "inhabitants",
    "population",
    "contracts",
    "jobs",
    "farmers",
];
const SIGNS: [&str; 5] = ["人", "户", "名", "человек", "ئادەم"];

/// Whether a unit counts persons, whatever word it has for them.
pub(crate) fn counts_persons(unit: &str) -> bool {
    persons_each(unit).is_some()
}

/// Returns how many persons one of a unit is: 10,000 for `10000_persons` or `万人`; none where it counts no persons.
///
/// `CNY_per_person` is money; `persons`, `person_times`, `person_months` and `registered workers` are counts. A contract
/// stands for the one who signed it.
pub(crate) fn persons_each(unit: &str) -> Option<f64> {
    let lower = unit.to_lowercase();
    let is_rate =
        lower.contains("per_") || lower.contains(" per ") || lower.contains('/') || lower.contains('%');
    let words: Vec<&str> = lower.split(|mark: char| !mark.is_alphanumeric()).collect();
    let counts =
        words.iter().any(|word| is_person_word(word)) || SIGNS.iter().any(|sign| lower.contains(sign));
    if is_rate || !counts {
        return None;
    }
    let mut each = 1.0;
    for word in words {
        each *= match word {
            "hundred" | "hundreds" => 100.0,
            "thousand" | "thousands" | "1k" => 1_000.0,
            "10k" => 10_000.0,
            "million" | "millions" => 1_000_000.0,
            number => number
                .parse::<f64>()
                .ok()
                .filter(|size| *size >= 1.0)
                .unwrap_or(1.0),
        };
    }
    for (sign, size) in [
        ('百', 100.0),
        ('千', 1_000.0),
        ('万', 10_000.0),
        ('萬', 10_000.0),
        ('亿', 100_000_000.0),
    ] {
        if lower.contains(sign) {
            each *= size;
        }
    }
    Some(each)
}

/// Whether a word, in small letters, is one for persons.
pub(crate) fn is_person_word(word: &str) -> bool {
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::persons_each;

    #[test]
    fn persons_are_counted_and_money_per_person_is_not() {
        for (unit, each) in [
            ("persons", 1.0),
            ("person_times", 1.0),
            ("person-times", 1.0),
            ("registered workers", 1.0),
            ("People", 1.0),
            ("10000_persons", 10_000.0),
            ("万人", 10_000.0),
            ("thousand persons", 1_000.0),
        ] {
            assert_eq!(persons_each(unit), Some(each), "{unit}");
        }
        for unit in [
            "CNY_per_person",
            "percent",
            "count",
            "socks",
            "CNY",
            "元/人",
            "persons per km2",
        ] {
            assert_eq!(persons_each(unit), None, "{unit}");
        }
    }
}
