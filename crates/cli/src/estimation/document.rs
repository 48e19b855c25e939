//! An estimate as `counterpart.estimate/1`.

use std::borrow::Cow;

use counterpart_estimate::result::{Diagnostic, PlaceboRow, WeightRow};
use counterpart_estimate::spec::Aggregation;
use counterpart_estimate::{Estimate, Estimated, Panel, Sample, Spec, TidyRow};
use serde::Serialize;

use super::input::Input;
use super::notice::{self, Notice};
use super::options;
use crate::args::PanelColumns;

/// The document; keys that do not apply are absent.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'a> {
    schema: &'static str,
    method: &'static str,
    spec: serde_json::Value,
    input: InputRow<'a>,
    pub(crate) sample: SampleOut,
    pub(crate) readings: &'a counterpart_estimate::panel::Readings,
    pub(crate) estimates: Vec<Row<'a>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    weights: &'a [WeightRow],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    placebos: &'a [PlaceboRow],
    pub(crate) warnings: Vec<Notice>,
    pub(crate) citation: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    df: Option<f64>,
    pub(crate) seed: u64,
    version: &'static str,
}

/// The file that was read.
#[derive(Debug, Serialize)]
struct InputRow<'a> {
    path: &'a str,
    sha256: &'a str,
    rows: usize,
}

/// The sample in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SampleOut {
    pub(crate) rows_read: usize,
    pub(crate) rows_used: usize,
    pub(crate) dropped: Vec<DroppedOut>,
    pub(crate) units: usize,
    pub(crate) treated_units: usize,
    pub(crate) control_units: usize,
    pub(crate) clusters: usize,
    pub(crate) periods: usize,
}

/// Rows dropped for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DroppedOut {
    pub(crate) reason: &'static str,
    pub(crate) rows: usize,
    pub(crate) units: usize,
    #[serde(skip)]
    pub(crate) words: String,
}

impl SampleOut {
    pub(crate) fn of(sample: &Sample) -> Self {
        Self {
            rows_read: sample.n_rows_read(),
            rows_used: sample.n_rows_used(),
            dropped: sample
                .dropped()
                .into_iter()
                .map(|(reason, count)| DroppedOut {
                    reason: reason.code(),
                    rows: count.rows,
                    units: count.units,
                    words: reason.to_string(),
                })
                .collect(),
            units: sample.n_units(),
            treated_units: sample.n_treated_units(),
            control_units: sample.n_control_units(),
            clusters: sample.n_clusters(),
            periods: sample.n_periods(),
        }
    }
}

/// One estimate: a row of JSON and of CSV.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'a> {
    pub(crate) term: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aggregation: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event_time: Option<i64>,
    pub(crate) estimate: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) std_error: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) statistic: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) p_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conf_low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conf_high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) band_low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) band_high: Option<f64>,
    /// Zero by construction: what the others are measured from.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_reference: bool,
}

impl<'a> Row<'a> {
    fn of(row: &'a TidyRow) -> Self {
        Self {
            term: &row.term,
            aggregation: row.aggregation.map(|one| match one {
                Aggregation::GroupTime => Cow::Borrowed("group_time"),
                other => Cow::Borrowed(other.name()),
            }),
            group: row.group,
            time: row.time,
            event_time: row.event_time,
            estimate: row.estimate,
            std_error: row.std_error,
            statistic: row.statistic,
            p_value: row.p_value,
            conf_low: row.conf_low,
            conf_high: row.conf_high,
            band_low: row.band_low,
            band_high: row.band_high,
            is_reference: row.is_reference,
        }
    }
}

impl<'a> Document<'a> {
    /// Returns the document of an estimate.
    pub(crate) fn of(input: &'a Input, columns: &PanelColumns, estimated: &'a Estimated) -> Self {
        let spec: &Spec = estimated.spec();
        let panel: &Panel = &input.panel;
        let words = Estimate::method_text(estimated);
        Self {
            schema: "counterpart.estimate/1",
            method: spec.method.name(),
            spec: options::resolved(spec, columns),
            input: InputRow {
                path: &input.table.file,
                sha256: &input.table.sha256,
                rows: input.table.n_rows,
            },
            sample: SampleOut::of(estimated.sample()),
            readings: panel.readings(),
            estimates: estimated.rows().iter().map(Row::of).collect(),
            diagnostics: Estimate::diagnostics(estimated).to_vec(),
            weights: Estimate::weights(estimated),
            placebos: Estimate::placebos(estimated),
            warnings: notice::of_estimate(input, estimated),
            citation: &words.citation,
            text: &words.text,
            df: estimated.df(),
            seed: spec.seed,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}
