//! What is odd about a panel and no fault: counted, named by unit and period, in an order that rows do not decide.

use counterpart_estimate::panel::{Fault, FaultKind, LISTED_PER_KIND, PanelFaults};
use counterpart_estimate::{Estimate, Estimated};
use counterpart_model::Location;
use serde::Serialize;

use super::input::Input;
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::number::count;

/// Units that a sentence names.
const NAMED: usize = 5;

/// One remark, about a panel or an estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Notice {
    pub(crate) code: String,
    pub(crate) message: String,
    /// Where it was met, for remarks about single rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rows: Vec<Met>,
}

/// A row, by what it is and not by where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Met {
    pub(crate) unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<i64>,
    pub(crate) column: String,
    pub(crate) value: String,
}

/// Returns the remarks of a panel, one a kind.
pub(crate) fn of_panel(input: &Input) -> Vec<Notice> {
    of_faults(input.panel.warnings(), &|row| input.periods.get(row).copied())
}

/// Returns remarks, one a kind; `period` is that of a row.
pub(crate) fn of_faults(warnings: &PanelFaults, period: &dyn Fn(usize) -> Option<i64>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (kind, number) in warnings.counts() {
        let mut all: Vec<&Fault> = warnings
            .list()
            .iter()
            .filter(|fault| fault.kind == *kind)
            .collect();
        let Some(first) = all
            .iter()
            .min_by(|a, b| (&a.unit, &a.value).cmp(&(&b.unit, &b.value)))
        else {
            continue;
        };
        let (value, expected, remedy) = (first.value.clone(), first.expected.clone(), first.remedy.clone());
        let column = first.column.clone();
        if all.iter().all(|fault| fault.unit.is_none()) {
            notices.push(Notice {
                code: kind.code().to_owned(),
                message: format!("{column}: {value}; expected {expected}; {remedy}"),
                rows: Vec::new(),
            });
            continue;
        }
        // Which of too many are listed would hang on the order of the rows.
        if *number > LISTED_PER_KIND {
            all.clear();
        }
        let mut rows: Vec<Met> = all
            .iter()
            .map(|fault| Met {
                unit: fault.unit.clone().unwrap_or_default(),
                period: fault.row.filter(|_| of_a_row(*kind)).and_then(period),
                column: fault.column.clone(),
                value: fault.value.clone(),
            })
            .collect();
        rows.sort();
        let mut units: Vec<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
        units.dedup();
        let n_units = units.len();
        let named = units.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = match n_units.saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let whom = if named.is_empty() {
            String::new()
        } else {
            format!(" ({} {named}{more})", if n_units == 1 { "unit" } else { "units" })
        };
        let what = if all.len() == 1 {
            format!("{column}: {value}")
        } else {
            column
        };
        notices.push(Notice {
            code: kind.code().to_owned(),
            message: format!(
                "{} of {}, {what}{whom}; expected {expected}; {remedy}",
                count(*number, "case", "cases"),
                kind.code().replace('_', " ")
            ),
            rows,
        });
    }
    notices
}

/// Whether a warning is about one row and not about its unit.
fn of_a_row(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::MissingOutcome | FaultKind::MissingCovariate | FaultKind::WeightVaries
    )
}

/// Returns the remarks of a panel and of an estimate on it.
pub(crate) fn of_estimate(input: &Input, estimated: &Estimated) -> Vec<Notice> {
    let mut notices = of_panel(input);
    notices.extend(of_estimator(estimated));
    notices
}

/// Returns the remarks of an estimator.
pub(crate) fn of_estimator(estimated: &Estimated) -> Vec<Notice> {
    Estimate::warnings(estimated)
        .iter()
        .map(|warning| Notice {
            code: warning.code.to_owned(),
            message: warning.message.clone(),
            rows: Vec::new(),
        })
        .collect()
}

/// Prints where the remarks of a panel were met, for people: line and column of the file.
pub(crate) fn print_places(input: &Input, settings: &Settings) {
    print_places_of(input.panel.warnings(), settings, &|row, heading| {
        input.table.location(row, heading)
    });
}

/// Prints where remarks were met; `place` is that of a row and heading.
pub(crate) fn print_places_of(
    warnings: &PanelFaults,
    settings: &Settings,
    place: &dyn Fn(usize, &str) -> Location,
) {
    const SHOWN: usize = 20;
    if settings.quiet {
        return;
    }
    let list = warnings.list();
    let placed: Vec<&Fault> = list.iter().filter(|fault| fault.row.is_some()).collect();
    let shown = if settings.all_faults { placed.len() } else { SHOWN };
    for fault in placed.iter().take(shown) {
        let Some(row) = fault.row else { continue };
        let location = place(row, &fault.column);
        let unit = fault.unit.as_deref().unwrap_or_default();
        let text = format!(
            "remark: {location}: unit {unit}: {}; expected {}\n",
            fault.value, fault.expected
        );
        terminal::remark(&settings.marks.text(&text), settings);
    }
    if let Some(more) = placed.len().checked_sub(shown).filter(|more| *more > 0) {
        terminal::remark(
            &format!("remark: and {more} more such rows (`--all-faults`)\n"),
            settings,
        );
    }
}

/// Prints the remarks about a panel as a whole, for people who get no answer that would hold them.
pub(crate) fn print_of_panel(input: &Input, settings: &Settings) {
    if settings.quiet {
        return;
    }
    for notice in of_panel(input).iter().filter(|notice| notice.rows.is_empty()) {
        terminal::remark(
            &settings.marks.text(&format!("remark: {}\n", notice.message)),
            settings,
        );
    }
}
