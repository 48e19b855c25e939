//! Answers: who denies answers something that can be denied, and nobody answers themselves.

use std::collections::BTreeMap;

use counterpart_model::claim::{Act, Attribution};
use counterpart_model::source::SpeakerKind;
use counterpart_model::{Fault, FaultCode, TableId};

use super::{Tables, ids};

pub(super) fn check(tables: &Tables) -> Vec<Fault> {
    let mut faults = Vec::new();
    for table in [TableId::Claims, TableId::Conditions] {
        denials(tables, table, &mut faults);
    }
    listings(tables, &mut faults);
    attributions(tables, &mut faults);
    faults
}

fn denials(tables: &Tables, table: TableId, faults: &mut Vec<Fault>) {
    let Some(key) = table.key().first() else { return };
    let rows = tables.of(table);
    let acts: BTreeMap<&str, &str> = rows
        .iter()
        .filter_map(|placed| Some((placed.row.text(key)?, placed.row.text("act")?)))
        .collect();
    for placed in rows {
        let id = placed.row.text(key).unwrap_or_default();
        let denies = placed.row.text("act") == Some(Act::Denies.as_str());
        let mut answers_any = false;
        for target in ids(&placed.row, "responds_to") {
            answers_any = true;
            if target == id {
                faults.push(
                    tables
                        .fault(
                            placed,
                            "responds_to",
                            FaultCode::Answer,
                            target,
                            "another row than this one",
                        )
                        .hint("a row does not answer itself"),
                );
                continue;
            }
            if let Some(act) = acts.get(target)
                && denies
                && !can_be_denied(act)
            {
                faults.push(
                    tables
                        .fault(
                            placed,
                            "responds_to",
                            FaultCode::Answer,
                            target,
                            "what asserts, alleges, criticises or reports",
                        )
                        .hint(format!(
                            "{target} {act}: only what is said to be so can be denied"
                        )),
                );
            }
        }
        if denies && !answers_any && !placed.is_unread(&["responds_to"]) {
            faults.push(
                tables
                    .fault(
                        placed,
                        "responds_to",
                        FaultCode::Answer,
                        "",
                        format!("the {key} of what is denied"),
                    )
                    .hint("a denial without what it denies is an assertion: act = asserts"),
            );
        }
    }
}

fn can_be_denied(act: &str) -> bool {
    matches!(
        act.parse(),
        Ok(Act::Alleges | Act::Criticises | Act::Asserts | Act::Reports)
    )
}

/// What answers a listing answers something itself.
fn listings(tables: &Tables, faults: &mut Vec<Fault>) {
    let answers: BTreeMap<&str, bool> = tables
        .of(TableId::Claims)
        .iter()
        .filter_map(|placed| {
            let answers =
                ids(&placed.row, "responds_to").next().is_some() || placed.is_unread(&["responds_to", "act"])
                // A denial that answers nothing is a fault of its own already.
                || placed.row.text("act") == Some(Act::Denies.as_str());
            Some((placed.row.text("claim_id")?, answers))
        })
        .collect();
    for placed in tables.of(TableId::ListedEntities) {
        for claim in ids(&placed.row, "responds_to") {
            if answers.get(claim) == Some(&false) {
                faults.push(
                    tables
                        .fault(
                            placed,
                            "responds_to",
                            FaultCode::Answer,
                            claim,
                            "a claim that answers what the listing says",
                        )
                        .hint(format!("the responds_to of {claim} is empty")),
                );
            }
        }
    }
}

/// "Reportedly" is never upgraded to a name, and a named office never downgraded to hearsay.
fn attributions(tables: &Tables, faults: &mut Vec<Fault>) {
    let kinds: BTreeMap<&str, &str> = tables
        .of(TableId::Speakers)
        .iter()
        .filter_map(|placed| Some((placed.row.text("speaker_id")?, placed.row.text("kind")?)))
        .collect();
    let unattributed = SpeakerKind::Unattributed.as_str();
    for placed in tables.of(TableId::Claims) {
        let (Some(speaker), Some(attribution)) =
            (placed.row.text("speaker_id"), placed.row.text("attribution"))
        else {
            continue;
        };
        let Some(kind) = kinds.get(speaker) else { continue };
        let expected = match attribution.parse() {
            Ok(Attribution::Named) if *kind == unattributed => {
                "group or unattributed: the speaker is unattributed"
            }
            Ok(Attribution::Unattributed) if *kind != unattributed => "named or group: the speaker is known",
            _ => continue,
        };
        faults.push(
            tables
                .fault(
                    placed,
                    "attribution",
                    FaultCode::Inconsistent,
                    attribution,
                    expected,
                )
                .hint(format!("{speaker} is of kind {kind}")),
        );
    }
}
