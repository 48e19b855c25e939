//! An incomplete panel used in each of the ways there are, so that nobody meets the difference by accident.

use counterpart_estimate::spec::{Inference, Method, PanelUse};
use counterpart_estimate::{EstimateError, Estimated, Spec};

use super::document::PanelRow;

/// Returns the first estimate under each use of an incomplete panel, the one asked for first; nothing where the panel
/// is complete or the method follows units only.
pub(crate) fn compare(
    is_balanced: bool,
    run: &dyn Fn(&Spec) -> Result<Estimated, EstimateError>,
    estimated: &Estimated,
) -> Vec<PanelRow> {
    let spec = estimated.spec();
    if is_balanced || spec.method != Method::CallawaySantanna {
        return Vec::new();
    }
    let mut uses = vec![spec.panel_use];
    uses.extend(PanelUse::ALL.iter().filter(|other| **other != spec.panel_use));
    uses.into_iter()
        .map(|panel_use| {
            if panel_use == spec.panel_use {
                return row(panel_use, true, estimated);
            }
            let mut other = spec.clone();
            other.panel_use = panel_use;
            other.inference = Inference::Analytic;
            match run(&other) {
                Ok(found) => row(panel_use, false, &found),
                Err(error) => PanelRow {
                    panel: panel_use.name(),
                    used: false,
                    estimate: None,
                    std_error: None,
                    conf_low: None,
                    conf_high: None,
                    rows_used: None,
                    units: None,
                    reason: error.to_string().lines().next().map(str::to_owned),
                },
            }
        })
        .collect()
}

fn row(panel_use: PanelUse, used: bool, estimated: &Estimated) -> PanelRow {
    let first = estimated.headline();
    PanelRow {
        panel: panel_use.name(),
        used,
        estimate: first.map(|row| row.estimate),
        std_error: first.and_then(|row| row.std_error),
        conf_low: first.and_then(|row| row.conf_low),
        conf_high: first.and_then(|row| row.conf_high),
        rows_used: Some(estimated.sample().n_rows_used()),
        units: Some(estimated.sample().n_units()),
        reason: None,
    }
}
