//! The folder: its files, by rename, the same bytes twice.

use std::fs;

use counterpart_report::{ReportError, data, json, write};

use crate::fixture;

#[test]
fn a_folder_has_its_files_and_every_table_reads_back() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("deep/report");
    let written = write(&fixture::published(), &out).expect("writes");
    assert_eq!(written.unresolved, Vec::<String>::new());
    for name in [
        "index.html",
        "report.json",
        "report.md",
        "data/claims.csv",
        "data/candidates.csv",
        "data/gaps.csv",
        "data/pairings.csv",
        "data/pools.csv",
        "data/studies.csv",
        "data/points.csv",
        "data/figures.csv",
        "data/sources.csv",
    ] {
        assert!(
            written
                .files
                .iter()
                .any(|(file, bytes)| file == name && *bytes > 0),
            "no {name}"
        );
        assert!(out.join(name).is_file(), "no {name} on disk");
    }
    for (name, bytes) in data::files(&fixture::published()).expect("tables") {
        assert!(
            !bytes.starts_with(&[0xEF, 0xBB, 0xBF]),
            "{name} has a byte order mark"
        );
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let columns = reader.headers().expect("a header").len();
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
        assert!(!rows.is_empty(), "{name} is empty");
        for row in rows {
            assert_eq!(row.len(), columns);
            for cell in &row {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(
                    is_number || !cell.starts_with(['=', '+', '-', '@']),
                    "{name}: a live formula: {cell}"
                );
            }
        }
    }
    let left: Vec<String> = fs::read_dir(place.path().join("deep"))
        .expect("reads")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(left, ["report"], "nothing is left beside it");
}

#[test]
fn the_same_assessment_gives_the_same_bytes_and_replaces_an_earlier_report() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("report");
    write(&fixture::published(), &out).expect("writes");
    let first = fs::read(out.join("index.html")).expect("reads");
    fs::write(out.join("data/claims.csv"), "stale").expect("writes");
    write(&fixture::published(), &out).expect("replaces");
    assert_eq!(first, fs::read(out.join("index.html")).expect("reads"));
    assert_ne!(fs::read(out.join("data/claims.csv")).expect("reads"), b"stale");
}

#[test]
fn a_folder_of_somebody_elses_is_left_alone() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("mine");
    fs::create_dir(&out).expect("makes");
    write(&fixture::published(), &out).expect("an empty folder is free");
    fs::write(out.join("thesis.docx"), "years of work").expect("writes");
    let error = write(&fixture::published(), &out).expect_err("refuses");
    assert!(
        matches!(&error, ReportError::NotOurs { entry, .. } if entry == "thesis.docx"),
        "{error}"
    );
    assert_eq!(
        fs::read(out.join("thesis.docx")).expect("still there"),
        b"years of work"
    );
    let only = place.path().join("only");
    fs::create_dir(&only).expect("makes");
    fs::write(only.join("index.html"), "mine").expect("writes");
    assert!(matches!(
        write(&fixture::published(), &only),
        Err(ReportError::NotOurs { .. })
    ));
    let file = place.path().join("file");
    fs::write(&file, "x").expect("writes");
    assert!(matches!(
        write(&fixture::published(), &file),
        Err(ReportError::NotAFolder { .. })
    ));
}

#[test]
fn report_json_says_what_the_assessment_says() {
    let text = json::report(&fixture::published()).expect("serialises");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["schema"], "counterpart.report/1");
    assert_eq!(value["gaps"][1]["ratio"].to_string(), "0.809689773256874");
    assert_eq!(value["claims"][0]["check"]["status"], "contradicted");
    assert!(value.get("shapes").is_none());
}

#[test]
fn messages_of_refusals() {
    let folder = std::path::PathBuf::from("out");
    let messages = [
        ReportError::NotOurs {
            folder: folder.clone(),
            entry: "a.txt".to_owned(),
        },
        ReportError::NotAFolder { path: folder.clone() },
        ReportError::Io {
            action: "cannot write",
            path: folder,
            source: std::io::Error::other("no space"),
        },
        ReportError::Csv {
            name: "claims".to_owned(),
            reason: "no space".to_owned(),
        },
    ]
    .map(|error| error.to_string())
    .join("\n");
    insta::assert_snapshot!(messages, @r"
    out holds a.txt, which is no file of a report; it was left as it is
    hint: choose an empty folder or one that holds an earlier report
    out is a file; a report is a folder
    cannot write out: no space
    the table claims cannot be written as CSV: no space
    ");
}
