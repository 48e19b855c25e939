//! Whether two names of organisations are one: across legal forms, order of words, spacing, and Chinese and Latin script.
//!
//! Precision comes before recall. Words for legal forms are taken away; words for a trade (apparel, 纺织) and names of
//! places count for nothing by themselves; everything else must agree, word by word.

mod words;

use std::collections::BTreeSet;

use counterpart_model::Record;
use pinyin::ToPinyinMulti;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use words::LEGAL_FORMS;
use words::{JOINING, KINDS_OF_PLACES, TRADES};

/// From which similarity on a pair of names is shown.
pub const THRESHOLD: f64 = 0.93;

/// Similarity of names that agree in all but words for a trade.
const TRADE_DIFFERS: f64 = 0.95;

/// Similarity of a name in characters and one in letters that sound the same: other characters may sound so too.
const SAME_SOUND: f64 = 0.95;

/// A word this long may differ by one letter; shorter ones in pinyin are other names.
const LONG_WORD: usize = 10;

/// Fewest letters of a name that is compared across scripts.
const LETTERS: usize = 6;

/// Most words of a name whose order is tried across scripts.
const ORDERED: usize = 4;

/// How names are compared, in words.
pub const METHOD: &str = "Names and aliases are written in lower case without accents and punctuation; words for legal \
forms are taken away. What is left must be the same words in any order or spacing; one letter in a word of ten or more \
may differ (normalised Damerau–Levenshtein similarity, strsim). Where only words for a trade differ the similarity is \
0.95 of that; words for different trades make it no match. A name in Chinese characters is read in pinyin, every reading \
of each character, and must give the Latin name letter by letter: similarity 0.95, since other characters may sound the \
same. A place and a trade alone are no agreement. Pairs from 0.93 on are shown. Simplified and traditional characters \
are not converted into each other.";

/// Names of places on record, as they stand in names of firms.
#[derive(Debug, Clone, Default)]
pub struct PlaceWords {
    latin: BTreeSet<String>,
    characters: Vec<String>,
}

impl PlaceWords {
    /// Reads the names of a record's places.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut latin = BTreeSet::new();
        let mut characters = BTreeSet::new();
        for place in &record.places {
            latin.extend(latin_words(&place.name));
            let Some(own) = &place.name_zh else { continue };
            let own: String = own.nfkc().filter(|letter| is_character(*letter)).collect();
            let short = KINDS_OF_PLACES
                .iter()
                .find_map(|end| own.strip_suffix(end))
                .filter(|short| short.chars().count() > 1)
                .unwrap_or(&own);
            if short.chars().count() > 1 {
                latin.insert(
                    readings(short)
                        .iter()
                        .filter_map(|readings| readings.first().cloned())
                        .collect::<String>(),
                );
                characters.insert(short.to_owned());
            }
        }
        let mut characters: Vec<String> = characters.into_iter().collect();
        characters.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        Self { latin, characters }
    }
}

/// Two names that agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The name of the record.
    pub name: String,
    /// The listed name.
    pub listed: String,
    /// The first as it was compared.
    pub compared: String,
    /// The second as it was compared.
    pub compared_listed: String,
    /// Words that were taken away.
    pub stripped: Vec<String>,
    /// How they were compared.
    pub method: &'static str,
    /// How alike they are.
    pub similarity: f64,
    /// The comparison in words.
    pub why: String,
}

/// Returns the pair of names that agree best, the first of equals; none where no pair reaches [`THRESHOLD`].
///
/// # Example
/// ```
/// use counterpart_appraise::screening::names::{PlaceWords, best};
///
/// let listed = ["Riverside Huanan Apparel Co., Ltd."];
/// let none = PlaceWords::default();
/// assert!(best(&["Huanan Riverside Apparel Limited"], &listed, &none).is_some());
/// assert!(best(&["Riverside Dongfang Apparel Co., Ltd."], &listed, &none).is_none());
/// ```
#[must_use]
pub fn best(own: &[&str], listed: &[&str], places: &PlaceWords) -> Option<Agreement> {
    let mut best: Option<Agreement> = None;
    for name in own {
        let a = Form::of(name, places);
        for other in listed {
            let found = compare(&a, &Form::of(other, places), name, other)
                .filter(|found| found.similarity >= THRESHOLD)
                .filter(|found| {
                    best.as_ref()
                        .is_none_or(|best| found.similarity > best.similarity)
                });
            if found.is_some() {
                best = found;
            }
        }
    }
    best
}

