//! Programmes: rounds, pairings, groups and parts that belong together.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::programme::{Confidence, PairingBasis};
use counterpart_model::{Fault, FaultCode, TableId};

use super::{Keys, Tables};
use crate::table_file::PlacedRow;

/// The source of rows that are the compilers' own inference.
const INFERENCE: &str = "INF";

pub(super) fn check(tables: &Tables, keys: &Keys<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    rounds(tables, &mut faults);
    for placed in tables.of(TableId::Pairings) {
        pairing(tables, placed, &mut faults);
    }
    parts(tables, &mut faults);
    groups(tables, keys, &mut faults);
    faults
}

fn rounds(tables: &Tables, faults: &mut Vec<Fault>) {
    let programmes: BTreeMap<&str, &str> = tables
        .of(TableId::Rounds)
        .iter()
        .filter_map(|placed| Some((placed.row.text("round_id")?, placed.row.text("programme_id")?)))
        .collect();
    for table in [TableId::Pairings, TableId::Postings, TableId::Trainings] {
        for placed in tables.of(table) {
            let (Some(round), Some(programme)) =
                (placed.row.text("round_id"), placed.row.text("programme_id"))
            else {
                continue;
            };
            if let Some(of_round) = programmes.get(round)
                && *of_round != programme
            {
                faults.push(tables.fault(
                    placed,
                    "round_id",
                    FaultCode::Inconsistent,
                    round,
                    format!("a round of {programme}; this one is of {of_round}"),
                ));
            }
        }
    }
}

fn pairing(tables: &Tables, placed: &PlacedRow, faults: &mut Vec<Fault>) {
    let row = &placed.row;
    if let (Some(provider), Some(recipient)) = (row.text("provider_id"), row.text("recipient_id"))
        && provider == recipient
    {
        faults.push(tables.fault(
            placed,
            "recipient_id",
            FaultCode::Inconsistent,
            recipient,
            "another recipient than the provider itself",
        ));
    }
    let (Some(basis), Some(confidence)) = (row.text("basis"), row.text("confidence")) else {
        return;
    };
    let is_inferred = basis == PairingBasis::Inferred.as_str();
    if is_inferred && confidence == Confidence::High.as_str() {
        faults.push(tables.fault(
            placed,
            "confidence",
            FaultCode::Inconsistent,
            confidence,
            "medium or low: what is inferred is never high",
        ));
    }
    if row.text("source_id") == Some(INFERENCE)
        && !(is_inferred && confidence == Confidence::Low.as_str())
        && !(is_inferred && confidence == Confidence::High.as_str())
    {
        faults.push(tables.fault(
            placed,
            "basis",
            FaultCode::Inconsistent,
            basis,
            format!("basis inferred and confidence low beside source {INFERENCE}"),
        ));
    }
}

/// A part is of the same kind of money and in the same currency as the sum it is part of.
fn parts(tables: &Tables, faults: &mut Vec<Fault>) {
    let sums: BTreeMap<&str, (&str, &str)> = tables
        .of(TableId::Transactions)
        .iter()
        .filter_map(|placed| {
            let row = &placed.row;
            Some((
                row.text("transaction_id")?,
                (row.text("flow")?, row.text("currency")?),
            ))
        })
        .collect();
    for placed in tables.of(TableId::Transactions) {
        let row = &placed.row;
        let (Some(sum), Some(flow), Some(currency)) =
            (row.text("part_of"), row.text("flow"), row.text("currency"))
        else {
            continue;
        };
        if let Some((of_sum, in_currency)) = sums.get(sum)
            && (*of_sum, *in_currency) != (flow, currency)
        {
            faults.push(tables.fault(
                placed,
                "part_of",
                FaultCode::Inconsistent,
                sum,
                format!("a sum of {flow} in {currency}; this one is {of_sum} in {in_currency}"),
            ));
        }
    }
}

fn groups(tables: &Tables, keys: &Keys<'_>, faults: &mut Vec<Fault>) {
    let members = tables.of(TableId::PlaceMembers);
    for placed in members {
        if let Some(group) = placed.row.text("group_id")
            && keys.holds(&[TableId::Places], group)
            && !tables.incomplete.contains(&TableId::Places)
            && !keys.groups.contains(group)
        {
            faults.push(tables.fault(
                placed,
                "group_id",
                FaultCode::Inconsistent,
                group,
                "a place of level group",
            ));
        }
    }
    if tables.incomplete.contains(&TableId::PlaceMembers) {
        return;
    }
    let with_members: BTreeSet<&str> = members
        .iter()
        .filter_map(|placed| placed.row.text("group_id"))
        .collect();
    for placed in tables.of(TableId::Places) {
        let row = &placed.row;
        let explained =
            row.extra.contains_key("x_note") || row.get("note").is_some() || row.get("notes").is_some();
        if let Some(place) = row.text("place_id")
            && row.text("level") == Some("group")
            && !with_members.contains(place)
            && !explained
        {
            faults.push(
                tables
                    .fault(
                        placed,
                        "place_id",
                        FaultCode::Inconsistent,
                        place,
                        "a group with members in place_members.csv",
                    )
                    .hint("or a note that says why it has none"),
            );
        }
    }
}
