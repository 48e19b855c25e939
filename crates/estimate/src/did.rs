//! Differences in differences.

pub(crate) mod aggregate;
pub mod callaway_santanna;
pub(crate) mod cells;
mod covariates;
pub mod dose;
pub mod event_study;
pub mod imputation;
pub(crate) mod lone;
pub mod sun_abraham;
pub mod two_by_two;
pub(crate) mod two_way;

pub use callaway_santanna::callaway_santanna;
pub use event_study::event_study;
pub use imputation::imputation;
pub use sun_abraham::sun_abraham;
pub use two_by_two::did;
pub(crate) use two_way::TwoWay;
