//! How much: the base of the provider that a unit is paired with.
//!
//! Only the form `log` of a base `of` the `provider` is computed; everything else is *not computed*, with its
//! reason. A provider counted apart from the region that holds it takes its own base out of that region's; with
//! no base of its own its recipients take the region's, which is said.

use std::collections::BTreeMap;

use counterpart_model::study::Study;
use counterpart_model::{Decimal, Id, Period};

use crate::derive::{Choice, Deriver, NotDerived, nearest_double};
use crate::graph::Graph;
use crate::places::Window;
use crate::series::{Reading, Series};

/// The dose of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitDose {
    /// The unit.
    pub unit: Id,
    /// Its provider.
    pub provider: Id,
    /// The place whose base it is: the provider, or the region that stands in for it.
    pub base_of: Id,
    /// The base.
    pub base: Decimal,
    /// The dose: the base's natural logarithm.
    pub dose: f64,
    /// Addresses of the observations behind it.
    pub from: Vec<String>,
}

/// The doses of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Doses {
    /// Doses, by unit.
    pub units: Vec<UnitDose>,
    /// Units without a dose, and why.
    pub dropped: Vec<(Id, String)>,
    /// What has to be said.
    pub notes: Vec<String>,
    /// Parts of the rule that are not computed.
    pub not_computed: Vec<String>,
}

/// Why a study has no doses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DoseNotComputed {
    /// The study asks for none.
    #[error("study {study} asks for no dose")]
    NotAsked {
        /// The study.
        study: Id,
    },
    /// A form that is not computed.
    #[error("a dose of form {form:?} of {of:?} is not computed; only \"log\" of \"provider\" is")]
    Form {
        /// The form.
        form: String,
        /// Whose base.
        of: String,
    },
    /// The base cannot be evaluated.
    #[error("the base of the dose cannot be computed: {0}")]
    Base(#[from] NotDerived),
    /// No vintage holds the base of any provider.
    #[error("no vintage that may be read has {base} of a provider in {year}")]
    NoBase {
        /// The base indicator.
        base: Id,
        /// The year.
        year: String,
    },
}

