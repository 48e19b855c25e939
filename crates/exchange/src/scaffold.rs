//! A small case to start from: made-up counties, one programme, one study, every kind of row that an answer needs.

use std::collections::BTreeMap;
use std::path::Path;

use counterpart_model::{Row, TableId};

use crate::case::{self, CaseFolder};
use crate::error::WriteError;
use crate::{cell, datapackage};

const CASE_TOML: &str = include_str!("scaffold/case.toml");
const README: &str = include_str!("scaffold/README.md");

const N_COUNTIES: u64 = 12;
const N_PAIRED: u64 = 6;
const YEARS: std::ops::RangeInclusive<u64> = 2001..=2012;
const ONSET: u64 = 2007;

/// Writes a small synthetic case named `name` into the new folder `dir`.
///
/// It holds no fault, and its effect is known: the product of six paired counties is a tenth higher from 2007 on.
///
/// # Errors
/// [`WriteError::Name`] where the name is not made of small letters, digits, `-` and `_`; [`WriteError::Exists`] where `dir` is
/// there and not empty; [`WriteError::Io`] where the disk fails.
pub fn new_case(name: &str, dir: &Path) -> Result<(), WriteError> {
    let letters = name
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    if !letters || !name.starts_with(|first: char| first.is_ascii_lowercase()) || name.len() > 64 {
        return Err(WriteError::Name {
            name: name.to_owned(),
        });
    }
    if std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(WriteError::Exists { path: dir.to_owned() });
    }
    let title = format!("Synthetic case: {name}");
    let case_toml = CASE_TOML.replace("TITLE", &title);
    let tables = tables();
    case::write(dir, &case_toml, &tables, &[])?;
    write(&dir.join("README.md"), &README.replace("TITLE", &title))?;
    if let Ok(folder) = CaseFolder::from_rows(case_toml, tables, Vec::new()) {
        let description = datapackage::describe(&folder, name, None);
        write(&dir.join("datapackage.json"), &datapackage::to_text(&description))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), WriteError> {
    std::fs::write(path, text).map_err(WriteError::io(path))
}

/// Rows of one table in the making: each is a list of headings and cells, read as the importer would read them.
struct Rows {
    table: TableId,
    shared: &'static [(&'static str, &'static str)],
    rows: Vec<Row>,
}

impl Rows {
    fn of(table: TableId, shared: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            table,
            shared,
            rows: Vec::new(),
        }
    }

    fn add(mut self, cells: &[(&str, &str)]) -> Self {
        let values = self
            .table
            .columns()
            .iter()
            .map(|column| {
                let (_, text) = cells
                    .iter()
                    .chain(self.shared)
                    .find(|(heading, _)| *heading == column.name)?;
                cell::read(column.kind, text).ok()
            })
            .collect();
        self.rows.push(Row {
            table: self.table,
            values,
            extra: BTreeMap::new(),
        });
        self
    }

    fn into(self, tables: &mut BTreeMap<TableId, Vec<Row>>) {
        tables.insert(self.table, self.rows);
    }
}

const MADE_UP: &[(&str, &str)] = &[("source_id", "S1"), ("locator", "generated")];

fn tables() -> BTreeMap<TableId, Vec<Row>> {
    let mut tables = BTreeMap::new();
    record(&mut tables);
    geography(&mut tables);
    programme(&mut tables);
    statistics(&mut tables);
    words(&mut tables);
    tables
}

fn record(tables: &mut BTreeMap<TableId, Vec<Row>>) {
    Rows::of(
        TableId::Sources,
        &[("publisher_kind", "synthetic"), ("may_republish", "yes")],
    )
    .add(&[
        ("source_id", "S1"),
        ("title", "Made-up yearbook"),
        ("publisher", "counterpart new"),
        ("published_on", "2014"),
        ("licence", "CC0-1.0"),
    ])
    .add(&[
        ("source_id", "S2"),
        ("title", "Made-up plan of the programme"),
        ("publisher", "counterpart new"),
        ("published_on", "2006-11"),
        ("licence", "CC0-1.0"),
    ])
    .into(tables);
    Rows::of(TableId::Speakers, &[("source_id", "S2"), ("locator", "p1")])
        .add(&[
            ("speaker_id", "OFFICE"),
            ("name", "Programme office"),
            ("kind", "state"),
        ])
        .into(tables);
}

fn county(number: u64) -> String {
    format!("ZZ-1{number:02}")
}

fn geography(tables: &mut BTreeMap<TableId, Vec<Row>>) {
    let mut places = Rows::of(TableId::Places, MADE_UP)
        .add(&[
            ("place_id", "G-paired"),
            ("name", "Paired counties"),
            ("level", "group"),
        ])
        .add(&[
            ("place_id", "ZZ"),
            ("name", "Made-up nation"),
            ("level", "nation"),
        ])
        .add(&[
            ("place_id", "ZZ-1"),
            ("name", "Receiving province"),
            ("level", "province"),
            ("parent_id", "ZZ"),
        ]);
    let mut members = Rows::of(TableId::PlaceMembers, MADE_UP);
    for number in 1..=N_COUNTIES {
        let id = county(number);
        places = places.add(&[
            ("place_id", &id),
            ("name", &format!("County {number}")),
            ("level", "county"),
            ("parent_id", "ZZ-1"),
        ]);
        if number <= N_PAIRED {
            members = members.add(&[("group_id", "G-paired"), ("place_id", &id)]);
        }
    }
    places
        .add(&[
            ("place_id", "ZZ-2"),
            ("name", "Giving province"),
            ("level", "province"),
            ("parent_id", "ZZ"),
        ])
        .into(tables);
    members.into(tables);
}

