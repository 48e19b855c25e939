//! Places: what lies inside what, who belongs to which group, and from when to when a code holds.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::place::Level;
use counterpart_model::{Date, Id, Period, Record};

/// First and last date of a window.
pub type Window = (Date, Date);

/// More levels than any country has: a chain of parents is followed no further.
const MOST_LEVELS: usize = 16;

#[derive(Debug, Clone)]
struct Known {
    name: String,
    level: Level,
    valid: Span,
    /// Nearest first.
    ancestors: Vec<Id>,
}

/// A stretch of time that may be open at either end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First date; none where it is not known.
    pub start: Option<Date>,
    /// Last date; none where it runs on.
    pub end: Option<Date>,
}

impl Span {
    /// Whether the stretch and a window have a day in common, each date at its own precision.
    #[must_use]
    pub fn overlaps(self, window: Window) -> bool {
        let begins = self
            .start
            .is_none_or(|start| start.first_day() <= window.1.last_day());
        let still = self.end.is_none_or(|end| end.last_day() >= window.0.first_day());
        begins && still
    }

    /// Whether it begins inside a window, each date at its own precision.
    #[must_use]
    pub fn begins_in(self, window: Window) -> bool {
        self.start.is_some_and(|start| {
            start.last_day() >= window.0.first_day() && start.first_day() <= window.1.last_day()
        })
    }

    /// Whether it begins before the first day of a window.
    #[must_use]
    pub fn begins_before(self, window: Window) -> bool {
        self.start
            .is_none_or(|start| start.last_day() < window.0.first_day())
    }

    /// Whether it covers a window from its first day to its last.
    #[must_use]
    pub fn covers(self, window: Window) -> bool {
        self.start
            .is_none_or(|start| start.first_day() <= window.0.first_day())
            && self.end.is_none_or(|end| end.last_day() >= window.1.last_day())
    }
}

/// "2010 on", "1997 to 2010".
impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.start, self.end) {
            (Some(start), Some(end)) if start == end => write!(f, "{start}"),
            (Some(start), Some(end)) => write!(f, "{start} to {end}"),
            (Some(start), None) => write!(f, "{start} on"),
            (None, Some(end)) => write!(f, "an unknown date to {end}"),
            (None, None) => write!(f, "an unknown date on"),
        }
    }
}

#[derive(Debug, Clone)]
struct Member {
    place: Id,
    valid: Span,
}

/// The places of a record as a tree, with its groups.
#[derive(Debug, Clone, Default)]
pub struct Places {
    known: BTreeMap<Id, Known>,
    descendants: BTreeMap<Id, BTreeSet<Id>>,
    members: BTreeMap<Id, Vec<Member>>,
}

