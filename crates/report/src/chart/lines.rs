//! Lines over time: one a pair of vintages, broken where the basis changes, never spliced.

use super::Cut;
use super::scale::{Scale, extent, label, ticks};
use super::svg::{Anchor, Svg, fitted, spread, wrapped};

/// How old a line's vintage is among those drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// The oldest.
    First,
    /// Between.
    Mid,
    /// The newest.
    New,
}

impl Age {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::First => "s-first",
            Self::Mid => "s-mid",
            Self::New => "s-new",
        }
    }
}

/// A line in pieces that do not touch.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The vintages.
    pub label: String,
    /// How old.
    pub age: Age,
    /// Pieces of time and value; a new piece starts with a ring.
    pub pieces: Vec<Vec<(f64, f64)>>,
}

/// A figure that somebody said.
#[derive(Debug, Clone, PartialEq)]
pub struct Diamond {
    /// When.
    pub time: f64,
    /// How much.
    pub value: f64,
    /// As printed.
    pub label: String,
}

/// A span of time with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its beginning.
    pub start: f64,
    /// Its end, where it is over.
    pub end: Option<f64>,
    /// Its name.
    pub label: String,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Lines, oldest vintage first.
    pub lines: Vec<Line>,
    /// Figures said.
    pub diamonds: Vec<Diamond>,
    /// Who said them.
    pub diamond_label: String,
    /// Spans behind the lines.
    pub bands: Vec<Band>,
    /// The value that a line across stands at, and its words.
    pub reference: Option<(f64, String)>,
}

impl Lines {
    pub(super) fn draw(&self, cut: Cut) -> Svg {
        let mut svg = Svg::new(cut.width());
        let points = || {
            self.lines
                .iter()
                .flat_map(|line| line.pieces.iter().flatten().copied())
        };
        let Some((first, last)) = extent(
            points()
                .map(|point| point.0)
                .chain(self.diamonds.iter().map(|diamond| diamond.time)),
        ) else {
            return svg;
        };
        let values = points()
            .map(|point| point.1)
            .chain(self.diamonds.iter().map(|diamond| diamond.value));
        let (mut low, mut high) = extent(values).unwrap_or((0.0, 1.0));
        if let Some((at, _)) = &self.reference
            && *at < high * 1.25
            && *at > low * 0.8
        {
            low = low.min(*at);
            high = high.max(*at);
        }
        let pad = ((high - low) * 0.06).max(0.5);
        let below = if self.diamonds.is_empty() { 1.0 } else { 3.2 };
        let (low, high) = (low - pad * below, high + pad * 2.4);
        let left = cut.pick(38.0, 32.0);
        let right = cut.width() - cut.pick(142.0, 84.0);
        let (top, floor) = (10.0, cut.pick(370.0, 300.0));
        let x = Scale::new((first, last), (left, right));
        let y = Scale::new((low, high), (floor, top));
        let label_lines = if self.bands.len() > 1 { cut.pick(2, 3) } else { 2 };
        for (index, band) in self.bands.iter().enumerate() {
            let start = x.at(band.start).clamp(left, right);
            let end = x.at(band.end.unwrap_or(last)).clamp(left, right);
            if end - start < 2.0 {
                continue;
            }
            svg.rect(
                if index.is_multiple_of(2) { "zone" } else { "zone2" },
                (start, top),
                end - start - 1.0,
                floor - top,
            );
            let mut line_y = top + 15.0;
            for (row, line) in wrapped(&band.label, end - start - 10.0, label_lines)
                .iter()
                .enumerate()
            {
                svg.text(
                    if row == 0 { "tb" } else { "tm" },
                    (start + 6.0, line_y),
                    Anchor::Start,
                    line,
                );
                line_y += 14.0;
            }
        }
        for tick in ticks(low, high, 5) {
            svg.line("grid", (left, y.at(tick)), (right, y.at(tick)));
            svg.text("tm", (left - 7.0, y.at(tick) + 4.0), Anchor::End, &label(tick));
        }
        if let Some((at, words)) = &self.reference
            && *at >= low
            && *at <= high
        {
            svg.line("zero", (left, y.at(*at)), (right, y.at(*at)));
            let x_label = left + (right - left) * 0.5;
            svg.text("tm halo", (x_label, y.at(*at) - 6.0), Anchor::Middle, words);
        }
        self.draw_lines(&mut svg, &x, &y);
        self.draw_diamonds(&mut svg, cut, &x, &y, floor);
        self.draw_labels(&mut svg, cut, &x, &y, (right, top, floor));
        self.draw_times(&mut svg, cut, &x, (first, last), floor);
        svg.height = floor + 26.0;
        svg
    }

