//! Duties: what a rule makes of a base, against what was paid over just that period.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{Duty, DutyInput, DutyStatus, Number};
use counterpart_model::{Decimal, Row, TableId};
use proptest::prelude::*;

use crate::cases::{appraise, folder};
use crate::rows::{case, money, row};

fn rule(id: &str, more: &[(&str, &str)]) -> Row {
    let defaults = [
        ("rule_id", id),
        ("programme_id", "PR"),
        ("kind", "contribution"),
        ("who_id", "G"),
        ("base_indicator", "revenue"),
        ("period_start", "2011"),
        ("period_end", "2012"),
        ("text", "a share is owed"),
        ("speaker_id", "P1"),
    ];
    let mut cells: Vec<(&str, &str)> = more.to_vec();
    cells.extend(
        defaults
            .iter()
            .filter(|(name, _)| !more.iter().any(|(other, _)| other == name)),
    );
    row(TableId::Rules, &cells)
}

fn observed(place: &str, indicator: &str, year: &str, vintage: &str, value: &str) -> Row {
    row(
        TableId::Observations,
        &[
            ("place_id", place),
            ("indicator_id", indicator),
            ("period", year),
            ("vintage_id", vintage),
            ("value", value),
            ("unit", "CNY"),
        ],
    )
}

/// Indicators, vintages, the programme and a group of B, and of A1 that lies in A.
fn with(mut rows: Vec<Row>, members: &[&str]) -> Assessment {
    for (id, name) in [
        ("revenue", "Budget revenue"),
        ("product", "Gross domestic product"),
    ] {
        rows.push(row(
            TableId::Indicators,
            &[
                ("indicator_id", id),
                ("name", name),
                ("unit", "CNY"),
                ("kind", "level"),
                ("better", "higher"),
            ],
        ));
    }
    for (id, published) in [("old", "2013"), ("new", "2015")] {
        rows.push(row(
            TableId::Vintages,
            &[
                ("vintage_id", id),
                ("series", "s"),
                ("kind", "edition"),
                ("published_on", published),
            ],
        ));
    }
    rows.push(row(
        TableId::Programmes,
        &[("programme_id", "PR"), ("name", "Programme"), ("nation_id", "N")],
    ));
    rows.push(row(
        TableId::Places,
        &[
            ("place_id", "G"),
            ("name", "Group"),
            ("level", "group"),
            ("parent_id", "N"),
        ],
    ));
    for member in members {
        rows.push(row(
            TableId::PlaceMembers,
            &[("group_id", "G"), ("place_id", member)],
        ));
    }
    let (case, tables) = case(rows);
    appraise(case, tables)
}

fn paid(id: &str, year: &str, value: &str) -> Row {
    money(
        id,
        "P1",
        "S1",
        &[
            ("programme_id", "PR"),
            ("basis", "annual"),
            ("period_start", year),
            ("period_end", year),
            ("value", value),
        ],
    )
}

fn duty<'a>(assessment: &'a Assessment, rule: &str, provider: &str, period: &str) -> &'a Duty {
    let found = assessment
        .duties
        .iter()
        .find(|row| row.rule == rule && row.provider == provider && row.period == period && row.base_named);
    found.unwrap_or_else(|| panic!("no duty of {provider} over {period}"))
}

fn text(number: Option<&Number>) -> Option<&str> {
    number.map(Number::as_str)
}

#[test]
fn a_range_is_met_missed_or_passed() {
    for (value, status) in [
        ("2.9", DutyStatus::Below),
        ("3", DutyStatus::Met),
        ("6", DutyStatus::Met),
        ("6.1", DutyStatus::Above),
    ] {
        let assessment = with(
            vec![
                rule("R", &[("rate_lower", "0.003"), ("rate_upper", "0.006")]),
                observed("B", "revenue", "2011", "new", "1000"),
                paid("T1", "2011", value),
            ],
            &["B"],
        );
        let row = duty(&assessment, "R", "B", "2011");
        assert_eq!(
            (text(row.owed_low.as_ref()), text(row.owed_high.as_ref())),
            (Some("3"), Some("6"))
        );
        assert_eq!(
            (row.status, row.paid.as_slice()),
            (status, &["T1".to_owned()][..]),
            "{value}"
        );
    }
}

