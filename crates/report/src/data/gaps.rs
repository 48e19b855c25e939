//! The distance to the nation, place by place.

use counterpart_appraise::Assessment;

use super::{File, file, ids, maybe, number, text, yes};

pub(super) fn gaps(all: &Assessment) -> File {
    let rows = all.gaps.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.place),
            text(&row.nation),
            text(&row.indicator),
            text(&row.indicator_nation),
            text(&row.period),
            text(&row.vintage_place),
            text(&row.vintage_nation),
            maybe(row.basis_place.as_ref()),
            maybe(row.basis_nation.as_ref()),
            yes(row.like_for_like),
            number(&row.value_place),
            number(&row.value_nation),
            number(&row.ratio),
            number(&row.difference),
            ids(&row.from),
        ]
    });
    file(
        "gaps",
        &[
            "gap",
            "place",
            "nation",
            "indicator",
            "indicator_nation",
            "period",
            "vintage_place",
            "vintage_nation",
            "basis_place",
            "basis_nation",
            "like_for_like",
            "value_place",
            "value_nation",
            "ratio",
            "difference",
            "from",
        ],
        rows.collect(),
    )
}
