//! Integration tests of the appraisal, one module a subject.

mod try_claims;
