//! Units into moments, and what is odd about them into a census.

use std::collections::HashMap;

use counterpart_estimate::moments::CohortMoments;
use counterpart_estimate::panel::Names;
use counterpart_estimate::panel::census::Census;
use counterpart_estimate::{EstimateError, FirstTreated};

use super::Why;
use super::column::{Bits, Kind};

/// What is known before units are read.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) names: Names,
    pub(super) periods: Vec<i64>,
    pub(super) cohort_kind: Kind,
}

/// One unit: its number, what its rows say, and where the first of them stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'a> {
    pub(super) id: i64,
    pub(super) cohort: Option<Bits>,
    pub(super) cluster: Option<u32>,
    /// Rows of the input, in the order of periods; `None`: one after the other from `row` on.
    pub(super) rows: Option<&'a [u32]>,
    pub(super) row: usize,
    /// Index of the period of each row, ascending.
    pub(super) codes: &'a [u16],
    /// Outcome of each row, NaN where it is missing.
    pub(super) y: &'a [f64],
}

/// A cohort as it was met.
struct Met {
    cohort: Option<Bits>,
    in_census: usize,
    first_treated: Option<i64>,
    /// Group of its complete units.
    complete: Option<usize>,
}

/// Moments and census of a chunk.
pub(super) struct Feed {
    plan: Plan,
    pub(super) moments: CohortMoments,
    pub(super) census: Census,
    met: Vec<Met>,
    /// Groups of incomplete units, by place in `met` and the set of seen periods.
    incomplete: HashMap<(usize, u64), usize>,
    every: Vec<u16>,
    pub(super) used: Vec<bool>,
    first: Option<f64>,
    varies: bool,
    pub(super) n_rows: usize,
    scratch: Scratch,
}

/// Lists that are filled anew for each unit with gaps.
#[derive(Default)]
struct Scratch {
    rows: Vec<usize>,
    periods: Vec<i64>,
    missing: Vec<(usize, i64)>,
    y: Vec<f64>,
    seen: Vec<bool>,
}

impl Feed {
    pub(super) fn new(plan: &Plan) -> Result<Self, EstimateError> {
        let t = plan.periods.len();
        Ok(Self {
            moments: CohortMoments::new(plan.periods.clone())?,
            census: Census::new(plan.names.clone(), plan.periods.clone()),
            met: Vec::new(),
            incomplete: HashMap::new(),
            every: (0..t).map(|p| p as u16).collect(),
            used: vec![false; t],
            first: None,
            varies: false,
            n_rows: 0,
            scratch: Scratch::default(),
            plan: plan.clone(),
        })
    }

    fn find(&mut self, cohort: Option<Bits>) -> Result<usize, Why> {
        if let Some(at) = self.met.iter().position(|m| m.cohort == cohort) {
            return Ok(at);
        }
        let value = FirstTreated::from(cohort.map(|bits| self.plan.cohort_kind.number(bits)));
        let (in_census, first_treated) = self.census.cohort(value).ok_or(Why::Fault)?;
        self.met.push(Met {
            cohort,
            in_census,
            first_treated,
            complete: None,
        });
        Ok(self.met.len() - 1)
    }

    pub(super) fn unit(&mut self, unit: &Unit<'_>) -> Result<(), Why> {
        let t = self.plan.periods.len();
        self.n_rows += unit.y.len();
        let at = self.find(unit.cohort)?;
        let Some(met) = self.met.get_mut(at) else {
            return Ok(());
        };
        let first_row = unit
            .rows
            .and_then(|rows| rows.first())
            .map_or(unit.row, |row| *row as usize);
        self.census
            .unit(met.in_census, first_row, &|| unit.id.to_string());
        // NaN and infinity both leave NaN here.
        let is_finite = unit.y.iter().map(|y| y * 0.0).sum::<f64>() == 0.0;
        if is_finite && unit.codes == self.every {
            let group = match met.complete {
                Some(group) => group,
                None => {
                    self.used.fill(true);
                    *met.complete
                        .insert(self.moments.open(met.first_treated, 0, &vec![true; t]))
                }
            };
            self.moments.push(group, unit.y, unit.cluster);
            if !self.varies {
                self.constant(unit.y);
            }
            return Ok(());
        }
        self.odd(unit, at, is_finite)
    }

