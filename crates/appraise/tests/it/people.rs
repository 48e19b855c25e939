//! Counts of people: what is added, what stays out and why, and what depends on what.

use std::collections::BTreeSet;

use counterpart_appraise::assessment::{CountLeftOutCode, PeopleTotal};
use counterpart_appraise::people::{NO_NUMBER, People, of};
use counterpart_model::people::{Concept, Direction, Posting};
use counterpart_model::{Id, Record};
use counterpart_panel::Places;

use crate::cases::{folder, record};

fn lead() -> Record {
    let case = folder("xinjiang");
    record(case.case, case.tables)
}

fn people(record: &Record) -> People {
    of(record, &Places::of(record))
}

/// A posting of one provider to one recipient of the lead case, with nothing else said.
fn posting(record: &Record, id: &str, count: Option<i64>) -> Posting {
    let mut row = record.postings[0].clone();
    row.id = Id::new(id);
    row.batch = None;
    row.direction = Direction::Out;
    row.provider_id = provider(record, 0);
    row.profession = Some("teachers".to_owned());
    (row.count, row.lower, row.upper) = (count, None, None);
    row.qualifier = None;
    row.unit = Concept::Persons;
    row.term_months = None;
    row.period = "2012".parse().ok();
    row.extra.clear();
    row
}

/// Provinces that provide, apart from one another.
fn provider(record: &Record, index: usize) -> Id {
    let mut ids: Vec<&Id> = record
        .pairings
        .iter()
        .map(|row| &row.provider_id)
        .filter(|id| {
            let place = record.places.iter().find(|place| place.id == **id);
            place.is_some_and(|place| place.level == counterpart_model::place::Level::Province)
        })
        .collect();
    ids.sort();
    ids.dedup();
    ids[index].clone()
}

fn only(record: &Record, rows: Vec<Posting>) -> People {
    let mut record = record.clone();
    record.postings = rows;
    record.trainings.clear();
    record.placements.clear();
    people(&record)
}

fn all(people: &People) -> &PeopleTotal {
    people
        .totals
        .iter()
        .find(|row| row.by == "all")
        .expect("a sum of all")
}

fn value(total: &PeopleTotal) -> Option<String> {
    total.count.value.as_ref().map(ToString::to_string)
}

#[test]
fn rows_apart_by_period_provider_profession_or_batch_are_added() {
    let record = lead();
    let base = || posting(&record, "A", Some(20));
    for change in [
        |row: &mut Posting, _: &Record| row.period = "2013".parse().ok(),
        |row: &mut Posting, record: &Record| row.provider_id = provider(record, 1),
        |row: &mut Posting, _: &Record| row.profession = Some("doctors".to_owned()),
    ] {
        let mut other = posting(&record, "B", Some(30));
        change(&mut other, &record);
        let people = only(&record, vec![base(), other]);
        assert_eq!(value(all(&people)).as_deref(), Some("50"), "{:#?}", all(&people));
        assert_eq!(all(&people).addends, ["A", "B"]);
    }
    let (mut first, mut second) = (base(), posting(&record, "B", Some(30)));
    (first.batch, second.batch) = (Some("1-3".to_owned()), Some("4".to_owned()));
    assert_eq!(
        value(all(&only(&record, vec![first, second]))).as_deref(),
        Some("50")
    );
}

#[test]
fn what_may_count_the_same_people_stays_out_with_its_reason() {
    let record = lead();
    let base = || posting(&record, "A", Some(200));
    let group = record
        .place_members
        .iter()
        .find(|row| row.place_id == provider(&record, 0))
        .expect("a group with the provider")
        .group_id
        .clone();
    type Change<'a> = Box<dyn Fn(&mut Posting) + 'a>;
    let changes: Vec<(Change<'_>, CountLeftOutCode)> = vec![
        (Box::new(|_| {}), CountLeftOutCode::SameThing),
        (
            Box::new(|row| row.period = "2012/2015".parse().ok()),
            CountLeftOutCode::Overlaps,
        ),
        (Box::new(|row| row.period = None), CountLeftOutCode::Overlaps),
        (
            Box::new(|row| row.provider_id = group.clone()),
            CountLeftOutCode::Overlaps,
        ),
        (
            Box::new(|row| row.profession = Some("teachers and doctors".to_owned())),
            CountLeftOutCode::Overlaps,
        ),
        (Box::new(|row| row.profession = None), CountLeftOutCode::Overlaps),
        (
            Box::new(|row| row.unit = Concept::PersonTimes),
            CountLeftOutCode::OtherConcept,
        ),
        (
            Box::new(|row| (row.count, row.lower) = (None, Some(50.into()))),
            CountLeftOutCode::BoundWithoutValue,
        ),
        (Box::new(|row| row.count = None), CountLeftOutCode::NoNumber),
        (
            Box::new(|row| row.period = "2900".parse().ok()),
            CountLeftOutCode::Plan,
        ),
    ];
    for (change, code) in changes {
        let mut other = posting(&record, "B", Some(30));
        change(&mut other);
        let people = only(&record, vec![base(), other]);
        let total = people
            .totals
            .iter()
            .find(|row| row.by == "all" && row.concept == "persons")
            .expect("a sum");
        assert_eq!(value(total).as_deref(), Some("200"), "{code:?} {total:#?}");
        let [left] = total.left_out.as_slice() else {
            panic!("{code:?} {total:#?}")
        };
        assert_eq!((left.id.as_str(), left.code), ("B", code), "{left:?}");
    }
    let mut back = posting(&record, "B", Some(30));
    back.direction = Direction::Back;
    let people = only(&record, vec![base(), back]);
    let of_direction: Vec<_> = people
        .totals
        .iter()
        .filter(|row| row.by == "all")
        .map(value)
        .collect();
    assert_eq!(of_direction, [Some("30".to_owned()), Some("200".to_owned())]);
}

