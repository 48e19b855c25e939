//! Randomisation inference: the same estimate under every assignment that could have been.

use rayon::prelude::*;

use crate::did::TwoWay;
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::resample::reassigned::Statistic;
use crate::rng::Stream;
use crate::spec::Spec;

/// Up to this many possible assignments all of them are tried, whatever the number of draws.
pub const EXHAUSTIVE_UP_TO: u64 = 10_000;

/// What re-assignment says.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Randomisation {
    /// The estimate under the true assignment.
    pub estimate: f64,
    /// Two-sided p-value of no effect on any unit.
    pub p_value: f64,
    /// The smallest p-value this design could have given, whatever the data.
    pub p_floor: f64,
    /// Possible assignments; `None` if more than 2⁶³.
    pub n_assignments: Option<u64>,
    /// Whether all of them were tried.
    pub exhaustive: bool,
    /// Assignments tried, the true one among them.
    pub n_tried: usize,
    /// Assignment units in the sample.
    pub n_groups: usize,
    /// Treated assignment units.
    pub n_treated_groups: usize,
    /// Name of the level of assignment.
    pub level: String,
    /// Lower end of the interval of constant effects that are not rejected; `None` if it has no end.
    pub conf_low: Option<f64>,
    /// Upper end.
    pub conf_high: Option<f64>,
    /// Names of the assignment units, the treated ones first.
    pub groups: Vec<String>,
    /// Estimate by assignment tried, the true one first.
    pub estimates: Vec<f64>,
}

/// Returns the randomisation test of the two-way fixed effects estimate at the panel's level of assignment.
///
/// The cohorts of the assignment units (never treated is one) are permuted among them; under each permutation
/// τ* = D*'MY / D*'MD* with M the projection off unit and period effects. p is the share of assignments with
/// |τ*| ≥ |τ̂|, the true one counted. Up to [`EXHAUSTIVE_UP_TO`] assignments are all tried; otherwise
/// [`Spec::draws`] are drawn, each from its own stream, and p = (1 + #)/(1 + draws). With one assignment unit of
/// five treated there are five assignments and no p below 1/5.
///
/// The interval inverts the test over constant effects τ₀: Y − τ₀D is untreated under the null, and both parts
/// of τ* are linear in it.
///
/// # Errors
/// [`EstimateError::TreatmentVariesWithinAssignment`], [`EstimateError::NoControls`] if every assignment unit is
/// treated at once, and those of [`did`](crate::did::did).
///
/// # Source
/// Fisher (1935), The Design of Experiments; Young (2019), Quarterly Journal of Economics 134(2); for the level,
/// Abadie, Athey, Imbens, Wooldridge (2023), Quarterly Journal of Economics 138(1).
///
/// # Example
/// Of four units two are treated: six assignments, and the mirror image of the true one is always as large.
/// ```
/// # use counterpart_estimate::{Columns, Panel, Spec, spec::Method};
/// let names = ["t1", "t2", "c1", "c2"].map(String::from);
/// let outcome = [[1.0, 2.0, 6.0], [2.0, 3.0, 6.0], [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]];
/// let outcome: Vec<Vec<Option<f64>>> = outcome.iter().map(|y| y.iter().copied().map(Some).collect()).collect();
/// let first_treated = [Some(3), Some(3), None, None];
/// let panel = Panel::build(Columns::from_rectangle(&names, &[1, 2, 3], &outcome, &first_treated, None, None))?;
/// let test = counterpart_estimate::resample::randomisation::randomisation(&panel, &Spec::did())?;
/// assert_eq!((test.n_assignments, test.exhaustive), (Some(6), true));
/// assert!((test.p_floor - 2.0 / 6.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn randomisation(panel: &Panel, spec: &Spec) -> Result<Randomisation, EstimateError> {
    Prepared::new(panel, spec)?.test(spec)
}

/// Sums by assignment unit and period, from which any number of assignments is tried without going back to the rows.
pub struct Prepared {
    design: Assignments,
    statistic: Statistic,
    level: String,
    groups: Vec<String>,
}

