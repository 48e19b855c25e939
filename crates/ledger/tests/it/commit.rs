//! Commits, views, digests.

use counterpart_ledger::{AsOf, CommitId, Ledger, LedgerError};
use counterpart_model::TableId;

use crate::support::{batches, case, cases, folder, header, observation, row, small, source};

fn committed() -> Ledger {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.commit(header("2026-11-24"), small()).unwrap();
    ledger
}

#[test]
fn equal_content_makes_no_commit() {
    let mut ledger = committed();
    let outcome = ledger.commit(header("2026-11-25"), small()).unwrap();
    assert_eq!(outcome.id(), None);
    assert!(outcome.missing().is_empty());
    assert_eq!(ledger.head().unwrap(), Some(CommitId::new(1)));
}

#[test]
fn order_of_rows_changes_nothing_that_is_public() {
    let mut turned = small();
    for rows in turned.tables.values_mut() {
        rows.reverse();
    }
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.commit(header("2027-01-01"), turned).unwrap();
    let (a, b) = (
        ledger.view(AsOf::Head).unwrap(),
        committed().view(AsOf::Head).unwrap(),
    );
    assert_eq!(a.case_digest(), b.case_digest());
    assert_eq!(a.batches(), b.batches());
}

#[test]
fn a_changed_row_supersedes_and_an_earlier_commit_shows_the_earlier_one() {
    let mut ledger = committed();
    let before = ledger.view(AsOf::Head).unwrap();
    let mut changed = small();
    changed.tables.insert(
        TableId::Observations,
        vec![
            observation("P1", "gdp", "2010", "v1", "8.4"),
            observation("P1", "gdp", "2012", "v1", "10"),
        ],
    );
    let outcome = ledger.commit(header("2026-12-01"), changed).unwrap();
    assert_eq!(outcome.id(), Some(CommitId::new(2)));
    let keys: Vec<&str> = outcome.superseded().iter().map(|key| key.key.as_str()).collect();
    assert_eq!(keys, ["P1/gdp/2010/v1"]);
    let keys: Vec<&str> = outcome.missing().iter().map(|key| key.key.as_str()).collect();
    assert_eq!(keys, ["P1/gdp/2011/v1", "P2/gdp/2010/v1"]);

    let after = ledger.view(AsOf::Head).unwrap();
    assert_eq!(after.rows(TableId::Observations).len(), 4);
    let statement = after.statement(TableId::Observations, "P1/gdp/2010/v1").unwrap();
    assert_eq!(statement.id(), "2/observations/1");
    assert_eq!(statement.row.get("value").unwrap().to_string(), "8.4");
    assert_eq!(statement.superseded.len(), 1);
    assert_eq!(
        statement.superseded[0].row.get("value").unwrap().to_string(),
        "8.3700"
    );
    assert_eq!(statement.superseded[0].recorded_at, "2026-11-24");

    let as_of = ledger.view(AsOf::Commit(CommitId::new(1))).unwrap();
    assert_eq!(as_of.batches(), before.batches());
    assert_eq!(as_of.case_digest(), before.case_digest());
    assert_ne!(as_of.case_digest(), after.case_digest());
    assert!(ledger.verify().is_ok());
}

#[test]
fn a_preview_says_what_a_commit_would_do_and_does_nothing() {
    let mut ledger = committed();
    assert!(ledger.preview(small()).unwrap().is_unchanged());
    let changed = batches(vec![source("S1", "ngo"), source("S3", "ngo")]);
    let preview = ledger.preview(changed.clone()).unwrap();
    assert_eq!((preview.added, preview.superseded.len()), (1, 1));
    assert_eq!(ledger.head().unwrap(), Some(CommitId::new(1)));
    let outcome = ledger.commit(header("2026-12-01"), changed).unwrap();
    assert_eq!(outcome.superseded(), preview.superseded);
    assert_eq!(outcome.missing(), preview.missing);
    let shown: Vec<String> = preview.missing.iter().map(ToString::to_string).collect();
    assert_eq!(shown[0], "case.toml");
    assert!(shown.contains(&"vintages: v1".into()), "{shown:?}");
}

#[test]
fn single_statements_leave_the_rest_alone() {
    let mut ledger = committed();
    let outcome = ledger
        .append(header("2026-12-01"), batches(vec![source("S3", "ngo")]))
        .unwrap();
    assert_eq!(outcome.id(), Some(CommitId::new(2)));
    assert!(outcome.missing().is_empty());
    assert_eq!(ledger.view(AsOf::Head).unwrap().rows(TableId::Sources).len(), 3);
}

#[test]
fn scale_of_a_decimal_is_content() {
    let mut ledger = committed();
    let outcome = ledger
        .append(
            header("2026-12-01"),
            batches(vec![observation("P1", "gdp", "2010", "v1", "8.37")]),
        )
        .unwrap();
    assert_eq!(outcome.superseded().len(), 1);
}