#[test]
fn an_earlier_year_is_the_base_where_the_rule_says_so() {
    let assessment = with(
        vec![
            rule("R", &[("rate_lower", "0.01"), ("base_lag", "1")]),
            observed("B", "revenue", "2010", "new", "500"),
            observed("B", "revenue", "2011", "new", "1000"),
            paid("T1", "2011", "7"),
        ],
        &["B"],
    );
    let row = duty(&assessment, "R", "B", "2011");
    assert_eq!(
        (text(row.base.as_ref()), row.base_period.as_deref()),
        (Some("500"), Some("2010"))
    );
    assert_eq!(
        (text(row.owed_low.as_ref()), row.owed_high.is_none()),
        (Some("5"), true)
    );
    assert_eq!(row.status, DutyStatus::Met);
}

#[test]
fn what_is_missing_is_named() {
    let without_base = with(
        vec![rule("R", &[("rate_lower", "0.01")]), paid("T1", "2011", "7")],
        &["B"],
    );
    assert_eq!(duty(&without_base, "R", "B", "2011").missing, [DutyInput::Base]);
    let without_rate = with(
        vec![
            rule("R", &[]),
            observed("B", "revenue", "2011", "new", "1000"),
            paid("T1", "2011", "7"),
        ],
        &["B"],
    );
    let row = duty(&without_rate, "R", "B", "2011");
    assert_eq!(
        (row.status, row.missing.as_slice()),
        (DutyStatus::NotCheckable, &[DutyInput::Rate][..])
    );
    assert_eq!(text(row.share_of_base.as_ref()), Some("0.007"));
    let without_payment = with(
        vec![
            rule("R", &[("rate_lower", "0.01")]),
            observed("B", "revenue", "2011", "new", "1000"),
        ],
        &["B"],
    );
    let row = duty(&without_payment, "R", "B", "2011");
    assert_eq!(row.missing, [DutyInput::Payment]);
    assert_eq!(text(row.owed_low.as_ref()), Some("10"));
    let other_period = with(
        vec![
            rule("R", &[("rate_lower", "0.01")]),
            observed("B", "revenue", "2011", "new", "1000"),
            money("T1", "P1", "S1", &[("programme_id", "PR"), ("value", "70")]),
        ],
        &["B"],
    );
    let row = duty(&other_period, "R", "B", "2011");
    assert_eq!(row.missing, [DutyInput::Period]);
    assert!(
        row.reason
            .as_ref()
            .is_some_and(|reason| reason.contains("2010 to 2015"))
    );
}

#[test]
fn a_years_duty_never_meets_a_sum_of_years_and_a_span_meets_exactly_its_own() {
    let assessment = with(
        vec![
            rule("R", &[("rate_lower", "0.01")]),
            observed("B", "revenue", "2011", "new", "1000"),
            observed("B", "revenue", "2012", "new", "2000"),
            money(
                "T1",
                "P1",
                "S1",
                &[
                    ("programme_id", "PR"),
                    ("period_start", "2011"),
                    ("period_end", "2012"),
                    ("value", "29"),
                ],
            ),
        ],
        &["B"],
    );
    for year in ["2011", "2012"] {
        let row = duty(&assessment, "R", "B", year);
        assert!(row.paid.is_empty() && row.status == DutyStatus::NotCheckable);
    }
    let span = duty(&assessment, "R", "B", "2011/2012");
    assert_eq!(text(span.base.as_ref()), Some("3000"));
    assert_eq!(
        (span.status, span.paid.as_slice()),
        (DutyStatus::Below, &["T1".to_owned()][..])
    );
}

