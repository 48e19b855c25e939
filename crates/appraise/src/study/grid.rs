//! The grid of a study: pools × outcomes × onsets × windows × estimators, and the variants of its main cell.

use std::cell::RefCell;
use std::collections::BTreeMap;

use counterpart_model::lens::Lens;
use counterpart_model::study::{Check, Estimator, Outcome, Study};
use counterpart_model::{Date, Id, Record};
use counterpart_panel::build::{BuiltPanel, NoPanel, build};
use counterpart_panel::pool::{PoolOutcome, evaluate};
use counterpart_panel::{Deriver, Graph, Places, Series};

use crate::assessment::{ExcludedPlace, PoolRow, TestedPlace};

use super::variant;

/// First and last date.
pub(super) type Window = (Date, Date);

/// What an estimate is keyed by: equal panels are estimated once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    digest: String,
    estimator: Estimator,
    /// Checks that are computed with it.
    pub checks: Vec<Check>,
}

/// Why there is no panel, and whether for want of a series, of a control, or of something else.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Absent {
    /// The lens leaves no series.
    Series(String),
    /// Nobody may serve as comparison.
    Control(String),
    /// Something else.
    Other(String),
}

impl std::fmt::Display for Absent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Series(why) | Self::Control(why) | Self::Other(why)) = self;
        f.write_str(why)
    }
}

impl From<NoPanel> for Absent {
    fn from(no_panel: NoPanel) -> Self {
        let why = no_panel.to_string();
        match no_panel {
            NoPanel::NoSeries { .. } | NoPanel::Outcome(_) | NoPanel::NoneLeft { treated: true, .. } => {
                Self::Series(why)
            }
            NoPanel::NoControl { .. } | NoPanel::NoneLeft { treated: false, .. } => Self::Control(why),
            _ => Self::Other(why),
        }
    }
}

/// One combination of choices.
#[derive(Debug, Clone)]
pub(super) struct Cell<'r> {
    pub lens: &'r Lens,
    pub study: &'r Study,
    pub pool: Id,
    pub pool_row: String,
    pub outcome: &'r Outcome,
    pub onset: Date,
    pub window: Window,
    pub estimator: Estimator,
    pub variant: Option<String>,
    pub panel: Result<BuiltPanel, Absent>,
    /// Whether the verdict reads it.
    pub main: bool,
    /// Whether pool, onset and window are the study's own.
    pub own: bool,
}

impl Cell<'_> {
    /// Returns what the estimate is keyed by, or nothing where there is no panel.
    pub(super) fn key(&self) -> Option<Key> {
        let panel = self.panel.as_ref().ok()?;
        let mut checks: Vec<Check> = self.study.required_checks.clone();
        if matches!(self.estimator, Estimator::Did | Estimator::EventStudy) {
            checks.extend([Check::PreTrend, Check::PlaceboInTime]);
        }
        checks.sort();
        checks.dedup();
        Some(Key {
            digest: panel.digest.clone(),
            estimator: self.estimator,
            checks,
        })
    }
}

/// Pools as they came out, each study, pool and window once.
pub(super) struct Pools<'r> {
    record: &'r Record,
    graph: &'r Graph,
    found: RefCell<BTreeMap<String, Result<PoolOutcome, String>>>,
}

impl<'r> Pools<'r> {
    pub(super) fn new(record: &'r Record, graph: &'r Graph) -> Self {
        Self {
            record,
            graph,
            found: RefCell::default(),
        }
    }

    /// Returns the row's id and the outcome of a pool in a study and window.
    fn get(&self, study: &Study, pool: &Id, window: Window) -> (String, Result<PoolOutcome, String>) {
        let row = format!("pool:{}:{pool}:{}-{}", study.id, window.0, window.1);
        if let Some(found) = self.found.borrow().get(&row) {
            return (row, found.clone());
        }
        let outcome = match self.record.case.pool(pool) {
            Some(rule) => {
                evaluate(self.record, self.graph, rule, study, window).map_err(|error| error.to_string())
            }
            None => Err(format!("no pool {pool} in case.toml")),
        };
        self.found.borrow_mut().insert(row.clone(), outcome.clone());
        (row, outcome)
    }

    /// Returns the pools as rows of the report, by id.
    pub(super) fn rows(&self) -> Vec<PoolRow> {
        let found = self.found.borrow();
        found
            .iter()
            .filter_map(|(id, outcome)| outcome.as_ref().ok().map(|outcome| self.row(id, outcome)))
            .collect()
    }

