//! Options of `estimate`: many specifications, drawings, effects of one's choice, clusters in two ways, digits.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Ran, run};

fn of_estimate(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../estimate/tests/data")
        .join(file)
}

fn ask(home: &Path, more: &[&str]) -> Ran {
    let target = home.join("p.csv");
    if !target.exists() {
        fs::copy(of_estimate("mpdta.csv"), target).expect("a panel");
    }
    let mut arguments = vec![
        "estimate",
        "p.csv",
        "--yname",
        "lemp",
        "--idname",
        "countyreal",
        "--tname",
        "year",
        "--gname",
        "first_treat",
    ];
    arguments.extend(more);
    run(home, &arguments)
}

fn first(document: &Value, key: &str) -> f64 {
    document["estimates"][0][key].as_f64().expect("a number")
}

#[test]
fn many_specifications_are_one_tidy_table_and_each_is_what_it_is_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let file = "method = \"callaway-santanna\"\naggregate = [\"simple\"]\n\n[[spec]]\nname = \"never\"\n\n[[spec]]\nname = \"not yet\"\ncontrol = \"not-yet\"\n\n[[spec]]\nname = \"regression\"\nmethod = \"did\"\naggregate = false\nclustervars = \"countyreal\"\n\n[[spec]]\nname = \"too much\"\nmethod = \"synthetic-control\"\naggregate = false\n";
    fs::write(home.path().join("s.toml"), file).expect("a file");
    let ran = ask(
        home.path(),
        &["--spec", "s.toml", "--json", "--plot", "curve.svg"],
    );
    assert_eq!(ran.code, Some(0), "{}{}", ran.err, ran.out);
    let document = ran.json();
    assert_eq!(document["schema"], "counterpart.estimates/1");
    assert_eq!(document["refused"][0]["spec"], "too much");
    let alone = [
        ("never", &["--method", "callaway-santanna"][..]),
        (
            "not yet",
            &["--method", "callaway-santanna", "--control", "not-yet"],
        ),
        ("regression", &["--method", "did"]),
    ];
    for (name, options) in alone {
        let mut more = options.to_vec();
        more.push("--json");
        let own = ask(home.path(), &more).json();
        let row = document["estimates"]
            .as_array()
            .expect("rows")
            .iter()
            .find(|row| row["spec"] == name);
        assert_eq!(
            row.expect("a row")["estimate"],
            own["estimates"][0]["estimate"],
            "{name}"
        );
        assert_eq!(
            row.expect("a row")["std_error"],
            own["estimates"][0]["std_error"],
            "{name}"
        );
    }
    let csv = ask(home.path(), &["--spec", "s.toml", "--format", "csv", "--quiet"]).out;
    assert!(
        csv.starts_with("spec,term,") && csv.contains("\nnot yet,ATT,simple,"),
        "{csv}"
    );
    for format in ["table", "md", "tex"] {
        let out = ask(home.path(), &["--spec", "s.toml", "--format", format, "--quiet"]).out;
        assert!(
            out.contains("not yet") && out.contains("2500 rows read"),
            "{format}: {out}"
        );
    }
    let svg = fs::read_to_string(home.path().join("curve.svg")).expect("a drawing");
    assert!(svg.contains("regression") && svg.contains("3 specifications"));
}

#[test]
fn every_fault_of_a_file_of_specifications_is_listed_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    let file = "metod = \"did\"\n[[spec]]\nname = \"a\"\nmethod = \"did\"\ncontrol = \"not-yet\"\n[[spec]]\nname = \"b\"\nmethod = \"callaway-santanna\"\ncontrol = \"nevr\"\nlevel = \"high\"\n[[spec]]\nname = \"b\"\nmethod = \"did\"\nsample = \"x.csv\"\n";
    fs::write(home.path().join("s.toml"), file).expect("a file");
    let ran = ask(home.path(), &["--spec", "s.toml", "--json"]);
    assert_eq!(ran.code, Some(2));
    let document = ran.json();
    let said = document["faults"].to_string();
    for text in [
        "did you mean method",
        "--control: did does not use it",
        "nevr",
        "high",
        "occurs twice",
        "belongs to the run",
    ] {
        assert!(said.contains(text), "{text} is not in {said}");
    }
    assert_eq!(document["count"], 6, "{said}");
    fs::write(home.path().join("s.toml"), "method = did\n").expect("a file");
    assert_eq!(ask(home.path(), &["--spec", "s.toml"]).code, Some(2));
}

