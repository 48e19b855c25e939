//! `owed`: duty by rule against paid, from a folder and from a ledger file; `show` opens totals and duties.

use std::fs;

use crate::run::{copy, edit, run, shipped};

/// A fresh case with a rule, a base and a payment.
fn case(home: &std::path::Path) -> std::path::PathBuf {
    let folder = home.join("case");
    copy(&shipped("wenchuan"), &folder);
    let append = |file: &str, line: &str| {
        let path = folder.join(file);
        let mut text = fs::read_to_string(&path).expect("a table");
        text.push_str(line);
        fs::write(path, text).expect("a table");
    };
    append(
        "transactions.csv",
        "WT90,PG-wenchuan,pairing_fund,arrival,annual,CN-370000,CN-510000,,2300000000,,,,CNY,23,2010,2010,,,SP-hunan-team,W08,p9,\n",
    );
    folder
}

#[test]
fn a_programme_office_reads_what_one_provider_owes_and_has_paid() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = case(home.path()).display().to_string();
    let ran = run(
        home.path(),
        &["owed", &folder, "--provider", "CN-370000", "--year", "2010"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // 1 % of 219.863 billion yuan of 2009, against 2.3 billion that arrived.
    for part in ["WR1", "contribution", "≥2.20", "2.30", "met", "shandong_yearbook"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(
        ran.out.lines().all(|line| line.chars().count() <= 100),
        "{}",
        ran.out
    );
    let by_name = run(
        home.path(),
        &["owed", &folder, "--provider", "shandong", "--year", "2010"],
    );
    assert_eq!(by_name.out, ran.out);
}

#[test]
fn a_ledger_file_says_the_same_as_its_folder() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = case(home.path()).display().to_string();
    let assessed = run(
        home.path(),
        &["assess", &folder, "--ledger", "l.ledger", "--quiet"],
    );
    assert_eq!(assessed.code, Some(0), "{}", assessed.err);
    let of = |arguments: &[&str]| run(home.path(), arguments).out;
    let from_folder = of(&["owed", &folder, "--year", "2010", "--json"]);
    assert_eq!(of(&["owed", "l.ledger", "--year", "2010", "--json"]), from_folder);
    assert_eq!(
        of(&["owed", "--ledger", "l.ledger", "--year", "2010", "--json"]),
        from_folder
    );
    let document: serde_json::Value = serde_json::from_str(&from_folder).expect("a document");
    assert_eq!(document["schema"], "counterpart.owed/1");
    let duties = document["duties"].as_array().expect("duties");
    let paid = duties
        .iter()
        .find(|row| row["provider"] == "CN-370000" && row["period"] == "2010" && row["base_named"] == true)
        .expect("a duty");
    assert_eq!(
        (&paid["status"], &paid["paid"][0]),
        (&"met".into(), &"WT90".into())
    );
    assert!(
        document["transactions"]
            .as_array()
            .expect("rows")
            .iter()
            .any(|row| row["id"] == "WT90")
    );
    // A payment of that year alone meets that year alone.
    let others = duties.iter().filter(|row| row["provider"] != "CN-370000");
    assert!(
        others
            .into_iter()
            .all(|row| row["paid"].as_array().expect("ids").is_empty())
    );

    // What a report holds can be opened by its id.
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(home.path().join("report/report.json")).expect("a report"))
            .expect("a document");
    let total = report["totals"]
        .as_array()
        .expect("totals")
        .iter()
        .find(|row| row["addends"].as_array().expect("ids").contains(&"WT90".into()))
        .expect("a total");
    let id = total["id"].as_str().expect("an id");
    let shown = run(home.path(), &["show", id, "l.ledger"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    for part in ["addend", "WT90", "p9 of W08", "left out", "WT1"] {
        assert!(shown.out.contains(part), "{part}: {}", shown.out);
    }
    let duty = paid["id"].as_str().expect("an id");
    let shown = run(home.path(), &["show", duty, &folder]);
    assert!(
        shown.out.contains("paid") && shown.out.contains("WR1"),
        "{}",
        shown.out
    );
}

#[test]
fn an_unknown_provider_is_the_askers_fault_and_the_nearest_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = shipped("wenchuan").display().to_string();
    let ran = run(home.path(), &["owed", &folder, "--provider", "CN-37000"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("CN-370000"), "{}", ran.err);
}

#[test]
fn a_case_without_rules_owes_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    assert_eq!(run(home.path(), &["new", "fresh"]).code, Some(0));
    let ran = run(home.path(), &["owed", "fresh"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.out.trim().is_empty());
    let ran = run(
        home.path(),
        &["owed", &shipped("planted/plus").display().to_string(), "--json"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.json()["duties"], serde_json::json!([]));
}

#[test]
fn one_rate_moves_its_own_duties_and_nothing_else() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = case(home.path());
    let path = folder.display().to_string();
    let before = run(home.path(), &["owed", &path, "--json"]).json();
    edit(
        &folder.join("rules.csv"),
        "fiscal_revenue,0.01,",
        "fiscal_revenue,0.02,",
    );
    let after = run(home.path(), &["owed", &path, "--json"]).json();
    let rows = |document: &serde_json::Value| document["duties"].as_array().expect("duties").clone();
    let (before, after) = (rows(&before), rows(&after));
    assert_eq!(before.len(), after.len());
    for (one, two) in before.iter().zip(&after) {
        assert_eq!(one["id"], two["id"]);
        assert_eq!(one["base"], two["base"]);
        if one["rule"] != "WR1" {
            assert_eq!(one, two);
        }
    }
    let paid = after
        .iter()
        .find(|row| row["provider"] == "CN-370000" && row["period"] == "2010" && row["base_named"] == true)
        .expect("a duty");
    assert_eq!(paid["status"], "below");
}