/// A name taken apart.
#[derive(Debug, Clone)]
struct Form {
    is_chinese: bool,
    /// All but legal forms: words, or one run of characters.
    core: Vec<String>,
    /// What is left without trades and joining words: words, or runs of characters.
    own: Vec<String>,
    /// Those of them that are names of places.
    places: Vec<String>,
    trades: BTreeSet<usize>,
    stripped: Vec<String>,
}

impl Form {
    fn of(name: &str, places: &PlaceWords) -> Self {
        if name.nfkc().any(is_character) {
            Self::chinese(name, places)
        } else {
            Self::latin(name, places)
        }
    }

    fn latin(name: &str, places: &PlaceWords) -> Self {
        let words = latin_words(name);
        let (stripped, core): (Vec<String>, Vec<String>) = words
            .into_iter()
            .partition(|word| LEGAL_FORMS.contains(&word.as_str()));
        let mut trades = BTreeSet::new();
        let mut own = Vec::new();
        let mut in_places = Vec::new();
        for word in &core {
            if let Some(trade) = trade(word) {
                trades.insert(trade);
            } else if !JOINING.contains(&word.as_str()) {
                if places.latin.contains(word) {
                    in_places.push(word.clone());
                } else {
                    own.push(word.clone());
                }
            }
        }
        Self {
            is_chinese: false,
            core,
            own,
            places: in_places,
            trades,
            stripped,
        }
    }

    fn chinese(name: &str, places: &PlaceWords) -> Self {
        let mut text: String = name
            .nfkc()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let mut stripped = Vec::new();
        while let Some((end, rest)) = LEGAL_FORMS
            .iter()
            .find_map(|form| Some((*form, text.strip_suffix(form)?.to_owned())))
            .filter(|(form, _)| form.chars().all(is_character))
        {
            stripped.push(end.to_owned());
            text = rest;
        }
        let core = text.clone();
        let mut trades = BTreeSet::new();
        let mut words: Vec<(usize, &str)> = TRADES
            .iter()
            .enumerate()
            .flat_map(|(index, (_, words))| words.iter().map(move |word| (index, *word)))
            .filter(|(_, word)| word.chars().all(is_character))
            .collect();
        words.sort_by_key(|(_, word)| std::cmp::Reverse(word.chars().count()));
        for (index, word) in words {
            // A trade begins no name.
            while let Some(at) = text.find(word).filter(|at| *at > 0) {
                trades.insert(index);
                text.replace_range(at..at + word.len(), "");
            }
        }
        let mut in_places = Vec::new();
        if let Some(place) = places
            .characters
            .iter()
            .find(|place| text.starts_with(place.as_str()))
        {
            in_places.push(place.clone());
            text = text.get(place.len()..).unwrap_or_default().to_owned();
            for end in KINDS_OF_PLACES {
                if let Some(rest) = text.strip_prefix(end) {
                    text = rest.to_owned();
                    break;
                }
            }
        }
        Self {
            is_chinese: true,
            core: vec![core],
            own: if text.is_empty() { Vec::new() } else { vec![text] },
            places: in_places,
            trades,
            stripped,
        }
    }

    /// Trades that tell firms apart.
    fn telling(&self) -> BTreeSet<usize> {
        self.trades
            .iter()
            .copied()
            .filter(|index| TRADES.get(*index).is_some_and(|(tells, _)| *tells))
            .collect()
    }

    fn compared(&self) -> String {
        let words: Vec<&str> = self.places.iter().chain(&self.own).map(String::as_str).collect();
        words.join(" ")
    }

    fn letters(&self) -> usize {
        self.own.iter().map(|word| word.chars().count()).sum()
    }
}

fn trade(word: &str) -> Option<usize> {
    TRADES.iter().position(|(_, words)| words.contains(&word))
}

fn is_character(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Words of a name in letters: lower case, without accents, apostrophes taken away.
fn latin_words(name: &str) -> Vec<String> {
    let plain: String = name
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter) && !matches!(letter, '\'' | '’' | '‘' | 'ʼ' | '`'))
        .flat_map(char::to_lowercase)
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

