//! What claims are said to follow from, as relations among cells.

use counterpart_model::derivation::DerivationKind;
use counterpart_model::{Record, TableId};

use super::{Cells, Relation};

impl Cells {
    /// What claims are said to follow from.
    pub(super) fn derivations(&mut self, record: &Record) {
        for row in &record.derivations {
            let Some(claim) = self
                .of_row(TableId::Claims, row.claim_id.as_str())
                .first()
                .copied()
            else {
                continue;
            };
            let persons = record
                .claims
                .iter()
                .find(|one| one.id == row.claim_id)
                .and_then(|one| one.unit.as_deref())
                .is_some_and(crate::disclosure::unit::counts_persons);
            let operands: Vec<Vec<usize>> = row
                .operands
                .split(';')
                .map(str::trim)
                .filter(|operand| !operand.is_empty())
                .map(|operand| self.operand(operand))
                .collect();
            let all: Vec<usize> = operands.iter().flatten().copied().collect();
            let complete = operands.iter().all(|cells| !cells.is_empty());
            match row.kind {
                DerivationKind::Sum if complete && !all.contains(&claim) => {
                    self.equation(claim, &all, persons)
                }
                DerivationKind::Difference if complete && !all.contains(&claim) => {
                    if let [whole, part] = operands.as_slice() {
                        for whole in whole {
                            for part in part {
                                self.difference(claim, *whole, *part, persons);
                            }
                        }
                    } else {
                        self.relations.push(Relation::Follows(claim, all));
                    }
                }
                DerivationKind::Equals => {
                    for other in all.iter().filter(|other| **other != claim) {
                        self.relations.push(Relation::Together(vec![claim, *other]));
                    }
                }
                // That something fell or grew more slowly tells no number.
                DerivationKind::FellIn | DerivationKind::SlowerThan | DerivationKind::OnlyWidenedSince => {}
                _ => {
                    let others: Vec<usize> = all.into_iter().filter(|other| *other != claim).collect();
                    if !others.is_empty() {
                        self.relations.push(Relation::Follows(claim, others));
                    }
                }
            }
        }
    }

    fn operand(&self, operand: &str) -> Vec<usize> {
        for table in [
            TableId::Claims,
            TableId::Transactions,
            TableId::Placements,
            TableId::Postings,
            TableId::Trainings,
            TableId::Results,
        ] {
            let cells = self.of_row(table, operand);
            if !cells.is_empty() {
                return cells.to_vec();
            }
        }
        let prefix = format!("{operand}/");
        self.ids
            .iter()
            .enumerate()
            .filter(|(_, id)| matches!(id, Some((TableId::Observations, key, _)) if key.starts_with(&prefix)))
            .map(|(at, _)| at)
            .collect()
    }

    /// A claim that is said to be a sum: of its parts as stated, or else of parts that come to another sum.
    fn equation(&mut self, claim: usize, parts: &[usize], persons: bool) {
        let values: Option<Vec<f64>> = parts.iter().map(|part| self.value(*part)).collect();
        match (self.value(claim), values) {
            (Some(total), Some(values)) if (total - values.iter().sum::<f64>()).abs() < 0.5 => {
                self.relations.push(Relation::Sum(claim, parts.to_vec()));
            }
            (_, Some(values)) => {
                // The check prints what the parts come to.
                let total = self.imply(values.iter().sum(), persons);
                self.relations.push(Relation::Sum(total, parts.to_vec()));
                self.relations.push(Relation::Follows(claim, parts.to_vec()));
            }
            _ => self.relations.push(Relation::Follows(claim, parts.to_vec())),
        }
    }

    fn difference(&mut self, claim: usize, whole: usize, part: usize, persons: bool) {
        let (Some(a), Some(b)) = (self.value(whole), self.value(part)) else {
            self.relations.push(Relation::Follows(claim, vec![whole, part]));
            return;
        };
        let (more, less) = if a >= b { (whole, part) } else { (part, whole) };
        let left = (a - b).abs();
        if self.value(claim).is_some_and(|value| (value - left).abs() < 0.5) {
            self.relations.push(Relation::Sum(more, vec![less, claim]));
        } else {
            let rest = self.imply(left, persons);
            self.relations.push(Relation::Sum(more, vec![less, rest]));
            self.relations.push(Relation::Follows(claim, vec![whole, part]));
        }
    }
}
