//! Official evaluations and audits, as statements: who reviewed whom, what was found, what became of it.

use counterpart_model::Record;
use counterpart_model::evidence::{Closed, Review};

use crate::assessment::{ReviewRow, Sentence};
use crate::carried;
use crate::words;

/// Returns every review, by id.
#[must_use]
pub fn rows(record: &Record) -> Vec<ReviewRow> {
    let mut rows: Vec<ReviewRow> = record.reviews.iter().map(|review| row(record, review)).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

fn row(record: &Record, review: &Review) -> ReviewRow {
    let reviewer_name = carried::name(record, &review.reviewer_id);
    let reviewed_name = carried::name(record, &review.reviewed_id);
    let mut text = format!("{reviewer_name} on {reviewed_name}");
    if let Some(period) = review.period {
        text.push_str(&format!(", {period}"));
    }
    text.push_str(&format!(": {}", words::without_full_stop(&review.finding)));
    text.push_str(&match &review.repair {
        Some(repair) => format!("; repair: {}", words::without_full_stop(repair)),
        None => "; no repair on record".to_owned(),
    });
    text.push_str(match review.closed {
        Closed::Yes => "; closed.",
        Closed::No => "; not closed.",
        Closed::Unknown => "; whether it is closed is not on record.",
    });
    ReviewRow {
        id: review.id.to_string(),
        programme: review.programme_id.to_string(),
        reviewer: review.reviewer_id.to_string(),
        reviewer_name,
        reviewed: review.reviewed_id.to_string(),
        reviewed_name,
        period: review.period.map(|period| period.to_string()),
        finding: review.finding.clone(),
        repair: review.repair.clone(),
        closed: review.closed.to_string(),
        sentence: Sentence::of(text),
        source: review.source_id.to_string(),
        locator: review.locator.clone().unwrap_or_default(),
        from: vec![review.source_id.to_string()],
    }
}
