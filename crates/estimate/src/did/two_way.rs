//! The part that all regressions with unit and period effects share: sample, factors, standard errors.

use std::collections::BTreeSet;

use super::lone::{Lone, Taken};
use crate::distribution::{infer_rows, without_variance};
use crate::error::EstimateError;
use crate::panel::{Names, Panel};
use crate::regression::singletons::singletons;
use crate::regression::{Design, Factor, Fit, fit};
use crate::resample::bands::add_bands;
use crate::result::{Covariance, TidyRow, Warning};
use crate::sample::{DropReason, Ledger};
use crate::spec::{Method, PanelUse, Spec, Variance};
use crate::variance::{SmallSample, Vcov, vcov};

/// Kept rows of a panel with their factors.
pub(crate) struct TwoWay<'a> {
    pub(crate) panel: &'a Panel,
    pub(crate) ledger: Ledger<'a>,
    pub(crate) rows: Vec<usize>,
    pub(crate) outcome: Vec<f64>,
    pub(crate) factors: Vec<Factor>,
    pub(crate) cluster: Factor,
    /// A second level of clusters, for errors clustered in two ways.
    pub(crate) second_cluster: Option<Factor>,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) covariates: Vec<(String, Vec<f64>)>,
}

impl<'a> TwoWay<'a> {
    /// Settles which rows are in, and says why the others are not.
    pub(crate) fn new(panel: &'a Panel, spec: &Spec) -> Result<Self, EstimateError> {
        spec.check()?;
        let mut ledger = Ledger::new(panel);
        let mut warnings = Vec::new();
        let always: Vec<usize> = (0..panel.n_units())
            .filter(|&u| panel.is_always_treated(u))
            .collect();
        if !always.is_empty() {
            let names: Vec<&str> = always
                .iter()
                .take(5)
                .map(|&u| panel.units()[u].id.as_str())
                .collect();
            warnings.push(always_treated(always.len(), &names, spec.keep_always_treated));
            if !spec.keep_always_treated {
                always
                    .iter()
                    .for_each(|&u| ledger.drop_unit(u, DropReason::AlwaysTreated));
            }
        }
        let mut covariates = Vec::new();
        for name in &spec.covariates {
            let values = panel.covariate(name)?;
            for (row, _) in values.iter().enumerate().filter(|(_, v)| v.is_none()) {
                ledger.drop_row(row, DropReason::MissingCovariate);
            }
            covariates.push((name.clone(), values));
        }
        if spec.panel_use == PanelUse::Balanced {
            for u in 0..panel.n_units() {
                if panel.unit_rows(u).filter(|&r| ledger.is_kept(r)).count() < panel.n_periods() {
                    ledger.drop_unit(u, DropReason::NotBalanced);
                }
            }
        }
        let candidates = ledger.kept();
        let effects = absorbed(panel, spec)?;
        let at = |rows: &[usize], of: &[usize]| -> Vec<usize> { rows.iter().map(|&r| of[r]).collect() };
        let factors_of = |rows: &[usize]| -> Vec<Factor> {
            effects
                .iter()
                .map(|(name, levels)| Factor::new(name.clone(), &at(rows, levels)))
                .collect()
        };
        let alone = singletons(&factors_of(&candidates));
        for (&row, factor) in candidates.iter().zip(&alone) {
            let Some(name) = factor.and_then(|k| effects.get(k)).map(|(name, _)| name) else {
                continue;
            };
            let reason = if *name == panel.names().unit {
                DropReason::SingletonUnit
            } else if *name == panel.names().period {
                DropReason::SingletonPeriod
            } else {
                DropReason::SingletonLevel
            };
            ledger.drop_row(row, reason);
        }
        let rows = ledger.kept();
        let clusters: Vec<usize> = rows
            .iter()
            .map(|&r| panel.units()[panel.row_unit()[r]].cluster)
            .collect();
        let mut levels = Vec::new();
        for name in &spec.clusters {
            levels.push(Factor::new(name.clone(), &at(&rows, &panel.label(name)?)));
        }
        let mut levels = levels.into_iter();
        let (first, second) = (levels.next(), levels.next());
        if levels.next().is_some() {
            return Err(EstimateError::NoSuchInference {
                inference: "cluster".into(),
                reason: format!("{} levels of clusters", spec.clusters.len()),
                instead: "one or two".into(),
            });
        }
        Ok(Self {
            outcome: rows.iter().map(|&r| panel.outcome()[r]).collect(),
            factors: factors_of(&rows),
            cluster: first.unwrap_or_else(|| Factor::new(panel.names().cluster.clone(), &clusters)),
            second_cluster: second,
            weights: panel.weights().map(|w| rows.iter().map(|&r| w[r]).collect()),
            covariates: covariates
                .into_iter()
                .map(|(name, v)| (name, rows.iter().map(|&r| v[r].unwrap_or(0.0)).collect()))
                .collect(),
            panel,
            ledger,
            rows,
            warnings,
        })
    }

