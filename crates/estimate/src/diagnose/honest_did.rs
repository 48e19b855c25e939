//! How wrong parallel trends may be before the conclusion falls.
//!
//! β̂ = τ + δ: the event study shows the effect τ after onset plus the difference in trends δ. Rambachan and Roth
//! (2023, Review of Economic Studies 90(5)) bound δ after onset by what was seen before it:
//!
//! * **relative magnitudes** Δ^RM(M̄): no step of δ after onset is larger than M̄ times the largest before;
//! * **smoothness** Δ^SD(M): the slope of δ changes by at most M from one period to the next.
//!
//! The target is θ = Σ_h l_h τ_h over event times h = 0, 1, …, by default their mean.

mod relative;
mod smooth;

use serde::Serialize;

use crate::error::EstimateError;
use crate::result::Estimated;
use crate::spec::Aggregation;

/// A restriction on differences in trends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "restriction", content = "bound")]
#[non_exhaustive]
pub enum Restriction {
    /// Steps after onset up to M̄ times the largest step before.
    RelativeMagnitudes(f64),
    /// Changes of slope up to M.
    Smoothness(f64),
}

/// What remains of an effect under a restriction.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HonestInterval {
    /// The restriction.
    pub restriction: Restriction,
    /// Lower end of the identified set at the estimated coefficients; absent if they contradict the restriction.
    pub set_low: Option<f64>,
    /// Upper end.
    pub set_high: Option<f64>,
    /// Lower end of the robust confidence interval.
    pub conf_low: f64,
    /// Upper end.
    pub conf_high: f64,
}

/// An event study as the bounds need it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventStudy {
    /// Coefficients before the reference, the earliest first; the one next to the reference last.
    pre: Vec<f64>,
    /// Coefficients from onset on.
    post: Vec<f64>,
    /// Covariance, pre then post, row by row.
    covariance: Vec<f64>,
    /// Weights of the target on `post`.
    target: Vec<f64>,
}

impl EventStudy {
    /// Returns the event study of an estimate; the target is the mean over event times from 0 on.
    ///
    /// # Errors
    /// [`EstimateError::Missing`] without covariance or with holes in event time, [`EstimateError::NoPrePeriod`]
    /// without a coefficient before the reference.
    pub fn of(estimated: &Estimated) -> Result<Self, EstimateError> {
        let missing = |what: &str, hint: &str| EstimateError::Missing {
            what: what.into(),
            hint: hint.into(),
        };
        let covariance = estimated.covariance().ok_or_else(|| {
            missing(
                "the covariance of the event study",
                "one treated cluster gives none",
            )
        })?;
        let mut points: Vec<(i64, f64, usize)> = Vec::new();
        for (position, &row) in covariance.rows.iter().enumerate() {
            let Some(tidy) = estimated.rows().get(row) else {
                continue;
            };
            if matches!(tidy.aggregation, None | Some(Aggregation::Dynamic))
                && let Some(k) = tidy.event_time
            {
                points.push((k, tidy.estimate, position));
            }
        }
        points.sort_by_key(|p| p.0);
        let reference = estimated
            .points()
            .iter()
            .find(|r| r.is_reference)
            .and_then(|r| r.event_time)
            .ok_or_else(|| missing("a reference period", "use the universal base period"))?;
        let split = points.partition_point(|p| p.0 < reference);
        if split == 0 {
            return Err(EstimateError::NoPrePeriod {
                cohort: None,
                needed: 2,
                found: 1,
            });
        }
        // Steps and slopes need neighbours: event times must run without holes, the reference between them.
        let runs = points[..split]
            .iter()
            .rev()
            .zip(1..)
            .all(|(p, k)| p.0 == reference - k)
            && points[split..].iter().zip(1..).all(|(p, k)| p.0 == reference + k);
        if !runs {
            return Err(missing(
                "an event study without holes in event time",
                "cut the window, or pool with bins",
            ));
        }
        if points.len() == split {
            return Err(EstimateError::NoPostPeriod);
        }
        let n = points.len();
        let mut v = Vec::with_capacity(n * n);
        for a in &points {
            v.extend(points.iter().map(|b| covariance.at(a.2, b.2)));
        }
        // Between the reference and onset lies what anticipation allows: no target, but a step all the same.
        let n_target = points[split..].iter().filter(|p| p.0 >= 0).count();
        Ok(Self {
            pre: points[..split].iter().map(|p| p.1).collect(),
            post: points[split..].iter().map(|p| p.1).collect(),
            covariance: v,
            target: points[split..]
                .iter()
                .map(|p| if p.0 >= 0 { 1.0 / n_target as f64 } else { 0.0 })
                .collect(),
        })
    }

