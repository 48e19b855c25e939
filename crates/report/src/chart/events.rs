//! Points by event time, with the reference period as a ring on zero and before and after told apart.

use super::Cut;
use super::scale::{Scale, extent, signed_label, ticks};
use super::svg::{Anchor, Svg, fitted, spread, wrapped};

/// One point.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPoint {
    /// Periods since onset.
    pub event_time: i64,
    /// Estimate, on the axis' scale.
    pub estimate: f64,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Whether it is the reference period.
    pub reference: bool,
}

/// Points of one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The outcome.
    pub label: String,
    /// Its points in order of time.
    pub points: Vec<EventPoint>,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// The outcome that is read, then any that is shown beside it.
    pub series: Vec<Series>,
    /// The onset as a year, where it is one, so that the axis can name years.
    pub onset: Option<i64>,
    /// Words above the time before onset.
    pub before: String,
    /// Words above the time from onset on.
    pub after: String,
    /// Smallest effect of interest, on the axis' scale.
    pub smallest: f64,
}

impl Events {
    pub(super) fn draw(&self, cut: Cut) -> Svg {
        let mut svg = Svg::new(cut.width());
        let points = || self.series.iter().flat_map(|series| &series.points);
        #[expect(clippy::cast_precision_loss, reason = "event times are small")]
        let times = points().map(|point| point.event_time as f64);
        let Some((first, last)) = extent(times) else {
            return svg;
        };
        let ends = points().flat_map(|point| {
            let (low, high) = point.interval.unwrap_or((point.estimate, point.estimate));
            [low, high, point.estimate, 0.0]
        });
        let (low, high) = extent(ends).unwrap_or((-1.0, 1.0));
        let pad = ((high - low) * 0.06).max(0.2);
        let (low, high) = (low - pad, high + pad);
        let left = cut.pick(46.0, 38.0);
        let right = cut.width() - cut.pick(132.0, 12.0);
        let top = cut.pick(26.0, 26.0 + 16.0 * self.series.len() as f64);
        let floor = top + cut.pick(300.0, 250.0);
        let x = Scale::new((first - 0.5, last + 0.5), (left, right));
        let y = Scale::new((low, high), (floor, top));
        let edge = x.at(-0.5).clamp(left, right);
        svg.rect("zone", (left, top), edge - left, floor - top);
        svg.text(
            "tm",
            (left + 4.0, top - 8.0),
            Anchor::Start,
            &fitted(&self.before, (edge - left - 8.0).max(60.0)),
        );
        svg.text(
            "tm",
            (edge + 6.0, top - 8.0),
            Anchor::Start,
            &fitted(&self.after, right - edge - 8.0),
        );
        let marks = ticks(low, high, 6);
        let outermost = marks.len().saturating_sub(1);
        for (index, tick) in marks.iter().enumerate() {
            if tick.abs() > 1e-12 {
                svg.line("grid", (left, y.at(*tick)), (right, y.at(*tick)));
            }
            let unit = if index == outermost { "%" } else { "" };
            svg.text(
                "tm",
                (left - 7.0, y.at(*tick) + 4.0),
                Anchor::End,
                &format!("{}{unit}", signed_label(*tick)),
            );
        }
        for edge in [-self.smallest, self.smallest] {
            if edge > low && edge < high && self.smallest > 0.0 {
                svg.line("delta", (left, y.at(edge)), (right, y.at(edge)));
            }
        }
        svg.line("zero", (left, y.at(0.0)), (right, y.at(0.0)));
        let apart = ((x.at(1.0) - x.at(0.0)) * 0.14).min(7.0);
        for (index, series) in self.series.iter().enumerate().rev() {
            let shift = apart * (index as f64 * 2.0 - (self.series.len() as f64 - 1.0));
            draw_series(&mut svg, series, index, shift, &x, &y);
        }
        self.draw_names(&mut svg, cut, &x, &y, (right, top, floor));
        self.draw_times(&mut svg, cut, &x, (first, last), floor);
        svg.height = floor + 26.0;
        svg
    }

    fn draw_names(&self, svg: &mut Svg, cut: Cut, x: &Scale, y: &Scale, area: (f64, f64, f64)) {
        let (right, top, floor) = area;
        let class = |index: usize| if index == 0 { "tb" } else { "tm" };
        match cut {
            Cut::Wide => {
                let mut places: Vec<f64> = self
                    .series
                    .iter()
                    .map(|series| series.points.last().map_or(top, |point| y.at(point.estimate)))
                    .collect();
                spread(&mut places, 44.0, top, floor);
                for (index, (series, place)) in self.series.iter().zip(&places).enumerate() {
                    for (row, line) in wrapped(&series.label, 106.0, 3).iter().enumerate() {
                        let at = (right + 12.0, place + 4.0 + 13.0 * row as f64);
                        svg.text(class(index), at, Anchor::Start, line);
                    }
                }
            }
            Cut::Narrow => {
                for (index, series) in self.series.iter().enumerate() {
                    let at = 10.0 + 16.0 * index as f64;
                    if index == 0 {
                        svg.circle("es", (6.0, at - 4.0), 3.6, "");
                    } else {
                        svg.circle("es2", (6.0, at - 4.0), 3.2, "");
                    }
                    svg.text(
                        class(index),
                        (16.0, at),
                        Anchor::Start,
                        &fitted(&series.label, 330.0),
                    );
                }
            }
        }
        let _ = x;
    }

    #[expect(clippy::cast_possible_truncation, reason = "event times are small")]
    fn draw_times(&self, svg: &mut Svg, cut: Cut, x: &Scale, span: (f64, f64), floor: f64) {
        let (first, last) = span;
        let mut taken: Vec<f64> = Vec::new();
        let every = 1_i64.max(((last - first) / cut.pick(14.0, 7.0)).ceil() as i64);
        let mut time = first as i64;
        while time as f64 <= last {
            let place = x.at(time as f64);
            let apart = taken.iter().all(|other| (other - place).abs() > 36.0);
            if apart && (time - first as i64) % every == 0 {
                taken.push(place);
                let text = match self.onset {
                    Some(onset) => (onset + time).to_string(),
                    None => super::scale::signed_label(time as f64),
                };
                svg.text("tm", (place, floor + 18.0), Anchor::Middle, &text);
            }
            time += 1;
        }
    }
}

fn draw_series(svg: &mut Svg, series: &Series, index: usize, shift: f64, x: &Scale, y: &Scale) {
    let (line, dot, radius) = if index == 0 {
        ("ci", "es", 4.2)
    } else {
        ("ci2", "es2", 3.4)
    };
    if !series.points.iter().any(|point| point.reference) {
        #[expect(clippy::cast_precision_loss, reason = "event times are small")]
        let path: Vec<(f64, f64)> = series
            .points
            .iter()
            .map(|point| (x.at(point.event_time as f64) + shift, y.at(point.estimate)))
            .collect();
        svg.polyline("path", &path);
    }
    for point in &series.points {
        #[expect(clippy::cast_precision_loss, reason = "event times are small")]
        let place = x.at(point.event_time as f64) + shift;
        if let Some((low, high)) = point.interval {
            svg.line(line, (place, y.at(low)), (place, y.at(high)));
        }
        if point.reference {
            if index == 0 {
                svg.circle("base", (place, y.at(0.0)), 4.6, "reference period");
            }
        } else {
            svg.circle(dot, (place, y.at(point.estimate)), radius, "");
        }
    }
}
