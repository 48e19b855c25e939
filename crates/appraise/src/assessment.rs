//! The shape of `report.json`: what an appraisal comes to, section by section.
//!
//! The schema `counterpart.report/1` is generated from these types. Every object that holds a number has an `id`
//! and a `from` (ids of what it was computed from), or is one of the [`Figure`]s that others point at.

mod answer;
mod claims;
mod contradiction;
mod entitlement;
mod evidence;
mod ladder;
mod money;
mod number;
mod outcome;
mod pairing_counts;
mod people;
mod person_count;
mod project;
mod promise;
mod review;
mod screening;
mod sentence;
mod speaker_account;
mod studies;

use schemars::JsonSchema;
use serde::Serialize;

pub use answer::{Answer, DependsOn, GapRow, LensAnswer, RemovedKind, Verdict};
pub use claims::{
    AllegationRow, Candidate, CandidateInput, CheckStatus, ClaimCheck, ClaimRow, CompanionReason, DataGap,
    DerivationStatus, PairingRow, SourceRow, SpeakerRow,
};
pub use contradiction::{Contradiction, ContradictionKind, ContradictionStatement};
pub use entitlement::{EntitlementAt, EntitlementOnRecord, EntitlementRow};
pub use evidence::{DirectionCount, EvidenceCell, EvidenceRow};
pub use ladder::{LadderRow, LadderScope, LadderStep, Rung, RungAmount, RungStatement};
pub use money::{
    Account, AccountMoney, AccountSide, Against, Duty, DutyInput, DutyStatus, DutyVintage, LeftOut,
    LeftOutCode, ProgrammeRule, StatedTotal, Through, Total, TransactionRow,
};
pub use number::Number;
pub use outcome::{OutcomeMeasure, OutcomeRow};
pub use pairing_counts::{CountStatus, Counted, Layer, PairingCount, PairingEvidence, StatedCount};
pub use people::{CountLeftOut, CountLeftOutCode, PeopleKind, PeopleParts, PeopleRow, PeopleTotal, Wage};
pub use person_count::PersonCount;
pub use project::{
    AbandonmentRow, ActivityRow, AsOfStatus, ParticipantRow, Ratchet, RatchetKind, ResultKind, ResultRow,
};
pub use promise::{PromiseKind, PromiseRow};
pub use review::ReviewRow;
pub use screening::{
    ConditionRow, LeadKind, LeadReason, LexiconEntry, ListingRow, NameMatch, Reply, ScreeningMethod,
    ScreeningRow, SystemRow,
};
pub use sentence::{FigureRef, Part, Sentence};
pub use speaker_account::{AccountStatement, SpeakerAccount, StatementCount};
pub use studies::{
    CheckResult, CheckStatusWord, Dropped, ExcludedPlace, Point, PoolRow, SampleRow, SampleSummary,
    Specification, StudyRow, TestedPlace, VerdictReason,
};

/// The schema of the report.
pub const SCHEMA: &str = "counterpart.report/1";