impl Prepared {
    /// Returns the sums of a panel for the sample of a specification.
    ///
    /// # Errors
    /// Those of [`randomisation`].
    pub fn new(panel: &Panel, spec: &Spec) -> Result<Self, EstimateError> {
        let two_way = TwoWay::new(panel, spec)?;
        two_way.check_comparison()?;
        let design = Assignments::new(panel, &two_way)?;
        if !two_way.covariates.is_empty() {
            return Err(EstimateError::NoSuchInference {
                inference: "randomisation".into(),
                reason: "covariates are in the regression".into(),
                instead: "analytic inference, or take the covariates out first".into(),
            });
        }
        Ok(Self {
            statistic: Statistic::new(panel, &two_way, &design)?,
            level: panel.names().assignment.clone(),
            groups: design.names(panel),
            design,
        })
    }

    /// Estimate under each assignment tried, and the same with the true treatment as outcome; the true one first.
    fn tried(&self, spec: &Spec, exhaustive: bool) -> Result<Vec<(f64, f64)>, EstimateError> {
        let (design, statistic) = (&self.design, &self.statistic);
        let draws = spec.draws.max(1);
        // One assignment is one thread's work from start to end.
        let found: Vec<Option<(f64, f64)>> = match statistic.quick(&design.cohorts) {
            Some(quick) if !exhaustive => (0..=draws)
                .into_par_iter()
                .map_init(
                    || (quick.truth().to_vec(), quick.scratch()),
                    |(starts, scratch), index| {
                        starts.copy_from_slice(quick.truth());
                        if let Some(draw) = index.checked_sub(1) {
                            Stream::new(spec.seed, draw as u64).shuffle(starts);
                        }
                        quick.of(starts, scratch)
                    },
                )
                .collect(),
            _ => {
                let tried = if exhaustive {
                    design.all()
                } else {
                    design.drawn(draws, spec.seed)
                };
                tried
                    .par_iter()
                    .map(|cohorts| statistic.of(cohorts, &design.cohorts))
                    .collect::<Result<_, EstimateError>>()?
            }
        };
        Ok(found.into_iter().flatten().collect())
    }

    /// Returns the test with the draws, seed and level of a specification.
    ///
    /// # Errors
    /// [`EstimateError::Collinear`] if treatment cannot be told from the fixed effects.
    pub fn test(&self, spec: &Spec) -> Result<Randomisation, EstimateError> {
        let design = &self.design;
        let n_assignments = design.count();
        let exhaustive = n_assignments.is_some_and(|n| n <= EXHAUSTIVE_UP_TO);
        let pairs = self.tried(spec, exhaustive)?;
        let Some(&(estimate, _)) = pairs.first() else {
            return Err(EstimateError::Collinear {
                columns: vec!["treated".into()],
            });
        };
        let n_tried = pairs.len();
        let slack = 1e-9 * estimate.abs();
        let extreme = pairs
            .iter()
            .filter(|(b, _)| b.abs() >= estimate.abs() - slack)
            .count();
        let p_value = extreme as f64 / n_tried as f64;
        let twin = pairs.iter().filter(|(_, c)| c.abs() >= 1.0 - 1e-9).count().max(1);
        let p_floor = if exhaustive {
            twin as f64 / n_tried as f64
        } else {
            let possible = n_assignments.map_or(0.0, |n| 1.0 / n as f64);
            possible.max(1.0 / n_tried as f64)
        };
        let (conf_low, conf_high) = invert(&pairs, estimate, 1.0 - spec.level);
        Ok(Randomisation {
            estimate,
            p_value,
            p_floor,
            n_assignments,
            exhaustive,
            n_tried,
            n_groups: design.groups.len(),
            n_treated_groups: design.cohorts.iter().filter(|g| g.is_some()).count(),
            level: self.level.clone(),
            conf_low,
            conf_high,
            groups: self.groups.clone(),
            estimates: pairs.iter().map(|(b, _)| *b).collect(),
        })
    }
}

