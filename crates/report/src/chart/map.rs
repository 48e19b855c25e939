//! Who with whom: the recipient's region drawn larger beside its nation, joined by arcs.

use std::fmt::Write as _;

use super::Cut;
use super::projection::Albers;
use super::scale::extent;
use super::shapes::Shape;
use super::svg::{Anchor, Svg, at, fitted, spread, text_width, wrapped};

/// A named point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its name.
    pub label: String,
    /// Longitude and latitude.
    pub lon_lat: (f64, f64),
}

/// Pairings between a provider and a part of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Index of the provider.
    pub provider: usize,
    /// Index of the recipient.
    pub recipient: usize,
    /// How many pairings.
    pub count: usize,
    /// Whether the evidence is weak.
    pub weak: bool,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// Shapes of the nation's first-level regions.
    pub nation: Vec<Shape>,
    /// Shapes of the recipient region's parts.
    pub region: Vec<Shape>,
    /// Place that receives, among the nation's shapes.
    pub subject: String,
    /// Its name.
    pub subject_name: String,
    /// Parts of the region that some pairing reaches.
    pub paired: Vec<String>,
    /// Providers.
    pub providers: Vec<Point>,
    /// Recipients.
    pub recipients: Vec<Point>,
    /// Pairings.
    pub ties: Vec<Tie>,
    /// What the map cannot show, in words.
    pub notes: Vec<String>,
}

/// A projection, moved and scaled into a box.
#[derive(Clone, Copy)]
struct Frame {
    albers: Albers,
    scale: f64,
    shift: (f64, f64),
    size: (f64, f64),
}

impl Frame {
    fn fit(albers: Albers, shapes: &[Shape], corner: (f64, f64), room: (f64, f64)) -> Option<Self> {
        let places = || {
            shapes
                .iter()
                .flat_map(|shape| shape.rings.iter().flatten())
                .map(|p| albers.at(p.0, p.1))
        };
        let (west, east) = extent(places().map(|place| place.0))?;
        let (north, south) = extent(places().map(|place| place.1))?;
        let scale = (room.0 / (east - west).max(1e-9)).min(room.1 / (south - north).max(1e-9));
        let size = ((east - west) * scale, (south - north) * scale);
        let shift = (
            corner.0 + (room.0 - size.0) / 2.0 - west * scale,
            corner.1 + (room.1 - size.1) / 2.0 - north * scale,
        );
        Some(Self {
            albers,
            scale,
            shift,
            size,
        })
    }

    fn at(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        let (x, y) = self.albers.at(lon, lat);
        (x * self.scale + self.shift.0, y * self.scale + self.shift.1)
    }

    /// Returns a shape as a path, points closer than about a unit left out and specks too.
    fn path(&self, shape: &Shape) -> String {
        let mut path = String::new();
        for ring in &shape.rings {
            let mut kept: Vec<(f64, f64)> = Vec::new();
            for point in ring {
                let place = self.at(*point);
                if kept
                    .last()
                    .is_none_or(|last| (last.0 - place.0).abs() + (last.1 - place.1).abs() >= 1.5)
                {
                    kept.push(place);
                }
            }
            if kept.len() < 4 {
                continue;
            }
            // Steps from point to point take half the room of coordinates; each is taken from where the last one ended
            // as written, so that roundings do not add up.
            let mut pen = (0.0, 0.0);
            for (index, place) in kept.iter().enumerate() {
                let step = (tenth(place.0 - pen.0), tenth(place.1 - pen.1));
                let _ = write!(
                    path,
                    "{}{} {}",
                    if index == 0 { 'M' } else { 'l' },
                    at(step.0),
                    at(step.1)
                );
                pen = (tenth(pen.0 + step.0), tenth(pen.1 + step.1));
            }
            path.push('Z');
        }
        path
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

impl Map {
    pub(super) fn draw(&self, cut: Cut) -> Svg {
        let mut svg = Svg::new(cut.width());
        let points = || self.nation.iter().flat_map(|shape| shape.rings.iter().flatten());
        let (Some(lon), Some(lat)) = (extent(points().map(|p| p.0)), extent(points().map(|p| p.1))) else {
            return svg;
        };
        let albers = Albers::for_extent(lon, lat);
        let column = 15.0 * self.providers.len() as f64 + 10.0;
        let (region_box, nation_box, name_x) = match cut {
            Cut::Wide => (
                ((0.0, 52.0), (308.0, 270.0)),
                ((292.0, 8.0), (330.0, 330.0_f64.max(column - 20.0))),
                652.0,
            ),
            Cut::Narrow => (
                ((8.0, 8.0), (334.0, 230.0)),
                ((0.0, 262.0), (238.0, 230.0_f64.max(column - 20.0))),
                262.0,
            ),
        };
        let Some(nation) = Frame::fit(albers, &self.nation, nation_box.0, nation_box.1) else {
            return svg;
        };
        for shape in &self.nation {
            let class = if shape.place == self.subject {
                "land self"
            } else {
                "land"
            };
            svg.path(class, &nation.path(shape));
        }
        let region = Frame::fit(albers, &self.region, region_box.0, region_box.1);
        for shape in &self.region {
            let Some(region) = &region else { break };
            let class = if self.paired.contains(&shape.place) {
                "part"
            } else {
                "part unpaired"
            };
            svg.path(class, &region.path(shape));
        }
        let target = region.unwrap_or(nation);
        self.draw_ties(&mut svg, &nation, &target);
        let bottom = self.name_providers(&mut svg, &nation, (nation_box.0.1, nation_box.1.1), name_x);
        self.name_recipients(&mut svg, cut, &target);
        let (note_x, mut note_y) = match cut {
            Cut::Wide => (0.0, region_box.0.1 + region_box.1.1 + 22.0),
            Cut::Narrow => (0.0, bottom + 28.0),
        };
        let mut notes = Vec::new();
        if let Some(region) = &region {
            let times = (region.scale / nation.scale * 10.0).round() / 10.0;
            notes.push(format!(
                "{} is drawn at {times} times the scale of the map beside it",
                self.subject_name
            ));
        }
        notes.extend(self.notes.iter().cloned());
        for note in &notes {
            for line in wrapped(note, cut.pick(270.0, 340.0), 3) {
                svg.text("tm xs", (note_x, note_y), Anchor::Start, &line);
                note_y += 14.5;
            }
        }
        svg.height = note_y.max(bottom + 8.0).max(nation_box.0.1 + nation.size.1);
        svg
    }

    fn draw_ties(&self, svg: &mut Svg, nation: &Frame, target: &Frame) {
        for tie in &self.ties {
            let (Some(from), Some(to)) = (
                self.providers.get(tie.provider),
                self.recipients.get(tie.recipient),
            ) else {
                continue;
            };
            let (from, to) = (nation.at(from.lon_lat), target.at(to.lon_lat));
            let lift = ((from.0 - to.0).hypot(from.1 - to.1)) * 0.2;
            let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1) - lift);
            let path = format!(
                "M{} {}Q{} {} {} {}",
                at(from.0),
                at(from.1),
                at(middle.0),
                at(middle.1),
                at(to.0),
                at(to.1)
            );
            let class = if tie.weak { "arc weak" } else { "arc" };
            svg.arc(
                class,
                &path,
                0.9 + 0.34 * (tie.count as f64).min(12.0),
                tie.provider,
            );
        }
        for provider in &self.providers {
            svg.circle("provider", nation.at(provider.lon_lat), 2.4, &provider.label);
        }
        for recipient in &self.recipients {
            svg.circle("recipient", target.at(recipient.lon_lat), 3.0, &recipient.label);
        }
    }

