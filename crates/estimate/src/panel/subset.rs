//! Panels made from panels: fewer rows, other cohorts, another outcome.

use super::{Excluded, Panel};
use crate::error::EstimateError;
use crate::sample::DropReason;

impl Panel {
    /// Returns the panel without the rows for which `keep` is false; the sample ledger says `reason` for them.
    ///
    /// Units and periods keep their indices, so results of the part and of the whole can be set side by side.
    #[must_use]
    pub fn retain(&self, reason: DropReason, keep: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.n_rows()).filter(|&r| keep(r)).collect();
        let mut part = self.clone();
        for r in (0..self.n_rows()).filter(|&r| !keep(r)) {
            part.excluded.push(Excluded {
                input_row: self.row_input[r],
                unit: self.row_unit[r],
                period: self.periods[self.row_period[r]],
                reason,
            });
        }
        part.row_unit = kept.iter().map(|&r| self.row_unit[r]).collect();
        part.row_period = kept.iter().map(|&r| self.row_period[r]).collect();
        part.row_input = kept.iter().map(|&r| self.row_input[r]).collect();
        part.outcome = kept.iter().map(|&r| self.outcome[r]).collect();
        part.weights = self
            .weights
            .as_ref()
            .map(|w| kept.iter().map(|&r| w[r]).collect());
        part.dose = self.dose.as_ref().map(|d| kept.iter().map(|&r| d[r]).collect());
        for (to, from) in part.covariates.iter_mut().zip(&self.covariates) {
            to.values = kept.iter().map(|&r| from.values[r]).collect();
        }
        for (to, from) in part.labels.iter_mut().zip(&self.labels) {
            to.levels = kept.iter().map(|&r| from.levels[r]).collect();
        }
        part.starts = vec![0];
        for u in 0..self.n_units() {
            let end = part.row_unit.partition_point(|&v| v <= u);
            part.starts.push(end);
        }
        part
    }

    /// Returns the panel with other cohorts, one per unit.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if there is not one cohort per unit.
    pub fn with_cohorts(&self, cohorts: &[Option<i64>]) -> Result<Self, EstimateError> {
        if cohorts.len() != self.n_units() {
            return Err(EstimateError::Shape {
                what: "cohorts".into(),
                expected: self.n_units(),
                found: cohorts.len(),
            });
        }
        let mut other = self.clone();
        for (unit, cohort) in other.units.iter_mut().zip(cohorts) {
            // Treated after the last period is untreated inside this panel, as in [`super::Readings`].
            unit.cohort = cohort.filter(|&g| g <= self.last_period());
        }
        other.refresh_cohorts();
        Ok(other)
    }

    /// Returns the panel with another outcome by row, in the order of [`Panel::outcome`].
    ///
    /// # Errors
    /// [`EstimateError::Shape`] for a wrong length, [`EstimateError::NotFinite`] for NaN and infinity.
    pub fn with_outcome(&self, outcome: Vec<f64>) -> Result<Self, EstimateError> {
        if outcome.len() != self.n_rows() {
            return Err(EstimateError::Shape {
                what: "outcome".into(),
                expected: self.n_rows(),
                found: outcome.len(),
            });
        }
        if let Some(row) = outcome.iter().position(|y| !y.is_finite()) {
            return Err(EstimateError::NotFinite {
                what: format!("outcome of row {row}"),
            });
        }
        let mut other = self.clone();
        other.outcome = outcome;
        Ok(other)
    }

    pub(crate) fn refresh_cohorts(&mut self) {
        let (first, last) = (self.first_period(), self.last_period());
        let mut cohorts: Vec<i64> = self
            .units
            .iter()
            .filter_map(|u| u.cohort)
            .filter(|&g| g > first && g <= last)
            .collect();
        cohorts.sort_unstable();
        cohorts.dedup();
        self.cohorts = cohorts;
    }
}
