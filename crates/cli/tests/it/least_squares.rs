//! Least squares on plain rows, held to exact rational arithmetic on the decimals of the file.
//!
//! The expected coefficients are ratios of whole numbers, solved without rounding by elimination over fractions and then
//! written to 25 digits; the data are whole-number formulas, so that nothing else had to be written down.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Ran, run};

/// A decimal with so many places, of a whole number of units in the last one.
fn decimal(units: i64, places: usize) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}.{rest}")
}

/// 82 points in [−9, −3] whose tenth power spans nine orders of magnitude.
fn hard() -> Vec<(String, String)> {
    (0..82_i64)
        .map(|i| {
            let x = -9_000_000_000 + (6_000_000_000 * i + 40).div_euclid(81) + (i * i * 7919) % 1000;
            let y = 8000 + (i * 37) % 101 * 3 - ((i - 41) * (i - 41)).div_euclid(4);
            (decimal(x, 9), decimal(y, 4))
        })
        .collect()
}

const HARD: [f64; 11] = [
    -214.979_093_863_380_83,
    -408.234_186_964_314,
    -341.776_446_805_771_34,
    -166.821_719_277_810_13,
    -52.612_046_903_875_55,
    -11.212_163_969_936_89,
    -1.636_563_912_709_604_8,
    -0.161_686_503_687_931_58,
    -0.010_355_261_779_304_823,
    -0.000_388_483_051_660_983_1,
    -6.4866476410088144e-6,
];

fn write(home: &Path, header: &str, rows: impl Iterator<Item = String>) {
    let mut text = format!("{header}\n");
    for row in rows {
        let _ = writeln!(text, "{row}");
    }
    fs::write(home.join("d.csv"), text).expect("a file");
}

fn ols(home: &Path, covariates: &str, more: &[&str]) -> Ran {
    let mut arguments = vec![
        "estimate",
        "d.csv",
        "--method",
        "ols",
        "--outcome",
        "y",
        "--covariates",
        covariates,
        "--json",
    ];
    arguments.extend(more);
    run(home, &arguments)
}

fn coefficients(ran: &Ran) -> Vec<f64> {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let document = ran.json();
    let rows = document["estimates"].as_array().expect("rows").clone();
    rows.iter()
        .map(|row| row["estimate"].as_f64().expect("a number"))
        .collect()
}

/// Correct significant digits of the worst coefficient.
fn digits(ours: &[f64], exact: &[f64]) -> f64 {
    assert_eq!(ours.len(), exact.len(), "a term was left out");
    let worst = ours
        .iter()
        .zip(exact)
        .map(|(a, b)| ((a - b) / b).abs())
        .fold(0.0, f64::max);
    if worst == 0.0 { 16.0 } else { -worst.log10() }
}

#[test]
fn a_polynomial_of_degree_ten_keeps_every_term_and_thirteen_digits() {
    let home = tempfile::tempdir().expect("a folder");
    write(
        home.path(),
        "y,x",
        hard().into_iter().map(|(x, y)| format!("{y},{x}")),
    );
    let powers: Vec<String> = (1..=10)
        .map(|p| if p == 1 { "x".into() } else { format!("x^{p}") })
        .collect();
    let ran = ols(home.path(), &powers.join(","), &[]);
    let found = digits(&coefficients(&ran), &HARD);
    assert!(found >= 13.0, "{found} digits");
    assert_eq!(ran.json()["warnings"], Value::Array(Vec::new()));
}

#[test]
fn powers_that_were_rounded_to_doubles_cost_what_they_lost_and_no_more() {
    let home = tempfile::tempdir().expect("a folder");
    let rows = hard().into_iter().map(|(x, y)| {
        let value: f64 = x.parse().expect("a number");
        let powers: Vec<String> = (1..=10).map(|p| value.powi(p).to_string()).collect();
        format!("{y},{}", powers.join(","))
    });
    let names: Vec<String> = (1..=10).map(|p| format!("x{p}")).collect();
    write(home.path(), &format!("y,{}", names.join(",")), rows);
    let found = digits(&coefficients(&ols(home.path(), &names.join(","), &[])), &HARD);
    assert!(found >= 7.5, "{found} digits");
}

