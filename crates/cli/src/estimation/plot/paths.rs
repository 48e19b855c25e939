//! Synthetic comparisons: the treated path beside the synthetic one, and the estimate among placebos.

use counterpart_estimate::result::PlaceboRow;
use counterpart_estimate::synth::path::PathPoint;
use counterpart_report::chart::scale::{Scale, extent, label, ticks};
use counterpart_report::chart::svg::{Anchor, Svg, fitted};

use super::WIDTH;
use crate::estimation::document::Row;
use crate::estimation::table::figure;

const LEFT: f64 = 64.0;
const RIGHT: f64 = WIDTH - 96.0;

/// Both paths, and the placebos under them where there are any.
pub(super) fn path(
    points: &[PathPoint],
    placebos: &[PlaceboRow],
    estimate: Option<&Row<'_>>,
    title: &str,
    names: (&str, &str),
) -> Option<Svg> {
    let (first, last) = extent(points.iter().map(|point| point.period as f64))?;
    let (low, high) = extent(points.iter().flat_map(|point| [point.treated, point.synthetic]))?;
    let pad = ((high - low) * 0.06).max(f64::MIN_POSITIVE);
    let span = (low - pad, high + pad);
    let (top, floor) = (54.0, 314.0);
    let mut svg = Svg::new(WIDTH);
    svg.text("t", (12.0, 22.0), Anchor::Start, &fitted(title, WIDTH - 24.0));
    let x = Scale::new((first, last.max(first + 1.0)), (LEFT, RIGHT));
    let y = Scale::new(span, (floor, top));
    for tick in ticks(span.0, span.1, 6) {
        svg.line("grid", (LEFT, y.at(tick)), (RIGHT, y.at(tick)));
        svg.text("tm", (LEFT - 7.0, y.at(tick) + 4.0), Anchor::End, &label(tick));
    }
    for tick in ticks(first, last, 8)
        .into_iter()
        .filter(|tick| tick.fract() == 0.0)
    {
        svg.text("tm", (x.at(tick), floor + 18.0), Anchor::Middle, &label(tick));
    }
    if let Some(onset) = points.iter().find(|point| point.on) {
        let at = x.at(onset.period as f64);
        svg.line("onset", (at, top), (at, floor));
        svg.text(
            "tm",
            (at + 5.0, top - 8.0),
            Anchor::Start,
            &format!("treated from {}", onset.period),
        );
    }
    let line = |value: fn(&PathPoint) -> f64| -> Vec<(f64, f64)> {
        points
            .iter()
            .map(|point| (x.at(point.period as f64), y.at(value(point))))
            .collect()
    };
    svg.polyline("syn", &line(|point| point.synthetic));
    svg.polyline("own", &line(|point| point.treated));
    if let Some(end) = points.last() {
        let (own, other) = (y.at(end.treated), y.at(end.synthetic));
        let apart = if (own - other).abs() < 14.0 { 7.0 } else { 0.0 };
        let up = if own <= other { -apart } else { apart };
        svg.text("tb", (RIGHT + 8.0, own + 4.0 + up), Anchor::Start, "treated");
        svg.text("", (RIGHT + 8.0, other + 4.0 - up), Anchor::Start, "synthetic");
    }
    let words = format!(
        "{} by {}; solid: treated, dashed: weighted donors.",
        names.0, names.1
    );
    svg.text(
        "tm",
        (12.0, floor + 42.0),
        Anchor::Start,
        &fitted(&words, WIDTH - 24.0),
    );
    svg.height = floor + 56.0;
    if !placebos.is_empty() {
        strip(&mut svg, placebos, estimate, floor + 84.0)?;
    }
    Some(svg)
}

/// The estimate among those of untreated units.
pub(super) fn placebos(placebos: &[PlaceboRow], estimate: Option<&Row<'_>>, title: &str) -> Option<Svg> {
    let mut svg = Svg::new(WIDTH);
    svg.text("t", (12.0, 22.0), Anchor::Start, &fitted(title, WIDTH - 24.0));
    strip(&mut svg, placebos, estimate, 54.0)?;
    Some(svg)
}

fn strip(svg: &mut Svg, placebos: &[PlaceboRow], estimate: Option<&Row<'_>>, top: f64) -> Option<()> {
    let own = estimate?;
    if placebos.is_empty() {
        return None;
    }
    let all = placebos.iter().map(|row| row.estimate).chain([own.estimate, 0.0]);
    let (low, high) = extent(all)?;
    let pad = ((high - low) * 0.04).max(f64::MIN_POSITIVE);
    let span = (low - pad, high + pad);
    let x = Scale::new(span, (LEFT, WIDTH - 24.0));
    let (radius, bins) = (3.4, 120.0);
    svg.text(
        "tb",
        (12.0, top),
        Anchor::Start,
        "Placebos: treatment given to units without it",
    );
    // Dots of nearly one place stand on each other.
    let mut heights: Vec<usize> = vec![0; bins as usize + 1];
    let mut rows: Vec<&PlaceboRow> = placebos.iter().collect();
    rows.sort_by(|a, b| a.estimate.total_cmp(&b.estimate).then(a.unit.cmp(&b.unit)));
    let place = |value: f64| {
        (((value - span.0) / (span.1 - span.0)) * bins)
            .round()
            .clamp(0.0, bins) as usize
    };
    let most = {
        let mut counts = vec![0_usize; bins as usize + 1];
        rows.iter().for_each(|row| counts[place(row.estimate)] += 1);
        counts.into_iter().max().unwrap_or(1)
    };
    let step = (160.0 / most.max(1) as f64).min(7.2);
    let floor = top + 26.0 + step * most as f64 + 14.0;
    for tick in ticks(span.0, span.1, 7) {
        svg.line("grid", (x.at(tick), top + 12.0), (x.at(tick), floor));
        svg.text("tm", (x.at(tick), floor + 18.0), Anchor::Middle, &label(tick));
    }
    svg.line("zero", (LEFT, floor), (WIDTH - 24.0, floor));
    for row in rows {
        let at = place(row.estimate);
        let height = heights.get(at).copied().unwrap_or(0);
        if let Some(slot) = heights.get_mut(at) {
            *slot += 1;
        }
        let words = format!("{}: {}", row.unit, figure(row.estimate));
        svg.circle(
            "pl",
            (x.at(row.estimate), floor - 6.0 - step * height as f64),
            radius,
            &words,
        );
    }
    let at = x.at(own.estimate);
    svg.line("onset", (at, top + 12.0), (at, floor));
    svg.diamond(
        "hit",
        (at, floor - 6.0),
        6.0,
        &format!("the estimate: {}", figure(own.estimate)),
    );
    let further = placebos
        .iter()
        .filter(|row| row.estimate.abs() >= own.estimate.abs())
        .count();
    let words = format!(
        "Diamond: the estimate, {}; {further} of {} placebos are at least as far from zero.",
        figure(own.estimate),
        placebos.len()
    );
    svg.text(
        "tm",
        (12.0, floor + 40.0),
        Anchor::Start,
        &fitted(&words, WIDTH - 24.0),
    );
    svg.height = floor + 54.0;
    Some(())
}