    fn draw_lines(&self, svg: &mut Svg, x: &Scale, y: &Scale) {
        for line in &self.lines {
            for (index, piece) in line.pieces.iter().enumerate() {
                let places: Vec<(f64, f64)> =
                    piece.iter().map(|point| (x.at(point.0), y.at(point.1))).collect();
                if places.len() > 1 {
                    svg.polyline(&format!("ln {}", line.age.class()), &places);
                }
                if let Some(start) = places.first()
                    && (index > 0 || places.len() == 1)
                {
                    let class = format!("ring {}", line.age.class());
                    svg.circle(&class, *start, 3.2, "");
                }
            }
        }
    }

    fn draw_diamonds(&self, svg: &mut Svg, cut: Cut, x: &Scale, y: &Scale, floor: f64) {
        if self.diamonds.is_empty() {
            return;
        }
        let mut sorted: Vec<&Diamond> = self.diamonds.iter().collect();
        sorted.sort_by(|a, b| a.time.total_cmp(&b.time));
        let places: Vec<(f64, f64)> = sorted
            .iter()
            .map(|mark| (x.at(mark.time), y.at(mark.value)))
            .collect();
        if places.len() > 1 {
            svg.polyline("said-line", &places);
        }
        for (index, (mark, place)) in sorted.iter().zip(&places).enumerate() {
            svg.diamond("said", *place, 5.2, &mark.label);
            let below = index + 1 == places.len() && index > 0;
            let dy = if below { 19.0 } else { -9.0 };
            svg.text(
                "said-t halo",
                (place.0 + 1.0, place.1 + dy),
                Anchor::Middle,
                &mark.label,
            );
        }
        // Who said them stands in the free strip at the bottom, under the figure that is said last.
        if let Some(last) = places.last() {
            let width = super::svg::text_width(&self.diamond_label);
            let left = (last.0 + 10.0 - width * 0.96).max(cut.pick(44.0, 36.0));
            svg.text(
                "said-t halo",
                (left, floor - 8.0),
                Anchor::Start,
                &self.diamond_label,
            );
            svg.line("said-lead", (last.0, last.1 + 24.0), (last.0, floor - 21.0));
        }
    }

    /// Names each line at its end, moved apart where two would touch.
    fn draw_labels(&self, svg: &mut Svg, cut: Cut, x: &Scale, y: &Scale, area: (f64, f64, f64)) {
        let (right, top, floor) = area;
        let mut labels: Vec<(&Line, f64, f64)> = self
            .lines
            .iter()
            .filter_map(|line| {
                let end = line.pieces.last()?.last()?;
                Some((line, x.at(end.0), y.at(end.1)))
            })
            .collect();
        labels.sort_by(|a, b| a.2.total_cmp(&b.2));
        let room = svg.width - right - 12.0;
        let rows: Vec<Vec<String>> = labels
            .iter()
            .map(|(line, ..)| wrapped(&line.label, room * 0.88, cut.pick(2, 3)))
            .collect();
        let tallest = rows.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let mut places: Vec<f64> = labels.iter().map(|label| label.2).collect();
        spread(&mut places, 3.0 + 13.0 * tallest, top, floor);
        for (((line, end_x, end_y), place), rows) in labels.iter().zip(&places).zip(&rows) {
            let class = format!("{}-t", line.age.class());
            let mut row_y = place + 4.0 - 6.5 * (rows.len() as f64 - 1.0);
            svg.polyline(
                "lead",
                &[
                    (end_x + 3.0, *end_y),
                    (right + 4.0, *place),
                    (right + 8.0, *place),
                ],
            );
            for row in rows {
                svg.text(&class, (right + 11.0, row_y), Anchor::Start, &fitted(row, room));
                row_y += 13.0;
            }
        }
    }

    /// Names the first and last time, the bands' edges and the times of figures said, as far as there is room.
    fn draw_times(&self, svg: &mut Svg, cut: Cut, x: &Scale, span: (f64, f64), floor: f64) {
        let (first, last) = span;
        let mut wanted = vec![first, last];
        wanted.extend(self.bands.iter().map(|band| band.start));
        wanted.extend(self.diamonds.iter().map(|mark| mark.time));
        wanted.extend(
            ticks(first, last, cut.pick(7, 4))
                .into_iter()
                .filter(|tick| tick.fract() == 0.0),
        );
        let mut taken: Vec<f64> = Vec::new();
        for time in wanted {
            let place = x.at(time);
            if time < first || time > last || taken.iter().any(|other| (other - place).abs() < 42.0) {
                continue;
            }
            taken.push(place);
            svg.text("tm", (place, floor + 18.0), Anchor::Middle, &label(time.floor()));
        }
    }
}
