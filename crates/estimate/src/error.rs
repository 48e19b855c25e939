//! Why there is no estimate.
//!
//! | kind | variants | when |
//! |---|---|---|
//! | identification | [`NoTreated`](EstimateError::NoTreated), [`NoControls`](EstimateError::NoControls), [`NoPrePeriod`](EstimateError::NoPrePeriod), [`NoPostPeriod`](EstimateError::NoPostPeriod), [`Collinear`](EstimateError::Collinear), [`NoOverlap`](EstimateError::NoOverlap), [`NoCells`](EstimateError::NoCells), [`SeveralOnsets`](EstimateError::SeveralOnsets), [`NotUnique`](EstimateError::NotUnique) | the data cannot answer the question |
//! | inference | [`NoResidualDf`](EstimateError::NoResidualDf), [`TooFewClusters`](EstimateError::TooFewClusters), [`ZeroVariance`](EstimateError::ZeroVariance), [`TreatmentVariesWithinAssignment`](EstimateError::TreatmentVariesWithinAssignment), [`NoSuchInference`](EstimateError::NoSuchInference) | a number exists, its uncertainty does not |
//! | numerics | [`NotConverged`](EstimateError::NotConverged), [`NotFinite`](EstimateError::NotFinite), [`Singular`](EstimateError::Singular) | arithmetic gave up |
//! | arguments | [`UnknownName`](EstimateError::UnknownName), [`Shape`](EstimateError::Shape), [`OutOfRange`](EstimateError::OutOfRange), [`Missing`](EstimateError::Missing) | the specification asks for what is not there |
//!
//! Faults of the data themselves are not errors of an estimator: they are [`PanelFaults`](crate::PanelFaults)
//! and found before any estimator runs.

