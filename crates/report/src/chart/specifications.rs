//! Every specification in order of its estimate, with its interval.

use counterpart_appraise::assessment::Verdict;

use super::Cut;
use super::dots::mark;
use super::scale::{Scale, extent, signed_label, ticks};
use super::svg::{Anchor, Svg, fitted};

/// One specification.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Its estimate, on the axis' scale.
    pub estimate: f64,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Its verdict.
    pub verdict: Verdict,
    /// Its choices, one for each of the curve's kinds.
    pub choices: Vec<String>,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Specifications from the smallest estimate to the largest.
    pub specs: Vec<Spec>,
    /// Kinds of choice, with their values in order of appearance.
    pub kinds: Vec<(String, Vec<String>)>,
    /// Smallest effect of interest, on the axis' scale.
    pub smallest: f64,
}

impl Curve {
    pub(super) fn draw(&self, cut: Cut) -> Svg {
        let mut svg = Svg::new(cut.width());
        let ends = self.specs.iter().flat_map(|spec| {
            let (low, high) = spec.interval.unwrap_or((spec.estimate, spec.estimate));
            [low, high, spec.estimate, -self.smallest, self.smallest]
        });
        let Some((low, high)) = extent(ends) else {
            return svg;
        };
        // A few very wide intervals would flatten the rest; they run off the drawing and stand in the table.
        let (est_low, est_high) = extent(self.specs.iter().map(|spec| spec.estimate)).unwrap_or((low, high));
        let reach = (est_high - est_low).max(self.smallest * 4.0);
        let (low, high) = (low.max(est_low - reach), high.min(est_high + reach));
        let pad = (high - low) * 0.06;
        let (low, high) = (low - pad, high + pad);
        let left = cut.pick(196.0, 38.0);
        let right = cut.width() - 8.0;
        let (top, floor) = (12.0, cut.pick(232.0, 190.0));
        let n = self.specs.len() as f64;
        let x = Scale::new((-0.5, n - 0.5), (left, right));
        let y = Scale::new((low, high), (floor, top));
        svg.rect(
            "zone",
            (left, y.at(self.smallest)),
            right - left,
            y.at(-self.smallest) - y.at(self.smallest),
        );
        let marks = ticks(low, high, 5);
        let last = marks.len().saturating_sub(1);
        for (index, tick) in marks.iter().enumerate() {
            svg.line("grid", (left, y.at(*tick)), (right, y.at(*tick)));
            let unit = if index == last { "%" } else { "" };
            svg.text(
                "tm",
                (left - 7.0, y.at(*tick) + 4.0),
                Anchor::End,
                &format!("{}{unit}", signed_label(*tick)),
            );
        }
        svg.line("zero", (left, y.at(0.0)), (right, y.at(0.0)));
        let radius = ((right - left) / n.max(1.0) * 0.34).clamp(1.2, 3.2);
        for (index, spec) in self.specs.iter().enumerate() {
            let place = x.at(index as f64);
            if let Some((from, to)) = spec.interval {
                svg.line("ci2", (place, y.at(from.max(low))), (place, y.at(to.min(high))));
            }
            mark(&mut svg, spec.verdict, (place, y.at(spec.estimate)), radius);
        }
        let mut row_y = floor + 22.0;
        for (kind, (name, values)) in self.kinds.iter().enumerate() {
            svg.text("tb", (0.0, row_y), Anchor::Start, name);
            row_y += cut.pick(15.0, 16.0);
            for value in values {
                match cut {
                    Cut::Wide => {
                        svg.text(
                            "tm xs",
                            (left - 8.0, row_y + 4.0),
                            Anchor::End,
                            &fitted(value, left - 14.0),
                        );
                    }
                    Cut::Narrow => {
                        svg.text("tm xs", (0.0, row_y), Anchor::Start, &fitted(value, 340.0));
                        row_y += 10.0;
                    }
                }
                svg.line("grid", (left, row_y), (right, row_y));
                let mut ticks_path = String::new();
                for (index, spec) in self.specs.iter().enumerate() {
                    if spec.choices.get(kind).is_some_and(|choice| choice == value) {
                        let place = super::svg::at(x.at(index as f64));
                        ticks_path.push_str(&format!("M{place} {}v7", super::svg::at(row_y - 3.5)));
                    }
                }
                svg.path("tick", &ticks_path);
                row_y += cut.pick(16.0, 17.0);
            }
            row_y += 8.0;
        }
        svg.height = row_y;
        svg
    }
}
