//! `counterpart show`: the trail of one id.

use std::mem::ManuallyDrop;

use counterpart_appraise::Assessment;
use counterpart_ledger::Statement;
use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure, nearest};
use crate::reading::Reading;
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::claims::{accuses, is_answer};
use crate::terminal::trail::{self, Case, Found, Whole};

pub(crate) fn run(args: &args::Show, settings: &Settings) -> Result<Done, Failure> {
    // The process ends soon: taking the record apart would take longer than some answers.
    let mut reading = ManuallyDrop::new(Reading::of(args.case.as_deref(), args.ledger.as_deref())?);
    let statements = reading.find(&args.id);
    // Estimates take their time: they are made where nothing else has the id.
    let described = reading.described()?;
    let is_known = |assessment: &Assessment| {
        !statements.is_empty()
            || !trail::find(assessment, &args.id).is_empty()
            || !Whole::of(assessment).find(assessment, &args.id).is_empty()
    };
    let assessment = if is_known(&described) {
        described
    } else {
        reading.with_studies()?
    };
    let assessment = ManuallyDrop::new(assessment);
    let case = Case {
        assessment: &assessment,
        record: &reading.record,
    };
    let mut found = trail::find(&assessment, &args.id);
    if found.is_empty() && statements.is_empty() {
        found = Whole::of(&assessment).find(&assessment, &args.id);
    }
    if found.is_empty() && statements.is_empty() {
        let keys: Vec<String> = keys(&reading);
        let whole = Whole::of(&assessment);
        let known = trail::ids(&assessment)
            .chain(whole.ids())
            .chain(keys.iter().map(String::as_str));
        return Err(Failure::UnknownId {
            what: "claim, figure, estimate or statement",
            id: args.id.clone(),
            near: nearest(&args.id, known),
        });
    }
    if settings.json {
        terminal::print_json(&document(case, &args.id, &found, &statements))?;
    } else {
        terminal::print(
            &trail::screen(case, &args.id, &found, &statements, settings),
            settings,
        )?;
    }
    Ok(Done::Well)
}

/// Keys of every row but the many of statistics.
fn keys(reading: &Reading) -> Vec<String> {
    use counterpart_model::TableId;
    TableId::ALL
        .iter()
        .filter(|table| **table != TableId::Observations)
        .flat_map(|table| reading.view.rows(*table).into_iter().map(|row| row.key()))
        .collect()
}

fn document(case: Case<'_>, id: &str, found: &[Found<'_>], statements: &[Statement]) -> serde_json::Value {
    let objects: Vec<_> = found
        .iter()
        .map(|item| json!({ "kind": item.kind(), "object": item.value() }))
        .collect();
    // An accusation is never handed out without what answers it.
    let answers: Vec<_> = found
        .iter()
        .filter_map(|item| match item {
            Found::Claim(claim) if accuses(claim) => Some(claim),
            _ => None,
        })
        .flat_map(|claim| {
            case.assessment
                .claims
                .iter()
                .filter(move |other| is_answer(case.assessment, claim, other))
        })
        .collect();
    let statements: Vec<_> = statements
        .iter()
        .map(|statement| trail::statement_document(case, statement))
        .collect();
    json!({
        "schema": "counterpart.show/1",
        "id": id,
        "found": objects,
        "answers": answers,
        "statements": statements,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Every claim of the lead case has its trail, as text and as a document, and every speaker has its account.
    #[test]
    fn every_claim_and_every_speaker_of_a_case_shows() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/xinjiang");
        let mut reading = Reading::of(Some(&folder), None).unwrap_or_else(|error| panic!("{error:?}"));
        let assessment = reading.described().unwrap_or_else(|error| panic!("{error:?}"));
        let case = Case {
            assessment: &assessment,
            record: &reading.record,
        };
        let settings = Settings::plain(false);
        assert_eq!(assessment.claims.len(), reading.record.claims.len());
        assert!(assessment.claims.len() > 250);
        for claim in &assessment.claims {
            let found = trail::find(&assessment, &claim.id);
            let statements = reading.find(&claim.id);
            let text = trail::screen(case, &claim.id, &found, &statements, &settings);
            for heading in ["said", "by", "where", "check", "on record"] {
                assert!(text.contains(heading), "{}: no {heading}: {text}", claim.id);
            }
            let document = document(case, &claim.id, &found, &statements);
            assert_eq!(document["found"][0]["kind"], "claim", "{}", claim.id);
            assert_eq!(document["found"][0]["object"]["id"], claim.id.as_str());
            for derivation in &claim.check.by_derivation {
                let operands = derivation.operands.len();
                assert!(operands > 0 || claim.check.stated.is_none(), "{}", derivation.id);
            }
            if accuses(claim) {
                let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let reply = if claim.answered_by.is_empty() {
                    "no reply on record"
                } else {
                    "in answer,"
                };
                assert!(plain.contains(reply), "{}: {plain}", claim.id);
            }
        }
        for account in &assessment.speaker_accounts {
            let found = trail::find(&assessment, &account.speaker);
            let statements = reading.find(&account.speaker);
            let text = trail::screen(case, &account.speaker, &found, &statements, &settings);
            assert!(text.contains("account of a speaker"), "{text}");
        }
    }
}
