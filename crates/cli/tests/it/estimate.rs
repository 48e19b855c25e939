//! Estimates on a panel: the numbers of other packages, faults at once, bytes that the order of rows does not change.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{Ran, run};

/// Returns a file of the estimate crate's tests.
fn of_estimate(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../estimate/tests")
        .join(file)
}

fn golden(file: &str) -> Value {
    let text = fs::read_to_string(of_estimate("golden").join(file)).expect("a golden file");
    serde_json::from_str(&text).expect("JSON")
}

/// Runs a command on the minimum-wage panel.
fn on_mpdta(home: &Path, command: &str, more: &[&str]) -> Ran {
    let target = home.join("mpdta.csv");
    if !target.exists() {
        fs::copy(of_estimate("data/mpdta.csv"), target).expect("a copy");
    }
    let mut arguments = vec![
        command,
        "mpdta.csv",
        "--outcome",
        "lemp",
        "--unit",
        "countyreal",
        "--time",
        "year",
        "--first-treated",
        "first_treat",
    ];
    arguments.extend(more);
    run(home, &arguments)
}

fn near(ours: &Value, theirs: &Value, tolerance: f64) {
    let (ours, theirs) = (
        ours.as_f64().expect("a number"),
        theirs.as_f64().expect("a number"),
    );
    assert!(
        (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-3),
        "{ours} and {theirs}"
    );
}

/// Returns the row of a document that has these values.
fn row<'a>(document: &'a Value, wanted: &[(&str, Value)]) -> &'a Value {
    document["estimates"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| wanted.iter().all(|(key, value)| row[*key] == *value))
        .expect("a row with these values")
}

