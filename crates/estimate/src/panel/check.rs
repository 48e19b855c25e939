//! Faults of columns, values, levels of assignment and the shape of the panel.

use super::build::Log;
use super::columns::{Columns, Names, Timing};
use super::faults::FaultKind;

pub(super) fn check_lengths(columns: &Columns, names: &Names, log: &mut Log<'_>) {
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
    lengths.extend(columns.labels.iter().map(|(name, c)| (name.as_str(), c.len())));
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

pub(super) fn check_values(columns: &Columns, names: &Names, log: &mut Log<'_>) {
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
            None => missing_outcome(row, &columns.unit[row], names, log),
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

/// Reports a row without an outcome.
pub(super) fn missing_outcome(row: usize, unit: &str, names: &Names, log: &mut Log<'_>) {
    log.add(
        FaultKind::MissingOutcome,
        Some(row),
        Some(unit.to_owned()),
        &names.outcome,
        "missing".into(),
        "a number",
        "the row is left out and listed; fill it only from a source",
    );
}

pub(super) fn check_assignment(
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

pub(super) fn check_shape(
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
        let unit = &columns.unit[rows[0]];
        let row_after = |period: i64| rows.iter().find(|&&r| columns.period[r] > period).copied();
        gap(unit, rows[0], &own, &row_after, names, periods, log);
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
    uneven(names, periods, log);
}

/// Reports a unit that lacks rows; `own` are its periods, ascending.
pub(super) fn gap(
    unit: &str,
    first_row: usize,
    own: &[i64],
    row_after: &dyn Fn(i64) -> Option<usize>,
    names: &Names,
    periods: &[i64],
    log: &mut Log<'_>,
) {
    if own.len() == 1 && periods.len() > 1 {
        log.add(
            FaultKind::SingleRow,
            Some(first_row),
            Some(unit.to_owned()),
            &names.unit,
            "one row".into(),
            "at least two periods per unit",
            "a unit seen once says nothing about change; it is left out and listed",
        );
    } else if own.len() < periods.len() {
        let mut lacking = periods.iter().filter(|p| own.binary_search(p).is_err());
        let row = lacking
            .clone()
            .next()
            .and_then(|p| row_after(*p))
            .unwrap_or(first_row);
        let missing: Vec<String> = lacking.by_ref().take(5).map(ToString::to_string).collect();
        log.add(
            FaultKind::Gap,
            Some(row),
            Some(unit.to_owned()),
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
}

/// Reports periods that are not one step apart.
pub(super) fn uneven(names: &Names, periods: &[i64], log: &mut Log<'_>) {
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