#[test]
fn drawings_stand_alone_and_say_what_points_are_measured_from() {
    let home = tempfile::tempdir().expect("a folder");
    let drawn = |more: &[&str]| {
        let mut all = more.to_vec();
        all.extend(["--plot", "d.svg", "--quiet"]);
        let ran = ask(home.path(), &all);
        assert_eq!(ran.code, Some(0), "{more:?} {}", ran.err);
        let svg = fs::read_to_string(home.path().join("d.svg")).expect("a drawing");
        assert!(svg.contains("xmlns=\"http://www.w3.org/2000/svg\"") && svg.trim_end().ends_with("</svg>"));
        assert_eq!(svg.matches("http").count(), 1, "nothing is loaded");
        svg
    };
    let svg = drawn(&["--method", "callaway-santanna"]);
    for text in [
        "class=\"ref\"",
        "class=\"ci\"",
        "class=\"band\"",
        "measured from the same period",
        "uniform band",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(!svg.contains("<path"), "points are not joined");
    let svg = drawn(&["--method", "callaway-santanna", "--base-period", "varying"]);
    assert!(svg.contains("Varying base"));
    let svg = drawn(&["--method", "callaway-santanna", "--plot-kind", "group-time"]);
    assert!(svg.contains("first treated 2004") && svg.contains("first treated 2007"));
    for method in ["event-study", "sun-abraham", "imputation", "did"] {
        drawn(&["--method", method]);
    }
    fs::copy(of_estimate("california_prop99.csv"), home.path().join("c.csv")).expect("a panel");
    for (method, kind) in [
        ("synthetic-control", "placebos"),
        ("synthetic-did", "path"),
        ("synthetic-control", "path"),
    ] {
        let more = [
            "estimate",
            "c.csv",
            "--outcome",
            "PacksPerCapita",
            "--unit",
            "State",
            "--time",
            "Year",
            "--treated",
            "treated",
            "--method",
            method,
            "--plot",
            "c.svg",
            "--plot-kind",
            kind,
            "--quiet",
            "--draws",
            "20",
        ];
        let ran = run(home.path(), &more);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let svg = fs::read_to_string(home.path().join("c.svg")).expect("a drawing");
        assert!(
            svg.contains(if kind == "path" {
                "synthetic"
            } else {
                "placebos are at least"
            }),
            "{method} {kind}"
        );
    }
    let refused = ask(home.path(), &["--method", "did", "--plot", "p.csv"]);
    assert_eq!(refused.code, Some(2));
}

#[test]
fn effects_of_choice_and_clusters_in_two_ways() {
    let home = tempfile::tempdir().expect("a folder");
    let did = ask(home.path(), &["--method", "did", "--json"]).json();
    let named = ask(
        home.path(),
        &["--method", "did", "--absorb", "countyreal,year", "--json"],
    )
    .json();
    // One comes from moments, the other from rows.
    for key in ["estimate", "std_error"] {
        let (a, b) = (first(&did, key), first(&named, key));
        assert!((a - b).abs() < 1e-12 * a.abs(), "{key}: {a} and {b}");
    }
    let other = ask(home.path(), &["--method", "did", "--absorb", "year", "--json"]).json();
    assert!((first(&other, "estimate") - first(&did, "estimate")).abs() > 0.1);
    // Two ways: the number on the page of ols.
    let two = ask(
        home.path(),
        &["--method", "did", "--cluster", "countyreal,year", "--json"],
    )
    .json();
    assert!(
        (first(&two, "std_error") - 0.012_127).abs() < 1e-6,
        "{}",
        two["estimates"]
    );
    // By units and a level above them is by that level, for every method.
    for method in ["callaway-santanna", "did", "imputation"] {
        let above =
            |cluster: &str| ask(home.path(), &["--method", method, "--cluster", cluster, "--json"]).json();
        let (a, b) = (above("first_treat"), above("countyreal,first_treat"));
        let (x, y) = (first(&a, "estimate"), first(&b, "estimate"));
        assert!((x - y).abs() < 1e-12, "{method}: {x} and {y}");
        match (
            a["estimates"][0]["std_error"].as_f64(),
            b["estimates"][0]["std_error"].as_f64(),
        ) {
            (Some(a), Some(b)) => assert!((a - b).abs() < 1e-9 * a, "{method}: {a} and {b}"),
            (a, b) => assert_eq!(a, b, "{method}"),
        }
    }
    let refused = ask(
        home.path(),
        &["--method", "imputation", "--cluster", "year,first_treat"],
    );
    assert_eq!(refused.code, Some(2));
    assert!(
        refused
            .err
            .contains("two-way clustering is a formula for regression scores"),
        "{}",
        refused.err
    );
}

#[test]
fn digits_are_all_there_or_as_many_as_are_asked_for() {
    let home = tempfile::tempdir().expect("a folder");
    let whole = first(
        &ask(home.path(), &["--method", "did", "--json"]).json(),
        "estimate",
    );
    let short = first(
        &ask(home.path(), &["--method", "did", "--json", "--digits", "3"]).json(),
        "estimate",
    );
    assert_eq!(format!("{whole:.2e}"), format!("{short:e}"));
    assert!(format!("{whole}").len() > 15, "{whole}");
}
