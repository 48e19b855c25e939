//! The task table of the house: `cargo xtask TASK…`. Standard library only, so that it builds in a second.
//!
//! `cargo xtask` alone prints the table. `cargo xtask ci` is what a change must pass: every step runs, quick ones
//! first, and the last lines say which failed and how long each took.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner talks to a terminal"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a task runner measures time and passes the environment on"
)]

mod bench;
mod browser;
mod csv;
mod data_licences;
mod generated;
mod imports;
mod json;
mod peers;
mod process;
mod second_opinion;
mod source;
mod tidy;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// One line of the table.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&Path) -> Result<(), String>,
    /// Whether `ci` runs it.
    on_every_change: bool,
}

/// The table, quick tasks first: `ci` runs those of every change, in this order.
const TASKS: &[Task] = &[
    every_change("fmt", "rustfmt finds nothing to change", fmt),
    every_change(
        "imports",
        "crates import only along the arrows that are drawn",
        imports,
    ),
    every_change(
        "tidy",
        "every test is declared, no case is known to the code",
        tidy,
    ),
    every_change(
        "deny",
        "licences, sources and duplicates of the dependencies",
        deny,
    ),
    every_change("lint", "clippy on everything, warnings are errors", lint),
    every_change("docs", "the documentation builds without a warning", docs),
    every_change(
        "fresh",
        "generated files are what the program would write (`--write`: write them)",
        fresh,
    ),
    every_change(
        "test",
        "unit, golden, property, snapshot, fault and doc tests",
        test,
    ),
    every_change(
        "frictionless",
        "an independent validator agrees with ours",
        second_opinion::check,
    ),
    every_change(
        "browser",
        "the report in Chromium: widths, schemes, print, axe",
        browser::check,
    ),
    by_hand(
        "goldens",
        "the estimators against the packages of the field, alone",
        goldens,
    ),
    by_hand(
        "bench",
        "time and memory of the main job, release build, warm",
        bench::main_job,
    ),
    by_hand(
        "peers",
        "large panels beside the packages of the field (`--units=N,N`, `--repeat=N`, `--without-peers`)",
        peers::compare,
    ),
    by_hand(
        "advisories",
        "known vulnerabilities of the dependencies (asks the network)",
        advisories,
    ),
    by_hand(
        "soak",
        "before a release: ten times the property cases, advisories",
        soak,
    ),
    by_hand(
        "tools",
        "installs what `ci` needs beyond Rust, python3 and chromium",
        tools::install,
    ),
    by_hand("ci", "everything that a change must pass", ci),
];

const fn every_change(name: &'static str, about: &'static str, run: fn(&Path) -> Result<(), String>) -> Task {
    Task {
        name,
        about,
        run,
        on_every_change: true,
    }
}

const fn by_hand(name: &'static str, about: &'static str, run: fn(&Path) -> Result<(), String>) -> Task {
    Task {
        name,
        about,
        run,
        on_every_change: false,
    }
}

fn main() -> ExitCode {
    let root = root();
    let names: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    if names.is_empty() {
        println!("cargo xtask TASK…\n");
        for task in TASKS {
            println!(
                "  {:<14}{}{}",
                task.name,
                task.about,
                if task.on_every_change { "" } else { " *" }
            );
        }
        println!("\n* not part of `ci`");
        return ExitCode::SUCCESS;
    }
    for name in &names {
        let Some(task) = TASKS.iter().find(|task| task.name == name) else {
            eprintln!("xtask: no task `{name}`; `cargo xtask` lists them");
            return ExitCode::from(2);
        };
        if let Err(error) = (task.run)(&root) {
            eprintln!("xtask {name}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Returns the repository's root: the folder above this crate, wherever the task is called from.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .unwrap_or_default()
}

fn writing() -> bool {
    std::env::args().any(|argument| argument == "--write")
}

/// Prints the faults of a check, one a line, and fails when there are any.
fn listed(name: &str, faults: Vec<String>) -> Result<(), String> {
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("{} breaches of `{name}`", faults.len()))
    }
}

fn fmt(root: &Path) -> Result<(), String> {
    process::run(root, "cargo", &["fmt", "--all", "--check"])
}

fn imports(root: &Path) -> Result<(), String> {
    listed("imports", imports::check(root)?)
}

fn tidy(root: &Path) -> Result<(), String> {
    listed("tidy", tidy::check(root)?)
}

fn fresh(root: &Path) -> Result<(), String> {
    let licences = data_licences::fresh(root, writing())?;
    generated::fresh(root, writing())?;
    if licences {
        Ok(())
    } else {
        Err("LICENSE-DATA is stale; `cargo xtask fresh --write` writes it".to_owned())
    }
}

fn lint(root: &Path) -> Result<(), String> {
    process::run(
        root,
        "cargo",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    )
}

fn docs(root: &Path) -> Result<(), String> {
    let env = [("RUSTDOCFLAGS", "-D warnings")];
    process::run_with(
        root,
        "cargo",
        &["doc", "--workspace", "--no-deps", "--locked"],
        &env,
    )
}

fn deny(root: &Path) -> Result<(), String> {
    process::run(
        root,
        &process::tool(root, "cargo-deny"),
        &["--locked", "check", "licenses", "bans", "sources"],
    )
}

fn advisories(root: &Path) -> Result<(), String> {
    process::run(
        root,
        &process::tool(root, "cargo-deny"),
        &["--locked", "check", "advisories"],
    )
}

fn test(root: &Path) -> Result<(), String> {
    process::run(
        root,
        "cargo",
        &["test", "--workspace", "--locked", "--no-fail-fast", "--quiet"],
    )
}

fn goldens(root: &Path) -> Result<(), String> {
    process::run(
        root,
        "cargo",
        &["test", "--locked", "--package", "counterpart-estimate", "golden"],
    )
}

fn soak(root: &Path) -> Result<(), String> {
    let env = [("PROPTEST_CASES", "2560")];
    process::run_with(
        root,
        "cargo",
        &[
            "test",
            "--workspace",
            "--locked",
            "--release",
            "--no-fail-fast",
            "--",
            "--include-ignored",
        ],
        &env,
    )?;
    advisories(root)
}

/// Runs every marked task, whatever became of the one before, and says at the end how each went.
fn ci(root: &Path) -> Result<(), String> {
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for task in TASKS.iter().filter(|task| task.on_every_change) {
        println!("== {}: {}", task.name, task.about);
        let start = Instant::now();
        let result = (task.run)(root);
        let seconds = start.elapsed().as_secs();
        if let Err(error) = &result {
            eprintln!("xtask {}: {error}", task.name);
            failed.push(task.name);
        }
        lines.push(format!(
            "{} {:<14}{seconds:>5} s",
            if result.is_ok() { "ok    " } else { "FAILED" },
            task.name
        ));
    }
    println!("\n{}", lines.join("\n"));
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}
