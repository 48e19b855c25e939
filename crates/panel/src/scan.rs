//! Panels out of Parquet without their rows: one pass into cohort moments.
//!
//! A file that is sorted by unit and period is read group of rows by group of rows, page by page: units and first
//! treatment as runs, periods as codes of their dictionary, outcomes as they stand. What a row could be at fault for
//! is looked for on the way; where something is met, the pass ends and says so, and the panel is to be read row by
//! row, which lists every fault with its place. Units enter the moments in the one order of
//! [`counterpart_estimate::moments::order`], so that the bits of a result hang neither on the file's groups of rows
//! nor on the number of threads.

mod column;
mod dense;
mod feed;
mod hybrid;
mod shuffled;
mod sorted;
mod source;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use counterpart_estimate::EstimateError;
use counterpart_estimate::moments::CohortMoments;
use counterpart_estimate::moments::order::Tree;
use counterpart_estimate::panel::census::Counted;
use counterpart_estimate::panel::{Names, PanelFaults, Readings};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use rayon::prelude::*;

use column::{Bits, Column, Kind, Labels};
use feed::{Feed, Plan};
use sorted::{Columns, Part, Raw};
use source::Shared;

/// Headings of the columns that a scan reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanColumns {
    /// Outcome.
    pub outcome: String,
    /// Unit.
    pub unit: String,
    /// Period.
    pub time: String,
    /// First treated period.
    pub first_treated: String,
    /// Cluster above the unit.
    pub cluster: Option<String>,
}

/// How a file was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum How {
    /// Sorted by unit and period: one pass, in memory that does not grow with the file.
    Streamed,
    /// In another order: the wanted columns are in memory while they are sorted.
    Sorted,
}

/// What a scan comes to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scan {
    /// The moments.
    pub moments: CohortMoments,
    /// How first treatment was read.
    pub readings: Readings,
    /// What is odd and no fault; rows are counted from 0.
    pub warnings: PanelFaults,
    /// Periods of the rows without an outcome that are listed.
    pub missing: BTreeMap<usize, i64>,
    /// Rows of the file.
    pub n_rows: usize,
    /// Headings of the file.
    pub headings: Vec<String>,
    /// How it was read.
    pub how: How,
}

/// A scan, or why the panel has to be read row by row.
#[derive(Clone, Debug)]
pub enum Scanned {
    /// The moments and what belongs to them.
    Moments(Box<Scan>),
    /// In words that go after "read row by row, as …".
    Not(String),
}

/// Why a pass ended early.
#[derive(Debug)]
enum Why {
    /// The order of rows is not that of units and periods.
    Unsorted,
    /// A row is at fault.
    Fault,
    /// A period was met that the dictionaries do not hold.
    Periods,
    /// Something that is not read here.
    Not(String),
}

impl From<ParquetError> for Why {
    fn from(error: ParquetError) -> Self {
        Self::Not(format!("it could not be decoded: {error}"))
    }
}

impl From<EstimateError> for Why {
    fn from(error: EstimateError) -> Self {
        Self::Not(error.to_string())
    }
}

/// Reads a Parquet file into moments.
///
/// # Errors
/// None: what cannot be read here, and every fault of the data, is [`Scanned::Not`].
#[must_use]
pub fn scan(path: &Path, columns: &ScanColumns) -> Scanned {
    match File::open(path)
        .map_err(|error| Why::Not(error.to_string()))
        .and_then(|file| Source::new(file, columns))
        .and_then(|source| source.scan())
    {
        Ok(scan) => Scanned::Moments(Box::new(scan)),
        Err(why) => Scanned::Not(match why {
            Why::Unsorted => "it is not sorted by unit and period".to_owned(),
            Why::Fault => "something in it is at fault, or needs a look at single rows".to_owned(),
            Why::Periods => "its periods are not as their dictionaries say".to_owned(),
            Why::Not(reason) => reason,
        }),
    }
}

/// A column of the file.
#[derive(Clone, Copy, Debug)]
struct Place {
    index: usize,
    kind: Kind,
    optional: bool,
}

struct Source {
    reader: SerializedFileReader<Shared>,
    headings: Vec<String>,
    names: Names,
    unit: Place,
    time: Place,
    outcome: Place,
    first_treated: Place,
    cluster: Option<Place>,
    /// First row of each group of rows, and the number of all.
    starts: Vec<usize>,
}

