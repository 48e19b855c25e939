//! A panel out of a file: plain columns by name, all faults of file and panel at once.

use std::cell::OnceCell;
use std::path::Path;

use counterpart_estimate::moments::CohortMoments;
use counterpart_estimate::panel::{Fault as PanelFault, FaultKind};
use counterpart_estimate::{
    Columns, EstimateError, Estimated, FirstTreated, Panel, PanelFaults, Spec, Timing,
};
use counterpart_exchange::panel_file::{self, Kind, PanelTable, Values, Wanted};
use counterpart_model::{Fault, FaultCode, Faults, Location};

use super::scan;
use crate::args::PanelColumns;
use crate::exit::Failure;
use crate::reading::there;

/// A panel and the file it was read from.
pub(crate) struct Input {
    /// The file; its cells are moved into the panel, their places stay.
    pub(crate) table: PanelTable,
    pub(crate) panel: Panel,
    /// Period of each row that was read.
    pub(crate) periods: Vec<i64>,
    moments: OnceCell<CohortMoments>,
}

impl Input {
    /// Refuses what no panel can be read from.
    pub(crate) fn check(columns: &PanelColumns) -> Result<(), Failure> {
        is_file(&columns.panel)?;
        check_roles(columns)
    }

    /// Returns the moments of the panel, computed once.
    ///
    /// # Errors
    /// Those of [`CohortMoments::of_panel`].
    pub(crate) fn moments(&self) -> Result<&CohortMoments, EstimateError> {
        if let Some(moments) = self.moments.get() {
            return Ok(moments);
        }
        let moments = CohortMoments::of_panel(&self.panel)?;
        Ok(self.moments.get_or_init(|| moments))
    }

    /// Returns the estimate, from moments where the question allows it.
    pub(crate) fn estimate(&self, spec: &Spec, columns: &PanelColumns) -> Result<Estimated, EstimateError> {
        if scan::reason_against(spec, columns).is_none() {
            self.moments()?.estimate(spec)
        } else {
            counterpart_estimate::estimate(&self.panel, spec)
        }
    }

    /// Reads a panel.
    pub(crate) fn read(columns: &PanelColumns) -> Result<Self, Failure> {
        Self::check(columns)?;
        let path = &columns.panel;
        let wanted = Asked::of(columns);
        let mut table = panel_file::read(path, &wanted.list).map_err(Failure::Exchange)?;
        let columns = wanted.columns(&mut table, columns);
        let periods = columns
            .as_ref()
            .map(|columns| columns.period.clone())
            .unwrap_or_default();
        let built = columns.map(Panel::build);
        let mut faults = std::mem::take(&mut table.faults);
        match built {
            Some(Ok(panel)) if faults.is_empty() => {
                return Ok(Self {
                    table,
                    panel,
                    periods,
                    moments: OnceCell::new(),
                });
            }
            Some(Err(found)) => placed(&found, &table, &mut faults),
            // Nothing else stops it, but what is odd about the panel is said in the same run.
            Some(Ok(panel)) => placed(panel.warnings(), &table, &mut faults),
            _ => {}
        }
        Err(refused(faults, path))
    }
}

/// Returns the failure of a file with faults.
pub(crate) fn refused(faults: Vec<Fault>, path: &Path) -> Failure {
    match Faults::from_vec(faults) {
        Some(faults) => Failure::Faults {
            faults,
            nothing: "nothing was estimated",
        },
        None => Failure::WrongFile {
            path: path.to_owned(),
            what: "no column of it was read",
            hint: "name its columns",
        },
    }
}

/// Refuses what is no file.
pub(crate) fn is_file(path: &Path) -> Result<(), Failure> {
    if let Err(failure) = there(path) {
        return Err(match failure {
            Failure::NotThere { path, near } if near.is_empty() => Failure::WrongFile {
                path,
                what: "nothing is there",
                hint: "name a CSV or Parquet file with one row a unit and period",
            },
            other => other,
        });
    }
    if path.is_dir() {
        return Err(Failure::WrongFile {
            path: path.to_owned(),
            what: "a folder, where a file is needed",
            hint: "counterpart assess reads case folders",
        });
    }
    Ok(())
}

