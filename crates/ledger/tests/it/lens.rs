//! A record read through lenses.

use std::collections::BTreeMap;

use counterpart_ledger::{AsOf, Index, Ledger, Lensed, Reading, Reason};
use counterpart_model::lens::{Lens, NewestWord, VintageChoice};
use counterpart_model::source::{PublisherKind, SpeakerKind};
use counterpart_model::{Id, Period, Record, Row, TableId};

use crate::support::{batches, case, header, observation, row, source, vintage};

fn lens() -> Lens {
    Lens {
        id: "l".into(),
        title: "A lens".into(),
        vintage: VintageChoice::Any,
        exclude_publisher_kinds: Vec::new(),
        speaker_kinds: Vec::new(),
        exclude_speaker_kinds: Vec::new(),
        speakers: Vec::new(),
        independent_only: false,
        outcome_map: BTreeMap::new(),
    }
}

fn newest() -> Lens {
    Lens {
        vintage: VintageChoice::Word(NewestWord::Newest),
        ..lens()
    }
}

fn record(rows: Vec<Row>) -> Record {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.commit(header("1"), batches(rows)).unwrap();
    ledger.view(AsOf::Head).unwrap().record(case()).unwrap()
}

/// One indicator in seven vintages of every kind, two of one date.
fn vintages() -> Record {
    let kinds = [
        ("as_printed", "as_first_published", "2025"),
        ("mix", "mixed", "2026"),
        ("book", "researchers", "2024-08"),
        ("panel", "compiled", "2024"),
        ("e2020", "edition", "2020"),
        ("e2022a", "edition", "2022-02"),
        ("e2022b", "edition", "2022-02"),
        ("undated", "edition", ""),
    ];
    let mut rows = vec![source("S1", "official_statistics")];
    for (id, kind, published_on) in kinds {
        rows.push(vintage(id, kind, published_on));
        rows.push(observation("P1", "gdp", "2010", id, "1.0"));
    }
    record(rows)
}

fn ids(lensed: &Lensed<'_>, indicator: &str) -> Vec<String> {
    lensed
        .vintages_for(&indicator.into())
        .iter()
        .map(|vintage| vintage.id.to_string())
        .collect()
}

fn year(year: i16) -> Period {
    Period::year_only(year)
}

fn reading<'r>(
    lensed: &Lensed<'r>,
    place: &str,
    indicator: &str,
    period: Period,
    vintage: &str,
) -> Reading<'r> {
    lensed.value(&place.into(), &indicator.into(), period, &vintage.into())
}

#[test]
fn newest_goes_by_kind_then_date_then_larger_id_and_leaves_out_first_prints() {
    let (record, lens) = (vintages(), newest());
    let lensed = Lensed::new(&record, &lens);
    assert_eq!(
        ids(&lensed, "gdp"),
        ["e2022b", "e2022a", "e2020", "undated", "book", "panel", "mix"]
    );
    let Reading::Absent { passed_over } = reading(&lensed, "P1", "gdp", year(2010), "as_printed") else {
        panic!("a first print is no edition");
    };
    assert_eq!(
        passed_over[0].1,
        Reason::VintageNotChosen {
            vintage: "as_printed".into()
        }
    );
    assert!(ids(&lensed, "no such indicator").is_empty());
}

#[test]
fn a_list_is_read_in_its_own_order_and_the_rest_is_passed_over_with_the_reason() {
    let record = vintages();
    let lens = Lens {
        vintage: VintageChoice::Listed(vec!["as_printed".into(), "e2020".into(), "unknown".into()]),
        ..lens()
    };
    let index = Index::new(&record);
    let lensed = Lensed::with_index(&index, &lens);
    assert_eq!(ids(&lensed, "gdp"), ["as_printed", "e2020"]);
    assert!(
        reading(&lensed, "P1", "gdp", year(2010), "e2020")
            .observation()
            .is_some()
    );
    let over = lensed.passed_over(&"P1".into(), &"gdp".into(), year(2010));
    assert_eq!(over.len(), 6);
    assert!(
        over.iter()
            .all(|(_, reason)| reason.code() == "vintage_not_chosen")
    );
}

