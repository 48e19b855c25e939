//! Two statements about one thing: whether they are at odds, and how.

use std::cmp::Ordering;

use counterpart_model::{Date, Decimal, Id};
use counterpart_panel::Places;

use crate::assessment::ContradictionKind;

use super::statement::{Days, Said};

/// What two statements come to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Odds {
    pub(super) kind: ContradictionKind,
    /// What they define in different ways.
    pub(super) differs_in: Vec<&'static str>,
    /// Larger over smaller, minus one.
    pub(super) size: Option<Decimal>,
}

/// Whether one place holds the other, as what is above it or as a group it belongs to.
fn holds(places: &Places, outer: &Id, inner: &Id) -> bool {
    places.holds(outer, inner) || (places.is_group(outer) && places.members(outer, None).contains(inner))
}

/// How the places of two statements lie to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Same,
    /// One is part of the other, or is not said.
    Nested,
    Apart,
}

fn scope(places: &Places, a: Option<&Id>, b: Option<&Id>) -> Scope {
    match (a, b) {
        (None, None) => Scope::Same,
        (Some(a), Some(b)) if a == b => Scope::Same,
        (Some(a), Some(b)) if holds(places, a, b) || holds(places, b, a) => Scope::Nested,
        (Some(_), Some(_)) => Scope::Apart,
        _ => Scope::Nested,
    }
}

/// Whether the first period lies wholly in the second; open ends are in nothing.
fn inside(inner: Days, outer: Days) -> bool {
    match (inner, outer) {
        ((Some(a), Some(b)), (Some(c), Some(d))) => c <= a && b <= d,
        _ => false,
    }
}

fn years(one: &Said<'_>) -> (Option<i32>, Option<i32>) {
    (one.start.map(Date::year), one.end.map(Date::year))
}

/// Whether two different periods could be taken for the same: the same years at both ends.
fn mistakable(a: &Said<'_>, b: &Said<'_>) -> bool {
    years(a) == years(b) && years(a) != (None, None)
}

/// How many digits of a number are significant.
fn significant(number: Decimal) -> usize {
    let text = number.normalize().abs().to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

/// Larger over smaller, minus one; none where that cannot be divided.
pub(super) fn ratio(a: Decimal, b: Decimal) -> Option<Decimal> {
    if a.is_sign_negative() != b.is_sign_negative() && !a.is_zero() && !b.is_zero() {
        return None;
    }
    let (small, large) = if a.abs() <= b.abs() {
        (a.abs(), b.abs())
    } else {
        (b.abs(), a.abs())
    };
    large.checked_div(small)?.checked_sub(Decimal::ONE)
}

/// Whether one value is a power of ten times the other, from ten to a hundred million, within rounding.
fn slipped(a: &Said<'_>, b: &Said<'_>) -> bool {
    let (Some(a_value), Some(b_value)) = (a.figure.value(), b.figure.value()) else {
        return false;
    };
    let Some(times) = ratio(a_value, b_value).and_then(|ratio| ratio.checked_add(Decimal::ONE)) else {
        return false;
    };
    if a_value.is_sign_negative() != b_value.is_sign_negative() {
        return false;
    }
    let mut power = Decimal::TEN;
    for _ in 0..8 {
        let near = power.checked_mul(Decimal::new(2, 2));
        let off = times.checked_sub(power).map(|off| off.abs());
        if near.zip(off).is_some_and(|(near, off)| off <= near) {
            return true;
        }
        power = power.checked_mul(Decimal::TEN).unwrap_or(power);
    }
    false
}

fn differences(places: &Places, a: &Said<'_>, b: &Said<'_>) -> Option<Vec<&'static str>> {
    let mut found = Vec::new();
    match scope(places, a.place, b.place) {
        Scope::Same => {}
        Scope::Nested => found.push("scope"),
        Scope::Apart => return None,
    }
    if a.currency.is_some() && b.currency.is_some() && a.currency != b.currency {
        found.push("currency");
    } else if a.unit != b.unit {
        found.push(if a.counts_persons() && b.counts_persons() {
            "concept"
        } else {
            "unit"
        });
    }
    if a.basis != b.basis {
        found.push("basis");
    }
    if a.rung != b.rung && a.planned == b.planned {
        found.push("rung");
    }
    if a.days() != b.days() {
        found.push("period");
    }
    Some(found)
}

/// Whether two rungs say the same of money for whom it came to: paid out is what arrived.
fn same_arrival(a: &str, b: &str) -> bool {
    let arrives = |rung: &str| matches!(rung, "arrival" | "disbursement" | "incoming_funds");
    a == b || (arrives(a) && arrives(b))
}

