//! From columns to a panel: every fault first, then the canonical order.

use super::check::{check_assignment, check_lengths, check_shape, check_values};
use super::columns::Columns;
use super::faults::{Fault, FaultKind, PanelFaults};
use super::timing::{Met, as_in, doses_differ, most_common, read_cohorts, unit_timing};
use super::{Covariate, Excluded, LabelColumn, Panel, Unit};
use crate::sample::DropReason;

/// Collects faults with the names of the columns at hand.
pub(super) struct Log<'a> {
    pub(super) faults: PanelFaults,
    pub(super) units: &'a [String],
}

impl Log<'_> {
    pub(super) fn row(
        &mut self,
        kind: FaultKind,
        row: usize,
        column: &str,
        value: String,
        expected: &str,
        remedy: &str,
    ) {
        let unit = self.units.get(row).cloned();
        self.add(kind, Some(row), unit, column, value, expected, remedy);
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a fault, once")]
    pub(super) fn add(
        &mut self,
        kind: FaultKind,
        row: Option<usize>,
        unit: Option<String>,
        column: &str,
        value: String,
        expected: &str,
        remedy: &str,
    ) {
        self.faults.push(Fault {
            kind,
            row,
            unit,
            column: column.to_owned(),
            value,
            expected: expected.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    pub(super) fn panel(
        &mut self,
        kind: FaultKind,
        column: &str,
        value: String,
        expected: &str,
        remedy: &str,
    ) {
        self.add(kind, None, None, column, value, expected, remedy);
    }
}

pub(super) fn build(columns: Columns) -> Result<Panel, PanelFaults> {
    let names = columns.names.clone();
    let mut log = Log {
        faults: PanelFaults::default(),
        units: &columns.unit,
    };
    let n = columns.unit.len();
    check_lengths(&columns, &names, &mut log);
    if n == 0 {
        log.panel(
            FaultKind::Empty,
            &names.unit,
            "no rows".into(),
            "at least one row",
            "check the path and the filter",
        );
    }
    if log.faults.has_errors() {
        log.faults.sort();
        return Err(log.faults);
    }
    check_values(&columns, &names, &mut log);

    // One canonical order: everything below walks it, so the order of the input is forgotten here.
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| {
        (&columns.unit[a], columns.period[a], a).cmp(&(&columns.unit[b], columns.period[b], b))
    });
    for pair in order.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if columns.unit[a] == columns.unit[b] && columns.period[a] == columns.period[b] {
            log.row(
                FaultKind::DuplicateUnitPeriod,
                b,
                &names.period,
                format!("{} again, first in row {}", columns.period[b], a + 1),
                "one row per unit and period",
                "remove the duplicate, or sum the rows before",
            );
        }
    }
    let blocks = unit_blocks(&columns.unit, &order);
    let raw = unit_timing(&columns, &names, &order, &blocks, &mut log);
    let mut periods = columns.period.clone();
    periods.sort_unstable();
    periods.dedup();
    if periods.len() == 1 {
        log.panel(
            FaultKind::OnePeriod,
            &names.period,
            format!("{} only", periods[0]),
            "at least two periods",
            "an effect over time needs a period before and one after",
        );
    }
    let met = blocks.iter().zip(&raw).map(|(&(a, _), &raw)| Met {
        raw,
        row: order[a],
        unit: &columns.unit[order[a]],
        n: 1,
    });
    let (cohort_of, readings) = read_cohorts(&names, doses_differ(&columns), met, &periods, &mut log);
    let (cluster_of, clusters) = labels(
        columns.cluster.as_deref(),
        FaultKind::ClusterVaries,
        &names.cluster,
        &columns.unit,
        &order,
        &blocks,
        &mut log,
    );
    let (assignment_of, assignments) = labels(
        columns.assignment.as_deref(),
        FaultKind::AssignmentVaries,
        &names.assignment,
        &columns.unit,
        &order,
        &blocks,
        &mut log,
    );
    check_assignment(
        &names,
        columns.assignment.is_some(),
        &assignments,
        &assignment_of,
        &cohort_of,
        &mut log,
    );
    check_shape(&columns, &names, &order, &blocks, &periods, &cohort_of, &mut log);
    log.faults.sort();
    if log.faults.has_errors() {
        return Err(log.faults);
    }
    let warnings = std::mem::take(&mut log.faults);

    let units: Vec<Unit> = blocks
        .iter()
        .enumerate()
        .map(|(u, &(a, _))| Unit {
            id: columns.unit[order[a]].clone(),
            cohort: cohort_of[u],
            cluster: cluster_of[u],
            assignment: assignment_of[u],
        })
        .collect();
    let mut panel = Panel {
        names,
        cohorts: Vec::new(),
        units,
        periods,
        clusters,
        assignments,
        row_unit: Vec::with_capacity(n),
        row_period: Vec::with_capacity(n),
        row_input: Vec::with_capacity(n),
        outcome: Vec::with_capacity(n),
        weights: columns.weight.as_ref().map(|_| Vec::with_capacity(n)),
        dose: columns.dose.as_ref().map(|_| Vec::with_capacity(n)),
        covariates: columns
            .covariates
            .iter()
            .map(|(name, _)| Covariate {
                name: name.clone(),
                values: Vec::with_capacity(n),
            })
            .collect(),
        labels: columns
            .labels
            .iter()
            .map(|(name, _)| LabelColumn {
                name: name.clone(),
                levels: Vec::with_capacity(n),
            })
            .collect(),
        starts: vec![0],
        excluded: Vec::new(),
        n_input_rows: n,
        readings,
        warnings,
    };
    let levels: Vec<Vec<usize>> = columns
        .labels
        .iter()
        .map(|(_, values)| numbered(values))
        .collect();
    for (u, &(a, b)) in blocks.iter().enumerate() {
        for &row in &order[a..b] {
            let period = columns.period[row];
            let Some(y) = columns.outcome[row] else {
                let reason = DropReason::MissingOutcome;
                panel.excluded.push(Excluded {
                    input_row: row,
                    unit: u,
                    period,
                    reason,
                });
                continue;
            };
            panel.row_unit.push(u);
            panel
                .row_period
                .push(panel.periods.partition_point(|&p| p < period));
            panel.row_input.push(row);
            panel.outcome.push(y);
            if let (Some(to), Some(from)) = (&mut panel.weights, &columns.weight) {
                to.push(from[row]);
            }
            if let (Some(to), Some(from)) = (&mut panel.dose, &columns.dose) {
                to.push(from[row]);
            }
            for (to, (_, from)) in panel.covariates.iter_mut().zip(&columns.covariates) {
                to.values.push(from[row]);
            }
            for (to, from) in panel.labels.iter_mut().zip(&levels) {
                to.levels.push(from[row]);
            }
        }
        panel.starts.push(panel.outcome.len());
    }
    panel.refresh_cohorts();
    Ok(panel)
}

/// Numbers labels in their sorted order.
fn numbered(values: &[String]) -> Vec<usize> {
    let mut distinct: Vec<&String> = values.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    values
        .iter()
        .map(|v| distinct.partition_point(|d| *d < v))
        .collect()
}

fn unit_blocks(units: &[String], order: &[usize]) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    let mut start = 0;
    for k in 1..=order.len() {
        if k == order.len() || units[order[k]] != units[order[start]] {
            blocks.push((start, k));
            start = k;
        }
    }
    blocks
}

