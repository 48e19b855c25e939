//! Shapes: GeoJSON whose features name places of the case.

use std::str::FromStr;

use counterpart_model::{Fault, FaultCode, Location, TableId};
use geojson::{GeoJson, PolygonType, Value, feature::Id};

use crate::check::Keys;
use crate::hint::did_you_mean;

/// Most features of one file that are named in faults.
const MOST_FAULTS: usize = 100;

/// The place that a feature says it is the shape of.
pub(crate) struct FeaturePlace {
    /// Which feature, from 1.
    number: usize,
    place: String,
}

/// Reads a file of shapes: a FeatureCollection whose features have an `id`, or a property `place_id`.
pub(crate) fn read(name: &str, text: &str) -> Result<Vec<FeaturePlace>, Vec<Fault>> {
    let fault =
        |value: &str, expected: &str| Fault::new(Location::file(name), FaultCode::Geo, value, expected);
    let json =
        GeoJson::from_str(text).map_err(|error| vec![fault(&error.to_string(), "GeoJSON (RFC 7946)")])?;
    let GeoJson::FeatureCollection(collection) = json else {
        return Err(vec![fault("", "a FeatureCollection")]);
    };
    let mut faults = Vec::new();
    let mut features = Vec::new();
    for (index, feature) in collection.features.iter().enumerate() {
        let number = index + 1;
        let place = match &feature.id {
            Some(Id::String(id)) => Some(id.clone()),
            Some(Id::Number(id)) => Some(id.to_string()),
            None => feature
                .property("place_id")
                .and_then(|value| value.as_str())
                .map(str::to_owned),
        };
        match place {
            Some(place) => features.push(FeaturePlace { number, place }),
            None => faults.push(
                fault(&format!("feature {number}"), "a place_id as the feature's id")
                    .hint("or as its property place_id"),
            ),
        }
        if let Some(outside) = feature
            .geometry
            .as_ref()
            .and_then(|geometry| outside(&geometry.value))
        {
            faults.push(
                fault(
                    &format!("feature {number}: {}, {}", outside.0, outside.1),
                    "degrees of longitude and latitude (WGS 84)",
                )
                .hint("project the shapes back to longitude and latitude"),
            );
        }
    }
    if faults.is_empty() {
        Ok(features)
    } else {
        faults.truncate(MOST_FAULTS);
        Err(faults)
    }
}

/// Returns the first point that lies on no globe.
fn outside(value: &Value) -> Option<(f64, f64)> {
    let of_point = |point: &Vec<f64>| match point.as_slice() {
        [lon, lat, ..] if lon.abs() <= 180.0 && lat.abs() <= 90.0 => None,
        [lon, lat, ..] => Some((*lon, *lat)),
        _ => Some((f64::NAN, f64::NAN)),
    };
    let of_polygon = |polygon: &PolygonType| polygon.iter().flatten().find_map(of_point);
    match value {
        Value::Point(point) => of_point(point),
        Value::MultiPoint(points) | Value::LineString(points) => points.iter().find_map(of_point),
        Value::MultiLineString(lines) | Value::Polygon(lines) => of_polygon(lines),
        Value::MultiPolygon(polygons) => polygons.iter().find_map(of_polygon),
        Value::GeometryCollection(parts) => parts.iter().find_map(|part| outside(&part.value)),
    }
}

/// Returns a fault for every feature whose place is none of the case.
pub(crate) fn check_places(name: &str, features: &[FeaturePlace], keys: &Keys<'_>) -> Vec<Fault> {
    let places = &[TableId::Places];
    features
        .iter()
        .filter(|feature| !keys.holds(places, &feature.place))
        .take(MOST_FAULTS)
        .map(|feature| {
            let fault = Fault::new(
                Location::file(format!("geo/{name}")),
                FaultCode::DanglingReference,
                &feature.place,
                format!("a key of places as the id of feature {}", feature.number),
            );
            match did_you_mean(&feature.place, keys.of(places)) {
                Some(hint) => fault.hint(hint),
                None => fault,
            }
        })
        .collect()
}
