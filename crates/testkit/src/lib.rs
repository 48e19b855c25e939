//! What tests of several rooms need; linked by tests only.
//!
//! | item | gives |
//! |---|---|
//! | [`shipped_case`] | the path of a case of this repository |
//! | [`copy_of`], [`Folder`] | a copy of a folder that a test may change, gone when the test ends |
//! | [`new_case`] | the small synthetic case of `counterpart new` |
//! | [`assert_close!`] | two numbers compared with a tolerance |

mod close;
mod folder;

pub use folder::{Folder, copy_of, new_case, shipped_case};
