//! A case folder or a ledger file, read into a ledger; the same record comes of both.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use counterpart_appraise::disclosure::{Control, Publication};
use counterpart_appraise::{Assessment, Options, Published};
use counterpart_exchange::case::CaseFolder;
use counterpart_exchange::entry::{self, OnRecord};
use counterpart_ledger::{AsOf, Batches, CommitHeader, CommitOutcome, Ledger, Preview, Statement, View};
use counterpart_model::{Record, Row, TableId};

use crate::exit::{Failure, NOT_A_LEDGER_HINT, nearest};

/// Who commits what `assess` reads.
const AUTHOR: &str = "counterpart";

/// What every SQLite file begins with.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// A case as its ledger holds it.
pub(crate) struct Reading {
    /// All rows with their statements; the keeper's, with figures that are not for print.
    pub(crate) view: View,
    /// All rows as structs, without what is withheld.
    pub(crate) record: Record,
    /// What is withheld.
    pub(crate) control: Control,
    /// What is odd and no fault, and rows that stay on record although the folder has them no longer.
    pub(crate) remarks: Vec<String>,
}

impl Reading {
    /// Reads a case: a folder, a ledger file, or a folder into a ledger file.
    pub(crate) fn of(case: Option<&Path>, ledger: Option<&Path>) -> Result<Self, Failure> {
        let mut remarks = Vec::new();
        let path_of_ledger = ledger;
        let ledger = match (case, ledger) {
            (None, None) => return Err(Failure::NoCase),
            (None, Some(file)) => open(file)?,
            (Some(path), None) if !path.is_dir() => open(path)?,
            (Some(folder), file) => import(read_folder(folder)?, file, &mut remarks)?,
        };
        let view = ledger.view(AsOf::Head).map_err(Failure::Ledger)?;
        if view.case_toml().is_empty() {
            return Err(Failure::WrongFile {
                path: case.or(path_of_ledger).unwrap_or(Path::new("")).to_owned(),
                what: "a ledger that holds no case",
                hint: "read one into it: counterpart assess CASE --ledger FILE",
            });
        }
        let case =
            counterpart_exchange::case_toml::parse(view.case_toml()).map_err(|faults| Failure::Faults {
                faults,
                nothing: "nothing was assessed",
            })?;
        let whole = view.record(case).map_err(Failure::Ledger)?;
        let control = Control::of(&whole, &publications(&view));
        Ok(Self {
            record: control.take_out_of(whole),
            view,
            control,
            remarks,
        })
    }

    /// Returns the digest of the case's rows, which its report carries.
    ///
    /// Where figures are withheld it is made of the rows as they may be shown: whoever holds all the others could
    /// otherwise try the few numbers that a small count may be.
    pub(crate) fn digest(&self) -> String {
        self.view.case_digest_of(|row| self.control.shown_instead(row))
    }

    /// Returns the rows with an id as they may be shown.
    pub(crate) fn find(&self, id: &str) -> Vec<Statement> {
        let mut found = self.view.find(id);
        for statement in &mut found {
            show(statement, &self.control);
        }
        found
    }

    /// Returns sources, speakers and places as they may be published, and nothing that is computed.
    pub(crate) fn names(&self) -> Result<Published<Assessment>, Failure> {
        let mut record = Record::new(self.record.case.clone());
        record.case.studies = Vec::new();
        record.case.lens_studies = Vec::new();
        record.sources.clone_from(&self.record.sources);
        record.speakers.clone_from(&self.record.speakers);
        record.places.clone_from(&self.record.places);
        publish(&record, "")
    }

    /// Returns what may be published of the case, studies apart: nothing about figures and claims needs an estimate. It is
    /// without the digest of the case, which takes as long as all the rest.
    ///
    /// The studies are set aside meanwhile and put back, so that no row has to be copied.
    pub(crate) fn described(&mut self) -> Result<Published<Assessment>, Failure> {
        let studies = std::mem::take(&mut self.record.case.studies);
        let lens_studies = std::mem::take(&mut self.record.case.lens_studies);
        let published = publish(&self.record, "");
        self.record.case.studies = studies;
        self.record.case.lens_studies = lens_studies;
        published
    }

