//! Which statement stands on which rung.

use std::collections::BTreeMap;

use counterpart_model::activity::{Activity, ActivityKind, ActivityResult, ActivityStatus};
use counterpart_model::quantity::Qualifier;
use counterpart_model::transaction::{Flow, Transaction, TransactionBasis, TransactionType};
use counterpart_model::{Date, Decimal, Id, Record};

use crate::assessment::Rung;
use crate::disclosure::counts_persons;

/// A statement on a rung.
#[derive(Debug, Clone)]
pub(super) struct Stated<'a> {
    pub(super) rung: Rung,
    /// The transaction, result or project.
    pub(super) of: String,
    pub(super) why: String,
    pub(super) programme: Option<&'a Id>,
    pub(super) provider: Option<&'a Id>,
    pub(super) receiver: Option<&'a Id>,
    pub(super) activity: Option<&'a Id>,
    pub(super) flow: Option<Flow>,
    pub(super) basis: Option<TransactionBasis>,
    pub(super) indicator: Option<&'a str>,
    /// Currency or unit.
    pub(super) unit: Option<&'a str>,
    pub(super) value: Option<Decimal>,
    pub(super) lower: Option<Decimal>,
    pub(super) upper: Option<Decimal>,
    pub(super) qualifier: Option<Qualifier>,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
    pub(super) speaker: Option<&'a Id>,
}

impl Stated<'_> {
    /// The id of the statement on one ladder.
    pub(super) fn id(&self, ladder: &str) -> String {
        format!("{ladder}:{}:{}", super::key(self.rung), self.of)
    }

    /// First and last date.
    pub(super) fn span(&self) -> (Option<Date>, Option<Date>) {
        (self.start.or(self.end), self.end.or(self.start))
    }

    /// The period as it is written.
    pub(super) fn period(&self) -> Option<String> {
        match (self.start, self.end) {
            (Some(start), Some(end)) if start == end => Some(start.to_string()),
            (Some(start), Some(end)) => Some(format!("{start}/{end}")),
            (Some(one), None) | (None, Some(one)) => Some(one.to_string()),
            (None, None) => None,
        }
    }
}

/// Returns every statement that stands on a rung, transactions first.
pub(super) fn all(record: &Record) -> Vec<Stated<'_>> {
    let activities: BTreeMap<&Id, &Activity> = record.activities.iter().map(|row| (&row.id, row)).collect();
    let mut stated: Vec<Stated<'_>> = record.transactions.iter().filter_map(money).collect();
    stated.extend(
        record
            .activities
            .iter()
            .flat_map(|row| project(row, record.case.as_of)),
    );
    for result in &record.results {
        if let Some(activity) = activities.get(&result.activity_id) {
            stated.extend(reached(activity, result));
        }
    }
    stated
}

/// The rung of a type of transaction; none where the money leaves the ladder.
const fn rung_of(kind: TransactionType) -> Option<Rung> {
    match kind {
        TransactionType::Plan => Some(Rung::Plan),
        TransactionType::Agreement
        | TransactionType::Commitment
        | TransactionType::IncomingCommitment
        | TransactionType::OutgoingCommitment => Some(Rung::Agreement),
        TransactionType::Arrival | TransactionType::Disbursement | TransactionType::IncomingFunds => {
            Some(Rung::Arrival)
        }
        TransactionType::Expenditure | TransactionType::PurchaseOfEquity => Some(Rung::Spent),
        TransactionType::InterestPayment
        | TransactionType::LoanRepayment
        | TransactionType::Reimbursement
        | TransactionType::SaleOfEquity
        | TransactionType::CreditGuarantee => None,
    }
}

fn money(row: &Transaction) -> Option<Stated<'_>> {
    // A copy is no second statement.
    if row.copy_of.is_some() {
        return None;
    }
    Some(Stated {
        rung: rung_of(row.transaction_type)?,
        of: row.id.to_string(),
        why: format!("a transaction of the type {}", row.transaction_type),
        programme: row.programme_id.as_ref(),
        provider: Some(&row.provider_id),
        receiver: Some(&row.receiver_id),
        activity: row.activity_id.as_ref(),
        flow: Some(row.flow),
        basis: Some(row.basis),
        indicator: None,
        unit: Some(&row.currency),
        value: row.value,
        lower: row.lower,
        upper: row.upper,
        qualifier: row.qualifier,
        start: row.period_start,
        end: row.period_end,
        speaker: Some(&row.speaker_id),
    })
}

