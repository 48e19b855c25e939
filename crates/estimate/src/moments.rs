//! Cohort moments: one pass over a panel, then every linear estimator from a few numbers.
//!
//! Units are sorted by cohort and by the set of periods in which they are seen; each such group keeps n, the mean
//! of its outcomes by period and their centred cross products Σ (y − ȳ)(y − ȳ)'. Whatever N is, the estimators
//! below need nothing else, because they are linear in group means and the influence of a unit is affine in its
//! outcomes: ψ_i = a_g'(y_i − ȳ_g) + c_g, so that Σ_i ψ_i ψ_i' = Σ_g (A_g' C_g A_g + n_g c_g c_g').
//!
//! Sums are kept about the first unit of a group, so that a large common level costs no digits, and two
//! accumulators [`merge`](CohortMoments::merge) exactly.

mod affine;
mod group_time;
mod imputation;
mod regressions;

use std::collections::BTreeMap;

use crate::error::EstimateError;
use crate::panel::Panel;
use crate::spec::{Inference, Method, PanelUse, Spec, Variance};

pub use affine::MomentEstimate;

/// Which units a group holds: first treated period, and a bit per period that is seen (64 periods a word).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) cohort: Option<i64>,
    pub(crate) seen: Vec<u64>,
}

impl Key {
    pub(crate) fn sees(&self, period: usize) -> bool {
        self.seen
            .get(period / 64)
            .is_some_and(|w| w >> (period % 64) & 1 == 1)
    }
}

/// Sums of one group about a shift.
#[derive(Clone, Debug, PartialEq)]
struct Sums {
    n: f64,
    shift: Vec<f64>,
    /// Σ (y − shift).
    first: Vec<f64>,
    /// Σ (y − shift)(y − shift)', lower triangle row by row.
    second: Vec<f64>,
}

impl Sums {
    fn new(shift: Vec<f64>) -> Self {
        let t = shift.len();
        Self {
            n: 0.0,
            shift,
            first: vec![0.0; t],
            second: vec![0.0; t * (t + 1) / 2],
        }
    }

    fn add(&mut self, y: &[f64]) {
        self.n += 1.0;
        let mut k = 0;
        for i in 0..y.len() {
            let d = y[i] - self.shift[i];
            self.first[i] += d;
            for j in 0..=i {
                self.second[k] += d * (y[j] - self.shift[j]);
                k += 1;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        let d: Vec<f64> = other.shift.iter().zip(&self.shift).map(|(a, b)| a - b).collect();
        let mut k = 0;
        for i in 0..d.len() {
            for j in 0..=i {
                self.second[k] +=
                    other.second[k] + d[i] * other.first[j] + other.first[i] * d[j] + other.n * d[i] * d[j];
                k += 1;
            }
        }
        for i in 0..d.len() {
            self.first[i] += other.first[i] + other.n * d[i];
        }
        self.n += other.n;
    }
}

/// One group, centred.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) key: Key,
    pub(crate) n: f64,
    /// Mean by period less one level common to all groups; meaningless where nothing is seen.
    pub(crate) mean: Vec<f64>,
    /// Σ (y − ȳ)(y − ȳ)', T × T, zero rows where nothing is seen.
    pub(crate) cross: Vec<f64>,
}

/// The accumulator.
#[derive(Clone, Debug, PartialEq)]
pub struct CohortMoments {
    periods: Vec<i64>,
    groups: BTreeMap<Key, Sums>,
    n_input_rows: usize,
}

impl CohortMoments {
    /// Returns an empty accumulator over these periods, ascending.
    ///
    /// # Errors
    /// [`EstimateError::OutOfRange`] if the periods do not ascend.
    pub fn new(periods: Vec<i64>) -> Result<Self, EstimateError> {
        if let Some(w) = periods.windows(2).find(|w| w[0] >= w[1]) {
            return Err(EstimateError::OutOfRange {
                what: "period".into(),
                value: w[1] as f64,
                expected: format!("a period after {}", w[0]),
            });
        }
        Ok(Self {
            periods,
            groups: BTreeMap::new(),
            n_input_rows: 0,
        })
    }

