//! Files that the program itself can write, and the check that what is committed is what it would write now.

use crate::process;
use std::fs;
use std::path::Path;

/// A committed file and the arguments of `counterpart` that print it.
struct Generated {
    file: &'static str,
    arguments: &'static [&'static str],
}

/// Every generated file of the repository.
const GENERATED: &[Generated] = &[];

/// Compares each file with what the program prints, or writes it when `write` is set.
pub(crate) fn fresh(root: &Path, write: bool) -> Result<(), String> {
    let mut stale = Vec::new();
    for Generated { file, arguments } in GENERATED {
        let call = [
            &["run", "--quiet", "--locked", "--package", "counterpart-cli", "--"],
            *arguments,
        ]
        .concat();
        let wanted = process::output(root, "cargo", &call)?;
        let path = root.join(file);
        if fs::read_to_string(&path).unwrap_or_default() == wanted {
            continue;
        }
        if write {
            fs::write(&path, wanted).map_err(|error| format!("{file}: {error}"))?;
        } else {
            stale.push(*file);
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "stale: {}; `cargo xtask fresh --write` writes them",
            stale.join(", ")
        ))
    }
}
