//! The two-way fixed effects estimate under another assignment, from sums by assignment unit and period.
//!
//! Treatment depends on assignment unit and period only. With Y freed of the fixed effects once, the numerator
//! D*'MY is a sum over G × T cells. On a balanced panel without weights D*'MD* has a closed form in the sizes of
//! the assignment units; otherwise treatment is absorbed on the distinct patterns of seen periods, weighted by
//! their number of units, which is the same projection.

use std::collections::BTreeMap;

use super::randomisation::Assignments;
use crate::absorb::Absorber;
use crate::did::TwoWay;
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::regression::Factor;

/// Assignment unit, seen periods, and the unit itself where it has weights of its own.
type Pattern = (usize, Vec<usize>, Option<usize>);

pub(super) struct Statistic {
    periods: Vec<i64>,
    /// Σ of MY by assignment unit and period.
    outcome: Vec<Vec<f64>>,
    size: Size,
}

/// What D*'MD* is computed from.
enum Size {
    /// Units by assignment unit, of a balanced panel.
    Balanced(Vec<f64>),
    /// Rows of patterns: assignment unit and period, factors, weights.
    Patterns {
        rows: Vec<(usize, usize)>,
        factors: Vec<Factor>,
        weights: Vec<f64>,
    },
}

impl Statistic {
    pub(super) fn new(
        panel: &Panel,
        two_way: &TwoWay<'_>,
        design: &Assignments,
    ) -> Result<Self, EstimateError> {
        let absorber = Absorber::new(&two_way.factors, two_way.weights.as_deref())?;
        let mut free = vec![two_way.outcome.clone()];
        absorber.absorb(&mut free)?;
        let (g, t) = (design.groups.len(), panel.n_periods());
        let mut outcome = vec![vec![0.0; t]; g];
        let group = |unit: usize| design.position[panel.units()[unit].assignment].unwrap_or(0);
        let mut units: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, &row) in two_way.rows.iter().enumerate() {
            let (u, p) = (panel.row_unit()[row], panel.row_period()[row]);
            outcome[group(u)][p] += free[0][i] * two_way.weights.as_ref().map_or(1.0, |w| w[i]);
            units.entry(u).or_default().push(i);
        }
        let seen = two_way.factors.get(1).map_or(t, Factor::n_levels);
        let size = if two_way.weights.is_none() && seen == t && units.values().all(|rows| rows.len() == t) {
            let mut sizes = vec![0.0; g];
            units.keys().for_each(|&u| sizes[group(u)] += 1.0);
            Size::Balanced(sizes)
        } else {
            Self::patterns(panel, two_way, &units, &group)
        };
        Ok(Self {
            periods: panel.periods().to_vec(),
            outcome,
            size,
        })
    }

    fn patterns(
        panel: &Panel,
        two_way: &TwoWay<'_>,
        units: &BTreeMap<usize, Vec<usize>>,
        group: &dyn Fn(usize) -> usize,
    ) -> Size {
        // Units with weights of their own stay apart.
        let mut patterns: BTreeMap<Pattern, (f64, Vec<f64>)> = BTreeMap::new();
        for (&u, own) in units {
            let periods: Vec<usize> = own.iter().map(|&i| panel.row_period()[two_way.rows[i]]).collect();
            let weights = two_way
                .weights
                .as_ref()
                .map(|w| own.iter().map(|&i| w[i]).collect::<Vec<f64>>());
            let key = (group(u), periods, weights.is_some().then_some(u));
            let ones = vec![1.0; own.len()];
            patterns.entry(key).or_insert((0.0, weights.unwrap_or(ones))).0 += 1.0;
        }
        let (mut rows, mut pattern_of, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (k, ((g, periods, _), (n, own))) in patterns.iter().enumerate() {
            for (&p, w) in periods.iter().zip(own) {
                rows.push((*g, p));
                pattern_of.push(k);
                weights.push(n * w);
            }
        }
        let period_of: Vec<usize> = rows.iter().map(|r| r.1).collect();
        Size::Patterns {
            rows,
            factors: vec![
                Factor::new("pattern", &pattern_of),
                Factor::new("period", &period_of),
            ],
            weights,
        }
    }

    /// Estimate under an assignment, and the same with the true treatment as outcome; `None` if treatment then
    /// cannot be told from the fixed effects.
    pub(super) fn of(
        &self,
        cohorts: &[Option<i64>],
        truth: &[Option<i64>],
    ) -> Result<Option<(f64, f64)>, EstimateError> {
        let from =
            |g: Option<i64>| g.map_or(self.periods.len(), |g| self.periods.partition_point(|&t| t < g));
        let starts: Vec<usize> = cohorts.iter().map(|&g| from(g)).collect();
        let true_starts: Vec<usize> = truth.iter().map(|&g| from(g)).collect();
        let numerator: f64 = self
            .outcome
            .iter()
            .zip(&starts)
            .map(|(y, &s)| y[s..].iter().sum::<f64>())
            .sum();
        let (size, with_truth, raw) = match &self.size {
            Size::Balanced(sizes) => {
                let size = self.balanced(sizes, &starts, &starts);
                let raw: f64 = sizes
                    .iter()
                    .zip(&starts)
                    .map(|(n, s)| n * (self.periods.len() - s) as f64)
                    .sum();
                (size, self.balanced(sizes, &starts, &true_starts), raw)
            }
            Size::Patterns {
                rows,
                factors,
                weights,
            } => {
                let column =
                    |s: &[usize]| -> Vec<f64> { rows.iter().map(|&(g, p)| f64::from(p >= s[g])).collect() };
                let raw = column(&starts);
                let mut free = vec![raw.clone()];
                Absorber::new(factors, Some(weights))?.absorb(&mut free)?;
                let inner = |a: &[f64], b: &[f64]| -> f64 {
                    a.iter().zip(b).zip(weights).map(|((x, y), w)| x * y * w).sum()
                };
                (
                    inner(&free[0], &free[0]),
                    inner(&free[0], &column(&true_starts)),
                    inner(&raw, &raw),
                )
            }
        };
        Ok((size > 1e-12 * raw).then(|| (numerator / size, with_truth / size)))
    }

    /// Returns the same for many assignments of a balanced panel; `None` for other panels.
    pub(super) fn quick(&self, truth: &[Option<i64>]) -> Option<Quick> {
        let Size::Balanced(sizes) = &self.size else {
            return None;
        };
        let t = self.periods.len();
        let last = u16::try_from(t).ok()?;
        let from = |g: Option<i64>| g.map_or(t, |g| self.periods.partition_point(|&t| t < g));
        let sums = self
            .outcome
            .iter()
            .flat_map(|y| (0..=t).map(|s| y[s..].iter().sum::<f64>()))
            .collect();
        Some(Quick {
            t,
            truth: truth
                .iter()
                .map(|&g| u16::try_from(from(g)).map_or(last, |s| s))
                .collect(),
            sums,
            sizes: sizes.clone(),
            n: sizes.iter().sum(),
        })
    }

    /// A'MB of two assignments on a balanced panel.
    fn balanced(&self, sizes: &[f64], a: &[usize], b: &[usize]) -> f64 {
        let t = self.periods.len();
        let n: f64 = sizes.iter().sum();
        let (mut both, mut by_unit) = (0.0, 0.0);
        let (mut starts_a, mut starts_b) = (vec![0.0; t + 1], vec![0.0; t + 1]);
        for ((size, &x), &y) in sizes.iter().zip(a).zip(b) {
            both += size * (t - x.max(y)) as f64;
            by_unit += size * (t - x) as f64 * (t - y) as f64;
            starts_a[x] += size;
            starts_b[y] += size;
        }
        let (mut by_period, mut on_a, mut on_b, mut all_a, mut all_b) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for p in 0..t {
            on_a += starts_a[p];
            on_b += starts_b[p];
            by_period += on_a * on_b;
            all_a += on_a;
            all_b += on_b;
        }
        both - by_unit / t as f64 - by_period / n + all_a * all_b / (n * t as f64)
    }
}

