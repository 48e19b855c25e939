//! A file in any order of rows: the wanted columns are held in memory and put into the order of units and periods.

use counterpart_estimate::moments::order::{CHUNK_ROWS, Tree};
use rayon::prelude::*;

use super::Why;
use super::column::Bits;
use super::feed::{Feed, Plan, Unit};
use super::sorted::Columns;

/// A row without its unit.
#[derive(Clone, Copy, Default)]
struct Record {
    y: f64,
    row: u32,
    code: u16,
    cohort: u16,
}

/// Cohorts by code, in the order in which they were met in one group of rows.
type Cohorts = Vec<Option<Bits>>;

/// Units of a chunk, each with where it begins and its number, and their records.
type Chunk<'a> = (&'a [(usize, i64)], &'a mut [Record]);

/// The columns of a file, one entry a row.
pub(super) struct Rows {
    unit: Vec<i64>,
    record: Vec<Record>,
    cluster: Vec<u32>,
    cohorts: Cohorts,
}

/// The entries of one group of rows, to be filled.
struct Slot<'a> {
    unit: &'a mut [i64],
    record: &'a mut [Record],
    cluster: &'a mut [u32],
}

/// Splits what is filled by groups of rows.
fn slots<'a>(
    starts: &[usize],
    mut unit: &'a mut [i64],
    mut record: &'a mut [Record],
    mut cluster: &'a mut [u32],
) -> Vec<Slot<'a>> {
    let mut slots = Vec::new();
    for pair in starts.windows(2) {
        let n = pair.last().copied().unwrap_or(0) - pair.first().copied().unwrap_or(0);
        let (own_unit, rest) = unit.split_at_mut(n);
        unit = rest;
        let (own_record, rest) = record.split_at_mut(n);
        record = rest;
        let (own_cluster, rest) = cluster.split_at_mut(n.min(cluster.len()));
        cluster = rest;
        slots.push(Slot {
            unit: own_unit,
            record: own_record,
            cluster: own_cluster,
        });
    }
    slots
}

impl Rows {
    /// Reads every group of rows; `columns` opens those of one.
    pub(super) fn read<'a>(
        starts: &[usize],
        clustered: bool,
        code: &(dyn Fn(Bits) -> Option<u16> + Sync),
        columns: &(dyn Fn(usize) -> Result<Columns<'a>, Why> + Sync),
    ) -> Result<Self, Why> {
        let n = starts.last().copied().unwrap_or(0);
        if u32::try_from(n).is_err() {
            return Err(Why::Not("it has more rows than can be sorted here".to_owned()));
        }
        let (mut unit, mut record) = (vec![0; n], vec![Record::default(); n]);
        let mut cluster = vec![0; if clustered { n } else { 0 }];
        let mut cohorts: Vec<Cohorts> = slots(starts, &mut unit, &mut record, &mut cluster)
            .into_par_iter()
            .enumerate()
            .map(|(group, slot)| {
                let first_row = starts.get(group).copied().unwrap_or(0);
                fill(slot, columns(group)?, code, first_row)
            })
            .collect::<Result<_, Why>>()?;
        // One numbering of cohorts for all groups of rows.
        let mut all: Cohorts = cohorts.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        if all.len() > usize::from(u16::MAX) {
            return Err(Why::Not("it has more than 65,535 cohorts".to_owned()));
        }
        slots(starts, &mut unit, &mut record, &mut cluster)
            .into_par_iter()
            .zip(&mut cohorts)
            .for_each(|(slot, own)| {
                let new: Vec<u16> = own
                    .iter()
                    .map(|c| all.binary_search(c).map_or(0, |at| at as u16))
                    .collect();
                for record in slot.record {
                    record.cohort = new.get(usize::from(record.cohort)).copied().unwrap_or(0);
                }
            });
        Ok(Self {
            unit,
            record,
            cluster,
            cohorts: all,
        })
    }