#[test]
fn two_way_fixed_effects_and_the_event_study_are_those_of_pyfixest() {
    let home = tempfile::tempdir().expect("a folder");
    let theirs = golden("pyfixest-0.60.0/mpdta/twfe_cluster_unit.json");
    let ran = on_mpdta(home.path(), "estimate", &["--method", "did", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let ours = ran.json();
    assert_eq!(ours["schema"], "counterpart.estimate/1");
    near(
        &ours["estimates"][0]["estimate"],
        &theirs["result"]["coef"]["_treat"],
        1e-8,
    );
    near(
        &ours["estimates"][0]["std_error"],
        &theirs["result"]["se"]["_treat"],
        1e-6,
    );
    assert_eq!(ours["sample"]["rows_used"], theirs["result"]["n"]);
    assert_eq!(ours["sample"]["treated_units"], 191);
    assert_eq!(ours["sample"]["control_units"], 309);
    assert_eq!(ours["readings"]["never_zero"], 309);

    let theirs = golden("pyfixest-0.60.0/mpdta/eventstudy_twfe.json");
    let ours = on_mpdta(home.path(), "estimate", &["--method", "event_study", "--json"]).json();
    for event in [-4, -3, -2, 0, 1, 2, 3] {
        let found = row(&ours, &[("event_time", event.into())]);
        let key = format!("_rel::{event}");
        near(&found["estimate"], &theirs["result"]["coef"][&key], 1e-8);
        near(&found["std_error"], &theirs["result"]["se"][&key], 1e-6);
    }
}

#[test]
fn group_time_effects_are_those_of_csdid() {
    let home = tempfile::tempdir().expect("a folder");
    let theirs = golden("csdid-0.4.3/mpdta/cs_nevertreated_universal.json");
    let theirs = &theirs["result"];
    let ours = on_mpdta(
        home.path(),
        "estimate",
        &["--method", "callaway-santanna", "--json"],
    )
    .json();
    let simple = row(&ours, &[("aggregation", "simple".into())]);
    near(&simple["estimate"], &theirs["simple"]["overall_att"], 1e-8);
    near(&simple["std_error"], &theirs["simple"]["overall_se"], 1e-6);
    let cells = &theirs["att_gt"];
    for at in 0..cells["att"].as_array().expect("cells").len() {
        if cells["se"][at].is_null() {
            continue;
        }
        let found = row(
            &ours,
            &[
                ("aggregation", "group_time".into()),
                ("group", cells["group"][at].clone()),
                ("time", cells["time"][at].clone()),
            ],
        );
        near(&found["estimate"], &cells["att"][at], 1e-8);
        near(&found["std_error"], &cells["se"][at], 1e-6);
    }
}

/// Writes the minimum-wage panel with gaps, and again with its rows in another order.
fn two_orders() -> (TempDir, TempDir) {
    let text = fs::read_to_string(of_estimate("data/mpdta.csv")).expect("a panel");
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    let rows: Vec<String> = lines
        .enumerate()
        .filter(|(index, _)| index % 11 != 3)
        .map(|(index, line)| match line.split(',').collect::<Vec<_>>()[..] {
            [year, unit, lpop, _, first, treat] if index % 97 == 5 => {
                format!("{year},{unit},{lpop},NA,{first},{treat}")
            }
            _ => line.to_owned(),
        })
        .collect();
    let write = |rows: &[String]| {
        let home = tempfile::tempdir().expect("a folder");
        let text = format!("{header}\n{}\n", rows.join("\n"));
        fs::write(home.path().join("mpdta.csv"), text).expect("a panel");
        home
    };
    let n = rows.len();
    let shuffled: Vec<String> = (0..n).map(|k| rows[(k * 1237 + 11) % n].clone()).collect();
    assert_ne!(n % 1237, 0);
    (write(&rows), write(&shuffled))
}

#[test]
fn neither_the_order_of_rows_nor_threads_change_a_byte() {
    let (first, second) = two_orders();
    for method in [
        "did",
        "event-study",
        "callaway-santanna",
        "sun-abraham",
        "imputation",
    ] {
        for format in ["table", "csv", "md", "tex"] {
            let ask = |home: &Path, threads: &str| {
                let more = ["--method", method, "--format", format, "--threads", threads];
                let ran = on_mpdta(home, "estimate", &more);
                assert_eq!(ran.code, Some(0), "{method} {format} {}", ran.err);
                ran.out
            };
            let out = ask(first.path(), "1");
            assert_eq!(out, ask(second.path(), "2"), "{method} {format}");
        }
        let ask = |home: &Path| {
            let mut document = on_mpdta(home, "estimate", &["--method", method, "--json"]).json();
            document["input"]["sha256"] = Value::Null;
            document
        };
        assert_eq!(ask(first.path()), ask(second.path()), "{method}");
    }
    for command in ["diagnose", "power"] {
        let ask = |home: &Path| on_mpdta(home, command, &[]).out;
        assert_eq!(ask(first.path()), ask(second.path()), "{command}");
    }
}

#[test]
fn the_ledger_holds_every_row_once() {
    let (home, _) = two_orders();
    let more = [
        "--method",
        "callaway-santanna",
        "--sample",
        "sample.csv",
        "--json",
    ];
    let document = on_mpdta(home.path(), "estimate", &more).json();
    let ledger = fs::read_to_string(home.path().join("sample.csv")).expect("a ledger");
    let mut lines = ledger.lines();
    assert_eq!(lines.next(), Some("row,unit,period,role,reason,cells"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(document["sample"]["rows_read"], rows.len());
    let dropped = rows.iter().filter(|row| row[3] == "dropped").count();
    assert_eq!(document["sample"]["rows_used"], rows.len() - dropped);
    let told: u64 = document["sample"]["dropped"]
        .as_array()
        .expect("reasons")
        .iter()
        .map(|reason| reason["rows"].as_u64().expect("a count"))
        .sum();
    assert_eq!(told, dropped as u64);
    assert!(rows.iter().any(|row| row[5].contains("control@2004:2005/2003")));
    assert!(document["warnings"].to_string().contains("missing_outcome"));
}

const FAULTY: &str = "unit,year,y,first,state
a,2001,1,2003,s
a,2002,2,2003,s
a,2003,\"3,5\",2003,s
a,2003,3,2003,s
a,2003,4,2003,s
b,2001,1,0,s
b,2002,1,2002,s
b,2003,x
c,2001,,,t
c,2002,2,,t
c,2003,2,,u
d,FY2001,2,2002,t
";

#[test]
fn faults_of_file_and_panel_are_listed_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("p.csv"), FAULTY).expect("a panel");
    let common = [
        "--outcome",
        "y",
        "--unit",
        "unit",
        "--time",
        "year",
        "--method",
        "did",
    ];
    let ask = |more: &[&str]| {
        let mut arguments = vec!["estimate", "p.csv"];
        arguments.extend(common);
        arguments.extend(more);
        run(home.path(), &arguments)
    };
    let ran = ask(&["--gname", "first", "--clustervars", "state"]);
    assert_eq!(ran.out, "");
    insta::assert_snapshot!(ran.told(), @r#"
    error: 9 faults in 1 file; nothing was estimated

    p.csv:2:4
      value     "2003 for this unit alone"
      expected  at least two units in a cohort (unit a); by itself a remark
      hint      its effect has no variance of its own: use placebo or randomisation
                inference

    p.csv:4:3
      value     "3,5"
      expected  a decimal with a point, or an empty cell
      hint      write a decimal point, and no separator of thousands

    p.csv:5:2
      value     "2003 again, first on line 4"
      expected  one row per unit and period (unit a)
      hint      remove the duplicate, or sum the rows before

    p.csv:6:2
      value     "2003 again, first on line 5"
      expected  one row per unit and period (unit a)
      hint      remove the duplicate, or sum the rows before

    p.csv:8:4
      value     "2002"
      expected  0, as in 1 of the unit's 2 rows (unit b)
      hint      first treatment belongs to the unit and is the same in each of its
                rows

    p.csv:9
      value     "3 cells"
      expected  5 cells, as many as the header has
      hint      quote a cell that holds a comma

    p.csv:10:3
      value     "missing"
      expected  a number (unit c); by itself a remark
      hint      the row is left out and listed; fill it only from a source

    p.csv:12:5
      value     "u"
      expected  t, as in 2 of the unit's 3 rows (unit c)
      hint      a unit belongs to one of them throughout

    p.csv:13:2
      value     "FY2001"
      expected  a whole number, such as 2004
      hint      periods are whole numbers one step apart, such as years

    exit 2: nothing was written
    [exit 2]
    "#);
    let document = ask(&["--first-treated", "frist", "--json"]).json();
    assert_eq!(document["schema"], "counterpart.faults/1");
    assert_eq!(document["faults"][0]["code"], "missing_column");
    assert_eq!(document["faults"][0]["hint"], "did you mean first?");
    assert_eq!(document["count"], 4);
}

#[test]
fn an_option_without_use_is_refused_by_name() {
    let home = tempfile::tempdir().expect("a folder");
    let told: Vec<String> = [
        &["--method", "did", "--control", "not-yet"][..],
        &["--method", "imputation", "--absorb", "state"],
        &["--method", "did", "--plot", "mpdta.csv"],
        &["--method", "dose"],
        &["--method", "synthetic-control", "--inference", "analytic"],
        &["--method", "did", "--level", "95"],
        &["--method", "did", "--sample", "mpdta.csv"],
    ]
    .iter()
    .map(|more| on_mpdta(home.path(), "estimate", more).told())
    .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    error: --control: did does not use it: who is compared follows from its formula: regressions and imputation use every untreated row, synthetic methods the units that stay untreated
    hint: leave it out, or choose --method callaway-santanna
    [exit 2]
    error: --absorb: imputation does not use it: it is no regression with effects of one's choice: unit and period are part of its formula
    hint: leave it out, or choose --method did, event-study, sun-abraham, dose, ols
    [exit 2]
    error: --plot: mpdta.csv is the panel, or no file
    hint: name a file of its own
    [exit 2]
    error: --method dose: the column of the dose is not named
    hint: add --dose D
    [exit 2]
    error: --inference: synthetic-control does not offer analytic: with few treated units no formula for its variance holds; placebo units show what chance does
    hint: use placebo
    [exit 2]
    error: level = 95: a number between 0 and 1, such as 0.95 expected
    [exit 2]
    error: --sample: mpdta.csv is the panel, or no file
    hint: name a file of its own
    [exit 2]
    "#);
    fs::write(home.path().join("p.parquet"), b"PAR1....PAR1").expect("a file");
    let ran = run(
        home.path(),
        &[
            "estimate",
            "p.parquet",
            "--yname",
            "y",
            "--idname",
            "u",
            "--tname",
            "t",
            "--gname",
            "g",
            "--method",
            "did",
        ],
    );
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("a Parquet file, compressed"), "{}", ran.err);
}

#[test]
fn a_table_for_people_says_who_was_compared() {
    let home = tempfile::tempdir().expect("a folder");
    let ran = on_mpdta(home.path(), "estimate", &["--method", "did"]);
    insta::assert_snapshot!(ran.out, @r#"
    did: lemp by first_treat, units countyreal, periods year

         estimate  std. error        95% interval      p
    ATT   −0.0365      0.0133  −0.0626 to −0.0105  0.006

    sample      2500 rows read, 2500 used; 191 units treated, 309 control units; 500
                clusters of countyreal; 5 periods
    dropped     no row
    read as     191 units treated inside the panel; 309 units never treated, as it
                says 0
    warnings    3 onsets: two-way fixed effects also compare with units treated
                before; see callaway-santanna
    method      Two-way fixed effects: lemp on a treatment dummy with effects of
                countyreal and year; cluster standard errors by countyreal.
    path        moments of one pass over the rows
    cite        Wooldridge, J. M. (2010). Econometric Analysis of Cross Section and
                Panel Data, 2nd ed., ch. 10. MIT Press.
                Bergé, L. (2018). Efficient estimation of maximum likelihood models
                with multiple fixed-effects: the R package FENmlm. CREA Discussion
                Paper 13.
    "#);
    let ran = on_mpdta(home.path(), "diagnose", &["--method", "did"]);
    insta::assert_snapshot!(ran.out, @r#"
    before any estimate
      panel         2500 rows, 500 units, 5 periods from 2003 to 2007
      balance       every unit has an outcome in every period
      cohorts       first treated 2004: 20 units, 1 period before
                    first treated 2006: 40 units, 3 periods before
                    first treated 2007: 131 units, 4 periods before
      never treated 309 units
      read as       191 units treated inside the panel; 309 units never treated, as
                    it says 0
      clusters      500 of countyreal, 191 of them treated
      assignment    500 of countyreal, 191 of them treated
      power         an effect of 0.0372 would be found with power 0.8 by two-way
                    fixed effects

    after: did
      estimate      ATT −0.0365, 95% interval −0.0626 to −0.0105, p 0.006
      pre-trend     holds: 1.632, p 0.181 (joint test of 3 effects before treatment)
      breakdown     fails: 0.4937 (steps after onset may be this many times the
                    largest before)
      bounds        steps after onset up to 0.50 times the largest before: 95%
                    interval −0.1448 to 0.000611, holds zero
                    steps after onset up to 1.00 times the largest before: 95%
                    interval −0.1971 to 0.0538, holds zero
                    steps after onset up to 1.50 times the largest before: 95%
                    interval −0.2524 to 0.1102, holds zero
                    steps after onset up to 2.00 times the largest before: 95%
                    interval −0.3088 to 0.1675, holds zero
                    the trend before onset goes on in a straight line: 95% interval
                    −0.1102 to −0.0148, leaves out zero
                    the slope changes by up to 0.0112 a period: 95% interval −0.1414
                    to 0.0818, holds zero
                    the slope changes by up to 0.0223 a period: 95% interval −0.1848
                    to 0.1588, holds zero
      leave one out from −0.0399 without 22087.0 to −0.0349 without 46095.0 (309
                    comparison units)
      detectable    0.0372 with power 0.8, from the standard error
      would flip it a step off parallel trends after onset of more than 0.49 times
                    the largest one before
                    leaving out any one comparison unit does not change the sign
    "#);
}

#[test]
fn power_is_told_by_formula_and_by_draws() {
    let home = tempfile::tempdir().expect("a folder");
    let document = on_mpdta(home.path(), "power", &["--draws", "199", "--json"]).json();
    let error = document["std_error"].as_f64().expect("a standard error");
    let effect = document["analytic"]["effect"].as_f64().expect("an effect");
    assert!((2.79..2.83).contains(&(effect / error)), "{effect} of {error}");
    let drawn = document["randomisation"]["effect"].as_f64().expect("an effect");
    assert!((0.5..2.0).contains(&(drawn / effect)), "{drawn} beside {effect}");
}

/// Writes a panel as Parquet, every column as numbers, `NA` as NaN, in groups of 700 rows.
fn as_parquet(target: &Path, text: &str) {
    use parquet::data_type::DoubleType;
    use parquet::file::writer::SerializedFileWriter;
    let mut lines = text.lines();
    let headings: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let rows: Vec<Vec<f64>> = lines
        .map(|line| {
            line.split(',')
                .map(|cell| {
                    if cell == "NA" {
                        f64::NAN
                    } else {
                        cell.parse().expect("a number")
                    }
                })
                .collect()
        })
        .collect();
    let columns: String = headings
        .iter()
        .map(|heading| format!("required double {heading};"))
        .collect();
    let schema = parquet::schema::parser::parse_message_type(&format!("message p {{ {columns} }}"));
    let file = fs::File::create(target).expect("a file");
    let mut writer = SerializedFileWriter::new(file, schema.expect("a schema").into(), Default::default())
        .expect("a writer");
    for piece in rows.chunks(700) {
        let mut group = writer.next_row_group().expect("a group");
        for index in 0..headings.len() {
            let values: Vec<f64> = piece.iter().map(|row| row[index]).collect();
            let mut column = group.next_column().expect("a column").expect("a column");
            column
                .typed::<DoubleType>()
                .write_batch(&values, None, None)
                .expect("values");
            column.close().expect("closed");
        }
        group.close().expect("closed");
    }
    writer.close().expect("closed");
}

#[test]
fn csv_and_parquet_give_the_same_bytes() {
    let (csv, parquet) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    // The first bytes say which it is, not the name.
    let text = fs::read_to_string(of_estimate("data/mpdta.csv")).expect("a panel");
    as_parquet(&parquet.path().join("mpdta.csv"), &text);
    for format in ["table", "csv", "md", "tex"] {
        let more = [
            "--method",
            "callaway-santanna",
            "--format",
            format,
            "--sample",
            "sample.csv",
        ];
        let from_csv = on_mpdta(csv.path(), "estimate", &more);
        let from_parquet = on_mpdta(parquet.path(), "estimate", &more);
        assert_eq!(from_parquet.code, Some(0), "{}", from_parquet.err);
        assert_eq!(from_csv.out, from_parquet.out, "{format}");
    }
    let ledger = |home: &Path| fs::read_to_string(home.join("sample.csv")).expect("a ledger");
    assert_eq!(ledger(csv.path()), ledger(parquet.path()));
}

#[test]
fn neither_file_format_nor_order_nor_threads_change_a_byte_of_an_incomplete_panel() {
    let (first, second) = two_orders();
    let parquet = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(second.path().join("mpdta.csv")).expect("a panel");
    as_parquet(&parquet.path().join("mpdta.csv"), &text);
    let questions: [&[&str]; 12] = [
        &["--method", "did"],
        &["--method", "did", "--covariates", "lpop", "--weights", "lpop"],
        &["--method", "did", "--cluster", "countyreal,year"],
        &["--method", "did", "--inference", "randomisation", "--draws", "99"],
        &[
            "--method",
            "event-study",
            "--inference",
            "randomisation",
            "--draws",
            "49",
        ],
        &["--method", "callaway-santanna"],
        &[
            "--method",
            "callaway-santanna",
            "--panel",
            "cross-section",
            "--control",
            "not-yet",
        ],
        &["--method", "callaway-santanna", "--covariates", "lpop"],
        &[
            "--method",
            "callaway-santanna",
            "--inference",
            "multiplier",
            "--draws",
            "199",
        ],
        &["--method", "sun-abraham"],
        &["--method", "imputation"],
        &[
            "--method",
            "ols",
            "--covariates",
            "lpop,lpop^2",
            "--cluster",
            "countyreal",
        ],
    ];
    for question in questions {
        let ask = |home: &Path, threads: &str| {
            let mut more = question.to_vec();
            more.extend(["--threads", threads, "--json", "--quiet"]);
            let ran = if question[1] == "ols" {
                run(
                    home,
                    &[&["estimate", "mpdta.csv", "--outcome", "lemp"][..], &more[..]].concat(),
                )
            } else {
                on_mpdta(home, "estimate", &more)
            };
            assert_eq!(ran.code, Some(0), "{question:?} {}{}", ran.err, ran.out);
            let digest = ran.json()["input"]["sha256"]
                .as_str()
                .expect("a digest")
                .to_owned();
            ran.out.replace(&digest, "")
        };
        let whole = ask(first.path(), "1");
        assert_eq!(whole, ask(second.path(), "2"), "{question:?}: order and threads");
        assert_eq!(
            ask(second.path(), "1"),
            ask(parquet.path(), "2"),
            "{question:?}: Parquet"
        );
    }
}