#[test]
fn a_copy_is_not_a_second_statement() {
    let mut record = lead();
    let [first, second] = [record.sources[0].id.clone(), record.sources[1].id.clone()];
    record.sources[0].copy_of = None;
    record.sources[1].copy_of = Some(first.clone());
    let (mut a, mut b) = (posting(&record, "A", Some(200)), posting(&record, "B", Some(200)));
    (a.source_id, b.source_id) = (first, second);
    let people = only(&record, vec![a, b]);
    assert_eq!(value(all(&people)).as_deref(), Some("200"));
    assert_eq!(all(&people).left_out[0].code, CountLeftOutCode::CopyOf);
}

#[test]
fn person_months_stand_only_where_count_and_term_are_on_record() {
    let record = lead();
    let mut with = posting(&record, "A", Some(20));
    with.term_months = Some(18);
    let mut without = posting(&record, "B", Some(30));
    without.period = "2013".parse().ok();
    let mut bound = posting(&record, "C", None);
    (bound.lower, bound.term_months) = (Some(600.into()), Some(36));
    let people = only(&record, vec![with, without, bound]);
    let months: Vec<_> = people.rows.iter().map(|row| row.person_months.clone()).collect();
    let months = |index: usize| months[index].clone();
    assert_eq!(
        months(0)
            .and_then(|of| of.value)
            .map(|n| n.to_string())
            .as_deref(),
        Some("360")
    );
    assert_eq!(months(1), None);
    let of_bound = months(2).expect("a bound");
    assert_eq!(
        (of_bound.value, of_bound.lower.map(|n| n.to_string())),
        (None, Some("21600".to_owned()))
    );
    let total = all(&people);
    assert_eq!(value(total).as_deref(), Some("50"));
    assert_eq!(total.with_term, ["A"]);
    assert!(
        total.sentence.to_string().contains("360 person-months in 1 row"),
        "{}",
        total.sentence
    );
}

#[test]
fn every_row_is_carried_and_one_without_a_number_says_so() {
    let record = lead();
    let people = people(&record);
    let rows = record.postings.len() + record.trainings.len() + record.placements.len();
    assert_eq!(people.rows.len(), rows);
    for row in &people.rows {
        assert_eq!(row.no_number.is_some(), row.count.is_empty(), "{}", row.id);
        if row.count.is_empty() {
            assert!(row.sentence.to_string().contains(NO_NUMBER), "{}", row.sentence);
        }
        assert!(row.sentence.to_string().starts_with(&row.speaker_name));
    }
    assert!(people.rows.iter().any(|row| row.no_number.is_some()));
}

#[test]
fn sums_equal_their_addends_and_a_row_is_in_a_sum_or_left_out_of_it() {
    let record = lead();
    let people = people(&record);
    for total in &people.totals {
        let of = |id: &String| people.rows.iter().find(|row| row.id == *id).expect("a row");
        let sum: i64 = total
            .addends
            .iter()
            .map(|id| {
                of(id)
                    .count
                    .value
                    .as_ref()
                    .expect("a value")
                    .as_str()
                    .parse::<i64>()
                    .expect("whole")
            })
            .sum();
        if total.addends.is_empty() {
            assert_eq!(value(total), None);
        } else {
            assert_eq!(value(total), Some(sum.to_string()), "{}", total.id);
        }
        let ids: BTreeSet<&String> = total
            .addends
            .iter()
            .chain(total.left_out.iter().map(|row| &row.id))
            .collect();
        assert_eq!(ids.len(), total.addends.len() + total.left_out.len());
        for id in &total.addends {
            assert_eq!(of(id).concept, total.concept);
            assert!(
                of(id)
                    .part_of
                    .as_ref()
                    .is_none_or(|whole| !total.addends.contains(whole))
            );
        }
    }
    let ids: BTreeSet<&str> = people.totals.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), people.totals.len());
}

