//! Dispersion and convergence: arrays in, numbers out.

use counterpart_estimate::regression::{Design, fit};
use counterpart_estimate::spec::Variance;
use counterpart_estimate::variance::{SmallSample, vcov};

/// Returns the standard deviation of the natural logs of positive values, divisor n − 1.
///
/// None where there are fewer than two values or one that is not positive.
///
/// # Source
/// Sala-i-Martin (1996), The Economic Journal 106(437), eq. (3): σ-convergence is a fall of this over time.
///
/// # Example
/// The logs of 1, e and e² are 0, 1 and 2, whose standard deviation is 1.
/// ```
/// # use counterpart_appraise::outcome::dispersion::sigma;
/// let e = std::f64::consts::E;
/// assert!((sigma(&[1.0, e, e * e]).unwrap_or(0.0) - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn sigma(values: &[f64]) -> Option<f64> {
    if values.len() < 2 || values.iter().any(|value| !is_positive(*value)) {
        return None;
    }
    let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
    let n = count(logs.len());
    let mean = logs.iter().sum::<f64>() / n;
    let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
    Some((squares / (n - 1.0)).sqrt())
}

/// The slope of β-convergence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    /// b of (ln y_T − ln y_0)/T = a + b ln y_0: below zero where the poorer grew faster.
    pub slope: f64,
    /// Its standard error, HC1; none where the line fits exactly.
    pub std_error: Option<f64>,
}

/// Returns the slope of average yearly log growth on the log of the first level.
///
/// # Shapes and units
/// `first` and `last` have one positive value a place, in one order; `years` lie between them.
///
/// # Source
/// Barro and Sala-i-Martin (1992), Journal of Political Economy 100(2), eq. (11), in its linear form.
///
/// # Example
/// Two places that swap nothing but the distance: from 1 and e² to e and e² in one year; growth 1 and 0 over logs 0
/// and 2 has slope −½.
/// ```
/// # use counterpart_appraise::outcome::dispersion::beta;
/// let e = std::f64::consts::E;
/// let beta = beta(&[1.0, e * e], &[e, e * e], 1.0);
/// assert!(beta.is_none(), "two places leave nothing to estimate");
/// ```
#[must_use]
pub fn beta(first: &[f64], last: &[f64], years: f64) -> Option<Beta> {
    let usable = first.len() == last.len()
        && first.len() >= 3
        && years > 0.0
        && first.iter().chain(last).all(|value| is_positive(*value));
    if !usable {
        return None;
    }
    let initial: Vec<f64> = first.iter().map(|value| value.ln()).collect();
    let growth: Vec<f64> = last
        .iter()
        .zip(&initial)
        .map(|(last, initial)| (last.ln() - initial) / years)
        .collect();
    let design = Design::new()
        .with("one", vec![1.0; initial.len()])
        .with("initial", initial);
    let line = fit(&growth, &design, &[], None).ok()?;
    let at = line.names.iter().position(|name| name == "initial")?;
    let slope = line.coefficients.get(at).copied()?;
    let k = line.coefficients.len();
    let std_error = vcov(&line, Variance::Hc1, &[], SmallSample::default())
        .ok()
        .and_then(|vcov| vcov.values.get(at * k + at).copied())
        .map(f64::sqrt);
    Some(Beta { slope, std_error })
}

/// Theil's T and its parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Theil {
    /// All of it.
    pub total: f64,
    /// Σ over groups of the group's share of income times T inside it.
    pub within: f64,
    /// T of the groups' means.
    pub between: f64,
}

/// Returns Theil's T of positive values with weights, and its parts within and between groups.
///
/// T = Σ pᵢ (yᵢ/μ) ln(yᵢ/μ) with pᵢ the weights over their sum and μ = Σ pᵢ yᵢ. For groups g with weight p_g, mean μ_g
/// and T_g inside: within = Σ p_g (μ_g/μ) T_g, between = Σ p_g (μ_g/μ) ln(μ_g/μ), and T = within + between.
///
/// # Shapes and units
/// One value, weight and group a place; groups are numbered from 0. Nats.
///
/// # Source
/// Theil (1967), Economics and Information Theory, ch. 4; Shorrocks (1980), Econometrica 48(3), eq. (29) with c = 1.
///
/// # Example
/// Values 1 and 3 of equal weight: T = ½(½ ln ½) + ½(3/2 ln 3/2) = 0.130812…
/// ```
/// # use counterpart_appraise::outcome::dispersion::theil;
/// let theil = theil(&[1.0, 3.0], &[1.0, 1.0], &[0, 1]).ok_or("positive values")?;
/// assert!((theil.total - 0.130_812_035_941_136_97).abs() < 1e-15);
/// assert!(theil.within.abs() < 1e-15 && (theil.between - theil.total).abs() < 1e-15);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn theil(values: &[f64], weights: &[f64], groups: &[usize]) -> Option<Theil> {
    let n = values.len();
    let usable = n >= 2
        && weights.len() == n
        && groups.len() == n
        && values.iter().chain(weights).all(|value| is_positive(*value));
    if !usable {
        return None;
    }
    let all: f64 = weights.iter().sum();
    let mean = mean(values, weights);
    let rows = || values.iter().zip(weights).zip(groups);
    let part = |value: f64, of: f64| (value / of) * (value / of).ln();
    let total = rows().map(|((y, w), _)| w / all * part(*y, mean)).sum();
    let (mut within, mut between) = (0.0, 0.0);
    for group in 0..=groups.iter().copied().max().unwrap_or(0) {
        let of: Vec<(f64, f64)> = rows()
            .filter(|(_, g)| **g == group)
            .map(|((y, w), _)| (*y, *w))
            .collect();
        if of.is_empty() {
            continue;
        }
        let (y, w): (Vec<f64>, Vec<f64>) = of.into_iter().unzip();
        let weight: f64 = w.iter().sum();
        let own = self::mean(&y, &w);
        let inside: f64 = y.iter().zip(&w).map(|(y, w)| w / weight * part(*y, own)).sum();
        within += weight / all * (own / mean) * inside;
        between += weight / all * part(own, mean);
    }
    Some(Theil {
        total,
        within,
        between,
    })
}

fn mean(values: &[f64], weights: &[f64]) -> f64 {
    let all: f64 = weights.iter().sum();
    values.iter().zip(weights).map(|(y, w)| y * w / all).sum()
}

fn is_positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of places are far below 2^52")]
fn count(n: usize) -> f64 {
    n as f64
}
