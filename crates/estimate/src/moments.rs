//! Cohort moments: one pass over a panel, then every linear estimator from a few numbers.
//!
//! Units are sorted by cohort, stratum and the set of periods in which they are seen; each such group keeps n, the
//! mean of its changes by period and their centred cross products Σ (d − d̄)(d − d̄)', and with clusters above the
//! unit also n and Σ d by cluster. Whatever N is, the estimators below need nothing else, because they are linear in
//! group means and the influence of a unit is affine in its changes: ψ_i = a_g'(d_i − d̄_g) + c_g, so that
//! Σ_i ψ_i ψ_i' = Σ_g (A_g' C_g A_g + n_g c_g c_g').
//!
//! Changes count from the first period in which a unit is seen, sums are kept about the first unit of a group, so that
//! a large level, common or of single units, costs no digits; accumulators [`merge`](CohortMoments::merge).
//! [`order`] says in which order units and chunks go in; with it the bits hang neither on rows nor on threads.
//!
//! The algebra, equation by equation, is in `docs/moments.md`.

mod affine;
mod group;
mod group_time;
mod imputation;
pub mod order;
mod regressions;
mod sums;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::error::EstimateError;
use crate::panel::{Names, Panel};
use crate::registry::little_before;
use crate::result::Estimated;
use crate::sample::{DropReason, DroppedCount};
use crate::spec::{Inference, Method, PanelUse, Spec, Variance};
use group::Group;
use order::{CHUNK_ROWS, Tree, canonical_order};
use sums::{Key, Sums};

/// Names of always-treated units that a warning lists.
const NAMED: usize = 5;

