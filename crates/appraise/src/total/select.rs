//! Which statements may be added: no two that may hold the same money.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::transaction::Transaction;
use counterpart_model::{Decimal, Id, Record};

use super::scope::{Scopes, length, span, span_in_words};
use crate::assessment::{LeftOut, LeftOutCode};

/// Statements about money by id, with what is part of what and which document repeats which.
pub(crate) struct Ladders<'a> {
    pub(crate) rows: BTreeMap<&'a Id, &'a Transaction>,
    copies: BTreeMap<&'a Id, &'a Id>,
    published: BTreeMap<&'a Id, String>,
    named: BTreeMap<&'a Id, bool>,
}

impl<'a> Ladders<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        use counterpart_model::source::SpeakerKind;
        Self {
            rows: record.transactions.iter().map(|row| (&row.id, row)).collect(),
            copies: record
                .sources
                .iter()
                .filter_map(|source| Some((&source.id, source.copy_of.as_ref()?)))
                .collect(),
            published: record
                .sources
                .iter()
                .map(|source| {
                    (
                        &source.id,
                        source
                            .published_on
                            .map(|date| date.to_string())
                            .unwrap_or_default(),
                    )
                })
                .collect(),
            named: record
                .speakers
                .iter()
                .map(|speaker| (&speaker.id, speaker.kind != SpeakerKind::Unattributed))
                .collect(),
        }
    }

    /// Returns the statements that a statement is part of, the nearest first; a circle ends where it closes.
    pub(crate) fn wholes(&self, row: &'a Transaction) -> Vec<&'a Id> {
        let mut found: Vec<&Id> = Vec::new();
        let mut next = row.part_of.as_ref();
        while let Some(id) = next {
            if *id == row.id || found.contains(&id) {
                break;
            }
            found.push(id);
            next = self.rows.get(id).and_then(|whole| whole.part_of.as_ref());
        }
        found
    }

    /// Returns the document at the end of a chain of copies.
    fn original(&self, source: &'a Id) -> &'a Id {
        let mut seen = vec![source];
        let mut at = source;
        while let Some(next) = self.copies.get(at) {
            if seen.contains(next) {
                break;
            }
            seen.push(next);
            at = next;
        }
        at
    }

    /// Returns why a statement is a copy, where it is one: it repeats a statement, or its document repeats one that has
    /// statements about money of its own, or a document that another one of a smaller id stands for already.
    pub(crate) fn copied(&self, row: &'a Transaction) -> Option<LeftOut> {
        if let Some(of) = &row.copy_of {
            return Some(left_out(row, LeftOutCode::CopyOf, format!("it repeats {of}")));
        }
        if !self.copies.contains_key(&row.source_id) {
            return None;
        }
        let original = self.original(&row.source_id);
        let stands_for = self
            .rows
            .values()
            .map(|other| &other.source_id)
            .filter(|source| self.original(source) == original)
            .min_by_key(|source| (*source != original, *source))?;
        (*stands_for != row.source_id).then(|| {
            left_out(
                row,
                LeftOutCode::CopyOf,
                format!(
                    "its document {} has the same origin as {stands_for}",
                    row.source_id
                ),
            )
        })
    }
}

pub(crate) fn left_out(row: &Transaction, code: LeftOutCode, reason: String) -> LeftOut {
    LeftOut {
        id: row.id.to_string(),
        code,
        reason,
    }
}

/// Returns why a statement has no exact value, where it has none.
pub(crate) fn inexact(row: &Transaction) -> Option<LeftOut> {
    use counterpart_model::quantity::Qualifier;
    let Some(figure) = row.figure() else {
        return Some(left_out(
            row,
            LeftOutCode::NoValue,
            "no amount is on record".to_owned(),
        ));
    };
    if figure.value().is_none() {
        return Some(left_out(
            row,
            LeftOutCode::BoundWithoutValue,
            "only a bound is on record, no value".to_owned(),
        ));
    }
    match row.qualifier {
        None | Some(Qualifier::Just | Qualifier::All) => None,
        Some(qualifier) => Some(left_out(
            row,
            LeftOutCode::ValueQualified,
            format!("its value is qualified: {}", qualifier.as_str().replace('_', " ")),
        )),
    }
}

/// What was chosen, its sum, and what was not.
pub(crate) struct Selected<'a> {
    pub(crate) addends: Vec<&'a Transaction>,
    pub(crate) sum: Decimal,
    pub(crate) left_out: Vec<LeftOut>,
}

