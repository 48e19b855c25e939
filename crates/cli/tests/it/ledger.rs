//! The sample ledger: each row once, and every effect had again from the CSV files alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Ran, run};

/// Writes a panel with gaps, missing outcomes, an always-treated unit and a cohort beyond the last period.
fn write(home: &Path) -> Vec<(String, i64, Option<f64>)> {
    let mut rows = Vec::new();
    let mut text = String::from("id,t,y,g,x,w,dose\n");
    for unit in 0..80_i64 {
        let g = [0, 0, 4, 5, 0, 6, 0, 1, 0, 44][usize::try_from(unit % 10).expect("small")];
        for t in 1..=7_i64 {
            let mark = (unit * 7 + t) * 2_654_435_761 % 1009;
            if mark % 29 == 0 {
                continue;
            }
            let effect = if g > 0 && t >= g { 2.0 } else { 0.0 };
            let y = unit as f64 * 0.37 + t as f64 * 0.11 + effect + (mark % 97) as f64 / 50.0;
            let cell = if mark % 23 == 0 { None } else { Some(y) };
            let dose = if g > 0 && g < 9 { unit % 4 + 1 } else { 0 };
            let shown = cell.map(|y| y.to_string()).unwrap_or_default();
            let _ = writeln!(
                text,
                "u{unit:02},{t},{shown},{g},{},{},{dose}",
                mark % 17,
                1.0 + (unit % 3) as f64
            );
            rows.push((format!("u{unit:02}"), t, cell));
        }
    }
    fs::write(home.join("p.csv"), text).expect("a panel");
    rows
}

fn ask(home: &Path, method: &str, more: &[&str]) -> Ran {
    let mut arguments = vec![
        "estimate", "p.csv", "--yname", "y", "--idname", "id", "--tname", "t", "--gname", "g", "--method",
        method, "--sample", "s.csv", "--json",
    ];
    arguments.extend(more);
    run(home, &arguments)
}

/// One line of the ledger: unit, period, role, reason, cells.
fn ledger(home: &Path) -> Vec<[String; 5]> {
    let text = fs::read_to_string(home.join("s.csv")).expect("a ledger");
    text.lines()
        .skip(1)
        .enumerate()
        .map(|(index, line)| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells[0], (index + 1).to_string());
            [1, 2, 3, 4, 5].map(|k| cells[k].to_owned())
        })
        .collect()
}

fn estimates(document: &Value) -> &[Value] {
    document["estimates"].as_array().expect("rows")
}

#[test]
fn every_effect_of_a_cohort_and_period_follows_from_the_rows_that_are_listed_for_it() {
    let home = tempfile::tempdir().expect("a folder");
    let rows = write(home.path());
    for more in [
        &[][..],
        &["--control", "not-yet"],
        &["--base-period", "varying", "--anticipation", "1"],
        &["--panel", "balanced"],
        &["--panel", "cross-section", "--control", "not-yet"],
    ] {
        let ran = ask(home.path(), "callaway-santanna", more);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let document = ran.json();
        let lines = ledger(home.path());
        assert_eq!(lines.len(), rows.len());
        // side@cohort:period/base, by unit and period.
        let mut cells: BTreeMap<String, Vec<(String, i64, f64)>> = BTreeMap::new();
        for (line, row) in lines.iter().zip(&rows) {
            assert_eq!((&line[0], line[1].parse()), (&row.0, Ok(row.1)));
            for cell in line[4].split_whitespace() {
                let y = row.2.expect("a row in a cell has an outcome");
                cells
                    .entry(cell.to_owned())
                    .or_default()
                    .push((row.0.clone(), row.1, y));
            }
        }
        let mut n = 0;
        for row in estimates(&document)
            .iter()
            .filter(|row| row["aggregation"] == "group_time")
        {
            if row["is_reference"] == true {
                continue;
            }
            let prefix = format!("@{}:{}/", row["group"], row["time"]);
            let side = |name: &str| -> f64 {
                let key = cells
                    .keys()
                    .find(|key| key.starts_with(&format!("{name}{prefix}")))
                    .expect("a cell");
                let base: i64 = key.rsplit('/').next().expect("a base").parse().expect("a period");
                let now = row["time"].as_i64().expect("a period");
                let mean = |t: i64| {
                    let own: Vec<f64> = cells[key].iter().filter(|c| c.1 == t).map(|c| c.2).collect();
                    own.iter().sum::<f64>() / own.len() as f64
                };
                mean(now) - mean(base)
            };
            let (ours, theirs) = (
                side("treated") - side("control"),
                row["estimate"].as_f64().expect("a number"),
            );
            assert!((ours - theirs).abs() < 1e-12, "{more:?} {row}: {ours}");
            n += 1;
        }
        assert!(n > 8, "{more:?}: {n} effects");
    }
}

