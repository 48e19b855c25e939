//! The shipped cases, read through the importer.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use counterpart_model::place::Level;
use counterpart_model::study::Study;
use counterpart_model::{Date, Record};
use counterpart_panel::{
    BuiltPanel, Deriver, Graph, NoPanel, Places, PoolOutcome, RecordSeries, build, pool,
};

use crate::builder::year;

fn read(case: &str) -> Record {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../cases")
        .join(case);
    counterpart_exchange::case::read(&folder)
        .unwrap()
        .record()
        .unwrap()
}

static XINJIANG: LazyLock<Record> = LazyLock::new(|| read("xinjiang"));
static SERIES: LazyLock<RecordSeries<&'static Record>> = LazyLock::new(|| RecordSeries::new(&*XINJIANG));

fn study<'a>(record: &'a Record, id: &str) -> &'a Study {
    record.case.studies.iter().find(|study| study.id == id).unwrap()
}

fn judged(record: &Record, study: &Study, pool: &str) -> PoolOutcome {
    let graph = Graph::of(record, Arc::new(Places::of(record)));
    pool::evaluate(
        record,
        &graph,
        record.case.pool(&pool.into()).unwrap(),
        study,
        study.window,
    )
    .unwrap()
}

/// Panels of a study's outcomes over one pool, without a lens.
fn panels(
    record: &Record,
    series: &RecordSeries<&Record>,
    id: &str,
    pool: &str,
    onset: Date,
) -> Vec<Result<BuiltPanel, NoPanel>> {
    let study = study(record, id);
    let places = Arc::new(Places::of(record));
    let graph = Graph::of(record, places.clone());
    let deriver = Deriver::new(series, record, places);
    let pool = judged(record, study, pool);
    study
        .outcomes
        .iter()
        .map(|outcome| build(&deriver, &graph, study, outcome, &pool, onset, study.window))
        .collect()
}

#[test]
fn the_county_study_has_panels_for_both_outcomes_and_both_onsets() {
    let study = study(&XINJIANG, "counties_2010");
    let mut digests = Vec::new();
    for onset in [study.onset, *study.onset_beside.first().unwrap()] {
        let both = panels(&XINJIANG, &SERIES, "counties_2010", "counties_next_door", onset);
        let shapes: Vec<_> = both
            .iter()
            .map(|panel| {
                let panel = panel.as_ref().unwrap();
                let estimated = panel.to_estimate().unwrap();
                digests.push(panel.digest.clone());
                assert!(panel.varies_inside_assignment.is_empty());
                assert_eq!(
                    estimated.assignments().len(),
                    5,
                    "one province of five is treated"
                );
                (
                    panel.outcome.indicator.to_string(),
                    panel.vintage_name(),
                    panel.window_used,
                    (
                        panel.treated().count(),
                        panel.controls().count(),
                        estimated.n_rows(),
                    ),
                )
            })
            .collect();
        assert_eq!(
            shapes,
            [
                (
                    "gdp_nominal".into(),
                    "county2016".into(),
                    (2006, 2015),
                    (82, 199, 2706)
                ),
                (
                    "gdp_per_head".into(),
                    "county2016".into(),
                    (2007, 2015),
                    (82, 198, 2441)
                ),
            ]
        );
    }
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 4);
}

#[test]
fn every_county_next_door_is_inside_a_province_that_is_in_some_programme() {
    let outcome = judged(
        &XINJIANG,
        study(&XINJIANG, "counties_2010"),
        "counties_no_programme",
    );
    assert!(outcome.no_admissible_control());
    assert_eq!(outcome.excluded.len(), 260);
    assert!(
        outcome
            .excluded
            .iter()
            .all(|judged| !judged.pairings().is_empty())
    );
    let both = panels(
        &XINJIANG,
        &SERIES,
        "counties_2010",
        "counties_no_programme",
        Date::year_only(2011),
    );
    assert!(
        both.iter()
            .all(|panel| matches!(panel, Err(NoPanel::NoControl { .. })))
    );
}

#[test]
fn pools_of_provinces_come_out_as_the_rules_say() {
    let study = study(&XINJIANG, "provinces_2010");
    let sizes: Vec<(String, usize, usize, usize)> = study
        .pools
        .iter()
        .map(|pool| {
            let outcome = judged(&XINJIANG, study, pool.as_str());
            (
                pool.to_string(),
                outcome.admitted.len(),
                outcome.excluded.len(),
                outcome.tested.len(),
            )
        })
        .collect();
    assert_eq!(
        sizes,
        [
            ("non_providers".into(), 12, 19, 11),
            ("no_programme".into(), 1, 30, 0),
            ("all_provinces".into(), 30, 1, 29)
        ]
    );
    let providers = judged(
        &XINJIANG,
        self::study(&XINJIANG, "providers_2010"),
        "non_providers",
    );
    assert_eq!(
        providers.treated.len(),
        18,
        "the provider below the level is counted in the province that holds it"
    );
    assert!(providers.notes.iter().any(|note| note.contains("which holds it")));
}

#[test]
fn a_place_whose_group_is_treated_and_the_nation_around_it_are_no_controls() {
    let outcome = judged(&XINJIANG, study(&XINJIANG, "counties_2010"), "counties_next_door");
    assert_eq!(outcome.treated.len(), 82);
    assert!(
        outcome
            .admitted
            .iter()
            .all(|place| outcome.treated.binary_search(place).is_err())
    );
    let [part] = outcome.not_computed.as_slice() else {
        panic!("{:?}", outcome.not_computed)
    };
    assert!(
        part.part == "neighbours" && part.why.starts_with("no shape on record for"),
        "{}",
        part.why
    );
}

