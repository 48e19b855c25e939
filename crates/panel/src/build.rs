//! From a study, an outcome and a pool to a panel: one vintage for each observed indicator, nothing spliced.
//!
//! # How vintages and window are chosen
//! A vintage *holds* a year of an observed indicator when it has everything that the outcome needs of that
//! indicator in that year, lags too, for at least one treated and one comparison unit. The window becomes the
//! longest stretch of years, with years before and from onset, that some vintage of every observed indicator
//! holds; of two of one length the earlier one. Each observed indicator is then read in the first vintage, in
//! the series' order of preference, that holds the whole stretch. Units and cells which that vintage lacks are
//! dropped by name.

mod labels;
mod vintages;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_estimate::{Columns, Panel, PanelFaults};
use counterpart_model::study::{AssignmentLevel, Outcome, Study, Transform};
use counterpart_model::{Date, Decimal, Id, Period};
use sha2::{Digest, Sha256};

use crate::derive::{Choice, Deriver, NotDerived, ReadIn, WhyMissing, nearest_double};
use crate::graph::Graph;
use crate::places::Window;
use crate::pool::PoolOutcome;
use crate::series::Series;
use labels::label;

/// Why there is no panel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoPanel {
    /// No vintage that may be read holds the outcome.
    #[error("no series of {indicator}: {reason}")]
    NoSeries {
        /// The observed indicator that is wanting, or the outcome where no single one is.
        indicator: Id,
        /// Why.
        reason: String,
    },
    /// The pool admits nobody.
    #[error("pool {pool} admits no comparison")]
    NoControl {
        /// The pool.
        pool: Id,
    },
    /// The outcome's formula cannot be evaluated.
    #[error("the outcome cannot be computed: {0}")]
    Outcome(#[from] NotDerived),
    /// The window has no period before the onset, or none from it on.
    #[error("the window {from} to {to} does not have periods on both sides of the onset {onset}")]
    OnsetOutsideWindow {
        /// First year.
        from: i32,
        /// Last year.
        to: i32,
        /// First treated year.
        onset: i32,
    },
    /// All treated units, or all comparison units, were dropped.
    #[error("no {} unit is left: {}", if *.treated { "treated" } else { "comparison" }, first_of(.dropped))]
    NoneLeft {
        /// Whether the treated ones are meant.
        treated: bool,
        /// What was dropped.
        dropped: Vec<Dropped>,
    },
}

fn first_of(dropped: &[Dropped]) -> String {
    match dropped.first() {
        Some(first) => format!("{} {}", first.unit, first.text),
        None => "none was there".to_owned(),
    }
}

/// Why a unit, or one cell of it, is not in a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropWhy {
    /// The chosen vintages have no value of the unit in the window.
    NoSeries,
    /// The chosen vintages lack a value.
    Missing,
    /// The chosen vintages contradict themselves.
    Disputed,
    /// The value is zero or negative and a logarithm is asked for.
    NotPositive,
    /// The formula has no value there.
    NotComputable,
    /// The unit lies in no place of the level by which errors are clustered.
    NoCluster,
    /// The unit lies in no place of the level of assignment.
    NoAssignment,
    /// Left out by a variant.
    Variant,
}

impl DropWhy {
    /// Returns the word that stands for it in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSeries => "no_series",
            Self::Missing => "missing",
            Self::Disputed => "disputed",
            Self::NotPositive => "not_positive",
            Self::NotComputable => "not_computable",
            Self::NoCluster => "no_cluster",
            Self::NoAssignment => "no_assignment",
            Self::Variant => "variant",
        }
    }
}

/// A unit, or one cell of it, that is not in a panel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dropped {
    /// The unit.
    pub unit: Id,
    /// The year; none where the whole unit is dropped.
    pub year: Option<i32>,
    /// Why.
    pub why: DropWhy,
    /// Why, in words.
    pub text: String,
}

/// A unit of a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelUnit {
    /// The place.
    pub id: Id,
    /// Whether it is treated from the onset on.
    pub treated: bool,
    /// What its errors are clustered by.
    pub cluster: Id,
    /// The unit of assignment that it belongs to.
    pub assignment: Id,
}

