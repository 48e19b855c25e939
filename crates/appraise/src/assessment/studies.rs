//! Pools, studies, their checks and samples, and the specification curve.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FigureRef, Number, Sentence, Verdict};

/// A control pool as it came out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PoolRow {
    /// Id: pool, study and window.
    pub id: String,
    /// The pool's own id in `case.toml`.
    pub pool: String,
    /// Its title.
    pub title: String,
    /// The study.
    pub study: String,
    /// The window in which pairings were looked at.
    pub window: [String; 2],
    /// Whether the rule lets providers in on purpose.
    pub contaminated: bool,
    /// Whether nobody may serve as comparison: a typed answer, not an error.
    pub no_admissible_control: bool,
    /// Treated units.
    pub treated: Vec<String>,
    /// Places admitted.
    pub admitted: Vec<String>,
    /// Places left out, and why.
    pub excluded: Vec<ExcludedPlace>,
    /// Places kept and tested, and why.
    pub tested: Vec<TestedPlace>,
    /// Parts of the rule that could not be evaluated, and why.
    pub not_computed: Vec<TestedPlace>,
}

/// A place that was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ExcludedPlace {
    /// The place.
    pub place: String,
    /// Why, in words with the pairing's id.
    pub reason: String,
    /// Pairings, rounds or groups that say so.
    pub from: Vec<String>,
}

/// A place that was kept and is left out in a variant, or a part of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct TestedPlace {
    /// The place, or the part of the rule.
    pub place: String,
    /// Why.
    pub why: String,
}

/// Whether a check holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatusWord {
    /// It holds.
    Holds,
    /// It fails.
    Fails,
    /// It was not computed; the reason says why.
    NotComputed,
}

/// One check of a study.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CheckResult {
    /// Name, as `case.toml` has it.
    pub name: String,
    /// Whether the study requires it.
    pub required: bool,
    /// Whether it holds.
    pub status: CheckStatusWord,
    /// What is compared: a p-value, a misfit, a breakdown value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// With what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Number>,
    /// Why, or what was computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One point of an event study or path.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// Periods since onset.
    pub event_time: i64,
    /// Estimate; 0 at the reference period.
    pub estimate: Number,
    /// Lower end of the pointwise interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_low: Option<Number>,
    /// Upper end of the pointwise interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_high: Option<Number>,
    /// Whether it is the reference period.
    pub reference: bool,
}

/// Rows dropped for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dropped {
    /// Reason.
    pub reason: String,
    /// How many rows.
    pub rows: usize,
    /// How many units.
    pub units: usize,
    /// Which units.
    pub which: Vec<String>,
}

/// What became of every input row.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SampleSummary {
    /// Rows read.
    pub rows_read: usize,
    /// Rows used.
    pub rows_used: usize,
    /// Rows dropped, by reason.
    pub dropped: Vec<Dropped>,
    /// Units used.
    pub units: usize,
    /// Treated units, by id.
    pub treated: Vec<String>,
    /// Control units, by id.
    pub controls: Vec<String>,
    /// Treated units used.
    pub treated_units: usize,
    /// Control units used.
    pub control_units: usize,
    /// Clusters.
    pub clusters: usize,
    /// Periods used.
    pub periods: usize,
    /// Every row with what became of it; written to `data/`, not to `report.json`.
    #[serde(skip)]
    pub rows: Vec<SampleRow>,
}

/// What became of one input row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct SampleRow {
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// `treated`, `control` or `dropped`.
    pub role: String,
    /// Why, where it was dropped.
    pub reason: String,
    /// Ids of the observations behind it.
    pub from: Vec<String>,
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictReason {
    /// No series under the lens.
    NoSeries,
    /// No admissible control.
    NoControl,
    /// A required check fails.
    CheckFailed,
    /// A required check was not computed.
    CheckNotComputed,
    /// The design can reach no p small enough.
    PFloor,
    /// The interval lies inside (−δ, +δ).
    Inside,
    /// The interval lies above 0, the estimate is at least δ.
    Above,
    /// The interval lies below 0, the estimate is at most −δ.
    Below,
    /// None of these.
    Undecided,
    /// Outcomes of the study disagree.
    OutcomesDisagree,
}

