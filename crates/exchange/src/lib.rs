//! Formats in and out: bytes on one side, values of the model on the other.
//!
//! A case folder is read whole or not at all. Every fault is found before anything is returned, each with file, line,
//! column, what was met, what was expected and what to do; a cell that could not be read is not checked a second time,
//! so that one mistake makes one fault.
//!
//! ```no_run
//! let folder = counterpart_exchange::case::read(std::path::Path::new("my-case"))?;
//! println!("{}: {} rows", folder.case.title, folder.n_rows());
//! # Ok::<(), counterpart_exchange::ReadError>(())
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`case`] | the folder: [`case::read`], [`case::write`] |
//! | [`case_toml`] | `case.toml` alone, and the list of its keys |
//! | [`datapackage`] | `datapackage.json` from the description of the tables |
//! | [`entry`] | rows to be put on record beside those that are there |
//! | [`refuse`] | headings about private persons, which no table may have |
//! | [`docs`] | the generated parts of `docs/case-folder.md` |
//! | [`scaffold`] | a small case to start from |
//! | [`panel_file`] | a panel for an estimate: columns by name out of one CSV or Parquet file |
//! | [`decode`] | limits and encodings |

mod cell;
mod check;
mod csv;
mod currency;
mod error;
mod geo;
mod hint;
mod panel_csv;
mod panel_parquet;
mod table_file;

pub mod case;
pub mod case_toml;
pub mod datapackage;
pub mod decode;
pub mod docs;
pub mod entry;
pub mod panel_file;
pub mod refuse;
pub mod scaffold;

pub use case::CaseFolder;
pub use error::{ReadError, WriteError, is_truncated};
pub use table_file::TableFile;
