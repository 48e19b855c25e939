//! Totals: what is added, what is left out and why; nothing is in two sums of money that it may hold twice.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::assessment::{LeftOutCode, Number, Total, TransactionRow};
use counterpart_appraise::total;
use counterpart_model::{Decimal, Id, Record, Row, TableId};
use counterpart_panel::Places;
use proptest::prelude::*;

use crate::cases::{folder, record};
use crate::rows::{case, money, row};

fn decimal(number: &Number) -> Decimal {
    number.as_str().parse().expect("a decimal")
}

fn record_of(mut rows: Vec<Row>) -> Record {
    // A group of both provinces, to have a wider scope.
    rows.push(row(
        TableId::Places,
        &[
            ("place_id", "G"),
            ("name", "Group"),
            ("level", "group"),
            ("parent_id", "N"),
        ],
    ));
    for member in ["B", "A"] {
        rows.push(row(
            TableId::PlaceMembers,
            &[("group_id", "G"), ("place_id", member)],
        ));
    }
    let (case, tables) = case(rows);
    record(case, tables)
}

fn totals_of(record: &Record) -> Vec<Total> {
    let lenses: Vec<Id> = record.case.lenses.iter().map(|lens| lens.id.clone()).collect();
    total::rows(record, &Places::of(record), &lenses)
}

fn totals(rows: Vec<Row>) -> Vec<Total> {
    let record = record_of(rows);
    total::rows(&record, &Places::of(&record), &[])
}

/// What a total says about a statement.
fn code(total: &Total, id: &str) -> Option<LeftOutCode> {
    total.left_out.iter().find(|row| row.id == id).map(|row| row.code)
}

fn only(totals: &[Total]) -> &Total {
    match totals {
        [only] => only,
        other => panic!("{} totals", other.len()),
    }
}

/// Everything that has to hold of totals, whatever the statements.
fn check(record: &Record, totals: &[Total]) {
    let rows: BTreeMap<String, TransactionRow> = total::statements(record)
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    let wholes = |id: &str| {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut next = rows.get(id).and_then(|row| row.part_of.as_deref());
        while let Some(whole) = next {
            if !found.insert(whole) {
                break;
            }
            next = rows.get(whole).and_then(|row| row.part_of.as_deref());
        }
        found
    };
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    for total in totals {
        let addends: Vec<&TransactionRow> = total
            .addends
            .iter()
            .map(|id| rows.get(id).expect("an addend is on record"))
            .collect();
        let sum: Decimal = addends
            .iter()
            .map(|row| decimal(row.value.as_ref().expect("an addend has a value")))
            .sum();
        match &total.value {
            Some(value) => assert_eq!(decimal(value), sum, "{}", total.id),
            None => assert!(addends.is_empty() && total.reason.is_some(), "{}", total.id),
        }
        let same = |of: fn(&TransactionRow) -> &str| {
            addends
                .iter()
                .map(|row| of(row))
                .collect::<BTreeSet<&str>>()
                .len()
                <= 1
        };
        assert!(same(|row| &row.currency), "{}: currencies", total.id);
        assert!(same(|row| &row.flow), "{}: flows", total.id);
        assert!(same(|row| &row.basis), "{}: bases", total.id);
        assert!(same(|row| &row.step), "{}: plan and actual", total.id);
        for row in &addends {
            assert!(row.copy_of.is_none(), "{}: a copy", total.id);
            let whole = wholes(&row.id);
            for other in addends.iter().filter(|other| other.id != row.id) {
                assert!(!whole.contains(other.id.as_str()), "{}: a part", total.id);
                let of = |row: &TransactionRow| (row.provider.clone(), row.receiver.clone());
                let is_series = row.basis == "cumulative" && of(row) == of(other);
                assert!(!is_series, "{}: a series of sums", total.id);
                let span = |row: &TransactionRow| (row.period_start.clone(), row.period_end.clone());
                assert!(
                    of(row) != of(other) || span(row) != span(other),
                    "{}: one thing twice",
                    total.id
                );
            }
        }
        let out: BTreeSet<&str> = total.left_out.iter().map(|row| row.id.as_str()).collect();
        assert!(addends.iter().all(|row| !out.contains(row.id.as_str())));
        assert!(total.left_out.iter().all(|row| !row.reason.is_empty()));
        let of_flow = rows.values().filter(|row| row.flow == total.flow).count();
        assert_eq!(
            addends.len() + out.len(),
            of_flow,
            "{}: all of the flow",
            total.id
        );
        covered.extend(total.addends.iter().map(String::as_str));
        covered.extend(out);
        for stated in &total.stated {
            assert_eq!(
                decimal(&stated.difference),
                decimal(&stated.parts_value) - decimal(&stated.value)
            );
        }
    }
    assert_eq!(covered.len(), rows.len(), "every statement is somewhere");
    let ids: BTreeSet<&str> = totals.iter().map(|total| total.id.as_str()).collect();
    assert_eq!(ids.len(), totals.len(), "ids are unique");
}

