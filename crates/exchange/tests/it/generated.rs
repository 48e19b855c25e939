//! Files that are made from the description of the tables are fresh.
//!
//! `COUNTERPART_WRITE=1 cargo nextest run -p counterpart-exchange generated` writes them anew.

use std::path::Path;

use counterpart_exchange::{datapackage, decode, docs};
use counterpart_model::TableId;
use counterpart_testkit::shipped_case;

use crate::faults::accepted;

/// Compares a file with what it should hold, or writes it where the environment asks for it.
fn is_fresh(path: &Path, text: &str) {
    if std::env::var_os("COUNTERPART_WRITE").is_some() {
        std::fs::write(path, text).unwrap();
        return;
    }
    let met = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        met == text,
        "{} is outdated: COUNTERPART_WRITE=1 cargo nextest run -p counterpart-exchange generated",
        path.display()
    );
}

#[test]
fn descriptions_of_the_shipped_cases_are_fresh() {
    for name in [
        "xinjiang",
        "wenchuan",
        "planted/plus",
        "planted/zero",
        "planted/minus",
        "planted/broken_trend",
    ] {
        let path = shipped_case(name).join("datapackage.json");
        let before = std::fs::read_to_string(&path).unwrap();
        let before: serde_json::Value = serde_json::from_str(&before).unwrap();
        let folder = accepted(&shipped_case(name));
        let description = datapackage::describe(&folder, name, Some(&before));
        is_fresh(&path, &datapackage::to_text(&description));
    }
}

/// Puts generated text between its marks.
fn filled(page: &str, mark: &str, text: &str) -> String {
    let open = format!("<!-- {mark}: generated -->\n");
    let (before, rest) = page.split_once(&open).unwrap_or_else(|| panic!("no mark {mark}"));
    let (_, after) = rest
        .split_once("<!-- end -->")
        .unwrap_or_else(|| panic!("no end of {mark}"));
    format!("{before}{open}\n{text}\n\n<!-- end -->{after}")
}

#[test]
fn the_page_on_case_folders_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/case-folder.md");
    let mut page = std::fs::read_to_string(&path).unwrap();
    for (mark, text) in [
        ("refused", docs::refused_headings()),
        ("tables", docs::case_folder_tables()),
        ("case.toml", docs::case_toml_keys()),
        ("codes", docs::fault_codes()),
    ] {
        page = filled(&page, mark, &text);
    }
    is_fresh(&path, &page);
}

/// The page stays true by hand where it is written by hand.
#[test]
fn the_page_names_every_limit_and_every_function_of_formulas() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/case-folder.md"))
            .unwrap();
    assert_eq!(decode::MOST_FIELD_BYTES >> 20, 1);
    assert_eq!(decode::MOST_ROW_BYTES >> 20, 4);
    assert_eq!(decode::MOST_FILE_BYTES >> 20, 256);
    assert_eq!(decode::MOST_CASE_TOML_BYTES >> 20, 1);
    assert_eq!(decode::MOST_GEO_BYTES >> 20, 32);
    assert_eq!(decode::MOST_COLUMNS, 500);
    for word in [
        "1 MB",
        "4 MB",
        "256 MB",
        "32 MB",
        "500 columns",
        "mean(",
        "sum_of(",
        "at(",
        "[-1]",
    ] {
        assert!(page.contains(word), "{word}");
    }
    for table in TableId::ALL.iter().filter(|table| table.has_public_name()) {
        assert!(page.contains(&format!("`{table}`")), "{table}");
    }
}
