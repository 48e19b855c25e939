//! A file in any order of rows whose units are numbered closely: each outcome goes straight to its place among units
//! by periods, which is all that is held of it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};

use counterpart_estimate::moments::order::{CHUNK_ROWS, Tree};
use rayon::prelude::*;

use super::Why;
use super::column::Bits;
use super::feed::{Feed, Plan, Unit};
use super::sorted::Columns;

/// No row has come: a NaN that no outcome is stored as.
const ABSENT: u64 = 0x7ff9_0000_0000_0000;
/// A row without an outcome: a NaN whose low half is the row.
const MISSING: u64 = 0x7ffc_0000_0000_0000;
const HIGH: u64 = !0xffff_ffff;
/// No row of the unit has come.
const NO_COHORT: u16 = u16::MAX;
/// Places a row may take up at most: with more of them sorting is cheaper.
const PLACES_PER_ROW: usize = 3;

/// Outcomes by unit and period, cohorts by unit.
pub(super) struct Dense {
    low: i64,
    n_periods: usize,
    /// Bits of each outcome.
    y: Vec<AtomicU64>,
    cohort: Vec<AtomicU16>,
    /// Row of the first period of each unit.
    first_row: Vec<AtomicU32>,
    cohorts: Mutex<Vec<Option<Bits>>>,
    n_rows: usize,
}

/// Units of a chunk: the first of them by number, and the number after the last.
type Range = (usize, usize);

impl Dense {
    /// Returns an empty store where units from `low` to `high` are close enough together.
    pub(super) fn new(ends: Option<(i64, i64)>, n_periods: usize, n_rows: usize) -> Option<Self> {
        let (low, high) = ends?;
        let range = usize::try_from(high.abs_diff(low)).ok()?.checked_add(1)?;
        let places = range.checked_mul(n_periods)?;
        if low > high || n_periods == 0 || places > n_rows.checked_mul(PLACES_PER_ROW)? {
            return None;
        }
        u32::try_from(n_rows).ok()?;
        let whole = 0..places;
        Some(Self {
            low,
            n_periods,
            y: whole.into_par_iter().map(|_| AtomicU64::new(ABSENT)).collect(),
            cohort: (0..range).map(|_| AtomicU16::new(NO_COHORT)).collect(),
            first_row: (0..range).map(|_| AtomicU32::new(0)).collect(),
            cohorts: Mutex::default(),
            n_rows,
        })
    }

    /// The code of a cohort. It hangs on which thread came first: nothing may hang on it.
    fn code(&self, cohort: Option<Bits>) -> Result<u16, Why> {
        let poisoned = |_| Why::Not("another thread failed".to_owned());
        let mut all = self.cohorts.lock().map_err(poisoned)?;
        let at = match all.iter().position(|met| *met == cohort) {
            Some(at) => at,
            None => {
                all.push(cohort);
                all.len() - 1
            }
        };
        u16::try_from(at)
            .ok()
            .filter(|code| *code != NO_COHORT)
            .ok_or_else(|| Why::Not("it has more cohorts than are sorted here".to_owned()))
    }

    /// Puts the rows of a group in their places. Of two rows of one place one is lost, which [`Self::feed`] sees.
    pub(super) fn fill(
        &self,
        mut columns: Columns<'_>,
        period: &dyn Fn(Bits) -> Option<u16>,
        first_row: usize,
        n_rows: usize,
    ) -> Result<(), Why> {
        let mut units: Vec<u32> = Vec::with_capacity(n_rows);
        let mut runs = Vec::new();
        while columns.unit.next_runs(&mut runs)? {
            for run in &runs {
                let id = run.value.ok_or(Why::Fault)?.cast_signed();
                let at = id.checked_sub(self.low).and_then(|at| u32::try_from(at).ok());
                let at = at.filter(|at| (*at as usize) < self.cohort.len());
                // The statistics of the file say otherwise.
                let at = at.ok_or(Why::Fault)?;
                units.extend(std::iter::repeat_n(at, run.n));
            }
        }
        let mut known: Vec<(Option<Bits>, u16)> = Vec::new();
        let mut rows = units.iter();
        while columns.first_treated.next_runs(&mut runs)? {
            for run in &runs {
                let code = match known.iter().find(|(cohort, _)| *cohort == run.value) {
                    Some((_, code)) => *code,
                    None => {
                        let code = self.code(run.value)?;
                        known.push((run.value, code));
                        code
                    }
                };
                for unit in rows.by_ref().take(run.n) {
                    let own = self.cohort.get(*unit as usize).ok_or(Why::Fault)?;
                    let mut met = own.load(Relaxed);
                    if met == NO_COHORT {
                        met = match own.compare_exchange(NO_COHORT, code, Relaxed, Relaxed) {
                            Ok(_) => code,
                            Err(other) => other,
                        };
                    }
                    if met != code {
                        return Err(Why::Fault);
                    }
                }
            }
        }
        let (mut codes, mut numbers, mut at_number) = (Vec::new(), Vec::new(), 0);
        let mut i = 0;
        while columns.time.next_codes(period, &mut codes)? {
            for code in &codes {
                while at_number == numbers.len() {
                    at_number = 0;
                    if !columns.outcome.next_numbers(&mut numbers)? {
                        return Err(Why::Fault);
                    }
                }
                let y: f64 = numbers.get(at_number).copied().ok_or(Why::Fault)?;
                at_number += 1;
                let unit = *units.get(i).ok_or(Why::Fault)? as usize;
                let row = (first_row + i) as u32;
                i += 1;
                let place = self.y.get(unit * self.n_periods + usize::from(*code));
                let bits = if y.is_nan() {
                    MISSING | u64::from(row)
                } else {
                    y.to_bits()
                };
                place.ok_or(Why::Fault)?.store(bits, Relaxed);
                if *code == 0 {
                    self.first_row.get(unit).ok_or(Why::Fault)?.store(row, Relaxed);
                }
            }
        }
        if i == units.len() { Ok(()) } else { Err(Why::Fault) }
    }

