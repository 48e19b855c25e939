//! The marks that charts are made of.

use std::fmt::Write as _;

use crate::html::escape;

/// A drawing of a fixed width.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    /// Width in units.
    pub width: f64,
    /// Height in units.
    pub height: f64,
    body: String,
}

/// Where a text stands from its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

impl Svg {
    /// Returns an empty drawing.
    #[must_use]
    pub fn new(width: f64) -> Self {
        Self {
            width,
            height: 0.0,
            body: String::new(),
        }
    }

    /// Draws a line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.add(&format!(
            r#"<line class="{class}" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            at(from.0),
            at(from.1),
            at(to.0),
            at(to.1)
        ));
    }

    /// Draws a line through points.
    pub fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let mut path = String::new();
        for (index, point) in points.iter().enumerate() {
            path.push(if index == 0 { 'M' } else { 'L' });
            let _ = write!(path, "{} {}", at(point.0), at(point.1));
        }
        self.path(class, &path);
    }

    /// Draws a path.
    pub fn path(&mut self, class: &str, path: &str) {
        self.add(&format!(r#"<path class="{class}" d="{path}"/>"#));
    }

    /// Draws a path whose width and group are its own.
    pub fn arc(&mut self, class: &str, path: &str, width: f64, group: usize) {
        self.add(&format!(
            r#"<path class="{class}" d="{path}" stroke-width="{}" data-p="{group}"/>"#,
            at(width)
        ));
    }

    /// Draws a rectangle.
    pub fn rect(&mut self, class: &str, corner: (f64, f64), width: f64, height: f64) {
        self.add(&format!(
            r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{}"/>"#,
            at(corner.0),
            at(corner.1),
            at(width.max(0.0)),
            at(height.max(0.0))
        ));
    }

    /// Draws a circle, with words for who points at it.
    pub fn circle(&mut self, class: &str, centre: (f64, f64), radius: f64, title: &str) {
        let title = titled(title);
        self.add(&format!(
            r#"<circle class="{class}" cx="{}" cy="{}" r="{}"{title}"#,
            at(centre.0),
            at(centre.1),
            at(radius),
            title = title.map_or_else(|| "/>".to_owned(), |inner| format!(">{inner}</circle>")),
        ));
    }

    /// Draws a diamond.
    pub fn diamond(&mut self, class: &str, centre: (f64, f64), radius: f64, title: &str) {
        let (x, y) = centre;
        self.shape(
            class,
            &[(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)],
            title,
        );
    }

    /// Draws a triangle, its point up or down.
    pub fn triangle(&mut self, class: &str, centre: (f64, f64), radius: f64, up: bool, title: &str) {
        let (x, y) = centre;
        let tip = if up { -radius } else { radius };
        self.shape(
            class,
            &[(x, y + tip), (x + radius, y - tip), (x - radius, y - tip)],
            title,
        );
    }

    /// Draws a square.
    pub fn square(&mut self, class: &str, centre: (f64, f64), radius: f64, title: &str) {
        let (x, y) = centre;
        self.shape(
            class,
            &[
                (x - radius, y - radius),
                (x + radius, y - radius),
                (x + radius, y + radius),
                (x - radius, y + radius),
            ],
            title,
        );
    }

    fn shape(&mut self, class: &str, corners: &[(f64, f64)], title: &str) {
        let mut path = String::new();
        for (index, corner) in corners.iter().enumerate() {
            path.push(if index == 0 { 'M' } else { 'L' });
            let _ = write!(path, "{} {}", at(corner.0), at(corner.1));
        }
        path.push('Z');
        let end = titled(title).map_or_else(|| "/>".to_owned(), |inner| format!(">{inner}</path>"));
        self.add(&format!(r#"<path class="{class}" d="{path}"{end}"#));
    }

    /// Writes text.
    pub fn text(&mut self, class: &str, at_point: (f64, f64), anchor: Anchor, text: &str) {
        self.grouped_text(class, at_point, anchor, text, None);
    }

    /// Writes text that brings the lines of its group forward.
    pub fn grouped_text(
        &mut self,
        class: &str,
        at_point: (f64, f64),
        anchor: Anchor,
        text: &str,
        group: Option<usize>,
    ) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(r#" class="{class}""#)
        };
        let group = group.map_or_else(String::new, |group| format!(r#" data-p="{group}""#));
        self.add(&format!(
            r#"<text{class} x="{}" y="{}"{anchor}{group}>{}</text>"#,
            at(at_point.0),
            at(at_point.1),
            escape(text)
        ));
    }

    /// Returns the drawing as an element whose label states the finding.
    #[must_use]
    pub fn element(&self, class: &str, label: &str) -> String {
        format!(
            r#"<svg class="{class}" role="img" aria-label="{}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">{}</svg>"#,
            escape(label),
            self.body,
            w = at(self.width),
            h = at(self.height.ceil()),
        )
    }

    fn add(&mut self, element: &str) {
        self.body.push_str(element);
    }
}

fn titled(title: &str) -> Option<String> {
    (!title.is_empty()).then(|| format!("<title>{}</title>", escape(title)))
}

/// Returns a coordinate at a tenth of a unit.
#[must_use]
pub fn at(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0 + 0.0;
    if rounded.is_finite() {
        format!("{rounded}")
    } else {
        "0".to_owned()
    }
}

/// Returns about how wide a text is at 12.5 units, wide enough rather than too narrow.
#[must_use]
pub fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | ' ' | 'f' | 't' | 'r' => 4.2,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 10.4,
            'A'..='Z' => 8.4,
            c if u32::from(c) >= 0x2E80 => 13.2,
            _ => 7.5,
        })
        .sum()
}

/// Cuts a text so that it is no wider than that.
#[must_use]
pub fn fitted(text: &str, width: f64) -> String {
    if text_width(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if text_width(&kept) > width - 10.0 {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// Breaks a text into lines no wider than that; at most `lines`, the last one cut.
#[must_use]
pub fn wrapped(text: &str, width: f64, lines: usize) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if line.is_empty() || text_width(&longer) <= width || done.len() + 1 >= lines {
            line = longer;
        } else {
            done.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        done.push(line);
    }
    done.into_iter().map(|line| fitted(&line, width)).collect()
}

/// Moves labels apart so that neighbours are at least `gap` from each other, each as near to its place as that allows.
pub fn spread(positions: &mut [f64], gap: f64, lowest: f64, highest: f64) {
    let mut order: Vec<usize> = (0..positions.len()).collect();
    order.sort_by(|a, b| {
        value(positions, *a)
            .total_cmp(&value(positions, *b))
            .then(a.cmp(b))
    });
    // Blocks of touching labels share their mean place.
    let mut blocks: Vec<(f64, Vec<usize>)> = Vec::new();
    for index in order {
        blocks.push((value(positions, index), vec![index]));
        while let [.., before, last] = blocks.as_slice() {
            let half = |members: &Vec<usize>| gap * (members.len() as f64) / 2.0;
            if before.0 + half(&before.1) <= last.0 - half(&last.1) {
                break;
            }
            let members: Vec<usize> = before.1.iter().chain(&last.1).copied().collect();
            let (n_before, n_last) = (before.1.len() as f64, last.1.len() as f64);
            let centre = (before.0 * n_before + last.0 * n_last) / (n_before + n_last);
            let height = gap * members.len() as f64 / 2.0;
            let centre = centre.min(highest - height).max(lowest + height);
            blocks.truncate(blocks.len() - 2);
            blocks.push((centre, members));
        }
    }
    for (centre, members) in blocks {
        let top = centre - gap * (members.len() as f64 - 1.0) / 2.0;
        for (step, index) in members.into_iter().enumerate() {
            if let Some(position) = positions.get_mut(index) {
                *position = top + gap * step as f64;
            }
        }
    }
}

fn value(positions: &[f64], index: usize) -> f64 {
    positions.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::{at, spread, wrapped};

    #[test]
    fn labels_that_touch_move_by_half() {
        let mut positions = [10.0, 12.0, 100.0];
        spread(&mut positions, 14.0, -100.0, 200.0);
        assert_eq!(positions, [4.0, 18.0, 100.0]);
    }

    #[test]
    fn coordinates_have_one_decimal_and_no_minus_zero() {
        assert_eq!(at(-0.01), "0");
        assert_eq!(at(12.34), "12.3");
        assert_eq!(at(f64::NAN), "0");
    }

    #[test]
    fn long_labels_break_between_words() {
        assert_eq!(wrapped("one two three", 50.0, 3), ["one two", "three"]);
    }
}
