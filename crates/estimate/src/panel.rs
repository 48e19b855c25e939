//! Units × periods, built once and borrowed by every estimator.
//!
//! [`Panel::build`] takes [`Columns`] in any row order, lists every fault at once and keeps the rows sorted by
//! unit, then period, so that the order of the input changes no bit of any result. Each row remembers which
//! input row it was.
//!
//! # How first treatment is read
//! One rule, and [`Readings`] counts the units each reading covers: a missing value, 0 and ±∞ mean *never
//! treated*; a period after the last one of the panel means *not treated inside this panel* and is used as
//! never treated; a period at or before the first one means *always treated*.

mod build;
pub mod census;
mod check;
mod columns;
mod faults;
mod subset;
mod timing;

use std::ops::Range;

use serde::Serialize;

pub use columns::{Columns, FirstTreated, Names, Timing};
pub use faults::{Fault, FaultKind, LISTED_PER_KIND, PanelFaults};

use crate::error::EstimateError;
use crate::sample::DropReason;

/// A unit of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unit {
    /// Its name.
    pub id: String,
    /// First treated period; `None` for units that are never treated inside the panel.
    pub cohort: Option<i64>,
    /// Index into [`Panel::clusters`].
    pub cluster: usize,
    /// Index into [`Panel::assignments`].
    pub assignment: usize,
}

/// How many units each reading of first treatment covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Readings {
    /// Units with a period inside the panel.
    pub treated: usize,
    /// Units treated at or before the first period.
    pub always_treated: usize,
    /// Units without a value, read as never treated.
    pub never_missing: usize,
    /// Units with 0, read as never treated.
    pub never_zero: usize,
    /// Units with ±∞, read as never treated.
    pub never_infinite: usize,
    /// Units with a period after the last one, read as never treated inside this panel.
    pub never_beyond_last: usize,
    /// Units flagged as never treated by a treatment column.
    pub never_flagged: usize,
}

/// A row that cannot enter any estimate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Excluded {
    pub(crate) input_row: usize,
    pub(crate) unit: usize,
    pub(crate) period: i64,
    pub(crate) reason: DropReason,
}

/// A covariate by row; NaN never occurs, missing values are `None`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Covariate {
    pub(crate) name: String,
    pub(crate) values: Vec<Option<f64>>,
}

/// Labels by row, as indices into their sorted names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LabelColumn {
    pub(crate) name: String,
    pub(crate) levels: Vec<usize>,
}

/// A panel: rows in canonical order, units, periods and what is known about them.
#[derive(Clone, Debug)]
pub struct Panel {
    pub(crate) names: Names,
    pub(crate) units: Vec<Unit>,
    pub(crate) periods: Vec<i64>,
    pub(crate) cohorts: Vec<i64>,
    pub(crate) clusters: Vec<String>,
    pub(crate) assignments: Vec<String>,
    pub(crate) row_unit: Vec<usize>,
    pub(crate) row_period: Vec<usize>,
    pub(crate) row_input: Vec<usize>,
    pub(crate) outcome: Vec<f64>,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) dose: Option<Vec<f64>>,
    pub(crate) covariates: Vec<Covariate>,
    pub(crate) labels: Vec<LabelColumn>,
    pub(crate) starts: Vec<usize>,
    pub(crate) excluded: Vec<Excluded>,
    pub(crate) n_input_rows: usize,
    pub(crate) readings: Readings,
    pub(crate) warnings: PanelFaults,
}

impl Panel {
    /// Returns the panel of these columns.
    ///
    /// # Drops
    /// Rows without an outcome; they stay in the sample ledger of every estimate.
    ///
    /// # Errors
    /// [`PanelFaults`] with every fault of the columns, errors and warnings, if at least one is an error.
    pub fn build(columns: Columns) -> Result<Self, PanelFaults> {
        build::build(columns)
    }

    /// Returns the names the caller gave to the columns.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Returns the units, sorted by name.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Returns the periods, ascending.
    #[must_use]
    pub fn periods(&self) -> &[i64] {
        &self.periods
    }

    /// Returns the cohorts that are first treated after the first period, ascending.
    #[must_use]
    pub fn cohorts(&self) -> &[i64] {
        &self.cohorts
    }

    /// Returns the names of the clusters; the units themselves where none were given.
    #[must_use]
    pub fn clusters(&self) -> &[String] {
        &self.clusters
    }

    /// Returns the names of the assignment units; the units themselves where none were given.
    #[must_use]
    pub fn assignments(&self) -> &[String] {
        &self.assignments
    }

