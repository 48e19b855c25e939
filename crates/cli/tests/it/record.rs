//! Recording into a ledger by hand: checked as an import is, whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;

use crate::run::{Ran, program, run, shipped};

const LEDGER: &str = "office.ledger";
const WHO: [&str; 6] = [
    "--ledger",
    LEDGER,
    "--author",
    "Office of Unterau",
    "--recorded-at",
    "2026-11-24T09:00:00Z",
];

/// A folder with the ledger of a small case in it.
fn office() -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let case = shipped("planted/zero").display().to_string();
    let ran = run(
        home.path(),
        &["assess", &case, "--ledger", LEDGER, "--out", "first", "--quiet"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    home
}

fn record(home: &Path, arguments: &[&str]) -> Ran {
    let mut all = arguments.to_vec();
    all.extend(WHO);
    run(home, &all)
}

fn transaction(id: &str) -> Vec<String> {
    [
        "record",
        "transaction",
        "--id",
        id,
        "--flow",
        "pairing_fund",
        "--type",
        "arrival",
        "--basis",
        "annual",
        "--provider-id",
        "ZZ-P1",
        "--receiver-id",
        "ZZ-002",
        "--value",
        "1250000.50",
        "--currency",
        "CNY",
        "--period-start",
        "2009",
        "--period-end",
        "2009",
        "--speaker-id",
        "SP-generator",
        "--source-id",
        "SYN",
        "--locator",
        "p. 4",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn as_str(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn commits(home: &Path) -> usize {
    let ran = run(home, &["log", "--ledger", LEDGER, "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    ran.json()["commits"].as_array().expect("a list").len()
}

fn bytes(home: &Path) -> Vec<u8> {
    fs::read(home.join(LEDGER)).expect("a ledger")
}

#[test]
fn a_row_by_flags_is_one_commit_and_the_report_has_it() {
    let home = office();
    let ran = record(home.path(), &as_str(&transaction("TR1")));
    insta::assert_snapshot!(ran.out, @r"
    office.ledger: commit 2
    added            transactions TR1, as 2/transactions/1
    ");
    let report = run(
        home.path(),
        &["assess", "--ledger", LEDGER, "--json", "--out", "second"],
    )
    .json();
    let totals = report["totals"].as_array().expect("totals");
    let counted = totals.iter().any(|total| {
        total["addends"]
            .as_array()
            .is_some_and(|addends| addends.iter().any(|id| id == "TR1"))
    });
    assert!(counted, "{totals:?}");
    let shown = run(home.path(), &["show", "TR1", "--ledger", LEDGER]);
    assert!(
        shown.out.contains("on record  commit 2, transactions row 1"),
        "{}",
        shown.out
    );
    assert_eq!(run(home.path(), &["verify", LEDGER]).code, Some(0));
}

#[test]
fn the_same_statement_twice_says_so_and_changes_nothing() {
    let home = office();
    let first = transaction("TR1");
    record(home.path(), &as_str(&first));
    let before = bytes(home.path());
    let again = record(home.path(), &as_str(&first));
    assert_eq!(again.code, Some(0));
    assert!(
        again.out.contains("already on record as 2/transactions/1"),
        "{}",
        again.out
    );
    assert!(bytes(home.path()) == before, "the file changed");
    assert_eq!(commits(home.path()), 2);
}

#[test]
fn other_content_under_a_key_is_refused_and_superseded_on_request() {
    let home = office();
    let mut row = transaction("TR1");
    record(home.path(), &as_str(&row));
    let value = row.iter().position(|word| word == "1250000.50").expect("a value");
    row[value] = "1250000.5".to_owned();
    let refused = record(home.path(), &as_str(&row));
    insta::assert_snapshot!(refused.told(), @r#"
    error: 1 fault; nothing was recorded

    --transaction-id
      value     "TR1"
      expected  a transaction_id that is not on record with another value
      hint      it is on record as 2/transactions/1; to replace it: counterpart
                supersede TR1 --reason …, or record with --supersede

    exit 2: nothing was written
    [exit 2]
    "#);
    let ran = record(
        home.path(),
        &[
            "supersede",
            "TR1",
            "--value",
            "1250000.5",
            "--set",
            "x_ref=A 7",
            "--reason",
            "a digit too many",
        ],
    );
    insta::assert_snapshot!(ran.out, @r"
    office.ledger: commit 3
    superseded       transactions TR1, as 3/transactions/1 in place of
                     2/transactions/1
                       value: 1250000.50 → 1250000.5
                       x_ref: nothing → A 7
    ");
    let history = run(home.path(), &["log", "--of", "TR1", "--ledger", LEDGER, "--json"]).json();
    assert_eq!(history["events"].as_array().map(Vec::len), Some(2));
    assert_eq!(history["events"][1]["cells"]["x_ref"], "A 7");
    let other = record(
        home.path(),
        &[
            "supersede",
            "TR1",
            "--transaction-id",
            "TR2",
            "--reason",
            "renamed",
        ],
    );
    assert_eq!(other.code, Some(2));
    assert!(
        other.err.contains("the key of the row that is replaced"),
        "{}",
        other.err
    );
    assert_eq!(commits(home.path()), 3);
}

#[test]
fn every_fault_is_told_at_once_by_its_flag_and_nothing_is_recorded() {
    let home = office();
    let before = bytes(home.path());
    let ran = record(
        home.path(),
        &[
            "record",
            "placement",
            "--id",
            "PL1",
            "--origin-id",
            "ZZ-0O2",
            "--destination-id",
            "ZZ-P1",
            "--count",
            "1,200",
            "--concept",
            "heads",
            "--period",
            "2010/2009",
            "--speaker-id",
            "SP-generator",
            "--source-id",
            "SYN",
            "--set",
            "worker_name=A",
            "--set",
            "x_own=kept",
        ],
    );
    insta::assert_snapshot!(ran.told());
    assert!(bytes(home.path()) == before, "the file changed");
    let json = record(home.path(), &["record", "review", "--json"]);
    assert_eq!(json.code, Some(2));
    let faults = json.json();
    assert_eq!(faults["schema"], "counterpart.faults/1");
    assert!(faults["faults"].as_array().is_some_and(|faults| faults.len() > 2));
}

#[test]
fn a_dry_run_says_what_would_be_and_leaves_every_byte() {
    let home = office();
    record(home.path(), &as_str(&transaction("TR1")));
    let before = bytes(home.path());
    fs::write(
        home.path().join("rows.toml"),
        "[[transactions]]
transaction_id = \"TR1\"
flow = \"pairing_fund\"
type = \"arrival\"
basis = \"annual\"
provider_id = \"ZZ-P1\"
receiver_id = \"ZZ-002\"
value = 7
currency = \"CNY\"
period_start = 2009
period_end = 2009
speaker_id = \"SP-generator\"
source_id = \"SYN\"
locator = \"p. 4\"

[[speakers]]
speaker_id = \"SP-new\"
name = \"Audit Office\"
kind = \"state\"
source_id = \"SYN\"
locator = \"cover\"
",
    )
    .expect("a file");
    let ran = record(
        home.path(),
        &["record", "all", "--from", "rows.toml", "--supersede", "--dry-run"],
    );
    insta::assert_snapshot!(ran.out, @r"
    office.ledger: as planned; nothing was written (--dry-run)
    would add        speakers SP-new
    would supersede  transactions TR1, 2/transactions/1
    ");
    for arguments in [
        &["retract", "TR1", "--reason", "wrong", "--dry-run"][..],
        &[
            "supersede",
            "TR1",
            "--value",
            "9",
            "--reason",
            "wrong",
            "--dry-run",
        ],
    ] {
        assert_eq!(record(home.path(), arguments).code, Some(0));
    }
    assert!(bytes(home.path()) == before, "the file changed");
}

#[test]
fn a_toml_file_is_checked_as_one_and_faults_name_line_and_character() {
    let home = office();
    let sound = "[[sources]]
source_id = \"S-new\"
title = \"Accounts\"
publisher = \"Audit Office\"
publisher_kind = \"state\"
published_on = 2020-05-01
may_republish = \"no\"

[[speakers]]
speaker_id = \"SP-new\"
name = \"Audit Office\"
kind = \"state\"
source_id = \"S-new\"
locator = \"cover\"
";
    fs::write(
        home.path().join("bad.toml"),
        format!("{sound}part_of = [\"SP-none\"]\nphone = \"1\"\n\n[[postngs]]\nposting_id = 1\n"),
    )
    .expect("a file");
    let bad = record(home.path(), &["record", "all", "--from", "bad.toml"]);
    assert_eq!(bad.code, Some(2));
    for place in ["bad.toml:15:1", "bad.toml:16:1", "bad.toml:18:3"] {
        assert!(bad.err.contains(place), "{place} in {}", bad.err);
    }
    assert_eq!(commits(home.path()), 1);

    fs::write(home.path().join("good.toml"), sound).expect("a file");
    let good = record(home.path(), &["record", "all", "--from", "good.toml"]);
    assert_eq!(good.code, Some(0), "{}", good.err);
    assert_eq!(commits(home.path()), 2);
}

#[test]
fn a_csv_file_is_read_as_that_of_a_folder() {
    let home = office();
    let header = "posting_id,round_id,provider_id,recipient_id,batch,direction,profession,count";
    fs::write(
        home.path().join("few.csv"),
        format!("{header}\nPO1,RD-1,ZZ-P1,ZZ-002,1,,,5\n"),
    )
    .expect("a file");
    let ran = record(home.path(), &["record", "postings", "--from", "few.csv"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("few.csv:1") && ran.err.contains("source_id"),
        "{}",
        ran.err
    );
    // The tables of a case are all on record, so none of them is new.
    for entry in fs::read_dir(shipped("planted/zero")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let Some(table) = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_suffix(".csv"))
        else {
            continue;
        };
        let ran = record(
            home.path(),
            &["record", table, "--from", &path.display().to_string()],
        );
        assert_eq!(ran.code, Some(0), "{table}: {}", ran.err);
        assert!(ran.out.contains("nothing new"), "{table}: {}", ran.out);
    }
    let missing = record(home.path(), &["record", "postings", "--from", "none.csv"]);
    assert_eq!(missing.code, Some(2));
}

#[test]
fn a_row_of_every_table_can_be_recorded_by_flags() {
    let home = tempfile::tempdir().expect("a folder");
    let case = shipped("wenchuan").display().to_string();
    run(home.path(), &["assess", &case, "--ledger", LEDGER, "--quiet"]);
    for entry in fs::read_dir(shipped("wenchuan")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let Some(table) = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_suffix(".csv"))
        else {
            continue;
        };
        let text = fs::read_to_string(&path).expect("a text");
        let mut lines = text.lines();
        let headings: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let Some(cells) = lines
            .map(|line| line.split(',').collect::<Vec<_>>())
            .find(|cells| cells.len() == headings.len() && !cells.iter().any(|cell| cell.contains('"')))
        else {
            continue;
        };
        let mut arguments = vec!["record".to_owned(), table.to_owned()];
        for (heading, cell) in headings.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty()) {
            match heading.strip_prefix("x_") {
                Some(_) => arguments.extend(["--set".to_owned(), format!("{heading}={cell}")]),
                None => arguments.extend([format!("--{}", heading.replace('_', "-")), (*cell).to_owned()]),
            }
        }
        arguments.push("--json".to_owned());
        let ran = record(home.path(), &as_str(&arguments));
        assert_eq!(ran.code, Some(0), "{table}: {}", ran.out);
        let row = &ran.json()["rows"][0];
        assert_eq!(row["became"], "unchanged", "{table}");
        let id = row["id"].as_str().unwrap_or_default();
        assert!(id.starts_with("1/"), "{table}: {id}");
    }
}

#[test]
fn what_others_refer_to_is_withdrawn_with_them_or_not_at_all() {
    let home = office();
    record(home.path(), &as_str(&transaction("TR1")));
    let refused = record(
        home.path(),
        &["retract", "SP-generator", "--reason", "no such office"],
    );
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("transactions TR1, on record"),
        "{}",
        refused.err
    );
    // Every case has a speaker, so the last one stays.
    let last = record(
        home.path(),
        &["retract", "SP-generator", "TR1", "--reason", "no such office"],
    );
    assert_eq!(last.code, Some(2));
    assert_eq!(commits(home.path()), 2);

    let ran = record(home.path(), &["retract", "TR1", "--reason", "never paid"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(
        run(home.path(), &["show", "TR1", "--ledger", LEDGER]).code,
        Some(2)
    );
    let twice = record(home.path(), &["retract", "TR1", "--reason", "never paid"]);
    assert_eq!(twice.code, Some(2));
    assert!(
        twice.err.contains("withdrawn in commit 3: never paid"),
        "{}",
        twice.err
    );
    assert_eq!(
        record(home.path(), &["retract", "RD-1", "--reason", " "]).code,
        Some(2)
    );
    // What was withdrawn may be said again.
    assert_eq!(record(home.path(), &as_str(&transaction("TR1"))).code, Some(0));
    let history = run(home.path(), &["log", "--of", "TR1", "--ledger", LEDGER]);
    insta::assert_snapshot!(history.out);
}

#[test]
fn few_persons_are_never_printed() {
    let home = office();
    let posting = "record posting --id PO1 --programme-id PG-syn --round-id RD-1 --direction out --provider-id ZZ-P1 \
                   --recipient-id ZZ-002 --count 7 --unit persons --period 2009 --speaker-id SP-generator \
                   --source-id SYN --locator t1";
    let ran = record(home.path(), &posting.split_whitespace().collect::<Vec<_>>());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let superseded = record(
        home.path(),
        &["supersede", "PO1", "--count", "8", "--reason", "recount"],
    );
    assert_eq!(superseded.code, Some(0), "{}", superseded.err);
    let told = |arguments: &[&str]| run(home.path(), arguments).out;
    let outputs = [
        superseded.out,
        told(&["log", "--of", "PO1", "--ledger", LEDGER]),
        told(&["log", "--of", "PO1", "--ledger", LEDGER, "--json"]),
        told(&["show", "PO1", "--ledger", LEDGER]),
        told(&["show", "PO1", "--ledger", LEDGER, "--json"]),
    ];
    for out in outputs {
        let count = |line: &&str| line.contains("count") && (line.contains('7') || line.contains('8'));
        assert_eq!(out.lines().find(count), None, "{out}");
        assert!(out.contains("withheld"), "{out}");
    }
}

#[test]
fn what_is_no_ledger_takes_no_row() {
    let home = office();
    fs::write(home.path().join("empty"), "").expect("a file");
    fs::write(home.path().join("text"), "not a ledger").expect("a file");
    for file in ["empty", "text", "none"] {
        let ran = run(
            home.path(),
            &["record", "speaker", "--id", "SP2", "--ledger", file],
        );
        assert_eq!(ran.code, Some(2), "{file}: {}", ran.err);
    }
    assert!(!home.path().join("none").exists());
    let when = run(
        home.path(),
        &[
            "record",
            "speaker",
            "--ledger",
            LEDGER,
            "--recorded-at",
            "yesterday",
            "--from",
            "x.csv",
        ],
    );
    assert_eq!(when.code, Some(2));
}

#[test]
fn a_record_that_is_killed_is_whole_or_nothing() {
    let home = office();
    let mut rows = String::from("speaker_id,name,name_zh,kind,part_of,source_id,locator\n");
    for n in 0..400 {
        rows.push_str(&format!("SP-ROUND-{n},Office {n},,state,,SYN,all\n"));
    }
    let mut micros = 0_u64;
    let mut landed = 0;
    for round in 0..50 {
        let file = format!("rows-{round}.csv");
        fs::write(home.path().join(&file), rows.replace("ROUND", &round.to_string())).expect("a file");
        let mut child = program(home.path())
            .args(["record", "speakers", "--from", &file])
            .args(WHO)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_micros(micros));
        micros = (micros + 7_919) % 120_000;
        let _ = child.kill();
        child.wait().expect("it ends");
        if round % 10 == 9 {
            let verified = run(home.path(), &["verify", LEDGER]);
            assert_eq!(verified.code, Some(0), "round {round}: {}", verified.out);
        }
        let log = run(home.path(), &["log", "--ledger", LEDGER, "--json"]).json();
        let list = log["commits"].as_array().expect("a list");
        for commit in &list[1..] {
            assert_eq!(commit["rows"]["speakers"], 400, "round {round}");
        }
        landed = list.len() - 1;
    }
    assert!(landed < 50, "no record was ever cut short");
    let ran = record(home.path(), &["record", "speakers", "--from", "rows-0.csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn two_offices_at_once_lose_nothing() {
    let home = office();
    let children: Vec<_> = (0..8)
        .map(|n| {
            program(home.path())
                .args(transaction(&format!("TR{n}")))
                .args(WHO)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program starts")
        })
        .collect();
    let mut landed = 0;
    for mut child in children {
        match child.wait().expect("it ends").code() {
            Some(0) => landed += 1,
            code => assert_eq!(code, Some(1), "busy is the world's fault"),
        }
    }
    assert!(landed > 0);
    assert_eq!(commits(home.path()), 1 + landed);
    assert_eq!(run(home.path(), &["verify", LEDGER]).code, Some(0));
}

/// Completes a line in bash as a person would; none where there is no bash.
fn completed(home: &Path, words: &[&str]) -> Option<String> {
    let script = "source <(counterpart completions bash)
COMP_WORDS=(counterpart \"$@\"); COMP_CWORD=$#; COMP_TYPE=9
_clap_complete_counterpart counterpart \"${COMP_WORDS[COMP_CWORD]}\" before
printf '%s\\n' \"${COMPREPLY[@]}\"";
    let program = PathBuf::from(env!("CARGO_BIN_EXE_counterpart"));
    #[expect(clippy::disallowed_methods, reason = "the shell has to find the program")]
    let path = std::env::var("PATH").unwrap_or_default();
    let output = std::process::Command::new("bash")
        .current_dir(home)
        .env(
            "PATH",
            format!("{}:{path}", program.parent().expect("a folder").display()),
        )
        .args(["--norc", "-c", script, "bash"])
        .args(words)
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_shell_completes_ids() {
    let home = office();
    let case = shipped("wenchuan").display().to_string();
    let cases: [(&[&str], &str, &str); 7] = [
        (
            &[
                "record",
                "transaction",
                "--ledger",
                LEDGER,
                "--provider-id",
                "ZZ-P",
            ],
            "ZZ-P1",
            "ZZ-001",
        ),
        (
            &["record", "transaction", "--ledger", LEDGER, "--flow", "pair"],
            "pairing_fund",
            "subsidy",
        ),
        (&["retract", "--ledger", LEDGER, "SP-"], "SP-generator", "ZZ-P1"),
        // Before a ledger is named: the only one in the folder.
        (&["show", "RD"], "RD-1", "SP-generator"),
        (&["check", &case, "--claim", "WC0"], "WC05", "WT1"),
        (&["asse"], "assess", "verify"),
        (&["assess", "--fa"], "--fail-on", "--seed"),
    ];
    for (words, there, not_there) in cases {
        let Some(told) = completed(home.path(), words) else {
            return;
        };
        let lines: Vec<&str> = told.lines().collect();
        assert!(lines.contains(&there), "{words:?}: {told}");
        assert!(!lines.contains(&not_there), "{words:?}: {told}");
    }
}
