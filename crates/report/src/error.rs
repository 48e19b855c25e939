//! What can go wrong while a report is written.
//!
//! | kind | variant | when |
//! |---|---|---|
//! | yours | [`ReportError::NotOurs`] | the output folder holds files that no report has |
//! | yours | [`ReportError::NotAFolder`] | the output is a file |
//! | world's | [`ReportError::Io`] | the disk refuses |
//! | ours | [`ReportError::Serialise`] | an assessment cannot be written as JSON |
//! | ours | [`ReportError::Csv`] | a table cannot be written as CSV |

use std::path::PathBuf;

/// What can go wrong while a report is written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The output folder holds something that no report has; it is left as it is.
    #[error(
        "{} holds {entry}, which is no file of a report; it was left as it is\nhint: choose an empty folder or one that holds an earlier report",
        folder.display()
    )]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// The first foreign entry.
        entry: String,
    },
    /// The output is a file.
    #[error("{} is a file; a report is a folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The disk refuses.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// To which path.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// An assessment cannot be written as JSON.
    #[error("the report cannot be written as JSON: {source}")]
    Serialise {
        /// Why.
        source: serde_json::Error,
    },
    /// A table cannot be written as CSV.
    #[error("the table {name} cannot be written as CSV: {reason}")]
    Csv {
        /// The table.
        name: String,
        /// Why.
        reason: String,
    },
}
