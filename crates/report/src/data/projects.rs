//! Projects, their targets and actuals, the ladder, reviews.

use counterpart_appraise::Assessment;

use super::{File, file, ids, maybe, maybe_number, number, text, yes};

pub(super) fn activities(all: &Assessment) -> File {
    let rows = all.activities.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.title),
            maybe(row.programme.as_ref()),
            text(&row.kind),
            text(&row.place),
            maybe(row.status.as_ref()),
            maybe(row.planned_start.as_ref()),
            maybe(row.actual_start.as_ref()),
            maybe(row.planned_end.as_ref()),
            text(row.began),
            text(row.as_of_status.words()),
            maybe(row.silent_since.as_ref()),
            text(
                row.abandonment
                    .iter()
                    .map(|one| one.sentence.to_string())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            text(row.sentence.to_string()),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "activities",
        &[
            "activity",
            "title",
            "programme",
            "kind",
            "place",
            "status",
            "planned_start",
            "actual_start",
            "planned_end",
            "began",
            "as_of_status",
            "silent_since",
            "abandonment",
            "sentence",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}

pub(super) fn results(all: &Assessment) -> File {
    let rows = all.activities.iter().flat_map(|activity| {
        activity.results.iter().map(|row| {
            vec![
                text(&row.id),
                text(&activity.id),
                text(&row.indicator),
                text(&row.unit),
                maybe_number(row.baseline.as_ref()),
                maybe_number(row.target.as_ref()),
                maybe_number(row.target_lower.as_ref()),
                maybe_number(row.actual.as_ref()),
                maybe_number(row.actual_lower.as_ref()),
                maybe(row.withheld.as_ref()),
                maybe(row.qualifier.as_ref()),
                maybe(row.due_on.as_ref()),
                maybe(row.period.as_ref()),
                text(&row.speaker),
                text(row.status.words()),
                maybe(row.silent_since.as_ref()),
                yes(row.late),
                ids(&row.against),
                maybe_number(row.share.as_ref()),
                maybe(row.ratcheted_to.as_ref().map(|ratchet| &ratchet.by)),
                text(row.sentence.to_string()),
                text(&row.source),
                text(&row.locator),
            ]
        })
    });
    file(
        "results",
        &[
            "result",
            "activity",
            "indicator",
            "unit",
            "baseline",
            "target",
            "target_lower",
            "actual",
            "actual_lower",
            "withheld",
            "qualifier",
            "due_on",
            "period",
            "speaker",
            "status",
            "silent_since",
            "late",
            "against",
            "share",
            "ratcheted_to",
            "sentence",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}

pub(super) fn ladder(all: &Assessment) -> File {
    let rows = all.ladder.iter().flat_map(|ladder| {
        ladder.statements.iter().map(|row| {
            vec![
                text(&row.id),
                text(&ladder.id),
                maybe(ladder.programme.as_ref()),
                maybe(ladder.round.as_ref()),
                maybe(ladder.provider.as_ref()),
                maybe(ladder.activity.as_ref()),
                text(row.rung.words()),
                text(&row.of),
                text(&row.why),
                maybe(row.flow.as_ref()),
                maybe(row.basis.as_ref()),
                maybe(row.unit.as_ref()),
                maybe_number(row.value.as_ref()),
                maybe_number(row.lower.as_ref()),
                maybe_number(row.upper.as_ref()),
                maybe(row.qualifier.as_ref()),
                maybe(row.period.as_ref()),
                maybe(row.speaker.as_ref()),
            ]
        })
    });
    file(
        "ladder",
        &[
            "statement",
            "ladder",
            "programme",
            "round",
            "provider",
            "activity",
            "rung",
            "of",
            "why",
            "flow",
            "basis",
            "unit",
            "value",
            "lower",
            "upper",
            "qualifier",
            "period",
            "speaker",
        ],
        rows.collect(),
    )
}

pub(super) fn ladder_steps(all: &Assessment) -> File {
    let rows = all.ladder.iter().flat_map(|ladder| {
        ladder.steps.iter().map(|row| {
            vec![
                text(&row.id),
                text(&ladder.id),
                text(row.lower.words()),
                text(row.upper.words()),
                text(&row.of),
                text(&row.by),
                maybe_number(row.share.as_ref()),
                maybe(row.reason.as_ref()),
                text(row.sentence.to_string()),
            ]
        })
    });
    file(
        "ladder_steps",
        &[
            "step", "ladder", "lower", "upper", "of", "by", "share", "reason", "sentence",
        ],
        rows.collect(),
    )
}

pub(super) fn reviews(all: &Assessment) -> File {
    let rows = all.reviews.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.programme),
            text(&row.reviewer),
            text(&row.reviewer_name),
            text(&row.reviewed),
            text(&row.reviewed_name),
            maybe(row.period.as_ref()),
            text(&row.finding),
            maybe(row.repair.as_ref()),
            text(&row.closed),
            text(row.sentence.to_string()),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "reviews",
        &[
            "review",
            "programme",
            "reviewer",
            "reviewer_name",
            "reviewed",
            "reviewed_name",
            "period",
            "finding",
            "repair",
            "closed",
            "sentence",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}

pub(super) fn pairing_counts(all: &Assessment) -> File {
    let rows = all.pairing_counts.iter().map(|row| {
        let stated: Vec<String> = row.stated.iter().map(|one| one.id.clone()).collect();
        vec![
            text(&row.id),
            text(&row.programme),
            maybe(row.round.as_ref()),
            text(row.layer.words()),
            text(row.counted.words()),
            maybe(row.level.as_ref()),
            number(&row.value),
            text(row.counted_by),
            number(&row.other_value),
            text(row.other_counted_by),
            ids(&row.inside_another),
            number(&row.on_weak_evidence),
            ids(&stated),
            text(match row.status {
                counterpart_appraise::assessment::CountStatus::Equal => "equal",
                counterpart_appraise::assessment::CountStatus::Different => "different",
                counterpart_appraise::assessment::CountStatus::NotStated => "not stated",
            }),
            text(row.sentence.to_string()),
        ]
    });
    file(
        "pairing_counts",
        &[
            "count",
            "programme",
            "round",
            "layer",
            "counted",
            "level",
            "value",
            "counted_by",
            "other_value",
            "other_counted_by",
            "inside_another",
            "on_weak_evidence",
            "stated",
            "status",
            "sentence",
        ],
        rows.collect(),
    )
}

pub(super) fn pairing_evidence(all: &Assessment) -> File {
    let rows = all.pairing_evidence.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.programme),
            text(&row.round),
            text(row.layer.words()),
            text(&row.kind),
            text(&row.basis),
            text(&row.confidence),
            number(&row.value),
            ids(&row.from),
        ]
    });
    file(
        "pairing_evidence",
        &[
            "id",
            "programme",
            "round",
            "layer",
            "kind",
            "basis",
            "confidence",
            "rows",
            "from",
        ],
        rows.collect(),
    )
}
