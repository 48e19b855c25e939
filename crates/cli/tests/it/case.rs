//! Whole runs on the planted cases.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::run::{Ran, copy, edit, run, shipped};

fn assess(home: &Path, case: &str, more: &[&str]) -> Ran {
    let case = shipped(case).display().to_string();
    let mut arguments = vec!["assess", case.as_str()];
    arguments.extend(more);
    run(home, &arguments)
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Sizes, digests and times differ between builds, and sentences are the appraisal's own; the screen is otherwise fixed.
fn filtered(text: &str) -> String {
    let mut lines = Vec::new();
    let mut in_sentences = false;
    for line in text.lines() {
        let is_label = !line.starts_with(' ');
        if line.starts_with("hangs on") {
            lines.push("hangs on   SENTENCES");
        } else if line.contains(" · case ") {
            lines.push("           SIZE · case DIGEST · seed 6 · SECONDS");
        } else if is_label || !in_sentences {
            lines.push(line);
        }
        in_sentences = line.starts_with("hangs on") || (in_sentences && !is_label);
    }
    lines.join("\n")
}

#[test]
fn the_answer_fits_on_a_screen_of_24_lines_and_80_columns() {
    let home = home();
    let ran = assess(home.path(), "planted/plus", &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    insta::assert_snapshot!(filtered(&ran.out), @r#"
    Does the programme of this synthetic case change the product of its units?

    ▲ helped   Product of the unit, from 2008, 2 specifications
               ▼ 0   = 0   ▲ 2   ? 0

    lens                  verdict   effect    rank      p  gap 2001–12, ±20
    Everything on record  ▲ helped   10.2%  1/1000  <0.01  ▄▄▄▄▅▄▅│▇▇▆▆▆

    hangs on   SENTENCES
    figures    none is said to follow from others
    pool       20 of 40: 20 treated

    report     report/index.html
               SIZE · case DIGEST · seed 6 · SECONDS
    "#);
    assert!(ran.out.lines().count() <= 24);
    assert!(
        ran.out.lines().all(|line| line.chars().count() <= 80),
        "{}",
        ran.out
    );
    for file in ["index.html", "report.json", "report.md"] {
        assert!(home.path().join("report").join(file).is_file(), "{file}");
    }
}

#[test]
fn lenses_that_disagree_are_counted_and_one_without_a_series_says_why() {
    let home = home();
    let case = home.path().join("plus");
    copy(&shipped("planted/plus"), &case);
    let lens = "[[lens]]\nid = \"none\"\ntitle = \"没有官方数字\"\nvintage = \"newest\"\nexclude_publisher_kinds = [\"none\"]\n\n";
    edit(&case.join("case.toml"), "[[pool]]", &format!("{lens}[[pool]]"));
    edit(
        &case.join("case.toml"),
        "[grid]",
        "[[lens_study]]\nlens = \"none\"\nstudies = [\"product\"]\n\n[grid]",
    );
    let ran = run(home.path(), &["assess", "plus"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(filtered(&ran.out), @r#"
    Does the programme of this synthetic case change the product of its units?

    ▲ helped (1 lens)  ? cannot tell (1 lens)
      Product of the unit, from 2008, 2 specifications
      ▼ 0   = 0   ▲ 2   ? 0

    lens                  verdict        effect    rank      p  gap 2001–12, ±20
    Everything on record  ▲ helped        10.2%  1/1000  <0.01  ▄▄▄▄▅▄▅│▇▇▆▆▆
    没有官方数字          ? cannot tell       –       –      –  no series

    hangs on   SENTENCES
    figures    none is said to follow from others
    pool       20 of 40: 20 treated

    report     report/index.html
               SIZE · case DIGEST · seed 6 · SECONDS
    "#);
    let one = run(home.path(), &["assess", "plus", "--lens", "none"]);
    assert!(one.out.contains("? cannot tell   "), "{}", one.out);
    assert!(!one.out.contains("Everything on record"), "{}", one.out);
}

#[test]
fn planted_effects_are_found() {
    for (case, word) in [
        ("planted/plus", "▲ helped"),
        ("planted/zero", "= no detectable effect"),
        ("planted/minus", "▼ harmed"),
        ("planted/broken_trend", "? cannot tell"),
    ] {
        let home = home();
        let ran = assess(home.path(), case, &[]);
        assert_eq!(ran.code, Some(0), "{case}: {}", ran.err);
        let verdict = ran.out.lines().nth(2).unwrap_or_default();
        assert!(verdict.starts_with(word), "{case}: {}", ran.out);
    }
}

#[test]
fn ascii_is_ascii() {
    let home = home();
    let ran = assess(home.path(), "planted/minus", &["--ascii"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.is_ascii(), "{}", ran.out);
}

#[test]
fn colour_only_repeats_the_marks() {
    let home = home();
    let plain = filtered(&assess(home.path(), "planted/plus", &[]).out);
    let coloured = assess(home.path(), "planted/plus", &["--color", "always"]).out;
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    stripped.push_str(rest);
    assert_eq!(filtered(&stripped), plain);
}

#[test]
fn the_document_for_scripts_is_the_report() {
    let home = home();
    let ran = assess(home.path(), "planted/plus", &["--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.json()["schema"], "counterpart.report/1");
    let file = fs::read_to_string(home.path().join("report/report.json")).expect("a report");
    assert_eq!(ran.out.trim_end(), file.trim_end());
}

#[test]
fn a_ledger_file_alone_gives_the_same_report() {
    let home = home();
    let first = assess(
        home.path(),
        "planted/plus",
        &["--ledger", "plus.ledger", "--out", "a"],
    );
    assert_eq!(first.code, Some(0), "{}", first.err);
    for (arguments, out) in [
        (vec!["assess", "--ledger", "plus.ledger", "--out", "b"], "b"),
        (vec!["assess", "plus.ledger", "--out", "c", "--threads", "1"], "c"),
    ] {
        let ran = run(home.path(), &arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        for file in ["report.json", "index.html", "report.md"] {
            let a = fs::read(home.path().join("a").join(file)).expect("a file");
            let b = fs::read(home.path().join(out).join(file)).expect("a file");
            assert!(a == b, "{out}/{file} differs");
        }
    }
}

#[test]
fn a_row_that_left_the_folder_is_listed_and_stays() {
    let home = home();
    let case = home.path().join("plus");
    copy(&shipped("planted/plus"), &case);
    let arguments = ["assess", "plus", "--ledger", "plus.ledger"];
    assert_eq!(run(home.path(), &arguments).code, Some(0));
    edit(&case.join("pairings.csv"), "PR20", "PR99");
    let ran = run(home.path(), &arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err
            .contains("pairings: PR20: no longer in the folder; it stays on record"),
        "{}",
        ran.err
    );
}

#[test]
fn fail_on_ends_with_3_and_says_why() {
    let home = home();
    let met = assess(
        home.path(),
        "planted/broken_trend",
        &["--fail-on", "contradicted,cannot-tell"],
    );
    assert_eq!(met.code, Some(3));
    assert_eq!(met.err, "exit 3: 1 lens under which the record cannot tell\n");
    assert!(home.path().join("report/index.html").is_file());
    let unmet = assess(
        home.path(),
        "planted/plus",
        &["--fail-on", "contradicted", "--fail-on", "disputed"],
    );
    assert_eq!((unmet.code, unmet.err.as_str()), (Some(0), ""));
}

#[test]
fn an_unknown_lens_is_answered_with_its_neighbour() {
    let home = home();
    let ran = assess(home.path(), "planted/plus", &["--lens", "al"]);
    insta::assert_snapshot!(ran.told(), @r#"
    error: no lens of the case has the id "al"
    hint: did you mean all?
    [exit 2]
    "#);
    assert!(!home.path().join("report").exists());
}

#[test]
fn an_unknown_id_is_answered_with_its_neighbours() {
    let case = shipped("planted/plus").display().to_string();
    let ran = run(home().path(), &["show", "PR1", &case]);
    insta::assert_snapshot!(ran.told(), @r#"
    error: no claim, figure, estimate or statement has the id "PR1"
    hint: did you mean PR10, PR11 or PR12?
    [exit 2]
    "#);
}

#[test]
fn a_pairing_is_shown_with_its_statement() {
    let case = shipped("planted/plus").display().to_string();
    let ran = run(home().path(), &["show", "PR01", &case]);
    insta::assert_snapshot!(ran.out, @r#"
    PR01  pairing

    programme  PG-syn
    round      RD-1
    provider   Giving Province Two (ZZ-P2)
    recipient  Unit 2 (ZZ-002)
    kind       region
    start      2008
    end        2012
    basis      official_list
    confidence high
    where      all of SYN, Synthetic series of the generator, seed 6, Counterpart
               test kit, 2026-01-01
    on record  commit 1, pairings row 1, recorded 2026-01-01 by counterpart
    "#);
    let document = run(home().path(), &["show", "PR01", &case, "--json"]).json();
    assert_eq!(document["schema"], "counterpart.show/1");
    assert_eq!(document["statements"][0]["cells"]["provider_id"], "ZZ-P2");
}

#[test]
fn a_new_case_is_accepted_as_it_is() {
    let home = home();
    let ran = run(home.path(), &["new", "mine"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(run(home.path(), &["validate", "mine"]).code, Some(0));
    let ran = run(home.path(), &["assess", "mine"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let again = run(home.path(), &["new", "mine"]);
    assert_eq!(again.code, Some(2), "{}", again.err);
}
