//! What [`Panel::build`](super::Panel::build) says of a panel, for one whose rows are not kept.
//!
//! A pass over the rows counts units by what their first treatment says and names those that a warning is about; the
//! same rules then give the same [`Readings`] and the same warnings. It holds no faults: where a row is at fault,
//! the panel is to be built from its columns, which lists all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Log;
use super::check::{gap, missing_outcome, uneven};
use super::columns::{FirstTreated, Names};
use super::faults::{FaultKind, LISTED_PER_KIND, PanelFaults};
use super::timing::{Met, Raw, raw_of, read_cohorts};
use super::{Panel, Readings};

/// Names of always-treated units that are kept.
const NAMED: usize = 5;

/// Units with one reading of first treatment.
#[derive(Clone, Debug)]
struct Cohort {
    value: Option<f64>,
    raw: Raw,
    n: usize,
    /// Whether each unit is named in a warning, and not one for all.
    each: bool,
    listed: Vec<(usize, String)>,
}

/// A count of units, mergeable.
#[derive(Clone, Debug)]
pub struct Census {
    names: Names,
    periods: Vec<i64>,
    cohorts: Vec<Cohort>,
    odd: PanelFaults,
    always: BTreeSet<String>,
    missing_rows: usize,
    missing_units: usize,
    /// Periods of rows without an outcome.
    missing: BTreeMap<usize, i64>,
}

/// What a census comes to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Counted {
    /// How first treatment was read.
    pub readings: Readings,
    /// What is odd and no fault.
    pub warnings: PanelFaults,
    /// The first units, in the order of letters, that are treated from the first period on.
    pub always: Vec<String>,
    /// Rows without an outcome.
    pub missing_rows: usize,
    /// Units with such a row.
    pub missing_units: usize,
    /// Periods of such rows, those that are listed.
    pub missing: BTreeMap<usize, i64>,
}

impl Census {
    /// Returns an empty census over these periods, ascending.
    #[must_use]
    pub fn new(names: Names, periods: Vec<i64>) -> Self {
        Self {
            names,
            periods,
            cohorts: Vec::new(),
            odd: PanelFaults::default(),
            always: BTreeSet::new(),
            missing_rows: 0,
            missing_units: 0,
            missing: BTreeMap::new(),
        }
    }

    /// Returns the place of a reading of first treatment and its cohort; `None` where it is at fault, or needs
    /// more than a count.
    pub fn cohort(&mut self, value: FirstTreated) -> Option<(usize, Option<i64>)> {
        let raw = raw_of(value).ok()?;
        let (first, last) = (*self.periods.first()?, *self.periods.last()?);
        let (cohort, each) = match raw {
            Raw::Zero => (None, first <= 0 && last >= 0),
            Raw::Period(g) if g > last => (None, true),
            Raw::Period(g) if g <= first => (Some(g), true),
            // Its warning names the first unit in the order of letters.
            Raw::Period(g) if self.periods.binary_search(&g).is_err() => return None,
            Raw::Period(g) => (Some(g), false),
            Raw::Missing | Raw::Infinite | Raw::Flagged => (None, false),
        };
        let same = |c: &Cohort| c.raw == raw && c.value.map(f64::to_bits) == value.0.map(f64::to_bits);
        let at = self.cohorts.iter().position(same).unwrap_or_else(|| {
            self.cohorts.push(Cohort {
                value: value.0,
                raw,
                n: 0,
                each,
                listed: Vec::new(),
            });
            self.cohorts.len() - 1
        });
        Some((at, cohort))
    }

    /// Counts a unit with its first row.
    pub fn unit(&mut self, cohort: usize, row: usize, name: &dyn Fn() -> String) {
        let Some(own) = self.cohorts.get_mut(cohort) else {
            return;
        };
        own.n += 1;
        if !own.each {
            if own.listed.is_empty() {
                own.listed.push((row, name()));
            }
            return;
        }
        let is_always =
            matches!((own.raw, self.periods.first()), (Raw::Period(g), Some(first)) if g <= *first);
        if own.listed.len() <= LISTED_PER_KIND || is_always {
            let name = name();
            if is_always {
                self.always.insert(name.clone());
                if self.always.len() > NAMED {
                    self.always.pop_last();
                }
            }
            if own.listed.len() <= LISTED_PER_KIND {
                own.listed.push((row, name));
            }
        }
    }

