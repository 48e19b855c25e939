//! Ours beside the packages of the field, in one run of fresh processes.

use crate::process;
use std::path::Path;

/// Units of the panels, where `--units=N,N` does not say otherwise; the largest shows that memory stays flat.
const UNITS: [&str; 3] = ["100000", "1000000", "5000000"];

/// Builds, writes the panels, installs the peers where that is possible, and measures.
pub(crate) fn compare(root: &Path) -> Result<(), String> {
    process::run(
        root,
        "cargo",
        &[
            "build",
            "--release",
            "--locked",
            "--package",
            "counterpart-cli",
            "--package",
            "counterpart-panel",
            "--package",
            "counterpart-estimate",
            "--bin",
            "counterpart",
            "--example",
            "decode_floor",
            "--example",
            "after_the_pass",
        ],
    )?;
    let folder = "target/bench";
    let python = "target/bench/venv/bin/python";
    if !root.join(python).exists() {
        process::run(root, "python3", &["-m", "venv", "target/bench/venv"])?;
    }
    let requirements = "bench/peers/requirements.txt";
    process::run(
        root,
        python,
        &["-m", "pip", "install", "--quiet", "--requirement", requirements],
    )
    .map_err(|error| format!("{error}; the panels are written with pandas, which is among {requirements}"))?;
    let units = option("--units=").unwrap_or_else(|| UNITS.join(","));
    let panels: Vec<&str> = ["bench/panels.py", folder]
        .into_iter()
        .chain(units.split(','))
        .collect();
    process::run(root, python, &panels)?;
    let repeat = option("--repeat=").unwrap_or_else(|| "7".to_owned());
    let mut measure = vec![
        "bench/peers/run.py",
        "--data",
        folder,
        "--bin",
        "target/release",
        "--out",
        "bench/RESULTS.md",
        "--units",
        &units,
        "--repeat",
        &repeat,
    ];
    if std::env::args().any(|argument| argument == "--without-peers") {
        measure.push("--no-peers");
    }
    process::run(root, python, &measure)
}

/// The value of an option of the command line, such as `--units=1000000`.
fn option(name: &str) -> Option<String> {
    std::env::args().find_map(|argument| argument.strip_prefix(name).map(str::to_owned))
}
