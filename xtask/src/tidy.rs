//! Rules of the house that no compiler knows: tests that are really run, cases that stay out of the code, links that lead
//! somewhere, paths and hosts of one machine that stay out of the repository.

use crate::csv::records;
use crate::source::{self, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lists every breach, each with its file.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    let crates = folders(&root.join("crates"))?;
    for folder in &crates {
        faults.extend(undeclared_tests(folder)?);
    }
    let words = CaseWords::read(&root.join("cases"))?;
    for folder in crates
        .iter()
        .filter(|f| f.file_name().is_none_or(|name| name != "testkit"))
    {
        for file in files(&folder.join("src"))? {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let rust = file.extension().is_some_and(|e| e == "rs");
            // What `new` writes is a synthetic case: it must have years, and none of them is a real case's.
            let scaffold = file
                .components()
                .any(|part| part.as_os_str() == "scaffold" || part.as_os_str() == "scaffold.rs");
            let allowed = scaffold || (rust && is_test_file(&file));
            if !allowed {
                faults.extend(
                    words
                        .found_in(&text, rust)
                        .into_iter()
                        .map(|fault| shown(root, &file, &fault)),
                );
            }
        }
    }
    for page in pages(root)? {
        let text = fs::read_to_string(&page).unwrap_or_default();
        let here = page.parent().unwrap_or(root);
        for target in links(&text).filter(|target| !here.join(target).exists()) {
            faults.push(shown(
                root,
                &page,
                &format!("links to {target}, which is not there"),
            ));
        }
        for place in ["/work/", "/root/", "/home/"]
            .iter()
            .filter(|place| text.contains(**place))
        {
            faults.push(shown(
                root,
                &page,
                &format!("speaks of {place}, a path of one machine"),
            ));
        }
    }
    let lock = root.join("e2e/package-lock.json");
    if fs::read_to_string(&lock)
        .unwrap_or_default()
        .contains("\"resolved\"")
    {
        faults.push(shown(
            root,
            &lock,
            "records download addresses: write it with `npm install --omit-lockfile-registry-resolved`",
        ));
    }
    Ok(faults)
}

fn shown(root: &Path, file: &Path, fault: &str) -> String {
    format!("{}: {fault}", file.strip_prefix(root).unwrap_or(file).display())
}

/// Names each file of a crate's integration tests that no `mod` line reaches: it would never run.
fn undeclared_tests(folder: &Path) -> Result<Vec<String>, String> {
    let tests = folder.join("tests");
    let mut faults = Vec::new();
    for file in files(&tests)?
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "rs"))
    {
        let inside = file.strip_prefix(&tests).unwrap_or(file);
        if inside == Path::new("it/main.rs") {
            continue;
        }
        let place = shown(folder.parent().unwrap_or(folder), file, "");
        if !inside.starts_with("it") {
            faults.push(format!(
                "{place}belongs in tests/it/: one integration target a crate"
            ));
            continue;
        }
        let (Some(parent), Some(name)) = (file.parent(), file.file_stem()) else {
            continue;
        };
        // `it/a.rs` is declared in `it/main.rs`, `it/a/b.rs` in `it/a.rs`.
        let declares = if parent.ends_with("it") {
            parent.join("main.rs")
        } else {
            parent.with_extension("rs")
        };
        let text = fs::read_to_string(&declares).unwrap_or_default();
        if !declared(&text, &name.to_string_lossy()) {
            faults.push(format!(
                "{place}is not declared in {}: its tests never run",
                declares.file_name().unwrap_or_default().display()
            ));
        }
    }
    Ok(faults)
}

fn declared(text: &str, module: &str) -> bool {
    text.lines().any(|line| {
        line.trim()
            .trim_start_matches("pub ")
            .strip_prefix("mod ")
            .is_some_and(|m| m.trim_end_matches(';') == module)
    })
}

/// Returns the pages written for people: Markdown at the root, in `docs/`, with the cases, crates and browser tests.
fn pages(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found: Vec<PathBuf> = entries(root)?
        .into_iter()
        .filter(|entry| entry.is_file())
        .collect();
    for folder in ["docs", "cases", "bench"] {
        found.extend(files(&root.join(folder))?);
    }
    found.push(root.join("e2e/README.md"));
    found.retain(|file| file.extension().is_some_and(|e| e == "md"));
    Ok(found)
}

