//! Least squares on plain rows: no units, no periods, no treatment.

use super::precise::Double;
use super::singletons::singletons;
use super::{Design, Factor, fit_wide};
use crate::distribution::{infer_rows, without_variance};
use crate::error::EstimateError;
use crate::result::{Covariance, Diagnostic, Estimated, MethodText, Status, TidyRow, Warning};
use crate::sample::{DropReason, Sample};
use crate::spec::{Method, Spec, Variance};
use crate::variance::{SmallSample, vcov};

/// Name of the constant in results.
pub const INTERCEPT: &str = "intercept";

/// Plain columns, one entry a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossSection {
    /// Name of the outcome.
    pub name: String,
    /// The outcome; `None` where it is missing.
    pub outcome: Vec<Option<f64>>,
    /// Regressors by name.
    pub columns: Vec<(String, Vec<Option<f64>>)>,
    /// Labels by name: effects to absorb, clusters.
    pub labels: Vec<(String, Vec<String>)>,
    /// Weights.
    pub weights: Option<Vec<f64>>,
}

/// A regressor: a column or a whole power of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term<'a> {
    /// The column.
    pub column: &'a str,
    /// Its power, 1 for the column itself.
    pub power: u32,
}

impl<'a> Term<'a> {
    /// Returns the term of `x` or `x^3`.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        match text.rsplit_once('^') {
            Some((column, power)) if !column.is_empty() => match power.trim().parse() {
                Ok(power) if (1..=64).contains(&power) => Self {
                    column: column.trim(),
                    power,
                },
                _ => Self {
                    column: text,
                    power: 1,
                },
            },
            _ => Self {
                column: text,
                power: 1,
            },
        }
    }
}

impl CrossSection {
    fn column(&self, name: &str) -> Result<&[Option<f64>], EstimateError> {
        let found = self.columns.iter().find(|(met, _)| met == name);
        found
            .map(|(_, values)| values.as_slice())
            .ok_or_else(|| EstimateError::UnknownName {
                kind: "covariate",
                name: name.to_owned(),
                known: self.columns.iter().map(|(met, _)| met.clone()).collect(),
            })
    }

    fn label(&self, name: &str) -> Result<&[String], EstimateError> {
        let found = self.labels.iter().find(|(met, _)| met == name);
        found
            .map(|(_, values)| values.as_slice())
            .ok_or_else(|| EstimateError::UnknownName {
                kind: "column of labels",
                name: name.to_owned(),
                known: self.labels.iter().map(|(met, _)| met.clone()).collect(),
            })
    }
}

