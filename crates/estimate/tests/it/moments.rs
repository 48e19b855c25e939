//! Moments against microdata.

use counterpart_estimate::moments::{CohortMoments, MomentEstimate};
use counterpart_estimate::spec::{BasePeriod, Control, Method};
use counterpart_estimate::{Estimated, Panel, Spec, TidyRow, did};

use crate::data::{close, mpdta};
use crate::properties::{drawn, run};

fn same(direct: &Estimated, moments: &MomentEstimate, tolerance: f64) {
    for m in &moments.rows {
        let key = |r: &&TidyRow| {
            (&r.term, r.aggregation, r.group, r.time) == (&m.term, m.aggregation, m.group, m.time)
        };
        let d = direct.rows().iter().find(key).unwrap_or_else(|| panic!("{m:?}"));
        let scale = direct
            .rows()
            .iter()
            .filter_map(|r| r.std_error)
            .fold(1e-3_f64, f64::max);
        assert!(
            (d.estimate - m.estimate).abs() <= tolerance * scale,
            "{m:?} {d:?}"
        );
        match (d.std_error, m.std_error) {
            (Some(a), Some(b)) => assert!((a - b).abs() <= tolerance * scale, "{m:?} {d:?}"),
            (a, b) => assert_eq!(a.is_some(), b.is_some(), "{m:?} {d:?}"),
        }
    }
}

#[test]
fn every_estimator_from_moments_equals_the_one_on_units() {
    let compared = std::cell::Cell::new(0);
    let (imputed, weighted) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    run(120, drawn(), |d| {
        let Ok(panel) = Panel::build(d.columns(&d.identity())) else {
            return;
        };
        let moments = CohortMoments::of_panel(&panel).unwrap();
        for control in [Control::Never, Control::NotYet] {
            for base in [BasePeriod::Universal, BasePeriod::Varying] {
                let spec = Spec::new(Method::CallawaySantanna)
                    .with_control(control)
                    .with_base_period(base);
                match (
                    did::callaway_santanna(&panel, &spec),
                    moments.callaway_santanna(&spec),
                ) {
                    (Ok(a), Ok(b)) => {
                        compared.set(compared.get() + 1);
                        same(&a, &b, 1e-9);
                    }
                    (a, b) => assert_eq!(a.is_ok(), b.is_ok(), "{:?} {:?}", a.err(), b.err()),
                }
            }
        }
        // The direct road leaves out rows that are alone in their period; the fit on groups explains them exactly.
        let whole =
            |a: &Estimated, b: &MomentEstimate| a.sample().n_units() as u64 == b.units.values().sum::<u64>();
        let spec = Spec::new(Method::Imputation);
        if let (Ok(a), Ok(b)) = (did::imputation(&panel, &spec), moments.imputation(&spec)) {
            imputed.set(imputed.get() + 1);
            same(&a, &b, 1e-8);
        }
        let spec = Spec::new(Method::SunAbraham);
        if let (Ok(a), Ok(b)) = (did::sun_abraham(&panel, &spec), moments.sun_abraham(&spec))
            && whole(&a, &b)
            && a.covariance().is_some()
        {
            weighted.set(weighted.get() + 1);
            same(&a, &b, 1e-7);
        }
        if let (Ok(a), Ok(b)) = (did::did(&panel, &Spec::did()), moments.did(&Spec::did()))
            && whole(&a, &b)
            && a.rows()[0].std_error.is_some()
        {
            same(&a, &b, 1e-7);
        }
    });
    let met = (compared.get(), imputed.get(), weighted.get());
    assert!(met.0 > 300 && met.1 > 60 && met.2 > 30, "{met:?}");
}

