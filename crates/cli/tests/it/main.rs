//! The program as people and scripts run it.

mod accused;
mod bad_input;
mod case;
mod claims;
mod disclosure;
mod docs;
mod estimate;
mod export;
mod help;
mod owed;
mod questions;
mod record;
mod run;
mod tiny;
mod verify;
