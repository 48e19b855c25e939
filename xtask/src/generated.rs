//! Files that the code itself can write: the check that what is committed is what it would write now.
//!
//! The crates that know what belongs into a file hold the check as a test, which writes instead of comparing when its
//! variable is set. This is the list of those tests.

use crate::process;
use std::path::Path;

/// Tests of one package that each hold a generated file.
struct Generated {
    package: &'static str,
    /// Which of its tests: a part of their path.
    tests: &'static str,
    /// The variable that makes them write.
    variable: &'static str,
}

/// Every generated file of the repository, by the tests that hold it; LICENSE-DATA has a module of its own.
const GENERATED: &[Generated] = &[
    // datapackage.json of the shipped cases, the tables of docs/case-folder.md
    Generated {
        package: "counterpart-exchange",
        tests: "generated::",
        variable: "COUNTERPART_WRITE",
    },
    // docs/estimators/
    Generated {
        package: "counterpart-estimate",
        tests: "pages::",
        variable: "UPDATE_PAGES",
    },
];

/// Runs the tests that compare, or lets them write first when `write` is set.
pub(crate) fn fresh(root: &Path, write: bool) -> Result<(), String> {
    for Generated {
        package,
        tests,
        variable,
    } in GENERATED
    {
        let call = [
            "test",
            "--quiet",
            "--locked",
            "--package",
            package,
            "--test",
            "it",
            tests,
        ];
        if write {
            process::run_with(root, "cargo", &call, &[(variable, "1")])?;
        }
        process::run(root, "cargo", &call)
            .map_err(|error| format!("{error}; `cargo xtask fresh --write` writes what is stale"))?;
    }
    Ok(())
}
