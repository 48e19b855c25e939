//! Rows of the record that the report carries over as they are: pairings, sources, speakers, places, rounds.

use counterpart_model::lens::{Lens, VintageChoice};
use counterpart_model::{Decimal, Id, Record};

use crate::assessment::{
    ClaimRow, IndicatorRow, LensRow, Number, PairingRow, PlaceRow, RoundRow, RuleRow, SourceRow, SpeakerRow,
    VintageRow,
};
use crate::words;

/// Returns the name of a place, an organisation or a speaker; the id where it has none.
#[must_use]
pub fn name(record: &Record, id: &Id) -> String {
    let place = record.places.iter().find(|row| row.id == *id);
    let organisation = || record.organisations.iter().find(|row| row.id == *id);
    let speaker = || record.speakers.iter().find(|row| row.id == *id);
    place
        .map(|row| row.name.clone())
        .or_else(|| organisation().map(|row| row.name.clone()))
        .or_else(|| speaker().map(|row| row.name.clone()))
        .unwrap_or_else(|| id.to_string())
}

/// Returns what a claim says with its speaker inside, and with its answers in the same sentence where it accuses or
/// finds fault: an accusation never stands alone.
#[must_use]
pub fn with_answers(claim: &ClaimRow, claims: &[ClaimRow]) -> String {
    let mut text = words::without_full_stop(&claim.attributed).to_owned();
    let accuses = matches!(claim.act.as_str(), "alleges" | "criticises");
    let answers = claims
        .iter()
        .filter(|other| claim.answered_by.contains(&other.id));
    for answer in answers {
        text.push_str("; ");
        text.push_str(words::without_full_stop(&answer.attributed));
    }
    if accuses && claim.answered_by.is_empty() {
        text.push_str("; no reply on record");
    }
    text.push('.');
    text
}

/// Returns every pairing with the names of both sides.
#[must_use]
pub fn pairings(record: &Record) -> Vec<PairingRow> {
    let name = |id: &Id| -> String {
        record
            .places
            .iter()
            .find(|place| place.id == *id)
            .map(|place| place.name.clone())
            .or_else(|| {
                record
                    .organisations
                    .iter()
                    .find(|row| row.id == *id)
                    .map(|row| row.name.clone())
            })
            .unwrap_or_else(|| id.to_string())
    };
    record
        .pairings
        .iter()
        .map(|pairing| PairingRow {
            id: pairing.id.to_string(),
            programme: pairing.programme_id.to_string(),
            round: pairing.round_id.to_string(),
            provider: pairing.provider_id.to_string(),
            provider_name: name(&pairing.provider_id),
            recipient: pairing.recipient_id.to_string(),
            recipient_name: name(&pairing.recipient_id),
            kind: pairing.kind.to_string(),
            start: pairing.start.map(|date| date.to_string()),
            end: pairing.end.map(|date| date.to_string()),
            basis: pairing.basis.to_string(),
            confidence: pairing.confidence.to_string(),
            source: pairing.source_id.to_string(),
            locator: pairing.locator.clone().unwrap_or_default(),
        })
        .collect()
}

/// Returns every round with the name of its programme.
#[must_use]
pub fn rounds(record: &Record) -> Vec<RoundRow> {
    record
        .rounds
        .iter()
        .map(|round| RoundRow {
            id: round.id.to_string(),
            programme: round.programme_id.to_string(),
            programme_name: record
                .programmes
                .iter()
                .find(|programme| programme.id == round.programme_id)
                .map(|programme| programme.name.clone())
                .unwrap_or_default(),
            name: round.name.clone(),
            decided_on: round.decided_on.map(|date| date.to_string()),
            first_money_on: round.first_money_on.map(|date| date.to_string()),
            start: round.start.map(|date| date.to_string()),
            end: round.end.map(|date| date.to_string()),
        })
        .collect()
}

/// Returns every source.
#[must_use]
pub fn sources(record: &Record) -> Vec<SourceRow> {
    record
        .sources
        .iter()
        .map(|source| SourceRow {
            id: source.id.to_string(),
            title: source.title.clone(),
            publisher: source.publisher.clone(),
            publisher_kind: source.publisher_kind.to_string(),
            published_on: source.published_on.map(|date| date.to_string()),
            address: source.address.clone(),
            sha256: source.sha256.clone(),
            licence: source.licence.clone(),
            may_republish: source.may_republish.to_string(),
            copy_of: source.copy_of.as_ref().map(ToString::to_string),
        })
        .collect()
}

