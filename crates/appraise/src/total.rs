//! Totals that one can open: what may be added is added, everything else is named with its reason.
//!
//! A total is of one programme, kind of money, rung, basis and currency; of sums of several years, also of one span,
//! so that sums that run on from each other are never added. Inside a total no two statements may hold the same money
//! (see the order in which the crate's `select` prefers one statement to another), and what is no exact value is not
//! added at all.

pub(crate) mod scope;
pub(crate) mod select;
mod stated;
mod statement;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_ledger::{Index, Lensed};
use counterpart_model::transaction::{Flow, Transaction, TransactionBasis, TransactionType};
use counterpart_model::{Decimal, Id, Record};
use counterpart_panel::Places;

use crate::assessment::{LeftOut, LeftOutCode, Number, Sentence, StatedTotal, Through, Total};
use crate::naming::Names;
use crate::words;
use scope::{Scopes, days, span, span_in_words};
use select::{Ladders, inexact, left_out, select};

pub(crate) use stated::value_or_bound;
pub use statement::rows as statements;

/// Most statements of a kind of money that each of its totals lists; of more, a total lists those of its own
/// programme, rung, basis and currency, and the others stand in theirs.
const MOST_LISTED: usize = 400;

/// What a total is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    programme: Option<Id>,
    flow: Flow,
    step: TransactionType,
    basis: TransactionBasis,
    currency: String,
    /// The span of sums of several years.
    span: Option<String>,
}

impl Key {
    fn of(row: &Transaction) -> Self {
        Self {
            programme: row.programme_id.clone(),
            flow: row.flow,
            step: row.transaction_type,
            basis: row.basis,
            currency: row.currency.clone(),
            span: (row.basis == TransactionBasis::Cumulative).then(|| span(row)),
        }
    }

    fn id(&self, lens: Option<&Id>) -> String {
        let programme = self.programme.as_ref().map_or("none", Id::as_str);
        let mut id = format!(
            "total:{programme}:{}:{}:{}:{}",
            self.flow, self.step, self.basis, self.currency
        );
        if let Some(span) = &self.span {
            id.push_str(&format!(":{span}"));
        }
        if let Some(lens) = lens {
            id.push_str(&format!("@{lens}"));
        }
        id
    }
}

/// Whether a rung is one of promises and not of money that moved.
#[must_use]
pub const fn is_planned(step: TransactionType) -> bool {
    matches!(
        step,
        TransactionType::Plan
            | TransactionType::Agreement
            | TransactionType::Commitment
            | TransactionType::IncomingCommitment
            | TransactionType::OutgoingCommitment
    )
}

/// Returns every total of a record: of everything on record, and of what each lens chooses where that is something else.
#[must_use]
pub fn rows(record: &Record, places: &Places, lenses: &[Id]) -> Vec<Total> {
    let scopes = Scopes::new(places);
    let ladders = Ladders::of(record);
    let names = Names::of(record);
    let maker = Maker {
        record,
        scopes: &scopes,
        ladders: &ladders,
        names: &names,
    };
    let nothing = BTreeMap::new();
    let mut totals = maker.totals(None, &nothing);
    // Lenses choose among statements of speakers and documents; observations have no part in it.
    let mut small = Record::new(record.case.clone());
    small.sources.clone_from(&record.sources);
    small.speakers.clone_from(&record.speakers);
    let index = Index::new(&small);
    for lens in small.case.lenses.iter().filter(|lens| lenses.contains(&lens.id)) {
        let lensed = Lensed::with_index(&index, lens);
        let passed: BTreeMap<&Id, String> = record
            .transactions
            .iter()
            .filter_map(|row| Some((&row.id, lensed.passes_transaction(row)?.to_string())))
            .collect();
        if passed.is_empty() {
            continue;
        }
        let seen = maker.totals(Some(&lens.id), &passed);
        let base: BTreeMap<String, usize> = totals
            .iter()
            .enumerate()
            .filter(|(_, row)| row.lens.is_none())
            .map(|(number, row)| (row.id.clone(), number))
            .collect();
        let suffix = format!("@{}", lens.id);
        let mut kept = Vec::new();
        let mut met = BTreeSet::new();
        for row in seen.into_iter().filter(|row| row.value.is_some()) {
            let plain = row.id.strip_suffix(&suffix).unwrap_or(&row.id).to_owned();
            met.insert(plain.clone());
            let other = base.get(&plain).and_then(|number| totals.get_mut(*number));
            if let Some(other) = other {
                if other.addends == row.addends {
                    continue;
                }
                other.through.push(Through {
                    lens: lens.id.to_string(),
                    total: Some(row.id.clone()),
                });
            }
            kept.push(row);
        }
        for (id, number) in &base {
            if let Some(row) = totals
                .get_mut(*number)
                .filter(|row| row.value.is_some() && !met.contains(id))
            {
                row.through.push(Through {
                    lens: lens.id.to_string(),
                    total: None,
                });
            }
        }
        totals.extend(kept);
    }
    totals
}

