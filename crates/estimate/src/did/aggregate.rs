//! Averages of group-time effects, with the uncertainty of their weights.
//!
//! Every average is θ = Σ_k ω_k θ_k with ω_k either fixed or proportional to the size of the cell's cohort. A
//! unit moves θ through the cells and, for estimated weights, through the cohort sizes:
//! ψ_i = Σ_k ω_k ψ_ik + Σ_k (m_i 1{g_i = g_k} − ω_k Σ_j m_i 1{g_i = g_j}) · θ_k · n / S with S = Σ_j n_{g_j} over
//! cells (Callaway and Sant'Anna 2021, section 4 and corollary 2).

use crate::result::TidyRow;
use crate::spec::Aggregation;

/// A cell's effect with everything an average needs.
pub(crate) struct GroupTime {
    pub(crate) cohort: i64,
    pub(crate) period: i64,
    pub(crate) effect: f64,
    pub(crate) is_reference: bool,
}

/// An average as weights on cells; `by_size` weights carry the uncertainty of cohort sizes.
#[derive(Clone, Debug)]
pub(crate) struct Average {
    pub(crate) row: TidyRow,
    /// Weight by cell, summing to one.
    pub(crate) weights: Vec<(usize, f64)>,
    /// Parts whose weights are proportional to cohort sizes: cells with their weight inside the part, the weight of
    /// the part in the whole, and the value that stands at each cell.
    pub(crate) sized: Vec<Sized>,
}

/// Cohorts with estimated shares inside an average.
#[derive(Clone, Debug)]
pub(crate) struct Sized {
    /// Weight of this part in the average.
    pub(crate) outer: f64,
    /// Cohort, share, and the value averaged with that share.
    pub(crate) terms: Vec<(i64, f64, f64)>,
    /// Σ of cohort sizes over the terms.
    pub(crate) total: f64,
}

/// Returns the averages of one kind: those by group, event time or period, after the overall one.
pub(crate) fn averages(kind: Aggregation, cells: &[GroupTime], size: &dyn Fn(i64) -> f64) -> Vec<Average> {
    let post: Vec<usize> = (0..cells.len())
        .filter(|&k| cells[k].period >= cells[k].cohort)
        .collect();
    let effect = |a: &Average| -> f64 { a.weights.iter().map(|&(k, w)| w * cells[k].effect).sum() };
    let finish = |mut a: Average| {
        a.row.estimate = effect(&a);
        a
    };
    let by_size = |row: TidyRow, chosen: &[usize]| -> Average {
        let total: f64 = chosen.iter().map(|&k| size(cells[k].cohort)).sum();
        let share = |k: usize| size(cells[k].cohort) / total;
        let terms = chosen
            .iter()
            .map(|&k| (cells[k].cohort, share(k), cells[k].effect))
            .collect();
        finish(Average {
            row,
            weights: chosen.iter().map(|&k| (k, share(k))).collect(),
            sized: vec![Sized {
                outer: 1.0,
                terms,
                total,
            }],
        })
    };
    let new_row = |term: &str| TidyRow::new(term, 0.0).in_aggregation(kind);
    let mean_of = |parts: &[&Average]| -> Average {
        let share = 1.0 / parts.len() as f64;
        let mut whole = Average {
            row: new_row("ATT"),
            weights: Vec::new(),
            sized: Vec::new(),
        };
        for part in parts {
            whole
                .weights
                .extend(part.weights.iter().map(|&(k, w)| (k, w * share)));
            whole.sized.extend(part.sized.iter().map(|s| Sized {
                outer: s.outer * share,
                ..s.clone()
            }));
        }
        finish(whole)
    };
    let distinct = |key: &dyn Fn(usize) -> i64, of: &[usize]| -> Vec<i64> {
        let mut keys: Vec<i64> = of.iter().map(|&k| key(k)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    if post.is_empty() && kind != Aggregation::Dynamic {
        return Vec::new();
    }
    match kind {
        Aggregation::GroupTime => Vec::new(),
        Aggregation::Simple => vec![by_size(new_row("ATT"), &post)],
        Aggregation::Group => {
            let mut parts = Vec::new();
            for g in distinct(&|k| cells[k].cohort, &post) {
                let own: Vec<usize> = post.iter().copied().filter(|&k| cells[k].cohort == g).collect();
                let share = 1.0 / own.len() as f64;
                let mut row = new_row(&format!("group::{g}"));
                row.group = Some(g);
                parts.push(finish(Average {
                    row,
                    weights: own.iter().map(|&k| (k, share)).collect(),
                    sized: Vec::new(),
                }));
            }
            let total: f64 = parts.iter().filter_map(|p| p.row.group).map(size).sum();
            let mut whole = Average {
                row: new_row("ATT"),
                weights: Vec::new(),
                sized: Vec::new(),
            };
            let mut terms = Vec::new();
            for part in &parts {
                let g = part.row.group.unwrap_or_default();
                let share = size(g) / total;
                whole
                    .weights
                    .extend(part.weights.iter().map(|&(k, w)| (k, w * share)));
                terms.push((g, share, part.row.estimate));
            }
            whole.sized.push(Sized {
                outer: 1.0,
                terms,
                total,
            });
            let mut out = vec![finish(whole)];
            out.extend(parts);
            out
        }
        Aggregation::Dynamic => {
            let all: Vec<usize> = (0..cells.len()).collect();
            let time = |k: usize| cells[k].period - cells[k].cohort;
            let mut parts = Vec::new();
            for e in distinct(&time, &all) {
                let own: Vec<usize> = all.iter().copied().filter(|&k| time(k) == e).collect();
                let mut part = by_size(new_row(&format!("event_time::{e}")).at_event_time(e), &own);
                part.row.is_reference = own.iter().all(|&k| cells[k].is_reference);
                parts.push(part);
            }
            let after: Vec<&Average> = parts
                .iter()
                .filter(|p| p.row.event_time.is_some_and(|e| e >= 0))
                .collect();
            let mut out = if after.is_empty() {
                Vec::new()
            } else {
                vec![mean_of(&after)]
            };
            out.extend(parts);
            out
        }
        Aggregation::Calendar => {
            let mut parts = Vec::new();
            for t in distinct(&|k| cells[k].period, &post) {
                let own: Vec<usize> = post.iter().copied().filter(|&k| cells[k].period == t).collect();
                let mut row = new_row(&format!("time::{t}"));
                row.time = Some(t);
                parts.push(by_size(row, &own));
            }
            let mut out = vec![mean_of(&parts.iter().collect::<Vec<_>>())];
            out.extend(parts);
            out
        }
    }
}

impl Average {
    /// Returns the cohorts whose size moves this average, with the derivative n·∂θ/∂(n_g) of each.
    ///
    /// A unit of cohort g with mass m has ψ_i += m · n · Σ_parts outer · (θ_terms of g − share-weighted mean)/S.
    pub(crate) fn size_gradient(&self) -> Vec<(i64, f64)> {
        let mut out: Vec<(i64, f64)> = Vec::new();
        for part in &self.sized {
            let mean: f64 = part.terms.iter().map(|(_, share, value)| share * value).sum();
            for (g, _, value) in &part.terms {
                let add = part.outer * (value - mean) / part.total;
                match out.iter_mut().find(|(h, _)| h == g) {
                    Some((_, v)) => *v += add,
                    None => out.push((*g, add)),
                }
            }
        }
        out
    }
}
