//! An estimate as `counterpart.estimate/1`.

use std::borrow::Cow;

use counterpart_estimate::result::{Diagnostic, PlaceboRow, WeightRow};
use counterpart_estimate::spec::Aggregation;
use counterpart_estimate::{Estimate, Estimated, Panel, Sample, Spec, TidyRow};
use counterpart_exchange::panel_file::PanelTable;
use serde::Serialize;

use super::input::Input;
use super::notice::{self, Notice};
use super::options;
use super::panels;
use super::scan;
use crate::args::PanelColumns;

/// The document; keys that do not apply are absent.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'a> {
    schema: &'static str,
    method: &'static str,
    spec: serde_json::Value,
    /// What the estimate was computed from: `moments` of one pass over the rows, or the rows themselves.
    pub(crate) path: &'static str,
    /// Why moments were not enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path_reason: Option<String>,
    input: InputRow<'a>,
    pub(crate) sample: SampleOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) readings: Option<&'a counterpart_estimate::panel::Readings>,
    pub(crate) estimates: Vec<Row<'a>>,
    /// The estimate under each use of an incomplete panel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) panels: Vec<PanelRow>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) weights: Vec<WeightRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) placebos: Vec<PlaceboRow>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) treated_units: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) control_units: Option<usize>,
    pub(crate) clusters: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) periods: Option<usize>,
}

/// The first estimate under one use of an incomplete panel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PanelRow {
    pub(crate) panel: &'static str,
    /// Whether it is the use that was asked for.
    pub(crate) used: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) estimate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) std_error: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conf_low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conf_high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rows_used: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) units: Option<usize>,
    /// Why there is no estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
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
            treated_units: Some(sample.n_treated_units()),
            control_units: Some(sample.n_control_units()),
            clusters: sample.n_clusters(),
            periods: Some(sample.n_periods()),
        }
    }

    /// Plain rows are neither treated nor compared, and have no periods.
    fn of_rows(sample: &Sample) -> Self {
        Self {
            treated_units: None,
            control_units: None,
            periods: None,
            ..Self::of(sample)
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
            // A sum over nothing may be −0; there is one zero for readers.
            estimate: row.estimate + 0.0,
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
        let panel: &Panel = &input.panel;
        Self {
            sample: SampleOut::of(estimated.sample()),
            readings: Some(panel.readings()),
            panels: panels::compare(
                panel.is_balanced(),
                &|spec| input.estimate(spec, columns),
                estimated,
            ),
            warnings: notice::of_estimate(input, estimated),
            ..Self::of_rows(&input.table, columns, estimated)
        }
    }

    /// Returns the document of an estimate from a file that was read into moments.
    pub(crate) fn of_moments(read: &'a scan::Read, columns: &PanelColumns, estimated: &'a Estimated) -> Self {
        let file = InputRow {
            path: &read.file,
            sha256: &read.sha256,
            rows: read.scan.n_rows,
        };
        let mut warnings =
            notice::of_faults(&read.scan.warnings, &|row| read.scan.missing.get(&row).copied());
        warnings.extend(notice::of_estimator(estimated));
        Self {
            sample: SampleOut::of(estimated.sample()),
            readings: Some(&read.scan.readings),
            panels: panels::compare(
                read.scan.moments.is_balanced(),
                &|spec| read.scan.moments.estimate(spec),
                estimated,
            ),
            warnings,
            ..Self::new(file, columns, estimated)
        }
    }

    /// Returns the document of an estimate on plain rows.
    pub(crate) fn of_rows(table: &'a PanelTable, columns: &PanelColumns, estimated: &'a Estimated) -> Self {
        let file = InputRow {
            path: &table.file,
            sha256: &table.sha256,
            rows: table.n_rows,
        };
        Self::new(file, columns, estimated)
    }

    fn new(input: InputRow<'a>, columns: &PanelColumns, estimated: &'a Estimated) -> Self {
        let spec: &Spec = estimated.spec();
        let words = Estimate::method_text(estimated);
        let against = scan::reason_against(spec, columns);
        Self {
            schema: "counterpart.estimate/1",
            method: spec.method.name(),
            spec: options::resolved(spec, columns),
            path: match &against {
                None => "moments",
                Some(_) => "microdata",
            },
            path_reason: against,
            input,
            sample: SampleOut::of_rows(estimated.sample()),
            readings: None,
            estimates: estimated.rows().iter().map(Row::of).collect(),
            panels: Vec::new(),
            diagnostics: Estimate::diagnostics(estimated).to_vec(),
            weights: Estimate::weights(estimated).to_vec(),
            placebos: Estimate::placebos(estimated).to_vec(),
            warnings: notice::of_estimator(estimated),
            citation: &words.citation,
            text: &words.text,
            df: estimated.df(),
            seed: spec.seed,
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// Returns the level of intervals.
    pub(crate) fn level(&self) -> f64 {
        self.spec["level"].as_f64().unwrap_or(0.95)
    }

    /// Returns the level of clusters in words.
    pub(crate) fn cluster(&self) -> String {
        match &self.spec["cluster"] {
            serde_json::Value::String(name) => name.clone(),
            serde_json::Value::Array(names) => {
                let names: Vec<&str> = names.iter().filter_map(|name| name.as_str()).collect();
                names.join(" and ")
            }
            _ => String::new(),
        }
    }

    /// Rounds every number to so many significant digits; all of them without.
    pub(crate) fn rounded(mut self, digits: Option<u8>) -> Self {
        let Some(digits) = digits else { return self };
        let round = |value: &mut f64| *value = significant(*value, digits);
        let maybe = |value: &mut Option<f64>| *value = value.map(|value| significant(value, digits));
        for row in &mut self.estimates {
            round(&mut row.estimate);
            for value in [
                &mut row.std_error,
                &mut row.statistic,
                &mut row.p_value,
                &mut row.conf_low,
                &mut row.conf_high,
                &mut row.band_low,
                &mut row.band_high,
            ] {
                maybe(value);
            }
        }
        for row in &mut self.panels {
            for value in [
                &mut row.estimate,
                &mut row.std_error,
                &mut row.conf_low,
                &mut row.conf_high,
            ] {
                maybe(value);
            }
        }
        for one in &mut self.diagnostics {
            maybe(&mut one.value);
            maybe(&mut one.p_value);
        }
        for one in &mut self.weights {
            round(&mut one.weight);
        }
        for one in &mut self.placebos {
            round(&mut one.estimate);
            for value in [&mut one.rmspe_pre, &mut one.rmspe_post, &mut one.ratio] {
                maybe(value);
            }
        }
        self
    }
}

/// Returns the number at so many significant digits.
pub(crate) fn significant(value: f64, digits: u8) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let after = usize::from(digits.max(1)) - 1;
    format!("{value:.after$e}").parse().unwrap_or(value)
}
