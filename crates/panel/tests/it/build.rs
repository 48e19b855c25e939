use std::sync::Arc;

use counterpart_model::observation::{Vintage, VintageKind};
use counterpart_model::place::Level;
use counterpart_model::study::{Outcome, Study};
use counterpart_model::{Id, Period, Record};
use counterpart_panel::build::DropWhy;
use counterpart_panel::{
    BuiltPanel, Deriver, Graph, NoPanel, Places, Reading, RecordSeries, Series, build, pool,
};
use serde_json::{Value, json};

use crate::builder::{self, Builder, study};

/// Two provinces of two counties each; the counties of A are treated from 2003.
fn counties() -> Builder {
    Builder::new()
        .place("N", Level::Nation, "")
        .place("A", Level::Province, "N")
        .place("B", Level::Province, "N")
        .place("P", Level::Province, "N")
        .place("A1", Level::County, "A")
        .place("A2", Level::County, "A")
        .place("B1", Level::County, "B")
        .place("B2", Level::County, "B")
        .indicator("product", "CNY", "")
        .indicator("heads", "persons", "")
        .indicator("per_head", "CNY", "product / mean(heads, heads[-1])")
        .vintage("new", VintageKind::Edition, "2015", "2010 census")
        .vintage("old", VintageKind::Edition, "2010", "2000 census")
        .round("MAIN", "M1", "2003", "")
        .pairing("PR1", "M1", "P", "A", ("2003", ""))
}

/// Fills an indicator of the four counties in one vintage.
fn filled(
    mut builder: Builder,
    indicator: &str,
    vintage: &str,
    years: std::ops::RangeInclusive<i16>,
) -> Builder {
    for (number, county) in ["A1", "A2", "B1", "B2"].iter().enumerate() {
        for year in years.clone() {
            let value = (number + 1) * 100 + usize::try_from(year - 2000).unwrap();
            builder = builder.value(county, indicator, year, vintage, &value.to_string());
        }
    }
    builder
}

fn words(extra: Value) -> Study {
    let mut words = json!({
        "id": "study", "title": "t", "role": "primary", "outcomes": [], "level": "county", "treated": "A",
        "rounds": ["M1"], "onset": "2003", "window": ["2001", "2005"], "estimators": [],
        "assignment_level": "province",
    });
    words
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    study(words)
}

fn outcome(indicator: &str, transform: &str) -> Outcome {
    serde_json::from_value(json!({"indicator": indicator, "transform": transform})).unwrap()
}

fn built_over<S: Series>(
    series: &S,
    record: &Record,
    study: &Study,
    of: &Outcome,
) -> Result<BuiltPanel, NoPanel> {
    let places = Arc::new(Places::of(record));
    let graph = Graph::of(record, places.clone());
    let rule = builder::pool(json!({
        "id": "pool", "title": "t", "programmes": ["MAIN"], "level": "county", "window": ["1900", "1901"],
        "exclude": ["newly_treated"],
    }));
    let judged = pool::evaluate(record, &graph, &rule, study, study.window).unwrap();
    build(
        &Deriver::new(series, record, places),
        &graph,
        study,
        of,
        &judged,
        study.onset,
        study.window,
    )
}

fn built(record: &Record, study: &Study, of: &Outcome) -> Result<BuiltPanel, NoPanel> {
    built_over(&RecordSeries::new(record), record, study, of)
}

#[test]
fn the_first_vintage_that_holds_the_whole_window_is_read_and_the_passed_one_is_said() {
    let record = filled(
        filled(counties(), "product", "new", 2002..=2005),
        "product",
        "old",
        2000..=2006,
    )
    .record;
    let panel = built(&record, &words(json!({})), &outcome("product", "none")).unwrap();
    assert_eq!(panel.vintage_name(), "old");
    assert_eq!(
        (panel.window_used, panel.years.as_slice()),
        ((2001, 2005), [2001, 2002, 2003, 2004, 2005].as_slice())
    );
    assert_eq!(
        panel.notes,
        ["product is read in old, the first vintage that holds all of 2001 to 2005; a part only: new"]
    );
    assert_eq!(
        panel.treated().map(|unit| unit.id.as_str()).collect::<Vec<_>>(),
        ["A1", "A2"]
    );
    assert_eq!(
        panel.controls().map(|unit| unit.id.as_str()).collect::<Vec<_>>(),
        ["B1", "B2"]
    );
    let (unit, year, cell) = panel.row(7).unwrap();
    assert_eq!((unit.id.as_str(), year, cell.value), ("A2", 2003, Some(203.0)));
    assert_eq!(cell.from, ["A2/product/2003@old"]);
}