impl Source {
    fn new(file: File, columns: &ScanColumns) -> Result<Self, Why> {
        let shared = Shared::new(file).map_err(|error| Why::Not(error.to_string()))?;
        let reader = SerializedFileReader::new(shared)?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let flat: Vec<usize> = (0..schema.num_columns())
            .filter(|index| {
                let column = schema.column(*index);
                column.max_rep_level() == 0 && column.path().parts().len() == 1
            })
            .collect();
        let headings: Vec<String> = flat
            .iter()
            .map(|index| schema.column(*index).name().to_owned())
            .collect();
        let place = |heading: &str| -> Result<Place, Why> {
            let mut at = (0..flat.len()).filter(|i| headings.get(*i).is_some_and(|met| met == heading));
            let index = at
                .next()
                .and_then(|i| flat.get(i).copied())
                .filter(|_| at.next().is_none())
                .ok_or(Why::Fault)?;
            let column = schema.column(index);
            let kind = Kind::of(&column)
                .ok_or_else(|| Why::Not(format!("{heading} is stored in a way that needs a closer look")))?;
            Ok(Place {
                index,
                kind,
                optional: column.max_def_level() > 0,
            })
        };
        let not = |heading: &str, is: &str| Err(Why::Not(format!("{heading} is stored as {is}")));
        let unit = place(&columns.unit)?;
        if !unit.kind.is_whole() {
            return not(&columns.unit, "text or numbers with decimals");
        }
        let (time, outcome) = (place(&columns.time)?, place(&columns.outcome)?);
        if !time.kind.is_number() || !outcome.kind.is_number() {
            return not("a number", "text");
        }
        let first_treated = place(&columns.first_treated)?;
        if !first_treated.kind.is_number() {
            return not(&columns.first_treated, "text");
        }
        let cluster = columns.cluster.as_deref().map(place).transpose()?;
        if cluster.is_some_and(|c| !(c.kind.is_whole() || c.kind == Kind::Text)) {
            return not("the cluster", "numbers with decimals");
        }
        let mut names = Names::default();
        names.unit.clone_from(&columns.unit);
        names.period.clone_from(&columns.time);
        names.outcome.clone_from(&columns.outcome);
        names.timing.clone_from(&columns.first_treated);
        names.assignment.clone_from(&columns.unit);
        names
            .cluster
            .clone_from(columns.cluster.as_ref().unwrap_or(&columns.unit));
        let mut starts = vec![0];
        for group in reader.metadata().row_groups() {
            let n = usize::try_from(group.num_rows()).map_err(|_| Why::Fault)?;
            starts.push(starts.last().copied().unwrap_or(0) + n);
        }
        Ok(Self {
            unit,
            time,
            outcome,
            first_treated,
            cluster,
            names,
            headings,
            starts,
            reader,
        })
    }

    fn n_groups(&self) -> usize {
        self.starts.len() - 1
    }

