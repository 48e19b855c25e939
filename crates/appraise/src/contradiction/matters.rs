//! What hangs on a contradiction: whatever is computed from one of its statements.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::Record;

use crate::assessment::{ClaimRow, Contradiction, ContradictionKind, Duty, StudyRow, Total};

/// Adds the claims whose derivations use a statement, through other claims; statements in other tables that are the
/// same words of the same source, and what uses those; and the projects whose results they are.
pub(super) fn to_claims(record: &Record, claims: &[ClaimRow], rows: &mut [Contradiction]) {
    let mut used_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for claim in claims {
        for operand in claim.check.by_derivation.iter().flat_map(|row| &row.operands) {
            if *operand != claim.id {
                used_by.entry(operand).or_default().insert(&claim.id);
            }
        }
    }
    let twins = twins(record);
    for row in rows
        .iter_mut()
        .filter(|row| row.kind != ContradictionKind::Vintages)
    {
        let mut open: Vec<&str> = row.statements.iter().map(String::as_str).collect();
        let mut seen: BTreeSet<&str> = open.iter().copied().collect();
        let mut hangs: BTreeSet<String> = BTreeSet::new();
        while let Some(id) = open.pop() {
            let same = twins.get(id).into_iter().flatten().map(String::as_str);
            let users = used_by.get(id).into_iter().flatten().copied();
            for next in same.chain(users) {
                if seen.insert(next) {
                    hangs.insert(next.to_owned());
                    open.push(next);
                }
            }
        }
        for result in record
            .results
            .iter()
            .filter(|result| row.statements.iter().any(|id| result.id == id.as_str()))
        {
            hangs.insert(result.activity_id.to_string());
        }
        row.matters_to = hangs.into_iter().collect();
    }
}

/// Rows of different tables that say one figure at one place of one source.
fn twins(record: &Record) -> BTreeMap<String, Vec<String>> {
    // Table and id of each row, by source, locator and figure.
    type Rows = Vec<(&'static str, String)>;
    let mut by_place: BTreeMap<[String; 3], Rows> = BTreeMap::new();
    for one in super::statement::all(record) {
        let Some(locator) = one.locator else { continue };
        by_place
            .entry([
                one.source.to_string(),
                locator.to_owned(),
                format!("{:?}", one.figure),
            ])
            .or_default()
            .push((one.table, one.id.to_string()));
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ids in by_place.into_values().filter(|ids| ids.len() > 1) {
        for (table, id) in &ids {
            // Two rows of one table are two statements, whatever they say.
            let others = ids.iter().filter(|(other, _)| other != table);
            found
                .entry(id.clone())
                .or_default()
                .extend(others.map(|(_, other)| other.clone()));
        }
    }
    found
}

/// Adds totals that have a statement among their addends or stated sums, and duties paid by one.
pub(super) fn to_sums(rows: &mut [Contradiction], totals: &[Total], duties: &[Duty]) {
    for row in rows {
        let has = |id: &String| row.statements.contains(id);
        let totals = totals
            .iter()
            .filter(|total| total.addends.iter().any(&has) || total.stated.iter().any(|one| has(&one.id)))
            .map(|total| total.id.clone());
        let duties = duties
            .iter()
            .filter(|duty| duty.paid.iter().any(&has))
            .map(|duty| duty.id.clone());
        let more: Vec<String> = totals.chain(duties).collect();
        row.matters_to.extend(more);
        row.matters_to.sort();
        row.matters_to.dedup();
    }
}

/// Adds the studies whose main estimate reads a figure of another vintage for the same place.
pub(super) fn to_studies(rows: &mut [Contradiction], studies: &[StudyRow]) {
    for row in rows
        .iter_mut()
        .filter(|row| row.kind == ContradictionKind::Vintages)
    {
        let reads = |study: &StudyRow| {
            let in_sample = study.sample.as_ref().is_some_and(|sample| {
                sample.treated.contains(&row.subject) || sample.controls.contains(&row.subject)
            });
            study.main
                && study.outcome == row.property
                && in_sample
                && study.window[0].as_str() <= row.period.as_str()
                && row.period.as_str() <= study.window[1].as_str()
        };
        let more: BTreeSet<String> = studies
            .iter()
            .filter(|study| reads(study))
            .map(|study| study.study.clone())
            .collect();
        row.matters_to.extend(more);
        row.matters_to.sort();
        row.matters_to.dedup();
    }
}
