//! What subsidy rules come to: amounts by number of contracts, and by counts on record.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, PersonCount, Sentence};

/// A subsidy rule as an entitlement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EntitlementRow {
    /// Id: `entitlement/` and the rule.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Programme.
    pub programme: String,
    /// Where or to whom it is open.
    pub who: String,
    /// Its name.
    pub who_name: String,
    /// What the rule says.
    pub text: String,
    /// Amount for each contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Number>,
    /// Currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// From how many contracts on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_count: Option<Number>,
    /// Lowest rate on the wage, as a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_lower: Option<Number>,
    /// Highest rate on the wage, as a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_upper: Option<Number>,
    /// First date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_start: Option<String>,
    /// Last date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_end: Option<String>,
    /// Who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// The speaker in words.
    pub speaker_name: String,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// What is missing to evaluate the rule, in words.
    pub missing: Vec<String>,
    /// One contract fewer than the least, the least, and one more.
    pub schedule: Vec<EntitlementAt>,
    /// Placements that the rule reaches.
    pub on_record: Vec<EntitlementOnRecord>,
    /// Subsidies paid or promised on record in the rule's programme and period; beside it, never computed with.
    pub beside: Vec<String>,
    /// Conditions attached to the rule.
    pub conditions: Vec<String>,
    /// Leads of the screening that concern those conditions.
    pub screen: Vec<String>,
    /// In words.
    pub sentence: Sentence,
    /// The rule.
    pub from: Vec<String>,
}

/// What a number of contracts comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EntitlementAt {
    /// Id: the entitlement's, `@` and the number.
    pub id: String,
    /// Number of contracts: chosen around the minimum, a count of nobody.
    pub contracts: Number,
    /// What is due.
    pub amount: Number,
    /// Currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The rule.
    pub from: Vec<String>,
}

/// What a placement on record comes to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EntitlementOnRecord {
    /// Id: the entitlement's, `@` and the placement.
    pub id: String,
    /// The placement.
    pub placement: String,
    /// Its count.
    pub contracts: PersonCount,
    /// What is due where every one of them is a contract of one employer.
    pub amount: PersonCount,
    /// Currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What it rests on, or why nothing was computed.
    pub remarks: Vec<String>,
    /// In words.
    pub sentence: Sentence,
    /// The rule and the placement.
    pub from: Vec<String>,
}
