//! Sun–Abraham and imputation against diff-diff.

use counterpart_estimate::spec::{Aggregation, Method};
use counterpart_estimate::{Spec, estimate};

use crate::data::{close, golden, mpdta};

#[test]
fn sun_abraham_agrees_with_diff_diff() {
    let want = &golden("diff-diff-3.13.0", "mpdta", "sunab")["result"];
    let got = estimate(&mpdta(), &Spec::new(Method::SunAbraham)).unwrap();
    close(got.rows()[0].estimate, want["att"].as_f64().unwrap(), 1e-8, "ATT");
    close(
        got.rows()[0].std_error.unwrap(),
        want["se"]
            .as_f64()
            .unwrap_or_else(|| want["overall_se"].as_f64().unwrap()),
        1e-6,
        "ATT se",
    );
    for p in got.points().iter().filter(|p| !p.is_reference) {
        let k = p.event_time.unwrap().to_string();
        let w = &want["event_study_effects"][&k];
        close(p.estimate, w["effect"].as_f64().unwrap(), 1e-8, &k);
        close(
            p.std_error.unwrap(),
            w["se"].as_f64().unwrap(),
            1e-6,
            &format!("{k} se"),
        );
    }
    for r in got
        .rows()
        .iter()
        .filter(|r| r.aggregation == Some(Aggregation::GroupTime) && !r.is_reference)
    {
        let key = format!(
            "(np.int64({}), np.int64({}))",
            r.group.unwrap(),
            r.event_time.unwrap()
        );
        let w = &want["cohort_effects"][&key];
        close(r.estimate, w["effect"].as_f64().unwrap(), 1e-8, &key);
        close(
            r.std_error.unwrap(),
            w["se"].as_f64().unwrap(),
            1e-6,
            &format!("{key} se"),
        );
    }
}

#[test]
fn imputation_agrees_with_diff_diff() {
    let want = &golden("diff-diff-3.13.0", "mpdta", "bjs")["result"];
    let got = estimate(&mpdta(), &Spec::new(Method::Imputation)).unwrap();
    for r in got.rows() {
        let w = match r.aggregation {
            Some(Aggregation::Simple) => {
                close(r.estimate, want["overall_att"].as_f64().unwrap(), 1e-8, "ATT");
                close(
                    r.std_error.unwrap(),
                    want["overall_se"].as_f64().unwrap(),
                    1e-6,
                    "ATT se",
                );
                continue;
            }
            Some(Aggregation::Dynamic) => &want["event_study_effects"][r.event_time.unwrap().to_string()],
            Some(Aggregation::Group) => &want["group_effects"][r.group.unwrap().to_string()],
            _ => continue,
        };
        close(r.estimate, w["effect"].as_f64().unwrap(), 1e-8, &r.term);
        close(
            r.std_error.unwrap(),
            w["se"].as_f64().unwrap(),
            1e-6,
            &format!("{} se", r.term),
        );
    }
}
