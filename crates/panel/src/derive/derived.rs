//! Computed values with everything they rest on.

use std::collections::BTreeSet;

use counterpart_model::observation::Observation;
use counterpart_model::{Decimal, Id, Period};

use super::Choice;

/// A value that went into a derived one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// `place/indicator/period@vintage`.
    pub address: String,
    /// The place.
    pub place: Id,
    /// The observed indicator.
    pub indicator: Id,
    /// The period.
    pub period: Period,
    /// The vintage.
    pub vintage: Id,
    /// The value.
    pub value: Decimal,
    /// Unit of the value.
    pub unit: Option<String>,
    /// Status letters without brackets.
    pub status: Option<String>,
    /// Words about the value.
    pub flags: Vec<String>,
}

impl Input {
    pub(super) fn of(row: &Observation, value: Decimal) -> Self {
        Self {
            address: row.address(),
            place: row.place_id.clone(),
            indicator: row.indicator_id.clone(),
            period: row.period,
            vintage: row.vintage_id.clone(),
            value,
            unit: row.unit.clone(),
            status: row.status.clone(),
            flags: words(row.flag.as_deref()),
        }
    }
}

fn words(joined: Option<&str>) -> Vec<String> {
    let parts = joined.into_iter().flat_map(|text| text.split(';'));
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The vintage that one observed indicator was read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadIn {
    /// The observed indicator.
    pub indicator: Id,
    /// The vintage.
    pub vintage: Id,
    /// The census by which that vintage counts heads, where it says.
    pub population_basis: Option<String>,
    /// Whether the indicator counts heads.
    pub heads: bool,
}

/// A computed value with everything that it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The indicator asked for.
    pub indicator: Id,
    /// The place.
    pub place: Id,
    /// The period.
    pub period: Period,
    /// The value.
    pub value: Decimal,
    /// Which vintage each observed indicator was read in, in order of first appearance.
    pub read_in: Vec<ReadIn>,
    /// Every value read, once, in the order of reading.
    pub inputs: Vec<Input>,
}

impl Derived {
    /// Returns the names of its vintages, joined by `+`, each once.
    #[must_use]
    pub fn vintage_name(&self) -> String {
        join_vintages(self.read_in.iter().map(|read| &read.vintage))
    }

    /// Returns its address, `place/indicator/period@vintage+vintage`.
    #[must_use]
    pub fn address(&self) -> String {
        format!(
            "{}/{}/{}@{}",
            self.place,
            self.indicator,
            self.period,
            self.vintage_name()
        )
    }

    /// Returns which vintage each observed indicator was read in.
    #[must_use]
    pub fn choice(&self) -> Choice {
        self.read_in
            .iter()
            .map(|read| (read.indicator.clone(), read.vintage.clone()))
            .collect()
    }

    /// Returns the censuses behind the heads that it counts; where it counts none, those that its vintages name.
    #[must_use]
    pub fn population_bases(&self) -> BTreeSet<String> {
        let heads = self.read_in.iter().filter(|read| read.heads);
        let of_heads: BTreeSet<String> = heads.filter_map(|read| read.population_basis.clone()).collect();
        if self.read_in.iter().any(|read| read.heads) {
            return of_heads;
        }
        self.read_in
            .iter()
            .filter_map(|read| read.population_basis.clone())
            .collect()
    }

    /// Returns the statuses of its inputs.
    #[must_use]
    pub fn statuses(&self) -> BTreeSet<String> {
        self.inputs
            .iter()
            .filter_map(|input| input.status.clone())
            .collect()
    }

    /// Returns the flags of its inputs.
    #[must_use]
    pub fn flags(&self) -> BTreeSet<String> {
        self.inputs
            .iter()
            .flat_map(|input| input.flags.iter().cloned())
            .collect()
    }

    /// Returns the nearest double to the value.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        nearest_double(self.value)
    }
}

/// Returns the nearest double to a decimal.
///
/// Through its text, whose reading is correctly rounded; dividing integer parts would not always be.
#[must_use]
pub fn nearest_double(value: Decimal) -> f64 {
    value.to_string().parse().unwrap_or(f64::NAN)
}

/// Returns vintages joined by `+`, each once, in the order given.
#[must_use]
pub fn join_vintages<'a>(vintages: impl IntoIterator<Item = &'a Id>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for vintage in vintages {
        if !names.contains(&vintage.as_str()) {
            names.push(vintage.as_str());
        }
    }
    names.join("+")
}
