//! Disclosure control: the only way from an assessment to something that may be published.
//!
//! [`Published`] has no public constructor. A writer of reports accepts nothing else, so that what is written has
//! been through here.

use std::collections::BTreeSet;

use counterpart_model::case::Disclosure;
use serde::Serialize;

use crate::assessment::{Assessment, ClaimRow, Figure, Number, Sentence};
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

/// Returns claims with small counts of persons withheld, for faces that show claims alone.
pub(crate) fn publish_claims(mut claims: Vec<ClaimRow>, disclosure: &Disclosure) -> Published<Vec<ClaimRow>> {
    withhold_from(&mut claims, &mut Vec::new(), disclosure.threshold);
    Published(claims)
}

fn withhold(assessment: &mut Assessment, threshold: u32) {
    withhold_from(&mut assessment.claims, &mut assessment.figures, threshold);
}

/// Withholds every count of fewer persons than the threshold, and everything that was computed from one.
fn withhold_from(claims: &mut [ClaimRow], figures: &mut Vec<Figure>, threshold: u32) {
    let limit = f64::from(threshold);
    let is_small = |number: &Number| {
        let value = number.as_f64();
        value > 0.0 && value < limit
    };
    let mut secret: BTreeSet<String> = BTreeSet::new();
    for claim in claims
        .iter()
        .filter(|claim| claim.unit.as_deref().is_some_and(counts_persons))
    {
        let said = [&claim.value, &claim.lower, &claim.upper];
        if said.into_iter().flatten().any(is_small) {
            secret.insert(claim.id.clone());
        }
        let computed = claim
            .check
            .candidates
            .iter()
            .filter(|row| row.value.as_ref().is_some_and(is_small));
        secret.extend(computed.map(|row| row.id.clone()));
    }
    for figure in figures.iter() {
        if figure.unit.as_deref().is_some_and(counts_persons) && is_small(&figure.value) {
            secret.insert(figure.id.clone());
        }
    }
    // Whatever was computed from a withheld count would give it away.
    loop {
        let before = secret.len();
        let candidates = claims.iter().flat_map(|claim| &claim.check.candidates);
        let told: Vec<String> = candidates
            .filter(|row| row.from.iter().any(|id| secret.contains(id)))
            .map(|row| row.id.clone())
            .chain(
                figures
                    .iter()
                    .filter(|row| row.from.iter().any(|id| secret.contains(id)))
                    .map(|row| row.id.clone()),
            )
            .collect();
        secret.extend(told);
        if secret.len() == before {
            break;
        }
    }
    if secret.is_empty() {
        return;
    }
    figures.retain(|figure| !secret.contains(&figure.id));
    for claim in claims {
        let is_secret = secret.contains(&claim.id);
        let concerned: BTreeSet<String> = claim
            .check
            .candidates
            .iter()
            .filter(|row| is_secret || secret.contains(&row.id))
            .map(|row| row.derivation.clone())
            .collect();
        if !is_secret && concerned.is_empty() {
            continue;
        }
        let sentence = Sentence::of(if is_secret {
            "Withheld: a count of few persons."
        } else {
            "Withheld: computed from a count of few persons."
        });
        claim
            .check
            .candidates
            .retain(|row| !concerned.contains(&row.derivation));
        for row in claim
            .check
            .by_derivation
            .iter_mut()
            .filter(|row| concerned.contains(&row.id))
        {
            row.lowest = None;
            row.highest = None;
            row.sentence = sentence.clone();
        }
        claim.check.figures = Vec::new();
        claim.check.sentence = sentence;
        if is_secret {
            let speaker = claim
                .attributed
                .split_once(": ")
                .map_or("", |(speaker, _)| speaker)
                .to_owned();
            claim.value = None;
            claim.lower = None;
            claim.upper = None;
            claim.as_said = Some(format!("<{threshold}"));
            claim.text = "A count of few persons, which is withheld".to_owned();
            claim.attributed = format!("{speaker}: a count of few persons, which is withheld.");
            claim.check.stated = None;
        }
    }
}

/// Whether a unit counts persons, whatever word it has for them.
fn counts_persons(unit: &str) -> bool {
    const WORDS: [&str; 14] = [
        "person",
        "persons",
        "people",
        "workers",
        "labourers",
        "employees",
        "trainees",
        "students",
        "pupils",
        "patients",
        "teachers",
        "doctors",
        "officials",
        "residents",
    ];
    // "CNY_per_person" is money; "persons", "person_times" and "registered workers" are counts.
    !unit.contains("per_")
        && unit
            .split(['_', ' ', '-'])
            .any(|word| WORDS.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::counts_persons;

    #[test]
    fn persons_are_counted_and_money_per_person_is_not() {
        for unit in [
            "persons",
            "person_times",
            "person-times",
            "registered workers",
            "People",
        ] {
            assert!(counts_persons(unit), "{unit}");
        }
        for unit in ["CNY_per_person", "percent", "count", "socks", "CNY"] {
            assert!(!counts_persons(unit), "{unit}");
        }
    }
}
