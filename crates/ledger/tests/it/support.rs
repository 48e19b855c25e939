//! Small rows and whole case folders for the tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use counterpart_ledger::{Batches, CommitHeader};
use counterpart_model::case::{Case, Disclosure, Grid, HeadlineRule, VerdictRule};
use counterpart_model::record::GeoFile;
use counterpart_model::table::ColumnKind;
use counterpart_model::{Date, Row, TableId, Value};

/// Makes a row of a table from headings and texts.
pub(crate) fn row(table: TableId, cells: &[(&str, &str)]) -> Row {
    let mut row = Row {
        table,
        values: vec![None; table.columns().len()],
        extra: BTreeMap::new(),
    };
    for (heading, text) in cells {
        if heading.starts_with("x_") {
            row.extra.insert((*heading).into(), (*text).into());
            continue;
        }
        let index = table
            .column_index(heading)
            .unwrap_or_else(|| panic!("{table}.{heading}"));
        row.values[index] = value(table.columns()[index].kind, text);
    }
    row
}

fn value(kind: ColumnKind, text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    Some(match kind {
        ColumnKind::Decimal => Value::Decimal(text.parse().unwrap()),
        ColumnKind::Count | ColumnKind::Integer => Value::Integer(text.parse().unwrap()),
        ColumnKind::Date => Value::Date(text.parse().unwrap()),
        ColumnKind::Period => Value::Period(text.parse().unwrap()),
        _ => Value::Text(text.into()),
    })
}

pub(crate) fn source(id: &str, kind: &str) -> Row {
    row(
        TableId::Sources,
        &[
            ("source_id", id),
            ("title", "A yearbook"),
            ("publisher", "A bureau"),
            ("publisher_kind", kind),
            ("may_republish", "unknown"),
        ],
    )
}

pub(crate) fn vintage(id: &str, kind: &str, published_on: &str) -> Row {
    row(
        TableId::Vintages,
        &[
            ("vintage_id", id),
            ("kind", kind),
            ("published_on", published_on),
            ("source_id", "S1"),
        ],
    )
}

pub(crate) fn observation(place: &str, indicator: &str, period: &str, vintage: &str, value: &str) -> Row {
    row(
        TableId::Observations,
        &[
            ("place_id", place),
            ("indicator_id", indicator),
            ("period", period),
            ("vintage_id", vintage),
            ("value", value),
            ("source_id", "S1"),
            ("locator", "table 1"),
        ],
    )
}

pub(crate) fn batches(rows: Vec<Row>) -> Batches {
    let mut tables: BTreeMap<TableId, Vec<Row>> = BTreeMap::new();
    for row in rows {
        tables.entry(row.table).or_default().push(row);
    }
    Batches {
        tables,
        ..Batches::default()
    }
}

/// Two sources, a vintage and three observations, with `case.toml` and one file of shapes.
pub(crate) fn small() -> Batches {
    let mut small = batches(vec![
        source("S1", "official_statistics"),
        source("S2", "academic"),
        vintage("v1", "edition", "2020"),
        observation("P1", "gdp", "2010", "v1", "8.3700"),
        observation("P1", "gdp", "2011", "v1", "9.1"),
        observation("P2", "gdp", "2010", "v1", "12"),
    ]);
    small.case_toml = Some("title = \"A small case\"\n".into());
    small.geo = vec![GeoFile {
        name: "places.geojson".into(),
        text: "{\"type\": \"FeatureCollection\", \"features\": []}".into(),
    }];
    small
}

pub(crate) fn header(recorded_at: &str) -> CommitHeader {
    CommitHeader::new("programme office", recorded_at, "import")
}

/// Questions that ask nothing, for records that are only read.
pub(crate) fn case() -> Case {
    Case {
        title: "A case".into(),
        title_zh: None,
        question: "Does it help?".into(),
        nation: "N".into(),
        subject: "P1".into(),
        as_of: Date::year_only(2026),
        seed: 1,
        synthetic: true,
        gap: None,
        disclosure: Disclosure {
            threshold: 10,
            cells: None,
        },
        lenses: Vec::new(),
        pools: Vec::new(),
        studies: Vec::new(),
        lens_studies: Vec::new(),
        grid: Grid::default(),
        verdict: VerdictRule {
            confidence: 0.95,
            smallest_effect: 0.05,
            reason: None,
            rule: Vec::new(),
            headline: HeadlineRule::AllPrimaryAgree,
        },
    }
}

pub(crate) fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases")
}

/// Reads a case folder without checking it: the importer's room does that.
pub(crate) fn folder(path: &Path) -> Batches {
    let mut batches = Batches {
        case_toml: Some(std::fs::read_to_string(path.join("case.toml")).unwrap()),
        ..Batches::default()
    };
    if let Ok(files) = std::fs::read_dir(path.join("geo")) {
        for file in files {
            let file = file.unwrap().path();
            batches.geo.push(GeoFile {
                name: file.file_name().unwrap().to_str().unwrap().into(),
                text: std::fs::read_to_string(&file).unwrap(),
            });
        }
    }
    for table in TableId::ALL {
        let mut files = vec![path.join(format!("{table}.csv"))];
        if let Ok(folder) = std::fs::read_dir(path.join(table.name())) {
            files.extend(folder.map(|file| file.unwrap().path()));
        }
        for file in files.iter().filter(|file| file.is_file()) {
            let mut reader = csv::Reader::from_path(file).unwrap();
            let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
            for record in reader.records() {
                let record = record.unwrap();
                let cells: Vec<(&str, &str)> =
                    headings.iter().map(String::as_str).zip(record.iter()).collect();
                batches
                    .tables
                    .entry(*table)
                    .or_default()
                    .push(row(*table, &cells));
            }
        }
    }
    batches
}

/// A small generator with a fixed seed: the same bytes and delays in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64, cut to 0..n.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}
