//! The ledger: every statement of a case, kept append-only in hash-chained commits, read as of a commit and through
//! a lens.
//!
//! A **batch** holds rows of one table from one source. A **commit** adds batches atomically, names its author and
//! its parent, and carries a digest: a leaf is SHA-256(salt ‖ canonical row), a batch is the Merkle root of its
//! leaves, a commit is SHA-256 over its header, its batches and its parent's digest. Nothing stored is ever changed:
//! a correction is a later row with the same key, a withdrawal is a row that says why. `docs/ledger.md` draws this
//! and works one example through; `docs/decisions/0002-canonical-bytes.md` gives the bytes that are hashed.
//!
//! | module | holds |
//! |---|---|
//! | [`ledger`] | [`Ledger`]: open, commit, append, retract, list |
//! | [`batch`], [`commit`] | what goes into a commit, and what a commit is |
//! | [`canonical`], [`digest`] | the bytes that are hashed, digests, Merkle roots |
//! | [`view`] | [`View`]: all rows as of a commit, with the statements they came from |
//! | [`lens`] | [`Lensed`]: a record read through a lens, total over every cell |
//! | [`verify`] | recomputes everything and names what was altered |
//! | [`schema`] | the SQL of the typed tables, generated from [`counterpart_model::table`] |
//! | [`error`] | what can go wrong, and whose fault it is |
//!
//! # Example
//! ```
//! use counterpart_ledger::{AsOf, Batches, CommitHeader, Ledger};
//!
//! let mut ledger = Ledger::in_memory()?;
//! let batches = Batches { case_toml: Some("title = \"A case\"".into()), ..Batches::default() };
//! let outcome = ledger.commit(CommitHeader::new("office", "2026-11-24", "first"), batches.clone())?;
//! assert!(outcome.id().is_some());
//! // Equal content makes no second commit.
//! assert!(ledger.commit(CommitHeader::new("office", "2026-11-25", "again"), batches)?.id().is_none());
//! assert_eq!(ledger.view(AsOf::Head)?.case_toml(), "title = \"A case\"");
//! # Ok::<(), counterpart_ledger::LedgerError>(())
//! ```

pub mod batch;
pub mod canonical;
pub mod commit;
pub mod digest;
pub mod error;
pub mod ledger;
pub mod lens;
pub mod schema;
mod store;
pub mod verify;
pub mod view;

pub use batch::{BatchKind, Batches};
pub use commit::{CommitHeader, CommitId, CommitInfo, CommitOutcome, Preview, StatementKey};
pub use digest::Digest;
pub use error::{Blame, LedgerError};
pub use ledger::{AsOf, Event, Ledger, Withdrawn};
pub use lens::{Index, Lensed, Reading, Reason};
pub use verify::{Damage, Verified, verify_file};
pub use view::{Standing, Statement, View};
