//! Points with their intervals: by event time, by cohort and period, by specification.

use counterpart_report::chart::scale::{Scale, extent, label, ticks};
use counterpart_report::chart::svg::{Anchor, Svg, fitted};

use super::WIDTH;
use crate::estimation::document::{Document, Row};
use crate::estimation::table::figure;

/// Whether a row is a point of an event study.
pub(super) fn is_event(row: &Row<'_>) -> bool {
    row.event_time.is_some() && row.group.is_none()
}

/// Whether a row is the effect of one cohort in one period.
pub(super) fn is_cell(row: &Row<'_>) -> bool {
    row.group.is_some() && row.time.is_some()
}

fn ends<'a>(rows: impl Iterator<Item = &'a Row<'a>>) -> Option<(f64, f64)> {
    let (low, high) = extent(rows.flat_map(|row| {
        let own = row.estimate;
        [
            Some(0.0),
            Some(own),
            row.conf_low,
            row.conf_high,
            row.band_low,
            row.band_high,
        ]
        .into_iter()
        .flatten()
        .filter(|value| value.is_finite())
        .collect::<Vec<f64>>()
    }))?;
    let pad = ((high - low) * 0.06).max(f64::MIN_POSITIVE);
    Some(if high > low {
        (low - pad, high + pad)
    } else {
        (low - 1.0, high + 1.0)
    })
}

/// A point with both of its intervals, and words for who points at it.
fn draw(svg: &mut Svg, row: &Row<'_>, x: f64, y: &Scale) {
    let title = match (row.conf_low, row.conf_high) {
        (Some(low), Some(high)) => {
            format!(
                "{}: {} ({} to {})",
                row.term,
                figure(row.estimate),
                figure(low),
                figure(high)
            )
        }
        _ => format!("{}: {}", row.term, figure(row.estimate)),
    };
    if row.is_reference {
        svg.circle(
            "ref",
            (x, y.at(row.estimate)),
            5.0,
            &format!("{}: the reference", row.term),
        );
        return;
    }
    if let (Some(low), Some(high)) = (row.band_low, row.band_high) {
        svg.line("band", (x, y.at(low)), (x, y.at(high)));
        for end in [low, high] {
            svg.line("band", (x - 4.0, y.at(end)), (x + 4.0, y.at(end)));
        }
    }
    if let (Some(low), Some(high)) = (row.conf_low, row.conf_high) {
        svg.line("ci", (x, y.at(low)), (x, y.at(high)));
    }
    svg.circle("es", (x, y.at(row.estimate)), 4.2, &title);
}

fn axis(svg: &mut Svg, y: &Scale, span: (f64, f64), sides: (f64, f64), wanted: usize) {
    for tick in ticks(span.0, span.1, wanted) {
        svg.line("grid", (sides.0, y.at(tick)), (sides.1, y.at(tick)));
        svg.text("tm", (sides.0 - 7.0, y.at(tick) + 4.0), Anchor::End, &label(tick));
    }
    svg.line("zero", (sides.0, y.at(0.0)), (sides.1, y.at(0.0)));
}

fn notes(svg: &mut Svg, from: f64, lines: &[String]) {
    let mut at = from;
    for line in lines {
        for part in counterpart_report::chart::svg::wrapped(line, WIDTH - 24.0, 3) {
            svg.text("tm", (12.0, at), Anchor::Start, &part);
            at += 16.0;
        }
    }
    svg.height = at + 2.0;
}

