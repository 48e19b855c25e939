//! Programs that tasks start, always from the repository's root.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a program to its end; its words go where ours go. The error names the command.
pub(crate) fn run(root: &Path, program: &str, args: &[&str]) -> Result<(), String> {
    run_with(root, program, args, &[])
}

/// Runs a program with extra environment variables.
pub(crate) fn run_with(
    root: &Path,
    program: &str,
    args: &[&str],
    env: &[(&str, &str)],
) -> Result<(), String> {
    let status = Command::new(program)
        .args(args)
        .envs(env.iter().copied())
        .current_dir(root)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("{program} could not be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{program} {}` ended with {status}", args.join(" ")))
    }
}

/// Runs a program and returns what it wrote to standard output.
pub(crate) fn output(root: &Path, program: &str, args: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(args)
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{program} could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "`{program} {}` ended with {}",
            args.join(" "),
            output.status
        ));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program} wrote text that is not UTF-8"))
}

/// Runs a program in silence and says only whether it succeeded, with what it wrote.
pub(crate) fn succeeds(root: &Path, program: &str, args: &[&str]) -> Result<(bool, String), String> {
    let output = Command::new(program)
        .args(args)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program} could not be started: {error}"))?;
    let words = [output.stdout, output.stderr].concat();
    Ok((
        output.status.success(),
        String::from_utf8_lossy(&words).into_owned(),
    ))
}

/// Returns the path of a helper program: as `cargo xtask tools` installed it, else by its name on the search path.
pub(crate) fn tool(root: &Path, name: &str) -> String {
    let installed: PathBuf = root.join("target/tools/bin").join(name);
    if installed.exists() {
        installed.display().to_string()
    } else {
        name.to_owned()
    }
}
