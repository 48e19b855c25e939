//! One group of rows of a file that is sorted by unit and period: a single pass, nothing kept but what it ends in.

use counterpart_estimate::moments::order::CHUNK_ROWS;

use super::Why;
use super::column::{Bits, Column, Run};
use super::feed::{Feed, Plan, Unit};

/// Units whose chunk reaches into another group of rows, or might.
#[derive(Default)]
pub(super) struct Raw {
    units: Vec<RawUnit>,
    codes: Vec<u16>,
    y: Vec<f64>,
}

#[derive(Clone, Copy)]
struct RawUnit {
    id: i64,
    cohort: Option<Bits>,
    cluster: Option<u32>,
    row: usize,
    start: usize,
}

impl Raw {
    fn add(&mut self, unit: &Unit<'_>) {
        self.units.push(RawUnit {
            id: unit.id,
            cohort: unit.cohort,
            cluster: unit.cluster,
            row: unit.row,
            start: self.codes.len(),
        });
        self.codes.extend_from_slice(unit.codes);
        self.y.extend_from_slice(unit.y);
    }

    /// The last unit.
    pub(super) fn last(&self) -> Option<i64> {
        self.units.last().map(|unit| unit.id)
    }

    /// Adds units that follow; the first of them may go on where the last one ended.
    pub(super) fn append(&mut self, other: &Self) -> Result<(), Why> {
        let offset = self.codes.len();
        for (i, unit) in other.units.iter().enumerate() {
            if let (0, Some(last)) = (i, self.units.last())
                && last.id == unit.id
            {
                if last.cohort != unit.cohort || last.cluster != unit.cluster {
                    return Err(Why::Fault);
                }
                continue;
            }
            self.units.push(RawUnit {
                start: offset + unit.start,
                ..*unit
            });
        }
        self.codes.extend_from_slice(&other.codes);
        self.y.extend_from_slice(&other.y);
        Ok(())
    }

    /// Units of the last chunk, taken away: it may go on.
    pub(super) fn split_last(&mut self) -> Self {
        let Some(last) = self.units.last().map(|u| u.row / CHUNK_ROWS) else {
            return Self::default();
        };
        let at = self.units.partition_point(|u| u.row / CHUNK_ROWS < last);
        let start = self.units.get(at).map_or(self.codes.len(), |u| u.start);
        let mut units = self.units.split_off(at);
        units.iter_mut().for_each(|u| u.start -= start);
        Self {
            units,
            codes: self.codes.split_off(start),
            y: self.y.split_off(start),
        }
    }

    /// Moments of the units, a chunk at a time.
    pub(super) fn feeds(&self, plan: &Plan) -> Result<Vec<(usize, Feed)>, Why> {
        let mut feeds: Vec<(usize, Feed)> = Vec::new();
        for (i, unit) in self.units.iter().enumerate() {
            let chunk = unit.row / CHUNK_ROWS;
            if feeds.last().is_none_or(|(own, _)| *own != chunk) {
                feeds.push((chunk, Feed::new(plan)?));
            }
            let end = self.units.get(i + 1).map_or(self.codes.len(), |next| next.start);
            let (codes, y) = (self.codes.get(unit.start..end), self.y.get(unit.start..end));
            if let (Some((_, feed)), Some(codes), Some(y)) = (feeds.last_mut(), codes, y) {
                feed.unit(&Unit {
                    id: unit.id,
                    cohort: unit.cohort,
                    cluster: unit.cluster,
                    rows: None,
                    row: unit.row,
                    codes,
                    y,
                })?;
            }
        }
        Ok(feeds)
    }
}

/// What a group of rows comes to.
pub(super) struct Part {
    /// First and last unit.
    pub(super) ends: Option<(i64, i64)>,
    /// Units of its first chunk.
    pub(super) head: Raw,
    /// Its whole chunks, in order.
    pub(super) chunks: Vec<(usize, Feed)>,
    /// Units of its last chunk, where that is not its first.
    pub(super) tail: Raw,
}

/// The columns of a group of rows.
pub(super) struct Columns<'a> {
    pub(super) unit: Column<'a>,
    pub(super) time: Column<'a>,
    pub(super) outcome: Column<'a>,
    pub(super) first_treated: Column<'a>,
    pub(super) cluster: Option<Column<'a>>,
}

/// Runs of a column, from page to page.
struct Runs<'a> {
    column: Column<'a>,
    page: Vec<Run>,
    at: usize,
}

impl<'a> Runs<'a> {
    fn new(column: Column<'a>) -> Self {
        Self {
            column,
            page: Vec::new(),
            at: 0,
        }
    }

