//! One count: who is counted, how, and what it comes to.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::place::Level;
use counterpart_model::programme::{Confidence, Pairing, PairingBasis};
use counterpart_model::{Id, Record};
use counterpart_panel::Places;

use super::stated;
use crate::assessment::{CountStatus, Counted, Layer, Number, PairingCount, Sentence, StatedCount};
use crate::words;

/// The round, or the programme, whose pairings are counted.
pub(super) struct Scope<'a> {
    pub(super) record: &'a Record,
    pub(super) places: &'a Places,
    pub(super) programme: &'a Id,
    pub(super) round: Option<&'a Id>,
}

impl Scope<'_> {
    /// What claims name as their subject.
    pub(super) fn subject(&self) -> &Id {
        self.round.unwrap_or(self.programme)
    }

    fn name(&self) -> String {
        let record = self.record;
        let round = self
            .round
            .and_then(|id| record.rounds.iter().find(|row| row.id == *id));
        let programme = record.programmes.iter().find(|row| row.id == *self.programme);
        round
            .map(|row| row.name.clone())
            .or_else(|| programme.map(|row| format!("{}, all rounds", row.name)))
            .unwrap_or_else(|| self.subject().to_string())
    }
}

/// What is counted in one row.
pub(super) struct What {
    pub(super) layer: Layer,
    pub(super) counted: Counted,
    pub(super) level: Option<Level>,
}

/// A number with the way it was counted.
pub(super) struct Reading {
    pub(super) value: usize,
    pub(super) by: &'static str,
}

const APART: &str = "each counted apart";
const WITHIN: &str = "those inside another counted within it";
const AT_LEVEL: &str = "ends of the level alone";
const AROUND: &str = "ends of the level and places of it that hold an end";

/// Returns the counts of a round's or programme's pairings.
pub(super) fn of(scope: &Scope<'_>, pairings: &[&Pairing]) -> Vec<PairingCount> {
    let (regional, institutional): (Vec<&Pairing>, Vec<&Pairing>) = pairings
        .iter()
        .copied()
        .partition(|row| super::is_regional(scope.places, row));
    let mut rows = Vec::new();
    for (layer, pairings) in [
        (Layer::Regional, &regional),
        (Layer::Institutional, &institutional),
    ] {
        if pairings.is_empty() {
            continue;
        }
        for counted in [Counted::Providers, Counted::Recipients, Counted::Pairs] {
            rows.push(all(scope, layer, counted, pairings));
        }
        if layer == Layer::Regional {
            for counted in [Counted::Providers, Counted::Recipients] {
                rows.extend(by_level(scope, counted, pairings));
            }
        }
    }
    rows
}

fn end(pairing: &Pairing, counted: Counted) -> &Id {
    match counted {
        Counted::Recipients => &pairing.recipient_id,
        Counted::Providers | Counted::Pairs => &pairing.provider_id,
    }
}