/// Returns what two statements about one subject and property come to, if they are at odds at all.
pub(super) fn odds(places: &Places, a: &Said<'_>, b: &Said<'_>) -> Option<Odds> {
    let differs_in = differences(places, a, b)?;
    let made = |kind: ContradictionKind| {
        let comparable = !differs_in
            .iter()
            .any(|what| matches!(*what, "currency" | "unit" | "concept"));
        Some(Odds {
            kind,
            differs_in: differs_in.clone(),
            size: comparable.then(|| ratio(a.number(), b.number())).flatten(),
        })
    };
    // A part is less than its whole, and one part is not the other.
    if a.part_of == Some(b.id) || b.part_of == Some(a.id) || (a.part_of.is_some() && a.part_of == b.part_of) {
        return None;
    }
    let apart = a.span.is_apart(b.span);
    if a.planned != b.planned {
        return planned_and_come(a, b, &differs_in)
            .then(|| made(ContradictionKind::PlanActual))
            .flatten();
    }
    if differs_in.is_empty() {
        return match (apart, slipped(a, b)) {
            (true, true) => made(ContradictionKind::FactorOfTen),
            (true, false) => made(ContradictionKind::Speakers),
            (false, _) => None,
        };
    }
    if differs_in
        .iter()
        .any(|what| matches!(*what, "currency" | "unit" | "concept"))
    {
        let near = a.days() == b.days() || mistakable(a, b);
        return (near && a.number() != b.number())
            .then(|| made(ContradictionKind::Definition))
            .flatten();
    }
    let only = |allowed: &[&str]| differs_in.iter().all(|what| allowed.contains(what));
    if only(&["period", "basis"]) && is_copied(a, b) {
        return made(ContradictionKind::CopiedUnderTwoYears);
    }
    if only(&["period", "basis", "rung"]) && outgrows(a, b) {
        return made(ContradictionKind::CumulativeAnnual);
    }
    let near = a.days() == b.days() || (a.basis == b.basis && mistakable(a, b));
    (apart && near)
        .then(|| made(ContradictionKind::Definition))
        .flatten()
}

/// Whether a plan and what came of it are of one period, and at odds; inside the period only more than was planned is.
fn planned_and_come(a: &Said<'_>, b: &Said<'_>, differs_in: &[&str]) -> bool {
    let (plan, come) = if a.planned { (a, b) } else { (b, a) };
    if differs_in.iter().any(|what| !matches!(*what, "period" | "basis")) {
        return false;
    }
    let (planned, came) = (plan.days(), come.days());
    if planned == came {
        return plan.basis == come.basis && plan.span.is_apart(come.span);
    }
    if plan.is_target {
        // A target falls due at a date: what is about that date or later is what came of it.
        let due = planned.1.zip(came.1).is_some_and(|(due, last)| last >= due);
        return due && come.span.is_below(plan.span);
    }
    inside(came, planned) && plan.span.is_below(come.span)
}

/// Whether one figure stands under two periods of different years: too exact to be chance.
fn is_copied(a: &Said<'_>, b: &Said<'_>) -> bool {
    let enough = if a.currency.is_some() { 2 } else { 3 };
    let same_words = a.source == b.source && a.locator == b.locator && a.table != b.table;
    a.figure == b.figure
        && !same_words
        && a.qualifier == b.qualifier
        && a.figure.value().is_some()
        && significant(a.number()) >= enough
        && years(a) != years(b)
}

/// Whether what lies inside a longer period is larger than all of it.
fn outgrows(a: &Said<'_>, b: &Said<'_>) -> bool {
    let larger = |inner: &Said<'_>, outer: &Said<'_>| {
        inside(inner.days(), outer.days()) && outer.span.is_below(inner.span)
    };
    a.adds_up && b.adds_up && same_arrival(a.rung, b.rung) && (larger(a, b) || larger(b, a))
}

/// Returns what two movements between ends that hold each other come to: one figure for both, or a part above its whole.
pub(super) fn across_scopes(places: &Places, a: &Said<'_>, b: &Said<'_>) -> Option<Odds> {
    let ((from_a, to_a), (from_b, to_b)) = (a.ends?, b.ends?);
    if a.property != b.property
        || a.planned != b.planned
        || !same_arrival(a.rung, b.rung)
        || a.unit != b.unit
        || a.days() != b.days()
        || (from_a, to_a) == (from_b, to_b)
    {
        return None;
    }
    let within = |outer: &Id, inner: &Id| outer == inner || holds(places, outer, inner);
    let part = if within(from_b, from_a) && within(to_b, to_a) {
        (a, b)
    } else if within(from_a, from_b) && within(to_a, to_b) {
        (b, a)
    } else {
        return None;
    };
    let size = ratio(a.number(), b.number());
    if a.figure == b.figure && a.figure.value().is_some() && significant(a.number()) > 1 {
        return Some(Odds {
            kind: ContradictionKind::Definition,
            differs_in: vec!["scope"],
            size,
        });
    }
    part.1.span.is_below(part.0.span).then_some(Odds {
        kind: ContradictionKind::TotalParts,
        differs_in: vec!["scope"],
        size,
    })
}

/// Orders statements by their figure, then by id, as a sentence names them.
pub(super) fn by_figure(a: &Said<'_>, b: &Said<'_>) -> Ordering {
    a.number().cmp(&b.number()).then_with(|| a.id.cmp(b.id))
}
