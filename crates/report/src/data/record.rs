//! What everything was computed from: figures, sources, speakers, vintages, places, gaps of the data.

use counterpart_appraise::Assessment;

use super::{File, file, ids, maybe, maybe_number, number, text};

pub(super) fn figures(all: &Assessment) -> File {
    let rows = all.figures.iter().map(|row| {
        vec![
            text(&row.id),
            text(format!("{:?}", row.kind).to_lowercase()),
            number(&row.value),
            maybe(row.unit.as_ref()),
            text(&row.label),
            maybe(row.status.as_ref()),
            maybe(row.source.as_ref()),
            maybe(row.locator.as_ref()),
            maybe(row.formula.as_ref()),
            ids(&row.from),
        ]
    });
    file(
        "figures",
        &[
            "figure", "kind", "value", "unit", "label", "status", "source", "locator", "formula", "from",
        ],
        rows.collect(),
    )
}

pub(super) fn data_gaps(all: &Assessment) -> File {
    let rows = all.data_gaps.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.what),
            text(&row.who_holds),
            ids(&row.would_settle),
            ids(&row.would_check),
            ids(&row.would_duty),
            ids(&row.from),
        ]
    });
    file(
        "data_gaps",
        &[
            "gap",
            "what",
            "who_holds",
            "would_settle",
            "would_check",
            "would_duty",
            "from",
        ],
        rows.collect(),
    )
}

pub(super) fn sources(all: &Assessment) -> File {
    let rows = all.sources.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.title),
            text(&row.publisher),
            text(&row.publisher_kind),
            maybe(row.published_on.as_ref()),
            maybe(row.address.as_ref()),
            maybe(row.sha256.as_ref()),
            maybe(row.licence.as_ref()),
            text(&row.may_republish),
            maybe(row.copy_of.as_ref()),
        ]
    });
    file(
        "sources",
        &[
            "source",
            "title",
            "publisher",
            "publisher_kind",
            "published_on",
            "address",
            "sha256",
            "licence",
            "may_republish",
            "copy_of",
        ],
        rows.collect(),
    )
}

pub(super) fn speakers(all: &Assessment) -> File {
    let rows = all
        .speakers
        .iter()
        .map(|row| vec![text(&row.id), text(&row.name), text(&row.kind)]);
    file("speakers", &["speaker", "name", "kind"], rows.collect())
}

pub(super) fn vintages(all: &Assessment) -> File {
    let rows = all.vintages.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.kind),
            maybe(row.published_on.as_ref()),
            maybe(row.population_basis.as_ref()),
            maybe(row.note.as_ref()),
            text(&row.source),
        ]
    });
    file(
        "vintages",
        &[
            "vintage",
            "kind",
            "published_on",
            "population_basis",
            "note",
            "source",
        ],
        rows.collect(),
    )
}

pub(super) fn indicators(all: &Assessment) -> File {
    let rows = all.indicators.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.name),
            maybe(row.unit.as_ref()),
            maybe(row.derive.as_ref()),
        ]
    });
    file(
        "indicators",
        &["indicator", "name", "unit", "derive"],
        rows.collect(),
    )
}

pub(super) fn places(all: &Assessment) -> File {
    let rows = all.places.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.name),
            maybe(row.name_zh.as_ref()),
            text(&row.level),
            maybe(row.parent.as_ref()),
            maybe_number(row.lon.as_ref()),
            maybe_number(row.lat.as_ref()),
        ]
    });
    file(
        "places",
        &["place", "name", "name_zh", "level", "parent", "lon", "lat"],
        rows.collect(),
    )
}
