//! Every specification as a mark, one row a pool: the answer at a glance.

use counterpart_appraise::assessment::Verdict;

use super::Cut;
use super::scale::{Scale, extent, signed_label, ticks};
use super::svg::{Anchor, Svg, fitted};

/// One specification.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Its effect, on the axis' scale.
    pub value: f64,
    /// Its verdict.
    pub verdict: Verdict,
}

/// Specifications that share a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// The pool.
    pub label: String,
    /// The line under it.
    pub sub: String,
    /// Its specifications.
    pub dots: Vec<Dot>,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Dots {
    /// Rows from top to bottom.
    pub families: Vec<Family>,
    /// Smallest effect of interest, on the axis' scale.
    pub smallest: f64,
    /// Unit of the outermost labels.
    pub unit: String,
}

struct Column {
    x: f64,
    marks: Vec<Verdict>,
}

impl Dots {
    pub(super) fn draw(&self, cut: Cut) -> Svg {
        let mut svg = Svg::new(cut.width());
        let values = || {
            self.families
                .iter()
                .flat_map(|family| family.dots.iter().map(|dot| dot.value))
        };
        let Some((low, high)) = extent(values().chain([-self.smallest, self.smallest])) else {
            return svg;
        };
        let left = cut.pick(184.0, 4.0);
        let right = cut.width() - cut.pick(12.0, 6.0);
        let room = right - left;
        // Bins divide the smallest effect, so that no mark straddles the edge of the zone.
        let mut parts = 3.0;
        let bin = loop {
            let bin = self.smallest / parts;
            if (high - low) / bin * cut.pick(9.0, 7.0) <= room || parts <= 0.25 {
                break bin;
            }
            parts = if parts > 1.0 { parts - 1.0 } else { parts / 2.0 };
        };
        let low = (low / bin).floor() * bin - bin / 2.0;
        let high = (high / bin).ceil() * bin + bin / 2.0;
        let x = Scale::new((low, high), (left, right));
        let pitch = (x.at(bin) - x.at(0.0)).min(cut.pick(11.0, 8.0));
        let radius = (pitch * 0.36).clamp(1.6, 3.4);
        let columns: Vec<Vec<Column>> = self
            .families
            .iter()
            .map(|family| stacked(family, bin, &x))
            .collect();
        let head = cut.pick(22.0, 22.0);
        let heights: Vec<f64> = columns
            .iter()
            .map(|row| {
                let tallest = row.iter().map(|column| column.marks.len()).max().unwrap_or(0);
                tallest as f64
            })
            .collect();
        let tallest = heights.iter().copied().fold(1.0, f64::max);
        let step = (220.0 / tallest).min(radius * 2.0 + 1.6);
        let mut bottoms = Vec::new();
        let mut y = head;
        for height in &heights {
            y += cut.pick(16.0, 36.0) + (height * step).max(cut.pick(40.0, 8.0)) + 6.0;
            bottoms.push(y);
        }
        let floor = y;
        svg.rect(
            "zone",
            (x.at(-self.smallest), head - 4.0),
            x.at(self.smallest) - x.at(-self.smallest),
            floor - head + 4.0,
        );
        let marks = ticks(low, high, cut.pick(6, 4));
        for tick in &marks {
            if tick.abs() > 1e-12 {
                svg.line("grid", (x.at(*tick), head - 4.0), (x.at(*tick), floor));
            }
        }
        svg.line("zero", (x.at(0.0), head - 4.0), (x.at(0.0), floor));
        svg.text(
            "tb halo",
            (x.at(0.0) - 8.0, 11.0),
            Anchor::End,
            "← worse than without it",
        );
        svg.text("tb halo", (x.at(0.0) + 8.0, 11.0), Anchor::Start, "better →");
        for ((family, row), bottom) in self.families.iter().zip(&columns).zip(&bottoms) {
            svg.line("axis", (left, *bottom), (right, *bottom));
            let tallest = row.iter().map(|column| column.marks.len()).max().unwrap_or(0) as f64;
            match cut {
                Cut::Wide => {
                    let lines = super::svg::wrapped(&family.label, left - 22.0, 3);
                    let mut y = bottom - 4.0 - 14.0 * lines.len() as f64;
                    for line in &lines {
                        svg.text("tb", (0.0, y), Anchor::Start, line);
                        y += 14.0;
                    }
                    svg.text("tm xs", (0.0, y), Anchor::Start, &family.sub);
                }
                Cut::Narrow => {
                    let y = bottom - (tallest * step).max(8.0) - 24.0;
                    svg.text("tb halo", (0.0, y), Anchor::Start, &fitted(&family.label, 345.0));
                    svg.text("tm xs halo", (0.0, y + 14.0), Anchor::Start, &family.sub);
                }
            }
            for column in row {
                for (index, verdict) in column.marks.iter().enumerate() {
                    let y = bottom - 3.0 - radius - step * index as f64;
                    mark(&mut svg, *verdict, (column.x, y), radius);
                }
            }
        }
        let last = marks.len().saturating_sub(1);
        for (index, tick) in marks.iter().enumerate() {
            let unit = if index == 0 || index == last {
                self.unit.as_str()
            } else {
                ""
            };
            let label = format!("{}{unit}", signed_label(*tick));
            svg.text("tm", (x.at(*tick), floor + 18.0), Anchor::Middle, &label);
        }
        svg.height = floor + 24.0;
        svg
    }
}

/// Puts specifications into bins and, inside a bin, those that say something at the bottom.
fn stacked(family: &Family, bin: f64, x: &Scale) -> Vec<Column> {
    let mut bins: std::collections::BTreeMap<i64, Vec<Verdict>> = std::collections::BTreeMap::new();
    for dot in &family.dots {
        let index = (dot.value / bin).floor();
        if index.is_finite() && index.abs() < 1e6 {
            #[expect(clippy::cast_possible_truncation, reason = "below a million in size")]
            bins.entry(index as i64).or_default().push(dot.verdict);
        }
    }
    bins.into_iter()
        .map(|(index, mut marks)| {
            marks.sort_by_key(|verdict| match verdict {
                Verdict::Helped => 0,
                Verdict::Harmed => 1,
                Verdict::NoDetectableEffect => 2,
                Verdict::CannotTell => 3,
            });
            #[expect(clippy::cast_precision_loss, reason = "below a million in size")]
            let centre = (index as f64 + 0.5) * bin;
            Column {
                x: x.at(centre),
                marks,
            }
        })
        .collect()
}

/// Draws the mark of a verdict: ring, filled triangle up or down, filled square.
pub(super) fn mark(svg: &mut Svg, verdict: Verdict, centre: (f64, f64), radius: f64) {
    match verdict {
        Verdict::CannotTell => svg.circle("m-cannot", centre, radius, ""),
        Verdict::Helped => svg.triangle("m-helped", centre, radius + 0.8, true, ""),
        Verdict::Harmed => svg.triangle("m-harmed", centre, radius + 0.8, false, ""),
        Verdict::NoDetectableEffect => svg.square("m-noeffect", centre, radius, ""),
    }
}
