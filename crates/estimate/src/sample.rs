//! The sample ledger: what became of every input row.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::panel::Panel;

/// Why a row is not in the estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DropReason {
    /// The outcome is missing.
    MissingOutcome,
    /// A covariate that is used is missing.
    MissingCovariate,
    /// The unit is treated from the first period on.
    AlwaysTreated,
    /// The unit is seen once, so its fixed effect explains it alone.
    SingletonUnit,
    /// The period is seen once.
    SingletonPeriod,
    /// The row is alone in its level of an absorbed effect.
    SingletonLevel,
    /// The row lies outside the window of the estimate.
    OutsideWindow,
    /// The row lies at or after the true onset, in a placebo.
    AfterOnset,
    /// The unit is not seen in every period and a balanced panel was asked for.
    NotBalanced,
    /// The unit is not seen in both periods of any cell.
    NoPair,
    /// No comparison unit is untreated in the period.
    NoComparison,
    /// The unit's cohort has no period before treatment.
    NoPrePeriod,
    /// The effect of the row cannot be imputed: its unit or period has no untreated row.
    NotImputable,
    /// The unit is treated at another time than the treated unit of a synthetic method.
    OtherCohort,
    /// The unit was left out on purpose (leave one out, jackknife).
    LeftOut,
}

impl DropReason {
    /// Returns the reason's code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingOutcome => "missing_outcome",
            Self::MissingCovariate => "missing_covariate",
            Self::AlwaysTreated => "always_treated",
            Self::SingletonUnit => "singleton_unit",
            Self::SingletonPeriod => "singleton_period",
            Self::SingletonLevel => "singleton_level",
            Self::OutsideWindow => "outside_window",
            Self::AfterOnset => "after_onset",
            Self::NotBalanced => "not_balanced",
            Self::NoPair => "no_pair",
            Self::NoComparison => "no_comparison",
            Self::NoPrePeriod => "no_pre_period",
            Self::NotImputable => "not_imputable",
            Self::OtherCohort => "other_cohort",
            Self::LeftOut => "left_out",
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingOutcome => "outcome missing",
            Self::MissingCovariate => "covariate missing",
            Self::AlwaysTreated => "unit treated from the first period on",
            Self::SingletonUnit => "unit seen once",
            Self::SingletonPeriod => "period seen once",
            Self::SingletonLevel => "alone in its level of an absorbed effect",
            Self::OutsideWindow => "outside the window",
            Self::AfterOnset => "at or after the true onset",
            Self::NotBalanced => "unit not seen in every period",
            Self::NoPair => "unit not seen in both periods of a cell",
            Self::NoComparison => "no comparison unit in the period",
            Self::NoPrePeriod => "no period before treatment",
            Self::NotImputable => "unit or period without an untreated row",
            Self::OtherCohort => "unit treated at another time",
            Self::LeftOut => "left out on purpose",
        })
    }
}

/// What one input row was used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "role", content = "reason")]
#[non_exhaustive]
pub enum RowUse {
    /// In the estimate, as a row of a treated unit (before and after its treatment).
    Treated,
    /// In the estimate, as a row of a comparison unit.
    Control,
    /// In a regression without treatment.
    Used,
    /// Not in the estimate.
    Dropped(DropReason),
}

/// One input row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SampleRow {
    /// The unit, as an index into [`Panel::units`].
    pub unit: usize,
    /// The period.
    pub period: i64,
    /// What the row was used as.
    pub row_use: RowUse,
}

/// One cell of an estimator that compares by cohort and period: who stands on which side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cell {
    /// First treated period of the treated side.
    pub cohort: i64,
    /// The period whose effect is estimated.
    pub period: i64,
    /// The period it is measured from.
    pub base_period: i64,
    /// Treated units, ascending indices into [`Panel::units`].
    pub treated: Vec<usize>,
    /// Comparison units, ascending.
    pub control: Vec<usize>,
}

impl Cell {
    pub(crate) fn new(
        cohort: i64,
        period: i64,
        base_period: i64,
        treated: Vec<usize>,
        control: Vec<usize>,
    ) -> Self {
        Self {
            cohort,
            period,
            base_period,
            treated,
            control,
        }
    }
}

