//! What the sections look up: rows by id, names, and which objects the sentences point at.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::{
    ClaimRow, Figure, FigureRef, IndicatorRow, Part, PlaceRow, PoolRow, ProgrammeRule, RoundRow, Sentence,
    SourceRow, SpeakerRow, StudyRow, VintageRow,
};

use super::Text;
use crate::words;

/// Rows by id.
pub(super) struct Context<'a> {
    pub(super) all: &'a Assessment,
    pub(super) places: BTreeMap<&'a str, &'a PlaceRow>,
    pub(super) claims: BTreeMap<&'a str, &'a ClaimRow>,
    pub(super) sources: BTreeMap<&'a str, &'a SourceRow>,
    pub(super) figures: BTreeMap<&'a str, &'a Figure>,
    pub(super) indicators: BTreeMap<&'a str, &'a IndicatorRow>,
    pub(super) pools: BTreeMap<&'a str, &'a PoolRow>,
    pub(super) rules: BTreeMap<&'a str, &'a ProgrammeRule>,
    speakers: BTreeMap<&'a str, &'a SpeakerRow>,
    vintages: BTreeMap<&'a str, &'a VintageRow>,
    vintage_names: BTreeMap<&'a str, String>,
    /// Ids that some sentence points at.
    pub(super) mentioned: BTreeSet<&'a str>,
}

impl<'a> Context<'a> {
    pub(super) fn new(all: &'a Assessment) -> Self {
        let mut vintage_names: BTreeMap<&str, String> = BTreeMap::new();
        let mut times_used: BTreeMap<String, usize> = BTreeMap::new();
        for row in &all.vintages {
            *times_used.entry(words::vintage(row)).or_default() += 1;
        }
        for row in &all.vintages {
            let name = words::vintage(row);
            let name = if times_used.get(&name).is_some_and(|times| *times > 1) {
                format!("{name} ({})", row.id)
            } else {
                name
            };
            vintage_names.insert(&row.id, name);
        }
        Self {
            all,
            places: by_id(&all.places, |row| &row.id),
            claims: by_id(&all.claims, |row| &row.id),
            sources: by_id(&all.sources, |row| &row.id),
            figures: by_id(&all.figures, |row| &row.id),
            indicators: by_id(&all.indicators, |row| &row.id),
            pools: by_id(&all.pools, |row| &row.id),
            rules: by_id(&all.rules, |row| &row.id),
            speakers: by_id(&all.speakers, |row| &row.id),
            vintages: by_id(&all.vintages, |row| &row.id),
            vintage_names,
            mentioned: mentioned(all).map(|figure| figure.of.as_str()).collect(),
        }
    }

    /// Returns a place's name, or its id.
    pub(super) fn place(&self, id: &str) -> String {
        self.places
            .get(id)
            .map_or_else(|| id.to_owned(), |row| row.name.clone())
    }

    /// Returns a place's name in its own script.
    pub(super) fn place_own(&self, id: &str) -> String {
        self.places
            .get(id)
            .and_then(|row| row.name_zh.clone())
            .unwrap_or_default()
    }

    /// Returns an indicator's name, or its id as words.
    pub(super) fn indicator(&self, id: &str) -> String {
        self.indicators
            .get(id)
            .map_or_else(|| words::spaced(id), |row| row.name.clone())
    }

    /// Returns a speaker's name, or its id.
    pub(super) fn speaker(&self, id: &str) -> String {
        self.speakers
            .get(id)
            .map_or_else(|| id.to_owned(), |row| row.name.clone())
    }

    /// Returns a speaker's kind as words.
    pub(super) fn speaker_kind(&self, id: &str) -> String {
        self.speakers
            .get(id)
            .map_or_else(String::new, |row| words::spaced(&row.kind))
    }