/// The ends on one side, groups opened, each with the pairings that name it.
fn ends<'p>(scope: &Scope<'_>, counted: Counted, pairings: &[&'p Pairing]) -> BTreeMap<Id, Vec<&'p Pairing>> {
    let mut found: BTreeMap<Id, Vec<&Pairing>> = BTreeMap::new();
    for pairing in pairings {
        for member in scope.places.members(end(pairing, counted), None) {
            found.entry(member).or_default().push(pairing);
        }
    }
    found
}

fn is_weak(pairing: &Pairing) -> bool {
    pairing.basis == PairingBasis::Inferred || pairing.confidence == Confidence::Low
}

fn all(scope: &Scope<'_>, layer: Layer, counted: Counted, pairings: &[&Pairing]) -> PairingCount {
    let what = What {
        layer,
        counted,
        level: None,
    };
    if counted == Counted::Pairs {
        let pairs: BTreeMap<(&Id, &Id), bool> = pairings.iter().fold(BTreeMap::new(), |mut pairs, row| {
            let only_weak = pairs.entry((&row.provider_id, &row.recipient_id)).or_insert(true);
            *only_weak &= is_weak(row);
            pairs
        });
        let readings = [
            Reading {
                value: pairs.len(),
                by: "a pair counted once",
            },
            Reading {
                value: pairings.len(),
                by: "every row counted",
            },
        ];
        let weak = pairs.values().filter(|weak| **weak).count();
        return row(
            scope,
            &what,
            &readings,
            Vec::new(),
            weak,
            pairings,
            &BTreeSet::new(),
        );
    }
    let ends = ends(scope, counted, pairings);
    let inside: Vec<String> = ends
        .keys()
        .filter(|id| {
            scope
                .places
                .ancestors(id)
                .iter()
                .any(|outer| ends.contains_key(outer))
        })
        .map(ToString::to_string)
        .collect();
    let readings = [
        Reading {
            value: ends.len(),
            by: APART,
        },
        Reading {
            value: ends.len() - inside.len(),
            by: WITHIN,
        },
    ];
    let weak = ends
        .values()
        .filter(|rows| rows.iter().all(|row| is_weak(row)))
        .count();
    let members: BTreeSet<&Id> = ends.keys().collect();
    row(scope, &what, &readings, inside, weak, pairings, &members)
}

/// Counts of the ends of each level: those of the level, and those and the places of the level that hold one.
fn by_level(scope: &Scope<'_>, counted: Counted, pairings: &[&Pairing]) -> Vec<PairingCount> {
    let ends = ends(scope, counted, pairings);
    let levels = [Level::Province, Level::Prefecture, Level::County, Level::Division];
    let mut rows = Vec::new();
    for level in levels {
        let own: BTreeSet<&Id> = ends
            .keys()
            .filter(|id| scope.places.level(id) == Some(level))
            .collect();
        let around: BTreeSet<Id> = ends
            .keys()
            .filter_map(|id| scope.places.at_level(id, level))
            .collect();
        let what = What {
            layer: Layer::Regional,
            counted,
            level: Some(level),
        };
        let readings = [
            Reading {
                value: own.len(),
                by: AT_LEVEL,
            },
            Reading {
                value: around.len(),
                by: AROUND,
            },
        ];
        let at_level: Vec<&Pairing> = pairings
            .iter()
            .copied()
            .filter(|row| {
                let members = scope.places.members(end(row, counted), None);
                members
                    .iter()
                    .any(|id| scope.places.at_level(id, level).is_some())
            })
            .collect();
        let weak = own
            .iter()
            .filter(|id| {
                ends.get(**id)
                    .is_some_and(|rows| rows.iter().all(|row| is_weak(row)))
            })
            .count();
        let made = row(
            scope,
            &what,
            &readings,
            Vec::new(),
            weak,
            &at_level,
            &BTreeSet::new(),
        );
        if !own.is_empty() || !made.stated.is_empty() {
            rows.push(made);
        }
    }
    rows
}

fn row(
    scope: &Scope<'_>,
    what: &What,
    readings: &[Reading; 2],
    inside_another: Vec<String>,
    weak: usize,
    pairings: &[&Pairing],
    members: &BTreeSet<&Id>,
) -> PairingCount {
    let layer = match what.layer {
        Layer::Regional => "",
        Layer::Institutional => ":institutional",
    };
    let level = what.level.map(|level| format!(":{level}")).unwrap_or_default();
    let id = format!("count:{}:{}{layer}{level}", scope.subject(), what.counted.words());
    let stated = stated::of(scope, what, readings, members);
    let status = if stated.is_empty() {
        CountStatus::NotStated
    } else if stated.iter().all(|one| one.status == CountStatus::Equal) {
        CountStatus::Equal
    } else {
        CountStatus::Different
    };
    let [first, second] = readings;
    let mut from: Vec<String> = pairings.iter().map(|row| row.id.to_string()).collect();
    from.sort();
    PairingCount {
        programme: scope.programme.to_string(),
        round: scope.round.map(ToString::to_string),
        layer: what.layer,
        counted: what.counted,
        level: what.level.map(|level| level.to_string()),
        value: Number::count(first.value),
        counted_by: first.by,
        other_value: Number::count(second.value),
        other_counted_by: second.by,
        on_weak_evidence: Number::count(weak),
        sentence: sentence(scope, what, readings, &id, &stated, status),
        inside_another,
        stated,
        status,
        from,
        id,
    }
}

fn sentence(
    scope: &Scope<'_>,
    what: &What,
    readings: &[Reading; 2],
    id: &str,
    stated: &[StatedCount],
    status: CountStatus,
) -> Sentence {
    let [first, second] = readings;
    let level = what
        .level
        .map(|level| format!(" of the level {level}"))
        .unwrap_or_default();
    let layer = match what.layer {
        Layer::Regional => "",
        Layer::Institutional => " of the institutional layer",
    };
    let mut sentence = Sentence::of(format!("{}: ", words::without_full_stop(&scope.name())))
        .figure(first.value.to_string(), id)
        .text(format!(
            " {}{layer}{level} on record",
            what.counted.counting(first.value)
        ));
    if first.value != second.value {
        sentence = sentence
            .text(format!(" ({}), ", first.by))
            .figure(second.value.to_string(), id)
            .text(format!(" with {}", second.by));
    }
    if stated.is_empty() {
        return sentence.text("; not stated.");
    }
    sentence = sentence.text("; stated as ");
    for (index, one) in stated.iter().enumerate() {
        if index > 0 {
            sentence = sentence.text(", ");
        }
        // A group has no figure of its own: its size is counted here.
        let holder = if one.speaker.is_some() {
            one.id.clone()
        } else {
            id.to_owned()
        };
        let bound = if one.value.is_none() { "at least " } else { "" };
        let shown = one.value.as_ref().or(one.lower.as_ref()).or(one.upper.as_ref());
        sentence = sentence
            .text(bound)
            .figure(shown.map(ToString::to_string).unwrap_or_default(), holder)
            .text(format!(" ({})", one.id));
    }
    sentence.text(match status {
        CountStatus::Equal => ": equal.",
        _ => ": different.",
    })
}
