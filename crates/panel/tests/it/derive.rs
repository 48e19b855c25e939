use counterpart_model::observation::VintageKind;
use counterpart_model::place::Level;
use counterpart_model::{Decimal, Id};
use counterpart_panel::{NotDerived, RecordSeries, Series};

use crate::builder::{Builder, choice, ids, with_deriver, year};

fn two_editions() -> Builder {
    Builder::new()
        .place("N", Level::Nation, "")
        .place("N-A", Level::Province, "N")
        .place("N-B", Level::Province, "N")
        .indicator("product", "CNY", "")
        .indicator("heads", "persons", "")
        .indicator("per_head", "CNY", "product / mean(heads, heads[-1])")
        .indicator("gap", "CNY", "at(N, per_head) - per_head")
        .indicator("all_product", "CNY", "sum_of(product, places level=province)")
        .indicator("growth", "1", "product / product[-1] - 1")
        .vintage("old", VintageKind::Edition, "2010", "")
        .vintage("new", VintageKind::Edition, "2015", "")
        .vintage("census", VintageKind::Edition, "2012", "2010 census")
        .value("N-A", "product", 2009, "old", "1000")
        .value("N-A", "product", 2009, "new", "1100")
        .flagged("p", "one; two")
        .value("N-B", "product", 2009, "new", "900")
        .value("N", "product", 2009, "new", "4000")
        .value("N-A", "heads", 2008, "census", "9")
        .value("N-A", "heads", 2009, "census", "11")
        .value("N", "heads", 2008, "census", "19")
        .value("N", "heads", 2009, "census", "21")
}

#[test]
fn every_combination_of_vintages_is_computed_and_named_after_them() {
    let record = two_editions().record;
    with_deriver(&record, |deriver| {
        let all = deriver
            .combinations(&"per_head".into(), &"N-A".into(), year(2009))
            .unwrap();
        let found: Vec<(String, Decimal)> = all
            .found
            .iter()
            .map(|derived| (derived.vintage_name(), derived.value))
            .collect();
        assert_eq!(
            found,
            [
                ("new+census".to_owned(), Decimal::from(110)),
                ("old+census".to_owned(), Decimal::from(100))
            ]
        );
        assert_eq!(all.n_left_out, 0);
        let newest = all.found.first().unwrap();
        assert_eq!(newest.address(), "N-A/per_head/2009@new+census");
        let from: Vec<&str> = newest.inputs.iter().map(|input| input.address.as_str()).collect();
        assert_eq!(
            from,
            [
                "N-A/product/2009@new",
                "N-A/heads/2009@census",
                "N-A/heads/2008@census"
            ],
            "inputs in the order of the formula"
        );
        assert_eq!(
            newest.population_bases().into_iter().collect::<Vec<_>>(),
            ["2010 census"]
        );
        assert_eq!(newest.flags().into_iter().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(newest.statuses().into_iter().collect::<Vec<_>>(), ["p"]);
    });
}

#[test]
fn a_gap_reads_both_places_in_the_same_vintages() {
    let record = two_editions().record;
    with_deriver(&record, |deriver| {
        // Edition "old" has no national row, so only one combination is like for like.
        let all = deriver
            .combinations(&"gap".into(), &"N-A".into(), year(2009))
            .unwrap();
        assert_eq!(all.found.len(), 1);
        assert_eq!(all.found.first().unwrap().value, Decimal::from(90));
        assert_eq!(
            deriver.observed(&"gap".into()).unwrap(),
            ids(&["product", "heads"])
        );
    });
}

#[test]
fn missing_inputs_are_all_named() {
    let record = two_editions().record;
    with_deriver(&record, |deriver| {
        let chosen = choice(&[("product", "old"), ("heads", "census")]);
        let error = deriver
            .evaluate(&"gap".into(), &"N-B".into(), year(2009), &chosen)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "missing: N/product/2009@old, N-B/heads/2008@census, N-B/heads/2009@census, N-B/product/2009@old"
        );
        let error = deriver
            .evaluate(
                &"per_head".into(),
                &"N-A".into(),
                year(2009),
                &choice(&[("product", "old")]),
            )
            .unwrap_err();
        assert_eq!(
            error,
            NotDerived::NoVintage {
                indicator: "heads".into()
            }
        );
    });
}

