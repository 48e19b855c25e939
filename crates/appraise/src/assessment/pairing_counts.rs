//! Counts of the pairing graph, held against what is stated.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// Whether a round pairs regions or institutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Regions, which treat.
    Regional,
    /// Hospitals, schools, parks, villages, ministries, enterprises.
    Institutional,
}

impl Layer {
    /// Returns the word.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Regional => "regional",
            Self::Institutional => "institutional",
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Those who give.
    Providers,
    /// Those who receive.
    Recipients,
    /// Pairs of one with one.
    Pairs,
}

impl Counted {
    /// Returns the word.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Providers => "providers",
            Self::Recipients => "recipients",
            Self::Pairs => "pairs",
        }
    }
}

impl Counted {
    /// Returns the word as it goes with a number.
    #[must_use]
    pub const fn counting(self, n: usize) -> &'static str {
        match (self, n) {
            (Self::Providers, 1) => "provider",
            (Self::Recipients, 1) => "recipient",
            (Self::Pairs, 1) => "pair",
            _ => self.words(),
        }
    }
}

/// What holding a count against statements comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountStatus {
    /// Every statement gives the count.
    Equal,
    /// Some statement gives another.
    Different,
    /// Nobody states it.
    NotStated,
}

/// A count of the providers, recipients or pairs of a round or a programme.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PairingCount {
    /// Id: `count:`, the round or programme, what is counted, the layer or level.
    pub id: String,
    /// The programme.
    pub programme: String,
    /// The round; absent where all rounds of the programme are counted together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// Regions or institutions.
    pub layer: Layer,
    /// What is counted.
    pub counted: Counted,
    /// Places of one level only; absent where all are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// How many.
    pub value: Number,
    /// How they were counted.
    pub counted_by: &'static str,
    /// How many in another way of counting.
    pub other_value: Number,
    /// That other way.
    pub other_counted_by: &'static str,
    /// Those that lie inside another one that is counted too.
    pub inside_another: Vec<String>,
    /// How many rest on inference or weak evidence alone.
    pub on_weak_evidence: Number,
    /// What is stated.
    pub stated: Vec<StatedCount>,
    /// What it comes to.
    pub status: CountStatus,
    /// In words.
    pub sentence: Sentence,
    /// Ids of the pairings counted.
    pub from: Vec<String>,
}

/// A statement of a count.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StatedCount {
    /// The claim, or the group whose members are counted.
    pub id: String,
    /// Who says it; absent for a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// Value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Number>,
    /// `equal` or `different`.
    pub status: CountStatus,
    /// Which way of counting gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Count on record minus what is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Number>,
    /// Ids that only the group, or only the record, has.
    pub only_one_side: Vec<String>,
    /// Ids of what it was computed from.
    pub from: Vec<String>,
}

/// Pairings of a round by the evidence they rest on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PairingEvidence {
    /// Id.
    pub id: String,
    /// The programme.
    pub programme: String,
    /// The round.
    pub round: String,
    /// Regions or institutions.
    pub layer: Layer,
    /// Kind of what is paired.
    pub kind: String,
    /// What the rows rest on.
    pub basis: String,
    /// Strength of the evidence.
    pub confidence: String,
    /// How many rows.
    pub value: Number,
    /// Ids of the pairings.
    pub from: Vec<String>,
}
