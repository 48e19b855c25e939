//! Screening: terms of work and listings as leads against the ILO's indicators of forced labour and public lists.
//!
//! A lead says where to look and why: the statement itself names an indicator; its words are those of an indicator's
//! published description; an organisation stands on a list; two names of organisations agree. Nothing is found by a
//! lead, nobody is rated, and every allegation stands in one sentence with its speaker and its answers.

pub mod conditions;
pub mod lexicon;
pub mod listings;
pub mod names;

use counterpart_model::people::IloIndicator;
use counterpart_model::{Id, Record};

use crate::assessment::{
    ConditionRow, LeadKind, LeadReason, LexiconEntry, ListingRow, NameMatch, Number, ScreeningMethod,
    ScreeningRow,
};
use crate::naming::Names;

/// Terms, listings and the leads that they give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screening {
    /// Terms attached to placements, rules and activities.
    pub conditions: Vec<ConditionRow>,
    /// Organisations on lists.
    pub listings: Vec<ListingRow>,
    /// Leads.
    pub leads: Vec<ScreeningRow>,
    /// How it was done.
    pub method: ScreeningMethod,
}

/// Screens the conditions, listings and names of a record.
#[must_use]
pub fn of(record: &Record) -> Screening {
    let names = Names::of(record);
    let conditions = conditions::of(record, &names);
    let listings = listings::of(record, &names);
    let mut leads: Vec<ScreeningRow> = record
        .conditions
        .iter()
        .zip(&conditions)
        .flat_map(|(condition, row)| of_condition(condition, row))
        .collect();
    let places = names::PlaceWords::of(record);
    for listing in &listings {
        leads.push(of_listing(listing));
        leads.extend(of_claims(record, &names, listing));
        leads.extend(of_names(record, listing, &places));
    }
    leads.sort_by(|a, b| order(a).cmp(&order(b)));
    leads.dedup_by(|a, b| a.id == b.id);
    Screening {
        conditions,
        listings,
        leads,
        method: method(),
    }
}

/// Kind of lead, kind of reason, date (unknown dates last), id.
fn order(row: &ScreeningRow) -> (LeadKind, LeadReason, bool, Option<&str>, &str) {
    (
        row.kind,
        row.reason,
        row.date.is_none(),
        row.date.as_deref(),
        row.id.as_str(),
    )
}

/// Returns how names and words are compared.
#[must_use]
pub fn method() -> ScreeningMethod {
    ScreeningMethod {
        about: "A lead says where to look and why. It finds nothing, rates nobody, and is never about a person.",
        order: "Leads stand by kind (indicator, listing, name), then by reason (named by the statement itself before \
                matching words); ties by date, the oldest first, then by id.",
        names: names::METHOD,
        legal_forms: names::LEGAL_FORMS.to_vec(),
        lexicon: lexicon::LEXICON
            .iter()
            .map(|(indicator, words)| LexiconEntry {
                indicator: indicator.as_str(),
                words: words.to_vec(),
            })
            .collect(),
    }
}

/// The indicator that a statement names, and those whose words it speaks in; an answer that denies gives no lead.
fn of_condition(condition: &counterpart_model::people::Condition, row: &ConditionRow) -> Vec<ScreeningRow> {
    let stated = condition
        .ilo_indicator
        .map(|indicator| (indicator, LeadReason::StatedBySpeaker, Vec::new()));
    let matched = if condition.act == counterpart_model::claim::Act::Denies {
        Vec::new()
    } else {
        lexicon::matches(&condition.text)
    };
    let matched = matched
        .into_iter()
        .filter(|(indicator, _)| Some(*indicator) != condition.ilo_indicator)
        .map(|(indicator, words)| (indicator, LeadReason::MatchingWords, words));
    stated
        .into_iter()
        .chain(matched)
        .map(|(indicator, reason, words)| ScreeningRow {
            id: lead_id(&row.id, indicator),
            kind: LeadKind::Indicator,
            reason,
            indicator: Some(indicator.to_string()),
            sentence: indicator_sentence(indicator, reason, &words, &row.attributed),
            words: words.into_iter().map(str::to_owned).collect(),
            statement: row.id.clone(),
            entity: None,
            list: None,
            clause: None,
            date: row.date.clone(),
            name_match: None,
            answers: row.answers.clone(),
            reply: row.reply,
            source: row.source.clone(),
            locator: row.locator.clone(),
            from: vec![row.id.clone()],
        })
        .collect()
}

fn lead_id(statement: &str, indicator: IloIndicator) -> String {
    format!("lead/{statement}/{}", indicator.as_str().replace(' ', "_"))
}

fn indicator_sentence(indicator: IloIndicator, reason: LeadReason, words: &[&str], said: &str) -> String {
    match reason {
        LeadReason::StatedBySpeaker => {
            format!("Lead on “{indicator}”, which the statement itself describes: {said}")
        }
        _ => {
            let quoted: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
            format!(
                "Lead on “{indicator}”, whose published description has {}: {said}",
                crate::words::list(&quoted)
            )
        }
    }
}