fn compare(a: &Form, b: &Form, name: &str, listed: &str) -> Option<Agreement> {
    let (telling, other) = (a.telling(), b.telling());
    let (method, similarity) = match (a.is_chinese, b.is_chinese) {
        _ if !telling.is_empty() && !other.is_empty() && telling.is_disjoint(&other) => return None,
        (false, false) => words_agree(a, b)?,
        (true, true) => characters_agree(a, b)?,
        (true, false) => sounds_agree(a, b)?,
        (false, true) => sounds_agree(b, a)?,
    };
    let mut stripped: Vec<String> = a.stripped.iter().chain(&b.stripped).cloned().collect();
    stripped.sort();
    stripped.dedup();
    let without = if stripped.is_empty() {
        String::new()
    } else {
        format!(", without {}", stripped.join(", "))
    };
    Some(Agreement {
        name: name.to_owned(),
        listed: listed.to_owned(),
        compared: a.compared(),
        compared_listed: b.compared(),
        why: format!(
            "{method}, “{}” and “{}”{without}; similarity {similarity:.2} of at least {THRESHOLD}",
            a.compared(),
            b.compared()
        ),
        stripped,
        method,
        similarity,
    })
}

fn sorted(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    words.sort();
    words
}

fn words_agree(a: &Form, b: &Form) -> Option<(&'static str, f64)> {
    let is_more_than_a_trade = !(a.own.is_empty() && a.places.is_empty());
    if is_more_than_a_trade && sorted(&a.core) == sorted(&b.core) {
        return Some(("the same words", 1.0));
    }
    if a.own.is_empty() || b.own.is_empty() || sorted(&a.places) != sorted(&b.places) {
        return None;
    }
    let trade = if a.trades == b.trades { 1.0 } else { TRADE_DIFFERS };
    let (left, right) = (sorted(&a.own), sorted(&b.own));
    if a.own.concat() == b.own.concat() || left == right {
        let is_short = a.letters() < 3;
        return (!is_short).then_some(("the same words but for a trade, order or spacing", trade));
    }
    if left.len() != right.len() {
        return None;
    }
    let is_near = left.iter().zip(&right).all(|(x, y)| {
        let long = x.chars().count().min(y.chars().count()) >= LONG_WORD;
        let has_digit = |word: &str| word.chars().any(char::is_numeric);
        x == y || (long && !has_digit(x) && !has_digit(y) && strsim::damerau_levenshtein(x, y) <= 1)
    });
    is_near.then(|| {
        let similarity = strsim::normalized_damerau_levenshtein(&left.concat(), &right.concat());
        ("words that differ by a letter", similarity * trade)
    })
}

fn characters_agree(a: &Form, b: &Form) -> Option<(&'static str, f64)> {
    let is_more_than_a_trade = !(a.own.is_empty() && a.places.is_empty());
    if is_more_than_a_trade && a.core == b.core {
        return Some(("the same characters", 1.0));
    }
    let is_short = a.letters() < 2;
    (!is_short && a.own == b.own && a.places == b.places)
        .then_some(("the same characters but for a trade", TRADE_DIFFERS))
}

/// Whether the characters of one name can be read as the letters of another.
fn sounds_agree(chinese: &Form, latin: &Form) -> Option<(&'static str, f64)> {
    if chinese.own.is_empty() || latin.own.is_empty() {
        return None;
    }
    let text: String = chinese
        .places
        .iter()
        .chain(&chinese.own)
        .map(String::as_str)
        .collect();
    let words: Vec<&String> = latin
        .core
        .iter()
        .filter(|word| trade(word).is_none() && !JOINING.contains(&word.as_str()))
        .collect();
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    if letters < LETTERS {
        return None;
    }
    let readings = readings(&text);
    if readings.iter().any(Vec::is_empty) {
        return None;
    }
    let agrees = |words: &[&String]| {
        let letters: String = words.iter().map(|word| word.as_str()).collect();
        can_be_read(&readings, &letters)
    };
    let found = if words.len() <= ORDERED {
        orders(&words).iter().any(|order| agrees(order))
    } else {
        agrees(&words)
    };
    found.then_some(("the same sound in pinyin", SAME_SOUND))
}

