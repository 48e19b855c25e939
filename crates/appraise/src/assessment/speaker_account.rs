//! What each speaker said, as counts of statements: no score, no order by merit.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// Statements of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementCount {
    /// Id: the account's, and the kind.
    pub id: String,
    /// The kind: an act, a status of a check, or a table.
    pub kind: String,
    /// How many.
    pub count: Number,
    /// The statements.
    pub from: Vec<String>,
}

/// What a speaker alleges, criticises, denies or answers, with what stands against it in the same sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountStatement {
    /// The claim or condition.
    pub id: String,
    /// The act.
    pub act: String,
    /// The statement with its speaker; an accusation with its answers or that none is on record.
    pub sentence: String,
}

/// A speaker's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SpeakerAccount {
    /// Id: `account:` and the speaker's.
    pub id: String,
    /// The speaker.
    pub speaker: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// The office or organisation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Claims by act.
    pub by_act: Vec<StatementCount>,
    /// Claims by what their check comes to.
    pub by_status: Vec<StatementCount>,
    /// Statements in other tables.
    pub by_table: Vec<StatementCount>,
    /// Contradictions that one of its statements stands in.
    pub contradictions: Vec<String>,
    /// Promises.
    pub promises: Vec<String>,
    /// Allegations, criticisms and denials.
    pub disputes: Vec<AccountStatement>,
    /// A sentence that can be printed.
    pub sentence: Sentence,
    /// Everything it said.
    pub from: Vec<String>,
}
