//! Organisations on public lists, with what answers the listing.

use counterpart_appraise::Assessment;

use super::screening::answers;
use super::{File, file, ids, maybe, text};

pub(super) fn listed_entities(all: &Assessment) -> File {
    let rows = all.listings.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.name),
            ids(&row.aliases),
            text(&row.list),
            text(&row.listed_on),
            maybe(row.clause.as_ref()),
            maybe(row.place.as_ref()),
            text(&row.lister),
            ids(&row.listing_claims),
            answers(&row.answers),
            text(row.reply),
            text(&row.sentence),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "listed_entities",
        &[
            "id",
            "name",
            "aliases",
            "list",
            "listed_on",
            "clause",
            "place",
            "lister",
            "listing_claims",
            "answers",
            "reply",
            "sentence",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}
