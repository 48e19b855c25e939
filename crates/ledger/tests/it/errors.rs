//! Errors are part of the interface.

use counterpart_ledger::{CommitId, LedgerError};
use counterpart_model::TableId;

#[test]
fn texts_of_the_errors() {
    let errors = [
        LedgerError::Sqlite {
            path: Some("case.ledger".into()),
            action: "store the commit",
            source: rusqlite::Error::InvalidQuery,
        },
        LedgerError::Missing {
            path: "case.ledger".into(),
        },
        LedgerError::NotALedger {
            path: "notes.txt".into(),
        },
        LedgerError::NewerSchema { met: 2, known: 1 },
        LedgerError::OldSqlite { met: "3.46.1".into() },
        LedgerError::Damaged {
            commit: 1,
            table: "claims".into(),
            row: 7,
        },
        LedgerError::Misfit {
            commit: 1,
            table: "claims".into(),
            row: 7,
            column: "value".into(),
        },
        LedgerError::NoSuchCommit { id: CommitId::new(9) },
        LedgerError::NoSuchStatement {
            table: TableId::Claims,
            key: "C1".into(),
        },
        LedgerError::EmptyHeader { what: "an author" },
        LedgerError::DuplicateKey {
            table: "claims".into(),
            key: "C1".into(),
        },
        LedgerError::WrongKind {
            table: TableId::Claims,
            key: "C1".into(),
            column: "value",
            met: "text",
        },
        LedgerError::TooManyRows,
    ];
    let texts: Vec<String> = errors
        .iter()
        .map(|error| format!("{:?}: {error}", error.blame()))
        .collect();
    insta::assert_snapshot!(texts.join("\n"), @r#"
    World: case.ledger: could not store the commit: Query is not read-only
    Input: case.ledger: no such ledger
    Input: notes.txt: not a ledger
    World: the ledger has schema 2; this version reads up to 1
    World: SQLite 3.46.1 can lose acknowledged commits; 3.51.3 or later is needed, and not 3.52.0
    World: commit 1, claims row 7: the stored row is not the one that was committed
    Ours: commit 1, claims row 7: "value" cannot be read
    Input: the ledger has no commit 9
    Input: claims has no current row "C1"
    Input: a commit needs an author
    Ours: claims has two rows "C1"
    Ours: claims row "C1": value holds a text
    Ours: more than 4,294,967,295 rows of a table in one commit, or 2,147,483,647 commits
    "#);
}