    /// Returns the claims with their checks, and nothing else that is computed.
    pub(crate) fn claims(&self, digest: &str) -> Result<Published<Assessment>, Failure> {
        counterpart_appraise::assess_claims(&self.record, digest)
            .publish_unsealed(&self.record.case.disclosure)
            .map_err(Failure::Appraise)
    }

    /// Returns what may be published of the case.
    pub(crate) fn with_studies(&self) -> Result<Published<Assessment>, Failure> {
        publish(&self.record, &self.digest())
    }
}

/// Takes what is withheld out of a row and of what it replaced.
fn show(statement: &mut Statement, control: &Control) {
    statement.row = (*control.row(&statement.row)).clone();
    for earlier in &mut statement.superseded {
        show(earlier, control);
    }
}

/// Returns what a ledger has on record as published.
pub(crate) fn publications(view: &View) -> Vec<Publication> {
    view.publications()
        .into_iter()
        .filter_map(Publication::of_text)
        .collect()
}

fn publish(record: &Record, digest: &str) -> Result<Published<Assessment>, Failure> {
    counterpart_appraise::assess(record, digest, &Options::default())
        .publish_unsealed(&record.case.disclosure)
        .map_err(Failure::Appraise)
}

/// Reads a folder whole or not at all.
pub(crate) fn read_folder(folder: &Path) -> Result<CaseFolder, Failure> {
    there(folder)?;
    if !folder.is_dir() {
        return Err(Failure::WrongFile {
            path: folder.to_owned(),
            what: "a file, where a case folder is needed",
            hint: "name the folder that holds case.toml",
        });
    }
    counterpart_exchange::case::read(folder).map_err(Failure::Exchange)
}

/// Commits a folder in one piece; into a file where one is named, which is made only now that the folder is sound.
fn import(folder: CaseFolder, file: Option<&Path>, remarks: &mut Vec<String>) -> Result<Ledger, Failure> {
    let header = CommitHeader::new(AUTHOR, folder.case.as_of.to_string(), "");
    import_as(folder, file, header, remarks).map(|(ledger, _)| ledger)
}

/// Commits a folder in one piece, as somebody, and says what came of it.
pub(crate) fn import_as(
    folder: CaseFolder,
    file: Option<&Path>,
    header: CommitHeader,
    remarks: &mut Vec<String>,
) -> Result<(Ledger, CommitOutcome), Failure> {
    let mut ledger = match file {
        Some(file) => {
            refuse_other_files(file)?;
            let ledger = Ledger::create_or_open(file).map_err(Failure::Ledger)?;
            refuse_unfit(&ledger, &folder, file)?;
            ledger
        }
        None => Ledger::in_memory().map_err(Failure::Ledger)?,
    };
    remarks.extend(folder.warnings.iter().map(|warning| {
        let what = format!("{}: {}", warning.location, warning.expected);
        match &warning.hint {
            Some(hint) => format!("{what} ({hint})"),
            None => what,
        }
    }));
    let outcome = ledger.commit(header, batches(folder)).map_err(Failure::Ledger)?;
    for missing in outcome.missing() {
        remarks.push(format!("{missing}: no longer in the folder; it stays on record"));
    }
    Ok((ledger, outcome))
}

/// Returns what a folder would do to a ledger, and does nothing.
pub(crate) fn preview(folder: CaseFolder, file: &Path) -> Result<Preview, Failure> {
    refuse_other_files(file)?;
    let ledger = if file.exists() && !beginning(file, 1)?.is_empty() {
        Ledger::open(file)
    } else {
        Ledger::in_memory()
    }
    .map_err(Failure::Ledger)?;
    refuse_unfit(&ledger, &folder, file)?;
    ledger.preview(batches(folder)).map_err(Failure::Ledger)
}

fn batches(folder: CaseFolder) -> Batches {
    Batches {
        case_toml: Some(folder.case_toml),
        geo: folder.geo,
        tables: folder.tables,
    }
}

/// Refuses a folder of another case, and one that is not sound beside what was recorded since.
fn refuse_unfit(ledger: &Ledger, folder: &CaseFolder, file: &Path) -> Result<(), Failure> {
    if ledger.head().map_err(Failure::Ledger)?.is_none() {
        return Ok(());
    }
    let view = ledger.view(AsOf::Head).map_err(Failure::Ledger)?;
    refuse_other_case(&view, folder, file)?;
    match entry::check_folder(folder, &on_record(&view)) {
        None => Ok(()),
        Some(faults) => Err(Failure::Faults {
            faults,
            nothing: "nothing was read into the ledger; retract or supersede what is on record, or change the folder",
        }),
    }
}