#[test]
fn every_method_writes_each_row_once_and_counts_what_it_wrote() {
    let home = tempfile::tempdir().expect("a folder");
    let rows = write(home.path());
    for (method, more) in [
        ("did", &[][..]),
        ("did", &["--covariates", "x", "--weights", "w"]),
        ("did", &["--inference", "randomisation", "--draws", "19"]),
        ("event-study", &[]),
        ("callaway-santanna", &["--covariates", "x"]),
        (
            "callaway-santanna",
            &["--inference", "multiplier", "--draws", "99"],
        ),
        ("sun-abraham", &[]),
        ("imputation", &[]),
        ("imputation", &["--panel", "balanced"]),
        ("imputation", &["--covariates", "x"]),
        ("dose", &["--dose", "dose"]),
    ] {
        let ran = ask(home.path(), method, more);
        assert_eq!(ran.code, Some(0), "{method} {more:?}: {}{}", ran.err, ran.out);
        let sample = &ran.json()["sample"];
        let lines = ledger(home.path());
        assert_eq!(lines.len(), rows.len(), "{method}");
        let kept = lines.iter().filter(|line| line[2] != "dropped").count();
        assert_eq!(sample["rows_read"], rows.len(), "{method}");
        assert_eq!(sample["rows_used"], kept, "{method} {more:?}");
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for line in lines.iter().filter(|line| line[2] == "dropped") {
            assert!(!line[3].is_empty(), "{method}: dropped without a reason");
            *reasons.entry(line[3].as_str()).or_default() += 1;
        }
        for told in sample["dropped"].as_array().expect("reasons") {
            let reason = told["reason"].as_str().expect("a reason");
            assert_eq!(
                reasons.remove(reason),
                told["rows"].as_u64(),
                "{method} {more:?} {reason}"
            );
        }
        assert!(reasons.is_empty(), "{method} {more:?}: {reasons:?} not told");
        let units: std::collections::BTreeSet<&str> = lines
            .iter()
            .filter(|line| line[2] == "treated")
            .map(|line| line[0].as_str())
            .collect();
        assert_eq!(sample["treated_units"], units.len(), "{method}");
    }
}

#[test]
fn an_incomplete_panel_is_shown_in_its_three_uses() {
    let home = tempfile::tempdir().expect("a folder");
    write(home.path());
    let document = ask(home.path(), "callaway-santanna", &[]).json();
    let panels = document["panels"].as_array().expect("three");
    let names: Vec<&str> = panels.iter().filter_map(|row| row["panel"].as_str()).collect();
    assert_eq!(names, ["pairs", "balanced", "cross-section"]);
    assert_eq!(panels[0]["estimate"], document["estimates"][0]["estimate"]);
    for row in &panels[1..] {
        let name = row["panel"].as_str().expect("a name");
        let own = ask(home.path(), "callaway-santanna", &["--panel", name]).json();
        assert_eq!(own["estimates"][0]["estimate"], row["estimate"], "{name}");
        assert_eq!(own["estimates"][0]["std_error"], row["std_error"], "{name}");
        assert_eq!(own["panels"][0]["panel"], name);
        assert_ne!(row["estimate"], panels[0]["estimate"], "{name}");
    }
    let mut table = vec![
        "estimate",
        "p.csv",
        "--outcome",
        "y",
        "--unit",
        "id",
        "--time",
        "t",
        "--first-treated",
        "g",
        "--method",
        "callaway-santanna",
        "--quiet",
    ];
    let text = run(home.path(), &table).out;
    for line in ["pairs (used):", "balanced:", "cross-section:"] {
        assert!(text.contains(line), "{text}");
    }
    table.extend(["--format", "md"]);
    assert!(run(home.path(), &table).out.contains("- Panel: balanced:"));
}
