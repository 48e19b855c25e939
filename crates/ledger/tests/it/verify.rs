//! What is altered is found and named.

use std::path::{Path, PathBuf};

use counterpart_ledger::{AsOf, Damage, Ledger, LedgerError, verify_file};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::support::{Random, header, observation, small};

/// Two commits in a file, checkpointed and closed.
fn kept(directory: &Path) -> PathBuf {
    let path = directory.join("kept.ledger");
    let mut ledger = Ledger::create_or_open(&path).unwrap();
    ledger.commit(header("2026-11-24"), small()).unwrap();
    let changed = crate::support::batches(vec![
        observation("P1", "gdp", "2010", "v1", "8.4"),
        observation("P3", "gdp", "2010", "v1", "77.25"),
    ]);
    ledger.append(header("2026-11-25"), changed).unwrap();
    drop(ledger);
    assert!(!path.with_extension("ledger-wal").exists());
    path
}

/// Alters a copy of a ledger with plain SQL and returns what `verify` says, one line each.
fn after(sql: &str) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = kept(directory.path());
    assert!(verify_file(&path).unwrap().is_ok());
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let damages = verify_file(&path).unwrap().expect_err("the change is found");
    damages.iter().map(Damage::to_string).collect()
}

#[test]
fn an_altered_row_is_named() {
    insta::assert_snapshot!(
        after("UPDATE observations SET value = '8.38' WHERE value = '8.3700'").join("\n"),
        @"commit 1, observations row 1 (P1/gdp/2010/v1): it was altered"
    );
}

#[test]
fn a_number_written_otherwise_is_an_altered_row() {
    let damages = after("UPDATE observations SET value = '8.37' WHERE value = '8.3700'");
    assert_eq!(
        damages,
        ["commit 1, observations row 1 (P1/gdp/2010/v1): it was altered"]
    );
}

#[test]
fn an_altered_case_file_is_named() {
    insta::assert_snapshot!(
        after("UPDATE case_files SET text = replace(text, 'small', 'large')").join("\n"),
        @"commit 1, case_files row 1 (case.toml): it was altered"
    );
}

#[test]
fn a_removed_row_is_named() {
    insta::assert_snapshot!(
        after("DELETE FROM sources WHERE source_id = 'S2'").join("\n"),
        @"commit 1, sources row 2: it was removed"
    );
}

#[test]
fn an_added_row_is_named() {
    insta::assert_snapshot!(
        after("INSERT INTO sources (row_id, salt, leaf, source_id) SELECT row_id + 9, salt, leaf, source_id FROM sources WHERE source_id = 'S2'").join("\n"),
        @r"
    commit 1, sources row 11 (S2): it was altered
    commit 1, sources row 11 (S2): it was added outside a commit
    "
    );
}

#[test]
fn swapped_rows_are_named() {
    insta::assert_snapshot!(
        after(
            "UPDATE observations SET row_id = row_id + 100 WHERE commit_no = 1 AND row_no = 2;
             UPDATE observations SET row_id = row_id - 1 WHERE commit_no = 1 AND row_no = 3;
             UPDATE observations SET row_id = row_id - 99 WHERE commit_no = 1 AND row_no = 102;"
        ).join("\n"),
        @"commit 1, observations rows 1 to 3: their leaves do not give the batch's root"
    );
}

#[test]
fn a_row_altered_together_with_its_leaf_is_found_by_its_batch() {
    let damages = after(
        "UPDATE observations SET (salt, leaf, value) = (SELECT salt, leaf, value FROM observations WHERE value = '9.1')
         WHERE value = '12';",
    );
    assert_eq!(
        damages,
        [
            "commit 1, observations row 3 (P2/gdp/2010/v1): it was altered",
            "commit 1, observations rows 1 to 3: their leaves do not give the batch's root"
        ]
    );
}

#[test]
fn an_altered_header_is_named() {
    for column in ["author", "recorded_at", "message"] {
        assert_eq!(
            after(&format!("UPDATE commits SET {column} = 'another' WHERE no = 1")),
            ["commit 1: its header and batches do not give its digest"]
        );
    }
}

#[test]
fn an_altered_batch_is_named() {
    for change in ["kind = 'retract'", "source_id = 'S9'", "root = zeroblob(32)"] {
        let damages = after(&format!(
            "UPDATE batches SET {change} WHERE commit_no = 2 AND table_name = 'observations'"
        ));
        assert!(
            damages.contains(&"commit 2: its header and batches do not give its digest".into()),
            "{change}: {damages:?}"
        );
    }
    let damages = after("UPDATE batches SET n_rows = 4000000000 WHERE commit_no = 2");
    assert!(damages.len() < 300, "{}", damages.len());
}

#[test]
fn a_commit_cut_out_of_the_chain_is_named() {
    let damages = after(
        "PRAGMA foreign_keys = OFF; DELETE FROM commits WHERE no = 1; DELETE FROM batches WHERE commit_no = 1;",
    );
    assert!(
        damages.contains(&"commit 1: it is not there".into()),
        "{damages:?}"
    );
    assert!(
        damages.contains(&"commit 2: it does not follow from the commit before".into()),
        "{damages:?}"
    );
}

#[test]
fn a_commit_cut_off_the_end_is_named() {
    insta::assert_snapshot!(
        after(
            "PRAGMA foreign_keys = OFF;
             DELETE FROM commits WHERE no = 2; DELETE FROM batches WHERE commit_no = 2; DELETE FROM observations WHERE commit_no = 2;"
        ).join("\n"),
        @r"
    commit 2: it is not there
    commit 2: it is not the head that the ledger names
    "
    );
}

