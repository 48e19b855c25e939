//! What was published before: numbers that an attacker has, and sums that hold among them.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::TableId;
use serde::{Deserialize, Serialize};

use super::cells::{CellId, Cells};
use super::suppress::{Cell, Relation};

/// The format of what is recorded.
const FORMAT: &str = "counterpart.publication/1";

/// The cells of a report that was published, kept in the keeper's ledger and never printed.
///
/// Withheld numbers are in it too: only so can a later report know whether a count is still the one that was withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    format: String,
    /// `view_digest` of the report.
    pub view_digest: String,
    /// The threshold that it was published with.
    pub threshold: u32,
    cells: Vec<KnownCell>,
    sums: Vec<(usize, Vec<usize>)>,
    /// Printed statistics of persons that were not looked at as cells: key and value.
    #[serde(default)]
    statistics: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KnownCell {
    table: String,
    key: String,
    column: String,
    value: String,
    published: bool,
    small: bool,
}

impl Publication {
    /// Reads what [`Publication::to_text`] wrote.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text)
            .ok()
            .filter(|publication| publication.format == FORMAT)
    }

    /// Returns the text that the keeper's ledger keeps.
    #[must_use]
    pub fn to_text(&self) -> String {
        // A struct of texts and numbers always has a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the publication with the digest of its report.
    #[must_use]
    pub fn of_report(mut self, view_digest: &str) -> Self {
        view_digest.clone_into(&mut self.view_digest);
        self
    }

    pub(super) fn new(cells: &Cells, hidden: &BTreeSet<usize>, threshold: u32) -> Self {
        let mut number = BTreeMap::new();
        let mut known = Vec::new();
        // What earlier reports said stays in their own publications.
        let own = cells.n_own();
        for (at, cell) in cells.cells.iter().enumerate().take(own) {
            let Some(value) = cell.value else { continue };
            let (table, key, column) = match cells.ids.get(at) {
                Some(Some((table, key, column))) => (table.name(), key.clone(), *column),
                _ => ("", format!("implied-{at}"), ""),
            };
            number.insert(at, known.len());
            known.push(KnownCell {
                table: table.to_owned(),
                key,
                column: column.to_owned(),
                value: value.to_string(),
                published: cell.is_said && !hidden.contains(&at),
                small: cell.is_protected,
            });
        }
        let sums = cells
            .own_relations()
            .iter()
            .filter_map(|relation| match relation {
                Relation::Sum(total, parts) => {
                    let parts: Option<Vec<usize>> =
                        parts.iter().map(|part| number.get(part).copied()).collect();
                    Some((number.get(total).copied()?, parts?))
                }
                _ => None,
            })
            .collect();
        Self {
            format: FORMAT.to_owned(),
            view_digest: String::new(),
            threshold,
            cells: known,
            sums,
            statistics: BTreeMap::new(),
        }
    }

    /// Adds the statistics of persons that were printed besides.
    pub(super) fn with_statistics(mut self, statistics: BTreeMap<String, String>) -> Self {
        self.statistics = statistics;
        self
    }

    /// Returns indicators and periods of the statistics that were cells.
    pub(super) fn statistics_looked_at(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.cells
            .iter()
            .filter(|cell| cell.table == TableId::Observations.name())
            .filter_map(|cell| {
                // A period may have a stroke in it; place, indicator and vintage have none.
                let (_, rest) = cell.key.split_once('/')?;
                let (indicator, rest) = rest.split_once('/')?;
                let (period, _) = rest.rsplit_once('/')?;
                Some((indicator.to_owned(), period.to_owned()))
            })
    }

    /// Adds what this publication told: a number that was printed is out for good, and its sums hold among its numbers.
    pub(super) fn join(&self, cells: &mut Cells) {
        let mut current: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for (at, id) in cells.ids.iter().enumerate() {
            if let (Some((table, key, column)), Some(value)) =
                (id, cells.cells.get(at).and_then(|cell| cell.value))
            {
                let id = format!("{}/{key}/{column}", table.name());
                current.insert((id, value.to_string(), String::new()), at);
            }
        }
        for (at, id) in cells.ids.iter().enumerate() {
            if let Some((TableId::Observations, key, _)) = id
                && let Some(cell) = cells.cells.get_mut(at)
                && let (Some(told), Some(value)) = (self.statistics.get(key), cell.value)
            {
                cell.is_out |= *told == value.to_string();
            }
        }
        let mut number = Vec::with_capacity(self.cells.len());
        for cell in &self.cells {
            let id = format!("{}/{}/{}", cell.table, cell.key, cell.column);
            let same = current.get(&(id, cell.value.clone(), String::new())).copied();
            let at = match same {
                Some(at) => {
                    if let Some(known) = cells.cells.get_mut(at) {
                        known.is_out |= cell.published;
                        known.is_protected |= cell.small;
                    }
                    at
                }
                None => {
                    let id = TableId::ALL
                        .iter()
                        .find(|table| table.name() == cell.table)
                        .map(|table| -> CellId { (*table, cell.key.clone(), column_name(&cell.column)) });
                    cells.push_earlier(
                        Cell {
                            is_protected: cell.small,
                            is_said: false,
                            is_out: cell.published,
                            ..Cell::said(cell.value.parse().unwrap_or_default())
                        },
                        id.filter(|_| !cell.table.is_empty()),
                    )
                }
            };
            number.push(at);
        }
        for (total, parts) in &self.sums {
            let parts: Option<Vec<usize>> = parts.iter().map(|part| number.get(*part).copied()).collect();
            if let (Some(total), Some(parts)) = (number.get(*total), parts) {
                cells.relations.push(Relation::Sum(*total, parts));
            }
        }
    }
}

fn column_name(column: &str) -> &'static str {
    ["count", "value", "baseline", "target", "actual"]
        .into_iter()
        .find(|known| *known == column)
        .unwrap_or("value")
}