struct Maker<'a> {
    record: &'a Record,
    scopes: &'a Scopes<'a>,
    ladders: &'a Ladders<'a>,
    names: &'a Names<'a>,
}

impl<'a> Maker<'a> {
    /// Makes the totals of everything that is not passed over.
    fn totals(&self, lens: Option<&Id>, passed: &BTreeMap<&Id, String>) -> Vec<Total> {
        let all: Vec<&Transaction> = self.record.transactions.iter().collect();
        let read: Vec<&Transaction> = all
            .iter()
            .copied()
            .filter(|row| !passed.contains_key(&row.id))
            .collect();
        let stated = stated::of_transactions(&read, self.ladders, self.scopes);
        let mut groups: BTreeMap<Key, Vec<&Transaction>> = BTreeMap::new();
        for row in &all {
            groups.entry(Key::of(row)).or_default().push(row);
        }
        let mut totals = Vec::new();
        let mut covered: BTreeSet<&Id> = BTreeSet::new();
        let mut empty = Vec::new();
        for (key, rows) in &groups {
            let candidates: Vec<&Transaction> = rows
                .iter()
                .copied()
                .filter(|row| {
                    !passed.contains_key(&row.id)
                        && self.ladders.copied(row).is_none()
                        && inexact(row).is_none()
                })
                .collect();
            let selected = select(candidates, self.ladders, self.scopes);
            if selected.addends.is_empty() {
                empty.push(key);
                continue;
            }
            let (total, named) = self.total(key, lens, passed, selected, &stated);
            covered.extend(named);
            totals.push(total);
        }
        // What stands in no total yet has one without a sum, which says why.
        for key in empty {
            let Some(rows) = groups.get(key) else { continue };
            if lens.is_some() || rows.iter().all(|row| covered.contains(&row.id)) {
                continue;
            }
            let nothing = select(Vec::new(), self.ladders, self.scopes);
            let (total, named) = self.total(key, lens, passed, nothing, &stated);
            covered.extend(named);
            totals.push(total);
        }
        totals.sort_by(|a, b| a.id.cmp(&b.id));
        totals
    }

    fn total(
        &self,
        key: &Key,
        lens: Option<&Id>,
        passed: &BTreeMap<&Id, String>,
        selected: select::Selected<'a>,
        stated: &BTreeMap<&Id, StatedTotal>,
    ) -> (Total, Vec<&'a Id>) {
        let of_flow: Vec<&'a Transaction> = self
            .record
            .transactions
            .iter()
            .filter(|row| row.flow == key.flow)
            .collect();
        let is_long = of_flow.len() > MOST_LISTED;
        let mut out: BTreeMap<String, LeftOut> = selected
            .left_out
            .into_iter()
            .map(|row| (row.id.clone(), row))
            .collect();
        let ids: BTreeSet<&Id> = selected.addends.iter().map(|row| &row.id).collect();
        let mut named: Vec<&Id> = ids.iter().copied().collect();
        for row in of_flow {
            let other = Key::of(row);
            let is_near = (&other.programme, other.step, other.basis, &other.currency)
                == (&key.programme, key.step, key.basis, &key.currency);
            if ids.contains(&row.id) || (is_long && !is_near) {
                continue;
            }
            named.push(&row.id);
            if !out.contains_key(row.id.as_str()) {
                out.insert(row.id.to_string(), self.why_not(key, row, passed, &ids));
            }
        }
        let addends: Vec<String> = selected.addends.iter().map(|row| row.id.to_string()).collect();
        let mut beside: Vec<StatedTotal> = stated
            .iter()
            .filter(|(id, total)| match self.ladders.rows.get(*id) {
                // A stated total stands in the total of its own kind, or in that of its parts where it has no value.
                Some(row) => {
                    Key::of(row) == *key
                        || (!ids.contains(*id)
                            && inexact(row).is_some()
                            && total.parts.iter().any(|part| addends.contains(part)))
                }
                None => false,
            })
            .map(|(_, total)| total.clone())
            .collect();
        beside.extend(stated::of_claims(self.record, &selected.addends, selected.sum));
        let value = (!selected.addends.is_empty()).then(|| Number::exact(selected.sum));
        let id = key.id(lens);
        let sentence = self.sentence(key, &id, &selected.addends, selected.sum, out.len());
        (
            Total {
                id,
                programme: key.programme.as_ref().map(ToString::to_string),
                flow: key.flow.to_string(),
                step: key.step.to_string(),
                basis: key.basis.to_string(),
                currency: key.currency.clone(),
                period: key.span.clone(),
                lens: lens.map(ToString::to_string),
                reason: value
                    .is_none()
                    .then(|| "no statement of this kind has an exact value of its own".to_owned()),
                value,
                from: addends.clone(),
                addends,
                left_out: out.into_values().collect(),
                stated: beside,
                through: Vec::new(),
                sentence,
            },
            named,
        )
    }