#[test]
fn rewritten_commit_digests_break_the_next_commit() {
    let damages = after("UPDATE commits SET digest = zeroblob(32) WHERE no = 1");
    assert_eq!(
        damages,
        [
            "commit 1: its header and batches do not give its digest",
            "commit 2: it does not follow from the commit before"
        ]
    );
}

#[test]
fn triggers_and_views_are_no_part_of_a_ledger() {
    assert_eq!(
        after("CREATE VIEW look AS SELECT * FROM sources;"),
        ["view \"look\" is no part of a ledger"]
    );
}

#[test]
fn withheld_salts_are_found() {
    assert_eq!(
        after("UPDATE sources SET salt = NULL WHERE source_id = 'S1'"),
        ["commit 1, sources row 1 (S1): it was altered"]
    );
}

/// Every stored text, salt, leaf and digest of a ledger that is long enough to be found in the file.
fn stored_bytes(path: &Path) -> Vec<Vec<u8>> {
    let connection = Connection::open(path).unwrap();
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut all = Vec::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let n_columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for index in 0..n_columns {
                match row.get_ref(index).unwrap() {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) if bytes.len() >= 6 => {
                        all.push(bytes.to_vec())
                    }
                    _ => {}
                }
            }
        }
    }
    all
}

#[test]
fn one_flipped_bit_in_a_stored_value_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = kept(directory.path());
    let sound = std::fs::read(&path).unwrap();
    let mut offsets = Vec::new();
    for bytes in stored_bytes(&path) {
        for at in 0..sound.len() - bytes.len() {
            if sound[at..].starts_with(&bytes) {
                offsets.extend(at..at + bytes.len());
            }
        }
    }
    // The same words stand in the schema, which is not content.
    let schema = |offset: &usize| {
        let page = &sound[offset / 4096 * 4096..][..4096];
        page.windows(12).any(|text| text == b"CREATE TABLE")
    };
    offsets.retain(|offset| !schema(offset));
    offsets.sort_unstable();
    offsets.dedup();
    assert!(offsets.len() > 1000, "{}", offsets.len());
    let mut random = Random::new(8);
    for _ in 0..300 {
        let offset = offsets[random.below(offsets.len())];
        let bit = random.below(8);
        let mut bytes = sound.clone();
        bytes[offset] ^= 1 << bit;
        std::fs::write(&path, &bytes).unwrap();
        assert!(
            !matches!(verify_file(&path), Ok(Ok(_))),
            "bit {bit} of byte {offset} was flipped unnoticed"
        );
    }
}

#[test]
fn one_flipped_bit_anywhere_is_found_or_changes_nothing_that_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let path = kept(directory.path());
    let sound = std::fs::read(&path).unwrap();
    let (batches, commits) = {
        let ledger = Ledger::open(&path).unwrap();
        (
            ledger.view(AsOf::Head).unwrap().batches(),
            ledger.commits().unwrap(),
        )
    };
    let mut random = Random::new(1);
    let mut unnoticed = 0;
    for _ in 0..500 {
        let offset = random.below(sound.len());
        let mut bytes = sound.clone();
        bytes[offset] ^= 1 << random.below(8);
        std::fs::write(&path, &bytes).unwrap();
        let passes = matches!(verify_file(&path), Ok(Ok(_)));
        let served = Ledger::open(&path)
            .and_then(|ledger| Ok((ledger.view(AsOf::Head)?.batches(), ledger.commits()?)));
        if passes {
            unnoticed += 1;
            assert_eq!(
                served.unwrap(),
                (batches.clone(), commits.clone()),
                "byte {offset}"
            );
        } else if let Ok((met, _)) = served {
            // A row that was altered is never served; one that vanished may be missed by a reader, not by `verify`.
            let whole: Vec<_> = batches.tables.values().flatten().collect();
            let never_said = met
                .tables
                .values()
                .flatten()
                .filter(|row| !whole.contains(row))
                .count();
            let superseded = 1;
            assert!(never_said <= superseded, "byte {offset}");
        }
    }
    assert!(unnoticed > 0, "free space is most of a small file");
}

#[test]
fn what_is_no_ledger_is_said_to_be_none() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("notes.txt");
    std::fs::write(&text, "not a ledger, and long enough to be looked at ".repeat(40)).unwrap();
    assert!(matches!(Ledger::open(&text), Err(LedgerError::NotALedger { .. })));
    assert!(matches!(
        Ledger::create_or_open(&text),
        Err(LedgerError::NotALedger { .. })
    ));
    let other = directory.path().join("other.sqlite");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1;")
        .unwrap();
    assert!(matches!(
        Ledger::create_or_open(&other),
        Err(LedgerError::NotALedger { .. })
    ));
    assert!(matches!(verify_file(&other), Err(LedgerError::NotALedger { .. })));
    let nothing = directory.path().join("nothing");
    assert!(matches!(Ledger::open(&nothing), Err(LedgerError::Missing { .. })));
    assert!(!nothing.exists());
    let newer = kept(directory.path());
    Connection::open(&newer)
        .unwrap()
        .execute_batch("PRAGMA user_version = 2;")
        .unwrap();
    assert!(matches!(
        Ledger::open(&newer),
        Err(LedgerError::NewerSchema { met: 2, .. })
    ));
}
