//! What an estimator gives back: one shape for all of them.

use serde::Serialize;

use crate::sample::Sample;
use crate::spec::{Aggregation, Spec};

/// One estimated number, tidy: a table of these is a table of the paper.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TidyRow {
    /// What is estimated, such as `ATT`.
    pub term: String,
    /// How group-time effects were averaged, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregation: Option<Aggregation>,
    /// Cohort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<i64>,
    /// Period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<i64>,
    /// Event time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_time: Option<i64>,
    /// The estimate, in the unit of the outcome.
    pub estimate: f64,
    /// Standard error; absent where the design gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std_error: Option<f64>,
    /// Estimate over standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<f64>,
    /// Two-sided p-value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_value: Option<f64>,
    /// Lower end of the pointwise interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_low: Option<f64>,
    /// Upper end of the pointwise interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conf_high: Option<f64>,
    /// Lower end of the uniform band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band_low: Option<f64>,
    /// Upper end of the uniform band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band_high: Option<f64>,
    /// Whether this is the reference point, zero by construction.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_reference: bool,
}

impl TidyRow {
    /// Returns a row with an estimate and nothing else.
    #[must_use]
    pub fn new(term: impl Into<String>, estimate: f64) -> Self {
        Self {
            term: term.into(),
            estimate,
            ..Self::default()
        }
    }

    /// Returns the row with its event time.
    #[must_use]
    pub fn at_event_time(mut self, event_time: i64) -> Self {
        self.event_time = Some(event_time);
        self
    }

    /// Returns the row with its aggregation.
    #[must_use]
    pub fn in_aggregation(mut self, aggregation: Aggregation) -> Self {
        self.aggregation = Some(aggregation);
        self
    }
}

/// A covariance matrix of the rows that have standard errors.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Covariance {
    /// Indices into [`Estimate::rows`], one per row and column of the matrix.
    pub rows: Vec<usize>,
    /// The matrix, row by row, `rows.len()`² entries.
    pub values: Vec<f64>,
}

impl Covariance {
    /// Returns the entry of two positions in [`Covariance::rows`].
    #[must_use]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.values.get(i * self.rows.len() + j).copied().unwrap_or(0.0)
    }
}

/// Influence functions: how each unit moves each estimate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Influence {
    /// Units, as indices into [`crate::Panel::units`].
    pub units: Vec<usize>,
    /// Indices into [`Estimate::rows`].
    pub rows: Vec<usize>,
    /// Values, unit by unit: `units.len()` × `rows.len()`. The estimate's variance is Σψ²/n² over units.
    pub values: Vec<f64>,
}

/// A check that belongs to an estimate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Name, such as `pre_trend`.
    pub name: String,
    /// Value of the statistic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its p-value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_value: Option<f64>,
    /// Whether the check holds.
    pub status: Status,
    /// Why it fails, or why it could not be computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Whether a check holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// It speaks for the estimate, or at least not against it.
    Holds,
    /// It speaks against the estimate.
    Fails,
    /// The data do not allow it.
    NotComputed,
}

/// Weight of a unit or period in a synthetic comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WeightRow {
    /// The unit, for unit weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The period, for time weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<i64>,
    /// The weight.
    pub weight: f64,
}

/// What the estimator says about a unit that was not treated.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlaceboRow {
    /// The unit, or what was left out.
    pub unit: String,
    /// Its estimate.
    pub estimate: f64,
    /// Root mean squared gap before treatment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmspe_pre: Option<f64>,
    /// Root mean squared gap after treatment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmspe_post: Option<f64>,
    /// Their ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
}

/// Something a reader of the number must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// Sentence for people.
    pub message: String,
}

impl Warning {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// What was done, in words, and whose idea it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MethodText {
    /// Sentences for a methods section.
    pub text: String,
    /// References.
    pub citation: Vec<String>,
}

/// What every result can be asked.
pub trait Estimate {
    /// Returns the specification that was run.
    fn spec(&self) -> &Spec;
    /// Returns the estimates, the headline first.
    fn rows(&self) -> &[TidyRow];
    /// Returns the covariance of the estimates, where the method gives one.
    fn covariance(&self) -> Option<&Covariance>;
    /// Returns the influence functions, where they are defined.
    fn influence(&self) -> Option<&Influence>;
    /// Returns what became of each input row.
    fn sample(&self) -> &Sample;
    /// Returns what a reader must know.
    fn warnings(&self) -> &[Warning];
    /// Returns the words of the method and its papers.
    fn method_text(&self) -> &MethodText;
    /// Returns the checks that came with the estimate.
    fn diagnostics(&self) -> &[Diagnostic];
    /// Returns the weights of a synthetic comparison.
    fn weights(&self) -> &[WeightRow];
    /// Returns the placebos.
    fn placebos(&self) -> &[PlaceboRow];
}

/// The result of an estimator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimated {
    pub(crate) spec: Spec,
    pub(crate) rows: Vec<TidyRow>,
    pub(crate) covariance: Option<Covariance>,
    pub(crate) influence: Option<Influence>,
    pub(crate) sample: Sample,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) method_text: MethodText,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) weights: Vec<WeightRow>,
    pub(crate) placebos: Vec<PlaceboRow>,
    pub(crate) df: Option<f64>,
}

impl Estimated {
    pub(crate) fn new(spec: &Spec, rows: Vec<TidyRow>, sample: Sample, method_text: MethodText) -> Self {
        Self {
            spec: spec.clone(),
            rows,
            covariance: None,
            influence: None,
            sample,
            warnings: Vec::new(),
            method_text,
            diagnostics: Vec::new(),
            weights: Vec::new(),
            placebos: Vec::new(),
            df: None,
        }
    }

    /// Returns the specification that was run.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Returns the estimates, the headline first.
    #[must_use]
    pub fn rows(&self) -> &[TidyRow] {
        &self.rows
    }

    /// Returns the first row that is not a reference point.
    #[must_use]
    pub fn headline(&self) -> Option<&TidyRow> {
        self.rows.iter().find(|r| !r.is_reference)
    }

    /// Returns the rows with an event time, ascending: the points of an event study.
    #[must_use]
    pub fn points(&self) -> Vec<&TidyRow> {
        let wanted = |r: &&TidyRow| {
            r.event_time.is_some() && matches!(r.aggregation, None | Some(Aggregation::Dynamic))
        };
        let mut points: Vec<&TidyRow> = self.rows.iter().filter(wanted).collect();
        points.sort_by_key(|r| r.event_time);
        points
    }

    /// Returns the sample ledger.
    #[must_use]
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// Returns the covariance of the estimates, where there is one.
    #[must_use]
    pub fn covariance(&self) -> Option<&Covariance> {
        self.covariance.as_ref()
    }

    /// Returns the warnings.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns the degrees of freedom of t statistics; `None` where the normal distribution was used.
    #[must_use]
    pub fn df(&self) -> Option<f64> {
        self.df
    }
}

impl Estimate for Estimated {
    fn spec(&self) -> &Spec {
        &self.spec
    }
    fn rows(&self) -> &[TidyRow] {
        &self.rows
    }
    fn covariance(&self) -> Option<&Covariance> {
        self.covariance.as_ref()
    }
    fn influence(&self) -> Option<&Influence> {
        self.influence.as_ref()
    }
    fn sample(&self) -> &Sample {
        &self.sample
    }
    fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
    fn method_text(&self) -> &MethodText {
        &self.method_text
    }
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    fn weights(&self) -> &[WeightRow] {
        &self.weights
    }
    fn placebos(&self) -> &[PlaceboRow] {
        &self.placebos
    }
}
