//! Arguments of the commands that write into a ledger and read it back. The flags of `record` are the columns of the table.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{Error, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use counterpart_model::TableId;
use counterpart_model::table::{Column, ColumnKind};

use crate::complete;

/// Who writes into which ledger, when and why.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Ledger")]
pub(crate) struct Writing {
    /// Ledger file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ledger: PathBuf,
    /// Office that answers for the commit; COUNTERPART_AUTHOR where it is not given
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// When it is recorded, ISO 8601 [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) recorded_at: Option<String>,
    /// Why, in the list of commits
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Say what would be added, replaced or unchanged, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Arguments of `record`.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// The table; none where a file names its own.
    pub(crate) table: Option<TableId>,
    /// Headings and cells.
    pub(crate) cells: Vec<(String, String)>,
    /// A file of rows instead of flags.
    pub(crate) from: Option<PathBuf>,
    /// A whole case folder instead of rows.
    pub(crate) case: Option<PathBuf>,
    /// Whether a row may replace one on record.
    pub(crate) supersede: bool,
    pub(crate) writing: Writing,
}

/// Arguments of `supersede`.
#[derive(Debug, Clone)]
pub(crate) struct Supersede {
    pub(crate) id: String,
    pub(crate) table: Option<TableId>,
    /// Headings and cells that change.
    pub(crate) cells: Vec<(String, String)>,
    pub(crate) reason: String,
    pub(crate) writing: Writing,
}

/// Arguments of `retract`.
#[derive(Debug, clap::Args)]
pub(crate) struct Retract {
    /// Id of a row, as `show` takes it; several are withdrawn together
    #[arg(value_name = "ID", required = true, add = ArgValueCompleter::new(complete::statements))]
    pub(crate) id: Vec<String>,
    /// Why it is withdrawn; stays on record
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Table of the row, where several have the id
    #[arg(long, value_name = "TABLE", value_parser = parse_table)]
    pub(crate) table: Option<TableId>,
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Arguments of `log`.
#[derive(Debug, clap::Args)]
pub(crate) struct Log {
    /// Ledger file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ledger: PathBuf,
    /// Only the history of the row with this id
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(complete::statements))]
    pub(crate) of: Option<String>,
}

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// Folder to write: new, or empty
    #[arg(value_name = "CASE_DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// Ledger file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ledger: PathBuf,
    /// Everything as of this commit, instead of the last one
    #[arg(long, value_name = "COMMIT")]
    pub(crate) as_of: Option<u32>,
}

/// Returns the word for one row of a table, as `record` takes it.
pub(crate) fn singular(table: TableId) -> String {
    let name = table.name().replace('_', "-");
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s').unwrap_or(&name).to_owned(),
    }
}

fn parse_table(name: &str) -> Result<TableId, String> {
    name.replace('-', "_")
        .parse()
        .or_else(|()| {
            TableId::ALL
                .iter()
                .copied()
                .find(|table| singular(*table) == name)
                .ok_or(())
        })
        .map_err(|()| "no table of the schema".to_owned())
}

/// Accepts any text and knows the words of a column: what is wrong with a cell is said together with all other faults.
#[derive(Clone)]
struct Words(&'static [&'static str]);

impl TypedValueParser for Words {
    type Value = String;

    fn parse_ref(&self, _: &Command, _: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        value
            .to_str()
            .map(str::to_owned)
            .ok_or_else(|| Error::new(ErrorKind::InvalidUtf8))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        (!self.0.is_empty())
            .then(|| Box::new(self.0.iter().copied().map(PossibleValue::new)) as Box<dyn Iterator<Item = _>>)
    }
}

