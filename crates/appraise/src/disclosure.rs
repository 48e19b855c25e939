//! Disclosure control: the only way from an assessment to something that may be published.
//!
//! [`Published`] has no public constructor. A writer of reports accepts nothing else, so that what is written has
//! been through here.

use counterpart_model::case::Disclosure;
use serde::Serialize;

use crate::assessment::Assessment;
use crate::error::AppraiseError;
use crate::seal;

/// Something that has been through disclosure control.
#[derive(Debug, Clone, PartialEq)]
pub struct Published<T>(T);

impl<T> std::ops::Deref for Published<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize> Serialize for Published<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Assessment {
    /// Withholds small counts of persons and seals the public view with its digest.
    ///
    /// # Errors
    /// [`AppraiseError::Serialise`] if the assessment cannot be written as JSON.
    pub fn publish(mut self, disclosure: &Disclosure) -> Result<Published<Self>, AppraiseError> {
        withhold(&mut self, disclosure.threshold);
        self.view_digest = String::new();
        self.block_digests = std::collections::BTreeMap::new();
        self.block_digests = seal::blocks(&compact(&self)?);
        self.view_digest = seal::view(&compact(&self)?);
        Ok(Published(self))
    }
}

fn compact(assessment: &Assessment) -> Result<String, AppraiseError> {
    serde_json::to_string(assessment).map_err(|source| AppraiseError::Serialise { source })
}

/// Withholds figures of claims that count fewer persons than the threshold.
fn withhold(assessment: &mut Assessment, threshold: u32) {
    let threshold = f64::from(threshold);
    let small = |number: &crate::assessment::Number| {
        let value = number.as_f64();
        value > 0.0 && value < threshold
    };
    for claim in &mut assessment.claims {
        let counts_persons = claim.unit.as_deref().is_some_and(counts_persons);
        let is_small = [&claim.value, &claim.lower, &claim.upper]
            .into_iter()
            .flatten()
            .any(small);
        if counts_persons && is_small {
            claim.value = None;
            claim.lower = None;
            claim.upper = None;
            claim.as_said = Some(format!("<{threshold}"));
        }
    }
}

/// Whether a unit counts persons.
fn counts_persons(unit: &str) -> bool {
    matches!(unit, "persons" | "person_times" | "person-times" | "people")
}