    fn row(&self, id: &str, outcome: &PoolOutcome) -> PoolRow {
        let title = self
            .record
            .case
            .pool(&outcome.pool)
            .map(|pool| pool.title.clone())
            .unwrap_or_default();
        let mut not_computed: Vec<TestedPlace> = outcome
            .not_computed
            .iter()
            .map(|part| TestedPlace {
                place: part.part.to_owned(),
                why: part.why.clone(),
            })
            .collect();
        not_computed.extend(outcome.notes.iter().map(|note| TestedPlace {
            place: "note".to_owned(),
            why: note.clone(),
        }));
        PoolRow {
            id: id.to_owned(),
            pool: outcome.pool.to_string(),
            title,
            study: outcome.study.to_string(),
            window: [outcome.window.0.to_string(), outcome.window.1.to_string()],
            contaminated: outcome.contaminated,
            no_admissible_control: outcome.no_admissible_control(),
            treated: outcome.treated.iter().map(ToString::to_string).collect(),
            admitted: outcome.admitted.iter().map(ToString::to_string).collect(),
            excluded: outcome
                .excluded
                .iter()
                .map(|judged| ExcludedPlace {
                    place: judged.place.to_string(),
                    reason: judged.text(),
                    from: judged.pairings().iter().map(ToString::to_string).collect(),
                })
                .collect(),
            tested: outcome
                .tested
                .iter()
                .map(|judged| TestedPlace {
                    place: judged.place.to_string(),
                    why: judged.text(),
                })
                .collect(),
            not_computed,
        }
    }
}

/// Returns every cell of a study's grid under a lens.
pub(super) fn cells<'r, S: Series + ?Sized>(
    graph: &Graph,
    deriver: &Deriver<'_, S>,
    pools: &Pools<'r>,
    lens: &'r Lens,
    study: &'r Study,
) -> Vec<Cell<'r>> {
    let places: &Places = graph.places();
    let onsets: Vec<Date> = std::iter::once(study.onset)
        .chain(study.onset_beside.iter().copied())
        .collect();
    let windows: Vec<Window> = std::iter::once(study.window)
        .chain(study.windows_beside.iter().copied())
        .collect();
    let mut cells = Vec::new();
    for (nth_pool, pool) in study.pools.iter().enumerate() {
        for (nth_window, window) in windows.iter().enumerate() {
            let (pool_row, found) = pools.get(study, pool, *window);
            for outcome in &study.outcomes {
                for (nth_onset, onset) in onsets.iter().enumerate() {
                    let panel = match &found {
                        Ok(found) => build(deriver, graph, study, outcome, found, *onset, *window)
                            .map_err(Absent::from),
                        Err(why) => Err(Absent::Other(why.clone())),
                    };
                    let own = nth_pool == 0 && nth_window == 0 && nth_onset == 0;
                    for estimator in &study.estimators {
                        let cell = Cell {
                            lens,
                            study,
                            pool: pool.clone(),
                            pool_row: pool_row.clone(),
                            outcome,
                            onset: *onset,
                            window: *window,
                            estimator: *estimator,
                            variant: None,
                            panel: panel.clone(),
                            main: own && study.main_estimator() == Some(*estimator),
                            own,
                        };
                        cells.push(cell.clone());
                        if own && let (Ok(panel), Ok(found)) = (&panel, &found) {
                            cells.extend(variant::cells(&cell, panel, found, places));
                        }
                    }
                }
            }
        }
    }
    if study.pools.is_empty() {
        cells.extend(without_pool(lens, study));
    }
    cells
}

/// The rows of a study that compares the treated with each other: nothing of it is hidden, and none is available yet.
fn without_pool<'r>(lens: &'r Lens, study: &'r Study) -> Vec<Cell<'r>> {
    let mut cells = Vec::new();
    for outcome in &study.outcomes {
        for estimator in &study.estimators {
            cells.push(Cell {
                lens,
                study,
                pool: Id::new("-"),
                pool_row: String::new(),
                outcome,
                onset: study.onset,
                window: study.window,
                estimator: *estimator,
                variant: None,
                panel: Err(Absent::Other(
                    "a study inside the treated, by dose and without a pool, is not yet available".to_owned(),
                )),
                main: study.main_estimator() == Some(*estimator),
                own: true,
            });
        }
    }
    cells
}