#[test]
fn mpdta_from_moments() {
    let panel = mpdta();
    let moments = CohortMoments::of_panel(&panel).unwrap();
    same(
        &did::did(&panel, &Spec::did()).unwrap(),
        &moments.did(&Spec::did()).unwrap(),
        1e-9,
    );
    let spec = Spec::event_study();
    same(
        &did::event_study(&panel, &spec).unwrap(),
        &moments.event_study(&spec).unwrap(),
        1e-9,
    );
    assert_eq!(moments.n_units(), 500);
}

#[test]
fn moments_of_parts_merged_are_the_moments_of_the_whole() {
    let panel = mpdta();
    let whole = CohortMoments::of_panel(&panel).unwrap();
    let mut parts: Vec<CohortMoments> = (0..3)
        .map(|_| CohortMoments::new(panel.periods().to_vec()).unwrap())
        .collect();
    for (u, unit) in panel.units().iter().enumerate() {
        let y: Vec<f64> = panel.unit_rows(u).map(|r| panel.outcome()[r]).collect();
        parts[u % 3].add_complete(unit.cohort, &y).unwrap();
    }
    let mut merged = CohortMoments::new(panel.periods().to_vec()).unwrap();
    parts.iter().for_each(|p| merged.merge(p).unwrap());
    let spec = Spec::new(Method::CallawaySantanna);
    let (a, b) = (
        whole.callaway_santanna(&spec).unwrap(),
        merged.callaway_santanna(&spec).unwrap(),
    );
    for (x, y) in a.rows.iter().zip(&b.rows) {
        close(x.estimate, y.estimate, 1e-11, &x.term);
    }
}

#[test]
fn a_large_common_level_costs_no_digits_beyond_those_of_the_data() {
    let panel = mpdta();
    let spec = Spec::new(Method::CallawaySantanna);
    // Rounding to multiples of 2⁻²² keeps y + 2³⁰ exact, so both panels hold the same changes.
    let step = 2.0_f64.powi(-22);
    let base: Vec<f64> = panel
        .outcome()
        .iter()
        .map(|y| (y / step).round() * step)
        .collect();
    let raised: Vec<f64> = base.iter().map(|y| y + 2.0_f64.powi(30)).collect();
    let run = |y: Vec<f64>| {
        let p = panel.with_outcome(y).unwrap();
        CohortMoments::of_panel(&p)
            .unwrap()
            .callaway_santanna(&spec)
            .unwrap()
    };
    let (a, b) = (run(base), run(raised));
    for (x, y) in a.rows.iter().zip(&b.rows).filter(|(x, _)| !x.is_reference) {
        close(x.estimate, y.estimate, 1e-11, &x.term);
        close(x.std_error.unwrap(), y.std_error.unwrap(), 1e-11, &x.term);
    }
    // The direct road takes changes of units first, which are exact too.
    let direct = |y: Vec<f64>| did::callaway_santanna(&panel.with_outcome(y).unwrap(), &spec).unwrap();
    let base: Vec<f64> = panel
        .outcome()
        .iter()
        .map(|y| (y / step).round() * step)
        .collect();
    let (a, b) = (
        direct(base.clone()),
        direct(base.iter().map(|y| y + 2.0_f64.powi(30)).collect()),
    );
    for (x, y) in a.rows().iter().zip(b.rows()) {
        close(x.estimate, y.estimate, 1e-11, &x.term);
    }
}

#[test]
fn a_curve_from_moments_answers_or_refuses_each_specification() {
    let moments = CohortMoments::of_panel(&mpdta()).unwrap();
    let specs: Vec<Spec> = Method::ALL.into_iter().map(Spec::new).collect();
    let curve = moments.curve(&specs);
    let answered: Vec<bool> = curve.iter().map(Result::is_ok).collect();
    assert_eq!(answered, [true, true, true, true, true, false, false, false]);
    for (spec, found) in specs.iter().zip(&curve).filter(|(_, f)| f.is_ok()) {
        let direct = counterpart_estimate::estimate(&mpdta(), spec).unwrap();
        same(&direct, found.as_ref().unwrap(), 1e-9);
    }
}
