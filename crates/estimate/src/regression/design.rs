//! What is regressed on what.

use super::precise::Double;
use crate::error::EstimateError;

/// Named regressors, column by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Vec<f64>>,
    /// What doubles cannot hold of the columns; empty where that is nothing.
    pub(crate) low: Vec<Vec<f64>>,
}

impl Design {
    /// Returns a design without columns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the design with one more column.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, column: Vec<f64>) -> Self {
        self.push(name, column);
        self
    }

    /// Adds a column.
    pub fn push(&mut self, name: impl Into<String>, column: Vec<f64>) {
        self.names.push(name.into());
        self.columns.push(column);
        self.low.push(Vec::new());
    }

    /// Adds a column of twice the precision.
    pub(crate) fn push_wide(&mut self, name: impl Into<String>, column: &[Double]) {
        let (high, low) = column.iter().map(|x| x.parts()).unzip();
        self.names.push(name.into());
        self.columns.push(high);
        self.low.push(low);
    }

    /// Returns the names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the columns.
    #[must_use]
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    pub(crate) fn check(&self, n: usize) -> Result<(), EstimateError> {
        for (name, column) in self.names.iter().zip(&self.columns) {
            if column.len() != n {
                return Err(EstimateError::Shape {
                    what: name.clone(),
                    expected: n,
                    found: column.len(),
                });
            }
            if column.iter().any(|x| !x.is_finite()) {
                return Err(EstimateError::NotFinite {
                    what: format!("column `{name}`"),
                });
            }
        }
        Ok(())
    }
}

/// A categorical variable whose effects are absorbed, with levels 0, 1, … without holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    name: String,
    levels: Vec<u32>,
    n_levels: usize,
}

impl Factor {
    /// Returns the factor of any labels; levels are numbered in the order of the labels.
    #[must_use]
    pub fn new<T: Ord + Copy>(name: impl Into<String>, labels: &[T]) -> Self {
        let mut distinct = labels.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let position = |l: &T| u32::try_from(distinct.partition_point(|d| d < l)).unwrap_or(u32::MAX);
        Self {
            name: name.into(),
            levels: labels.iter().map(position).collect(),
            n_levels: distinct.len(),
        }
    }

    /// Returns the factor of whole numbers, the same as [`Self::new`] makes of them, in one pass where they lie close
    /// together.
    ///
    /// # Example
    /// ```
    /// use counterpart_estimate::regression::Factor;
    /// let firms = [7_i64, -2, 7, 90];
    /// assert_eq!(Factor::of_integers("firm", &firms), Factor::new("firm", &firms));
    /// ```
    #[must_use]
    pub fn of_integers(name: impl Into<String>, labels: &[i64]) -> Self {
        /// Up to this many slots a row, a table of all numbers in between is quicker than sorting.
        const SLOTS_A_ROW: usize = 8;
        let (Some(&least), Some(&most)) = (labels.iter().min(), labels.iter().max()) else {
            return Self::new(name, labels);
        };
        let width = most
            .checked_sub(least)
            .and_then(|w| usize::try_from(w).ok())
            .filter(|&w| w < labels.len().saturating_mul(SLOTS_A_ROW) && w < u32::MAX as usize);
        let Some(width) = width else {
            return Self::new(name, labels);
        };
        let slot = |label: i64| usize::try_from(label - least).unwrap_or(0);
        let mut number = vec![0_u32; width + 1];
        labels.iter().for_each(|&l| number[slot(l)] = 1);
        let mut n_levels = 0;
        for met in &mut number {
            let here = n_levels;
            n_levels += *met;
            *met = here;
        }
        Self {
            name: name.into(),
            levels: labels.iter().map(|&l| number[slot(l)]).collect(),
            n_levels: n_levels as usize,
        }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the level by row.
    #[must_use]
    pub fn levels(&self) -> &[u32] {
        &self.levels
    }

    /// Returns the number of levels.
    #[must_use]
    pub fn n_levels(&self) -> usize {
        self.n_levels
    }

    /// Returns whether every level of this factor lies inside one level of `other`.
    #[must_use]
    pub fn is_nested_in(&self, other: &Self) -> bool {
        let mut parent = vec![u32::MAX; self.n_levels];
        self.levels.iter().zip(&other.levels).all(|(&a, &b)| {
            let slot = &mut parent[a as usize];
            if *slot == u32::MAX {
                *slot = b;
            }
            *slot == b
        })
    }
}
