//! Figures for the benchmark page; run with `--ignored --nocapture` in release.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::time::Instant;

use counterpart_ledger::{AsOf, Index, Ledger};

use crate::support::{case, cases, folder, header};

#[test]
#[ignore = "a measurement, not a test"]
fn measure_the_largest_case() {
    let batches = folder(&cases().join("xinjiang"));
    let directory = tempfile::tempdir().unwrap();
    for round in 0..3 {
        for file in [false, true] {
            let batches = batches.clone();
            let n_rows = batches.n_rows();
            let path = directory.path().join(format!("{round}.ledger"));
            let mut ledger = if file {
                Ledger::create_or_open(&path).unwrap()
            } else {
                Ledger::in_memory().unwrap()
            };
            let start = Instant::now();
            ledger.commit(header("2026-11-24"), batches.clone()).unwrap();
            let commit = start.elapsed();
            let start = Instant::now();
            let view = ledger.view(AsOf::Head).unwrap();
            let read = start.elapsed();
            let start = Instant::now();
            let record = view.record(case()).unwrap();
            let typed = start.elapsed();
            let start = Instant::now();
            let digest = view.case_digest();
            let hashed = start.elapsed();
            let start = Instant::now();
            let index = Index::new(&record);
            let indexed = start.elapsed();
            assert!(index.record().observations.len() > 100_000);
            let start = Instant::now();
            let again = ledger.commit(header("2026-11-25"), batches).unwrap();
            assert!(again.id().is_none());
            let unchanged = start.elapsed();
            let start = Instant::now();
            ledger.verify().unwrap();
            let verified = start.elapsed();
            drop(ledger);
            let start = Instant::now();
            if file {
                assert!(Ledger::open(&path).unwrap().head().unwrap().is_some());
            }
            let reopened = start.elapsed();
            eprintln!(
                "file {file}: {n_rows} rows, commit {commit:?}, view {read:?}, record {typed:?}, digest {hashed:?} \
                 {digest:.8}, index {indexed:?}, unchanged {unchanged:?}, verify {verified:?}, reopen {reopened:?}"
            );
        }
    }
}
