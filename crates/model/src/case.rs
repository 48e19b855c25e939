//! `case.toml`: the questions a case asks, its clock, its verdict rule.

use serde::Deserialize;

use crate::lens::Lens;
use crate::pool::Pool;
use crate::study::Study;
use crate::{Date, Id};

/// The questions of a case, as `case.toml` writes them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Title.
    pub title: String,
    /// Title in Chinese.
    #[serde(default)]
    pub title_zh: Option<String>,
    /// The question that the report answers.
    pub question: String,
    /// The nation that the subject is compared with.
    pub nation: Id,
    /// The recipient that the case is about.
    pub subject: Id,
    /// The clock of every report.
    pub as_of: Date,
    /// Seed of everything that draws.
    pub seed: u64,
    /// Whether nothing in the case is about a real place.
    #[serde(default)]
    pub synthetic: bool,
    /// The description that comes before any effect.
    #[serde(default)]
    pub gap: Option<Gap>,
    /// What is withheld in what is published.
    pub disclosure: Disclosure,
    /// Whose figures.
    #[serde(default, rename = "lens")]
    pub lenses: Vec<Lens>,
    /// Compared with whom.
    #[serde(default, rename = "pool")]
    pub pools: Vec<Pool>,
    /// Which effects.
    #[serde(default, rename = "study")]
    pub studies: Vec<Study>,
    /// Which studies run under which lens.
    #[serde(default, rename = "lens_study")]
    pub lens_studies: Vec<LensStudies>,
    /// Limits of the grid of estimates.
    #[serde(default)]
    pub grid: Grid,
    /// The verdict rule.
    pub verdict: VerdictRule,
}

impl Case {
    /// Returns the studies that run under a lens; all of them where the case does not say.
    pub fn studies_under<'a>(&'a self, lens: &'a Id) -> impl Iterator<Item = &'a Study> {
        let chosen = self.lens_studies.iter().find(|entry| entry.lens == *lens);
        self.studies
            .iter()
            .filter(move |study| chosen.is_none_or(|entry| entry.studies.contains(&study.id)))
    }

    /// Returns a pool by its id.
    #[must_use]
    pub fn pool(&self, id: &Id) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.id == *id)
    }
}

/// Which gap is described: a place against its nation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The place.
    pub place: Id,
    /// The nation.
    pub nation: Id,
    /// Indicators, each a line of its own.
    pub indicators: Vec<Id>,
    /// The nation's indicator where a vintage has no national row.
    #[serde(default)]
    pub fallback_nation: Option<Id>,
    /// Goals that were stated for places.
    #[serde(default)]
    pub goals: Vec<Goal>,
}

/// A goal stated for a place by a claim.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The place.
    pub place: Id,
    /// The claim that states it.
    pub claim: Id,
}

/// What is withheld in what is published.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// Counts of persons from 1 to below this are withheld.
    pub threshold: u32,
    /// What counts as a cell, in words.
    #[serde(default)]
    pub cells: Option<String>,
}

/// The studies that run under one lens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LensStudies {
    /// The lens.
    pub lens: Id,
    /// Its studies.
    pub studies: Vec<Id>,
}

/// Limits of the grid of estimates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// Most estimates in one report, variants included.
    pub cap: u32,
}

impl Default for Grid {
    fn default() -> Self {
        Self { cap: 5000 }
    }
}

words! {
    /// A line of the decision table; the first that matches wins.
    pub enum VerdictLine {
        /// No series under the lens.
        NoSeries = "no_series",
        /// No admissible control.
        NoControl = "no_control",
        /// A required check fails.
        CheckFailed = "check_failed",
        /// The design can reach no p small enough.
        PFloor = "p_floor",
        /// The interval lies inside (−δ, +δ).
        Inside = "inside",
        /// The interval lies above 0 and the estimate is at least δ.
        Above = "above",
        /// The interval lies below 0 and the estimate is at most −δ.
        Below = "below",
        /// Anything else.
        ElseCannotTell = "else_cannot_tell",
    }
}

words! {
    /// How the verdicts of studies make a headline.
    pub enum HeadlineRule {
        /// All primary studies have to agree.
        AllPrimaryAgree = "all_primary_agree",
    }
}

/// The verdict rule, written before the estimates.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerdictRule {
    /// Confidence of intervals, 0–1.
    pub confidence: f64,
    /// Smallest effect of interest δ, in the outcome's unit (0.05 on a log is about 5 %).
    pub smallest_effect: f64,
    /// Why that one.
    #[serde(default)]
    pub reason: Option<String>,
    /// Lines of the decision table, in order.
    pub rule: Vec<VerdictLine>,
    /// How studies make a headline.
    pub headline: HeadlineRule,
}
