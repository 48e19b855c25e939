//! Group-time effects against csdid and diff-diff.
//!
//! Points to 1e-8 (without covariates differences of means; with covariates the references iterate the logit
//! to about that), standard errors to 1e-6 (the packages agree with each other to that). Where the two packages
//! disagree (doubly robust) csdid is followed, which carries R `DRDID` over.

use counterpart_estimate::spec::{Aggregation, BasePeriod, Control, CovariateMethod, Method};
use counterpart_estimate::{Estimated, Spec, TidyRow, estimate};
use serde_json::Value;

use crate::data::{close, golden, mpdta};

fn spec(control: &str, base: &str, method: Option<&str>) -> (Spec, String) {
    let mut spec = Spec::new(Method::CallawaySantanna)
        .with_control(if control == "nevertreated" {
            Control::Never
        } else {
            Control::NotYet
        })
        .with_base_period(BasePeriod::parse(base).unwrap());
    let mut file = format!("cs_{control}_{base}");
    if let Some(m) = method {
        spec = spec.with_covariates(&["lpop"], CovariateMethod::parse(m).unwrap());
        file = format!("{file}_{m}_lpop");
    }
    (spec, file)
}

fn every() -> Vec<(Spec, String, Option<&'static str>)> {
    let mut out = Vec::new();
    for control in ["nevertreated", "notyettreated"] {
        for base in ["universal", "varying"] {
            for method in [None, Some("reg"), Some("ipw"), Some("dr")] {
                let (s, f) = spec(control, base, method);
                out.push((s, f, method));
            }
        }
    }
    out
}

fn row<'a>(e: &'a Estimated, kind: Aggregation, wanted: &dyn Fn(&TidyRow) -> bool) -> &'a TidyRow {
    e.rows()
        .iter()
        .find(|r| r.aggregation == Some(kind) && wanted(r))
        .unwrap()
}

fn check(got: &TidyRow, estimate: &Value, error: &Value, what: &str) {
    close(got.estimate, estimate.as_f64().unwrap(), 1e-8, what);
    match error.as_f64() {
        Some(se) => close(
            got.std_error.unwrap(),
            se,
            1e-6,
            &format!("{what}, standard error"),
        ),
        None => assert!(got.is_reference && got.std_error.is_none(), "{what}"),
    }
}

#[test]
fn every_design_agrees_with_csdid() {
    let panel = mpdta();
    for (spec, file, _) in every() {
        let want = &golden("csdid-0.4.3", "mpdta", &file)["result"];
        let got = estimate(&panel, &spec).unwrap();
        let cells = &want["att_gt"];
        for (i, g) in cells["group"].as_array().unwrap().iter().enumerate() {
            let (g, t) = (g.as_i64(), cells["time"][i].as_i64());
            let r = row(&got, Aggregation::GroupTime, &|r| r.group == g && r.time == t);
            check(
                r,
                &cells["att"][i],
                &cells["se"][i],
                &format!("{file} ATT({g:?}, {t:?})"),
            );
        }
        for (name, kind) in [
            ("simple", Aggregation::Simple),
            ("dynamic", Aggregation::Dynamic),
            ("group", Aggregation::Group),
            ("calendar", Aggregation::Calendar),
        ] {
            let part = &want[name];
            let r = row(&got, kind, &|r| r.term == "ATT");
            check(
                r,
                &part["overall_att"],
                &part["overall_se"],
                &format!("{file} {name}"),
            );
            for (i, e) in part["egt"].as_array().into_iter().flatten().enumerate() {
                let e = e.as_i64();
                let r = row(&got, kind, &|r| {
                    r.term != "ATT" && (r.event_time == e || r.group == e || r.time == e)
                });
                check(
                    r,
                    &part["att_egt"][i],
                    &part["se_egt"][i],
                    &format!("{file} {name} {e:?}"),
                );
            }
        }
    }
}

#[test]
fn every_design_but_the_doubly_robust_agrees_with_diff_diff() {
    let panel = mpdta();
    for (spec, file, method) in every() {
        if method == Some("dr") {
            continue;
        }
        let want = &golden("diff-diff-3.13.0", "mpdta", &file)["result"];
        let got = estimate(&panel, &spec).unwrap();
        for cell in want["att_gt"].as_array().unwrap() {
            let (g, t) = (cell["group"].as_i64(), cell["time"].as_i64());
            let r = row(&got, Aggregation::GroupTime, &|r| r.group == g && r.time == t);
            if !r.is_reference {
                check(
                    r,
                    &cell["effect"],
                    &cell["se"],
                    &format!("{file} ATT({g:?}, {t:?})"),
                );
            }
        }
    }
}

#[test]
fn published_minimum_wage_effect() {
    // Callaway and Sant'Anna (2021) and the vignette of R `did`: −0.0400 (0.0120).
    let got = estimate(&mpdta(), &Spec::new(Method::CallawaySantanna)).unwrap();
    let r = &got.rows()[0];
    assert_eq!(
        (
            format!("{:.4}", r.estimate),
            format!("{:.4}", r.std_error.unwrap())
        ),
        ("-0.0400".into(), "0.0120".into())
    );
}

#[test]
fn bands_contain_intervals_and_both_ways_to_draw_them_agree() {
    use counterpart_estimate::spec::Inference;
    let panel = mpdta();
    let spec = Spec::new(Method::CallawaySantanna).with_draws(4_000, 5);
    let a = estimate(&panel, &spec).unwrap();
    let b = estimate(&panel, &spec.clone().with_inference(Inference::Multiplier)).unwrap();
    for (x, y) in a.points().iter().zip(b.points()) {
        if x.is_reference {
            continue;
        }
        assert!(x.band_low < x.conf_low && x.band_high > x.conf_high);
        let width = |r: &TidyRow| r.band_high.unwrap() - r.band_low.unwrap();
        // A 95 % quantile of a maximum from 4,000 draws has a standard error of about 1.5 %.
        assert!(
            (width(x) / width(y) - 1.0).abs() < 0.05,
            "{} {}",
            width(x),
            width(y)
        );
    }
}

#[test]
fn every_event_study_has_bands_around_its_intervals() {
    let panel = mpdta();
    for method in [
        Method::EventStudy,
        Method::SunAbraham,
        Method::Imputation,
        Method::CallawaySantanna,
    ] {
        let e = estimate(&panel, &Spec::new(method)).unwrap();
        for p in e.points().iter().filter(|p| !p.is_reference) {
            assert!(
                p.band_low < p.conf_low && p.band_high > p.conf_high,
                "{method} {p:?}"
            );
        }
    }
}
