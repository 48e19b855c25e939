//! The text of every error is part of the interface.

use counterpart_estimate::{Columns, EstimateError, FirstTreated, Panel, Timing};

#[test]
fn every_message_says_what_was_met_and_what_to_do() {
    use EstimateError as E;
    let all = [
        E::NoTreated { dropped: 2 },
        E::NoControls {
            wanted: "never-treated units".into(),
            n_never_treated: 0,
            n_not_yet_treated: 4,
            hint: "compare with units that are not treated yet".into(),
        },
        E::NoPrePeriod {
            cohort: Some(2004),
            needed: 2,
            found: 1,
        },
        E::NoPrePeriod {
            cohort: None,
            needed: 1,
            found: 0,
        },
        E::NoPostPeriod,
        E::Collinear {
            columns: vec!["treated".into()],
        },
        E::NoOverlap {
            cohort: 2004,
            period: 2005,
            reason: "two comparison units for three coefficients".into(),
        },
        E::NoCells {
            reasons: vec!["cohort 2004 has no period before treatment".into()],
        },
        E::SeveralOnsets {
            onsets: vec![2004, 2006],
        },
        E::NotUnique {
            what: "the synthetic control".into(),
            reason: "five donors reproduce two periods".into(),
            hint: "add periods".into(),
        },
        E::NoResidualDf {
            n_obs: 4,
            n_parameters: 4,
        },
        E::TooFewClusters {
            level: "state".into(),
            found: 1,
            needed: 2,
            hint: "use randomisation".into(),
        },
        E::ZeroVariance {
            term: "ATT".into(),
            variance: 0.0,
        },
        E::TreatmentVariesWithinAssignment {
            groups: vec!["north".into()],
        },
        E::NoSuchInference {
            inference: "jackknife".into(),
            reason: "one treated unit".into(),
            instead: "placebo".into(),
        },
        E::NotConverged {
            what: "simplex weights".into(),
            iterations: 9,
            last_step: 0.5,
            tolerance: 1e-12,
            last: vec![],
        },
        E::NotFinite {
            what: "the outcome".into(),
        },
        E::Singular {
            what: "the covariance".into(),
        },
        E::UnknownName {
            kind: "covariate",
            name: "gdp".into(),
            known: vec!["lpop".into()],
        },
        E::Shape {
            what: "weights".into(),
            expected: 3,
            found: 2,
        },
        E::OutOfRange {
            what: "level".into(),
            value: 95.0,
            expected: "a number between 0 and 1".into(),
        },
        E::Missing {
            what: "a dose".into(),
            hint: "name the column that holds it".into(),
        },
    ];
    let text: String = all.iter().map(|e| format!("{e}\n")).collect();
    insta::assert_snapshot!(text, @r#"
    no treated unit is left in the sample (2 treated units dropped)
    hint: the sample ledger lists each dropped row with its reason
    no comparison unit: never-treated units wanted, 0 never treated and 4 not yet treated units are there
    hint: compare with units that are not treated yet
    before treatment 2 periods are needed, 1 found for the cohort treated in 2004
    hint: start the window earlier, or leave that cohort out
    before treatment 1 periods are needed, 0 found
    hint: start the window earlier, or leave that cohort out
    no period at or after treatment is in the panel
    collinear with the fixed effects or with other regressors: treated
    hint: drop them, or compare with units treated at another time
    no common support for cohort 2004 in period 2005: two comparison units for three coefficients
    hint: fewer covariates, or `--covariate-method reg`, which extrapolates and says so
    no cohort and period with both treated and comparison units: cohort 2004 has no period before treatment
    units are treated from 2004, 2006 on: this method compares one onset
    hint: run it once per onset, or use callaway-santanna
    the synthetic control is not unique: five donors reproduce two periods
    hint: add periods
    4 observations and 4 parameters leave no degrees of freedom for a variance
    1 clusters of `state`: at least 2 are needed
    hint: use randomisation
    the variance of ATT is 0e0, not above zero to rounding: no standard error, p-value or interval exists
    treatment varies inside assignment units: north
    hint: name the level at which treatment was decided
    jackknife inference does not exist here: one treated unit
    hint: use placebo
    simplex weights did not converge in 9 iterations (last step 5e-1, tolerance 1e-12)
    the outcome is not finite
    the covariance is singular
    unknown covariate `gdp`; known: lpop
    weights: length 3 expected, 2 found
    level = 95: a number between 0 and 1 expected
    a dose is needed
    hint: name the column that holds it
    "#);
}

#[test]
fn faults_print_with_row_column_value_expectation_and_hint() {
    let columns = Columns::new(
        ["a", "a", "b", "b"].map(String::from).to_vec(),
        vec![1, 1, 1, 2],
        vec![Some(1.0), Some(f64::NAN), None, Some(2.0)],
        Timing::FirstTreated([2.0, 2.5, 0.0, 0.0].map(FirstTreated::from).to_vec()),
    )
    .named("county", "year", "employment", "first_year");
    let faults = Panel::build(columns).unwrap_err();
    insta::assert_snapshot!(faults.to_string(), @r#"
    the panel has 3 faults
    row 2, column `year`, unit a: 1 again, first in row 1 (one row per unit and period expected)
    hint: remove the duplicate, or sum the rows before
    row 2, column `employment`, unit a: NaN (a finite number expected)
    hint: leave the cell empty if the value is unknown
    row 2, column `first_year`, unit a: 2.5 (a whole period, or empty for never treated expected)
    hint: write first treatment in the units of the period column
    "#);
}