#[test]
fn a_window_that_no_vintage_holds_is_cut_to_the_longest_one_and_nothing_is_spliced() {
    let record = filled(
        filled(counties(), "product", "new", 2003..=2005),
        "product",
        "old",
        2001..=2003,
    )
    .record;
    // New holds three years, none of them before the onset; old holds three, with both sides.
    let panel = built(&record, &words(json!({})), &outcome("product", "none")).unwrap();
    assert_eq!(
        (panel.vintage_name().as_str(), panel.window_used),
        ("old", (2001, 2003))
    );
    assert!(
        panel
            .cells
            .iter()
            .flatten()
            .all(|cell| cell.from.iter().all(|from| from.ends_with("@old")))
    );
    assert_eq!(
        panel.notes,
        [
            "the window 2001 to 2005 is cut to 2001 to 2003: no vintage of product holds all that the outcome \
             needs, earlier years included where its formula looks back",
            "product is read in old, the first vintage that holds all of 2001 to 2003; a part only: new"
        ]
    );
}

#[test]
fn a_lag_that_is_not_there_cuts_the_window_too() {
    let record = filled(
        filled(counties(), "product", "new", 2001..=2005),
        "heads",
        "new",
        2001..=2005,
    )
    .record;
    let panel = built(&record, &words(json!({})), &outcome("per_head", "log")).unwrap();
    assert_eq!(panel.window_used, (2002, 2005));
    let (_, year, cell) = panel.row(0).unwrap();
    assert_eq!((year, cell.value), (2002, Some((102.0_f64 / 101.5).ln())));
    assert_eq!(
        cell.from,
        ["A1/product/2002@new", "A1/heads/2002@new", "A1/heads/2001@new"]
    );
    let bases: Vec<Option<&str>> = panel
        .read_in
        .iter()
        .map(|read| read.population_basis.as_deref())
        .collect();
    assert_eq!(bases, [Some("2010 census"), Some("2010 census")]);
}

#[test]
fn no_series_is_a_typed_answer_with_its_reason() {
    let none = built(&counties().record, &words(json!({})), &outcome("product", "none")).unwrap_err();
    assert_eq!(
        none.to_string(),
        "no series of product: no vintage that may be read has it"
    );
    let late = filled(counties(), "product", "new", 2003..=2005).record;
    let late = built(&late, &words(json!({})), &outcome("product", "none")).unwrap_err();
    assert_eq!(
        late.to_string(),
        "no series of product: none of new has it for a treated and a comparison unit in consecutive years inside \
         2001 to 2005 on both sides of 2003"
    );
    let outside = built(
        &counties().record,
        &words(json!({"onset": "2001"})),
        &outcome("product", "none"),
    );
    assert_eq!(
        outside,
        Err(NoPanel::OnsetOutsideWindow {
            from: 2001,
            to: 2005,
            onset: 2001
        })
    );
    let unknown = built(&counties().record, &words(json!({})), &outcome("nothing", "none")).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "the outcome cannot be computed: no indicator nothing on record"
    );
}

#[test]
fn a_pool_without_anyone_is_a_typed_answer() {
    let record = filled(
        counties().pairing("PR2", "M1", "P", "B", ("2004", "")),
        "product",
        "new",
        2001..=2005,
    )
    .record;
    let answer = built(&record, &words(json!({})), &outcome("product", "none"));
    assert_eq!(answer, Err(NoPanel::NoControl { pool: "pool".into() }));
}

