//! A specification as a value: it prints, hashes and goes into a table.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A member of the library that yields estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Method {
    /// Two-way fixed effects with one treatment dummy.
    Did,
    /// Two-way fixed effects with one dummy per event time.
    EventStudy,
    /// Group-time average effects.
    CallawaySantanna,
    /// Interaction-weighted event study.
    SunAbraham,
    /// Imputation of untreated outcomes.
    Imputation,
    /// Dose × post with unit and period effects.
    Dose,
    /// Synthetic control on outcomes.
    SyntheticControl,
    /// Synthetic difference in differences.
    SyntheticDid,
    /// Least squares on plain rows; not a method for panels, so not in [`Method::ALL`]. See
    /// [`ols`](crate::regression::cross_section::ols).
    Ols,
}

impl Method {
    /// Every method for panels, in the order of the registry.
    pub const ALL: [Self; 8] = [
        Self::Did,
        Self::EventStudy,
        Self::CallawaySantanna,
        Self::SunAbraham,
        Self::Imputation,
        Self::Dose,
        Self::SyntheticControl,
        Self::SyntheticDid,
    ];

    /// Returns the name as faces spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Did => "did",
            Self::EventStudy => "event-study",
            Self::CallawaySantanna => "callaway-santanna",
            Self::SunAbraham => "sun-abraham",
            Self::Imputation => "imputation",
            Self::Dose => "dose",
            Self::SyntheticControl => "synthetic-control",
            Self::SyntheticDid => "synthetic-did",
            Self::Ols => "ols",
        }
    }

    /// Returns the method of that name, hyphens and underscores alike.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.replace('_', "-");
        Self::ALL.into_iter().find(|m| m.name() == name)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? } default $default:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Returns the name as faces spell it.
            #[must_use]
            pub fn name(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
            /// Returns the choice of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> { Self::ALL.iter().copied().find(|c| c.name() == name) }
        }
        impl Default for $name { fn default() -> Self { Self::$default } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.name()) }
        }
    };
}

choice! {
    /// Who may serve as comparison.
    Control {
        /// Units that are never treated in the panel.
        Never = "never",
        /// Units that are not treated yet, the never-treated among them.
        NotYet = "not-yet",
    } default Never
}
choice! {
    /// Which period an effect before treatment is measured from.
    BasePeriod {
        /// The last period before treatment (minus anticipation), for every cell.
        Universal = "universal",
        /// The period just before, in cells before treatment.
        Varying = "varying",
    } default Universal
}
choice! {
    /// How covariates enter.
    CovariateMethod {
        /// Doubly robust.
        Dr = "dr",
        /// Inverse probability weighting.
        Ipw = "ipw",
        /// Outcome regression.
        Reg = "reg",
    } default Dr
}
choice! {
    /// How a panel with missing rows is used.
    PanelUse {
        /// Every cell uses the units seen in both of its periods.
        Pairs = "pairs",
        /// Only units seen in every period.
        Balanced = "balanced",
        /// Rows as repeated cross-sections.
        CrossSection = "cross-section",
    } default Pairs
}
choice! {
    /// Where standard errors and p-values come from.
    Inference {
        /// Formulas.
        Analytic = "analytic",
        /// Multiplier bootstrap of influence functions, with uniform bands.
        Multiplier = "multiplier",
        /// Wild cluster bootstrap.
        Wild = "wild",
        /// Re-assignment of treatment at the level of assignment.
        Randomisation = "randomisation",
        /// Placebo units.
        Placebo = "placebo",
        /// Leave one unit out.
        Jackknife = "jackknife",
        /// Units drawn with replacement.
        Bootstrap = "bootstrap",
    } default Analytic
}
choice! {
    /// Formula of the standard errors of regressions.
    Variance {
        /// Cluster-robust (CRV1).
        Cluster = "cluster",
        /// Homoskedastic.
        Iid = "iid",
        /// Heteroskedasticity-robust, n/(n − k).
        Hc1 = "hc1",
        /// Heteroskedasticity-robust, leverage-corrected.
        Hc2 = "hc2",
        /// Heteroskedasticity-robust, jackknife-like.
        Hc3 = "hc3",
    } default Cluster
}
choice! {
    /// How weights of synthetic methods are found.
    Solver {
        /// Exact active set.
        Exact = "exact",
        /// The published iteration, stopped as the packages stop it.
        Reference = "reference",
    } default Exact
}
choice! {
    /// What group-time effects are averaged into.
    Aggregation {
        /// One number over all treated cells.
        Simple = "simple",
        /// One number a cohort.
        Group = "group",
        /// One number an event time.
        Dynamic = "dynamic",
        /// One number a period.
        Calendar = "calendar",
        /// No averaging.
        GroupTime = "group-time",
    } default Simple
}