/// One cell of a panel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// The outcome after its transform; none where it is missing.
    pub value: Option<f64>,
    /// The outcome before its transform.
    pub raw: Option<Decimal>,
    /// Addresses of the observations it was computed from.
    pub from: Vec<String>,
    /// Statuses of those observations.
    pub statuses: BTreeSet<String>,
    /// Flags of those observations.
    pub flags: BTreeSet<String>,
}

/// A panel with everything that was decided on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct BuiltPanel {
    /// The study.
    pub study: Id,
    /// The pool.
    pub pool: Id,
    /// The outcome.
    pub outcome: Outcome,
    /// First treated year.
    pub onset: i32,
    /// Units, by id.
    pub units: Vec<PanelUnit>,
    /// Years, ascending.
    pub years: Vec<i32>,
    /// One row a unit, one column a year.
    pub cells: Vec<Vec<Cell>>,
    /// Which vintage each observed indicator was read in, in order of first appearance.
    pub read_in: Vec<ReadIn>,
    /// First and last year asked for.
    pub window_asked: (i32, i32),
    /// First and last year used.
    pub window_used: (i32, i32),
    /// Level by which errors are clustered; none means by unit.
    pub cluster_level: Option<AssignmentLevel>,
    /// Level of assignment.
    pub assignment_level: AssignmentLevel,
    /// Units of assignment that hold treated units and comparison units: a fault of the study, under which
    /// inference at that level has no meaning.
    pub varies_inside_assignment: Vec<Id>,
    /// Units and cells that are not in the panel, by unit and year.
    pub dropped: Vec<Dropped>,
    /// What has to be said of how the panel was made.
    pub notes: Vec<String>,
    /// SHA-256 of the canonical text of onset, years, units, labels and values, in hexadecimal.
    pub digest: String,
}

impl BuiltPanel {
    /// Returns the names of its vintages, joined by `+`, each once.
    #[must_use]
    pub fn vintage_name(&self) -> String {
        crate::derive::join_vintages(self.read_in.iter().map(|read| &read.vintage))
    }

    /// Returns the treated units, by id.
    pub fn treated(&self) -> impl Iterator<Item = &PanelUnit> {
        self.units.iter().filter(|unit| unit.treated)
    }

    /// Returns the comparison units, by id.
    pub fn controls(&self) -> impl Iterator<Item = &PanelUnit> {
        self.units.iter().filter(|unit| !unit.treated)
    }

