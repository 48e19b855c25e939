//! Reads the public data sets and the golden files that lie beside the tests.

use std::path::PathBuf;

use counterpart_estimate::{Columns, FirstTreated, Panel, Timing};

pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

pub(crate) fn table(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path(&format!("data/{name}"))).unwrap();
    text.lines()
        .map(|l| l.split(',').map(|c| c.trim_matches('"').to_owned()).collect())
        .collect()
}

pub(crate) fn column(table: &[Vec<String>], name: &str) -> Vec<String> {
    let k = table[0].iter().position(|h| h == name).unwrap();
    table[1..].iter().map(|r| r[k].clone()).collect()
}

pub(crate) fn mpdta_columns() -> Columns {
    let t = table("mpdta.csv");
    let number = |name: &str| -> Vec<f64> { column(&t, name).iter().map(|v| v.parse().unwrap()).collect() };
    Columns::new(
        column(&t, "countyreal"),
        number("year").iter().map(|&y| y as i64).collect(),
        number("lemp").into_iter().map(Some).collect(),
        Timing::FirstTreated(
            number("first_treat")
                .into_iter()
                .map(FirstTreated::from)
                .collect(),
        ),
    )
    .with_covariate("lpop", number("lpop").into_iter().map(Some).collect())
    .named("countyreal", "year", "lemp", "first_treat")
}

pub(crate) fn mpdta() -> Panel {
    Panel::build(mpdta_columns()).unwrap()
}

pub(crate) fn golden(package: &str, data: &str, spec: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(path(&format!("golden/{package}/{data}/{spec}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn close(got: f64, want: f64, tolerance: f64, what: &str) {
    let error = (got - want).abs() / want.abs().max(1e-3);
    assert!(
        error <= tolerance,
        "{what}: {got} instead of {want}, relative error {error:e}"
    );
}

/// Correct digits: −log₁₀ of the relative error, at most 15.
pub(crate) fn digits(got: f64, want: f64) -> f64 {
    let error = if want == 0.0 {
        got.abs()
    } else {
        ((got - want) / want).abs()
    };
    if error == 0.0 {
        15.0
    } else {
        (-error.log10()).min(15.0)
    }
}