#[test]
fn what_is_dropped_is_named() {
    let mut record = filled(
        counties().place("B3", Level::County, "B"),
        "product",
        "new",
        2001..=2005,
    )
    .record;
    record
        .observations
        .retain(|row| !(row.place_id == "B1" && row.period == Period::year_only(2004)));
    for row in &mut record.observations {
        if row.place_id == "A2" && row.period == Period::year_only(2005) {
            row.value = "-3".parse().ok();
        }
    }
    let panel = built(&record, &words(json!({})), &outcome("product", "log")).unwrap();
    let told: Vec<String> = panel
        .dropped
        .iter()
        .map(|dropped| {
            format!(
                "{} {:?} {}: {}",
                dropped.unit,
                dropped.year,
                dropped.why.code(),
                dropped.text
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "A2 Some(2005) not_positive: -3 has no logarithm",
            "B1 Some(2004) missing: missing: B1/product/2004@new",
            "B3 None no_series: has no product in new from 2001 to 2005",
        ]
    );
    assert_eq!(panel.units.len(), 4);
    assert_eq!(panel.to_estimate().unwrap().n_rows(), 18);
}

#[test]
fn labels_come_from_the_places_and_from_the_graph() {
    let record = filled(counties(), "product", "new", 2001..=2005).record;
    let of = outcome("product", "none");
    let labels = |study: &Study| -> Vec<(Id, Id)> {
        let panel = built(&record, study, &of).unwrap();
        panel
            .units
            .into_iter()
            .map(|unit| (unit.cluster, unit.assignment))
            .collect()
    };
    let pair = |a: &str, b: &str| (Id::new(a), Id::new(b));
    assert_eq!(
        labels(&words(json!({}))),
        [pair("A1", "A"), pair("A2", "A"), pair("B1", "B"), pair("B2", "B")]
    );
    let by_provider = words(json!({"cluster": "province", "assignment_level": "provider"}));
    assert_eq!(
        labels(&by_provider),
        [pair("A", "P"), pair("A", "P"), pair("B", "B1"), pair("B", "B2")]
    );
    let nobody = built(&record, &words(json!({"cluster": "prefecture"})), &of).unwrap_err();
    assert_eq!(
        nobody.to_string(),
        "no treated unit is left: A1 lies in no place of level prefecture"
    );
}

#[test]
fn treatment_that_varies_inside_an_assignment_unit_is_named() {
    let record = filled(counties(), "product", "new", 2001..=2005).record;
    let of = outcome("product", "none");
    assert!(
        built(&record, &words(json!({})), &of)
            .unwrap()
            .varies_inside_assignment
            .is_empty()
    );
    let nation = built(&record, &words(json!({"assignment_level": "nation"})), &of).unwrap();
    assert_eq!(nation.varies_inside_assignment, ["N"]);
}

#[test]
fn the_digest_depends_on_the_content_alone() {
    let of = outcome("product", "log");
    let plain = filled(counties(), "product", "new", 2001..=2005).record;
    let panel = built(&plain, &words(json!({})), &of).unwrap();
    let mut turned = plain.clone();
    turned.places.reverse();
    turned.observations.reverse();
    turned.pairings.reverse();
    turned.vintages.reverse();
    turned.indicators.reverse();
    assert_eq!(built(&turned, &words(json!({})), &of).unwrap(), panel);
    assert_eq!(panel.digest.len(), 64);
    let beside = built(&plain, &words(json!({"onset": "2004"})), &of).unwrap();
    assert_ne!(beside.digest, panel.digest);
    // The same values from another vintage are the same panel to an estimator.
    let other = filled(counties(), "product", "old", 2001..=2005).record;
    assert_eq!(
        built(&other, &words(json!({})), &of).unwrap().digest,
        panel.digest
    );
}

#[test]
fn a_variant_keeps_some_cells_and_names_the_others() {
    let record = filled(counties(), "product", "new", 2001..=2005).record;
    let panel = built(&record, &words(json!({})), &outcome("product", "none")).unwrap();
    let without = panel
        .keeping("left out: B2", |unit, _, _| unit.id != "B2")
        .unwrap();
    assert_eq!(without.units.len(), 3);
    assert_ne!(without.digest, panel.digest);
    let [dropped] = without.dropped.as_slice() else {
        panic!("one unit")
    };
    assert_eq!(
        (dropped.unit.as_str(), dropped.year, dropped.why),
        ("B2", None, DropWhy::Variant)
    );
    let none = panel.keeping("left out", |unit, _, _| unit.treated).unwrap_err();
    assert!(matches!(none, NoPanel::NoneLeft { treated: false, .. }));
}

/// A lens that puts one indicator in the place of another.
struct Standing<'r>(RecordSeries<&'r Record>);

impl Series for Standing<'_> {
    fn vintages(&self, indicator: &Id) -> Vec<&Vintage> {
        self.0.vintages(indicator)
    }

    fn reading(&self, place: &Id, indicator: &Id, period: Period, vintage: &Id) -> Reading<'_> {
        self.0.reading(place, indicator, period, vintage)
    }

    fn mapped(&self, indicator: &Id) -> Id {
        if indicator == "product" {
            "real_product".into()
        } else {
            indicator.clone()
        }
    }
}

#[test]
fn what_a_lens_puts_in_an_indicators_place_is_read_inside_formulas_too() {
    let record = filled(counties(), "product", "new", 2001..=2005);
    let record = filled(
        record.indicator("real_product", "CNY", ""),
        "real_product",
        "old",
        2001..=2005,
    );
    let record = filled(record, "heads", "new", 2000..=2005).record;
    let series = Standing(RecordSeries::new(&record));
    let panel = built_over(&series, &record, &words(json!({})), &outcome("per_head", "log")).unwrap();
    assert_eq!(panel.vintage_name(), "old+new");
    assert_eq!(
        panel
            .read_in
            .first()
            .map(|read| (read.indicator.as_str(), read.vintage.as_str())),
        Some(("real_product", "old"))
    );
}