/// Returns the flag of a column.
fn flag(table: TableId, column: &Column) -> Arg {
    let name = column.name.replace('_', "-");
    let words: &'static [&'static str] = match column.kind {
        ColumnKind::Word(words) => words,
        ColumnKind::ObservationStatus => &["p", "r", "e", "b", "x"],
        _ => &[],
    };
    let value_name = match column.kind {
        ColumnKind::Id => "ID".to_owned(),
        ColumnKind::Reference(tables) => singular(tables.first().copied().unwrap_or(table))
            .replace('-', "_")
            .to_uppercase(),
        ColumnKind::References(_) | ColumnKind::Operands => "IDS".to_owned(),
        ColumnKind::Text => "TEXT".to_owned(),
        ColumnKind::Word(_) | ColumnKind::ObservationStatus => "WORD".to_owned(),
        ColumnKind::Date => "DATE".to_owned(),
        ColumnKind::Period => "PERIOD".to_owned(),
        ColumnKind::Decimal => "NUMBER".to_owned(),
        ColumnKind::Count | ColumnKind::Integer => "COUNT".to_owned(),
        ColumnKind::Currency => "CODE".to_owned(),
        ColumnKind::Sha256 => "SHA256".to_owned(),
        ColumnKind::BaseIndicator => "INDICATOR".to_owned(),
        ColumnKind::Formula => "FORMULA".to_owned(),
    };
    let mut about = column.about.trim_end_matches('.').to_owned();
    if column.filled {
        about.push_str(" (needed)");
    }
    let mut arg = Arg::new(column.name)
        .long(name)
        .value_name(value_name)
        .help(about)
        .action(ArgAction::Set)
        .allow_negative_numbers(true)
        .value_parser(Words(words))
        .help_heading(format!("Columns of {table}"));
    if let [key] = table.key()
        && *key == column.name
    {
        arg = arg.visible_alias("id");
    }
    match column.kind {
        ColumnKind::Reference(tables) | ColumnKind::References(tables) => {
            arg.add(ArgValueCompleter::new(move |current: &OsStr| {
                complete::keys_of(tables, current)
            }))
        }
        _ => arg,
    }
}

/// A column by its heading, the case's own among them.
fn set() -> Arg {
    Arg::new("set")
        .long("set")
        .value_name("COLUMN=VALUE")
        .help("A column by its heading: one of the case's own (x_…), or any other")
        .action(ArgAction::Append)
        .value_parser(|text: &str| {
            text.split_once('=')
                .map(|(heading, cell)| (heading.trim().to_owned(), cell.to_owned()))
                .ok_or_else(|| "a heading, = and the cell".to_owned())
        })
}

/// Returns the cells that were given, in the order of the table's columns, then those of `--set`.
fn cells<'a>(matches: &ArgMatches, headings: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut cells: Vec<(String, String)> = headings
        .filter_map(|heading| {
            let cell = matches.get_one::<String>(heading)?;
            Some((heading.to_owned(), cell.clone()))
        })
        .collect();
    cells.extend(
        matches
            .get_many::<(String, String)>("set")
            .into_iter()
            .flatten()
            .cloned(),
    );
    cells
}

impl Record {
    /// Adds the ledger and who writes.
    fn written(command: Command) -> Command {
        // Flattened arguments would put their own words in place of the command's.
        let about = command.get_about().cloned().unwrap_or_default();
        Writing::augment_args(command)
            .about(about.clone())
            .long_about(about)
    }

    fn common(command: Command) -> Command {
        Self::written(command).arg(
            Arg::new("supersede")
                .long("supersede")
                .help("Let rows replace those on record that have the same key and say something else")
                .action(ArgAction::SetTrue)
                .help_heading("Ledger"),
        )
    }

    fn from_file(needed: bool, what: &'static str) -> Arg {
        Arg::new("from")
            .long("from")
            .value_name("FILE")
            .help(what)
            .required(needed)
            .value_hint(ValueHint::FilePath)
            .value_parser(clap::value_parser!(PathBuf))
    }