/// A statement with what decides whether it comes before another.
struct Ranked<'a> {
    /// How many of the candidates it is part of.
    depth: usize,
    /// Length, scope of giver and receiver, whether its speaker is named, when its document was published.
    wide: std::cmp::Reverse<(i64, usize, usize, bool, &'a str)>,
    row: &'a Transaction,
}

/// Chooses among statements with a value those that may be added.
///
/// A whole comes before its part, the longer span before the shorter, the wider scope before the narrower, a speaker who is named before one who is not, the
/// document published last before older ones, the smaller id before the larger. Whatever may hold the same money as
/// something chosen is left out.
pub(crate) fn select<'a>(
    candidates: Vec<&'a Transaction>,
    ladders: &'a Ladders<'a>,
    scopes: &Scopes<'_>,
) -> Selected<'a> {
    let among: BTreeSet<&Id> = candidates.iter().map(|row| &row.id).collect();
    let mut order: Vec<Ranked<'_>> = candidates
        .into_iter()
        .map(|row| Ranked {
            depth: ladders
                .wholes(row)
                .into_iter()
                .filter(|whole| among.contains(whole))
                .count(),
            wide: std::cmp::Reverse((
                length(row),
                scopes.size(&row.provider_id),
                scopes.size(&row.receiver_id),
                ladders.named.get(&row.speaker_id).copied().unwrap_or(false),
                ladders.published.get(&row.source_id).map_or("", String::as_str),
            )),
            row,
        })
        .collect();
    order.sort_by(|a, b| (a.depth, a.wide, &a.row.id).cmp(&(b.depth, b.wide, &b.row.id)));
    let mut addends: Vec<&Transaction> = Vec::new();
    let mut out = Vec::new();
    let mut sum = Decimal::ZERO;
    for Ranked { row, .. } in order {
        if let Some(reason) = addends
            .iter()
            .find_map(|in_it| clash(row, in_it, ladders, scopes))
        {
            out.push(reason);
            continue;
        }
        match row.value.and_then(|value| sum.checked_add(value)) {
            Some(more) => {
                sum = more;
                addends.push(row);
            }
            None => out.push(left_out(
                row,
                LeftOutCode::TooLarge,
                "the sum would have more digits than are kept".to_owned(),
            )),
        }
    }
    addends.sort_by(|a, b| a.id.cmp(&b.id));
    out.sort_by(|a, b| a.id.cmp(&b.id));
    Selected {
        addends,
        sum,
        left_out: out,
    }
}

/// Returns why a statement cannot be added beside one that is in the sum.
fn clash<'a>(
    row: &'a Transaction,
    in_it: &'a Transaction,
    ladders: &Ladders<'a>,
    scopes: &Scopes<'_>,
) -> Option<LeftOut> {
    let id = &in_it.id;
    if ladders.wholes(row).contains(&id) || ladders.wholes(in_it).contains(&&row.id) {
        return Some(left_out(
            row,
            LeftOutCode::PartOf,
            format!("it is part of {id}, which is in the sum"),
        ));
    }
    if scopes.same_thing(row, in_it) {
        let how = if row.value == in_it.value {
            "with the same value"
        } else {
            "with another value"
        };
        return Some(left_out(
            row,
            LeftOutCode::SameThing,
            format!("another statement of the same as {id}, {how}"),
        ));
    }
    if scopes.holds(in_it, row) {
        return Some(left_out(
            row,
            LeftOutCode::PartOf,
            format!("its giver and receiver lie in those of {id}, which is in the sum"),
        ));
    }
    scopes.may_share(row, in_it).then(|| {
        left_out(
            row,
            LeftOutCode::Overlaps,
            format!(
                "it may hold money of {id} ({}), which is in the sum",
                span_in_words(&span(in_it))
            ),
        )
    })
}