/// Refuses columns that contradict each other.
fn check_roles(columns: &PanelColumns) -> Result<(), Failure> {
    if columns.dose.is_some() && columns.first_treated.is_none() && columns.onset.is_none() {
        return Err(Failure::Option {
            option: "--dose",
            reason: "when treatment begins is not said".to_owned(),
            hint: "add --onset T0, or --first-treated G where it differs between units".to_owned(),
        });
    }
    if columns.dose.is_some() && columns.treated.is_some() && columns.onset.is_none() {
        return Err(Failure::Option {
            option: "--treated",
            reason: "a dose needs one onset".to_owned(),
            hint: "add --onset T0".to_owned(),
        });
    }
    for (option, name, what) in [
        ("--outcome", &columns.outcome, "the outcome"),
        ("--unit", &columns.unit, "the units"),
        ("--time", &columns.time, "the periods"),
    ] {
        if name.is_empty() {
            return Err(not_named(option, what));
        }
    }
    if columns.first_treated.is_none() && columns.treated.is_none() && columns.dose.is_none() {
        return Err(Failure::Option {
            option: "--first-treated",
            reason: "who is treated when is not said".to_owned(),
            hint: "add --first-treated G, or --treated D, or --treated D --onset T0, or --dose D --onset T0"
                .to_owned(),
        });
    }
    let main = [&columns.outcome, &columns.unit, &columns.time];
    for (index, name) in main.iter().enumerate() {
        if main.iter().skip(index + 1).any(|other| other == name) {
            return Err(Failure::Option {
                option: "--outcome, --unit, --time",
                reason: format!("the column {name} is named twice"),
                hint: "name three different columns".to_owned(),
            });
        }
    }
    Ok(())
}

/// Says that a column is not named.
pub(crate) fn not_named(option: &'static str, what: &str) -> Failure {
    Failure::Option {
        option,
        reason: format!("the column of {what} is not named"),
        hint: format!("add {option} NAME, as the first line of the file has it"),
    }
}

/// Columns of labels that stand beside the panel: effects to absorb and clusters in two ways.
fn labels_beside(columns: &PanelColumns) -> Vec<&String> {
    let two_way = columns.two_way();
    let clusters = two_way.into_iter().flat_map(|(a, b)| [a, b]);
    let mut names: Vec<&String> = Vec::new();
    for name in columns.absorb().iter().chain(clusters) {
        if *name != columns.unit && *name != columns.time && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The columns that are asked for, in one order for reading and for building.
struct Asked<'a> {
    list: Vec<Wanted<'a>>,
}

impl<'a> Asked<'a> {
    fn of(columns: &'a PanelColumns) -> Self {
        let mut list = Vec::new();
        let mut want = |heading: Option<&'a String>, role, kind| {
            if let Some(heading) = heading {
                list.push(Wanted { heading, role, kind });
            }
        };
        want(Some(&columns.outcome), "--outcome", Kind::Number);
        want(Some(&columns.unit), "--unit", Kind::Label);
        want(Some(&columns.time), "--time", Kind::Period);
        want(columns.first_treated.as_ref(), "--first-treated", Kind::Number);
        want(columns.treated.as_ref(), "--treated", Kind::Flag);
        want(columns.dose.as_ref(), "--dose", Kind::FullNumber);
        want(columns.weights.as_ref(), "--weights", Kind::FullNumber);
        want(columns.panel_cluster(), "--cluster", Kind::Label);
        want(columns.assignment.as_ref(), "--assignment", Kind::Label);
        for name in columns.covariates.iter().flat_map(|names| &names.0) {
            want(Some(name), "--covariates", Kind::Number);
        }
        for name in labels_beside(columns) {
            let role = if columns.absorb().contains(name) {
                "--absorb"
            } else {
                "--cluster"
            };
            want(Some(name), role, Kind::Label);
        }
        Self { list }
    }

    /// Takes the cells out of the table; `None` where a column is missing.
    fn columns(&self, table: &mut PanelTable, names: &PanelColumns) -> Option<Columns> {
        let mut taken = table.columns.iter_mut().map(Option::take);
        let mut next = || taken.next().flatten();
        let outcome = numbers(next()?)?;
        let unit = labels(next()?)?;
        let period = match next()? {
            Values::Periods(periods) => periods,
            _ => return None,
        };
        let first_treated = match &names.first_treated {
            Some(_) => Some(numbers(next()?)?),
            None => None,
        };
        let treated = match &names.treated {
            Some(_) => match next()? {
                Values::Flags(flags) => Some(flags),
                _ => return None,
            },
            None => None,
        };
        let dose = match &names.dose {
            Some(_) => Some(full(numbers(next()?)?)),
            None => None,
        };
        let timing = match (first_treated, treated, &dose, names.onset) {
            (Some(first), ..) => Timing::FirstTreated(first.into_iter().map(FirstTreated::from).collect()),
            (None, Some(treated), _, Some(onset)) => Timing::Onset { treated, onset },
            (None, Some(treated), _, None) => Timing::Absorbing(treated),
            (None, None, Some(dose), Some(onset)) => Timing::Onset {
                treated: ever(&unit, dose),
                onset,
            },
            _ => return None,
        };
        let timing_name = names.first_treated.as_ref().or(names.treated.as_ref());
        let timing_name = timing_name.or(names.dose.as_ref())?;
        let mut columns = Columns::new(unit, period, outcome, timing).named(
            &names.unit,
            &names.time,
            &names.outcome,
            timing_name,
        );
        if let (Some(name), Some(dose)) = (&names.dose, dose) {
            columns = columns.with_dose(name, dose);
        }
        if let Some(name) = &names.weights {
            columns = columns.with_weight(name, full(numbers(next()?)?));
        }
        if let Some(name) = names.panel_cluster() {
            columns = columns.with_cluster(name, labels(next()?)?);
        }
        if let Some(name) = &names.assignment {
            columns = columns.with_assignment(name, labels(next()?)?);
        }
        for name in names.covariates.iter().flat_map(|names| &names.0) {
            columns = columns.with_covariate(name, numbers(next()?)?);
        }
        for name in labels_beside(names) {
            columns = columns.with_label(name, labels(next()?)?);
        }
        Some(columns)
    }
}

