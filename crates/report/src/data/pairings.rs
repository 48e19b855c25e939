//! Who is paired with whom, and which places may serve as comparison.

use counterpart_appraise::Assessment;

use super::{File, file, ids, maybe, text};

pub(super) fn rounds(all: &Assessment) -> File {
    let rows = all.rounds.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.programme),
            text(&row.programme_name),
            text(&row.name),
            maybe(row.decided_on.as_ref()),
            maybe(row.first_money_on.as_ref()),
            maybe(row.start.as_ref()),
            maybe(row.end.as_ref()),
        ]
    });
    file(
        "rounds",
        &[
            "round",
            "programme",
            "programme_name",
            "name",
            "decided_on",
            "first_money_on",
            "start",
            "end",
        ],
        rows.collect(),
    )
}

pub(super) fn pairings(all: &Assessment) -> File {
    let rows = all.pairings.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.programme),
            text(&row.round),
            text(&row.provider),
            text(&row.provider_name),
            text(&row.recipient),
            text(&row.recipient_name),
            text(&row.kind),
            maybe(row.start.as_ref()),
            maybe(row.end.as_ref()),
            text(&row.basis),
            text(&row.confidence),
            text(&row.source),
            text(&row.locator),
        ]
    });
    file(
        "pairings",
        &[
            "pairing",
            "programme",
            "round",
            "provider",
            "provider_name",
            "recipient",
            "recipient_name",
            "kind",
            "start",
            "end",
            "basis",
            "confidence",
            "source",
            "locator",
        ],
        rows.collect(),
    )
}

pub(super) fn pools(all: &Assessment) -> File {
    let mut rows = Vec::new();
    for pool in &all.pools {
        let mut add = |place: &str, state: &str, why: &str, from: &[String]| {
            rows.push(vec![
                text(&pool.id),
                text(&pool.study),
                text(place),
                text(state),
                text(why),
                ids(from),
            ]);
        };
        pool.treated
            .iter()
            .for_each(|place| add(place, "treated", "", &[]));
        pool.admitted
            .iter()
            .for_each(|place| add(place, "admitted", "", &[]));
        pool.excluded
            .iter()
            .for_each(|row| add(&row.place, "left out", &row.reason, &row.from));
        pool.tested
            .iter()
            .for_each(|row| add(&row.place, "kept and tested", &row.why, &[]));
        pool.not_computed
            .iter()
            .for_each(|row| add(&row.place, "not evaluated", &row.why, &[]));
        if pool.no_admissible_control {
            add("", "nobody admitted", "", &[]);
        }
    }
    file("pools", &["pool", "study", "place", "state", "why", "from"], rows)
}
