//! Projects: their dates, what was promised of them and what is said to have been reached, who says they were left.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// Where a promise stands at the case's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
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

impl AsOfStatus {
    /// Returns the words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::OnTime => "on time",
            Self::Overdue => "overdue",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::SilentSince => "silent since",
            Self::Unknown => "unknown",
        }
    }
}

/// A project.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ActivityRow {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// The programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Kind: park, factory, training.
    pub kind: String,
    /// Where it is.
    pub place: String,
    /// Status as said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When it was to begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_start: Option<String>,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_start: Option<String>,
    /// When it was to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_end: Option<String>,
    /// How it began: `as planned`, `late`, `early`, `not begun on record`, `not due to begin`, `no plan on record` or
    /// `no date on record`.
    pub began: &'static str,
    /// Where it stands at the case's clock: the least good of its promises and of its planned dates.
    pub as_of_status: AsOfStatus,
    /// Since when nothing was heard, where it is silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<String>,
    /// Organisations and places that take part, with their roles.
    pub participants: Vec<ParticipantRow>,
    /// Targets and actuals, a row of the record each.
    pub results: Vec<ResultRow>,
    /// Claims that it was given up, each with its answers.
    pub abandonment: Vec<AbandonmentRow>,
    /// In words.
    pub sentence: Sentence,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// Ids of what it was computed from.
    pub from: Vec<String>,
}

/// Who takes part in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ParticipantRow {
    /// The organisation.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// Its role, in IATI's words.
    pub role: String,
}

/// What a row of results holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResultKind {
    /// A promise.
    Target,
    /// What is said to have been reached.
    Actual,
    /// Both, said in one row.
    Both,
    /// Neither a figure nor a date.
    Empty,
}

/// A target or an actual, with what stands against it on record.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResultRow {
    /// Id of the row of the record.
    pub id: String,
    /// What is measured.
    pub indicator: String,
    /// Unit.
    pub unit: String,
    /// What the row holds.
    pub kind: ResultKind,
    /// Where it stood before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Number>,
    /// Target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Number>,
    /// Lower bound of the target, where that is what was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_lower: Option<Number>,
    /// Actual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Number>,
    /// Lower bound of the actual, where that is what was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_lower: Option<Number>,
    /// Why there is no number, where disclosure control took it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
    /// How exact it is said to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// When due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// What the row is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Who says it.
    pub speaker: String,
    /// Where the promise stands at the case's clock; `unknown` for a row without one.
    pub status: AsOfStatus,
    /// Since when nothing was heard, where it is silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<String>,
    /// Whether it was met after its date.
    pub late: bool,
    /// Rows on the other side: actuals that decide a promise, promises that an actual is held against.
    pub against: Vec<String>,
    /// Actual over target, where both are values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Number>,
    /// The later promise that took the place of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratcheted_to: Option<Ratchet>,
    /// In words.
    pub sentence: Sentence,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// Ids of what it was computed from.
    pub from: Vec<String>,
}

/// How a promise was made easier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RatchetKind {
    /// A later promise of less.
    Smaller,
    /// A later promise of no more, for a later date.
    LaterDate,
}

/// A promise that a later one took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ratchet {
    /// The later promise.
    pub by: String,
    /// How.
    pub kind: RatchetKind,
}

/// A claim that a project was given up, with its answers in the same sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AbandonmentRow {
    /// The claim.
    pub claim: String,
    /// Claims that answer it; empty means that no reply is on record, and that is said.
    pub answers: Vec<String>,
    /// Who says so, and what is answered by whom.
    pub sentence: Sentence,
}