/// Returns the targets of Markdown links to files of the repository, without their fragment.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next());
    targets
        .filter(|t| !t.contains("://") && !t.starts_with('#'))
        .filter_map(|t| t.split('#').next())
}

fn is_test_file(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem == "tests")
        || file.components().any(|part| part.as_os_str() == "tests")
}

/// The words of the cases that are shipped: the program must find them in a folder, never know them.
struct CaseWords {
    /// Word to what it is: "claim of xinjiang". Ids and names, as they stand in the tables' key and name columns.
    words: BTreeMap<String, String>,
}

/// Tables whose keys are a case's own, and the columns read from each.
const OWN_WORDS: &[(&str, &[&str])] = &[
    ("places", &["place_id", "name", "name_zh"]),
    ("programmes", &["programme_id", "name", "name_zh"]),
    ("rounds", &["round_id"]),
    ("pairings", &["pairing_id"]),
    ("claims", &["claim_id"]),
    ("derivations", &["derivation_id"]),
    ("transactions", &["transaction_id"]),
    ("rules", &["rule_id"]),
    ("activities", &["activity_id"]),
    ("organisations", &["organisation_id"]),
    ("speakers", &["speaker_id"]),
    ("sources", &["source_id"]),
    ("vintages", &["vintage_id"]),
    ("indicators", &["indicator_id"]),
];

/// Words of the field, of the question that is asked of any case, or of the country whose firms are told apart; that a
/// case also uses them as a key gives nothing of it away.
const WORDS_OF_THE_FIELD: &[&str] = &["central_transfers", "gdp_per_head", "中国"];

impl CaseWords {
    fn read(cases: &Path) -> Result<Self, String> {
        let mut words = BTreeMap::new();
        for case in folders(cases)? {
            let name = case
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if name == "planted" {
                continue; // synthetic words are no knowledge of anything
            }
            words.insert(name.clone(), "a case".to_owned());
            let settings = fs::read_to_string(case.join("case.toml")).unwrap_or_default();
            let ids = settings
                .lines()
                .filter_map(|line| line.strip_prefix("id = \"")?.split('"').next());
            for id in ids.filter(|id| is_telling(id)) {
                words.insert(id.to_owned(), format!("in case.toml of {name}"));
            }
            for (table, columns) in OWN_WORDS {
                let text = fs::read_to_string(case.join(table).with_extension("csv")).unwrap_or_default();
                let rows = records(&text);
                let Some((header, rows)) = rows.split_first() else {
                    continue;
                };
                let at: Vec<usize> = columns
                    .iter()
                    .filter_map(|c| header.iter().position(|h| h == c))
                    .collect();
                for row in rows {
                    for word in at.iter().filter_map(|i| row.get(*i)).filter(|w| is_telling(w)) {
                        words.insert(word.clone(), format!("in {table}.csv of {name}"));
                    }
                }
            }
        }
        words.retain(|word, _| !WORDS_OF_THE_FIELD.contains(&word.as_str()));
        Ok(Self { words })
    }

    /// Returns what a source file knows of a case: words inside strings, years and place codes inside code.
    fn found_in(&self, text: &str, rust: bool) -> Vec<String> {
        let pieces = if rust {
            source::pieces(text)
        } else {
            vec![source::Piece {
                kind: Kind::Text,
                line: 1,
                text: text.to_owned(),
            }]
        };
        let mut faults = BTreeSet::new();
        for piece in pieces.iter().filter(|p| p.kind != Kind::Comment) {
            for (n, line) in piece.text.lines().enumerate() {
                for word in tokens(line) {
                    let at = piece.line + n;
                    if let (Kind::Text, Some(origin)) = (piece.kind, self.words.get(word)) {
                        faults.insert((at, format!("line {at} knows \"{word}\" ({origin})")));
                    } else if piece.kind == Kind::Text && is_place_code(word) {
                        faults.insert((at, format!("line {at} knows the place code \"{word}\"")));
                    } else if piece.kind == Kind::Code && is_year(word) {
                        faults.insert((at, format!("line {at} knows the year {word}")));
                    }
                }
                if piece.kind == Kind::Text {
                    // Names without word boundaries.
                    for (word, origin) in self
                        .words
                        .iter()
                        .filter(|(w, _)| !w.is_ascii() && line.contains(w.as_str()))
                    {
                        let at = piece.line + n;
                        faults.insert((at, format!("line {at} knows \"{word}\" ({origin})")));
                    }
                }
            }
        }
        faults.into_iter().map(|(_, fault)| fault).collect()
    }
}

