//! From columns to a panel: every fault first, then the canonical order.

use std::collections::BTreeMap;

use super::columns::{Columns, FirstTreated, Names, Timing};
use super::faults::{Fault, FaultKind, PanelFaults};
use super::{Covariate, Excluded, Panel, Readings, Unit};
use crate::sample::DropReason;

/// Collects faults with the names of the columns at hand.
struct Log<'a> {
    faults: PanelFaults,
    units: &'a [String],
}

impl Log<'_> {
    fn row(
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
    fn add(
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

    fn panel(&mut self, kind: FaultKind, column: &str, value: String, expected: &str, remedy: &str) {
        self.add(kind, None, None, column, value, expected, remedy);
    }
}

/// What one unit's timing column says, before periods are known.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Raw {
    Missing,
    Zero,
    Infinite,
    Flagged,
    Period(i64),
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
    let (cohort_of, readings) = read_cohorts(&columns, &names, &order, &blocks, &raw, &periods, &mut log);
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
        starts: vec![0],
        excluded: Vec::new(),
        n_input_rows: n,
        readings,
        warnings,
    };
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
        }
        panel.starts.push(panel.outcome.len());
    }
    panel.refresh_cohorts();
    Ok(panel)
}

fn check_lengths(columns: &Columns, names: &Names, log: &mut Log<'_>) {
    let n = columns.unit.len();
    let timing = match &columns.timing {
        Timing::FirstTreated(v) => v.len(),
        Timing::Onset { treated, .. } => treated.len(),
        Timing::Absorbing(v) => v.len(),
    };
    let mut lengths = vec![
        (names.period.as_str(), columns.period.len()),
        (names.outcome.as_str(), columns.outcome.len()),
        (names.timing.as_str(), timing),
    ];
    lengths.extend(
        columns
            .cluster
            .as_ref()
            .map(|c| (names.cluster.as_str(), c.len())),
    );
    lengths.extend(
        columns
            .assignment
            .as_ref()
            .map(|c| (names.assignment.as_str(), c.len())),
    );
    lengths.extend(columns.weight.as_ref().map(|c| (names.weight.as_str(), c.len())));
    lengths.extend(columns.dose.as_ref().map(|c| (names.dose.as_str(), c.len())));
    lengths.extend(
        columns
            .covariates
            .iter()
            .map(|(name, c)| (name.as_str(), c.len())),
    );
    for (name, found) in lengths {
        if found != n {
            log.panel(
                FaultKind::ColumnLength,
                name,
                format!("{found} entries"),
                &format!("{n} entries, one per row"),
                "every column holds one entry per row",
            );
        }
    }
}

