//! What never changes, on random panels with fixed seeds.

use counterpart_estimate::diagnose::placebo::placebo_in_time;
use counterpart_estimate::diagnose::pretrend::pre_trend;
use counterpart_estimate::sample::RowUse;
use counterpart_estimate::{Columns, Estimated, FirstTreated, Panel, Spec, Timing, did};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Units with cohorts, outcomes with holes, and an order of rows.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) rows: Vec<(usize, i64, Option<f64>)>,
    pub(crate) cohorts: Vec<Option<i64>>,
}

impl Drawn {
    pub(crate) fn columns(&self, order: &[usize]) -> Columns {
        let pick = |i: usize| self.rows[order[i]];
        let n = order.len();
        Columns::new(
            (0..n).map(|i| format!("u{:02}", pick(i).0)).collect(),
            (0..n).map(|i| pick(i).1).collect(),
            (0..n).map(|i| pick(i).2).collect(),
            Timing::FirstTreated(
                (0..n)
                    .map(|i| FirstTreated::from(self.cohorts[pick(i).0]))
                    .collect(),
            ),
        )
    }

    pub(crate) fn identity(&self) -> Vec<usize> {
        (0..self.rows.len()).collect()
    }
}

pub(crate) fn drawn() -> impl Strategy<Value = Drawn> {
    let unit = (
        prop_oneof![3 => Just(None), 1 => Just(Some(3_i64)), 1 => Just(Some(4)), 1 => Just(Some(5))],
        prop::collection::vec((-10.0..10.0_f64, 0..12_u8), 6),
    );
    prop::collection::vec(unit, 12..24).prop_map(|units| {
        let mut rows = Vec::new();
        let mut cohorts = Vec::new();
        for (u, (cohort, cells)) in units.into_iter().enumerate() {
            cohorts.push(cohort);
            for (t, (y, hole)) in cells.into_iter().enumerate() {
                match hole {
                    0 => {}
                    1 => rows.push((u, t as i64 + 1, None)),
                    _ => rows.push((u, t as i64 + 1, Some(y))),
                }
            }
        }
        Drawn { rows, cohorts }
    })
}

pub(crate) fn run<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value)) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |value| {
            test(value);
            Ok(())
        })
        .unwrap();
}

fn bits(e: &Estimated) -> Vec<u64> {
    e.rows()
        .iter()
        .flat_map(|r| [r.estimate, r.std_error.unwrap_or(-1.0), r.p_value.unwrap_or(-1.0)])
        .map(f64::to_bits)
        .collect()
}

#[test]
fn the_order_of_rows_and_the_number_of_threads_change_no_bit() {
    run(60, (drawn(), any::<u64>()), |(d, seed)| {
        let Ok(panel) = Panel::build(d.columns(&d.identity())) else {
            return;
        };
        let Ok(first) = did::event_study(&panel, &Spec::event_study()) else {
            return;
        };
        let mut order = d.identity();
        counterpart_estimate::rng::Stream::new(seed, 0).shuffle(&mut order);
        let shuffled = Panel::build(d.columns(&order)).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let second = pool.install(|| did::event_study(&shuffled, &Spec::event_study()).unwrap());
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let third = one.install(|| did::event_study(&panel, &Spec::event_study()).unwrap());
        assert_eq!(bits(&first), bits(&second));
        assert_eq!(bits(&first), bits(&third));
    });
}

#[test]
fn kept_and_dropped_rows_are_the_input() {
    run(200, drawn(), |d| {
        let Ok(panel) = Panel::build(d.columns(&d.identity())) else {
            return;
        };
        let Ok(e) = did::did(&panel, &Spec::did()) else {
            return;
        };
        let s = e.sample();
        let dropped: usize = s.dropped().values().map(|c| c.rows).sum();
        assert_eq!(s.n_rows_used() + dropped, d.rows.len());
        for (row, used) in s.rows().iter().enumerate() {
            let (unit, period, y) = d.rows[row];
            assert_eq!(
                (s.unit_id(used.unit), used.period),
                (format!("u{unit:02}").as_str(), period)
            );
            let role = if d.cohorts[unit].is_some() {
                RowUse::Treated
            } else {
                RowUse::Control
            };
            assert!(matches!(used.row_use, RowUse::Dropped(_)) || (used.row_use == role && y.is_some()));
        }
    });
}