    /// Returns the moments of a panel; weights and clusters above the unit are not in them.
    ///
    /// # Errors
    /// [`EstimateError::NoSuchInference`] for panels with weights or clusters other than the unit.
    ///
    /// # Example
    /// From the period before to the one after, treated units change by 3.5 on average and the others by 1.5.
    /// ```
    /// # use counterpart_estimate::{Spec, moments::CohortMoments, spec::Method};
    /// let mut moments = CohortMoments::new(vec![1, 2, 3])?;
    /// moments.add_complete(Some(3), &[1.0, 2.0, 6.0, 2.0, 3.0, 6.0])?;
    /// moments.add_complete(None, &[0.0, 1.0, 2.0, 1.0, 2.0, 4.0])?;
    /// let estimated = moments.estimate(&Spec::new(Method::CallawaySantanna))?;
    /// assert!((estimated.rows[0].estimate - 2.0).abs() < 1e-12);
    /// # Ok::<(), counterpart_estimate::EstimateError>(())
    /// ```
    pub fn of_panel(panel: &Panel) -> Result<Self, EstimateError> {
        if panel.weights().is_some() || panel.clusters().len() != panel.n_units() {
            return Err(EstimateError::NoSuchInference {
                inference: "from moments".into(),
                reason: "the panel has weights or clusters above the unit".into(),
                instead: "the direct road".into(),
            });
        }
        let mut moments = Self::new(panel.periods().to_vec())?;
        for (u, unit) in panel.units().iter().enumerate() {
            let mut y = vec![None; panel.n_periods()];
            for r in panel.unit_rows(u) {
                y[panel.row_period()[r]] = Some(panel.outcome()[r]);
            }
            moments.add(unit.cohort, &y)?;
        }
        moments.n_input_rows = panel.n_input_rows();
        Ok(moments)
    }

    /// Returns the periods.
    #[must_use]
    pub fn periods(&self) -> &[i64] {
        &self.periods
    }

    /// Returns the number of units.
    #[must_use]
    pub fn n_units(&self) -> u64 {
        self.groups.values().map(|g| g.n as u64).sum()
    }

    /// Returns the number of units by cohort, never treated first.
    #[must_use]
    pub fn cohort_sizes(&self) -> BTreeMap<Option<i64>, u64> {
        let mut sizes = BTreeMap::new();
        for (key, sums) in &self.groups {
            *sizes.entry(key.cohort).or_insert(0) += sums.n as u64;
        }
        sizes
    }

    /// Adds one unit: its cohort and its outcome by period. A cohort after the last period is never treated.
    ///
    /// # Errors
    /// [`EstimateError::Shape`], [`EstimateError::NotFinite`].
    pub fn add(&mut self, cohort: Option<i64>, outcome: &[Option<f64>]) -> Result<(), EstimateError> {
        if outcome.len() != self.periods.len() {
            let (expected, found) = (self.periods.len(), outcome.len());
            return Err(EstimateError::Shape {
                what: "outcome of a unit".into(),
                expected,
                found,
            });
        }
        if outcome.iter().flatten().any(|y| !y.is_finite()) {
            return Err(EstimateError::NotFinite {
                what: "outcome of a unit".into(),
            });
        }
        let mut seen = vec![0_u64; self.periods.len().div_ceil(64)];
        for (p, _) in outcome.iter().enumerate().filter(|(_, y)| y.is_some()) {
            seen[p / 64] |= 1 << (p % 64);
        }
        let key = Key {
            cohort: self.settle(cohort),
            seen,
        };
        let y: Vec<f64> = outcome.iter().map(|v| v.unwrap_or(0.0)).collect();
        self.groups
            .entry(key)
            .or_insert_with(|| Sums::new(y.clone()))
            .add(&y);
        self.n_input_rows += outcome.len();
        Ok(())
    }

    /// Adds many complete units of one cohort, unit by unit: the quick road of a balanced file.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if the length is no multiple of the number of periods,
    /// [`EstimateError::NotFinite`].
    pub fn add_complete(&mut self, cohort: Option<i64>, outcomes: &[f64]) -> Result<(), EstimateError> {
        let t = self.periods.len();
        if t == 0 || !outcomes.len().is_multiple_of(t) {
            let (expected, found) = (t, outcomes.len());
            return Err(EstimateError::Shape {
                what: "outcomes of complete units".into(),
                expected,
                found,
            });
        }
        let Some(first) = outcomes.get(..t) else {
            return Ok(());
        };
        let mut seen = vec![0_u64; t.div_ceil(64)];
        (0..t).for_each(|p| seen[p / 64] |= 1 << (p % 64));
        let key = Key {
            cohort: self.settle(cohort),
            seen,
        };
        let sums = self
            .groups
            .entry(key)
            .or_insert_with(|| Sums::new(first.to_vec()));
        for y in outcomes.chunks_exact(t) {
            sums.add(y);
        }
        // One NaN or infinity spoils the sums for good: looking there is cheaper than looking at every value.
        if sums.second.iter().any(|v| !v.is_finite()) {
            return Err(EstimateError::NotFinite {
                what: "outcome of a unit".into(),
            });
        }
        self.n_input_rows += outcomes.len();
        Ok(())
    }

