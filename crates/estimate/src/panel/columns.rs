//! The plain columns a panel is built from.

use serde::{Deserialize, Serialize};

/// First treated period as the data say it: missing, zero and infinite values are kept as met and read by the
/// rule of [`crate::panel`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstTreated(pub Option<f64>);

impl From<f64> for FirstTreated {
    fn from(value: f64) -> Self {
        Self(if value.is_nan() { None } else { Some(value) })
    }
}

impl From<i64> for FirstTreated {
    fn from(value: i64) -> Self {
        Self(Some(value as f64))
    }
}

impl From<Option<f64>> for FirstTreated {
    fn from(value: Option<f64>) -> Self {
        Self(value.filter(|v| !v.is_nan()))
    }
}

impl From<Option<i64>> for FirstTreated {
    fn from(value: Option<i64>) -> Self {
        Self(value.map(|v| v as f64))
    }
}

/// Who is treated when, by row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Timing {
    /// First treated period of the row's unit.
    FirstTreated(Vec<FirstTreated>),
    /// Whether the row's unit is ever treated, and the one period in which treatment starts.
    Onset {
        /// The flag by row.
        treated: Vec<bool>,
        /// First treated period.
        onset: i64,
    },
    /// Whether the unit is under treatment in this row; once on, it stays on.
    Absorbing(Vec<bool>),
}

/// Names of the columns, used in faults and tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Names {
    /// Units.
    pub unit: String,
    /// Periods.
    pub period: String,
    /// Outcome.
    pub outcome: String,
    /// First treatment or treatment flag.
    pub timing: String,
    /// Clusters; the unit's name where none were given.
    pub cluster: String,
    /// Level of assignment; the unit's name where none was given.
    pub assignment: String,
    /// Weights.
    pub weight: String,
    /// Dose.
    pub dose: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            unit: "unit".into(),
            period: "period".into(),
            outcome: "outcome".into(),
            timing: "first_treated".into(),
            cluster: "unit".into(),
            assignment: "unit".into(),
            weight: "weight".into(),
            dose: "dose".into(),
        }
    }
}

/// The columns of a panel, one entry per input row and in any order.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Columns {
    /// Unit of the row.
    pub unit: Vec<String>,
    /// Period of the row.
    pub period: Vec<i64>,
    /// Outcome; `None` where it is missing.
    pub outcome: Vec<Option<f64>>,
    /// Who is treated when.
    pub timing: Timing,
    /// Cluster of the row's unit; the unit itself if absent.
    pub cluster: Option<Vec<String>>,
    /// Assignment unit of the row's unit; the unit itself if absent.
    pub assignment: Option<Vec<String>>,
    /// Weight of the row.
    pub weight: Option<Vec<f64>>,
    /// Dose of the row.
    pub dose: Option<Vec<f64>>,
    /// Covariates by name.
    pub covariates: Vec<(String, Vec<Option<f64>>)>,
    /// Labels by name that may differ between rows of a unit: fixed effects to absorb, a second level of clusters.
    pub labels: Vec<(String, Vec<String>)>,
    /// Names for messages.
    pub names: Names,
}

impl Columns {
    /// Returns columns without clusters, levels of assignment, weights, dose or covariates.
    #[must_use]
    pub fn new(unit: Vec<String>, period: Vec<i64>, outcome: Vec<Option<f64>>, timing: Timing) -> Self {
        Self {
            unit,
            period,
            outcome,
            timing,
            cluster: None,
            assignment: None,
            weight: None,
            dose: None,
            covariates: Vec::new(),
            labels: Vec::new(),
            names: Names::default(),
        }
    }

    /// Returns the columns of a rectangle of outcomes, unit by unit: `outcome[u][p]` is unit `u` in `periods[p]`.
    ///
    /// # Shapes and units
    /// `outcome` has one row a unit and one column a period; `first_treated`, `cluster` and `assignment` have
    /// one entry a unit. Input row u·P + p of the sample ledger is unit u in period p. Rows that are too short
    /// or too long are reported by [`Panel::build`](crate::Panel::build) as faults of the column's length.
    #[must_use]
    pub fn from_rectangle(
        units: &[String],
        periods: &[i64],
        outcome: &[Vec<Option<f64>>],
        first_treated: &[Option<i64>],
        cluster: Option<&[String]>,
        assignment: Option<&[String]>,
    ) -> Self {
        let width = periods.len();
        let spread = |column: &[String]| -> Vec<String> {
            column
                .iter()
                .flat_map(|c| std::iter::repeat_n(c.clone(), width))
                .collect()
        };
        let timing = first_treated
            .iter()
            .flat_map(|g| std::iter::repeat_n(FirstTreated::from(*g), width));
        let mut columns = Self::new(
            spread(units),
            units.iter().flat_map(|_| periods.iter().copied()).collect(),
            outcome.iter().flat_map(|row| row.iter().copied()).collect(),
            Timing::FirstTreated(timing.collect()),
        );
        if let Some(cluster) = cluster {
            columns = columns.with_cluster("cluster", spread(cluster));
        }
        if let Some(assignment) = assignment {
            columns = columns.with_assignment("assignment", spread(assignment));
        }
        columns
    }

    /// Sets the clusters and the name of their column.
    #[must_use]
    pub fn with_cluster(mut self, name: &str, cluster: Vec<String>) -> Self {
        self.names.cluster = name.to_owned();
        self.cluster = Some(cluster);
        self
    }

    /// Sets the level of assignment and the name of its column.
    #[must_use]
    pub fn with_assignment(mut self, name: &str, assignment: Vec<String>) -> Self {
        self.names.assignment = name.to_owned();
        self.assignment = Some(assignment);
        self
    }

    /// Sets the weights and the name of their column.
    #[must_use]
    pub fn with_weight(mut self, name: &str, weight: Vec<f64>) -> Self {
        self.names.weight = name.to_owned();
        self.weight = Some(weight);
        self
    }

    /// Sets the dose and the name of its column.
    #[must_use]
    pub fn with_dose(mut self, name: &str, dose: Vec<f64>) -> Self {
        self.names.dose = name.to_owned();
        self.dose = Some(dose);
        self
    }

    /// Adds a covariate.
    #[must_use]
    pub fn with_covariate(mut self, name: &str, values: Vec<Option<f64>>) -> Self {
        self.covariates.push((name.to_owned(), values));
        self
    }

    /// Adds a column of labels by row, for [`Spec::absorb`](crate::Spec::absorb) and
    /// [`Spec::clusters`](crate::Spec::clusters).
    #[must_use]
    pub fn with_label(mut self, name: &str, values: Vec<String>) -> Self {
        self.labels.push((name.to_owned(), values));
        self
    }

    /// Sets the names of the main columns for messages.
    #[must_use]
    pub fn named(mut self, unit: &str, period: &str, outcome: &str, timing: &str) -> Self {
        if self.cluster.is_none() {
            self.names.cluster = unit.to_owned();
        }
        if self.assignment.is_none() {
            self.names.assignment = unit.to_owned();
        }
        self.names.unit = unit.to_owned();
        self.names.period = period.to_owned();
        self.names.outcome = outcome.to_owned();
        self.names.timing = timing.to_owned();
        self
    }
}
