//! A record read through a lens: which of conflicting statements are read, and what is passed over and why.
//!
//! A lens is total: any place, indicator, period and vintage has a [`Reading`], whether the case knows them or not.
//! It never splices: a vintage is asked for by name, and [`Lensed::vintages_for`] says in which order a study should
//! ask. The [`Index`] of a record does not depend on a lens; build it once and share it.

use std::collections::HashMap;

use counterpart_model::claim::Claim;
use counterpart_model::lens::{Lens, VintageChoice};
use counterpart_model::observation::{Observation, Vintage, VintageKind};
use counterpart_model::source::{PublisherKind, Source, Speaker, SpeakerKind};
use counterpart_model::transaction::Transaction;
use counterpart_model::{Date, Id, Period, Record};

/// Why a statement on record is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It is of a vintage that the lens does not read.
    VintageNotChosen {
        /// The vintage.
        vintage: Id,
    },
    /// Its source was published by a kind of publisher that the lens leaves out.
    PublisherExcluded {
        /// The kind.
        kind: PublisherKind,
    },
    /// It or its source repeats another, and the lens reads independent statements only.
    Copy {
        /// What it repeats.
        of: Id,
    },
    /// Its speaker is of a kind that the lens leaves out or does not name.
    SpeakerKind {
        /// The kind.
        kind: SpeakerKind,
    },
    /// Its speaker is none of those that the lens names.
    SpeakerNotChosen {
        /// The speaker.
        speaker: Id,
    },
    /// The row is there and says that there is no value.
    NoValue,
}

impl Reason {
    /// Returns the reason as a word, for scripts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::VintageNotChosen { .. } => "vintage_not_chosen",
            Self::PublisherExcluded { .. } => "publisher_excluded",
            Self::Copy { .. } => "copy",
            Self::SpeakerKind { .. } => "speaker_kind",
            Self::SpeakerNotChosen { .. } => "speaker_not_chosen",
            Self::NoValue => "no_value",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::VintageNotChosen { vintage } => {
                write!(f, "the lens does not read vintage {vintage}")
            }
            Self::PublisherExcluded { kind } => write!(f, "the lens leaves out publishers of kind {kind}"),
            Self::Copy { of } => write!(f, "it repeats {of}, and the lens reads no copies"),
            Self::SpeakerKind { kind } => write!(f, "the lens does not read speakers of kind {kind}"),
            Self::SpeakerNotChosen { speaker } => write!(f, "the lens does not read {speaker}"),
            Self::NoValue => f.write_str("the row says that no value is available"),
        }
    }
}

/// What a lens sees in one cell: an indicator of a place in a period, in one vintage.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading<'r> {
    /// One value; further rows that say the same are not listed.
    Value(&'r Observation),
    /// Rows of different sources that the lens reads and that say different values. None of them is picked.
    ///
    /// Inside one case an observation's key (place, indicator, period, vintage) is unique, so this happens only where
    /// a record was put together from more than one.
    Disputed(Vec<&'r Observation>),
    /// No value.
    Absent {
        /// Rows that are there and are not read, with the reason.
        passed_over: Vec<(&'r Observation, Reason)>,
    },
}

impl<'r> Reading<'r> {
    /// Returns the value, where there is one and only one.
    #[must_use]
    pub const fn observation(&self) -> Option<&'r Observation> {
        match self {
            Self::Value(observation) => Some(observation),
            Self::Disputed(_) | Self::Absent { .. } => None,
        }
    }
}

/// Numbers that stand for ids, so that cells are compared as integers.
type Interned<'r> = HashMap<&'r str, u32>;

/// Where each observation of a record stands; the same for every lens.
#[derive(Debug)]
pub struct Index<'r> {
    record: &'r Record,
    indicators: Interned<'r>,
    vintage_numbers: Interned<'r>,
    places: Interned<'r>,
    /// Sorted by indicator, vintage, place, period; equal cells in the record's order.
    cells: Vec<Cell>,
    sources: HashMap<&'r str, &'r Source>,
    speakers: HashMap<&'r str, &'r Speaker>,
    vintages: HashMap<&'r str, &'r Vintage>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    indicator: u32,
    vintage: u32,
    place: u32,
    period: Period,
    at: u32,
}

