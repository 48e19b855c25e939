//! Synthetic cases with a planted effect: the verdict is the one that the plant asks for.

use counterpart_appraise::assessment::{Verdict, VerdictReason};
use counterpart_model::{TableId, Value};

use crate::cases::{appraise, folder, set};

#[test]
fn a_sound_verdict_is_what_was_planted() {
    for (name, verdict) in [
        ("planted/plus", Verdict::Helped),
        ("planted/zero", Verdict::NoDetectableEffect),
        ("planted/minus", Verdict::Harmed),
        ("planted/broken_trend", Verdict::CannotTell),
    ] {
        let case = folder(name);
        let assessment = appraise(case.case, case.tables);
        let found: Vec<Verdict> = assessment
            .answer
            .by_lens
            .iter()
            .map(|answer| answer.verdict)
            .collect();
        assert_eq!(found, [verdict], "{name}");
    }
}

#[test]
fn the_planted_effect_lies_in_its_interval() {
    for (name, truth) in [
        ("planted/plus", 0.0953),
        ("planted/zero", 0.0),
        ("planted/minus", -0.1054),
    ] {
        let case = folder(name);
        let assessment = appraise(case.case, case.tables);
        let main = assessment
            .studies
            .iter()
            .find(|row| row.main)
            .expect("a main row");
        let end = |number: &Option<counterpart_appraise::assessment::Number>| {
            number.as_ref().expect("an end").as_f64()
        };
        assert!(
            end(&main.conf_low) < truth && truth < end(&main.conf_high),
            "{name}: {main:?}"
        );
    }
}

#[test]
fn a_drift_before_onset_is_named_as_the_reason() {
    let case = folder("planted/broken_trend");
    let assessment = appraise(case.case, case.tables);
    let main = assessment
        .studies
        .iter()
        .find(|row| row.main)
        .expect("a main row");
    assert_eq!(main.reason, VerdictReason::CheckFailed);
    assert!(
        assessment.answer.by_lens[0]
            .sentence
            .to_string()
            .contains("pre trend")
    );
}

#[test]
fn all_but_two_pairings_removed_leaves_nothing_to_tell() {
    let case = folder("planted/plus");
    let mut tables = case.tables;
    tables.get_mut(&TableId::Pairings).expect("pairings").truncate(2);
    let assessment = appraise(case.case, tables);
    let main = assessment
        .studies
        .iter()
        .find(|row| row.main)
        .expect("a main row");
    assert_eq!(main.n_treated, 2);
    assert_eq!(main.verdict, Verdict::CannotTell);
    assert_eq!(main.reason, VerdictReason::CheckNotComputed);
    assert_eq!(assessment.answer.by_lens[0].verdict, Verdict::CannotTell);
}

#[test]
fn an_effect_smaller_than_the_smallest_of_interest_is_left_undecided() {
    let mut case = folder("planted/plus");
    case.case.verdict.smallest_effect = 0.2;
    let assessment = appraise(case.case, case.tables);
    let main = assessment
        .studies
        .iter()
        .find(|row| row.main)
        .expect("a main row");
    assert_eq!(
        (main.verdict, main.reason),
        (Verdict::CannotTell, VerdictReason::Undecided)
    );
}

#[test]
fn every_control_paired_means_no_admissible_control_by_name() {
    let case = folder("planted/plus");
    let mut tables = case.tables;
    let pairings = tables.get_mut(&TableId::Pairings).expect("pairings");
    let model = pairings.first().expect("a pairing").clone();
    let paired: Vec<String> = pairings
        .iter()
        .filter_map(|row| row.text("recipient_id").map(str::to_owned))
        .collect();
    let units: Vec<String> = tables[&TableId::Places]
        .iter()
        .filter(|row| row.text("level") == Some("county"))
        .filter_map(|row| row.text("place_id").map(str::to_owned))
        .filter(|id| !paired.contains(id))
        .collect();
    for unit in &units {
        let mut row = model.clone();
        set(&mut row, "pairing_id", Some(Value::Text(format!("PX-{unit}"))));
        set(&mut row, "recipient_id", Some(Value::Text(unit.clone())));
        tables.get_mut(&TableId::Pairings).expect("pairings").push(row);
    }
    let assessment = appraise(case.case, tables);
    let pool = assessment.pools.first().expect("a pool");
    assert!(pool.no_admissible_control && pool.admitted.is_empty());
    for unit in &units {
        let excluded = pool
            .excluded
            .iter()
            .find(|row| row.place == *unit)
            .unwrap_or_else(|| panic!("{unit}"));
        assert!(
            excluded.from.iter().any(|id| id.starts_with("PX-")),
            "{excluded:?}"
        );
    }
    let main = assessment
        .studies
        .iter()
        .find(|row| row.main)
        .expect("a main row");
    assert_eq!(
        (main.verdict, main.reason),
        (Verdict::CannotTell, VerdictReason::NoControl)
    );
}

#[test]
fn every_row_read_is_used_or_dropped() {
    for name in ["planted/plus", "planted/broken_trend", "wenchuan"] {
        let case = folder(name);
        for row in appraise(case.case, case.tables).studies {
            let Some(sample) = &row.sample else { continue };
            let dropped: usize = sample.dropped.iter().map(|dropped| dropped.rows).sum();
            assert_eq!(sample.rows_read, sample.rows_used + dropped, "{}", row.id);
            assert_eq!(sample.treated.len(), row.n_treated, "{}", row.id);
            assert_eq!(sample.controls.len(), row.n_controls, "{}", row.id);
        }
    }
}
