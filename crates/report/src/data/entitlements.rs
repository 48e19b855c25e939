//! Subsidy rules as entitlements: one line for each number of contracts and each placement.

use counterpart_appraise::Assessment;

use super::{File, file, ids, maybe, maybe_number, number, text};

pub(super) fn entitlements(all: &Assessment) -> File {
    let rows = all.entitlements.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.rule),
            text(&row.programme),
            text(&row.who),
            text(&row.who_name),
            text(&row.text),
            maybe_number(row.amount.as_ref()),
            maybe(row.currency.as_ref()),
            maybe_number(row.minimum_count.as_ref()),
            maybe_number(row.rate_lower.as_ref()),
            maybe_number(row.rate_upper.as_ref()),
            maybe(row.period_start.as_ref()),
            maybe(row.period_end.as_ref()),
            text(&row.speaker_name),
            text(&row.source),
            text(&row.locator),
            text(row.missing.join("; ")),
            ids(&row.beside),
            ids(&row.conditions),
            ids(&row.screen),
            text(row.sentence.to_string()),
        ]
    });
    file(
        "entitlements",
        &[
            "id",
            "rule",
            "programme",
            "who",
            "who_name",
            "text",
            "amount",
            "currency",
            "minimum_count",
            "rate_lower",
            "rate_upper",
            "period_start",
            "period_end",
            "speaker",
            "source",
            "locator",
            "missing",
            "beside",
            "conditions",
            "screen",
            "sentence",
        ],
        rows.collect(),
    )
}

pub(super) fn amounts(all: &Assessment) -> File {
    let rows = all.entitlements.iter().flat_map(|rule| {
        let chosen = rule.schedule.iter().map(|at| {
            vec![
                text(&at.id),
                text(&rule.rule),
                text(""),
                number(&at.contracts),
                text(""),
                number(&at.amount),
                text(""),
                text(""),
                maybe(at.currency.as_ref()),
                text(""),
            ]
        });
        let met = rule.on_record.iter().map(|one| {
            vec![
                text(&one.id),
                text(&rule.rule),
                text(&one.placement),
                maybe_number(one.contracts.value.as_ref()),
                maybe(one.contracts.withheld.as_ref()),
                maybe_number(one.amount.value.as_ref()),
                maybe_number(one.amount.lower.as_ref()),
                maybe_number(one.amount.upper.as_ref()),
                maybe(one.currency.as_ref()),
                text(one.sentence.to_string()),
            ]
        });
        chosen.chain(met).collect::<Vec<_>>()
    });
    file(
        "entitlement_amounts",
        &[
            "id",
            "rule",
            "placement",
            "contracts",
            "withheld",
            "amount",
            "amount_lower",
            "amount_upper",
            "currency",
            "sentence",
        ],
        rows.collect(),
    )
}