    /// Refuses samples in which treatment cannot be told from time.
    pub(crate) fn check_comparison(&self) -> Result<(), EstimateError> {
        let panel = self.panel;
        let (mut treated, mut pre, mut post) = (BTreeSet::new(), false, false);
        let mut untreated = BTreeSet::new();
        for &row in &self.rows {
            let unit = panel.row_unit()[row];
            if panel.is_treated_row(row) {
                treated.insert(unit);
                post = true;
            } else if panel.units()[unit].cohort.is_some() {
                pre = true;
            }
            if panel.units()[unit].cohort.is_none() {
                untreated.insert(unit);
            }
        }
        if treated.is_empty() {
            return if panel.cohorts().is_empty() || post {
                Err(EstimateError::NoTreated {
                    dropped: panel.units().iter().filter(|u| u.cohort.is_some()).count(),
                })
            } else {
                Err(EstimateError::NoPostPeriod)
            };
        }
        if !pre {
            return Err(EstimateError::NoPrePeriod {
                cohort: None,
                needed: 1,
                found: 0,
            });
        }
        if untreated.is_empty() && panel.cohorts().len() < 2 {
            return Err(EstimateError::NoControls {
                wanted: "untreated units".into(),
                n_never_treated: 0,
                n_not_yet_treated: 0,
                hint: "add units that are untreated while others are treated".into(),
            });
        }
        Ok(())
    }

    pub(crate) fn fit(&self, mut design: Design) -> Result<Fit, EstimateError> {
        for (name, column) in &self.covariates {
            design.push(name.clone(), column.clone());
        }
        fit(&self.outcome, &design, &self.factors, self.weights.as_deref())
    }

    /// Returns the covariance, or `None` with a warning where only one cluster is treated.
    /// Says which covariates others or the fixed effects explain.
    pub(crate) fn say_dropped(&mut self, fit: &Fit) {
        if !fit.dropped.is_empty() {
            self.warnings.push(Warning::new(
                "collinear",
                format!(
                    "left out, explained by fixed effects or other columns: {}",
                    fit.dropped.join(", ")
                ),
            ));
        }
    }

    /// Clusters of each cohort's rows.
    pub(crate) fn lone(&self) -> Lone {
        let cohort = |r: &usize| self.panel.units()[self.panel.row_unit()[*r]].cohort;
        let levels = self.cluster.levels().iter().map(|&c| c as usize);
        Lone::new(self.rows.iter().map(cohort).zip(levels), self.cluster.name())
    }

