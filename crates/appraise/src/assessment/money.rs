//! Statements about money, totals, duties and accounts.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// A statement about money, as it is on record.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TransactionRow {
    /// Id.
    pub id: String,
    /// Programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Kind of money.
    pub flow: String,
    /// Rung: plan, agreement, commitment, arrival, disbursement, expenditure …
    #[serde(rename = "type")]
    pub step: String,
    /// Span: annual, cumulative, partial_year.
    pub basis: String,
    /// Who gives.
    pub provider: String,
    /// Name of who gives.
    pub provider_name: String,
    /// Who receives.
    pub receiver: String,
    /// Name of who receives.
    pub receiver_name: String,
    /// Project it pays for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// Value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Number>,
    /// How exact it is said to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// Currency.
    pub currency: String,
    /// As printed in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_said: Option<String>,
    /// First date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_start: Option<String>,
    /// Last date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_end: Option<String>,
    /// The sum that it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// The statement that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// Who says it.
    pub speaker: String,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// In words, with its speaker.
    pub sentence: String,
    /// Its source.
    pub from: Vec<String>,
}

/// A sum that one can open.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Total {
    /// Id, made of programme, flow, rung, basis, currency, span and lens.
    pub id: String,
    /// Programme; absent where the statements name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    /// Kind of money.
    pub flow: String,
    /// Rung: plan, agreement, commitment, arrival, disbursement, expenditure …
    #[serde(rename = "type")]
    pub step: String,
    /// Span: annual, cumulative, partial_year.
    pub basis: String,
    /// Currency.
    pub currency: String,
    /// The span that all addends have; absent where they are of several years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Lens through which statements were chosen; absent means everything on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lens: Option<String>,
    /// The sum; absent where nothing on record can be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Why there is no sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Transactions in it.
    pub addends: Vec<String>,
    /// Every other transaction of the flow, and why it is not in it.
    pub left_out: Vec<LeftOut>,
    /// Totals that were stated, beside the sum of their parts.
    pub stated: Vec<StatedTotal>,
    /// Lenses under which other statements are chosen, with the total that they come to.
    pub through: Vec<Through>,
    /// In words.
    pub sentence: Sentence,
    /// What it was computed from: its addends.
    pub from: Vec<String>,
}

/// What a total comes to through a lens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Through {
    /// The lens.
    pub lens: String,
    /// The total; absent where the lens leaves nothing to add.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
}

/// Why a transaction is not in a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutCode {
    /// It is part of another.
    PartOf,
    /// It repeats another, or its document does.
    CopyOf,
    /// Another statement of the same is in the sum.
    SameThing,
    /// Its scope overlaps with that of an addend.
    Overlaps,
    /// Only a bound was said.
    BoundWithoutValue,
    /// The value is said to be nearly or about what it is.
    ValueQualified,
    /// Nothing was said of how much.
    NoValue,
    /// A plan, an agreement or a commitment, beside money that moved.
    Plan,
    /// Another rung.
    OtherStep,
    /// A sum of several years beside sums of single ones.
    CumulativeBesideAnnual,
    /// A sum over another span.
    OtherSpan,
    /// Part of a year.
    PartialYear,
    /// One year's sum beside a sum of several.
    AnnualBesideCumulative,
    /// Another currency.
    OtherCurrency,
    /// Another programme.
    OtherProgramme,
    /// The lens passes it over.
    Lens,
    /// The sum would have more digits than are kept.
    TooLarge,
}

/// A transaction that is not in a sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The transaction.
    pub id: String,
    /// Why, as a word.
    pub code: LeftOutCode,
    /// Why, in words.
    pub reason: String,
}

/// A total that was stated, beside the sum of its parts.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StatedTotal {
    /// The statement: a transaction or a claim.
    pub id: String,
    /// Its value, or its bound where only that was said.
    pub value: Number,
    /// How exact it is said to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// Sum of the parts minus what was stated.
    pub difference: Number,
    /// Sum of the parts.
    pub parts_value: Number,
    /// Parts on record that were added.
    pub parts: Vec<String>,
    /// Parts on record that were not added, because of an overlap or for want of a value.
    pub parts_left_out: Vec<LeftOut>,
    /// Givers that belong to the stated total and of whom no part is on record.
    pub without_part: Vec<String>,
    /// What it was computed from.
    pub from: Vec<String>,
}

/// An obligation or entitlement, as it is on record.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProgrammeRule {
    /// Id.
    pub id: String,
    /// Programme.
    pub programme: String,
    /// Kind.
    pub kind: String,
    /// Who owes or is entitled.
    pub who: String,
    /// Name of who owes or is entitled.
    pub who_name: String,
    /// What the rate is taken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_indicator: Option<String>,
    /// Lowest rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_lower: Option<Number>,
    /// Highest rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_upper: Option<Number>,
    /// Years back at which the base is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_lag: Option<i64>,
    /// Fixed amount of money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Number>,
    /// Currency of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// First date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_start: Option<String>,
    /// Last date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_end: Option<String>,
    /// Paraphrase.
    pub text: String,
    /// Who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// Name of who says it.
    pub said_by: String,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// Its source.
    pub from: Vec<String>,
}

