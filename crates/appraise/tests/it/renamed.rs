//! Nothing is known in advance: a case whose ids, names and years are others comes to the same, and changing one
//! input changes what depends on it and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::ClaimRow;
use counterpart_model::case::Case;
use counterpart_model::table::ColumnKind;
use counterpart_model::{Date, Decimal, Period, Row, TableId, Value};

use crate::cases::{appraise, folder, set};

/// Years are moved by this many. Not a multiple of four, so that no leap year helps.
const YEARS: i32 = 3;

/// Old ids to new ones, in the same order, since ties are broken by the larger id.
struct Renaming {
    ids: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Renaming {
    fn of(tables: &BTreeMap<TableId, Vec<Row>>) -> Self {
        let mut ids: BTreeSet<String> = BTreeSet::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        for rows in tables.values() {
            for row in rows {
                let [key] = row.table.key() else { continue };
                ids.extend(row.text(key).map(str::to_owned));
                if row.table == TableId::Places {
                    names.extend(row.text("name").map(str::to_owned));
                }
            }
        }
        Self {
            ids: ids
                .into_iter()
                .enumerate()
                .map(|(rank, id)| (id, format!("k{rank:05}")))
                .collect(),
            names: names
                .into_iter()
                .enumerate()
                .map(|(rank, name)| (name, format!("Somewhere {rank:05}")))
                .collect(),
        }
    }

    fn id(&self, text: &str) -> String {
        self.ids.get(text).cloned().unwrap_or_else(|| text.to_owned())
    }

    fn row(&self, row: &Row) -> Row {
        let mut renamed = row.clone();
        for (column, cell) in row.table.columns().iter().zip(&mut renamed.values) {
            let Some(value) = cell.as_mut() else { continue };
            match value {
                Value::Date(date) => *date = moved(*date),
                Value::Period(period) => {
                    *period = Period {
                        start: moved(period.start),
                        end: period.end.map(moved),
                    };
                }
                Value::Text(text) => *text = self.text(row.table, column.name, column.kind, text),
                Value::Decimal(_) | Value::Integer(_) => {}
            }
        }
        renamed
    }

    fn text(&self, table: TableId, heading: &str, kind: ColumnKind, text: &str) -> String {
        let joined = |text: &str| {
            text.split(';')
                .map(|part| self.id(part))
                .collect::<Vec<_>>()
                .join(";")
        };
        match kind {
            ColumnKind::Id | ColumnKind::Reference(_) | ColumnKind::BaseIndicator => self.id(text),
            ColumnKind::References(_) => joined(text),
            ColumnKind::Operands => text
                .split(';')
                .map(|operand| self.operand(operand))
                .collect::<Vec<_>>()
                .join(";"),
            ColumnKind::Formula => self.formula(text),
            ColumnKind::Text if (table, heading) == (TableId::Claims, "subject") => self.id(text),
            ColumnKind::Text if (table, heading) == (TableId::Places, "name") => self.names[text].clone(),
            _ => text.to_owned(),
        }
    }

    fn operand(&self, operand: &str) -> String {
        match operand.split('/').collect::<Vec<_>>().as_slice() {
            [place, indicator, period] => {
                let ends: Vec<String> = period
                    .split("..")
                    .map(|date| {
                        date.parse()
                            .map_or_else(|_| date.to_owned(), |date| moved(date).to_string())
                    })
                    .collect();
                format!("{}/{}/{}", self.id(place), self.id(indicator), ends.join(".."))
            }
            _ => self.id(operand),
        }
    }

    /// Replaces each word of a formula that is an id; a place may stand only after `at(`.
    fn formula(&self, text: &str) -> String {
        let mut renamed = String::new();
        let mut word = String::new();
        for letter in text.chars().chain(std::iter::once('\n')) {
            if letter.is_ascii_alphanumeric() || letter == '_' {
                word.push(letter);
            } else {
                let is_function = letter == '(' || letter == '=';
                renamed.push_str(&if is_function { word.clone() } else { self.id(&word) });
                word.clear();
                renamed.push(letter);
            }
        }
        renamed.trim_end().to_owned()
    }

    fn toml(&self, value: toml::Value) -> toml::Value {
        match value {
            toml::Value::String(text) => toml::Value::String(self.toml_text(&text)),
            toml::Value::Array(items) => {
                toml::Value::Array(items.into_iter().map(|item| self.toml(item)).collect())
            }
            toml::Value::Table(table) => toml::Value::Table(
                table
                    .into_iter()
                    .map(|(key, value)| (self.id(&key), self.toml(value)))
                    .collect(),
            ),
            other => other,
        }
    }

    fn toml_text(&self, text: &str) -> String {
        if let Ok(date) = text.parse::<Date>() {
            return moved(date).to_string();
        }
        if let Some(rest) = text.strip_prefix("without ") {
            let renamed = self
                .names
                .get(rest)
                .cloned()
                .unwrap_or_else(|| self.toml_text(rest));
            return format!("without {renamed}");
        }
        self.id(text)
    }
}

fn moved(date: Date) -> Date {
    let text = date.to_string();
    let (year, rest) = text.split_at(4);
    let year: i32 = year.parse().expect("a year");
    // The 29th of February has no twin in most years.
    format!("{:04}{}", year + YEARS, rest.replace("-02-29", "-02-28"))
        .parse()
        .expect("a date")
}

pub(crate) fn renamed(name: &str) -> (Case, BTreeMap<TableId, Vec<Row>>) {
    let case = folder(name);
    let renaming = Renaming::of(&case.tables);
    let value: toml::Value = toml::from_str(&case.case_toml).expect("a toml file");
    let text = toml::to_string(&renaming.toml(value)).expect("a toml file");
    let tables = case
        .tables
        .iter()
        .map(|(table, rows)| (*table, rows.iter().map(|row| renaming.row(row)).collect()))
        .collect();
    (
        counterpart_exchange::case_toml::parse(&text).unwrap_or_else(|faults| panic!("{faults}\n{text}")),
        tables,
    )
}

/// What a claim's check comes to, without any name.
fn finding(claim: &ClaimRow) -> String {
    let check = &claim.check;
    let candidates: Vec<String> = check
        .candidates
        .iter()
        .map(|candidate| {
            format!(
                "{:?} {:?} {:?} {} {:?} {:?}",
                candidate.value.as_ref().map(ToString::to_string),
                candidate.holds,
                candidate.difference.as_ref().map(ToString::to_string),
                candidate.reproduces,
                candidate.reasons,
                candidate
                    .inputs
                    .iter()
                    .map(|input| input.value.to_string())
                    .collect::<Vec<_>>()
            )
        })
        .collect();
    format!(
        "{:?} {} {:?} {candidates:?}",
        check.status, check.inputs_belong_together, check.reasons
    )
}

fn effects(assessment: &Assessment) -> Vec<String> {
    assessment
        .studies
        .iter()
        .map(|row| {
            format!(
                "{:?} {:?} {:?} {:?} {:?} {}/{}",
                row.estimate,
                row.std_error,
                row.p_value,
                row.verdict,
                row.reason,
                row.n_treated,
                row.n_controls
            )
        })
        .collect()
}

/// Year of a place of a figure is among the values: differences of dates move with neither.
fn is_a_year(claim: &ClaimRow) -> bool {
    claim
        .check
        .candidates
        .iter()
        .any(|candidate| candidate.inputs.iter().any(|input| input.id.ends_with("#year")))
}

#[test]
fn other_ids_names_and_years_come_to_the_same() {
    for name in ["xinjiang", "wenchuan", "planted/plus"] {
        let case = folder(name);
        let straight = appraise(case.case, case.tables);
        let (case, tables) = renamed(name);
        let other = appraise(case, tables);
        assert_eq!(straight.claims.len(), other.claims.len(), "{name}");
        for (a, b) in straight
            .claims
            .iter()
            .zip(&other.claims)
            .filter(|(a, _)| !is_a_year(a))
        {
            assert_eq!(finding(a), finding(b), "{name}: {}", a.id);
        }
        let gaps = |assessment: &Assessment| -> Vec<(String, bool)> {
            assessment
                .gaps
                .iter()
                .map(|gap| (gap.ratio.to_string(), gap.like_for_like))
                .collect()
        };
        assert_eq!(gaps(&straight), gaps(&other), "{name}");
        assert_eq!(effects(&straight), effects(&other), "{name}");
        let text = serde_json::to_string(&other.answer).expect("serialises");
        for row in straight.places.iter().filter(|place| place.level == "province") {
            assert!(!text.contains(&row.id), "{name}: {} in {text}", row.id);
        }
    }
}

/// Ids that a claim's check rests on, through other claims.
fn rests_on(assessment: &Assessment, claim: &ClaimRow) -> BTreeSet<String> {
    let by_id: BTreeMap<&str, &ClaimRow> = assessment
        .claims
        .iter()
        .map(|claim| (claim.id.as_str(), claim))
        .collect();
    let mut found = BTreeSet::from([claim.id.clone()]);
    let mut open = vec![claim.id.clone()];
    while let Some(id) = open.pop() {
        let Some(claim) = by_id.get(id.as_str()) else {
            continue;
        };
        for operand in claim
            .check
            .by_derivation
            .iter()
            .flat_map(|derivation| &derivation.operands)
        {
            if found.insert(operand.clone()) {
                open.push(operand.clone());
            }
        }
    }
    found
}

#[test]
fn a_changed_claim_changes_the_checks_that_rest_on_it_and_no_others() {
    let (case, tables) = renamed("xinjiang");
    let before = appraise(case.clone(), tables.clone());
    // Every claim that has a value and stands in some derivation, one at a time; a few of them are enough.
    let operands: BTreeSet<String> = before
        .claims
        .iter()
        .flat_map(|claim| {
            claim
                .check
                .by_derivation
                .iter()
                .flat_map(|derivation| derivation.operands.clone())
        })
        .collect();
    let changed: Vec<&ClaimRow> = before
        .claims
        .iter()
        .filter(|claim| claim.value.is_some() && operands.contains(&claim.id))
        .step_by(4)
        .collect();
    assert!(changed.len() > 3);
    for claim in changed {
        let mut tables = tables.clone();
        let rows = tables.get_mut(&TableId::Claims).expect("claims");
        let row = rows
            .iter_mut()
            .find(|row| row.text("claim_id") == Some(claim.id.as_str()))
            .expect("the claim");
        let Some(Value::Decimal(value)) = row.get("value").cloned() else {
            panic!("{}", claim.id)
        };
        set(row, "value", Some(Value::Decimal(value * Decimal::new(11, 1))));
        let mut case = case.clone();
        case.studies.clear();
        case.lens_studies.clear();
        let after = appraise(case, tables);
        let mut direct = false;
        for (a, b) in before.claims.iter().zip(&after.claims) {
            let moved = finding(a) != finding(b);
            let may = rests_on(&before, a).contains(&claim.id);
            assert!(!moved || may, "{} changed with {}", a.id, claim.id);
            direct |= moved;
        }
        assert!(direct, "nothing rests on {}", claim.id);
        assert_eq!(before.gaps, after.gaps);
    }
}

#[test]
fn a_changed_observation_changes_the_gaps_made_of_it_and_no_others() {
    let (case, tables) = renamed("xinjiang");
    let mut quiet = case.clone();
    quiet.studies.clear();
    quiet.lens_studies.clear();
    let before = appraise(quiet.clone(), tables.clone());
    let figures: BTreeMap<&str, &Vec<String>> = before
        .figures
        .iter()
        .map(|figure| (figure.id.as_str(), &figure.from))
        .collect();
    let made_of = |id: &String| -> BTreeSet<String> {
        figures
            .get(id.as_str())
            .into_iter()
            .flat_map(|from| from.iter().cloned())
            .chain([id.clone()])
            .collect()
    };
    let gap = before
        .gaps
        .iter()
        .find(|gap| gap.like_for_like)
        .expect("a gap like for like");
    let observation = gap
        .from
        .iter()
        .flat_map(&made_of)
        .find(|id| !figures[id.as_str()].is_empty() || id.contains('@'));
    let observation = made_of(&observation.expect("an input"))
        .into_iter()
        .find(|id| figures[id.as_str()].is_empty());
    let observation = observation.expect("an observed input");
    let mut tables = tables;
    let rows = tables.get_mut(&TableId::Observations).expect("observations");
    let row = rows
        .iter_mut()
        .find(|row| {
            let cell = |heading: &str| row.get(heading).map(Value::to_string).unwrap_or_default();
            format!(
                "{}/{}/{}@{}",
                cell("place_id"),
                cell("indicator_id"),
                cell("period"),
                cell("vintage_id")
            ) == observation
        })
        .expect("the observation");
    let Some(Value::Decimal(value)) = row.get("value").cloned() else {
        panic!("{observation}")
    };
    set(row, "value", Some(Value::Decimal(value * Decimal::TWO)));
    let after = appraise(quiet, tables);
    let mut direct = 0;
    for (a, b) in before.gaps.iter().zip(&after.gaps) {
        let moved = a.ratio != b.ratio;
        let may = a.from.iter().flat_map(&made_of).any(|id| id == observation);
        assert_eq!(moved, may, "{}", a.id);
        direct += usize::from(moved);
    }
    assert!(direct > 0);
}

/// What contradictions and promises come to, without any name.
fn odds_and_promises(assessment: &Assessment) -> Vec<String> {
    let odds = assessment.contradictions.iter().map(|row| {
        let values: Vec<Option<String>> = row
            .said
            .iter()
            .map(|one| one.value.as_ref().or(one.lower.as_ref()).map(ToString::to_string))
            .collect();
        format!(
            "{:?} {:?} {} {:?} {:?} {}",
            row.kind,
            row.size.as_ref().map(ToString::to_string),
            row.voices,
            row.differs_in,
            values,
            row.matters_to.len()
        )
    });
    let promises = assessment
        .promises
        .iter()
        .map(|row| format!("{:?} {:?} {}", row.kind, row.status, row.late));
    let mut all: Vec<String> = odds.chain(promises).collect();
    all.sort();
    all
}

#[test]
fn contradictions_and_promises_come_to_the_same_under_other_names() {
    for name in ["xinjiang", "wenchuan"] {
        let quiet = |mut case: Case| {
            case.studies.clear();
            case.lens_studies.clear();
            case
        };
        let read = folder(name);
        let straight = appraise(quiet(read.case), read.tables);
        let (case, tables) = renamed(name);
        let other = appraise(quiet(case), tables);
        assert_eq!(odds_and_promises(&straight), odds_and_promises(&other), "{name}");
    }
}

/// The numbers, words of closed lists and lengths of lists of a row, without its names, ids and dates.
fn shape(row: &serde_json::Value) -> String {
    const KEPT: [&str; 22] = [
        "value",
        "lower",
        "upper",
        "other_value",
        "on_weak_evidence",
        "difference",
        "amount",
        "contracts",
        "std_error",
        "n",
        "status",
        "as_of_status",
        "measure",
        "counted",
        "layer",
        "rung",
        "code",
        "concept",
        "late",
        "ahead",
        "reply",
        "scope",
    ];
    match row {
        serde_json::Value::Object(map) => {
            let mut told = String::new();
            for (key, value) in map {
                let is_plain = !value.is_object() && !value.is_array();
                if is_plain && KEPT.contains(&key.as_str()) {
                    told.push_str(&format!("{key}={value} "));
                } else if !is_plain {
                    told.push_str(&format!("{key}:{} ", shape(value)));
                }
            }
            told
        }
        serde_json::Value::Array(rows) => {
            let mut each: Vec<String> = rows.iter().map(shape).collect();
            each.sort();
            format!("{}[{}]", rows.len(), each.concat())
        }
        _ => String::new(),
    }
}

#[test]
fn every_section_of_the_record_comes_to_the_same_under_other_names() {
    const SECTIONS: [&str; 10] = [
        "people",
        "people_totals",
        "people_parts",
        "entitlements",
        "activities",
        "ladder",
        "pairing_counts",
        "outcomes",
        "allegations",
        "evidence_counts",
    ];
    for name in ["xinjiang", "wenchuan"] {
        let quiet = |mut case: Case| {
            case.studies.clear();
            case.lens_studies.clear();
            case
        };
        let told = |assessment: &Assessment| {
            let document = serde_json::to_value(assessment).expect("JSON");
            SECTIONS.map(|section| {
                let rows = document[section].as_array().cloned().unwrap_or_default();
                let mut rows: Vec<String> = rows.iter().map(shape).collect();
                rows.sort();
                rows
            })
        };
        let read = folder(name);
        let straight = told(&appraise(quiet(read.case), read.tables));
        let (case, tables) = renamed(name);
        let other = told(&appraise(quiet(case), tables));
        for (section, (a, b)) in SECTIONS.iter().zip(straight.iter().zip(&other)) {
            let differ: Vec<_> = a.iter().zip(b).filter(|(a, b)| a != b).take(2).collect();
            assert!(
                differ.is_empty() && a.len() == b.len(),
                "{name} {section}: {differ:#?}"
            );
        }
        assert!(straight.iter().any(|rows| !rows.is_empty()), "{name}");
    }
}
