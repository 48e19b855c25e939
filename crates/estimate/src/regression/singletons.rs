//! Rows that a fixed effect explains alone.

use super::design::Factor;

/// Returns, by row, the index of the factor in which the row's level ends up with one row only, after removing
/// such rows again and again; `None` for rows that stay.
///
/// A row alone in its level has residual zero whatever the outcome is: it moves no coefficient, but it would
/// count as an observation and as a cluster (Correia 2015, "Singletons, cluster-robust standard errors and fixed
/// effects: a bad mix").
///
/// # Example
/// Row 2 is alone in its unit; without it period 1 has one row left, which goes too.
/// ```
/// use counterpart_estimate::regression::{Factor, singletons::singletons};
/// let unit = Factor::new("unit", &[0, 0, 1, 2, 2]);
/// let period = Factor::new("period", &[0, 2, 1, 0, 2]);
/// assert_eq!(singletons(&[unit, period]), vec![None, None, Some(0), None, None]);
/// ```
#[must_use]
pub fn singletons(factors: &[Factor]) -> Vec<Option<usize>> {
    let n = factors.first().map_or(0, |f| f.levels().len());
    let mut gone: Vec<Option<usize>> = vec![None; n];
    let mut counts: Vec<Vec<usize>> = factors
        .iter()
        .map(|f| {
            let mut c = vec![0; f.n_levels()];
            for &l in f.levels() {
                c[l as usize] += 1;
            }
            c
        })
        .collect();
    loop {
        let mut changed = false;
        for (k, factor) in factors.iter().enumerate() {
            for row in 0..n {
                if gone[row].is_none() && counts[k][factor.levels()[row] as usize] == 1 {
                    gone[row] = Some(k);
                    changed = true;
                    for (other, c) in factors.iter().zip(&mut counts) {
                        c[other.levels()[row] as usize] -= 1;
                    }
                }
            }
        }
        if !changed {
            return gone;
        }
    }
}
