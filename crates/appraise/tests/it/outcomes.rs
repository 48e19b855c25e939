//! Outcomes: closed forms, one choice of vintages for every figure of a row, reasons where there is none.

use std::collections::BTreeSet;

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{OutcomeMeasure, OutcomeRow};
use counterpart_appraise::outcome::dispersion::{beta, sigma, theil};
use counterpart_model::case::Gap;
use counterpart_model::{Id, Row, TableId, Value};
use proptest::prelude::*;

use crate::cases::{appraise, folder, set};
use crate::rows::{case, claim, row};

fn close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b}");
}

#[test]
fn sigma_beta_and_theil_are_what_they_are_by_hand() {
    let e = std::f64::consts::E;
    // Logs 0, 1, 2: standard deviation 1.
    close(sigma(&[1.0, e, e * e]).expect("a number"), 1.0, 1e-14);
    assert_eq!(sigma(&[1.0]), None);
    assert_eq!(sigma(&[1.0, 0.0]), None);
    // First logs 0, 1, 2; growth a year over two years (2 − 0)/2 = 1, ½, 0: slope −½, a line that fits exactly.
    let last = [e * e, e * e, e * e];
    let line = beta(&[1.0, e, e * e], &last, 2.0).expect("a slope");
    close(line.slope, -0.5, 1e-12);
    // First logs 0, 1, 2, 3 and growth 3, 1, 1, 3 in one year: mean growth 2, slope (−1.5·1 + −.5·−1 + .5·−1 + 1.5·1)/5 = 0.
    let first = [1.0, e, e.powi(2), e.powi(3)];
    let grown = [e.powi(3), e.powi(2), e.powi(3), e.powi(6)];
    let flat = beta(&first, &grown, 1.0).expect("a slope");
    close(flat.slope, 0.0, 1e-12);
    // HC1: residuals 1, −1, −1, 1; Σx²e² = 5; bread 1/5; n/(n − 2) = 2: variance 2·5/25 = 0.4.
    close(flat.std_error.expect("an error"), 0.4_f64.sqrt(), 1e-12);
    // Shares of heads ¼ and ¾, values 1 and 3: mean 2.5.
    let (low, high) = (1.0 / 2.5, 3.0 / 2.5);
    let by_hand = 0.25 * low * f64::ln(low) + 0.75 * high * f64::ln(high);
    let parts = theil(&[1.0, 3.0], &[1.0, 3.0], &[0, 1]).expect("a number");
    close(parts.total, by_hand, 1e-15);
    close(parts.between, by_hand, 1e-15);
    close(parts.within, 0.0, 1e-15);
    // All equal: nothing.
    close(
        theil(&[2.0; 4], &[1.0, 2.0, 3.0, 4.0], &[0, 0, 1, 1])
            .expect("a number")
            .total,
        0.0,
        1e-15,
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn theil_is_within_plus_between_and_does_not_know_the_unit(
        rows in prop::collection::vec((0.001_f64..1e6, 0.001_f64..1e6, 0_usize..5), 2..40),
        unit in 1e-6_f64..1e6,
    ) {
        let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let groups: Vec<usize> = rows.iter().map(|row| row.2).collect();
        let parts = theil(&values, &weights, &groups).expect("positive values");
        prop_assert!((parts.total - parts.within - parts.between).abs() <= 1e-12 * (1.0 + parts.total.abs()));
        prop_assert!(parts.within >= -1e-12 && parts.between >= -1e-12);
        let scaled: Vec<f64> = values.iter().map(|value| value * unit).collect();
        let other = theil(&scaled, &weights, &groups).expect("positive values");
        prop_assert!((parts.total - other.total).abs() <= 1e-10 * (1.0 + parts.total));
    }
}

fn observation(place: &str, year: &str, vintage: &str, value: &str) -> Row {
    row(
        TableId::Observations,
        &[
            ("place_id", place),
            ("indicator_id", "income"),
            ("period", year),
            ("vintage_id", vintage),
            ("value", value),
        ],
    )
}

/// Income of A, B, C and the nation in the years and vintages given.
fn described(rows: Vec<Row>) -> Assessment {
    let mut all = rows;
    all.push(row(
        TableId::Places,
        &[
            ("place_id", "C"),
            ("name", "Place C"),
            ("level", "province"),
            ("parent_id", "N"),
        ],
    ));
    all.push(row(
        TableId::Indicators,
        &[
            ("indicator_id", "income"),
            ("name", "Income"),
            ("unit", "CNY"),
            ("kind", "level"),
            ("better", "higher"),
        ],
    ));
    for (id, kind) in [("V1", "edition"), ("V2", "edition"), ("VM", "mixed")] {
        all.push(row(
            TableId::Vintages,
            &[
                ("vintage_id", id),
                ("kind", kind),
                ("published_on", "2020"),
                ("population_basis", "census"),
            ],
        ));
    }
    let (mut case, tables) = case(all);
    case.gap = Some(Gap {
        place: Id::new("A"),
        nation: Id::new("N"),
        indicators: vec![Id::new("income")],
        fallback_nation: None,
        goals: vec![counterpart_model::case::Goal {
            place: Id::new("B"),
            claim: Id::new("C1"),
        }],
    });
    case.nation = Id::new("N");
    case.subject = Id::new("A");
    appraise(case, tables)
}

fn of(all: &Assessment, measure: OutcomeMeasure) -> Vec<&OutcomeRow> {
    all.outcomes.iter().filter(|row| row.measure == measure).collect()
}

/// Rows across the provinces of the nation.
fn across(all: &Assessment, measure: OutcomeMeasure) -> Vec<&OutcomeRow> {
    let mut rows = of(all, measure);
    rows.retain(|row| row.level.as_deref() == Some("province"));
    rows
}

fn value(row: &OutcomeRow) -> f64 {
    row.value.as_ref().expect("a value").as_f64()
}

fn series() -> Vec<Row> {
    let mut rows = vec![claim(
        "C1",
        "P2",
        "S2",
        &[("text", "B is to reach the nation"), ("unit", "")],
    )];
    for (place, first, last) in [
        ("A", "100", "121"),
        ("B", "200", "220"),
        ("C", "400", "400"),
        ("N", "250", "260"),
    ] {
        rows.push(observation(place, "2010", "V1", first));
        rows.push(observation(place, "2012", "V1", last));
    }
    rows
}

#[test]
fn growth_ratio_goal_and_convergence_of_three_places() {
    let all = described(series());
    let growth: Vec<&OutcomeRow> = of(&all, OutcomeMeasure::GrowthAverage)
        .into_iter()
        .filter(|row| row.place.as_deref() == Some("A"))
        .collect();
    assert_eq!(growth.len(), 1);
    close(value(growth[0]), 0.1, 1e-9);
    assert_eq!(growth[0].from, ["A/income/2010@V1", "A/income/2012@V1"]);
    // 2011 is missing, so that no year stands on the year before.
    assert!(of(&all, OutcomeMeasure::Growth).is_empty());
    let ratios: Vec<f64> = of(&all, OutcomeMeasure::Ratio).into_iter().map(value).collect();
    close(ratios[0], 0.4, 1e-9);
    let goal = of(&all, OutcomeMeasure::Goal);
    close(value(goal[0]), 220.0 / 260.0, 1e-9);
    let text = goal[0].sentence.to_string();
    assert!(
        text.starts_with("Speaker P2 reports: B is to reach the nation; "),
        "{text}"
    );
    assert!(
        text.contains("80% of the nation in 2010, 84.62% of the nation in 2012"),
        "{text}"
    );
    let slope = across(&all, OutcomeMeasure::Beta);
    assert_eq!((slope.len(), slope[0].n), (1, Some(3)));
    let by_hand = beta(&[100.0, 200.0, 400.0], &[121.0, 220.0, 400.0], 2.0).expect("a slope");
    close(value(slope[0]), by_hand.slope, 1e-9);
    let spread = of(&all, OutcomeMeasure::Sigma);
    assert_eq!(spread.len(), 2);
    close(
        value(spread[0]),
        sigma(&[100.0, 200.0, 400.0]).expect("a number"),
        1e-9,
    );
    for row in of(&all, OutcomeMeasure::Theil) {
        assert_eq!(row.weights.as_deref(), Some("one place, one weight"));
    }
}

#[test]
fn vintages_are_never_mixed_and_what_is_put_together_describes_no_change() {
    let mut rows = series();
    rows.push(observation("A", "2013", "V2", "999"));
    rows.push(observation("A", "2010", "VM", "100"));
    rows.push(observation("A", "2011", "VM", "150"));
    let all = described(rows);
    for row in all
        .outcomes
        .iter()
        .filter(|row| row.measure == OutcomeMeasure::GrowthAverage)
    {
        let vintage = row.vintage.clone().unwrap_or_default();
        for id in row.from.iter().filter(|id| id.contains('@')) {
            assert!(id.ends_with(&format!("@{vintage}")), "{row:?}");
        }
    }
    let reason = |vintage: &str| {
        all.outcomes
            .iter()
            .find(|row| {
                row.measure == OutcomeMeasure::GrowthAverage
                    && row.place.as_deref() == Some("A")
                    && row.vintage.as_deref() == Some(vintage)
            })
            .and_then(|row| row.not_computed.clone())
            .expect("a reason")
    };
    assert!(reason("VM").contains("puts several editions together"));
    assert!(reason("V2").contains("one year"));
}

#[test]
fn a_place_that_lacks_a_year_is_left_out_by_name_and_zero_has_no_logarithm() {
    let mut rows = series();
    for (id, level) in [("D", "province"), ("E", "province")] {
        rows.push(row(
            TableId::Places,
            &[
                ("place_id", id),
                ("name", id),
                ("level", level),
                ("parent_id", "N"),
            ],
        ));
    }
    rows.push(observation("D", "2010", "V1", "50"));
    let all = described(rows.clone());
    let slope = across(&all, OutcomeMeasure::Beta);
    assert_eq!(
        (slope[0].n, slope[0].lacking.as_slice()),
        (Some(3), ["D".to_owned(), "E".to_owned()].as_slice())
    );
    rows.push(observation("D", "2012", "V1", "0"));
    let all = described(rows);
    let slope = across(&all, OutcomeMeasure::Beta);
    assert!(
        slope[0]
            .not_computed
            .as_ref()
            .expect("a reason")
            .contains("logarithm")
    );
    assert!(of(&all, OutcomeMeasure::Sigma).is_empty());
}

#[test]
fn poverty_is_a_claim_with_its_own_words_as_definition() {
    let rows = vec![
        claim(
            "C2",
            "P1",
            "S1",
            &[
                ("property", "persons_in_poverty"),
                ("value", "5000000"),
                ("unit", "persons"),
                ("text", "so many live on less than a dollar"),
            ],
        ),
        claim(
            "C3",
            "P1",
            "S1",
            &[("property", "poverty_pledge"), ("text", "a pledge")],
        ),
    ];
    let all = described(rows);
    let poverty = of(&all, OutcomeMeasure::Poverty);
    assert_eq!(poverty.len(), 1);
    assert_eq!(
        poverty[0].definition.as_deref(),
        Some("so many live on less than a dollar")
    );
    assert_eq!(poverty[0].from, ["C2"]);
}

#[test]
fn one_changed_observation_changes_what_was_computed_from_it_and_nothing_else() {
    let before = described(series());
    let mut rows = series();
    let changed = rows
        .iter_mut()
        .find(|row| row.table == TableId::Observations && row.text("place_id") == Some("B"))
        .expect("an observation of B");
    set(changed, "value", Some(Value::Decimal(300.into())));
    let after = described(rows);
    let mut moved = BTreeSet::new();
    for (a, b) in before.outcomes.iter().zip(&after.outcomes) {
        assert_eq!(a.id, b.id);
        if a != b {
            moved.insert(a.measure);
            let about = a.place.as_deref() == Some("B") || a.level.is_some();
            assert!(about, "{}", a.id);
        }
    }
    for measure in [
        OutcomeMeasure::Sigma,
        OutcomeMeasure::Beta,
        OutcomeMeasure::Theil,
        OutcomeMeasure::Goal,
    ] {
        assert!(moved.contains(&measure), "{measure:?}");
    }
}

#[test]
fn a_number_or_a_reason_and_everything_a_sentence_points_at_is_there() {
    let mut case = folder("xinjiang");
    case.case.studies.clear();
    case.case.lens_studies.clear();
    let all = appraise(case.case, case.tables);
    let mut known: BTreeSet<&str> = all.outcomes.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(known.len(), all.outcomes.len());
    known.extend(all.claims.iter().map(|claim| claim.id.as_str()));
    for row in &all.outcomes {
        assert!(
            row.value.is_some() || row.lower.is_some() || row.not_computed.is_some(),
            "{}",
            row.id
        );
        assert!(!row.from.is_empty(), "{}", row.id);
        for figure in row.sentence.figures() {
            assert!(known.contains(figure.of.as_str()), "{}: {figure:?}", row.id);
        }
    }
    for row in of(&all, OutcomeMeasure::Ratio)
        .iter()
        .filter(|row| row.value.is_some())
    {
        assert!(row.vintage.is_some(), "{}", row.id);
    }
}
