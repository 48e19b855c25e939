//! Cohort moments.