/// Assignment units of the sample and their true cohorts.
pub(super) struct Assignments {
    pub(super) groups: Vec<usize>,
    pub(super) cohorts: Vec<Option<i64>>,
    /// Position in `groups` by assignment index of the panel.
    pub(super) position: Vec<Option<usize>>,
}

impl Assignments {
    fn new(panel: &Panel, two_way: &TwoWay<'_>) -> Result<Self, EstimateError> {
        let mut units: Vec<usize> = two_way.rows.iter().map(|&r| panel.row_unit()[r]).collect();
        units.dedup();
        Self::of_units(panel, &units)
    }

    /// Returns the assignment units of these units.
    pub(super) fn of_units(panel: &Panel, units: &[usize]) -> Result<Self, EstimateError> {
        let mut of: Vec<Option<Option<i64>>> = vec![None; panel.assignments().len()];
        let mut mixed = Vec::new();
        for &u in units {
            let unit = &panel.units()[u];
            match of[unit.assignment] {
                None => of[unit.assignment] = Some(unit.cohort),
                Some(g) if g != unit.cohort => mixed.push(unit.assignment),
                Some(_) => {}
            }
        }
        mixed.sort_unstable();
        mixed.dedup();
        if !mixed.is_empty() {
            return Err(EstimateError::TreatmentVariesWithinAssignment {
                groups: mixed.iter().map(|&a| panel.assignments()[a].clone()).collect(),
            });
        }
        let mut position = vec![None; of.len()];
        let (mut groups, mut cohorts) = (Vec::new(), Vec::new());
        for (a, g) in of.iter().enumerate() {
            if let Some(g) = g {
                position[a] = Some(groups.len());
                groups.push(a);
                cohorts.push(*g);
            }
        }
        if cohorts.iter().all(|g| *g == cohorts[0]) {
            return Err(EstimateError::NoControls {
                wanted: format!(
                    "assignment units (`{}`) with another treatment",
                    panel.names().assignment
                ),
                n_never_treated: cohorts.iter().filter(|g| g.is_none()).count(),
                n_not_yet_treated: 0,
                hint: "no other assignment was possible: no inference exists at this level".into(),
            });
        }
        Ok(Self {
            groups,
            cohorts,
            position,
        })
    }

    fn names(&self, panel: &Panel) -> Vec<String> {
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by_key(|&k| (self.cohorts[k].is_none(), self.groups[k]));
        order
            .iter()
            .map(|&k| panel.assignments()[self.groups[k]].clone())
            .collect()
    }

    /// Cohorts with how many assignment units each has, never treated last.
    fn sizes(&self) -> Vec<(Option<i64>, usize)> {
        let mut sorted = self.cohorts.clone();
        sorted.sort_by_key(|g| (g.is_none(), *g));
        let mut sizes: Vec<(Option<i64>, usize)> = Vec::new();
        for g in sorted {
            match sizes.last_mut() {
                Some((h, n)) if *h == g => *n += 1,
                _ => sizes.push((g, 1)),
            }
        }
        sizes
    }

    /// Number of distinct assignments: G! / Π n_c!.
    pub(super) fn count(&self) -> Option<u64> {
        let mut total: u64 = 1;
        let mut left = self.cohorts.len() as u64;
        for (_, n) in self.sizes() {
            for i in 0..n as u64 {
                // Product of binomials, exact at every step.
                let wide = u128::from(total) * u128::from(left - i);
                let divided = wide / u128::from(i + 1);
                total = u64::try_from(divided).ok().filter(|t| *t < 1 << 63)?;
            }
            left -= n as u64;
        }
        Some(total)
    }

