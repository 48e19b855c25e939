//! The answer and the gap.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// The four words of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The outcome is better than in the comparison.
    Helped,
    /// Anything of the smallest size of interest would have shown.
    NoDetectableEffect,
    /// The outcome is worse than in the comparison.
    Harmed,
    /// The record does not tell.
    CannotTell,
}

impl Verdict {
    /// Returns the words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Helped => "helped",
            Self::NoDetectableEffect => "no detectable effect",
            Self::Harmed => "harmed",
            Self::CannotTell => "cannot tell",
        }
    }

    /// Returns the glyph that goes before the words.
    #[must_use]
    pub const fn glyph(self) -> char {
        match self {
            Self::Helped => '▲',
            Self::NoDetectableEffect => '=',
            Self::Harmed => '▼',
            Self::CannotTell => '?',
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// One sentence over all lenses.
    pub sentence: Sentence,
    /// One verdict a lens.
    pub by_lens: Vec<LensAnswer>,
}

/// The answer under one lens.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LensAnswer {
    /// The lens.
    pub lens: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub sentence: Sentence,
    /// The studies that it is made of.
    pub primary_studies: Vec<String>,
    /// Ids of the study rows that it was read off.
    pub from: Vec<String>,
    /// What removing one thing would make of it.
    pub hangs_on: Vec<DependsOn>,
}

/// What kind of thing is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RemovedKind {
    /// A source.
    Source,
    /// A control, or all controls of a kind.
    Control,
    /// A vintage.
    Vintage,
    /// A window.
    Window,
    /// An estimator.
    Estimator,
}

/// What the verdict would be without one thing.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DependsOn {
    /// Id of what is removed or exchanged.
    pub removes: String,
    /// Kind.
    pub kind: RemovedKind,
    /// The verdict without it.
    pub verdict_after: Verdict,
    /// The estimate without it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate_after: Option<Number>,
    /// In words.
    pub sentence: Sentence,
    /// Ids of the study rows compared.
    pub from: Vec<String>,
}

/// The gap of a place to its nation in one period, one pair of vintages.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct GapRow {
    /// Id.
    pub id: String,
    /// The place.
    pub place: String,
    /// The nation.
    pub nation: String,
    /// The indicator.
    pub indicator: String,
    /// The indicator read for the nation: the same, or the fallback.
    pub indicator_nation: String,
    /// The period.
    pub period: String,
    /// Vintage or vintages of the place's value, joined by `+`.
    pub vintage_place: String,
    /// Vintage or vintages of the nation's value.
    pub vintage_nation: String,
    /// Census behind the place's heads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_place: Option<String>,
    /// Census behind the nation's heads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_nation: Option<String>,
    /// Whether both sides have the same vintages, basis and indicator.
    pub like_for_like: bool,
    /// Value of the place.
    pub value_place: Number,
    /// Value of the nation.
    pub value_nation: Number,
    /// Place over nation.
    pub ratio: Number,
    /// Nation minus place.
    pub difference: Number,
    /// Ids of the figures it was computed from.
    pub from: Vec<String>,
}
