//! What is stated of a count: by claims about the round or programme, by counts that claims are said to follow from,
//! and by the size of groups that statements about money and rules name.

use std::collections::BTreeSet;

use counterpart_model::claim::Claim;
use counterpart_model::derivation::DerivationKind;
use counterpart_model::place::Level;
use counterpart_model::{Decimal, Id};

use super::count::{Reading, Scope, What};
use super::likeness;
use crate::assessment::{CountStatus, Counted, Layer, Number, StatedCount};
use crate::words;

/// Returns what is stated of one count, claims before groups, each by id.
pub(super) fn of(
    scope: &Scope<'_>,
    what: &What,
    readings: &[Reading; 2],
    members: &BTreeSet<&Id>,
) -> Vec<StatedCount> {
    let record = scope.record;
    // A round that pairs regions too is not what its institutions are counted by.
    let is_mixed = what.layer == Layer::Institutional
        && record
            .pairings
            .iter()
            .any(|row| super::is_regional(scope.places, row) && row.round_id == *scope.subject());
    if is_mixed {
        return Vec::new();
    }
    let mut rows: Vec<StatedCount> = record
        .claims
        .iter()
        .filter(|claim| is_about(scope, what, claim))
        .filter_map(|claim| from_claim(claim, readings))
        .collect();
    if what.level.is_none() && what.layer == Layer::Regional && !members.is_empty() {
        rows.extend(groups(scope, what, readings, members));
    }
    rows
}

/// Whether a claim states the count.
fn is_about(scope: &Scope<'_>, what: &What, claim: &Claim) -> bool {
    if claim.currency.is_some()
        || claim
            .unit
            .as_deref()
            .is_some_and(|unit| unit != "count" && unit != "1")
    {
        return false;
    }
    let property = claim.property.to_lowercase();
    let words: Vec<&str> = property.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let derived = scope.record.derivations.iter().any(|row| {
        row.kind == DerivationKind::Count
            && row.claim_id == claim.id
            && row
                .operands
                .split(';')
                .any(|operand| operand.trim() == scope.subject().as_str())
    });
    let named = claim.subject == scope.subject().as_str()
        && (words.iter().any(|word| matches!(*word, "count" | "number" | "n"))
            || matches!(words.as_slice(), [_]));
    (derived || named) && side(&words) == Some(what.counted) && level(&words) == what.level
}

/// What a property counts, by the words of the tables.
fn side(words: &[&str]) -> Option<Counted> {
    words.iter().find_map(|word| match *word {
        "provider" | "providers" => Some(Counted::Providers),
        "recipient" | "recipients" => Some(Counted::Recipients),
        "pair" | "pairs" | "pairing" | "pairings" => Some(Counted::Pairs),
        _ => None,
    })
}

/// The level that a property names.
fn level(named: &[&str]) -> Option<Level> {
    [
        Level::Nation,
        Level::Province,
        Level::Prefecture,
        Level::County,
        Level::Division,
    ]
    .into_iter()
    .find(|level| {
        let plural = words::plural(level.as_str());
        named
            .iter()
            .any(|word| *word == level.as_str() || *word == plural)
    })
}

fn from_claim(claim: &Claim, readings: &[Reading; 2]) -> Option<StatedCount> {
    let number = claim.value.or(claim.lower).or(claim.upper)?;
    let agrees = |reading: &&Reading| {
        let count = Decimal::from(reading.value);
        match claim.value {
            Some(value) => value == count,
            None => {
                claim.lower.is_none_or(|lower| count >= lower)
                    && claim.upper.is_none_or(|upper| count <= upper)
            }
        }
    };
    let found = readings.iter().find(agrees);
    let [first, _] = readings;
    Some(StatedCount {
        id: claim.id.to_string(),
        speaker: Some(claim.speaker_id.to_string()),
        value: claim.value.map(Number::exact),
        lower: claim.lower.map(Number::exact),
        upper: claim.upper.map(Number::exact),
        status: status(found.is_some()),
        reading: found.map(|reading| reading.by.to_owned()),
        difference: Decimal::from(first.value)
            .checked_sub(number)
            .filter(|_| claim.value.is_some())
            .map(Number::exact),
        only_one_side: Vec::new(),
        from: vec![claim.id.to_string()],
    })
}

fn status(equal: bool) -> CountStatus {
    if equal {
        CountStatus::Equal
    } else {
        CountStatus::Different
    }
}

/// Groups that money and rules of the programme name on this side, and that resemble this round more than any other.
fn groups(
    scope: &Scope<'_>,
    what: &What,
    readings: &[Reading; 2],
    members: &BTreeSet<&Id>,
) -> Vec<StatedCount> {
    let record = scope.record;
    let Some(round) = scope.round else {
        return Vec::new();
    };
    let mut named: BTreeSet<&Id> = BTreeSet::new();
    for row in record
        .transactions
        .iter()
        .filter(|row| row.programme_id.as_ref() == Some(scope.programme))
    {
        named.insert(match what.counted {
            Counted::Recipients => &row.receiver_id,
            Counted::Providers | Counted::Pairs => &row.provider_id,
        });
    }
    if what.counted == Counted::Providers {
        let rules = record.rules.iter();
        named.extend(
            rules
                .filter(|row| row.programme_id == *scope.programme)
                .map(|row| &row.who_id),
        );
    }
    named
        .into_iter()
        .filter(|id| scope.places.is_group(id))
        .filter_map(|id| {
            let group = scope.places.members(id, None);
            let here = likeness(&group, members);
            let elsewhere = record
                .rounds
                .iter()
                .filter(|row| row.programme_id == *scope.programme && row.id != *round)
                .map(|row| likeness(&group, &side_of(scope, &row.id, what.counted).iter().collect()))
                .fold(0.0, f64::max);
            (here >= 0.5 && here >= elsewhere).then(|| of_group(id, &group, readings, members))
        })
        .collect()
}

fn side_of(scope: &Scope<'_>, round: &Id, counted: Counted) -> BTreeSet<Id> {
    scope
        .record
        .pairings
        .iter()
        .filter(|row| row.round_id == *round && super::is_regional(scope.places, row))
        .flat_map(|row| {
            let end = match counted {
                Counted::Recipients => &row.recipient_id,
                Counted::Providers | Counted::Pairs => &row.provider_id,
            };
            scope.places.members(end, None)
        })
        .collect()
}

fn of_group(id: &Id, group: &[Id], readings: &[Reading; 2], members: &BTreeSet<&Id>) -> StatedCount {
    let size = group.len();
    let found = readings.iter().find(|reading| reading.value == size);
    let [first, _] = readings;
    let in_group: BTreeSet<&Id> = group.iter().collect();
    let mut only_one_side: Vec<String> = in_group
        .symmetric_difference(members)
        .map(|id| id.to_string())
        .collect();
    only_one_side.sort();
    StatedCount {
        id: id.to_string(),
        speaker: None,
        value: Some(Number::count(size)),
        lower: None,
        upper: None,
        status: status(found.is_some()),
        reading: found.map(|reading| reading.by.to_owned()),
        difference: Decimal::from(first.value)
            .checked_sub(Decimal::from(size))
            .map(Number::exact),
        only_one_side,
        from: group.iter().map(ToString::to_string).collect(),
    }
}
