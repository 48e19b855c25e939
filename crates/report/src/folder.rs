//! The folder of a report: written beside its place, then put there by rename.

use std::fs;
use std::path::{Path, PathBuf};

use counterpart_appraise::{Assessment, Published};

use crate::{ReportError, data, document, html, json, markdown};

/// The entries that a report's folder may have.
const OURS: [&str; 4] = ["index.html", "report.json", "report.md", "data"];

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The folder.
    pub folder: PathBuf,
    /// Files by their path inside the folder, with their size in bytes, in order of name.
    pub files: Vec<(String, usize)>,
    /// Ids that sentences point at and that the page shows nowhere; such figures are printed without a link.
    pub unresolved: Vec<String>,
}

/// Writes a report into a folder: `index.html`, `report.json`, `report.md` and `data/*.csv`.
///
/// Everything is written into a folder beside it first and appears by rename, so that nobody ever sees half a report.
/// An earlier report is replaced as a whole.
///
/// # Errors
/// [`ReportError::NotOurs`] if the folder holds anything that no report has: it is left as it is.
/// [`ReportError::NotAFolder`] if there is a file in its place. [`ReportError::Io`] if the disk refuses; what was there
/// before is there still.
pub fn write(assessment: &Published<Assessment>, out: &Path) -> Result<Written, ReportError> {
    let out = resolved(out)?;
    let exists = is_replaceable(&out)?;
    // The pages on one core, what is read by programs on the other.
    let ((document, page, text), (json, tables)) = rayon::join(
        || {
            let document = document::of(assessment);
            let (page, text) = rayon::join(|| html::page(&document), || markdown::page(&document));
            (document, page, text)
        },
        || rayon::join(|| json::report(assessment), || data::files(assessment)),
    );
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("index.html".to_owned(), page.into_bytes()),
        ("report.json".to_owned(), json?.into_bytes()),
        ("report.md".to_owned(), text.into_bytes()),
    ];
    files.extend(tables?);
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let fresh = beside(&out, "new");
    let old = beside(&out, "old");
    remove(&fresh)?;
    let filled = fill(&fresh, &files);
    if let Err(error) = filled {
        // The first error is the one to report; what could not be removed is a hidden folder beside the report.
        let _ = fs::remove_dir_all(&fresh);
        return Err(error);
    }
    if exists {
        remove(&old)?;
        fs::rename(&out, &old).map_err(io("set aside", &out))?;
    }
    if let Err(source) = fs::rename(&fresh, &out) {
        if exists {
            // Puts back what was there; the error that is reported is the first one.
            let _ = fs::rename(&old, &out);
        }
        let _ = fs::remove_dir_all(&fresh);
        return Err(ReportError::Io {
            action: "cannot put in place",
            path: out,
            source,
        });
    }
    if exists {
        remove(&old)?;
    }
    Ok(Written {
        folder: out,
        files: files
            .into_iter()
            .map(|(name, bytes)| (name, bytes.len()))
            .collect(),
        unresolved: html::unresolved(&document),
    })
}

/// Follows a link to the folder, so that the folder and not the link is replaced.
fn resolved(out: &Path) -> Result<PathBuf, ReportError> {
    if out.exists() {
        return out.canonicalize().map_err(io("cannot find", out));
    }
    if let Some(parent) = out.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(io("cannot make", parent))?;
    }
    Ok(out.to_path_buf())
}

/// Returns whether there is a folder that may be replaced: empty, or an earlier report and nothing else.
fn is_replaceable(out: &Path) -> Result<bool, ReportError> {
    if !out.exists() {
        return Ok(false);
    }
    if !out.is_dir() {
        return Err(ReportError::NotAFolder {
            path: out.to_path_buf(),
        });
    }
    let names = entries(out)?;
    let foreign = |entry: &String| ReportError::NotOurs {
        folder: out.to_path_buf(),
        entry: entry.clone(),
    };
    if let Some(entry) = names.iter().find(|name| !OURS.contains(&name.as_str())) {
        return Err(foreign(entry));
    }
    if let Some(first) = names.first()
        && !names.iter().any(|name| name == "report.json")
    {
        return Err(foreign(first));
    }
    let data = out.join("data");
    if data.is_dir() {
        for name in entries(&data)? {
            let is_table = Path::new(&name)
                .extension()
                .is_some_and(|extension| extension == "csv");
            if !is_table && name != "samples" {
                return Err(foreign(&format!("data/{name}")));
            }
        }
    }
    Ok(true)
}

fn entries(folder: &Path) -> Result<Vec<String>, ReportError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(io("cannot read", folder))? {
        let entry = entry.map_err(io("cannot read", folder))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Returns a hidden name beside the folder, the same every time: what a crash left behind is removed by the next run.
fn beside(out: &Path, what: &str) -> PathBuf {
    let name = out
        .file_name()
        .map_or_else(|| "report".to_owned(), |name| name.to_string_lossy().into_owned());
    out.with_file_name(format!(".{name}.{what}"))
}

fn fill(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), ReportError> {
    fs::create_dir_all(folder).map_err(io("cannot make", folder))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(io("cannot make", parent))?;
        }
        fs::write(&path, bytes).map_err(io("cannot write", &path))?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), ReportError> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(io("cannot remove", folder))?;
    }
    Ok(())
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ReportError {
    let path = path.to_path_buf();
    move |source| ReportError::Io { action, path, source }
}