#[test]
fn a_sum_needs_every_place_whose_code_holds() {
    let record = two_editions().record;
    with_deriver(&record, |deriver| {
        let sum = |vintage| {
            deriver.evaluate(
                &"all_product".into(),
                &"N".into(),
                year(2009),
                &choice(&[("product", vintage)]),
            )
        };
        assert_eq!(sum("new").unwrap().value, Decimal::from(2000));
        assert_eq!(
            sum("old").unwrap_err().to_string(),
            "missing: N-B/product/2009@old"
        );
    });
    let later = two_editions()
        .place("N-C", Level::Province, "N")
        .valid("2010", "")
        .record;
    with_deriver(&later, |deriver| {
        let chosen = choice(&[("product", "new")]);
        let sum = |at| deriver.evaluate(&"all_product".into(), &"N".into(), year(at), &chosen);
        assert_eq!(
            sum(2009).unwrap().value,
            Decimal::from(2000),
            "the new code does not hold yet"
        );
        assert!(
            sum(2010)
                .unwrap_err()
                .to_string()
                .contains("N-C/product/2010@new")
        );
    });
}

#[test]
fn division_by_zero_and_circles_are_typed() {
    let record = two_editions()
        .value("N-A", "product", 2008, "old", "0")
        .indicator("a", "1", "b + 1")
        .indicator("b", "1", "a + 1")
        .record;
    with_deriver(&record, |deriver| {
        let chosen = choice(&[("product", "old")]);
        let error = deriver
            .evaluate(&"growth".into(), &"N-A".into(), year(2009), &chosen)
            .unwrap_err();
        assert!(matches!(error, NotDerived::DivisionByZero { .. }), "{error}");
        assert!(matches!(
            deriver.observed(&"a".into()),
            Err(NotDerived::CircularFormula { .. })
        ));
        assert!(matches!(
            deriver.observed(&"none".into()),
            Err(NotDerived::UnknownIndicator { .. })
        ));
        let all = deriver
            .combinations(&"growth".into(), &"N-A".into(), year(2009))
            .unwrap();
        assert_eq!((all.found.len(), all.failed.len()), (0, 1));
    });
}

#[test]
fn vintages_are_ordered_by_kind_then_date_then_id_whatever_the_order_of_rows() {
    let names = |record: &counterpart_model::Record| -> Vec<Id> {
        RecordSeries::new(record)
            .vintages(&"product".into())
            .into_iter()
            .map(|v| v.id.clone())
            .collect()
    };
    let mut record = two_editions()
        .vintage("mixed", VintageKind::Mixed, "2019", "")
        .vintage("first", VintageKind::AsFirstPublished, "2019", "")
        .vintage("compiled", VintageKind::Compiled, "2018", "")
        .vintage("new2", VintageKind::Edition, "2015", "")
        .value("N-A", "product", 2009, "mixed", "1")
        .value("N-A", "product", 2009, "first", "1")
        .value("N-A", "product", 2009, "compiled", "1")
        .value("N-A", "product", 2009, "new2", "1")
        .record;
    let expected = ids(&["new2", "new", "old", "compiled", "mixed", "first"]);
    assert_eq!(names(&record), expected);
    record.observations.reverse();
    assert_eq!(names(&record), expected);
}

#[test]
fn rows_that_contradict_each_other_are_disputed_and_equal_ones_are_not() {
    let twice = |second: &str| two_editions().value("N-A", "product", 2009, "old", second).record;
    with_deriver(&twice("1001"), |deriver| {
        let chosen = choice(&[("product", "old")]);
        let error = deriver
            .evaluate(&"product".into(), &"N-A".into(), year(2009), &chosen)
            .unwrap_err();
        assert_eq!(error.to_string(), "missing: N-A/product/2009@old (disputed)");
    });
    with_deriver(&twice("1000.0"), |deriver| {
        let chosen = choice(&[("product", "old")]);
        assert!(
            deriver
                .evaluate(&"product".into(), &"N-A".into(), year(2009), &chosen)
                .is_ok()
        );
    });
}
