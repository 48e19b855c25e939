//! The ladder: which statement stands on which rung, and when there is a share between two.

use std::collections::BTreeSet;

use counterpart_appraise::assessment::{LadderRow, LadderScope, Rung};
use counterpart_model::{Row, TableId};

use crate::cases::{folder, record};
use crate::rows::{case, money, row};

fn ladder(mut rows: Vec<Row>) -> Vec<LadderRow> {
    rows.push(row(
        TableId::Programmes,
        &[
            ("programme_id", "PR"),
            ("name", "A programme"),
            ("nation_id", "N"),
            ("start", "2009"),
        ],
    ));
    rows.push(row(
        TableId::Rounds,
        &[
            ("round_id", "R1"),
            ("programme_id", "PR"),
            ("name", "Round one"),
            ("start", "2010"),
            ("end", "2015"),
        ],
    ));
    rows.push(row(
        TableId::Pairings,
        &[
            ("pairing_id", "X1"),
            ("programme_id", "PR"),
            ("round_id", "R1"),
            ("provider_id", "B"),
            ("recipient_id", "A"),
            ("kind", "region"),
            ("confidence", "high"),
            ("basis", "official_list"),
        ],
    ));
    let (case, tables) = case(rows);
    counterpart_appraise::ladder::rows(&record(case, tables))
}

fn paid(id: &str, kind: &str, value: &str, more: &[(&str, &str)]) -> Row {
    let mut cells = vec![("programme_id", "PR"), ("type", kind), ("value", value)];
    cells.retain(|(heading, _)| !more.iter().any(|(given, _)| given == heading));
    cells.extend(more.iter().copied());
    money(id, "P1", "S1", &cells)
}

fn round(rows: &[LadderRow]) -> &LadderRow {
    rows.iter()
        .find(|row| row.scope == LadderScope::Round)
        .expect("a round")
}

#[test]
fn a_share_stands_between_two_statements_of_one_scope() {
    let rows = ladder(vec![
        paid("T1", "plan", "200", &[]),
        paid("T2", "arrival", "150", &[]),
        paid("T3", "expenditure", "75", &[]),
    ]);
    let row = round(&rows);
    assert_eq!(row.reached, [Rung::Plan, Rung::Arrival, Rung::Spent]);
    let shares: Vec<(String, String, String)> = row
        .steps
        .iter()
        .filter_map(|step| Some((step.of.clone(), step.by.clone(), step.share.as_ref()?.to_string())))
        .collect();
    assert_eq!(
        shares,
        [
            ("T1".to_owned(), "T2".to_owned(), "0.75".to_owned()),
            ("T2".to_owned(), "T3".to_owned(), "0.5".to_owned())
        ]
    );
    for step in &row.steps {
        assert_eq!(step.from, [step.of.clone(), step.by.clone()]);
        assert!(step.reason.is_none());
    }
}

#[test]
fn without_one_scope_there_is_no_share_and_it_is_said_what_differs() {
    for (more, what) in [
        (vec![("period_end", "2014")], "the period"),
        (vec![("flow", "donation")], "the kind of money"),
        (vec![("currency", "USD")], "the currency or unit"),
        (vec![("receiver_id", "A1")], "the receiver"),
        (
            vec![("basis", "annual")],
            "the basis (one year, several together, part of a year)",
        ),
        (
            vec![("value", ""), ("lower", "150")],
            "one of them is a bound or no number",
        ),
    ] {
        let rows = ladder(vec![
            paid("T1", "plan", "200", &[]),
            paid("T2", "arrival", "150", &more),
        ]);
        let row = round(&rows);
        assert_eq!(row.steps.len(), 1, "{more:?}");
        assert!(row.steps[0].share.is_none(), "{more:?}");
        assert_eq!(row.steps[0].reason.as_deref(), Some(what), "{more:?}");
    }
}

