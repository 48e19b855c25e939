//! Integration tests, one module per module of the crate.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod builder;
mod derive;
mod graph;
mod pool;
