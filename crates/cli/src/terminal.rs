//! What people see: streams that stay quiet when nobody listens, marks, columns, screens.

pub(crate) mod answer;
pub(crate) mod change;
pub(crate) mod claims;
pub(crate) mod faults;
pub(crate) mod marks;
pub(crate) mod number;
pub(crate) mod owed;
pub(crate) mod page;
pub(crate) mod progress;
pub(crate) mod spark;
pub(crate) mod trail;

use std::io::{ErrorKind, Write};

use anstream::AutoStream;

use crate::exit::Failure;
use crate::settings::Settings;

/// Writes text to standard output.
///
/// A reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str, settings: &Settings) -> Result<(), Failure> {
    let mut stream = AutoStream::new(std::io::stdout().lock(), settings.color);
    heard(stream.write_all(text.as_bytes()).and_then(|()| stream.flush()))
}

/// Writes bytes to standard output as they are.
pub(crate) fn print_raw(bytes: &[u8]) -> Result<(), Failure> {
    let mut stream = std::io::stdout().lock();
    heard(stream.write_all(bytes).and_then(|()| stream.flush()))
}

/// Writes one JSON document to standard output.
pub(crate) fn print_json(document: &impl serde::Serialize) -> Result<(), Failure> {
    let mut bytes = serde_json::to_vec_pretty(document).map_err(Failure::json)?;
    bytes.push(b'\n');
    print_raw(&bytes)
}

/// Writes a remark or an error to standard error; where that fails there is nobody to tell.
pub(crate) fn remark(text: &str, settings: &Settings) {
    let mut stream = AutoStream::new(std::io::stderr().lock(), settings.color);
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

fn heard(written: std::io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(source) => Err(Failure::Output { source }),
        Ok(()) => Ok(()),
    }
}
