//! Statements that cannot all hold, and statements that only seem to be at odds.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// Kinds of contradiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionKind {
    /// Statements about the same thing, place and period, or two of one speaker.
    Speakers,
    /// The same figure in several vintages of a series.
    Vintages,
    /// What was planned and what came.
    PlanActual,
    /// A total and its parts.
    TotalParts,
    /// A sum over a period and what lies inside that period.
    CumulativeAnnual,
    /// No disagreement yet: the statements define what they count in different ways.
    Definition,
    /// One figure is ten, a hundred, ten thousand times the other.
    FactorOfTen,
    /// One and the same figure under several periods.
    CopiedUnderTwoYears,
}

impl ContradictionKind {
    /// Returns the word as it is written in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Speakers => "speakers",
            Self::Vintages => "vintages",
            Self::PlanActual => "plan_actual",
            Self::TotalParts => "total_parts",
            Self::CumulativeAnnual => "cumulative_annual",
            Self::Definition => "definition",
            Self::FactorOfTen => "factor_of_ten",
            Self::CopiedUnderTwoYears => "copied_under_two_years",
        }
    }
}

/// A statement as it stands in a contradiction.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ContradictionStatement {
    /// Id of the row that holds it, or address of the observation.
    pub id: String,
    /// Who says it, or the vintage that prints it.
    pub speaker: String,
    /// Name of who says it.
    pub speaker_name: String,
    /// What the speaker does.
    pub act: String,
    /// Value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Number>,
    /// Smallest value that its rounding leaves open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<Number>,
    /// Largest value that its rounding leaves open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<Number>,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// As said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_said: Option<String>,
    /// Period it is about.
    pub period: String,
    /// Place it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whether it says what is to be.
    pub planned: bool,
    /// Of an allegation or criticism, what answers it, or that nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Source.
    pub source: String,
    /// Ids of what it was computed from: itself.
    pub from: Vec<String>,
}

/// Statements that cannot all hold.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Contradiction {
    /// Id, made of kind, subject, property, place and period.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// Property.
    pub property: String,
    /// Period; several joined by `;`.
    pub period: String,
    /// Place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The statements.
    pub statements: Vec<String>,
    /// The statements with their figures.
    pub said: Vec<ContradictionStatement>,
    /// Kind.
    pub kind: ContradictionKind,
    /// What they define in different ways: period, scope, concept, unit, currency, basis, rung.
    pub differs_in: Vec<String>,
    /// How many speakers stand behind them; the same speaker in two newspapers is one, a copy is none.
    pub voices: usize,
    /// Copies of statements or sources that were set aside.
    pub copies: Vec<String>,
    /// Largest over smallest, minus one; absent where they cannot be divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Number>,
    /// What hangs on it: claims, totals, duties, gaps, studies, results.
    pub matters_to: Vec<String>,
    /// A sentence that can be printed.
    pub sentence: Sentence,
    /// Ids of the statements that hold its numbers.
    pub from: Vec<String>,
}
