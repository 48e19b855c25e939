//! Contradictions of every kind: what makes one, what does not, and what hangs on it.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{Contradiction, ContradictionKind};
use counterpart_model::{Row, TableId, Value};

use crate::cases::{appraise, folder, set};
use crate::rows::{claim, money, row, whole};

fn found(rows: Vec<Row>) -> Vec<Contradiction> {
    whole(rows).contradictions
}

/// Kinds and statements, as the report orders them.
fn told(rows: Vec<Row>) -> Vec<(ContradictionKind, Vec<String>)> {
    found(rows)
        .into_iter()
        .map(|row| (row.kind, row.statements))
        .collect()
}

fn of(kind: ContradictionKind, statements: &[&str]) -> Vec<(ContradictionKind, Vec<String>)> {
    vec![(kind, statements.iter().map(|id| (*id).to_owned()).collect())]
}

#[test]
fn two_speakers_with_two_values_contradict_each_other_and_within_rounding_they_do_not() {
    let two = |a: &[(&str, &str)], b: &[(&str, &str)]| {
        told(vec![claim("C1", "P1", "S1", a), claim("C2", "P2", "S2", b)])
    };
    assert_eq!(
        two(&[("value", "19")], &[("value", "20")]),
        of(ContradictionKind::Speakers, &["C1", "C2"])
    );
    assert_eq!(two(&[("value", "19")], &[("value", "19")]), []);
    // As said to a tenth of a billion, the two are one figure.
    let rounded = &[("value", "3900000000"), ("as_said", "3.9 billion")];
    let exact = &[("value", "3940000000"), ("as_said", "3.94 billion")];
    assert_eq!(two(rounded, exact), []);
    let other = &[("value", "3980000000"), ("as_said", "3.98 billion")];
    assert_eq!(
        two(rounded, other),
        of(ContradictionKind::Speakers, &["C1", "C2"])
    );
    for qualifier in ["nearly", "about"] {
        let loose = &[("value", "1000"), ("qualifier", qualifier), ("as_said", "1,000")];
        assert_eq!(two(loose, &[("value", "960")]), [], "{qualifier}");
        assert_eq!(two(loose, &[("value", "900")]).len(), 1, "{qualifier}");
    }
    assert_eq!(
        two(&[("value", "1000"), ("qualifier", "about")], &[("value", "1040")]),
        []
    );
    assert_eq!(
        two(
            &[("value", "1000"), ("qualifier", "nearly")],
            &[("value", "1040")]
        )
        .len(),
        1
    );
}

#[test]
fn a_bound_contradicts_only_what_lies_beyond_it() {
    let against = |bound: &[(&str, &str)], value: &str| {
        told(vec![
            claim("C1", "P1", "S1", bound),
            claim("C2", "P2", "S2", &[("value", value)]),
        ])
        .len()
    };
    let more = &[("lower", "400000"), ("qualifier", "more_than")];
    assert_eq!(against(more, "400000"), 0);
    assert_eq!(against(more, "900000"), 0);
    assert_eq!(against(more, "399999"), 1);
    let less = &[("upper", "50"), ("qualifier", "less_than")];
    assert_eq!(against(less, "50"), 0);
    assert_eq!(against(less, "51"), 1);
    let between = &[("lower", "10"), ("upper", "20")];
    assert_eq!(
        (
            against(between, "9"),
            against(between, "15"),
            against(between, "21")
        ),
        (1, 0, 1)
    );
    // Two bounds leave something open for both, unless they exclude each other.
    assert_eq!(
        told(vec![
            claim("C1", "P1", "S1", more),
            claim(
                "C2",
                "P2",
                "S2",
                &[("upper", "300000"), ("qualifier", "less_than")]
            )
        ])
        .len(),
        1
    );
}

#[test]
fn what_is_about_something_else_is_not_compared() {
    for (heading, other) in [("subject", "another"), ("property", "width"), ("place_id", "B")] {
        let rows = vec![
            claim("C1", "P1", "S1", &[("value", "19")]),
            claim("C2", "P2", "S2", &[("value", "25"), (heading, other)]),
        ];
        assert_eq!(told(rows), [], "{heading}");
    }
    let later = claim(
        "C2",
        "P2",
        "S2",
        &[("value", "25"), ("period_start", "2012"), ("period_end", "2012")],
    );
    assert_eq!(told(vec![claim("C1", "P1", "S1", &[("value", "19")]), later]), []);
    let without = claim("C2", "P2", "S2", &[]);
    assert_eq!(
        told(vec![claim("C1", "P1", "S1", &[("value", "19")]), without]),
        []
    );
}

