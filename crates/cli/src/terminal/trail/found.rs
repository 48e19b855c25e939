//! Every object of an assessment by its id, with a line that says what it is.

mod accounts;
mod counted;
mod money;
mod screened;
mod whole;

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{ClaimRow, Figure, StudyRow};
use serde_json::Value;

use crate::terminal::claims::attributed;
use counterpart_appraise::seal;

pub(crate) use whole::Whole;

/// An object with an id.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// A claim.
    Claim(&'a ClaimRow),
    /// A figure.
    Figure(&'a Figure),
    /// An estimate.
    Study(&'a StudyRow),
    /// Anything else, as lines.
    Other(Other),
}

/// An object as lines.
#[derive(Debug)]
pub(crate) struct Other {
    kind: &'static str,
    /// Labels and texts.
    pub(super) lines: Vec<(String, String)>,
    /// What it was computed from.
    pub(super) from: Vec<String>,
    /// One line about it.
    label: String,
    /// The object as the report has it.
    value: Value,
    /// Whether it only has something to say about the id, and is not what the id names.
    pub(super) beside: bool,
}

impl Found<'_> {
    /// Returns the word for what it is.
    pub(crate) fn kind(&self) -> &str {
        match self {
            Self::Claim(_) => "claim",
            Self::Figure(_) => "figure",
            Self::Study(_) => "estimate",
            Self::Other(other) => other.kind,
        }
    }

    /// Returns one line about it.
    pub(super) fn label(&self, assessment: &Assessment) -> String {
        match self {
            Self::Claim(claim) => attributed(assessment, claim),
            Self::Figure(figure) => match &figure.source {
                Some(source) => {
                    format!(
                        "{}; {}",
                        figure.label,
                        place_in_source(assessment, source, figure.locator.as_deref())
                    )
                }
                None => figure.label.clone(),
            },
            Self::Study(row) => row.sentence.to_string(),
            Self::Other(other) => other.label.clone(),
        }
    }

    /// Returns it as the report has it.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Claim(claim) => serde_json::to_value(claim),
            Self::Figure(figure) => serde_json::to_value(figure),
            Self::Study(row) => serde_json::to_value(row),
            Self::Other(other) => Ok(other.value.clone()),
        }
        .unwrap_or_default()
    }
}

macro_rules! sections {
    ($($section:ident as $kind:literal,)+) => {
        /// Returns what else of the report has an id, section by section.
        fn others(assessment: &Assessment, id: &str) -> Vec<Other> {
            let mut found = Vec::new();
            $(for row in assessment.$section.iter().filter(|row| row.id == id) {
                found.extend(serde_json::to_string(row).ok().and_then(|text| other(assessment, $kind, &text)));
            })+
            found.extend(counted::of(assessment, id));
            found.extend(screened::of(assessment, id));
            found.extend(accounts::of(assessment, id));
            found.extend(money::of(assessment, id));
            found
        }

        /// Returns every id of the report.
        pub(crate) fn ids(assessment: &Assessment) -> impl Iterator<Item = &str> {
            let claims = assessment.claims.iter().map(|row| row.id.as_str());
            let figures = assessment.figures.iter().map(|row| row.id.as_str());
            let studies = assessment.studies.iter().map(|row| row.id.as_str());
            claims.chain(figures).chain(studies).chain(counted::ids(assessment)).chain(screened::ids(assessment)).chain(accounts::ids(assessment)).chain(money::ids(assessment))
                $(.chain(assessment.$section.iter().map(|row| row.id.as_str())))+
        }
    };
}
sections! {
    pairings as "pairing",
    gaps as "gap",
    pools as "control pool",
    pairing_counts as "count of the pairing graph",
    pairing_evidence as "pairings by evidence",
    activities as "activity",
    ladder as "ladder",
    outcomes as "outcome",
    evidence_map as "published study",
    evidence_counts as "count of published studies",
    reviews as "review",
    data_gaps as "data gap",
    sources as "source",
    speakers as "speaker",
    places as "place",
    vintages as "vintage",
    indicators as "indicator",
    rounds as "round",
    lenses as "lens",
}

