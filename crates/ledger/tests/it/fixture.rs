//! A ledger of schema 1 that has to open for ever, and the pages that work it through.

use std::path::{Path, PathBuf};

use counterpart_ledger::{
    AsOf, Batches, CommitHeader, CommitId, Digest, Ledger, canonical, digest, verify_file,
};
use counterpart_model::record::GeoFile;
use counterpart_model::{Row, TableId};
use rusqlite::Connection;

use crate::support::{batches, header, observation, row, source, vintage};

const HEAD: &str = "0dfe792cd2f3ee8dce9dfee22e6b05a16c4ba02b647bde44c780561c2442aee9";
const CASE: &str = "ea31e4f7083f06cf7c98d80354c48485be68c22137bd55ebb5b502cf74a44027";
const CASE_AT_1: &str = "03fbb0019f88b9b69ebdb7d4d56da0a75502c289040abfd9c27aff4eecc58e03";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/ledger-v1.sqlite")
}

fn first() -> Batches {
    let mut first = batches(vec![
        source("S1", "official_statistics"),
        row(
            TableId::Sources,
            &[
                ("source_id", "S2"),
                ("title", "Résumé of a county's finances 县财政"),
                ("publisher", "A university"),
                ("publisher_kind", "academic"),
                ("published_on", "2019-05"),
                ("may_republish", "no"),
                ("x_shelf", "e 7"),
            ],
        ),
        vintage("v1", "edition", "2020-12-31"),
        observation("P1", "gdp", "2010", "v1", "8.3700"),
        observation("P1", "gdp", "2011", "v1", "9.1"),
        observation("P2", "gdp", "2010/2011-06", "v1", "-12"),
        row(
            TableId::Rules,
            &[
                ("rule_id", "R1"),
                ("programme_id", "T"),
                ("kind", "subsidy"),
                ("who_id", "P2"),
                ("amount", "4000"),
                ("currency", "CNY"),
                ("minimum_count", "30"),
                ("text", "An amount for each person from thirty on."),
                ("source_id", "S2"),
                ("locator", "p. 3"),
            ],
        ),
    ]);
    first.case_toml = Some("title = \"A small case\"\n".into());
    first.geo = vec![GeoFile {
        name: "places.geojson".into(),
        text: "{\"type\": \"FeatureCollection\", \"features\": []}\n".into(),
    }];
    first
}

fn second() -> Batches {
    batches(vec![
        observation("P1", "gdp", "2010", "v1", "8.4"),
        source("S3", "ngo"),
    ])
}

/// What the last commit shows: the first import, corrected, without the row that was withdrawn.
fn shown() -> Batches {
    let mut shown = first();
    shown
        .tables
        .get_mut(&TableId::Sources)
        .unwrap()
        .push(source("S3", "ngo"));
    let observations = shown.tables.get_mut(&TableId::Observations).unwrap();
    observations[0] = observation("P1", "gdp", "2010", "v1", "8.4");
    observations.remove(1);
    shown
}

fn make(path: &Path) {
    let mut ledger = Ledger::create_or_open(path).unwrap();
    ledger.commit(header("2026-11-24"), first()).unwrap();
    ledger
        .append(
            CommitHeader::new("programme office", "2026-11-25T09:30:00Z", "a correction"),
            second(),
        )
        .unwrap();
    ledger
        .retract(
            header("2026-11-26"),
            TableId::Observations,
            "P1/gdp/2011/v1",
            "read from the wrong line",
        )
        .unwrap();
}

#[test]
#[ignore = "writes the fixture, once for each schema"]
fn write_the_fixture() {
    let path = fixture();
    assert!(!path.exists(), "a kept ledger is never made anew");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    make(&path);
    // Small pages keep a file of thirty nearly empty tables small.
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL;",
        )
        .unwrap();
}

fn copy(directory: &Path) -> PathBuf {
    let path = directory.join("ledger-v1.sqlite");
    std::fs::copy(fixture(), &path).unwrap();
    path
}

