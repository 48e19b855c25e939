//! Random histories against a plain map: what a view shows never changes, and only content decides the public digest.

use std::collections::BTreeMap;

use counterpart_ledger::{AsOf, Batches, CommitId, Ledger};
use counterpart_model::{Row, TableId};
use proptest::prelude::*;
use rusqlite::Connection;

use crate::support::{batches, header, observation, row, small, source};

/// One thing that a keeper does.
#[derive(Debug, Clone)]
enum Step {
    /// Import these values under their keys.
    Import(BTreeMap<u8, u8>),
    /// Withdraw a key, where it is on record.
    Withdraw(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let import = prop::collection::btree_map(0..6_u8, 0..3_u8, 0..5).prop_map(Step::Import);
    let step = prop_oneof![3 => import, 1 => (0..6_u8).prop_map(Step::Withdraw)];
    prop::collection::vec(step, 1..8)
}

fn said(values: &BTreeMap<u8, u8>) -> Batches {
    batches(
        values
            .iter()
            .map(|(key, value)| observation("P", &format!("i{key}"), "2010", "v", &value.to_string()))
            .collect(),
    )
}

fn shown(ledger: &Ledger, as_of: AsOf) -> (Batches, String) {
    let view = ledger.view(as_of).unwrap();
    (view.batches(), view.case_digest())
}

fn rows_and_digest(ledger: &Ledger, as_of: AsOf) -> (Vec<Row>, String) {
    let (batches, digest) = shown(ledger, as_of);
    (batches.tables.into_values().flatten().collect(), digest)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, rng_seed: proptest::test_runner::RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn as_of_a_commit_a_ledger_shows_the_same_for_ever(steps in steps()) {
        let mut ledger = Ledger::in_memory().unwrap();
        let mut now = BTreeMap::new();
        let mut before: Vec<(Vec<Row>, String)> = Vec::new();
        for step in &steps {
            let changed = match step {
                Step::Import(values) => {
                    let changed = values.iter().any(|(key, value)| now.get(key) != Some(value));
                    let outcome = ledger.commit(header("1"), said(values)).unwrap();
                    prop_assert_eq!(outcome.id().is_some(), changed);
                    let missing = now.keys().filter(|key| !values.contains_key(key)).count();
                    prop_assert_eq!(outcome.missing().len(), missing);
                    now.extend(values);
                    changed
                }
                Step::Withdraw(key) => {
                    let withdrawn = ledger.retract(header("1"), TableId::Observations, &format!("P/i{key}/2010/v"), "why");
                    let was_there = now.remove(key).is_some();
                    prop_assert_eq!(withdrawn.is_ok(), was_there);
                    was_there
                }
            };
            if changed {
                let mut fresh = Ledger::in_memory().unwrap();
                fresh.commit(header("another time"), said(&now)).unwrap();
                before.push(rows_and_digest(&fresh, AsOf::Head));
            }
            for (number, state) in (1..).zip(&before) {
                let met = rows_and_digest(&ledger, AsOf::Commit(CommitId::new(number)));
                prop_assert_eq!(&met, state);
            }
        }
        prop_assert_eq!(ledger.verify().unwrap().commits, u32::try_from(before.len()).unwrap());
    }

    #[test]
    fn what_is_exported_and_imported_again_is_the_same(
        cells in prop::collection::btree_map("[a-z]{1,3}", ("\\PC{0,12}", "[ -~é县]{0,8}", any::<Option<i32>>()), 0..8)
    ) {
        let rows = cells.iter().map(|(id, (title, own, amount))| {
            let amount = amount.map(|amount| format!("{}.{:03}", amount / 1000, (amount % 1000).abs())).unwrap_or_default();
            row(TableId::Rules, &[("rule_id", id), ("text", title), ("x_own", own), ("amount", &amount), ("minimum_count", "7")])
        }).collect();
        let mut first = Ledger::in_memory().unwrap();
        first.commit(header("1"), batches(rows)).unwrap();
        let (exported, digest) = shown(&first, AsOf::Head);
        let mut second = Ledger::in_memory().unwrap();
        second.commit(header("2"), exported.clone()).unwrap();
        prop_assert_eq!(shown(&second, AsOf::Head), (exported.clone(), digest));
        prop_assert_eq!(first.commit(header("3"), exported).unwrap().id(), None);
        prop_assert!(first.verify().is_ok());
    }
}

#[test]
fn a_file_from_before_a_table_and_a_column_were_added_is_read_verified_and_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.ledger");
    let mut ledger = Ledger::create_or_open(&path).unwrap();
    ledger.commit(header("1"), small()).unwrap();
    let before = shown(&ledger, AsOf::Head);
    drop(ledger);
    Connection::open(&path)
        .unwrap()
        .execute_batch("DROP TABLE literature; ALTER TABLE sources DROP COLUMN licence;")
        .unwrap();

    let mut ledger = Ledger::open(&path).unwrap();
    assert_eq!(shown(&ledger, AsOf::Head), before);
    ledger.verify().unwrap();
    let with_licence = row(TableId::Sources, &[("source_id", "S9"), ("licence", "CC0")]);
    ledger
        .append(header("2"), batches(vec![with_licence.clone()]))
        .unwrap();
    ledger.verify().unwrap();
    drop(ledger);
    let ledger = Ledger::open(&path).unwrap();
    let statement = ledger
        .view(AsOf::Head)
        .unwrap()
        .statement(TableId::Sources, "S9")
        .unwrap();
    assert_eq!(statement.row, with_licence);
    assert_eq!(shown(&ledger, AsOf::Commit(CommitId::new(1))), before);
}

#[test]
fn a_column_from_the_future_is_named_where_it_holds_something() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new.ledger");
    let mut ledger = Ledger::create_or_open(&path).unwrap();
    ledger
        .commit(header("1"), batches(vec![source("S1", "ngo")]))
        .unwrap();
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("ALTER TABLE sources ADD COLUMN shelf TEXT;")
        .unwrap();
    assert!(ledger.view(AsOf::Head).is_ok() && ledger.verify().is_ok());
    connection
        .execute_batch("UPDATE sources SET shelf = 'seven';")
        .unwrap();
    let error = ledger.view(AsOf::Head).unwrap_err().to_string();
    assert_eq!(error, "commit 1, sources row 1: \"shelf\" cannot be read");
    assert!(ledger.verify().is_err());
}
