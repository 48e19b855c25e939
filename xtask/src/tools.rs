//! Installs the programs that checks need and Debian does not carry in the version we pin: `.ci/tools.txt` (a Python
//! requirements file with hashes) into `target/tools`, and the browser tests' two packages into `e2e/node_modules`.

use crate::process;
use std::fs;
use std::path::Path;

/// Installs what is missing or out of date; a second call does nothing.
pub(crate) fn install(root: &Path) -> Result<(), String> {
    let wanted = read(&root.join(".ci/tools.txt"))?;
    let stamp = root.join("target/tools/installed.txt");
    if fs::read_to_string(&stamp).unwrap_or_default() != wanted {
        process::run(root, "python3", &["-m", "venv", "--clear", "target/tools"])?;
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--requirement",
            ".ci/tools.txt",
        ];
        process::run(root, "target/tools/bin/python3", &pip)?;
        fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    }
    let lock = read(&root.join("e2e/package-lock.json"))?;
    let stamp = root.join("e2e/node_modules/.installed-lock.json");
    if fs::read_to_string(&stamp).unwrap_or_default() != lock {
        process::run(
            root,
            &process::tool(root, "npm"),
            &[
                "ci",
                "--prefix",
                "e2e",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
            ],
        )?;
        fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
