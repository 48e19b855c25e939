//! Stated totals beside the sum of their parts.

use std::collections::BTreeMap;

use counterpart_model::claim::{Act, Claim};
use counterpart_model::quantity::Figure;
use counterpart_model::transaction::Transaction;
use counterpart_model::{Decimal, Id, Record};

use super::scope::{Scopes, days};
use super::select::{Ladders, inexact, select};
use crate::assessment::{Number, StatedTotal};

/// Returns every stated total among some statements with the statement that it is, ordered by id.
///
/// A statement is a stated total where others are on record as part of it, or where others of the same kind, rung,
/// currency and span have a giver and a receiver inside its own.
pub(super) fn of_transactions<'a>(
    rows: &[&'a Transaction],
    ladders: &Ladders<'a>,
    scopes: &Scopes<'_>,
) -> BTreeMap<&'a Id, StatedTotal> {
    let mut found = BTreeMap::new();
    for whole in rows {
        let Some(stated) = whole.figure().map(value_or_bound) else {
            continue;
        };
        let alike = |row: &Transaction| {
            row.flow == whole.flow && row.currency == whole.currency && row.programme_id == whole.programme_id
        };
        let parts: Vec<&Transaction> = rows
            .iter()
            .copied()
            .filter(|row| row.id != whole.id && alike(row))
            .filter(|row| {
                ladders.wholes(row).contains(&&whole.id)
                    || (row.transaction_type == whole.transaction_type && scopes.holds(whole, row))
            })
            .collect();
        if let Some(total) = beside(&whole.id, stated, parts, ladders, scopes) {
            let members = scopes.members(&whole.provider_id);
            let mut total = StatedTotal {
                qualifier: whole.qualifier.map(|word| word.as_str().to_owned()),
                ..total
            };
            if members.len() > 1 {
                total.without_part = members
                    .iter()
                    .filter(|member| {
                        !total.parts.iter().any(|part| {
                            ladders
                                .rows
                                .get(&Id::new(part))
                                .is_some_and(|row| scopes.overlap(&row.provider_id, member))
                        })
                    })
                    .map(ToString::to_string)
                    .collect();
            }
            found.insert(&whole.id, total);
        }
    }
    found
}

fn beside<'a>(
    id: &Id,
    stated: Decimal,
    parts: Vec<&'a Transaction>,
    ladders: &Ladders<'a>,
    scopes: &Scopes<'_>,
) -> Option<StatedTotal> {
    let mut out = Vec::new();
    let mut candidates = Vec::new();
    for part in parts {
        match ladders.copied(part).or_else(|| inexact(part)) {
            Some(reason) => out.push(reason),
            None => candidates.push(part),
        }
    }
    let selected = select(candidates, ladders, scopes);
    if selected.addends.is_empty() {
        return None;
    }
    out.extend(selected.left_out);
    out.sort_by(|a, b| a.id.cmp(&b.id));
    let parts: Vec<String> = selected.addends.iter().map(|row| row.id.to_string()).collect();
    Some(StatedTotal {
        id: id.to_string(),
        value: Number::exact(stated),
        qualifier: None,
        difference: Number::exact(selected.sum.checked_sub(stated)?),
        parts_value: Number::exact(selected.sum),
        from: std::iter::once(id.to_string())
            .chain(parts.iter().cloned())
            .collect(),
        parts,
        parts_left_out: out,
        without_part: Vec::new(),
    })
}

/// Returns the claims that state the total of some addends: in the same currency, about the same programme or giver and
/// place and span, with the kind of money as their property, or as sum or equal of just those statements.
pub(super) fn of_claims(record: &Record, addends: &[&Transaction], sum: Decimal) -> Vec<StatedTotal> {
    let Some(first) = addends.first() else {
        return Vec::new();
    };
    let is_money = |claim: &&Claim| {
        claim.unit.as_deref() == Some(first.currency.as_str())
            && !matches!(claim.act, Act::Alleges | Act::Criticises | Act::Denies)
    };
    record
        .claims
        .iter()
        .filter(is_money)
        .filter(|claim| {
            let by_scope = addends.iter().all(|row| days(row) == days(first))
                && claim.place_id.as_ref() == Some(&first.receiver_id)
                && addends.iter().all(|row| row.receiver_id == first.receiver_id)
                && (claim.period_start, claim.period_end) == (first.period_start, first.period_end)
                && first.period_start.is_some()
                && claim.property.as_str() == first.flow.as_str();
            by_scope || is_sum_of(record, claim, addends)
        })
        .filter_map(|claim| {
            let value = value_or_bound(claim.figure()?);
            let parts: Vec<String> = addends.iter().map(|row| row.id.to_string()).collect();
            Some(StatedTotal {
                id: claim.id.to_string(),
                value: Number::exact(value),
                qualifier: claim.qualifier.map(|word| word.as_str().to_owned()),
                difference: Number::exact(sum.checked_sub(value)?),
                parts_value: Number::exact(sum),
                from: std::iter::once(claim.id.to_string())
                    .chain(parts.iter().cloned())
                    .collect(),
                parts,
                parts_left_out: Vec::new(),
                without_part: Vec::new(),
            })
        })
        .collect()
}

/// Whether a claim is said to be the sum of just these statements, or to equal the only one.
fn is_sum_of(record: &Record, claim: &Claim, addends: &[&Transaction]) -> bool {
    use counterpart_model::derivation::DerivationKind;
    let mut ids: Vec<&str> = addends.iter().map(|row| row.id.as_str()).collect();
    ids.sort_unstable();
    record.derivations.iter().any(|derivation| {
        let mut operands: Vec<&str> = derivation.operands.split(';').map(str::trim).collect();
        operands.sort_unstable();
        derivation.claim_id == claim.id
            && matches!(derivation.kind, DerivationKind::Sum | DerivationKind::Equals)
            && operands == ids
    })
}

/// Returns the value, or the bound where only that was said: the lower one of two.
pub(crate) fn value_or_bound(figure: Figure) -> Decimal {
    match figure {
        Figure::Value(value) | Figure::AtLeast(value) | Figure::AtMost(value) | Figure::Between(value, _) => {
            value
        }
    }
}