fn labels(
    column: Option<&[String]>,
    kind: FaultKind,
    name: &str,
    units: &[String],
    order: &[usize],
    blocks: &[(usize, usize)],
    log: &mut Log<'_>,
) -> (Vec<usize>, Vec<String>) {
    let Some(column) = column else {
        let ids = blocks.iter().map(|&(a, _)| units[order[a]].clone()).collect();
        return ((0..blocks.len()).collect(), ids);
    };
    let mut of_unit = Vec::with_capacity(blocks.len());
    for &(a, b) in blocks {
        // Mostly one label all over, and then nothing is counted.
        let first = &column[order[a]];
        let varies = order[a..b].iter().any(|&row| &column[row] != first);
        let label = if varies {
            let own: Vec<&String> = order[a..b].iter().map(|&row| &column[row]).collect();
            let (most, times) = most_common(&own).unwrap_or((first, 0));
            for &row in order[a..b].iter().filter(|&&row| &column[row] != most) {
                log.row(
                    kind,
                    row,
                    name,
                    column[row].clone(),
                    &as_in(most, times, b - a),
                    "a unit belongs to one of them throughout",
                );
            }
            most
        } else {
            first
        };
        of_unit.push(label.clone());
    }
    let mut distinct = of_unit.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let index = of_unit
        .iter()
        .map(|l| distinct.partition_point(|d| d < l))
        .collect();
    (index, distinct)
}
