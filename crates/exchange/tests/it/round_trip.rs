//! What is written reads back as it was; what is noise is refused and never followed into a panic.

use std::path::Path;

use counterpart_exchange::{ReadError, case, case_toml, datapackage};
use counterpart_testkit::shipped_case;
use proptest::prelude::*;

use crate::faults::{accepted, laid_over};

#[test]
fn written_folders_read_back_as_the_same_rows_and_write_the_same_bytes() {
    let base = laid_over(Path::new(""));
    for path in [base.path().to_owned(), shipped_case("wenchuan")] {
        let folder = accepted(&path);
        let once = tempfile::tempdir().unwrap();
        case::write(once.path(), &folder.case_toml, &folder.tables, &folder.geo).unwrap();
        let again = accepted(once.path());
        assert_eq!(again.tables, folder.tables);
        assert_eq!(again.geo, folder.geo);
        assert_eq!(again.case, folder.case);
        let twice = tempfile::tempdir().unwrap();
        case::write(twice.path(), &again.case_toml, &again.tables, &again.geo).unwrap();
        for file in &again.files {
            let bytes = |dir: &Path| std::fs::read(dir.join(&file.path)).unwrap();
            assert_eq!(bytes(once.path()), bytes(twice.path()), "{}", file.path);
        }
        let error = case::write(once.path(), &folder.case_toml, &folder.tables, &folder.geo).unwrap_err();
        assert!(error.to_string().contains("nothing is written over"), "{error}");
    }
}

#[test]
fn rows_come_in_the_order_of_their_keys_whatever_the_order_of_the_file() {
    let dir = laid_over(Path::new(""));
    let before = accepted(dir.path());
    for file in [
        "observations/county.csv",
        "claims.csv",
        "places.csv",
        "place_members.csv",
    ] {
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().rev().collect();
        std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    }
    assert_eq!(accepted(dir.path()).tables, before.tables);
}

#[test]
fn a_case_is_built_of_its_text_alone() {
    for name in ["xinjiang", "wenchuan", "planted/plus"] {
        let text = std::fs::read_to_string(shipped_case(name).join("case.toml")).unwrap();
        let folder = accepted(&shipped_case(name));
        assert_eq!(case_toml::parse(&text).unwrap(), folder.case);
    }
}

#[test]
fn a_description_that_lists_other_files_is_a_warning() {
    let dir = laid_over(Path::new(""));
    let folder = accepted(dir.path());
    let described = datapackage::describe(&folder, "tiny", None);
    let path = dir.path().join("datapackage.json");
    std::fs::write(&path, datapackage::to_text(&described)).unwrap();
    assert_eq!(accepted(dir.path()).warnings, []);
    let outdated = datapackage::to_text(&described).replace("rules.csv", "rulez.csv");
    std::fs::write(&path, outdated).unwrap();
    let warned: Vec<String> = accepted(dir.path())
        .warnings
        .iter()
        .map(|fault| fault.value.clone())
        .collect();
    assert_eq!(warned, ["rulez.csv", "rules.csv"]);
}

#[test]
fn a_path_that_is_no_folder_is_said_so() {
    let error = case::read(Path::new("no/such/folder")).unwrap_err();
    assert!(matches!(error, ReadError::NotAFolder { .. }) && error.is_input());
    assert_eq!(error.to_string(), "no/such/folder: no such folder");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random bytes in any file: faults or a case, never a panic.
    #[test]
    fn noise_never_panics(
        file in prop::sample::select(vec!["places.csv", "claims.csv", "observations/county.csv", "case.toml", "geo/counties.geojson", "datapackage.json"]),
        noise in prop::collection::vec(any::<u8>(), 0..400),
        keep in any::<prop::sample::Index>(),
    ) {
        let dir = laid_over(Path::new(""));
        let path = dir.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap_or_default();
        bytes.truncate(keep.index(bytes.len() + 1));
        bytes.extend(&noise);
        std::fs::write(&path, bytes).unwrap();
        let _ = case::read(dir.path());
    }

    /// Cells of characters that matter to some column, put over a cell that was right.
    #[test]
    fn any_cell_may_hold_anything(
        file in prop::sample::select(vec!["transactions.csv", "indicators.csv", "derivations.csv", "rules.csv", "vintages.csv"]),
        line in 1_usize..4,
        cell in any::<prop::sample::Index>(),
        text in "[-0-9a-zA-Z.;:/\"\\[\\]()+* _,\\\\ä年\u{301}\u{0}]{0,12}",
    ) {
        let dir = laid_over(Path::new(""));
        let path = dir.path().join(file);
        let before = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = before.lines().map(str::to_owned).collect();
        if let Some(line) = lines.get_mut(line) {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            let at = cell.index(cells.len());
            cells[at] = text;
            *line = cells.join(",");
        }
        std::fs::write(&path, lines.join("\n")).unwrap();
        let _ = case::read(dir.path());
    }

    #[test]
    fn any_text_may_be_a_case_toml(text in "([a-z_]{1,8} = |\\[\\[?[a-z_]{1,8}\\]\\]?|\"[^\"]{0,6}\"|[0-9.+-]{1,4}|\\{|\\}|\\[|\\]|\n|,| ){0,30}") {
        let _ = case_toml::parse(&text);
    }
}
