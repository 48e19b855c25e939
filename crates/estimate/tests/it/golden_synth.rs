//! Synthetic control against SLSQP, synthetic difference in differences against diff-diff.
//!
//! Synthetic control is held by its objective (never worse than the file's) and its effect to 1e-4: SLSQP stops
//! near the optimum. Synthetic difference in differences follows the reference iteration in `reference` mode to
//! 1e-8; the exact optimum differs in later digits.

use counterpart_estimate::result::Estimate;
use counterpart_estimate::spec::{Inference, Method, Solver};
use counterpart_estimate::synth::leave_one_out;
use counterpart_estimate::{Columns, EstimateError, FirstTreated, Panel, Spec, Timing, estimate};

use crate::data::{close, column, golden, table};

fn block(file: &str, unit: &str, time: &str, y: &str, treated: &[&str], onset: i64, skip: &str) -> Panel {
    let t = table(file);
    let (u, p, v) = (column(&t, unit), column(&t, time), column(&t, y));
    let keep: Vec<usize> = (0..u.len()).filter(|&i| u[i] != skip).collect();
    let first = |i: &usize| {
        FirstTreated::from(if treated.contains(&u[*i].as_str()) {
            Some(onset)
        } else {
            None
        })
    };
    Panel::build(Columns::new(
        keep.iter().map(|&i| u[i].clone()).collect(),
        keep.iter().map(|&i| p[i].parse().unwrap()).collect(),
        keep.iter().map(|&i| v[i].parse().ok()).collect(),
        Timing::FirstTreated(keep.iter().map(first).collect()),
    ))
    .unwrap()
}

pub(crate) fn california() -> Panel {
    block(
        "california_prop99.csv",
        "State",
        "Year",
        "PacksPerCapita",
        &["California"],
        1989,
        "",
    )
}

fn basque() -> Panel {
    block(
        "basque.csv",
        "regionname",
        "year",
        "gdpcap",
        &["Basque Country (Pais Vasco)"],
        1970,
        "Spain (Espana)",
    )
}

#[test]
fn synthetic_control_is_never_worse_than_the_reference() {
    for (data, panel) in [("california_prop99", california()), ("basque", basque())] {
        let want = &golden("scipy-slsqp", data, "sc_outcomes_only")["result"];
        let got = estimate(&panel, &Spec::new(Method::SyntheticControl)).unwrap();
        let pre: f64 = got
            .points()
            .iter()
            .filter(|p| p.event_time.unwrap() < 0)
            .map(|p| p.estimate.powi(2))
            .sum();
        let reference = want["pre_sse"].as_f64().unwrap();
        assert!(pre <= reference * (1.0 + 1e-10), "{data}: {pre} {reference}");
        close(got.rows()[0].estimate, want["att"].as_f64().unwrap(), 1e-4, data);
        assert_eq!(got.rows()[0].p_value.unwrap(), want["p_value"].as_f64().unwrap());
        let total: f64 = got.weights().iter().map(|w| w.weight).sum();
        assert!((total - 1.0).abs() < 1e-12);
        for w in got.weights() {
            let name = w.unit.as_deref().unwrap();
            assert!(
                (w.weight - want["weights"][name].as_f64().unwrap_or(0.0)).abs() < 1e-3,
                "{name}"
            );
        }
        assert!(got.rows()[0].std_error.is_none());
    }
}

