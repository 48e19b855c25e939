use std::sync::Arc;

use counterpart_model::place::Level;
use counterpart_model::pool::Reach;
use counterpart_model::programme::PairingKind;
use counterpart_model::{Id, Record};
use counterpart_panel::{Graph, Places, Side, Way};

use crate::builder::Builder;

fn graph(record: &Record) -> Graph {
    Graph::of(record, Arc::new(Places::of(record)))
}

fn regions() -> Builder {
    Builder::new()
        .place("N", Level::Nation, "")
        .place("A", Level::Province, "N")
        .place("A1", Level::County, "A")
        .place("A2", Level::County, "A")
        .place("B", Level::Province, "N")
        .place("B1", Level::County, "B")
        .place("C", Level::Province, "N")
        .place("G", Level::Group, "N")
        .member("G", "A1")
        .member("G", "B1")
        .round("P", "R", "2005", "")
}

fn touches(graph: &Graph, place: &str, reach: Reach) -> Vec<(String, Side, Way)> {
    graph
        .reaching(&place.into(), reach)
        .map(|touch| (touch.edge.pairing.to_string(), touch.side, touch.way.clone()))
        .collect()
}

#[test]
fn a_pairing_reaches_what_is_inside_its_ends_and_what_holds_them_and_no_sibling() {
    let record = regions().pairing("P1", "R", "C", "A1", ("2010", "")).record;
    let graph = graph(&record);
    let all = Reach::InsideAndAround;
    assert_eq!(
        touches(&graph, "A1", all),
        [("P1".into(), Side::Recipient, Way::Itself)]
    );
    assert_eq!(
        touches(&graph, "A", all),
        [("P1".into(), Side::Recipient, Way::ThroughPart("A1".into()))]
    );
    assert_eq!(touches(&graph, "A2", all), []);
    assert_eq!(touches(&graph, "A", Reach::OwnLevel), []);
    assert_eq!(
        touches(&graph, "C", all),
        [("P1".into(), Side::Provider, Way::Itself)]
    );
    let record = regions().pairing("P1", "R", "C", "A", ("2010", "")).record;
    let graph = self::graph(&record);
    assert_eq!(
        touches(&graph, "A2", all),
        [("P1".into(), Side::Recipient, Way::Inside("A".into()))]
    );
    assert_eq!(touches(&graph, "A2", Reach::OwnLevel), []);
}

#[test]
fn a_group_at_an_end_stands_for_its_members() {
    let record = regions().pairing("P1", "R", "C", "G", ("2010", "")).record;
    let graph = graph(&record);
    let all = Reach::InsideAndAround;
    for member in ["A1", "B1"] {
        assert_eq!(
            touches(&graph, member, all),
            [("P1".into(), Side::Recipient, Way::Itself)]
        );
    }
    assert_eq!(
        touches(&graph, "B", all),
        [("P1".into(), Side::Recipient, Way::ThroughPart("B1".into()))]
    );
}

#[test]
fn institutions_are_a_layer_of_their_own() {
    let record = regions()
        .pairing("P1", "R", "C", "A1", ("2010", ""))
        .kind(PairingKind::Hospital)
        .pairing("P2", "R", "C", "ORG", ("2010", ""))
        .record;
    let graph = graph(&record);
    assert_eq!(touches(&graph, "A1", Reach::InsideAndAround), []);
    let apart: Vec<&Id> = graph.institutional().map(|edge| &edge.pairing).collect();
    assert_eq!(apart, ["P1", "P2"]);
    assert_eq!(graph.regional().count(), 0);
}

#[test]
fn dates_overlap_at_their_own_precision_and_open_ends_run_on() {
    let record = regions()
        .round("P", "R2", "2001", "2004")
        .pairing("P1", "R", "C", "A1", ("2010-06", ""))
        .pairing("P2", "R2", "C", "A1", ("", ""))
        .record;
    let graph = graph(&record);
    let window = |from: &str, to: &str| (from.parse().unwrap(), to.parse().unwrap());
    let [first, second] = graph.edges() else {
        panic!("two pairings")
    };
    assert!(first.span.overlaps(window("2010", "2010")) && first.span.overlaps(window("2030", "2031")));
    assert!(!first.span.overlaps(window("2009", "2010-05")));
    assert!(first.span.begins_in(window("2000", "2010")) && !first.span.begins_in(window("2010-07", "2012")));
    assert!(second.span.overlaps(window("2004-12", "2006")) && !second.span.overlaps(window("2005", "2006")));
    assert_eq!(
        (first.span.to_string(), second.span.to_string()),
        ("2010-06 on".into(), "2001 to 2004".into())
    );
    let rounds = [Id::new("R")];
    assert_eq!(
        graph
            .ends(&rounds, Side::Provider, Some(window("2000", "2020")))
            .into_iter()
            .next(),
        Some("C".into())
    );
    assert!(
        graph
            .providers_of(&"A1".into(), &rounds, window("2000", "2009"))
            .is_empty()
    );
    assert_eq!(
        graph
            .providers_of(&"A1".into(), &rounds, window("2000", "2010"))
            .len(),
        1
    );
}
