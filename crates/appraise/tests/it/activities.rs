//! Projects: targets and actuals from several speakers, dates against the clock, ratchets, abandonment with answers.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{ActivityRow, AsOfStatus, RatchetKind, ResultKind, ResultRow};
use counterpart_model::{Row, TableId, Value};

use crate::cases::{appraise, folder, set};
use crate::rows::{case, claim, row, whole};

/// A factory in A, with what is given.
fn factory(more: &[(&str, &str)]) -> Row {
    let mut cells = vec![
        ("activity_id", "ACT"),
        ("title", "A factory"),
        ("kind", "factory"),
        ("place_id", "A"),
    ];
    cells.extend(more.iter().copied());
    row(TableId::Activities, &cells)
}

fn result(id: &str, more: &[(&str, &str)]) -> Row {
    let mut cells = more.to_vec();
    for (heading, value) in [
        ("result_id", id),
        ("activity_id", "ACT"),
        ("indicator", "output"),
        ("unit", "t"),
        ("speaker_id", "P1"),
    ] {
        if !more.iter().any(|(given, _)| *given == heading) {
            cells.push((heading, value));
        }
    }
    row(TableId::Results, &cells)
}

fn at(as_of: &str, rows: Vec<Row>) -> ActivityRow {
    let (mut case, tables) = case(rows);
    case.as_of = as_of.parse().expect("a date");
    let mut all = appraise(case, tables).activities;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn find<'a>(row: &'a ActivityRow, id: &str) -> &'a ResultRow {
    row.results.iter().find(|row| row.id == id).expect("the result")
}

#[test]
fn a_target_of_one_speaker_is_held_against_the_actual_of_another() {
    let rows = vec![
        factory(&[]),
        result("T", &[("target", "100"), ("due_on", "2020-12-31")]),
        result(
            "A",
            &[
                ("actual", "80"),
                ("period", "2021"),
                ("speaker_id", "P2"),
                ("source_id", "S2"),
            ],
        ),
        // Another unit and another indicator say nothing of it.
        result("B", &[("actual", "500"), ("unit", "persons"), ("period", "2021")]),
        result(
            "C",
            &[("actual", "500"), ("indicator", "sales"), ("period", "2021")],
        ),
    ];
    let activity = at("2026-11-24", rows);
    let target = find(&activity, "T");
    assert_eq!(
        (target.status, target.kind),
        (AsOfStatus::Missed, ResultKind::Target)
    );
    assert_eq!(target.against, ["A"]);
    assert_eq!(
        target.share.as_ref().map(ToString::to_string),
        Some("0.8".to_owned())
    );
    assert_eq!(
        target.sentence.to_string(),
        "Output: 100 t promised by 2020-12-31; 80 t said to be reached for 2021: missed."
    );
    assert_eq!(find(&activity, "A").against, ["T"]);
    assert_eq!(find(&activity, "B").against, Vec::<String>::new());
    assert_eq!(activity.as_of_status, AsOfStatus::Missed);
}

#[test]
fn the_clock_of_the_case_moves_statuses_and_nothing_else_does() {
    let rows = || {
        vec![
            factory(&[
                ("planned_start", "2015"),
                ("actual_start", "2016"),
                ("planned_end", "2021"),
            ]),
            result("T", &[("target", "100"), ("due_on", "2020-12-31")]),
            result("A", &[("actual", "80"), ("period", "2019")]),
        ]
    };
    for (as_of, status, whole) in [
        ("2020-06-30", AsOfStatus::OnTime, AsOfStatus::OnTime),
        ("2020-12-31", AsOfStatus::OnTime, AsOfStatus::OnTime),
        ("2021-01-01", AsOfStatus::Overdue, AsOfStatus::Overdue),
    ] {
        let activity = at(as_of, rows());
        assert_eq!(find(&activity, "T").status, status, "{as_of}");
        assert_eq!(activity.as_of_status, whole, "{as_of}");
        assert_eq!(activity.began, "late");
    }
}

#[test]
fn a_project_without_targets_stands_by_its_planned_dates() {
    for (cells, status, began) in [
        (
            vec![("planned_end", "2020"), ("status", "closed")],
            AsOfStatus::Met,
            "no date on record",
        ),
        (
            vec![("planned_end", "2020")],
            AsOfStatus::Overdue,
            "no date on record",
        ),
        (
            vec![("planned_end", "2030"), ("actual_start", "2019")],
            AsOfStatus::OnTime,
            "no plan on record",
        ),
        (
            vec![("planned_start", "2019")],
            AsOfStatus::Overdue,
            "not begun on record",
        ),
        (
            vec![("planned_start", "2099")],
            AsOfStatus::Unknown,
            "not due to begin",
        ),
        (
            vec![("planned_end", "2020"), ("status", "cancelled")],
            AsOfStatus::Missed,
            "no date on record",
        ),
        (vec![], AsOfStatus::Unknown, "no date on record"),
        (
            vec![("planned_start", "2019"), ("actual_start", "2018")],
            AsOfStatus::Unknown,
            "early",
        ),
    ] {
        let activity = at("2026-11-24", vec![factory(&cells)]);
        assert_eq!(
            (activity.as_of_status, activity.began),
            (status, began),
            "{cells:?}"
        );
    }
}

/// Sources with days of publication, the second one later.
fn dated() -> Vec<Row> {
    [("SA", "2014"), ("SB", "2018")]
        .into_iter()
        .map(|(id, published)| {
            row(
                TableId::Sources,
                &[
                    ("source_id", id),
                    ("title", id),
                    ("publisher", "a paper"),
                    ("publisher_kind", "journalism"),
                    ("published_on", published),
                    ("may_republish", "unknown"),
                ],
            )
        })
        .collect()
}

