//! Which rows rest on one cluster, so that their standard error would leave its variance out.
//!
//! Inside one cluster the deviations from the cluster's own mean sum to zero: a cohort in one cluster adds nothing to
//! Σψ², whatever its variance is, and a single comparison cluster likewise. What is left looks like a standard error and is
//! none (MacKinnon and Webb 2018, The Econometrics Journal 21(2)).

use std::collections::{BTreeMap, BTreeSet};

use crate::result::{TidyRow, Warning};

/// Clusters of each cohort's kept units; never treated is a cohort of its own.
pub(crate) struct Lone {
    clusters: BTreeMap<Option<i64>, BTreeSet<usize>>,
    level: String,
}

/// How a row takes its cohorts together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Each cohort has an effect of its own, and the row is their average.
    Apart,
    /// One coefficient for all of them.
    Together,
}

impl Lone {
    pub(crate) fn new(kept: impl IntoIterator<Item = (Option<i64>, usize)>, level: &str) -> Self {
        let mut clusters: BTreeMap<Option<i64>, BTreeSet<usize>> = BTreeMap::new();
        for (cohort, cluster) in kept {
            clusters.entry(cohort).or_default().insert(cluster);
        }
        Self {
            clusters,
            level: level.to_owned(),
        }
    }

    fn is_lone(&self, cohort: Option<i64>) -> bool {
        self.clusters.get(&cohort).is_some_and(|own| own.len() == 1)
    }

    /// Whether all that is compared with lies in one cluster: one never-treated cluster, and no other cohort to compare
    /// with where those count too.
    pub(crate) fn one_comparison(&self, others_count: bool) -> bool {
        self.is_lone(None) && (!others_count || self.clusters.len() == 2)
    }

    /// Returns which rows can have no standard error, and says so; `cells` are the cohorts and periods there are.
    pub(crate) fn rows(
        &self,
        rows: &[TidyRow],
        cells: &[(i64, i64)],
        taken: Taken,
        others_count: bool,
    ) -> (Vec<bool>, Option<Warning>) {
        let mut warned: BTreeSet<i64> = BTreeSet::new();
        let mut none = Vec::with_capacity(rows.len());
        let one_comparison = self.one_comparison(others_count);
        for row in rows {
            let own = cohorts_of(row, cells);
            let lone: Vec<i64> = own.iter().copied().filter(|g| self.is_lone(Some(*g))).collect();
            let all = match taken {
                Taken::Apart => !own.is_empty() && lone.len() == own.len(),
                Taken::Together => {
                    let union: BTreeSet<usize> = own
                        .iter()
                        .filter_map(|g| self.clusters.get(&Some(*g)))
                        .flatten()
                        .copied()
                        .collect();
                    union.len() == 1
                }
            };
            if !row.is_reference && (taken == Taken::Apart || all) {
                warned.extend(&lone);
            }
            none.push(one_comparison || all);
        }
        (none, self.warning(&warned, one_comparison))
    }

    fn warning(&self, cohorts: &BTreeSet<i64>, one_comparison: bool) -> Option<Warning> {
        let level = &self.level;
        if one_comparison {
            return Some(one_comparison_cluster(level));
        }
        let names: Vec<String> = cohorts.iter().map(ToString::to_string).collect();
        let which = match names.len() {
            0 => return None,
            1 => "cohort",
            _ => "cohorts",
        };
        Some(Warning::new(
            "one_treated_cluster",
            format!(
                "one treated cluster of `{level}` in {which} {}: its own variance cannot be seen; effects that rest on it alone have no standard error, averages over other cohorts too leave its variance out; use randomisation or placebo inference",
                names.join(", ")
            ),
        ))
    }
}

/// Says that one cluster is all there is to compare with.
pub(crate) fn one_comparison_cluster(level: &str) -> Warning {
    Warning::new(
        "one_comparison_cluster",
        format!(
            "one comparison cluster of `{level}`: its own variance cannot be seen, so no standard error exists; use randomisation or placebo inference"
        ),
    )
}

/// Cohorts that a row is about.
fn cohorts_of(row: &TidyRow, cells: &[(i64, i64)]) -> BTreeSet<i64> {
    let wanted = |&&(g, t): &&(i64, i64)| match (row.group, row.event_time, row.time) {
        (Some(group), ..) => g == group,
        (None, Some(event), _) => t - g == event,
        (None, None, Some(time)) => t == time && t >= g,
        (None, None, None) => t >= g,
    };
    cells.iter().filter(wanted).map(|c| c.0).collect()
}
