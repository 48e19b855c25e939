//! Which rows are margins of which: a count of everybody beside the counts by group, place or year.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Id, Period, Record};

use super::cells::Cells;
use super::suppress::Relation;

/// A civil day.
type Day = (i32, i8, i8);

/// Along what rows are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dimension {
    /// Has to be the same.
    Exact(String),
    /// A group; none means all of them.
    Group(Option<String>),
    /// A place or organisation; none means everywhere.
    Place(Option<String>),
    /// First and last day; none means any time.
    Span(Option<(Day, Day)>),
}

impl Dimension {
    pub(crate) fn exact(text: &str) -> Self {
        Self::Exact(text.to_owned())
    }

    pub(crate) fn text(text: Option<&str>) -> Self {
        Self::Group(text.map(str::to_owned))
    }

    pub(crate) fn place(id: &Id) -> Self {
        Self::Place(Some(id.to_string()))
    }

    pub(crate) fn maybe_place(id: Option<&Id>) -> Self {
        Self::Place(id.map(ToString::to_string))
    }

    pub(crate) fn period(period: Option<Period>) -> Self {
        Self::Span(period.map(|period| (period.start.first_day(), period.last().last_day())))
    }
}

/// A cell with what it counts.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) cell: usize,
    pub(crate) speaker: String,
    pub(crate) dimensions: Vec<Dimension>,
}

/// What holds what: places by parent and group.
pub(crate) struct Margins {
    inside: BTreeMap<String, BTreeSet<String>>,
}

/// Most rows that are compared with one another; of more, only those that share all but one group.
const MOST: usize = 2_500;

impl Margins {
    pub(crate) fn of(record: &Record) -> Self {
        let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for place in &record.places {
            if let Some(parent) = &place.parent_id {
                parents
                    .entry(place.id.to_string())
                    .or_default()
                    .insert(parent.to_string());
            }
        }
        for member in &record.place_members {
            parents
                .entry(member.place_id.to_string())
                .or_default()
                .insert(member.group_id.to_string());
        }
        for organisation in &record.organisations {
            if let Some(place) = &organisation.place_id {
                parents
                    .entry(organisation.id.to_string())
                    .or_default()
                    .insert(place.to_string());
            }
        }
        let mut inside: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for start in parents.keys() {
            let mut open = vec![start.clone()];
            while let Some(place) = open.pop() {
                for parent in parents.get(&place).into_iter().flatten() {
                    if parent != start && inside.entry(parent.clone()).or_default().insert(start.clone()) {
                        open.push(parent.clone());
                    }
                }
            }
        }
        Self { inside }
    }

    /// Whether `fine` is part of `coarse`; none where they are not comparable, `false` where they are the same.
    fn is_finer(&self, fine: &Dimension, coarse: &Dimension) -> Option<bool> {
        if fine == coarse {
            return Some(false);
        }
        let finer = match (fine, coarse) {
            (Dimension::Group(Some(_)), Dimension::Group(None))
            | (Dimension::Place(Some(_)), Dimension::Place(None))
            | (Dimension::Span(Some(_)), Dimension::Span(None)) => true,
            (Dimension::Place(Some(fine)), Dimension::Place(Some(coarse))) => self
                .inside
                .get(coarse)
                .is_some_and(|inside| inside.contains(fine)),
            (Dimension::Span(Some((start, end))), Dimension::Span(Some((first, last)))) => {
                first <= start && end <= last
            }
            _ => false,
        };
        finer.then_some(true)
    }

    /// Relates cells of one quantity and wholes to their parts.
    pub(crate) fn relate(&self, cells: &mut Cells, profiles: &[Profile], persons: bool) {
        let mut same: BTreeMap<&[Dimension], Vec<usize>> = BTreeMap::new();
        for profile in profiles {
            same.entry(&profile.dimensions).or_default().push(profile.cell);
        }
        cells.relations.extend(
            same.values()
                .filter(|all| all.len() > 1)
                .map(|all| Relation::Together(all.clone())),
        );
        for block in blocks(profiles) {
            for whole in &block {
                self.parts(cells, whole, &block, persons);
            }
        }
    }