    /// Adds the units of another accumulator over the same periods.
    ///
    /// Merging in a fixed order gives equal bits whatever ran in parallel before.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if the periods differ.
    pub fn merge(&mut self, other: &Self) -> Result<(), EstimateError> {
        if self.periods != other.periods {
            let (expected, found) = (self.periods.len(), other.periods.len());
            return Err(EstimateError::Shape {
                what: "periods of moments".into(),
                expected,
                found,
            });
        }
        for (key, sums) in &other.groups {
            match self.groups.get_mut(key) {
                Some(own) => own.merge(sums),
                None => {
                    self.groups.insert(key.clone(), sums.clone());
                }
            }
        }
        self.n_input_rows += other.n_input_rows;
        Ok(())
    }

    /// Returns the estimate that a specification asks for, from moments alone.
    ///
    /// # Errors
    /// Those of the method; [`EstimateError::NoSuchInference`] for what moments do not hold: covariates, synthetic
    /// methods, doses, inference other than analytic, standard errors not clustered by unit.
    pub fn estimate(&self, spec: &Spec) -> Result<MomentEstimate, EstimateError> {
        let refuse = |reason: String| EstimateError::NoSuchInference {
            inference: "from moments".into(),
            reason,
            instead: "the estimator on the rows".into(),
        };
        if !spec.covariates.is_empty() {
            return Err(refuse("covariates are asked for".into()));
        }
        if spec.inference != Inference::Analytic || spec.variance != Variance::Cluster {
            return Err(refuse(format!(
                "{} inference with {} errors is asked for",
                spec.inference, spec.variance
            )));
        }
        if spec.panel_use != PanelUse::Pairs {
            return Err(refuse(format!("the panel is to be used as {}", spec.panel_use)));
        }
        match spec.method {
            Method::Did => self.did(spec),
            Method::EventStudy => self.event_study(spec),
            Method::CallawaySantanna => self.callaway_santanna(spec),
            Method::SunAbraham => self.sun_abraham(spec),
            Method::Imputation => self.imputation(spec),
            other => Err(refuse(format!("{other} needs the rows"))),
        }
    }

    /// Returns the estimate of every specification, in their order, on all cores.
    #[must_use]
    pub fn curve(&self, specs: &[Spec]) -> Vec<Result<MomentEstimate, EstimateError>> {
        use rayon::prelude::*;
        specs.par_iter().map(|s| self.estimate(s)).collect()
    }

    fn settle(&self, cohort: Option<i64>) -> Option<i64> {
        cohort.filter(|g| self.periods.last().is_some_and(|last| g <= last))
    }

    /// The groups, centred, in a fixed order.
    ///
    /// Means are given less the first value that is seen: no estimator feels a common level, and differences of
    /// means keep the digits that a large level would take.
    pub(crate) fn groups(&self) -> Vec<Group> {
        let t = self.periods.len();
        let level = self
            .groups
            .iter()
            .find_map(|(key, s)| (0..t).find(|&p| key.sees(p)).map(|p| s.shift[p]))
            .unwrap_or(0.0);
        self.groups
            .iter()
            .map(|(key, s)| {
                let shifted: Vec<f64> = s.first.iter().map(|f| f / s.n).collect();
                let mut cross = vec![0.0; t * t];
                let mut k = 0;
                for i in 0..t {
                    for j in 0..=i {
                        let c = s.second[k] - s.n * shifted[i] * shifted[j];
                        cross[i * t + j] = c;
                        cross[j * t + i] = c;
                        k += 1;
                    }
                }
                let mean = s
                    .shift
                    .iter()
                    .zip(&shifted)
                    .map(|(a, b)| (a - level) + b)
                    .collect();
                Group {
                    key: key.clone(),
                    n: s.n,
                    mean,
                    cross,
                }
            })
            .collect()
    }
}
