//! When treatment begins: what a study says, beside what its rounds and pairings say.

use std::collections::BTreeMap;

use counterpart_model::pool::Reach;
use counterpart_model::study::Study;
use counterpart_model::{Date, Id, Record};

use crate::graph::Graph;
use crate::places::Window;

/// The dates of a round of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundDates {
    /// The round.
    pub round: Id,
    /// When it was decided.
    pub decided_on: Option<Date>,
    /// When money first moved.
    pub first_money_on: Option<Date>,
    /// When it began.
    pub start: Option<Date>,
    /// The first year that lies wholly after money first moved, or after the start where that is not known.
    pub first_full_year: Option<i32>,
}

/// The onset of a study with the dates it can be held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onset {
    /// First treated date, as the study says it.
    pub date: Date,
    /// Its year: the first treated period of a panel of years.
    pub year: i32,
    /// What that date is, in the study's word.
    pub basis: Option<String>,
    /// Onsets shown beside it.
    pub beside: Vec<Date>,
    /// The study's rounds, in its order.
    pub rounds: Vec<RoundDates>,
    /// How many treated units are first reached at each date by pairings of those rounds.
    pub first_reached: BTreeMap<Date, usize>,
    /// Treated units that no pairing of those rounds reaches in the window.
    pub not_reached: Vec<Id>,
    /// What has to be said: units reached at different dates, money before the onset.
    pub notes: Vec<String>,
}

/// Returns when treatment begins in a study whose treated units are `treated`.
#[must_use]
pub fn onset(record: &Record, graph: &Graph, study: &Study, treated: &[Id], window: Window) -> Onset {
    let dates = |id: &Id| {
        let round = record.rounds.iter().find(|round| round.id == *id);
        let start = round.and_then(|round| round.start);
        let first_money_on = round.and_then(|round| round.first_money_on);
        RoundDates {
            round: id.clone(),
            decided_on: round.and_then(|round| round.decided_on),
            first_money_on,
            start,
            first_full_year: first_money_on.or(start).map(first_full_year),
        }
    };
    let rounds: Vec<RoundDates> = study.rounds.iter().map(dates).collect();
    let mut first_reached: BTreeMap<Date, usize> = BTreeMap::new();
    let mut not_reached = Vec::new();
    for unit in treated {
        let touches = graph
            .reaching(unit, Reach::InsideAndAround)
            .filter(|touch| study.rounds.contains(&touch.edge.round) && touch.edge.span.overlaps(window));
        let mut starts: Vec<Option<Date>> = touches.map(|touch| touch.edge.span.start).collect();
        starts.sort();
        match starts.first() {
            None => not_reached.push(unit.clone()),
            Some(None) => {}
            Some(Some(first)) => *first_reached.entry(*first).or_default() += 1,
        }
    }
    let mut notes = Vec::new();
    if first_reached.len() > 1 {
        let told: Vec<String> = first_reached
            .iter()
            .map(|(date, n)| format!("{n} from {date}"))
            .collect();
        notes.push(format!(
            "treated units are first reached at different dates ({}); the study treats all from {}",
            told.join(", "),
            study.onset
        ));
    }
    if !not_reached.is_empty() {
        notes.push(format!(
            "{} treated units are reached by no pairing of the study's rounds",
            not_reached.len()
        ));
    }
    for round in &rounds {
        if let Some(money) = round.first_money_on.filter(|money| study.onset.is_after(*money)) {
            notes.push(format!(
                "money of round {} first moved on {money}, before the onset {}: what it did until then counts as \
                 before treatment",
                round.round, study.onset
            ));
        }
    }
    Onset {
        date: study.onset,
        year: study.onset.year(),
        basis: study.onset_basis.clone(),
        beside: study.onset_beside.clone(),
        rounds,
        first_reached,
        not_reached,
        notes,
    }
}

/// Returns the first year that lies wholly from a date on: the next one, unless it is the first of January.
fn first_full_year(date: Date) -> i32 {
    if date.month() == Some(1) && date.day() == Some(1) {
        date.year()
    } else {
        date.year() + 1
    }
}