    fn parts(&self, cells: &mut Cells, whole: &Profile, among: &[&Profile], persons: bool) {
        // By which dimensions the parts are finer.
        let mut patterns: BTreeMap<Vec<bool>, Vec<&Profile>> = BTreeMap::new();
        for other in among {
            let pattern: Option<Vec<bool>> = other
                .dimensions
                .iter()
                .zip(&whole.dimensions)
                .map(|(fine, coarse)| self.is_finer(fine, coarse))
                .collect();
            if let Some(pattern) = pattern.filter(|pattern| pattern.contains(&true)) {
                patterns.entry(pattern).or_default().push(other);
            }
        }
        let mut found: BTreeSet<Vec<usize>> = BTreeSet::new();
        for parts in patterns.values() {
            let speakers: BTreeSet<&str> = parts.iter().map(|part| part.speaker.as_str()).collect();
            for speaker in speakers {
                // One row a part, of this speaker where it has one.
                let mut chosen: BTreeMap<&[Dimension], &Profile> = BTreeMap::new();
                for part in parts {
                    let entry = chosen.entry(&part.dimensions).or_insert(part);
                    if entry.speaker != speaker && part.speaker == speaker {
                        *entry = part;
                    }
                }
                let all: Vec<&Profile> = chosen.values().copied().collect();
                for level in self.levels(&all) {
                    found.insert(level);
                }
            }
        }
        for parts in found {
            cells.whole_and_parts(whole.cell, &parts, persons);
        }
    }

    /// Splits parts into sets in which none holds another: the outermost, and what lies inside them, level by level.
    fn levels(&self, parts: &[&Profile]) -> Vec<Vec<usize>> {
        let holds = |outer: &Profile, inner: &Profile| {
            let finer: Option<Vec<bool>> = inner
                .dimensions
                .iter()
                .zip(&outer.dimensions)
                .map(|(fine, coarse)| self.is_finer(fine, coarse))
                .collect();
            finer.is_some_and(|finer| finer.contains(&true))
        };
        let mut left: Vec<&Profile> = parts.to_vec();
        let mut levels = Vec::new();
        while !left.is_empty() {
            let (outermost, inner): (Vec<&Profile>, Vec<&Profile>) = left
                .iter()
                .partition(|part| !left.iter().any(|other| holds(other, part)));
            if outermost.is_empty() {
                break;
            }
            // Levels may be incomplete: what has no part inside it stands for itself.
            levels.push(outermost.iter().map(|part| part.cell).collect());
            let bare: Vec<&Profile> = outermost
                .into_iter()
                .filter(|outer| !inner.iter().any(|part| holds(outer, part)))
                .collect();
            if inner.is_empty() {
                break;
            }
            left = inner;
            left.extend(bare.iter().copied());
            if left.len() == parts.len() && levels.len() > parts.len() {
                break;
            }
        }
        levels
    }
}

/// Rows that agree in what has to be the same; of very many, those that agree in more.
fn blocks(profiles: &[Profile]) -> Vec<Vec<&Profile>> {
    let mut blocks: BTreeMap<Vec<&Dimension>, Vec<&Profile>> = BTreeMap::new();
    for profile in profiles {
        let fixed = profile
            .dimensions
            .iter()
            .filter(|dimension| matches!(dimension, Dimension::Exact(_)))
            .collect();
        blocks.entry(fixed).or_default().push(profile);
    }
    blocks
        .into_values()
        .flat_map(|block| {
            if block.len() <= MOST {
                return vec![block];
            }
            // Too many to compare all with all: one period after the other.
            let mut by_span: BTreeMap<Vec<&Dimension>, Vec<&Profile>> = BTreeMap::new();
            for profile in block {
                let spans = profile
                    .dimensions
                    .iter()
                    .filter(|dimension| matches!(dimension, Dimension::Span(_)))
                    .collect();
                by_span.entry(spans).or_default().push(profile);
            }
            by_span.into_values().collect()
        })
        .collect()
}