fn of_listing(listing: &ListingRow) -> ScreeningRow {
    ScreeningRow {
        id: format!("lead/{}/listed", listing.id),
        kind: LeadKind::Listing,
        reason: LeadReason::OnList,
        indicator: None,
        words: Vec::new(),
        statement: listing.id.clone(),
        entity: Some(listing.id.clone()),
        list: Some(listing.list.clone()),
        clause: listing.clause.clone(),
        date: Some(listing.listed_on.clone()),
        name_match: None,
        answers: listing.answers.clone(),
        reply: listing.reply,
        sentence: listing.sentence.clone(),
        source: listing.source.clone(),
        locator: listing.locator.clone(),
        from: vec![listing.id.clone()],
    }
}

/// Claims of listing speak in words too.
fn of_claims(record: &Record, names: &Names<'_>, listing: &ListingRow) -> Vec<ScreeningRow> {
    record
        .claims
        .iter()
        .filter(|claim| listing.listing_claims.iter().any(|id| claim.id == id.as_str()))
        .flat_map(|claim| {
            let said = listings::claim_with_answers(record, names, claim);
            lexicon::matches(&claim.text)
                .into_iter()
                .map(|(indicator, words)| ScreeningRow {
                    id: lead_id(claim.id.as_str(), indicator),
                    kind: LeadKind::Indicator,
                    reason: LeadReason::MatchingWords,
                    indicator: Some(indicator.to_string()),
                    sentence: indicator_sentence(indicator, LeadReason::MatchingWords, &words, &said),
                    words: words.into_iter().map(str::to_owned).collect(),
                    statement: claim.id.to_string(),
                    entity: None,
                    list: Some(listing.list.clone()),
                    clause: listing.clause.clone(),
                    date: claim.period_start.map(|date| date.to_string()),
                    name_match: None,
                    answers: listings::answers_to(record, names, claim),
                    reply: listing.reply,
                    source: claim.source_id.to_string(),
                    locator: claim.locator.clone().unwrap_or_default(),
                    from: vec![claim.id.to_string()],
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Organisations and companies that speak, whose names agree with a listed one.
fn of_names(record: &Record, listing: &ListingRow, places: &names::PlaceWords) -> Vec<ScreeningRow> {
    let listed: Vec<&str> = std::iter::once(listing.name.as_str())
        .chain(listing.aliases.iter().map(String::as_str))
        .collect();
    let organisations = record.organisations.iter().map(|row| {
        (
            "organisation",
            &row.id,
            std::iter::once(row.name.as_str())
                .chain(row.name_zh.as_deref())
                .collect::<Vec<_>>(),
        )
    });
    let speakers = record
        .speakers
        .iter()
        .filter(|row| row.kind == counterpart_model::source::SpeakerKind::Company)
        .map(|row| {
            (
                "speaker",
                &row.id,
                std::iter::once(row.name.as_str())
                    .chain(row.name_zh.as_deref())
                    .collect::<Vec<_>>(),
            )
        });
    organisations
        .chain(speakers)
        .filter_map(|(table, id, own)| {
            let best = names::best(&own, &listed, places)?;
            Some(name_lead(record, listing, table, id, best))
        })
        .collect()
}

fn name_lead(
    record: &Record,
    listing: &ListingRow,
    table: &'static str,
    id: &Id,
    best: names::Agreement,
) -> ScreeningRow {
    let activities: Vec<String> = record
        .participants
        .iter()
        .filter(|row| row.organisation_id == *id)
        .map(|row| row.activity_id.to_string())
        .collect();
    let place = if activities.is_empty() {
        String::new()
    } else {
        format!(", which takes part in {}", crate::words::list(&activities))
    };
    let sentence = format!(
        "The name of the {table} “{}” ({id}){place} agrees with a listed one, “{}”: {}. Two names, not two firms, were \
         compared. {}",
        best.name, best.listed, best.why, listing.sentence
    );
    ScreeningRow {
        id: format!("lead/{}/name/{id}", listing.id),
        kind: LeadKind::Name,
        reason: LeadReason::MatchingNames,
        indicator: None,
        words: Vec::new(),
        statement: id.to_string(),
        entity: Some(listing.id.clone()),
        list: Some(listing.list.clone()),
        clause: listing.clause.clone(),
        date: Some(listing.listed_on.clone()),
        name_match: Some(NameMatch {
            table,
            id: id.to_string(),
            name: best.name,
            listed_name: best.listed,
            compared: best.compared,
            compared_listed: best.compared_listed,
            stripped: best.stripped,
            method: best.method,
            similarity: Number::estimate(best.similarity).unwrap_or_else(|| Number::count(0)),
            threshold: Number::estimate(names::THRESHOLD).unwrap_or_else(|| Number::count(1)),
            activities,
        }),
        answers: listing.answers.clone(),
        reply: listing.reply,
        sentence,
        source: listing.source.clone(),
        locator: listing.locator.clone(),
        from: vec![id.to_string(), listing.id.clone()],
    }
}
