//! What can go wrong while appraising.
//!
//! | kind | variant | when |
//! |---|---|---|
//! | yours | [`AppraiseError::Faults`] | the case asks for something that its rows cannot give |
//! | ours | [`AppraiseError::Threshold`] | an assessment is published with a threshold that it was not made with |
//! | ours | [`AppraiseError::Serialise`] | an assessment cannot be written as JSON |

/// What can go wrong while appraising.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppraiseError {
    /// The case asks for something that its rows cannot give.
    #[error("{0}")]
    Faults(counterpart_model::Faults),
    /// An assessment was made with a lower threshold than the one it is to be published with.
    #[error(
        "counts of persons were withheld under {made_with}, not under {asked}: assess again with that threshold"
    )]
    Threshold {
        /// What was withheld.
        made_with: u32,
        /// What was to be.
        asked: u32,
    },
    /// An assessment cannot be written as JSON.
    #[error("the assessment cannot be written as JSON: {source}")]
    Serialise {
        /// Why.
        source: serde_json::Error,
    },
}
