//! Charts: one a file, all on one small grammar of lines, marks and direct labels.
//!
//! A chart is data first ([`Chart`]) and is drawn twice, wide and narrow ([`Cut`]); the style sheet of the page shows
//! the cut that fits, so that text stays at its true size.

pub mod bullets;
pub mod dots;
pub mod events;
pub mod lines;
pub mod map;
pub mod projection;
pub mod rows;
pub mod scale;
pub mod shapes;
pub mod specifications;
pub mod svg;

use svg::Svg;

/// The width a chart is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// 760 units: a column of text.
    Wide,
    /// 350 units: a phone.
    Narrow,
}

impl Cut {
    /// Returns the width in units.
    #[must_use]
    pub const fn width(self) -> f64 {
        match self {
            Self::Wide => 760.0,
            Self::Narrow => 350.0,
        }
    }

    /// Returns one of two values.
    #[must_use]
    pub fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Self::Wide => wide,
            Self::Narrow => narrow,
        }
    }
}

/// What a chart draws.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Every specification as a mark, by pool.
    Dots(dots::Dots),
    /// Lines over time that are never joined across a break.
    Lines(lines::Lines),
    /// A figure said, against what each vintage gives.
    Rows(rows::Rows),
    /// Targets and actuals.
    Bullets(bullets::Bullets),
    /// Who with whom.
    Map(Box<map::Map>),
    /// Points by event time.
    Events(events::Events),
    /// Every specification in order.
    Specifications(specifications::Curve),
}

impl Chart {
    /// Draws the chart.
    #[must_use]
    pub fn draw(&self, cut: Cut) -> Svg {
        match self {
            Self::Dots(chart) => chart.draw(cut),
            Self::Lines(chart) => chart.draw(cut),
            Self::Rows(chart) => chart.draw(cut),
            Self::Bullets(chart) => chart.draw(cut),
            Self::Map(chart) => chart.draw(cut),
            Self::Events(chart) => chart.draw(cut),
            Self::Specifications(chart) => chart.draw(cut),
        }
    }
}
