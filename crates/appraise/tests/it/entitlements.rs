//! Subsidy rules: nothing below the minimum, every contract from it on, exact to the last digit.

use counterpart_appraise::assessment::EntitlementRow;
use counterpart_appraise::{entitlement, screening};
use counterpart_model::rule::{Rule, RuleKind};
use counterpart_model::{Decimal, Record};
use counterpart_panel::Places;

use crate::cases::{folder, record};

fn lead() -> Record {
    let case = folder("xinjiang");
    record(case.case, case.tables)
}

fn entitlements(record: &Record) -> Vec<EntitlementRow> {
    let screened = screening::of(record);
    entitlement::of(record, &Places::of(record), &screened.conditions, &screened.leads)
}

/// The first subsidy rule with a minimum.
fn rule(record: &mut Record) -> &mut Rule {
    record
        .rules
        .iter_mut()
        .find(|rule| rule.kind == RuleKind::Subsidy && rule.minimum_count.is_some())
        .expect("a subsidy rule with a minimum")
}

fn of(record: &Record, rule: &str) -> EntitlementRow {
    entitlements(record)
        .into_iter()
        .find(|row| row.rule == rule)
        .expect("the rule")
}

fn amounts(row: &EntitlementRow) -> Vec<(String, String)> {
    row.schedule
        .iter()
        .map(|at| (at.contracts.to_string(), at.amount.to_string()))
        .collect()
}

#[test]
fn one_fewer_than_the_minimum_is_nothing_and_from_it_on_each_counts() {
    let mut record = lead();
    let id = rule(&mut record).id.to_string();
    for (amount, minimum, expected) in [
        (
            "4000",
            30,
            [("29", "0"), ("30", "120000"), ("31", "124000")].as_slice(),
        ),
        ("1234.56", 7, &[("6", "0"), ("7", "8641.92"), ("8", "9876.48")]),
        ("0.1", 1, &[("0", "0"), ("1", "0.1"), ("2", "0.2")]),
        ("5", 0, &[("0", "0"), ("1", "5")]),
    ] {
        let rule = rule(&mut record);
        rule.amount = amount.parse().ok();
        rule.minimum_count = Some(minimum);
        let row = of(&record, &id);
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        assert_eq!(amounts(&row), expected);
        for at in &row.schedule {
            assert_eq!(at.currency, row.currency);
            assert!(
                row.sentence.figures().any(|figure| figure.of == at.id),
                "{}",
                row.sentence
            );
        }
    }
}

#[test]
fn the_rule_of_the_lead_case_reads_as_in_the_text() {
    let mut record = lead();
    let id = rule(&mut record).id.to_string();
    let row = of(&record, &id);
    insta::assert_snapshot!(row.sentence, @"By Guangdong Department of Human Resources and Social Security, 4,000 yuan for each contract from 30 contracts on, and nothing below, in Guangdong, 2019: 29 contracts → 0 yuan, 30 contracts → 120,000 yuan, 31 contracts → 124,000 yuan.");
    assert!(!row.conditions.is_empty());
}

#[test]
fn a_missing_amount_or_minimum_is_named() {
    let base = lead();
    let mut record = base.clone();
    let id = rule(&mut record).id.to_string();
    rule(&mut record).amount = None;
    let row = of(&record, &id);
    assert!(
        row.schedule.is_empty() && row.missing.iter().any(|what| what.contains("amount")),
        "{row:#?}"
    );
    let mut record = base.clone();
    rule(&mut record).minimum_count = None;
    let row = entitlements(&record)
        .into_iter()
        .find(|row| row.rule == id)
        .expect("the rule");
    assert!(
        row.missing.iter().any(|what| what.contains("how many contracts")),
        "{row:#?}"
    );
    assert_eq!(amounts(&row).len(), 1);
    let mut record = base;
    rule(&mut record).currency = None;
    assert!(
        of(&record, &id)
            .missing
            .iter()
            .any(|what| what.contains("currency"))
    );
}

