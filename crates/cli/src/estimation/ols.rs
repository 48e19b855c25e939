//! Least squares on plain rows: `--method ols`.

use counterpart_estimate::regression::cross_section::{CrossSection, Term, ols};
use counterpart_estimate::{Estimated, Spec};
use counterpart_exchange::panel_file::{self, Kind, PanelTable, Values, Wanted};
use counterpart_model::{Fault, FaultCode, Location};

use super::input::{is_file, not_named, refused};
use crate::args::PanelColumns;
use crate::exit::Failure;

/// Reads the rows and estimates.
pub(crate) fn run(
    columns: &PanelColumns,
    mut spec: Spec,
    intercept: bool,
) -> Result<(PanelTable, Estimated), Failure> {
    is_file(&columns.panel)?;
    if columns.outcome.is_empty() {
        return Err(not_named("--outcome", "the outcome"));
    }
    // `~ 0 + x`: the field's way to leave the constant out.
    let before = spec.covariates.len();
    spec.covariates.retain(|name| name != "0");
    let intercept = intercept && spec.covariates.len() == before;
    if spec.covariates.is_empty() && !intercept {
        return Err(Failure::Option {
            option: "--covariates",
            reason: "nothing to regress on is named".to_owned(),
            hint: "add --covariates A,B; x^2 is the square of the column x".to_owned(),
        });
    }
    let (mut table, names, labels) = read(columns, &spec)?;
    let data = rows(columns, &mut table, &names, &labels)?;
    let estimated = ols(&data, &spec, intercept).map_err(Failure::Estimate)?;
    Ok((table, estimated))
}

/// Names of the columns of numbers and of labels, in the order they were asked for.
type Names = Vec<String>;

fn read(columns: &PanelColumns, spec: &Spec) -> Result<(PanelTable, Names, Names), Failure> {
    let headings = panel_file::read(&columns.panel, &[])
        .map_err(Failure::Exchange)?
        .headings;
    let mut names: Names = Vec::new();
    for text in &spec.covariates {
        // A heading that holds ^ itself wins over a power.
        let column = if headings.iter().any(|heading| heading == text) {
            text
        } else {
            Term::parse(text).column
        };
        if !names.iter().any(|met| met == column) {
            names.push(column.to_owned());
        }
    }
    let mut labels: Names = Vec::new();
    for name in spec.absorb.iter().chain(&spec.clusters) {
        if !labels.contains(name) {
            labels.push(name.clone());
        }
    }
    let mut wanted = vec![Wanted {
        heading: &columns.outcome,
        role: "--outcome",
        kind: Kind::Number,
    }];
    let one = |heading, role, kind| Wanted { heading, role, kind };
    wanted.extend(names.iter().map(|name| one(name, "--covariates", Kind::Number)));
    wanted.extend(
        labels
            .iter()
            .map(|name| one(name, "--absorb, --cluster", Kind::Label)),
    );
    wanted.extend(
        columns
            .weights
            .iter()
            .map(|name| one(name, "--weights", Kind::FullNumber)),
    );
    let table = panel_file::read(&columns.panel, &wanted).map_err(Failure::Exchange)?;
    Ok((table, names, labels))
}

fn rows(
    columns: &PanelColumns,
    table: &mut PanelTable,
    names: &Names,
    labels: &Names,
) -> Result<CrossSection, Failure> {
    let mut faults = std::mem::take(&mut table.faults);
    let mut taken: std::vec::IntoIter<Option<Values>> = std::mem::take(&mut table.columns).into_iter();
    let mut numbers = || match taken.next().flatten() {
        Some(Values::Numbers(numbers)) => numbers,
        _ => Vec::new(),
    };
    let outcome = numbers();
    let regressors: Vec<(String, Vec<Option<f64>>)> =
        names.iter().map(|name| (name.clone(), numbers())).collect();
    let mut of_labels = || match taken.next().flatten() {
        Some(Values::Labels(labels)) => labels,
        _ => Vec::new(),
    };
    let labels = labels.iter().map(|name| (name.clone(), of_labels())).collect();
    let weights = columns.weights.as_ref().map(|_| match taken.next().flatten() {
        Some(Values::Numbers(numbers)) => numbers
            .into_iter()
            .map(|w| w.unwrap_or(f64::NAN))
            .collect::<Vec<f64>>(),
        _ => Vec::new(),
    });
    let numbers =
        std::iter::once((&columns.outcome, &outcome)).chain(regressors.iter().map(|(name, c)| (name, c)));
    for (name, values) in numbers {
        for (row, value) in values.iter().enumerate() {
            if let Some(value) = value.filter(|value| !value.is_finite()) {
                let fault = Fault::new(
                    table.location(row, name),
                    FaultCode::Panel,
                    &value.to_string(),
                    "a finite number",
                );
                faults.push(fault.hint("leave the cell empty where the value is unknown"));
            }
        }
    }
    for (row, weight) in weights
        .iter()
        .flatten()
        .enumerate()
        .filter(|(_, w)| !(**w > 0.0 && w.is_finite()))
    {
        let name = columns.weights.as_deref().unwrap_or_default();
        let fault = Fault::new(
            table.location(row, name),
            FaultCode::Panel,
            &weight.to_string(),
            "a positive number",
        );
        faults.push(fault.hint("remove rows that shall not count"));
    }
    let mut met = outcome.iter().flatten();
    if faults.is_empty()
        && let Some(first) = met.next()
        && met.all(|value| value == first)
    {
        let at = Location {
            heading: Some(columns.outcome.clone()),
            ..Location::file(table.file.as_str())
        };
        let fault = Fault::new(
            at,
            FaultCode::Panel,
            &format!("{first} in every row"),
            "an outcome that varies",
        );
        faults.push(fault.hint("check that the right column was named"));
    }
    if !faults.is_empty() {
        return Err(refused(faults, &columns.panel));
    }
    Ok(CrossSection {
        name: columns.outcome.clone(),
        outcome,
        columns: regressors,
        labels,
        weights,
    })
}
