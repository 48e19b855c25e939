//! Dose × post.

use counterpart_estimate::spec::Method;
use counterpart_estimate::{EstimateError, Panel, Spec, did, estimate};

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