#[test]
fn speakers_stand_in_the_sentence_and_one_speaker_in_two_papers_is_one_voice() {
    let rows = found(vec![
        claim("C1", "P1", "S1", &[("value", "19")]),
        claim("C2", "P2", "S2", &[("value", "38")]),
    ]);
    let text = rows[0].sentence.to_string();
    assert!(
        text.contains("Speaker P1") && text.contains("Speaker P2"),
        "{text}"
    );
    assert!(
        text.contains("19") && text.contains("38") && text.contains("100%"),
        "{text}"
    );
    assert_eq!(rows[0].voices, 2);
    assert_eq!(
        rows[0].size.as_ref().map(ToString::to_string).as_deref(),
        Some("1")
    );
    let rows = found(vec![
        claim("C1", "P1", "S1", &[("value", "19")]),
        claim("C2", "P1", "S2", &[("value", "38")]),
    ]);
    assert_eq!(rows[0].voices, 1);
    assert!(
        rows[0]
            .sentence
            .to_string()
            .contains("One speaker stands behind all of them")
    );
    // Whoever is not named may be two.
    let rows = found(vec![
        claim(
            "C1",
            "P0",
            "S1",
            &[("value", "19"), ("attribution", "unattributed")],
        ),
        claim(
            "C2",
            "P0",
            "S2",
            &[("value", "38"), ("attribution", "unattributed")],
        ),
    ]);
    assert_eq!(rows[0].voices, 2);
}

#[test]
fn a_copy_is_never_a_second_voice() {
    // A source that copies another one.
    let rows = vec![
        claim("C1", "P1", "S1", &[("value", "19")]),
        claim("C2", "P2", "SC", &[("value", "25")]),
    ];
    assert_eq!(told(rows), []);
    // A transaction that repeats another one, beside a true second voice.
    let rows = found(vec![
        money("T1", "P1", "S1", &[("value", "100000")]),
        money("T2", "P2", "S2", &[("value", "100000"), ("copy_of", "T1")]),
        money("T3", "P3", "S3", &[("value", "150000")]),
    ]);
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].statements.clone(), rows[0].voices),
        (vec!["T1".to_owned(), "T3".to_owned()], 2)
    );
    assert_eq!(rows[0].copies, ["T2"]);
}

#[test]
fn a_power_of_ten_is_told_from_other_disagreement() {
    for (a, b, kind) in [
        ("32000", "320000", ContradictionKind::FactorOfTen),
        ("5.1", "51000", ContradictionKind::FactorOfTen),
        ("1.2", "120000000", ContradictionKind::FactorOfTen),
        ("32000", "290000", ContradictionKind::Speakers),
        ("32000", "64000", ContradictionKind::Speakers),
    ] {
        let rows = vec![
            claim("C1", "P1", "S1", &[("value", a)]),
            claim("C2", "P2", "S2", &[("value", b)]),
        ];
        assert_eq!(told(rows), of(kind, &["C1", "C2"]), "{a} {b}");
    }
}

#[test]
fn other_currencies_concepts_scopes_and_near_periods_are_definitions() {
    let both = |a: &[(&str, &str)], b: &[(&str, &str)]| {
        found(vec![claim("C1", "P1", "S1", a), claim("C2", "P2", "S2", b)])
    };
    for (a, b, what) in [
        (
            vec![("value", "7000"), ("unit", "CNY"), ("currency", "CNY")],
            vec![("value", "1000"), ("unit", "USD"), ("currency", "USD")],
            "currency",
        ),
        (
            vec![("value", "7000"), ("unit", "persons")],
            vec![("value", "9000"), ("unit", "person_times")],
            "concept",
        ),
        (
            vec![("value", "7000")],
            vec![("value", "900"), ("place_id", "A1")],
            "scope",
        ),
        (
            vec![("value", "7000")],
            vec![
                ("value", "9000"),
                ("period_start", "2010-01"),
                ("period_end", "2010-09"),
            ],
            "period",
        ),
    ] {
        let rows = both(&a, &b);
        assert_eq!(rows.len(), 1, "{what}");
        assert_eq!(
            (rows[0].kind, rows[0].differs_in.clone()),
            (ContradictionKind::Definition, vec![what.to_owned()])
        );
        assert!(
            rows[0].sentence.to_string().contains(what),
            "{}",
            rows[0].sentence
        );
    }
}

