//! Outcomes described, and the evidence map.

use counterpart_appraise::Assessment;

use super::{Cell, File, file, ids, maybe, maybe_number, number, text};

pub(super) fn outcomes(all: &Assessment) -> File {
    let rows = all.outcomes.iter().map(|row| {
        vec![
            text(&row.id),
            text(row.measure.words()),
            maybe(row.place.as_ref()),
            maybe(row.level.as_ref()),
            maybe(row.grouping.as_ref()),
            maybe(row.indicator.as_ref()),
            maybe(row.period.as_ref()),
            maybe(row.vintage.as_ref()),
            maybe(row.population_basis.as_ref()),
            maybe(row.unit.as_ref()),
            maybe_number(row.value.as_ref()),
            maybe_number(row.lower.as_ref()),
            maybe_number(row.std_error.as_ref()),
            maybe(row.inference.as_ref()),
            Cell::Number(row.n.map(|n| n.to_string()).unwrap_or_default()),
            ids(&row.lacking),
            maybe(row.weights.as_ref()),
            maybe(row.claim.as_ref()),
            maybe(row.not_computed.as_ref()),
            text(row.sentence.to_string()),
            ids(&row.from),
        ]
    });
    file(
        "outcomes",
        &[
            "outcome",
            "measure",
            "place",
            "level",
            "grouping",
            "indicator",
            "period",
            "vintage",
            "population_basis",
            "unit",
            "value",
            "lower",
            "std_error",
            "inference",
            "n",
            "lacking",
            "weights",
            "claim",
            "not_computed",
            "sentence",
            "from",
        ],
        rows.collect(),
    )
}

pub(super) fn evidence(all: &Assessment) -> File {
    let rows = all.evidence_map.iter().map(|row| {
        vec![
            text(&row.id),
            maybe(row.programme.as_ref()),
            maybe(row.authors.as_ref()),
            maybe(row.year.as_ref()),
            text(&row.title),
            maybe(row.outlet.as_ref()),
            maybe(row.data.as_ref()),
            maybe(row.method.as_ref()),
            maybe(row.outcome.as_ref()),
            maybe(row.finding.as_ref()),
            text(&row.direction),
            maybe_number(row.estimate.as_ref()),
            maybe_number(row.std_error.as_ref()),
            ids(&row.shares_data_with),
            ids(&row.same_data),
            text(&row.data_set),
            text(row.sentence.to_string()),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "evidence_map",
        &[
            "study",
            "programme",
            "authors",
            "year",
            "title",
            "outlet",
            "data",
            "method",
            "outcome",
            "finding",
            "direction",
            "estimate",
            "std_error",
            "shares_data_with",
            "same_data",
            "data_set",
            "sentence",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}

pub(super) fn evidence_counts(all: &Assessment) -> File {
    let rows = all.evidence_counts.iter().map(|row| {
        vec![
            text(&row.id),
            maybe(row.programme.as_ref()),
            maybe(row.outcome.as_ref()),
            number(&row.studies),
            number(&row.data_sets),
            text(row.sentence.to_string()),
            ids(&row.from),
        ]
    });
    file(
        "evidence_counts",
        &[
            "id",
            "programme",
            "outcome",
            "studies",
            "data_sets",
            "sentence",
            "from",
        ],
        rows.collect(),
    )
}