    fn column<'a>(&self, group: usize, place: Place, labels: Option<&'a Labels>) -> Result<Column<'a>, Why> {
        let pages = self
            .reader
            .get_row_group(group)?
            .get_column_page_reader(place.index)?;
        Ok(Column::new(pages, place.kind, place.optional, labels))
    }

    fn period(&self, bits: Bits) -> Option<i64> {
        /// Beyond 2⁵³ a double no longer holds every integer.
        const MOST: f64 = 9.0e15;
        if self.time.kind.is_whole() {
            return Some(bits.cast_signed()).filter(|period| period.unsigned_abs() < MOST as u64);
        }
        let number = f64::from_bits(bits);
        (number.fract() == 0.0 && number.abs() < MOST).then_some(number as i64)
    }

    /// The periods, as the dictionaries have them or as every row says.
    fn periods(&self, by_rows: bool) -> Result<Vec<i64>, Why> {
        let of_group = |group: usize| -> Result<Vec<i64>, Why> {
            let column = self.column(group, self.time, None)?;
            let period = |bits: Bits| self.period(bits).ok_or(Why::Fault);
            if !by_rows && let Some(dictionary) = column.dictionary_first()? {
                return dictionary.into_iter().map(period).collect();
            }
            let mut column = self.column(group, self.time, None)?;
            let (mut runs, mut found) = (Vec::new(), Vec::new());
            while column.next_runs(&mut runs)? {
                for run in &runs {
                    found.push(period(run.value.ok_or(Why::Fault)?)?);
                }
                found.sort_unstable();
                found.dedup();
            }
            Ok(found)
        };
        let found: Vec<Vec<i64>> = (0..self.n_groups())
            .into_par_iter()
            .map(of_group)
            .collect::<Result<_, Why>>()?;
        let mut periods: Vec<i64> = found.concat();
        periods.sort_unstable();
        periods.dedup();
        if periods.len() > usize::from(u16::MAX) {
            return Err(Why::Not("it has more than 65,535 periods".to_owned()));
        }
        Ok(periods)
    }

    fn scan(&self) -> Result<Scan, Why> {
        match self.with_periods(self.periods(false)?) {
            Err(Why::Periods) => self.with_periods(self.periods(true)?),
            other => other,
        }
    }

    fn with_periods(&self, periods: Vec<i64>) -> Result<Scan, Why> {
        let plan = Plan {
            names: self.names.clone(),
            periods,
            cohort_kind: self.first_treated.kind,
        };
        match self.streamed(&plan) {
            Err(Why::Unsorted) => self.shuffled(&plan),
            other => other,
        }
    }

    fn code(&self, plan: &Plan, bits: Bits) -> Option<u16> {
        let period = self.period(bits)?;
        u16::try_from(plan.periods.binary_search(&period).ok()?).ok()
    }

    /// The columns of a group of rows.
    fn columns<'a>(&self, group: usize, labels: &'a Labels) -> Result<Columns<'a>, Why> {
        Ok(Columns {
            unit: self.column(group, self.unit, None)?,
            time: self.column(group, self.time, None)?,
            outcome: self.column(group, self.outcome, None)?,
            first_treated: self.column(group, self.first_treated, None)?,
            cluster: self
                .cluster
                .map(|place| self.column(group, place, Some(labels)))
                .transpose()?,
        })
    }

    /// The smallest and the largest unit, as the file's statistics say.
    fn unit_ends(&self) -> Option<(i64, i64)> {
        let mut ends: Option<(i64, i64)> = None;
        for group in self.reader.metadata().row_groups() {
            let (low, high) = match group.columns().get(self.unit.index)?.statistics()? {
                Statistics::Int32(own) => (i64::from(*own.min_opt()?), i64::from(*own.max_opt()?)),
                Statistics::Int64(own) => (*own.min_opt()?, *own.max_opt()?),
                _ => return None,
            };
            ends = Some(ends.map_or((low, high), |(a, b)| (a.min(low), b.max(high))));
        }
        ends
    }

    /// Rows in any order whose units are numbered closely and complete; `None` where they are not.
    fn dense(&self, plan: &Plan) -> Result<Option<Scan>, Why> {
        let n_rows = self.starts.last().copied().unwrap_or(0);
        let store = dense::Dense::new(self.unit_ends(), plan.periods.len(), n_rows);
        let Some(store) = store.filter(|_| self.cluster.is_none()) else {
            return Ok(None);
        };
        let labels = Labels::default();
        self.starts
            .par_windows(2)
            .enumerate()
            .try_for_each(|(group, ends)| {
                let (start, end) = match ends {
                    [start, end] => (*start, *end),
                    _ => return Err(Why::Fault),
                };
                let columns = self.columns(group, &labels)?;
                store.fill(columns, &|bits| self.code(plan, bits), start, end - start)
            })?;
        let Some(all) = store.feed(plan)? else {
            return Ok(None);
        };
        self.finish(plan, all, Vec::new(), How::Sorted).map(Some)
    }

    fn shuffled(&self, plan: &Plan) -> Result<Scan, Why> {
        if let Some(scan) = self.dense(plan)? {
            return Ok(scan);
        }
        let labels = Labels::default();
        let rows = shuffled::Rows::read(
            &self.starts,
            self.cluster.is_some(),
            &|bits| self.code(plan, bits),
            &|group| self.columns(group, &labels),
        )?;
        let all = rows.feed(plan)?;
        self.finish(plan, all, labels.into_list(), How::Sorted)
    }

    fn streamed(&self, plan: &Plan) -> Result<Scan, Why> {
        let labels = Labels::default();
        let code = |bits: Bits| self.code(plan, bits);
        let read = |group: usize| -> Result<Part, Why> {
            let (start, end) = match (self.starts.get(group), self.starts.get(group + 1)) {
                (Some(a), Some(b)) => (*a, *b),
                _ => return Err(Why::Fault),
            };
            let columns = self.columns(group, &labels)?;
            sorted::read(plan, &code, columns, start, end - start)
        };
        let mut whole = Whole::new(plan)?;
        // A few groups at a time, so that what they leave behind stays small.
        let step = 4 * rayon::current_num_threads();
        let mut group = 0;
        while group < self.n_groups() {
            let to = (group + step).min(self.n_groups());
            let parts: Vec<Part> = (group..to)
                .into_par_iter()
                .map(read)
                .collect::<Result<_, Why>>()?;
            for part in parts {
                whole.add(part)?;
            }
            group = to;
        }
        let all = whole.finish()?;
        let labels = labels.into_list();
        self.finish(plan, all, labels, How::Streamed)
    }

    fn finish(
        &self,
        plan: &Plan,
        (tree, feed): (Tree, Feed),
        labels: Vec<String>,
        how: How,
    ) -> Result<Scan, Why> {
        let n_rows = self.starts.last().copied().unwrap_or(0);
        if feed.n_rows != n_rows || !feed.varies() {
            return Err(Why::Fault);
        }
        if feed.used.iter().any(|used| !used) {
            return Err(Why::Periods);
        }
        if spelt_twice(&labels) {
            return Err(Why::Fault);
        }
        let Counted {
            readings,
            warnings,
            always,
            missing_rows,
            missing_units,
            missing,
            ..
        } = feed.census.finish().ok_or(Why::Fault)?;
        let moments = tree
            .finish()?
            .ok_or(Why::Fault)?
            .named(plan.names.clone())
            .with_clusters(labels)
            .with_rows_read(n_rows, missing_rows, missing_units)
            .with_always_treated(always);
        Ok(Scan {
            moments,
            readings,
            warnings,
            missing,
            n_rows,
            headings: self.headings.clone(),
            how,
        })
    }
}

