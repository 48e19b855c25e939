//! What can go wrong between a disk and a case.
//!
//! | kind | variant | when |
//! |---|---|---|
//! | yours | [`ReadError::Faults`] | the folder's content is wrong; every fault is listed |
//! | yours | [`ReadError::NotAFolder`] | the path is no folder |
//! | yours | [`WriteError::Exists`] | a file would be written over |
//! | the world's | [`ReadError::Io`], [`WriteError::Io`] | the disk did not do what was asked |

use std::path::{Path, PathBuf};

use counterpart_model::{Fault, FaultCode, Faults, Location};

/// Why a case folder was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The content is wrong.
    #[error("{} in {}", counted(.0.len(), "fault"), counted(.0.n_files(), "file"))]
    Faults(Faults),
    /// The path is no folder.
    #[error("{}: no such folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The disk failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Most faults that are listed of one file.
pub(crate) const MOST_FAULTS: usize = 10_000;

/// Returns the fault that stands for those of a file that are not listed.
pub(crate) fn rest_of(file: &str) -> Fault {
    Fault::new(
        Location::file(file),
        FaultCode::TooLarge,
        &format!("more than {MOST_FAULTS} faults"),
        REST,
    )
}

const REST: &str = "a file with fewer faults; the rest were not listed";

/// Whether there are faults beyond those listed: a file that has more than 10,000 is listed up to there.
#[must_use]
pub fn is_truncated(faults: &Faults) -> bool {
    faults
        .as_slice()
        .iter()
        .any(|fault| fault.code == FaultCode::TooLarge && fault.expected == REST)
}

fn counted(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

impl ReadError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// Whether the input has to be changed before trying again: exit 2, else exit 1.
    #[must_use]
    pub const fn is_input(&self) -> bool {
        matches!(self, Self::Faults(_) | Self::NotAFolder { .. })
    }
}

impl From<Faults> for ReadError {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults)
    }
}

/// Why a case folder was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Something is there already.
    #[error("{}: already there; nothing is written over", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// The name cannot be that of a case.
    #[error("{name:?}: a case's name is made of small letters, digits, - and _, and begins with a letter")]
    Name {
        /// The name.
        name: String,
    },
    /// The disk failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl WriteError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