/// A whole report, before disclosure control.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Assessment {
    /// `counterpart.report/1`.
    pub schema: &'static str,
    /// Version of the program.
    pub version: String,
    /// The case.
    pub case: CaseRow,
    /// SHA-256 over everything else in the public view; empty until it is published.
    pub view_digest: String,
    /// SHA-256 over each member but these two, so that what was altered can be named; empty until it is published.
    pub block_digests: std::collections::BTreeMap<String, String>,
    /// What was withheld, and under which threshold.
    pub disclosure: DisclosureRow,
    /// The answer, by lens.
    pub answer: Answer,
    /// The gap of the place to its nation, by pair of vintages.
    pub gaps: Vec<GapRow>,
    /// Every claim with its check and its answers.
    pub claims: Vec<ClaimRow>,
    /// Statements about money.
    pub transactions: Vec<TransactionRow>,
    /// Sums of money that one can open.
    pub totals: Vec<Total>,
    /// Obligations and entitlements.
    pub rules: Vec<ProgrammeRule>,
    /// What rules make of bases, against what was paid.
    pub duties: Vec<Duty>,
    /// Providers and recipients: everything on record about each, by id.
    pub accounts: Vec<Account>,
    /// Statements that cannot all hold.
    pub contradictions: Vec<Contradiction>,
    /// Statements of intent, and what became of them.
    pub promises: Vec<PromiseRow>,
    /// What each speaker said, by id of the speaker.
    pub speaker_accounts: Vec<SpeakerAccount>,
    /// Projects and their results.
    pub activities: Vec<ActivityRow>,
    /// People sent, trained and placed, as counts.
    pub people: Vec<PeopleRow>,
    /// Sums of those counts that one can open.
    pub people_totals: Vec<PeopleTotal>,
    /// Counts that are wholes, beside their parts.
    pub people_parts: Vec<PeopleParts>,
    /// What subsidy rules come to.
    pub entitlements: Vec<EntitlementRow>,
    /// Terms attached to placements, rules and activities, with their answers.
    pub conditions: Vec<ConditionRow>,
    /// Organisations on public lists, with what answers the listing.
    pub listings: Vec<ListingRow>,
    /// Documented leads against the ILO's indicators and public lists.
    pub screening: Vec<ScreeningRow>,
    /// How it was screened.
    pub screening_method: ScreeningMethod,
    /// Where each system of the programme stands, and what the record lacks of it.
    pub systems: Vec<SystemRow>,
    /// Who is paired with whom.
    pub pairings: Vec<PairingRow>,
    /// Providers, recipients and pairs by round and programme, against what is stated.
    pub pairing_counts: Vec<PairingCount>,
    /// Pairings of each round by the evidence they rest on.
    pub pairing_evidence: Vec<PairingEvidence>,
    /// Allegations and criticisms with their answers.
    pub allegations: Vec<AllegationRow>,
    /// From plan to use.
    pub ladder: Vec<LadderRow>,
    /// Descriptions of outcomes.
    pub outcomes: Vec<OutcomeRow>,
    /// Control pools: who was admitted, who was not, and why.
    pub pools: Vec<PoolRow>,
    /// Estimates.
    pub studies: Vec<StudyRow>,
    /// Every specification on one scale.
    pub specification_curve: Vec<Specification>,
    /// Others' studies.
    pub evidence_map: Vec<EvidenceRow>,
    /// Others' studies counted by programme and outcome, with the data sets behind them.
    pub evidence_counts: Vec<EvidenceCell>,
    /// Official evaluations and audits, as statements.
    pub reviews: Vec<ReviewRow>,
    /// What is missing, and what it would settle.
    pub data_gaps: Vec<DataGap>,
    /// Documents.
    pub sources: Vec<SourceRow>,
    /// Speakers.
    pub speakers: Vec<SpeakerRow>,
    /// Observed and derived figures that sentences and charts point at.
    pub figures: Vec<Figure>,
    /// Vintages in which figures were read.
    pub vintages: Vec<VintageRow>,
    /// Indicators in which figures were read.
    pub indicators: Vec<IndicatorRow>,
    /// Places that anything in the report names.
    pub places: Vec<PlaceRow>,
    /// Rounds of the programmes.
    pub rounds: Vec<RoundRow>,
    /// Lenses, as the case defines them.
    pub lenses: Vec<LensRow>,
    /// The verdict rule.
    pub rule: RuleRow,
    /// Shapes for the map, GeoJSON text by file; not part of `report.json`.
    #[serde(skip)]
    pub shapes: Vec<counterpart_model::record::GeoFile>,
}

/// The case.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CaseRow {
    /// Short id made of the title's digest of rows: the first eight digits of `digest`.
    pub id: String,
    /// Title.
    pub title: String,
    /// The question.
    pub question: String,
    /// The clock.
    pub as_of: String,
    /// The seed.
    pub seed: u64,
    /// SHA-256 over the sorted canonical rows.
    pub digest: String,
    /// The nation's place id.
    pub nation: String,
    /// The recipient's place id.
    pub subject: String,
    /// Whether nothing in the case is about a real place.
    pub synthetic: bool,
}

/// What disclosure control did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisclosureRow {
    /// `disclosure`.
    pub id: String,
    /// Counts of persons from 1 to below this are withheld, and what would give them away.
    pub threshold: u32,
    /// Rows whose figures are withheld, `table/key`: small counts and those that go with them, not told apart.
    pub withheld: Vec<String>,
    /// What it was computed from: nothing that is published.
    pub from: Vec<String>,
}

/// What kind of figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// Stands in a source.
    Observed,
    /// Follows from observed ones by an indicator's formula.
    Derived,
    /// Follows from others by a check.
    Computed,
    /// A number of rows on record.
    Count,
}

/// An observed or derived figure, with where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Figure {
    /// Its id: `place/indicator/period@vintage`, vintages joined by `+` where it is derived.
    pub id: String,
    /// Kind.
    pub kind: FigureKind,
    /// The value.
    pub value: Number,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it is, in words.
    pub label: String,
    /// Status letters and flags as the source gives them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Source, where it is observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Locator in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// Formula, where it is derived or computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Ids of what it was computed from.
    pub from: Vec<String>,
}

/// A vintage.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct VintageRow {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_on: Option<String>,
    /// Census by which heads are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population_basis: Option<String>,
    /// Remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Source.
    pub source: String,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct IndicatorRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Formula, where it is derived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derive: Option<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlaceRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// Level.
    pub level: String,
    /// The place that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Longitude, degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<Number>,
    /// Latitude, degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<Number>,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RoundRow {
    /// Id.
    pub id: String,
    /// Programme.
    pub programme: String,
    /// Name of the programme.
    pub programme_name: String,
    /// Name.
    pub name: String,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<String>,
    /// When money first moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_money_on: Option<String>,
    /// First date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Last date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

/// A lens.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LensRow {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it passes over, in a sentence.
    pub describes: String,
}

/// The verdict rule.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RuleRow {
    /// Confidence, 0–1.
    pub confidence: Number,
    /// Smallest effect of interest.
    pub smallest_effect: Number,
    /// Why that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Lines of the decision table, in order.
    pub lines: Vec<String>,
    /// How studies make a headline.
    pub headline: String,
}