    /// Returns a vintage, or vintages joined by `+`, as words.
    pub(super) fn vintage(&self, ids: &str) -> String {
        let mut names: Vec<String> = Vec::new();
        for id in ids.split('+') {
            let name = self
                .vintage_names
                .get(id)
                .cloned()
                .unwrap_or_else(|| id.to_owned());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(" + ")
    }

    /// Returns when the newest of the vintages joined by `+` was published.
    pub(super) fn published_on(&self, ids: &str) -> &str {
        ids.split('+')
            .filter_map(|id| self.vintages.get(id)?.published_on.as_deref())
            .max()
            .unwrap_or("")
    }

    /// Returns the kind of the first of the vintages joined by `+`.
    pub(super) fn vintage_kind(&self, ids: &str) -> &str {
        ids.split('+')
            .find_map(|id| self.vintages.get(id))
            .map_or("", |row| row.kind.as_str())
    }

    /// Returns a lens's title, or its id.
    pub(super) fn lens(&self, id: &str) -> String {
        self.all
            .lenses
            .iter()
            .find(|row| row.id == id)
            .map_or_else(|| words::spaced(id), |row| row.title.clone())
    }

    /// Returns a pool's title by its id in `pools`, or its id.
    pub(super) fn pool(&self, id: &str) -> String {
        match self.pools.get(id) {
            Some(row) => row.title.clone(),
            None => match self.all.pools.iter().find(|row| row.pool == id) {
                Some(row) => row.title.clone(),
                None => words::spaced(id),
            },
        }
    }

    /// Returns links to sources, with commas between.
    pub(super) fn source_links<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> Text {
        let ids: BTreeSet<&str> = ids
            .into_iter()
            .filter(|id| self.sources.contains_key(id))
            .collect();
        let mut text = Text::new();
        for (index, id) in ids.into_iter().enumerate() {
            if index > 0 {
                text = text.words(", ");
            }
            text = text.link(id, id);
        }
        text
    }

    /// Returns the sources behind figures, by the figures' ids.
    pub(super) fn sources_of<'b>(&self, figures: impl IntoIterator<Item = &'b String>) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        for id in figures {
            if let Some(figure) = self.figures.get(id.as_str()) {
                found.extend(figure.source.as_deref());
                for part in &figure.from {
                    found.extend(
                        self.figures
                            .get(part.as_str())
                            .and_then(|row| row.source.as_deref()),
                    );
                    if let Some((key, _)) = self.sources.get_key_value(part.as_str()) {
                        found.insert(*key);
                    }
                }
            }
        }
        found
    }

    /// Returns a sentence with its figures as links and with names in place of ids.
    pub(super) fn sentence(&self, sentence: &Sentence) -> Text {
        sentence
            .parts()
            .iter()
            .fold(Text::new(), |text, part| match part {
                Part::Text(words) => text.words(self.readable(words)),
                Part::Figure(figure) => text.number(figure.shown.clone(), figure.of.clone()),
            })
    }

    /// Returns words with names in place of the ids of places, indicators, pools and vintages, alone or as `place/indicator/period`.
    ///
    /// Only ids that cannot be words are replaced: those with a hyphen, an underscore or a digit.
    pub(super) fn readable(&self, words: &str) -> String {
        words
            .split_inclusive(char::is_whitespace)
            .map(|token| self.readable_token(token))
            .collect()
    }

    fn readable_token(&self, token: &str) -> String {
        let is_edge =
            |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | ':' | '.' | '“' | '”' | '"');
        let body = token.trim_matches(is_edge);
        if !body.contains(|c: char| matches!(c, '-' | '_' | '/') || c.is_ascii_digit()) {
            return token.to_owned();
        }
        let name = match body.split('/').collect::<Vec<_>>().as_slice() {
            [place, indicator, period]
                if self.indicators.contains_key(indicator) || self.places.contains_key(place) =>
            {
                let (period, vintage) = period.split_once('@').unwrap_or((period, ""));
                let vintage = if vintage.is_empty() {
                    String::new()
                } else {
                    format!(", {}", self.vintage(vintage))
                };
                Some(format!(
                    "{} of {}, {}{vintage}",
                    self.indicator(indicator),
                    self.place(place),
                    period.replace("..", "–")
                ))
            }
            [id] => self
                .places
                .get(id)
                .map(|row| row.name.clone())
                .or_else(|| self.indicators.get(id).map(|row| row.name.clone()))
                .or_else(|| self.vintage_names.get(id).cloned())
                .or_else(|| {
                    let pool = self.all.pools.iter().find(|row| row.pool == *id || row.id == *id);
                    pool.map(|row| row.title.clone())
                }),
            _ => None,
        };
        name.map_or_else(|| token.to_owned(), |name| token.replacen(body, &name, 1))
    }

    /// Returns how one vintage is called where its id is not needed to tell it apart.
    pub(super) fn vintage_brief(&self, id: &str) -> String {
        self.vintages
            .get(id)
            .map_or_else(|| id.to_owned(), |row| words::vintage(row))
    }

    /// Whether a place is the case's subject or lies in it.
    pub(super) fn is_inside(&self, place: &str) -> bool {
        let mut id = place;
        for _ in 0..8 {
            if id == self.all.case.subject {
                return true;
            }
            match self.places.get(id).and_then(|row| row.parent.as_deref()) {
                Some(parent) => id = parent,
                None => return false,
            }
        }
        false
    }

    /// Returns the rounds that the case turns on, oldest first: of the programme with most pairings inside the
    /// subject, those that do not begin inside a larger one.
    pub(super) fn main_rounds(&self) -> Vec<&'a RoundRow> {
        let mut by_round: BTreeMap<&str, usize> = BTreeMap::new();
        let mut by_programme: BTreeMap<&str, usize> = BTreeMap::new();
        for pairing in self
            .all
            .pairings
            .iter()
            .filter(|pairing| self.is_inside(&pairing.recipient))
        {
            *by_round.entry(&pairing.round).or_default() += 1;
            *by_programme.entry(&pairing.programme).or_default() += 1;
        }
        let main = by_programme
            .iter()
            .max_by_key(|(id, n)| (**n, std::cmp::Reverse(**id)))
            .map(|(id, _)| *id);
        let mut rounds: Vec<&RoundRow> = self
            .all
            .rounds
            .iter()
            .filter(|round| {
                Some(round.programme.as_str()) == main && by_round.contains_key(round.id.as_str())
            })
            .collect();
        rounds.sort_by_key(|round| {
            (
                std::cmp::Reverse(by_round.get(round.id.as_str()).copied()),
                round.id.clone(),
            )
        });
        let mut kept: Vec<&RoundRow> = Vec::new();
        for round in rounds {
            let start = round.start.as_deref().and_then(year);
            let inside = |other: &&RoundRow| {
                let from = other.start.as_deref().and_then(year);
                let to = other.end.as_deref().and_then(year);
                start.is_some() && start >= from && to.is_none_or(|to| start < Some(to))
            };
            if !kept.iter().any(inside) {
                kept.push(round);
            }
        }
        kept.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.id.cmp(&b.id)));
        kept
    }
}

