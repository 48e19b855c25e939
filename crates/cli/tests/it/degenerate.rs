//! Input that identifies little or nothing, through the program, for every method: an answer says what is wrong with it,
//! or there is none; a number that only looks fine never comes out.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Ran, run};

const METHODS: [&str; 8] = [
    "did",
    "event-study",
    "callaway-santanna",
    "sun-abraham",
    "imputation",
    "dose",
    "synthetic-control",
    "synthetic-did",
];

/// A number between −1 and 1 that has no pattern.
fn noise(unit: usize, period: i64) -> f64 {
    let mut x = (unit as u64 + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add((period as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9));
    x ^= x >> 31;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 29;
    (x >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

type Outcome = fn(usize, i64, Option<i64>) -> f64;

fn noisy(unit: usize, period: i64, first: Option<i64>) -> f64 {
    let effect = f64::from(first.is_some_and(|g| period >= g));
    unit as f64 + 0.3 * period as f64 + effect + noise(unit, period)
}

/// Writes a panel; each unit is its first treated period.
fn write(home: &Path, first: &[Option<i64>], periods: i64, outcome: Outcome) {
    let mut text = String::from("unit,t,y,g,d,x,twice,apart\n");
    for (unit, g) in first.iter().enumerate() {
        for t in 1..=periods {
            let (cohort, dose) = g.map_or((String::new(), 0), |g| (g.to_string(), unit % 3 + 1));
            let x = noise(unit + 50, t);
            let apart = noise(unit + 90, t) + if g.is_some() { 9.0 } else { 0.0 };
            let y = outcome(unit, t, *g);
            let _ = writeln!(text, "u{unit:02},{t},{y},{cohort},{dose},{x},{},{apart}", 2.0 * x);
        }
    }
    fs::write(home.join("p.csv"), text).expect("a panel");
}

fn ask(home: &Path, method: &str, more: &[&str]) -> Ran {
    let mut arguments = vec![
        "estimate",
        "p.csv",
        "--outcome",
        "y",
        "--unit",
        "unit",
        "--time",
        "t",
        "--first-treated",
        "g",
        "--method",
        method,
        "--json",
        "--draws",
        "99",
    ];
    if method == "dose" {
        arguments.extend(["--dose", "d"]);
    }
    arguments.extend(more);
    run(home, &arguments)
}

/// What is never allowed to come out.
fn sound(ran: &Ran, what: &str) -> Value {
    let document = ran.json();
    for row in document["estimates"].as_array().expect("rows") {
        for key in ["estimate", "std_error", "p_value", "conf_low", "conf_high"] {
            if let Some(value) = row.get(key) {
                let value = value.as_f64().unwrap_or(f64::NAN);
                assert!(value.is_finite(), "{what}: {key} is {value}");
            }
        }
        if let Some(error) = row["std_error"].as_f64() {
            assert!(error > 0.0, "{what}: a standard error of {error}");
        }
        if let Some(p) = row["p_value"].as_f64() {
            assert!((0.0..=1.0).contains(&p), "{what}: p is {p}");
        }
    }
    document
}

/// The methods answer or refuse; of each answer `holds` is asked.
fn every(
    what: &str,
    first: &[Option<i64>],
    periods: i64,
    outcome: Outcome,
    more: &[&str],
    holds: impl Fn(&str, Option<&Value>, &Ran),
) {
    let home = tempfile::tempdir().expect("a folder");
    write(home.path(), first, periods, outcome);
    for method in METHODS {
        let ran = ask(home.path(), method, more);
        match ran.code {
            Some(0) => holds(method, Some(&sound(&ran, &format!("{what}, {method}"))), &ran),
            Some(2) => holds(method, None, &ran),
            other => assert_eq!(other, Some(0), "{what}, {method}: {}", ran.err),
        }
    }
}

fn has(document: &Value, code: &str) -> bool {
    document["warnings"]
        .as_array()
        .is_some_and(|list| list.iter().any(|one| one["code"] == code))
}

fn any_error(document: &Value) -> bool {
    document["estimates"]
        .as_array()
        .is_some_and(|rows| rows.iter().any(|row| row.get("std_error").is_some()))
}

const N: Option<i64> = None;
const A: Option<i64> = Some(3);

#[test]
fn no_never_treated_unit() {
    every(
        "no never-treated",
        &[A, A, Some(4), Some(4), Some(5), Some(5)],
        7,
        noisy,
        &[],
        |method, answer, ran| match answer {
            Some(document) => assert!(has(document, "no_never_treated"), "{method}"),
            None => assert!(
                ran.err.contains("no_never_treated") || ran.err.contains("no unit stays untreated"),
                "{method} {}",
                ran.err
            ),
        },
    );
}

#[test]
fn all_treated_at_once_or_from_the_start_or_nobody() {
    for first in [[A; 6], [Some(1), Some(1), Some(1), N, N, N], [N; 6]] {
        every(
            "nobody to compare",
            &first,
            6,
            noisy,
            &[],
            |method, answer, ran| {
                // Doses differ although all are treated at once; that can be compared.
                if !(method == "dose" && first[5] == A) {
                    assert!(answer.is_none(), "{method}");
                    assert_eq!(ran.json()["schema"], "counterpart.faults/1", "{method}");
                }
            },
        );
    }
}

#[test]
fn one_treated_unit_has_no_standard_error_but_placebos() {
    let mut first = [N; 9];
    first[0] = Some(6);
    every(
        "one treated",
        &first,
        8,
        noisy,
        &[],
        |method, answer, ran| match (method, answer) {
            ("synthetic-control", None) => assert!(ran.out.contains("not unique"), "{}", ran.out),
            ("synthetic-control", Some(document)) => {
                assert!(has(document, "cohort_of_one") && !any_error(document));
            }
            ("synthetic-did", _) => {}
            (_, Some(document)) => {
                assert!(
                    !any_error(document),
                    "{method}: a standard error from one treated unit"
                );
                assert!(
                    has(document, "one_treated_cluster") && has(document, "cohort_of_one"),
                    "{method}"
                );
            }
            (_, None) => assert_eq!(ran.code, Some(0), "{method}: {}", ran.out),
        },
    );
}

#[test]
fn cohorts_of_one_have_none_of_their_own() {
    every(
        "cohorts of one",
        &[A, Some(4), Some(5), N, N, N, N],
        7,
        noisy,
        &[],
        |method, answer, _| {
            let Some(document) = answer else { return };
            assert!(has(document, "cohort_of_one"), "{method}");
            if matches!(method, "callaway-santanna" | "sun-abraham" | "imputation") {
                assert!(!any_error(document), "{method}");
            }
        },
    );
    // Beside larger cohorts the average keeps its error, and what it leaves out is said.
    let first = [A, A, A, Some(5), N, N, N, N];
    every(
        "a cohort of one among others",
        &first,
        7,
        noisy,
        &[],
        |method, answer, _| {
            let Some(document) = answer else { return };
            if matches!(method, "callaway-santanna" | "sun-abraham" | "imputation") {
                assert!(
                    any_error(document) && has(document, "one_treated_cluster"),
                    "{method}"
                );
                for row in document["estimates"]
                    .as_array()
                    .expect("rows")
                    .iter()
                    .filter(|row| row["group"] == 5)
                {
                    assert!(row.get("std_error").is_none(), "{method}: {row}");
                }
            }
        },
    );
}

#[test]
fn one_comparison_unit_has_none_either() {
    every(
        "one control",
        &[A, A, A, N],
        6,
        noisy,
        &[],
        |method, answer, ran| match answer {
            Some(document) => {
                assert!(
                    !any_error(document) && has(document, "one_comparison_cluster"),
                    "{method}"
                );
            }
            None => assert!(ran.out.contains("donors"), "{method}: {}", ran.out),
        },
    );
}

#[test]
fn outcomes_that_do_not_vary() {
    every(
        "constant",
        &[A, A, N, N],
        5,
        |_, _, _| 2.0,
        &[],
        |method, answer, ran| {
            assert!(
                answer.is_none() && ran.out.contains("an outcome that varies"),
                "{method}"
            );
        },
    );
    // Nothing is left after unit and period: an exact fit has no standard error.
    let exact: Outcome = |unit, t, _| unit as f64 + t as f64;
    every(
        "an exact fit",
        &[A, A, A, N, N, N],
        6,
        exact,
        &[],
        |method, answer, _| {
            if let Some(document) = answer {
                assert!(!any_error(document), "{method}: {document}");
            }
        },
    );
}

#[test]
fn covariates_that_say_nothing_of_their_own_and_no_common_support() {
    let first = [A, A, A, A, A, A, N, N, N, N, N, N];
    for method in [
        "did",
        "event-study",
        "callaway-santanna",
        "sun-abraham",
        "dose",
        "imputation",
    ] {
        let home = tempfile::tempdir().expect("a folder");
        write(home.path(), &first, 6, noisy);
        let ran = ask(home.path(), method, &["--covariates", "x,twice"]);
        assert!(ran.out.contains("collinear"), "{method}: {}", ran.out);
        assert!(ran.out.contains("twice"), "{method}: {}", ran.out);
    }
    let home = tempfile::tempdir().expect("a folder");
    write(home.path(), &first, 6, noisy);
    for how in ["dr", "ipw"] {
        let ran = ask(
            home.path(),
            "callaway-santanna",
            &["--covariates", "apart", "--covariate-method", how],
        );
        assert_eq!(ran.code, Some(2));
        assert!(ran.out.contains("no common support"), "{}", ran.out);
    }
    let ran = ask(
        home.path(),
        "callaway-santanna",
        &["--covariates", "apart", "--covariate-method", "reg"],
    );
    assert!(has(&sound(&ran, "reg"), "extrapolated"), "{}", ran.out);
}

#[test]
fn little_time_before_treatment() {
    every(
        "one period before",
        &[Some(2), Some(2), Some(2), N, N, N],
        5,
        noisy,
        &[],
        |method, answer, ran| match answer {
            Some(document) => assert!(has(document, "one_pre_period"), "{method}"),
            None => assert!(ran.out.contains("before treatment"), "{method}: {}", ran.out),
        },
    );
    let mut first = [N; 12];
    first[0] = A;
    every(
        "fewer periods than donors",
        &first,
        6,
        noisy,
        &[],
        |method, answer, ran| match (method, answer) {
            ("synthetic-control" | "synthetic-did", Some(document)) => {
                assert!(has(document, "fewer_periods_than_donors"), "{method}");
            }
            ("synthetic-control" | "synthetic-did", None) => {
                assert!(ran.out.contains("donors"), "{method}: {}", ran.out)
            }
            _ => {}
        },
    );
}
