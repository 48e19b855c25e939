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
pub mod carried;
pub mod claim;
pub mod disclosure;
mod error;
pub mod gap;
pub mod reading;
pub mod verdict;
pub mod words;

pub use assessment::Assessment;
pub use disclosure::Published;
pub use error::AppraiseError;
