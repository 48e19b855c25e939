//! The rules of Counterpart: what the record comes to.
//!
//! Everything here reads a [`Record`](counterpart_model::Record) through a lens and yields an
//! [`Assessment`], whose shape is that of `report.json`. Nothing is written anywhere: an assessment becomes
//! publishable only through [`disclosure`].
//!
//! | module | answers |
//! |---|---|
//! | [`assessment`] | the shape of the result |
//! | [`disclosure`] | what may be published |

pub mod assessment;
pub mod disclosure;
mod error;

pub use assessment::Assessment;
pub use disclosure::Published;
pub use error::AppraiseError;