/// Returns the least squares fit of the outcome on [`Spec::covariates`].
///
/// y = Xb + Σ_f α_f + e with a constant unless `intercept` is false or effects are absorbed ([`Spec::absorb`]). A
/// covariate `x^3` is the third power of the column `x`. Without absorbed effects and weights the solution is refined
/// at twice the precision, with every number read as the shortest decimal that stands for it and with powers formed at
/// that precision: what is lost to rounding is lost by the data, not by the solver.
///
/// # Shapes and units
/// One row a term, the constant first. Errors by [`Spec::variance`]; clusters are [`Spec::clusters`], one or two.
///
/// # Drops
/// Rows without outcome or covariate, rows alone in their level of an absorbed effect. Columns that others explain are
/// named in a warning and have no row.
///
/// # Errors
/// Those of [`fit`](super::fit) and [`vcov`]; a fit that leaves nothing has coefficients and no standard errors.
///
/// # Source
/// Björck (1967, BIT 7) for the refinement; small-sample factors follow `fixest`.
///
/// # Example
/// ```
/// use counterpart_estimate::regression::cross_section::{CrossSection, ols};
/// use counterpart_estimate::spec::{CovariateMethod, Method, Spec, Variance};
/// let data = CrossSection {
///     name: "y".into(),
///     outcome: [1.0, 3.0, 4.0, 7.0].map(Some).to_vec(),
///     columns: vec![("x".into(), [1.0, 2.0, 3.0, 4.0].map(Some).to_vec())],
///     ..CrossSection::default()
/// };
/// let spec = Spec::new(Method::Ols).with_covariates(&["x"], CovariateMethod::Dr).with_variance(Variance::Iid);
/// let line = ols(&data, &spec, true)?;
/// assert!((line.rows()[1].estimate - 1.9).abs() < 1e-14);
/// # Ok::<(), counterpart_estimate::EstimateError>(())
/// ```
pub fn ols(data: &CrossSection, spec: &Spec, intercept: bool) -> Result<Estimated, EstimateError> {
    spec.check()?;
    let n = data.outcome.len();
    let terms: Vec<Term<'_>> = spec.covariates.iter().map(|text| term_of(data, text)).collect();
    let columns = terms
        .iter()
        .map(|term| data.column(term.column))
        .collect::<Result<Vec<_>, _>>()?;
    let mut drops: Vec<Option<DropReason>> = (0..n)
        .map(|r| {
            if data.outcome[r].is_none() {
                Some(DropReason::MissingOutcome)
            } else if columns.iter().any(|c| c.get(r).copied().flatten().is_none()) {
                Some(DropReason::MissingCovariate)
            } else {
                None
            }
        })
        .collect();
    let absorbed = spec
        .absorb
        .iter()
        .map(|name| data.label(name))
        .collect::<Result<Vec<_>, _>>()?;
    let factors_of = |rows: &[usize]| -> Vec<Factor> {
        let factor = |(name, of): (&String, &&[String])| {
            let levels: Vec<&str> = rows.iter().map(|&r| of[r].as_str()).collect();
            Factor::new(name.clone(), &levels)
        };
        spec.absorb.iter().zip(&absorbed).map(factor).collect()
    };
    let kept =
        |drops: &[Option<DropReason>]| -> Vec<usize> { (0..n).filter(|&r| drops[r].is_none()).collect() };
    let candidates = kept(&drops);
    for (&r, alone) in candidates.iter().zip(&singletons(&factors_of(&candidates))) {
        if alone.is_some() {
            drops[r] = Some(DropReason::SingletonLevel);
        }
    }
    let rows = in_canonical_order(data, kept(&drops));
    if rows.is_empty() {
        return Err(EstimateError::Missing {
            what: "a row with outcome and covariates".into(),
            hint: "the rows that are there lack one or the other".into(),
        });
    }
    let factors = factors_of(&rows);
    let mut design = Design::new();
    if intercept && factors.is_empty() {
        design.push(INTERCEPT, vec![1.0; rows.len()]);
    }
    for ((term, name), column) in terms.iter().zip(&spec.covariates).zip(&columns) {
        let wide: Vec<Double> = rows
            .iter()
            .map(|&r| Double::of_decimal(column[r].unwrap_or(0.0)).power(term.power))
            .collect();
        design.push_wide(name.clone(), &wide);
    }
    let outcome: Vec<Double> = rows
        .iter()
        .map(|&r| Double::of_decimal(data.outcome[r].unwrap_or(0.0)))
        .collect();
    let weights: Option<Vec<f64>> = data
        .weights
        .as_ref()
        .map(|w| rows.iter().map(|&r| w[r]).collect());
    let fitted = fit_wide(&outcome, &design, &factors, weights.as_deref())?;
    let mut result: Vec<TidyRow> = fitted
        .names
        .iter()
        .zip(&fitted.coefficients)
        .map(|(name, b)| TidyRow::new(name.clone(), *b))
        .collect();
    let mut warnings = Vec::new();
    if !fitted.dropped.is_empty() {
        warnings.push(Warning::new(
            "collinear",
            format!(
                "left out, explained by fixed effects or other columns: {}",
                fitted.dropped.join(", ")
            ),
        ));
    }
    if result.is_empty() {
        return Err(EstimateError::Collinear {
            columns: fitted.dropped,
        });
    }
    let clusters: Vec<Factor> = spec
        .clusters
        .iter()
        .map(|name| {
            let of = data.label(name)?;
            let levels: Vec<&str> = rows.iter().map(|&r| of[r].as_str()).collect();
            Ok(Factor::new(name.clone(), &levels))
        })
        .collect::<Result<_, EstimateError>>()?;
    let (mut covariance, mut df): (Option<Covariance>, Option<f64>) = (None, None);
    match vcov(&fitted, spec.variance, &clusters, SmallSample::default()) {
        Ok(found) => {
            let which: Vec<usize> = (0..result.len()).collect();
            let own = infer_rows(
                &mut result,
                &which,
                &found.values,
                &found.floor,
                Some(found.df),
                spec.level,
            )?;
            warnings.extend(without_variance(&result, &which, &own.0));
            covariance = Some(own.0);
            df = Some(found.df);
        }
        // The coefficients stand; that nothing is left of the outcome is said, and no error is made up.
        Err(error @ (EstimateError::ZeroVariance { .. } | EstimateError::NoResidualDf { .. })) => {
            let reason = match error {
                EstimateError::ZeroVariance { .. } => {
                    "the fit is exact to rounding: no standard error, p-value or interval exists".to_owned()
                }
                other => other.to_string(),
            };
            warnings.push(Warning::new("no_variance", reason));
        }
        Err(error) => return Err(error),
    }
    let n_clusters = clusters.iter().map(Factor::n_levels).min().unwrap_or(rows.len());
    let sample = Sample::of_rows(&drops, n_clusters);
    let mut estimated = Estimated::new(spec, result, sample, words(data, spec));
    estimated.covariance = covariance;
    estimated.warnings = warnings;
    estimated.df = df;
    estimated.diagnostics = summary(&outcome, weights.as_deref(), &fitted, intercept);
    Ok(estimated)
}