#[test]
fn neighbours_of_a_province_are_read_off_its_shape() {
    let record = &*XINJIANG;
    let mut rule = record.case.pool(&"all_provinces".into()).unwrap().clone();
    rule.neighbours = Some(counterpart_model::pool::Handling::Exclude);
    let study = study(record, "provinces_2010");
    let graph = Graph::of(record, Arc::new(Places::of(record)));
    let outcome = pool::evaluate(record, &graph, &rule, study, study.window).unwrap();
    let borders: Vec<&str> = outcome
        .excluded
        .iter()
        .filter(|judged| judged.text().starts_with("borders on"))
        .map(|judged| judged.place.as_str())
        .collect();
    assert_eq!(borders, ["CN-540000", "CN-620000", "CN-630000"]);
}

#[test]
fn a_gap_is_computed_for_every_pair_of_editions_and_sums_need_all_provinces() {
    let record = &*XINJIANG;
    let deriver = Deriver::new(&*SERIES, record, Arc::new(Places::of(record)));
    let at = |indicator: &str, place: &str, in_year: i16| {
        deriver
            .combinations(&indicator.into(), &place.into(), year(in_year))
            .unwrap()
            .found
    };
    let subject = record.case.subject.as_str();
    let here = at("gdp_per_head", subject, 2015);
    assert!(here.len() > 10, "{}", here.len());
    let like_for_like = at("gdp_per_head_gap", subject, 2015);
    assert!(!like_for_like.is_empty() && like_for_like.len() < here.len());
    for gap in &like_for_like {
        let nation: Vec<_> = gap
            .inputs
            .iter()
            .filter(|input| input.place == record.case.nation)
            .collect();
        assert_eq!(nation.len(), 3);
        for input in nation {
            let same = gap.inputs.iter().find(|other| {
                other.place == subject && other.indicator == input.indicator && other.period == input.period
            });
            assert_eq!(same.unwrap().vintage, input.vintage);
        }
    }
    let sums = at("gdp_provinces_sum", "CN", 2015);
    assert!(!sums.is_empty());
    assert!(sums.iter().all(|sum| sum.inputs.len() == 31));
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let mut turned = XINJIANG.clone();
    turned.places.reverse();
    turned.place_members.reverse();
    turned.pairings.reverse();
    turned.rounds.reverse();
    turned.vintages.reverse();
    turned.indicators.reverse();
    turned.observations.reverse();
    let series = RecordSeries::new(&turned);
    for study in &XINJIANG.case.studies {
        for pool in &study.pools {
            assert_eq!(
                judged(&turned, study, pool.as_str()),
                judged(&XINJIANG, study, pool.as_str())
            );
            assert_eq!(
                panels(&turned, &series, study.id.as_str(), pool.as_str(), study.onset),
                panels(&XINJIANG, &SERIES, study.id.as_str(), pool.as_str(), study.onset)
            );
        }
    }
}

#[test]
fn planted_cases_have_balanced_panels() {
    for case in ["plus", "zero", "minus", "broken_trend"] {
        let record = read(&format!("planted/{case}"));
        let series = RecordSeries::new(&record);
        let study = record.case.studies.first().unwrap();
        let pool = study.pools.first().unwrap();
        for panel in panels(&record, &series, study.id.as_str(), pool.as_str(), study.onset) {
            let panel = panel.unwrap();
            assert_eq!(
                (panel.treated().count(), panel.controls().count()),
                (20, 20),
                "{case}"
            );
            assert!(
                panel.dropped.is_empty() && panel.notes.is_empty(),
                "{case}: {:?}",
                panel.notes
            );
            assert!(panel.to_estimate().unwrap().is_balanced());
        }
    }
}

#[test]
fn another_programme_runs_through_the_same_code() {
    let record = read("wenchuan");
    let series = RecordSeries::new(&record);
    let study = record.case.studies.first().unwrap();
    let pool = study.pools.first().unwrap().as_str();
    let outcome = judged(&record, study, pool);
    assert_eq!(outcome.level, Level::Prefecture);
    assert_eq!((outcome.treated.len(), outcome.admitted.len()), (6, 15));
    for panel in panels(&record, &series, study.id.as_str(), pool, study.onset) {
        let panel = panel.unwrap();
        assert_eq!(panel.treated().count(), 6);
        assert!(panel.to_estimate().is_ok());
    }
}

#[test]
fn doses_of_the_county_study_name_the_stand_in_and_the_parts_not_computed() {
    let record = &*XINJIANG;
    let study = study(record, "dose_2010");
    let places = Arc::new(Places::of(record));
    let graph = Graph::of(record, places.clone());
    let deriver = Deriver::new(&*SERIES, record, places.clone());
    let treated = pool::treated(&places, study, study.window).unwrap().units;
    let doses = counterpart_panel::dose::doses(&deriver, &graph, study, &treated, study.window).unwrap();
    assert_eq!((doses.units.len(), doses.dropped.len()), (82, 0));
    assert!(
        doses.notes.iter().any(|note| note.contains("of its own")),
        "{:?}",
        doses.notes
    );
    assert_eq!(doses.not_computed.len(), 1);
    let onset = counterpart_panel::onset::onset(record, &graph, study, &treated, study.window);
    assert!(onset.not_reached.is_empty());
    assert_eq!(onset.rounds.first().unwrap().first_full_year, Some(2011));
}