/// Returns the dose of each treated unit: the logarithm of its provider's base.
///
/// # Errors
/// [`DoseNotComputed`] says why there are no doses at all.
pub fn doses<S: Series + ?Sized>(
    deriver: &Deriver<'_, S>,
    graph: &Graph,
    study: &Study,
    treated: &[Id],
    window: Window,
) -> Result<Doses, DoseNotComputed> {
    let Some(rule) = &study.dose else {
        return Err(DoseNotComputed::NotAsked {
            study: study.id.clone(),
        });
    };
    if rule.form != "log" || rule.of != "provider" {
        return Err(DoseNotComputed::Form {
            form: rule.form.clone(),
            of: rule.of.clone(),
        });
    }
    let period = Period {
        start: rule.year,
        end: None,
    };
    let mut result = Doses {
        units: Vec::new(),
        dropped: Vec::new(),
        notes: Vec::new(),
        not_computed: rule
            .controls_by_year
            .iter()
            .map(|text| format!("control by year: {text}"))
            .collect(),
    };
    let mut paired: Vec<(&Id, Id)> = Vec::new();
    for unit in treated {
        let providers: Vec<Id> = graph
            .providers_of(unit, &study.rounds, window)
            .into_iter()
            .collect();
        match providers.as_slice() {
            [] => result.dropped.push((
                unit.clone(),
                "is paired with nobody in the study's rounds".to_owned(),
            )),
            [one] => paired.push((unit, one.clone())),
            several => {
                let names: Vec<&str> = several.iter().map(Id::as_str).collect();
                let text = format!("has {} providers: {}", several.len(), names.join(", "));
                result.dropped.push((unit.clone(), text));
            }
        }
    }
    let mut wanted: Vec<Id> = paired.iter().map(|(_, provider)| provider.clone()).collect();
    wanted.extend(
        rule.apart
            .iter()
            .flat_map(|apart| [apart.provider.clone(), apart.from.clone()]),
    );
    wanted.sort();
    wanted.dedup();
    let choice = best_vintages(deriver, &rule.base, &wanted, period)?;
    let mut bases: BTreeMap<&Id, (Decimal, Vec<String>)> = BTreeMap::new();
    for place in &wanted {
        if let Ok(derived) = deriver.evaluate(&rule.base, place, period, &choice) {
            let from = derived.inputs.iter().map(|input| input.address.clone()).collect();
            bases.insert(place, (derived.value, from));
        }
    }
    if bases.is_empty() {
        return Err(DoseNotComputed::NoBase {
            base: rule.base.clone(),
            year: rule.year.to_string(),
        });
    }
    let places = graph.places();
    let mut stand_ins: BTreeMap<&Id, &Id> = BTreeMap::new();
    for apart in &rule.apart {
        let (provider, from) = (
            places.name_and_id(&apart.provider),
            places.name_and_id(&apart.from),
        );
        match bases.get(&apart.provider).cloned() {
            None => {
                stand_ins.insert(&apart.provider, &apart.from);
                result.notes.push(format!(
                    "{provider} has no {} of its own in {}: its recipients take that of {from}",
                    rule.base, rule.year
                ));
            }
            Some((own, addresses)) => {
                if let Some((base, inputs)) = bases.get_mut(&apart.from) {
                    *base -= own;
                    inputs.extend(addresses);
                    result.notes.push(format!(
                        "{} of {provider} is taken out of that of {from}",
                        rule.base
                    ));
                }
            }
        }
    }
    for (unit, provider) in paired {
        let base_of = stand_ins.get(&provider).copied().unwrap_or(&provider).clone();
        match bases.get(&base_of) {
            Some((base, from)) if *base > Decimal::ZERO => result.units.push(UnitDose {
                unit: unit.clone(),
                provider,
                base_of,
                base: *base,
                dose: nearest_double(*base).ln(),
                from: from.clone(),
            }),
            Some((base, _)) => result
                .dropped
                .push((unit.clone(), format!("{base} has no logarithm"))),
            None => {
                let text = format!(
                    "no {} of {} in {}",
                    rule.base,
                    places.name_and_id(&base_of),
                    rule.year
                );
                result.dropped.push((unit.clone(), text));
            }
        }
    }
    result.dropped.sort();
    Ok(result)
}

/// Returns for each observed indicator of the base the vintage that has it for the most places; of equal ones
/// the preferred.
fn best_vintages<S: Series + ?Sized>(
    deriver: &Deriver<'_, S>,
    base: &Id,
    places: &[Id],
    period: Period,
) -> Result<Choice, DoseNotComputed> {
    let none = || DoseNotComputed::NoBase {
        base: base.clone(),
        year: period.to_string(),
    };
    let mut choice = Choice::new();
    for (number, indicator) in deriver.observed(base)?.iter().enumerate() {
        let mut best: Option<(usize, &Id)> = None;
        for vintage in deriver.series().vintages(indicator) {
            let mut n_held = 0_usize;
            for place in places {
                let needs = deriver.needs(base, place, period)?;
                let has_all = needs
                    .iter()
                    .filter(|(slot, ..)| *slot == number)
                    .all(|(_, place, period)| {
                        matches!(
                            deriver.series().reading(place, indicator, *period, &vintage.id),
                            Reading::Value(row) if row.value.is_some()
                        )
                    });
                n_held += usize::from(has_all);
            }
            if n_held > best.map_or(0, |(n, _)| n) {
                best = Some((n_held, &vintage.id));
            }
        }
        let (_, vintage) = best.ok_or_else(none)?;
        choice.insert(indicator.clone(), vintage.clone());
    }
    Ok(choice)
}
