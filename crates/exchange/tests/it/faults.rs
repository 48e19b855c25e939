//! One small folder per kind of fault: laid over the folder `_base`, it gives the message beside it.
//!
//! To add one: a folder under `faults/` named after the fault, holding only the files that differ from `_base` (names in
//! `_absent` are left out), then `INSTA_UPDATE=always cargo nextest run -p counterpart-exchange faults` and a look at the
//! message it wrote.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use counterpart_exchange::{CaseFolder, ReadError, case};
use counterpart_model::{Fault, FaultCode};
use counterpart_testkit::{Folder, copy_of};

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name)
}

/// Returns the base folder with another laid over it.
pub(crate) fn laid_over(overlay: &Path) -> Folder {
    let copy = copy_of(&folder("faults/_base")).unwrap();
    if overlay.is_dir() {
        copy.lay_over(overlay).unwrap();
        let _ = copy.remove("message.snap");
    }
    if let Ok(absent) = std::fs::read_to_string(copy.path().join("_absent")) {
        copy.remove("_absent").unwrap();
        for name in absent.lines() {
            copy.remove(name).unwrap();
        }
    }
    copy
}

pub(crate) fn faults_of(path: &Path) -> Vec<Fault> {
    match case::read(path) {
        Ok(_) => Vec::new(),
        Err(ReadError::Faults(faults)) => faults.as_slice().to_vec(),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn accepted(path: &Path) -> CaseFolder {
    match case::read(path) {
        Ok(folder) => folder,
        Err(ReadError::Faults(faults)) => panic!("{faults}"),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn message(faults: &[Fault]) -> String {
    let mut text = String::new();
    for fault in faults {
        let heading = fault.location.heading.as_deref().unwrap_or("");
        writeln!(text, "{} {heading} [{}]", fault.location, fault.code).unwrap();
        writeln!(text, "  value     {:?}", fault.value).unwrap();
        writeln!(text, "  expected  {}", fault.expected).unwrap();
        if let Some(hint) = &fault.hint {
            writeln!(text, "  hint      {hint}").unwrap();
        }
    }
    text
}

fn overlays(name: &str) -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(folder(name))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| !name.starts_with('_'))
        .collect();
    found.sort();
    found
}

#[test]
fn the_base_folder_has_no_fault() {
    let dir = laid_over(Path::new(""));
    assert_eq!(message(&faults_of(dir.path())), "");
    accepted(dir.path()).record().unwrap();
}

#[test]
fn every_kind_of_fault_has_its_message() {
    for (name, overlay) in overlays("faults") {
        let dir = laid_over(&overlay);
        let faults = faults_of(dir.path());
        assert!(!faults.is_empty(), "{name}: no fault was found");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&overlay);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("message", message(&faults)));
    }
}

#[test]
fn every_code_but_one_of_other_readers_is_met_by_some_folder() {
    let met: BTreeSet<&str> = overlays("faults")
        .iter()
        .flat_map(|(_, overlay)| faults_of(laid_over(overlay).path()))
        .map(|fault| fault.code.as_str())
        .collect();
    // What needs a large file is made in `limits`; panels are not read here.
    let elsewhere = [FaultCode::TooLarge.as_str(), FaultCode::Panel.as_str()];
    let unmet: Vec<&&str> = FaultCode::WORDS
        .iter()
        .filter(|code| !met.contains(**code) && !elsewhere.contains(code))
        .collect();
    assert_eq!(unmet, [] as [&&str; 0]);
}

#[test]
fn what_only_looks_odd_is_accepted() {
    for (name, overlay) in overlays("accepted") {
        let folder = accepted(laid_over(&overlay).path());
        assert!(folder.n_rows() > 40, "{name}");
        let n_warnings = usize::from(name == "tables_of_ones_own");
        assert_eq!(folder.warnings.len(), n_warnings, "{name}");
    }
}

#[test]
fn columns_of_the_cases_own_are_kept() {
    let folder = accepted(laid_over(&folder("accepted/columns_of_ones_own")).path());
    let rows = &folder.tables[&counterpart_model::TableId::Programmes];
    assert_eq!(rows[0].extra.get("x_remark").map(String::as_str), Some("kept"));
    assert_eq!(rows[1].extra.len(), 0);
}

/// Twenty mistakes in six files: twenty faults, no more and no fewer.
#[test]
fn twenty_mistakes_in_six_files_are_twenty_faults() {
    let dir = laid_over(Path::new(""));
    let edits: &[(&str, &[(&str, &str)])] = &[
        (
            "claims.csv",
            &[
                ("C1,asserts", "C1,assert"),
                ("2003,2005,1000000", "2005,2003,1000000"),
                ("will,C2", "will,"),
                ("more_than,persons", "about,persons"),
                ("S3,p4", "S33,p4"),
            ],
        ),
        (
            "transactions.csv",
            &[
                ("CNY,3 million", ",3 million"),
                ("\nT2,", "\nT3,"),
                ("5000,6000", "6000,5000"),
            ],
        ),
        (
            "observations/county.csv",
            &[
                ("1000,", "1 000,"),
                ("12.5,persons", "12.5,tons"),
                ("N-A2,product,2002", "N-A8,product,2002"),
            ],
        ),
        (
            "indicators.csv",
            &[
                ("heads[-1]", "haeds[-1]"),
                (
                    "gap,Gap to the nation,,CNY,level",
                    "gap,Gap to the nation,,CNY,levels",
                ),
            ],
        ),
        (
            "pairings.csv",
            &[
                ("P,P-1", "P,Q-1"),
                ("low,inferred", "high,inferred"),
                ("2001,2002", "2001,2002-13"),
                ("official_list,S2", "official_list,"),
            ],
        ),
        (
            "case.toml",
            &[
                ("seed = 1", "seed = 1\ncolour = 1"),
                ("treated = \"G-treated\"", "treated = \"G-treted\""),
                ("onset = \"2003\"", "onset = 2003"),
            ],
        ),
    ];
    let mut n_edits = 0;
    for (file, edits) in edits {
        for (from, to) in *edits {
            dir.replace(file, from, to).unwrap();
            n_edits += 1;
        }
    }
    let faults = faults_of(dir.path());
    assert_eq!(n_edits, 20);
    assert_eq!(faults.len(), 20, "{}", message(&faults));
}

/// Faults do not depend on the order of rows or on which file was read first.
#[test]
fn faults_come_sorted_by_file_and_line() {
    for (_, overlay) in overlays("faults") {
        let faults = faults_of(laid_over(&overlay).path());
        assert!(faults.is_sorted_by(|a, b| a.location <= b.location));
    }
}