#[test]
fn absorbed_effects_equal_dummies() {
    use counterpart_estimate::regression::{Design, Factor, fit};
    run(60, drawn(), |d| {
        let rows: Vec<_> = d.rows.iter().filter(|r| r.2.is_some()).collect();
        let y: Vec<f64> = rows.iter().map(|r| r.2.unwrap()).collect();
        let x: Vec<f64> = rows
            .iter()
            .enumerate()
            .map(|(i, r)| ((i * 37 + r.0 * 11) % 17) as f64)
            .collect();
        let w: Vec<f64> = rows
            .iter()
            .enumerate()
            .map(|(i, _)| 1.0 + (i % 3) as f64)
            .collect();
        let unit = Factor::new("u", &rows.iter().map(|r| r.0).collect::<Vec<_>>());
        let period = Factor::new("t", &rows.iter().map(|r| r.1).collect::<Vec<_>>());
        let absorbed = fit(
            &y,
            &Design::new().with("x", x.clone()),
            &[unit.clone(), period.clone()],
            Some(&w),
        )
        .unwrap();
        let mut design = Design::new();
        for f in [&unit, &period] {
            for l in 0..f.n_levels() as u32 {
                design.push(
                    format!("{}{l}", f.name()),
                    f.levels().iter().map(|&v| f64::from(v == l)).collect(),
                );
            }
        }
        let dense = fit(&y, &design.with("x", x), &[], Some(&w)).unwrap();
        let (a, b) = (
            absorbed.coefficient("x").unwrap(),
            dense.coefficient("x").unwrap(),
        );
        assert!((a - b).abs() < 1e-8 * b.abs().max(1e-3), "{a} {b}");
        assert_eq!(absorbed.n_parameters(), dense.n_parameters());
    });
}

#[test]
fn adding_a_constant_or_scaling_by_a_power_of_two_moves_nothing_else() {
    run(40, drawn(), |d| {
        let Ok(panel) = Panel::build(d.columns(&d.identity())) else {
            return;
        };
        let Ok(base) = did::did(&panel, &Spec::did()) else {
            return;
        };
        let moved = |f: &dyn Fn(f64) -> f64| {
            let y = panel.outcome().iter().map(|&v| f(v)).collect();
            did::did(&panel.with_outcome(y).unwrap(), &Spec::did())
                .unwrap()
                .rows()[0]
                .estimate
        };
        let tau = base.rows()[0].estimate;
        let scale = panel.outcome().iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        assert!((moved(&|v| v + 100.0) - tau).abs() < 1e-11 * scale.max(100.0));
        assert!((moved(&|v| v * 1024.0) - tau * 1024.0).abs() < 1e-12 * 1024.0 * scale);
    });
}

#[test]
fn pre_trends_and_the_placebo_in_time_run_on_the_same_panel() {
    let panel = crate::data::mpdta();
    let test = pre_trend(&panel, &Spec::event_study()).unwrap();
    assert_eq!(test.event_times, vec![-4, -3, -2]);
    assert!(test.p_value > 0.0 && test.p_value < 1.0);
    // Cohort 2004 has one year before treatment: no placebo onset exists for it.
    assert!(placebo_in_time(&panel, &Spec::did()).is_err());
    let later: Vec<_> = panel
        .units()
        .iter()
        .map(|u| u.cohort.filter(|&g| g > 2004))
        .collect();
    let placebo = placebo_in_time(&panel.with_cohorts(&later).unwrap(), &Spec::did()).unwrap();
    let s = placebo.sample();
    let dropped: usize = s.dropped().values().map(|c| c.rows).sum();
    assert_eq!(s.n_rows_used() + dropped, 2_500);
    assert!(placebo.rows()[0].p_value.is_some());
}