#[test]
fn every_cell_has_a_reading_known_or_not() {
    let record = vintages();
    for lens in [lens(), newest()] {
        let lensed = Lensed::new(&record, &lens);
        for place in ["P1", "P9", ""] {
            for indicator in ["gdp", "heads"] {
                for period in [year(2010), year(1900)] {
                    for vintage in ["e2020", "nowhere"] {
                        let known =
                            place == "P1" && indicator == "gdp" && period == year(2010) && vintage == "e2020";
                        match reading(&lensed, place, indicator, period, vintage) {
                            Reading::Value(observation) => {
                                assert!(known, "{}", observation.address());
                            }
                            Reading::Disputed(_) => panic!("nothing is disputed"),
                            Reading::Absent { passed_over } => assert!(!known && passed_over.is_empty()),
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn one_indicator_stands_in_for_another_once() {
    let record = record(vec![
        source("S1", "academic"),
        vintage("v1", "edition", "2020"),
        observation("P1", "gdp", "2010", "v1", "1"),
        observation("P1", "real", "2010", "v1", "2"),
        observation("P1", "third", "2010", "v1", "3"),
    ]);
    let lens = Lens {
        outcome_map: [
            (Id::new("gdp"), Id::new("real")),
            (Id::new("real"), Id::new("third")),
        ]
        .into(),
        ..lens()
    };
    let lensed = Lensed::new(&record, &lens);
    let read = reading(&lensed, "P1", "gdp", year(2010), "v1");
    assert_eq!(read.observation().unwrap().indicator_id.as_str(), "real");
    assert_eq!(lensed.mapped(&"gdp".into()).as_str(), "real");
    assert_eq!(lensed.mapped(&"other".into()).as_str(), "other");
}

#[test]
fn publishers_copies_and_empty_values_are_passed_over_with_their_reason() {
    let mut copy = source("S2", "journalism");
    let at = TableId::Sources.column_index("copy_of").unwrap();
    copy.values[at] = Some(counterpart_model::Value::Text("S1".into()));
    let said_by = |source: &str, place: &str, value: &str| {
        let mut said = observation(place, "gdp", "2010", "v1", value);
        let at = TableId::Observations.column_index("source_id").unwrap();
        said.values[at] = Some(counterpart_model::Value::Text(source.into()));
        said
    };
    let record = record(vec![
        source("S1", "state"),
        copy,
        source("S3", "academic"),
        vintage("v1", "edition", "2020"),
        said_by("S1", "P1", "1"),
        said_by("S2", "P2", "2"),
        said_by("S3", "P3", "3"),
        said_by("S3", "P4", ""),
    ]);
    let lens = Lens {
        exclude_publisher_kinds: vec![PublisherKind::State],
        independent_only: true,
        ..lens()
    };
    let lensed = Lensed::new(&record, &lens);
    let code = |place: &str| match reading(&lensed, place, "gdp", year(2010), "v1") {
        Reading::Absent { passed_over } => passed_over[0].1.code(),
        Reading::Value(_) => "value",
        Reading::Disputed(_) => "disputed",
    };
    assert_eq!(
        ["P1", "P2", "P3", "P4"].map(code),
        ["publisher_excluded", "copy", "value", "no_value"]
    );
    assert_eq!(ids(&lensed, "gdp"), ["v1"]);
}

#[test]
fn rows_that_contradict_in_one_cell_are_disputed_and_equal_ones_are_not() {
    let mut record = record(vec![
        source("S1", "academic"),
        vintage("v1", "edition", "2020"),
        observation("P1", "gdp", "2010", "v1", "1"),
        observation("P2", "gdp", "2010", "v1", "2"),
    ]);
    let lens = lens();
    let mut other = record.observations[0].clone();
    other.source_id = "S2".into();
    other.value = Some("1.5".parse().unwrap());
    record.observations.push(other);
    let mut same = record.observations[1].clone();
    same.source_id = "S2".into();
    same.value = Some("2.00".parse().unwrap());
    record.observations.push(same);
    let lensed = Lensed::new(&record, &lens);
    let Reading::Disputed(rows) = reading(&lensed, "P1", "gdp", year(2010), "v1") else {
        panic!("1 is not 1.5");
    };
    assert_eq!(rows.len(), 2);
    assert!(
        reading(&lensed, "P2", "gdp", year(2010), "v1")
            .observation()
            .is_some()
    );
}

#[test]
fn series_are_in_order_of_time() {
    let record = record(vec![
        source("S1", "academic"),
        vintage("v1", "edition", "2020"),
        vintage("v2", "edition", "2021"),
        observation("P1", "gdp", "2011", "v1", "2"),
        observation("P1", "gdp", "2009", "v1", "1"),
        observation("P1", "gdp", "2010", "v2", "9"),
    ]);
    let lens = newest();
    let lensed = Lensed::new(&record, &lens);
    let years: Vec<String> = lensed
        .series(&"P1".into(), &"gdp".into(), &"v1".into())
        .iter()
        .map(|(period, _)| period.to_string())
        .collect();
    assert_eq!(years, ["2009", "2011"]);
}

#[test]
fn claims_and_transactions_are_read_by_speaker_and_copies_left_out() {
    let speaker = |id: &str, kind: &str| {
        row(
            TableId::Speakers,
            &[
                ("speaker_id", id),
                ("name", "An office"),
                ("kind", kind),
                ("source_id", "S1"),
            ],
        )
    };
    let claim = |id: &str, speaker: &str| {
        row(
            TableId::Claims,
            &[
                ("claim_id", id),
                ("act", "asserts"),
                ("speaker_id", speaker),
                ("attribution", "named"),
                ("subject", "P1"),
                ("property", "gdp"),
                ("text", "It grew."),
                ("source_id", "S1"),
            ],
        )
    };
    let money = |id: &str, speaker: &str, copy_of: &str| {
        row(
            TableId::Transactions,
            &[
                ("transaction_id", id),
                ("flow", "pairing_fund"),
                ("type", "disbursement"),
                ("basis", "annual"),
                ("provider_id", "P1"),
                ("receiver_id", "P2"),
                ("currency", "CNY"),
                ("copy_of", copy_of),
                ("speaker_id", speaker),
                ("source_id", "S1"),
            ],
        )
    };
    let record = record(vec![
        source("S1", "state"),
        speaker("office", "state"),
        speaker("paper", "journalism"),
        claim("c1", "office"),
        claim("c2", "paper"),
        claim("c3", "nobody on record"),
        money("t1", "office", ""),
        money("t2", "paper", ""),
        money("t3", "paper", "t2"),
    ]);
    let read = |lens: Lens| -> (Vec<String>, Vec<String>) {
        let lensed = Lensed::new(&record, &lens);
        (
            lensed.claims().map(|claim| claim.id.to_string()).collect(),
            lensed.transactions().map(|t| t.id.to_string()).collect(),
        )
    };
    let (claims, money) = read(Lens {
        exclude_speaker_kinds: vec![SpeakerKind::State],
        independent_only: true,
        ..lens()
    });
    assert_eq!((claims.join(" "), money.join(" ")), ("c2 c3".into(), "t2".into()));
    let (claims, money) = read(Lens {
        speaker_kinds: vec![SpeakerKind::State],
        ..lens()
    });
    assert_eq!((claims.join(" "), money.join(" ")), ("c1".into(), "t1".into()));
    let (claims, money) = read(Lens {
        speakers: vec!["paper".into()],
        ..lens()
    });
    assert_eq!((claims.join(" "), money.join(" ")), ("c2".into(), "t2 t3".into()));
}
