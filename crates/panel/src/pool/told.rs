//! Pairings in words: round, dates, way, ids.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::Id;

use crate::graph::{Side, Touch, Way};
use crate::places::Places;

/// Most pairings or parts that one clause spells out; the others are counted, and all pairings are in the
/// reason's list.
const SPELT_OUT: usize = 3;

/// What one clause says: round, dates, side, and whether the place is the end, inside it or around it.
type Clause<'a> = (&'a Id, String, Side, u8);

/// Returns the pairings behind some touches, by id, and what they say: "round R, 2010 on, through its part X
/// (PR1, PR2 and 4 more)". The verb is left out where the sentence has said it.
pub(super) fn tell(places: &Places, touches: &[Touch<'_>], with_verb: bool) -> (Vec<Id>, String) {
    let mut clauses: BTreeMap<Clause<'_>, (BTreeSet<&Id>, BTreeSet<&Id>)> = BTreeMap::new();
    let mut pairings: BTreeSet<Id> = BTreeSet::new();
    for touch in touches {
        let edge = touch.edge;
        let (way, through) = match touch.way {
            Way::Itself => (0, None),
            Way::Inside(end) => (1, Some(end)),
            Way::ThroughPart(end) => (2, Some(end)),
        };
        let key = (&edge.round, edge.span.to_string(), touch.side, way);
        let (ids, ends) = clauses.entry(key).or_default();
        ids.insert(&edge.pairing);
        ends.extend(through);
        pairings.insert(edge.pairing.clone());
    }
    let clauses: Vec<String> = clauses
        .into_iter()
        .map(|((round, dates, side, way), (ids, ends))| {
            let ends = shown(ends.into_iter().map(|end| places.name_and_id(end)));
            let how = match way {
                0 => String::new(),
                1 => format!(" as part of {ends}"),
                _ => format!(" through a part, {ends}"),
            };
            let ids = shown(ids.into_iter().map(Id::to_string));
            let verb = if with_verb {
                format!("{} in ", side.verb())
            } else {
                String::new()
            };
            format!("{verb}round {round}, {dates}{how} ({ids})")
        })
        .collect();
    (pairings.into_iter().collect(), clauses.join("; "))
}

fn shown(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(SPELT_OUT);
    let text = names.take(SPELT_OUT).collect::<Vec<_>>().join(", ");
    if more == 0 {
        text
    } else {
        format!("{text} and {more} more")
    }
}