/// One estimate: study, lens, pool, outcome, onset, window, estimator.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StudyRow {
    /// Id: study, lens, pool, outcome, onset, window, estimator and variant joined by `:`.
    pub id: String,
    /// The study.
    pub study: String,
    /// Its title.
    pub title: String,
    /// `primary` or `secondary`.
    pub role: String,
    /// The lens.
    pub lens: String,
    /// The pool's id in `pools`.
    pub pool: String,
    /// The outcome indicator under the lens.
    pub outcome: String,
    /// Its transform.
    pub transform: String,
    /// First treated period.
    pub onset: String,
    /// First and last period.
    pub window: [String; 2],
    /// The estimator.
    pub estimator: String,
    /// Whether the verdict reads this row.
    pub main: bool,
    /// Variant, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Vintages of the outcome's inputs.
    pub vintages: Vec<String>,
    /// SHA-256 of the panel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panel_digest: Option<String>,
    /// The estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Number>,
    /// Its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std_error: Option<Number>,
    /// Lower end of its interval at the level of assignment; absent where the design gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_low: Option<Number>,
    /// Upper end of its interval at the level of assignment; absent where the design gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_high: Option<Number>,
    /// Lower end of the interval by clustered standard errors, shown beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_low_clustered: Option<Number>,
    /// Upper end of the interval by clustered standard errors, shown beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_high_clustered: Option<Number>,
    /// p-value at the level of assignment, by randomisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_value: Option<Number>,
    /// p-value by clustered standard errors, shown beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_value_clustered: Option<Number>,
    /// Smallest p-value that the design can reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_floor: Option<Number>,
    /// Level of assignment.
    pub assignment_level: String,
    /// Groups at the level of assignment, and how many of them are treated.
    pub assignment_groups: [usize; 2],
    /// What standard errors are clustered by.
    pub cluster: String,
    /// Treated units.
    pub n_treated: usize,
    /// Control units.
    pub n_controls: usize,
    /// Clusters.
    pub n_clusters: usize,
    /// Checks.
    pub checks: Vec<CheckResult>,
    /// Points of an event study or path.
    pub points: Vec<Point>,
    /// What became of every input row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleSummary>,
    /// Smallest effect that the design would detect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detectable_effect: Option<Number>,
    /// Breakdown value of honest difference in differences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Number>,
    /// The verdict of this row.
    pub verdict: Verdict,
    /// Why.
    pub reason: VerdictReason,
    /// In words.
    pub sentence: Sentence,
    /// Figures of the sentence.
    pub figures: Vec<FigureRef>,
    /// What cannot be told apart from the effect.
    pub confounds: Vec<String>,
    /// What had been seen before the rule was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked_at_before: Option<String>,
    /// Why there is no estimate, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_available: Option<String>,
    /// Warnings of the estimator.
    pub warnings: Vec<String>,
    /// How it was estimated, in a sentence.
    pub method: String,
    /// Ids of what it was computed from: the pool, and the vintages.
    pub from: Vec<String>,
}

/// One specification.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Specification {
    /// Id of the study row.
    pub id: String,
    /// The study.
    pub study: String,
    /// The lens.
    pub lens: String,
    /// The pool.
    pub pool: String,
    /// The outcome.
    pub outcome: String,
    /// The estimator.
    pub estimator: String,
    /// The window.
    pub window: [String; 2],
    /// The onset.
    pub onset: String,
    /// The estimate.
    pub estimate: Number,
    /// Lower end of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_low: Option<Number>,
    /// Upper end of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_high: Option<Number>,
    /// p-value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_value: Option<Number>,
    /// Verdict by the decision table, as if this were the main one.
    pub verdict: Verdict,
    /// Ids of what it was computed from.
    pub from: Vec<String>,
}
