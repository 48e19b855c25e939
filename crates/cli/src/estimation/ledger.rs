//! What became of each row, as CSV.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use counterpart_estimate::Sample;
use counterpart_estimate::sample::{Cell, RowUse};

use super::table::quoted;
use crate::exit::Failure;

/// Returns the ledger: one line a row of the input, in its order.
///
/// `cells` lists the comparisons in which the row stands, as cohort:period/base.
pub(crate) fn csv(sample: &Sample) -> String {
    let mut text = String::from("row,unit,period,role,reason,cells\n");
    for (index, row) in sample.rows().iter().enumerate() {
        let (role, reason) = match row.row_use {
            RowUse::Treated => ("treated", ""),
            RowUse::Control => ("control", ""),
            RowUse::Used => ("used", ""),
            RowUse::Dropped(reason) => ("dropped", reason.code()),
            _ => ("", ""),
        };
        let own = |cell: &&Cell| {
            (row.period == cell.period || row.period == cell.base_period)
                && cell.treated.binary_search(&row.unit).is_ok()
        };
        let kept = !matches!(row.row_use, RowUse::Dropped(_));
        let treated = sample.cells().iter().filter(|cell| kept && own(cell));
        let cells: Vec<String> = treated
            .map(|cell| ("treated", cell))
            .chain(
                sample
                    .control_for(index)
                    .into_iter()
                    .map(|cell| ("control", cell)),
            )
            .map(|(side, cell)| format!("{side}@{}:{}/{}", cell.cohort, cell.period, cell.base_period))
            .collect();
        let unit = quoted(sample.unit_id(row.unit));
        let _ = writeln!(
            text,
            "{},{unit},{},{role},{reason},{}",
            index + 1,
            row.period,
            cells.join(" ")
        );
    }
    text
}

/// Writes a file whole or not at all: beside its place first, then by rename.
pub(crate) fn write(option: &'static str, path: &Path, text: &str, input: &Path) -> Result<(), Failure> {
    let same = match (path.canonicalize(), input.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    let Some(name) = path.file_name().filter(|_| !same) else {
        return Err(Failure::Option {
            option,
            reason: format!("{} is the panel, or no file", path.display()),
            hint: "name a file of its own".to_owned(),
        });
    };
    let fresh = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let written = std::fs::File::create(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&fresh, path));
    written.map_err(|source| {
        let _ = std::fs::remove_file(&fresh);
        Failure::Write {
            path: path.to_owned(),
            source,
        }
    })
}
