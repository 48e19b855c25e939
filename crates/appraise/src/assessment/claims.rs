//! Claims, their checks and their answers; pairings, sources, data gaps.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FigureRef, Number, Reply, Sentence};

/// What a claim's check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// Every reading on record gives the figure.
    Reproduced,
    /// Some readings give it and some do not.
    OnlyWith,
    /// No reading gives it.
    Contradicted,
    /// An input is missing.
    NotCheckable,
    /// The figure follows, but the claim states none of its own to compare.
    Implied,
    /// Nothing is said about what it follows from.
    NoDerivation,
}

/// Why inputs do not belong together, or what else is to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompanionReason {
    /// Inputs of different vintages.
    DifferentVintage,
    /// Heads counted by different censuses.
    DifferentPopulationBasis,
    /// Inputs of different periods.
    DifferentPeriod,
    /// Inputs in different currencies.
    DifferentCurrency,
    /// Inputs of different flows of money.
    DifferentFlow,
    /// An input is a bound and no value.
    BoundNotValue,
    /// The figure is cut off, not rounded.
    TruncatedNotRounded,
    /// One rate for several years.
    OneRateForSeveralYears,
    /// An input is not on record.
    MissingInput,
    /// The claim stands among its own inputs.
    OwnOperand,
    /// The claim states no value.
    NoStatedValue,
    /// An input is preliminary, estimated or rests on inference.
    ProvisionalInput,
    /// Every input is said by the claim's own source, which does not confirm itself.
    OwnSource,
}

/// One input of a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CandidateInput {
    /// Id of the claim, transaction, figure or round.
    pub id: String,
    /// Its value.
    pub value: Number,
    /// Its vintage or vintages, joined by `+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vintage: Option<String>,
    /// Census behind its heads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population_basis: Option<String>,
}

/// One reading: the figure that a choice of inputs gives.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Candidate {
    /// Id: the derivation's, `#` and a number.
    pub id: String,
    /// The derivation.
    pub derivation: String,
    /// The figure; absent for kinds that are true or false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Truth, for kinds that are true or false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// What was measured, for kinds that are true or false; the result in its own unit, where there is nothing to compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<String>,
    /// Figure minus what was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Number>,
    /// Whether it gives the stated figure at the stated rounding.
    pub reproduces: bool,
    /// Inputs in order.
    pub inputs: Vec<CandidateInput>,
    /// Why its inputs do not belong together; empty where they do.
    pub reasons: Vec<CompanionReason>,
    /// Ids of the inputs.
    pub from: Vec<String>,
}

/// The check of one claim.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClaimCheck {
    /// Status.
    pub status: CheckStatus,
    /// Kind of derivation; kinds joined by `;` where readings compete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Status of each derivation by itself.
    pub by_derivation: Vec<DerivationStatus>,
    /// What the claim states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated: Option<Number>,
    /// Readings.
    pub candidates: Vec<Candidate>,
    /// Whether the inputs of the readings that give the figure belong together.
    pub inputs_belong_together: bool,
    /// Why not, and what else is to be known.
    pub reasons: Vec<CompanionReason>,
    /// A sentence that can be printed.
    pub sentence: Sentence,
    /// Figures of the sentence, in order.
    pub figures: Vec<FigureRef>,
}

/// Status of one derivation.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DerivationStatus {
    /// The derivation.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its operands as written.
    pub operands: Vec<String>,
    /// Its status.
    pub status: CheckStatus,
    /// Missing inputs, by operand.
    pub missing: Vec<String>,
    /// How many choices of inputs were evaluated; the candidates list the telling ones.
    pub n_evaluated: usize,
    /// How many of them give the stated figure.
    pub n_reproducing: usize,
    /// Smallest figure of them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowest: Option<Number>,
    /// Largest figure of them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highest: Option<Number>,
    /// A sentence about this reading alone.
    pub sentence: Sentence,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClaimRow {
    /// Id.
    pub id: String,
    /// What the speaker does.
    pub act: String,
    /// Speaker.
    pub speaker: String,
    /// How the speaker is named.
    pub attribution: String,
    /// Paraphrase.
    pub text: String,
    /// Sentence with the speaker in it: what may stand alone.
    pub attributed: String,
    /// Figure as said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_said: Option<String>,
    /// Value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<Number>,
    /// Qualifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Subject.
    pub subject: String,
    /// Property.
    pub property: String,
    /// Place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// First date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_start: Option<String>,
    /// Last date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_end: Option<String>,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
    /// The source that reports it, where another speaks in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_by: Option<String>,
    /// Claims it answers.
    pub responds_to: Vec<String>,
    /// Claims that answer it.
    pub answered_by: Vec<String>,
    /// Those answers with their speakers inside, where it alleges or criticises.
    pub answers: Vec<Reply>,
    /// `answered` or `no reply on record`, where it alleges or criticises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<&'static str>,
    /// Its check.
    pub check: ClaimCheck,
    /// The source that its words and figure stand in.
    pub from: Vec<String>,
}

/// An allegation or criticism with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllegationRow {
    /// The claim that alleges or criticises.
    pub claim: String,
    /// Which of the two.
    pub act: String,
    /// Who says it.
    pub speaker: String,
    /// Topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The statement with its speaker, and its answers or that none is on record, in one sentence.
    pub sentence: String,
    /// Claims that answer it; empty means that no reply is on record, and that is said.
    pub answers: Vec<String>,
    /// Those claims with their speakers inside.
    pub replies: Vec<Reply>,
    /// Statements on record on the same topic or matter, by neither side.
    pub on_record: Vec<String>,
    /// Conditions said in the same place, or attached to its subject.
    pub conditions: Vec<String>,
    /// Listed organisations that share an answer with it.
    pub listings: Vec<String>,
    /// Reviews of the programme that it is about.
    pub reviews: Vec<String>,
    /// `answered` or `no reply on record`.
    pub reply: &'static str,
}

/// A pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PairingRow {
    /// Id.
    pub id: String,
    /// Programme.
    pub programme: String,
    /// Round.
    pub round: String,
    /// Who gives.
    pub provider: String,
    /// Name of who gives.
    pub provider_name: String,
    /// Who receives.
    pub recipient: String,
    /// Name of who receives.
    pub recipient_name: String,
    /// What is paired.
    pub kind: String,
    /// First date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Last date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// What the row rests on.
    pub basis: String,
    /// Strength of the evidence.
    pub confidence: String,
    /// Source.
    pub source: String,
    /// Locator.
    pub locator: String,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceRow {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: String,
    /// Kind of publisher.
    pub publisher_kind: String,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_on: Option<String>,
    /// Where it can be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Digest of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Licence as stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Whether it may be published again.
    pub may_republish: String,
    /// The source it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
}

/// A speaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SpeakerRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DataGap {
    /// Id: what kind of thing is missing, and of what.
    pub id: String,
    /// What is missing, in words.
    pub what: String,
    /// Who would hold it, by what is on record elsewhere; `not known` where nothing tells.
    pub who_holds: String,
    /// Studies whose verdict it would move.
    pub would_settle: Vec<String>,
    /// Claims and results that it would make checkable.
    pub would_check: Vec<String>,
    /// Duties that it would make checkable.
    pub would_duty: Vec<String>,
    /// Ids of what shows that it is missing.
    pub from: Vec<String>,
}
