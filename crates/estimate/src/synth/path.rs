//! The treated path beside its synthetic comparison.

use crate::panel::Panel;
use crate::result::{Estimate, Estimated};

/// One period of both paths.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct PathPoint {
    /// The period.
    pub period: i64,
    /// Mean outcome of the treated units.
    pub treated: f64,
    /// Weighted outcome of the donors.
    pub synthetic: f64,
    /// Whether treatment is on.
    pub on: bool,
}

/// Returns both paths, period by period; empty where the estimate has no unit weights.
///
/// The synthetic path is Σ ω_j y_jt over donors with the weights of the estimate; synthetic difference in differences
/// asks it to be parallel to the treated one, not equal.
///
/// # Drops
/// Periods in which a treated unit or a donor of positive weight is not seen.
#[must_use]
pub fn path(panel: &Panel, estimated: &Estimated) -> Vec<PathPoint> {
    let donors: Vec<(usize, f64)> = Estimate::weights(estimated)
        .iter()
        .filter(|row| row.weight != 0.0)
        .filter_map(|row| {
            let id = row.unit.as_ref()?;
            let at = panel.units().iter().position(|unit| unit.id == *id)?;
            Some((at, row.weight))
        })
        .collect();
    let treated = estimated.sample().treated_units();
    if donors.is_empty() || treated.is_empty() {
        return Vec::new();
    }
    let onset = treated.iter().filter_map(|&u| panel.units()[u].cohort).min();
    let point = |(p, &period): (usize, &i64)| {
        let own: Option<Vec<f64>> = treated.iter().map(|&u| panel.outcome_of(u, p)).collect();
        let own = own?;
        let mut synthetic = 0.0;
        for &(u, w) in &donors {
            synthetic += w * panel.outcome_of(u, p)?;
        }
        Some(PathPoint {
            period,
            treated: own.iter().sum::<f64>() / own.len() as f64,
            synthetic,
            on: onset.is_some_and(|g| period >= g),
        })
    };
    panel.periods().iter().enumerate().filter_map(point).collect()
}
