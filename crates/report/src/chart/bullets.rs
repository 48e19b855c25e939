//! Targets and actuals: a bar for what was reached, an upright for what was promised, a dashed frame where nothing is on
//! record.

use super::Cut;
use super::svg::{Anchor, Svg, fitted};

/// One target.
#[derive(Debug, Clone, PartialEq)]
pub struct Bullet {
    /// What was promised.
    pub label: String,
    /// Actual over target; none where no actual is on record.
    pub share: Option<f64>,
    /// Both in words.
    pub words: String,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Bullets {
    /// Targets in order.
    pub rows: Vec<Bullet>,
}

/// Bars end here at most, in targets; longer ones say so in words.
const MOST: f64 = 1.5;

impl Bullets {
    pub(super) fn draw(&self, cut: Cut) -> Svg {
        let mut svg = Svg::new(cut.width());
        let span = cut.width() - 4.0;
        let target = span / MOST;
        let row = 46.0;
        for (index, bullet) in self.rows.iter().enumerate() {
            let top = 6.0 + row * index as f64;
            svg.text("", (0.0, top + 12.0), Anchor::Start, &fitted(&bullet.label, span));
            let (bar, height) = (top + 18.0, 9.0);
            match bullet.share {
                Some(share) => {
                    let width = (share.clamp(0.0, MOST) * target).max(1.0);
                    svg.rect("bullet-bar", (0.0, bar), width, height);
                }
                None => svg.rect("bullet-none", (0.0, bar), target, height),
            }
            svg.line("bullet-target", (target, bar - 3.0), (target, bar + height + 3.0));
            svg.text(
                "tm xs",
                (0.0, bar + height + 12.0),
                Anchor::Start,
                &fitted(&bullet.words, span),
            );
        }
        svg.height = 6.0 + row * self.rows.len() as f64 + 4.0;
        svg
    }
}
