use std::sync::Arc;

use counterpart_model::Record;
use counterpart_model::place::Level;
use counterpart_model::record::GeoFile;
use counterpart_panel::{Graph, PanelError, Places, PoolOutcome, pool};
use serde_json::{Value, json};

use crate::builder::{self, Builder, ids, study};

/// Six provinces: T is treated from 2010 by P; Q pays elsewhere; E received before; F begins to receive in 2012.
fn provinces() -> Builder {
    let mut builder = Builder::new()
        .place("N", Level::Nation, "")
        .place("O", Level::Nation, "");
    for id in ["T", "P", "Q", "E", "F", "Z"] {
        builder = builder.place(id, Level::Province, "N");
    }
    builder
        .place("T1", Level::County, "T")
        .place("P1", Level::County, "P")
        .place("X", Level::Province, "O")
        .round("MAIN", "M1", "2010", "")
        .round("MAIN", "M0", "1990", "2000")
        .round("MAIN", "M2", "2012", "")
        .round("SIDE", "S1", "2005", "")
        .pairing("PR1", "M1", "P", "T1", ("2010", ""))
        .pairing("PR2", "M0", "P", "E", ("1990", "2000"))
        .pairing("PR3", "M2", "Q", "F", ("2012", ""))
        .pairing("PR4", "S1", "Z", "O", ("2005", ""))
}

fn evaluate(record: &Record, extra: Value) -> Result<PoolOutcome, PanelError> {
    let mut words = json!({
        "id": "pool", "title": "t", "programmes": ["MAIN"], "level": "province", "window": ["1900", "1901"],
    });
    words
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    let study = study(json!({
        "id": "study", "title": "t", "role": "primary", "outcomes": [], "level": "province", "treated": "T",
        "rounds": ["M1"], "onset": "2010", "window": ["2005", "2015"], "estimators": [],
        "assignment_level": "province",
    }));
    let graph = Graph::of(record, Arc::new(Places::of(record)));
    pool::evaluate(record, &graph, &builder::pool(words), &study, study.window)
}

fn told(outcome: &PoolOutcome) -> Vec<String> {
    let excluded = outcome
        .excluded
        .iter()
        .map(|judged| format!("- {}: {}", judged.place, judged.text()));
    let tested = outcome
        .tested
        .iter()
        .map(|judged| format!("? {}: {}", judged.place, judged.text()));
    excluded.chain(tested).collect()
}

#[test]
fn the_rule_is_applied_in_the_studys_window_and_every_place_has_its_reason() {
    let record = provinces().record;
    let rule = json!({"exclude": ["providers", "newly_treated"], "already_treated": "keep_and_test"});
    let outcome = evaluate(&record, rule).unwrap();
    assert_eq!(outcome.treated, ids(&["T"]));
    assert_eq!(
        outcome.admitted,
        ids(&["E", "Q", "Z"]),
        "places of another nation are no candidates"
    );
    assert_eq!(
        told(&outcome),
        [
            "- F: begins to receive inside 2005 to 2015: round M2, 2012 on (PR3)",
            "- P: gives in a round of the study: round M1, 2010 on (PR1)",
            "- T: is treated in the study; begins to receive inside 2005 to 2015: round M1, 2010 on \
             through a part, The T1 (T1) (PR1)",
            "? E: received before 2005: round M0, 1990 to 2000 (PR2)",
            "? Q: gives in another round and is let in: round M2, 2012 on (PR3)",
            "? Z: is under another programme in the whole window: gives in round S1, 2005 on (PR4)",
        ]
    );
    assert!(!outcome.no_admissible_control());
}

#[test]
fn already_treated_may_be_excluded_or_simply_kept() {
    let record = provinces().record;
    let out = evaluate(&record, json!({"already_treated": "exclude"})).unwrap();
    assert!(out.excluded.iter().any(|judged| judged.place == "E"));
    let kept = evaluate(&record, json!({"already_treated": "keep"})).unwrap();
    assert!(kept.admitted.contains(&"E".into()) && !kept.tested.iter().any(|judged| judged.place == "E"));
}