/// Returns the year of a date or period, with its month or quarter as a fraction.
pub(super) fn year(period: &str) -> Option<f64> {
    let whole: f64 = period.get(..4)?.parse().ok()?;
    let part = match period.get(4..).unwrap_or("") {
        rest if rest.starts_with("-Q") => rest
            .get(2..3)
            .and_then(|q| q.parse::<f64>().ok())
            .map_or(0.0, |q| (q - 1.0) / 4.0),
        rest if rest.starts_with('-') => rest
            .get(1..3)
            .and_then(|m| m.parse::<f64>().ok())
            .map_or(0.0, |m| (m - 1.0) / 12.0),
        _ => 0.0,
    };
    Some(whole + part)
}

fn by_id<T>(rows: &[T], id: impl Fn(&T) -> &String) -> BTreeMap<&str, &T> {
    rows.iter().map(|row| (id(row).as_str(), row)).collect()
}

/// Returns every figure that any sentence of the assessment points at.
fn mentioned(all: &Assessment) -> impl Iterator<Item = &FigureRef> {
    let answer = all.answer.sentence.figures();
    let lenses = all.answer.by_lens.iter().flat_map(|lens| {
        lens.sentence
            .figures()
            .chain(lens.hangs_on.iter().flat_map(|row| row.sentence.figures()))
    });
    let claims = all.claims.iter().flat_map(|claim| {
        claim.check.sentence.figures().chain(
            claim
                .check
                .by_derivation
                .iter()
                .flat_map(|row| row.sentence.figures()),
        )
    });
    let studies = all
        .studies
        .iter()
        .flat_map(|row: &StudyRow| row.sentence.figures());
    answer.chain(lenses).chain(claims).chain(studies)
}
