//! Tests of the readers and writers, one module per subject.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that fails says so")]

mod shipped;