    /// Returns the unit, year and cell of an input row of [`Self::to_estimate`]: row u·P + p is unit u in year p.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<(&PanelUnit, i32, &Cell)> {
        let n_years = self.years.len().max(1);
        let (unit, year) = (row / n_years, row % n_years);
        Some((
            self.units.get(unit)?,
            *self.years.get(year)?,
            self.cells.get(unit)?.get(year)?,
        ))
    }

    /// Returns the panel as the estimators read it, treated units treated from the onset on.
    ///
    /// # Errors
    /// [`PanelFaults`] of [`Panel::build`], all at once.
    pub fn to_estimate(&self) -> Result<Panel, PanelFaults> {
        let text = |id: &Id| id.to_string();
        let units: Vec<String> = self.units.iter().map(|unit| text(&unit.id)).collect();
        let years: Vec<i64> = self.years.iter().map(|year| i64::from(*year)).collect();
        let values: Vec<Vec<Option<f64>>> = self
            .cells
            .iter()
            .map(|row| row.iter().map(|cell| cell.value).collect())
            .collect();
        let first: Vec<Option<i64>> = self
            .units
            .iter()
            .map(|unit| unit.treated.then_some(i64::from(self.onset)))
            .collect();
        let clusters: Vec<String> = self.units.iter().map(|unit| text(&unit.cluster)).collect();
        let assignments: Vec<String> = self.units.iter().map(|unit| text(&unit.assignment)).collect();
        let clustered = self.cluster_level.is_some().then_some(clusters.as_slice());
        let mut columns = Columns::from_rectangle(
            &units,
            &years,
            &values,
            &first,
            clustered,
            Some(assignments.as_slice()),
        );
        if let Some(level) = self.cluster_level {
            columns.names.cluster = level.to_string();
        }
        columns.names.assignment = self.assignment_level.to_string();
        columns.names.outcome = self.outcome.indicator.to_string();
        Panel::build(columns)
    }

    /// Returns the panel with only the cells that `keep` accepts; units without any are dropped.
    ///
    /// `text` says why the others are out.
    ///
    /// # Errors
    /// [`NoPanel::NoneLeft`] where no treated or no comparison unit is left.
    pub fn keeping(
        &self,
        text: &str,
        keep: impl Fn(&PanelUnit, i32, &Cell) -> bool,
    ) -> Result<Self, NoPanel> {
        let mut panel = self.clone();
        for (unit, row) in panel.units.iter().zip(&mut panel.cells) {
            for (year, cell) in panel.years.iter().zip(row) {
                if cell.value.is_some() && !keep(unit, *year, cell) {
                    *cell = Cell::default();
                    panel.dropped.push(Dropped {
                        unit: unit.id.clone(),
                        year: Some(*year),
                        why: DropWhy::Variant,
                        text: text.to_owned(),
                    });
                }
            }
        }
        panel.finish(DropWhy::Variant, text)
    }

    /// Drops units without a cell, sorts what was dropped and computes the digest.
    fn finish(mut self, why: DropWhy, text: &str) -> Result<Self, NoPanel> {
        let (units, cells) = (std::mem::take(&mut self.units), std::mem::take(&mut self.cells));
        for (unit, row) in units.into_iter().zip(cells) {
            if row.iter().any(|cell| cell.value.is_some()) {
                self.units.push(unit);
                self.cells.push(row);
            } else {
                // One line for the unit says it; lines of cells that only lack a value would repeat it.
                self.dropped.retain(|dropped| {
                    dropped.unit != unit.id || !matches!(dropped.why, DropWhy::Missing | DropWhy::Variant)
                });
                let text = text.to_owned();
                self.dropped.push(Dropped {
                    unit: unit.id,
                    year: None,
                    why,
                    text,
                });
            }
        }
        self.dropped.sort();
        for treated in [true, false] {
            if !self.units.iter().any(|unit| unit.treated == treated) {
                return Err(NoPanel::NoneLeft {
                    treated,
                    dropped: self.dropped,
                });
            }
        }
        let mut sides: BTreeMap<&Id, BTreeSet<bool>> = BTreeMap::new();
        for unit in &self.units {
            sides.entry(&unit.assignment).or_default().insert(unit.treated);
        }
        self.varies_inside_assignment = sides
            .into_iter()
            .filter(|(_, sides)| sides.len() > 1)
            .map(|(id, _)| id.clone())
            .collect();
        self.digest = self.digest_of_content();
        Ok(self)
    }

    /// Returns the digest of what an estimate depends on. Values have 17 significant digits, which name a double.
    fn digest_of_content(&self) -> String {
        let mut text = format!("counterpart-panel/1\nonset {}\nyears", self.onset);
        for year in &self.years {
            text.push_str(&format!(" {year}"));
        }
        for (unit, row) in self.units.iter().zip(&self.cells) {
            let treated = u8::from(unit.treated);
            text.push_str(&format!(
                "\n{} {treated} {} {}",
                unit.id, unit.cluster, unit.assignment
            ));
            for cell in row {
                match cell.value {
                    Some(value) => text.push_str(&format!(" {value:.16e}")),
                    None => text.push_str(" -"),
                }
            }
        }
        text.push('\n');
        Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// Returns the panel of an outcome over the treated and admitted places of a pool.
///
/// # Drops
/// Units and cells that the chosen vintages lack, values that have no logarithm where one is asked for, units
/// without a place of the level of clusters or assignment: all by name in [`BuiltPanel::dropped`].
///
/// # Errors
/// [`NoPanel`] where nothing can be estimated: no control admitted, no series, no unit left.
pub fn build<S: Series + ?Sized>(
    deriver: &Deriver<'_, S>,
    graph: &Graph,
    study: &Study,
    outcome: &Outcome,
    pool: &PoolOutcome,
    onset: Date,
    window: Window,
) -> Result<BuiltPanel, NoPanel> {
    if pool.no_admissible_control() {
        return Err(NoPanel::NoControl {
            pool: pool.pool.clone(),
        });
    }
    let asked = (window.0.year(), window.1.year());
    let onset = onset.year();
    if onset <= asked.0 || onset > asked.1 {
        return Err(NoPanel::OnsetOutsideWindow {
            from: asked.0,
            to: asked.1,
            onset,
        });
    }
    let (mut units, mut dropped) = (Vec::new(), Vec::new());
    let sides = [(true, &pool.treated), (false, &pool.admitted)];
    for (treated, ids) in sides {
        for id in ids {
            match label(graph, study, id, treated, window) {
                Ok(unit) => units.push(unit),
                Err(lacking) => dropped.push(lacking),
            }
        }
    }
    units.sort_by(|a, b| a.id.cmp(&b.id));
    for treated in [true, false] {
        if !units.iter().any(|unit: &PanelUnit| unit.treated == treated) {
            dropped.sort();
            return Err(NoPanel::NoneLeft { treated, dropped });
        }
    }
    let chosen = vintages::choose(deriver, &outcome.indicator, &units, asked, onset)?;
    let mut notes = chosen.notes;
    let years: Vec<i32> = (chosen.window.0..=chosen.window.1).collect();
    let mut cells = Vec::with_capacity(units.len());
    for unit in &units {
        let mut row = Vec::with_capacity(years.len());
        for &year in &years {
            match cell(deriver, outcome, &unit.id, year, &chosen.choice) {
                Ok(cell) => row.push(cell),
                Err((why, text)) => {
                    row.push(Cell::default());
                    dropped.push(Dropped {
                        unit: unit.id.clone(),
                        year: Some(year),
                        why,
                        text,
                    });
                }
            }
        }
        cells.push(row);
    }
    notes.extend(marks(&cells));
    let read_in = chosen.read_in;
    let name = crate::derive::join_vintages(read_in.iter().map(|read| &read.vintage));
    let no_series = format!(
        "has no {} in {name} from {} to {}",
        outcome.indicator, chosen.window.0, chosen.window.1
    );
    BuiltPanel {
        study: study.id.clone(),
        pool: pool.pool.clone(),
        outcome: outcome.clone(),
        onset,
        units,
        years,
        cells,
        read_in,
        window_asked: asked,
        window_used: chosen.window,
        cluster_level: study.cluster,
        assignment_level: study.assignment_level,
        varies_inside_assignment: Vec::new(),
        dropped,
        notes,
        digest: String::new(),
    }
    .finish(DropWhy::NoSeries, &no_series)
}

/// Returns one cell, or why it is empty.
fn cell<S: Series + ?Sized>(
    deriver: &Deriver<'_, S>,
    outcome: &Outcome,
    unit: &Id,
    year: i32,
    choice: &Choice,
) -> Result<Cell, (DropWhy, String)> {
    let period = in_year(year).ok_or_else(|| (DropWhy::NotComputable, format!("{year} is no year")))?;
    let derived = deriver
        .evaluate(&outcome.indicator, unit, period, choice)
        .map_err(|error| {
            let why = match &error {
                NotDerived::Missing(inputs)
                    if inputs.iter().any(|input| input.why == WhyMissing::Disputed) =>
                {
                    DropWhy::Disputed
                }
                NotDerived::Missing(_) => DropWhy::Missing,
                _ => DropWhy::NotComputable,
            };
            (why, error.to_string())
        })?;
    let double = nearest_double(derived.value);
    let value = match outcome.transform {
        Transform::None => double,
        Transform::Log if derived.value > Decimal::ZERO => double.ln(),
        Transform::Log => {
            let text = format!("{} has no logarithm", derived.value);
            return Err((DropWhy::NotPositive, text));
        }
    };
    Ok(Cell {
        value: Some(value),
        raw: Some(derived.value),
        statuses: derived.statuses(),
        flags: derived.flags(),
        from: derived.inputs.into_iter().map(|input| input.address).collect(),
    })
}

/// Returns the period of a year.
fn in_year(year: i32) -> Option<Period> {
    i16::try_from(year).ok().map(Period::year_only)
}

/// Says how many values rest on observations that carry a status or flag.
fn marks(cells: &[Vec<Cell>]) -> Vec<String> {
    let mut counts: BTreeMap<(u8, &str), usize> = BTreeMap::new();
    for cell in cells.iter().flatten() {
        for status in &cell.statuses {
            *counts.entry((0, status)).or_default() += 1;
        }
        for flag in &cell.flags {
            *counts.entry((1, flag)).or_default() += 1;
        }
    }
    let said = |((kind, word), n): ((u8, &str), usize)| {
        let kind = if kind == 0 { "status" } else { "flag" };
        format!("{n} values rest on observations with {kind} {word}")
    };
    counts.into_iter().map(said).collect()
}
