//! Every defensible specification at once.

use rayon::prelude::*;

use crate::error::EstimateError;
use crate::panel::Panel;
use crate::result::TidyRow;
use crate::spec::Spec;

/// One specification on one panel.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct CurvePoint {
    /// Name of the panel (pool, window, outcome …).
    pub panel: String,
    /// The specification.
    pub spec: Spec,
    /// Its headline, if there is one.
    pub row: Option<TidyRow>,
    /// Why there is none.
    pub refused: Option<String>,
    /// Treated units.
    pub n_treated_units: usize,
    /// Comparison units.
    pub n_control_units: usize,
}

/// A curve and what it says as a whole.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct SpecificationCurve {
    /// Points, the smallest estimate first, refused ones last in the order they were asked.
    pub points: Vec<CurvePoint>,
    /// Median estimate.
    pub median: Option<f64>,
    /// Share of estimates above zero.
    pub share_positive: Option<f64>,
    /// Share of estimates whose p-value is at most one minus the level.
    pub share_significant: Option<f64>,
}

/// Returns the estimate of every specification on every panel, sorted.
///
/// # Source
/// Simonsohn, Simmons, Nelson (2020), Nature Human Behaviour 4.
#[must_use]
pub fn specification_curve(panels: &[(String, &Panel)], specs: &[Spec]) -> SpecificationCurve {
    let asked: Vec<(usize, usize)> = (0..panels.len())
        .flat_map(|p| (0..specs.len()).map(move |s| (p, s)))
        .collect();
    let mut points: Vec<CurvePoint> = asked
        .par_iter()
        .map(|&(p, s)| {
            let (name, panel) = &panels[p];
            let base = |row, refused, treated, control| CurvePoint {
                panel: name.clone(),
                spec: specs[s].clone(),
                row,
                refused,
                n_treated_units: treated,
                n_control_units: control,
            };
            match crate::registry::estimate(panel, &specs[s]) {
                Ok(e) => {
                    let (treated, control) = (e.sample().n_treated_units(), e.sample().n_control_units());
                    base(e.headline().cloned(), None, treated, control)
                }
                Err(error) => base(None, Some(first_line(&error)), 0, 0),
            }
        })
        .collect();
    // A stable sort: ties keep the order in which they were asked.
    points.sort_by(|a, b| {
        let key = |p: &CurvePoint| p.row.as_ref().map_or(f64::INFINITY, |r| r.estimate);
        key(a).total_cmp(&key(b))
    });
    let rows: Vec<(&TidyRow, f64)> = points
        .iter()
        .filter_map(|p| Some((p.row.as_ref()?, p.spec.level)))
        .collect();
    let n = rows.len();
    let share = |wanted: &dyn Fn(&TidyRow, f64) -> bool| {
        (n > 0).then(|| rows.iter().filter(|(r, l)| wanted(r, *l)).count() as f64 / n as f64)
    };
    let median = (n > 0).then(|| 0.5 * (rows[(n - 1) / 2].0.estimate + rows[n / 2].0.estimate));
    let share_positive = share(&|r, _| r.estimate > 0.0);
    let share_significant = share(&|r, level| r.p_value.is_some_and(|p| p <= 1.0 - level));
    SpecificationCurve {
        median,
        share_positive,
        share_significant,
        points,
    }
}

fn first_line(error: &EstimateError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
