//! Promises: what became of what was to be.

use counterpart_appraise::assessment::{AsOfStatus, PromiseRow};
use counterpart_model::{Row, TableId};

use crate::cases::{appraise, folder};
use crate::rows::{claim, row, whole};

/// A promise of five hundred by the end of 2012.
fn promise(id: &str, more: &[(&str, &str)]) -> Row {
    let mut cells = vec![("act", "promises"), ("value", "500"), ("period_end", "2012")];
    cells.retain(|(heading, _)| !more.iter().any(|(given, _)| given == heading));
    cells.extend(more.iter().copied());
    claim(id, "P1", "S1", &cells)
}

fn reported(id: &str, value: &str, year: &str) -> Row {
    claim(
        id,
        "P2",
        "S2",
        &[("value", value), ("period_start", year), ("period_end", year)],
    )
}

fn one(rows: Vec<Row>) -> PromiseRow {
    let mut promises = whole(rows).promises;
    assert!(!promises.is_empty());
    promises.remove(0)
}

#[test]
fn a_promise_is_met_missed_overdue_or_silent_by_what_is_said_later() {
    for (rows, status, by) in [
        (vec![], AsOfStatus::SilentSince, vec![]),
        (vec![reported("R", "500", "2012")], AsOfStatus::Met, vec!["R"]),
        (vec![reported("R", "499", "2012")], AsOfStatus::Missed, vec!["R"]),
        (vec![reported("R", "499", "2011")], AsOfStatus::Overdue, vec!["R"]),
        // Said of a time before the promise.
        (
            vec![reported("R", "900", "2005")],
            AsOfStatus::SilentSince,
            vec![],
        ),
    ] {
        let mut all = vec![promise("C", &[])];
        all.extend(rows);
        let row = one(all);
        assert_eq!(
            (row.status, row.decided_by),
            (status, by.into_iter().map(str::to_owned).collect())
        );
        assert!(
            row.sentence.to_string().contains("Speaker P1"),
            "{}",
            row.sentence
        );
    }
    let open = one(vec![promise("C", &[("period_end", "2099")])]);
    assert_eq!(open.status, AsOfStatus::OnTime);
    let undated = one(vec![promise("C", &[("period_end", "")])]);
    assert_eq!(undated.status, AsOfStatus::Unknown);
}

#[test]
fn only_statements_of_fact_about_the_same_thing_meet_a_promise() {
    for more in [
        &[("act", "promises")][..],
        &[("act", "denies")],
        &[("act", "alleges")],
        &[("property", "width")],
        &[("subject", "another")],
        &[("place_id", "B")],
        &[("unit", "persons")],
    ] {
        let mut cells = vec![("value", "900"), ("period_start", "2012"), ("period_end", "2012")];
        cells.extend(more.iter().copied());
        let row = one(vec![promise("C", &[]), claim("R", "P2", "S2", &cells)]);
        assert_eq!(row.status, AsOfStatus::SilentSince, "{more:?}");
    }
}

#[test]
fn a_promise_in_words_is_met_by_a_statement_that_it_is_so() {
    let words = || promise("C", &[("value", ""), ("unit", ""), ("text", "it will be done")]);
    assert_eq!(one(vec![words()]).status, AsOfStatus::SilentSince);
    let done = claim(
        "R",
        "P2",
        "S2",
        &[("period_start", "2013"), ("period_end", "2013"), ("unit", "")],
    );
    let row = one(vec![words(), done]);
    assert_eq!((row.status, row.late), (AsOfStatus::Met, true));
}

#[test]
fn a_later_promise_of_less_is_named() {
    let rows = vec![
        promise("C1", &[]),
        promise("C2", &[("value", "300"), ("period_end", "2014")]),
    ];
    let row = one(rows);
    assert_eq!(row.ratcheted_to.as_deref(), Some("C2"));
    assert!(
        row.sentence.to_string().contains("A later promise of less"),
        "{}",
        row.sentence
    );
}

#[test]
fn targets_of_projects_and_rules_are_promises_too() {
    let result = |id: &str, more: &[(&str, &str)]| {
        let mut cells = vec![
            ("result_id", id),
            ("activity_id", "ACT"),
            ("indicator", "jobs"),
            ("unit", "count"),
            ("speaker_id", "P1"),
        ];
        cells.extend(more.iter().copied());
        row(TableId::Results, &cells)
    };
    let all = whole(vec![
        row(
            TableId::Activities,
            &[
                ("activity_id", "ACT"),
                ("title", "A park"),
                ("kind", "park"),
                ("place_id", "A"),
            ],
        ),
        result("R1", &[("target", "50"), ("due_on", "2012")]),
        result("R2", &[("actual", "40"), ("period", "2013")]),
        row(
            TableId::Rules,
            &[
                ("rule_id", "RU"),
                ("programme_id", "PR"),
                ("kind", "target"),
                ("who_id", "A"),
                ("text", "all is to be done"),
                ("period_end", "2012"),
                ("speaker_id", "P1"),
            ],
        ),
    ]);
    let found: Vec<(&str, AsOfStatus)> = all
        .promises
        .iter()
        .map(|row| (row.id.as_str(), row.status))
        .collect();
    assert_eq!(
        found,
        [
            ("promise:R1", AsOfStatus::Missed),
            ("promise:RU", AsOfStatus::SilentSince)
        ]
    );
}

#[test]
fn every_promise_of_the_lead_case_has_its_row() {
    let read = folder("xinjiang");
    let mut case = read.case;
    case.studies.clear();
    case.lens_studies.clear();
    let all = appraise(case, read.tables);
    let promised: Vec<&str> = all
        .claims
        .iter()
        .filter(|claim| claim.act == "promises")
        .map(|claim| claim.id.as_str())
        .collect();
    assert!(promised.len() > 5);
    for id in promised {
        assert!(all.promises.iter().any(|row| row.statement == id), "{id}");
    }
    for row in &all.promises {
        if let Some(due) = &row.due_on {
            let due: counterpart_model::Date = due.parse().expect("a date");
            let now: counterpart_model::Date = all.case.as_of.parse().expect("a date");
            assert_eq!(
                row.status == AsOfStatus::OnTime || row.status == AsOfStatus::Met,
                row.status == AsOfStatus::Met || !now.is_after(due),
                "{}",
                row.id
            );
        }
    }
}
