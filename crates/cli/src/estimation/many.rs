//! Many specifications at once: `--spec FILE.toml`.
//!
//! ```toml
//! method = "callaway-santanna"     # holds for each, unless it says otherwise
//!
//! [[spec]]
//! name = "never treated"
//!
//! [[spec]]
//! name = "not yet treated"
//! control = "not-yet"
//! ```
//!
//! Keys are the options of `estimate` without their dashes in front, aliases too; options on the command line hold for
//! each specification that does not say otherwise. A key becomes an argument and is read by the same parser.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use clap::{CommandFactory, FromArgMatches};
use counterpart_model::{Fault, FaultCode, Location};
use serde::Serialize;

use super::answer::{Answer, Asked, Source};
use super::document::{Document, Row};
use super::input::Input;
use super::scan;
use super::{ledger, notice, plot, table};
use crate::args::{self, Args, Format};
use crate::exit::{Done, Failure};
use crate::settings::Settings;
use crate::terminal;

/// Options that belong to the run and not to a specification.
const OF_THE_RUN: [&str; 8] = [
    "spec",
    "sample",
    "plot",
    "plot-kind",
    "format",
    "digits",
    "json",
    "quiet",
];

/// Options that say who is treated when: one of them in a specification replaces what was said before.
const TIMING: [&str; 4] = ["first-treated", "treated", "onset", "dose"];

/// A specification by name.
struct Named {
    name: String,
    asked: Asked,
}

/// One estimate with the name of its specification.
#[derive(Debug, Serialize)]
pub(crate) struct TidyRow<'a> {
    pub(crate) spec: &'a str,
    #[serde(flatten)]
    pub(crate) row: &'a Row<'a>,
}

/// A specification that the panel does not allow.
#[derive(Debug, Serialize)]
pub(crate) struct Refused {
    pub(crate) spec: String,
    pub(crate) reason: String,
}

pub(crate) fn run(
    args: &args::Estimate,
    file: &Path,
    format: Format,
    settings: &Settings,
) -> Result<Done, Failure> {
    if args.sample.is_some() {
        return Err(Failure::Option {
            option: "--sample",
            reason: "each of many specifications has a ledger of its own".to_owned(),
            hint: "write the ledger of one, with its options on the command line".to_owned(),
        });
    }
    let named = specifications(file)?;
    // One panel is read once for all specifications that name the same columns.
    let mut answers: Vec<(&Named, Answer)> = Vec::new();
    let mut refused: Vec<Refused> = Vec::new();
    let mut panels: Vec<(String, Kept)> = Vec::new();
    for one in &named {
        match answer(one, &mut panels, settings)? {
            Ok(answer) => answers.push((one, answer)),
            Err(reason) => refused.push(Refused {
                spec: one.name.clone(),
                reason,
            }),
        }
    }
    if answers.is_empty() {
        let faults = refused
            .iter()
            .map(|one| {
                let at = Location {
                    heading: Some(one.spec.clone()),
                    ..Location::file(file.display().to_string())
                };
                Fault::new(at, FaultCode::Panel, &one.spec, one.reason.clone())
            })
            .collect();
        return Err(refused_file(faults, file));
    }
    let documents: Vec<(&str, Document<'_>)> = answers
        .iter()
        .map(|(one, answer)| {
            let document = answer.document(&one.asked.columns).rounded(args.digits);
            (one.name.as_str(), document)
        })
        .collect();
    if let Some(target) = &args.plot {
        let drawing = plot::of_many(&documents, args.plot_kind)?;
        ledger::write("--plot", target, &drawing, &args.columns.panel)?;
    }
    let rows: Vec<TidyRow<'_>> = documents
        .iter()
        .flat_map(|(spec, document)| document.estimates.iter().map(move |row| TidyRow { spec, row }))
        .collect();
    match format {
        Format::Json => terminal::print_json(&Whole {
            schema: "counterpart.estimates/1",
            estimates: &rows,
            specs: documents
                .iter()
                .map(|(name, document)| SpecDocument { name, document })
                .collect(),
            refused: &refused,
            version: env!("CARGO_PKG_VERSION"),
        })?,
        Format::Csv => {
            remark_refused(&refused, settings);
            terminal::print_raw(table::csv_of_many(&rows).as_bytes())?;
        }
        Format::Table => {
            remark_refused(&refused, settings);
            terminal::print(&table::text_of_many(&documents, settings), settings)?;
        }
        Format::Md => {
            remark_refused(&refused, settings);
            terminal::print_raw(table::markdown_of_many(&documents).as_bytes())?;
        }
        Format::Tex => {
            remark_refused(&refused, settings);
            terminal::print_raw(table::latex_of_many(&documents).as_bytes())?;
        }
    }
    Ok(Done::Well)
}

/// Every specification in one document.
#[derive(Serialize)]
struct Whole<'a> {
    schema: &'static str,
    estimates: &'a [TidyRow<'a>],
    specs: Vec<SpecDocument<'a>>,
    refused: &'a [Refused],
    version: &'static str,
}

