//! Disclosure control: the only way from a record to something that may be published.
//!
//! Counts of persons under the threshold, and whatever would give them away by subtraction, are taken out of the record
//! **before** anything is computed from it. Totals, checks, contradictions, duties, sentences and estimates never see a
//! withheld figure, so that none of them can tell it; what they say is a function of what is published anyway. The cells
//! and how they hang together are gathered from the record (`cells`, `margins`), [`suppress()`] chooses what else has
//! to go, and `redact` takes it out of typed rows and of rows as they are stored. `docs/disclosure.md` has the rules.
//!
//! [`Published`] has no public constructor. A writer of reports accepts nothing else, so that what is written has
//! been through here.

mod attack;
mod cells;
mod earlier;
mod margins;
mod redact;
mod suppress;
mod unit;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::case::Disclosure;
use counterpart_model::{Record, Row, TableId, Value};
use serde::Serialize;

use crate::assessment::{Assessment, ClaimRow};
use crate::error::AppraiseError;
use crate::seal;
use cells::Cells;

pub use earlier::Publication;
pub use suppress::{Cell, Relation, suppress};
pub(crate) use unit::counts_persons;

/// Why there is no number: said of small counts and of those that go with them alike, so that it tells neither apart.
pub const WITHHELD: &str = "withheld, because it counts few persons or would reveal a count of few";

/// What stands for an input of a computation that is withheld.
pub const INPUT_WITHHELD: &str = "a figure that is withheld";

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
    /// Seals the public view with its digest.
    ///
    /// [`assess`](crate::assess()) has read the record without what the case's own `[disclosure]` withholds, so that
    /// nothing is left to take out here.
    ///
    /// # Errors
    /// [`AppraiseError::Threshold`] if `disclosure` asks for more than the assessment was made with;
    /// [`AppraiseError::Serialise`] if the assessment cannot be written as JSON.
    pub fn publish(self, disclosure: &Disclosure) -> Result<Published<Self>, AppraiseError> {
        let Published(mut public) = self.publish_unsealed(disclosure)?;
        let (blocks, view) = seal::seals(&compact(&public)?);
        public.block_digests = blocks;
        public.view_digest = view;
        Ok(Published(public))
    }

    /// Returns the public view without its digests: for a face that shows parts of it and never the whole.
    ///
    /// # Errors
    /// [`AppraiseError::Threshold`] as for [`publish`](Self::publish).
    pub fn publish_unsealed(mut self, disclosure: &Disclosure) -> Result<Published<Self>, AppraiseError> {
        if self.disclosure.threshold < disclosure.threshold {
            return Err(AppraiseError::Threshold {
                made_with: self.disclosure.threshold,
                asked: disclosure.threshold,
            });
        }
        self.view_digest = String::new();
        self.block_digests = BTreeMap::new();
        Ok(Published(self))
    }
}

fn compact(assessment: &Assessment) -> Result<String, AppraiseError> {
    serde_json::to_string(assessment).map_err(|source| AppraiseError::Serialise { source })
}

/// Returns claims that were checked on a record that has been through [`public`].
pub(crate) fn publish_claims(claims: Vec<ClaimRow>) -> Published<Vec<ClaimRow>> {
    Published(claims)
}

/// Returns duties that were computed on a record that has been through [`public`].
pub(crate) fn publish_office(office: crate::duty::Office) -> Published<crate::duty::Office> {
    Published(office)
}

/// Returns the record without what is withheld; the same record where nothing is, or where it has been taken out.
///
/// `earlier` is what was published before, in any order.
#[must_use]
pub fn public<'a>(record: &'a Record, earlier: &[Publication]) -> Cow<'a, Record> {
    if record.withheld.is_some() {
        return Cow::Borrowed(record);
    }
    Cow::Owned(Control::of(record, earlier).record(record))
}

