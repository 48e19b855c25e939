//! The evidence map: studies in their words, and the data sets behind them.

use counterpart_appraise::evidence::{counts, rows};
use counterpart_model::{Row, TableId};

use crate::cases::{folder, record};
use crate::rows::{case, row};

fn study(id: &str, more: &[(&str, &str)]) -> Row {
    let mut cells = vec![("study_id", id), ("title", id), ("direction", "positive")];
    cells.extend(more.iter().copied());
    row(TableId::Literature, &cells)
}

fn sets(studies: Vec<Row>) -> (usize, usize) {
    let (case, tables) = case(studies);
    let rows = rows(&record(case, tables));
    let counts = counts(&rows);
    let all = counts
        .iter()
        .find(|cell| cell.id == "evidence:all")
        .expect("all studies");
    let number =
        |number: &counterpart_appraise::assessment::Number| number.as_str().parse().expect("a count");
    (number(&all.studies), number(&all.data_sets))
}

#[test]
fn studies_that_share_data_are_one_data_set() {
    // Named directly, through a third, by one source, by the same words.
    assert_eq!(sets(vec![study("L1", &[]), study("L2", &[])]), (2, 2));
    assert_eq!(
        sets(vec![study("L1", &[]), study("L2", &[("shares_data_with", "L1")])]),
        (2, 1)
    );
    let chain = vec![
        study("L1", &[("shares_data_with", "L2")]),
        study("L2", &[("shares_data_with", "L3")]),
        study("L3", &[]),
        study("L4", &[]),
    ];
    assert_eq!(sets(chain), (4, 2));
    let source = vec![
        study("L1", &[("shares_data_with", "S1")]),
        study("L2", &[("shares_data_with", "S1")]),
    ];
    assert_eq!(sets(source), (2, 1));
    let words = vec![
        study("L1", &[("data", "County panel, 2006–2015")]),
        study("L2", &[("data", "county panel 2006 2015")]),
        study("L3", &[("data", "another panel")]),
    ];
    assert_eq!(sets(words), (3, 2));
}

#[test]
fn a_study_is_told_in_its_own_words_with_its_authors_inside() {
    let (case, tables) = case(vec![study(
        "L1",
        &[
            ("authors", "Doe"),
            ("year", "2020"),
            ("finding", "It grew."),
            ("estimate", "0.12"),
            ("std_error", "0.05"),
        ],
    )]);
    let rows = rows(&record(case, tables));
    assert_eq!(
        rows[0].sentence.to_string(),
        "Doe (2020): It grew; estimate 0.12, standard error 0.05."
    );
    assert_eq!(rows[0].from, ["L1", "S1"]);
}

#[test]
fn one_changed_study_changes_its_row_and_its_cells_only() {
    let case = folder("xinjiang");
    let before = record(case.case.clone(), case.tables.clone());
    let mut after = before.clone();
    let changed = after.literature[0].id.to_string();
    after.literature[0].direction = "sideways".to_owned();
    let (a, b) = (rows(&before), rows(&after));
    for (x, y) in a.iter().zip(&b) {
        assert_eq!(x != y, x.id == changed, "{}", x.id);
    }
    for (x, y) in counts(&a).iter().zip(&counts(&b)) {
        assert_eq!(x != y, x.from.contains(&changed), "{}", x.id);
    }
}
