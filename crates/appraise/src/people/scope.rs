//! Who is counted by a row, and whether two rows surely count different people.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Date, Decimal, Id, Period, Record};
use counterpart_panel::Places;

use crate::assessment::PeopleRow;
use crate::naming::Names;
use crate::people::decimal;

/// Ends the name of an organisation that stands for several, by the convention of the case folder.
const COLLECTIVE: &str = "(group)";

/// Words that join others and name nobody.
const JOINING: [&str; 14] = [
    "a", "an", "and", "at", "both", "by", "for", "from", "in", "of", "or", "the", "to", "with",
];

/// A row with what is needed to compare it with others.
#[derive(Debug, Clone)]
pub(crate) struct Item<'a> {
    pub(crate) row: &'a PeopleRow,
    pub(crate) value: Option<Decimal>,
    pub(crate) period: Option<Period>,
    pub(crate) published: Option<Date>,
    /// The document behind copies.
    pub(crate) original: Id,
    provider: Id,
    recipient: Id,
    batches: Option<Batches>,
    groups: BTreeSet<String>,
}

/// The ends of all rows.
pub(crate) struct Scopes<'a> {
    places: &'a Places,
    organisations: BTreeMap<&'a Id, (&'a str, Option<&'a Id>)>,
    names: &'a Names<'a>,
    sources: BTreeMap<&'a str, &'a Id>,
    /// Fewest persons that are published.
    pub(super) threshold: u32,
}

/// How two ends relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    Same,
    May,
    Apart,
}

impl<'a> Scopes<'a> {
    pub(crate) fn of(record: &'a Record, places: &'a Places, names: &'a Names<'a>) -> Self {
        Self {
            places,
            organisations: record
                .organisations
                .iter()
                .map(|row| (&row.id, (row.name.as_str(), row.place_id.as_ref())))
                .collect(),
            names,
            sources: record
                .sources
                .iter()
                .map(|row| (row.id.as_str(), &row.id))
                .collect(),
            threshold: record.case.disclosure.threshold,
        }
    }

    pub(crate) fn item<'r>(&self, row: &'r PeopleRow) -> Option<Item<'r>> {
        let source = Id::new(&row.source);
        let original = self
            .sources
            .get(row.source.as_str())
            .map_or_else(|| source.clone(), |id| self.names.original(id).clone());
        Some(Item {
            row,
            value: row.count.value.as_ref().and_then(decimal),
            period: row.period.as_ref().and_then(|text| text.parse().ok()),
            published: self.names.source(&source).and_then(|row| row.published_on),
            original,
            provider: Id::new(&row.provider),
            recipient: Id::new(&row.recipient),
            batches: row.batch.as_deref().map(Batches::of),
            groups: row.group.as_deref().map(named).unwrap_or_default(),
        })
    }

    /// Whether an id stands for several places or organisations.
    pub(crate) fn is_collective(&self, id: &Id) -> bool {
        match self.organisations.get(id) {
            Some((name, _)) => name.trim_end().ends_with(COLLECTIVE),
            None => self.places.is_group(id),
        }
    }

    /// Relates two providers or two recipients.
    pub(crate) fn ends(&self, a: &Id, b: &Id) -> Ends {
        if a == b {
            return Ends::Same;
        }
        let together = match (self.organisations.get(a), self.organisations.get(b)) {
            (Some(_), Some(_)) => self.is_collective(a) || self.is_collective(b),
            (Some((_, place)), None) => self.is_collective(a) || self.reaches(b, *place),
            (None, Some((_, place))) => self.is_collective(b) || self.reaches(a, *place),
            (None, None) => self.share_a_place(a, b),
        };
        if together { Ends::May } else { Ends::Apart }
    }

    /// Whether a place or group is, or holds, the place of an organisation; an organisation without one may be anywhere.
    fn reaches(&self, place: &Id, organisation: Option<&Id>) -> bool {
        organisation.is_none_or(|inner| {
            self.base(place)
                .iter()
                .any(|outer| outer == inner || self.places.holds(outer, inner))
        })
    }

    fn share_a_place(&self, a: &Id, b: &Id) -> bool {
        let (a, b) = (self.base(a), self.base(b));
        // A group whose members nobody lists may hold anything.
        a.is_empty()
            || b.is_empty()
            || a.iter().any(|x| {
                b.iter()
                    .any(|y| x == y || self.places.holds(x, y) || self.places.holds(y, x))
            })
    }

    fn base(&self, id: &Id) -> Vec<Id> {
        if self.places.is_group(id) {
            let mut base = Vec::new();
            self.open_group(id, &mut base, &mut BTreeSet::new());
            base
        } else if self.places.level(id) == Some(counterpart_model::place::Level::Group) {
            Vec::new()
        } else {
            vec![id.clone()]
        }
    }

    /// Groups of groups are opened; one that holds itself ends there.
    fn open_group(&self, id: &Id, base: &mut Vec<Id>, seen: &mut BTreeSet<Id>) {
        if !seen.insert(id.clone()) {
            return;
        }
        if self.places.is_group(id) {
            for member in self.places.members(id, None) {
                self.open_group(&member, base, seen);
            }
        } else {
            base.push(id.clone());
        }
    }

    pub(crate) fn providers(&self, a: &Item<'_>, b: &Item<'_>) -> Ends {
        self.ends(&a.provider, &b.provider)
    }

    /// Whether a place or organisation, by its id as text, stands for several.
    pub(crate) fn provider_is_collective(&self, item: &Item<'_>) -> bool {
        self.is_collective(&item.provider)
    }

    /// Returns why two rows may count the same people; none where they surely do not.
    pub(crate) fn shared(&self, a: &Item<'_>, b: &Item<'_>) -> Option<String> {
        let (providers, recipients) = (self.providers(a, b), self.ends(&a.recipient, &b.recipient));
        let groups = groups_meet(a, b);
        let periods = periods_meet(a.period, b.period);
        if providers == Ends::Apart || recipients == Ends::Apart || !groups || !periods || batches_apart(a, b)
        {
            return None;
        }
        let of = |ends: Ends, word: &str, (a, b): (&Id, &Id)| match ends {
            Ends::Same => format!("the same {word}"),
            _ if self.is_collective(a) || self.is_collective(b) => {
                format!("a {word} that may be one of the group that is the other’s")
            }
            _ => format!("{word}s one of which is inside the other"),
        };
        let [giver, taker] = match a.row.kind {
            crate::assessment::PeopleKind::Placement => ["origin", "destination"],
            _ => ["provider", "recipient"],
        };
        let period = match (a.period, b.period) {
            (Some(a), Some(b)) if a == b => "the same period",
            (Some(_), Some(_)) => "periods that overlap",
            _ => "a period that is not stated",
        };
        Some(format!(
            "{}, {}, {period}",
            of(providers, giver, (&a.provider, &b.provider)),
            of(recipients, taker, (&a.recipient, &b.recipient))
        ))
    }
}

