//! Writes a published assessment as pages.
//!
//! [`write()`] turns a [`Published`](counterpart_appraise::Published) assessment into a folder: `index.html`,
//! `report.md`, `report.json` and `data/*.csv`. No rule of the subject lives here: every number printed was computed
//! by `counterpart-appraise`; this crate decides where it stands, how it is drawn and how many digits are shown.
//!
//! The same format-free blocks ([`document`]) become HTML ([`html`]) and Markdown ([`markdown`]).
//!
//! | module | holds |
//! |---|---|
//! | [`mod@document`] | the blocks of a page, and how an assessment becomes blocks |
//! | [`html`] | blocks as one self-contained page |
//! | [`markdown`] | the same blocks as Markdown |
//! | [`chart`] | one chart a file on one small SVG grammar |
//! | [`json`] | `report.json` and its schema |
//! | [`data`] | `data/*.csv` |
//! | [`anchor`] | the address of every object inside the page |
//! | [`words`] | numbers, units and states in words |
//! | [`folder`] | the folder that appears by rename |
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let published: counterpart_appraise::Published<counterpart_appraise::Assessment> = unimplemented!();
//! let written = counterpart_report::write(&published, std::path::Path::new("report"))?;
//! println!("{} files in {}", written.files.len(), written.folder.display());
//! # Ok(()) }
//! ```

pub mod anchor;
pub mod chart;
pub mod data;
pub mod document;
mod error;
pub mod folder;
pub mod html;
pub mod json;
pub mod markdown;
pub mod words;

pub use error::ReportError;
pub use folder::{Written, write};
pub use json::schema;
