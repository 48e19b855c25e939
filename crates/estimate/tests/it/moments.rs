//! Moments against microdata.

use std::cell::RefCell;
use std::collections::BTreeMap;

use counterpart_estimate::moments::CohortMoments;
use counterpart_estimate::moments::order::{CHUNK_ROWS, Tree, canonical_order};
use counterpart_estimate::spec::{BasePeriod, Control, Method, PanelUse};
use counterpart_estimate::{Columns, Estimate, EstimateError, Estimated, Panel, Spec, TidyRow, estimate};

use crate::data::{close, mpdta};
use crate::properties::{Drawn, drawn, run};

/// The same rows, numbers, sample, warnings, checks and words.
fn same(direct: &Estimated, moments: &Estimated, tolerance: f64) {
    let key = |r: &TidyRow| {
        let place = (r.group, r.time, r.event_time);
        (r.term.clone(), r.aggregation, place, r.is_reference)
    };
    let keys = |e: &Estimated| e.rows().iter().map(key).collect::<Vec<_>>();
    assert_eq!(keys(direct), keys(moments));
    let scale = direct
        .rows()
        .iter()
        .filter_map(|r| r.std_error)
        .fold(1e-3_f64, f64::max);
    for (d, m) in direct.rows().iter().zip(moments.rows()) {
        assert!(
            (d.estimate - m.estimate).abs() <= tolerance * scale,
            "{m:?} {d:?}"
        );
        for (a, b) in [(d.std_error, m.std_error), (d.conf_low, m.conf_low)] {
            match (a, b) {
                (Some(a), Some(b)) => assert!((a - b).abs() <= 10.0 * tolerance * scale, "{m:?} {d:?}"),
                (a, b) => assert_eq!(a.is_some(), b.is_some(), "{m:?} {d:?}"),
            }
        }
        assert_eq!(d.band_low.is_some(), m.band_low.is_some(), "{m:?} {d:?}");
    }
    assert_eq!(direct.sample().counts(), moments.sample().counts());
    assert_eq!(direct.warnings(), moments.warnings());
    assert_eq!(direct.df(), moments.df());
    assert_eq!(direct.method_text(), moments.method_text());
    let named = |e: &Estimated| {
        let named = |d: &counterpart_estimate::result::Diagnostic| (d.name.clone(), d.status);
        e.diagnostics().iter().map(named).collect::<Vec<_>>()
    };
    assert_eq!(named(direct), named(moments));
}

/// Every specification that moments answer, with some of its options.
fn specs() -> Vec<Spec> {
    let mut specs = Vec::new();
    for control in [Control::Never, Control::NotYet] {
        for base in [BasePeriod::Universal, BasePeriod::Varying] {
            for (anticipation, panel_use) in [
                (0, PanelUse::Pairs),
                (1, PanelUse::Pairs),
                (0, PanelUse::Balanced),
            ] {
                let mut spec = Spec::new(Method::CallawaySantanna)
                    .with_control(control)
                    .with_base_period(base);
                spec.anticipation = anticipation;
                spec.panel_use = panel_use;
                specs.push(spec);
            }
        }
    }
    for anticipation in [0, 1] {
        for method in [Method::Imputation, Method::SunAbraham] {
            let mut spec = Spec::new(method);
            spec.anticipation = anticipation;
            specs.push(spec);
        }
    }
    specs.push(Spec::did());
    specs.push(Spec::event_study());
    specs.push(Spec::event_study().with_bins(-2, 1));
    let mut kept = Spec::did();
    kept.keep_always_treated = true;
    specs.push(kept);
    let mut balanced = Spec::event_study();
    balanced.panel_use = PanelUse::Balanced;
    specs.push(balanced);
    let mut imputed = Spec::new(Method::Imputation);
    imputed.panel_use = PanelUse::Balanced;
    specs.push(imputed);
    specs.into_iter().map(|spec| spec.with_draws(20, 1)).collect()
}

