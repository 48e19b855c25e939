//! Tests of the readers and writers, one module per subject.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that fails says so")]
#![allow(clippy::disallowed_methods, reason = "limits are about time and memory")]

mod case_toml;
mod faults;
mod generated;
mod limits;
mod refused;
mod round_trip;
mod scaffold;
mod schema;
mod shipped;
