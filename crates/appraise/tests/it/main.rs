//! Integration tests of the appraisal, one module a subject.

#![expect(clippy::panic, reason = "a test that cannot read its case has failed")]

mod cases;
mod contradictions;
mod disclosure;
mod due;
mod lead_case;
mod planted;
mod renamed;
mod repeatable;
