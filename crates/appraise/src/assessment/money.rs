//! Totals, duties, contradictions and projects.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

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

/// Kinds of contradiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionKind {
    /// Two speakers.
    Speakers,
    /// Two vintages.
    Vintages,
    /// Plan and actual.
    PlanActual,
    /// A total and its parts.
    TotalParts,
    /// A cumulative and annual figures.
    CumulativeAnnual,
    /// Two definitions.
    Definition,
}

/// Statements that cannot all hold.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Contradiction {
    /// Id.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// Property.
    pub property: String,
    /// Period.
    pub period: String,
    /// Place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The statements.
    pub statements: Vec<String>,
    /// Kind.
    pub kind: ContradictionKind,
    /// Largest over smallest, minus one.
    pub size: Number,
    /// What hangs on it.
    pub matters_to: Vec<String>,
}

/// Where a promise stands at the case's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AsOfStatus {
    /// Not due yet, and on its way.
    OnTime,
    /// Due, and not reached on record.
    Overdue,
    /// Reached.
    Met,
    /// Due, and less was reached.
    Missed,
    /// Nothing on record since.
    SilentSince,
    /// Nothing can be said.
    Unknown,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ActivityRow {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Status as said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Where it stands at the case's clock.
    pub as_of_status: AsOfStatus,
    /// Targets and actuals.
    pub results: Vec<ResultRow>,
}

/// A target or an actual.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResultRow {
    /// Id.
    pub id: String,
    /// What is measured.
    pub indicator: String,
    /// Unit.
    pub unit: String,
    /// Target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Number>,
    /// Actual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Number>,
    /// When due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// In words.
    pub sentence: Sentence,
}
