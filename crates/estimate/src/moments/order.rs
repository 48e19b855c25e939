//! One order of units and one way to put chunks together, so that no bit hangs on files, rows or threads.

use super::CohortMoments;
use crate::error::EstimateError;

/// Rows of a chunk: a unit belongs to the chunk in which its first row stands, all rows sorted by unit and period.
pub const CHUNK_ROWS: usize = 65_536;

/// Returns the whole number that a name is, if it is one written plainly: 7, not 07 or +7.
#[must_use]
pub fn plain_number(name: &str) -> Option<i64> {
    let number: i64 = name.parse().ok()?;
    let plain = name.strip_prefix('-').unwrap_or(name);
    (!plain.starts_with(['0', '+']) || name == "0").then_some(number)
}

/// Returns the order in which units enter moments: by number where every name is one, by letters otherwise.
#[must_use]
pub fn canonical_order<S: AsRef<str>>(names: &[S]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    let numbers: Option<Vec<i64>> = names.iter().map(|name| plain_number(name.as_ref())).collect();
    match numbers {
        Some(numbers) => order.sort_by_key(|&i| numbers[i]),
        None => order.sort_by(|&a, &b| names[a].as_ref().cmp(names[b].as_ref())),
    }
    order
}

/// Merges the moments of chunks, given in order, as a binary tree of fixed shape.
#[derive(Debug, Default)]
pub struct Tree {
    /// Roots of complete trees of 2^level chunks, levels falling.
    roots: Vec<(u32, CohortMoments)>,
}

impl Tree {
    /// Adds the moments of the next chunk.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if the periods differ.
    pub fn push(&mut self, chunk: CohortMoments) -> Result<(), EstimateError> {
        let (mut level, mut moments) = (0, chunk);
        while let Some((_, mut earlier)) = self.roots.pop_if(|(own, _)| *own == level) {
            earlier.absorb(moments)?;
            moments = earlier;
            level += 1;
        }
        self.roots.push((level, moments));
        Ok(())
    }

    /// Returns the moments of all chunks; `None` if there was none.
    ///
    /// # Errors
    /// [`EstimateError::Shape`] if the periods differ.
    pub fn finish(mut self) -> Result<Option<CohortMoments>, EstimateError> {
        let Some((_, mut moments)) = self.roots.pop() else {
            return Ok(None);
        };
        while let Some((_, mut earlier)) = self.roots.pop() {
            earlier.absorb(moments)?;
            moments = earlier;
        }
        Ok(Some(moments))
    }
}