/// Compares every specification on a panel; counts by method what was answered.
fn compare(panel: &Panel, answered: &RefCell<BTreeMap<Method, usize>>) {
    let moments = CohortMoments::of_panel(panel).unwrap();
    for spec in specs() {
        match (estimate(panel, &spec), moments.estimate(&spec)) {
            (Ok(a), Ok(b)) => {
                *answered.borrow_mut().entry(spec.method).or_insert(0) += 1;
                same(&a, &b, 1e-9);
            }
            (Err(a), Err(b)) => assert_eq!(
                std::mem::discriminant(&a),
                std::mem::discriminant(&b),
                "{spec}: {a} {b}"
            ),
            // Columns that rows of too many holes leave dependent: the fit on means sees it sooner than the one on
            // rows, whose fixed effects were taken out by iteration.
            (Ok(_), Err(EstimateError::Collinear { .. })) => {
                *answered.borrow_mut().entry(Method::Dose).or_insert(0) += 1;
            }
            (a, b) => panic!("{spec}: {:?} {:?}", a.err(), b.err()),
        }
    }
}

fn with_clusters(d: &Drawn, columns: Columns, n: usize) -> Columns {
    let cluster = d.rows.iter().map(|r| format!("c{}", r.0 % n)).collect();
    columns.with_cluster("cluster", cluster)
}

#[test]
fn every_estimator_from_moments_equals_the_one_on_units() {
    let answered = RefCell::new(BTreeMap::new());
    run(100, drawn(), |d| {
        if let Ok(panel) = Panel::build(d.columns(&d.identity())) {
            compare(&panel, &answered);
        }
    });
    let mut answered = answered.into_inner();
    assert!(
        answered.remove(&Method::Dose).unwrap_or(0) < 10,
        "dependent columns"
    );
    assert!(
        answered.len() == 5 && answered.values().all(|n| *n > 30),
        "{answered:?}"
    );
}

#[test]
fn clusters_above_the_unit_give_the_same_errors() {
    let answered = RefCell::new(BTreeMap::new());
    run(60, (drawn(), 2..9_usize), |(d, n)| {
        if let Ok(panel) = Panel::build(with_clusters(&d, d.columns(&d.identity()), n)) {
            compare(&panel, &answered);
        }
    });
    let mut answered = answered.into_inner();
    assert!(
        answered.remove(&Method::Dose).unwrap_or(0) < 10,
        "dependent columns"
    );
    assert!(
        answered.len() == 5 && answered.values().all(|n| *n > 20),
        "{answered:?}"
    );
}

#[test]
fn complete_panels_and_always_treated_units() {
    let answered = RefCell::new(BTreeMap::new());
    run(40, (drawn(), 0..3_usize), |(mut d, always)| {
        d.cohorts.iter_mut().take(always).for_each(|g| *g = Some(1));
        let filled: Vec<(usize, i64, Option<f64>)> = (0..d.cohorts.len())
            .flat_map(|u| (1..=6).map(move |t| (u, t)))
            .enumerate()
            .map(|(i, (u, t))| (u, t, d.rows.get(i).and_then(|r| r.2).or(Some(i as f64 % 7.3))))
            .collect();
        d.rows = filled;
        if let Ok(panel) = Panel::build(d.columns(&d.identity())) {
            compare(&panel, &answered);
        }
    });
    assert_eq!(answered.into_inner().len(), 5);
}

#[test]
fn mpdta_from_moments() {
    let panel = mpdta();
    let moments = CohortMoments::of_panel(&panel).unwrap();
    for spec in specs() {
        let spec = spec.with_draws(999, 1);
        match (estimate(&panel, &spec), moments.estimate(&spec)) {
            (Ok(a), Ok(b)) => same(&a, &b, 1e-11),
            (a, b) => assert_eq!(a.err(), b.err()),
        }
    }
    assert_eq!(moments.n_units(), 500);
}

