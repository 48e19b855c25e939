//! Disclosure control: the only way from an assessment to something that may be published.
//!
//! [`Published`] has no public constructor. A writer of reports accepts nothing else, so that what is written has
//! been through here.

use counterpart_model::case::Disclosure;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::assessment::Assessment;
use crate::error::AppraiseError;

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
        let bytes = serde_json::to_vec(&self).map_err(|source| AppraiseError::Serialise { source })?;
        let digest = Sha256::digest(&bytes);
        self.view_digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Published(self))
    }
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
