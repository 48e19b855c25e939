//! Disclosure control: the only way from an assessment to something that may be published.
//!
//! [`Published`] has no public constructor. A writer of reports accepts nothing else, so that what is written has
//! been through here.

use std::collections::BTreeSet;

use counterpart_model::case::Disclosure;
use serde::Serialize;

use crate::assessment::{Assessment, CheckStatus, ClaimRow, DerivationStatus, Figure, Number, Sentence};
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
    // Whatever was computed from a withheld count would give it away, and so would the other parts of a relation.
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
        secret.extend(complements(claims, &secret));
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
            "Withheld: a count of persons."
        } else {
            "Withheld: computed from a count of persons that is withheld."
        });
        claim
            .check
            .candidates
            .retain(|row| !concerned.contains(&row.derivation));
        let hidden = |row: &&mut DerivationStatus| {
            is_secret || concerned.contains(&row.id) || row.operands.iter().any(|id| secret.contains(id))
        };
        for row in claim.check.by_derivation.iter_mut().filter(hidden) {
            // Which relation holds, and that it holds, would say as much as the number.
            row.operands = Vec::new();
            row.missing = Vec::new();
            row.status = CheckStatus::NotCheckable;
            row.n_evaluated = 0;
            row.n_reproducing = 0;
            row.lowest = None;
            row.highest = None;
            row.sentence = sentence.clone();
        }
        claim.check.figures = Vec::new();
        claim.check.sentence = sentence;
        if claim.check.status != CheckStatus::NoDerivation {
            claim.check.status = CheckStatus::NotCheckable;
        }
        claim.check.kind = None;
        if is_secret {
            let is_few = [&claim.value, &claim.lower, &claim.upper]
                .into_iter()
                .flatten()
                .any(is_small);
            let speaker = claim
                .attributed
                .split_once(": ")
                .map_or("", |(speaker, _)| speaker)
                .to_owned();
            claim.value = None;
            claim.lower = None;
            claim.upper = None;
            claim.as_said = Some(if is_few {
                format!("<{threshold}")
            } else {
                "withheld".to_owned()
            });
            claim.text = "A count of persons, which is withheld".to_owned();
            claim.attributed = format!("{speaker}: a count of persons, which is withheld.");
            claim.check.stated = None;
        }
    }
}

/// For each relation of counts of persons in which one is withheld, the smallest of the others: with two unknowns the
/// relation pins down neither.
fn complements(claims: &[ClaimRow], secret: &BTreeSet<String>) -> Vec<String> {
    let count_of = |id: &str| {
        let claim = claims.iter().find(|claim| claim.id == id)?;
        let number = claim
            .value
            .as_ref()
            .or(claim.lower.as_ref())
            .or(claim.upper.as_ref())?;
        claim
            .unit
            .as_deref()
            .is_some_and(counts_persons)
            .then(|| number.as_f64())
    };
    let mut found = Vec::new();
    for claim in claims {
        for relation in &claim.check.by_derivation {
            let parts: Vec<&str> = std::iter::once(claim.id.as_str())
                .chain(relation.operands.iter().map(String::as_str))
                .collect();
            let withheld = parts.iter().filter(|id| secret.contains(**id)).count();
            if withheld != 1 {
                continue;
            }
            let others = parts
                .iter()
                .filter(|id| !secret.contains(**id))
                .filter_map(|id| Some((count_of(id)?, *id)));
            if let Some((_, id)) = others.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1))) {
                found.push(id.to_owned());
            }
        }
    }
    found
}

/// Whether a unit counts persons, whatever word it has for them.
pub(crate) fn counts_persons(unit: &str) -> bool {
    const WORDS: [&str; 30] = [
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
        "cadres",
        "women",
        "men",
        "girls",
        "boys",
        "children",
        "households",
        "families",
        "headcount",
        "heads",
        "staff",
        "migrants",
        "beneficiaries",
        "participants",
        "individuals",
        "inhabitants",
    ];
    const SIGNS: [&str; 4] = ["人", "户", "名", "человек"];
    // "CNY_per_person" is money; "persons", "person_times" and "registered workers" are counts.
    !unit.contains("per_")
        && (unit
            .split(['_', ' ', '-'])
            .any(|word| WORDS.contains(&word.to_lowercase().as_str()))
            || SIGNS.iter().any(|sign| unit.contains(sign)))
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
