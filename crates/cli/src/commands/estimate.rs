//! `counterpart estimate`: one estimator on any panel.

use crate::args::{self, Format};
use crate::estimation::document::Document;
use crate::estimation::{Input, ledger, notice, options, table};
use crate::exit::{Done, Failure};
use crate::settings::Settings;
use crate::terminal;
use counterpart_estimate::estimate;

pub(crate) fn run(args: &args::Estimate, settings: &Settings) -> Result<Done, Failure> {
    options::not_yet(args)?;
    let columns = &args.columns;
    let spec = options::spec(args.method, &args.options, columns)?;
    let input = Input::read(columns)?;
    notice::print_places(&input, settings);
    let estimated = estimate(&input.panel, &spec).map_err(Failure::Estimate)?;
    let document = Document::of(&input, columns, &estimated);
    if let Some(file) = &args.sample {
        ledger::write(file, &ledger::csv(estimated.sample()), &columns.panel)?;
    }
    let cluster = columns.cluster.as_ref().unwrap_or(&columns.unit);
    let title = title(args);
    let format = if settings.json { Format::Json } else { args.format };
    match format {
        Format::Json => terminal::print_json(&document)?,
        Format::Table => terminal::print(
            &table::text(&document, &title, cluster, spec.level, settings),
            settings,
        )?,
        Format::Csv => {
            if !settings.quiet {
                let sample = table::sample_sentence(&document.sample, cluster);
                let dropped = table::dropped_sentence(&document.sample);
                terminal::remark(&format!("remark: {sample}; dropped: {dropped}\n"), settings);
            }
            terminal::print_raw(table::csv(&document).as_bytes())?;
        }
        Format::Md => {
            terminal::print_raw(table::markdown(&document, &title, cluster, spec.level).as_bytes())?;
        }
        Format::Tex => terminal::print_raw(table::latex(&document, &title, cluster, spec.level).as_bytes())?,
    }
    Ok(Done::Well)
}

/// What was estimated, in one line.
fn title(args: &args::Estimate) -> String {
    let columns = &args.columns;
    let treatment = columns
        .dose
        .as_ref()
        .or(columns.first_treated.as_ref())
        .or(columns.treated.as_ref());
    format!(
        "{}: {} by {}, units {}, periods {}",
        args.method,
        columns.outcome,
        treatment.map_or("", String::as_str),
        columns.unit,
        columns.time
    )
}