/// The sample of an estimate in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SampleCounts {
    /// Rows of the input.
    pub rows_read: usize,
    /// Kept rows.
    pub rows_used: usize,
    /// Rows and units dropped, by reason.
    pub dropped: BTreeMap<DropReason, DroppedCount>,
    /// Treated units with a kept row.
    pub treated_units: usize,
    /// Comparison units with a kept row.
    pub control_units: usize,
    /// Clusters with a kept row.
    pub clusters: usize,
    /// Periods with a kept row.
    pub periods: usize,
}

/// The sample ledger of one estimate. Kept and dropped rows together are the rows of the input.
///
/// An estimate from [moments](crate::moments) has the numbers only: its rows have gone by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    rows: Vec<SampleRow>,
    cells: Vec<Cell>,
    treated_units: Vec<usize>,
    control_units: Vec<usize>,
    unit_ids: Vec<String>,
    counts: SampleCounts,
}

impl Sample {
    /// Returns the ledger of plain rows, each its own unit: dropped for a reason or used.
    pub(crate) fn of_rows(drops: &[Option<DropReason>], n_clusters: usize) -> Self {
        let row = |(unit, drop): (usize, &Option<DropReason>)| SampleRow {
            unit,
            period: 0,
            row_use: drop.map_or(RowUse::Used, RowUse::Dropped),
        };
        let rows: Vec<SampleRow> = drops.iter().enumerate().map(row).collect();
        let used: Vec<usize> = (0..drops.len()).filter(|&r| drops[r].is_none()).collect();
        let counts = SampleCounts {
            rows_read: rows.len(),
            rows_used: used.len(),
            dropped: dropped(&rows),
            control_units: used.len(),
            clusters: n_clusters,
            ..SampleCounts::default()
        };
        Self {
            rows,
            control_units: used,
            unit_ids: (1..=drops.len()).map(|r| r.to_string()).collect(),
            ..Self::of_counts(counts)
        }
    }

    /// Returns a sample of which only the numbers are known.
    pub(crate) fn of_counts(counts: SampleCounts) -> Self {
        Self {
            rows: Vec::new(),
            cells: Vec::new(),
            treated_units: Vec::new(),
            control_units: Vec::new(),
            unit_ids: Vec::new(),
            counts,
        }
    }

    /// Returns the sample in numbers.
    #[must_use]
    pub fn counts(&self) -> &SampleCounts {
        &self.counts
    }

    /// Returns a row for each input row, in input order; nothing for an estimate from moments.
    #[must_use]
    pub fn rows(&self) -> &[SampleRow] {
        &self.rows
    }

    /// Returns the cells, for estimators that compare by cohort and period; empty for the others, where every
    /// control row serves every estimate.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Returns the cells in which an input row stands on the comparison side.
    #[must_use]
    pub fn control_for(&self, input_row: usize) -> Vec<&Cell> {
        let Some(row) = self.rows.get(input_row) else {
            return Vec::new();
        };
        if matches!(row.row_use, RowUse::Dropped(_)) {
            return Vec::new();
        }
        let seen = |c: &&Cell| {
            (row.period == c.period || row.period == c.base_period)
                && c.control.binary_search(&row.unit).is_ok()
        };
        self.cells.iter().filter(seen).collect()
    }

    /// Returns the name of a unit.
    #[must_use]
    pub fn unit_id(&self, unit: usize) -> &str {
        self.unit_ids.get(unit).map_or("", String::as_str)
    }

    /// Returns the treated units with a kept row, ascending indices.
    #[must_use]
    pub fn treated_units(&self) -> &[usize] {
        &self.treated_units
    }

    /// Returns the comparison units with a kept row, ascending indices; a unit that serves as comparison
    /// before its own treatment is listed with the treated.
    #[must_use]
    pub fn control_units(&self) -> &[usize] {
        &self.control_units
    }

    /// Returns the number of input rows.
    #[must_use]
    pub fn n_rows_read(&self) -> usize {
        self.counts.rows_read
    }

    /// Returns the number of kept rows.
    #[must_use]
    pub fn n_rows_used(&self) -> usize {
        self.counts.rows_used
    }

    /// Returns the number of units with a kept row.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.counts.treated_units + self.counts.control_units
    }

    /// Returns the number of treated units.
    #[must_use]
    pub fn n_treated_units(&self) -> usize {
        self.counts.treated_units
    }

    /// Returns the number of comparison units that are never treated in the sample.
    #[must_use]
    pub fn n_control_units(&self) -> usize {
        self.counts.control_units
    }

    /// Returns the number of clusters with a kept row.
    #[must_use]
    pub fn n_clusters(&self) -> usize {
        self.counts.clusters
    }

    /// Returns the number of periods with a kept row.
    #[must_use]
    pub fn n_periods(&self) -> usize {
        self.counts.periods
    }

    /// Returns rows and units dropped by reason.
    #[must_use]
    pub fn dropped(&self) -> BTreeMap<DropReason, DroppedCount> {
        self.counts.dropped.clone()
    }
}