/// Sorts rows by what they hold, so that the order of the input changes no bit of any sum.
fn in_canonical_order(data: &CrossSection, mut rows: Vec<usize>) -> Vec<usize> {
    let number = |a: Option<f64>, b: Option<f64>| a.unwrap_or(0.0).total_cmp(&b.unwrap_or(0.0));
    rows.sort_by(|&a, &b| {
        let columns = data
            .columns
            .iter()
            .map(|(_, column)| number(column[a], column[b]));
        let labels = data.labels.iter().map(|(_, labels)| labels[a].cmp(&labels[b]));
        let weights = data.weights.iter().map(|w| w[a].total_cmp(&w[b]));
        let first = number(data.outcome[a], data.outcome[b]);
        columns
            .chain(labels)
            .chain(weights)
            .fold(first, std::cmp::Ordering::then)
    });
    rows
}

/// A column whose own name holds `^` wins over a power.
fn term_of<'a>(data: &CrossSection, text: &'a str) -> Term<'a> {
    if data.columns.iter().any(|(name, _)| name == text) {
        return Term {
            column: text,
            power: 1,
        };
    }
    Term::parse(text)
}

fn summary(
    outcome: &[Double],
    weights: Option<&[f64]>,
    fitted: &super::Fit,
    intercept: bool,
) -> Vec<Diagnostic> {
    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
    let total_weight: f64 = (0..outcome.len()).map(weight).sum();
    let centred = intercept || !fitted.factors.is_empty();
    let shift = outcome.first().map_or(0.0, |y| y.value());
    let mean = if centred {
        shift
            + (0..outcome.len())
                .map(|i| weight(i) * (outcome[i].value() - shift))
                .sum::<f64>()
                / total_weight
    } else {
        0.0
    };
    let total: f64 = (0..outcome.len())
        .map(|i| weight(i) * (outcome[i].value() - mean).powi(2))
        .sum();
    let named = |name: &str, value: f64| Diagnostic {
        name: name.into(),
        value: Some(value),
        p_value: None,
        status: Status::Holds,
        reason: None,
    };
    let rss = fitted.rss();
    let mut out = vec![named("residual_sum_of_squares", rss)];
    if total > 0.0 {
        out.push(named("r_squared", 1.0 - rss / total));
    }
    let left = fitted.n_obs.saturating_sub(fitted.n_parameters());
    if left > 0 {
        out.push(named("residual_std_dev", (rss / left as f64).sqrt()));
    }
    out
}

fn words(data: &CrossSection, spec: &Spec) -> MethodText {
    let effects = if spec.absorb.is_empty() {
        String::new()
    } else {
        format!(" with effects of {}", spec.absorb.join(" and "))
    };
    let by = if spec.variance == Variance::Cluster {
        format!(" by {}", spec.clusters.join(" and "))
    } else {
        String::new()
    };
    debug_assert_eq!(spec.method, Method::Ols);
    MethodText {
        text: format!(
            "Least squares of {} on {}{effects}; {} standard errors{by}.",
            data.name,
            spec.covariates.join(", "),
            spec.variance
        ),
        citation: vec![
            "Björck, Å. (1967). Iterative refinement of linear least squares solutions I. BIT 7, 257–278.".into(),
            "Bergé, L. (2018). Efficient estimation of maximum likelihood models with multiple fixed-effects: the R package FENmlm. CREA Discussion Paper 13.".into(),
        ],
    }
}