/// What is to be estimated and how. Built by a method's constructor and `with_…`; prints as one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Spec {
    /// The estimator.
    pub method: Method,
    /// Who serves as comparison.
    pub control: Control,
    /// Base period of effects before treatment.
    pub base_period: BasePeriod,
    /// Periods before onset in which an effect may already show.
    pub anticipation: u32,
    /// Names of covariates in the panel.
    pub covariates: Vec<String>,
    /// How covariates enter.
    pub covariate_method: CovariateMethod,
    /// Columns of labels whose effects regressions absorb, all of them; empty: unit and period.
    #[serde(default)]
    pub absorb: Vec<String>,
    /// Two columns of labels for two-way clustered errors of regressions; empty: the clusters of the panel.
    #[serde(default)]
    pub clusters: Vec<String>,
    /// Use of incomplete panels.
    pub panel_use: PanelUse,
    /// Source of uncertainty.
    pub inference: Inference,
    /// Formula of regression standard errors.
    pub variance: Variance,
    /// Aggregations wanted.
    pub aggregations: Vec<Aggregation>,
    /// First and last event time kept apart; what lies beyond is pooled into the end bins. `None`: no bins.
    pub bins: Option<(i64, i64)>,
    /// Event time that effects are measured from.
    pub reference: i64,
    /// Whether units treated from their first period on stay in two-way fixed effects (as other packages do).
    pub keep_always_treated: bool,
    /// Solver of synthetic methods.
    pub solver: Solver,
    /// Draws of a bootstrap or of randomisation.
    pub draws: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// Confidence level, between 0 and 1.
    pub level: f64,
}

impl Spec {
    /// Returns the default specification of a method.
    #[must_use]
    pub fn new(method: Method) -> Self {
        Self {
            method,
            control: Control::default(),
            base_period: BasePeriod::default(),
            anticipation: 0,
            covariates: Vec::new(),
            covariate_method: CovariateMethod::default(),
            absorb: Vec::new(),
            clusters: Vec::new(),
            panel_use: PanelUse::default(),
            inference: match method {
                Method::SyntheticControl | Method::SyntheticDid => Inference::Placebo,
                _ => Inference::Analytic,
            },
            variance: Variance::default(),
            aggregations: Aggregation::ALL.to_vec(),
            bins: None,
            reference: -1,
            keep_always_treated: false,
            solver: Solver::default(),
            draws: 999,
            seed: 1,
            level: 0.95,
        }
    }

    /// Returns the default of two-way fixed effects with one treatment dummy.
    #[must_use]
    pub fn did() -> Self {
        Self::new(Method::Did)
    }

    /// Returns the default of the two-way fixed effects event study.
    #[must_use]
    pub fn event_study() -> Self {
        Self::new(Method::EventStudy)
    }

    /// Sets the formula of standard errors.
    #[must_use]
    pub fn with_variance(mut self, variance: Variance) -> Self {
        self.variance = variance;
        self
    }

    /// Sets the source of uncertainty.
    #[must_use]
    pub fn with_inference(mut self, inference: Inference) -> Self {
        self.inference = inference;
        self
    }

    /// Sets who serves as comparison.
    #[must_use]
    pub fn with_control(mut self, control: Control) -> Self {
        self.control = control;
        self
    }

    /// Sets the base period.
    #[must_use]
    pub fn with_base_period(mut self, base_period: BasePeriod) -> Self {
        self.base_period = base_period;
        self
    }

    /// Sets covariates and how they enter.
    #[must_use]
    pub fn with_covariates(mut self, covariates: &[&str], method: CovariateMethod) -> Self {
        self.covariates = covariates.iter().map(|c| (*c).to_owned()).collect();
        self.covariate_method = method;
        self
    }

    /// Pools event times before `first` and after `last`.
    #[must_use]
    pub fn with_bins(mut self, first: i64, last: i64) -> Self {
        self.bins = Some((first, last));
        self
    }

    /// Sets draws and seed.
    #[must_use]
    pub fn with_draws(mut self, draws: usize, seed: u64) -> Self {
        self.draws = draws;
        self.seed = seed;
        self
    }

    /// Sets the confidence level.
    #[must_use]
    pub fn with_level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Checks what no type can: the level lies between 0 and 1, bins are in order.
    ///
    /// # Errors
    /// [`EstimateError::OutOfRange`](crate::EstimateError::OutOfRange) names the value.
    pub fn check(&self) -> Result<(), crate::EstimateError> {
        let refuse = |what: &str, value: f64, expected: &str| {
            Err(crate::EstimateError::OutOfRange {
                what: what.into(),
                value,
                expected: expected.into(),
            })
        };
        if !(self.level > 0.0 && self.level < 1.0) {
            return refuse("level", self.level, "a number between 0 and 1, such as 0.95");
        }
        if let Some((first, last)) = self.bins
            && first > last
        {
            return refuse("first bin", first as f64, "a bin not after the last one");
        }
        Ok(())
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "method={} control={} base_period={}",
            self.method, self.control, self.base_period
        )?;
        write!(f, " anticipation={} panel={}", self.anticipation, self.panel_use)?;
        if !self.covariates.is_empty() {
            write!(
                f,
                " covariates={} covariate_method={}",
                self.covariates.join(","),
                self.covariate_method
            )?;
        }
        if !self.absorb.is_empty() {
            write!(f, " absorb={}", self.absorb.join(","))?;
        }
        if !self.clusters.is_empty() {
            write!(f, " clusters={}", self.clusters.join(","))?;
        }
        if let Some((first, last)) = self.bins {
            write!(f, " bins={first}..{last}")?;
        }
        write!(f, " reference={}", self.reference)?;
        if self.keep_always_treated {
            f.write_str(" keep_always_treated")?;
        }
        let aggregations: Vec<&str> = self.aggregations.iter().map(|a| a.name()).collect();
        write!(f, " aggregate={}", aggregations.join(","))?;
        write!(
            f,
            " inference={} variance={} solver={}",
            self.inference, self.variance, self.solver
        )?;
        write!(f, " draws={} seed={} level={}", self.draws, self.seed, self.level)
    }
}

impl Eq for Spec {}

impl Hash for Spec {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The printed line holds every field, and floats print without loss.
        self.to_string().hash(state);
    }
}
