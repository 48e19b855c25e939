//! The evidence map: published studies by programme and outcome, in their own words, with the data they share.
//!
//! Studies that rest on one data set are not independent of each other, so both are counted. Two studies share a data
//! set where one names the other, where both name the same third, or where both describe their data in the same words.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::evidence::PublishedStudy;
use counterpart_model::{Id, Record};

use crate::assessment::{DirectionCount, EvidenceCell, EvidenceRow, Number, Sentence};
use crate::words;

/// Returns every published study, by id.
#[must_use]
pub fn rows(record: &Record) -> Vec<EvidenceRow> {
    let sets = data_sets(&record.literature);
    let mut rows: Vec<EvidenceRow> = record
        .literature
        .iter()
        .map(|study| row(record, study, &sets))
        .collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

fn row(record: &Record, study: &PublishedStudy, sets: &BTreeMap<Id, Id>) -> EvidenceRow {
    let set = sets.get(&study.id).unwrap_or(&study.id);
    let same_data = record
        .literature
        .iter()
        .filter(|other| other.id != study.id && sets.get(&other.id) == Some(set))
        .map(|other| other.id.to_string());
    let programme_name = study.programme_id.as_ref().and_then(|id| {
        let found = record.programmes.iter().find(|row| row.id == *id);
        found.map(|row| row.name.clone())
    });
    let mut from = vec![study.id.to_string(), study.source_id.to_string()];
    from.extend(study.shares_data_with.iter().map(ToString::to_string));
    EvidenceRow {
        id: study.id.to_string(),
        programme: study.programme_id.as_ref().map(ToString::to_string),
        programme_name,
        authors: study.authors.clone(),
        year: study.year.map(|year| year.to_string()),
        title: study.title.clone(),
        outlet: study.outlet.clone(),
        data: study.data.clone(),
        method: study.method.clone(),
        outcome: study.outcome.clone(),
        finding: study.finding.clone(),
        direction: study.direction.clone(),
        estimate: study.estimate.map(Number::exact),
        std_error: study.std_error.map(Number::exact),
        shares_data_with: study.shares_data_with.iter().map(ToString::to_string).collect(),
        same_data: same_data.collect(),
        data_set: set.to_string(),
        sentence: sentence(study),
        source: study.source_id.to_string(),
        locator: study.locator.clone().unwrap_or_default(),
        from,
    }
}

/// Says who finds what, with the authors inside the sentence.
fn sentence(study: &PublishedStudy) -> Sentence {
    let who = study
        .authors
        .clone()
        .unwrap_or_else(|| format!("“{}”", study.title));
    let mut sentence = Sentence::of(who);
    if let Some(year) = study.year {
        sentence = sentence.text(format!(" ({year})"));
    }
    let found = study.finding.as_deref().unwrap_or("finding not on record");
    sentence = sentence.text(format!(": {}", words::without_full_stop(found)));
    if let Some(estimate) = study.estimate {
        let id = study.id.to_string();
        sentence = sentence
            .text("; estimate ")
            .figure(words::number(estimate, 6), id.clone());
        if let Some(error) = study.std_error {
            sentence = sentence
                .text(", standard error ")
                .figure(words::number(error, 6), id);
        }
    }
    sentence.text(".")
}

/// The words of a description of data, for comparing: lower case, one blank between.
fn plain(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// For each study the first id, in order, of the studies it shares data with.
fn data_sets(studies: &[PublishedStudy]) -> BTreeMap<Id, Id> {
    // Studies, other ids they name and descriptions of data are nodes; each study is tied to what it names.
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for study in studies {
        let own = format!("id {}", study.id);
        groups.entry(own.clone()).or_insert_with(|| own.clone());
        let named = study.shares_data_with.iter().map(|id| format!("id {id}"));
        let described = study
            .data
            .as_deref()
            .map(plain)
            .filter(|data| !data.is_empty())
            .map(|data| format!("words {data}"));
        for other in named.chain(described) {
            groups.entry(other.clone()).or_insert_with(|| other.clone());
            let (a, b) = (root(&groups, &own), root(&groups, &other));
            if a != b {
                let (low, high) = if a < b { (a, b) } else { (b, a) };
                groups.insert(high, low);
            }
        }
    }
    let mut firsts: BTreeMap<String, Id> = BTreeMap::new();
    let mut by_id: Vec<&PublishedStudy> = studies.iter().collect();
    by_id.sort_by(|a, b| a.id.cmp(&b.id));
    for study in &by_id {
        firsts
            .entry(root(&groups, &format!("id {}", study.id)))
            .or_insert_with(|| study.id.clone());
    }
    by_id
        .iter()
        .filter_map(|study| {
            let first = firsts.get(&root(&groups, &format!("id {}", study.id)))?;
            Some((study.id.clone(), first.clone()))
        })
        .collect()
}

fn root(groups: &BTreeMap<String, String>, node: &str) -> String {
    let mut at = node;
    while let Some(next) = groups.get(at).filter(|next| next.as_str() != at) {
        at = next;
    }
    at.to_owned()
}

/// Returns how many studies and data sets each programme, and each outcome of it, has; by id.
#[must_use]
pub fn counts(rows: &[EvidenceRow]) -> Vec<EvidenceCell> {
    let mut cells: BTreeMap<(Option<&String>, Option<&String>), Vec<&EvidenceRow>> = BTreeMap::new();
    let mut whole: BTreeMap<Option<&String>, Vec<&EvidenceRow>> = BTreeMap::new();
    for row in rows {
        whole.entry(row.programme.as_ref()).or_default().push(row);
        if let Some(outcome) = &row.outcome {
            cells
                .entry((row.programme.as_ref(), Some(outcome)))
                .or_default()
                .push(row);
        }
    }
    let mut made: Vec<EvidenceCell> = whole
        .into_iter()
        .map(|(programme, rows)| cell(programme, None, &rows))
        .chain(
            cells
                .into_iter()
                .map(|((programme, outcome), rows)| cell(programme, outcome, &rows)),
        )
        .collect();
    if !rows.is_empty() {
        let all: Vec<&EvidenceRow> = rows.iter().collect();
        let mut together = cell(None, None, &all);
        together.id = "evidence:all".to_owned();
        together.sentence = count_sentence("All published studies on record", &together.id, &all);
        made.push(together);
    }
    made.sort_by(|a, b| a.id.cmp(&b.id));
    made
}

fn cell(programme: Option<&String>, outcome: Option<&String>, rows: &[&EvidenceRow]) -> EvidenceCell {
    let id = format!(
        "evidence:{}{}",
        programme.map_or("none", String::as_str),
        outcome
            .map(|outcome| format!(":{}", plain(outcome).replace(' ', "-")))
            .unwrap_or_default()
    );
    let name = rows
        .iter()
        .find_map(|row| row.programme_name.clone())
        .filter(|_| programme.is_some())
        .unwrap_or_else(|| "Studies that name no programme".to_owned());
    let subject = match outcome {
        Some(outcome) => format!("{name}, {outcome}"),
        None => name,
    };
    let mut directions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows {
        directions.entry(&row.direction).or_default().push(row.id.clone());
    }
    EvidenceCell {
        programme: programme.cloned(),
        outcome: outcome.cloned(),
        studies: Number::count(rows.len()),
        data_sets: Number::count(sets(rows)),
        directions: directions
            .into_iter()
            .map(|(direction, studies)| DirectionCount {
                direction: direction.to_owned(),
                studies,
            })
            .collect(),
        sentence: count_sentence(&subject, &id, rows),
        from: rows.iter().map(|row| row.id.clone()).collect(),
        id,
    }
}

fn sets(rows: &[&EvidenceRow]) -> usize {
    rows.iter()
        .map(|row| &row.data_set)
        .collect::<BTreeSet<_>>()
        .len()
}

fn count_sentence(subject: &str, id: &str, rows: &[&EvidenceRow]) -> Sentence {
    let sets = sets(rows);
    Sentence::of(format!("{}: ", words::without_full_stop(subject)))
        .figure(rows.len().to_string(), id)
        .text(if rows.len() == 1 {
            " study on "
        } else {
            " studies on "
        })
        .figure(sets.to_string(), id)
        .text(if sets == 1 { " data set." } else { " data sets." })
}
