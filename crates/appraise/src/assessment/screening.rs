//! Terms of work, listings of organisations, and the leads that both give: never about a person, never a rating.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// A statement that answers another, with its speaker inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reply {
    /// Id of the statement.
    pub id: String,
    /// What its speaker does.
    pub act: String,
    /// Speaker.
    pub speaker: String,
    /// A sentence with the speaker in it.
    pub attributed: String,
}

/// A term attached to a placement, a rule or an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConditionRow {
    /// Id.
    pub id: String,
    /// What it is attached to.
    pub attached_to: String,
    /// That in words.
    pub attached_name: String,
    /// What the speaker does.
    pub act: String,
    /// Speaker.
    pub speaker: String,
    /// The indicator that the statement itself names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ilo_indicator: Option<String>,
    /// The statement with its speaker; of an allegation or criticism, with its answers or that none is on record.
    pub attributed: String,
    /// Conditions it answers.
    pub responds_to: Vec<String>,
    /// What answers it.
    pub answers: Vec<Reply>,
    /// `answered`, `no reply on record`, or `not asked for` where it accuses nobody.
    pub reply: &'static str,
    /// When its source was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
}

/// An organisation on a public list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListingRow {
    /// Id of the listed organisation.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// The list.
    pub list: String,
    /// When it was listed.
    pub listed_on: String,
    /// Under which clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// That in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_name: Option<String>,
    /// Who lists: the speaker of the claim of listing, else the publisher of the source.
    pub lister: String,
    /// Claims of listing that the answers answer.
    pub listing_claims: Vec<String>,
    /// What answers the listing.
    pub answers: Vec<Reply>,
    /// `answered` or `no reply on record`.
    pub reply: &'static str,
    /// The listing, its speaker and its answers in one sentence.
    pub sentence: String,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
}

/// What a lead is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadKind {
    /// A statement names one of the ILO's indicators, or speaks in the words of one.
    Indicator,
    /// An organisation stands on a list.
    Listing,
    /// A name of the record is like a name of a list.
    Name,
}

impl LeadKind {
    /// Returns the word as it is written in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Indicator => "indicator",
            Self::Listing => "listing",
            Self::Name => "name",
        }
    }
}

/// Why there is a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadReason {
    /// The statement itself names the indicator.
    StatedBySpeaker,
    /// Words of the statement are words of the indicator's published description.
    MatchingWords,
    /// The record has the listing.
    OnList,
    /// Two names agree.
    MatchingNames,
}

impl LeadReason {
    /// Returns the word as it is written in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StatedBySpeaker => "stated_by_speaker",
            Self::MatchingWords => "matching_words",
            Self::OnList => "on_list",
            Self::MatchingNames => "matching_names",
        }
    }
}

/// A lead: where to look, and why; nothing about anyone is found by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScreeningRow {
    /// Id, made of what led to it.
    pub id: String,
    /// What it is about.
    pub kind: LeadKind,
    /// Why there is a lead.
    pub reason: LeadReason,
    /// The indicator, in the ILO's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// The words that matched.
    pub words: Vec<String>,
    /// The statement or row it comes from.
    pub statement: String,
    /// The listed organisation, for a lead on a list or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The clause of the listing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Date of the listing, or when the statement's source was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// How two names were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_match: Option<NameMatch>,
    /// What answers the statement or listing.
    pub answers: Vec<Reply>,
    /// `answered`, `no reply on record`, or `not asked for` where nobody is accused.
    pub reply: &'static str,
    /// Reason, statement, speaker and answers in one sentence.
    pub sentence: String,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// Ids of what led to it.
    pub from: Vec<String>,
}

/// How two names of organisations were compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NameMatch {
    /// `organisation` or `speaker`.
    pub table: &'static str,
    /// The row whose name it is.
    pub id: String,
    /// The name of the record.
    pub name: String,
    /// The name of the list.
    pub listed_name: String,
    /// The first name as it was compared.
    pub compared: String,
    /// The second name as it was compared.
    pub compared_listed: String,
    /// Words for legal forms that were taken away.
    pub stripped: Vec<String>,
    /// How they were compared.
    pub method: &'static str,
    /// How alike the names are, 0 to 1: about two strings, nothing else.
    pub similarity: Number,
    /// From which similarity on a pair is shown.
    pub threshold: Number,
    /// Activities in which the organisation takes part on record.
    pub activities: Vec<String>,
}

/// How the screening was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScreeningMethod {
    /// What a lead is.
    pub about: &'static str,
    /// Order of leads.
    pub order: &'static str,
    /// How names are compared.
    pub names: &'static str,
    /// Words for legal forms.
    pub legal_forms: Vec<&'static str>,
    /// The indicators with the words that are looked for.
    pub lexicon: Vec<LexiconEntry>,
}

/// An indicator with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LexiconEntry {
    /// The indicator.
    pub indicator: &'static str,
    /// Words and phrases.
    pub words: Vec<&'static str>,
}

/// Where a system of the programme stands in the report, and what the record holds of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SystemRow {
    /// Id.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// How many rows of the record belong to it.
    pub rows: Number,
    /// Members of `report.json` that hold it.
    pub stands_in: Vec<&'static str>,
    /// Sections of the page that show it.
    pub sections: Vec<u8>,
    /// Where it has no row: which data it would need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<&'static str>,
    /// What the record holds, or that it holds nothing.
    pub sentence: Sentence,
    /// The rows.
    pub from: Vec<String>,
}