#[derive(Serialize)]
struct SpecDocument<'a> {
    name: &'a str,
    #[serde(flatten)]
    document: &'a Document<'a>,
}

fn remark_refused(refused: &[Refused], settings: &Settings) {
    if settings.quiet {
        return;
    }
    for one in refused {
        terminal::remark(
            &format!("remark: {} refused: {}\n", one.spec, one.reason),
            settings,
        );
    }
}

/// Estimates one; what the panel does not allow is an answer too, what is wrong with the file ends the run.
fn answer(
    one: &Named,
    panels: &mut Vec<(String, Kept)>,
    settings: &Settings,
) -> Result<Result<Answer, String>, Failure> {
    let asked = &one.asked;
    if asked.spec.method == counterpart_estimate::spec::Method::Ols {
        return match Answer::of(asked, false, settings) {
            Ok(answer) => Ok(Ok(answer)),
            Err(Failure::Estimate(error)) => Ok(Err(error.to_string().replace("\nhint: ", "; "))),
            Err(other) => Err(other),
        };
    }
    let key = format!("{:?}", asked.columns);
    let mut found = panels
        .iter()
        .find(|(met, kept)| *met == key && kept.answers(asked))
        .map(|(_, kept)| kept.clone());
    if found.is_none() {
        let kept = match scan::read(&asked.spec, &asked.columns, settings)? {
            Some(read) => Kept::Moments(Rc::new(read)),
            None => {
                let input = Input::read(&asked.columns)?;
                if panels.is_empty() {
                    notice::print_places(&input, settings);
                }
                Kept::Panel(Rc::new(input))
            }
        };
        panels.push((key, kept.clone()));
        found = Some(kept);
    }
    let (estimated, source) = match found {
        Some(Kept::Panel(input)) => (
            input.estimate(&asked.spec, &asked.columns),
            Source::Panel(Rc::clone(&input)),
        ),
        Some(Kept::Moments(read)) => (
            read.scan.moments.estimate(&asked.spec),
            Source::Moments(Rc::clone(&read)),
        ),
        None => return Ok(Err("the panel was not read".to_owned())),
    };
    Ok(match estimated {
        Ok(estimated) => Ok(Answer {
            source,
            estimated,
            ledger: None,
        }),
        Err(error) => Err(error.to_string().replace("\nhint: ", "; ")),
    })
}

/// A panel that was read for one specification and serves others.
#[derive(Clone)]
enum Kept {
    Panel(Rc<Input>),
    Moments(Rc<scan::Read>),
}

impl Kept {
    fn answers(&self, asked: &Asked) -> bool {
        match self {
            Self::Panel(_) => true,
            Self::Moments(_) => scan::reason_against(&asked.spec, &asked.columns).is_none(),
        }
    }
}