/// Whether two labels may be two spellings of one name: for the reader of rows to say.
fn spelt_twice(labels: &[String]) -> bool {
    let mut plain: Vec<String> = labels
        .iter()
        .map(|label| match label.parse::<f64>() {
            Ok(number) if number.fract() == 0.0 => format!("{number:.0}"),
            _ => label
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase(),
        })
        .collect();
    plain.sort_unstable();
    plain.windows(2).any(|pair| pair.first() == pair.last())
}

/// Groups of rows put together in their order.
struct Whole<'a> {
    plan: &'a Plan,
    tree: Tree,
    all: Feed,
    open: Raw,
    last: Option<i64>,
}

impl<'a> Whole<'a> {
    fn new(plan: &'a Plan) -> Result<Self, Why> {
        Ok(Self {
            plan,
            tree: Tree::default(),
            all: Feed::new(plan)?,
            open: Raw::default(),
            last: None,
        })
    }

    fn add(&mut self, part: Part) -> Result<(), Why> {
        if let Some((first, last)) = part.ends {
            // A unit may go on in the next group of rows.
            if self.last.is_some_and(|before| before > first) {
                return Err(Why::Unsorted);
            }
            if self.last == Some(first) && self.open.last() != self.last {
                return Err(Why::Not("a unit has more rows than a chunk".to_owned()));
            }
            self.last = Some(last);
        }
        self.open.append(&part.head)?;
        if !part.chunks.is_empty() {
            let open = std::mem::take(&mut self.open);
            self.close(&open)?;
            for (_, feed) in part.chunks {
                self.push(feed)?;
            }
        }
        self.open.append(&part.tail)?;
        let rest = self.open.split_last();
        let done = std::mem::replace(&mut self.open, rest);
        self.close(&done)
    }

    fn close(&mut self, raw: &Raw) -> Result<(), Why> {
        for (_, feed) in raw.feeds(self.plan)? {
            self.push(feed)?;
        }
        Ok(())
    }

    fn push(&mut self, mut feed: Feed) -> Result<(), Why> {
        self.all.take_census(&mut feed);
        Ok(self.tree.push(feed.moments)?)
    }

    fn finish(mut self) -> Result<(Tree, Feed), Why> {
        let open = std::mem::take(&mut self.open);
        self.close(&open)?;
        Ok((self.tree, self.all))
    }
}
