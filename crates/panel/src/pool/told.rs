//! Pairings in words: round, dates, way, ids.

use std::collections::BTreeMap;

use counterpart_model::Id;

use crate::graph::{Side, Touch, Way};
use crate::places::Places;

/// Most pairings that one clause spells out; the others are counted, and all are in the reason's list.
const SPELT_OUT: usize = 3;

/// Returns the pairings behind some touches, by id, and what they say: "round R, 2010 on, through its part X
/// (PR1, PR2 and 4 more)". The verb is left out where the sentence has said it.
pub(super) fn tell(places: &Places, touches: &[Touch<'_>], with_verb: bool) -> (Vec<Id>, String) {
    let mut clauses: BTreeMap<(&Id, String, Side, &Way), Vec<&Id>> = BTreeMap::new();
    let mut pairings: Vec<Id> = Vec::new();
    for touch in touches {
        let edge = touch.edge;
        let key = (&edge.round, edge.span.to_string(), touch.side, touch.way);
        clauses.entry(key).or_default().push(&edge.pairing);
        pairings.push(edge.pairing.clone());
    }
    pairings.sort();
    pairings.dedup();
    let clauses: Vec<String> = clauses
        .into_iter()
        .map(|((round, dates, side, way), ids)| {
            let how = match way {
                Way::Itself => String::new(),
                Way::Inside(end) => format!(" as part of {}", places.name_and_id(end)),
                Way::ThroughPart(end) => format!(" through a part, {}", places.name_and_id(end)),
            };
            let shown: Vec<&str> = ids.iter().take(SPELT_OUT).map(|id| id.as_str()).collect();
            let more = ids.len().saturating_sub(SPELT_OUT);
            let rest = if more == 0 {
                String::new()
            } else {
                format!(" and {more} more")
            };
            let verb = if with_verb {
                format!("{} in ", side.verb())
            } else {
                String::new()
            };
            format!("{verb}round {round}, {dates}{how} ({}{rest})", shown.join(", "))
        })
        .collect();
    (pairings, clauses.join("; "))
}
