//! The same record gives the same assessment, whatever the order of its rows and the number of threads.

use crate::cases::{appraise, folder};

#[test]
fn the_order_of_rows_changes_nothing() {
    let case = folder("wenchuan");
    let straight = appraise(case.case.clone(), case.tables.clone());
    let mut turned = case.tables;
    for rows in turned.values_mut() {
        rows.reverse();
    }
    assert!(straight == appraise(case.case, turned));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool of threads");
        pool.install(|| {
            let case = folder("wenchuan");
            appraise(case.case, case.tables)
        })
    };
    assert!(run(1) == run(2));
}

#[test]
fn reading_twice_gives_the_same_bytes() {
    let json = || {
        let case = folder("planted/zero");
        let disclosure = case.case.disclosure.clone();
        let published = appraise(case.case, case.tables)
            .publish(&disclosure)
            .expect("publishable");
        serde_json::to_string(&published).expect("serialises")
    };
    assert_eq!(json(), json());
}