    /// Returns the moments of all units; `None` where rows of single periods are to be named.
    pub(super) fn feed(self, plan: &Plan) -> Result<Option<(Tree, Feed)>, Why> {
        let t = self.n_periods;
        let count = |unit: &[AtomicU64]| unit.iter().filter(|y| y.load(Relaxed) != ABSENT).count();
        let counts: Vec<usize> = self.y.par_chunks(t).map(count).collect();
        if counts.iter().sum::<usize>() != self.n_rows {
            return Err(Why::Fault);
        }
        // A gap is listed with the row before it, which is not held.
        if counts.iter().any(|n| *n != 0 && *n != t) {
            return Ok(None);
        }
        // Units of a chunk are those whose first row stands in it, all rows sorted.
        let (mut chunks, mut row, mut start): (Vec<Range>, usize, usize) = (Vec::new(), 0, 0);
        let mut open = 0;
        for (unit, n) in counts.iter().enumerate() {
            if row / CHUNK_ROWS != open && *n > 0 {
                chunks.push((start, unit));
                (start, open) = (unit, row / CHUNK_ROWS);
            }
            row += n;
        }
        chunks.push((start, counts.len()));
        let cohorts = {
            let poisoned = |_| Why::Not("another thread failed".to_owned());
            self.cohorts.lock().map_err(poisoned)?.clone()
        };
        let feeds: Vec<Feed> = chunks
            .into_par_iter()
            .map(|range| self.chunk(plan, &cohorts, range))
            .collect::<Result<_, Why>>()?;
        let (mut tree, mut all) = (Tree::default(), Feed::new(plan)?);
        for mut feed in feeds {
            all.take_census(&mut feed);
            tree.push(feed.moments)?;
        }
        Ok(Some((tree, all)))
    }

    fn chunk(&self, plan: &Plan, cohorts: &[Option<Bits>], (from, to): Range) -> Result<Feed, Why> {
        let t = self.n_periods;
        let mut feed = Feed::new(plan)?;
        let codes: Vec<u16> = (0..t).map(|p| p as u16).collect();
        let (mut y, mut rows) = (vec![0.0; t], vec![0_u32; t]);
        let outcomes = self.y.get(from * t..to * t).ok_or(Why::Fault)?;
        for (unit, own) in (from..to).zip(outcomes.chunks_exact(t)) {
            let code = self.cohort.get(unit).map_or(NO_COHORT, |c| c.load(Relaxed));
            if code == NO_COHORT {
                continue;
            }
            let first = self.first_row.get(unit).map_or(0, |row| row.load(Relaxed));
            rows.fill(first);
            for ((y, row), own) in y.iter_mut().zip(&mut rows).zip(own) {
                let bits = own.load(Relaxed);
                *y = f64::from_bits(bits);
                if bits & HIGH == MISSING {
                    (*y, *row) = (f64::NAN, bits as u32);
                }
            }
            feed.unit(&Unit {
                id: self.low.wrapping_add_unsigned(unit as u64),
                cohort: cohorts.get(usize::from(code)).copied().flatten(),
                cluster: None,
                rows: Some(&rows),
                row: first as usize,
                codes: &codes,
                y: &y,
            })?;
        }
        Ok(feed)
    }
}
