//! Standard errors of regressions.
//!
//! V = (X'WX)⁻¹ · meat · (X'WX)⁻¹ times a named small-sample factor. [`vcov`] picks the meat.

pub mod cluster;
pub mod hc;
pub mod iid;
pub mod small_sample;

pub use small_sample::SmallSample;

use crate::error::EstimateError;
use crate::regression::{Factor, Fit};
use crate::spec::Variance;

/// A covariance matrix of coefficients and the degrees of freedom of their t statistics.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Vcov {
    /// The matrix, row by row.
    pub values: Vec<f64>,
    /// Degrees of freedom.
    pub df: f64,
    /// Clusters, if any; the smaller number in two ways.
    pub n_clusters: Option<usize>,
    /// Standard errors up to this are zero to rounding, by coefficient.
    pub floor: Vec<f64>,
}

/// Returns the covariance matrix of a fit's coefficients.
///
/// `clusters` is used by [`Variance::Cluster`] only: one factor, or two for two-way clustering
/// (Cameron, Gelbach, Miller 2011: V_a + V_b − V_ab).
///
/// # Errors
/// [`EstimateError::NoResidualDf`], [`EstimateError::TooFewClusters`], [`EstimateError::ZeroVariance`] if every
/// variance is zero to rounding (or negative, in two ways), [`EstimateError::NoSuchInference`] for leverage-corrected errors with three or more
/// absorbed factors.
pub fn vcov(
    fit: &Fit,
    variance: Variance,
    clusters: &[Factor],
    small_sample: SmallSample,
) -> Result<Vcov, EstimateError> {
    if fit.n_obs <= fit.n_parameters() {
        return Err(EstimateError::NoResidualDf {
            n_obs: fit.n_obs,
            n_parameters: fit.n_parameters(),
        });
    }
    if fit.is_exact() {
        let term = fit.names.first().cloned().unwrap_or_default();
        return Err(EstimateError::ZeroVariance { term, variance: 0.0 });
    }
    let mut vcov = match variance {
        Variance::Iid => iid::vcov(fit, small_sample),
        Variance::Hc1 | Variance::Hc2 | Variance::Hc3 => hc::vcov(fit, variance, small_sample)?,
        Variance::Cluster => cluster::vcov(fit, clusters, small_sample)?,
    };
    let k = fit.coefficients.len();
    // What rounding of the outcome alone leaves in a standard error, seven times over.
    let size = (fit.total_sum_of_squares / fit.n_obs as f64).sqrt();
    vcov.floor = (0..k)
        .map(|j| 3e-15 * size * fit.bread[j * k + j].sqrt())
        .collect();
    let none = (0..k).all(|j| !(vcov.values[j * k + j].sqrt() > vcov.floor[j]));
    if let (true, Some(term)) = (none, fit.names.first()) {
        let variance = vcov.values.first().copied().unwrap_or(0.0);
        return Err(EstimateError::ZeroVariance {
            term: term.clone(),
            variance,
        });
    }
    Ok(vcov)
}

/// Returns bread · meat · bread, each k × k row by row.
pub(crate) fn sandwich(bread: &[f64], meat: &[f64], k: usize) -> Vec<f64> {
    let times = |a: &[f64], b: &[f64]| {
        let mut out = vec![0.0; k * k];
        for i in 0..k {
            for j in 0..k {
                out[i * k + j] = (0..k).map(|l| a[i * k + l] * b[l * k + j]).sum();
            }
        }
        out
    };
    let full = times(&times(bread, meat), bread);
    // Symmetric by construction; the mean of both halves makes it so to the last bit.
    let mut out = full.clone();
    for i in 0..k {
        for j in 0..k {
            out[i * k + j] = 0.5 * (full[i * k + j] + full[j * k + i]);
        }
    }
    out
}
