//! The program as people and scripts run it.

mod accused;
mod bad_input;
mod case;
mod claims;
mod degenerate;
mod disclosure;
mod docs;
mod estimate;
mod export;
mod help;
mod least_squares;
mod ledger;
mod options;
mod owed;
mod questions;
mod record;
mod run;
mod tiny;
mod trust;
mod verify;