    /// Returns the records unit by unit, with where each unit begins and its number.
    fn by_unit(&self) -> (Vec<Record>, Vec<(usize, i64)>) {
        let n = self.unit.len();
        let (low, high) = self
            .unit
            .par_iter()
            .fold(
                || (i64::MAX, i64::MIN),
                |(low, high), id| (low.min(*id), high.max(*id)),
            )
            .reduce(|| (i64::MAX, i64::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        let range = high.abs_diff(low);
        let Some(range) = usize::try_from(range).ok().filter(|r| *r / 4 <= n + 1_000_000) else {
            return self.by_sorting();
        };
        // Numbers close together are counted, and each row goes straight to its place; a thread has a range of units.
        let n_parts = rayon::current_num_threads().clamp(1, 8);
        let width = range / n_parts + 1;
        let at = |id: i64| usize::try_from(id.abs_diff(low)).unwrap_or(0);
        let mut counts: Vec<Vec<u32>> = (0..n_parts)
            .into_par_iter()
            .map(|part| {
                let mut counts = vec![0_u32; width];
                for id in &self.unit {
                    if let Some(count) = at(*id).checked_sub(part * width).and_then(|i| counts.get_mut(i)) {
                        *count += 1;
                    }
                }
                counts
            })
            .collect();
        let mut sorted = vec![Record::default(); n];
        let (mut rest, mut first) = (&mut sorted[..], 0_usize);
        let mut parts = Vec::new();
        for (part, counts) in counts.iter_mut().enumerate() {
            let total: usize = counts.iter().map(|count| *count as usize).sum();
            let (own, after) = rest.split_at_mut(total);
            rest = after;
            parts.push((part, first, counts, own));
            first += total;
        }
        let starts: Vec<Vec<(usize, i64)>> = parts
            .into_par_iter()
            .map(|(part, first, next, own)| {
                let mut starts = Vec::new();
                let mut sum = 0;
                for (i, count) in next.iter_mut().enumerate() {
                    let n = std::mem::replace(count, sum);
                    if n > 0 {
                        let id = low.wrapping_add_unsigned((part * width + i) as u64);
                        starts.push((first + sum as usize, id));
                    }
                    sum += n;
                }
                for (id, record) in self.unit.iter().zip(&self.record) {
                    let place = at(*id).checked_sub(part * width).and_then(|i| next.get_mut(i));
                    if let Some(place) = place {
                        if let Some(to) = own.get_mut(*place as usize) {
                            *to = *record;
                        }
                        *place += 1;
                    }
                }
                starts
            })
            .collect();
        (sorted, starts.concat())
    }

    fn by_sorting(&self) -> (Vec<Record>, Vec<(usize, i64)>) {
        let mut all: Vec<(i64, Record)> = self
            .unit
            .iter()
            .copied()
            .zip(self.record.iter().copied())
            .collect();
        all.par_sort_unstable_by_key(|(id, record)| (*id, record.row));
        let mut starts: Vec<(usize, i64)> = Vec::new();
        for (i, (id, _)) in all.iter().enumerate() {
            if starts.last().is_none_or(|(_, last)| last != id) {
                starts.push((i, *id));
            }
        }
        (all.into_iter().map(|(_, record)| record).collect(), starts)
    }

    /// Returns the moments of all units.
    pub(super) fn feed(mut self, plan: &Plan) -> Result<(Tree, Feed), Why> {
        let (mut sorted, starts) = self.by_unit();
        self.unit = Vec::new();
        self.record = Vec::new();
        // Units of a chunk are those whose first row stands in it.
        let mut chunks: Vec<Chunk<'_>> = Vec::new();
        let (mut rest_units, mut rest) = (&starts[..], &mut sorted[..]);
        while let Some((first, _)) = rest_units.first().copied() {
            let n = rest_units.partition_point(|(start, _)| start / CHUNK_ROWS == first / CHUNK_ROWS);
            let (own, later) = rest_units.split_at(n);
            let end = later.first().map_or(rest.len(), |(start, _)| start - first);
            let (records, after) = rest.split_at_mut(end);
            chunks.push((own, records));
            (rest_units, rest) = (later, after);
        }
        let this = &self;
        let feeds: Vec<Feed> = chunks
            .into_par_iter()
            .map(|(units, records)| this.chunk(plan, units, records))
            .collect::<Result<_, Why>>()?;
        let (mut tree, mut all) = (Tree::default(), Feed::new(plan)?);
        for mut feed in feeds {
            all.take_census(&mut feed);
            tree.push(feed.moments)?;
        }
        Ok((tree, all))
    }

    fn chunk(&self, plan: &Plan, units: &[(usize, i64)], records: &mut [Record]) -> Result<Feed, Why> {
        let mut feed = Feed::new(plan)?;
        let base = units.first().map_or(0, |(start, _)| *start);
        let (mut codes, mut y, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for (i, (start, id)) in units.iter().enumerate() {
            let end = units.get(i + 1).map_or(records.len(), |(next, _)| next - base);
            let own = records.get_mut(start - base..end).ok_or(Why::Fault)?;
            if !own.is_sorted_by_key(|record| record.code) {
                own.sort_unstable_by_key(|record| (record.code, record.row));
            }
            let first = own.first().copied().ok_or(Why::Fault)?;
            if own.iter().any(|record| record.cohort != first.cohort) {
                return Err(Why::Fault);
            }
            let label = |record: &Record| self.cluster.get(record.row as usize).copied();
            let cluster = label(&first);
            if cluster.is_some() && own.iter().any(|record| label(record) != cluster) {
                return Err(Why::Fault);
            }
            codes.clear();
            y.clear();
            rows.clear();
            for record in own.iter() {
                codes.push(record.code);
                y.push(record.y);
                rows.push(record.row);
            }
            feed.unit(&Unit {
                id: *id,
                cohort: self.cohorts.get(usize::from(first.cohort)).copied().flatten(),
                cluster,
                rows: Some(&rows),
                row: first.row as usize,
                codes: &codes,
                y: &y,
            })?;
        }
        Ok(feed)
    }
}

/// Fills the entries of a group of rows; returns its cohorts by code.
fn fill(
    slot: Slot<'_>,
    mut columns: Columns<'_>,
    code: &dyn Fn(Bits) -> Option<u16>,
    first_row: usize,
) -> Result<Cohorts, Why> {
    let mut runs = Vec::new();
    let mut places = slot.unit.iter_mut();
    while columns.unit.next_runs(&mut runs)? {
        for run in &runs {
            let id = run.value.ok_or(Why::Fault)?.cast_signed();
            places.by_ref().take(run.n).for_each(|place| *place = id);
        }
    }
    let mut codes = Vec::new();
    let mut places = slot.record.iter_mut().enumerate();
    while columns.time.next_codes(code, &mut codes)? {
        for (code, (i, place)) in codes.iter().zip(places.by_ref()) {
            place.code = *code;
            place.row = (first_row + i) as u32;
        }
    }
    let mut numbers = Vec::new();
    let mut at = 0;
    while columns.outcome.next_numbers(&mut numbers)? {
        let places = slot.record.get_mut(at..at + numbers.len()).ok_or(Why::Fault)?;
        places
            .iter_mut()
            .zip(&numbers)
            .for_each(|(place, y)| place.y = *y);
        at += numbers.len();
    }
    let mut cohorts: Cohorts = Vec::new();
    let mut places = slot.record.iter_mut();
    while columns.first_treated.next_runs(&mut runs)? {
        for run in &runs {
            let at = match cohorts.iter().position(|c| *c == run.value) {
                Some(at) => at,
                None if cohorts.len() < usize::from(u16::MAX) => {
                    cohorts.push(run.value);
                    cohorts.len() - 1
                }
                None => return Err(Why::Not("it has more than 65,535 cohorts".to_owned())),
            };
            places
                .by_ref()
                .take(run.n)
                .for_each(|place| place.cohort = at as u16);
        }
    }
    if let Some(column) = &mut columns.cluster {
        let mut places = slot.cluster.iter_mut();
        while column.next_runs(&mut runs)? {
            for run in &runs {
                let code = run.value.ok_or(Why::Fault)? as u32;
                places.by_ref().take(run.n).for_each(|place| *place = code);
            }
        }
    }
    Ok(cohorts)
}