/// Returns all that a view holds, to check other rows against.
pub(crate) fn on_record(view: &View) -> OnRecord {
    let batches = view.batches();
    OnRecord {
        case_toml: batches.case_toml.unwrap_or_default(),
        geo: batches.geo,
        tables: batches.tables,
    }
}

/// Refuses to put a case on record among the rows of another one.
///
/// A folder is of another case when its title is not the one on record and either its subject or nation is another one too,
/// or no source of the two has the same id. A retitled case, or one whose subject was renamed, is still itself.
fn refuse_other_case(view: &View, folder: &CaseFolder, file: &Path) -> Result<(), Failure> {
    // What cannot be read any more cannot be compared either; the folder's own text replaces it.
    let Ok(recorded) = counterpart_exchange::case_toml::parse(view.case_toml()) else {
        return Ok(());
    };
    let case = &folder.case;
    if recorded.title == case.title {
        return Ok(());
    }
    let same_subject = recorded.subject == case.subject && recorded.nation == case.nation;
    let id = |row: &Row| row.text("source_id").map(str::to_owned);
    let on_record: BTreeSet<String> = view.rows(TableId::Sources).into_iter().filter_map(id).collect();
    let shares_sources = folder
        .tables
        .get(&TableId::Sources)
        .is_some_and(|rows| rows.iter().filter_map(id).any(|id| on_record.contains(&id)));
    if same_subject && shares_sources {
        return Ok(());
    }
    Err(Failure::OtherCase {
        ledger: file.to_owned(),
        recorded: recorded.title,
        met: case.title.clone(),
    })
}

pub(crate) fn open(file: &Path) -> Result<Ledger, Failure> {
    there(file)?;
    refuse_other_files(file)?;
    if beginning(file, 1)?.is_empty() {
        return Err(Failure::WrongFile {
            path: file.to_owned(),
            what: "empty: no case was ever committed to it",
            hint: "read one into it: counterpart assess CASE --ledger FILE",
        });
    }
    Ledger::open(file).map_err(Failure::Ledger)
}

/// Refuses a path that is there and holds something other than a ledger.
fn refuse_other_files(file: &Path) -> Result<(), Failure> {
    let wrong = |what| Failure::WrongFile {
        path: file.to_owned(),
        what,
        hint: NOT_A_LEDGER_HINT,
    };
    if file.is_dir() {
        return Err(wrong("a folder, where a ledger file is needed"));
    }
    if !file.exists() {
        return Ok(());
    }
    if may_be_ledger(file)? {
        Ok(())
    } else {
        Err(wrong("neither a case folder nor a ledger file"))
    }
}

/// Whether a file begins as a SQLite file does, or is empty: a process that dies before its first commit leaves such a one.
pub(crate) fn may_be_ledger(file: &Path) -> Result<bool, Failure> {
    let start = beginning(file, SQLITE_MAGIC.len())?;
    Ok(start.is_empty() || start == SQLITE_MAGIC)
}

fn beginning(file: &Path, bytes: usize) -> Result<Vec<u8>, Failure> {
    let read = |source| Failure::Read {
        path: file.to_owned(),
        source,
    };
    let mut start = Vec::with_capacity(bytes);
    std::fs::File::open(file)
        .map_err(read)?
        .take(bytes as u64)
        .read_to_end(&mut start)
        .map_err(read)?;
    Ok(start)
}

/// Fails where nothing is at a path, and says what is beside it.
pub(crate) fn there(path: &Path) -> Result<(), Failure> {
    match std::fs::metadata(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::NotThere {
            path: path.to_owned(),
            near: neighbours(path),
        }),
        Err(source) => Err(Failure::Read {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Names in the same folder that resemble the one that is not there.
fn neighbours(path: &Path) -> Vec<String> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Vec::new();
    };
    let mut names: Vec<String> = std::fs::read_dir(&parent)
        .map(|entries| {
            entries
                .filter_map(Result::ok)
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    nearest(&name, names.iter().map(String::as_str))
        .into_iter()
        .map(|name| match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.join(&name).display().to_string(),
            _ => name,
        })
        .collect()
}