#[test]
fn one_exact_figure_under_two_years_is_told_and_a_round_one_is_not() {
    let under = |value: &str, start: &str| {
        told(vec![
            claim("C1", "P1", "S1", &[("value", value)]),
            claim(
                "C2",
                "P2",
                "S2",
                &[("value", value), ("period_start", start), ("period_end", start)],
            ),
        ])
    };
    let copied = of(ContradictionKind::CopiedUnderTwoYears, &["C1", "C2"]);
    assert_eq!(under("42248", "2014"), copied);
    assert_eq!(under("20", "2014"), []);
    assert_eq!(under("42248", "2010"), []);
    let rows = vec![
        money("T1", "P1", "S1", &[("value", "96400000000")]),
        money(
            "T2",
            "P2",
            "S2",
            &[
                ("value", "96400000000"),
                ("period_start", "2014"),
                ("period_end", "2019"),
                ("copy_of", "T1"),
            ],
        ),
    ];
    assert_eq!(
        told(rows),
        of(ContradictionKind::CopiedUnderTwoYears, &["T1", "T2"])
    );
}

#[test]
fn a_plan_and_what_came_of_it() {
    let came = |value: &str, end: &str| {
        told(vec![
            money("T1", "P1", "S1", &[("type", "plan"), ("value", "100")]),
            money("T2", "P2", "S2", &[("value", value), ("period_end", end)]),
        ])
    };
    let both = of(ContradictionKind::PlanActual, &["T1", "T2"]);
    assert_eq!(
        came("80", "2015").first().map(|one| one.0),
        Some(ContradictionKind::PlanActual)
    );
    assert_eq!(came("100", "2015"), []);
    // Before the period is over less is nothing to wonder at; more is.
    assert_eq!(came("80", "2013"), []);
    assert_eq!(came("120", "2013"), both);
    // A promise and a report of the same.
    let rows = vec![
        claim("C1", "P1", "S1", &[("act", "promises"), ("value", "100")]),
        claim("C2", "P2", "S2", &[("value", "60")]),
    ];
    assert_eq!(told(rows), of(ContradictionKind::PlanActual, &["C2", "C1"]));
    // A target that fell due, and what is on record for the date.
    let target = |id: &str, more: &[(&str, &str)]| {
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
    let rows = |actual: &str| {
        told(vec![
            target("R1", &[("target", "5000"), ("due_on", "2019-12-31")]),
            target("R2", &[("actual", actual), ("period", "2021")]),
        ])
    };
    assert_eq!(rows("4168"), of(ContradictionKind::PlanActual, &["R2", "R1"]));
    assert_eq!(rows("6000"), []);
}

#[test]
fn parts_beyond_their_whole_or_short_of_it() {
    let parts = |a: &str, b: &str| {
        told(vec![
            money("T0", "P1", "S1", &[("value", "100"), ("as_said", "100")]),
            money(
                "T1",
                "P1",
                "S1",
                &[("value", a), ("provider_id", "A"), ("part_of", "T0")],
            ),
            money(
                "T2",
                "P1",
                "S1",
                &[("value", b), ("provider_id", "X"), ("part_of", "T0")],
            ),
        ])
        .into_iter()
        .filter(|(kind, _)| *kind == ContradictionKind::TotalParts)
        .count()
    };
    assert_eq!(parts("60", "40"), 0);
    assert_eq!(parts("60", "50"), 1);
    assert_eq!(parts("60", "30"), 1);
    // One part alone is no account of the whole.
    let rows = vec![
        money("T0", "P1", "S1", &[("value", "100")]),
        money(
            "T1",
            "P1",
            "S1",
            &[("value", "60"), ("provider_id", "A"), ("part_of", "T0")],
        ),
    ];
    assert_eq!(told(rows), []);
    let rows = vec![
        money("T0", "P1", "S1", &[("value", "100")]),
        money(
            "T1",
            "P1",
            "S1",
            &[("value", "160"), ("provider_id", "A"), ("part_of", "T0")],
        ),
    ];
    assert_eq!(told(rows), of(ContradictionKind::TotalParts, &["T0", "T1"]));
    // A part said for the same ends and time as its whole is no rival of it, and neither is another part.
    let rows = vec![
        money("T0", "P1", "S1", &[("value", "100")]),
        money("T1", "P1", "S1", &[("value", "60"), ("part_of", "T0")]),
        money("T2", "P1", "S1", &[("value", "40"), ("part_of", "T0")]),
    ];
    assert_eq!(told(rows), []);
    // "More than 100" is not exceeded by its parts.
    let rows = vec![
        money("T0", "P1", "S1", &[("lower", "100"), ("qualifier", "more_than")]),
        money(
            "T1",
            "P1",
            "S1",
            &[("value", "160"), ("provider_id", "A"), ("part_of", "T0")],
        ),
    ];
    assert_eq!(told(rows), []);
}

#[test]
fn what_goes_to_a_part_cannot_be_more_than_goes_to_the_whole() {
    let rows = |value: &str| {
        told(vec![
            money("T1", "P1", "S1", &[("value", "10000")]),
            money("T2", "P2", "S2", &[("value", value), ("receiver_id", "A1")]),
        ])
    };
    assert_eq!(rows("9000"), []);
    assert_eq!(rows("12000"), of(ContradictionKind::TotalParts, &["T1", "T2"]));
    let rows = vec![
        money("T1", "P1", "S1", &[("value", "42248")]),
        money("T2", "P2", "S2", &[("value", "42248"), ("receiver_id", "A1")]),
    ];
    assert_eq!(told(rows), of(ContradictionKind::Definition, &["T1", "T2"]));
}

#[test]
fn a_longer_sum_is_not_smaller_than_what_lies_in_it() {
    let year = |id: &str, value: &str, year: &str| {
        money(
            id,
            "P2",
            "S2",
            &[
                ("value", value),
                ("basis", "annual"),
                ("period_start", year),
                ("period_end", year),
            ],
        )
    };
    let sum = || money("T1", "P1", "S1", &[("value", "1000")]);
    assert_eq!(told(vec![sum(), year("T2", "900", "2012")]), []);
    assert_eq!(
        told(vec![sum(), year("T2", "1200", "2012")]),
        of(ContradictionKind::CumulativeAnnual, &["T1", "T2"])
    );
    // Two years together.
    assert_eq!(
        told(vec![sum(), year("T2", "400", "2012"), year("T3", "500", "2013")]),
        []
    );
    let rows = told(vec![sum(), year("T2", "600", "2012"), year("T3", "700", "2013")]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].0, ContradictionKind::CumulativeAnnual);
    // Two statements about one year are not two years.
    let rows = told(vec![sum(), year("T2", "600", "2012"), year("T3", "600", "2012")]);
    assert_eq!(rows, []);
    // A later, longer sum that is smaller.
    let later = money("T2", "P2", "S2", &[("value", "800"), ("period_end", "2016")]);
    assert_eq!(
        told(vec![sum(), later]),
        of(ContradictionKind::CumulativeAnnual, &["T2", "T1"])
    );
}