/// Counts dropped rows, and the units they belong to, by reason.
fn dropped(rows: &[SampleRow]) -> BTreeMap<DropReason, DroppedCount> {
    let mut counts: BTreeMap<DropReason, (usize, BTreeSet<usize>)> = BTreeMap::new();
    for row in rows {
        if let RowUse::Dropped(reason) = row.row_use {
            let entry = counts.entry(reason).or_default();
            entry.0 += 1;
            entry.1.insert(row.unit);
        }
    }
    counts
        .into_iter()
        .map(|(reason, (rows, units))| {
            let units = units.len();
            (reason, DroppedCount { rows, units })
        })
        .collect()
}

/// Rows and units dropped for one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DroppedCount {
    /// Rows.
    pub rows: usize,
    /// Units with at least one such row.
    pub units: usize,
}

/// Fills the ledger row by row of the panel.
pub(crate) struct Ledger<'a> {
    panel: &'a Panel,
    uses: Vec<RowUse>,
}

impl<'a> Ledger<'a> {
    /// Starts with every row kept under its unit's role.
    pub(crate) fn new(panel: &'a Panel) -> Self {
        let role = |r: usize| {
            if panel.units()[panel.row_unit()[r]].cohort.is_some() {
                RowUse::Treated
            } else {
                RowUse::Control
            }
        };
        Self {
            panel,
            uses: (0..panel.n_rows()).map(role).collect(),
        }
    }

    pub(crate) fn drop_row(&mut self, row: usize, reason: DropReason) {
        if let Some(slot) = self.uses.get_mut(row)
            && !matches!(slot, RowUse::Dropped(_))
        {
            *slot = RowUse::Dropped(reason);
        }
    }

    pub(crate) fn drop_unit(&mut self, unit: usize, reason: DropReason) {
        for row in self.panel.unit_rows(unit) {
            self.drop_row(row, reason);
        }
    }

    pub(crate) fn is_kept(&self, row: usize) -> bool {
        self.uses
            .get(row)
            .is_some_and(|u| !matches!(u, RowUse::Dropped(_)))
    }

    /// Returns the kept rows of the panel, ascending.
    pub(crate) fn kept(&self) -> Vec<usize> {
        (0..self.uses.len()).filter(|&r| self.is_kept(r)).collect()
    }

    pub(crate) fn finish(self, cells: Vec<Cell>) -> Sample {
        let panel = self.panel;
        let mut rows = vec![
            SampleRow {
                unit: 0,
                period: 0,
                row_use: RowUse::Dropped(DropReason::MissingOutcome)
            };
            panel.n_input_rows()
        ];
        let (mut treated, mut control) = (BTreeSet::new(), BTreeSet::new());
        let (mut clusters, mut periods) = (BTreeSet::new(), BTreeSet::new());
        for (r, row_use) in self.uses.into_iter().enumerate() {
            let (unit, period) = (panel.row_unit()[r], panel.row_period()[r]);
            rows[panel.row_input()[r]] = SampleRow {
                unit,
                period: panel.periods()[period],
                row_use,
            };
            match row_use {
                RowUse::Treated => treated.insert(unit),
                RowUse::Control | RowUse::Used => control.insert(unit),
                RowUse::Dropped(_) => continue,
            };
            clusters.insert(panel.units()[unit].cluster);
            periods.insert(period);
        }
        for e in &panel.excluded {
            rows[e.input_row] = SampleRow {
                unit: e.unit,
                period: e.period,
                row_use: RowUse::Dropped(e.reason),
            };
        }
        let counts = SampleCounts {
            rows_read: rows.len(),
            rows_used: rows
                .iter()
                .filter(|r| !matches!(r.row_use, RowUse::Dropped(_)))
                .count(),
            dropped: dropped(&rows),
            treated_units: treated.len(),
            control_units: control.len(),
            clusters: clusters.len(),
            periods: periods.len(),
        };
        Sample {
            rows,
            cells,
            treated_units: treated.into_iter().collect(),
            control_units: control.into_iter().collect(),
            unit_ids: panel.units().iter().map(|u| u.id.clone()).collect(),
            counts,
        }
    }
}
