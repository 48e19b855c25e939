//! The program as people and scripts run it.

mod bad_input;
mod case;
mod claims;
mod degenerate;
mod docs;
mod estimate;
mod help;
mod least_squares;
mod ledger;
mod options;
mod run;
mod tiny;
mod trust;
mod verify;
