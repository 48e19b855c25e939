//! The groups as estimators see them: centred, with what becomes of their rows.

use std::collections::BTreeMap;

use super::CohortMoments;
use super::sums::Key;
use crate::sample::{DropReason, DroppedCount, SampleCounts};

/// What becomes of a group's rows of one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The group is not seen in the period.
    Absent,
    Kept,
    Dropped(DropReason),
}

/// One group, centred.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) cohort: Option<i64>,
    /// Units.
    pub(crate) n: f64,
    /// Mean change since the first period that is seen; 0 in that period.
    pub(crate) mean: Vec<f64>,
    /// Mean outcome in the first period that is seen, less one level common to all groups.
    pub(crate) level: f64,
    /// Σ (d − d̄)(d − d̄)' of changes d, T × T; zero rows where nothing is seen.
    pub(crate) cross: Vec<f64>,
    /// Clusters: rank among all labels, units, and Σ (d − d̄) of them, T entries a cluster.
    pub(crate) clusters: Vec<(usize, f64)>,
    pub(crate) by_cluster: Vec<f64>,
    /// Period that changes are counted from.
    base: usize,
    /// The same as `cross` and `by_cluster` with the outcome itself in the place of its base period.
    with_level: (Vec<f64>, Vec<f64>),
    pub(crate) uses: Vec<Use>,
}

impl Group {
    pub(crate) fn is_kept(&self, period: usize) -> bool {
        self.uses.get(period) == Some(&Use::Kept)
    }

    pub(crate) fn sees(&self, period: usize) -> bool {
        self.uses.get(period).is_some_and(|u| *u != Use::Absent)
    }

    pub(crate) fn n_kept(&self) -> usize {
        self.uses.iter().filter(|u| **u == Use::Kept).count()
    }

    pub(crate) fn n_seen(&self) -> usize {
        self.uses.iter().filter(|u| **u != Use::Absent).count()
    }

    /// Turns to outcomes themselves, for repeated cross-sections, in which no unit is its own comparison; returns the
    /// place where the weight of all periods together stands in an influence.
    pub(crate) fn turn_to_levels(&mut self) -> usize {
        (self.cross, self.by_cluster) = std::mem::take(&mut self.with_level);
        self.base
    }

    /// Drops the rows of a period that are not dropped yet.
    pub(crate) fn drop_period(&mut self, period: usize, reason: DropReason) {
        if let Some(slot) = self.uses.get_mut(period)
            && *slot == Use::Kept
        {
            *slot = Use::Dropped(reason);
        }
    }

    pub(crate) fn drop_all(&mut self, reason: DropReason) {
        (0..self.uses.len()).for_each(|p| self.drop_period(p, reason));
    }

    fn of(key: &Key, sums: &super::Sums, common: f64, rank: &[usize]) -> Self {
        let t = sums.shift.len();
        let base = sums.base();
        let shifted: Vec<f64> = sums.first.iter().map(|f| f / sums.n).collect();
        let mut cross = vec![0.0; t * t];
        let mut k = 0;
        for i in 0..t {
            for j in 0..=i {
                let c = sums.second[k] - sums.n * shifted[i] * shifted[j];
                cross[i * t + j] = c;
                cross[j * t + i] = c;
                k += 1;
            }
        }
        let cross_with_level = cross.clone();
        for p in 0..t {
            cross[base * t + p] = 0.0;
            cross[p * t + base] = 0.0;
        }
        let mut mean: Vec<f64> = sums.shift.iter().zip(&shifted).map(|(a, b)| a + b).collect();
        mean[base] = 0.0;
        // Clusters in the order of their labels: no sum over them hangs on how they were numbered.
        let mut order: Vec<usize> = (0..sums.clusters.codes.len()).collect();
        let ranked = |i: usize| {
            let code = sums.clusters.codes[i] as usize;
            rank.get(code).copied().unwrap_or(code)
        };
        order.sort_unstable_by_key(|&i| ranked(i));
        let mut clusters = Vec::with_capacity(order.len());
        let mut by_cluster = Vec::with_capacity(order.len() * t);
        for i in order {
            let n = sums.clusters.n[i];
            clusters.push((ranked(i), n));
            by_cluster.extend((0..t).map(|p| sums.clusters.first[i * t + p] - n * shifted[p]));
        }
        let clusters_with_level = by_cluster.clone();
        by_cluster
            .chunks_exact_mut(t.max(1))
            .for_each(|sums| sums[base] = 0.0);
        Self {
            cohort: key.cohort,
            n: sums.n,
            mean,
            level: (sums.shift[base] - common) + shifted[base],
            cross,
            clusters,
            by_cluster,
            base,
            with_level: (cross_with_level, clusters_with_level),
            uses: (0..t)
                .map(|p| if key.sees(p) { Use::Kept } else { Use::Absent })
                .collect(),
        }
    }
}

impl CohortMoments {
    /// The level that groups are centred at, for the size of outcomes.
    pub(crate) fn common_level(&self) -> f64 {
        self.iter()
            .find(|(key, _)| key.seen.iter().any(|w| *w != 0))
            .map_or(0.0, |(_, s)| s.shift[s.base()])
    }

    /// The groups, centred, in a fixed order.
    pub(crate) fn groups(&self) -> Vec<Group> {
        let common = self.common_level();
        let clustered = self.has_clusters();
        let rank = if clustered {
            self.cluster_rank()
        } else {
            Vec::new()
        };
        self.iter()
            .map(|(key, sums)| {
                let mut group = Group::of(key, sums, common, &rank);
                if !clustered {
                    group.clusters = Vec::new();
                    group.by_cluster = Vec::new();
                    group.with_level.1 = Vec::new();
                }
                group
            })
            .collect()
    }

    /// The sample in numbers.
    pub(crate) fn counts(&self, groups: &[Group]) -> SampleCounts {
        let mut counts = SampleCounts {
            rows_read: self.n_input_rows,
            ..SampleCounts::default()
        };
        let mut dropped: BTreeMap<DropReason, DroppedCount> = BTreeMap::new();
        if self.missing.rows > 0 {
            dropped.insert(DropReason::MissingOutcome, self.missing);
        }
        let mut periods = vec![false; self.periods.len()];
        let mut clusters = std::collections::BTreeSet::new();
        let mut n_units = 0;
        for group in groups {
            let n = group.n as usize;
            let mut reasons = std::collections::BTreeSet::new();
            for (p, one) in group.uses.iter().enumerate() {
                match one {
                    Use::Absent => {}
                    Use::Kept => {
                        counts.rows_used += n;
                        periods[p] = true;
                    }
                    Use::Dropped(reason) => {
                        dropped.entry(*reason).or_default().rows += n;
                        reasons.insert(*reason);
                    }
                }
            }
            for reason in reasons {
                dropped.entry(reason).or_default().units += n;
            }
            if group.n_kept() == 0 {
                continue;
            }
            n_units += n;
            clusters.extend(group.clusters.iter().map(|(rank, _)| *rank));
            if group.cohort.is_some() {
                counts.treated_units += n;
            } else {
                counts.control_units += n;
            }
        }
        counts.dropped = dropped;
        counts.periods = periods.iter().filter(|p| **p).count();
        counts.clusters = if self.has_clusters() {
            clusters.len()
        } else {
            n_units
        };
        counts
    }
}
