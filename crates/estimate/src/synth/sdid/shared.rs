//! What placebos share: two tables of cross products, from which each takes its own Gram matrices.

use super::Block;
use crate::regression::collinearity::dot;

/// Cross products of the donors' outcomes.
pub(super) struct Shared {
    n_donors: usize,
    n_pre: usize,
    /// N × N over the periods before treatment, each donor less its own mean.
    donors: Vec<f64>,
    /// One row a donor, about the donors' mean: the periods before treatment, then the mean after it.
    rows: Vec<Vec<f64>>,
    /// (T_pre + 1) × (T_pre + 1): Σ over donors of `rows`' cross products.
    periods: Vec<f64>,
}

impl Shared {
    pub(super) fn of(block: &Block<'_>, post: &[usize]) -> Self {
        let (n, n_pre) = (block.n_donors(), block.n_pre);
        let centred: Vec<Vec<f64>> = block.outcome[..n]
            .iter()
            .map(|y| {
                let mean = y[..n_pre].iter().sum::<f64>() / n_pre as f64;
                y[..n_pre].iter().map(|v| v - mean).collect()
            })
            .collect();
        let mut rows: Vec<Vec<f64>> = block.outcome[..n]
            .iter()
            .map(|y| {
                let after = post.iter().map(|&t| y[t]).sum::<f64>() / post.len() as f64;
                y[..n_pre].iter().copied().chain(std::iter::once(after)).collect()
            })
            .collect();
        let width = n_pre + 1;
        // About the mean, so that taking a few donors out again costs no digits.
        let means: Vec<f64> = (0..width)
            .map(|t| rows.iter().map(|row| row[t]).sum::<f64>() / n as f64)
            .collect();
        for row in &mut rows {
            row.iter_mut().zip(&means).for_each(|(v, m)| *v -= m);
        }
        let columns: Vec<Vec<f64>> = (0..width)
            .map(|t| rows.iter().map(|row| row[t]).collect())
            .collect();
        Self {
            n_donors: n,
            n_pre,
            donors: products(&centred),
            periods: products(&columns),
            rows,
        }
    }

    /// Gram matrix of the donors' paths less the mean path of the chosen ones.
    pub(super) fn on_donors(&self, donors: &[usize], chosen: &[usize], ridge: f64) -> Vec<f64> {
        let (n, m) = (self.n_donors, donors.len());
        let share = 1.0 / chosen.len() as f64;
        let with_target = |k: usize| share * chosen.iter().map(|&c| self.donors[k * n + c]).sum::<f64>();
        let target: f64 = share * chosen.iter().map(|&c| with_target(c)).sum::<f64>();
        let side: Vec<f64> = donors.iter().map(|&k| with_target(k)).collect();
        let mut out = Vec::with_capacity(m * m);
        for (i, &k) in donors.iter().enumerate() {
            let row = &self.donors[k * n..(k + 1) * n];
            out.extend(
                donors
                    .iter()
                    .zip(&side)
                    .map(|(&l, s)| row[l] - side[i] - s + target),
            );
            out[i * m + i] += ridge;
        }
        out
    }

    /// Gram matrix over the donors that are not chosen of each period before treatment less the mean after it, both
    /// about their means.
    pub(super) fn on_periods(&self, chosen: &[usize], ridge: f64) -> Vec<f64> {
        let (n_pre, width) = (self.n_pre, self.n_pre + 1);
        let left = (self.n_donors - chosen.len()) as f64;
        // The donors' sums are zero about their mean, so what is left sums to minus the chosen.
        let sum: Vec<f64> = (0..width)
            .map(|t| -chosen.iter().map(|&c| self.rows[c][t]).sum::<f64>())
            .collect();
        let product = |s: usize, t: usize| {
            let taken: f64 = chosen.iter().map(|&c| self.rows[c][s] * self.rows[c][t]).sum();
            self.periods[s * width + t] - taken - sum[s] * sum[t] / left
        };
        let with_after: Vec<f64> = (0..width).map(|t| product(t, n_pre)).collect();
        let after = with_after[n_pre];
        let mut out = Vec::with_capacity(n_pre * n_pre);
        for s in 0..n_pre {
            out.extend(
                (0..n_pre).map(|t| product(s.max(t), s.min(t)) - with_after[s] - with_after[t] + after),
            );
            out[s * n_pre + s] += ridge;
        }
        out
    }
}

fn products(vectors: &[Vec<f64>]) -> Vec<f64> {
    let n = vectors.len();
    let mut out = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let s = dot(&vectors[i], &vectors[j]);
            out[i * n + j] = s;
            out[j * n + i] = s;
        }
    }
    out
}
