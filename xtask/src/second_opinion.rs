//! Holds `counterpart validate` against frictionless, an independent reader of data packages: both accept the shipped
//! cases, and both refuse copies in which one thing was broken.

use crate::process;
use std::fs;
use std::path::{Path, PathBuf};

/// A way to break a table: what is wrong, the file, the text to replace, and by what.
struct Break {
    what: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

/// Faults of the kinds that a table schema can state. They are put into a copy of a synthetic case.
const BREAKS: &[Break] = &[
    Break {
        what: "a word outside its enumeration",
        file: "pairings.csv",
        from: ",region,",
        to: ",regional,",
    },
    Break {
        what: "a number that is none",
        file: "observations.csv",
        from: ",CNY,",
        to: "x,CNY,",
    },
    Break {
        what: "a source that is not listed",
        file: "rounds.csv",
        from: ",SYN,",
        to: ",SYN-9,",
    },
    Break {
        what: "a key used twice",
        file: "places.csv",
        from: "ZZ-R2,",
        to: "ZZ-R1,",
    },
];

/// Runs both validators on every case and every broken copy; lists where they differ.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    process::run(
        root,
        "cargo",
        &["build", "--quiet", "--locked", "--package", "counterpart-cli"],
    )?;
    let mut faults = Vec::new();
    for case in [
        "cases/xinjiang",
        "cases/wenchuan",
        "cases/planted/plus",
        "cases/planted/broken_trend",
    ] {
        faults.extend(differing(root, &root.join(case), true, case)?);
    }
    for broken in BREAKS {
        let copy = copy_with(root, broken)?;
        faults.extend(differing(root, &copy, false, broken.what)?);
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

fn differing(root: &Path, case: &Path, sound: bool, what: &str) -> Result<Vec<String>, String> {
    let ours = process::succeeds(
        root,
        "target/debug/counterpart",
        &["validate", &case.display().to_string()],
    )?;
    let theirs = process::succeeds(
        case,
        &process::tool(root, "frictionless"),
        &["validate", "datapackage.json"],
    )?;
    let verdicts = [("counterpart validate", ours), ("frictionless", theirs)];
    let wrong = verdicts
        .into_iter()
        .filter(|(_, (accepted, _))| *accepted != sound);
    Ok(wrong
        .map(|(who, (_, words))| {
            let did = if sound { "refused" } else { "accepted" };
            format!(
                "{who} {did} {what}:\n{}",
                words.lines().take(30).collect::<Vec<_>>().join("\n")
            )
        })
        .collect())
}

/// Writes a copy of a synthetic case with one thing broken, and returns its folder.
fn copy_with(root: &Path, broken: &Break) -> Result<PathBuf, String> {
    let from = root.join("cases/planted/plus");
    let to = root
        .join("target/second-opinion")
        .join(broken.what.replace(' ', "-"));
    let io = |error: std::io::Error| format!("{}: {error}", to.display());
    fs::create_dir_all(&to).map_err(io)?;
    for file in crate::tidy::files(&from)? {
        fs::copy(&file, to.join(file.file_name().unwrap_or_default())).map_err(io)?;
    }
    let table = to.join(broken.file);
    let text = fs::read_to_string(&table).map_err(io)?;
    if !text.contains(broken.from) {
        return Err(format!("{} has no `{}` to break", broken.file, broken.from));
    }
    fs::write(&table, text.replacen(broken.from, broken.to, 1)).map_err(io)?;
    Ok(to)
}