/// Cells of one statement.
type Cells = (
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    (i64, usize),
    Option<usize>,
    Option<usize>,
);

fn statement(number: usize, cells: &Cells) -> Row {
    let (flow, step, basis, provider, receiver, span, (value, exactness), part_of, copy_of) = cells;
    let id = format!("T{number:02}");
    let spans = [
        ("2010", "2010"),
        ("2011", "2011"),
        ("2010", "2015"),
        ("2010", "2012"),
        ("2011-01", "2011-06"),
        ("", "2015"),
    ];
    let (start, end) = spans[*span];
    let value = value.to_string();
    let of = |other: &Option<usize>| {
        other
            .filter(|other| *other != number)
            .map(|other| format!("T{other:02}"))
            .unwrap_or_default()
    };
    let (part_of, copy_of) = (of(part_of), of(copy_of));
    let (value, lower, qualifier) = match exactness {
        0..=4 => (value.as_str(), "", ""),
        5 => (value.as_str(), "", "about"),
        6 => ("", value.as_str(), "more_than"),
        _ => ("", "", ""),
    };
    money(
        &id,
        ["P1", "P2", "P0"][number % 3],
        ["S1", "S2", "S3", "SC"][number % 4],
        &[
            ("flow", ["pairing_fund", "donation"][*flow]),
            ("type", ["plan", "arrival", "disbursement"][*step]),
            ("basis", ["annual", "cumulative", "partial_year"][*basis]),
            ("provider_id", ["A", "B", "G"][*provider]),
            ("receiver_id", ["A", "A1", "N"][*receiver]),
            ("currency", ["CNY", "CNY", "CNY", "USD"][number % 4]),
            ("period_start", start),
            ("period_end", end),
            ("value", value),
            ("lower", lower),
            ("qualifier", qualifier),
            ("part_of", &part_of),
            ("copy_of", &copy_of),
        ],
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20),
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_sum_mixes_what_must_not_be_added(
        all in prop::collection::vec(
            (
                0_usize..2, 0_usize..3, 0_usize..3, 0_usize..3, 0_usize..3, 0_usize..6,
                (1_i64..10_000_000_000, 0_usize..8),
                prop::option::weighted(0.3, 0_usize..14),
                prop::option::weighted(0.1, 0_usize..14),
            ),
            1..14,
        )
    ) {
        let n = all.len();
        let inside = |other: Option<usize>| other.filter(|other| *other < n);
        let rows = all
            .iter()
            .enumerate()
            .map(|(number, cells)| {
                let mut cells = *cells;
                cells.7 = inside(cells.7);
                cells.8 = inside(cells.8);
                statement(number, &cells)
            })
            .collect();
        let record = record_of(rows);
        let plain = total::rows(&record, &Places::of(&record), &[]);
        check(&record, &plain);
    }
}

#[test]
fn shipped_cases_hold_all_of_it() {
    for name in ["xinjiang", "wenchuan", "planted/plus"] {
        let case = folder(name);
        let record = record(case.case, case.tables);
        check(&record, &total::rows(&record, &Places::of(&record), &[]));
    }
}

#[test]
fn years_are_added_and_plans_are_not() {
    let year = |id, year, step, value| {
        money(
            id,
            "P1",
            "S1",
            &[
                ("basis", "annual"),
                ("type", step),
                ("period_start", year),
                ("period_end", year),
                ("value", value),
            ],
        )
    };
    let found = totals(vec![
        year("T1", "2011", "arrival", "100"),
        year("T2", "2012", "arrival", "200.5"),
        year("T3", "2012", "plan", "400"),
    ]);
    let arrived = found.iter().find(|row| row.step == "arrival").expect("a total");
    assert_eq!(
        arrived.value.as_ref().map(decimal),
        Some("300.5".parse().expect("a decimal"))
    );
    assert_eq!(arrived.addends, ["T1", "T2"]);
    assert_eq!(code(arrived, "T3"), Some(LeftOutCode::Plan));
}

#[test]
fn sums_that_run_on_are_never_added() {
    let until = |id, end, value| money(id, "P1", "S1", &[("period_end", end), ("value", value)]);
    let found = totals(vec![until("T1", "2013", "10"), until("T2", "2015", "30")]);
    assert_eq!(found.len(), 2);
    for (total, value) in found.iter().zip(["10", "30"]) {
        assert_eq!(total.value.as_ref().map(Number::as_str), Some(value));
        assert_eq!(total.left_out.len(), 1);
        assert_eq!(total.left_out[0].code, LeftOutCode::OtherSpan);
    }
}