impl<'r> Index<'r> {
    /// Builds the index of a record.
    #[must_use]
    pub fn new(record: &'r Record) -> Self {
        let mut index = Self {
            record,
            indicators: HashMap::new(),
            vintage_numbers: HashMap::new(),
            places: HashMap::new(),
            cells: Vec::with_capacity(record.observations.len()),
            sources: record.sources.iter().map(|row| (row.id.as_str(), row)).collect(),
            speakers: record.speakers.iter().map(|row| (row.id.as_str(), row)).collect(),
            vintages: record.vintages.iter().map(|row| (row.id.as_str(), row)).collect(),
        };
        for (at, observation) in (0_u32..).zip(&record.observations) {
            index.cells.push(Cell {
                indicator: intern(&mut index.indicators, &observation.indicator_id),
                vintage: intern(&mut index.vintage_numbers, &observation.vintage_id),
                place: intern(&mut index.places, &observation.place_id),
                period: observation.period,
                at,
            });
        }
        index.cells.sort_unstable();
        index
    }

    /// Returns the record.
    #[must_use]
    pub const fn record(&self) -> &'r Record {
        self.record
    }

    /// Returns a source by its id.
    #[must_use]
    pub fn source(&self, id: &Id) -> Option<&'r Source> {
        self.sources.get(id.as_str()).copied()
    }

    /// Returns a speaker by its id.
    #[must_use]
    pub fn speaker(&self, id: &Id) -> Option<&'r Speaker> {
        self.speakers.get(id.as_str()).copied()
    }

    /// Returns a vintage by its id.
    #[must_use]
    pub fn vintage(&self, id: &Id) -> Option<&'r Vintage> {
        self.vintages.get(id.as_str()).copied()
    }

    /// Cells of an indicator, of one vintage of it, or of one place in that.
    fn slice(&self, indicator: u32, vintage: Option<u32>, place: Option<u32>) -> &[Cell] {
        let order = |cell: &Cell| {
            cell.indicator
                .cmp(&indicator)
                .then_with(|| vintage.map_or(std::cmp::Ordering::Equal, |v| cell.vintage.cmp(&v)))
                .then_with(|| place.map_or(std::cmp::Ordering::Equal, |p| cell.place.cmp(&p)))
        };
        let from = self.cells.partition_point(|cell| order(cell).is_lt());
        let rest = self.cells.get(from..).unwrap_or_default();
        let n = rest.partition_point(|cell| order(cell).is_eq());
        rest.get(..n).unwrap_or_default()
    }

    fn observation(&self, cell: Cell) -> Option<&'r Observation> {
        self.record
            .observations
            .get(usize::try_from(cell.at).unwrap_or(usize::MAX))
    }
}

fn intern<'r>(numbers: &mut Interned<'r>, id: &'r Id) -> u32 {
    if let Some(number) = numbers.get(id.as_str()) {
        return *number;
    }
    let number = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    numbers.insert(id.as_str(), number);
    number
}

/// A record read through a lens.
#[derive(Debug)]
pub struct Lensed<'r> {
    index: Shared<'r>,
    lens: &'r Lens,
}

#[derive(Debug)]
enum Shared<'r> {
    Own(Box<Index<'r>>),
    Borrowed(&'r Index<'r>),
}

impl<'r> Lensed<'r> {
    /// Reads a record through a lens, with an index of its own.
    #[must_use]
    pub fn new(record: &'r Record, lens: &'r Lens) -> Self {
        Self {
            index: Shared::Own(Box::new(Index::new(record))),
            lens,
        }
    }

    /// Reads a record through a lens, with an index that other lenses use too.
    #[must_use]
    pub const fn with_index(index: &'r Index<'r>, lens: &'r Lens) -> Self {
        Self {
            index: Shared::Borrowed(index),
            lens,
        }
    }

