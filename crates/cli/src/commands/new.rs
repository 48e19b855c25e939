//! `counterpart new`: a case folder to fill in.

use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure};
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::page::Page;

pub(crate) fn run(args: &args::New, settings: &Settings) -> Result<Done, Failure> {
    let name = args
        .name
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    counterpart_exchange::scaffold::new_case(&name, &args.name).map_err(Failure::Scaffold)?;
    let folder = args.name.display().to_string();
    if settings.json {
        terminal::print_json(&json!({ "schema": "counterpart.new/1", "folder": folder }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    page.line(&folder);
    if !settings.quiet {
        page.blank();
        page.labelled(
            0,
            11,
            "next",
            "fill in case.toml and the tables; docs/case-folder.md explains each column",
        );
        page.labelled(0, 11, "", &format!("counterpart validate {folder}"));
        page.labelled(0, 11, "", &format!("counterpart assess {folder}"));
    }
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}
