//! Statements of intent, and what became of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{AsOfStatus, Number, Sentence};

/// What sets a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// A claim that promises.
    Claim,
    /// A rule that sets a target.
    Rule,
    /// A target of a project.
    Result,
}

impl PromiseKind {
    /// Returns the word as it is written in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Rule => "rule",
            Self::Result => "result",
        }
    }
}

/// A statement of intent, with its date and where it stands at the case's clock.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PromiseRow {
    /// Id: `promise:` and the statement's.
    pub id: String,
    /// The statement that sets it.
    pub statement: String,
    /// What that is.
    pub kind: PromiseKind,
    /// Who promises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// Name of who promises.
    pub speaker_name: String,
    /// What was promised, in words.
    pub text: String,
    /// What it is about.
    pub subject: String,
    /// Which property.
    pub property: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How much; a lower bound where that is what was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Number>,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// When it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_on: Option<String>,
    /// By when it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// Where it stands.
    pub status: AsOfStatus,
    /// Since when nothing was heard, where it is silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<String>,
    /// Whether it was met after its date.
    pub late: bool,
    /// Statements that decide where it stands.
    pub decided_by: Vec<String>,
    /// The later promise of less that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratcheted_to: Option<String>,
    /// A sentence that can be printed.
    pub sentence: Sentence,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// Ids of what it was computed from.
    pub from: Vec<String>,
}