    /// Returns the lens.
    #[must_use]
    pub const fn lens(&self) -> &'r Lens {
        self.lens
    }

    /// Returns the record that is read.
    #[must_use]
    pub fn record(&self) -> &'r Record {
        self.index().record
    }

    /// Returns the index.
    #[must_use]
    pub fn index(&self) -> &Index<'r> {
        match &self.index {
            Shared::Own(index) => index,
            Shared::Borrowed(index) => index,
        }
    }

    /// Returns the indicator that stands in for an observed one under the lens: itself where none does.
    ///
    /// One step only: what stands in is not replaced again. [`Lensed::value`], [`Lensed::series`] and
    /// [`Lensed::vintages_for`] do this themselves.
    #[must_use]
    pub fn mapped<'a>(&'a self, indicator: &'a Id) -> &'a Id {
        self.lens.outcome_map.get(indicator).unwrap_or(indicator)
    }

    /// Returns the vintages in which a study may read an indicator, in order of preference.
    ///
    /// Only vintages that hold at least one value of it which the lens reads. For `newest` these are the editions by
    /// date of publication, the newest first, then what was compiled or is researchers' own, then what was mixed from
    /// editions; what holds each year as first printed is no edition and is not among them. Ties go to the larger id;
    /// a vintage without a date comes last of its kind. For a list it is the list's order, and where the lens does not
    /// choose, the order of `newest` with the series as first published at the end.
    #[must_use]
    pub fn vintages_for(&self, indicator: &Id) -> Vec<&'r Vintage> {
        let index = self.index();
        let Some(&number) = index.indicators.get(self.mapped(indicator).as_str()) else {
            return Vec::new();
        };
        let mut held: Vec<&'r Vintage> = index
            .slice(number, None, None)
            .chunk_by(|a, b| a.vintage == b.vintage)
            .filter(|cells| {
                cells.iter().any(|cell| {
                    index
                        .observation(*cell)
                        .is_some_and(|observation| self.passes(observation).is_none())
                })
            })
            .filter_map(|cells| cells.first())
            .filter_map(|cell| index.observation(*cell))
            .filter_map(|observation| index.vintage(&observation.vintage_id))
            .collect();
        match &self.lens.vintage {
            VintageChoice::Listed(listed) => {
                held.sort_by_key(|vintage| listed.iter().position(|id| *id == vintage.id));
            }
            VintageChoice::Word(_) | VintageChoice::Any => held.sort_by(|a, b| newest_first(a, b)),
        }
        held
    }

    /// Returns what the lens sees in one cell; total over all inputs.
    #[must_use]
    pub fn value(&self, place: &Id, indicator: &Id, period: Period, vintage: &Id) -> Reading<'r> {
        let index = self.index();
        let cells = self.place_cells(place, indicator, vintage);
        let from = cells.partition_point(|cell| cell.period < period);
        let same = cells
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|cell| cell.period == period);
        self.read(same.filter_map(|cell| index.observation(*cell)))
    }

    /// Returns every period of a series with what the lens sees in it, in order of time.
    #[must_use]
    pub fn series(&self, place: &Id, indicator: &Id, vintage: &Id) -> Vec<(Period, Reading<'r>)> {
        let index = self.index();
        self.place_cells(place, indicator, vintage)
            .chunk_by(|a, b| a.period == b.period)
            .filter_map(|cells| {
                let period = cells.first()?.period;
                let rows = cells.iter().filter_map(|cell| index.observation(*cell));
                Some((period, self.read(rows)))
            })
            .collect()
    }

    /// Returns the observations of a cell, of any vintage, that the lens does not read, with the reason.
    #[must_use]
    pub fn passed_over(&self, place: &Id, indicator: &Id, period: Period) -> Vec<(&'r Observation, Reason)> {
        let index = self.index();
        let mapped = self.mapped(indicator);
        let (Some(&number), Some(&place)) = (
            index.indicators.get(mapped.as_str()),
            index.places.get(place.as_str()),
        ) else {
            return Vec::new();
        };
        // Numbers of vintages are consecutive, and each is one look-up.
        let n_vintages = u32::try_from(index.vintage_numbers.len()).unwrap_or(u32::MAX);
        let mut over: Vec<(&'r Observation, Reason)> = (0..n_vintages)
            .flat_map(|vintage| index.slice(number, Some(vintage), Some(place)))
            .filter(|cell| cell.period == period)
            .filter_map(|cell| index.observation(*cell))
            .filter_map(|observation| Some((observation, self.passes(observation)?)))
            .collect();
        over.sort_by(|a, b| a.0.vintage_id.cmp(&b.0.vintage_id));
        over
    }

    fn place_cells(&self, place: &Id, indicator: &Id, vintage: &Id) -> &[Cell] {
        let index = self.index();
        let numbers = (
            index.indicators.get(self.mapped(indicator).as_str()),
            index.vintage_numbers.get(vintage.as_str()),
            index.places.get(place.as_str()),
        );
        match numbers {
            (Some(indicator), Some(vintage), Some(place)) => {
                index.slice(*indicator, Some(*vintage), Some(*place))
            }
            _ => &[],
        }
    }

    fn read(&self, rows: impl Iterator<Item = &'r Observation>) -> Reading<'r> {
        let mut seen: Vec<&'r Observation> = Vec::new();
        let mut passed_over = Vec::new();
        for observation in rows {
            match self.passes(observation) {
                Some(reason) => passed_over.push((observation, reason)),
                None => seen.push(observation),
            }
        }
        match seen.as_slice() {
            [] => Reading::Absent { passed_over },
            [first, rest @ ..] if rest.iter().all(|other| other.value == first.value) => {
                Reading::Value(first)
            }
            _ => Reading::Disputed(seen),
        }
    }

    /// Returns why an observation is passed over; nothing where it is read.
    #[must_use]
    pub fn passes(&self, observation: &Observation) -> Option<Reason> {
        let not_chosen = match &self.lens.vintage {
            VintageChoice::Any => false,
            VintageChoice::Listed(listed) => !listed.contains(&observation.vintage_id),
            VintageChoice::Word(_) => self
                .index()
                .vintage(&observation.vintage_id)
                .is_none_or(|vintage| rank(vintage.kind_or_edition()).is_none()),
        };
        if not_chosen {
            return Some(Reason::VintageNotChosen {
                vintage: observation.vintage_id.clone(),
            });
        }
        if let Some(source) = self.index().source(&observation.source_id)
            && self.lens.exclude_publisher_kinds.contains(&source.publisher_kind)
        {
            return Some(Reason::PublisherExcluded {
                kind: source.publisher_kind,
            });
        }
        self.copied_source(&observation.source_id)
            .or_else(|| observation.value.is_none().then_some(Reason::NoValue))
    }

    /// Returns the claims that the lens reads, in the record's order.
    pub fn claims(&self) -> impl Iterator<Item = &'r Claim> {
        self.record()
            .claims
            .iter()
            .filter(|claim| self.passes_claim(claim).is_none())
    }

    /// Returns why a claim is passed over; nothing where it is read.
    #[must_use]
    pub fn passes_claim(&self, claim: &Claim) -> Option<Reason> {
        self.speaker_reason(&claim.speaker_id)
            .or_else(|| self.copied_source(&claim.source_id))
    }

    /// Returns the transactions that the lens reads, in the record's order.
    pub fn transactions(&self) -> impl Iterator<Item = &'r Transaction> {
        self.record()
            .transactions
            .iter()
            .filter(|transaction| self.passes_transaction(transaction).is_none())
    }

    /// Returns why a transaction is passed over; nothing where it is read.
    #[must_use]
    pub fn passes_transaction(&self, transaction: &Transaction) -> Option<Reason> {
        self.speaker_reason(&transaction.speaker_id)
            .or_else(|| match &transaction.copy_of {
                Some(of) if self.lens.independent_only => Some(Reason::Copy { of: of.clone() }),
                _ => None,
            })
            .or_else(|| self.copied_source(&transaction.source_id))
    }

    fn copied_source(&self, source: &Id) -> Option<Reason> {
        if !self.lens.independent_only {
            return None;
        }
        let of = self.index().source(source)?.copy_of.clone()?;
        Some(Reason::Copy { of })
    }

    fn speaker_reason(&self, id: &Id) -> Option<Reason> {
        let lens = self.lens;
        if !lens.speakers.is_empty() && !lens.speakers.contains(id) {
            return Some(Reason::SpeakerNotChosen { speaker: id.clone() });
        }
        // A speaker that is not on record is nobody who is named.
        let kind = self
            .index()
            .speaker(id)
            .map_or(SpeakerKind::Unattributed, |speaker| speaker.kind);
        let left_out = lens.exclude_speaker_kinds.contains(&kind)
            || (!lens.speaker_kinds.is_empty() && !lens.speaker_kinds.contains(&kind));
        left_out.then_some(Reason::SpeakerKind { kind })
    }
}

/// Place of a kind in the order of `newest`; none for series that hold each year as first printed.
const fn rank(kind: VintageKind) -> Option<u8> {
    match kind {
        VintageKind::Edition => Some(0),
        VintageKind::Compiled | VintageKind::Researchers => Some(1),
        VintageKind::Mixed => Some(2),
        VintageKind::AsFirstPublished => None,
    }
}

fn newest_first(a: &Vintage, b: &Vintage) -> std::cmp::Ordering {
    let order = |vintage: &Vintage| rank(vintage.kind_or_edition()).unwrap_or(u8::MAX);
    order(a)
        .cmp(&order(b))
        .then_with(|| published(b).cmp(&published(a)))
        .then_with(|| b.id.cmp(&a.id))
}

/// When a vintage was published; nothing sorts before every date.
fn published(vintage: &Vintage) -> Option<Date> {
    vintage.published_on
}