    /// Returns the number of units.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.units.len()
    }

    /// Returns the number of periods.
    #[must_use]
    pub fn n_periods(&self) -> usize {
        self.periods.len()
    }

    /// Returns the number of rows with an outcome.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.outcome.len()
    }

    /// Returns the number of rows of the input, dropped ones included.
    #[must_use]
    pub fn n_input_rows(&self) -> usize {
        self.n_input_rows
    }

    /// Returns the outcome by row.
    #[must_use]
    pub fn outcome(&self) -> &[f64] {
        &self.outcome
    }

    /// Returns the unit index by row.
    #[must_use]
    pub fn row_unit(&self) -> &[usize] {
        &self.row_unit
    }

    /// Returns the period index by row.
    #[must_use]
    pub fn row_period(&self) -> &[usize] {
        &self.row_period
    }

    /// Returns the input row by row.
    #[must_use]
    pub fn row_input(&self) -> &[usize] {
        &self.row_input
    }

    /// Returns the weights by row, if given.
    #[must_use]
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// Returns the dose by row, if given.
    #[must_use]
    pub fn dose(&self) -> Option<&[f64]> {
        self.dose.as_deref()
    }

    /// Returns how first treatment was read.
    #[must_use]
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// Returns the warnings found while building.
    #[must_use]
    pub fn warnings(&self) -> &PanelFaults {
        &self.warnings
    }

    /// Returns the rows of a unit.
    #[must_use]
    pub fn unit_rows(&self, unit: usize) -> Range<usize> {
        match (self.starts.get(unit), self.starts.get(unit + 1)) {
            (Some(&a), Some(&b)) => a..b,
            _ => 0..0,
        }
    }

    /// Returns the row of a unit in a period, if the outcome is there.
    #[must_use]
    pub fn row_of(&self, unit: usize, period: usize) -> Option<usize> {
        let rows = self.unit_rows(unit);
        let within = self.row_period.get(rows.clone())?;
        within.binary_search(&period).ok().map(|k| rows.start + k)
    }

    /// Returns the outcome of a unit in a period, if it is there.
    #[must_use]
    pub fn outcome_of(&self, unit: usize, period: usize) -> Option<f64> {
        self.row_of(unit, period)
            .and_then(|r| self.outcome.get(r).copied())
    }

    /// Returns the index of a period.
    #[must_use]
    pub fn period_index(&self, period: i64) -> Option<usize> {
        self.periods.binary_search(&period).ok()
    }

    /// Returns the first period.
    #[must_use]
    pub fn first_period(&self) -> i64 {
        self.periods.first().copied().unwrap_or(0)
    }

    /// Returns the last period.
    #[must_use]
    pub fn last_period(&self) -> i64 {
        self.periods.last().copied().unwrap_or(0)
    }

    /// Returns whether a unit is treated from the first period of the panel on.
    #[must_use]
    pub fn is_always_treated(&self, unit: usize) -> bool {
        self.units
            .get(unit)
            .and_then(|u| u.cohort)
            .is_some_and(|g| g <= self.first_period())
    }

    /// Returns whether a row is at or after first treatment of its unit.
    #[must_use]
    pub fn is_treated_row(&self, row: usize) -> bool {
        match (self.row_unit.get(row), self.row_period.get(row)) {
            (Some(&u), Some(&p)) => self.units[u].cohort.is_some_and(|g| self.periods[p] >= g),
            _ => false,
        }
    }

    /// Returns t − g of a row; `None` for units that are never treated.
    #[must_use]
    pub fn event_time(&self, row: usize) -> Option<i64> {
        let (&u, &p) = (self.row_unit.get(row)?, self.row_period.get(row)?);
        self.units[u].cohort.map(|g| self.periods[p] - g)
    }

    /// Returns whether every unit has an outcome in every period.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.n_rows() == self.n_units() * self.n_periods()
    }

    /// Returns the number of units that are never treated.
    #[must_use]
    pub fn n_never_treated(&self) -> usize {
        self.units.iter().filter(|u| u.cohort.is_none()).count()
    }

    /// Returns the values of a covariate by row.
    ///
    /// # Errors
    /// [`EstimateError::UnknownName`] lists the covariates there are.
    pub fn covariate(&self, name: &str) -> Result<&[Option<f64>], EstimateError> {
        self.covariates
            .iter()
            .find(|c| c.name == name)
            .map(|c| c.values.as_slice())
            .ok_or_else(|| EstimateError::UnknownName {
                kind: "covariate",
                name: name.to_owned(),
                known: self.covariates.iter().map(|c| c.name.clone()).collect(),
            })
    }

    /// Returns the level of a label by row: of an added column, or of the unit, the period, the cluster or the
    /// level of assignment by the name of its column.
    ///
    /// # Errors
    /// [`EstimateError::UnknownName`] lists the columns there are.
    pub fn label(&self, name: &str) -> Result<Vec<usize>, EstimateError> {
        if let Some(column) = self.labels.iter().find(|l| l.name == name) {
            return Ok(column.levels.clone());
        }
        let of_unit =
            |of: &dyn Fn(&Unit) -> usize| self.row_unit.iter().map(|&u| of(&self.units[u])).collect();
        let names = &self.names;
        if name == names.unit {
            Ok(self.row_unit.clone())
        } else if name == names.period {
            Ok(self.row_period.clone())
        } else if name == names.cluster {
            Ok(of_unit(&|u| u.cluster))
        } else if name == names.assignment {
            Ok(of_unit(&|u| u.assignment))
        } else {
            let mut known = vec![names.unit.clone(), names.period.clone()];
            known.extend(self.labels.iter().map(|l| l.name.clone()));
            Err(EstimateError::UnknownName {
                kind: "column of labels",
                name: name.to_owned(),
                known,
            })
        }
    }
}
