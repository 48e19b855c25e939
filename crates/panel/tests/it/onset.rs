use std::sync::Arc;

use counterpart_model::place::Level;
use counterpart_panel::{Graph, Places, onset};
use serde_json::json;

use crate::builder::{Builder, ids, study};

#[test]
fn the_onset_stands_beside_what_rounds_and_pairings_say() {
    let mut record = Builder::new()
        .place("N", Level::Nation, "")
        .place("P", Level::Province, "N")
        .place("A", Level::Province, "N")
        .place("B", Level::Province, "N")
        .place("C", Level::Province, "N")
        .round("MAIN", "M1", "2010", "")
        .pairing("PR1", "M1", "P", "A", ("2010", ""))
        .pairing("PR2", "M1", "P", "A", ("2012", ""))
        .pairing("PR3", "M1", "P", "B", ("2012", ""))
        .record;
    record.rounds.first_mut().unwrap().first_money_on = "2010-04-12".parse().ok();
    let study = study(json!({
        "id": "study", "title": "t", "role": "primary", "outcomes": [], "level": "province", "treated": "A",
        "rounds": ["M1"], "onset": "2011", "onset_basis": "plan_period", "onset_beside": ["2010"],
        "window": ["2005", "2015"], "estimators": [], "assignment_level": "province",
    }));
    let graph = Graph::of(&record, Arc::new(Places::of(&record)));
    let found = onset::onset(&record, &graph, &study, &ids(&["A", "B", "C"]), study.window);
    assert_eq!(found.year, 2011);
    assert_eq!(found.rounds.first().unwrap().first_full_year, Some(2011));
    assert_eq!(found.not_reached, ids(&["C"]));
    assert_eq!(
        found.notes,
        [
            "treated units are first reached at different dates (1 from 2010, 1 from 2012); the study treats all \
             from 2011",
            "1 treated units are reached by no pairing of the study's rounds",
            "money of round M1 first moved on 2010-04-12, before the onset 2011: what it did until then counts as \
             before treatment",
        ]
    );
}
