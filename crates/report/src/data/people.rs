//! Counts of people, sums of them, wholes beside their parts.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{CountLeftOut, PersonCount};

use super::{Cell, File, file, ids, maybe, maybe_number, text, yes};

fn counted(count: &PersonCount) -> [Cell; 4] {
    [
        maybe_number(count.value.as_ref()),
        maybe_number(count.lower.as_ref()),
        maybe_number(count.upper.as_ref()),
        maybe(count.withheld.as_ref()),
    ]
}

fn months(count: Option<&PersonCount>) -> [Cell; 2] {
    [
        maybe_number(count.and_then(|count| count.value.as_ref())),
        maybe_number(count.and_then(|count| count.lower.as_ref())),
    ]
}

fn left_out(rows: &[CountLeftOut]) -> Cell {
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{}: {}", row.id, row.reason))
        .collect();
    text(rows.join("; "))
}

pub(super) fn people(all: &Assessment) -> File {
    let rows = all.people.iter().map(|row| {
        let wage = row.wage.as_ref();
        let mut cells = vec![
            text(&row.id),
            text(row.kind.as_str()),
            maybe(row.programme.as_ref()),
            maybe(row.round.as_ref()),
            maybe(row.batch.as_ref()),
            maybe(row.direction.as_ref()),
            text(&row.provider),
            text(&row.provider_name),
            text(&row.recipient),
            text(&row.recipient_name),
            maybe(row.group.as_ref()),
            text(&row.concept),
        ];
        cells.extend(counted(&row.count));
        cells.extend([
            maybe(row.qualifier.as_ref()),
            text(row.no_number.unwrap_or_default()),
            maybe_number(row.term_months.as_ref()),
        ]);
        cells.extend(months(row.person_months.as_ref()));
        cells.extend([
            maybe(row.period.as_ref()),
            yes(row.ahead),
            yes(row.running),
            maybe(row.within_region.as_ref()),
            maybe(row.part_of.as_ref()),
            maybe_number(wage.and_then(|wage| wage.value.as_ref())),
            maybe_number(wage.and_then(|wage| wage.lower.as_ref())),
            maybe_number(wage.and_then(|wage| wage.upper.as_ref())),
            maybe(wage.and_then(|wage| wage.currency.as_ref())),
            maybe(wage.and_then(|wage| wage.per.as_ref())),
            maybe(row.speaker.as_ref()),
            text(&row.source),
            text(&row.locator),
            text(row.sentence.to_string()),
        ]);
        cells
    });
    file(
        "people",
        &[
            "id",
            "kind",
            "programme",
            "round",
            "batch",
            "direction",
            "provider",
            "provider_name",
            "recipient",
            "recipient_name",
            "group",
            "concept",
            "value",
            "lower",
            "upper",
            "withheld",
            "qualifier",
            "no_number",
            "term_months",
            "person_months",
            "person_months_lower",
            "period",
            "ahead",
            "running",
            "within_region",
            "part_of",
            "wage",
            "wage_lower",
            "wage_upper",
            "wage_currency",
            "wage_per",
            "speaker",
            "source",
            "locator",
            "sentence",
        ],
        rows.collect(),
    )
}

pub(super) fn totals(all: &Assessment) -> File {
    let rows = all.people_totals.iter().map(|row| {
        let mut cells = vec![
            text(&row.id),
            text(row.kind.as_str()),
            maybe(row.programme.as_ref()),
            maybe(row.direction.as_ref()),
            maybe(row.within_region.as_ref()),
            text(&row.concept),
            text(&row.by),
            maybe(row.of.as_ref()),
            maybe(row.of_name.as_ref()),
        ];
        cells.extend(counted(&row.count));
        cells.extend([ids(&row.addends), left_out(&row.left_out)]);
        cells.extend(months(row.person_months.as_ref()));
        cells.extend([
            ids(&row.with_term),
            ids(&row.still_running),
            text(row.sentence.to_string()),
        ]);
        cells
    });
    file(
        "people_totals",
        &[
            "id",
            "kind",
            "programme",
            "direction",
            "within_region",
            "concept",
            "by",
            "of",
            "of_name",
            "value",
            "lower",
            "upper",
            "withheld",
            "addends",
            "left_out",
            "person_months",
            "person_months_lower",
            "with_term",
            "still_running",
            "sentence",
        ],
        rows.collect(),
    )
}

pub(super) fn parts(all: &Assessment) -> File {
    let rows = all.people_parts.iter().map(|row| {
        let mut cells = vec![
            text(&row.id),
            text(row.kind.as_str()),
            text(&row.whole),
            text(&row.concept),
        ];
        cells.extend(counted(&row.count));
        cells.extend([ids(&row.parts), left_out(&row.left_out)]);
        cells.extend(
            row.remainder
                .as_ref()
                .map_or_else(|| counted(&PersonCount::default()), counted),
        );
        cells.push(text(row.sentence.to_string()));
        cells
    });
    file(
        "people_parts",
        &[
            "id",
            "kind",
            "whole",
            "concept",
            "value",
            "lower",
            "upper",
            "withheld",
            "parts",
            "left_out",
            "remainder",
            "remainder_lower",
            "remainder_upper",
            "remainder_withheld",
            "sentence",
        ],
        rows.collect(),
    )
}
