//! Case folders that a test may change.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Returns the path of a case of this repository, such as `planted/plus`.
#[must_use]
pub fn shipped_case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../cases")
        .join(name)
}

/// Returns a copy of a folder, removed when it is dropped.
///
/// # Errors
/// The disk's.
pub fn copy_of(folder: &Path) -> io::Result<Folder> {
    let copy = Folder {
        dir: tempfile::tempdir()?,
    };
    copy.lay_over(folder)?;
    Ok(copy)
}

/// Returns a fresh copy of the small synthetic case that `counterpart new` writes.
///
/// # Errors
/// The disk's.
pub fn new_case() -> io::Result<Folder> {
    let dir = tempfile::tempdir()?;
    counterpart_exchange::scaffold::new_case("tiny", dir.path()).map_err(io::Error::other)?;
    Ok(Folder { dir })
}

/// A folder that a test may change.
#[derive(Debug)]
pub struct Folder {
    dir: TempDir,
}

impl Folder {
    /// Returns where the folder is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Copies the files of another folder over those of this one.
    ///
    /// # Errors
    /// The disk's.
    pub fn lay_over(&self, folder: &Path) -> io::Result<()> {
        copy(folder, self.path())
    }

    /// Writes a file of the folder anew.
    ///
    /// # Errors
    /// The disk's.
    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        let path = self.path().join(file);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)
    }

    /// Removes a file of the folder.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, file: &str) -> io::Result<()> {
        std::fs::remove_file(self.path().join(file))
    }

    /// Replaces the first occurrence of a text in a file.
    ///
    /// # Errors
    /// The disk's, and one that names the text where the file does not hold it: a test that changes nothing tests nothing.
    pub fn replace(&self, file: &str, from: &str, to: &str) -> io::Result<()> {
        let path = self.path().join(file);
        let text = std::fs::read_to_string(&path)?;
        if !text.contains(from) {
            return Err(io::Error::other(format!("{file} does not hold {from:?}")));
        }
        std::fs::write(path, text.replacen(from, to, 1))
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            // Bytes and not permissions: a copy may be changed although its original may not.
            std::fs::write(target, std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
