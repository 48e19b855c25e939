//! What the studies estimated, on which rows, with which checks.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::StudyRow;

use super::{Cell, File, count, file, ids, maybe, maybe_number, number, text, yes};
use crate::words;

pub(super) fn studies(all: &Assessment) -> File {
    let rows = all.studies.iter().map(|row| {
        let [from, to] = &row.window;
        vec![
            text(&row.id),
            text(&row.study),
            text(&row.role),
            text(&row.lens),
            text(&row.pool),
            text(&row.outcome),
            text(&row.transform),
            text(&row.onset),
            text(from),
            text(to),
            text(&row.estimator),
            maybe(row.variant.as_ref()),
            yes(row.main),
            maybe_number(row.estimate.as_ref()),
            maybe_number(row.std_error.as_ref()),
            maybe_number(row.conf_low.as_ref()),
            maybe_number(row.conf_high.as_ref()),
            maybe_number(row.conf_low_clustered.as_ref()),
            maybe_number(row.conf_high_clustered.as_ref()),
            maybe_number(row.p_value.as_ref()),
            maybe_number(row.p_value_clustered.as_ref()),
            maybe_number(row.p_floor.as_ref()),
            text(&row.assignment_level),
            text(&row.cluster),
            count(row.n_treated),
            count(row.n_controls),
            count(row.n_clusters),
            maybe_number(row.detectable_effect.as_ref()),
            maybe_number(row.breakdown.as_ref()),
            text(row.verdict.words()),
            text(words::verdict_reason(row.reason)),
            maybe(row.not_available.as_ref()),
            text(row.sentence.to_string()),
            ids(&row.vintages),
            maybe(row.panel_digest.as_ref()),
            ids(&row.from),
        ]
    });
    file(
        "studies",
        &[
            "estimate_id",
            "study",
            "role",
            "lens",
            "pool",
            "outcome",
            "transform",
            "onset",
            "window_from",
            "window_to",
            "estimator",
            "variant",
            "main",
            "estimate",
            "std_error",
            "conf_low",
            "conf_high",
            "conf_low_clustered",
            "conf_high_clustered",
            "p_value",
            "p_value_clustered",
            "p_floor",
            "assignment_level",
            "cluster",
            "n_treated",
            "n_controls",
            "n_clusters",
            "detectable_effect",
            "breakdown",
            "verdict",
            "reason",
            "not_available",
            "sentence",
            "vintages",
            "panel_digest",
            "from",
        ],
        rows.collect(),
    )
}

pub(super) fn checks(all: &Assessment) -> File {
    let mut rows = Vec::new();
    for row in &all.studies {
        for check in &row.checks {
            rows.push(vec![
                text(&row.id),
                text(&check.name),
                yes(check.required),
                text(words::check(check.status)),
                maybe_number(check.value.as_ref()),
                maybe_number(check.threshold.as_ref()),
                maybe(check.reason.as_ref()),
            ]);
        }
    }
    file(
        "checks",
        &[
            "estimate_id",
            "check",
            "required",
            "status",
            "value",
            "threshold",
            "reason",
        ],
        rows,
    )
}

pub(super) fn points(all: &Assessment) -> File {
    let mut rows = Vec::new();
    for row in &all.studies {
        for point in &row.points {
            rows.push(vec![
                text(&row.id),
                Cell::Number(point.event_time.to_string()),
                number(&point.estimate),
                maybe_number(point.conf_low.as_ref()),
                maybe_number(point.conf_high.as_ref()),
                yes(point.reference),
            ]);
        }
    }
    file(
        "points",
        &[
            "estimate_id",
            "event_time",
            "estimate",
            "conf_low",
            "conf_high",
            "reference",
        ],
        rows,
    )
}

/// One file a panel: estimates that read one panel under one set of controls share its rows.
pub(super) fn samples(all: &Assessment) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    let mut seen: Vec<&StudyRow> = Vec::new();
    for row in &all.studies {
        let Some(sample) = row.sample.as_ref().filter(|sample| !sample.rows.is_empty()) else {
            continue;
        };
        let same = |other: &&&StudyRow| {
            other
                .sample
                .as_ref()
                .is_some_and(|before| before.rows == sample.rows)
        };
        if seen.iter().any(|other| same(&other)) {
            continue;
        }
        seen.push(row);
        let plain = crate::anchor::sanitised(&row.id);
        let mut name = format!("samples/{plain}");
        let mut again = 2;
        while files.iter().any(|file| file.name == name) {
            name = format!("samples/{plain}-{again}");
            again += 1;
        }
        files.push(file(
            &name,
            &["estimate_id", "unit", "period", "role", "reason", "from"],
            sample
                .rows
                .iter()
                .map(|line| {
                    vec![
                        text(&row.id),
                        text(&line.unit),
                        text(&line.period),
                        text(&line.role),
                        text(&line.reason),
                        ids(&line.from),
                    ]
                })
                .collect(),
        ));
    }
    files
}

pub(super) fn specifications(all: &Assessment) -> File {
    let rows = all.specification_curve.iter().map(|row| {
        let [from, to] = &row.window;
        vec![
            text(&row.id),
            text(&row.study),
            text(&row.lens),
            text(&row.pool),
            text(&row.outcome),
            text(&row.estimator),
            text(from),
            text(to),
            text(&row.onset),
            number(&row.estimate),
            maybe_number(row.conf_low.as_ref()),
            maybe_number(row.conf_high.as_ref()),
            maybe_number(row.p_value.as_ref()),
            text(row.verdict.words()),
        ]
    });
    file(
        "specifications",
        &[
            "estimate_id",
            "study",
            "lens",
            "pool",
            "outcome",
            "estimator",
            "window_from",
            "window_to",
            "onset",
            "estimate",
            "conf_low",
            "conf_high",
            "p_value",
            "verdict",
        ],
        rows.collect(),
    )
}