    /// A unit with gaps or without an outcome in some rows.
    fn odd(&mut self, unit: &Unit<'_>, at: usize, is_finite: bool) -> Result<(), Why> {
        let t = self.plan.periods.len();
        if unit.y.iter().any(|y| y.is_infinite()) {
            return Err(Why::Fault);
        }
        for pair in unit.codes.windows(2) {
            match (pair.first(), pair.last()) {
                (Some(a), Some(b)) if a < b => {}
                (Some(a), Some(b)) if a == b => return Err(Why::Fault),
                _ => return Err(Why::Unsorted),
            }
        }
        let row_of = |i: usize| {
            unit.rows
                .map_or(unit.row + i, |rows| rows.get(i).map_or(0, |r| *r as usize))
        };
        let period = |code: &u16| self.plan.periods.get(usize::from(*code)).copied().unwrap_or(0);
        let Scratch {
            mut rows,
            mut periods,
            mut missing,
            mut y,
            mut seen,
        } = std::mem::take(&mut self.scratch);
        rows.clear();
        rows.extend((0..unit.codes.len()).map(row_of));
        periods.clear();
        periods.extend(unit.codes.iter().map(period));
        missing.clear();
        if !is_finite {
            let nan = rows.iter().zip(&periods).zip(unit.y).filter(|(_, y)| y.is_nan());
            missing.extend(nan.map(|((row, period), _)| (*row, *period)));
        }
        self.census
            .incomplete(&|| unit.id.to_string(), &periods, &rows, &missing);
        y.clear();
        y.resize(t, 0.0);
        seen.clear();
        seen.resize(t, false);
        let mut mask = 0_u64;
        for (code, value) in unit.codes.iter().zip(unit.y) {
            let p = usize::from(*code);
            if let Some(used) = self.used.get_mut(p) {
                *used = true;
            }
            if value.is_nan() {
                continue;
            }
            if let (Some(y), Some(seen)) = (y.get_mut(p), seen.get_mut(p)) {
                (*y, *seen) = (*value, true);
                mask |= 1_u64.checked_shl(u32::from(*code)).unwrap_or(0);
            }
            if !self.varies {
                self.constant(&[*value]);
            }
        }
        let first_treated = self.met.get(at).and_then(|m| m.first_treated);
        let group = if t <= 64 {
            *self
                .incomplete
                .entry((at, mask))
                .or_insert_with(|| self.moments.open(first_treated, 0, &seen))
        } else {
            self.moments.open(first_treated, 0, &seen)
        };
        self.moments.push(group, &y, unit.cluster);
        self.scratch = Scratch {
            rows,
            periods,
            missing,
            y,
            seen,
        };
        Ok(())
    }

    fn constant(&mut self, y: &[f64]) {
        for value in y {
            match self.first {
                None => self.first = Some(*value),
                Some(first) => self.varies |= first != *value,
            }
        }
    }

    /// Takes what is not moments from the feed of a later chunk.
    pub(super) fn take_census(&mut self, other: &mut Self) {
        let empty = Census::new(self.plan.names.clone(), self.plan.periods.clone());
        self.census.merge(std::mem::replace(&mut other.census, empty));
        self.used
            .iter_mut()
            .zip(&other.used)
            .for_each(|(own, theirs)| *own |= theirs);
        self.varies |= other.varies;
        match (self.first, other.first) {
            (Some(a), Some(b)) => self.varies |= a != b,
            (None, theirs) => self.first = theirs,
            _ => {}
        }
        self.n_rows += other.n_rows;
    }

    /// Whether some outcome differs from another.
    pub(super) fn varies(&self) -> bool {
        self.varies
    }
}
