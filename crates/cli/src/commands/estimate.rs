//! `counterpart estimate`: one estimator on any panel, or many specifications at once.

use crate::args::{self, Format};
use crate::estimation::answer::{Answer, Asked};
use crate::estimation::{ledger, many, plot, table};
use crate::exit::{Done, Failure};
use crate::settings::Settings;
use crate::terminal;

pub(crate) fn run(args: &args::Estimate, settings: &Settings) -> Result<Done, Failure> {
    let format = if settings.json { Format::Json } else { args.format };
    if let Some(file) = &args.spec {
        return many::run(args, file, format, settings);
    }
    let asked = Asked::of(args)?;
    let rows = args.sample.is_some() || args.plot.is_some();
    let answer = Answer::of(&asked, rows, settings)?;
    let document = answer.document(&asked.columns).rounded(args.digits);
    if let (Some(file), Some(sample)) = (&args.sample, &answer.ledger) {
        ledger::write("--sample", file, &ledger::csv(sample), &asked.columns.panel)?;
    }
    if let Some(file) = &args.plot {
        let drawing = plot::of_one(&answer, &document, args.plot_kind, &asked)?;
        ledger::write("--plot", file, &drawing, &asked.columns.panel)?;
    }
    let (title, cluster, level) = (asked.title(), asked.cluster(), asked.spec.level);
    match format {
        Format::Json => terminal::print_json(&document)?,
        Format::Table => terminal::print(
            &table::text(&document, &title, &cluster, level, settings),
            settings,
        )?,
        Format::Csv => {
            if !settings.quiet {
                let sample = table::sample_sentence(&document.sample, &cluster);
                let dropped = table::dropped_sentence(&document.sample);
                terminal::remark(&format!("remark: {sample}; dropped: {dropped}\n"), settings);
            }
            terminal::print_raw(table::csv(&document).as_bytes())?;
        }
        Format::Md => terminal::print_raw(table::markdown(&document, &title, &cluster, level).as_bytes())?,
        Format::Tex => terminal::print_raw(table::latex(&document, &title, &cluster, level).as_bytes())?,
    }
    Ok(Done::Well)
}
