//! What can be wrong with a study or pool before any number is read.
//!
//! | variant | when |
//! |---|---|
//! | [`PanelError::UnknownPlace`] | a study or pool names a place that is not on record |
//! | [`PanelError::NoTreated`] | no place of the study's level is treated |
//! | [`PanelError::LevelsDiffer`] | a pool offers places of another level than the study's |
//! | [`PanelError::WindowReversed`] | a window ends before it begins |

use counterpart_model::place::Level;
use counterpart_model::{Date, Id};

/// A study or pool that cannot be evaluated as it is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PanelError {
    /// A place or group that is not on record.
    #[error("{asked_by} names {place}, which is not on record")]
    UnknownPlace {
        /// The study or pool.
        asked_by: Id,
        /// The place.
        place: Id,
    },
    /// No place of the study's level is treated.
    #[error("study {study}: {treated} holds no place of level {level}")]
    NoTreated {
        /// The study.
        study: Id,
        /// Its treated place or group.
        treated: Id,
        /// Its level.
        level: Level,
    },
    /// The pool's level is not the study's.
    #[error(
        "study {study} is about places of level {study_level}, pool {pool} offers places of level {pool_level}"
    )]
    LevelsDiffer {
        /// The study.
        study: Id,
        /// Its level.
        study_level: Level,
        /// The pool.
        pool: Id,
        /// Its level.
        pool_level: Level,
    },
    /// A window that ends before it begins.
    #[error("study {study}: the window {from} to {to} ends before it begins")]
    WindowReversed {
        /// The study.
        study: Id,
        /// First date.
        from: Date,
        /// Last date.
        to: Date,
    },
}