#[test]
fn a_span_is_met_by_its_single_years_only_where_every_one_has_a_sum() {
    let years = |rows: Vec<Row>| {
        let mut all = vec![
            rule("R", &[("rate_lower", "0.01"), ("rate_upper", "0.02")]),
            observed("B", "revenue", "2011", "new", "1000"),
            observed("B", "revenue", "2012", "new", "2000"),
        ];
        all.extend(rows);
        let assessment = with(all, &["B"]);
        let span = duty(&assessment, "R", "B", "2011/2012");
        (
            span.status,
            span.paid.clone(),
            text(span.paid_value.as_ref()).map(str::to_owned),
        )
    };
    let both = years(vec![paid("T1", "2011", "10"), paid("T2", "2012", "20")]);
    assert_eq!(
        both,
        (
            DutyStatus::Met,
            vec!["T1".to_owned(), "T2".to_owned()],
            Some("30".to_owned())
        )
    );
    let below = years(vec![paid("T1", "2011", "10"), paid("T2", "2012", "19.99")]);
    assert_eq!(below.0, DutyStatus::Below);
    let one = years(vec![paid("T1", "2011", "10")]);
    assert_eq!((one.0, one.1.len()), (DutyStatus::NotCheckable, 0));
    // What somebody states for the span itself is not replaced.
    let stated = money(
        "T0",
        "P1",
        "S1",
        &[
            ("programme_id", "PR"),
            ("period_start", "2011"),
            ("period_end", "2012"),
            ("value", "29"),
        ],
    );
    let span = years(vec![stated, paid("T1", "2011", "10"), paid("T2", "2012", "20")]);
    assert_eq!(span.1, ["T0".to_owned()]);
}

#[test]
fn what_is_off_by_less_than_is_printed_is_printed_in_full() {
    let assessment = with(
        vec![
            rule("R", &[("rate_lower", "0.003"), ("period_end", "2011")]),
            observed("B", "revenue", "2011", "new", "1002000"),
            paid("T1", "2011", "3005.9"),
        ],
        &["B"],
    );
    let sentence = duty(&assessment, "R", "B", "2011").sentence.to_string();
    assert!(
        sentence.contains("3,005.9 yuan") && sentence.contains("0.29999% of the base"),
        "{sentence}"
    );
}

#[test]
fn a_plan_stands_beside_a_duty_and_pays_nothing() {
    let plan = money(
        "T1",
        "P1",
        "S1",
        &[
            ("programme_id", "PR"),
            ("basis", "annual"),
            ("type", "plan"),
            ("period_start", "2011"),
            ("period_end", "2011"),
            ("value", "20"),
        ],
    );
    let assessment = with(
        vec![
            rule("R", &[("rate_lower", "0.01")]),
            observed("B", "revenue", "2011", "new", "1000"),
            plan,
        ],
        &["B"],
    );
    let row = duty(&assessment, "R", "B", "2011");
    assert!(row.paid.is_empty() && row.paid_value.is_none());
    assert_eq!(row.status, DutyStatus::NotCheckable);
    assert_eq!(
        (row.against[0].step.as_str(), row.against[0].status),
        ("plan", DutyStatus::Met)
    );
}

#[test]
fn together_needs_every_giver_in_one_vintage_and_counts_an_inner_one_once() {
    let all = |a: &str, b: &str| {
        with(
            vec![
                rule("R", &[("rate_lower", "0.01")]),
                observed("A", "revenue", "2011", a, "1000"),
                observed("A1", "revenue", "2011", a, "400"),
                observed("B", "revenue", "2011", b, "500"),
            ],
            &["A", "A1", "B"],
        )
    };
    let one = all("new", "new");
    assert_eq!(text(duty(&one, "R", "G", "2011").base.as_ref()), Some("1500"));
    // Apart from the region that holds it, each has its own base.
    assert_eq!(text(duty(&one, "R", "A", "2011").base.as_ref()), Some("600"));
    assert_eq!(text(duty(&one, "R", "A1", "2011").base.as_ref()), Some("400"));
    let two = all("old", "new");
    let row = duty(&two, "R", "G", "2011");
    assert!(row.base.is_none() && row.missing.contains(&DutyInput::Base));
    assert!(
        row.reason
            .as_ref()
            .is_some_and(|reason| reason.contains("Place B")),
        "{:?}",
        row.reason
    );
}