impl Places {
    /// Reads the places and groups of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let parents: BTreeMap<&Id, Option<&Id>> = record
            .places
            .iter()
            .map(|place| (&place.id, place.parent_id.as_ref()))
            .collect();
        let mut known = BTreeMap::new();
        let mut descendants: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for place in &record.places {
            let mut ancestors: Vec<Id> = Vec::new();
            let mut next = place.parent_id.as_ref();
            while let Some(parent) = next {
                if ancestors.len() >= MOST_LEVELS || ancestors.contains(parent) {
                    break;
                }
                ancestors.push(parent.clone());
                next = parents.get(parent).copied().flatten();
            }
            for ancestor in &ancestors {
                descendants
                    .entry(ancestor.clone())
                    .or_default()
                    .insert(place.id.clone());
            }
            let valid = Span {
                start: place.valid_from,
                end: place.valid_to,
            };
            let entry = Known {
                name: place.name.clone(),
                level: place.level,
                valid,
                ancestors,
            };
            known.insert(place.id.clone(), entry);
        }
        let mut members: BTreeMap<Id, Vec<Member>> = BTreeMap::new();
        for row in &record.place_members {
            let valid = Span {
                start: row.valid_from,
                end: row.valid_to,
            };
            let member = Member {
                place: row.place_id.clone(),
                valid,
            };
            members.entry(row.group_id.clone()).or_default().push(member);
        }
        for list in members.values_mut() {
            list.sort_by(|a, b| a.place.cmp(&b.place));
        }
        Self {
            known,
            descendants,
            members,
        }
    }

    /// Whether the record has such a place.
    #[must_use]
    pub fn has(&self, place: &Id) -> bool {
        self.known.contains_key(place)
    }

    /// Returns the level of a place.
    #[must_use]
    pub fn level(&self, place: &Id) -> Option<Level> {
        self.known.get(place).map(|known| known.level)
    }

    /// Returns the name of a place; its id where it has none.
    #[must_use]
    pub fn name<'a>(&'a self, place: &'a Id) -> &'a str {
        self.known
            .get(place)
            .map_or(place.as_str(), |known| known.name.as_str())
    }

    /// Returns the name of a place with its id behind it.
    #[must_use]
    pub fn name_and_id(&self, place: &Id) -> String {
        match self.known.get(place) {
            Some(known) => format!("{} ({place})", known.name),
            None => place.to_string(),
        }
    }

    /// Returns the places that hold a place, the nearest first.
    #[must_use]
    pub fn ancestors(&self, place: &Id) -> &[Id] {
        self.known
            .get(place)
            .map_or(&[], |known| known.ancestors.as_slice())
    }

    /// Whether `outer` holds `inner`; no place holds itself.
    #[must_use]
    pub fn holds(&self, outer: &Id, inner: &Id) -> bool {
        self.ancestors(inner).contains(outer)
    }

    /// Returns the place of a level that a place is or lies in.
    #[must_use]
    pub fn at_level(&self, place: &Id, level: Level) -> Option<Id> {
        let own = self.known.get_key_value(place)?.0;
        std::iter::once(own)
            .chain(self.ancestors(place))
            .find(|candidate| self.level(candidate) == Some(level))
            .cloned()
    }

    /// Returns the places of a level inside a place, or the place itself where it has that level; by id.
    #[must_use]
    pub fn inside(&self, place: &Id, level: Level) -> Vec<Id> {
        if self.level(place) == Some(level) {
            return vec![place.clone()];
        }
        let inside = self.descendants.get(place).into_iter().flatten();
        inside
            .filter(|candidate| self.level(candidate) == Some(level))
            .cloned()
            .collect()
    }

    /// Returns every place inside a place, by id.
    pub fn all_inside(&self, place: &Id) -> impl Iterator<Item = &Id> {
        self.descendants.get(place).into_iter().flatten()
    }

    /// Returns all places of a level, by id.
    #[must_use]
    pub fn of_level(&self, level: Level) -> Vec<Id> {
        self.known
            .iter()
            .filter(|(_, known)| known.level == level)
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Whether a place's code holds on some day of a period.
    #[must_use]
    pub fn holds_in(&self, place: &Id, period: Period) -> bool {
        self.known
            .get(place)
            .is_some_and(|known| known.valid.overlaps((period.start, period.last())))
    }

    /// Whether an id is a group.
    #[must_use]
    pub fn is_group(&self, id: &Id) -> bool {
        self.level(id) == Some(Level::Group) || self.members.contains_key(id)
    }

    /// Returns the members of a group that belonged to it on some day of a window, by id; groups inside it opened.
    ///
    /// A place that is no group is its own only member.
    #[must_use]
    pub fn members(&self, group: &Id, window: Option<Window>) -> Vec<Id> {
        let mut found = BTreeSet::new();
        self.collect(group, window, &mut found, 0);
        found.into_iter().collect()
    }

    fn collect(&self, group: &Id, window: Option<Window>, found: &mut BTreeSet<Id>, depth: usize) {
        if !self.is_group(group) {
            found.insert(group.clone());
            return;
        }
        if depth >= MOST_LEVELS {
            return;
        }
        for member in self.members.get(group).into_iter().flatten() {
            if window.is_none_or(|window| member.valid.overlaps(window)) {
                self.collect(&member.place, window, found, depth + 1);
            }
        }
    }
}
