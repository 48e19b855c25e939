//! The program as people and scripts run it.

mod bad_input;
mod case;
mod claims;
mod docs;
mod estimate;
mod export;
mod help;
mod record;
mod run;
mod tiny;
mod verify;