#[test]
fn counts_of_people_are_compared_by_what_they_count() {
    let posting = |id: &str, count: &str, unit: &str| {
        row(
            TableId::Postings,
            &[
                ("posting_id", id),
                ("programme_id", "PR"),
                ("round_id", "R"),
                ("direction", "out"),
                ("provider_id", "B"),
                ("recipient_id", "A"),
                ("profession", "teachers"),
                ("count", count),
                ("unit", unit),
                ("period", "2018"),
                ("speaker_id", "P1"),
            ],
        )
    };
    let two = |a: Row, b: Row| told(vec![a, b]);
    assert_eq!(
        two(posting("O1", "400", "persons"), posting("O2", "500", "persons")),
        of(ContradictionKind::Speakers, &["O1", "O2"])
    );
    assert_eq!(
        two(
            posting("O1", "400", "persons"),
            posting("O2", "900", "person_times")
        ),
        of(ContradictionKind::Definition, &["O1", "O2"])
    );
    // A small count of persons is nowhere.
    let rows = whole(vec![
        posting("O1", "7", "persons"),
        posting("O2", "500", "persons"),
    ]);
    assert_eq!(rows.contradictions, []);
}

#[test]
fn an_accusation_carries_its_answers_into_the_sentence() {
    let rows = |answers: &str| {
        found(vec![
            claim(
                "C1",
                "P2",
                "S1",
                &[("act", "alleges"), ("value", "190"), ("text", "too many")],
            ),
            claim("C2", "P1", "S2", &[("value", "380")]),
            claim(
                "C3",
                "P1",
                "S3",
                &[
                    ("act", "denies"),
                    ("responds_to", answers),
                    ("text", "not so"),
                    ("property", "other"),
                ],
            ),
        ])
    };
    let text = rows("")[0].sentence.to_string();
    assert!(
        text.contains("Speaker P2 alleges 190 [no reply on record]"),
        "{text}"
    );
    let text = rows("C1")[0].sentence.to_string();
    assert!(text.contains("[in answer, Speaker P1 denies: not so]"), "{text}");
}

