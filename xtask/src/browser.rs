//! Writes the report of the shipped case and lets `e2e/` read it in a real browser.

use crate::process;
use std::path::Path;

/// Runs the browser tests on a fresh report; screenshots land in `target/browser/shots`.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let report = root.join("target/browser/report");
    let shots = root.join("target/browser/shots");
    if let Some(Err(error)) = report.exists().then(|| std::fs::remove_dir_all(&report)) {
        return Err(format!("{}: {error}", report.display()));
    }
    std::fs::create_dir_all(&shots).map_err(|error| format!("{}: {error}", shots.display()))?;
    let out = report.display().to_string();
    let assess = [
        "run",
        "--quiet",
        "--locked",
        "--package",
        "counterpart-cli",
        "--",
        "assess",
        "cases/xinjiang",
        "--quiet",
        "--out",
        &out,
    ];
    process::run(root, "cargo", &assess)?;
    let env = [("REPORT", out.as_str()), ("SHOTS", &shots.display().to_string())];
    process::run_with(
        &root.join("e2e"),
        &process::tool(root, "node"),
        &["--test", "--test-reporter=spec"],
        &env,
    )
}