/// Every order of a few words.
fn orders<'a>(words: &[&'a String]) -> Vec<Vec<&'a String>> {
    if words.len() <= 1 {
        return vec![words.to_vec()];
    }
    let mut all = Vec::new();
    for (index, first) in words.iter().enumerate() {
        let mut rest = words.to_vec();
        rest.remove(index);
        for mut order in orders(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

/// Every reading of each character, without tones; a letter reads as itself.
fn readings(text: &str) -> Vec<Vec<String>> {
    text.chars()
        .map(|letter| {
            if !is_character(letter) {
                return vec![letter.to_string()];
            }
            let mut found: Vec<String> = Vec::new();
            for reading in letter.to_pinyin_multi().into_iter().flatten() {
                let plain = reading.plain();
                let spelled = if plain.contains('ü') {
                    vec![
                        plain.replace('ü', "u"),
                        plain.replace('ü', "v"),
                        plain.replace('ü', "yu"),
                    ]
                } else {
                    vec![plain.to_owned()]
                };
                for reading in spelled {
                    if !found.contains(&reading) {
                        found.push(reading);
                    }
                }
            }
            found
        })
        .collect()
}

/// Whether letters can be cut into one reading of each character, in order.
fn can_be_read(readings: &[Vec<String>], letters: &str) -> bool {
    let mut ends: BTreeSet<usize> = BTreeSet::from([0]);
    for of_one in readings {
        let mut next = BTreeSet::new();
        for end in &ends {
            let rest = letters.get(*end..).unwrap_or_default();
            next.extend(
                of_one
                    .iter()
                    .filter(|reading| rest.starts_with(reading.as_str()))
                    .map(|reading| end + reading.len()),
            );
        }
        ends = next;
    }
    ends.contains(&letters.len())
}

#[cfg(test)]
mod tests {
    use super::{PlaceWords, best};

    fn places() -> PlaceWords {
        PlaceWords {
            latin: ["hetian".to_owned(), "riverside".to_owned()].into(),
            characters: vec!["和田".to_owned()],
        }
    }

    fn agree(own: &str, listed: &str) -> bool {
        let straight = best(&[own], &[listed], &places());
        let turned = best(&[listed], &[own], &places());
        assert_eq!(straight.is_some(), turned.is_some(), "{own} and {listed}");
        // Whether the record knows the place must not decide.
        straight.is_some()
    }

    #[test]
    fn the_same_name_in_other_forms_agrees() {
        for (own, listed) in [
            (
                "Riverside Huaxing Apparel Co., Ltd.",
                "Riverside Huaxing Apparel Company Limited",
            ),
            ("Riverside Huaxing Apparel", "RIVERSIDE HUAXING APPAREL CO LTD"),
            (
                "Huaxing Riverside Apparel Co., Ltd",
                "Riverside Huaxing Apparel Ltd.",
            ),
            ("Riverside Hua Xing Apparel", "Riverside Huaxing Apparel"),
            ("Huàxīng Group", "Huaxing Group Co., Ltd."),
            ("和田华兴服装有限公司", "Hetian Huaxing Apparel Co., Ltd."),
            ("和田华兴服装有限责任公司", "和田华兴服装有限公司"),
            ("重庆长兴纺织有限公司", "Chongqing Changxing Textiles Co., Ltd."),
            ("Huaxing Hetian Apparel Co., Ltd.", "和田华兴服装有限公司"),
            (
                "Vocational Eduction Proffessional Center",
                "Vocational Eduction Professional Center",
            ),
        ] {
            assert!(agree(own, listed), "{own} and {listed}");
        }
    }

    #[test]
    fn a_place_a_trade_or_a_near_sound_is_no_agreement() {
        for (own, listed) in [
            (
                "Riverside Huaxing Apparel Co., Ltd.",
                "Riverside Dongfang Apparel Co., Ltd.",
            ),
            ("Riverside Apparel Co., Ltd.", "Riverside Textile Co., Ltd."),
            ("Apparel Co., Ltd.", "Apparel Ltd."),
            ("Huaxing Apparel Co., Ltd.", "Huaxing Real Estate Co., Ltd."),
            ("Huafang Textile", "Huafeng Textile"),
            ("和田服装有限公司", "Hetian Textile Co., Ltd."),
            ("和田服装有限公司", "Hetian Huaxing Apparel Co., Ltd."),
            ("和田华兴纺织有限公司", "Hetian Huaxing Apparel Co., Ltd."),
            ("华芳纺织有限公司", "华方纺织有限公司"),
            ("Plant No. 4", "Plant No. 5"),
            ("Riverside Huaxing Apparel", "Huaxing Apparel"),
            ("", ""),
            ("有限公司", "公司"),
            ("Co., Ltd.", "Ltd."),
        ] {
            assert!(!agree(own, listed), "{own} and {listed}");
        }
    }

    #[test]
    fn a_score_says_which_strings_were_compared_and_what_was_taken_away() {
        let found = best(
            &["Huaxing Group Inc."],
            &["Huaxing Co., Ltd."],
            &PlaceWords::default(),
        )
        .expect("agrees");
        assert_eq!(found.similarity, 0.95);
        assert_eq!(
            found.why,
            "the same words but for a trade, order or spacing, “huaxing” and “huaxing”, without co, inc, ltd; similarity \
             0.95 of at least 0.93"
        );
    }
}
