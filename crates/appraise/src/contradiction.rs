//! Contradictions: what was said about one thing in ways that cannot all hold, and what only seems to be at odds.
//!
//! Claims and results are about one thing where subject and property are equal; money and people where flow (or
//! profession and batch), provider and recipient are. Two statements are at odds where the values that their rounding
//! leaves open have none in common: a bound only with what lies beyond it, *nearly* and *about* with five per cent of
//! room. Statements that define what they count in different ways are told apart as such.
//!
//! | kind | when |
//! |---|---|
//! | `speakers` | same place, period, unit, currency, basis and rung, and no value in common |
//! | `factor_of_ten` | the same, and one is ten, a hundred, … times the other within two per cent |
//! | `vintages` | an observation that something in the report reads, in several vintages, beyond rounding |
//! | `plan_actual` | a plan and what came of the same period; inside it only where more came than was planned; a target and what is on record for its date |
//! | `total_parts` | parts that exceed their whole, or at least two that fall short of it; a part of a region above the whole |
//! | `cumulative_annual` | what lies inside a period is more than the sum over it |
//! | `copied_under_two_years` | one exact figure under periods of different years |
//! | `definition` | another currency, unit or concept for one period; another scope, basis, rung or nearly the same period, and no value in common |
//!
//! A copy of a statement or of a source is set aside and never a second voice; a speaker in two newspapers is one.

mod compare;
mod gather;
mod matters;
mod parts;
mod sentence;
mod span;
mod statement;
mod vintages;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Decimal, Id, Record};
use counterpart_panel::Places;

use crate::assessment::{ClaimRow, Contradiction, ContradictionKind, Duty, GapRow, StudyRow, Total};
use crate::reading::{Figures, Reader};

use compare::{across_scopes, odds};
use gather::Group;
use statement::Said;

/// Returns every contradiction on record; what hangs on each is filled in as far as claims and gaps go.
///
/// Figures that their sentences point at are added to `figures`.
#[must_use]
pub fn find(
    reader: &Reader<'_>,
    places: &Places,
    claims: &[ClaimRow],
    gaps: &[GapRow],
    figures: &mut Figures,
) -> Vec<Contradiction> {
    let record = reader.record();
    let statements = statement::all(record);
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    let mut by_subject: BTreeMap<(&str, &str), Vec<&Said<'_>>> = BTreeMap::new();
    for one in &statements {
        by_subject
            .entry((&one.subject, &one.property))
            .or_default()
            .push(one);
    }
    for bucket in by_subject.values() {
        let (voices, copies) = without_copies(bucket);
        for (index, a) in voices.iter().enumerate() {
            for b in voices.iter().skip(index + 1).filter(|b| b.id != a.id) {
                if let Some(odds) = odds(places, a, b) {
                    gather::add(&mut groups, a, b, &odds, &copies);
                }
            }
        }
        for (copy, original) in copied_periods(&statements, bucket) {
            gather::add_copy(&mut groups, copy, original);
        }
    }
    let moved: Vec<&Said<'_>> = statements
        .iter()
        .filter(|one| one.ends.is_some() && one.copy_of.is_none())
        .collect();
    let mut by_property: BTreeMap<(&str, String), Vec<&Said<'_>>> = BTreeMap::new();
    for one in moved {
        by_property
            .entry((&one.property, one.period()))
            .or_default()
            .push(one);
    }
    for bucket in by_property.values() {
        for (index, a) in bucket.iter().enumerate() {
            for b in bucket.iter().skip(index + 1) {
                if a.part_of == Some(b.id) || b.part_of == Some(a.id) {
                    continue;
                }
                if let Some(odds) = across_scopes(places, a, b) {
                    gather::add(&mut groups, a, b, &odds, &[]);
                }
            }
        }
    }
    let mut found: Vec<Contradiction> = groups
        .into_values()
        .map(|group| group.into_row(record, figures))
        .collect();
    found.extend(parts::find(record, &statements, figures));
    found.extend(vintages::find(reader, claims, gaps, figures));
    matters::to_claims(record, claims, &mut found);
    rank(&mut found);
    found
}

/// Adds what else hangs on contradictions: totals, duties and studies; and ranks them anew.
pub fn attach(rows: &mut [Contradiction], totals: &[Total], duties: &[Duty], studies: &[StudyRow]) {
    matters::to_sums(rows, totals, duties);
    matters::to_studies(rows, studies);
    rank(rows);
}

/// Orders contradictions: disagreements before differences of definition, then those on which something hangs, then
/// the largest, then by id.
fn rank(rows: &mut [Contradiction]) {
    rows.sort_by(|a, b| {
        let last = |row: &Contradiction| row.kind == ContradictionKind::Definition;
        let idle = |row: &Contradiction| row.matters_to.is_empty();
        let size = |row: &Contradiction| row.size.as_ref().map_or(0.0, crate::assessment::Number::as_f64);
        last(a)
            .cmp(&last(b))
            .then_with(|| idle(a).cmp(&idle(b)))
            .then_with(|| size(b).total_cmp(&size(a)))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// Parts statements from copies of others among them: rows that say so, and rows of a source that copies one of theirs.
fn without_copies<'s, 'a>(bucket: &[&'s Said<'a>]) -> (Vec<&'s Said<'a>>, Vec<&'a Id>) {
    let sources: BTreeSet<&Id> = bucket.iter().map(|one| one.source).collect();
    let is_copy = |one: &Said<'_>| {
        one.copy_of.is_some() || one.original.is_some_and(|original| sources.contains(original))
    };
    let (copies, voices): (Vec<&Said<'_>>, Vec<&Said<'_>>) =
        bucket.iter().copied().partition(|one| is_copy(one));
    (voices, copies.into_iter().map(|one| one.id).collect())
}

/// Copies that stand under another period than what they copy.
fn copied_periods<'s, 'a>(all: &'s [Said<'a>], bucket: &[&'s Said<'a>]) -> Vec<(&'s Said<'a>, &'s Said<'a>)> {
    bucket
        .iter()
        .filter_map(|copy| {
            let original = all.iter().find(|one| Some(one.id) == copy.copy_of)?;
            (original.days() != copy.days()).then_some((*copy, original))
        })
        .collect()
}

/// Largest of the figures over the smallest, minus one.
fn size(statements: &[&Said<'_>]) -> Option<Decimal> {
    let numbers = statements.iter().map(|one| one.number());
    compare::ratio(numbers.clone().min()?, numbers.max()?)
}

/// Makes sure that a statement is a figure of the report: its source and locator.
fn note(record: &Record, one: &Said<'_>, figures: &mut Figures) {
    if record.claims.iter().any(|claim| claim.id == *one.id) {
        return;
    }
    figures.add(crate::assessment::Figure {
        id: one.id.to_string(),
        kind: crate::assessment::FigureKind::Observed,
        value: crate::assessment::Number::exact(one.number()),
        unit: one.unit.map(str::to_owned),
        label: format!("{}, {}", sentence::about(record, one), sentence::period(one))
            .trim_end_matches([',', ' '])
            .to_owned(),
        status: one.as_said.map(str::to_owned),
        source: Some(one.source.to_string()),
        locator: one.locator.map(str::to_owned),
        formula: None,
        from: Vec::new(),
    });
}