fn labels(values: Values) -> Option<Vec<String>> {
    match values {
        Values::Labels(labels) => Some(labels),
        _ => None,
    }
}

fn numbers(values: Values) -> Option<Vec<Option<f64>>> {
    match values {
        Values::Numbers(numbers) => Some(numbers),
        _ => None,
    }
}

/// A column whose missing cells are faults already.
fn full(numbers: Vec<Option<f64>>) -> Vec<f64> {
    numbers
        .into_iter()
        .map(|number| number.unwrap_or(f64::NAN))
        .collect()
}

/// Whether the unit of each row has a dose other than 0 in any row.
fn ever(unit: &[String], dose: &[f64]) -> Vec<bool> {
    let dosed: std::collections::BTreeSet<&str> = unit
        .iter()
        .zip(dose)
        .filter(|(_, dose)| **dose != 0.0)
        .map(|(unit, _)| unit.as_str())
        .collect();
    unit.iter().map(|unit| dosed.contains(unit.as_str())).collect()
}

/// Adds the faults of a panel with their places, and what would be remarks if nothing else were wrong.
///
/// Where rows are missing because they could not be read, only what a row itself shows is said of the panel.
fn placed(found: &PanelFaults, table: &PanelTable, faults: &mut Vec<Fault>) {
    let rows_missing = table.n_rows > table.lines.len();
    let from_reading: Vec<Location> = faults.iter().map(|fault| fault.location.clone()).collect();
    for fault in found.list() {
        let of_whole_panel =
            fault.row.is_none() || matches!(fault.kind, FaultKind::Gap | FaultKind::SingleRow);
        if rows_missing && of_whole_panel {
            continue;
        }
        let placed = one(fault, table);
        // A cell that could not be read was said already.
        let again = from_reading
            .iter()
            .any(|met| met.line == placed.location.line && met.column == placed.location.column);
        if !(again && fault.row.is_some()) {
            faults.push(placed);
        }
    }
    for (kind, count) in found.counts() {
        let listed = found.list().iter().filter(|fault| fault.kind == *kind).count();
        if *count > listed {
            faults.push(Fault::new(
                Location::file(table.file.as_str()),
                FaultCode::Panel,
                &format!("{count} × {}", kind.code()),
                format!("no such fault; the first {listed} are listed"),
            ));
        }
    }
}

fn one(fault: &PanelFault, table: &PanelTable) -> Fault {
    let location = match fault.row {
        Some(row) => table.location(row, &fault.column),
        None => Location {
            heading: Some(fault.column.clone()),
            ..Location::file(table.file.as_str())
        },
    };
    let value = match fault.kind {
        // The panel counts rows that it was given, people count lines.
        FaultKind::DuplicateUnitPeriod => in_lines(&fault.value, table),
        _ => fault.value.clone(),
    };
    let of = match &fault.unit {
        Some(unit) => format!(" (unit {unit})"),
        None => format!(" (column {})", fault.column),
    };
    let alone = if fault.kind.is_error() {
        ""
    } else {
        "; by itself a remark"
    };
    Fault::new(
        location,
        FaultCode::Panel,
        &value,
        format!("{}{of}{alone}", fault.expected),
    )
    .hint(fault.remedy.clone())
}

/// Returns "2004 again, first on line 7" of "2004 again, first in row 6".
fn in_lines(value: &str, table: &PanelTable) -> String {
    const ROW: &str = "first in row ";
    let line = value.rsplit_once(ROW).and_then(|(before, row)| {
        let row = row.parse::<usize>().ok()?.checked_sub(1)?;
        Some(format!("{before}first on line {}", table.lines.get(row)?))
    });
    line.unwrap_or_else(|| value.to_owned())
}