#[test]
fn placements_that_the_rule_reaches_are_evaluated_where_their_count_is_on_record() {
    let mut record = lead();
    let id = rule(&mut record).id.clone();
    let (who, period) = {
        let rule = rule(&mut record);
        (rule.who_id.clone(), rule.period_start)
    };
    let mut placement = record.placements[0].clone();
    placement.id = counterpart_model::Id::new("made-up");
    placement.origin_id = record.case.subject.clone();
    placement.destination_id = who;
    placement.part_of = None;
    placement.period = period.map(|start| counterpart_model::Period { start, end: None });
    let found = |record: &Record, count: Option<i64>| {
        let mut record = record.clone();
        let mut placement = placement.clone();
        (placement.count, placement.lower, placement.upper) = (count, None, None);
        record.placements.push(placement);
        let row = of(&record, id.as_str());
        row.on_record.into_iter().find(|one| one.placement == "made-up")
    };
    let amount = |count: Option<i64>| {
        let one = found(&record, count).expect("reached");
        one.amount.value.map(|amount| amount.to_string())
    };
    assert_eq!(amount(Some(29)).as_deref(), Some("0"));
    assert_eq!(amount(Some(100)).as_deref(), Some("400000"));
    let one = found(&record, None).expect("reached");
    assert!(
        one.amount.is_empty() && one.sentence.to_string().contains("no number in the text"),
        "{one:#?}"
    );
    let mut later = record.clone();
    rule(&mut later).period_end = "1990".parse().ok();
    rule(&mut later).period_start = None;
    assert_eq!(found(&later, Some(100)), None);
    let mut elsewhere = record.clone();
    let nation = record.case.subject.clone();
    rule(&mut elsewhere).who_id = nation;
    assert_eq!(found(&elsewhere, Some(100)), None);
}

#[test]
fn a_rate_on_the_wage_gives_a_range_in_one_currency() {
    let mut record = lead();
    let who = rule(&mut record).who_id.clone();
    let id = {
        let rule = rule(&mut record);
        (rule.amount, rule.minimum_count) = (None, Some(10));
        (rule.rate_lower, rule.rate_upper) = ("0.1".parse().ok(), "0.2".parse().ok());
        (rule.period_start, rule.period_end) = (None, None);
        rule.id.to_string()
    };
    record.placements.retain(|row| row.destination_id == who);
    record.placements.truncate(1);
    let placement = &mut record.placements[0];
    (placement.count, placement.wage, placement.currency) =
        (Some(20), Some(Decimal::from(1000)), Some("CNY".to_owned()));
    let row = of(&record, &id);
    let one = &row.on_record[0];
    let ends = (
        one.amount.lower.as_ref().map(ToString::to_string),
        one.amount.upper.as_ref().map(ToString::to_string),
    );
    assert_eq!(
        ends,
        (Some("2000".to_owned()), Some("4000".to_owned())),
        "{one:#?}"
    );
    record.placements[0].currency = Some("USD".to_owned());
    let one = &of(&record, &id).on_record[0];
    assert!(
        one.amount.is_empty() && one.remarks[0].contains("USD"),
        "{one:#?}"
    );
}

#[test]
fn a_changed_amount_changes_its_rule_and_no_other() {
    let mut record = lead();
    let before = entitlements(&record);
    let id = rule(&mut record).id.to_string();
    rule(&mut record).amount = Some(Decimal::from(4001));
    for (a, b) in before.iter().zip(&entitlements(&record)) {
        assert_eq!(a != b, a.rule == id, "{}", a.rule);
    }
}

#[test]
fn amounts_larger_than_any_decimal_are_left_out() {
    let mut record = lead();
    let id = rule(&mut record).id.to_string();
    rule(&mut record).amount = Some(Decimal::MAX);
    let row = of(&record, &id);
    assert_eq!(amounts(&row), [("29".to_owned(), "0".to_owned())]);
}
