//! One number said several times, and counts that are exactly the sum of others.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Id, Record, TableId};

use super::{Cells, Relation};

impl Cells {
    /// One number said twice: by the same document in two tables, by a copy of it, or by a row that names the other.
    pub(super) fn said_twice(&mut self, record: &Record) {
        let copies: BTreeMap<&Id, &Id> = record
            .sources
            .iter()
            .filter_map(|row| Some((&row.id, row.copy_of.as_ref()?)))
            .collect();
        let origin = |id: &Id| -> String { copies.get(id).copied().unwrap_or(id).to_string() };
        let mut rows: Vec<(TableId, &Id, &Id, &BTreeMap<String, String>)> = Vec::new();
        rows.extend(
            record
                .claims
                .iter()
                .filter(|row| {
                    row.unit
                        .as_deref()
                        .is_some_and(crate::disclosure::unit::counts_persons)
                })
                .map(|row| (TableId::Claims, &row.id, &row.source_id, &row.extra)),
        );
        rows.extend(
            record
                .placements
                .iter()
                .map(|row| (TableId::Placements, &row.id, &row.source_id, &row.extra)),
        );
        rows.extend(
            record
                .postings
                .iter()
                .map(|row| (TableId::Postings, &row.id, &row.source_id, &row.extra)),
        );
        rows.extend(
            record
                .trainings
                .iter()
                .map(|row| (TableId::Trainings, &row.id, &row.source_id, &row.extra)),
        );
        rows.extend(
            record
                .results
                .iter()
                .filter(|row| crate::disclosure::unit::counts_persons(&row.unit))
                .map(|row| (TableId::Results, &row.id, &row.source_id, &row.extra)),
        );
        let mut same: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        let mut pairs = Vec::new();
        for (table, id, source, extra) in rows {
            for at in self.of_row(table, id.as_str()).to_vec() {
                if let Some(value) = self.value(at) {
                    same.entry((origin(source), value.to_string()))
                        .or_default()
                        .push(at);
                }
                for named in extra.values().flat_map(|text| text.split([';', ' ', ','])) {
                    for other in self.of_row(TableId::Claims, named) {
                        pairs.push(vec![at, *other]);
                    }
                }
            }
        }
        self.relations.extend(
            same.into_values()
                .filter(|all| all.len() > 1)
                .map(Relation::Together),
        );
        self.relations.extend(pairs.into_iter().map(Relation::Together));
    }

    /// A stated count that is exactly the sum of rows which share a source, a period, an end or a group.
    pub(super) fn sums_that_are_said(&mut self, record: &Record) {
        let mut groups: BTreeMap<(TableId, &'static str, String), Vec<usize>> = BTreeMap::new();
        let mut put = |cells: &Self, table: TableId, id: &Id, by: Vec<(&'static str, Option<String>)>| {
            let Some(at) = cells.of_row(table, id.as_str()).first().copied() else {
                return;
            };
            if cells.value(at).is_none() {
                return;
            }
            groups.entry((table, "all", String::new())).or_default().push(at);
            for (name, value) in by {
                if let Some(value) = value {
                    groups.entry((table, name, value)).or_default().push(at);
                }
            }
        };
        for row in &record.placements {
            put(
                self,
                TableId::Placements,
                &row.id,
                vec![
                    ("source", Some(row.source_id.to_string())),
                    ("period", row.period.map(|period| period.to_string())),
                    ("origin", Some(row.origin_id.to_string())),
                    ("destination", Some(row.destination_id.to_string())),
                    ("sector", row.sector.clone()),
                ],
            );
        }
        for row in &record.postings {
            put(
                self,
                TableId::Postings,
                &row.id,
                vec![
                    ("source", Some(row.source_id.to_string())),
                    ("period", row.period.map(|period| period.to_string())),
                    ("provider", Some(row.provider_id.to_string())),
                    ("recipient", Some(row.recipient_id.to_string())),
                    ("batch", row.batch.clone()),
                    ("profession", row.profession.clone()),
                ],
            );
        }
        for row in &record.trainings {
            put(
                self,
                TableId::Trainings,
                &row.id,
                vec![
                    ("source", Some(row.source_id.to_string())),
                    ("period", row.period.map(|period| period.to_string())),
                    ("provider", Some(row.provider_id.to_string())),
                    ("recipient", Some(row.recipient_id.to_string())),
                    ("batch", row.batch.clone()),
                    ("profession", row.profession.clone()),
                ],
            );
        }
        for row in &record.claims {
            if !row
                .unit
                .as_deref()
                .is_some_and(crate::disclosure::unit::counts_persons)
            {
                continue;
            }
            put(
                self,
                TableId::Claims,
                &row.id,
                vec![
                    ("source", Some(row.source_id.to_string())),
                    ("speaker", Some(row.speaker_id.to_string())),
                    ("subject", Some(row.subject.clone())),
                    ("property", Some(row.property.clone())),
                    (
                        "property and speaker",
                        Some(format!("{} {}", row.property, row.speaker_id)),
                    ),
                ],
            );
        }
        let stated: Vec<(usize, f64)> = self
            .ids
            .iter()
            .enumerate()
            .filter(|(_, id)| {
                matches!(
                    id,
                    Some((
                        TableId::Claims
                            | TableId::Results
                            | TableId::Placements
                            | TableId::Postings
                            | TableId::Trainings,
                        ..
                    ))
                )
            })
            .filter_map(|(at, _)| Some((at, self.value(at)?)))
            .filter(|(_, value)| *value > 0.0)
            .collect();
        let mut found = BTreeSet::new();
        for members in groups.values().filter(|members| members.len() > 1) {
            let sum: f64 = members.iter().filter_map(|at| self.value(*at)).sum();
            for (at, value) in &stated {
                if members.contains(at) {
                    // A group may hold its own total.
                    if (sum - 2.0 * value).abs() < 1e-9 {
                        found.insert((
                            *at,
                            members
                                .iter()
                                .copied()
                                .filter(|one| one != at)
                                .collect::<Vec<_>>(),
                        ));
                    }
                } else if (sum - value).abs() < 1e-9 {
                    found.insert((*at, members.clone()));
                }
            }
        }
        self.relations.extend(
            found
                .into_iter()
                .map(|(total, parts)| Relation::Sum(total, parts)),
        );
    }
}
