//! Statements about money, totals with what is in them and what is not, stated totals.

use counterpart_appraise::Assessment;

use super::{Cell, File, file, ids, maybe, maybe_number, number, text};

pub(super) fn transactions(all: &Assessment) -> File {
    let rows = all.transactions.iter().map(|row| {
        vec![
            text(&row.id),
            maybe(row.programme.as_ref()),
            text(&row.flow),
            text(&row.step),
            text(&row.basis),
            text(&row.provider),
            text(&row.receiver),
            maybe(row.activity.as_ref()),
            maybe_number(row.value.as_ref()),
            maybe_number(row.lower.as_ref()),
            maybe_number(row.upper.as_ref()),
            maybe(row.qualifier.as_ref()),
            text(&row.currency),
            maybe(row.as_said.as_ref()),
            maybe(row.period_start.as_ref()),
            maybe(row.period_end.as_ref()),
            maybe(row.part_of.as_ref()),
            maybe(row.copy_of.as_ref()),
            text(&row.speaker),
            text(&row.source),
            text(&row.locator),
            text(&row.sentence),
        ]
    });
    file(
        "transactions",
        &[
            "transaction",
            "programme",
            "flow",
            "type",
            "basis",
            "provider",
            "receiver",
            "activity",
            "value",
            "lower",
            "upper",
            "qualifier",
            "currency",
            "as_said",
            "period_start",
            "period_end",
            "part_of",
            "copy_of",
            "speaker",
            "source",
            "locator",
            "sentence",
        ],
        rows.collect(),
    )
}

pub(super) fn totals(all: &Assessment) -> File {
    let rows = all.totals.iter().map(|row| {
        vec![
            text(&row.id),
            maybe(row.programme.as_ref()),
            text(&row.flow),
            text(&row.step),
            text(&row.basis),
            text(&row.currency),
            maybe(row.period.as_ref()),
            maybe(row.lens.as_ref()),
            maybe_number(row.value.as_ref()),
            ids(&row.addends),
            text(row.sentence.to_string()),
        ]
    });
    file(
        "totals",
        &[
            "total",
            "programme",
            "flow",
            "type",
            "basis",
            "currency",
            "period",
            "lens",
            "value",
            "addends",
            "sentence",
        ],
        rows.collect(),
    )
}

/// One row for each statement and total: in it, or left out and why.
pub(super) fn membership(all: &Assessment) -> File {
    let rows = all.totals.iter().flat_map(|total| {
        let added = total
            .addends
            .iter()
            .map(|id| vec![text(&total.id), text(id), text("added"), text("")]);
        let left = total.left_out.iter().map(|row| {
            let code = serde_json::to_value(row.code)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default();
            vec![text(&total.id), text(&row.id), text(code), text(&row.reason)]
        });
        added.chain(left).collect::<Vec<Vec<Cell>>>()
    });
    file(
        "total_transactions",
        &["total", "transaction", "code", "reason"],
        rows.collect(),
    )
}

pub(super) fn stated(all: &Assessment) -> File {
    let rows = all.totals.iter().flat_map(|total| {
        total.stated.iter().map(|row| {
            vec![
                text(&total.id),
                text(&row.id),
                number(&row.value),
                maybe(row.qualifier.as_ref()),
                number(&row.parts_value),
                number(&row.difference),
                ids(&row.parts),
                ids(&row.without_part),
            ]
        })
    });
    file(
        "stated_totals",
        &[
            "total",
            "stated",
            "value",
            "qualifier",
            "parts_value",
            "difference",
            "parts",
            "without_part",
        ],
        rows.collect(),
    )
}