/// Why an estimate was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EstimateError {
    /// No unit of the sample is ever treated inside the window.
    #[error(
        "no treated unit is left in the sample ({dropped} treated units dropped)\nhint: the sample ledger lists each dropped row with its reason"
    )]
    NoTreated {
        /// Treated units that the panel held before the estimator dropped them.
        dropped: usize,
    },
    /// No unit can serve as comparison.
    #[error(
        "no comparison unit: {wanted} wanted, {n_never_treated} never treated and {n_not_yet_treated} not yet treated units are there\nhint: {hint}"
    )]
    NoControls {
        /// Which comparison the specification asks for.
        wanted: String,
        /// Never-treated units in the panel.
        n_never_treated: usize,
        /// Units treated later than the first cohort.
        n_not_yet_treated: usize,
        /// What would give a comparison.
        hint: String,
    },
    /// Too few periods before treatment.
    #[error("before treatment {needed} periods are needed, {found} found{}\nhint: start the window earlier, or leave that cohort out", .cohort.map(|g| format!(" for the cohort treated in {g}")).unwrap_or_default())]
    NoPrePeriod {
        /// The cohort concerned, if one.
        cohort: Option<i64>,
        /// Periods needed.
        needed: usize,
        /// Periods found.
        found: usize,
    },
    /// No period at or after treatment.
    #[error("no period at or after treatment is in the panel")]
    NoPostPeriod,
    /// Regressors that the others or the fixed effects explain.
    #[error(
        "collinear with the fixed effects or with other regressors: {}\nhint: drop them, or compare with units treated at another time", .columns.join(", ")
    )]
    Collinear {
        /// Names of the columns.
        columns: Vec<String>,
    },
    /// Treated units whose like is not among the controls.
    #[error(
        "no common support for cohort {cohort} in period {period}: {reason}\nhint: fewer covariates, or `--covariate-method reg`, which extrapolates and says so"
    )]
    NoOverlap {
        /// Cohort.
        cohort: i64,
        /// Period.
        period: i64,
        /// What was met.
        reason: String,
    },
    /// No cell (cohort, period) could be estimated.
    #[error("no cohort and period with both treated and comparison units: {}", .reasons.join("; "))]
    NoCells {
        /// Why each cohort fell out.
        reasons: Vec<String>,
    },
    /// Several onsets where the method has one.
    #[error(
        "units are treated from {} on: this method compares one onset\nhint: run it once per onset, or use callaway-santanna", .onsets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    SeveralOnsets {
        /// The onsets.
        onsets: Vec<i64>,
    },
    /// More than one answer fits the data equally well.
    #[error("{what} is not unique: {reason}\nhint: {hint}")]
    NotUnique {
        /// What.
        what: String,
        /// Why.
        reason: String,
        /// What would settle it.
        hint: String,
    },
    /// As many parameters as observations.
    #[error("{n_obs} observations and {n_parameters} parameters leave no degrees of freedom for a variance")]
    NoResidualDf {
        /// Observations.
        n_obs: usize,
        /// Parameters, absorbed ones included.
        n_parameters: usize,
    },
    /// Cluster-robust variance needs clusters.
    #[error("{found} clusters of `{level}`: at least {needed} are needed\nhint: {hint}")]
    TooFewClusters {
        /// What the clusters are.
        level: String,
        /// Clusters found.
        found: usize,
        /// Clusters needed.
        needed: usize,
        /// What would work.
        hint: String,
    },
    /// The variance is zero or below, so no statistic exists.
    #[error(
        "the variance of {term} is {variance:e}, not above zero to rounding: no standard error, p-value or interval exists"
    )]
    ZeroVariance {
        /// The term.
        term: String,
        /// The variance found.
        variance: f64,
    },
    /// Treatment is not constant inside an assignment unit.
    #[error(
        "treatment varies inside assignment units: {}\nhint: name the level at which treatment was decided", .groups.join(", ")
    )]
    TreatmentVariesWithinAssignment {
        /// The assignment units concerned.
        groups: Vec<String>,
    },
    /// The inference asked for does not exist for this estimate.
    #[error("{inference} inference does not exist here: {reason}\nhint: use {instead}")]
    NoSuchInference {
        /// What was asked.
        inference: String,
        /// Why not.
        reason: String,
        /// What works.
        instead: String,
    },
    /// An iteration ended without reaching its tolerance.
    #[error(
        "{what} did not converge in {iterations} iterations (last step {last_step:e}, tolerance {tolerance:e})"
    )]
    NotConverged {
        /// The iteration.
        what: String,
        /// Steps taken.
        iterations: usize,
        /// Size of the last step.
        last_step: f64,
        /// Wanted size.
        tolerance: f64,
        /// The last iterate.
        last: Vec<f64>,
    },
    /// A number that is not finite came out of finite input.
    #[error("{what} is not finite")]
    NotFinite {
        /// What.
        what: String,
    },
    /// A matrix that must be inverted is singular.
    #[error("{what} is singular")]
    Singular {
        /// The matrix.
        what: String,
    },
    /// A name that the panel does not hold.
    #[error("unknown {kind} `{name}`; known: {}", .known.join(", "))]
    UnknownName {
        /// Kind of thing.
        kind: &'static str,
        /// Name asked for.
        name: String,
        /// Names there are.
        known: Vec<String>,
    },
    /// Arrays whose lengths do not fit.
    #[error("{what}: length {expected} expected, {found} found")]
    Shape {
        /// Which array.
        what: String,
        /// Expected length.
        expected: usize,
        /// Found length.
        found: usize,
    },
    /// A value outside its range.
    #[error("{what} = {value}: {expected} expected")]
    OutOfRange {
        /// Which value.
        what: String,
        /// The value met.
        value: f64,
        /// What was expected.
        expected: String,
    },
    /// Something the estimator needs is not in the panel.
    #[error("{what} is needed\nhint: {hint}")]
    Missing {
        /// What is missing.
        what: String,
        /// Where to get it.
        hint: String,
    },
    /// The panel holds faults.
    #[error("{0}")]
    Faults(#[from] crate::panel::PanelFaults),
}