    /// The rest of the current run.
    fn peek(&mut self) -> Result<Option<Run>, Why> {
        loop {
            match self.page.get(self.at) {
                Some(run) if run.n > 0 => return Ok(Some(*run)),
                Some(_) => self.at += 1,
                None => {
                    self.at = 0;
                    if !self.column.next_runs(&mut self.page)? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn skip(&mut self, n: usize) {
        if let Some(run) = self.page.get_mut(self.at) {
            run.n -= n.min(run.n);
        }
    }

    /// The value of the next `n` rows; two of them are a fault.
    fn same(&mut self, n: usize) -> Result<Option<Bits>, Why> {
        let mut left = n;
        let mut found: Option<Option<Bits>> = None;
        while left > 0 {
            let run = self.peek()?.ok_or(Why::Fault)?;
            if found.is_some_and(|before| before != run.value) {
                return Err(Why::Fault);
            }
            found = Some(run.value);
            let taken = left.min(run.n);
            self.skip(taken);
            left -= taken;
        }
        Ok(found.flatten())
    }
}

/// Values of a column in slices, from page to page.
struct Slices<T> {
    page: Vec<T>,
    at: usize,
    spare: Vec<T>,
}

impl<T: Copy> Slices<T> {
    fn new() -> Self {
        Self {
            page: Vec::new(),
            at: 0,
            spare: Vec::new(),
        }
    }

    fn take(
        &mut self,
        n: usize,
        mut fill: impl FnMut(&mut Vec<T>) -> Result<bool, Why>,
    ) -> Result<&[T], Why> {
        if self.at + n <= self.page.len() {
            self.at += n;
            return Ok(self.page.get(self.at - n..self.at).unwrap_or_default());
        }
        self.spare.clear();
        while self.spare.len() < n {
            if self.at == self.page.len() {
                self.at = 0;
                if !fill(&mut self.page)? {
                    return Err(Why::Fault);
                }
            }
            let end = self.page.len().min(self.at + n - self.spare.len());
            self.spare
                .extend_from_slice(self.page.get(self.at..end).unwrap_or_default());
            self.at = end;
        }
        Ok(&self.spare)
    }
}

/// Reads a group of rows that begins at a row of the file.
pub(super) fn read(
    plan: &Plan,
    code: &dyn Fn(Bits) -> Option<u16>,
    mut columns: Columns<'_>,
    first_row: usize,
    n_rows: usize,
) -> Result<Part, Why> {
    let mut part = Part {
        ends: None,
        head: Raw::default(),
        chunks: Vec::new(),
        tail: Raw::default(),
    };
    let (first_chunk, last_chunk) = (
        first_row / CHUNK_ROWS,
        (first_row + n_rows.saturating_sub(1)) / CHUNK_ROWS,
    );
    let mut units = Runs::new(columns.unit);
    let mut cohorts = Runs::new(columns.first_treated);
    let mut clusters = columns.cluster.map(Runs::new);
    let (mut times, mut outcomes) = (Slices::new(), Slices::new());
    let mut row = first_row;
    while let Some(run) = units.peek()? {
        let id = run.value.ok_or(Why::Fault)?.cast_signed();
        let mut n = 0;
        while let Some(more) = units.peek()?.filter(|more| more.value == run.value) {
            n += more.n;
            units.skip(more.n);
        }
        let first = part.ends.map_or(id, |ends| ends.0);
        if part.ends.is_some_and(|ends| ends.1 >= id) {
            return Err(Why::Unsorted);
        }
        part.ends = Some((first, id));
        let cluster = match &mut clusters {
            Some(runs) => Some(runs.same(n)?.ok_or(Why::Fault)? as u32),
            None => None,
        };
        let unit = Unit {
            id,
            cohort: cohorts.same(n)?,
            cluster,
            rows: None,
            row,
            codes: times.take(n, |page| columns.time.next_codes(code, page))?,
            y: outcomes.take(n, |page| columns.outcome.next_numbers(page))?,
        };
        let chunk = row / CHUNK_ROWS;
        row += n;
        if chunk == first_chunk {
            part.head.add(&unit);
        } else if chunk == last_chunk {
            part.tail.add(&unit);
        } else {
            if part.chunks.last().is_none_or(|(own, _)| *own != chunk) {
                part.chunks.push((chunk, Feed::new(plan)?));
            }
            if let Some((_, feed)) = part.chunks.last_mut() {
                feed.unit(&unit)?;
            }
        }
    }
    Ok(part)
}