#[test]
fn a_withdrawn_row_stays_on_record_and_can_be_said_again() {
    let mut ledger = committed();
    let key = "P1/gdp/2011/v1";
    ledger
        .retract(
            header("2026-12-01"),
            TableId::Observations,
            key,
            "read from the wrong line",
        )
        .unwrap();
    assert!(
        ledger
            .view(AsOf::Head)
            .unwrap()
            .statement(TableId::Observations, key)
            .is_none()
    );
    let first = ledger.view(AsOf::Commit(CommitId::new(1))).unwrap();
    assert!(first.statement(TableId::Observations, key).is_some());
    assert!(matches!(
        ledger.retract(header("2026-12-02"), TableId::Observations, key, "twice"),
        Err(LedgerError::NoSuchStatement { .. })
    ));
    let outcome = ledger.commit(header("2026-12-03"), small()).unwrap();
    assert_eq!(outcome.id(), Some(CommitId::new(3)));
    assert!(
        ledger
            .view(AsOf::Head)
            .unwrap()
            .statement(TableId::Observations, key)
            .is_some()
    );
    assert!(ledger.verify().is_ok());
}

#[test]
fn text_is_kept_in_nfc_and_own_columns_are_kept() {
    let mut ledger = Ledger::in_memory().unwrap();
    let decomposed = row(
        TableId::Sources,
        &[
            ("source_id", "S1"),
            ("title", "Re\u{301}sume\u{301} 援疆"),
            ("x_shelf", "e\u{301}"),
        ],
    );
    let composed = row(
        TableId::Sources,
        &[("source_id", "S1"), ("title", "Résumé 援疆"), ("x_shelf", "é")],
    );
    ledger.commit(header("1"), batches(vec![decomposed])).unwrap();
    let view = ledger.view(AsOf::Head).unwrap();
    assert_eq!(view.rows(TableId::Sources), [&composed]);
    assert_eq!(
        ledger.commit(header("2"), batches(vec![composed])).unwrap().id(),
        None
    );
    assert!(ledger.verify().is_ok());
}

#[test]
fn two_rows_with_one_key_and_headers_without_author_are_refused() {
    let mut ledger = committed();
    let twice = batches(vec![source("S1", "ngo"), source("S1", "academic")]);
    assert!(matches!(
        ledger.commit(header("1"), twice),
        Err(LedgerError::DuplicateKey { .. })
    ));
    assert!(matches!(
        ledger.commit(header(" "), small()),
        Err(LedgerError::EmptyHeader { .. })
    ));
    assert_eq!(ledger.commits().unwrap().len(), 1);
}

#[test]
fn a_view_of_a_commit_that_is_not_there_is_an_error() {
    let ledger = committed();
    for number in [0, 2] {
        let error = ledger.view(AsOf::Commit(CommitId::new(number))).unwrap_err();
        assert!(matches!(error, LedgerError::NoSuchCommit { .. }));
    }
    assert!(
        Ledger::in_memory()
            .unwrap()
            .view(AsOf::Head)
            .unwrap()
            .as_of()
            .is_none()
    );
}

#[test]
fn statements_are_found_by_key_address_and_id() {
    let ledger = committed();
    let view = ledger.view(AsOf::Head).unwrap();
    let found = |id: &str| -> Vec<String> { view.find(id).iter().map(|s| s.key.clone()).collect() };
    assert_eq!(found("S1"), ["S1"]);
    assert_eq!(found("P1/gdp/2010@v1"), ["P1/gdp/2010/v1"]);
    assert_eq!(found("P1/gdp/2010"), ["P1/gdp/2010/v1"]);
    assert_eq!(found("1/observations/3"), ["P2/gdp/2010/v1"]);
    assert!(found("P1").is_empty() && found("P1/gdp").is_empty());
}

#[test]
fn a_case_comes_back_as_it_went_in_whether_kept_in_memory_or_in_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("case.ledger");
    let case_folder = folder(&cases().join("wenchuan"));
    let mut memory = Ledger::in_memory().unwrap();
    memory.commit(header("2026-11-24"), case_folder.clone()).unwrap();
    Ledger::create_or_open(&path)
        .unwrap()
        .commit(header("2026-11-24"), case_folder.clone())
        .unwrap();
    let file = Ledger::open(&path).unwrap();
    let (a, b) = (memory.view(AsOf::Head).unwrap(), file.view(AsOf::Head).unwrap());
    assert_eq!(a.batches(), b.batches());
    assert_eq!(a.case_digest(), b.case_digest());
    assert_eq!(a.batches().n_rows(), case_folder.n_rows());
    assert_eq!(a.case_toml(), case_folder.case_toml.unwrap());
    let record = a.record(case()).unwrap();
    assert_eq!(
        record.observations.len(),
        case_folder.tables[&TableId::Observations].len()
    );
    file.verify().unwrap();
}