#[test]
fn synthetic_did_follows_the_reference_iteration() {
    for (data, panel) in [("california_prop99", california()), ("basque", basque())] {
        let want = &golden("diff-diff-3.13.0", data, "sdid_placebo")["result"];
        let mut spec = Spec::new(Method::SyntheticDid);
        spec.solver = Solver::Reference;
        let got = estimate(&panel, &spec).unwrap();
        close(got.rows()[0].estimate, want["att"].as_f64().unwrap(), 1e-8, data);
        for w in got.weights() {
            let reference = match (&w.unit, w.period) {
                (Some(u), _) => &want["unit_weights"][u],
                (None, t) => &want["time_weights"][t.unwrap().to_string()],
            };
            assert!((w.weight - reference.as_f64().unwrap()).abs() < 1e-8, "{w:?}");
        }
        // 200 draws against every placebo: three Monte-Carlo standard errors of a standard deviation.
        let se = want["se"].as_f64().unwrap();
        assert!(
            (got.rows()[0].std_error.unwrap() / se - 1.0).abs() < 3.0 / (2.0_f64 * 200.0).sqrt(),
            "{data}"
        );
        let exact = estimate(&panel, &Spec::new(Method::SyntheticDid)).unwrap();
        close(
            exact.rows()[0].estimate,
            want["att"].as_f64().unwrap(),
            2e-2,
            data,
        );
        for inference in [Inference::Jackknife, Inference::Bootstrap] {
            spec.inference = inference;
            assert!(matches!(
                estimate(&panel, &spec),
                Err(EstimateError::NoSuchInference { .. })
            ));
        }
    }
}

#[test]
fn bootstrap_and_jackknife_of_several_treated_units() {
    let panel = block(
        "california_prop99.csv",
        "State",
        "Year",
        "PacksPerCapita",
        &["California", "Colorado", "Nevada", "Montana", "Utah"],
        1989,
        "",
    );
    let mut spec = Spec::new(Method::SyntheticDid);
    spec.solver = Solver::Reference;
    spec.inference = Inference::Jackknife;
    let want = |name: &str| golden("diff-diff-3.13.0", "california_prop99", name)["result"].clone();
    let jackknife = want("sdid_five_states_jackknife");
    let got = estimate(&panel, &spec).unwrap();
    close(
        got.rows()[0].estimate,
        jackknife["att"].as_f64().unwrap(),
        1e-8,
        "effect",
    );
    let se = jackknife["se"].as_f64().unwrap();
    close(got.rows()[0].std_error.unwrap(), se, 1e-6, "jackknife");
    // 1,000 draws against 1,000 others: three Monte-Carlo standard errors of the difference.
    spec.inference = Inference::Bootstrap;
    spec.draws = 1000;
    let got = estimate(&panel, &spec).unwrap().rows()[0].std_error.unwrap();
    let se = want("sdid_five_states_bootstrap")["se"].as_f64().unwrap();
    assert!(
        (got / se - 1.0).abs() < 3.0 / 1000.0_f64.sqrt(),
        "{got} against {se}"
    );
    // The exact solver finds other weights in later digits, and nearly the same spread.
    spec.solver = Solver::Exact;
    let exact = estimate(&panel, &spec).unwrap().rows()[0].std_error.unwrap();
    assert!((exact / got - 1.0).abs() < 0.02, "{exact} against {got}");
}

#[test]
fn published_effect_on_cigarette_sales() {
    // Arkhangelsky et al. (2021), table 1: −15.6.
    let got = estimate(&california(), &Spec::new(Method::SyntheticDid)).unwrap();
    assert_eq!(format!("{:.1}", got.rows()[0].estimate), "-15.6");
}

#[test]
fn leaving_a_donor_out_moves_the_estimate_but_not_far() {
    let rows = leave_one_out(&california(), &Spec::new(Method::SyntheticControl)).unwrap();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|r| (r.estimate + 19.5).abs() < 4.0), "{rows:?}");
}

#[test]
fn a_perfect_fit_is_refused() {
    let columns = |noise: f64| {
        let units = ["t", "a", "b", "c", "d"];
        let y: Vec<Vec<Option<f64>>> = (0..5)
            .map(|u| {
                (0..4)
                    .map(|t| {
                        Some(if u == 0 {
                            2.5 + noise
                        } else {
                            u as f64 + if t == 3 { 1.0 } else { 0.0 }
                        })
                    })
                    .collect()
            })
            .collect();
        Columns::from_rectangle(
            &units.map(String::from),
            &[1, 2, 3, 4],
            &y,
            &[Some(4), None, None, None, None],
            None,
            None,
        )
    };
    let panel = Panel::build(columns(0.0)).unwrap();
    assert!(matches!(
        estimate(&panel, &Spec::new(Method::SyntheticControl)),
        Err(EstimateError::NotUnique { .. })
    ));
}
