//! Targets against what is on record, at the clock of the case.

use counterpart_appraise::assessment::AsOfStatus;
use counterpart_appraise::due::{Reached, Standing, Target, Way, ratcheted, standing};
use counterpart_model::Date;
use counterpart_model::quantity::Figure;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn target(threshold: i64, due: &str) -> Target {
    Target {
        id: "target".into(),
        threshold: Some(threshold.into()),
        way: Way::Up,
        said_on: Some(date("2015")),
        due_on: due.parse().ok(),
    }
}

fn reached(figure: Figure, about: &str) -> Reached {
    Reached {
        id: format!("about {about}"),
        figure: Some(figure),
        about: about.parse().ok(),
    }
}

fn value(value: i64) -> Figure {
    Figure::Value(value.into())
}

fn at(target: &Target, reached: &[Reached]) -> Standing {
    standing(target, reached, date("2021-07-15"))
}

#[test]
fn what_reaches_the_target_meets_it_and_late_is_said() {
    let early = at(&target(500, "2020"), &[reached(value(500), "2019")]);
    assert_eq!((early.status, early.late), (AsOfStatus::Met, false));
    let late = at(&target(500, "2020"), &[reached(value(600), "2021-06")]);
    assert_eq!((late.status, late.late), (AsOfStatus::Met, true));
    assert_eq!(late.by, ["about 2021-06"]);
    let bound = at(
        &target(500, "2020"),
        &[reached(Figure::AtLeast(500.into()), "2020")],
    );
    assert_eq!(bound.status, AsOfStatus::Met);
}

#[test]
fn until_the_date_has_passed_it_is_on_time() {
    for due in ["2021-07-15", "2021-07", "2021", "2030"] {
        assert_eq!(at(&target(500, due), &[]).status, AsOfStatus::OnTime, "{due}");
        let less = [reached(value(1), "2021-01")];
        assert_eq!(at(&target(500, due), &less).status, AsOfStatus::OnTime, "{due}");
    }
}

#[test]
fn less_at_the_date_or_later_misses_it() {
    for about in ["2020", "2020-12", "2021-03"] {
        let less = [reached(value(499), about)];
        assert_eq!(
            at(&target(500, "2020"), &less).status,
            AsOfStatus::Missed,
            "{about}"
        );
    }
    let range = [reached(Figure::Between(100.into(), 400.into()), "2020")];
    assert_eq!(at(&target(500, "2020"), &range).status, AsOfStatus::Missed);
}

#[test]
fn less_before_the_date_or_an_open_bound_is_overdue() {
    let before = [reached(value(499), "2019-06")];
    assert_eq!(at(&target(500, "2020"), &before).status, AsOfStatus::Overdue);
    let bound = [reached(Figure::AtLeast(400.into()), "2020")];
    assert_eq!(at(&target(500, "2020"), &bound).status, AsOfStatus::Overdue);
}

#[test]
fn nothing_on_record_after_the_date_is_silence_since_it_was_said() {
    let silent = at(&target(500, "2020"), &[]);
    assert_eq!(
        (silent.status, silent.since),
        (AsOfStatus::SilentSince, Some(date("2015")))
    );
    // What lies after the clock is not known yet.
    let after = [reached(value(500), "2022")];
    assert_eq!(at(&target(500, "2020"), &after).status, AsOfStatus::SilentSince);
}

#[test]
fn without_a_date_nothing_is_due() {
    let less = [reached(value(499), "2019-06")];
    assert_eq!(at(&target(500, ""), &less).status, AsOfStatus::Unknown);
    assert_eq!(at(&target(500, ""), &[]).status, AsOfStatus::Unknown);
    assert_eq!(at(&target(499, ""), &less).status, AsOfStatus::Met);
}

#[test]
fn a_target_below_the_baseline_is_reached_from_above() {
    let down = Target {
        way: Way::from_baseline(Some(100.into()), Some(20.into())),
        ..target(20, "2020")
    };
    assert_eq!(at(&down, &[reached(value(20), "2020")]).status, AsOfStatus::Met);
    assert_eq!(
        at(&down, &[reached(value(21), "2020")]).status,
        AsOfStatus::Missed
    );
    assert_eq!(
        at(&down, &[reached(Figure::AtMost(30.into()), "2020")]).status,
        AsOfStatus::Overdue
    );
}

#[test]
fn what_was_to_happen_is_met_by_a_statement_that_it_did() {
    let completion = Target {
        threshold: None,
        ..target(0, "2019")
    };
    let done = Reached {
        id: "done".into(),
        figure: None,
        about: Some(date("2020")),
    };
    let met = at(&completion, &[done]);
    assert_eq!((met.status, met.late), (AsOfStatus::Met, true));
    assert_eq!(at(&completion, &[]).status, AsOfStatus::SilentSince);
}

#[test]
fn a_later_smaller_target_is_a_ratchet_and_a_larger_or_earlier_one_is_not() {
    let named = |id: &str, threshold: i64, said: &str| Target {
        id: id.into(),
        said_on: said.parse().ok(),
        ..target(threshold, "2025")
    };
    let found = ratcheted(&[
        named("first", 500, "2015"),
        named("second", 300, "2017"),
        named("third", 400, "2019"),
    ]);
    assert_eq!(found, [Some("second".to_owned()), None, None]);
    assert_eq!(
        ratcheted(&[named("a", 500, "2015"), named("b", 300, "2015")]),
        [None, None]
    );
}
