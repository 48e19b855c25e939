//! Wild cluster bootstrap of one coefficient, with the null imposed.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::absorb::Absorber;
use crate::did::TwoWay;
use crate::error::EstimateError;
use crate::panel::Panel;
use crate::rng::Stream;
use crate::spec::Spec;

/// Most clusters for which the table of cluster by cluster is built.
pub const MAX_CLUSTERS: usize = 2_000;

/// What the bootstrap says.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct WildCluster {
    /// The estimate.
    pub estimate: f64,
    /// Its t statistic, cluster-robust without small-sample factors (they cancel).
    pub statistic: f64,
    /// Share of bootstrap statistics at least as far from zero.
    pub p_value: f64,
    /// The smallest p-value that can come out: 2/2^G if all sign vectors are tried, else 1/(draws + 1).
    pub p_floor: f64,
    /// Whether every vector of signs was tried.
    pub exhaustive: bool,
    /// Vectors tried.
    pub n_tried: usize,
    /// Clusters.
    pub n_clusters: usize,
    /// Clusters with a treated row.
    pub n_treated_clusters: usize,
}

/// Returns the restricted wild cluster bootstrap (WCR, Rademacher signs) of the two-way fixed effects estimate.
///
/// Under the null τ = 0 the residuals ẽ of y on the fixed effects alone are multiplied by one sign per cluster;
/// with x̃ treatment freed of the fixed effects, β* = Σ_g w_g x̃_g'ẽ_g / x̃'x̃, and the scores of cluster g under
/// the signs w are Σ_h A_gh w_h − β* x̃_g'x̃_g with A_gh = x̃_g'(M(1_h ẽ))_g, so that a draw costs G².
///
/// # Errors
/// [`EstimateError::TooFewClusters`] with fewer than two clusters, [`EstimateError::NoSuchInference`] with one
/// treated cluster (the restricted bootstrap then cannot reject, the unrestricted one rejects always; MacKinnon
/// and Webb 2018) or with more than [`MAX_CLUSTERS`] clusters.
///
/// # Source
/// Cameron, Gelbach, Miller (2008), Review of Economics and Statistics 90(3); Roodman, Nielsen, MacKinnon, Webb
/// (2019), Stata Journal 19(1), section 5, for the arithmetic.
///
/// # Example
/// Four clusters have sixteen vectors of signs, and p is never below two of them.
/// ```
/// # use counterpart_estimate::{Columns, Panel, Spec, spec::Method};
/// let names = ["t1", "t2", "c1", "c2"].map(String::from);
/// let outcome = [[1.0, 2.0, 6.0], [2.0, 3.0, 6.0], [0.0, 1.0, 2.0], [1.0, 2.0, 4.0]];
/// let outcome: Vec<Vec<Option<f64>>> = outcome.iter().map(|y| y.iter().copied().map(Some).collect()).collect();
/// let first_treated = [Some(3), Some(3), None, None];
/// let panel = Panel::build(Columns::from_rectangle(&names, &[1, 2, 3], &outcome, &first_treated, None, None))?;
/// let test = counterpart_estimate::resample::wild_cluster::wild_cluster(&panel, &Spec::did())?;
/// assert!(test.exhaustive && test.n_tried == 16 && test.p_value >= test.p_floor);
/// assert!((test.estimate - 2.0).abs() < 1e-12 && (test.p_floor - 0.125).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn wild_cluster(panel: &Panel, spec: &Spec) -> Result<WildCluster, EstimateError> {
    let two_way = TwoWay::new(panel, spec)?;
    two_way.check_comparison()?;
    let level = two_way.cluster.name().to_owned();
    let g = two_way.cluster.n_levels();
    let refuse = |reason: String, instead: &str| EstimateError::NoSuchInference {
        inference: "wild cluster bootstrap".into(),
        reason,
        instead: instead.into(),
    };
    if g < 2 {
        let hint = "name a finer cluster, or use randomisation".into();
        return Err(EstimateError::TooFewClusters {
            level,
            found: g,
            needed: 2,
            hint,
        });
    }
    if g > MAX_CLUSTERS {
        return Err(refuse(
            format!("{g} clusters"),
            "analytic errors: with that many clusters they are as good",
        ));
    }
    if !two_way.covariates.is_empty() {
        return Err(refuse(
            "covariates are in the regression".into(),
            "analytic inference",
        ));
    }
    let treated_column: Vec<f64> = two_way
        .rows
        .iter()
        .map(|&r| f64::from(panel.is_treated_row(r)))
        .collect();
    let clusters = two_way.cluster.levels();
    let treated: BTreeSet<u32> = clusters
        .iter()
        .zip(&treated_column)
        .filter(|(_, t)| **t > 0.0)
        .map(|(c, _)| *c)
        .collect();
    if treated.len() < 2 {
        return Err(refuse(
            "one treated cluster".into(),
            "randomisation at the level of assignment",
        ));
    }
    let absorber = Absorber::new(&two_way.factors, two_way.weights.as_deref())?;
    let mut pair = vec![two_way.outcome.clone(), treated_column];
    absorber.absorb(&mut pair)?;
    let (null_residual, x) = (&pair[0], &pair[1]);
    let weight = |i: usize| two_way.weights.as_ref().map_or(1.0, |w| w[i]);
    let size: f64 = x.iter().enumerate().map(|(i, v)| v * v * weight(i)).sum();
    if !(size > 1e-12) {
        return Err(EstimateError::Collinear {
            columns: vec!["treated".into()],
        });
    }
    let mut own = vec![0.0; g];
    for (i, &c) in clusters.iter().enumerate() {
        own[c as usize] += x[i] * x[i] * weight(i);
    }
    // Column h of A: the residuals of cluster h alone, freed of the fixed effects, met by x̃ in each cluster.
    let columns: Vec<Vec<f64>> = (0..g)
        .into_par_iter()
        .map(|h| {
            let mut one: Vec<Vec<f64>> = vec![
                null_residual
                    .iter()
                    .zip(clusters)
                    .map(|(e, &c)| if c as usize == h { *e } else { 0.0 })
                    .collect(),
            ];
            absorber.absorb(&mut one)?;
            let mut met = vec![0.0; g];
            for (i, &c) in clusters.iter().enumerate() {
                met[c as usize] += x[i] * one[0][i] * weight(i);
            }
            Ok(met)
        })
        .collect::<Result<_, EstimateError>>()?;

    let statistic = |signs: &[f64]| -> (f64, f64) {
        let scores: Vec<f64> = (0..g)
            .map(|a| signs.iter().zip(&columns).map(|(w, col)| w * col[a]).sum())
            .collect();
        let beta = scores.iter().sum::<f64>() / size;
        let meat: f64 = scores.iter().zip(&own).map(|(s, o)| (s - beta * o).powi(2)).sum();
        (beta, beta * size / meat.sqrt())
    };
    let (estimate, observed) = statistic(&vec![1.0; g]);
    if !observed.is_finite() {
        return Err(EstimateError::ZeroVariance {
            term: "ATT".into(),
            variance: 0.0,
        });
    }
    let exhaustive = g <= 13 && (1_usize << g) <= spec.draws.max(8_192);
    let n_tried = if exhaustive { 1 << g } else { spec.draws.max(1) };
    let drawn: Vec<f64> = (0..n_tried)
        .into_par_iter()
        .map(|index| {
            let signs: Vec<f64> = if exhaustive {
                (0..g)
                    .map(|k| if index >> k & 1 == 0 { 1.0 } else { -1.0 })
                    .collect()
            } else {
                let mut stream = Stream::new(spec.seed, index as u64);
                (0..g).map(|_| stream.sign()).collect()
            };
            statistic(&signs).1
        })
        .collect();
    let slack = 1e-9 * observed.abs();
    let extreme = drawn.iter().filter(|t| t.abs() >= observed.abs() - slack).count();
    let (p_value, p_floor) = if exhaustive {
        (extreme as f64 / n_tried as f64, 2.0 / n_tried as f64)
    } else {
        (
            (1 + extreme) as f64 / (1 + n_tried) as f64,
            1.0 / (1 + n_tried) as f64,
        )
    };
    Ok(WildCluster {
        estimate,
        statistic: observed,
        p_value,
        p_floor,
        exhaustive,
        n_tried,
        n_clusters: g,
        n_treated_clusters: treated.len(),
    })
}