    /// One command a table.
    fn of_table(table: TableId) -> Command {
        let name = singular(table);
        let mut aliases = vec![
            table.name().to_owned(),
            table.name().replace('_', "-"),
            name.replace('-', "_"),
        ];
        aliases.retain(|alias| *alias != name);
        aliases.sort();
        aliases.dedup();
        let command = Command::new(name)
            .about(table.table().about.trim_end_matches('.'))
            .aliases(aliases);
        let columns: Vec<&'static str> = table.columns().iter().map(|column| column.name).collect();
        let command = command
            .args(table.columns().iter().map(|column| flag(table, column)))
            .arg(set().help_heading(format!("Columns of {table}")))
            .arg(
                Self::from_file(
                    false,
                    "Rows from a CSV file with the table's header, or a TOML file of [[table]] entries",
                )
                .conflicts_with_all(columns)
                .conflicts_with("set"),
            );
        Self::common(command)
    }
}

impl clap::Args for Record {
    fn augment_args(command: Command) -> Command {
        let all = Command::new("all")
            .about("Rows of several tables at once, from a TOML file")
            .arg(Self::from_file(
                true,
                "TOML file: [[table]] for each row, a key for each column",
            ));
        let case = Command::new("case")
            .about("Every row of a case folder; the ledger file is made where there is none")
            .arg(
                Arg::new("case")
                    .value_name("CASE")
                    .help("Case folder")
                    .required(true)
                    .value_hint(ValueHint::DirPath)
                    .value_parser(clap::value_parser!(PathBuf)),
            );
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("TABLE")
            .subcommand_help_heading("Tables")
            .disable_help_subcommand(true)
            .subcommands(TableId::ALL.iter().map(|table| Self::of_table(*table)))
            .subcommand(Self::common(all))
            .subcommand(Self::written(case))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Record {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let Some((name, matches)) = matches.subcommand() else {
            return Err(Error::new(ErrorKind::MissingSubcommand));
        };
        let table = parse_table(name).ok();
        let headings = table
            .map_or(&[][..], TableId::columns)
            .iter()
            .map(|column| column.name);
        Ok(Self {
            table,
            cells: if table.is_some() {
                cells(matches, headings)
            } else {
                Vec::new()
            },
            from: (name != "case")
                .then(|| matches.get_one::<PathBuf>("from").cloned())
                .flatten(),
            case: (name == "case")
                .then(|| matches.get_one::<PathBuf>("case").cloned())
                .flatten(),
            supersede: name != "case" && matches.get_flag("supersede"),
            writing: Writing::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Returns every heading of the schema once.
fn all_headings() -> Vec<&'static str> {
    let mut headings: Vec<&'static str> = TableId::ALL
        .iter()
        .flat_map(|table| table.columns())
        .map(|column| column.name)
        .collect();
    headings.sort_unstable();
    headings.dedup();
    headings
}

impl clap::Args for Supersede {
    fn augment_args(command: Command) -> Command {
        // Which flags make sense is known once the row is: any heading is taken, and its table's faults are told then.
        let flags = all_headings().into_iter().map(|heading| {
            Arg::new(heading)
                .long(heading.replace('_', "-"))
                .value_name("CELL")
                .hide(true)
                .allow_negative_numbers(true)
                .value_parser(Words(&[]))
        });
        let command = command
            .arg(
                Arg::new("ID")
                    .required(true)
                    .help("Id of a row on record")
                    .add(ArgValueCompleter::new(complete::statements)),
            )
            .arg(set().help("What a column says from now on; the flags of `record TABLE` do the same; an empty cell is none"))
            .args(flags)
            .arg(
                Arg::new("reason")
                    .long("reason")
                    .value_name("TEXT")
                    .required(true)
                    .help("Why it says something else; stays on record"),
            )
            .arg(
                Arg::new("table")
                    .long("table")
                    .value_name("TABLE")
                    .help("Table of the row, where several have the id")
                    .value_parser(parse_table),
            );
        let about = command.get_about().cloned().unwrap_or_default();
        Writing::augment_args(command).about(about)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Supersede {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            id: matches.get_one::<String>("ID").cloned().unwrap_or_default(),
            table: matches.get_one::<TableId>("table").copied(),
            cells: cells(matches, all_headings().into_iter()),
            reason: matches.get_one::<String>("reason").cloned().unwrap_or_default(),
            writing: Writing::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