    /// Every distinct assignment, the true one first.
    pub(super) fn all(&self) -> Vec<Vec<Option<i64>>> {
        let mut out = vec![self.cohorts.clone()];
        let mut current: Vec<Option<i64>> = self.cohorts.clone();
        current.sort_by_key(|g| (g.is_none(), *g));
        loop {
            if current != self.cohorts {
                out.push(current.clone());
            }
            if !next_permutation(&mut current) {
                return out;
            }
        }
    }

    /// Returns the true order of the assignment units and `draws` random ones, of the same streams as
    /// [`Self::drawn`].
    pub(super) fn orders(&self, draws: usize, seed: u64) -> Vec<Vec<usize>> {
        let truth: Vec<usize> = (0..self.groups.len()).collect();
        let mut out = vec![truth.clone()];
        for index in 0..draws {
            let mut order = truth.clone();
            Stream::new(seed, index as u64).shuffle(&mut order);
            out.push(order);
        }
        out
    }

    /// Returns a cohort by unit of the panel; units outside the sample keep theirs.
    pub(super) fn by_unit(&self, panel: &Panel, cohorts: &[Option<i64>]) -> Vec<Option<i64>> {
        panel
            .units()
            .iter()
            .enumerate()
            .map(|(u, unit)| match self.position[unit.assignment] {
                Some(at) if !panel.is_always_treated(u) => cohorts[at],
                _ => unit.cohort,
            })
            .collect()
    }

    /// The true assignment and `draws` random ones.
    fn drawn(&self, draws: usize, seed: u64) -> Vec<Vec<Option<i64>>> {
        let mut out = vec![self.cohorts.clone()];
        for index in 0..draws {
            let mut permuted = self.cohorts.clone();
            Stream::new(seed, index as u64).shuffle(&mut permuted);
            out.push(permuted);
        }
        out
    }
}

/// The next arrangement in lexicographic order (never treated last), or false at the last one.
fn next_permutation(items: &mut [Option<i64>]) -> bool {
    let key = |g: &Option<i64>| (g.is_none(), *g);
    let Some(i) = (1..items.len())
        .rev()
        .find(|&i| key(&items[i - 1]) < key(&items[i]))
    else {
        return false;
    };
    if let Some(j) = (i..items.len())
        .rev()
        .find(|&j| key(&items[j]) > key(&items[i - 1]))
    {
        items.swap(i - 1, j);
    }
    items[i..].reverse();
    true
}

/// The ends of the set of constant effects τ₀ with p(τ₀) > α.
///
/// An assignment with (b, c) counts against τ₀ while |b − τ₀c| ≥ |τ̂ − τ₀|: an interval around τ̂ if |c| < 1, and
/// always if |c| ≥ 1 (the true assignment and its mirror image).
fn invert(pairs: &[(f64, f64)], estimate: f64, alpha: f64) -> (Option<f64>, Option<f64>) {
    let n = pairs.len() as f64;
    let (mut always, mut lows, mut highs) = (0_usize, Vec::new(), Vec::new());
    for &(b, c) in pairs {
        if c.abs() >= 1.0 - 1e-9 {
            always += 1;
            continue;
        }
        // b − τ₀c = ±(τ̂ − τ₀).
        let (r, s) = ((estimate - b) / (1.0 - c), (estimate + b) / (1.0 + c));
        lows.push(r.min(s));
        highs.push(r.max(s));
    }
    if always as f64 / n > alpha {
        return (None, None);
    }
    lows.sort_by(f64::total_cmp);
    highs.sort_by(|a, b| b.total_cmp(a));
    // Going outwards from τ̂ the count falls; the end is where it falls to α·n or below.
    let keep = ((alpha * n + 1e-9).floor() as usize).saturating_sub(always);
    (lows.get(keep).copied(), highs.get(keep).copied())
}

#[cfg(test)]
mod tests {
    use super::next_permutation;

    #[test]
    fn permutations_are_distinct_and_complete() {
        let mut items = vec![Some(1), Some(1), None, None, None];
        let mut n = 1;
        while next_permutation(&mut items) {
            n += 1;
        }
        assert_eq!(n, 10);
    }
}