#[test]
fn moments_of_parts_merged_are_the_moments_of_the_whole() {
    run(60, (drawn(), 1..6_usize), |(d, n_parts)| {
        let Ok(panel) = Panel::build(with_clusters(&d, d.columns(&d.identity()), 5)) else {
            return;
        };
        let whole = CohortMoments::of_panel(&panel).unwrap();
        let new = || CohortMoments::new(panel.periods().to_vec()).unwrap();
        let mut parts: Vec<CohortMoments> = (0..n_parts).map(|_| new()).collect();
        for (u, unit) in panel.units().iter().enumerate() {
            let part = &mut parts[u % n_parts];
            let (mut y, mut seen) = (vec![0.0; panel.n_periods()], vec![false; panel.n_periods()]);
            for r in panel.unit_rows(u) {
                (y[panel.row_period()[r]], seen[panel.row_period()[r]]) = (panel.outcome()[r], true);
            }
            let group = part.open(unit.cohort, 0, &seen);
            part.push(group, &y, Some(unit.cluster as u32));
        }
        let mut tree = Tree::default();
        parts.into_iter().for_each(|p| tree.push(p).unwrap());
        let missing = whole
            .estimate(&Spec::did())
            .ok()
            .and_then(|e| {
                e.sample()
                    .dropped()
                    .get(&counterpart_estimate::sample::DropReason::MissingOutcome)
                    .copied()
            })
            .unwrap_or_default();
        let merged = tree
            .finish()
            .unwrap()
            .unwrap()
            .named(panel.names().clone())
            .with_clusters(panel.clusters().to_vec())
            .with_rows_read(panel.n_input_rows(), missing.rows, missing.units);
        for spec in [Spec::new(Method::CallawaySantanna), Spec::did()] {
            match (whole.estimate(&spec), merged.estimate(&spec)) {
                (Ok(a), Ok(b)) => same(&a, &b, 1e-11),
                (a, b) => assert_eq!(a.is_ok(), b.is_ok()),
            }
        }
    });
}

#[test]
fn a_stratum_is_the_panel_of_its_units() {
    let panel = mpdta();
    let mut moments = CohortMoments::new(panel.periods().to_vec()).unwrap();
    let keep = |r: usize| panel.row_unit()[r].is_multiple_of(2);
    for (u, unit) in panel.units().iter().enumerate() {
        let y: Vec<f64> = panel.unit_rows(u).map(|r| panel.outcome()[r]).collect();
        let stratum = u32::from(keep(panel.unit_rows(u).start));
        let group = moments.open(unit.cohort, stratum, &[true; 5]);
        moments.push(group, &y, None);
    }
    let spec = Spec::new(Method::CallawaySantanna);
    for stratum in [0, 1] {
        let part = panel.retain(counterpart_estimate::sample::DropReason::LeftOut, |r| {
            u32::from(keep(r)) == stratum
        });
        let (a, b) = (
            estimate(&part, &spec).unwrap(),
            moments.only(&[stratum]).estimate(&spec).unwrap(),
        );
        for (x, y) in a.rows().iter().zip(b.rows()) {
            close(x.estimate, y.estimate, 1e-10, &x.term);
        }
    }
    let all = moments.only(&[0, 1]).estimate(&spec).unwrap();
    close(
        all.rows()[0].estimate,
        estimate(&panel, &spec).unwrap().rows()[0].estimate,
        1e-10,
        "both strata",
    );
}

/// Units of several chunks, with holes and clusters.
fn large(shuffle: bool) -> Panel {
    let n = 4 * CHUNK_ROWS / 6;
    let mut rows: Vec<(usize, i64)> = (0..n)
        .flat_map(|u| (1..=6).map(move |t| (u, t)))
        .filter(|(u, t)| !(u * 7 + *t as usize).is_multiple_of(23))
        .collect();
    if shuffle {
        counterpart_estimate::rng::Stream::new(5, 0).shuffle(&mut rows);
    }
    let cohort = |u: usize| [None, Some(3), Some(4), None][u % 4];
    let y = |u: usize, t: i64| {
        let noise = ((u * 2_654_435_761 + t as usize * 40_503) % 1_000_003) as f64 / 1e6;
        (u % 100) as f64 + 0.3 * t as f64 + noise + f64::from(u8::from(cohort(u).is_some_and(|g| t >= g)))
    };
    let columns = Columns::new(
        rows.iter().map(|r| r.0.to_string()).collect(),
        rows.iter().map(|r| r.1).collect(),
        rows.iter().map(|&(u, t)| Some(y(u, t))).collect(),
        counterpart_estimate::Timing::FirstTreated(
            rows.iter()
                .map(|r| counterpart_estimate::FirstTreated::from(cohort(r.0)))
                .collect(),
        ),
    );
    let cluster = rows.iter().map(|r| format!("c{}", r.0 % 37)).collect();
    Panel::build(columns.with_cluster("c", cluster)).unwrap()
}

#[test]
fn order_of_rows_and_number_of_threads_change_no_bit_of_moments() {
    let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let of = |shuffle, threads| pool(threads).install(|| CohortMoments::of_panel(&large(shuffle)).unwrap());
    let (a, b, c) = (of(false, 1), of(false, 2), of(true, 2));
    assert_eq!(a, b);
    assert_eq!(a, c);
    let spec = Spec::new(Method::CallawaySantanna);
    assert_eq!(a.estimate(&spec).unwrap(), c.estimate(&spec).unwrap());
}