fn check_values(columns: &Columns, names: &Names, log: &mut Log<'_>) {
    for row in 0..columns.unit.len() {
        if columns.unit[row].is_empty() {
            log.row(
                FaultKind::EmptyUnit,
                row,
                &names.unit,
                "empty".into(),
                "a name",
                "give the unit a name or remove the row",
            );
        }
        match columns.outcome[row] {
            None => log.row(
                FaultKind::MissingOutcome,
                row,
                &names.outcome,
                "missing".into(),
                "a number",
                "the row is left out and listed; fill it only from a source",
            ),
            Some(y) if !y.is_finite() => log.row(
                FaultKind::NotFinite,
                row,
                &names.outcome,
                y.to_string(),
                "a finite number",
                "leave the cell empty if the value is unknown",
            ),
            Some(_) => {}
        }
        if let Some(w) = columns.weight.as_ref().map(|w| w[row])
            && !(w.is_finite() && w > 0.0)
        {
            let kind = if w.is_finite() {
                FaultKind::WeightNotPositive
            } else {
                FaultKind::NotFinite
            };
            log.row(
                kind,
                row,
                &names.weight,
                w.to_string(),
                "a positive number",
                "remove rows that shall not count",
            );
        }
        if let Some(d) = columns.dose.as_ref().map(|d| d[row])
            && !d.is_finite()
        {
            log.row(
                FaultKind::NotFinite,
                row,
                &names.dose,
                d.to_string(),
                "a finite number",
                "0 where nothing was given",
            );
        }
        for (name, values) in &columns.covariates {
            match values[row] {
                None => log.row(
                    FaultKind::MissingCovariate,
                    row,
                    name,
                    "missing".into(),
                    "a number",
                    "rows without the covariate are left out where it is used",
                ),
                Some(x) if !x.is_finite() => log.row(
                    FaultKind::NotFinite,
                    row,
                    name,
                    x.to_string(),
                    "a finite number",
                    "leave the cell empty if the value is unknown",
                ),
                Some(_) => {}
            }
        }
    }
    let mut met = columns
        .outcome
        .iter()
        .flatten()
        .copied()
        .filter(|y| y.is_finite());
    if let Some(first) = met.next()
        && met.all(|y| y == first)
    {
        log.panel(
            FaultKind::ConstantOutcome,
            &names.outcome,
            format!("{first} in every row"),
            "an outcome that varies",
            "check that the right column was named",
        );
    }
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

fn raw_of(value: FirstTreated) -> Result<Raw, f64> {
    match value.0 {
        None => Ok(Raw::Missing),
        Some(v) if v.is_nan() => Ok(Raw::Missing),
        Some(0.0) => Ok(Raw::Zero),
        Some(v) if v.is_infinite() => Ok(Raw::Infinite),
        // Beyond 2⁵³ a double no longer holds every integer, so no period can be meant.
        Some(v) if v.fract() != 0.0 || v.abs() > 9.0e15 => Err(v),
        Some(v) => Ok(Raw::Period(v as i64)),
    }
}

fn unit_timing(
    columns: &Columns,
    names: &Names,
    order: &[usize],
    blocks: &[(usize, usize)],
    log: &mut Log<'_>,
) -> Vec<Raw> {
    let mut raw = Vec::with_capacity(blocks.len());
    for &(a, b) in blocks {
        let rows = &order[a..b];
        raw.push(match &columns.timing {
            Timing::FirstTreated(values) => {
                let mut first = None;
                for &row in rows {
                    match raw_of(values[row]) {
                        Err(v) => log.row(
                            FaultKind::CohortNotWhole,
                            row,
                            &names.timing,
                            v.to_string(),
                            "a whole period, or empty for never treated",
                            "write first treatment in the units of the period column",
                        ),
                        Ok(r) => match first {
                            None => first = Some(r),
                            Some(f) if f != r => log.row(
                                FaultKind::CohortVaries,
                                row,
                                &names.timing,
                                values[row].0.map_or("missing".into(), |v| v.to_string()),
                                &format!("{}, as in the unit's first row", show(f)),
                                "first treatment belongs to the unit and is the same in each of its rows",
                            ),
                            Some(_) => {}
                        },
                    }
                }
                first.unwrap_or(Raw::Missing)
            }
            Timing::Onset { treated, onset } => {
                let flag = treated[rows[0]];
                for &row in rows {
                    if treated[row] != flag {
                        log.row(
                            FaultKind::CohortVaries,
                            row,
                            &names.timing,
                            treated[row].to_string(),
                            &format!("{flag}, as in the unit's first row"),
                            "the flag says whether the unit is ever treated; for a flag that switches on give no onset",
                        );
                    }
                }
                if flag { Raw::Period(*onset) } else { Raw::Flagged }
            }
            Timing::Absorbing(on) => {
                let mut start = None;
                for &row in rows {
                    match (start, on[row]) {
                        (None, true) => start = Some(columns.period[row]),
                        (Some(g), false) => log.row(
                            FaultKind::TreatmentReverses,
                            row,
                            &names.timing,
                            format!("off again in {} after starting in {g}", columns.period[row]),
                            "treatment that stays on",
                            "estimators of this list need an absorbing treatment; end the window before it stops",
                        ),
                        _ => {}
                    }
                }
                start.map_or(Raw::Flagged, Raw::Period)
            }
        });
    }
    raw
}

fn show(raw: Raw) -> String {
    match raw {
        Raw::Missing => "missing".into(),
        Raw::Zero => "0".into(),
        Raw::Infinite => "infinite".into(),
        Raw::Flagged => "not treated".into(),
        Raw::Period(g) => g.to_string(),
    }
}

fn read_cohorts(
    columns: &Columns,
    names: &Names,
    order: &[usize],
    blocks: &[(usize, usize)],
    raw: &[Raw],
    periods: &[i64],
    log: &mut Log<'_>,
) -> (Vec<Option<i64>>, Readings) {
    let (first, last) = (
        periods.first().copied().unwrap_or(0),
        periods.last().copied().unwrap_or(0),
    );
    let mut readings = Readings::default();
    let mut cohorts = Vec::with_capacity(raw.len());
    let mut sizes: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for (u, r) in raw.iter().enumerate() {
        let row = order[blocks[u].0];
        cohorts.push(match *r {
            Raw::Missing => {
                readings.never_missing += 1;
                None
            }
            Raw::Zero => {
                readings.never_zero += 1;
                if first <= 0 && last >= 0 {
                    log.row(
                        FaultKind::CodeReadAsNever,
                        row,
                        &names.timing,
                        "0".into(),
                        "a code that is no period: 0 lies inside this panel and is read as never treated",
                        "shift the periods, or leave never-treated units empty",
                    );
                }
                None
            }
            Raw::Infinite => {
                readings.never_infinite += 1;
                None
            }
            Raw::Flagged => {
                readings.never_flagged += 1;
                None
            }
            Raw::Period(g) if g > last => {
                readings.never_beyond_last += 1;
                log.row(
                    FaultKind::CodeReadAsNever,
                    row,
                    &names.timing,
                    g.to_string(),
                    &format!("a period up to {last}, the last one: read as never treated inside this panel"),
                    "leave never-treated units empty, or add the later periods",
                );
                None
            }
            Raw::Period(g) => {
                if g <= first {
                    readings.always_treated += 1;
                    log.row(
                        FaultKind::AlwaysTreated,
                        row,
                        &names.timing,
                        g.to_string(),
                        &format!("a period after {first}, the first one"),
                        "a unit without a period before treatment shows no effect; it is left out and listed",
                    );
                } else {
                    readings.treated += 1;
                    let entry = sizes.entry(g).or_insert((0, row));
                    entry.0 += 1;
                    if periods.binary_search(&g).is_err() && entry.0 == 1 {
                        log.row(
                            FaultKind::OnsetBetweenPeriods,
                            row,
                            &names.timing,
                            g.to_string(),
                            "a period of the panel",
                            "treatment is taken to start with the next period that is there",
                        );
                    }
                }
                Some(g)
            }
        });
    }
    let codes = [
        readings.never_missing,
        readings.never_zero,
        readings.never_infinite,
        readings.never_beyond_last,
    ];
    if codes.iter().filter(|&&c| c > 0).count() > 1 {
        log.panel(
            FaultKind::MixedNeverCodes,
            &names.timing,
            format!(
                "never treated written as missing ({} units), 0 ({}), infinite ({}), after the last period ({})",
                codes[0], codes[1], codes[2], codes[3]
            ),
            "one code for never treated",
            "make sure that none of them stands for an unknown date",
        );
    }
    for (g, (size, row)) in &sizes {
        if *size == 1 {
            log.row(
                FaultKind::CohortOfOne,
                *row,
                &names.timing,
                format!("{g} for this unit alone"),
                "at least two units in a cohort",
                "its effect has no variance of its own: use placebo or randomisation inference",
            );
        }
    }
    let n_never = cohorts.iter().filter(|g| g.is_none()).count();
    let _ = columns;
    if readings.treated == 0 {
        log.panel(
            FaultKind::NoTreated,
            &names.timing,
            format!(
                "{} units always treated, {n_never} never",
                readings.always_treated
            ),
            "at least one unit that becomes treated inside the panel",
            "check the coding of first treatment and the window",
        );
    } else if n_never == 0 && sizes.len() == 1 {
        log.panel(
            FaultKind::NoComparison,
            &names.timing,
            "every unit is treated from the same period on".into(),
            "units that are untreated while others are treated",
            "add untreated units",
        );
    } else if n_never == 0 {
        log.panel(
            FaultKind::NoNeverTreated,
            &names.timing,
            "no unit stays untreated".into(),
            "at least one never-treated unit",
            "compare with units that are not treated yet (`--control not-yet`)",
        );
    }
    (cohorts, readings)
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
        let label = &column[order[a]];
        for &row in &order[a..b] {
            if &column[row] != label {
                log.row(
                    kind,
                    row,
                    name,
                    column[row].clone(),
                    &format!("{label}, as in the unit's first row"),
                    "a unit belongs to one of them throughout",
                );
            }
        }
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

fn check_assignment(
    names: &Names,
    given: bool,
    assignments: &[String],
    of_unit: &[usize],
    cohorts: &[Option<i64>],
    log: &mut Log<'_>,
) {
    if !given {
        return;
    }
    let mut seen: Vec<Option<Option<i64>>> = vec![None; assignments.len()];
    let mut mixed = vec![false; assignments.len()];
    for (&a, g) in of_unit.iter().zip(cohorts) {
        match seen[a] {
            None => seen[a] = Some(*g),
            Some(h) if h != *g => mixed[a] = true,
            Some(_) => {}
        }
    }
    for (a, _) in mixed.iter().enumerate().filter(|(_, m)| **m) {
        log.panel(
            FaultKind::TreatmentVariesWithinAssignment,
            &names.assignment,
            format!("{} holds units treated at different times", assignments[a]),
            "one first treatment per assignment unit",
            "name the level at which treatment was decided; randomisation at this level is refused",
        );
    }
}

fn check_shape(
    columns: &Columns,
    names: &Names,
    order: &[usize],
    blocks: &[(usize, usize)],
    periods: &[i64],
    _cohorts: &[Option<i64>],
    log: &mut Log<'_>,
) {
    for &(a, b) in blocks {
        let rows = &order[a..b];
        let mut own: Vec<i64> = rows.iter().map(|&r| columns.period[r]).collect();
        own.dedup();
        if own.len() == 1 && periods.len() > 1 {
            log.row(
                FaultKind::SingleRow,
                rows[0],
                &names.unit,
                "one row".into(),
                "at least two periods per unit",
                "a unit seen once says nothing about change; it is left out and listed",
            );
        } else if own.len() < periods.len() {
            let missing: Vec<String> = periods
                .iter()
                .filter(|p| own.binary_search(p).is_err())
                .take(5)
                .map(ToString::to_string)
                .collect();
            let after = periods.iter().find(|p| own.binary_search(p).is_err());
            let row = rows
                .iter()
                .find(|&&r| after.is_some_and(|p| columns.period[r] > *p))
                .unwrap_or(&rows[0]);
            log.row(
                FaultKind::Gap,
                *row,
                &names.period,
                format!(
                    "{} of {} periods; missing {}",
                    own.len(),
                    periods.len(),
                    missing.join(", ")
                ),
                "a row in every period",
                "pairs of periods are used as they are there; compare with `--panel balanced`",
            );
        }
        if let Some(w) = &columns.weight
            && let Some(&row) = rows.iter().find(|&&r| w[r] != w[rows[0]])
        {
            log.row(
                FaultKind::WeightVaries,
                row,
                &names.weight,
                w[row].to_string(),
                &format!("{}, as in the unit's first row", w[rows[0]]),
                "regressions use each row's weight; group-time effects the one of the earlier period",
            );
        }
    }
    let steps: Vec<i64> = periods.windows(2).map(|w| w[1] - w[0]).collect();
    if steps.iter().any(|&s| s != 1) {
        let widest = steps.iter().max().copied().unwrap_or(1);
        log.panel(
            FaultKind::UnevenPeriods,
            &names.period,
            format!("steps of up to {widest} between periods"),
            "periods one step apart",
            "event time counts in units of the period column; renumber the periods if that is not meant",
        );
    }
}
