//! Randomisation at the level of assignment.

use counterpart_estimate::resample::randomisation::randomisation;
use counterpart_estimate::sample::DropReason;
use counterpart_estimate::{Columns, EstimateError, FirstTreated, Panel, Spec, Timing, did};

/// `groups` provinces of three counties each, the first `treated` treated in period 4 of 6.
fn panel(groups: usize, treated: usize, effect: f64) -> Panel {
    let (mut unit, mut period, mut y, mut g, mut province) = (vec![], vec![], vec![], vec![], vec![]);
    for p in 0..groups {
        for c in 0..3 {
            for t in 1..=6_i64 {
                unit.push(format!("{p}-{c}"));
                province.push(format!("p{p}"));
                period.push(t);
                let noise = ((p * 31 + c * 17 + t as usize * 7) % 11) as f64 / 11.0;
                let on = p < treated && t >= 4;
                y.push(Some(p as f64 + t as f64 + noise + if on { effect } else { 0.0 }));
                g.push(FirstTreated::from(if p < treated { Some(4.0) } else { None }));
            }
        }
    }
    Panel::build(Columns::new(unit, period, y, Timing::FirstTreated(g)).with_assignment("province", province))
        .unwrap()
}

#[test]
fn one_province_of_five_gives_no_p_below_a_fifth() {
    let panel = panel(5, 1, 50.0);
    let test = randomisation(&panel, &Spec::did()).unwrap();
    assert_eq!(
        (test.n_assignments, test.exhaustive, test.n_tried),
        (Some(5), true, 5)
    );
    assert!(
        (test.p_floor - 0.2).abs() < 1e-12 && (test.p_value - 0.2).abs() < 1e-12,
        "{test:?}"
    );
    assert_eq!((test.conf_low, test.conf_high), (None, None));
    assert_eq!((test.level.as_str(), test.n_treated_groups), ("province", 1));
    assert!((test.estimate - did::did(&panel, &Spec::did()).unwrap().rows()[0].estimate).abs() < 1e-9);
}

#[test]
fn mirrored_designs_count_their_mirror_image_in_the_floor() {
    // Three of six: swapping treated and untreated turns the sign only.
    let test = randomisation(&panel(6, 3, 50.0), &Spec::did()).unwrap();
    assert_eq!(test.n_assignments, Some(20));
    assert!(
        (test.p_floor - 0.1).abs() < 1e-12 && (test.p_value - 0.1).abs() < 1e-12,
        "{} {}",
        test.p_floor,
        test.p_value
    );
}

#[test]
fn interval_holds_the_effect_and_its_ends_are_where_p_crosses_alpha() {
    let effect = 5.0;
    let p = panel(8, 3, effect);
    let spec = Spec::did().with_level(0.9);
    let test = randomisation(&p, &spec).unwrap();
    let (low, high) = (test.conf_low.unwrap(), test.conf_high.unwrap());
    assert!(low < test.estimate && test.estimate < high && test.p_value <= 0.1);
    let at = |tau: f64| {
        let y: Vec<f64> = (0..p.n_rows())
            .map(|r| p.outcome()[r] - if p.is_treated_row(r) { tau } else { 0.0 })
            .collect();
        randomisation(&p.with_outcome(y).unwrap(), &spec).unwrap().p_value
    };
    let step = 1e-6 * (high - low);
    assert!(
        at(low + step) > 0.1 && at(low - step) <= 0.1,
        "{} {}",
        at(low + step),
        at(low - step)
    );
    assert!(at(high - step) > 0.1 && at(high + step) <= 0.1);
}

#[test]
fn draws_depend_on_the_seed_only() {
    let p = panel(30, 12, 0.0);
    let run = |seed| randomisation(&p, &Spec::did().with_draws(199, seed)).unwrap();
    assert_eq!(run(3), run(3));
    assert_ne!(run(3).estimates, run(4).estimates);
    assert!(!run(3).exhaustive && run(3).n_tried == 200 && (run(3).p_floor - 1.0 / 200.0).abs() < 1e-12);
}

#[test]
fn treatment_inside_an_assignment_unit_is_refused() {
    let p = panel(5, 1, 1.0);
    let mixed: Vec<_> = p
        .units()
        .iter()
        .enumerate()
        .map(|(i, _)| if i == 0 { Some(4) } else { None })
        .collect();
    let refused = randomisation(&p.with_cohorts(&mixed).unwrap(), &Spec::did());
    assert!(
        matches!(refused, Err(EstimateError::TreatmentVariesWithinAssignment { groups }) if groups == ["p0"])
    );
}

#[test]
fn every_assignment_estimates_what_a_panel_with_those_cohorts_estimates() {
    for holes in [false, true] {
        let p = panel(6, 2, 3.0);
        let p = p.retain(DropReason::LeftOut, |r| !holes || r % 13 != 5);
        let test = randomisation(&p, &Spec::did()).unwrap();
        assert_eq!(test.n_tried, 15);
        let mut by_hand: Vec<f64> = Vec::new();
        for a in 0..6 {
            for b in a + 1..6 {
                let chosen = |u: usize| p.units()[u].assignment == a || p.units()[u].assignment == b;
                let cohorts: Vec<Option<i64>> = (0..p.n_units()).map(|u| chosen(u).then_some(4)).collect();
                let e = did::did(&p.with_cohorts(&cohorts).unwrap(), &Spec::did()).unwrap();
                by_hand.push(e.rows()[0].estimate);
            }
        }
        let mut got = test.estimates.clone();
        by_hand.sort_by(f64::total_cmp);
        got.sort_by(f64::total_cmp);
        for (x, y) in by_hand.iter().zip(&got) {
            assert!((x - y).abs() < 1e-9, "{holes}: {x} {y}");
        }
    }
}
