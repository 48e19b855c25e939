//! What can go wrong while appraising.
//!
//! | kind | variant | when |
//! |---|---|---|
//! | yours | [`AppraiseError::Faults`] | the case asks for something that its rows cannot give |
//! | ours | [`AppraiseError::Serialise`] | an assessment cannot be written as JSON |

/// What can go wrong while appraising.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppraiseError {
    /// The case asks for something that its rows cannot give.
    #[error("{0}")]
    Faults(counterpart_model::Faults),
    /// An assessment cannot be written as JSON.
    #[error("the assessment cannot be written as JSON: {source}")]
    Serialise {
        /// Why.
        source: serde_json::Error,
    },
}
