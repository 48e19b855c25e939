use std::sync::Arc;

use counterpart_model::Record;
use counterpart_model::observation::VintageKind;
use counterpart_model::place::Level;
use counterpart_panel::dose::{DoseNotComputed, Doses, doses};
use counterpart_panel::{Deriver, Graph, Places, RecordSeries};
use serde_json::{Value, json};

use crate::builder::{Builder, ids, study};

fn two_providers() -> Builder {
    Builder::new()
        .place("N", Level::Nation, "")
        .place("P", Level::Province, "N")
        .place("P1", Level::Prefecture, "P")
        .place("Q", Level::Province, "N")
        .place("A", Level::County, "N")
        .place("B", Level::County, "N")
        .place("C", Level::County, "N")
        .place("D", Level::County, "N")
        .indicator("tax", "CNY", "")
        .vintage("v", VintageKind::Edition, "2015", "")
        .value("P", "tax", 2009, "v", "1000")
        .value("Q", "tax", 2009, "v", "10")
        .round("MAIN", "M1", "2010", "")
        .pairing("PR1", "M1", "P", "A", ("2010", ""))
        .pairing("PR2", "M1", "P1", "B", ("2010", ""))
        .pairing("PR3", "M1", "Q", "C", ("2010", ""))
        .pairing("PR4", "M1", "Q", "D", ("2010", ""))
        .pairing("PR5", "M1", "P", "D", ("2010", ""))
}

fn computed(record: &Record, dose: Value) -> Result<Doses, DoseNotComputed> {
    let study = study(json!({
        "id": "study", "title": "t", "role": "primary", "outcomes": [], "level": "county", "treated": "A",
        "rounds": ["M1"], "onset": "2010", "window": ["2005", "2015"], "estimators": [],
        "assignment_level": "provider", "dose": dose,
    }));
    let places = Arc::new(Places::of(record));
    let graph = Graph::of(record, places.clone());
    let series = RecordSeries::new(record);
    let deriver = Deriver::new(&series, record, places);
    doses(
        &deriver,
        &graph,
        &study,
        &ids(&["A", "B", "C", "D"]),
        study.window,
    )
}

fn rule(form: &str) -> Value {
    json!({
        "base": "tax", "year": "2009", "form": form, "of": "provider", "apart": [{"provider": "P1", "from": "P"}],
    })
}

fn bases(doses: &Doses) -> Vec<String> {
    doses
        .units
        .iter()
        .map(|dose| format!("{} {} {}", dose.unit, dose.base_of, dose.base))
        .collect()
}

#[test]
fn a_provider_apart_without_a_base_takes_its_regions_and_with_one_is_taken_out_of_it() {
    let without = computed(&two_providers().record, rule("log")).unwrap();
    assert_eq!(bases(&without), ["A P 1000", "B P 1000", "C Q 10"]);
    assert_eq!(
        without.notes,
        ["The P1 (P1) has no tax of its own in 2009: its recipients take that of The P (P)"]
    );
    assert_eq!(
        without.dropped,
        [("D".into(), "has 2 providers: P, Q".to_owned())]
    );
    let first = without.units.first().unwrap();
    assert!((first.dose - 1000.0_f64.ln()).abs() < 1e-15);

    let with = computed(
        &two_providers().value("P1", "tax", 2009, "v", "400").record,
        rule("log"),
    )
    .unwrap();
    assert_eq!(bases(&with), ["A P 600", "B P1 400", "C Q 10"]);
    assert_eq!(
        with.units.first().unwrap().from,
        ["P/tax/2009@v", "P1/tax/2009@v"]
    );
}

#[test]
fn what_is_not_computed_says_why() {
    let record = two_providers().record;
    assert_eq!(
        computed(&record, rule("level")).unwrap_err().to_string(),
        "a dose of form \"level\" of \"provider\" is not computed; only \"log\" of \"provider\" is"
    );
    assert!(matches!(
        computed(&record, Value::Null),
        Err(DoseNotComputed::NotAsked { .. })
    ));
    let mut other = rule("log");
    other["year"] = "1999".into();
    assert!(matches!(
        computed(&record, other),
        Err(DoseNotComputed::NoBase { .. })
    ));
}