#[test]
fn providers_let_in_on_purpose_are_listed() {
    let outcome = evaluate(&provinces().record, json!({"contaminated": true})).unwrap();
    assert!(outcome.admitted.contains(&"P".into()));
    let told = told(&outcome);
    assert!(
        told.iter()
            .any(|line| line == "? P: gives in a round of the study and is let in: round M1, 2010 on (PR1)"),
        "{told:#?}"
    );
}

#[test]
fn nobody_admitted_is_an_answer_that_names_everyone() {
    let record = provinces().pairing("PR5", "S1", "E", "N", ("2005", "")).record;
    let outcome = evaluate(
        &record,
        json!({"programmes": "all", "exclude": ["any_provider", "any_recipient"]}),
    )
    .unwrap();
    assert!(outcome.no_admissible_control());
    assert_eq!(outcome.excluded.len(), 6);
    let e = outcome
        .excluded
        .iter()
        .find(|judged| judged.place == "E")
        .unwrap();
    assert_eq!(
        e.pairings().into_iter().collect::<Vec<_>>(),
        ids(&["PR5"]),
        "PR2 ended before the window"
    );
    assert_eq!(
        e.text(),
        "gives: round S1, 2005 on (PR5); receives in 2005 to 2015: round S1, 2005 on as part \
         of The N (N) (PR5)"
    );
}

#[test]
fn neighbours_need_every_shape() {
    let rule = json!({"neighbours": "exclude"});
    let without = evaluate(&provinces().record, rule.clone()).unwrap();
    let [part] = without.not_computed.as_slice() else {
        panic!("one part")
    };
    assert_eq!(part.part, "neighbours");
    assert_eq!(
        part.why,
        "no shape on record for 6 of 6 places, among them The E (E)"
    );

    let mut record = provinces().record;
    // Unit squares in a row: each shares two corners with the next.
    let features: Vec<Value> = ["T", "P", "Q", "E", "F", "Z"]
        .iter()
        .enumerate()
        .map(|(at, id)| {
            let (x0, x1) = (at, at + 1);
            json!({"type": "Feature", "id": id, "properties": {}, "geometry": {"type": "Polygon",
                "coordinates": [[[x0, 0], [x1, 0], [x1, 1], [x0, 1], [x0, 0]]]}})
        })
        .collect();
    let text = json!({"type": "FeatureCollection", "features": features}).to_string();
    record.geo.push(GeoFile {
        name: "g.geojson".into(),
        text,
    });
    let with = evaluate(&record, rule).unwrap();
    assert_eq!(with.not_computed, []);
    let p = with.excluded.iter().find(|judged| judged.place == "P").unwrap();
    assert_eq!(p.text(), "borders on The T (T), which is treated");
    assert_eq!(with.admitted, ids(&["E", "F", "Q", "Z"]));
}

#[test]
fn members_below_the_level_are_counted_once_in_the_place_that_holds_them() {
    let record = provinces()
        .place("T2", Level::County, "T")
        .place("G", Level::Group, "N")
        .member("G", "T1")
        .member("G", "T2")
        .member("G", "Q")
        .record;
    let words = json!({
        "id": "study", "title": "t", "role": "primary", "outcomes": [], "level": "province", "treated": "G",
        "rounds": ["M1"], "onset": "2010", "window": ["2005", "2015"], "estimators": [],
        "assignment_level": "province",
    });
    let found = pool::treated(&Places::of(&record), &study(words.clone()), study(words).window).unwrap();
    assert_eq!(found.units, ids(&["Q", "T"]));
    assert_eq!(
        found.notes,
        [
            "The T1 (T1) is counted in The T (T), which holds it",
            "The T2 (T2) is counted in The T (T), which holds it"
        ]
    );
}

#[test]
fn a_rule_that_cannot_be_evaluated_is_a_typed_error() {
    let record = provinces().record;
    let error = evaluate(&record, json!({"places": ["NOWHERE"]})).unwrap_err();
    assert_eq!(error.to_string(), "pool names NOWHERE, which is not on record");
    let error = evaluate(&record, json!({"level": "county"})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "study study is about places of level province, pool pool offers places of level county"
    );
}