#[test]
fn large_numbers_large_noise_and_no_constant() {
    let home = tempfile::tempdir().expect("a folder");
    let rows = (0..40_i64).map(|i| {
        let y = 11_019 + 10_970 * i - (i * i).div_euclid(3) + (i * 31) % 7;
        format!("{},{}", decimal(y, 5), 150_000 * (i + 1))
    });
    write(home.path(), "y,x", rows);
    let exact = [
        0.000_517_438_259_109_311_8,
        7.313778609986505e-7,
        -1.4803660182350812e-16,
    ];
    let found = digits(&coefficients(&ols(home.path(), "x,x^2", &[])), &exact);
    assert!(found >= 12.0, "{found} digits");

    let rows = (0..21_i64).map(|x| {
        let noise = ((x * 7919 + 13) % 19 - 9) * 100_000;
        let y: i64 = (0..6).map(|p| x.pow(p)).sum::<i64>() + noise;
        format!("{y},{x}")
    });
    write(home.path(), "y,x", rows);
    let exact = [
        269_576.641_749_554_8,
        -318_724.204_037_224_5,
        75_152.574_767_943_05,
        -7_232.775_389_146_233,
        318.010_355_373_526_75,
        -4.197_062_102_432_946,
    ];
    let found = digits(&coefficients(&ols(home.path(), "x,x^2,x^3,x^4,x^5", &[])), &exact);
    assert!(found >= 12.5, "{found} digits");

    write(home.path(), "y,x", (60..71).map(|x| format!("{},{x}", x + 70)));
    let exact = [2.074_380_165_289_256];
    for (covariates, more) in [("x", &["--no-intercept"][..]), ("~ 0 + x", &[])] {
        let found = digits(&coefficients(&ols(home.path(), covariates, more)), &exact);
        assert!(found >= 14.0, "{found} digits");
    }
}

#[test]
fn an_exact_fit_has_coefficients_and_no_standard_error() {
    let home = tempfile::tempdir().expect("a folder");
    let rows = (0..21_i64).map(|x| format!("{},{x}", (0..6).map(|p| x.pow(p)).sum::<i64>()));
    write(home.path(), "y,x", rows);
    let ran = ols(home.path(), "x,x^2,x^3,x^4,x^5", &[]);
    assert!(digits(&coefficients(&ran), &[1.0; 6]) >= 13.0);
    let document = ran.json();
    assert!(
        document["estimates"]
            .as_array()
            .expect("rows")
            .iter()
            .all(|row| row["std_error"].is_null())
    );
    assert!(document["warnings"].to_string().contains("no_variance"));
}

#[test]
fn rows_are_dropped_by_name_and_mistakes_listed_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    write(
        home.path(),
        "y,x,g,w",
        ["1,1,a,1", ",2,a,1", "3,,b,1", "4,4,b,1", "6,7,b,2", "5,3,a,1"]
            .map(String::from)
            .into_iter(),
    );
    let ran = ols(
        home.path(),
        "x",
        &["--sample", "s.csv", "--cluster", "g", "--weights", "w"],
    );
    let document = ran.json();
    assert_eq!(document["sample"]["rows_used"], 4);
    assert_eq!(document["sample"]["clusters"], 2);
    let sample = fs::read_to_string(home.path().join("s.csv")).expect("a ledger");
    assert!(
        sample.contains("2,2,0,dropped,missing_outcome,") && sample.contains("4,4,0,used,,"),
        "{sample}"
    );
    write(
        home.path(),
        "y,x",
        ["1,1", "inf,2", "3,x", "4,-inf"].map(String::from).into_iter(),
    );
    let document = ols(home.path(), "x,z", &[]).json();
    assert_eq!(document["count"], 4, "{document}");
    // Perfect collinearity is said, and the other term keeps its number.
    write(
        home.path(),
        "y,x,twice",
        (1..9).map(|x| format!("{},{x},{}", x * x, 2 * x)),
    );
    let document = ols(home.path(), "x,twice", &[]).json();
    assert_eq!(document["estimates"].as_array().map(Vec::len), Some(2));
    assert!(document["warnings"].to_string().contains("collinear"));
}