/// Says whether a word of a table would give a case away; short and everyday words would only hit by chance.
fn is_telling(word: &str) -> bool {
    let long = word.chars().count() >= if word.is_ascii() { 4 } else { 2 };
    let plain = word.chars().all(|c| c.is_ascii_lowercase());
    long && !plain
}

/// Cuts a line into words; `-` and `_` belong to a word, because ids are written with them.
fn tokens(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .filter(|w| !w.is_empty())
}

fn is_place_code(word: &str) -> bool {
    let mut parts = word.splitn(2, '-');
    let system = parts.next().unwrap_or_default();
    let code = parts.next().unwrap_or_default();
    system.len() == 2
        && system.chars().all(|c| c.is_ascii_uppercase())
        && code.len() >= 2
        && code.chars().all(|c| c.is_ascii_digit())
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && word
            .parse::<u32>()
            .is_ok_and(|year| (1900..=2050).contains(&year) && !matches!(year, 2000 | 2048))
}

/// Returns the folders inside a folder, sorted.
pub(crate) fn folders(path: &Path) -> Result<Vec<PathBuf>, String> {
    Ok(entries(path)?
        .into_iter()
        .filter(|entry| entry.is_dir())
        .collect())
}

/// Returns every file below a folder, sorted; none where the folder is missing.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    if path.is_dir() {
        for entry in entries(path)? {
            if entry.is_dir() {
                found.extend(files(&entry)?)
            } else {
                found.push(entry)
            }
        }
    }
    Ok(found)
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut found: Vec<PathBuf> = listed.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> CaseWords {
        let rows = [
            ("C017", "a claim"),
            ("Sunland", "a place"),
            ("gdp_per_head", "an indicator"),
            ("阳州", "a place"),
        ];
        CaseWords {
            words: rows.map(|(w, o)| (w.to_owned(), o.to_owned())).into(),
        }
    }

    #[test]
    fn words_of_a_case_are_found_in_strings_only() {
        let source = "// Sunland C017\nlet a = \"of Sunland\";\nlet Sunland = 3;\nlet b = \"阳州市\";\nf(\"CN-650000\", \"gdp_per_head\", \"gdp_per_head_x\");\n";
        assert_eq!(
            words().found_in(source, true),
            [
                "line 2 knows \"Sunland\" (a place)",
                "line 4 knows \"阳州\" (a place)",
                "line 5 knows \"gdp_per_head\" (an indicator)",
                "line 5 knows the place code \"CN-650000\"",
            ]
        );
    }

    #[test]
    fn the_shipped_cases_lend_their_words() {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
        let words = CaseWords::read(&cases).unwrap().words;
        for word in [
            "xinjiang",
            "Kashgar",
            "喀什地区",
            "C001",
            "gdp_nominal",
            "counties_2010",
        ] {
            assert!(words.contains_key(word), "{word}");
        }
        for word in ["region", "SYN", "population", "gdp_per_head"] {
            assert!(!words.contains_key(word), "{word}");
        }
    }

    #[test]
    fn years_are_found_in_code_and_allowed_in_citations() {
        assert_eq!(
            words().found_in(
                "let y = 2011; let s = \"Author (2021)\"; let n = 2048; let m = 12_011;",
                true
            ),
            ["line 1 knows the year 2011"]
        );
    }

    #[test]
    fn tests_inside_a_source_file_may_know_anything() {
        assert!(
            words()
                .found_in(
                    "#[cfg(test)]\nmod tests { const A: (&str, u32) = (\"Sunland\", 1999); }",
                    true
                )
                .is_empty()
        );
    }

    #[test]
    fn links_to_files_are_found_without_their_fragments() {
        let text = "[a](docs/a.md#here) [b](https://example.org/b.md) ![c](docs/img/c.png \"title\") [d](#d)";
        assert_eq!(links(text).collect::<Vec<_>>(), ["docs/a.md", "docs/img/c.png"]);
    }

    #[test]
    fn a_module_is_declared_by_its_own_line() {
        assert!(declared("mod faults;\n  mod golden;", "golden"));
        assert!(declared("pub mod faults;", "faults"));
        assert!(!declared("mod faults_of_rows;\n// mod golden;", "faults"));
    }
}
