//! Who borders on whom, read off the shapes of places.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Id, Record};
use serde_json::Value;

use crate::places::Places;

/// Corners are the same when they agree to this many parts of a degree (about ten metres).
const PARTS_OF_A_DEGREE: f64 = 1e4;

/// A corner of a shape, rounded.
type Corner = (i64, i64);

/// Returns each pair of a candidate and a treated place whose outlines have a corner in common.
///
/// Outlines of neighbours drawn from one map run through the same corners. Where a shape is missing nothing is
/// computed, because a place without a shape would pass as a place without neighbours.
pub(super) fn of(
    record: &Record,
    places: &Places,
    treated: &[Id],
    candidates: &[Id],
) -> Result<Vec<(Id, Id)>, String> {
    let wanted: BTreeSet<&Id> = treated.iter().chain(candidates).collect();
    let mut corners: BTreeMap<Id, BTreeSet<Corner>> = BTreeMap::new();
    for file in &record.geo {
        let Ok(json) = serde_json::from_str::<Value>(&file.text) else {
            return Err(format!("the shapes in {} cannot be read", file.name));
        };
        for feature in json
            .get("features")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let own = feature.get("id").and_then(Value::as_str);
            let property = || feature.get("properties")?.get("place_id")?.as_str();
            let Some(id) = own.or_else(property).map(Id::new) else {
                continue;
            };
            if wanted.contains(&id)
                && let Some(shape) = feature
                    .get("geometry")
                    .and_then(|geometry| geometry.get("coordinates"))
            {
                gather(shape, corners.entry(id).or_default(), 0);
            }
        }
    }
    let missing: Vec<&Id> = wanted
        .into_iter()
        .filter(|id| !corners.contains_key(*id))
        .collect();
    if let Some(first) = missing.first() {
        return Err(format!(
            "no shape on record for {} of {} places, among them {}",
            missing.len(),
            treated.iter().chain(candidates).collect::<BTreeSet<_>>().len(),
            places.name_and_id(first)
        ));
    }
    let mut found = Vec::new();
    for candidate in candidates {
        for treated in treated {
            let touch = match (corners.get(candidate), corners.get(treated)) {
                (Some(a), Some(b)) => candidate != treated && a.intersection(b).next().is_some(),
                _ => false,
            };
            if touch {
                found.push((candidate.clone(), treated.clone()));
            }
        }
    }
    Ok(found)
}

/// Collects the corners of a GeoJSON coordinate array, however deep its rings are nested.
fn gather(shape: &Value, corners: &mut BTreeSet<Corner>, depth: usize) {
    const DEEPEST: usize = 5;
    let Some(list) = shape.as_array() else {
        return;
    };
    if let (Some(lon), Some(lat)) = (
        list.first().and_then(Value::as_f64),
        list.get(1).and_then(Value::as_f64),
    ) {
        corners.insert((rounded(lon), rounded(lat)));
    } else if depth < DEEPEST {
        list.iter().for_each(|part| gather(part, corners, depth + 1));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "degrees times ten thousand fit by far"
)]
fn rounded(degrees: f64) -> i64 {
    (degrees * PARTS_OF_A_DEGREE).round() as i64
}
