//! The ladder from a plan to a thing in use.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Somebody plans it.
    Plan,
    /// Somebody has promised it.
    Agreement,
    /// The receiver has it.
    Arrival,
    /// It was spent.
    Spent,
    /// The thing that it was for is there.
    Asset,
    /// The thing is used.
    InUse,
}

impl Rung {
    /// All rungs, from the lowest up.
    pub const ALL: [Self; 6] = [
        Self::Plan,
        Self::Agreement,
        Self::Arrival,
        Self::Spent,
        Self::Asset,
        Self::InUse,
    ];

    /// Returns the words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Agreement => "agreement",
            Self::Arrival => "arrival",
            Self::Spent => "spent",
            Self::Asset => "asset",
            Self::InUse => "in use",
        }
    }
}

/// What a ladder is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LadderScope {
    /// A programme, in the statements that belong to none of its rounds or to several.
    Programme,
    /// A round.
    Round,
    /// A provider in a programme.
    Provider,
    /// A project.
    Activity,
}

/// The ladder of a programme, round, provider or project.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LadderRow {
    /// Id.
    pub id: String,
    /// What it is about.
    pub scope: LadderScope,
    /// The programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// The round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// The provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// Its name.
    pub name: String,
    /// Rungs with a statement, from the lowest up.
    pub reached: Vec<Rung>,
    /// Rungs without one.
    pub empty: Vec<Rung>,
    /// Statements, by rung.
    pub statements: Vec<RungStatement>,
    /// Spans of amounts: one for each rung, kind of money, currency and basis. Nothing is summed.
    pub amounts: Vec<RungAmount>,
    /// From each rung to the next one that has a statement.
    pub steps: Vec<LadderStep>,
    /// In words.
    pub sentence: Sentence,
    /// Ids of the statements.
    pub from: Vec<String>,
}

/// A statement on a rung.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RungStatement {
    /// Id: the ladder's and the statement's.
    pub id: String,
    /// The rung.
    pub rung: Rung,
    /// The transaction, result or project that says so.
    pub of: String,
    /// Why it stands on this rung.
    pub why: String,
    /// Kind of money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// Span of the money: annual, cumulative, part of a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Who gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Who receives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// What is measured, where it is a result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// Currency or unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Number>,
    /// How exact it is said to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// Ids of what it was read off.
    pub from: Vec<String>,
}

/// The span of the amounts of one kind on a rung.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RungAmount {
    /// Id.
    pub id: String,
    /// The rung.
    pub rung: Rung,
    /// Kind of money.
    pub flow: String,
    /// Currency.
    pub currency: String,
    /// Annual, cumulative, part of a year.
    pub basis: String,
    /// How many statements.
    pub statements: usize,
    /// The smallest value or lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smallest: Option<Number>,
    /// The largest value or lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub largest: Option<Number>,
    /// Ids of the statements.
    pub from: Vec<String>,
}

/// From one rung to the next.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LadderStep {
    /// Id.
    pub id: String,
    /// The lower rung.
    pub lower: Rung,
    /// The upper rung.
    pub upper: Rung,
    /// The statement on the lower rung.
    pub of: String,
    /// The statement on the upper rung.
    pub by: String,
    /// The upper over the lower one, where both have the same scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Number>,
    /// Why there is no share: what differs between the two statements that come closest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In words.
    pub sentence: Sentence,
    /// Ids of the two statements.
    pub from: Vec<String>,
}
