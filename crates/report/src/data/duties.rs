//! Rules, and what they make of bases, against what was paid.

use counterpart_appraise::Assessment;

use super::{Cell, File, file, ids, maybe, maybe_number, number, text, yes};

pub(super) fn rules(all: &Assessment) -> File {
    let rows = all.rules.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.programme),
            text(&row.kind),
            text(&row.who),
            maybe(row.base_indicator.as_ref()),
            maybe_number(row.rate_lower.as_ref()),
            maybe_number(row.rate_upper.as_ref()),
            Cell::Number(row.base_lag.map(|lag| lag.to_string()).unwrap_or_default()),
            maybe_number(row.amount.as_ref()),
            maybe(row.currency.as_ref()),
            maybe(row.period_start.as_ref()),
            maybe(row.period_end.as_ref()),
            text(&row.text),
            text(&row.said_by),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "rules",
        &[
            "rule",
            "programme",
            "kind",
            "who",
            "base_indicator",
            "rate_lower",
            "rate_upper",
            "base_lag",
            "amount",
            "currency",
            "period_start",
            "period_end",
            "text",
            "said_by",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}

/// One row for each duty and vintage of its base; the newest has the word `newest`.
pub(super) fn duties(all: &Assessment) -> File {
    let rows = all.duties.iter().flat_map(|row| {
        let head = || {
            vec![
                text(&row.id),
                text(&row.rule),
                text(&row.kind),
                text(&row.provider),
                yes(row.together),
                text(&row.period),
                text(&row.base_indicator),
                yes(row.base_named),
                maybe(row.base_period.as_ref()),
            ]
        };
        let mut newest = head();
        newest.extend([
            yes(true),
            maybe(row.base_vintage.as_ref()),
            maybe_number(row.base.as_ref()),
            maybe(row.currency.as_ref()),
            maybe_number(row.owed_low.as_ref()),
            maybe_number(row.owed_high.as_ref()),
            ids(&row.paid),
            maybe_number(row.paid_value.as_ref()),
            maybe(row.paid_type.as_ref()),
            maybe_number(row.share_of_base.as_ref()),
            text(row.status.words().replace(' ', "_")),
            maybe(row.reason.as_ref()),
        ]);
        let others = row.vintages.iter().map(|other| {
            let mut cells = head();
            cells.extend([
                yes(false),
                text(&other.vintage),
                number(&other.base),
                maybe(row.currency.as_ref()),
                maybe_number(other.owed_low.as_ref()),
                maybe_number(other.owed_high.as_ref()),
                ids(&row.paid),
                maybe_number(row.paid_value.as_ref()),
                maybe(row.paid_type.as_ref()),
                maybe_number(other.share_of_base.as_ref()),
                text(other.status.words().replace(' ', "_")),
                maybe(row.reason.as_ref()),
            ]);
            cells
        });
        std::iter::once(newest).chain(others).collect::<Vec<Vec<Cell>>>()
    });
    file(
        "duties",
        &[
            "duty",
            "rule",
            "kind",
            "provider",
            "together",
            "period",
            "base_indicator",
            "base_named",
            "base_period",
            "newest",
            "vintage",
            "base",
            "currency",
            "owed_low",
            "owed_high",
            "paid",
            "paid_value",
            "paid_type",
            "share_of_base",
            "status",
            "reason",
        ],
        rows.collect(),
    )
}
