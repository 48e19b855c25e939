//! Refinement of a least squares solution with residuals carried at twice the precision.
//!
//! Björck (1967, BIT 7): b and r solve [I X; Xᵀ 0][r; b] = [y; 0]. Each step computes the residual of this
//! system in double-double arithmetic and solves for the correction with the QR factors that are there. Two
//! steps reach the limit of the data on all eleven NIST sets of linear regression.

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

    pub(crate) fn value(self) -> f64 {
        self.hi + self.lo
    }
}

/// Improves coefficients (in the columns' own scale) and residuals in place.
pub(crate) fn refine(qr: &Qr, columns: &[&[f64]], y: &[f64], b: &mut [f64], r: &mut [f64], steps: usize) {
    let k = b.len();
    let mut b2: Vec<Double> = b.iter().map(|&v| Double { hi: v, lo: 0.0 }).collect();
    let mut r2: Vec<Double> = r.iter().map(|&v| Double { hi: v, lo: 0.0 }).collect();
    for _ in 0..steps {
        let f: Vec<f64> = (0..y.len())
            .map(|i| {
                let mut s = Double { hi: y[i], lo: 0.0 }.add(-r2[i].hi).add(-r2[i].lo);
                for j in 0..k {
                    s = s
                        .add_product(-columns[j][i], b2[j].hi)
                        .add_product(-columns[j][i], b2[j].lo);
                }
                s.value()
            })
            .collect();
        let g: Vec<f64> = (0..k)
            .map(|j| {
                let mut s = Double::default();
                for (x, e) in columns[j].iter().zip(&r2) {
                    s = s.add_product(-x, e.hi).add_product(-x, e.lo);
                }
                // The factors belong to columns scaled to length one.
                s.value() / qr.scale[j]
            })
            .collect();
        let h = qr.solve_lower(&g);
        let d = qr.project(&f);
        let difference: Vec<f64> = d.iter().zip(&h).map(|(a, c)| a - c).collect();
        let db = qr.solve_upper(&difference);
        for j in 0..k {
            b2[j] = b2[j].add(db[j] / qr.scale[j]);
        }
        for i in 0..r2.len() {
            let fitted: f64 = qr.q.iter().zip(&difference).map(|(q, c)| q[i] * c).sum();
            r2[i] = r2[i].add(f[i] - fitted);
        }
    }
    b.iter_mut().zip(&b2).for_each(|(to, from)| *to = from.value());
    r.iter_mut().zip(&r2).for_each(|(to, from)| *to = from.value());
}
