//! Official evaluations and audits, as statements.

use schemars::JsonSchema;
use serde::Serialize;

use super::Sentence;

/// An official evaluation or audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewRow {
    /// Id.
    pub id: String,
    /// The programme.
    pub programme: String,
    /// Who reviews.
    pub reviewer: String,
    /// Name of who reviews.
    pub reviewer_name: String,
    /// Who is reviewed.
    pub reviewed: String,
    /// Name of who is reviewed.
    pub reviewed_name: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Finding, as a paraphrase.
    pub finding: String,
    /// What was done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
    /// `yes`, `no` or `unknown`.
    pub closed: String,
    /// Who finds what, and what became of it.
    pub sentence: Sentence,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// Ids of what it rests on.
    pub from: Vec<String>,
}
