//! Counts of persons in running text: digits, number words, Chinese numerals beside a word for persons.

use std::collections::BTreeSet;

use super::unit::is_person_word as counts_persons;

/// How many words may stand between a number and the word for persons.
const REACH: usize = 4;

/// Stands where a clause ends.
const STOP: &str = "|";

/// Whether a word in a text is one for persons: "six heads" are mostly of a list.
fn is_person_word(word: &str) -> bool {
    const MORE: [&str; 24] = [
        "helpers",
        "volunteers",
        "trainers",
        "villagers",
        "relatives",
        "detainees",
        "inmates",
        "prisoners",
        "victims",
        "survivors",
        "interviewees",
        "respondents",
        "experts",
        "specialists",
        "engineers",
        "technicians",
        "graduates",
        "recruits",
        "applicants",
        "drivers",
        "guards",
        "weavers",
        "adults",
        "youths",
    ];
    (counts_persons(word) && !["heads", "headcount", "population"].contains(&word)) || MORE.contains(&word)
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// Whether a text tells a count of persons that is withheld: one under the threshold, or one of `withheld`.
///
/// A withheld number that is large enough to be told from a year, an age or a page gives itself away without a word for
/// persons.
pub(crate) fn tells(text: &str, threshold: u32, withheld: &BTreeSet<String>) -> bool {
    let is_small = |number: &str| {
        number
            .parse::<f64>()
            .is_ok_and(|value| value > 0.0 && value < f64::from(threshold))
    };
    let is_telling = |number: &str| {
        number
            .parse::<f64>()
            .is_ok_and(|value| value >= 1_000.0 && !(1_800.0..2_200.0).contains(&value))
    };
    let tokens = tokens(text);
    let numbers = tokens
        .iter()
        .enumerate()
        .filter_map(|(at, token)| number(token, tokens.get(at + 1)).map(|number| (at, number)));
    for (at, number) in numbers {
        if withheld.contains(&number) && is_telling(&number) {
            return true;
        }
        let after = tokens.iter().skip(at + 1).take(REACH);
        let near = after
            .take_while(|word| *word != STOP)
            .any(|word| is_person_word(word));
        if near && (is_small(&number) || withheld.contains(&number)) {
            return true;
        }
    }
    chinese(text)
        .iter()
        .any(|number| is_small(number) || withheld.contains(number))
}

/// Whether a text has one of these numbers standing by itself.
pub(crate) fn has_number(text: &str, numbers: &BTreeSet<String>) -> bool {
    tokens(text).iter().any(|token| numbers.contains(token))
}

/// Words in small letters, and numbers without the commas between their thousands.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut current = String::new();
    let marks: Vec<char> = text.chars().collect();
    for (at, mark) in marks.iter().enumerate() {
        let after_digit = at
            .checked_sub(1)
            .and_then(|at| marks.get(at))
            .is_some_and(char::is_ascii_digit);
        let before_digit = marks.get(at + 1).is_some_and(char::is_ascii_digit);
        if mark.is_alphanumeric() {
            // "7人" is a number and a word.
            if current
                .chars()
                .next_back()
                .is_some_and(|last| last.is_ascii_digit() != mark.is_ascii_digit())
            {
                tokens.push(std::mem::take(&mut current));
            }
            current.extend(mark.to_lowercase());
        } else if *mark == ',' && after_digit && before_digit {
        } else if *mark == '.' && after_digit && before_digit {
            current.push('.');
        } else {
            if !current.is_empty() {
                tokens.push(std::mem::take(&mut current));
            }
            if ".:;!?()".contains(*mark) {
                tokens.push(STOP.to_owned());
            }
        }
    }
    if !current.is_empty() {
        tokens.push(current);
    }
    tokens
}

fn number(token: &str, next: Option<&String>) -> Option<String> {
    const SCALES: [&str; 9] = [
        "hundred",
        "hundreds",
        "thousand",
        "thousands",
        "million",
        "millions",
        "billion",
        "billions",
        "trillion",
    ];
    if next.is_some_and(|next| SCALES.contains(&next.as_str())) {
        return None;
    }
    if token.starts_with(|mark: char| mark.is_ascii_digit()) {
        return Some(token.to_owned());
    }
    let ones = |word: &str| ONES.iter().position(|one| *one == word);
    if let Some(value) = ones(token) {
        return Some(value.to_string());
    }
    let tens = 20 + 10 * TENS.iter().position(|ten| *ten == token)?;
    let rest = next
        .and_then(|word| ones(word))
        .filter(|rest| (1..10).contains(rest))
        .unwrap_or(0);
    Some((tens + rest).to_string())
}

/// Numbers, as digits or one Chinese numeral, right before a sign for persons.
fn chinese(text: &str) -> Vec<String> {
    const NUMERALS: &str = "〇一二三四五六七八九";
    let marks: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        if !matches!(mark, '人' | '名' | '户' | '位') {
            continue;
        }
        let digits: String = marks
            .iter()
            .take(at)
            .rev()
            .take_while(|mark| mark.is_ascii_digit() || **mark == ',')
            .filter(|mark| mark.is_ascii_digit())
            .collect();
        if !digits.is_empty() {
            found.push(digits.chars().rev().collect());
            continue;
        }
        let numerals: Vec<char> = marks
            .iter()
            .take(at)
            .rev()
            .take_while(|mark| NUMERALS.contains(**mark) || matches!(mark, '十' | '百' | '千' | '万' | '两'))
            .copied()
            .collect();
        match numerals.as_slice() {
            // 一 alone before 人 or 名 is mostly an article; 人 alone is no count.
            ['两'] => found.push("2".to_owned()),
            [one] => {
                if let Some(value) = NUMERALS
                    .chars()
                    .position(|numeral| numeral == *one)
                    .filter(|value| *value > 1)
                {
                    found.push(value.to_string());
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::tells;

    #[test]
    fn small_counts_are_found_in_digits_and_words() {
        let none = BTreeSet::new();
        for text in [
            "7 workers left",
            "Seven young workers",
            "about seven of the workers",
            "7人",
            "七名工人",
            "they sent 7 officials, says",
        ] {
            assert!(tells(text, 10, &none), "{text}");
        }
        for text in [
            "7 plants",
            "17 workers",
            "1,007 workers",
            "workers of 2017",
            "seventy workers",
            "4,000 yuan for each worker",
            "七十人",
            "six heads: organisation, exchange of people",
            "two million spindles: jobs taken up",
        ] {
            assert!(!tells(text, 10, &none), "{text}");
        }
        assert!(tells(
            "some 1,234 workers",
            10,
            &BTreeSet::from(["1234".to_owned()])
        ));
        assert!(tells("forty one workers", 50, &none));
    }
}
