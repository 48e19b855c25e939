//! Data gaps: stable ids, who would hold what is missing, what it would move.

use std::collections::BTreeSet;

use counterpart_appraise::assessment::DataGap;
use counterpart_model::{Row, TableId};

use crate::cases::{appraise, folder};
use crate::rows::{claim, row, whole};

fn find<'a>(gaps: &'a [DataGap], id: &str) -> &'a DataGap {
    gaps.iter().find(|gap| gap.id == id).unwrap_or_else(|| {
        panic!(
            "{id} is none of {:?}",
            gaps.iter().map(|gap| &gap.id).collect::<Vec<_>>()
        )
    })
}

fn activity(id: &str) -> Row {
    row(
        TableId::Activities,
        &[
            ("activity_id", id),
            ("title", id),
            ("kind", "factory"),
            ("place_id", "A"),
        ],
    )
}

fn target(id: &str, of: &str, more: &[(&str, &str)]) -> Row {
    let mut cells = vec![
        ("result_id", id),
        ("activity_id", of),
        ("indicator", "output"),
        ("unit", "t"),
        ("target", "5"),
        ("speaker_id", "P1"),
    ];
    cells.extend(more.iter().copied());
    row(TableId::Results, &cells)
}

#[test]
fn what_is_missing_is_named_with_who_would_hold_it() {
    let rows = vec![
        row(
            TableId::Indicators,
            &[
                ("indicator_id", "output"),
                ("name", "Output"),
                ("unit", "t"),
                ("kind", "level"),
                ("better", "higher"),
            ],
        ),
        row(
            TableId::Vintages,
            &[
                ("vintage_id", "V1"),
                ("kind", "edition"),
                ("published_on", "2020"),
            ],
        ),
        row(
            TableId::Observations,
            &[
                ("place_id", "A"),
                ("indicator_id", "output"),
                ("period", "2010"),
                ("vintage_id", "V1"),
                ("value", "5"),
                ("source_id", "S2"),
            ],
        ),
        claim("C1", "P1", "S1", &[("value", "5")]),
        row(
            TableId::Derivations,
            &[
                ("derivation_id", "D1"),
                ("claim_id", "C1"),
                ("kind", "equals"),
                ("operands", "A/output/2011"),
                ("rounding", "unstated"),
            ],
        ),
        activity("ACT"),
        target("T1", "ACT", &[]),
    ];
    let gaps = whole(rows).data_gaps;
    let operand = find(&gaps, "missing:operand:A/output/2011");
    assert_eq!(operand.who_holds, "Publisher S2");
    assert_eq!(operand.would_check, ["C1"]);
    let due = find(&gaps, "missing:due:T1");
    assert_eq!(
        (due.who_holds.as_str(), due.would_check.as_slice()),
        ("Speaker P1", ["T1".to_owned()].as_slice())
    );
    assert_eq!(find(&gaps, "missing:actual:ACT:output:t").would_check, ["T1"]);
}

#[test]
fn nobody_is_named_where_nothing_tells() {
    let rows = vec![activity("ACT"), target("T1", "ACT", &[])];
    let mut rows = rows;
    rows[1] = target("T1", "ACT", &[]);
    let index = TableId::Results.column_index("speaker_id").expect("a column");
    rows[1].values[index] = Some(counterpart_model::Value::Text("P0".to_owned()));
    let gaps = whole(rows).data_gaps;
    assert_eq!(find(&gaps, "missing:due:T1").who_holds, "not known");
}

#[test]
fn a_gap_elsewhere_renames_none() {
    let ids = |rows: Vec<Row>| -> BTreeSet<String> {
        whole(rows).data_gaps.into_iter().map(|gap| gap.id).collect()
    };
    let one = ids(vec![activity("ACT"), target("T1", "ACT", &[])]);
    let two = ids(vec![
        activity("AAA"),
        target("T0", "AAA", &[]),
        activity("ACT"),
        target("T1", "ACT", &[]),
    ]);
    assert!(one.is_subset(&two) && one.len() < two.len());
}

#[test]
fn every_gap_of_the_cases_has_a_holder_and_something_that_waits_for_it() {
    for name in ["xinjiang", "wenchuan", "planted/plus"] {
        let mut case = folder(name);
        if name == "xinjiang" {
            case.case.studies.truncate(1);
            case.case.lens_studies.clear();
        }
        let assessment = appraise(case.case, case.tables);
        let mut known = BTreeSet::new();
        for gap in &assessment.data_gaps {
            assert!(known.insert(&gap.id), "{}", gap.id);
            assert!(
                !gap.what.is_empty() && !gap.who_holds.is_empty() && !gap.from.is_empty(),
                "{gap:?}"
            );
            let waiting = gap.would_settle.len() + gap.would_check.len() + gap.would_duty.len();
            assert!(waiting > 0, "{gap:?}");
            assert!(!gap.id.bytes().any(|byte| byte == b' '), "{}", gap.id);
        }
    }
}
