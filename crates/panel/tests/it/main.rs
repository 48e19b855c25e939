//! Integration tests, one module per module of the crate.

#![expect(clippy::unwrap_used, reason = "tests")]

mod build;
mod builder;
mod cases;
mod derive;
mod dose;
mod graph;
mod onset;
mod pool;
mod scan;
