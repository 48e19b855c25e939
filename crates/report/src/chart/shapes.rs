//! Shapes of places: GeoJSON as rings of longitude and latitude.

use counterpart_model::record::GeoFile;
use geojson::{FeatureCollection, Value};

/// A ring of longitudes and latitudes.
pub type Ring = Vec<(f64, f64)>;

/// A place's shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The place.
    pub place: String,
    /// Its name in the file.
    pub name: String,
    /// Its level in the file.
    pub level: String,
    /// Its rings, holes among them.
    pub rings: Vec<Ring>,
}

impl Shape {
    /// Returns the centroid of the largest ring, by area.
    #[must_use]
    pub fn centroid(&self) -> Option<(f64, f64)> {
        let largest = self
            .rings
            .iter()
            .max_by(|a, b| area(a).abs().total_cmp(&area(b).abs()))?;
        centroid(largest)
    }

    /// Returns how much the shape covers, in square degrees: for comparing shapes near each other.
    #[must_use]
    pub fn area(&self) -> f64 {
        self.rings.iter().map(|ring| area(ring).abs()).sum()
    }

    /// Whether a point lies inside: an odd number of edges to one side of it.
    #[must_use]
    pub fn holds(&self, (lon, lat): (f64, f64)) -> bool {
        let mut inside = false;
        for ring in &self.rings {
            for (a, b) in edges(ring) {
                if (a.1 > lat) != (b.1 > lat) && lon < (b.0 - a.0) * (lat - a.1) / (b.1 - a.1) + a.0 {
                    inside = !inside;
                }
            }
        }
        inside
    }
}

/// Returns the shapes of files, one a place: the first file that has a place counts. A file that is no collection of
/// features has none; the importer has named it before.
#[must_use]
pub fn read(files: &[GeoFile]) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for file in files {
        let Ok(collection) = file.text.parse::<FeatureCollection>() else {
            continue;
        };
        for feature in collection.features {
            let word = |key: &str| {
                let value = feature.properties.as_ref()?.get(key)?;
                value.as_str().map(str::to_owned)
            };
            let id = match &feature.id {
                Some(geojson::feature::Id::String(id)) => Some(id.clone()),
                Some(geojson::feature::Id::Number(id)) => Some(id.to_string()),
                None => word("place_id"),
            };
            let (Some(place), Some(geometry)) = (id, &feature.geometry) else {
                continue;
            };
            let rings = rings(&geometry.value);
            if rings.is_empty() || !seen.insert(place.clone()) {
                continue;
            }
            shapes.push(Shape {
                name: word("name").unwrap_or_else(|| place.clone()),
                level: word("level").unwrap_or_default(),
                place,
                rings,
            });
        }
    }
    shapes
}

fn rings(value: &Value) -> Vec<Ring> {
    let ring = |points: &Vec<Vec<f64>>| -> Ring {
        points
            .iter()
            .filter_map(|point| Some((*point.first()?, *point.get(1)?)))
            .collect()
    };
    match value {
        Value::Polygon(polygon) => polygon.iter().map(ring).collect(),
        Value::MultiPolygon(polygons) => polygons.iter().flatten().map(ring).collect(),
        Value::GeometryCollection(parts) => parts.iter().flat_map(|part| rings(&part.value)).collect(),
        _ => Vec::new(),
    }
}

fn edges(ring: &Ring) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| (*a, *b))
}

fn area(ring: &Ring) -> f64 {
    edges(ring).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
}

fn centroid(ring: &Ring) -> Option<(f64, f64)> {
    let area = area(ring);
    if area.abs() < 1e-12 {
        return ring.first().copied();
    }
    let (x, y) = edges(ring).fold((0.0, 0.0), |sum, (a, b)| {
        let cross = a.0 * b.1 - b.0 * a.1;
        (sum.0 + (a.0 + b.0) * cross, sum.1 + (a.1 + b.1) * cross)
    });
    Some((x / (6.0 * area), y / (6.0 * area)))
}

#[cfg(test)]
mod tests {
    use super::{Shape, read};
    use counterpart_model::record::GeoFile;

    fn square() -> Shape {
        Shape {
            place: "A".to_owned(),
            name: "A".to_owned(),
            level: String::new(),
            rings: vec![vec![(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]],
        }
    }

    #[test]
    fn a_square_has_its_middle_and_holds_it() {
        assert_eq!(square().centroid(), Some((1.0, 1.0)));
        assert!(square().holds((1.0, 1.0)));
        assert!(!square().holds((3.0, 1.0)));
    }

    #[test]
    fn text_that_is_no_geojson_has_no_shapes() {
        let file = |text: &str| GeoFile {
            name: "a.geojson".to_owned(),
            text: text.to_owned(),
        };
        assert!(read(&[file("{"), file("{\"type\":\"Point\",\"coordinates\":[0,0]}")]).is_empty());
    }
}
