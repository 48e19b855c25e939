//! `datapackage.json`: the folder described for others, from the one description of every table.

mod describe;
mod text;

use std::collections::BTreeSet;
use std::path::Path;

use counterpart_model::{Fault, FaultCode, Location};
use serde_json::Value;

pub use describe::describe;
pub use text::to_text;

/// Largest `datapackage.json` that is looked at, in bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Compares the resources of a `datapackage.json` with the files of the folder; whatever differs is a warning.
///
/// # Errors
/// The disk's.
pub(crate) fn check_file(path: &Path, files: &BTreeSet<String>) -> std::io::Result<Vec<Fault>> {
    let warning = |value: &str, expected: &str| {
        Fault::new(
            Location::file("datapackage.json"),
            FaultCode::CaseFile,
            value,
            expected,
        )
        .hint("it describes other files than the folder holds; what is read is the folder")
    };
    if std::fs::metadata(path)?.len() > MOST_BYTES {
        return Ok(vec![warning("", "a datapackage.json of at most 16 MB")]);
    }
    let Ok(described) = serde_json::from_slice::<Value>(&std::fs::read(path)?) else {
        return Ok(vec![warning("", "JSON")]);
    };
    let listed: BTreeSet<String> = described
        .get("resources")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|resource| resource.get("path"))
        .flat_map(|path| match path {
            Value::String(path) => vec![path.clone()],
            Value::Array(paths) => paths
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        })
        .collect();
    let mut warnings = Vec::new();
    for file in listed.difference(files) {
        warnings.push(warning(file, "resources whose files are in the folder"));
    }
    let is_data = |file: &&String| file.ends_with(".csv") || file.ends_with(".geojson");
    for file in files.difference(&listed).filter(is_data) {
        warnings.push(warning(file, "a resource for every file of data"));
    }
    Ok(warnings)
}