/// The closed form for many assignments: one look at each assignment unit, the rest from a table of starts.
pub(super) struct Quick {
    t: usize,
    /// Start of treatment by assignment unit, as an index of a period.
    truth: Vec<u16>,
    /// Σ of MY from each period on, T + 1 entries an assignment unit.
    sums: Vec<f64>,
    sizes: Vec<f64>,
    n: f64,
}

impl Quick {
    pub(super) fn truth(&self) -> &[u16] {
        &self.truth
    }

    /// Units by start under the assignment and true start.
    pub(super) fn scratch(&self) -> Vec<f64> {
        vec![0.0; (self.t + 1) * (self.t + 1)]
    }

    /// As [`Statistic::of`], bit by bit: sizes are whole numbers, whose sums are exact in any order.
    pub(super) fn of(&self, starts: &[u16], joint: &mut [f64]) -> Option<(f64, f64)> {
        let (t, width) = (self.t, self.t + 1);
        joint.fill(0.0);
        let mut numerator = 0.0;
        for (((sums, size), &start), &truth) in self
            .sums
            .chunks_exact(width)
            .zip(&self.sizes)
            .zip(starts)
            .zip(&self.truth)
        {
            numerator += sums[usize::from(start)];
            joint[usize::from(start) * width + usize::from(truth)] += size;
        }
        let (mut own, mut truth) = (vec![0.0; width], vec![0.0; width]);
        for x in 0..width {
            for y in 0..width {
                own[x] += joint[x * width + y];
                truth[y] += joint[x * width + y];
            }
        }
        let raw: f64 = (0..width).map(|x| own[x] * (t - x) as f64).sum();
        let alone = |x: usize, y: usize| if x == y { own[x] } else { 0.0 };
        let size = self.inner(&own, &own, &alone);
        let with_truth = self.inner(&own, &truth, &|x, y| joint[x * width + y]);
        (size > 1e-12 * raw).then(|| (numerator / size, with_truth / size))
    }

    /// A'MB from the units by start under A, under B and under both.
    fn inner(&self, a: &[f64], b: &[f64], joint: &dyn Fn(usize, usize) -> f64) -> f64 {
        let t = self.t;
        let (mut both, mut by_unit) = (0.0, 0.0);
        for x in 0..=t {
            for y in 0..=t {
                let size = joint(x, y);
                both += size * (t - x.max(y)) as f64;
                by_unit += size * (t - x) as f64 * (t - y) as f64;
            }
        }
        let (mut by_period, mut on_a, mut on_b, mut all_a, mut all_b) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for p in 0..t {
            on_a += a[p];
            on_b += b[p];
            by_period += on_a * on_b;
            all_a += on_a;
            all_b += on_b;
        }
        both - by_unit / t as f64 - by_period / self.n + all_a * all_b / (self.n * t as f64)
    }
}