/// Reads the file; every fault of it is listed at once.
fn specifications(file: &Path) -> Result<Vec<Named>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|source| Failure::Read {
        path: file.to_owned(),
        source,
    })?;
    let whole: toml::Table = match toml::from_str(&text) {
        Ok(whole) => whole,
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(&text, span.start));
            let at = Location::line(file.display().to_string(), line);
            let fault = Fault::new(at, FaultCode::CaseFile, "", error.message().to_owned());
            return Err(refused_file(vec![fault], file));
        }
    };
    let mut faults: Vec<Fault> = Vec::new();
    let mut fault = |place: Place<'_>, reason: String| {
        let at = Location {
            heading: place.key.map(str::to_owned),
            ..Location::line(file.display().to_string(), place.line(&text))
        };
        faults.push(Fault::new(at, FaultCode::Inconsistent, place.spec, reason));
    };
    let (given, globals) = on_the_command_line();
    let mut shared = given;
    let mut tables: Vec<toml::Table> = Vec::new();
    for (key, value) in &whole {
        if key == "spec" {
            match value.as_array() {
                Some(list) => tables.extend(list.iter().filter_map(|one| one.as_table().cloned())),
                None => fault(
                    Place::top("spec"),
                    "a list of tables, each under [[spec]], expected".to_owned(),
                ),
            }
        } else if let Err(reason) = put(&mut shared, key, value) {
            fault(Place::top(key), reason);
        }
    }
    if tables.is_empty() {
        fault(
            Place::top("spec"),
            "no [[spec]] table is there; at least one expected".to_owned(),
        );
    }
    let mut named: Vec<Named> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (index, one) in tables.iter().enumerate() {
        let name = match one.get("name") {
            None => format!("spec {}", index + 1),
            Some(toml::Value::String(name)) if !name.trim().is_empty() => name.trim().to_owned(),
            Some(other) => {
                let number = format!("spec {}", index + 1);
                fault(
                    Place::of(&number, index, Some("name")),
                    format!("a text as name; {other} is none"),
                );
                continue;
            }
        };
        if seen.contains(&name) {
            fault(
                Place::of(&name, index, Some("name")),
                "a name of its own; this one occurs twice".to_owned(),
            );
        }
        seen.push(name.clone());
        let mut own = shared.clone();
        if one
            .keys()
            .any(|key| TIMING.contains(&canonical(key).unwrap_or_default().as_str()))
        {
            TIMING.iter().for_each(|key| {
                own.remove(*key);
            });
        }
        let mut whole = true;
        for (key, value) in one.iter().filter(|(key, _)| *key != "name") {
            if let Err(reason) = put(&mut own, key, value) {
                fault(Place::of(&name, index, Some(key)), reason);
                whole = false;
            }
        }
        match asked(&own, &globals) {
            Ok(asked) if whole => named.push(Named { name, asked }),
            Ok(_) => {}
            Err(reasons) => reasons
                .into_iter()
                .for_each(|reason| fault(Place::of(&name, index, None), reason)),
        }
    }
    if faults.is_empty() {
        Ok(named)
    } else {
        Err(refused_file(faults, file))
    }
}

fn refused_file(faults: Vec<Fault>, file: &Path) -> Failure {
    super::input::refused(faults, file)
}

/// Where in the file something stands.
struct Place<'a> {
    spec: &'a str,
    /// Which `[[spec]]` table; none for the top of the file.
    table: Option<usize>,
    key: Option<&'a str>,
}

impl<'a> Place<'a> {
    const fn top(key: &'a str) -> Self {
        Self {
            spec: "",
            table: None,
            key: Some(key),
        }
    }

    const fn of(spec: &'a str, table: usize, key: Option<&'a str>) -> Self {
        Self {
            spec,
            table: Some(table),
            key,
        }
    }

    /// The line of the key in its table, else that of the table.
    fn line(&self, text: &str) -> u64 {
        let starts: Vec<usize> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.trim_start().starts_with("[[spec]]"))
            .map(|(index, _)| index)
            .collect();
        let (from, to) = match self.table {
            None => (0, starts.first().copied().unwrap_or(usize::MAX)),
            Some(table) => (
                starts.get(table).copied().unwrap_or(0),
                starts.get(table + 1).copied().unwrap_or(usize::MAX),
            ),
        };
        let own = text
            .lines()
            .enumerate()
            .skip(from)
            .take_while(|(index, _)| *index < to);
        let found = own
            .filter(|(_, line)| {
                self.key
                    .is_some_and(|key| line.split('=').next().map(str::trim) == Some(key))
            })
            .map(|(index, _)| index)
            .next();
        found.unwrap_or(from) as u64 + 1
    }
}

fn line_of(text: &str, offset: usize) -> u64 {
    text.get(..offset)
        .map_or(1, |before| before.matches('\n').count() as u64 + 1)
}

/// Options of `estimate` as given on the command line, and the panel.
fn on_the_command_line() -> (BTreeMap<String, Vec<String>>, String) {
    let mut given = BTreeMap::new();
    let matches = Args::command().try_get_matches_from(std::env::args_os()).ok();
    let command = Args::command();
    let Some(estimate) = command.find_subcommand("estimate") else {
        return (given, String::new());
    };
    let mut panel = String::new();
    if let Some((_, matches)) = matches.as_ref().and_then(|matches| matches.subcommand()) {
        for arg in estimate.get_arguments() {
            let id = arg.get_id().as_str();
            if matches.value_source(id) != Some(clap::parser::ValueSource::CommandLine) {
                continue;
            }
            let raw: Vec<String> = matches
                .get_raw(id)
                .into_iter()
                .flatten()
                .map(|value| value.to_string_lossy().into_owned())
                .collect();
            match arg.get_long() {
                None => panel = raw.into_iter().next().unwrap_or_default(),
                Some(long) if !OF_THE_RUN.contains(&long) => {
                    given.insert(long.to_owned(), raw);
                }
                Some(_) => {}
            }
        }
    }
    (given, panel)
}