/// Returns every speaker.
#[must_use]
pub fn speakers(record: &Record) -> Vec<SpeakerRow> {
    record
        .speakers
        .iter()
        .map(|speaker| SpeakerRow {
            id: speaker.id.to_string(),
            name: speaker.name.clone(),
            kind: speaker.kind.to_string(),
        })
        .collect()
}

/// Returns every place.
#[must_use]
pub fn places(record: &Record) -> Vec<PlaceRow> {
    let point = |value: Option<Decimal>| value.map(Number::exact);
    record
        .places
        .iter()
        .map(|place| PlaceRow {
            id: place.id.to_string(),
            name: place.name.clone(),
            name_zh: place.name_zh.clone(),
            level: place.level.to_string(),
            parent: place.parent_id.as_ref().map(ToString::to_string),
            lon: point(place.lon),
            lat: point(place.lat),
        })
        .collect()
}

/// Returns every vintage.
#[must_use]
pub fn vintages(record: &Record) -> Vec<VintageRow> {
    record
        .vintages
        .iter()
        .map(|vintage| VintageRow {
            id: vintage.id.to_string(),
            kind: vintage.kind_or_edition().to_string(),
            published_on: vintage.published_on.map(|date| date.to_string()),
            population_basis: vintage.population_basis.clone(),
            note: vintage.note.clone(),
            source: vintage.source_id.to_string(),
        })
        .collect()
}

/// Returns every indicator.
#[must_use]
pub fn indicators(record: &Record) -> Vec<IndicatorRow> {
    record
        .indicators
        .iter()
        .map(|indicator| IndicatorRow {
            id: indicator.id.to_string(),
            name: indicator.name.clone(),
            unit: indicator.unit.clone(),
            derive: indicator.derive.clone(),
        })
        .collect()
}

/// Returns the lenses with what each passes over, in words.
#[must_use]
pub fn lenses(record: &Record) -> Vec<LensRow> {
    record
        .case
        .lenses
        .iter()
        .map(|lens| LensRow {
            id: lens.id.to_string(),
            title: lens.title.clone(),
            describes: describe(lens),
        })
        .collect()
}

fn describe(lens: &Lens) -> String {
    let mut parts = vec![match &lens.vintage {
        VintageChoice::Word(_) => "Each series in its newest vintage".to_owned(),
        VintageChoice::Listed(ids) if ids.is_empty() => "No series".to_owned(),
        VintageChoice::Listed(ids) => {
            format!(
                "Series of {}",
                words::list(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())
            )
        }
        VintageChoice::Any => "Series of any vintage".to_owned(),
    }];
    let kinds = |kinds: Vec<String>| words::list(&kinds).replace('_', " ");
    if !lens.exclude_publisher_kinds.is_empty() {
        parts.push(format!(
            "published by none of {}",
            kinds(
                lens.exclude_publisher_kinds
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            )
        ));
    }
    if !lens.exclude_speaker_kinds.is_empty() {
        parts.push(format!(
            "said by none of {}",
            kinds(
                lens.exclude_speaker_kinds
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            )
        ));
    }
    if !lens.speaker_kinds.is_empty() {
        parts.push(format!(
            "said by {}",
            kinds(lens.speaker_kinds.iter().map(ToString::to_string).collect())
        ));
    }
    if !lens.speakers.is_empty() {
        parts.push(format!(
            "said by {}",
            words::list(&lens.speakers.iter().map(ToString::to_string).collect::<Vec<_>>())
        ));
    }
    if lens.independent_only {
        parts.push("without copies".to_owned());
    }
    for (from, to) in &lens.outcome_map {
        parts.push(format!("with {to} in place of {from}"));
    }
    format!("{}.", parts.join(", "))
}

/// Returns the verdict rule as it is written.
#[must_use]
pub fn rule(record: &Record) -> RuleRow {
    let rule = &record.case.verdict;
    RuleRow {
        confidence: Number::estimate(rule.confidence).unwrap_or_else(|| Number::count(0)),
        smallest_effect: Number::estimate(rule.smallest_effect).unwrap_or_else(|| Number::count(0)),
        reason: rule.reason.clone(),
        lines: rule.rule.iter().map(ToString::to_string).collect(),
        headline: rule.headline.to_string(),
    }
}

/// What disclosure control withheld from a record.
#[must_use]
pub fn disclosure(record: &Record) -> crate::assessment::DisclosureRow {
    crate::assessment::DisclosureRow {
        id: "disclosure".to_owned(),
        threshold: record.case.disclosure.threshold,
        withheld: record
            .withheld
            .iter()
            .flatten()
            .map(|(table, key)| format!("{table}/{key}"))
            .collect(),
        from: Vec::new(),
    }
}