#[test]
fn every_base_and_vintage_on_record_is_evaluated() {
    let assessment = with(
        vec![
            rule("R", &[("rate_lower", "0.01")]),
            observed("B", "revenue", "2011", "old", "900"),
            observed("B", "revenue", "2011", "new", "1000"),
            observed("B", "product", "2011", "new", "9000"),
        ],
        &["B"],
    );
    let row = duty(&assessment, "R", "B", "2011");
    assert_eq!(row.base_vintage.as_deref(), Some("new"));
    assert_eq!(row.vintages.len(), 1);
    assert_eq!(row.vintages[0].owed_low.as_ref().map(Number::as_str), Some("9"));
    let other = assessment
        .duties
        .iter()
        .find(|row| row.provider == "B" && row.period == "2011" && !row.base_named)
        .expect("a duty on the other base");
    assert_eq!(
        (other.base_indicator.as_str(), text(other.owed_low.as_ref())),
        ("product", Some("90"))
    );
    assert!(assessment.figures.iter().any(|figure| figure.id == row.from[1]));
}

#[test]
fn growth_is_taken_of_the_year_before() {
    let assessment = with(
        vec![
            rule(
                "R",
                &[
                    ("kind", "growth"),
                    ("who_id", "B"),
                    ("base_indicator", "flow:pairing_fund"),
                    ("rate_lower", "0.08"),
                    ("rate_upper", "0.08"),
                ],
            ),
            paid("T1", "2011", "100"),
            paid("T2", "2012", "107"),
        ],
        &["B"],
    );
    let row = duty(&assessment, "R", "B", "2012");
    assert_eq!(
        (text(row.base.as_ref()), text(row.owed_low.as_ref())),
        (Some("100"), Some("108"))
    );
    assert_eq!(row.status, DutyStatus::Below);
}

#[test]
fn the_second_case_runs_through_the_same_rules() {
    let mut case = folder("wenchuan");
    case.case.studies.clear();
    case.case.lens_studies.clear();
    let assessment = appraise(case.case, case.tables);
    let lagged = assessment
        .duties
        .iter()
        .filter(|row| row.kind == "contribution" && row.base_named && row.owed_low.is_some())
        .collect::<Vec<_>>();
    assert!(!lagged.is_empty());
    for row in lagged {
        let (base, low) = (
            row.base.as_ref().expect("a base"),
            row.owed_low.as_ref().expect("a duty"),
        );
        let hundredth = base.as_str().parse::<Decimal>().expect("a decimal") / Decimal::ONE_HUNDRED;
        assert_eq!(low.as_str().parse::<Decimal>().expect("a decimal"), hundredth);
        assert!(row.base_period.is_some());
    }
}

