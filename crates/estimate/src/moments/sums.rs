//! Sums of one group of units, and who belongs to it.

/// Which units a group holds: first treated period, stratum, and a bit per period that is seen (64 a word).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) cohort: Option<i64>,
    pub(crate) stratum: u32,
    pub(crate) seen: Vec<u64>,
}

impl Key {
    pub(crate) fn sees(&self, period: usize) -> bool {
        self.seen
            .get(period / 64)
            .is_some_and(|w| w >> (period % 64) & 1 == 1)
    }
}

/// First sums by cluster, about the shift of their group; codes ascend.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ByCluster {
    pub(super) codes: Vec<u32>,
    pub(super) n: Vec<f64>,
    /// Σ (z − shift), T entries a cluster.
    pub(super) first: Vec<f64>,
}

/// Sums of one group about a shift.
///
/// A unit enters by z: its outcome in the first period that it is seen in, and its changes since then in the
/// others. Changes are what every estimator with unit effects goes by; taken unit by unit, they keep the digits
/// that a large level, common or of the unit, would take.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) n: f64,
    base: usize,
    /// 1 where a period is seen, 0 elsewhere.
    seen: Vec<f64>,
    pub(super) shift: Vec<f64>,
    /// Σ (z − shift).
    pub(super) first: Vec<f64>,
    /// Σ (z − shift)(z − shift)', lower triangle row by row.
    pub(super) second: Vec<f64>,
    pub(super) clusters: ByCluster,
    /// Position in `clusters` by code while units are added.
    slot: Vec<u32>,
    deviation: Vec<f64>,
}

const NO_SLOT: u32 = u32::MAX;

impl Sums {
    pub(super) fn new(key: &Key, t: usize) -> Self {
        Self {
            n: 0.0,
            base: (0..t).find(|&p| key.sees(p)).unwrap_or(0),
            seen: (0..t).map(|p| f64::from(u8::from(key.sees(p)))).collect(),
            shift: vec![0.0; t],
            first: vec![0.0; t],
            second: vec![0.0; t * (t + 1) / 2],
            clusters: ByCluster::default(),
            slot: Vec::new(),
            deviation: vec![0.0; t],
        }
    }

    /// Period that changes are counted from.
    pub(super) fn base(&self) -> usize {
        self.base
    }

    /// Adds a unit; what is not seen may hold any finite number.
    pub(super) fn add(&mut self, y: &[f64], cluster: Option<u32>) {
        let level = y[self.base];
        let d = &mut self.deviation[..];
        for (d, (&y, &seen)) in d.iter_mut().zip(y.iter().zip(&self.seen)) {
            *d = (y - level) * seen;
        }
        d[self.base] = level * self.seen[self.base];
        if self.n == 0.0 {
            self.shift.copy_from_slice(d);
        }
        self.n += 1.0;
        for (d, &s) in d.iter_mut().zip(&self.shift) {
            *d -= s;
        }
        for (first, &d) in self.first.iter_mut().zip(d.iter()) {
            *first += d;
        }
        let mut rest = &mut self.second[..];
        for i in 0..d.len() {
            let (row, next) = rest.split_at_mut(i + 1);
            let own = d[i];
            for (sum, &other) in row.iter_mut().zip(&d[..=i]) {
                *sum += own * other;
            }
            rest = next;
        }
        if let Some(code) = cluster {
            self.add_to_cluster(code);
        }
    }

    fn add_to_cluster(&mut self, code: u32) {
        let (t, at) = (self.shift.len(), code as usize);
        if self.slot.len() <= at {
            self.slot.resize(at + 1, NO_SLOT);
        }
        if self.slot[at] == NO_SLOT {
            self.slot[at] = self.clusters.codes.len() as u32;
            self.clusters.codes.push(code);
            self.clusters.n.push(0.0);
            self.clusters.first.resize(self.clusters.first.len() + t, 0.0);
        }
        let slot = self.slot[at] as usize;
        self.clusters.n[slot] += 1.0;
        let sums = &mut self.clusters.first[slot * t..(slot + 1) * t];
        sums.iter_mut().zip(&self.deviation).for_each(|(s, d)| *s += d);
    }

    /// Puts clusters into the order of their codes: nothing is added after that.
    pub(super) fn close(&mut self) {
        self.slot = Vec::new();
        if self.clusters.codes.is_sorted() {
            return;
        }
        let t = self.shift.len();
        let old = std::mem::take(&mut self.clusters);
        let mut order: Vec<usize> = (0..old.codes.len()).collect();
        order.sort_unstable_by_key(|&i| old.codes[i]);
        for i in order {
            self.clusters.codes.push(old.codes[i]);
            self.clusters.n.push(old.n[i]);
            self.clusters
                .first
                .extend_from_slice(&old.first[i * t..(i + 1) * t]);
        }
    }

    /// Gives clusters other codes.
    pub(super) fn recode(&mut self, code: &[u32]) {
        self.clusters
            .codes
            .iter_mut()
            .for_each(|c| *c = code[*c as usize]);
        self.close();
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let t = self.shift.len();
        self.close();
        if self.n == 0.0 {
            self.shift.clone_from(&other.shift);
        }
        let mut d = std::mem::take(&mut self.deviation);
        for ((d, a), b) in d.iter_mut().zip(&other.shift).zip(&self.shift) {
            *d = a - b;
        }
        let (mut sums, mut theirs) = (&mut self.second[..], &other.second[..]);
        for i in 0..t {
            let (row, rest) = sums.split_at_mut(i + 1);
            let (their_row, their_rest) = theirs.split_at(i + 1);
            (sums, theirs) = (rest, their_rest);
            let (own, first) = (d[i], other.first[i]);
            let by_column = d[..=i].iter().zip(&other.first[..=i]);
            for ((sum, their), (&d, &other_first)) in row.iter_mut().zip(their_row).zip(by_column) {
                *sum += their + own * other_first + first * d + other.n * own * d;
            }
        }
        for i in 0..t {
            self.first[i] += other.first[i] + other.n * d[i];
        }
        self.n += other.n;
        if !other.clusters.codes.is_empty() {
            self.merge_clusters(other, &d);
        }
        self.deviation = d;
    }

    fn merge_clusters(&mut self, other: &Self, d: &[f64]) {
        let t = self.shift.len();
        let mut theirs = other.clone();
        theirs.close();
        let (own, theirs) = (std::mem::take(&mut self.clusters), theirs.clusters);
        let out = &mut self.clusters;
        let (mut i, mut j) = (0, 0);
        while i < own.codes.len() || j < theirs.codes.len() {
            let (a, b) = (own.codes.get(i), theirs.codes.get(j));
            let take_own = a.is_some_and(|a| b.is_none_or(|b| a <= b));
            let take_other = b.is_some_and(|b| a.is_none_or(|a| b <= a));
            let start = out.first.len();
            if let (true, Some(&code)) = (take_own, a) {
                out.codes.push(code);
                out.n.push(own.n[i]);
                out.first.extend_from_slice(&own.first[i * t..(i + 1) * t]);
                i += 1;
            }
            if let (true, Some(&code)) = (take_other, b) {
                if !take_own {
                    out.codes.push(code);
                    out.n.push(0.0);
                    out.first.resize(start + t, 0.0);
                }
                if let Some(n) = out.n.last_mut() {
                    *n += theirs.n[j];
                }
                for p in 0..t {
                    out.first[start + p] += theirs.first[j * t + p] + theirs.n[j] * d[p];
                }
                j += 1;
            }
        }
    }
}