#[test]
fn every_group_time_effect_follows_from_its_listed_units() {
    use counterpart_estimate::spec::{Aggregation, Control, Method};
    let checked = std::cell::Cell::new(0_usize);
    run(300, drawn(), |d| {
        let Ok(panel) = Panel::build(d.columns(&d.identity())) else {
            return;
        };
        for control in [Control::Never, Control::NotYet] {
            let spec = Spec::new(Method::CallawaySantanna).with_control(control);
            let Ok(e) = did::callaway_santanna(&panel, &spec) else {
                continue;
            };
            let outcome = |u: usize, t: i64| {
                let rows = d
                    .rows
                    .iter()
                    .filter(|r| format!("u{:02}", r.0) == e.sample().unit_id(u) && r.1 == t);
                rows.filter_map(|r| r.2).next().unwrap()
            };
            let mean = |units: &[usize], t: i64, b: i64| {
                units.iter().map(|&u| outcome(u, t) - outcome(u, b)).sum::<f64>() / units.len() as f64
            };
            for cell in e.sample().cells() {
                let by_hand = mean(&cell.treated, cell.period, cell.base_period)
                    - mean(&cell.control, cell.period, cell.base_period);
                let row = e.rows().iter().find(|r| {
                    r.aggregation == Some(Aggregation::GroupTime)
                        && (r.group, r.time) == (Some(cell.cohort), Some(cell.period))
                });
                assert!((row.unwrap().estimate - by_hand).abs() < 1e-12, "{cell:?}");
                for &u in &cell.control {
                    let cohort = panel.units()[u].cohort;
                    let until = cell.period.max(cell.base_period);
                    assert!(cohort.is_none_or(|g| control == Control::NotYet && g > until));
                }
                checked.set(checked.get() + 1);
            }
            let s = e.sample();
            let dropped: usize = s.dropped().values().map(|c| c.rows).sum();
            assert_eq!(s.n_rows_used() + dropped, d.rows.len());
        }
    });
    assert!(checked.get() > 3_000, "{}", checked.get());
}

#[test]
fn leverage_with_absorbed_effects_is_that_of_dummies() {
    use counterpart_estimate::regression::{Design, Factor, fit};
    use counterpart_estimate::spec::Variance;
    use counterpart_estimate::variance::{SmallSample, vcov};
    let checked = std::cell::Cell::new(0);
    run(40, drawn(), |d| {
        let rows: Vec<_> = d.rows.iter().filter(|r| r.2.is_some()).collect();
        let y: Vec<f64> = rows.iter().map(|r| r.2.unwrap()).collect();
        let x: Vec<f64> = rows
            .iter()
            .enumerate()
            .map(|(i, r)| ((i * 37 + r.0 * 11) % 17) as f64)
            .collect();
        let unit = Factor::new("u", &rows.iter().map(|r| r.0).collect::<Vec<_>>());
        let period = Factor::new("t", &rows.iter().map(|r| r.1).collect::<Vec<_>>());
        let absorbed = fit(
            &y,
            &Design::new().with("x", x.clone()),
            &[unit.clone(), period.clone()],
            None,
        )
        .unwrap();
        let mut design = Design::new().with("x", x);
        for f in [&unit, &period] {
            for l in 0..f.n_levels() as u32 {
                design.push(
                    format!("{}{l}", f.name()),
                    f.levels().iter().map(|&v| f64::from(v == l)).collect(),
                );
            }
        }
        let dense = fit(&y, &design, &[], None).unwrap();
        for variance in [Variance::Hc2, Variance::Hc3] {
            let (a, b) = (
                vcov(&absorbed, variance, &[], SmallSample::default()),
                vcov(&dense, variance, &[], SmallSample::default()),
            );
            if let (Ok(a), Ok(b)) = (a, b) {
                assert!(
                    (a.values[0] / b.values[0] - 1.0).abs() < 1e-7,
                    "{} {}",
                    a.values[0],
                    b.values[0]
                );
                checked.set(checked.get() + 1);
            }
        }
    });
    assert!(checked.get() > 20, "{}", checked.get());
}

#[test]
fn one_and_two_threads_give_the_same_result_for_every_method() {
    use counterpart_estimate::spec::{Inference, Method};
    let (mpdta, california) = (crate::data::mpdta(), crate::golden_synth::california());
    let all = |threads: usize| -> Vec<Estimated> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            Method::ALL
                .into_iter()
                .filter(|m| *m != Method::Dose)
                .map(|m| {
                    let synthetic = matches!(m, Method::SyntheticControl | Method::SyntheticDid);
                    let panel = if synthetic { &california } else { &mpdta };
                    let spec = Spec::new(m).with_draws(99, 3);
                    let spec = match m {
                        Method::Did => spec.with_inference(Inference::Randomisation),
                        Method::CallawaySantanna => spec.with_inference(Inference::Multiplier),
                        _ => spec,
                    };
                    counterpart_estimate::estimate(panel, &spec).unwrap()
                })
                .collect()
        })
    };
    assert_eq!(all(1), all(2));
}
