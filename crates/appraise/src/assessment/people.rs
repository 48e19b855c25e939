//! People sent, trained and placed in work: counts with their concept, and the sums one can make of them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, PersonCount, Sentence};

/// What a count of people is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeopleKind {
    /// People sent.
    Posting,
    /// People trained.
    Training,
    /// People placed in work.
    Placement,
}

impl PeopleKind {
    /// Returns the word as it is written in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Posting => "posting",
            Self::Training => "training",
            Self::Placement => "placement",
        }
    }
}

/// One count on record: a posting, a training or a placement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PeopleRow {
    /// Id of the row.
    pub id: String,
    /// What it is about.
    pub kind: PeopleKind,
    /// Programme; a placement names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// Batch or batches, as said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// `out` to the recipient or `back`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// Who sends or trains; of a placement, where people come from.
    pub provider: String,
    /// Its name.
    pub provider_name: String,
    /// Who receives; of a placement, where people work.
    pub recipient: String,
    /// Its name.
    pub recipient_name: String,
    /// Profession or sector, as a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Persons or person-times: never mixed.
    pub concept: String,
    /// The count or its bounds.
    #[serde(flatten)]
    pub count: PersonCount,
    /// How exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// Why there is neither a count nor a bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_number: Option<&'static str>,
    /// Length of a term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_months: Option<Number>,
    /// Count times term, where both are on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_months: Option<PersonCount>,
    /// What the row is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Whether its source was published before the period began to end: then it says what was to come.
    pub ahead: bool,
    /// Whether its source was published in the period's last year or month, a month or more before its last day.
    pub running: bool,
    /// Of a placement: whether the work is inside the recipient region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_region: Option<String>,
    /// Of a placement: the larger count it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Wage as said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wage: Option<Wage>,
    /// Who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// The speaker in words, as the subject of a sentence.
    pub speaker_name: String,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// A sentence that can stand alone.
    pub sentence: Sentence,
    /// Ids of what it was computed from: none, since it was said.
    pub from: Vec<String>,
}

/// A wage as said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Wage {
    /// Value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Number>,
    /// Currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Per what, as the case's own column `x_wage_period` has it; shown, never computed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
}

/// Why a count is not in a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountLeftOutCode {
    /// The text has neither a count nor a bound.
    NoNumber,
    /// Disclosure control took the number out.
    Withheld,
    /// Persons beside person-times.
    OtherConcept,
    /// Only a bound was said.
    BoundWithoutValue,
    /// Said of a time to come.
    Plan,
    /// Another document repeats it.
    CopyOf,
    /// Another statement of the same is in the sum.
    SameThing,
    /// It is part of an addend.
    PartOf,
    /// An addend is part of it.
    WholeOf,
    /// It may count people of an addend again.
    Overlaps,
}

/// A count that is not in a sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CountLeftOut {
    /// The row.
    pub id: String,
    /// Why, as a word.
    pub code: CountLeftOutCode,
    /// Why, in words.
    pub reason: String,
}

/// A sum of counts that one can open.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PeopleTotal {
    /// Id, made of what is summed.
    pub id: String,
    /// What is summed.
    pub kind: PeopleKind,
    /// Persons or person-times.
    pub concept: String,
    /// `out` or `back`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// Programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Of placements: inside the region (`yes`), outside (`no`), or `not said`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_region: Option<String>,
    /// By what: `all`, `round`, `batch`, `profession`, `provider`, `recipient`, `origin`, `destination`, `sector`.
    pub by: String,
    /// Of which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_name: Option<String>,
    /// The sum; none where no row states a count.
    #[serde(flatten)]
    pub count: PersonCount,
    /// Rows in it.
    pub addends: Vec<String>,
    /// Rows not in it, and why.
    pub left_out: Vec<CountLeftOut>,
    /// Person-months of the addends whose term is on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_months: Option<PersonCount>,
    /// Addends said while their period was running: part of them may be a plan.
    pub still_running: Vec<String>,
    /// Addends whose term is on record.
    pub with_term: Vec<String>,
    /// In words.
    pub sentence: Sentence,
    /// The addends.
    pub from: Vec<String>,
}

/// A whole and its parts, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PeopleParts {
    /// Id, made of the whole's.
    pub id: String,
    /// What is counted.
    pub kind: PeopleKind,
    /// The whole.
    pub whole: String,
    /// Persons or person-times.
    pub concept: String,
    /// The parts that state a count.
    pub parts: Vec<String>,
    /// Parts that do not add to the sum, and why.
    pub left_out: Vec<CountLeftOut>,
    /// Sum of the parts.
    #[serde(flatten)]
    pub count: PersonCount,
    /// The whole minus its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remainder: Option<PersonCount>,
    /// In words.
    pub sentence: Sentence,
    /// The whole and its parts.
    pub from: Vec<String>,
}
