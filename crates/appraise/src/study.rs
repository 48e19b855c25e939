//! Studies: every estimate that `case.toml` asks for, under every lens, with its pool, its checks and its verdict.
//!
//! A panel is built for each lens, pool, outcome, onset and window, and an estimate is computed once for each
//! panel digest and estimator, whatever the number of lenses that resolve to it. What cannot be estimated is a row
//! too, with the reason.

mod estimation;
mod grid;
mod row;
mod variant;

use std::collections::BTreeMap;
use std::sync::Arc;

use counterpart_ledger::lens::{self, Index, Lensed};
use counterpart_model::observation::Vintage;
use counterpart_model::{Id, Period, Record};
use counterpart_panel::{Deriver, Graph, Reading, Series};
use rayon::prelude::*;

use crate::assessment::{Figure, FigureKind, Number, PoolRow, Specification, StudyRow};
use crate::words;

use estimation::{Ran, Settings};
use grid::Cell;

/// Draws of randomisation where there are too many assignments to try them all.
const DRAWS: usize = 999;

/// A lens as a source of series for panels.
pub struct LensSeries<'a, 'r>(pub &'a Lensed<'r>);

impl Series for LensSeries<'_, '_> {
    fn vintages(&self, indicator: &Id) -> Vec<&Vintage> {
        self.0.vintages_for(indicator)
    }

    fn reading(&self, place: &Id, indicator: &Id, period: Period, vintage: &Id) -> Reading<'_> {
        match self.0.value(place, indicator, period, vintage) {
            lens::Reading::Value(observation) => Reading::Value(observation),
            lens::Reading::Disputed(_) => Reading::Disputed,
            lens::Reading::Absent { .. } => Reading::Absent,
        }
    }

    fn mapped(&self, indicator: &Id) -> Id {
        self.0.mapped(indicator).clone()
    }
}

/// The control whose removal moves a row's estimate most.
#[derive(Debug, Clone, PartialEq)]
pub struct MostTelling {
    /// The row.
    pub row: String,
    /// What is left out.
    pub removes: String,
    /// The estimate without it.
    pub estimate: f64,
}

impl MostTelling {
    /// Returns the id of the figure that holds the estimate without the control.
    #[must_use]
    pub fn figure_id(&self) -> String {
        format!("{}~without-{}", self.row, self.removes)
    }

    /// Returns the figure.
    #[must_use]
    pub fn figure(&self) -> Option<Figure> {
        Some(Figure {
            id: self.figure_id(),
            kind: FigureKind::Computed,
            value: Number::estimate(self.estimate)?,
            unit: None,
            label: format!("Estimate of {} without {}", self.row, self.removes),
            status: None,
            source: None,
            locator: None,
            formula: None,
            from: vec![self.row.clone()],
        })
    }
}

/// Everything that the studies of a case come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Studies {
    /// Pools, by id.
    pub pools: Vec<PoolRow>,
    /// Estimates, in the order of lenses, studies and their choices.
    pub rows: Vec<StudyRow>,
    /// Controls that an estimate hangs on.
    pub telling: Vec<MostTelling>,
}

/// Runs every study of a case under the lenses asked for.
#[must_use]
pub fn run(record: &Record, graph: &Graph, lenses: &[Id], seed: u64) -> Studies {
    let index = Index::new(record);
    let settings = Settings {
        confidence: record.case.verdict.confidence,
        smallest_effect: record.case.verdict.smallest_effect,
        seed,
        draws: DRAWS,
    };
    let pools = grid::Pools::new(record, graph);
    let mut cells: Vec<Cell<'_>> = Vec::new();
    for id in lenses {
        let Some(lens) = record.case.lenses.iter().find(|lens| lens.id == *id) else {
            continue;
        };
        let lensed = Lensed::with_index(&index, lens);
        let series = LensSeries(&lensed);
        let deriver = Deriver::new(&series, record, Arc::clone(graph.places()));
        for study in record.case.studies_under(id) {
            cells.extend(grid::cells(graph, &deriver, &pools, lens, study));
        }
    }
    let n_cells = cells.len();
    let cap = usize::try_from(record.case.grid.cap).unwrap_or(usize::MAX);
    cells.truncate(cap);
    let ran = estimates(&cells, settings);
    let mut studies = Studies {
        pools: pools.rows(),
        ..Studies::default()
    };
    for cell in &cells {
        let result = cell.key().and_then(|key| ran.get(&key));
        let row = row::of(record, cell, result, settings);
        if let Some(Ok(ran)) = result
            && let Some((removes, estimate)) = &ran.most_telling_control
        {
            studies.telling.push(MostTelling {
                row: row.id.clone(),
                removes: removes.clone(),
                estimate: *estimate,
            });
        }
        studies.rows.push(row);
    }
    if n_cells > cap
        && let Some(last) = studies.rows.last_mut()
    {
        last.warnings.push(format!(
            "the grid's cap of {cap} left out {} estimates",
            n_cells - cap
        ));
    }
    studies
}

/// Computes each estimate once, on both cores, in one fixed order.
fn estimates<'c>(cells: &'c [Cell<'_>], settings: Settings) -> BTreeMap<grid::Key, Result<Ran, String>> {
    let mut tasks: BTreeMap<grid::Key, &'c Cell<'_>> = BTreeMap::new();
    for cell in cells {
        if let Some(key) = cell.key() {
            tasks.entry(key).or_insert(cell);
        }
    }
    let tasks: Vec<(grid::Key, &Cell<'_>)> = tasks.into_iter().collect();
    tasks
        .into_par_iter()
        .map(|(key, cell)| {
            let result = match &cell.panel {
                Ok(built) => match built.to_estimate() {
                    Ok(panel) => estimation::run(&panel, cell.estimator, settings, &key.checks),
                    Err(faults) => Err(format!("the panel has faults: {faults}")),
                },
                Err(no_panel) => Err(no_panel.to_string()),
            };
            (key, result)
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

/// Returns the specification curve: every row that has an estimate, the smallest first.
#[must_use]
pub fn specification_curve(rows: &[StudyRow]) -> Vec<Specification> {
    let mut curve: Vec<Specification> = rows
        .iter()
        .filter_map(|row| {
            Some(Specification {
                id: row.id.clone(),
                study: row.study.clone(),
                lens: row.lens.clone(),
                pool: row.pool.clone(),
                outcome: row.outcome.clone(),
                estimator: row.estimator.clone(),
                window: row.window.clone(),
                onset: row.onset.clone(),
                estimate: row.estimate.clone()?,
                conf_low: row.conf_low.clone(),
                conf_high: row.conf_high.clone(),
                p_value: row.p_value.clone(),
                verdict: row.verdict,
                from: vec![row.id.clone()],
            })
        })
        .collect();
    curve.sort_by(|a, b| {
        a.estimate
            .as_f64()
            .total_cmp(&b.estimate.as_f64())
            .then_with(|| a.id.cmp(&b.id))
    });
    curve
}

/// Returns an effect in words: in percent where the outcome is a logarithm.
#[must_use]
pub fn percent_of(estimate: f64, transform: &str) -> String {
    let sign = |value: f64| if value < 0.0 { "−" } else { "+" };
    if transform == "log" {
        let percent = estimate.exp_m1() * 100.0;
        format!("{}{:.1}%", sign(percent), percent.abs())
    } else {
        match Number::estimate(estimate).and_then(|number| number.as_str().parse().ok()) {
            Some(value) => words::number(value, 3),
            None => "–".to_owned(),
        }
    }
}