fn intervals_in_words(rows: &[&Row<'_>]) -> String {
    let pointwise = rows.iter().any(|row| row.conf_low.is_some());
    let uniform = rows.iter().any(|row| row.band_low.is_some());
    match (pointwise, uniform) {
        (true, true) => {
            "Thick: pointwise interval. Thin with ends: uniform band, which holds all points at once."
        }
        (true, false) => "Thick: pointwise interval.",
        (false, true) => "Thin with ends: uniform band.",
        (false, false) => "No interval: the design gives none.",
    }
    .to_owned()
}

/// Effects by event time.
pub(super) fn event_study(rows: &[Row<'_>], title: &str, base: &str) -> Option<Svg> {
    let mut own: Vec<&Row<'_>> = rows.iter().filter(|row| is_event(row)).collect();
    own.sort_by_key(|row| row.event_time);
    let times: Vec<f64> = own
        .iter()
        .filter_map(|row| row.event_time)
        .map(|time| time as f64)
        .collect();
    let (first, last) = extent(times.iter().copied())?;
    let span = ends(own.iter().copied())?;
    let (left, right, top, floor) = (64.0, WIDTH - 16.0, 54.0, 354.0);
    let mut svg = Svg::new(WIDTH);
    let x = Scale::new((first - 0.5, last + 0.5), (left, right));
    let y = Scale::new(span, (floor, top));
    svg.text("t", (12.0, 22.0), Anchor::Start, &fitted(title, WIDTH - 24.0));
    let onset = x.at(-0.5).clamp(left, right);
    svg.rect("zone", (left, top), onset - left, floor - top);
    axis(&mut svg, &y, span, (left, right), 6);
    if first < 0.0 && last >= 0.0 {
        svg.line("onset", (onset, top), (onset, floor));
        svg.text("tm", (onset - 6.0, top - 8.0), Anchor::End, "before onset");
        svg.text("tm", (onset + 6.0, top - 8.0), Anchor::Start, "from onset on");
    }
    let every = ((last - first + 1.0) / 24.0).ceil().max(1.0);
    for row in &own {
        let Some(time) = row.event_time else { continue };
        draw(&mut svg, row, x.at(time as f64), &y);
        if (time as f64 % every).abs() < 1e-9 {
            let text = time.to_string().replace('-', "−");
            svg.text("tm", (x.at(time as f64), floor + 18.0), Anchor::Middle, &text);
        }
    }
    svg.text(
        "tm",
        ((left + right) / 2.0, floor + 36.0),
        Anchor::Middle,
        "periods since first treatment",
    );
    let reference = if own.iter().any(|row| row.is_reference) {
        " The dashed ring is the reference, zero by construction."
    } else {
        ""
    };
    notes(
        &mut svg,
        floor + 62.0,
        &[format!("{base}{reference}"), intervals_in_words(&own)],
    );
    Some(svg)
}

/// Effects of each cohort by period, a strip a cohort on one scale.
pub(super) fn group_time(rows: &[Row<'_>], title: &str, base: &str) -> Option<Svg> {
    let own: Vec<&Row<'_>> = rows.iter().filter(|row| is_cell(row)).collect();
    let span = ends(own.iter().copied())?;
    let mut cohorts: Vec<i64> = own.iter().filter_map(|row| row.group).collect();
    cohorts.sort_unstable();
    cohorts.dedup();
    let (first, last) = extent(own.iter().filter_map(|row| row.time).map(|time| time as f64))?;
    let (left, right, strip) = (64.0, WIDTH - 16.0, 150.0);
    let mut svg = Svg::new(WIDTH);
    svg.text("t", (12.0, 22.0), Anchor::Start, &fitted(title, WIDTH - 24.0));
    let x = Scale::new((first - 0.5, last + 0.5), (left, right));
    let mut top = 52.0;
    let every = ((last - first + 1.0) / 20.0).ceil().max(1.0);
    for cohort in &cohorts {
        let floor = top + strip - 44.0;
        let y = Scale::new(span, (floor, top));
        svg.text(
            "tb",
            (left, top - 7.0),
            Anchor::Start,
            &format!("first treated {cohort}"),
        );
        let onset = x.at(*cohort as f64 - 0.5).clamp(left, right);
        svg.rect("zone", (left, top), onset - left, floor - top);
        axis(&mut svg, &y, span, (left, right), 3);
        svg.line("onset", (onset, top), (onset, floor));
        for row in own.iter().filter(|row| row.group == Some(*cohort)) {
            let Some(time) = row.time else { continue };
            draw(&mut svg, row, x.at(time as f64), &y);
            if ((time as f64 - first) % every).abs() < 1e-9 {
                svg.text(
                    "tm",
                    (x.at(time as f64), floor + 16.0),
                    Anchor::Middle,
                    &time.to_string(),
                );
            }
        }
        top += strip;
    }
    let words = format!("Shaded: before the cohort's onset. {base}");
    notes(&mut svg, top - 6.0, &[words, intervals_in_words(&own)]);
    Some(svg)
}

/// The first estimate of each specification, from the smallest to the largest.
pub(super) fn specifications(documents: &[(&str, &Document<'_>)], title: &str) -> Option<Svg> {
    /// Up to so many specifications each has a line of text.
    const NAMED: usize = 60;
    let mut own: Vec<(&str, &Row<'_>)> = documents
        .iter()
        .filter_map(|(name, document)| {
            let first = document.estimates.iter().find(|row| !row.is_reference)?;
            Some((*name, first))
        })
        .collect();
    own.sort_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate).then(a.0.cmp(b.0)));
    let span = ends(own.iter().map(|(_, row)| *row))?;
    let named = own.len() <= NAMED;
    let (left, right, top) = (if named { 240.0 } else { 24.0 }, WIDTH - 24.0, 46.0);
    let step = if named {
        22.0
    } else {
        (600.0 / own.len() as f64).max(1.0)
    };
    let floor = top + step * own.len() as f64 + 6.0;
    let mut svg = Svg::new(WIDTH);
    svg.text("t", (12.0, 22.0), Anchor::Start, &fitted(title, WIDTH - 24.0));
    let x = Scale::new(span, (left, right));
    for tick in ticks(span.0, span.1, 6) {
        svg.line("grid", (x.at(tick), top), (x.at(tick), floor));
        svg.text("tm", (x.at(tick), floor + 18.0), Anchor::Middle, &label(tick));
    }
    svg.line("zero", (x.at(0.0), top), (x.at(0.0), floor));
    for (index, (name, row)) in own.iter().enumerate() {
        let y = top + step * (index as f64 + 0.5) + 3.0;
        if named {
            let text = if name.is_empty() { row.term } else { name };
            svg.text(
                "",
                (left - 10.0, y + 4.0),
                Anchor::End,
                &fitted(text, left - 24.0),
            );
        }
        if let (Some(low), Some(high)) = (row.conf_low, row.conf_high) {
            svg.line(if named { "ci" } else { "band" }, (x.at(low), y), (x.at(high), y));
        }
        let words = format!("{name}: {}", figure(row.estimate));
        svg.circle(
            "es",
            (x.at(row.estimate), y),
            if named { 4.2 } else { 1.6 },
            &words,
        );
    }
    let count = own.iter().filter(|(_, row)| row.conf_low.is_some()).count();
    let words = format!(
        "The first estimate of each specification in order of size; {count} of {} have a pointwise interval.",
        own.len()
    );
    notes(&mut svg, floor + 44.0, &[words]);
    Some(svg)
}