/// Whether such a project is there to put up a thing.
const fn builds(kind: ActivityKind) -> bool {
    matches!(
        kind,
        ActivityKind::Park | ActivityKind::Factory | ActivityKind::Infrastructure | ActivityKind::Housing
    )
}

/// What the status and the dates of a project say: that it is planned, that its thing is there, that it runs.
fn project(row: &Activity, as_of: Date) -> Vec<Stated<'_>> {
    let status = row.status;
    let began = row.actual_start.is_some();
    let mut rungs: Vec<(Rung, String, Option<Date>)> = Vec::new();
    if let (false, Some(planned)) = (began, row.planned_start) {
        rungs.push((Rung::Plan, format!("planned to begin {planned}"), Some(planned)));
    } else if status == Some(ActivityStatus::Pipeline) {
        rungs.push((Rung::Plan, "its status is pipeline".to_owned(), None));
    }
    let ended = match status {
        Some(status @ (ActivityStatus::Closed | ActivityStatus::Finalisation)) => Some(status),
        _ => None,
    };
    if let (true, Some(status)) = (builds(row.kind), ended) {
        rungs.push((Rung::Asset, format!("its status is {status}"), row.actual_start));
    }
    // Works under construction run before anything is in use.
    let under_way = status == Some(ActivityStatus::Implementation)
        && !matches!(row.kind, ActivityKind::Infrastructure | ActivityKind::Housing);
    if let (true, Some(began)) = (under_way, row.actual_start) {
        rungs.push((Rung::InUse, format!("running since {began}"), row.actual_start));
    }
    rungs
        .into_iter()
        .map(|(rung, why, start)| Stated {
            rung,
            of: row.id.to_string(),
            why,
            programme: row.programme_id.as_ref(),
            provider: None,
            receiver: Some(&row.place_id),
            activity: Some(&row.id),
            flow: None,
            basis: None,
            indicator: None,
            unit: None,
            value: None,
            lower: None,
            upper: None,
            qualifier: None,
            start,
            // What runs on belongs to every round it runs through, so to none alone.
            end: start.filter(|_| rung == Rung::InUse).map(|_| as_of),
            speaker: None,
        })
        .collect()
}

/// Words of an indicator that say that an amount of money went in and did not come out.
const PUT_IN: [&str; 6] = ["invest", "spen", "cost", "expend", "outlay", "paid"];

/// What a result says was reached: money put in, things that are there, people and output.
fn reached<'a>(activity: &'a Activity, row: &'a ActivityResult) -> Option<Stated<'a>> {
    let is_money = is_currency(&row.unit);
    let persons = counts_persons(&row.unit);
    let is_day = row.unit == "date";
    let told = row.actual.is_some() || row.actual_lower.is_some();
    let happened = is_day && row.due_on.is_none() && row.period.is_some();
    let promised = row.target.is_some() || row.target_lower.is_some() || (is_day && row.due_on.is_some());
    let put_in = PUT_IN
        .iter()
        .any(|word| row.indicator.to_lowercase().contains(word));
    let (rung, why) = if told || happened {
        match () {
            () if is_money && put_in => (Rung::Spent, "an amount that went in"),
            () if persons || is_money || row.unit.ends_with("_per_year") || !builds(activity.kind) => {
                (Rung::InUse, "what it gives, or people in it")
            }
            () => (Rung::Asset, "a thing that is there"),
        }
    } else if promised {
        (Rung::Plan, "a target")
    } else {
        return None;
    };
    let (value, lower) = match rung {
        Rung::Plan => (row.target, row.target_lower),
        _ => (row.actual, row.actual_lower),
    };
    let period = row.period.filter(|_| rung != Rung::Plan);
    Some(Stated {
        rung,
        of: row.id.to_string(),
        why: format!("{}: {why}", row.indicator.replace('_', " ")),
        programme: activity.programme_id.as_ref(),
        provider: None,
        receiver: Some(&activity.place_id),
        activity: Some(&activity.id),
        flow: None,
        basis: None,
        indicator: Some(&row.indicator),
        unit: Some(&row.unit),
        value,
        lower,
        upper: None,
        qualifier: row.qualifier,
        start: match rung {
            Rung::Plan => row.due_on,
            _ => period.map(|period| period.start),
        },
        end: period.and_then(|period| period.end),
        speaker: Some(&row.speaker_id),
    })
}

/// Whether a unit is an ISO 4217 code by itself.
fn is_currency(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase())
}
