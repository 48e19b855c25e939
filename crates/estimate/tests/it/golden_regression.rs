//! Two-way fixed effects and event study against pyfixest.
//!
//! Points to 1e-8: both sides solve the same least squares problem. Standard errors to 1e-6: the reference takes
//! fixed effects out by iteration.

use counterpart_estimate::spec::Variance;
use counterpart_estimate::{Spec, did};

use crate::data::{close, golden, mpdta};

#[test]
fn two_way_fixed_effects_agree_with_pyfixest_under_each_variance() {
    let panel = mpdta();
    for (file, variance) in [
        ("twfe_iid", Variance::Iid),
        ("twfe_hc1", Variance::Hc1),
        ("twfe_cluster_unit", Variance::Cluster),
    ] {
        let want = golden("pyfixest-0.60.0", "mpdta", file);
        let got = did::did(&panel, &Spec::did().with_variance(variance)).unwrap();
        let row = &got.rows()[0];
        close(
            row.estimate,
            want["result"]["coef"]["_treat"].as_f64().unwrap(),
            1e-8,
            file,
        );
        close(
            row.std_error.unwrap(),
            want["result"]["se"]["_treat"].as_f64().unwrap(),
            1e-6,
            file,
        );
        assert_eq!(
            got.sample().n_rows_used() as u64,
            want["result"]["n"].as_u64().unwrap()
        );
        assert_eq!(
            (got.sample().n_treated_units(), got.sample().n_control_units()),
            (191, 309)
        );
    }
}

#[test]
fn event_study_agrees_with_pyfixest() {
    let want = golden("pyfixest-0.60.0", "mpdta", "eventstudy_twfe");
    let got = did::event_study(&mpdta(), &Spec::event_study()).unwrap();
    for row in got.points() {
        let k = row.event_time.unwrap();
        if row.is_reference {
            assert_eq!((k, row.estimate, row.std_error), (-1, 0.0, None));
            continue;
        }
        let name = format!("_rel::{k}");
        close(
            row.estimate,
            want["result"]["coef"][&name].as_f64().unwrap(),
            1e-8,
            &name,
        );
        close(
            row.std_error.unwrap(),
            want["result"]["se"][&name].as_f64().unwrap(),
            1e-6,
            &name,
        );
    }
    assert_eq!(got.points().len(), 8);
}