impl Item<'_> {
    /// Whether two rows are about the same people in the same words.
    pub(crate) fn is_same_thing(&self, other: &Self) -> bool {
        self.row.kind == other.row.kind
            && self.row.concept == other.row.concept
            && self.row.programme == other.row.programme
            && self.row.direction == other.row.direction
            && self.provider == other.provider
            && self.recipient == other.recipient
            && self.row.group == other.row.group
            && self.row.batch == other.row.batch
            && self.row.within_region == other.row.within_region
            && self.period == other.period
    }
}

/// Groups share people unless both are named and no word of one is a word of the other.
fn groups_meet(a: &Item<'_>, b: &Item<'_>) -> bool {
    a.groups.is_empty() || b.groups.is_empty() || !a.groups.is_disjoint(&b.groups)
}

fn named(group: &str) -> BTreeSet<String> {
    group
        .split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !JOINING.contains(&word.as_str()))
        .collect()
}

/// Periods meet unless both are stated and no day lies in both.
pub(crate) fn periods_meet(a: Option<Period>, b: Option<Period>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => {
            a.start.first_day() <= b.last().last_day() && b.start.first_day() <= a.last().last_day()
        }
        _ => true,
    }
}

fn batches_apart(a: &Item<'_>, b: &Item<'_>) -> bool {
    a.row.programme.is_some()
        && a.row.programme == b.row.programme
        && a.batches
            .as_ref()
            .zip(b.batches.as_ref())
            .is_some_and(|(a, b)| a.are_apart_from(b))
}

/// Batches of a row, as numbers where they are some.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Batches {
    /// Ranges of numbers, both ends inside.
    Numbered(Vec<(u32, u32)>),
    /// A name.
    Named(String),
}

impl Batches {
    fn of(text: &str) -> Self {
        let ranges: Option<Vec<(u32, u32)>> = text
            .split([',', ';', '/'])
            .map(|part| {
                let part = part.trim();
                let (from, to) = part
                    .split_once(['-', '–'])
                    .map_or((part, part), |(from, to)| (from, to));
                let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
                (from <= to).then_some((from, to))
            })
            .collect();
        ranges.map_or_else(|| Self::Named(text.trim().to_lowercase()), Self::Numbered)
    }

    fn are_apart_from(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Numbered(a), Self::Numbered(b)) => a
                .iter()
                .all(|(from, to)| b.iter().all(|(first, last)| to < first || last < from)),
            (Self::Named(a), Self::Named(b)) => a != b,
            // Which number a name has is not known.
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Batches, named, periods_meet};

    #[test]
    fn batches_are_apart_only_where_their_numbers_or_names_are() {
        let apart = |a: &str, b: &str| Batches::of(a).are_apart_from(&Batches::of(b));
        assert!(apart("1-6", "7") && apart("7", "1-6") && apart("first", "second"));
        assert!(!apart("1-6", "6") && !apart("1-10", "7") && !apart("first", "1") && !apart("7", "7"));
    }

    #[test]
    fn groups_are_told_apart_by_words() {
        assert!(named("officials and professionals").is_disjoint(&named("Teachers")));
        assert!(!named("medical staff").is_disjoint(&named("medical specialists")));
    }

    #[test]
    fn a_year_meets_a_month_inside_it_and_an_unknown_period_meets_all() {
        let period = |text: &str| text.parse().ok();
        assert!(periods_meet(period("2010/2013"), period("2013-06")));
        assert!(!periods_meet(period("2010/2013"), period("2014")));
        assert!(periods_meet(None, period("2014")));
    }
}
