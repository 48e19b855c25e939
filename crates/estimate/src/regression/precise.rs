//! Refinement of a least squares solution with residuals carried at twice the precision.
//!
//! Björck (1967, BIT 7): b and r solve [I X; Xᵀ 0][r; b] = [y; 0]. Each step computes the residual of this
//! system in double-double arithmetic and solves for the correction with the QR factors that are there. A step
//! multiplies the error by the condition of the scaled columns times 10⁻¹⁶, so the worst polynomials take six or so.

use super::collinearity::Qr;

/// An unevaluated sum of two doubles (Dekker 1971; Hida, Li, Bailey 2001).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Double {
    hi: f64,
    lo: f64,
}

impl Double {
    pub(crate) fn add(self, x: f64) -> Self {
        let s = self.hi + x;
        let t = s - self.hi;
        let e = (self.hi - (s - t)) + (x - t);
        Self::renormal(s, e + self.lo)
    }

    pub(crate) fn add_product(self, a: f64, b: f64) -> Self {
        let p = a * b;
        let e = a.mul_add(b, -p);
        self.add(p).add(e)
    }

    fn renormal(hi: f64, lo: f64) -> Self {
        let s = hi + lo;
        Self {
            hi: s,
            lo: lo - (s - hi),
        }
    }

    /// Returns the number whose shortest decimal is that of `x`: 0.1 is a tenth, not the double next to it.
    ///
    /// A cell of a file is a decimal; reading it as a double moves it by up to half a unit in the last place, which a
    /// badly conditioned design multiplies. What was written is had back from the double, as the shortest decimal that
    /// reads as it is the one that was written wherever that had at most 15 digits.
    pub(crate) fn of_decimal(x: f64) -> Self {
        Self::from_decimal(x).unwrap_or(Self { hi: x, lo: 0.0 })
    }

    fn from_decimal(x: f64) -> Option<Self> {
        /// 10²² is the largest power of ten that a double holds.
        const MOST: i32 = 22;
        let text = format!("{x:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
        let after_point = mantissa.split_once('.').map_or(0, |(_, after)| after.len());
        let exponent = exponent.parse::<i32>().ok()? - i32::try_from(after_point).ok()?;
        let whole = digits.parse::<i64>().ok()?;
        if exponent.abs() > MOST {
            return None;
        }
        let hi = whole as f64;
        let wide = Self {
            hi,
            lo: (i128::from(whole) - hi as i128) as f64,
        };
        let ten = 10_f64.powi(exponent.abs());
        Some(if exponent >= 0 {
            wide.times(Self { hi: ten, lo: 0.0 })
        } else {
            let first = wide.hi / ten;
            let left = wide.add_product(-first, ten);
            Self::renormal(first, left.value() / ten)
        })
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let p = self.hi * other.hi;
        let e = self.hi.mul_add(other.hi, -p) + (self.hi * other.lo + self.lo * other.hi);
        Self::renormal(p, e)
    }

    /// Returns the whole power, at least the first.
    pub(crate) fn power(self, power: u32) -> Self {
        (1..power).fold(self, |product, _| product.times(self))
    }

    pub(crate) fn parts(self) -> (f64, f64) {
        (self.hi, self.lo)
    }

    pub(crate) fn value(self) -> f64 {
        self.hi + self.lo
    }
}

/// Improves coefficients (in the columns' own scale) and residuals in place.
///
/// `columns` and `y` come with what a double cannot hold of them; an empty slice is nothing.
pub(crate) fn refine(
    qr: &Qr,
    columns: &[(&[f64], &[f64])],
    y: (&[f64], &[f64]),
    b: &mut [f64],
    r: &mut [f64],
    steps: usize,
) {
    let low = |of: &[f64], i: usize| of.get(i).copied().unwrap_or(0.0);
    let (y, y_low) = y;
    let k = b.len();
    let mut b2: Vec<Double> = b.iter().map(|&v| Double { hi: v, lo: 0.0 }).collect();
    let mut r2: Vec<Double> = r.iter().map(|&v| Double { hi: v, lo: 0.0 }).collect();
    for _ in 0..steps {
        let f: Vec<f64> = (0..y.len())
            .map(|i| {
                let mut s = Double { hi: y[i], lo: 0.0 }
                    .add(low(y_low, i))
                    .add(-r2[i].hi)
                    .add(-r2[i].lo);
                for (b, (x, x_low)) in b2.iter().zip(columns) {
                    s = s
                        .add_product(-x[i], b.hi)
                        .add_product(-x[i], b.lo)
                        .add_product(-low(x_low, i), b.hi);
                }
                s.value()
            })
            .collect();
        let g: Vec<f64> = (0..k)
            .map(|j| {
                let mut s = Double::default();
                let (x, x_low) = columns[j];
                for (i, e) in r2.iter().enumerate() {
                    s = s
                        .add_product(-x[i], e.hi)
                        .add_product(-x[i], e.lo)
                        .add_product(-low(x_low, i), e.hi);
                }
                // The factors belong to columns scaled to length one.
                s.value() / qr.scale[j]
            })
            .collect();
        let h = qr.solve_lower(&g);
        let d = qr.project(&f);
        let difference: Vec<f64> = d.iter().zip(&h).map(|(a, c)| a - c).collect();
        let db = qr.solve_upper(&difference);
        // Each step wins the digits that the condition of the columns leaves; the last one moves nothing.
        let step = (0..k).fold(0.0_f64, |m, j| {
            m.max((db[j] / qr.scale[j]).abs() / b2[j].value().abs())
        });
        for j in 0..k {
            b2[j] = b2[j].add(db[j] / qr.scale[j]);
        }
        for i in 0..r2.len() {
            let fitted: f64 = qr.q.iter().zip(&difference).map(|(q, c)| q[i] * c).sum();
            r2[i] = r2[i].add(f[i] - fitted);
        }
        if step <= 1e-17 {
            break;
        }
    }
    b.iter_mut().zip(&b2).for_each(|(to, from)| *to = from.value());
    r.iter_mut().zip(&r2).for_each(|(to, from)| *to = from.value());
}