#[test]
fn a_round_figure_before_a_word_of_scale_is_a_rounding() {
    let exact = &[("value", "939571000000"), ("as_said", "939.571 billion")];
    let two = |value: &str, said: &str| {
        told(vec![
            claim("C1", "P1", "S1", &[("value", value), ("as_said", said)]),
            claim("C2", "P2", "S2", exact),
        ])
        .len()
    };
    assert_eq!(two("940000000000", "9400亿元"), 0);
    assert_eq!(two("941000000000", "941 billion"), 1);
    assert_eq!(two("950000000000", "9500亿元"), 1);
}

#[test]
fn another_row_of_the_same_table_does_not_hang_on_it() {
    let at = |id: &str, property: &str, value: &str, source: &str, speaker: &str| {
        claim(
            id,
            speaker,
            source,
            &[("value", value), ("property", property), ("locator", "p1")],
        )
    };
    let rows = found(vec![
        at("C1", "one", "190", "S1", "P1"),
        at("C2", "one", "380", "S2", "P2"),
        at("C3", "two", "190", "S1", "P1"),
    ]);
    assert_eq!(rows.len(), 1);
    assert!(rows[0].matters_to.is_empty(), "{:?}", rows[0].matters_to);
}

#[test]
fn what_hangs_on_a_contradiction_is_named() {
    let rows = found(vec![
        claim("C1", "P1", "S1", &[("value", "190")]),
        claim("C2", "P2", "S2", &[("value", "380")]),
        claim(
            "C4",
            "P2",
            "S2",
            &[("value", "50"), ("unit", "percent"), ("property", "share")],
        ),
        row(
            TableId::Derivations,
            &[
                ("derivation_id", "D1"),
                ("claim_id", "C4"),
                ("kind", "share"),
                ("operands", "C1;C2"),
                ("rounding", "unstated"),
            ],
        ),
    ]);
    assert_eq!(rows[0].matters_to, ["C4"]);
}

#[test]
fn on_the_lead_case_a_change_of_one_claim_changes_only_what_it_stands_in() {
    let read = folder("xinjiang");
    let mut case = read.case;
    case.studies.clear();
    case.lens_studies.clear();
    let before = appraise(case.clone(), read.tables.clone());
    let slip = before
        .contradictions
        .iter()
        .find(|row| row.kind == ContradictionKind::FactorOfTen)
        .expect("a slip of the unit");
    let [smaller, larger] = slip.said.as_slice() else {
        panic!("{slip:?}")
    };
    let mut tables = read.tables;
    let rows = tables.get_mut(&TableId::Claims).expect("claims");
    for row in rows
        .iter_mut()
        .filter(|row| row.text("claim_id") == Some(larger.id.as_str()))
    {
        let value = smaller.value.as_ref().expect("a value").to_string();
        set(
            row,
            "value",
            Some(Value::Decimal(value.parse().expect("a decimal"))),
        );
        set(row, "as_said", None);
    }
    let after = appraise(case, tables);
    let ids =
        |all: &Assessment| -> Vec<String> { all.contradictions.iter().map(|row| row.id.clone()).collect() };
    let (mut gone, now) = (ids(&before), ids(&after));
    assert!(now.iter().all(|id| gone.contains(id)));
    gone.retain(|id| !now.contains(id));
    assert_eq!(gone, std::slice::from_ref(&slip.id));
    let known: Vec<&str> = after
        .figures
        .iter()
        .map(|row| row.id.as_str())
        .chain(after.claims.iter().map(|row| row.id.as_str()))
        .chain(after.contradictions.iter().map(|row| row.id.as_str()))
        .collect();
    for row in &after.contradictions {
        for figure in row.sentence.figures() {
            assert!(known.contains(&figure.of.as_str()), "{}: {figure:?}", row.id);
        }
        assert!(row.said.len() > 1 && row.voices > 0, "{}", row.id);
    }
    let mut ids = ids(&after);
    let n = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), n, "an id stands for two contradictions");
}
