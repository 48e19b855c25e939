//! Statements about money as rows of the report.

use counterpart_model::quantity::{Figure, Qualifier};
use counterpart_model::transaction::Transaction;
use counterpart_model::{Decimal, Record};

use super::capital;
use super::scope::{span, span_in_words};
use crate::assessment::{Number, TransactionRow};
use crate::naming::Names;
use crate::words;

/// Returns every statement about money, by id.
#[must_use]
pub fn rows(record: &Record) -> Vec<TransactionRow> {
    let names = Names::of(record);
    let number = |value: Option<Decimal>| value.map(Number::exact);
    record
        .transactions
        .iter()
        .map(|row| TransactionRow {
            id: row.id.to_string(),
            programme: row.programme_id.as_ref().map(ToString::to_string),
            flow: row.flow.to_string(),
            step: row.transaction_type.to_string(),
            basis: row.basis.to_string(),
            provider: row.provider_id.to_string(),
            provider_name: names.name(&row.provider_id),
            receiver: row.receiver_id.to_string(),
            receiver_name: names.name(&row.receiver_id),
            activity: row.activity_id.as_ref().map(ToString::to_string),
            value: number(row.value),
            lower: number(row.lower),
            upper: number(row.upper),
            qualifier: row.qualifier.map(|word| word.to_string()),
            currency: row.currency.clone(),
            as_said: row.as_said.clone(),
            period_start: row.period_start.map(|date| date.to_string()),
            period_end: row.period_end.map(|date| date.to_string()),
            part_of: row.part_of.as_ref().map(ToString::to_string),
            copy_of: row.copy_of.as_ref().map(ToString::to_string),
            speaker: row.speaker_id.to_string(),
            source: row.source_id.to_string(),
            locator: row.locator.clone().unwrap_or_default(),
            sentence: sentence(row, &names),
            from: vec![row.source_id.to_string()],
        })
        .collect()
}

/// Returns a statement in words, with its speaker.
fn sentence(row: &Transaction, names: &Names<'_>) -> String {
    format!(
        "{}: {}, {}, {} to {}, {}: {}.",
        names.speaker(Some(&row.speaker_id), &row.source_id),
        row.flow.as_str().replace('_', " "),
        row.transaction_type.as_str().replace('_', " "),
        names.name(&row.provider_id),
        names.name(&row.receiver_id),
        span_in_words(&span(row)),
        amount(row),
    )
}

/// Returns an amount with how exact it is said to be, or that none is on record.
pub(crate) fn amount(row: &Transaction) -> String {
    let money = |value: Decimal| words::in_unit(value, Some(&row.currency));
    match row.figure() {
        None => "no amount on record".to_owned(),
        Some(Figure::Value(value)) => match row.qualifier {
            Some(Qualifier::Nearly) => format!("nearly {}", money(value)),
            Some(Qualifier::About) => format!("about {}", money(value)),
            _ => money(value),
        },
        Some(Figure::AtLeast(lower)) => format!("{} or more", money(lower)),
        Some(Figure::AtMost(upper)) => format!("up to {}", money(upper)),
        Some(Figure::Between(lower, upper)) => format!("{} to {}", capital(&money(lower)), money(upper)),
    }
}