#[test]
fn statements_outside_the_round_belong_to_the_programme_and_copies_to_none() {
    let rows = ladder(vec![
        paid("T1", "plan", "200", &[]),
        paid("T2", "plan", "9", &[("period_end", "2018")]),
        paid("T3", "plan", "200", &[("copy_of", "T1")]),
        paid("T4", "loan_repayment", "3", &[]),
    ]);
    assert_eq!(round(&rows).from, ["T1"]);
    let programme = rows
        .iter()
        .find(|row| row.scope == LadderScope::Programme)
        .expect("a programme");
    assert_eq!(programme.from, ["T2"]);
    let provider = rows
        .iter()
        .find(|row| row.scope == LadderScope::Provider)
        .expect("a provider");
    assert_eq!(
        (provider.provider.as_deref(), provider.from.len()),
        (Some("B"), 2)
    );
}

#[test]
fn projects_climb_by_their_status_and_results() {
    let project = |id: &str, kind: &str, more: &[(&str, &str)]| {
        let mut cells = vec![
            ("activity_id", id),
            ("programme_id", "PR"),
            ("title", id),
            ("kind", kind),
            ("place_id", "A"),
        ];
        cells.extend(more.iter().copied());
        row(TableId::Activities, &cells)
    };
    let result = |id: &str, of: &str, indicator: &str, unit: &str, more: &[(&str, &str)]| {
        let mut cells = vec![
            ("result_id", id),
            ("activity_id", of),
            ("indicator", indicator),
            ("unit", unit),
            ("speaker_id", "P1"),
        ];
        cells.extend(more.iter().copied());
        row(TableId::Results, &cells)
    };
    let rows = ladder(vec![
        project("PLANNED", "park", &[("planned_start", "2012")]),
        project(
            "BUILT",
            "infrastructure",
            &[("status", "closed"), ("actual_start", "2011")],
        ),
        project(
            "RUNS",
            "factory",
            &[("status", "implementation"), ("actual_start", "2011")],
        ),
        result(
            "R1",
            "RUNS",
            "investment",
            "CNY",
            &[("actual", "5"), ("period", "2012")],
        ),
        result(
            "R2",
            "RUNS",
            "machines",
            "count",
            &[("actual", "5"), ("period", "2012")],
        ),
        result(
            "R3",
            "RUNS",
            "employees",
            "persons",
            &[("actual", "500"), ("period", "2012")],
        ),
        result(
            "R4",
            "RUNS",
            "employees",
            "persons",
            &[("target", "900"), ("due_on", "2013")],
        ),
    ]);
    let of = |id: &str| -> Vec<(String, Rung)> {
        let row = rows
            .iter()
            .find(|row| row.activity.as_deref() == Some(id))
            .expect("a project");
        row.statements
            .iter()
            .map(|one| (one.of.clone(), one.rung))
            .collect()
    };
    assert_eq!(of("PLANNED"), [("PLANNED".to_owned(), Rung::Plan)]);
    assert_eq!(of("BUILT"), [("BUILT".to_owned(), Rung::Asset)]);
    let expected: BTreeSet<(String, Rung)> = [
        ("R4", Rung::Plan),
        ("R1", Rung::Spent),
        ("R2", Rung::Asset),
        ("R3", Rung::InUse),
        ("RUNS", Rung::InUse),
    ]
    .into_iter()
    .map(|(id, rung)| (id.to_owned(), rung))
    .collect();
    assert_eq!(of("RUNS").into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn nothing_is_summed_and_every_amount_names_its_statements() {
    let case = folder("xinjiang");
    let rows = counterpart_appraise::ladder::rows(&record(case.case, case.tables));
    let mut ids = BTreeSet::new();
    for row in &rows {
        assert!(ids.insert(row.id.clone()), "{}", row.id);
        for amount in &row.amounts {
            assert_eq!(amount.statements, amount.from.len());
            for id in [&amount.smallest, &amount.largest].into_iter().flatten() {
                let said = row
                    .statements
                    .iter()
                    .filter(|one| amount.from.contains(&one.of))
                    .any(|one| one.value.as_ref() == Some(id) || one.lower.as_ref() == Some(id));
                assert!(said, "{}: {id}", amount.id);
            }
        }
        for step in &row.steps {
            assert!(step.share.is_some() != step.reason.is_some(), "{}", step.id);
            assert!(step.lower < step.upper);
        }
    }
    assert!(rows.iter().any(|row| row.scope == LadderScope::Round));
    assert!(rows.iter().any(|row| row.scope == LadderScope::Activity));
}
