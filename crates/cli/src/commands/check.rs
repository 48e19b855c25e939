//! `counterpart check`: the claim check alone.

use std::mem::ManuallyDrop;

use counterpart_appraise::assessment::ClaimRow;
use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure, nearest};
use crate::reading::Reading;
use crate::settings::Settings;
use crate::terminal::{self, claims};

pub(crate) fn run(args: &args::Check, settings: &Settings) -> Result<Done, Failure> {
    let reading = ManuallyDrop::new(Reading::of(Some(&args.case), None)?); // the process ends soon
    let digest = if settings.json {
        reading.digest()
    } else {
        String::new()
    };
    let assessment = reading.claims(&digest)?;
    let chosen = choose(&assessment.claims, &args.claim)?;
    if settings.json {
        // An accusation is never handed out without what answers it.
        let answers: Vec<&ClaimRow> = assessment
            .claims
            .iter()
            .filter(|other| {
                chosen
                    .iter()
                    .any(|claim| claims::accuses(claim) && claims::is_answer(&assessment, claim, other))
            })
            .collect();
        let allegations: Vec<_> = assessment
            .allegations
            .iter()
            .filter(|row| chosen.iter().any(|claim| claim.id == row.claim))
            .collect();
        terminal::print_json(&json!({
            "schema": "counterpart.check/1",
            "case": assessment.case,
            "claims": chosen,
            "allegations": allegations,
            "answers": answers,
        }))?;
    } else {
        terminal::print(&claims::screen(&assessment, &chosen, settings), settings)?;
    }
    Ok(Done::Well)
}

/// The claims asked for, in the order asked; without any, all of them.
fn choose<'a>(claims: &'a [ClaimRow], ids: &[String]) -> Result<Vec<&'a ClaimRow>, Failure> {
    if ids.is_empty() {
        return Ok(claims.iter().collect());
    }
    ids.iter()
        .map(|id| {
            claims
                .iter()
                .find(|claim| claim.id == *id)
                .ok_or_else(|| Failure::UnknownId {
                    what: "claim",
                    id: id.clone(),
                    near: nearest(id, claims.iter().map(|claim| claim.id.as_str())),
                })
        })
        .collect()
}
