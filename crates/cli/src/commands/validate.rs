//! `counterpart validate`: every fault of a folder, nothing else.

use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure};
use crate::reading;
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::number::count;
use crate::terminal::page::Page;

pub(crate) fn run(args: &args::Validate, settings: &Settings) -> Result<Done, Failure> {
    let folder = reading::read_folder(&args.case)?;
    if settings.json {
        let tables: serde_json::Map<String, serde_json::Value> = folder
            .tables
            .iter()
            .map(|(table, rows)| (table.name().to_owned(), rows.len().into()))
            .collect();
        terminal::print_json(&json!({
            "schema": "counterpart.validate/1",
            "title": folder.case.title,
            "rows": folder.n_rows(),
            "tables": tables,
            "shapes": folder.geo.len(),
            "faults": [],
            "remarks": folder.warnings,
        }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    page.line(&format!(
        "no fault: {} in {}, {}",
        count(folder.n_rows(), "row", "rows"),
        count(folder.tables.len(), "table", "tables"),
        count(folder.geo.len(), "file of shapes", "files of shapes"),
    ));
    if !settings.quiet {
        for warning in &folder.warnings {
            page.labelled(
                0,
                11,
                "remark",
                &format!("{}: {}", warning.location, warning.expected),
            );
            if let Some(hint) = &warning.hint {
                page.labelled(0, 11, "", hint);
            }
        }
    }
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}
