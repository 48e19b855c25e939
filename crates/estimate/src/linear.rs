//! Small symmetric matrices.

use crate::error::EstimateError;

/// Returns the lower Cholesky factor of a symmetric matrix, row by row.
///
/// # Errors
/// [`EstimateError::Singular`] if a pivot falls below 10⁻¹² of its diagonal entry.
pub(crate) fn cholesky(a: &[f64], n: usize, what: &str) -> Result<Vec<f64>, EstimateError> {
    let mut l = vec![0.0; n * n];
    for j in 0..n {
        let mut d = a[j * n + j];
        for k in 0..j {
            d -= l[j * n + k] * l[j * n + k];
        }
        if !(d > 1e-12 * a[j * n + j]) || !d.is_finite() {
            return Err(EstimateError::Singular {
                what: what.to_owned(),
            });
        }
        let root = d.sqrt();
        l[j * n + j] = root;
        for i in j + 1..n {
            let mut s = a[i * n + j];
            for k in 0..j {
                s -= l[i * n + k] * l[j * n + k];
            }
            l[i * n + j] = s / root;
        }
    }
    Ok(l)
}

/// Solves A x = b with the Cholesky factor of A.
pub(crate) fn cholesky_solve(l: &[f64], n: usize, b: &[f64]) -> Vec<f64> {
    let mut x = b.to_vec();
    for i in 0..n {
        for k in 0..i {
            x[i] -= l[i * n + k] * x[k];
        }
        x[i] /= l[i * n + i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            x[i] -= l[k * n + i] * x[k];
        }
        x[i] /= l[i * n + i];
    }
    x
}

/// Returns the inverse of a symmetric positive definite matrix.
pub(crate) fn inverse(a: &[f64], n: usize, what: &str) -> Result<Vec<f64>, EstimateError> {
    let l = cholesky(a, n, what)?;
    let mut out = vec![0.0; n * n];
    for j in 0..n {
        let mut e = vec![0.0; n];
        e[j] = 1.0;
        let column = cholesky_solve(&l, n, &e);
        for i in 0..n {
            out[i * n + j] = column[i];
        }
    }
    Ok(out)
}

/// Returns a generalised inverse of a positive semidefinite matrix: dependent rows are left out and hold zeros.
pub(crate) fn pseudo_inverse(a: &[f64], n: usize) -> Vec<f64> {
    let mut kept: Vec<usize> = Vec::new();
    let mut l: Vec<Vec<f64>> = Vec::new();
    for j in 0..n {
        let mut row = Vec::with_capacity(kept.len() + 1);
        for (i, lower) in l.iter().enumerate() {
            let mut s = a[j * n + kept[i]];
            for k in 0..i {
                s -= lower[k] * row[k];
            }
            row.push(s / lower[i]);
        }
        let d = a[j * n + j] - row.iter().map(|v| v * v).sum::<f64>();
        if d > 1e-10 * a[j * n + j].abs() {
            row.push(d.sqrt());
            l.push(row);
            kept.push(j);
        }
    }
    let m = kept.len();
    let mut dense = vec![0.0; m * m];
    for (i, row) in l.iter().enumerate() {
        dense[i * m..i * m + row.len()].copy_from_slice(row);
    }
    let mut out = vec![0.0; n * n];
    for (j, &at) in kept.iter().enumerate() {
        let mut e = vec![0.0; m];
        e[j] = 1.0;
        for (i, v) in cholesky_solve(&dense, m, &e).into_iter().enumerate() {
            out[kept[i] * n + at] = v;
        }
    }
    out
}
