//! Data that cannot answer: an error that names what is wrong, or an estimate without the part that does not exist.

use counterpart_estimate::diagnose::honest_did::EventStudy;
use counterpart_estimate::diagnose::placebo::placebo_in_time;
use counterpart_estimate::diagnose::pretrend::pre_trend;
use counterpart_estimate::resample::wild_cluster::wild_cluster;
use counterpart_estimate::spec::{Control, CovariateMethod, Inference, Method, Variance};
use counterpart_estimate::{Columns, EstimateError, FirstTreated, Panel, Spec, Timing, did, estimate};

use crate::data::mpdta;

/// Units × periods 1…`periods`; cohort by unit; outcome by unit and period.
fn panel(cohorts: &[Option<i64>], periods: i64, y: impl Fn(usize, i64) -> f64) -> Panel {
    let rows: Vec<(usize, i64)> = (0..cohorts.len())
        .flat_map(|u| (1..=periods).map(move |t| (u, t)))
        .collect();
    Panel::build(Columns::new(
        rows.iter().map(|r| format!("u{:02}", r.0)).collect(),
        rows.iter().map(|r| r.1).collect(),
        rows.iter().map(|r| Some(y(r.0, r.1))).collect(),
        Timing::FirstTreated(rows.iter().map(|r| FirstTreated::from(cohorts[r.0])).collect()),
    ))
    .unwrap()
}

fn noise(u: usize, t: i64) -> f64 {
    ((u * 37 + t as usize * 101) % 29) as f64 / 7.0
}

fn all() -> impl Iterator<Item = Method> {
    Method::ALL.into_iter().filter(|m| *m != Method::Dose)
}