    /// Names providers in a column, north to south, and returns where the column ends.
    fn name_providers(&self, svg: &mut Svg, nation: &Frame, box_y: (f64, f64), name_x: f64) -> f64 {
        let places: Vec<(f64, f64)> = self
            .providers
            .iter()
            .map(|provider| nation.at(provider.lon_lat))
            .collect();
        let mut rows: Vec<f64> = places.iter().map(|place| place.1).collect();
        spread(&mut rows, 15.0, box_y.0, box_y.0 + box_y.1);
        for (index, ((provider, place), row)) in self.providers.iter().zip(&places).zip(&rows).enumerate() {
            svg.polyline(
                "lead",
                &[
                    (place.0 + 3.0, place.1),
                    (name_x - 16.0, *row),
                    (name_x - 5.0, *row),
                ],
            );
            let label = fitted(&provider.label, svg.width - name_x);
            svg.grouped_text("named", (name_x, row + 4.0), Anchor::Start, &label, Some(index));
        }
        rows.iter().copied().fold(box_y.0 + box_y.1, f64::max)
    }

    /// Names recipients beside their points, each where it touches no other name and no point.
    fn name_recipients(&self, svg: &mut Svg, cut: Cut, target: &Frame) {
        let places: Vec<(f64, f64)> = self
            .recipients
            .iter()
            .map(|point| target.at(point.lon_lat))
            .collect();
        let mut taken: Vec<(f64, f64, f64, f64)> = places
            .iter()
            .map(|place| (place.0 - 4.0, place.1 - 4.0, 8.0, 8.0))
            .collect();
        for (recipient, place) in self.recipients.iter().zip(&places) {
            let label = fitted(&recipient.label, cut.pick(110.0, 92.0));
            let width = text_width(&label);
            let spots = [
                (place.0 - width / 2.0, place.1 + 7.0),
                (place.0 - width / 2.0, place.1 - 20.0),
                (place.0 + 6.0, place.1 - 7.0),
                (place.0 - width - 6.0, place.1 - 7.0),
                (place.0 + 5.0, place.1 + 4.0),
                (place.0 - width - 5.0, place.1 + 4.0),
            ];
            let cost = |spot: &(f64, f64)| -> f64 {
                let outside = if spot.0 < 0.0 { -spot.0 * 10.0 } else { 0.0 };
                let over: f64 = taken
                    .iter()
                    .map(|other| {
                        let across = (spot.0 + width).min(other.0 + other.2) - spot.0.max(other.0);
                        let down = (spot.1 + 14.0).min(other.1 + other.3) - spot.1.max(other.1);
                        if across > 0.0 && down > 0.0 {
                            across * down
                        } else {
                            0.0
                        }
                    })
                    .sum();
                outside + over
            };
            let best = spots
                .iter()
                .min_by(|a, b| cost(a).total_cmp(&cost(b)))
                .copied()
                .unwrap_or(*place);
            taken.push((best.0, best.1, width, 14.0));
            svg.text("tb halo", (best.0, best.1 + 11.0), Anchor::Start, &label);
        }
    }
}