#[test]
fn a_ledger_of_schema_1_opens_with_the_same_digests_and_rows() {
    let directory = tempfile::tempdir().unwrap();
    let path = copy(directory.path());
    assert!(std::fs::metadata(&path).unwrap().len() < 100_000);
    let verified = verify_file(&path).unwrap().unwrap();
    assert_eq!((verified.commits, verified.rows), (3, 12));
    assert_eq!(verified.head.unwrap().to_string(), HEAD);

    let mut ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.head_digest().unwrap().unwrap().to_string(), HEAD);
    let view = ledger.view(AsOf::Head).unwrap();
    assert_eq!(view.case_digest(), CASE);
    assert_eq!(view.batches(), shown());
    let at_1 = ledger.view(AsOf::Commit(CommitId::new(1))).unwrap();
    assert_eq!(at_1.case_digest(), CASE_AT_1);
    assert_eq!(at_1.batches(), first());

    // It is not only read: it goes on.
    assert_eq!(ledger.commit(header("2030-01-01"), shown()).unwrap().id(), None);
    let outcome = ledger.commit(header("2030-01-01"), first()).unwrap();
    assert_eq!(outcome.id(), Some(CommitId::new(4)));
    ledger.verify().unwrap();
}

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Texts of the page's fenced blocks with this mark.
fn blocks(page: &str, mark: &str) -> Vec<String> {
    let fence = format!("```{mark}\n");
    page.split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The row of a test vector: its first line is the table, each further one a heading and its text.
fn vector_row(lines: &[(&str, &str)]) -> Row {
    let (_, table) = lines.iter().find(|(word, _)| *word == "table").unwrap();
    let cells: Vec<(&str, &str)> = lines
        .iter()
        .filter(|(word, _)| !["table", "bytes", "sha256"].contains(word))
        .copied()
        .collect();
    row(table.parse().unwrap(), &cells)
}

#[test]
fn test_vectors_of_the_canonical_bytes_hold() {
    let page = page("decisions/0002-canonical-bytes.md");
    let vectors = blocks(&page, "vector");
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let lines: Vec<(&str, &str)> = vector
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(word, rest)| (word, rest.trim_start()))
            .collect();
        let bytes = canonical::row_bytes(&vector_row(&lines));
        let stated = |word: &str| lines.iter().find(|(met, _)| *met == word).unwrap().1;
        assert_eq!(hex(&bytes), hex(&unhex(stated("bytes"))), "{vector}");
        assert_eq!(Digest::of(&[&bytes]).to_string(), stated("sha256"), "{vector}");
    }
}

/// The worked example, computed from the fixture: what the page has to say.
fn worked_example() -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = copy(directory.path());
    let ledger = Ledger::open(&path).unwrap();
    let commits = ledger.commits().unwrap();
    let connection = Connection::open(&path).unwrap();
    let seals: Vec<([u8; 16], [u8; 32])> = connection
        .prepare("SELECT salt, leaf FROM observations WHERE commit_no = 1 ORDER BY row_no")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let rows = &first().tables[&TableId::Observations];
    let mut leaves = Vec::new();
    let mut text = String::new();
    for (number, (row, (salt, stored))) in (1..).zip(rows.iter().zip(&seals)) {
        let leaf = Digest::of(&[salt, &canonical::row_bytes(row)]);
        assert_eq!(leaf.as_bytes(), stored);
        text.push_str(&format!(
            "row {number}   {}\n  salt  {}\n  leaf  {leaf}\n",
            row.key(),
            hex(salt)
        ));
        leaves.push(leaf);
    }
    let root = digest::merkle_root(&leaves);
    let batch = commits[0]
        .batches
        .iter()
        .find(|batch| batch.table == "observations")
        .unwrap();
    assert_eq!(batch.root, root);
    text.push_str(&format!(
        "batch   1/observations, source {}, 3 rows\n  root  {root}\n",
        batch.source
    ));
    for commit in &commits {
        text.push_str(&format!(
            "commit {}  {}, batches: {}\n  digest {}\n",
            commit.id,
            commit.header.recorded_at,
            commit.batches.len(),
            commit.digest
        ));
    }
    text.push_str(&format!(
        "case.digest {}\n",
        ledger.view(AsOf::Head).unwrap().case_digest()
    ));
    text
}

#[test]
fn worked_example_of_the_page_holds() {
    let page = page("ledger.md");
    assert_eq!(blocks(&page, "worked"), [worked_example()]);
}

#[test]
fn the_page_shows_the_schema_that_is_made() {
    let page = page("ledger.md");
    for table in ["commits", "batches", "head", "case_files", "retractions"] {
        assert!(page.contains(&format!("`{table}`")), "{table}");
    }
}
