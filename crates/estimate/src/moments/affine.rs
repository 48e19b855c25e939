//! Influence that is affine in a unit's changes, and the covariance that follows.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::group::Group;
use super::{CohortMoments, not_finite};
use crate::distribution::{infer_rows, without_variance};
use crate::error::EstimateError;
use crate::resample::bands::add_bands;
use crate::result::{Covariance, TidyRow, Warning};
use crate::spec::Spec;

/// Below this share of the size of its parts a variance is what rounding left of zero.
const CANCELLED: f64 = 1e-13;

/// Influence of the units of each group on one estimate: a'(d − d̄) + c.
#[derive(Clone, Debug)]
pub(super) struct Affine {
    t: usize,
    on_outcome: Vec<f64>,
    pub(super) constant: Vec<f64>,
}

impl Affine {
    pub(super) fn zero(n_groups: usize, t: usize) -> Self {
        Self {
            t,
            on_outcome: vec![0.0; t * n_groups],
            constant: vec![0.0; n_groups],
        }
    }

    pub(super) fn at(&mut self, group: usize, period: usize) -> &mut f64 {
        &mut self.on_outcome[group * self.t + period]
    }

    fn of(&self, group: usize) -> &[f64] {
        &self.on_outcome[group * self.t..(group + 1) * self.t]
    }

    pub(super) fn add(&mut self, weight: f64, other: &Self) {
        let add = |to: &mut [f64], from: &[f64]| to.iter_mut().zip(from).for_each(|(x, y)| *x += weight * y);
        add(&mut self.on_outcome, &other.on_outcome);
        add(&mut self.constant, &other.constant);
    }
}

/// Σψψ' of several estimates, and what rounding leaves in a variance.
pub(super) struct Products {
    pub(super) values: Vec<f64>,
    pub(super) floor: Vec<f64>,
}

/// Returns Σ ψ_a ψ_b over units, or over clusters of their sums.
pub(super) fn products(moments: &CohortMoments, groups: &[Group], influence: &[&Affine]) -> Products {
    let k = influence.len();
    let mut values = vec![0.0; k * k];
    let mut floor = vec![0.0; k];
    if moments.has_clusters() {
        of_clusters(groups, influence, &mut values, &mut floor);
    } else {
        of_units(groups, influence, &mut values, &mut floor);
    }
    for i in 0..k {
        for j in i + 1..k {
            values[i * k + j] = values[j * k + i];
        }
    }
    floor.iter_mut().for_each(|v| *v = (*v * CANCELLED).sqrt());
    Products { values, floor }
}

fn of_units(groups: &[Group], influence: &[&Affine], values: &mut [f64], floor: &mut [f64]) {
    let k = influence.len();
    let t = groups.first().map_or(0, |g| g.mean.len());
    // Fixed numbers of groups to a thread, added up in their order: no bit hangs on threads.
    const GROUPS: usize = 128;
    let parts: Vec<(Vec<f64>, Vec<f64>)> = (0..groups.len().div_ceil(GROUPS))
        .into_par_iter()
        .map(|part| {
            let (mut values, mut floor) = (vec![0.0; k * k], vec![0.0; k]);
            let (mut by_period, mut constant) = (vec![0.0; t * k], vec![0.0; k]);
            let mut through = vec![0.0; t];
            let to = groups.len().min((part + 1) * GROUPS);
            for at in part * GROUPS..to {
                let group = &groups[at];
                // Period by period, so that one period's coefficients of all estimates lie side by side.
                for (j, psi) in influence.iter().enumerate() {
                    constant[j] = psi.constant[at];
                    for (p, x) in psi.of(at).iter().enumerate() {
                        by_period[p * k + j] = *x;
                    }
                }
                for (i, psi) in influence.iter().enumerate() {
                    let (own, c) = (psi.of(at), group.n * constant[i]);
                    through.fill(0.0);
                    let mut size = 0.0;
                    for (p, &x) in own.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                        let cross = &group.cross[p * t..(p + 1) * t];
                        through.iter_mut().zip(cross).for_each(|(r, c)| *r += x * c);
                        size += x.abs() * cross[p].max(0.0).sqrt();
                    }
                    floor[i] += size * size + c * constant[i];
                    let sums = &mut values[i * k..=i * k + i];
                    if c != 0.0 {
                        sums.iter_mut().zip(&constant).for_each(|(s, x)| *s += c * x);
                    }
                    if size == 0.0 {
                        continue;
                    }
                    for (p, r) in through.iter().enumerate() {
                        let others = &by_period[p * k..=p * k + i];
                        sums.iter_mut().zip(others).for_each(|(s, x)| *s += r * x);
                    }
                }
            }
            (values, floor)
        })
        .collect();
    for (part, size) in parts {
        values.iter_mut().zip(&part).for_each(|(v, p)| *v += p);
        floor.iter_mut().zip(&size).for_each(|(v, p)| *v += p);
    }
}

fn of_clusters(groups: &[Group], influence: &[&Affine], values: &mut [f64], floor: &mut [f64]) {
    let k = influence.len();
    let t = groups.first().map_or(0, |g| g.mean.len());
    // Σψ by cluster, clusters in the order of their labels.
    let mut scores: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        for (&(rank, n), sums) in group.clusters.iter().zip(group.by_cluster.chunks_exact(t.max(1))) {
            let score = scores.entry(rank).or_insert_with(|| vec![0.0; 2 * k]);
            let (score, size) = score.split_at_mut(k);
            for (i, psi) in influence.iter().enumerate() {
                let (mut inner, mut absolute) = (0.0, 0.0);
                for (x, s) in psi.of(at).iter().zip(sums) {
                    inner += x * s;
                    absolute += (x * s).abs();
                }
                score[i] += inner + n * psi.constant[at];
                size[i] += absolute + (n * psi.constant[at]).abs();
            }
        }
    }
    for score in scores.values() {
        let (score, size) = score.split_at(k);
        for i in 0..k {
            for j in 0..=i {
                values[i * k + j] += score[i] * score[j];
            }
            // A sum of scores loses digits once, its square twice.
            floor[i] += CANCELLED * size[i] * size[i];
        }
    }
}

/// Fills standard errors, intervals and bands of the rows that have an influence.
pub(super) fn infer(
    moments: &CohortMoments,
    groups: &[Group],
    rows: &mut [TidyRow],
    influence: &[Option<Affine>],
    floor: f64,
    spec: &Spec,
) -> Result<(Covariance, Option<Warning>), EstimateError> {
    let which: Vec<usize> = (0..rows.len()).filter(|&i| influence[i].is_some()).collect();
    let parts: Vec<&Affine> = influence.iter().flatten().collect();
    let found = products(moments, groups, &parts);
    if found.values.iter().any(|v| !v.is_finite()) {
        return Err(not_finite());
    }
    let floor: Vec<f64> = found.floor.iter().map(|own| own.max(floor)).collect();
    let (covariance, _) = infer_rows(rows, &which, &found.values, &floor, None, spec.level)?;
    add_bands(spec, rows, &covariance, None, None);
    let warning = without_variance(rows, &which, &covariance);
    Ok((covariance, warning))
}

/// The size of changes, for what counts as zero to rounding.
pub(super) fn size_of_changes(groups: &[Group]) -> f64 {
    groups.iter().fold(0.0_f64, |m, g| {
        let t = g.mean.len();
        (0..t).filter(|&p| g.sees(p)).fold(m, |m, p| {
            m.max(g.mean[p].abs() + (g.cross[p * t + p] / g.n).max(0.0).sqrt())
        })
    })
}
