//! What holds between the keys of a `case.toml` that is well formed.

use counterpart_model::case::{Case, VerdictLine};
use counterpart_model::study::Study;
use counterpart_model::{Fault, FaultCode};
use toml::de::{DeTable, DeValue};

use super::location;

pub(super) fn check(text: &str, tree: &DeTable<'_>, case: &Case) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, study) in case.studies.iter().enumerate() {
        let entry = tree
            .get("study")
            .and_then(|value| value.get_ref().as_array())
            .and_then(|list| list.get(index))
            .and_then(|entry| entry.get_ref().as_table());
        if let Some(entry) = entry {
            check_study(text, entry, study, &mut faults);
        }
    }
    if let Some(verdict) = tree.get("verdict").and_then(|value| value.get_ref().as_table()) {
        let rule = &case.verdict.rule;
        let twice = rule
            .iter()
            .enumerate()
            .any(|(index, line)| rule.iter().take(index).any(|before| before == line));
        if rule.last() != Some(&VerdictLine::ElseCannotTell) || twice {
            faults.push(fault(
                text,
                verdict,
                ("verdict", "rule"),
                FaultCode::Inconsistent,
                "each line once, else_cannot_tell last",
            ));
        }
    }
    faults
}

fn check_study(text: &str, entry: &DeTable<'_>, study: &Study, faults: &mut Vec<Fault>) {
    let mut add = |key: &str, code: FaultCode, expected: &str| {
        faults.push(fault(text, entry, ("study", key), code, expected));
    };
    for (key, is_empty) in [
        ("outcomes", study.outcomes.is_empty()),
        ("rounds", study.rounds.is_empty()),
        ("estimators", study.estimators.is_empty()),
    ] {
        if is_empty {
            add(key, FaultCode::MissingValue, "at least one");
        }
    }
    if let Some(main) = study.main_estimator
        && !study.estimators.contains(&main)
    {
        add(
            "main_estimator",
            FaultCode::Inconsistent,
            "one of the study's estimators",
        );
    }
    let (first, last) = study.window;
    let outside = |date: counterpart_model::Date| !date.is_after(first) || date.is_after(last);
    if outside(study.onset) {
        add(
            "onset",
            FaultCode::Inconsistent,
            "a date after the window's first period and not after its last",
        );
    }
    if study.onset_beside.iter().copied().any(outside) {
        add(
            "onset_beside",
            FaultCode::Inconsistent,
            "dates after the window's first period and not after its last",
        );
    }
}

fn fault(
    text: &str,
    table: &DeTable<'_>,
    (path, key): (&str, &str),
    code: FaultCode,
    expected: &str,
) -> Fault {
    let value = table.get(key);
    let at = value.map_or(0, |value| value.span().start);
    let met = value
        .map(|value| match value.get_ref() {
            DeValue::String(met) => met.to_string(),
            _ => text.get(value.span()).unwrap_or_default().to_owned(),
        })
        .unwrap_or_default();
    Fault::new(
        location(text, at, Some(format!("{path}.{key}"))),
        code,
        &met,
        expected,
    )
}
