//! Householder QR that leaves out columns explained by those before them.

/// Relative size of what is left of a column below which it counts as explained by the columns before it.
///
/// Exact linear dependence leaves about 10⁻¹⁶. Filip, the hardest of the NIST sets, leaves 10⁻¹⁰ and must never
/// be dropped; 10⁻¹³ lies between.
pub const DENSE_TOLERANCE: f64 = 1e-13;

/// The same for columns from which fixed effects were taken out by iteration to a relative 10⁻¹².
pub const ABSORBED_TOLERANCE: f64 = 1e-9;

/// A QR decomposition of the kept columns, each scaled to length one first.
#[derive(Clone, Debug)]
pub(crate) struct Qr {
    /// Orthonormal columns.
    pub(crate) q: Vec<Vec<f64>>,
    /// Upper triangle, column by column: `r[j][i]` for i ≤ j.
    pub(crate) r: Vec<Vec<f64>>,
    /// Lengths by which the kept columns were divided.
    pub(crate) scale: Vec<f64>,
    /// Indices of kept columns.
    pub(crate) kept: Vec<usize>,
    /// Indices of columns left out.
    pub(crate) dropped: Vec<usize>,
}

#[inline]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Fixed chunks, so that the sum is the same whatever the compiler vectorises.
    const LANES: usize = 8;
    let mut parts = [0.0; LANES];
    let (ca, cb) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail: f64 = ca
        .remainder()
        .iter()
        .zip(cb.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in ca.zip(cb) {
        for k in 0..LANES {
            parts[k] += x[k] * y[k];
        }
    }
    let [a, b, c, d, e, f, g, h] = parts;
    ((a + b) + (c + d)) + ((e + f) + (g + h)) + tail
}

/// Decomposes `columns`; `norms` are the lengths that "small" is measured against (before absorption).
///
/// Gram–Schmidt with one re-orthogonalisation of each column gives Q orthonormal to rounding ("twice is
/// enough", Giraud, Langou, Rozložník 2005), reads like the textbook, and sees a dependent column when it comes.
pub(crate) fn qr(columns: &[Vec<f64>], norms: &[f64], tolerance: f64) -> Qr {
    let mut out = Qr {
        q: Vec::new(),
        r: Vec::new(),
        scale: Vec::new(),
        kept: Vec::new(),
        dropped: Vec::new(),
    };
    for (j, column) in columns.iter().enumerate() {
        let length = dot(column, column).sqrt();
        let reference = norms.get(j).copied().unwrap_or(length);
        if !(length > tolerance * reference) {
            out.dropped.push(j);
            continue;
        }
        let mut v: Vec<f64> = column.iter().map(|x| x / length).collect();
        let mut coefficients = vec![0.0; out.q.len()];
        for _ in 0..2 {
            for (q, c) in out.q.iter().zip(&mut coefficients) {
                let projection = dot(q, &v);
                *c += projection;
                v.iter_mut().zip(q).for_each(|(a, b)| *a -= projection * b);
            }
        }
        let left = dot(&v, &v).sqrt();
        if !(left > tolerance) || !(left * length > tolerance * reference) {
            out.dropped.push(j);
            continue;
        }
        v.iter_mut().for_each(|a| *a /= left);
        coefficients.push(left);
        out.q.push(v);
        out.r.push(coefficients);
        out.scale.push(length);
        out.kept.push(j);
    }
    out
}

impl Qr {
    /// Solves R x = b.
    pub(crate) fn solve_upper(&self, b: &[f64]) -> Vec<f64> {
        let k = self.r.len();
        let mut x = b.to_vec();
        for j in (0..k).rev() {
            x[j] /= self.r[j][j];
            let xj = x[j];
            for i in 0..j {
                x[i] -= self.r[j][i] * xj;
            }
        }
        x
    }

    /// Solves Rᵀ x = b.
    pub(crate) fn solve_lower(&self, b: &[f64]) -> Vec<f64> {
        let k = self.r.len();
        let mut x = b.to_vec();
        for j in 0..k {
            for i in 0..j {
                x[j] -= self.r[j][i] * x[i];
            }
            x[j] /= self.r[j][j];
        }
        x
    }

    /// Returns Qᵀ b.
    pub(crate) fn project(&self, b: &[f64]) -> Vec<f64> {
        self.q.iter().map(|q| dot(q, b)).collect()
    }

    /// Returns (XᵀX)⁻¹ of the kept columns in their own scale, row by row.
    pub(crate) fn bread(&self) -> Vec<f64> {
        let k = self.r.len();
        let mut inverse = vec![vec![0.0; k]; k];
        for (j, column) in inverse.iter_mut().enumerate() {
            let mut e = vec![0.0; k];
            e[j] = 1.0;
            *column = self.solve_upper(&e);
        }
        let mut out = vec![0.0; k * k];
        for a in 0..k {
            for b in 0..k {
                let s: f64 = (0..k).map(|j| inverse[j][a] * inverse[j][b]).sum();
                out[a * k + b] = s / (self.scale[a] * self.scale[b]);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{DENSE_TOLERANCE, qr};

    #[test]
    fn a_column_explained_by_others_is_left_out_whatever_its_scale() {
        let a = vec![1.0, 2.0, 3.0, 5.0];
        let b = vec![1.0, 1.0, 0.0, 2.0];
        let c: Vec<f64> = a.iter().zip(&b).map(|(x, y)| 1e6 * (x - y)).collect();
        let out = qr(&[a, b, c], &[], DENSE_TOLERANCE);
        assert_eq!((out.kept, out.dropped), (vec![0, 1], vec![2]));
    }
}
