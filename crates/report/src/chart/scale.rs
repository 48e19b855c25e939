//! From values to places on paper.

/// A straight scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Returns the scale that takes `from` to `to`.
    #[must_use]
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        let from = if (from.1 - from.0).abs() < 1e-12 {
            (from.0 - 0.5, from.1 + 0.5)
        } else {
            from
        };
        Self { from, to }
    }

    /// Returns the place of a value.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        self.to.0 + (value - self.from.0) / (self.from.1 - self.from.0) * (self.to.1 - self.to.0)
    }
}

/// Returns round values that cover a span, with about `wanted` of them.
#[must_use]
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !span.is_finite() || span <= 0.0 || wanted == 0 {
        return vec![low];
    }
    let rough = span / wanted as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power);
    let mut values = Vec::new();
    let mut index = (low / step - 1e-9).ceil();
    while index * step <= high + step * 1e-9 && values.len() < 50 {
        values.push(index * step + 0.0);
        index += 1.0;
    }
    values
}

/// Returns the smallest and largest of finite values.
#[must_use]
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold(None, |span, value| match span {
            None => Some((value, value)),
            Some((low, high)) => Some((low.min(value), high.max(value))),
        })
}

/// Returns a tick's label: no more decimals than it needs, a minus sign, no exponent.
#[must_use]
pub fn label(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6 + 0.0;
    format!("{rounded}").replace('-', "−")
}

/// Returns a tick's label with a sign.
#[must_use]
pub fn signed_label(value: f64) -> String {
    let text = label(value);
    if value > 1e-9 { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{Scale, label, ticks};

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(63.0, 117.0, 5), [80.0, 100.0]);
        assert_eq!(
            ticks(-0.3, 0.3, 6),
            [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3].map(|v: f64| (v / 0.1).round() * 0.1 + 0.0)
        );
        assert_eq!(label(-0.5), "−0.5");
    }

    #[test]
    fn a_scale_without_width_does_not_divide_by_zero() {
        assert!(Scale::new((3.0, 3.0), (0.0, 100.0)).at(3.0).is_finite());
    }
}
