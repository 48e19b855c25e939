//! What is at fault is named, listed whole, and nothing is written.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::run::{copy, edit, run, shipped};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A planted case with three faults in two files.
fn faulty(at: &Path) {
    copy(&shipped("planted/plus"), at);
    edit(&at.join("places.csv"), ",province,ZZ,10,10", ",region,ZZ,10,10");
    edit(&at.join("observations.csv"), "2001,syn1,", "2001,syn2,");
    edit(&at.join("observations.csv"), "5022409631", "\"5022409,6\"");
}

#[test]
fn faults_are_listed_at_once_with_place_value_expectation_and_hint() {
    let home = folder();
    faulty(&home.path().join("plus"));
    let ran = run(home.path(), &["assess", "plus"]);
    assert_eq!(ran.out, "");
    insta::assert_snapshot!(ran.told(), @r#"
    error: 3 faults in 2 files; nothing was read into the ledger

    observations.csv:2:4
      value     "syn2"
      expected  a key of vintages
      hint      did you mean syn1?

    observations.csv:3:5
      value     "5022409,6"
      expected  a plain decimal with a point (0.3, 1500000)
      hint      write 5022409.6; keep "5022409,6" in as_said

    places.csv:3:7
      value     "region"
      expected  one of nation, province, prefecture, county, division, group

    exit 2: nothing was written
    [exit 2]
    "#);
    assert!(!home.path().join("report").exists());
}

#[test]
fn faults_are_a_document_where_json_is_asked_for() {
    let home = folder();
    faulty(&home.path().join("plus"));
    let ran = run(home.path(), &["validate", "plus", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(2), ""));
    let document = ran.json();
    assert_eq!(document["schema"], "counterpart.faults/1");
    assert_eq!(document["count"], 3);
    assert_eq!(document["faults"].as_array().map(Vec::len), Some(3));
    assert_eq!(document["faults"][0]["location"]["file"], "observations.csv");
}

#[test]
fn the_first_twenty_faults_are_shown_with_a_count() {
    let home = folder();
    let case = home.path().join("plus");
    copy(&shipped("planted/plus"), &case);
    let file = case.join("observations.csv");
    let text = fs::read_to_string(&file).expect("a table");
    fs::write(&file, text.replacen(",CNY,", ",XYZW,", 25)).expect("a table");
    let ran = run(home.path(), &["validate", "plus"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err
            .starts_with("error: 25 faults in 1 file; nothing was read into the ledger\n"),
        "{}",
        ran.err
    );
    assert_eq!(ran.err.matches("observations.csv:").count(), 20, "{}", ran.err);
    assert!(ran.err.contains("\nand 5 more (`--all-faults`)\n"), "{}", ran.err);
    let all = run(home.path(), &["validate", "plus", "--all-faults"]);
    assert_eq!(all.err.matches("observations.csv:").count(), 25);
    let document = run(home.path(), &["validate", "plus", "--json"]).json();
    assert_eq!(document["faults"].as_array().map(Vec::len), Some(25));
}

#[test]
fn a_faulty_case_makes_no_ledger_file_and_leaves_an_earlier_report() {
    let home = folder();
    faulty(&home.path().join("plus"));
    let report = home.path().join("report");
    fs::create_dir(&report).expect("a folder");
    fs::write(report.join("index.html"), "earlier").expect("a page");
    let ran = run(home.path(), &["assess", "plus", "--ledger", "case.ledger"]);
    assert_eq!(ran.code, Some(2));
    assert!(!home.path().join("case.ledger").exists());
    assert_eq!(
        fs::read_to_string(report.join("index.html")).expect("a page"),
        "earlier"
    );
}

#[test]
fn nothing_is_named() {
    let ran = run(folder().path(), &["assess"]);
    insta::assert_snapshot!(ran.told(), @r#"
    error: no case is named
    hint: name a case folder: counterpart assess cases/NAME
    hint: or a ledger file: counterpart assess --ledger FILE
    [exit 2]
    "#);
}

#[test]
fn nothing_is_there_but_something_like_it() {
    let home = folder();
    fs::create_dir(home.path().join("my-case")).expect("a folder");
    let ran = run(home.path(), &["validate", "mycase"]);
    insta::assert_snapshot!(ran.told(), @r#"
    error: mycase: nothing is there
    hint: did you mean my-case?
    [exit 2]
    "#);
}

#[test]
fn a_file_that_is_neither_case_nor_ledger() {
    let home = folder();
    fs::write(home.path().join("notes.txt"), "not a ledger").expect("a file");
    insta::assert_snapshot!(run(home.path(), &["assess", "notes.txt"]).told(), @r#"
    error: notes.txt: neither a case folder nor a ledger file
    hint: name a case folder, or a ledger file that `assess --ledger` wrote
    [exit 2]
    "#);
    insta::assert_snapshot!(run(home.path(), &["validate", "notes.txt"]).told(), @r#"
    error: notes.txt: a file, where a case folder is needed
    hint: name the folder that holds case.toml
    [exit 2]
    "#);
    insta::assert_snapshot!(run(home.path(), &["verify", "notes.txt"]).told(), @r#"
    error: notes.txt: neither a ledger file nor a report.json
    hint: name a ledger file, a report.json or the folder of a report
    [exit 2]
    "#);
}

#[test]
fn an_empty_file_is_no_ledger() {
    let home = folder();
    fs::write(home.path().join("empty"), "").expect("a file");
    insta::assert_snapshot!(run(home.path(), &["assess", "--ledger", "empty"]).told(), @r#"
    error: empty: empty: no case was ever committed to it
    hint: read one into it: counterpart assess CASE --ledger FILE
    [exit 2]
    "#);
    assert_eq!(fs::metadata(home.path().join("empty")).expect("a file").len(), 0);
}

#[test]
fn a_huge_file_is_refused_by_its_first_bytes() {
    let home = folder();
    let file = fs::File::create(home.path().join("huge")).expect("a file");
    file.set_len(1 << 40).expect("a sparse file");
    let ran = run(home.path(), &["assess", "huge"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.contains("neither a case folder nor a ledger file"),
        "{}",
        ran.err
    );
}

#[test]
fn a_folder_without_questions() {
    let home = folder();
    fs::create_dir(home.path().join("empty")).expect("a folder");
    insta::assert_snapshot!(run(home.path(), &["assess", "empty"]).told(), @r#"
    error: 4 faults in 4 files; nothing was read into the ledger

    case.toml
      value     nothing
      expected  case.toml, which says what the case asks
      hint      counterpart new NAME writes one to start from

    places.csv
      value     nothing
      expected  the table places, which every case has
      hint      A nation, province, prefecture, county or division, or a group of
                them.

    sources.csv
      value     nothing
      expected  the table sources, which every case has
      hint      A document or data set; a copy of a source is not a second source.

    speakers.csv
      value     nothing
      expected  the table speakers, which every case has
      hint      An office or organisation that says something; a person only as
                holder of a public office.

    exit 2: nothing was written
    [exit 2]
    "#);
}

#[cfg(unix)]
#[test]
fn a_loop_of_links_is_the_worlds_fault_and_exits_with_1() {
    let home = folder();
    std::os::unix::fs::symlink("loop", home.path().join("loop")).expect("a link");
    let ran = run(home.path(), &["assess", "loop"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.starts_with("error: loop: "), "{}", ran.err);
    let document = run(home.path(), &["assess", "loop", "--json"]).json();
    assert_eq!(document["kind"], "world");
}

#[test]
fn text_of_a_case_cannot_steer_the_terminal() {
    let home = folder();
    let case = home.path().join("plus");
    copy(&shipped("planted/plus"), &case);
    edit(
        &case.join("observations.csv"),
        "5022409631",
        "\u{1b}[2J5022409631",
    );
    let ran = run(home.path(), &["validate", "plus"]);
    assert_eq!(ran.code, Some(2));
    assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
}

#[test]
fn a_cut_ledger_is_damaged_and_verify_says_so() {
    let home = folder();
    let case = shipped("planted/plus").display().to_string();
    let whole = run(
        home.path(),
        &["assess", &case, "--ledger", "whole.ledger", "--quiet"],
    );
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    let bytes = fs::read(home.path().join("whole.ledger")).expect("a ledger");
    fs::write(home.path().join("cut.ledger"), &bytes[..bytes.len() / 4]).expect("a ledger");
    let ran = run(home.path(), &["assess", "cut.ledger"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(
        ran.err
            .contains("\nhint: counterpart verify FILE names what is damaged\n"),
        "{}",
        ran.err
    );
    let verified = run(home.path(), &["verify", "cut.ledger"]);
    assert_eq!(verified.code, Some(2), "{}", verified.err);
    assert!(
        verified.out.starts_with("cut.ledger: altered\n"),
        "{}",
        verified.out
    );
}

#[test]
fn a_folder_that_holds_something_else_is_left_as_it_is() {
    let home = folder();
    fs::create_dir(home.path().join("mine")).expect("a folder");
    fs::write(home.path().join("mine/thesis.txt"), "years of work").expect("a file");
    let case = shipped("planted/plus").display().to_string();
    let ran = run(home.path(), &["assess", &case, "--out", "mine"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("\nhint: choose an empty folder"), "{}", ran.err);
    assert_eq!(
        fs::read_to_string(home.path().join("mine/thesis.txt")).expect("a file"),
        "years of work"
    );
    let document = run(home.path(), &["assess", &case, "--out", "mine", "--json"]).json();
    assert_eq!(document["kind"], "input");
    assert!(
        document["hints"][0]
            .as_str()
            .is_some_and(|hint| hint.starts_with("choose")),
        "{document}"
    );
}