fn programme(tables: &mut BTreeMap<TableId, Vec<Row>>) {
    const PLAN: &[(&str, &str)] = &[
        ("source_id", "S2"),
        ("locator", "p2"),
        ("programme_id", "EX"),
        ("round_id", "EX-1"),
    ];
    Rows::of(TableId::Programmes, PLAN)
        .add(&[
            ("name", "Example pairing"),
            ("nation_id", "ZZ"),
            ("decided_on", "2006-10"),
            ("first_money_on", "2007"),
            ("start", "2007"),
        ])
        .into(tables);
    Rows::of(TableId::Rounds, PLAN)
        .add(&[
            ("name", "First round"),
            ("decided_on", "2006-10"),
            ("first_money_on", "2007"),
            ("start", "2007"),
            ("end", "2012"),
        ])
        .into(tables);
    let mut pairings = Rows::of(TableId::Pairings, PLAN);
    for number in 1..=N_PAIRED {
        pairings = pairings.add(&[
            ("pairing_id", &format!("PA{number:02}")),
            ("provider_id", "ZZ-2"),
            ("recipient_id", &county(number)),
            ("kind", "region"),
            ("start", "2007"),
            ("confidence", "high"),
            ("basis", "official_list"),
        ]);
    }
    pairings.into(tables);
    let money: &[(&str, &str)] = &[
        ("flow", "pairing_fund"),
        ("provider_id", "ZZ-2"),
        ("receiver_id", "ZZ-1"),
        ("currency", "XTS"),
        ("speaker_id", "OFFICE"),
        ("programme_id", "EX"),
        ("source_id", "S2"),
        ("locator", "p3"),
    ];
    let with = |cells: &[(&'static str, &'static str)]| [money, cells].concat();
    Rows::of(TableId::Transactions, &[])
        .add(&with(&[
            ("transaction_id", "T1"),
            ("type", "commitment"),
            ("basis", "cumulative"),
            ("value", "60000"),
            ("as_said", "60 thousand"),
            ("period_start", "2007"),
            ("period_end", "2012"),
        ]))
        .add(&with(&[
            ("transaction_id", "T2"),
            ("type", "disbursement"),
            ("basis", "annual"),
            ("value", "9500"),
            ("as_said", "9.5 thousand"),
            ("period_start", "2007"),
            ("period_end", "2007"),
        ]))
        .into(tables);
}

/// The product of a county: steady growth, a small shake that is the same on every machine, a tenth more once it is paired.
fn product(number: u64, year: u64) -> u64 {
    let mut level = 100_000 + 7_000 * number;
    for _ in 2001..year {
        level = level * 1_060 / 1_000;
    }
    // A multiplicative congruence scatters the shake over −8 … 8 per mille.
    let shake = (number * 7_919 + year * 104_729) * 48_271 % 65_521 % 17;
    let paired = if number <= N_PAIRED && year >= ONSET {
        1_100
    } else {
        1_000
    };
    level * (992 + shake) / 1_000 * paired / 1_000
}

fn statistics(tables: &mut BTreeMap<TableId, Vec<Row>>) {
    Rows::of(TableId::Vintages, MADE_UP)
        .add(&[
            ("vintage_id", "yearbook2014"),
            ("series", "yearbook"),
            ("kind", "edition"),
            ("published_on", "2014"),
        ])
        .into(tables);
    Rows::of(TableId::Indicators, MADE_UP)
        .add(&[
            ("indicator_id", "gdp"),
            ("name", "Gross domestic product, current prices"),
            ("unit", "XTS"),
            ("kind", "level"),
            ("better", "higher"),
        ])
        .add(&[
            ("indicator_id", "gdp_growth"),
            ("name", "Growth of product"),
            ("unit", "1"),
            ("kind", "share"),
            ("better", "higher"),
            ("derive", "gdp / gdp[-1] - 1"),
        ])
        .into(tables);
    let mut observations = Rows::of(TableId::Observations, MADE_UP);
    for number in 1..=N_COUNTIES {
        for year in YEARS {
            observations = observations.add(&[
                ("place_id", &county(number)),
                ("indicator_id", "gdp"),
                ("period", &year.to_string()),
                ("vintage_id", "yearbook2014"),
                ("value", &product(number, year).to_string()),
                ("unit", "XTS"),
            ]);
        }
    }
    observations.into(tables);
}

fn words(tables: &mut BTreeMap<TableId, Vec<Row>>) {
    const SAID: &[(&str, &str)] = &[
        ("act", "asserts"),
        ("speaker_id", "OFFICE"),
        ("attribution", "named"),
        ("subject", "EX"),
        ("place_id", "ZZ-1"),
        ("period_start", "2007"),
        ("period_end", "2012"),
        ("unit", "XTS"),
        ("currency", "XTS"),
        ("topic", "money"),
        ("source_id", "S2"),
        ("locator", "p3"),
    ];
    Rows::of(TableId::Claims, SAID)
        .add(&[
            ("claim_id", "C1"),
            ("property", "committed"),
            ("value", "60000"),
            ("as_said", "60 thousand"),
            ("text", "The province gives 60 thousand over six years"),
        ])
        .add(&[
            ("claim_id", "C2"),
            ("property", "committed per year"),
            ("value", "10000"),
            ("as_said", "10 thousand"),
            ("text", "That is 10 thousand a year"),
        ])
        .into(tables);
    Rows::of(TableId::Derivations, &[("source_id", "S2"), ("locator", "p3")])
        .add(&[
            ("derivation_id", "D1"),
            ("claim_id", "C2"),
            ("kind", "ratio"),
            ("operands", "C1;EX-1"),
            ("rounding", "unstated"),
        ])
        .into(tables);
}