#[test]
fn a_whole_stands_beside_its_parts_with_the_remainder() {
    let mut record = lead();
    let found = people(&record);
    let whole = |people: &People, of: &str| people.parts.iter().find(|row| row.whole == of).cloned();
    let named = record
        .placements
        .iter()
        .filter_map(|row| row.part_of.clone())
        .collect::<BTreeSet<_>>();
    assert!(!named.is_empty());
    for id in &named {
        let row = whole(&found, id.as_str()).expect("a whole");
        let of = record
            .placements
            .iter()
            .find(|row| row.id == *id)
            .expect("the placement");
        let sum: i64 = row
            .count
            .value
            .as_ref()
            .expect("a sum")
            .as_str()
            .parse()
            .expect("whole");
        let rest: i64 = row
            .remainder
            .as_ref()
            .and_then(|rest| rest.value.clone())
            .expect("a remainder")
            .as_str()
            .parse()
            .expect("whole");
        assert_eq!(Some(sum + rest), of.count);
    }
    // A part without a value: the remainder is a bound.
    let id = named.first().expect("a whole").clone();
    let part = record
        .placements
        .iter_mut()
        .find(|row| row.part_of.as_ref() == Some(&id))
        .expect("a part");
    let mut bound = part.clone();
    bound.id = Id::new("another-part");
    (bound.count, bound.lower) = (None, Some(11.into()));
    record.placements.push(bound);
    let row = whole(&people(&record), id.as_str()).expect("a whole");
    let rest = row.remainder.expect("a remainder");
    assert!(rest.value.is_none() && rest.upper.is_some() && rest.lower.is_none());
}

#[test]
fn providers_listed_beside_their_group_are_its_parts() {
    let record = lead();
    let listed: Vec<_> = people(&record)
        .parts
        .into_iter()
        .filter(|row| row.kind == counterpart_appraise::assessment::PeopleKind::Posting)
        .collect();
    assert!(!listed.is_empty());
    for row in &listed {
        assert!(row.parts.len() >= 2 && row.left_out.is_empty(), "{row:#?}");
    }
}

#[test]
fn a_changed_count_changes_what_it_stands_in_and_nothing_else() {
    let before_record = lead();
    let before = people(&before_record);
    for index in (0..before_record.postings.len()).step_by(7) {
        let mut record = before_record.clone();
        let row = &mut record.postings[index];
        let Some(count) = row.count else { continue };
        let id = row.id.to_string();
        let is_added = before.totals.iter().any(|total| total.addends.contains(&id));
        if !is_added {
            continue;
        }
        // Small enough to change no choice between rows.
        row.count = Some(count + 1);
        let after = people(&record);
        for (a, b) in before.rows.iter().zip(&after.rows) {
            assert_eq!(a != b, a.id == id, "{}", a.id);
        }
        let mut moved = 0;
        for (a, b) in before.totals.iter().zip(&after.totals) {
            assert_eq!(a.count != b.count, a.addends.contains(&id), "{} with {id}", a.id);
            moved += usize::from(a.count != b.count);
        }
        assert!(moved > 0, "{id}");
    }
}

#[test]
fn empty_tables_one_row_and_huge_counts_come_to_something() {
    let record = lead();
    let none = only(&record, Vec::new());
    assert!(none.rows.is_empty() && none.totals.is_empty() && none.parts.is_empty());
    let zero = only(&record, vec![posting(&record, "A", Some(0))]);
    assert_eq!(value(all(&zero)).as_deref(), Some("0"));
    let mut other = posting(&record, "B", Some(i64::MAX));
    (other.period, other.term_months) = ("2013".parse().ok(), Some(i64::MAX));
    let huge = only(&record, vec![posting(&record, "A", Some(i64::MAX)), other]);
    assert_eq!(value(all(&huge)).as_deref(), Some("18446744073709551614"));
}

#[test]
fn other_ids_names_and_years_come_to_the_same_sums() {
    let straight = lead();
    let (case, tables) = crate::renamed::renamed("xinjiang");
    let other = record(case, tables);
    let summed = |record: &Record| -> Vec<String> {
        let mut found: Vec<String> = people(record)
            .totals
            .iter()
            .map(|row| {
                let codes: Vec<CountLeftOutCode> = row.left_out.iter().map(|row| row.code).collect();
                format!(
                    "{:?} {} {} {:?} {:?} {} {codes:?} {:?}",
                    row.kind,
                    row.concept,
                    row.by,
                    row.direction,
                    value(row),
                    row.addends.len(),
                    row.person_months
                )
            })
            .collect();
        found.sort();
        found
    };
    assert_eq!(summed(&straight), summed(&other));
    let amounts = |record: &Record| -> Vec<String> {
        let screened = counterpart_appraise::screening::of(record);
        counterpart_appraise::entitlement::of(
            record,
            &Places::of(record),
            &screened.conditions,
            &screened.leads,
        )
        .iter()
        .flat_map(|row| {
            let met = row.on_record.iter().map(|one| format!("{:?}", one.amount));
            let chosen = row
                .schedule
                .iter()
                .map(|at| format!("{} {}", at.contracts, at.amount));
            chosen.chain(met).collect::<Vec<_>>()
        })
        .collect()
    };
    assert_eq!(amounts(&straight), amounts(&other));
}
