//! `data/*.csv`: every row of the report as a table.
//!
//! UTF-8 without a byte order mark, RFC 4180, one header. Numbers are plain digits as in `report.json`; a cell of
//! *text* that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets
//! an apostrophe in front. Ids in one cell are joined by `;`.

use counterpart_appraise::assessment::{Number, StudyRow};
use counterpart_appraise::{Assessment, Published};

use crate::ReportError;
use crate::document::said;
use crate::words;

/// A cell of a file.
enum Cell {
    Text(String),
    Number(String),
}

/// A file with its header and rows.
struct File {
    name: String,
    header: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
}

fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

fn maybe(value: Option<&String>) -> Cell {
    Cell::Text(value.cloned().unwrap_or_default())
}

fn number(value: &Number) -> Cell {
    Cell::Number(value.as_str().to_owned())
}

fn maybe_number(value: Option<&Number>) -> Cell {
    Cell::Number(value.map(|number| number.as_str().to_owned()).unwrap_or_default())
}

fn count(value: usize) -> Cell {
    Cell::Number(value.to_string())
}

fn yes(value: bool) -> Cell {
    Cell::Text(if value { "true" } else { "false" }.to_owned())
}

fn ids(values: &[String]) -> Cell {
    Cell::Text(values.join(";"))
}

/// Returns name and bytes of every file that has a row, in order of name.
///
/// # Errors
/// [`ReportError::Csv`] if a table cannot be written.
pub fn files(assessment: &Published<Assessment>) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut tables = vec![
        claims(assessment),
        candidates(assessment),
        gaps(assessment),
        pairings(assessment),
        pools(assessment),
        studies(assessment),
        checks(assessment),
        points(assessment),
        specifications(assessment),
        figures(assessment),
        allegations(assessment),
        data_gaps(assessment),
        sources(assessment),
        speakers(assessment),
        vintages(assessment),
        indicators(assessment),
        places(assessment),
        rounds(assessment),
    ];
    tables.extend(samples(assessment));
    tables.retain(|file| !file.rows.is_empty());
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    tables
        .iter()
        .map(|file| Ok((format!("data/{}.csv", file.name), bytes(file)?)))
        .collect()
}

fn bytes(file: &File) -> Result<Vec<u8>, ReportError> {
    let fault = |reason: String| ReportError::Csv {
        name: file.name.clone(),
        reason,
    };
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer
        .write_record(file.header)
        .map_err(|source| fault(source.to_string()))?;
    for row in &file.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => safe(text),
            Cell::Number(digits) => digits.clone(),
        });
        writer
            .write_record(cells)
            .map_err(|source| fault(source.to_string()))?;
    }
    writer.into_inner().map_err(|source| fault(source.to_string()))
}

/// Returns text that no spreadsheet runs as a formula.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn file(name: &str, header: &'static [&'static str], rows: Vec<Vec<Cell>>) -> File {
    File {
        name: name.to_owned(),
        header,
        rows,
    }
}

fn claims(all: &Assessment) -> File {
    let rows = all.claims.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.act),
            text(&row.speaker),
            text(&row.attribution),
            maybe(row.reported_by.as_ref()),
            text(said(row)),
            text(&row.attributed),
            maybe(row.as_said.as_ref()),
            maybe_number(row.value.as_ref()),
            maybe_number(row.lower.as_ref()),
            maybe_number(row.upper.as_ref()),
            maybe(row.qualifier.as_ref()),
            maybe(row.unit.as_ref()),
            maybe(row.topic.as_ref()),
            text(&row.subject),
            text(&row.property),
            maybe(row.place.as_ref()),
            maybe(row.period_start.as_ref()),
            maybe(row.period_end.as_ref()),
            text(&row.source),
            text(&row.locator),
            ids(&row.responds_to),
            ids(&row.answered_by),
            text(words::status(row.check.status)),
            maybe(row.check.kind.as_ref()),
            yes(row.check.inputs_belong_together),
            text(
                row.check
                    .reasons
                    .iter()
                    .map(|reason| words::reason(*reason))
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
            text(row.check.sentence.to_string()),
        ]
    });
    file(
        "claims",
        &[
            "claim",
            "act",
            "speaker",
            "attribution",
            "reported_by",
            "text",
            "attributed",
            "as_said",
            "value",
            "lower",
            "upper",
            "qualifier",
            "unit",
            "topic",
            "subject",
            "property",
            "place",
            "period_start",
            "period_end",
            "source",
            "locator",
            "responds_to",
            "answered_by",
            "status",
            "kind",
            "inputs_belong_together",
            "reasons",
            "sentence",
        ],
        rows.collect(),
    )
}

