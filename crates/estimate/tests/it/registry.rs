//! A member without page or reference does not pass.

use std::path::Path;

use counterpart_estimate::registry::{Kind, MEMBERS, member};
use counterpart_estimate::spec::{Inference, Method};
use counterpart_estimate::{EstimateError, Spec, estimate};

use crate::data::{mpdta, path};

#[test]
fn every_method_is_a_member_and_every_estimator_a_method() {
    for m in Method::ALL {
        assert_eq!(member(m.name()).unwrap().kind, Kind::Estimator);
    }
    assert_eq!(
        MEMBERS.iter().filter(|m| m.kind == Kind::Estimator).count(),
        Method::ALL.len()
    );
}

#[test]
fn every_member_is_held_to_something_that_exists() {
    for m in MEMBERS {
        assert!(!m.held_to.is_empty() && !m.references.is_empty(), "{}", m.name);
        for held in m.held_to {
            if held.ends_with(".json") {
                assert!(path(&format!("golden/{held}")).is_file(), "{held}");
            } else {
                let (module, function) = held.split_once("::").unwrap();
                let text = std::fs::read_to_string(path(&format!("it/{module}.rs"))).unwrap();
                assert!(text.contains(&format!("fn {function}()")), "{held}");
            }
        }
    }
}

#[test]
fn every_member_has_a_page_with_every_section() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/estimators");
    for m in MEMBERS {
        let page = pages.join(format!("{}.md", m.name));
        let text = std::fs::read_to_string(&page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
        for section in [
            "## What it answers",
            "## Formula",
            "## Assumes",
            "## Drops",
            "## Held to",
            "## References",
            "## Example",
        ] {
            assert!(text.contains(section), "{}: no section `{section}`", m.name);
        }
        for surname in m.references.iter().filter_map(|r| r.split([' ', ',']).next()) {
            assert!(text.contains(surname), "{}: {surname} not on its page", m.name);
        }
        for held in m.held_to {
            assert!(text.contains(held), "{}: {held} not on its page", m.name);
        }
    }
    let index = std::fs::read_to_string(pages.join("README.md")).unwrap();
    for m in MEMBERS {
        assert!(
            index.contains(&format!("({}.md)", m.name)) && index.contains(m.summary),
            "{} not in the index",
            m.name
        );
    }
}

#[test]
fn inference_that_a_method_does_not_offer_is_refused_with_what_it_does() {
    let panel = mpdta();
    for m in Method::ALL {
        let offered = member(m.name()).unwrap().inference;
        for i in Inference::ALL.iter().filter(|i| !offered.contains(i)) {
            let refused = estimate(&panel, &Spec::new(m).with_inference(*i));
            assert!(
                matches!(refused, Err(EstimateError::NoSuchInference { .. })),
                "{m} {i}"
            );
        }
    }
}
