//! The pairing graph counted: providers, recipients and pairs by round and programme, against what is stated.
//!
//! Regions and institutions are counted apart. A place inside another that is counted too (a city that gives beside the
//! province that holds it) is counted apart, and the count without such places stands beside it; a statement that
//! either way of counting gives is equal, and it is said which.

mod count;
mod stated;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::programme::{Pairing, PairingKind, Round};
use counterpart_model::{Date, Id, Record};
use counterpart_panel::Places;

use crate::assessment::{Layer, Number, PairingCount, PairingEvidence};

/// The rounds of a record with both sides of their regional pairings.
pub(crate) struct Rounds<'a> {
    places: Places,
    sides: Vec<Sides<'a>>,
}

/// One round with its regional pairings.
pub(crate) struct Sides<'a> {
    round: &'a Round,
    providers: BTreeSet<&'a Id>,
}

impl<'a> Rounds<'a> {
    /// Reads the rounds that have regional pairings.
    pub(crate) fn of(record: &'a Record) -> Self {
        let places = Places::of(record);
        let mut sides: Vec<Sides<'a>> = record
            .rounds
            .iter()
            .map(|round| Sides {
                round,
                providers: record
                    .pairings
                    .iter()
                    .filter(|row| row.round_id == round.id && is_regional(&places, row))
                    .map(|row| &row.provider_id)
                    .collect(),
            })
            .collect();
        sides.retain(|one| !one.providers.is_empty());
        Self { places, sides }
    }

    /// Returns the one round of a programme that a statement belongs to: its provider gives in it, and its period lies
    /// inside it; none where no round or more than one is left.
    ///
    /// A group belongs where at least half of its members, and of the round's providers, are the same.
    pub(crate) fn holding(
        &self,
        programme: &Id,
        provider: Option<&Id>,
        span: (Option<Date>, Option<Date>),
    ) -> Option<&'a Id> {
        let mut found = self
            .sides
            .iter()
            .filter(|one| one.round.programme_id == *programme)
            .filter(|one| lies_inside(span, one.round))
            .filter(|one| provider.is_none_or(|provider| self.gives(provider, one)));
        let first = found.next()?;
        found.next().is_none().then_some(&first.round.id)
    }

    fn gives(&self, provider: &Id, one: &Sides<'_>) -> bool {
        if one.providers.contains(provider) {
            return true;
        }
        self.places.is_group(provider)
            && likeness(&self.places.members(provider, None), &one.providers) >= 0.5
    }
}

/// Whether a pairing is between regions: of that kind, and both its ends are places.
fn is_regional(places: &Places, row: &Pairing) -> bool {
    row.kind == PairingKind::Region && places.has(&row.provider_id) && places.has(&row.recipient_id)
}

/// Members in both, over members in either.
fn likeness(members: &[Id], others: &BTreeSet<&Id>) -> f64 {
    let both = members.iter().filter(|id| others.contains(id)).count();
    let either = members.len() + others.len() - both;
    if either == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of places are small")]
    let share = both as f64 / either as f64;
    share
}

/// Whether a period, where it is known, lies inside a round.
fn lies_inside(span: (Option<Date>, Option<Date>), round: &Round) -> bool {
    let begins = match (span.0, round.start.or(round.decided_on)) {
        (Some(start), Some(first)) => !first.is_after(start),
        _ => true,
    };
    let ends = match (span.1, round.end) {
        (Some(end), Some(last)) => !end.is_after(last),
        _ => true,
    };
    begins && ends
}

/// Returns every count with what is stated of it, by id.
#[must_use]
pub fn counts(record: &Record) -> Vec<PairingCount> {
    let places = Places::of(record);
    let mut rows = Vec::new();
    for round in &record.rounds {
        let pairings: Vec<&Pairing> = record
            .pairings
            .iter()
            .filter(|row| row.round_id == round.id)
            .collect();
        let scope = count::Scope {
            record,
            places: &places,
            programme: &round.programme_id,
            round: Some(&round.id),
        };
        rows.extend(count::of(&scope, &pairings));
    }
    for programme in &record.programmes {
        let pairings: Vec<&Pairing> = record
            .pairings
            .iter()
            .filter(|row| row.programme_id == programme.id)
            .collect();
        let rounds: BTreeSet<&Id> = pairings.iter().map(|row| &row.round_id).collect();
        if rounds.len() < 2 {
            continue;
        }
        let scope = count::Scope {
            record,
            places: &places,
            programme: &programme.id,
            round: None,
        };
        rows.extend(count::of(&scope, &pairings));
    }
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

/// Returns the pairings of each round by kind and by the evidence they rest on, by id.
#[must_use]
pub fn evidence(record: &Record) -> Vec<PairingEvidence> {
    let places = Places::of(record);
    let mut found: BTreeMap<(&Id, Layer, String, String, String), Vec<&Pairing>> = BTreeMap::new();
    for row in &record.pairings {
        found
            .entry((
                &row.round_id,
                if is_regional(&places, row) {
                    Layer::Regional
                } else {
                    Layer::Institutional
                },
                row.kind.to_string(),
                row.basis.to_string(),
                row.confidence.to_string(),
            ))
            .or_default()
            .push(row);
    }
    let mut rows: Vec<PairingEvidence> = found
        .into_iter()
        .map(
            |((round, layer, kind, basis, confidence), pairings)| PairingEvidence {
                id: format!(
                    "pairing-evidence:{round}:{kind}:{}:{basis}:{confidence}",
                    layer.words()
                ),
                programme: pairings
                    .first()
                    .map(|row| row.programme_id.to_string())
                    .unwrap_or_default(),
                round: round.to_string(),
                layer,
                value: Number::count(pairings.len()),
                from: pairings.iter().map(|row| row.id.to_string()).collect(),
                kind,
                basis,
                confidence,
            },
        )
        .collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}
