//! `counterpart power`: how small an effect the panel could show.

use counterpart_estimate::diagnose::power::{self, DetectableEffect};
use counterpart_estimate::spec::Inference;
use counterpart_estimate::{EstimateError, Estimated, estimate};
use serde_json::json;

use crate::args;
use crate::estimation::document::SampleOut;
use crate::estimation::table::{dropped_sentence, figure, sample_sentence};
use crate::estimation::{Input, notice, options};
use crate::exit::{Done, Failure};
use crate::settings::Settings;
use crate::terminal;
use crate::terminal::number::decimals;
use crate::terminal::page::Page;

/// Width of the labels.
const LABEL_COLUMNS: usize = 15;

/// An answer, or why there is none.
type Found = Result<DetectableEffect, String>;

pub(crate) fn run(args: &args::Power, settings: &Settings) -> Result<Done, Failure> {
    if !(args.power > 0.0 && args.power < 1.0) {
        return Err(Failure::Option {
            option: "--power",
            reason: format!("{} is no share between 0 and 1", args.power),
            hint: "0.8 is usual".to_owned(),
        });
    }
    let columns = &args.columns;
    let spec = options::spec(args.method, &args.options, columns)?;
    let input = Input::read(columns)?;
    notice::print_places(&input, settings);
    let estimated = estimate(&input.panel, &spec).map_err(Failure::Estimate)?;
    let analytic = analytic(&estimated, args.power);
    let mut drawn = spec.clone();
    drawn.inference = Inference::Randomisation;
    let by_randomisation =
        power::by_randomisation(&input.panel, &drawn, args.power).map_err(|error| reason(&error));
    let sample = SampleOut::of(estimated.sample());
    if settings.json {
        terminal::print_json(&json!({
            "schema": "counterpart.power/1",
            "method": spec.method.name(),
            "spec": options::resolved(&spec, columns),
            "input": { "path": input.table.file, "sha256": input.table.sha256, "rows": input.table.n_rows },
            "sample": sample,
            "power": args.power,
            "level": spec.level,
            "std_error": estimated.headline().and_then(|row| row.std_error),
            "analytic": document(&analytic),
            "randomisation": document(&by_randomisation),
            "simulation": { "how": "randomisation", "assignment": columns.assignment.as_ref().unwrap_or(&columns.unit), "draws": spec.draws },
            "warnings": notice::of_estimate(&input, &estimated),
            "seed": spec.seed,
            "version": env!("CARGO_PKG_VERSION"),
        }))?;
        return Ok(Done::Well);
    }
    let mut page = Page::new(settings);
    page.line(&format!(
        "smallest effect on {} found with power {} at level {}",
        columns.outcome,
        decimals(args.power, 2),
        decimals(spec.level, 2)
    ));
    page.blank();
    let mut say = |label: &str, text: &str| page.labelled(0, LABEL_COLUMNS, label, text);
    say(
        "analytic",
        &sentence(&analytic, &format!("from the standard error of {}", spec.method)),
    );
    let assignment = columns.assignment.as_ref().unwrap_or(&columns.unit);
    let how = format!("two-way fixed effects, treatment re-assigned between {assignment} by draws");
    say("simulation", &sentence(&by_randomisation, &how));
    let cluster = &columns.cluster_name();
    say("sample", &sample_sentence(&sample, cluster));
    say("dropped", &dropped_sentence(&sample));
    for (index, warning) in notice::of_estimate(&input, &estimated).iter().enumerate() {
        say(if index == 0 { "warnings" } else { "" }, &warning.message);
    }
    terminal::print(&page.finish(), settings)?;
    Ok(Done::Well)
}

fn analytic(estimated: &Estimated, power: f64) -> Found {
    let error = estimated
        .headline()
        .and_then(|row| row.std_error)
        .ok_or("the estimate has no standard error")?;
    power::analytic(error, estimated.df(), power, estimated.spec().level).map_err(|error| reason(&error))
}

fn reason(error: &EstimateError) -> String {
    error.to_string().replace("\nhint: ", "; ")
}

fn document(found: &Found) -> serde_json::Value {
    match found {
        Ok(DetectableEffect {
            effect: Some(effect), ..
        }) => json!({ "status": "computed", "effect": effect }),
        Ok(_) => json!({ "status": "none", "reason": NO_EFFECT }),
        Err(reason) => json!({ "status": "not_computed", "reason": reason }),
    }
}

const NO_EFFECT: &str = "no effect, however large: too few assignments for a p-value at that level";

fn sentence(found: &Found, how: &str) -> String {
    match found {
        Ok(DetectableEffect {
            effect: Some(effect), ..
        }) => format!("{} ({how})", figure(*effect)),
        Ok(_) => NO_EFFECT.to_owned(),
        Err(reason) => format!("not computed: {reason}"),
    }
}