    /// Counts what a unit lacks: `own` are the periods of its rows, ascending, `rows` their places, and `missing` the
    /// rows without an outcome with their periods.
    pub fn incomplete(
        &mut self,
        name: &dyn Fn() -> String,
        own: &[i64],
        rows: &[usize],
        missing: &[(usize, i64)],
    ) {
        self.missing_rows += missing.len();
        self.missing_units += usize::from(!missing.is_empty());
        let lists = |faults: &PanelFaults, kind| faults.count(kind) < LISTED_PER_KIND;
        let kind = if own.len() == 1 && self.periods.len() > 1 {
            FaultKind::SingleRow
        } else {
            FaultKind::Gap
        };
        let has_gap = own.len() < self.periods.len();
        let named = (has_gap && lists(&self.odd, kind))
            || (!missing.is_empty() && lists(&self.odd, FaultKind::MissingOutcome));
        if !named {
            self.odd.count_more(kind, usize::from(has_gap));
            self.odd.count_more(FaultKind::MissingOutcome, missing.len());
            return;
        }
        let unit = name();
        let mut log = Log {
            faults: std::mem::take(&mut self.odd),
            units: &[],
        };
        for &(row, period) in missing {
            missing_outcome(row, &unit, &self.names, &mut log);
            if self.missing.len() < LISTED_PER_KIND {
                self.missing.insert(row, period);
            }
        }
        let first = rows.first().copied().unwrap_or(0);
        let row_after = |period: i64| {
            own.iter()
                .position(|p| *p > period)
                .and_then(|i| rows.get(i).copied())
        };
        gap(
            &unit,
            first,
            own,
            &row_after,
            &self.names,
            &self.periods,
            &mut log,
        );
        self.odd = log.faults;
    }

    /// Adds the units of another census over the same periods, which come after these.
    pub fn merge(&mut self, other: Self) {
        for theirs in other.cohorts {
            let same = |c: &&mut Cohort| {
                c.raw == theirs.raw && c.value.map(f64::to_bits) == theirs.value.map(f64::to_bits)
            };
            match self.cohorts.iter_mut().find(same) {
                Some(own) => {
                    own.n += theirs.n;
                    let most = if own.each { LISTED_PER_KIND + 1 } else { 1 };
                    let room = most.saturating_sub(own.listed.len());
                    own.listed.extend(theirs.listed.into_iter().take(room));
                }
                None => self.cohorts.push(theirs),
            }
        }
        for fault in other.odd.list() {
            self.odd.push(fault.clone());
        }
        for (kind, n) in other.odd.counts() {
            let listed = other.odd.list().iter().filter(|f| f.kind == *kind).count();
            self.odd.count_more(*kind, n - listed);
        }
        self.always.extend(other.always);
        while self.always.len() > NAMED {
            self.always.pop_last();
        }
        self.missing_rows += other.missing_rows;
        self.missing_units += other.missing_units;
        self.missing.extend(other.missing);
    }

    /// Returns readings and warnings, as [`Panel::build`] would; `None` where it would find a fault.
    #[must_use]
    pub fn finish(self) -> Option<Counted> {
        if self.periods.len() < 2 {
            return None;
        }
        // Two codes that could each be read as a period, too many to list: which are named hangs on the order.
        let each =
            |c: &&Cohort| c.each && !matches!(c.raw, Raw::Period(g) if Some(&g) <= self.periods.first());
        let named: usize = self.cohorts.iter().filter(each).map(|c| c.n).sum();
        if named > LISTED_PER_KIND && self.cohorts.iter().filter(each).any(|c| c.raw == Raw::Zero) {
            return None;
        }
        let mut log = Log {
            faults: self.odd,
            units: &[],
        };
        let met = self.cohorts.iter().flat_map(|cohort| {
            let unlisted = cohort.n.saturating_sub(cohort.listed.len());
            cohort.listed.iter().enumerate().map(move |(i, (row, unit))| Met {
                raw: cohort.raw,
                row: *row,
                unit,
                n: if i + 1 == cohort.listed.len() {
                    1 + unlisted
                } else {
                    1
                },
            })
        });
        let (_, readings) = read_cohorts(&self.names, false, met, &self.periods, &mut log);
        uneven(&self.names, &self.periods, &mut log);
        let mut warnings = log.faults;
        warnings.sort();
        (!warnings.has_errors()).then(|| Counted {
            readings,
            warnings,
            always: self.always.into_iter().collect(),
            missing_rows: self.missing_rows,
            missing_units: self.missing_units,
            missing: self.missing,
        })
    }
}

impl Panel {
    /// Returns whether clusters above the unit were named.
    #[must_use]
    pub fn has_clusters(&self) -> bool {
        self.clusters.len() != self.units.len()
    }
}
