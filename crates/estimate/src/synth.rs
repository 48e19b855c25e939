//! Synthetic comparisons.