/// How a duty was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyStatus {
    /// Inside what was owed.
    Met,
    /// Less than was owed.
    Below,
    /// More than was owed.
    Above,
    /// An input is missing.
    NotCheckable,
}

impl DutyStatus {
    /// Returns the status in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Below => "below",
            Self::Above => "above",
            Self::NotCheckable => "not checkable",
        }
    }
}

/// An input that a duty lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyInput {
    /// The rule gives no rate.
    Rate,
    /// The base is not on record.
    Base,
    /// No payment is on record.
    Payment,
    /// The payments on record are of other periods.
    Period,
    /// Nothing says what the money was for.
    Purpose,
    /// The rule does not say when.
    Due,
    /// The rule does not say what is measured, or counts something other than money.
    Measure,
    /// Only a bound was said, and it does not decide.
    Exactness,
    /// The currencies differ.
    Currency,
}

/// What a rule makes of a base, against what was paid.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Duty {
    /// Id, made of rule, provider, period and base.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// Kind of the rule.
    pub kind: String,
    /// Programme.
    pub programme: String,
    /// Who owes.
    pub provider: String,
    /// Name of who owes.
    pub provider_name: String,
    /// Whether all who owe are taken together.
    pub together: bool,
    /// The period: a year, or `first/last`.
    pub period: String,
    /// What the rate is taken of: an indicator, or `flow:` and a kind of money.
    pub base_indicator: String,
    /// Whether the rule names that base, or it is another one on record.
    pub base_named: bool,
    /// Period of the base, where it is an earlier one or a sum of years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_period: Option<String>,
    /// The base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Number>,
    /// Vintage of the base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_vintage: Option<String>,
    /// What has to be said of the base.
    pub notes: Vec<String>,
    /// Currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Lowest rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_low: Option<Number>,
    /// Highest rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_high: Option<Number>,
    /// Least that is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_low: Option<Number>,
    /// Most that is owed; absent where the rule sets no upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_high: Option<Number>,
    /// Transactions paid.
    pub paid: Vec<String>,
    /// Their sum, or their bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_value: Option<Number>,
    /// Rung of what was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_type: Option<String>,
    /// How exact what was paid is said to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_qualifier: Option<String>,
    /// Paid over base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of_base: Option<Number>,
    /// How it was met.
    pub status: DutyStatus,
    /// What is missing, as words for scripts.
    pub missing: Vec<DutyInput>,
    /// Why, where it is not checkable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Every statement of the same scope and period, rung by rung: plans, arrivals, sums.
    pub against: Vec<Against>,
    /// The same duty with the base in other vintages.
    pub vintages: Vec<DutyVintage>,
    /// In words.
    pub sentence: Sentence,
    /// What it was computed from.
    pub from: Vec<String>,
}

/// Money of one rung beside a duty.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Against {
    /// Rung.
    #[serde(rename = "type")]
    pub step: String,
    /// The transactions.
    pub transactions: Vec<String>,
    /// Their sum, or their bound.
    pub value: Number,
    /// How exact it is said to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// How it stands to what was owed.
    pub status: DutyStatus,
}

/// A duty with its base in another vintage.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DutyVintage {
    /// The vintage.
    pub vintage: String,
    /// The base.
    pub base: Number,
    /// Least that is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_low: Option<Number>,
    /// Most that is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_high: Option<Number>,
    /// Paid over base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of_base: Option<Number>,
    /// How it was met.
    pub status: DutyStatus,
    /// The figure, where the base is one; else the figures that it is a sum of.
    pub from: Vec<String>,
}

/// Which side an account is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountSide {
    /// It gives.
    Provider,
    /// It receives.
    Recipient,
}

/// Everything on record about one provider or recipient, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Account {
    /// Id, made of side and party.
    pub id: String,
    /// Side.
    pub side: AccountSide,
    /// The place or organisation.
    pub party: String,
    /// Its name.
    pub name: String,
    /// Pairs.
    pub pairings: Vec<String>,
    /// Money, one list a kind.
    pub money: Vec<AccountMoney>,
    /// Postings, trainings and placements.
    pub people: Vec<String>,
    /// Projects.
    pub activities: Vec<String>,
    /// Duties.
    pub duties: Vec<String>,
    /// Claims about it.
    pub claims: Vec<String>,
    /// Groups it belongs to, whose statements are about it together with others.
    pub groups: Vec<String>,
    /// What it was put together from.
    pub from: Vec<String>,
}

/// Statements of one kind of money in an account. They are listed, not added: a total is where they are added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountMoney {
    /// Kind of money.
    pub flow: String,
    /// The statements.
    pub transactions: Vec<String>,
    /// Totals that hold any of them.
    pub totals: Vec<String>,
}
