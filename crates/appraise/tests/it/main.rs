//! Integration tests of the appraisal, one module a subject.

mod cases;
mod lead_case;
mod planted;
mod renamed;
mod repeatable;