/// Returns every object of the report with an id; a reading of a claim leads to its claim.
pub(crate) fn find<'a>(assessment: &'a Assessment, id: &str) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    found.extend(
        assessment
            .claims
            .iter()
            .filter(|claim| {
                claim.id == id
                    || claim.check.candidates.iter().any(|candidate| candidate.id == id)
                    || claim
                        .check
                        .by_derivation
                        .iter()
                        .any(|derivation| derivation.id == id)
            })
            .map(Found::Claim),
    );
    found.extend(
        assessment
            .figures
            .iter()
            .filter(|row| row.id == id)
            .map(Found::Figure),
    );
    found.extend(
        assessment
            .studies
            .iter()
            // A study's own id stands for its main estimate under each lens.
            .filter(|row| row.id == id || (row.main && row.study == id))
            .map(Found::Study),
    );
    found.extend(others(assessment, id).into_iter().map(Found::Other));
    found.extend(nested(assessment, id).into_iter().map(Found::Other));
    found
}

/// Returns objects that stand inside others: results of activities, statements, amounts and steps of ladders.
fn nested(assessment: &Assessment, id: &str) -> Vec<Other> {
    let mut found = Vec::new();
    let mut note = |kind: &'static str, text: Option<String>| {
        found.extend(text.and_then(|text| other(assessment, kind, &text)));
    };
    for row in assessment
        .activities
        .iter()
        .flat_map(|row| &row.results)
        .filter(|row| row.id == id)
    {
        note("result", serde_json::to_string(row).ok());
    }
    for ladder in &assessment.ladder {
        for row in ladder.statements.iter().filter(|row| row.id == id) {
            note("statement on a ladder", serde_json::to_string(row).ok());
        }
        for row in ladder.amounts.iter().filter(|row| row.id == id) {
            note("amounts on a rung", serde_json::to_string(row).ok());
        }
        for row in ladder.steps.iter().filter(|row| row.id == id) {
            note("step of a ladder", serde_json::to_string(row).ok());
        }
    }
    found
}

/// Lays out an object in the order of its members: short ones as lines, `from` apart, long lists as counts.
fn other(assessment: &Assessment, kind: &'static str, text: &str) -> Option<Other> {
    const LISTED: usize = 8;
    let value: Value = serde_json::from_str(text).ok()?;
    let mut lines = Vec::new();
    let mut from = Vec::new();
    let text_of = |name: &str| value.get(name).and_then(plain);
    for (quoted, _) in seal::members(text)? {
        let name = quoted.trim_matches('"');
        let Some(member) = value.get(name) else { continue };
        match (name, member) {
            ("id", _) => {}
            ("from", Value::Array(ids)) => from.extend(ids.iter().filter_map(plain)),
            ("locator", _) => {}
            ("source", Value::String(source)) => lines.push((
                "where".to_owned(),
                place_in_source(assessment, source, text_of("locator").as_deref()),
            )),
            // The name stands beside its id.
            (name, _)
                if name
                    .strip_suffix("_name")
                    .is_some_and(|of| value.get(of).is_some()) => {}
            (_, Value::Array(items)) if items.is_empty() => {}
            // What has a sentence of its own says it: above all an accusation with its answers.
            ("abandonment" | "results" | "steps", Value::Array(items)) if items.len() <= LISTED => {
                for item in items {
                    let said = item.get("sentence").and_then(plain);
                    lines.extend(said.map(|said| (label(name), said)));
                }
            }
            (_, Value::Array(items)) => {
                let plains: Option<Vec<String>> = items.iter().map(plain).collect();
                lines.push((
                    label(name),
                    match plains.filter(|plains| plains.len() <= LISTED) {
                        Some(plains) => plains.join(", "),
                        None => format!("{}, listed in the report", items.len()),
                    },
                ));
            }
            (_, simple) => lines.extend(plain(simple).map(|text| {
                let text = text_of(&format!("{name}_name"))
                    .map_or(text.clone(), |known| format!("{known} ({text})"));
                (label(name), text)
            })),
        }
    }
    let pair = text_of("provider_name")
        .zip(text_of("recipient_name"))
        .map(|(provider, recipient)| format!("{provider} for {recipient}"));
    let label = ["title", "name", "sentence", "what", "describes"]
        .into_iter()
        .find_map(text_of)
        .or(pair)
        .or_else(|| text_of("id"))
        .unwrap_or_default();
    Some(Other {
        kind,
        lines,
        from,
        label,
        value,
        beside: false,
    })
}