#[test]
fn no_number_comes_out_that_is_not_finite_or_has_an_impossible_error() {
    let cases: Vec<(&str, Vec<Option<i64>>, i64)> = vec![
        ("one pre-period", vec![Some(2), Some(2), None, None, None], 4),
        ("one post-period", vec![Some(4), Some(4), None, None, None], 4),
        ("one treated unit", vec![Some(3), None, None, None, None], 5),
        ("one control unit", vec![Some(3), Some(3), Some(3), None], 5),
        (
            "two cohorts and nobody else",
            vec![Some(3), Some(3), Some(4), Some(4)],
            5,
        ),
        ("two periods", vec![Some(2), Some(2), None, None], 2),
        ("cohorts of one", vec![Some(2), Some(3), Some(4), None], 5),
    ];
    for (what, cohorts, periods) in cases {
        let p = panel(&cohorts, periods, noise);
        for method in all() {
            for control in Control::ALL {
                let Ok(e) = estimate(&p, &Spec::new(method).with_control(*control)) else {
                    continue;
                };
                for r in e.rows() {
                    assert!(r.estimate.is_finite(), "{what} {method} {r:?}");
                    if let Some(se) = r.std_error {
                        assert!(se > 0.0 && se.is_finite(), "{what} {method} {r:?}");
                        assert!(
                            r.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)),
                            "{what} {method} {r:?}"
                        );
                        let withheld = e.warnings().iter().any(|w| w.code == "interval_withheld");
                        assert!(
                            r.conf_low
                                .zip(r.conf_high)
                                .map_or(withheld, |(low, high)| low < high),
                            "{what} {method} {r:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn an_outcome_explained_without_residual_has_no_standard_error() {
    let p = panel(&[Some(3), Some(3), None, None, None], 5, |u, t| {
        u as f64 + t as f64 + if u < 2 && t >= 3 { 2.0 } else { 0.0 }
    });
    for method in [
        Method::Did,
        Method::EventStudy,
        Method::CallawaySantanna,
        Method::SunAbraham,
        Method::Imputation,
    ] {
        let refused = estimate(&p, &Spec::new(method));
        assert!(
            matches!(refused, Err(EstimateError::ZeroVariance { .. })),
            "{method}: {refused:?}"
        );
    }
}

#[test]
fn one_treated_unit_gives_no_cluster_robust_error_but_says_why() {
    let p = panel(&[Some(4), None, None, None, None, None], 8, noise);
    for method in [Method::Did, Method::EventStudy, Method::SunAbraham] {
        let e = estimate(&p, &Spec::new(method)).unwrap();
        assert!(
            e.rows()
                .iter()
                .all(|r| r.std_error.is_none() && r.p_value.is_none()),
            "{method}"
        );
        assert!(
            e.warnings().iter().any(|w| w.code == "one_treated_cluster"),
            "{method}"
        );
    }
    assert!(pre_trend(&p, &Spec::event_study()).is_err());
    assert!(EventStudy::of(&did::event_study(&p, &Spec::event_study()).unwrap()).is_err());
    assert!(matches!(
        wild_cluster(&p, &Spec::did()),
        Err(EstimateError::NoSuchInference { .. })
    ));
    let r = estimate(&p, &Spec::did().with_inference(Inference::Randomisation)).unwrap();
    assert!(r.rows()[0].p_value.unwrap() >= 1.0 / 6.0 - 1e-12);
    assert!(
        did::did(&p, &Spec::did().with_variance(Variance::Hc1))
            .unwrap()
            .rows()[0]
            .std_error
            .is_some()
    );
}

#[test]
fn what_is_missing_is_named() {
    let late = panel(&[Some(3), Some(3), Some(4), Some(4)], 5, noise);
    let never = estimate(&late, &Spec::new(Method::CallawaySantanna));
    assert!(
        matches!(
            never,
            Err(EstimateError::NoControls {
                n_never_treated: 0,
                ..
            })
        ),
        "{never:?}"
    );
    assert!(
        estimate(
            &late,
            &Spec::new(Method::CallawaySantanna).with_control(Control::NotYet)
        )
        .is_ok()
    );
    let study = estimate(&late, &Spec::event_study());
    assert!(matches!(study, Err(EstimateError::Collinear { .. })), "{study:?}");
    let sun = estimate(&late, &Spec::new(Method::SunAbraham)).unwrap();
    assert!(sun.warnings().iter().any(|w| w.code == "last_cohort_as_control"));
    for method in [Method::SyntheticControl, Method::SyntheticDid] {
        let refused = estimate(&mpdta(), &Spec::new(method));
        assert!(
            matches!(refused, Err(EstimateError::SeveralOnsets { ref onsets }) if onsets.len() == 3),
            "{refused:?}"
        );
    }
    let first = panel(&[Some(2), Some(2), None, None], 4, noise);
    let placebo = placebo_in_time(&first, &Spec::did());
    assert!(
        matches!(
            placebo,
            Err(EstimateError::NoPrePeriod {
                cohort: Some(2),
                needed: 2,
                found: 1
            })
        ),
        "{placebo:?}"
    );
    let mut spec = Spec::new(Method::CallawaySantanna);
    spec.anticipation = 1;
    assert!(matches!(
        estimate(&first, &spec),
        Err(EstimateError::NoCells { .. })
    ));
}

#[test]
fn covariates_that_separate_the_sides_are_refused() {
    let p = mpdta();
    let columns = crate::data::mpdta_columns();
    let apart: Vec<Option<f64>> = match &columns.timing {
        Timing::FirstTreated(g) => g
            .iter()
            .map(|g| Some(if g.0 == Some(0.0) { 0.0 } else { 1.0 }))
            .collect(),
        _ => unreachable!(),
    };
    let q = Panel::build(columns.with_covariate("apart", apart)).unwrap();
    for method in [CovariateMethod::Ipw, CovariateMethod::Dr] {
        let refused = estimate(
            &q,
            &Spec::new(Method::CallawaySantanna).with_covariates(&["apart"], method),
        );
        assert!(
            matches!(refused, Err(EstimateError::NoOverlap { .. })),
            "{refused:?}"
        );
    }
    let unknown = estimate(
        &p,
        &Spec::new(Method::CallawaySantanna).with_covariates(&["gdp"], CovariateMethod::Reg),
    );
    assert!(matches!(unknown, Err(EstimateError::UnknownName { known, .. }) if known == ["lpop"]));
}

#[test]
fn an_incomplete_panel_says_what_its_three_uses_give() {
    let p = mpdta();
    let holes = p.retain(counterpart_estimate::sample::DropReason::LeftOut, |r| r % 11 != 3);
    let e = estimate(&holes, &Spec::new(Method::CallawaySantanna)).unwrap();
    let said = e.warnings().iter().find(|w| w.code == "unbalanced").unwrap();
    for word in ["pairs", "balanced", "cross-section"] {
        assert!(said.message.contains(word), "{}", said.message);
    }
}

#[test]
fn a_coefficient_without_variance_has_no_error_and_the_others_keep_theirs() {
    // Before treatment every unit moves by one: nothing varies there.
    let y = [[1.0, 2.0, 6.0], [2.0, 3.0, 6.0], [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]];
    let p = panel(&[Some(3), Some(3), None, None], 3, |u, t| y[u][t as usize - 1]);
    for method in [Method::EventStudy, Method::CallawaySantanna, Method::SunAbraham] {
        let e = estimate(&p, &Spec::new(method)).unwrap();
        let at = |k: i64| {
            e.points()
                .into_iter()
                .find(|r| r.event_time == Some(k))
                .unwrap()
                .clone()
        };
        assert!(
            at(-2).std_error.is_none() && at(-2).p_value.is_none(),
            "{method} {:?}",
            at(-2)
        );
        assert!(
            at(0).std_error.is_some() && (at(0).estimate - 2.0).abs() < 1e-12,
            "{method}"
        );
        assert!(
            e.warnings()
                .iter()
                .any(|w| w.code == "no_variance" && w.message.contains("-2")),
            "{method}"
        );
    }
}

#[test]
fn placebos_give_no_p_or_interval_that_their_number_cannot_reach() {
    for (donors, interval) in [(5, false), (18, false), (19, true), (25, true)] {
        let mut cohorts = vec![Some(7)];
        cohorts.resize(donors + 1, None);
        let p = panel(&cohorts, 9, |u, t| {
            noise(u, t) + if u == 0 && t >= 7 { 1_000.0 } else { 0.0 }
        });
        let e = estimate(&p, &Spec::new(Method::SyntheticDid)).unwrap();
        let row = &e.rows()[0];
        let floor = 1.0 / (1.0 + donors as f64);
        // The effect is beyond every placebo: p is the smallest there is, however large the statistic.
        assert!((row.p_value.unwrap() - floor).abs() < 1e-12, "{donors}");
        assert!(row.std_error.is_some());
        assert_eq!(row.conf_low.is_some(), interval, "{donors}");
        assert_eq!(row.conf_high.is_some(), interval, "{donors}");
        assert_eq!(
            e.warnings().iter().any(|w| w.code == "interval_withheld"),
            !interval
        );
    }
}
