//! A Parquet panel as moments, where the question allows it: no row is kept.

use std::path::Path;

use counterpart_estimate::Spec;
use counterpart_estimate::moments::CohortMoments;
use counterpart_exchange::panel_file;
use counterpart_panel::scan::{self, How, Scan, ScanColumns, Scanned};

use super::input::Input;
use super::notice;
use crate::args::PanelColumns;
use crate::exit::Failure;
use crate::settings::Settings;
use crate::terminal;

/// A file that was read into moments.
pub(crate) struct Read {
    pub(crate) file: String,
    pub(crate) sha256: String,
    pub(crate) scan: Scan,
}

/// Returns why the estimate needs the rows; `None` where moments are enough. It hangs on the question alone.
pub(crate) fn reason_against(spec: &Spec, columns: &PanelColumns) -> Option<String> {
    CohortMoments::reason_against(spec)
        .or_else(|| columns.weights.as_ref().map(|_| "rows have weights".to_owned()))
}

/// Returns the moments of a file; `None` where it is to be read row by row, and a remark why.
pub(crate) fn read(
    spec: &Spec,
    columns: &PanelColumns,
    settings: &Settings,
) -> Result<Option<Read>, Failure> {
    let (Some(first_treated), None, None, None, None) = (
        &columns.first_treated,
        reason_against(spec, columns),
        &columns.assignment,
        &columns.dose,
        &columns.treated,
    ) else {
        return Ok(None);
    };
    Input::check(columns)?;
    let path: &Path = &columns.panel;
    if !panel_file::is_parquet(path).map_err(Failure::Exchange)? {
        return Ok(None);
    }
    let wanted = ScanColumns {
        outcome: columns.outcome.clone(),
        unit: columns.unit.clone(),
        time: columns.time.clone(),
        first_treated: first_treated.clone(),
        cluster: columns.panel_cluster().cloned(),
    };
    // The digest of the file is taken while another thread decodes it.
    let (scanned, sha256) = rayon::join(|| scan::scan(path, &wanted), || panel_file::digest(path));
    let file = path.display().to_string();
    match scanned {
        Scanned::Moments(scan) => {
            if scan.how == How::Sorted && !settings.quiet {
                terminal::remark(
                    "remark: the rows are not sorted by unit and period: the columns were held in memory to sort them\n",
                    settings,
                );
            }
            let read = Read {
                file,
                sha256: sha256.map_err(Failure::Exchange)?,
                scan: *scan,
            };
            notice::print_places_of(&read.scan.warnings, settings, &|row, heading| {
                panel_file::row_location(&read.file, &read.scan.headings, row, heading)
            });
            Ok(Some(read))
        }
        Scanned::Not(reason) => {
            if !settings.quiet {
                terminal::remark(
                    &format!("remark: {file} is read row by row: {reason}\n"),
                    settings,
                );
            }
            Ok(None)
        }
    }
}
