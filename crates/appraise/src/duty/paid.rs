//! Money of one giver over exactly one span, rung by rung.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::quantity::Figure;
use counterpart_model::transaction::{Flow, Transaction, TransactionType};
use counterpart_model::{Date, Decimal, Id};

use super::{Desk, Owed, compare, printed};
use crate::assessment::{Against, Duty, DutyInput, DutyStatus, Number};
use crate::total::is_planned;
use crate::total::scope::{days, span, span_in_words};
use crate::total::select::{inexact, select};

/// Rungs that pay, the one that is nearest to a payment first.
const PAYS: [TransactionType; 4] = [
    TransactionType::Disbursement,
    TransactionType::Arrival,
    TransactionType::IncomingFunds,
    TransactionType::Expenditure,
];

/// Money of one rung.
#[derive(Debug, Clone)]
pub(crate) struct Paid {
    pub(crate) step: TransactionType,
    pub(crate) ids: Vec<String>,
    pub(crate) figure: Figure,
    pub(crate) qualifier: Option<String>,
    pub(crate) currency: String,
}

impl Paid {
    /// Returns the value, or the bound.
    pub(crate) fn value(&self) -> Decimal {
        crate::total::value_or_bound(self.figure)
    }
}

/// Returns the statements of a giver's money of a kind, in one programme.
pub(crate) fn statements<'a>(
    desk: &Desk<'a>,
    programme: &Id,
    flow: Flow,
    provider: &Id,
) -> Vec<&'a Transaction> {
    desk.record
        .transactions
        .iter()
        .filter(|row| row.flow == flow && row.programme_id.as_ref() == Some(programme))
        .filter(|row| is_same(desk, &row.provider_id, provider))
        .filter(|row| desk.ladders.copied(row).is_none())
        .collect()
}

/// Whether two ids are one giver, or groups of just the same places.
fn is_same(desk: &Desk<'_>, one: &Id, other: &Id) -> bool {
    let places = desk.scopes.places();
    one == other
        || (places.is_group(one)
            && places.is_group(other)
            && desk.scopes.covers(one, other)
            && desk.scopes.covers(other, one))
}

/// Returns the money of exactly the years from `first` to `last`, by currency and rung.
pub(crate) fn in_years<'a>(desk: &Desk<'a>, rows: &[&'a Transaction], first: i32, last: i32) -> Vec<Paid> {
    let wanted = (Some((first, 1, 1)), Some((last, 12, 31)));
    let mut by_step: BTreeMap<(String, TransactionType), Vec<&Transaction>> = BTreeMap::new();
    for row in rows.iter().filter(|row| {
        let (start, end) = days(row);
        // A month or a day that ends the year ends it whatever its length.
        (start, end) == wanted
    }) {
        by_step
            .entry((row.currency.clone(), row.transaction_type))
            .or_default()
            .push(row);
    }
    let mut found = Vec::new();
    for (key, rows) in single_years(rows, first, last) {
        by_step.entry(key).or_insert(rows);
    }
    for ((currency, step), rows) in by_step {
        let exact: Vec<&Transaction> = rows
            .iter()
            .copied()
            .filter(|row| inexact(row).is_none())
            .collect();
        if exact.is_empty() {
            // Only one statement is taken: bounds and rounded values are not added.
            let first = rows
                .iter()
                .filter_map(|row| Some((row, row.figure()?)))
                .min_by_key(|(row, figure)| (figure.value().is_none(), row.id.clone()));
            if let Some((row, figure)) = first {
                found.push(Paid {
                    step,
                    ids: vec![row.id.to_string()],
                    figure,
                    qualifier: row.qualifier.map(|word| word.to_string()),
                    currency,
                });
            }
            continue;
        }
        let selected = select(exact, &desk.ladders, &desk.scopes);
        found.push(Paid {
            step,
            ids: selected.addends.iter().map(|row| row.id.to_string()).collect(),
            figure: Figure::Value(selected.sum),
            qualifier: None,
            currency,
        });
    }
    found
}

/// Returns exact sums of single years where each year of a span has one, to the same receivers in every year.
fn single_years<'a>(
    rows: &[&'a Transaction],
    first: i32,
    last: i32,
) -> BTreeMap<(String, TransactionType), Vec<&'a Transaction>> {
    type Years<'a> = BTreeMap<i32, Vec<&'a Transaction>>;
    if first >= last {
        return BTreeMap::new();
    }
    let mut by_step: BTreeMap<(String, TransactionType), Years<'a>> = BTreeMap::new();
    for row in rows.iter().filter(|row| inexact(row).is_none()) {
        if let (Some((from, 1, 1)), Some((to, 12, 31))) = days(row)
            && from == to
            && (first..=last).contains(&from)
        {
            by_step
                .entry((row.currency.clone(), row.transaction_type))
                .or_default()
                .entry(from)
                .or_default()
                .push(row);
        }
    }
    let receivers =
        |rows: &[&Transaction]| -> BTreeSet<Id> { rows.iter().map(|row| row.receiver_id.clone()).collect() };
    by_step
        .into_iter()
        .filter(|(_, years)| {
            let every = i32::try_from(years.len()).is_ok_and(|count| count == last - first + 1);
            let mut to = years.values().map(|rows| receivers(rows));
            let same = to.next();
            every && to.all(|other| Some(&other) == same.as_ref())
        })
        .map(|(key, years)| (key, years.into_values().flatten().collect()))
        .collect()
}

