//! A report and a ledger that were altered are told from genuine ones.

use std::fs;

use crate::run::{run, shipped};

#[test]
fn a_changed_digit_in_a_report_is_found() {
    let home = tempfile::tempdir().expect("a folder");
    let case = shipped("planted/plus");
    let ran = run(home.path(), &["assess", &case.display().to_string(), "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for file in ["report", "report/report.json"] {
        let ran = run(home.path(), &["verify", file]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(
            ran.out.starts_with("report/report.json: genuine\n"),
            "{}",
            ran.out
        );
        assert!(ran.out.contains("report.json alone was verified"), "{}", ran.out);
    }
    let file = home.path().join("report/report.json");
    let text = fs::read_to_string(&file).expect("a report");
    fs::write(&file, text.replacen("\"estimate\": 0.", "\"estimate\": 1.", 1)).expect("a report");
    let ran = run(home.path(), &["verify", "report", "--json"]);
    assert_eq!(ran.code, Some(2));
    let document = ran.json();
    assert_eq!(document["schema"], "counterpart.verify/1");
    assert_eq!(
        (&document["kind"], &document["genuine"]),
        (&"report".into(), &false.into())
    );
    let altered = document["altered"].as_array().expect("what was altered");
    assert!(
        altered.contains(&"studies is not as it was published".into()),
        "{altered:?}"
    );
    assert!(
        !altered
            .iter()
            .any(|block| block.as_str().is_some_and(|block| block.starts_with("claims"))),
        "{altered:?}"
    );
}

#[test]
fn a_changed_byte_in_a_ledger_is_found_and_its_row_named() {
    let home = tempfile::tempdir().expect("a folder");
    let case = shipped("planted/plus");
    let ran = run(
        home.path(),
        &[
            "assess",
            &case.display().to_string(),
            "--ledger",
            "plus.ledger",
            "--quiet",
        ],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let genuine = run(home.path(), &["verify", "plus.ledger"]);
    assert_eq!(genuine.code, Some(0), "{}", genuine.err);
    assert!(genuine.out.contains("plus.ledger: genuine"), "{}", genuine.out);

    let file = home.path().join("plus.ledger");
    let mut bytes = fs::read(&file).expect("a ledger");
    let name = b"Receiving Province";
    let at = bytes
        .windows(name.len())
        .position(|window| window == name)
        .expect("the place's name");
    bytes[at] = b'D';
    fs::write(&file, bytes).expect("a ledger");
    let altered = run(home.path(), &["verify", "plus.ledger"]);
    assert_eq!(altered.code, Some(2));
    assert!(altered.out.contains("plus.ledger: altered"), "{}", altered.out);
    assert!(altered.out.contains("commit 1, places row"), "{}", altered.out);
}

#[test]
fn an_empty_file_is_a_ledger_without_a_commit_and_takes_one() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("new.ledger"), "").expect("a file");
    let ran = run(home.path(), &["verify", "new.ledger"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(0), "new.ledger: genuine\nledger     no commit yet\n"),
        "{}",
        ran.err
    );
    let ran = run(home.path(), &["assess", "--ledger", "new.ledger", "--quiet"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let case = shipped("planted/plus").display().to_string();
    let ran = run(
        home.path(),
        &["assess", &case, "--ledger", "new.ledger", "--quiet"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn another_case_is_not_mixed_into_a_ledger() {
    let home = tempfile::tempdir().expect("a folder");
    let case = shipped("planted/plus").display().to_string();
    let ran = run(
        home.path(),
        &["assess", &case, "--ledger", "one.ledger", "--quiet"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let other = shipped("wenchuan").display().to_string();
    let ran = run(home.path(), &["assess", &other, "--ledger", "one.ledger"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("one.ledger: holds another case"), "{}", ran.err);
    let ran = run(home.path(), &["verify", "one.ledger"]);
    assert!(ran.out.contains("1 commit and "), "{}", ran.out);
    // The same case again is nothing new.
    let ran = run(
        home.path(),
        &["assess", &case, "--ledger", "one.ledger", "--quiet"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}
