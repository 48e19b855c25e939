//! Integration tests of the appraisal, one module a subject.

#![expect(clippy::panic, reason = "a test that cannot read its case has failed")]

mod accounts;
mod cases;
mod claim_accounts;
mod contradictions;
mod disclosure;
mod disclosure_tables;
mod due;
mod duties;
mod entitlements;
mod lead_case;
mod people;
mod planted;
mod promises;
mod renamed;
mod repeatable;
mod rows;
mod screening;
mod totals;
