//! Intervals cover what they say, and tests reject as often as they say, on simulated panels.
//!
//! Small here, so that it runs with every change; the figures for the docs come from `bench/`.

use counterpart_estimate::resample::randomisation::randomisation;
use counterpart_estimate::rng::Stream;
use counterpart_estimate::spec::Method;
use counterpart_estimate::{Columns, FirstTreated, Panel, Spec, Timing, estimate};

/// Units with effects of their own, serially correlated noise, a tenth of the rows missing; effect 1 + 0.5·(t − g).
fn panel(seed: u64, units: usize, groups: usize, effect: f64, missing: f64) -> Panel {
    let mut s = Stream::new(seed, 0);
    let (mut unit, mut period, mut y, mut first, mut group) = (vec![], vec![], vec![], vec![], vec![]);
    let onset: Vec<Option<f64>> = (0..groups).map(|g| [None, Some(4.0), Some(5.0)][g % 3]).collect();
    let shock: Vec<Vec<f64>> = (0..groups)
        .map(|_| (0..6).map(|_| s.normal() * 0.5).collect())
        .collect();
    for u in 0..units {
        let g = u % groups;
        let (level, mut walk) = (s.normal(), 0.0);
        for t in 1..=6_i64 {
            walk = 0.5 * walk + s.normal();
            let kept = s.uniform() >= missing;
            let on = onset[g]
                .filter(|&o| t as f64 >= o)
                .map_or(0.0, |o| effect * (1.0 + 0.5 * (t as f64 - o)));
            let value = level
                + 0.3 * t as f64
                + walk
                + on
                + if groups < units {
                    shock[g][t as usize - 1]
                } else {
                    0.0
                };
            if kept {
                unit.push(format!("{u:04}"));
                group.push(format!("g{g:03}"));
                period.push(t);
                y.push(Some(value));
                first.push(FirstTreated(onset[g]));
            }
        }
    }
    let columns = Columns::new(unit, period, y, Timing::FirstTreated(first));
    Panel::build(columns.with_assignment("group", group)).unwrap()
}

#[test]
fn group_time_intervals_cover_with_a_tenth_of_the_rows_missing() {
    let reps = 400;
    // By cohort 4: effects 1, 1.5, 2; by cohort 5: 1, 1.5; cohorts are of equal size.
    let truth = (1.0 + 1.5 + 2.0 + 1.0 + 1.5) / 5.0;
    let covered = (0..reps)
        .filter(|&r| {
            let p = panel(1_000 + r, 150, 150, 1.0, 0.1);
            let e = estimate(&p, &Spec::new(Method::CallawaySantanna).with_draws(1, 1)).unwrap();
            let row = &e.rows()[0];
            row.conf_low.unwrap() <= truth && truth <= row.conf_high.unwrap()
        })
        .count();
    // Three Monte-Carlo standard errors of 0.95 with 400 replicates are 0.033.
    let share = covered as f64 / reps as f64;
    assert!((share - 0.95).abs() < 0.033, "{share}");
}

#[test]
fn randomisation_has_its_size_with_ten_assigned_groups() {
    let reps = 300;
    let rejected = (0..reps)
        .filter(|&r| {
            let p = panel(5_000 + r, 30, 10, 0.0, 0.0);
            randomisation(&p, &Spec::did().with_draws(99, r).with_level(0.9))
                .unwrap()
                .p_value
                <= 0.1
        })
        .count();
    let share = rejected as f64 / reps as f64;
    // 0.1 with three Monte-Carlo standard errors of 300 replicates.
    assert!((share - 0.1).abs() < 0.052, "{share}");
}
