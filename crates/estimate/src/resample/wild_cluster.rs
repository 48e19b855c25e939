//! Wild cluster bootstrap.
