//! Studies: an estimand with its outcome, onset, window, estimators and checks.

use serde::Deserialize;

use crate::place::Level;
use crate::{Date, Id};

words! {
    /// Whether a study enters the headline.
    pub enum StudyRole {
        /// It does.
        Primary = "primary",
        /// It does not.
        Secondary = "secondary",
    }
}

words! {
    /// What an outcome is turned into before estimation.
    #[derive(Default)]
    pub enum Transform {
        /// Nothing.
        #[default]
        None = "none",
        /// Its natural logarithm.
        Log = "log",
    }
}

words! {
    /// Estimators, named as the command line names them.
    pub enum Estimator {
        /// Two-way fixed effects, treated × post.
        Did = "did",
        /// Event study by two-way fixed effects.
        EventStudy = "event-study",
        /// Callaway and Sant'Anna (2021).
        CallawaySantanna = "callaway-santanna",
        /// Sun and Abraham (2021).
        SunAbraham = "sun-abraham",
        /// Borusyak, Jaravel and Spiess (2024).
        Imputation = "imputation",
        /// Continuous dose × post.
        Dose = "dose",
        /// Synthetic control.
        SyntheticControl = "synthetic-control",
        /// Synthetic difference in differences.
        SyntheticDid = "synthetic-did",
    }
}

words! {
    /// Checks that a study may require.
    pub enum Check {
        /// Joint test of the coefficients before onset.
        PreTrend = "pre_trend",
        /// Onset moved to the middle of the pre-period.
        PlaceboInTime = "placebo_in_time",
        /// Misfit of a synthetic control before onset.
        PreFit = "pre_fit",
        /// Sign when one control is left out.
        LeaveOneOutSign = "leave_one_out_sign",
        /// Sign when the controls of one province are left out.
        LeaveOneProvinceOutSign = "leave_one_province_out_sign",
        /// Breakdown value of honest difference in differences.
        HonestBreakdown = "honest_breakdown",
        /// Smallest effect that the design would detect.
        Power = "power",
    }
}

words! {
    /// At which level treatment was given.
    pub enum AssignmentLevel {
        /// Nations.
        Nation = "nation",
        /// Provinces.
        Province = "province",
        /// Prefectures.
        Prefecture = "prefecture",
        /// Counties.
        County = "county",
        /// Divisions.
        Division = "division",
        /// All recipients of a provider together.
        Provider = "provider",
    }
}

/// An outcome of a study.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The indicator.
    pub indicator: Id,
    /// What it is turned into.
    #[serde(default)]
    pub transform: Transform,
}

/// An estimand with everything that was decided about it beforehand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Whether it enters the headline.
    pub role: StudyRole,
    /// Outcomes.
    pub outcomes: Vec<Outcome>,
    /// Level of its units.
    pub level: Level,
    /// The treated place or group.
    pub treated: Id,
    /// Control pools; the first is the study's own.
    #[serde(default)]
    pub pools: Vec<Id>,
    /// Rounds that treat.
    pub rounds: Vec<Id>,
    /// First treated period.
    pub onset: Date,
    /// What that date is.
    #[serde(default)]
    pub onset_basis: Option<String>,
    /// Onsets shown beside it.
    #[serde(default)]
    pub onset_beside: Vec<Date>,
    /// First and last period.
    pub window: (Date, Date),
    /// Windows shown beside it.
    #[serde(default)]
    pub windows_beside: Vec<(Date, Date)>,
    /// Estimators.
    pub estimators: Vec<Estimator>,
    /// The one that the verdict reads; else the first.
    #[serde(default)]
    pub main_estimator: Option<Estimator>,
    /// Level at which standard errors are clustered; else the unit.
    #[serde(default)]
    pub cluster: Option<AssignmentLevel>,
    /// Inference beside the default.
    #[serde(default)]
    pub inference: Option<Inference>,
    /// Level at which treatment was given.
    pub assignment_level: AssignmentLevel,
    /// Checks without which there is no verdict.
    #[serde(default)]
    pub required_checks: Vec<Check>,
    /// Variants, from the list that `docs/case-folder.md` gives.
    #[serde(default)]
    pub variants: Vec<String>,
    /// A continuous dose.
    #[serde(default)]
    pub dose: Option<Dose>,
    /// What cannot be told apart from the effect.
    #[serde(default)]
    pub confounds: Vec<String>,
    /// When the data had been looked at before the rule was written, and what had been seen.
    #[serde(default)]
    pub looked_at_before: Option<String>,
}

impl Study {
    /// Returns the estimator that the verdict reads.
    #[must_use]
    pub fn main_estimator(&self) -> Option<Estimator> {
        self.main_estimator.or_else(|| self.estimators.first().copied())
    }
}

/// Inference beside the default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inference {
    /// What is done with one-way cluster standard errors.
    #[serde(default)]
    pub crv1: Option<String>,
    /// Wild cluster bootstrap.
    #[serde(default)]
    pub wild: Option<Wild>,
    /// Randomisation inference.
    #[serde(default)]
    pub randomisation: Option<Randomisation>,
}

/// Wild cluster bootstrap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wild {
    /// Distribution of the weights.
    pub weights: String,
    /// Draws.
    pub draws: u32,
}

/// Randomisation inference.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Randomisation {
    /// Draws.
    pub draws: u32,
    /// What is permuted.
    #[serde(default)]
    pub permute: Option<String>,
}

/// A continuous dose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// Indicator of the provider that the dose is made of.
    pub base: Id,
    /// Year of the base.
    pub year: Date,
    /// Form of the dose.
    pub form: String,
    /// Whose base it is.
    pub of: String,
    /// Controls interacted with years.
    #[serde(default)]
    pub controls_by_year: Vec<String>,
    /// Providers counted apart from the region that holds them.
    #[serde(default)]
    pub apart: Vec<Apart>,
}

/// A provider counted apart from the region that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apart {
    /// The provider.
    pub provider: Id,
    /// The region that holds it.
    pub from: Id,
}