/// The accumulator.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CohortMoments {
    periods: Vec<i64>,
    names: Names,
    index: BTreeMap<Key, usize>,
    sums: Vec<Sums>,
    /// Labels of clusters by code; empty where the unit is the cluster.
    clusters: Vec<String>,
    n_input_rows: usize,
    missing: DroppedCount,
    /// Names of the first units in the order of letters that are treated from the first period on.
    always: Vec<String>,
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
            ..Self::default()
        })
    }

    /// Returns the moments of a panel. Clusters above the unit are kept beside them; weights are not in them.
    ///
    /// # Errors
    /// [`EstimateError::NoSuchInference`] for panels with weights.
    ///
    /// # Example
    /// From the period before to the one after, treated units change by 3.5 on average and the others by 1.5.
    /// ```
    /// # use counterpart_estimate::{Spec, moments::CohortMoments, spec::Method};
    /// let mut moments = CohortMoments::new(vec![1, 2, 3])?;
    /// moments.add_complete(Some(3), &[1.0, 2.0, 6.0, 2.0, 3.0, 6.0])?;
    /// moments.add_complete(None, &[0.0, 1.0, 2.0, 1.0, 2.0, 4.0])?;
    /// let estimated = moments.estimate(&Spec::new(Method::CallawaySantanna))?;
    /// assert!((estimated.rows()[0].estimate - 2.0).abs() < 1e-12);
    /// # Ok::<(), counterpart_estimate::EstimateError>(())
    /// ```
    pub fn of_panel(panel: &Panel) -> Result<Self, EstimateError> {
        if panel.weights().is_some() {
            return Err(refuse("the panel has weights".into()));
        }
        let t = panel.n_periods();
        let clustered = panel.clusters().len() != panel.n_units();
        let ids: Vec<&str> = panel.units().iter().map(|u| u.id.as_str()).collect();
        let order = canonical_order(&ids);
        let mut n_rows: Vec<usize> = (0..panel.n_units()).map(|u| panel.unit_rows(u).len()).collect();
        let mut missing = DroppedCount::default();
        let mut last = None;
        for e in &panel.excluded {
            n_rows[e.unit] += 1;
            missing.rows += 1;
            missing.units += usize::from(last != Some(e.unit));
            last = Some(e.unit);
        }
        // Units of each chunk, by the row in which they would start.
        let mut chunks: Vec<&[usize]> = Vec::new();
        let (mut start, mut chunk, mut row) = (0, 0, 0);
        for (k, &u) in order.iter().enumerate() {
            if row / CHUNK_ROWS != chunk {
                chunks.extend((k > start).then(|| &order[start..k]));
                (start, chunk) = (k, row / CHUNK_ROWS);
            }
            row += n_rows[u];
        }
        chunks.push(&order[start..]);
        let parts: Vec<Self> = chunks
            .par_iter()
            .map(|units| {
                let mut part = Self::new(panel.periods().to_vec())?;
                let mut y = vec![0.0; t];
                let mut seen = vec![false; t];
                for &u in *units {
                    y.fill(0.0);
                    seen.fill(false);
                    for r in panel.unit_rows(u) {
                        y[panel.row_period()[r]] = panel.outcome()[r];
                        seen[panel.row_period()[r]] = true;
                    }
                    let unit = &panel.units()[u];
                    let group = part.open(unit.cohort, 0, &seen);
                    let cluster = clustered.then_some(unit.cluster as u32);
                    part.push(group, &y, cluster);
                }
                Ok(part)
            })
            .collect::<Result<_, EstimateError>>()?;
        let mut tree = Tree::default();
        for part in parts {
            tree.push(part)?;
        }
        let mut moments = tree.finish()?.unwrap_or_default();
        if clustered {
            moments.clusters = panel.clusters().to_vec();
        }
        moments.names = panel.names().clone();
        moments.n_input_rows = panel.n_input_rows();
        moments.missing = missing;
        moments.always = (0..panel.n_units())
            .filter(|&u| panel.is_always_treated(u))
            .take(NAMED)
            .map(|u| panel.units()[u].id.clone())
            .collect();
        Ok(moments)
    }

    /// Sets the names of the columns, for the words of results.
    #[must_use]
    pub fn named(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Sets the labels of the clusters, by the codes that units were added with.
    #[must_use]
    pub fn with_clusters(mut self, labels: Vec<String>) -> Self {
        self.clusters = labels;
        self
    }

    /// Sets what was read beside the outcomes that were added: all rows of the input, and those without an outcome
    /// with their units.
    #[must_use]
    pub fn with_rows_read(mut self, rows: usize, missing_rows: usize, missing_units: usize) -> Self {
        self.n_input_rows = rows;
        self.missing = DroppedCount {
            rows: missing_rows,
            units: missing_units,
        };
        self
    }

    /// Sets the names of units treated from the first period on; the first few in the order of letters are kept.
    #[must_use]
    pub fn with_always_treated(mut self, mut names: Vec<String>) -> Self {
        names.sort_unstable();
        names.truncate(NAMED);
        self.always = names;
        self
    }

    /// Returns the periods.
    #[must_use]
    pub fn periods(&self) -> &[i64] {
        &self.periods
    }

    /// Returns the number of units.
    #[must_use]
    pub fn n_units(&self) -> u64 {
        self.sums.iter().map(|g| g.n as u64).sum()
    }

    /// Returns whether every unit is seen in every period.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let t = self.periods.len();
        self.iter().all(|(key, _)| (0..t).all(|p| key.sees(p)))
    }

    /// Returns the number of groups: cohorts by strata by sets of seen periods.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.sums.len()
    }

    /// Returns the number of units by cohort, never treated first.
    #[must_use]
    pub fn cohort_sizes(&self) -> BTreeMap<Option<i64>, u64> {
        let mut sizes = BTreeMap::new();
        for (key, sums) in self.iter() {
            *sizes.entry(key.cohort).or_insert(0) += sums.n as u64;
        }
        sizes
    }

    fn iter(&self) -> impl Iterator<Item = (&Key, &Sums)> {
        self.index.iter().map(|(key, &at)| (key, &self.sums[at]))
    }

    /// Returns the place of a group for [`push`](Self::push): a cohort (after the last period: never treated), a
    /// stratum, and whether each period is seen.
    pub fn open(&mut self, cohort: Option<i64>, stratum: u32, seen: &[bool]) -> usize {
        let t = self.periods.len();
        let mut bits = vec![0_u64; t.div_ceil(64)];
        for (p, _) in seen.iter().take(t).enumerate().filter(|(_, s)| **s) {
            bits[p / 64] |= 1 << (p % 64);
        }
        let key = Key {
            cohort: cohort.filter(|g| self.periods.last().is_some_and(|last| g <= last)),
            stratum,
            seen: bits,
        };
        if let Some(&at) = self.index.get(&key) {
            return at;
        }
        let at = self.sums.len();
        self.sums.push(Sums::new(&key, t));
        self.index.insert(key, at);
        at
    }

    /// Adds a unit to a group: one finite number a period, any number where it is not seen.
    ///
    /// # Panics
    /// If `group` did not come from [`open`](Self::open) of the same accumulator.
    pub fn push(&mut self, group: usize, outcome: &[f64], cluster: Option<u32>) {
        debug_assert_eq!(outcome.len(), self.periods.len());
        self.sums[group].add(outcome, cluster);
    }

    /// Adds one unit: its cohort and its outcome by period. A cohort after the last period is never treated.
    ///
    /// # Errors
    /// [`EstimateError::Shape`], [`EstimateError::NotFinite`].
    pub fn add(&mut self, cohort: Option<i64>, outcome: &[Option<f64>]) -> Result<(), EstimateError> {
        if outcome.len() != self.periods.len() {
            return Err(self.wrong_shape("outcome of a unit", outcome.len()));
        }
        if outcome.iter().flatten().any(|y| !y.is_finite()) {
            return Err(not_finite());
        }
        let seen: Vec<bool> = outcome.iter().map(Option::is_some).collect();
        let y: Vec<f64> = outcome.iter().map(|v| v.unwrap_or(0.0)).collect();
        let group = self.open(cohort, 0, &seen);
        self.push(group, &y, None);
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
            return Err(self.wrong_shape("outcomes of complete units", outcomes.len()));
        }
        if outcomes.iter().any(|y| !y.is_finite()) {
            return Err(not_finite());
        }
        let group = self.open(cohort, 0, &vec![true; t]);
        for y in outcomes.chunks_exact(t) {
            self.push(group, y, None);
        }
        self.n_input_rows += outcomes.len();
        Ok(())
    }

    fn wrong_shape(&self, what: &str, found: usize) -> EstimateError {
        EstimateError::Shape {
            what: what.into(),
            expected: self.periods.len(),
            found,
        }
    }

    /// Adds the units of another accumulator over the same periods, whose clusters have the same codes.
    ///
    /// Merging in a fixed order gives equal bits whatever ran in parallel before; [`Tree`] has one.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if the periods differ.
    pub fn merge(&mut self, other: &Self) -> Result<(), EstimateError> {
        self.absorb(other.clone())
    }

    /// Merges without copying: groups that only the other one has are moved.
    fn absorb(&mut self, mut other: Self) -> Result<(), EstimateError> {
        if self.periods != other.periods {
            return Err(self.wrong_shape("periods of moments", other.periods.len()));
        }
        // Both lists of keys ascend: one walk along both finds what is shared.
        let mut new: Vec<(Key, usize)> = Vec::new();
        let mut own = self.index.iter().peekable();
        for (key, at) in std::mem::take(&mut other.index) {
            while own.next_if(|(before, _)| **before < key).is_some() {}
            match own.next_if(|(same, _)| **same == key) {
                Some((_, &own)) => self.sums[own].merge(&other.sums[at]),
                None => new.push((key, at)),
            }
        }
        for (key, at) in new {
            let mut sums = std::mem::take(&mut other.sums[at]);
            sums.close();
            self.index.insert(key, self.sums.len());
            self.sums.push(sums);
        }
        self.n_input_rows += other.n_input_rows;
        self.missing.rows += other.missing.rows;
        self.missing.units += other.missing.units;
        Ok(())
    }

    /// Returns the moments with clusters numbered anew: `code[old]` is the new code.
    #[must_use]
    pub fn recoded(mut self, code: &[u32]) -> Self {
        self.sums.iter_mut().for_each(|s| s.recode(code));
        self
    }

    /// Returns the moments of some strata.
    ///
    /// # Drops
    /// The others; rows read are then those of the units that are left.
    #[must_use]
    pub fn only(&self, strata: &[u32]) -> Self {
        let mut part = Self {
            index: BTreeMap::new(),
            sums: Vec::new(),
            missing: DroppedCount::default(),
            n_input_rows: 0,
            ..self.clone()
        };
        for (key, sums) in self.iter().filter(|(key, _)| strata.contains(&key.stratum)) {
            let n_seen: u32 = key.seen.iter().map(|w| w.count_ones()).sum();
            part.n_input_rows += n_seen as usize * sums.n as usize;
            part.index.insert(key.clone(), part.sums.len());
            part.sums.push(sums.clone());
        }
        part
    }

    /// Whether clusters above the unit are kept: with as many labels as units each unit is its own.
    pub(crate) fn has_clusters(&self) -> bool {
        !self.clusters.is_empty() && self.clusters.len() as u64 != self.n_units()
    }

    /// Place of each cluster, by code, in the order of labels.
    pub(crate) fn cluster_rank(&self) -> Vec<usize> {
        let mut rank = vec![0; self.clusters.len()];
        for (place, at) in canonical_order(&self.clusters).into_iter().enumerate() {
            rank[at] = place;
        }
        rank
    }

    /// Returns why moments do not hold what a specification asks for; `None` where they do.
    #[must_use]
    pub fn reason_against(spec: &Spec) -> Option<String> {
        if !matches!(
            spec.method,
            Method::Did
                | Method::EventStudy
                | Method::CallawaySantanna
                | Method::SunAbraham
                | Method::Imputation
        ) {
            return Some(format!("{} needs the rows", spec.method));
        }
        if !spec.covariates.is_empty() {
            return Some("covariates are asked for".into());
        }
        if !spec.absorb.is_empty() {
            return Some("the effects to absorb are named".into());
        }
        if !spec.clusters.is_empty() {
            return Some("clusters in two ways are asked for".into());
        }
        if spec.inference != Inference::Analytic {
            return Some(format!("{} inference is asked for", spec.inference));
        }
        if spec.variance != Variance::Cluster {
            return Some(format!("{} errors are asked for", spec.variance));
        }
        (spec.panel_use == PanelUse::CrossSection && spec.method != Method::CallawaySantanna)
            .then(|| format!("the panel is to be used as {}", spec.panel_use))
    }

    /// Returns the estimate that a specification asks for, from moments alone: what the estimator on the rows gives,
    /// except for the ledger of single rows and influence functions.
    ///
    /// # Errors
    /// Those of the method; [`EstimateError::NoSuchInference`] for what moments do not hold: covariates, synthetic
    /// methods, doses, inference other than analytic, standard errors not clustered; [`EstimateError::NotFinite`].
    pub fn estimate(&self, spec: &Spec) -> Result<Estimated, EstimateError> {
        self.estimate_on(spec, &self.groups())
    }

    fn estimate_on(&self, spec: &Spec, groups: &[Group]) -> Result<Estimated, EstimateError> {
        spec.check()?;
        if let Some(reason) = Self::reason_against(spec) {
            return Err(refuse(reason));
        }
        if groups.iter().any(|g| g.cross.iter().any(|c| !c.is_finite())) {
            return Err(not_finite());
        }
        let cohorts = self.cohorts(groups);
        let groups = groups.to_vec();
        let mut estimated = match spec.method {
            Method::Did => self.did(spec, groups),
            Method::EventStudy => self.event_study(spec, groups),
            Method::CallawaySantanna => self.callaway_santanna(spec, groups),
            Method::SunAbraham => self.sun_abraham(spec, groups),
            Method::Imputation => self.imputation(spec, groups),
            other => Err(refuse(format!("{other} needs the rows"))),
        }?;
        estimated
            .warnings
            .extend(little_before(&self.periods, &cohorts, spec, &estimated));
        Ok(estimated)
    }

    /// Returns the estimate of every specification, in their order, on all cores; uniform bands are left out.
    #[must_use]
    pub fn curve(&self, specs: &[Spec]) -> Vec<Result<Estimated, EstimateError>> {
        let groups = self.groups();
        specs
            .par_iter()
            .map(|spec| {
                let mut quick = spec.clone();
                quick.draws = 0;
                let mut estimated = self.estimate_on(&quick, &groups)?;
                estimated.spec = spec.clone();
                Ok(estimated)
            })
            .collect()
    }

    /// Cohorts that are first treated after the first period, ascending.
    fn cohorts(&self, groups: &[Group]) -> Vec<i64> {
        let first = self.periods.first().copied().unwrap_or(0);
        let mut cohorts: Vec<i64> = groups
            .iter()
            .filter_map(|g| g.cohort)
            .filter(|&g| g > first)
            .collect();
        cohorts.sort_unstable();
        cohorts.dedup();
        cohorts
    }

    /// Units of the groups for which a test holds.
    fn units_where(groups: &[Group], test: impl Fn(&Group) -> bool) -> usize {
        groups.iter().filter(|g| test(g)).map(|g| g.n as usize).sum()
    }

    /// Number of always-treated units; drops them, unless they are to be kept.
    fn always_treated(&self, groups: &mut [Group], keep: bool) -> usize {
        let first = self.periods.first().copied().unwrap_or(0);
        let mut n = 0;
        for group in groups.iter_mut().filter(|g| g.cohort.is_some_and(|h| h <= first)) {
            n += group.n as usize;
            if !keep {
                group.drop_all(DropReason::AlwaysTreated);
            }
        }
        n
    }
}

fn refuse(reason: String) -> EstimateError {
    EstimateError::NoSuchInference {
        inference: "from moments".into(),
        reason,
        instead: "the estimator on the rows".into(),
    }
}

fn not_finite() -> EstimateError {
    EstimateError::NotFinite {
        what: "outcome of a unit".into(),
    }
}