#[test]
fn every_id_that_a_duty_rests_on_is_in_the_report() {
    for name in ["xinjiang", "wenchuan"] {
        let mut case = folder(name);
        case.case.studies.clear();
        case.case.lens_studies.clear();
        let assessment = appraise(case.case, case.tables);
        let known: std::collections::BTreeSet<&str> = assessment
            .figures
            .iter()
            .map(|row| row.id.as_str())
            .chain(assessment.transactions.iter().map(|row| row.id.as_str()))
            .chain(assessment.rules.iter().map(|row| row.id.as_str()))
            .collect();
        let mut ids = std::collections::BTreeSet::new();
        for row in &assessment.duties {
            assert!(ids.insert(&row.id), "{} twice", row.id);
            for id in row
                .from
                .iter()
                .chain(&row.paid)
                .chain(row.vintages.iter().flat_map(|one| &one.from))
            {
                assert!(known.contains(id.as_str()), "{id} of {}", row.id);
            }
            assert!(
                row.status != DutyStatus::NotCheckable || row.reason.is_some(),
                "{}",
                row.id
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        rng_seed: proptest::test_runner::RngSeed::Fixed(21),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_duty_scales_with_its_base(base in 1_i64..1_000_000_000_000, times in 2_i64..1000) {
        let owed = |base: i64| {
            let assessment = with(
                vec![
                    rule("R", &[("rate_lower", "0.003"), ("rate_upper", "0.006")]),
                    observed("B", "revenue", "2011", "new", &base.to_string()),
                ],
                &["B"],
            );
            let row = duty(&assessment, "R", "B", "2011").clone();
            let number = |number: Option<Number>| -> Decimal {
                number.expect("a number").as_str().parse().expect("a decimal")
            };
            (number(row.owed_low), number(row.owed_high))
        };
        let (low, high) = owed(base);
        let (low_more, high_more) = owed(base * times);
        prop_assert_eq!(low * Decimal::from(times), low_more);
        prop_assert_eq!(high * Decimal::from(times), high_more);
    }
}

/// What totals and duties come to, without any name.
fn findings(assessment: &Assessment) -> (Vec<String>, Vec<String>) {
    let totals = assessment.totals.iter().map(|row| {
        let codes: Vec<String> = row.left_out.iter().map(|row| format!("{:?}", row.code)).collect();
        let stated: Vec<(&str, usize)> = row
            .stated
            .iter()
            .map(|row| (row.difference.as_str(), row.parts.len()))
            .collect();
        format!(
            "{:?} {} {codes:?} {stated:?} {}",
            row.value,
            row.addends.len(),
            row.through.len()
        )
    });
    let duties = assessment.duties.iter().map(|row| {
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {} {} {}",
            row.base,
            row.owed_low,
            row.owed_high,
            row.paid_value,
            row.status,
            row.missing,
            row.against.len(),
            row.vintages.len(),
            row.together
        )
    });
    (totals.collect(), duties.collect())
}

#[test]
fn other_ids_names_and_years_come_to_the_same_money() {
    for name in ["xinjiang", "wenchuan"] {
        let without_studies = |mut case: counterpart_model::case::Case, tables| {
            case.lens_studies.clear();
            case.studies.clear();
            findings(&appraise(case, tables))
        };
        let case = folder(name);
        let straight = without_studies(case.case, case.tables);
        let (case, tables) = crate::renamed::renamed(name);
        let other = without_studies(case, tables);
        let sorted = |mut all: Vec<String>| {
            all.sort();
            all
        };
        assert_eq!(sorted(straight.0), sorted(other.0), "{name}");
        assert_eq!(sorted(straight.1), sorted(other.1), "{name}");
    }
}

/// A payment of one year by all together, with a value that is qualified: no total holds it.
const TRANSACTION: &str = "T067";

#[test]
fn one_transaction_moves_what_holds_it_and_nothing_else() {
    let run = |value: Option<&str>| {
        let mut case = folder("xinjiang");
        case.case.studies.clear();
        case.case.lens_studies.clear();
        let rows = case.tables.get_mut(&TableId::Transactions).expect("transactions");
        if let Some(value) = value {
            let row = rows
                .iter_mut()
                .find(|row| row.key() == TRANSACTION)
                .expect("the transaction");
            crate::cases::set(
                row,
                "value",
                Some(counterpart_model::Value::Decimal(
                    value.parse().expect("a decimal"),
                )),
            );
        }
        appraise(case.case, case.tables)
    };
    let (before, after) = (run(None), run(Some("24000000000")));
    for (one, two) in before.duties.iter().zip(&after.duties) {
        let holds = one.paid.iter().any(|id| id == TRANSACTION);
        assert_eq!(one.id, two.id);
        assert_eq!(one != two, holds, "{}", one.id);
        if holds && one.rate_low.is_some() {
            assert!(one.status != two.status || one.share_of_base != two.share_of_base);
        }
    }
    for (one, two) in before.totals.iter().zip(&after.totals) {
        assert_eq!(one.id, two.id);
        let holds = one.addends.iter().any(|id| id == TRANSACTION);
        assert_eq!(one.value != two.value, holds, "{}", one.id);
    }
}