#[test]
fn names_that_are_numbers_go_by_number() {
    assert_eq!(canonical_order(&["10", "9", "-3", "0"]), [2, 3, 1, 0]);
    assert_eq!(canonical_order(&["10", "9", "x"]), [0, 1, 2]);
    // A leading zero makes a name of a number.
    assert_eq!(canonical_order(&["10", "9", "07"]), [2, 0, 1]);
}

#[test]
fn a_large_common_level_costs_no_digits_beyond_those_of_the_data() {
    let panel = mpdta();
    // Rounding to multiples of 2⁻²² keeps y + 2³⁰ exact, so both panels hold the same changes.
    let step = 2.0_f64.powi(-22);
    let base: Vec<f64> = panel
        .outcome()
        .iter()
        .map(|y| (y / step).round() * step)
        .collect();
    let raised: Vec<f64> = base.iter().map(|y| y + 2.0_f64.powi(30)).collect();
    let of = |y: &[f64]| CohortMoments::of_panel(&panel.with_outcome(y.to_vec()).unwrap()).unwrap();
    let (low, high) = (of(&base), of(&raised));
    for spec in specs() {
        let (Ok(a), Ok(b)) = (low.estimate(&spec), high.estimate(&spec)) else {
            continue;
        };
        for (x, y) in a.rows().iter().zip(b.rows()).filter(|(x, _)| !x.is_reference) {
            close(x.estimate, y.estimate, 1e-12, &x.term);
            close(x.std_error.unwrap(), y.std_error.unwrap(), 1e-12, &x.term);
        }
    }
    // With 10⁹ added the doubles themselves are others: the estimate is that of exact arithmetic on them.
    let raised: Vec<f64> = panel.outcome().iter().map(|y| y + 1e9).collect();
    let exact: Vec<f64> = raised.iter().map(|y| y - 1e9).collect();
    let (a, b) = (of(&exact), of(&raised));
    for spec in specs() {
        let (Ok(a), Ok(b)) = (a.estimate(&spec), b.estimate(&spec)) else {
            continue;
        };
        for (x, y) in a.rows().iter().zip(b.rows()).filter(|(x, _)| !x.is_reference) {
            close(x.estimate, y.estimate, 1e-12, &x.term);
        }
    }
}

#[test]
fn what_has_no_variance_gets_no_standard_error() {
    // Changes vary between units, their differences do not: each later effect is known without error.
    let mut moments = CohortMoments::new(vec![1, 2, 3, 4]).unwrap();
    for u in 0..40 {
        let noise = f64::from(u * 37 % 11) / 7.0;
        let treated = u % 2 == 0;
        let y: Vec<f64> = (0..4)
            .map(|t| {
                let effect = f64::from(u8::from(treated && t >= 2));
                if t == 0 {
                    0.0
                } else {
                    noise + 0.1 * f64::from(t) + effect
                }
            })
            .collect();
        moments.add_complete(treated.then_some(3), &y).unwrap();
    }
    let spec = Spec::new(Method::CallawaySantanna);
    let estimated = moments.estimate(&spec).unwrap();
    let later = estimated.rows().iter().find(|r| r.event_time == Some(1)).unwrap();
    close(later.estimate, 1.0, 1e-12, "effect");
    assert_eq!(later.std_error, None, "{later:?}");
}

#[test]
fn a_curve_from_moments_answers_or_refuses_each_specification() {
    let moments = CohortMoments::of_panel(&mpdta()).unwrap();
    let specs: Vec<Spec> = Method::ALL.into_iter().map(Spec::new).collect();
    let curve = moments.curve(&specs);
    let answered: Vec<bool> = curve.iter().map(Result::is_ok).collect();
    assert_eq!(answered, [true, true, true, true, true, false, false, false]);
    for (spec, found) in specs.iter().zip(&curve) {
        let Ok(found) = found else {
            assert!(CohortMoments::reason_against(spec).is_some());
            continue;
        };
        let direct = estimate(&mpdta(), spec).unwrap();
        for (x, y) in direct.rows().iter().zip(found.rows()) {
            close(x.estimate, y.estimate, 1e-11, &x.term);
        }
    }
}
