//! Whose money it is and when: whether two statements may be about the same money.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use counterpart_model::transaction::Transaction;
use counterpart_model::{Date, Id};
use counterpart_panel::Places;

/// A day as (year, month, day); 31 stands for the end of any month.
type Day = (i32, i8, i8);

/// First and last day of a statement; open where neither end is known.
pub(crate) type Days = (Option<Day>, Option<Day>);

/// Parties of statements, opened to the places that they stand for.
pub(crate) struct Scopes<'a> {
    places: &'a Places,
    members: RefCell<BTreeMap<Id, Rc<Vec<Id>>>>,
}

impl<'a> Scopes<'a> {
    pub(crate) fn new(places: &'a Places) -> Self {
        Self {
            places,
            members: RefCell::default(),
        }
    }

    pub(crate) const fn places(&self) -> &'a Places {
        self.places
    }

    /// Returns the places that a party stands for: the members of a group at any time, else itself.
    pub(crate) fn members(&self, party: &Id) -> Rc<Vec<Id>> {
        if let Some(known) = self.members.borrow().get(party) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.places.members(party, None));
        self.members.borrow_mut().insert(party.clone(), Rc::clone(&found));
        found
    }

    /// How many places a party stands for, each once, those inside its members counted.
    pub(crate) fn size(&self, party: &Id) -> usize {
        let members = self.members(party);
        let all: BTreeSet<&Id> = members
            .iter()
            .flat_map(|member| std::iter::once(member).chain(self.places.all_inside(member)))
            .collect();
        all.len()
    }

    /// Whether two parties have a place in common. A group whose members are not on record may hold any place.
    pub(crate) fn overlap(&self, a: &Id, b: &Id) -> bool {
        if a == b {
            return true;
        }
        let (first, second) = (self.members(a), self.members(b));
        let unknown = |party: &Id, members: &[Id], other: &Id| {
            members.is_empty() && self.places.is_group(party) && self.places.has(other)
        };
        if unknown(a, &first, b) || unknown(b, &second, a) {
            return true;
        }
        first.iter().any(|one| {
            second
                .iter()
                .any(|two| one == two || self.places.holds(one, two) || self.places.holds(two, one))
        })
    }

    /// Whether everything that `inner` stands for lies in what `outer` stands for.
    pub(crate) fn covers(&self, outer: &Id, inner: &Id) -> bool {
        if outer == inner {
            return true;
        }
        let (outer, inner) = (self.members(outer), self.members(inner));
        !inner.is_empty()
            && inner
                .iter()
                .all(|one| outer.iter().any(|two| one == two || self.places.holds(two, one)))
    }

    /// Whether two statements may hold the same money.
    pub(crate) fn may_share(&self, a: &Transaction, b: &Transaction) -> bool {
        overlap_in_time(days(a), days(b))
            && self.overlap(&a.provider_id, &b.provider_id)
            && self.overlap(&a.receiver_id, &b.receiver_id)
    }

    /// Whether all money of `inner` is by its scope in `outer` too, over the same span, and not the other way round.
    pub(crate) fn holds(&self, outer: &Transaction, inner: &Transaction) -> bool {
        let in_scope = |outer: &Transaction, inner: &Transaction| {
            self.covers(&outer.provider_id, &inner.provider_id)
                && self.covers(&outer.receiver_id, &inner.receiver_id)
        };
        outer.id != inner.id
            && days(outer) == days(inner)
            && days(outer) != (None, None)
            && in_scope(outer, inner)
            && !in_scope(inner, outer)
    }

    /// Whether two statements say what the same places gave the same places over one span.
    pub(crate) fn same_thing(&self, a: &Transaction, b: &Transaction) -> bool {
        let same = |one: &Id, two: &Id| self.covers(one, two) && self.covers(two, one);
        days(a) == days(b) && same(&a.provider_id, &b.provider_id) && same(&a.receiver_id, &b.receiver_id)
    }
}

/// Returns the first and last day of a statement; where only one date is on record of a sum of one year or less, it is
/// both, and where it is of a sum of several years, the other end is open.
pub(crate) fn days(row: &Transaction) -> Days {
    use counterpart_model::transaction::TransactionBasis;
    let first = row.period_start.map(Date::first_day);
    let last = row.period_end.map(Date::last_day);
    match (row.period_start, row.period_end) {
        (Some(only), None) if row.basis != TransactionBasis::Cumulative => (first, Some(only.last_day())),
        (None, Some(only)) if row.basis != TransactionBasis::Cumulative => (Some(only.first_day()), last),
        _ => (first, last),
    }
}

/// Returns roughly how many days a statement covers; an open end counts as long.
pub(crate) fn length(row: &Transaction) -> i64 {
    let number = |(year, month, day): Day| i64::from(year) * 372 + i64::from(month) * 31 + i64::from(day);
    match days(row) {
        (Some(start), Some(end)) => number(end) - number(start),
        _ => i64::MAX,
    }
}

fn overlap_in_time(a: Days, b: Days) -> bool {
    let before = |end: Option<Day>, start: Option<Day>| matches!((end, start), (Some(end), Some(start)) if end < start);
    !before(a.1, b.0) && !before(b.1, a.0)
}

/// Returns a statement's span as `first/last`, or as one date where both are the same.
pub(crate) fn span(row: &Transaction) -> String {
    let text = |date: Option<Date>| date.map(|date| date.to_string());
    match (text(row.period_start), text(row.period_end)) {
        (Some(start), Some(end)) if start == end => start,
        (Some(start), Some(end)) => format!("{start}/{end}"),
        (Some(start), None) => format!("{start}/.."),
        (None, Some(end)) => format!("../{end}"),
        (None, None) => "undated".to_owned(),
    }
}

/// Returns a span in words.
pub(crate) fn span_in_words(span: &str) -> String {
    match span.split_once('/') {
        Some(("..", end)) => format!("up to {end}"),
        Some((start, "..")) => format!("from {start} on"),
        Some((start, end)) => format!("{start} to {end}"),
        None => span.to_owned(),
    }
}
