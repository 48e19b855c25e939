//! How first treatment is read.

use std::collections::BTreeMap;

use super::Readings;
use super::build::Log;
use super::columns::{Columns, FirstTreated, Names, Timing};
use super::faults::FaultKind;

/// What one unit's timing column says, before periods are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Raw {
    Missing,
    Zero,
    Infinite,
    Flagged,
    Period(i64),
}

pub(super) fn raw_of(value: FirstTreated) -> Result<Raw, f64> {
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

pub(super) fn unit_timing(
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
            // As nearly all units are.
            Timing::FirstTreated(values)
                if rows.iter().all(|&row| values[row] == values[rows[0]])
                    && let Ok(only) = raw_of(values[rows[0]]) =>
            {
                only
            }
            Timing::FirstTreated(values) => {
                let mut read = Vec::with_capacity(rows.len());
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
                        Ok(r) => read.push((row, r)),
                    }
                }
                let kept: Vec<Raw> = read.iter().map(|(_, r)| *r).collect();
                let (most, times) = most_common(&kept).unwrap_or((Raw::Missing, 0));
                for &(row, _) in read.iter().filter(|(_, r)| *r != most) {
                    log.row(
                        FaultKind::CohortVaries,
                        row,
                        &names.timing,
                        values[row].0.map_or("missing".into(), |v| v.to_string()),
                        &as_in(&show(most), times, rows.len()),
                        "first treatment belongs to the unit and is the same in each of its rows",
                    );
                }
                most
            }
            Timing::Onset { treated, onset } => {
                let own: Vec<bool> = rows.iter().map(|&row| treated[row]).collect();
                let (flag, times) = most_common(&own).unwrap_or((false, 0));
                for &row in rows.iter().filter(|&&row| treated[row] != flag) {
                    log.row(
                        FaultKind::CohortVaries,
                        row,
                        &names.timing,
                        treated[row].to_string(),
                        &as_in(&flag.to_string(), times, rows.len()),
                        "the flag says whether the unit is ever treated; for a flag that switches on give no onset",
                    );
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

/// Returns what most rows of a unit say, and how many; of equals the first. What differs from it is the mistake.
pub(super) fn most_common<T: PartialEq + Clone>(values: &[T]) -> Option<(T, usize)> {
    let mut best: Option<(&T, usize)> = None;
    let mut seen: Vec<&T> = Vec::new();
    for value in values {
        if seen.contains(&value) {
            continue;
        }
        seen.push(value);
        let times = values.iter().filter(|other| *other == value).count();
        if best.is_none_or(|(_, most)| times > most) {
            best = Some((value, times));
        }
    }
    best.map(|(value, times)| (value.clone(), times))
}

/// Words for what was expected of a row: "2004, as in 4 of the unit's 5 rows".
pub(super) fn as_in(value: &str, times: usize, rows: usize) -> String {
    format!("{value}, as in {times} of the unit's {rows} rows")
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

/// What is known of a unit, or of several that need not be named.
pub(super) struct Met<'a> {
    pub(super) raw: Raw,
    /// First row.
    pub(super) row: usize,
    pub(super) unit: &'a str,
    /// Units; those after the first are counted only.
    pub(super) n: usize,
}

pub(super) fn read_cohorts<'a>(
    names: &Names,
    doses_differ: bool,
    met: impl Iterator<Item = Met<'a>>,
    periods: &[i64],
    log: &mut Log<'_>,
) -> (Vec<Option<i64>>, Readings) {
    let (first, last) = (
        periods.first().copied().unwrap_or(0),
        periods.last().copied().unwrap_or(0),
    );
    let mut readings = Readings::default();
    let mut cohorts = Vec::new();
    let mut n_never = 0;
    let mut sizes: BTreeMap<i64, (usize, usize, &'a str)> = BTreeMap::new();
    for Met { raw, row, unit, n } in met {
        let mut say = |kind: FaultKind, value: String, expected: &str, remedy: &str| {
            let unit = Some(unit.to_owned());
            log.add(kind, Some(row), unit, &names.timing, value, expected, remedy);
            log.faults.count_more(kind, n - 1);
        };
        let cohort = match raw {
            Raw::Missing => {
                readings.never_missing += n;
                None
            }
            Raw::Zero => {
                readings.never_zero += n;
                if first <= 0 && last >= 0 {
                    say(
                        FaultKind::CodeReadAsNever,
                        "0".into(),
                        "a code that is no period: 0 lies inside this panel and is read as never treated",
                        "shift the periods, or leave never-treated units empty",
                    );
                }
                None
            }
            Raw::Infinite => {
                readings.never_infinite += n;
                None
            }
            Raw::Flagged => {
                readings.never_flagged += n;
                None
            }
            Raw::Period(g) if g > last => {
                readings.never_beyond_last += n;
                say(
                    FaultKind::CodeReadAsNever,
                    g.to_string(),
                    &format!("a period up to {last}, the last one: read as never treated inside this panel"),
                    "leave never-treated units empty, or add the later periods",
                );
                None
            }
            Raw::Period(g) => {
                if g <= first {
                    readings.always_treated += n;
                    say(
                        FaultKind::AlwaysTreated,
                        g.to_string(),
                        &format!("a period after {first}, the first one"),
                        "a unit without a period before treatment shows no effect; it is left out and listed",
                    );
                } else {
                    readings.treated += n;
                    let entry = sizes.entry(g).or_insert((0, row, unit));
                    entry.0 += n;
                    if periods.binary_search(&g).is_err() && entry.0 == n {
                        say(
                            FaultKind::OnsetBetweenPeriods,
                            g.to_string(),
                            "a period of the panel",
                            "treatment is taken to start with the next period that is there",
                        );
                    }
                }
                Some(g)
            }
        };
        n_never += if cohort.is_none() { n } else { 0 };
        cohorts.push(cohort);
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
    for (g, (size, row, unit)) in &sizes {
        if *size == 1 {
            log.add(
                FaultKind::CohortOfOne,
                Some(*row),
                Some((*unit).to_owned()),
                &names.timing,
                format!("{g} for this unit alone"),
                "at least two units in a cohort",
                "its effect has no variance of its own: use placebo or randomisation inference",
            );
        }
    }
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
    } else if n_never == 0 && sizes.len() == 1 && !doses_differ {
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
            "compare with units that are not treated yet (`--control not-yet`), or of another dose",
        );
    }
    (cohorts, readings)
}

/// Units of different doses can be compared although all are treated at once.
pub(super) fn doses_differ(columns: &Columns) -> bool {
    let mut given = columns.dose.iter().flatten().filter(|d| **d != 0.0);
    given.next().is_some_and(|first| given.any(|d| d != first))
}
