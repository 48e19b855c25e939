//! `counterpart show`: the trail of one id.

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
    let reading = Reading::of(args.case.as_deref(), args.ledger.as_deref())?;
    let statements = reading.find(&args.id);
    // Estimates take their time: they are made where nothing else has the id.
    let described = reading.without_studies()?;
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