/// What of a record is withheld.
#[derive(Debug)]
pub struct Control {
    threshold: u32,
    withheld: BTreeSet<(TableId, String)>,
    /// Withheld counts of persons, in digits.
    digits: BTreeSet<String>,
    /// Numbers on record now, by row.
    current: BTreeMap<(TableId, String), Vec<(&'static str, String)>>,
    publication: Publication,
}

impl Control {
    /// Decides what of a record is withheld, given what was published before.
    #[must_use]
    pub fn of(record: &Record, earlier: &[Publication]) -> Self {
        let threshold = record.case.disclosure.threshold;
        let mut cells = Cells::of(record, earlier);
        for publication in earlier {
            publication.join(&mut cells);
        }
        let hidden = if cells.is_quiet() {
            BTreeSet::new()
        } else {
            let width = f64::from(threshold.saturating_sub(1)).max(1.0);
            suppress(&cells.cells, &cells.relations, &cells.always, width)
        };
        // What was published before is not published again where it is small: once is bad enough.
        let taken: BTreeSet<usize> = hidden
            .iter()
            .copied()
            .chain(
                (0..cells.cells.len())
                    .filter(|at| cells.cells.get(*at).is_some_and(|cell| cell.is_protected)),
            )
            .chain(cells.always.iter().copied())
            .collect();
        let mut withheld = BTreeSet::new();
        let mut digits = BTreeSet::new();
        for at in &taken {
            let (Some(cell), Some(Some((table, key, _)))) = (cells.cells.get(*at), cells.ids.get(*at)) else {
                continue;
            };
            if *at >= cells.n_own() {
                continue;
            }
            withheld.insert((*table, key.clone()));
            let numbers = [cell.value, cell.bounds.0, cell.bounds.1];
            digits.extend(numbers.into_iter().flatten().map(|number| number.to_string()));
        }
        let mut current: BTreeMap<(TableId, String), Vec<(&'static str, String)>> = BTreeMap::new();
        for (cell, id) in cells.cells.iter().zip(&cells.ids).take(cells.n_own()) {
            if let (Some((table, key, column)), Some(value)) = (id, cell.value) {
                current
                    .entry((*table, key.clone()))
                    .or_default()
                    .push((column, value.to_string()));
            }
        }
        Self {
            threshold,
            publication: Publication::new(&cells, &taken, threshold),
            withheld,
            digits,
            current,
        }
    }

    /// Returns the record without what is withheld.
    #[must_use]
    pub fn record(&self, record: &Record) -> Record {
        self.redact(record.clone())
    }

    /// Returns the record without what is withheld, made of the record itself.
    #[must_use]
    pub fn take_out_of(&self, record: Record) -> Record {
        self.redact(record)
    }

    /// Returns a row, of this record or of an earlier state of it, as it may be shown.
    #[must_use]
    pub fn row(&self, row: &Row) -> Published<Row> {
        Published(self.redact_row(row).unwrap_or_else(|| row.clone()))
    }

    /// Returns a row as it may be shown where that is not the row itself.
    #[must_use]
    pub fn shown_instead(&self, row: &Row) -> Option<Row> {
        self.redact_row(row)
    }

    /// Returns a text as it may be shown.
    #[must_use]
    pub fn text(&self, text: &str) -> Published<String> {
        Published(if self.tells(text) {
            redact::TEXT.to_owned()
        } else {
            text.to_owned()
        })
    }

    fn withholds(&self, table: TableId) -> bool {
        self.withheld.iter().any(|(of, _)| *of == table)
    }

    /// Returns what publishing this record tells, for the keeper to put on record.
    #[must_use]
    pub fn publication(&self, record: &Record) -> Publication {
        let statistics = cells::statistics_of_persons(record)
            .filter(|(key, _)| !self.current.contains_key(&(TableId::Observations, key.clone())))
            .map(|(key, value)| (key, value.to_string()))
            .collect();
        self.publication.clone().with_statistics(statistics)
    }

    /// Whether the figures of a row are withheld.
    #[must_use]
    pub fn is_withheld(&self, table: TableId, key: &str) -> bool {
        self.withheld.contains(&(table, key.to_owned()))
    }

    /// Whether a row that was replaced tells what is withheld now, or a small count of its own.
    fn is_withheld_version(&self, row: &Row) -> bool {
        let number = |heading: &str| match row.get(heading) {
            Some(Value::Integer(count)) => Some(count.to_string()),
            Some(Value::Decimal(count)) => cells::to_f64(*count).map(|count| count.to_string()),
            _ => None,
        };
        let counts = matches!(
            row.table,
            TableId::Placements | TableId::Postings | TableId::Trainings
        ) || row.text("unit").is_some_and(counts_persons);
        if !counts {
            return false;
        }
        let columns = [
            "count",
            "value",
            "lower",
            "upper",
            "baseline",
            "target",
            "target_lower",
            "actual",
            "actual_lower",
        ];
        let limit = f64::from(self.threshold);
        let each = row.text("unit").and_then(unit::persons_each).unwrap_or(1.0);
        let is_small = columns.iter().filter_map(|column| number(column)).any(|digits| {
            digits
                .parse::<f64>()
                .is_ok_and(|count| count > 0.0 && count * each < limit)
        });
        let is_current = self.current.get(&(row.table, row.key())).is_some_and(|now| {
            now.iter()
                .all(|(column, value)| number(column).as_ref() == Some(value))
        });
        // Subtracting a state from another tells what came in between.
        is_small
            || (!is_current
                && !self.withheld.is_empty()
                && columns.iter().any(|column| number(column).is_some()))
    }

    fn tells(&self, text: &str) -> bool {
        words::tells(text, self.threshold, &self.digits)
    }
}