    /// Returns the event study with other weights on the coefficients from onset on.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if there is not one weight per coefficient.
    pub fn with_target(mut self, target: &[f64]) -> Result<Self, EstimateError> {
        if target.len() != self.post.len() {
            let (expected, found) = (self.post.len(), target.len());
            return Err(EstimateError::Shape {
                what: "target weights".into(),
                expected,
                found,
            });
        }
        self.target = target.to_vec();
        Ok(self)
    }

    /// Returns the largest change of slope among the coefficients up to the reference; 0 where there are too few.
    #[must_use]
    pub fn largest_change_of_slope(&self) -> f64 {
        let mut path = self.pre.clone();
        path.push(0.0);
        path.windows(3)
            .map(|w| ((w[2] - w[1]) - (w[1] - w[0])).abs())
            .fold(0.0, f64::max)
    }

    fn n(&self) -> usize {
        self.pre.len() + self.post.len()
    }

    fn estimate(&self) -> f64 {
        self.target.iter().zip(&self.post).map(|(l, b)| l * b).sum()
    }

    /// Variance of c'β̂ for c on pre, then post.
    fn covariance_of(&self, a: &[f64], b: &[f64]) -> f64 {
        let n = self.n();
        let mut total = 0.0;
        for i in 0..n {
            for j in 0..n {
                total += a[i] * self.covariance[i * n + j] * b[j];
            }
        }
        total
    }
}

/// Returns the identified set and a robust confidence interval under a restriction.
///
/// # Errors
/// [`EstimateError::OutOfRange`] for a negative bound, [`EstimateError::Singular`] if the covariance is.
///
/// # Source
/// Rambachan and Roth (2023), sections 2.4 and 3–4. Smoothness: the fixed-length interval of section 4.1, whose
/// optimal weights are found along a lasso path. Relative magnitudes: the conditional–least-favourable hybrid of
/// section 3 on the moment inequalities left after the effects were solved out in closed form, united over which
/// step before onset is the largest and its sign; `HonestDiD` for R keeps the effects as nuisance parameters, so
/// its ends differ by the normalisation of inequalities.
pub fn honest_did(
    study: &EventStudy,
    restriction: Restriction,
    level: f64,
    seed: u64,
) -> Result<HonestInterval, EstimateError> {
    let bound = match restriction {
        Restriction::RelativeMagnitudes(m) | Restriction::Smoothness(m) => m,
    };
    if !(bound >= 0.0 && bound.is_finite()) {
        return Err(EstimateError::OutOfRange {
            what: "bound on differences in trends".into(),
            value: bound,
            expected: "a number from 0 on".into(),
        });
    }
    match restriction {
        Restriction::RelativeMagnitudes(m_bar) => relative::interval(study, m_bar, level, seed),
        Restriction::Smoothness(m) => smooth::interval(study, m, level),
    }
}

/// Returns M̄, the largest relative magnitude at which the robust interval still leaves out zero.
///
/// 0 if even exact parallel trends do not; `None` if it still does beyond M̄ = 100. Three digits.
///
/// # Errors
/// Those of [`honest_did`].
pub fn breakdown(study: &EventStudy, level: f64, seed: u64) -> Result<Option<f64>, EstimateError> {
    let holds = |m_bar: f64| -> Result<bool, EstimateError> {
        let i = honest_did(study, Restriction::RelativeMagnitudes(m_bar), level, seed)?;
        Ok(i.conf_low > 0.0 || i.conf_high < 0.0)
    };
    if !holds(0.0)? {
        return Ok(Some(0.0));
    }
    let (mut low, mut high) = (0.0, 0.25);
    while holds(high)? {
        if high > 100.0 {
            return Ok(None);
        }
        low = high;
        high *= 2.0;
    }
    while high - low > 1e-3 * (0.1 + low) {
        let middle = 0.5 * (low + high);
        if holds(middle)? {
            low = middle
        } else {
            high = middle
        }
    }
    Ok(Some(low))
}
