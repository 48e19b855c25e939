//! A figure said, against what each single vintage gives: one group a figure, one row a vintage.

use super::Cut;
use super::lines::Age;
use super::scale::{Scale, extent, label, ticks};
use super::svg::{Anchor, Svg, fitted, text_width};

/// What one vintage gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The vintage.
    pub label: String,
    /// How old.
    pub age: Age,
    /// Whether the heads are counted on a newer basis than elsewhere in the group.
    pub ring: bool,
    /// The value.
    pub value: f64,
    /// As printed.
    pub shown: String,
}

/// A figure said, with the readings of its period.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The period.
    pub title: String,
    /// The inputs as said.
    pub inputs: String,
    /// The figure said.
    pub said: f64,
    /// As printed, with its speaker.
    pub said_shown: String,
    /// Readings, oldest vintage first.
    pub readings: Vec<Reading>,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Groups in order of time.
    pub groups: Vec<Group>,
    /// Unit of the axis' labels.
    pub unit: String,
}

impl Rows {
    pub(super) fn draw(&self, cut: Cut) -> Svg {
        let mut svg = Svg::new(cut.width());
        let values = self.groups.iter().flat_map(|group| {
            group
                .readings
                .iter()
                .map(|reading| reading.value)
                .chain([group.said])
        });
        let Some((low, high)) = extent(values) else {
            return svg;
        };
        let pad = ((high - low) * 0.12).max(0.5);
        let (low, high) = (low - pad, high + pad);
        let left = cut.pick(232.0, 172.0);
        let right = cut.width() - cut.pick(50.0, 30.0);
        let x = Scale::new((low, high), (left, right));
        let (row, head, between) = (21.0, 26.0, 14.0);
        let mut y = 8.0;
        let mut tops = Vec::new();
        for group in &self.groups {
            tops.push(y);
            y += head + row * group.readings.len() as f64 + between;
        }
        let floor = y - between + 6.0;
        let marks = ticks(low, high, cut.pick(6, 4));
        for tick in &marks {
            svg.line("grid", (x.at(*tick), 8.0), (x.at(*tick), floor));
        }
        for (index, (group, top)) in self.groups.iter().zip(&tops).enumerate() {
            if index > 0 {
                svg.line(
                    "hair",
                    (0.0, top - between / 2.0),
                    (cut.width(), top - between / 2.0),
                );
            }
            svg.text("big tb", (0.0, top + 16.0), Anchor::Start, &group.title);
            let title_width = text_width(&group.title) * 1.75 + 6.0;
            let inputs = fitted(&group.inputs, left - title_width + cut.pick(0.0, 10.0));
            svg.text("tm xs", (title_width, top + 16.0), Anchor::Start, &inputs);
            let said = x.at(group.said);
            let bottom = top + head + row * group.readings.len() as f64 - 4.0;
            svg.line("said-drop", (said, top + 14.0), (said, bottom));
            svg.diamond("said", (said, top + 12.0), 5.2, "");
            let width = text_width(&group.said_shown);
            let (at, anchor) = if said + 10.0 + width > cut.width() {
                (said - 9.0, Anchor::End)
            } else {
                (said + 9.0, Anchor::Start)
            };
            svg.text("said-t halo", (at, top + 16.0), anchor, &group.said_shown);
            for (step, reading) in group.readings.iter().enumerate() {
                let y = top + head + row * step as f64 + 10.0;
                svg.text(
                    cut.pick("", "xs"),
                    (0.0, y + 4.0),
                    Anchor::Start,
                    &fitted(&reading.label, cut.pick(left - 12.0, left + 14.0)),
                );
                let class = if reading.ring { "ring" } else { "dot" };
                let place = x.at(reading.value);
                svg.circle(&format!("{class} {}", reading.age.class()), (place, y), 4.6, "");
                svg.text("halo", (place + 9.0, y + 4.0), Anchor::Start, &reading.shown);
            }
        }
        for tick in &marks {
            let text = format!("{}{}", label(*tick), self.unit);
            svg.text("tm", (x.at(*tick), floor + 17.0), Anchor::Middle, &text);
        }
        svg.height = floor + 24.0;
        svg
    }
}
