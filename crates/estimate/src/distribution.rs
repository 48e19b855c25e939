//! p-values and quantiles, refusing where they do not exist.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};

use crate::error::EstimateError;
use crate::result::{Covariance, TidyRow, Warning};

fn bad(what: &str, value: f64, expected: &str) -> EstimateError {
    EstimateError::OutOfRange {
        what: what.into(),
        value,
        expected: expected.into(),
    }
}

fn student(df: f64) -> Result<StudentsT, EstimateError> {
    StudentsT::new(0.0, 1.0, df).map_err(|_| bad("degrees of freedom", df, "a positive number"))
}

pub(crate) fn standard_normal() -> Normal {
    Normal::standard()
}

/// Two-sided p-value of a statistic; normal if `df` is `None`.
pub(crate) fn two_sided(statistic: f64, df: Option<f64>) -> Result<f64, EstimateError> {
    let tail = match df {
        None => standard_normal().sf(statistic.abs()),
        Some(df) => student(df)?.sf(statistic.abs()),
    };
    Ok((2.0 * tail).min(1.0))
}

/// The value that a two-sided interval of `level` multiplies the standard error with.
pub(crate) fn critical(level: f64, df: Option<f64>) -> Result<f64, EstimateError> {
    let p = 0.5 + level / 2.0;
    match df {
        None => Ok(standard_normal().inverse_cdf(p)),
        Some(df) => Ok(student(df)?.inverse_cdf(p)),
    }
}

/// The t value with the tail probability of a normal one; the value itself without degrees of freedom.
pub(crate) fn to_t(value: f64, df: Option<f64>) -> Option<f64> {
    match df {
        None => Some(value),
        Some(df) => student(df)
            .ok()
            .map(|t| -t.inverse_cdf(standard_normal().sf(value)))
            .filter(|t| t.is_finite()),
    }
}

/// Upper tail of F(df1, df2).
pub(crate) fn f_tail(value: f64, df1: f64, df2: f64) -> Result<f64, EstimateError> {
    FisherSnedecor::new(df1, df2)
        .map(|f| f.sf(value))
        .map_err(|_| bad("degrees of freedom", df2, "a positive number"))
}

/// Upper tail of χ²(df).
pub(crate) fn chi_squared_tail(value: f64, df: f64) -> Result<f64, EstimateError> {
    ChiSquared::new(df)
        .map(|c| c.sf(value))
        .map_err(|_| bad("degrees of freedom", df, "a positive number"))
}

/// Φ(x).
pub(crate) fn normal_cdf(x: f64) -> f64 {
    if x == f64::NEG_INFINITY {
        0.0
    } else {
        standard_normal().cdf(x)
    }
}

/// Φ⁻¹(p), infinite at the ends.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        f64::NEG_INFINITY
    } else if p >= 1.0 {
        f64::INFINITY
    } else {
        standard_normal().inverse_cdf(p)
    }
}

/// The value that |N(bias, 1)| stays below with probability `level`.
pub(crate) fn folded_critical(bias: f64, level: f64) -> f64 {
    let bias = bias.abs();
    let inside = |c: f64| normal_cdf(c - bias) - normal_cdf(-c - bias);
    let (mut low, mut high) = (0.0, bias + 40.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if inside(middle) < level {
            low = middle
        } else {
            high = middle
        }
    }
    0.5 * (low + high)
}

/// Fills the columns of a row that follow from a standard error.
pub(crate) fn infer(
    row: &mut TidyRow,
    std_error: f64,
    df: Option<f64>,
    level: f64,
) -> Result<(), EstimateError> {
    if !(std_error > 0.0 && std_error.is_finite()) {
        return Err(EstimateError::ZeroVariance {
            term: row.term.clone(),
            variance: std_error * std_error,
        });
    }
    let statistic = row.estimate / std_error;
    let reach = critical(level, df)? * std_error;
    row.std_error = Some(std_error);
    row.statistic = Some(statistic);
    row.p_value = Some(two_sided(statistic, df)?);
    row.conf_low = Some(row.estimate - reach);
    row.conf_high = Some(row.estimate + reach);
    Ok(())
}

/// Infers rows from their covariance. Rows whose standard error is at most its `floor` are zero to rounding: they get
/// none, and their positions are missing from the second part of the result.
///
/// # Errors
/// [`EstimateError::ZeroVariance`] if that holds for every row.
pub(crate) fn infer_rows(
    rows: &mut [TidyRow],
    which: &[usize],
    values: &[f64],
    floor: &[f64],
    df: Option<f64>,
    level: f64,
) -> Result<(Covariance, Vec<usize>), EstimateError> {
    let k = which.len();
    let good: Vec<usize> = (0..k)
        .filter(|&p| values[p * k + p].sqrt() > floor.get(p).copied().unwrap_or(0.0))
        .collect();
    if good.is_empty() && k > 0 {
        let term = which
            .first()
            .and_then(|&i| rows.get(i))
            .map(|r| r.term.clone())
            .unwrap_or_default();
        return Err(EstimateError::ZeroVariance {
            term,
            variance: values.first().copied().unwrap_or(0.0),
        });
    }
    for &p in &good {
        infer(&mut rows[which[p]], values[p * k + p].sqrt(), df, level)?;
    }
    let part = good
        .iter()
        .flat_map(|&a| good.iter().map(move |&b| values[a * k + b]))
        .collect();
    Ok((
        Covariance {
            rows: good.iter().map(|&p| which[p]).collect(),
            values: part,
        },
        good,
    ))
}

/// Says which rows have no variance, if any.
pub(crate) fn without_variance(
    rows: &[TidyRow],
    which: &[usize],
    covariance: &Covariance,
) -> Option<Warning> {
    let names: Vec<&str> = which
        .iter()
        .filter(|i| !covariance.rows.contains(i))
        .map(|&i| rows[i].term.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        Warning::new(
            "no_variance",
            format!(
                "the variance is zero to rounding, so no standard error is given: {}",
                names.iter().take(10).copied().collect::<Vec<_>>().join(", ")
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{critical, f_tail, two_sided};

    #[test]
    fn known_quantiles() {
        assert!((critical(0.95, None).unwrap() - 1.959_963_984_540_054).abs() < 1e-9);
        assert!((critical(0.95, Some(10.0)).unwrap() - 2.228_138_851_986_274).abs() < 1e-8);
        // F(1, ν) is t(ν)².
        let (t, df) = (1.7, 12.0);
        assert!((f_tail(t * t, 1.0, df).unwrap() - two_sided(t, Some(df)).unwrap()).abs() < 1e-10);
    }
}