    /// Cohorts and periods of the rows, event times binned.
    pub(crate) fn cells(&self, bin: &dyn Fn(i64) -> i64) -> Vec<(i64, i64)> {
        let panel = self.panel;
        let mut cells: Vec<(i64, i64)> = self
            .rows
            .iter()
            .filter_map(|&r| {
                let g = panel.units()[panel.row_unit()[r]].cohort?;
                Some((g, g + bin(panel.periods()[panel.row_period()[r]] - g)))
            })
            .collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    pub(crate) fn vcov(&mut self, fit: &Fit, spec: &Spec) -> Result<Option<Vcov>, EstimateError> {
        let clusters: Vec<Factor> = std::iter::once(self.cluster.clone())
            .chain(self.second_cluster.clone())
            .collect();
        if spec.variance == Variance::Cluster {
            let treated: BTreeSet<u32> = self
                .rows
                .iter()
                .zip(self.cluster.levels())
                .filter(|(r, _)| self.panel.is_treated_row(**r))
                .map(|(_, c)| *c)
                .collect();
            if treated.len() == 1 {
                // The score of a single treated cluster sums to zero, so its own variance would be left out.
                self.warnings.push(one_cluster(self.cluster.name()));
                return Ok(None);
            }
            self.warnings
                .extend(few_clusters(treated.len(), self.cluster.name()));
        }
        vcov(fit, spec.variance, &clusters, SmallSample::default()).map(Some)
    }
}

/// Takes the weights from rows that rest on one cluster, so that they get no standard error, and says so.
///
/// `cells` are cohorts and periods, binned as the rows are.
pub(crate) fn without_lone(
    lone: &Lone,
    spec: &Spec,
    rows: &[TidyRow],
    weights: &mut [Vec<(usize, f64)>],
    cells: &[(i64, i64)],
) -> Option<Warning> {
    if spec.variance != Variance::Cluster {
        return None;
    }
    let taken = match spec.method {
        Method::SunAbraham => Taken::Apart,
        _ => Taken::Together,
    };
    // Sun and Abraham compare with units that are never treated only, the others with those treated later too.
    let (none, warning) = lone.rows(rows, cells, taken, spec.method != Method::SunAbraham);
    weights
        .iter_mut()
        .zip(&none)
        .filter(|(_, none)| **none)
        .for_each(|(weights, _)| weights.clear());
    warning
}

/// Returns the effects that are absorbed, each a name and a level by row of the panel.
fn absorbed(panel: &Panel, spec: &Spec) -> Result<Vec<(String, Vec<usize>)>, EstimateError> {
    let names = panel.names();
    if spec.absorb.is_empty() {
        return Ok(vec![
            (names.unit.clone(), panel.row_unit().to_vec()),
            (names.period.clone(), panel.row_period().to_vec()),
        ]);
    }
    let mut effects: Vec<(String, Vec<usize>)> = Vec::new();
    for name in &spec.absorb {
        if !effects.iter().any(|(met, _)| met == name) {
            effects.push((name.clone(), panel.label(name)?));
        }
    }
    Ok(effects)
}

/// Returns the absorbed effects in words: "unit and year".
pub(crate) fn effects_in_words(names: &Names, spec: &Spec) -> String {
    if spec.absorb.is_empty() {
        format!("{} and {}", names.unit, names.period)
    } else {
        spec.absorb.join(" and ")
    }
}

/// Returns the standard errors in words: "cluster standard errors by unit".
pub(crate) fn errors_in_words(names: &Names, spec: &Spec) -> String {
    let by = match spec.clusters.as_slice() {
        _ if spec.variance != Variance::Cluster => return format!("{} standard errors", spec.variance),
        [] => names.cluster.clone(),
        several => several.join(" and "),
    };
    format!("{} standard errors by {by}", spec.variance)
}

/// Says that units are treated from the first period on, and what becomes of them.
pub(crate) fn always_treated(n: usize, names: &[&str], keep: bool) -> Warning {
    let verb = if keep {
        "kept, as a comparison under a constant effect"
    } else {
        "left out"
    };
    Warning::new(
        "always_treated",
        format!(
            "{n} units are treated from the first period on ({}) and are {verb}",
            names.join(", ")
        ),
    )
}

/// Says that one treated cluster has no cluster-robust standard error.
pub(crate) fn one_cluster(name: &str) -> Warning {
    Warning::new(
        "one_treated_cluster",
        format!(
            "one treated cluster of `{name}`: no cluster-robust standard error exists; use randomisation or placebo inference"
        ),
    )
}

/// Says that treated clusters are few, where they are.
pub(crate) fn few_clusters(n_treated: usize, name: &str) -> Option<Warning> {
    (n_treated < 5).then(|| {
        Warning::new(
            "few_treated_clusters",
            format!(
                "{n_treated} treated clusters of `{name}`: cluster-robust errors tend to be too small; see randomisation"
            ),
        )
    })
}

/// Fills standard errors of rows that are weighted sums of coefficients; rows without weights get none.
pub(crate) fn infer_combinations(
    rows: &mut [TidyRow],
    weights: &[Vec<(usize, f64)>],
    vcov: &Vcov,
    spec: &Spec,
) -> Result<(Covariance, Option<Warning>), EstimateError> {
    let k = vcov.floor.len();
    let which: Vec<usize> = (0..rows.len())
        .filter(|&i| !weights[i].is_empty() && !rows[i].is_reference)
        .collect();
    let mut values = Vec::with_capacity(which.len().pow(2));
    for &a in &which {
        for &b in &which {
            let mut v = 0.0;
            for &(i, s) in &weights[a] {
                v += weights[b]
                    .iter()
                    .map(|&(j, t)| s * t * vcov.values[i * k + j])
                    .sum::<f64>();
            }
            values.push(v);
        }
    }
    let floor: Vec<f64> = which
        .iter()
        .map(|&i| weights[i].iter().map(|&(j, w)| w.abs() * vcov.floor[j]).sum())
        .collect();
    let (covariance, _) = infer_rows(rows, &which, &values, &floor, Some(vcov.df), spec.level)?;
    add_bands(spec, rows, &covariance, Some(vcov.df), None);
    let warning = without_variance(rows, &which, &covariance);
    Ok((covariance, warning))
}
