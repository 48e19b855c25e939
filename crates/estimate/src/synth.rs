//! Synthetic comparisons: weights on donors, and for synthetic difference in differences on periods.

mod block;
pub mod leave_one_out;
pub mod outcome_only;
pub mod path;
pub mod sdid;
pub mod simplex;

pub use leave_one_out::leave_one_out;
pub use outcome_only::synthetic_control;
pub use sdid::synthetic_did;