/// Returns an option's own name, of the name or an alias with hyphens or underscores.
fn canonical(key: &str) -> Option<String> {
    let wanted = key.replace('_', "-");
    let command = Args::command();
    let estimate = command.find_subcommand("estimate")?;
    estimate
        .get_arguments()
        .find(|arg| {
            let aliases = arg.get_all_aliases().unwrap_or_default();
            arg.get_long() == Some(wanted.as_str()) || aliases.contains(&wanted.as_str())
        })
        .and_then(|arg| arg.get_long().map(str::to_owned))
}

fn put(options: &mut BTreeMap<String, Vec<String>>, key: &str, value: &toml::Value) -> Result<(), String> {
    let Some(long) = canonical(key) else {
        let command = Args::command();
        let known: Vec<String> = command
            .find_subcommand("estimate")
            .into_iter()
            .flat_map(|estimate| estimate.get_arguments())
            .filter_map(|arg| arg.get_long().map(str::to_owned))
            .collect();
        let near = known
            .iter()
            .map(|name| (strsim::jaro_winkler(name, &key.replace('_', "-")), name))
            .filter(|(alike, _)| *alike > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        return Err(match near {
            Some((_, name)) => format!("{key} is no option of estimate; did you mean {name}?"),
            None => format!("{key} is no option of estimate"),
        });
    };
    if OF_THE_RUN.contains(&long.as_str()) {
        return Err(format!("{key} belongs to the run; give it on the command line"));
    }
    let plain = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        _ => None,
    };
    let values = match value {
        toml::Value::Boolean(true) => Vec::new(),
        toml::Value::Boolean(false) => {
            options.remove(&long);
            return Ok(());
        }
        toml::Value::Array(list) => {
            let texts: Option<Vec<String>> = list.iter().map(plain).collect();
            match texts {
                Some(texts) => vec![texts.join(",")],
                None => {
                    return Err(format!(
                        "{key} = {value}: a text, a number, or a list of them expected"
                    ));
                }
            }
        }
        other => match plain(other) {
            Some(text) => vec![text],
            None => {
                return Err(format!(
                    "{key} = {value}: a text, a number, or a list of them expected"
                ));
            }
        },
    };
    options.insert(long, values);
    Ok(())
}

/// Reads options as arguments; each that does not parse is a reason.
fn asked(options: &BTreeMap<String, Vec<String>>, panel: &str) -> Result<Asked, Vec<String>> {
    let words = |only: Option<&String>| -> Vec<String> {
        let mut words = vec!["counterpart".to_owned(), "estimate".to_owned(), panel.to_owned()];
        for (long, values) in options {
            if only.is_some_and(|only| only != long && long != "method") {
                continue;
            }
            if long == "no-intercept" || values.is_empty() {
                words.push(format!("--{long}"));
            } else {
                words.push(format!("--{long}={}", values.join(",")));
            }
        }
        words
    };
    let parsed = |words: Vec<String>| -> Result<args::Estimate, String> {
        let told = |error: clap::Error| {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_start_matches("error: ").to_owned()
        };
        let matches = Args::command().try_get_matches_from(words).map_err(told)?;
        let args = Args::from_arg_matches(&matches).map_err(told)?;
        match args.command {
            args::Command::Estimate(estimate) => Ok(*estimate),
            _ => Err("no estimate".to_owned()),
        }
    };
    if !options.contains_key("method") {
        return Err(vec!["no method is named".to_owned()]);
    }
    match parsed(words(None)) {
        Ok(estimate) => Asked::of(&estimate).map_err(|failure| vec![failure.to_string()]),
        Err(all) => {
            // The parser stops at the first; one option at a time shows each.
            let mut reasons: Vec<String> = options
                .keys()
                .filter_map(|long| parsed(words(Some(long))).err())
                .collect();
            reasons.dedup();
            Err(if reasons.is_empty() { vec![all] } else { reasons })
        }
    }
}