#[test]
fn a_later_smaller_promise_and_one_for_a_later_date_are_shown_as_such_with_both() {
    let mut rows = dated();
    rows.extend([
        factory(&[]),
        result(
            "T1",
            &[("target", "500"), ("due_on", "2016"), ("source_id", "SA")],
        ),
        result(
            "T2",
            &[("target_lower", "50"), ("due_on", "2019"), ("source_id", "SB")],
        ),
        result(
            "U1",
            &[
                ("target", "7"),
                ("indicator", "lines"),
                ("due_on", "2016"),
                ("source_id", "SA"),
            ],
        ),
        result(
            "U2",
            &[
                ("target", "7"),
                ("indicator", "lines"),
                ("due_on", "2019"),
                ("source_id", "SB"),
            ],
        ),
    ]);
    let activity = at("2026-11-24", rows);
    for (id, by, kind) in [
        ("T1", "T2", RatchetKind::Smaller),
        ("U1", "U2", RatchetKind::LaterDate),
    ] {
        let ratchet = find(&activity, id).ratcheted_to.clone().expect("a ratchet");
        assert_eq!((ratchet.by.as_str(), ratchet.kind), (by, kind));
        assert!(find(&activity, id).sentence.to_string().contains(by));
        assert!(find(&activity, by).ratcheted_to.is_none());
    }
}

#[test]
fn abandonment_is_said_by_someone_and_answered_in_the_same_sentence() {
    let accusation = claim(
        "C1",
        "P2",
        "S2",
        &[("act", "alleges"), ("text", "it stands empty")],
    );
    let activity = at(
        "2026-11-24",
        vec![factory(&[("abandonment_claims", "C1")]), accusation.clone()],
    );
    let said = &activity.abandonment[0];
    assert_eq!(
        said.sentence.to_string(),
        "Speaker P2 alleges: it stands empty; no reply on record."
    );
    let answer = claim(
        "C2",
        "P1",
        "S1",
        &[
            ("act", "denies"),
            ("text", "it is at work"),
            ("responds_to", "C1"),
        ],
    );
    let rows = vec![factory(&[("abandonment_claims", "C1")]), accusation, answer];
    let said = at("2026-11-24", rows).abandonment.remove(0);
    assert_eq!(said.answers, ["C2"]);
    let text = said.sentence.to_string();
    assert!(
        text.starts_with("Speaker P2 alleges: it stands empty; Speaker P1 denies: it is at work"),
        "{text}"
    );
}

#[test]
fn strange_rows_make_no_fault() {
    let rows = vec![
        factory(&[("planned_start", "2030"), ("planned_end", "2020")]),
        result("E", &[]),
        result("Z", &[("target", "0"), ("actual", "0"), ("period", "2020")]),
        result(
            "H",
            &[
                ("target", "79000000000000000000000000000"),
                ("due_on", "2019"),
                ("indicator", "huge"),
            ],
        ),
        result(
            "I",
            &[("actual", "-5"), ("indicator", "huge"), ("period", "2001/2002")],
        ),
        result(
            "D",
            &[("unit", "date"), ("due_on", "2019"), ("indicator", "completion")],
        ),
        result(
            "D2",
            &[("unit", "date"), ("period", "2018"), ("indicator", "completion")],
        ),
        result(
            "F",
            &[("actual", "5"), ("indicator", "later"), ("period", "2999")],
        ),
        result(
            "G",
            &[("target", "4"), ("due_on", "2020"), ("indicator", "later")],
        ),
    ];
    let activity = at("2026-11-24", rows);
    assert_eq!(find(&activity, "E").kind, ResultKind::Empty);
    assert_eq!(find(&activity, "Z").share, None);
    assert_eq!(find(&activity, "H").status, AsOfStatus::Overdue);
    assert_eq!(find(&activity, "D").status, AsOfStatus::Met);
    // What is about a time after the clock is not known yet.
    assert_eq!(find(&activity, "G").status, AsOfStatus::SilentSince);
    assert!(whole(Vec::new()).activities.is_empty());
}

/// Rows of the lead case without its studies.
fn lead(change: impl FnOnce(&mut Vec<Row>)) -> Assessment {
    let mut case = folder("xinjiang");
    case.case.studies.clear();
    case.case.lens_studies.clear();
    change(case.tables.get_mut(&TableId::Results).expect("results"));
    appraise(case.case, case.tables)
}

#[test]
fn one_changed_actual_changes_its_project_and_no_other() {
    let before = lead(|_| {});
    let (id, activity) = before
        .activities
        .iter()
        .flat_map(|row| row.results.iter().map(move |result| (result, &row.id)))
        .find(|(result, _)| result.status == AsOfStatus::Missed)
        .map(|(result, id)| (result.against[0].clone(), id.clone()))
        .expect("a missed target");
    let after = lead(|rows| {
        let row = rows
            .iter_mut()
            .find(|row| row.text("result_id") == Some(id.as_str()))
            .expect("the actual");
        set(row, "actual", Some(Value::Decimal(99_000_000.into())));
    });
    let mut moved = 0;
    for (a, b) in before.activities.iter().zip(&after.activities) {
        let status = |row: &ActivityRow| -> Vec<(String, AsOfStatus, String)> {
            row.results
                .iter()
                .map(|result| (result.id.clone(), result.status, result.sentence.to_string()))
                .collect()
        };
        assert_eq!(status(a) != status(b), a.id == activity, "{}", a.id);
        for (x, y) in a.results.iter().zip(&b.results) {
            let rests = x.id == id || x.against.contains(&id);
            assert!(x == y || rests, "{}", x.id);
            moved += usize::from(x.status != y.status);
        }
    }
    assert!(moved > 0);
    assert_eq!(before.outcomes, after.outcomes);
    assert_eq!(before.pairing_counts, after.pairing_counts);
}
