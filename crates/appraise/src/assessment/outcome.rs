//! Descriptions of outcomes: growth, ratios, convergence, dispersion. No effect is among them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Sentence};

/// What is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeMeasure {
    /// Change over the period before, as a share of it.
    Growth,
    /// Geometric mean of yearly growth from the first to the last year.
    GrowthAverage,
    /// Place over nation.
    Ratio,
    /// Standard deviation of the logs across places.
    Sigma,
    /// Slope of average log growth on the log of the first year.
    Beta,
    /// Theil's T across places.
    Theil,
    /// The part of T inside groups.
    TheilWithin,
    /// The part of T between groups.
    TheilBetween,
    /// Poverty, by one stated definition.
    Poverty,
    /// A stated goal against the series.
    Goal,
}

impl OutcomeMeasure {
    /// Returns the words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Growth => "growth",
            Self::GrowthAverage => "average growth",
            Self::Ratio => "ratio to the nation",
            Self::Sigma => "σ, dispersion of logs",
            Self::Beta => "β, growth on initial level",
            Self::Theil => "Theil T",
            Self::TheilWithin => "Theil T, within groups",
            Self::TheilBetween => "Theil T, between groups",
            Self::Poverty => "poverty",
            Self::Goal => "stated goal",
        }
    }
}

/// One description of one outcome.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct OutcomeRow {
    /// Id: measure, place or level, indicator, period, vintages.
    pub id: String,
    /// What is described.
    pub measure: OutcomeMeasure,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The level whose places are described together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// How the places are grouped, for the parts of Theil's T: `parent` or `side`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grouping: Option<String>,
    /// The indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// The period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Vintage or vintages, joined by `+`: the same for every figure in the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vintage: Option<String>,
    /// Census behind the heads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population_basis: Option<String>,
    /// Unit: `share`, `log`, `nats`, or a unit of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// Lower bound, where a statement gives that only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<Number>,
    /// Standard error, of β.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std_error: Option<Number>,
    /// How the standard error was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inference: Option<String>,
    /// How many places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<usize>,
    /// Places of the level that the vintage lacks in that period.
    pub lacking: Vec<String>,
    /// How places are weighted: `one place, one weight` or `by heads`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
    /// The claim that states a goal or a count of the poor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// The definition, in the statement's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// Why there is no value, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
    /// In words.
    pub sentence: Sentence,
    /// Ids of the figures it was computed from.
    pub from: Vec<String>,
}
