//! Integration tests of the appraisal, one module a subject.

#![expect(clippy::panic, reason = "a test that cannot read its case has failed")]

mod accounts;
mod activities;
mod cases;
mod claim_accounts;
mod contradictions;
mod data_gaps;
mod disclosure;
mod disclosure_tables;
mod due;
mod duties;
mod entitlements;
mod evidence;
mod graph_counts;
mod ladder;
mod lead_case;
mod outcomes;
mod people;
mod planted;
mod promises;
mod renamed;
mod repeatable;
mod rows;
mod screening;
mod totals;
