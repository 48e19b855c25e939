//! The evidence map: what published studies find, in their words.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// A published study.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EvidenceRow {
    /// Id.
    pub id: String,
    /// The programme it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Name of the programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme_name: Option<String>,
    /// Authors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authors: Option<String>,
    /// Year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<String>,
    /// Title.
    pub title: String,
    /// Journal, series or publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// Data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Finding, as a paraphrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// Which way it points.
    pub direction: String,
    /// Main estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Number>,
    /// Its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std_error: Option<Number>,
    /// Studies and sources that it names as resting on the same data.
    pub shares_data_with: Vec<String>,
    /// Every study of the map that rests on the same data, through others too.
    pub same_data: Vec<String>,
    /// The data set: the first id of those that rest on it.
    pub data_set: String,
    /// Who finds what, and how.
    pub sentence: Sentence,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// Ids of what it rests on.
    pub from: Vec<String>,
}

/// Studies of one part of a programme and one outcome.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EvidenceCell {
    /// Id.
    pub id: String,
    /// The programme; absent where the studies name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// The outcome as the studies name it; absent where all outcomes are counted together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// How many studies.
    pub studies: Number,
    /// How many data sets they rest on.
    pub data_sets: Number,
    /// Which ways they point, each with its studies.
    pub directions: Vec<DirectionCount>,
    /// In words.
    pub sentence: Sentence,
    /// Ids of the studies.
    pub from: Vec<String>,
}

/// Studies that point one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DirectionCount {
    /// The way, in the studies' words.
    pub direction: String,
    /// The studies.
    pub studies: Vec<String>,
}
