//! Totals, duties and contradictions.

use schemars::JsonSchema;
use serde::Serialize;

use super::Number;

/// A sum that one can open.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Total {
    /// Id.
    pub id: String,
    /// Kind of money.
    pub flow: String,
    /// Span.
    pub basis: String,
    /// Currency.
    pub currency: String,
    /// The sum.
    pub value: Number,
    /// Transactions in it.
    pub addends: Vec<String>,
    /// Transactions not in it, and why.
    pub left_out: Vec<LeftOut>,
    /// Totals that were stated.
    pub stated: Vec<StatedTotal>,
}

/// A transaction that is not in a sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The transaction.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// A total that was stated.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StatedTotal {
    /// The statement.
    pub id: String,
    /// Its value.
    pub value: Number,
    /// Sum of parts minus stated.
    pub difference: Number,
}

/// How a duty was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyStatus {
    /// Inside what was owed.
    Met,
    /// Less than was owed.
    Below,
    /// More than was owed.
    Above,
    /// An input is missing.
    NotCheckable,
}

/// What a rule makes of a base, against what was paid.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Duty {
    /// Id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Who owes.
    pub provider: String,
    /// The period.
    pub period: String,
    /// What the rate is taken of.
    pub base_indicator: String,
    /// The base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Number>,
    /// Least that is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_low: Option<Number>,
    /// Most that is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_high: Option<Number>,
    /// Transactions paid.
    pub paid: Vec<String>,
    /// Their sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_value: Option<Number>,
    /// Paid over base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of_base: Option<Number>,
    /// How it was met.
    pub status: DutyStatus,
    /// Why, where it is not checkable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