#[test]
fn two_statements_of_one_thing_are_not_added_and_a_named_speaker_stands() {
    let said = |id, speaker, value| money(id, speaker, "S1", &[("value", value)]);
    let found = totals(vec![said("T1", "P0", "10"), said("T2", "P1", "12")]);
    let total = only(&found);
    assert_eq!(total.addends, ["T2"]);
    assert_eq!(code(total, "T1"), Some(LeftOutCode::SameThing));
    assert!(
        total.left_out[0].reason.contains("another value"),
        "{}",
        total.left_out[0].reason
    );
}

#[test]
fn a_whole_stands_beside_the_sum_of_its_parts() {
    let part = |id, receiver, value| {
        money(
            id,
            "P1",
            "S1",
            &[("receiver_id", receiver), ("value", value), ("part_of", "T1")],
        )
    };
    let found = totals(vec![
        money(
            "T1",
            "P1",
            "S1",
            &[("provider_id", "B"), ("receiver_id", "N"), ("value", "100")],
        ),
        part("T2", "A", "60"),
        part("T3", "B", "30"),
    ]);
    let total = only(&found);
    assert_eq!(total.addends, ["T1"]);
    assert_eq!(code(total, "T2"), Some(LeftOutCode::PartOf));
    let [stated] = total.stated.as_slice() else {
        panic!("{:?}", total.stated)
    };
    assert_eq!((stated.id.as_str(), stated.value.as_str()), ("T1", "100"));
    assert_eq!(stated.parts, ["T2", "T3"]);
    assert_eq!(stated.difference.as_str(), "-10");
}

#[test]
fn a_bound_stands_beside_its_parts_and_is_in_no_sum() {
    let found = totals(vec![
        money("T1", "P1", "S1", &[("lower", "100"), ("qualifier", "more_than")]),
        money(
            "T2",
            "P1",
            "S1",
            &[("receiver_id", "A1"), ("value", "60"), ("part_of", "T1")],
        ),
    ]);
    let total = only(&found);
    assert_eq!(total.addends, ["T2"]);
    assert_eq!(code(total, "T1"), Some(LeftOutCode::BoundWithoutValue));
    assert_eq!(total.stated[0].id, "T1");
    assert_eq!(total.stated[0].qualifier.as_deref(), Some("more_than"));
}

#[test]
fn a_copy_is_no_second_statement() {
    let found = totals(vec![
        money("T1", "P1", "S1", &[("value", "10")]),
        money(
            "T2",
            "P2",
            "SC",
            &[("value", "10"), ("receiver_id", "N"), ("provider_id", "A")],
        ),
        money("T3", "P2", "S2", &[("value", "10"), ("copy_of", "T1")]),
    ]);
    let total = only(&found);
    assert_eq!(total.addends, ["T1"]);
    assert_eq!(code(total, "T2"), Some(LeftOutCode::CopyOf));
    assert_eq!(code(total, "T3"), Some(LeftOutCode::CopyOf));
}

#[test]
fn a_lens_that_chooses_others_has_a_total_of_its_own() {
    let rows = vec![
        money("T1", "P1", "S1", &[("value", "10"), ("provider_id", "G")]),
        money("T2", "P2", "S2", &[("value", "4")]),
    ];
    let mut record = record_of(rows);
    record.case.lenses.truncate(1);
    let lens = record.case.lenses.first_mut().expect("a lens");
    lens.exclude_speaker_kinds = vec![counterpart_model::source::SpeakerKind::State];
    let found = totals_of(&record);
    let base = found.iter().find(|row| row.lens.is_none()).expect("a total");
    let seen = found.iter().find(|row| row.lens.is_some()).expect("a total");
    assert_eq!(
        (base.addends.as_slice(), seen.addends.as_slice()),
        (&["T1".to_owned()][..], &["T2".to_owned()][..])
    );
    assert_eq!(code(seen, "T1"), Some(LeftOutCode::Lens));
    assert_eq!(base.through[0].total.as_deref(), Some(seen.id.as_str()));
}

#[test]
fn a_kind_of_money_without_any_value_says_so() {
    let found = totals(vec![money(
        "T1",
        "P1",
        "S1",
        &[("lower", "100"), ("qualifier", "at_least")],
    )]);
    let total = only(&found);
    assert!(total.value.is_none() && total.reason.is_some() && total.addends.is_empty());
    assert_eq!(code(total, "T1"), Some(LeftOutCode::BoundWithoutValue));
}

#[test]
fn values_beyond_what_decimals_hold_are_left_out_and_said() {
    let most = "79000000000000000000000000000";
    let found = totals(vec![
        money("T1", "P1", "S1", &[("value", most)]),
        money("T2", "P1", "S1", &[("value", most), ("provider_id", "A")]),
    ]);
    let total = only(&found);
    assert_eq!(total.addends.len(), 1);
    assert_eq!(total.left_out[0].code, LeftOutCode::TooLarge);
}