fn candidates(all: &Assessment) -> File {
    let mut rows = Vec::new();
    for claim in &all.claims {
        for candidate in &claim.check.candidates {
            for (index, input) in candidate.inputs.iter().enumerate() {
                rows.push(vec![
                    text(&candidate.id),
                    text(&claim.id),
                    text(&candidate.derivation),
                    maybe_number(candidate.value.as_ref()),
                    text(
                        candidate
                            .holds
                            .map_or("", |holds| if holds { "true" } else { "false" }),
                    ),
                    maybe_number(candidate.difference.as_ref()),
                    yes(candidate.reproduces),
                    text(
                        candidate
                            .reasons
                            .iter()
                            .map(|reason| words::reason(*reason))
                            .collect::<Vec<_>>()
                            .join("; "),
                    ),
                    count(index + 1),
                    text(&input.id),
                    number(&input.value),
                    maybe(input.vintage.as_ref()),
                    maybe(input.population_basis.as_ref()),
                ]);
            }
        }
    }
    file(
        "candidates",
        &[
            "candidate",
            "claim",
            "derivation",
            "value",
            "holds",
            "difference",
            "reproduces",
            "reasons",
            "input_number",
            "input",
            "input_value",
            "input_vintage",
            "input_population_basis",
        ],
        rows,
    )
}

fn gaps(all: &Assessment) -> File {
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

fn pairings(all: &Assessment) -> File {
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

fn pools(all: &Assessment) -> File {
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

fn studies(all: &Assessment) -> File {
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

fn checks(all: &Assessment) -> File {
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

fn points(all: &Assessment) -> File {
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
fn samples(all: &Assessment) -> Vec<File> {
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

fn specifications(all: &Assessment) -> File {
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

fn figures(all: &Assessment) -> File {
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

fn allegations(all: &Assessment) -> File {
    let rows = all.allegations.iter().map(|row| {
        vec![
            text(&row.claim),
            ids(&row.answers),
            ids(&row.on_record),
            text(row.reply),
        ]
    });
    file(
        "allegations",
        &["claim", "answers", "on_record", "reply"],
        rows.collect(),
    )
}

fn data_gaps(all: &Assessment) -> File {
    let rows = all.data_gaps.iter().map(|row| {
        vec![
            text(&row.id),
            text(&row.what),
            ids(&row.would_settle),
            ids(&row.would_check),
        ]
    });
    file(
        "data_gaps",
        &["gap", "what", "would_settle", "would_check"],
        rows.collect(),
    )
}

fn sources(all: &Assessment) -> File {
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

fn speakers(all: &Assessment) -> File {
    let rows = all
        .speakers
        .iter()
        .map(|row| vec![text(&row.id), text(&row.name), text(&row.kind)]);
    file("speakers", &["speaker", "name", "kind"], rows.collect())
}

fn vintages(all: &Assessment) -> File {
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

fn indicators(all: &Assessment) -> File {
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

fn places(all: &Assessment) -> File {
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

fn rounds(all: &Assessment) -> File {
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

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn text_that_a_spreadsheet_would_run_gets_an_apostrophe() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(safe(formula), format!("'{formula}"));
        }
        assert_eq!(safe("plain = text"), "plain = text");
    }
}
