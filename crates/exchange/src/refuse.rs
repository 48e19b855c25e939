//! Headings that are never accepted: Counterpart watches the programme, never the people in it.
//!
//! A heading is compared without case, spaces, punctuation and diacritics, with or without `x_` in front, and also when a
//! word for a person, a language or a number is added to it (`worker_name`, `phone2`, `name_zh`).

mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use counterpart_model::TableId;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use words::REFUSED;
use words::{COMPANIONS, INSIDE, PERSONS};

/// What about a person a heading would hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Trait {
    /// A personal name.
    Name,
    /// A number or paper that identifies one person.
    Identity,
    /// Where a person can be reached.
    Contact,
    /// When a person was born.
    Birth,
    /// Sex or gender.
    Sex,
    /// Ethnicity.
    Ethnicity,
    /// Religion.
    Religion,
    /// Political view or membership.
    Politics,
    /// Where and with whom a person lives.
    Home,
    /// Face, voice, body.
    Body,
}

impl Trait {
    /// Returns why a heading of this kind is refused, as a noun phrase.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Name => "a private person's name",
            Self::Identity => "a number or paper that identifies one person",
            Self::Contact => "a way to reach one person",
            Self::Birth => "a person's date or place of birth",
            Self::Sex => "a person's sex or gender",
            Self::Ethnicity => "a person's ethnicity",
            Self::Religion => "a person's religion",
            Self::Politics => "a person's political view or membership",
            Self::Home => "a person's home or household",
            Self::Body => "a picture of a person or a measurement of the body",
        }
    }
}

static BY_FOLDED: LazyLock<BTreeMap<String, Trait>> = LazyLock::new(|| {
    REFUSED
        .iter()
        .flat_map(|(about, words)| words.iter().map(|word| (fold(word).concat(), *about)))
        .collect()
});

/// Returns what about a person a heading would hold, or `None` where the heading may stand.
///
/// `name` may stand in tables whose `name` is that of an office, a place or an organisation; `table` is `None` for a
/// table of the case's own, which has no such leave.
///
/// # Example
/// ```
/// use counterpart_exchange::refuse::{Trait, refused};
/// use counterpart_model::TableId;
///
/// assert_eq!(refused(Some(TableId::Placements), "X_Worker Name"), Some(Trait::Name));
/// assert_eq!(refused(Some(TableId::Placements), "身份证号"), Some(Trait::Identity));
/// assert_eq!(refused(Some(TableId::Places), "name"), None);
/// ```
#[must_use]
pub fn refused(table: Option<TableId>, heading: &str) -> Option<Trait> {
    let mut words = fold(heading);
    if words.len() > 1 && words.first().is_some_and(|word| word == "x") {
        words.remove(0);
    }
    let public_name = table.is_some_and(TableId::has_public_name);
    let of_a_person = words.iter().any(|word| PERSONS.contains(&word.as_str()));
    let allowed =
        |about: Trait, found: &str| about == Trait::Name && public_name && !of_a_person && found == "name";

    let whole = words.concat();
    let plain: String = words
        .iter()
        .filter(|word| !COMPANIONS.contains(&word.as_str()))
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect();
    let bare: String = words
        .iter()
        .filter(|word| !COMPANIONS.contains(&word.as_str()) && !PERSONS.contains(&word.as_str()))
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect();
    for found in [&whole, &plain, &bare] {
        if let Some(about) = BY_FOLDED.get(found.as_str()) {
            return (!allowed(*about, found)).then_some(*about);
        }
    }
    INSIDE
        .iter()
        .find(|(_, word)| whole.contains(&fold(word).concat()))
        .map(|(about, _)| *about)
}

/// Returns the words of a heading in small letters, without diacritics and punctuation.
fn fold(heading: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_small = false;
    for c in heading.nfkd() {
        if is_combining_mark(c) || c == '\'' || c == '’' {
            continue;
        }
        let starts_word = c.is_ascii_uppercase() && before_small;
        before_small = c.is_ascii_lowercase();
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        if starts_word {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_of_the_schema_is_refused() {
        for table in TableId::ALL {
            for column in table.columns() {
                assert_eq!(
                    refused(Some(*table), column.name),
                    None,
                    "{table}.{}",
                    column.name
                );
            }
        }
    }

    #[test]
    fn headings_are_folded_before_they_are_compared() {
        for heading in [
            "Passport-No.",
            "x_PASSPORT",
            "passportNumber",
            "Ｐassport",
            "pásspört 2",
            "worker passport",
        ] {
            assert_eq!(refused(None, heading), Some(Trait::Identity), "{heading}");
        }
    }

    #[test]
    fn headings_in_latin_letters_of_chinese_and_uyghur_are_refused() {
        for (heading, about) in [
            ("x_minzu", Trait::Ethnicity),
            ("minzu", Trait::Ethnicity),
            ("x_nationality", Trait::Ethnicity),
            ("milliti", Trait::Ethnicity),
            ("x_millet", Trait::Ethnicity),
            ("x_xingming", Trait::Name),
            ("Xing Ming", Trait::Name),
            ("dini_etiqad", Trait::Religion),
            ("diniy_ëtiqad", Trait::Religion),
        ] {
            assert_eq!(
                refused(Some(TableId::Placements), heading),
                Some(about),
                "{heading}"
            );
        }
        assert_eq!(refused(None, "millet_yield"), None);
    }

    #[test]
    fn counts_and_organisations_are_not_mistaken_for_persons() {
        for heading in [
            "x_company_name",
            "x_note",
            "x_also_in",
            "x_persons",
            "x_old_id",
            "x_point",
            "x_workers",
            "x_sex_ratio",
        ] {
            assert_eq!(refused(Some(TableId::Placements), heading), None, "{heading}");
        }
    }

    #[test]
    fn names_stand_where_they_are_of_offices_and_places_only() {
        assert_eq!(refused(Some(TableId::Speakers), "name"), None);
        assert_eq!(refused(Some(TableId::Programmes), "x_name_zh"), None);
        assert_eq!(refused(Some(TableId::Speakers), "surname"), Some(Trait::Name));
        assert_eq!(
            refused(Some(TableId::Organisations), "worker_name"),
            Some(Trait::Name)
        );
        assert_eq!(refused(Some(TableId::Pairings), "name"), Some(Trait::Name));
        assert_eq!(refused(Some(TableId::Pairings), "x_name_zh"), Some(Trait::Name));
        assert_eq!(refused(None, "name"), Some(Trait::Name));
    }
}