/// A member's name as a label of at most ten columns.
fn label(name: &str) -> String {
    match name {
        "population_basis" => "heads by".to_owned(),
        "publisher_kind" => "kind".to_owned(),
        "may_republish" => "republish".to_owned(),
        "like_for_like" => "like/like".to_owned(),
        "base_indicator" => "base of".to_owned(),
        "share_of_base" => "share".to_owned(),
        "vintage_place" | "vintage_nation" => "vintage".to_owned(),
        "basis_place" | "basis_nation" => "heads by".to_owned(),
        "value_place" => "place".to_owned(),
        "value_nation" => "nation".to_owned(),
        "indicator_nation" => "beside".to_owned(),
        "no_admissible_control" => "no control".to_owned(),
        "contaminated" => "providers".to_owned(),
        "not_computed" => "not done".to_owned(),
        "first_money_on" => "money".to_owned(),
        "decided_on" => "decided".to_owned(),
        "published_on" => "published".to_owned(),
        "planned_start" => "planned".to_owned(),
        "actual_start" => "begun".to_owned(),
        "planned_end" => "to end".to_owned(),
        "as_of_status" => "stands".to_owned(),
        "target_lower" | "actual_lower" => "at least".to_owned(),
        "abandonment" => "given up".to_owned(),
        "participants" => "parties".to_owned(),
        "other_value" => "or".to_owned(),
        "counted_by" | "other_counted_by" => "counted".to_owned(),
        "inside_another" => "inside".to_owned(),
        "on_weak_evidence" => "weak".to_owned(),
        "shares_data_with" | "same_data" => "same data".to_owned(),
        other => other.replace('_', " ").chars().take(10).collect(),
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string().replacen('-', "−", 1)),
        Value::Bool(holds) => Some(if *holds { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// Returns a speaker's name and kind.
pub(super) fn speaker(assessment: &Assessment, id: &str) -> String {
    assessment
        .speakers
        .iter()
        .find(|speaker| speaker.id == id)
        .map_or_else(
            || id.to_owned(),
            |speaker| format!("{} ({})", speaker.name, speaker.kind.replace('_', " ")),
        )
}

/// Returns a source's title, publisher and date.
pub(super) fn source(assessment: &Assessment, id: &str) -> String {
    assessment
        .sources
        .iter()
        .find(|source| source.id == id)
        .map_or_else(
            || id.to_owned(),
            |source| {
                let mut text = format!("{id}, {}, {}", source.title, source.publisher);
                if let Some(date) = &source.published_on {
                    text.push_str(&format!(", {date}"));
                }
                text
            },
        )
}

/// Returns a locator and its source.
pub(super) fn place_in_source(assessment: &Assessment, id: &str, locator: Option<&str>) -> String {
    match locator.filter(|locator| !locator.is_empty()) {
        Some(locator) => format!("{locator} of {}", source(assessment, id)),
        None => source(assessment, id),
    }
}

/// Returns a place's name.
pub(super) fn place(assessment: &Assessment, id: &str) -> String {
    assessment.places.iter().find(|place| place.id == id).map_or_else(
        || id.to_owned(),
        |place| match &place.name_zh {
            Some(zh) => format!("{} {zh} ({id})", place.name),
            None => format!("{} ({id})", place.name),
        },
    )
}
