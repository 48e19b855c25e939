//! Dose × post.

use counterpart_estimate::spec::Method;
use counterpart_estimate::{Columns, EstimateError, Panel, Spec, Timing, did, estimate};

use crate::data::{close, mpdta, mpdta_columns};

#[test]
fn a_dose_of_one_is_the_treatment_dummy() {
    let columns = mpdta_columns();
    let n = columns.unit.len();
    let panel = Panel::build(columns.clone().with_dose("dose", vec![1.0; n])).unwrap();
    let (a, b) = (
        estimate(&panel, &Spec::new(Method::Dose)).unwrap(),
        did::did(&panel, &Spec::did()).unwrap(),
    );
    close(a.rows()[0].estimate, b.rows()[0].estimate, 1e-14, "slope");
    close(
        a.rows()[0].std_error.unwrap(),
        b.rows()[0].std_error.unwrap(),
        1e-12,
        "its error",
    );
    let panel = Panel::build(columns.with_dose("dose", vec![4.0; n])).unwrap();
    close(
        4.0 * estimate(&panel, &Spec::new(Method::Dose)).unwrap().rows()[0].estimate,
        b.rows()[0].estimate,
        1e-12,
        "scale",
    );
}

#[test]
fn a_panel_without_doses_is_refused() {
    assert!(matches!(
        estimate(&mpdta(), &Spec::new(Method::Dose)),
        Err(EstimateError::Missing { .. })
    ));
}

#[test]
fn doses_alone_identify_an_effect_when_all_units_are_treated_at_once() {
    let (mut unit, mut period, mut y, mut dose) = (vec![], vec![], vec![], vec![]);
    for u in 0..12_usize {
        for t in 1..=6_i64 {
            let d = (u % 4) as f64 + 1.0;
            let noise = ((u * 31 + t as usize * 17) % 13) as f64 / 100.0;
            unit.push(format!("u{u:02}"));
            period.push(t);
            dose.push(d);
            y.push(Some(
                u as f64 + t as f64 + noise + if t >= 4 { 0.5 * d } else { 0.0 },
            ));
        }
    }
    let n = unit.len();
    let timing = Timing::Onset {
        treated: vec![true; n],
        onset: 4,
    };
    let columns = Columns::new(unit, period, y, timing);
    assert!(Panel::build(columns.clone()).is_err());
    let panel = Panel::build(columns.with_dose("dose", dose)).unwrap();
    let e = estimate(&panel, &Spec::new(Method::Dose)).unwrap();
    assert!((e.rows()[0].estimate - 0.5).abs() < 0.05, "{:?}", e.rows()[0]);
    assert_eq!(e.points().len(), 6);
    assert!(
        e.points()
            .iter()
            .all(|p| (p.estimate - if p.event_time >= Some(0) { 0.5 } else { 0.0 }).abs() < 0.1)
    );
    let test = counterpart_estimate::diagnose::pretrend::wald(&e).unwrap();
    assert_eq!(test.event_times, vec![-3, -2]);
    assert!(did::did(&panel, &Spec::did()).is_err());
}
