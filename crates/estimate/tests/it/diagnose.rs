//! Honest bounds, power, specification curve.

use counterpart_estimate::diagnose::honest_did::{EventStudy, Restriction, breakdown, honest_did};
use counterpart_estimate::diagnose::power::{analytic, by_randomisation};
use counterpart_estimate::diagnose::specification_curve::specification_curve;
use counterpart_estimate::spec::{Control, Method, Variance};
use counterpart_estimate::{Spec, estimate};

use crate::data::{close, golden, mpdta};

fn study() -> EventStudy {
    EventStudy::of(&estimate(&mpdta(), &Spec::new(Method::CallawaySantanna)).unwrap()).unwrap()
}

#[test]
fn identified_sets_under_relative_magnitudes_agree_with_diff_diff() {
    let want = &golden("diff-diff-3.13.0", "mpdta", "honest")["result"];
    for m in ["0.5", "1.0", "2.0"] {
        let w = &want[format!("relative_magnitude M={m}")];
        let got = honest_did(
            &study(),
            Restriction::RelativeMagnitudes(m.parse().unwrap()),
            0.95,
            1,
        )
        .unwrap();
        close(got.set_low.unwrap(), w["lb"].as_f64().unwrap(), 1e-8, m);
        close(got.set_high.unwrap(), w["ub"].as_f64().unwrap(), 1e-8, m);
        assert!(got.conf_low < got.set_low.unwrap() && got.conf_high > got.set_high.unwrap());
    }
}

#[test]
fn smoothness_intervals_are_the_shortest_of_fixed_length() {
    let want = &golden("diff-diff-3.13.0", "mpdta", "honest")["result"];
    for m in ["0.0", "0.005", "0.01"] {
        let w = &want[format!("smoothness M={m}")];
        let got = honest_did(&study(), Restriction::Smoothness(m.parse().unwrap()), 0.95, 1).unwrap();
        let (low, high) = (w["ci_lb"].as_f64().unwrap(), w["ci_ub"].as_f64().unwrap());
        // Never longer than the file's; where the optimum is flat the centre may lie elsewhere in the sixth digit.
        assert!(got.conf_high - got.conf_low <= (high - low) * (1.0 + 1e-9), "{m}");
        assert!(
            (got.conf_low - low).abs() < 2e-6 && (got.conf_high - high).abs() < 2e-6,
            "{m}"
        );
        // Coefficients before onset bend by more than M: no path of trends fits them.
        assert_eq!((got.set_low, got.set_high), (None, None));
    }
}

#[test]
fn breakdown_is_where_the_interval_meets_zero() {
    let s = study();
    let m = breakdown(&s, 0.95, 1).unwrap().unwrap();
    let at = |m: f64| honest_did(&s, Restriction::RelativeMagnitudes(m), 0.95, 1).unwrap();
    assert!(
        m > 0.0 && at(m * 0.99).conf_high < 0.0 && at(m * 1.01 + 1e-3).conf_high >= 0.0,
        "{m}"
    );
}

#[test]
fn detectable_effects() {
    let panel = mpdta();
    let e = estimate(&panel, &Spec::did()).unwrap();
    let mde = analytic(e.rows()[0].std_error.unwrap(), e.df(), 0.8, 0.95)
        .unwrap()
        .effect
        .unwrap();
    close(
        mde / e.rows()[0].std_error.unwrap(),
        2.806,
        1e-3,
        "multiple at 499 degrees of freedom",
    );
    let drawn = by_randomisation(&panel, &Spec::did().with_draws(399, 2), 0.8)
        .unwrap()
        .effect
        .unwrap();
    assert!(drawn > 0.3 * mde && drawn < 3.0 * mde, "{drawn} {mde}");
}

#[test]
fn a_curve_is_sorted_and_says_what_was_refused() {
    let panel = mpdta();
    let mut specs = vec![
        Spec::did(),
        Spec::did().with_variance(Variance::Iid),
        Spec::new(Method::Dose),
    ];
    specs.push(Spec::new(Method::CallawaySantanna));
    specs.push(Spec::new(Method::CallawaySantanna).with_control(Control::NotYet));
    specs.push(Spec::new(Method::Imputation));
    let curve = specification_curve(&[("all".into(), &panel)], &specs);
    let estimates: Vec<f64> = curve
        .points
        .iter()
        .filter_map(|p| p.row.as_ref())
        .map(|r| r.estimate)
        .collect();
    assert!(estimates.len() == 5 && estimates.is_sorted());
    assert!(curve.points[5].refused.as_deref().unwrap().contains("dose"));
    assert_eq!(
        (curve.share_positive, curve.share_significant),
        (Some(0.0), Some(1.0))
    );
}
