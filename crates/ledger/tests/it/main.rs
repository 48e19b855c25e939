//! What the ledger keeps, through its public face.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod commit;
mod crash;
mod errors;
mod fixture;
mod history;
mod lens;
mod measure;
mod support;
mod verify;