    /// Returns why a statement of the same kind of money is not in a total.
    fn why_not(
        &self,
        key: &Key,
        row: &'a Transaction,
        passed: &BTreeMap<&Id, String>,
        ids: &BTreeSet<&Id>,
    ) -> LeftOut {
        if let Some(reason) = passed.get(&row.id) {
            return left_out(row, LeftOutCode::Lens, reason.clone());
        }
        if let Some(copy) = self.ladders.copied(row) {
            return copy;
        }
        if let Some(whole) = self
            .ladders
            .wholes(row)
            .into_iter()
            .find(|whole| ids.contains(whole))
        {
            return left_out(
                row,
                LeftOutCode::PartOf,
                format!("it is part of {whole}, which is in the sum"),
            );
        }
        if row.currency != key.currency {
            return left_out(
                row,
                LeftOutCode::OtherCurrency,
                format!("it is in another currency, {}", row.currency),
            );
        }
        if row.programme_id != key.programme {
            let of = row.programme_id.as_ref();
            return left_out(
                row,
                LeftOutCode::OtherProgramme,
                of.map_or_else(
                    || "it names no programme".to_owned(),
                    |id| format!("it is of another programme, {id}"),
                ),
            );
        }
        if is_planned(row.transaction_type) && !is_planned(key.step) {
            return left_out(
                row,
                LeftOutCode::Plan,
                format!(
                    "{}, no money that moved",
                    with_article(row.transaction_type.as_str())
                ),
            );
        }
        if row.transaction_type != key.step {
            return left_out(
                row,
                LeftOutCode::OtherStep,
                format!(
                    "another rung, {}",
                    row.transaction_type.as_str().replace('_', " ")
                ),
            );
        }
        match (row.basis, key.basis) {
            (TransactionBasis::Cumulative, TransactionBasis::Annual | TransactionBasis::PartialYear) => {
                left_out(
                    row,
                    LeftOutCode::CumulativeBesideAnnual,
                    format!(
                        "a sum of several years ({}), beside single ones",
                        span_in_words(&span(row))
                    ),
                )
            }
            (TransactionBasis::Annual, TransactionBasis::Cumulative | TransactionBasis::PartialYear) => {
                left_out(
                    row,
                    LeftOutCode::AnnualBesideCumulative,
                    format!("one year's sum ({}), which others may hold", span(row)),
                )
            }
            (TransactionBasis::PartialYear, TransactionBasis::Annual | TransactionBasis::Cumulative) => {
                left_out(
                    row,
                    LeftOutCode::PartialYear,
                    format!("part of a year ({})", span_in_words(&span(row))),
                )
            }
            (TransactionBasis::Cumulative, TransactionBasis::Cumulative)
                if key.span.as_deref() != Some(span(row).as_str()) =>
            {
                left_out(
                    row,
                    LeftOutCode::OtherSpan,
                    format!(
                        "a sum over another span ({}): sums of several years are never added",
                        span_in_words(&span(row))
                    ),
                )
            }
            _ => inexact(row).unwrap_or_else(|| {
                left_out(
                    row,
                    LeftOutCode::Overlaps,
                    "it may hold money that is in the sum".to_owned(),
                )
            }),
        }
    }

    fn sentence(
        &self,
        key: &Key,
        id: &str,
        addends: &[&Transaction],
        sum: Decimal,
        n_out: usize,
    ) -> Sentence {
        let what = format!(
            "{}, {}",
            capital(&key.flow.as_str().replace('_', " ")),
            key.step.as_str().replace('_', " ")
        );
        let programme = key
            .programme
            .as_ref()
            .map_or_else(String::new, |id| format!(", {}", self.names.name(id)));
        let when = match &key.span {
            Some(span) => span_in_words(span),
            None => {
                let mut spans: Vec<(scope::Days, String)> = addends
                    .iter()
                    .map(|row| (days(row), span_in_words(&span(row))))
                    .collect();
                spans.sort();
                spans.dedup();
                const SHOWN: usize = 6;
                let more = spans.len().saturating_sub(SHOWN);
                let mut texts: Vec<String> = spans.into_iter().take(SHOWN).map(|(_, text)| text).collect();
                if more > 0 {
                    texts.push(format!("{more} more"));
                }
                words::list(&texts)
            }
        };
        let head = Sentence::of(format!("{what}{programme}"));
        if addends.is_empty() {
            return head.text(": no statement on record has an exact value of its own.");
        }
        head.text(format!(" ({when}): "))
            .figure(words::in_unit(sum, Some(&key.currency)), id)
            .text(format!(
                " in {}; {} of this kind of money left out, each with its reason.",
                count(addends.len(), "statement", "statements"),
                count(n_out, "other", "others"),
            ))
    }
}

fn with_article(word: &str) -> String {
    let word = word.replace('_', " ");
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