/// Returns every span of several whole years that a giver's money covers.
pub(crate) fn spans(rows: &[&Transaction], first: i32, last: i32) -> Vec<(i32, i32)> {
    let mut found: Vec<(i32, i32)> = rows
        .iter()
        .filter_map(|row| match days(row) {
            (Some((from, 1, 1)), Some((to, 12, 31))) if from < to && from >= first && to <= last => {
                Some((from, to))
            }
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Sets money against a duty: fills in what was paid, its share of the base and the status.
///
/// `base` is what a share is taken of, where there is one.
pub(crate) fn set_against(
    desk: &Desk<'_>,
    duty: &mut Duty,
    owed: Owed,
    base: Option<Decimal>,
    all: &[&Transaction],
    paid: Vec<Paid>,
) {
    let (same, other): (Vec<Paid>, Vec<Paid>) = paid.into_iter().partition(|one| {
        duty.currency
            .as_ref()
            .is_none_or(|currency| *currency == one.currency)
    });
    duty.against = same
        .iter()
        .map(|one| Against {
            step: one.step.to_string(),
            transactions: one.ids.clone(),
            value: Number::exact(one.value()),
            qualifier: one.qualifier.clone(),
            status: compare(one.figure, owed).0,
        })
        .collect();
    let pays = PAYS
        .iter()
        .find_map(|step| same.iter().find(|one| one.step == *step));
    let Some(pays) = pays else {
        let why = not_paid(desk, duty, all);
        if other.is_empty() {
            let is_other_period = all.iter().any(|row| !is_planned(row.transaction_type));
            super::lacks(
                duty,
                if is_other_period {
                    DutyInput::Period
                } else {
                    DutyInput::Payment
                },
                &why,
            );
        } else {
            super::lacks(
                duty,
                DutyInput::Currency,
                "what was paid is on record in another currency",
            );
        }
        return;
    };
    duty.paid.clone_from(&pays.ids);
    duty.paid_value = Some(Number::exact(pays.value()));
    duty.paid_type = Some(pays.step.to_string());
    duty.paid_qualifier.clone_from(&pays.qualifier);
    duty.from.extend(pays.ids.iter().cloned());
    duty.share_of_base = base
        .filter(|base| !base.is_zero())
        .and_then(|base| pays.value().checked_div(base))
        .map(printed);
    if owed.low.is_none() && owed.high.is_none() {
        return;
    }
    let (status, is_open) = compare(pays.figure, owed);
    if is_open {
        super::lacks(
            duty,
            DutyInput::Exactness,
            "only a bound of what was paid is on record, and it does not decide",
        );
    } else if duty.missing.is_empty() {
        duty.status = status;
    }
}

/// Returns the shares and statuses of a payment with the base in another vintage.
pub(crate) fn status_with(
    duty: &Duty,
    same: &[Paid],
    owed: Owed,
    base: Decimal,
) -> (DutyStatus, Option<Number>) {
    let Some(pays) = same.iter().find(|one| one.ids == duty.paid) else {
        return (DutyStatus::NotCheckable, None);
    };
    let share = (!base.is_zero())
        .then(|| pays.value().checked_div(base))
        .flatten()
        .map(printed);
    (compare(pays.figure, owed).0, share)
}

/// Says that nothing was paid on record in the period, and what is on record instead.
fn not_paid(desk: &Desk<'_>, duty: &Duty, all: &[&Transaction]) -> String {
    const SHOWN: usize = 3;
    let name = desk.names.name(&Id::new(&duty.provider));
    let period = span_in_words(&duty.period);
    let moved: Vec<&&Transaction> = all
        .iter()
        .filter(|row| !is_planned(row.transaction_type))
        .collect();
    let mut others: Vec<String> = Vec::new();
    for row in moved {
        let text = format!(
            "{} of {}",
            row.transaction_type.as_str().replace('_', " "),
            span_in_words(&span(row))
        );
        if !others.contains(&text) {
            others.push(text);
        }
    }
    let head = format!("no payment of {name} over {period} on record");
    if others.is_empty() {
        return head;
    }
    let more = others.len().saturating_sub(SHOWN);
    others.truncate(SHOWN);
    if more > 0 {
        others.push(format!("{more} more"));
    }
    format!("{head}, only over other periods: {}", crate::words::list(&others))
}

/// Returns a span of years as a duty's period.
pub(crate) fn period(first: i32, last: i32) -> String {
    let text = |year: i32| {
        i16::try_from(year).map_or_else(|_| year.to_string(), |year| Date::year_only(year).to_string())
    };
    if first == last {
        text(first)
    } else {
        format!("{}/{}", text(first), text(last))
    }
}
