//! A ledger written back as a folder: what is read from it again changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::run::{copy, run, shipped};

/// Every file of a folder by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(
                files(&path)
                    .into_iter()
                    .map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)),
            );
        } else {
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
    found
}

fn log(home: &Path, ledger: &str) -> serde_json::Value {
    run(home, &["log", "--ledger", ledger, "--json"]).json()
}

/// Folder → ledger → folder → ledger → folder.
fn round_trip(home: &Path, case: &str) {
    let import = |case: &str, ledger: &str| {
        let ran = run(home, &["record", "case", case, "--ledger", ledger]);
        assert_eq!(ran.code, Some(0), "{case}: {}", ran.err);
        ran
    };
    import(case, "one.ledger");
    let ran = run(home, &["export", "first", "--ledger", "one.ledger"]);
    assert_eq!(ran.code, Some(0), "{case}: {}", ran.err);
    assert!(ran.out.contains("not for publication"), "{}", ran.out);
    let validated = run(home, &["validate", "first", "--json"]);
    assert_eq!(
        validated.json()["remarks"].as_array().map(Vec::len),
        Some(0),
        "{}",
        validated.out
    );

    let again = import("first", "one.ledger");
    assert!(again.out.contains("nothing new"), "{case}: {}", again.out);
    assert_eq!(
        log(home, "one.ledger")["commits"].as_array().map(Vec::len),
        Some(1)
    );

    import("first", "two.ledger");
    assert_eq!(
        run(home, &["export", "second", "--ledger", "two.ledger"]).code,
        Some(0)
    );
    let (first, second) = (files(&home.join("first")), files(&home.join("second")));
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        second.keys().collect::<Vec<_>>(),
        "{case}"
    );
    for (name, bytes) in &first {
        assert!(second.get(name) == Some(bytes), "{case}: {name}");
    }
    let unfinished = fs::read_dir(home).expect("a folder").filter(|entry| {
        entry
            .as_ref()
            .is_ok_and(|entry| entry.file_name().to_string_lossy().ends_with(".unfinished"))
    });
    assert_eq!(unfinished.count(), 0);
}

#[test]
fn export_import_export_is_the_identity_on_every_case() {
    for case in [
        "xinjiang",
        "wenchuan",
        "planted/plus",
        "planted/minus",
        "planted/zero",
        "planted/broken_trend",
    ] {
        let home = tempfile::tempdir().expect("a folder");
        round_trip(home.path(), &shipped(case).display().to_string());
    }
}

#[test]
fn a_new_case_with_columns_shapes_and_signs_of_its_own_comes_back() {
    let home = tempfile::tempdir().expect("a folder");
    run(home.path(), &["new", "mine"]);
    let case = home.path().join("mine");
    let speakers = fs::read_to_string(case.join("speakers.csv")).expect("a table");
    let mut lines = speakers.lines();
    let mut text = format!("{},x_own\n", lines.next().expect("a header"));
    for line in lines {
        text.push_str(&format!("{line},\"a \"\"quoted\"\", 引用 =1+1\"\n"));
    }
    fs::write(case.join("speakers.csv"), text).expect("a table");
    round_trip(home.path(), "mine");
    let exported = fs::read_to_string(home.path().join("first/speakers.csv")).expect("a table");
    assert!(exported.contains("\"a \"\"quoted\"\", 引用 =1+1\""), "{exported}");
}

#[test]
fn what_was_withdrawn_is_absent_and_an_earlier_commit_can_be_had() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    copy(&shipped("wenchuan"), &home.join("case"));
    run(home, &["record", "case", "case", "--ledger", "l"]);
    let ran = run(home, &["retract", "WT8", "--reason", "twice", "--ledger", "l"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for (folder, as_of, there) in [("now", None, false), ("then", Some("1"), true)] {
        let mut arguments = vec!["export", folder, "--ledger", "l"];
        arguments.extend(as_of.iter().flat_map(|number| ["--as-of", number]));
        assert_eq!(run(home, &arguments).code, Some(0));
        let text = fs::read_to_string(home.join(folder).join("transactions.csv")).expect("a table");
        assert_eq!(text.contains("\nWT8,"), there, "{folder}");
    }
    let none = run(home, &["export", "never", "--ledger", "l", "--as-of", "9"]);
    assert_eq!(none.code, Some(2), "{}", none.err);
    assert!(!home.join("never").exists());
}

#[test]
fn nothing_is_written_over() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let case = shipped("planted/zero").display().to_string();
    run(home, &["record", "case", &case, "--ledger", "l"]);
    fs::create_dir(home.join("taken")).expect("a folder");
    fs::write(home.join("taken/own.txt"), "mine").expect("a file");
    fs::write(home.join("file"), "mine").expect("a file");
    for place in ["taken", "file"] {
        let ran = run(home, &["export", place, "--ledger", "l"]);
        assert_eq!(ran.code, Some(2), "{place}");
    }
    assert_eq!(files(&home.join("taken")).len(), 1);
    fs::create_dir(home.join("empty")).expect("a folder");
    let ran = run(home, &["export", "empty", "--ledger", "l"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(home.join("empty/case.toml").is_file());
}

#[test]
fn a_folder_is_checked_beside_what_was_recorded_since() {
    let home = tempfile::tempdir().expect("a folder");
    copy(&shipped("wenchuan"), &home.path().join("case"));
    let import = || run(home.path(), &["record", "case", "case", "--ledger", "one.ledger"]);
    assert_eq!(import().code, Some(0));
    // The first row of transactions gets a part, which is in no folder.
    let path = home.path().join("case/transactions.csv");
    let text = fs::read_to_string(&path).expect("text");
    let mut lines = text.lines();
    let headings: Vec<&str> = lines.next().expect("headings").split(',').collect();
    let row = lines.next().expect("a row").to_owned();
    let first: Vec<&str> = row.split(',').collect();
    assert_eq!(headings.len(), first.len(), "a row without quotes: {row}");
    let mut words: Vec<String> = ["record", "transaction", "--ledger", "one.ledger"]
        .map(str::to_owned)
        .to_vec();
    for (heading, cell) in headings.iter().copied().zip(first.iter().copied()) {
        let cell = match heading {
            "transaction_id" => "T-part",
            "part_of" => first[0],
            heading if heading.starts_with("x_") => continue,
            _ if cell.is_empty() => continue,
            _ => cell,
        };
        words.push(match heading {
            "transaction_id" => "--id".to_owned(),
            heading => format!("--{}", heading.replace('_', "-")),
        });
        words.push(cell.to_owned());
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ran = run(home.path(), &words);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(import().code, Some(0), "the same folder again is sound beside it");
    let before = fs::read(home.path().join("one.ledger")).expect("a ledger");
    // Sound alone, but its part is in another currency.
    assert!(text.contains(&row) && row.contains(",CNY,"), "{row}");
    fs::write(&path, text.replacen(&row, &row.replacen(",CNY,", ",USD,", 1), 1)).expect("written");
    let ran = import();
    assert_eq!(ran.code, Some(2), "{}", ran.out);
    assert!(ran.err.contains("transactions T-part, on record"), "{}", ran.err);
    assert_eq!(
        fs::read(home.path().join("one.ledger")).expect("a ledger"),
        before
    );
}
