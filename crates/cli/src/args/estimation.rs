//! Arguments of `estimate`, `diagnose` and `power`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use counterpart_estimate::spec::{
    Aggregation, BasePeriod, Control, CovariateMethod, Inference, Method, PanelUse, Solver, Variance,
};

/// Arguments of `estimate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Estimate {
    #[command(flatten)]
    pub(crate) columns: PanelColumns,
    /// Estimator: did, event-study, callaway-santanna, sun-abraham, imputation, dose, synthetic-control,
    /// synthetic-did; ols for least squares on plain rows
    #[arg(long, value_name = "M", value_parser = method, required_unless_present = "spec")]
    pub(crate) method: Option<Method>,
    #[command(flatten)]
    pub(crate) options: SpecOptions,
    /// Leave the constant out of `--method ols`
    #[arg(long, help_heading = "Options of the estimate")]
    pub(crate) no_intercept: bool,
    /// Specifications in a TOML file, many at once: `[[spec]]` tables whose keys are options
    #[arg(long, value_name = "FILE", help_heading = "Options of the estimate")]
    pub(crate) spec: Option<PathBuf>,
    /// Write what became of each row to this file, as CSV
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) sample: Option<PathBuf>,
    /// Form of the answer
    #[arg(long, value_name = "F", default_value = "table", help_heading = "Output")]
    pub(crate) format: Format,
    /// Draw the estimate into this file, as SVG
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) plot: Option<PathBuf>,
    /// What is drawn: event-study, group-time, path, placebos, specifications
    #[arg(long, value_name = "WHAT", requires = "plot", help_heading = "Output")]
    pub(crate) plot_kind: Option<PlotKind>,
    /// Significant digits of JSON and CSV; all of them where none is named
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=17), help_heading = "Output")]
    pub(crate) digits: Option<u8>,
}

/// Arguments of `diagnose`.
#[derive(Debug, clap::Args)]
pub(crate) struct Diagnose {
    #[command(flatten)]
    pub(crate) columns: PanelColumns,
    /// Relative magnitudes at which bounds are shown: steps after onset up to so many times the largest before
    #[arg(long, value_name = "M,…", value_delimiter = ',', default_values_t = [0.5, 1.0, 1.5, 2.0])]
    pub(crate) m_bar: Vec<f64>,
    /// Changes of slope at which bounds are shown; 0, half and the whole of the largest before where none is named
    #[arg(long, value_name = "M,…", value_delimiter = ',')]
    pub(crate) smoothness: Vec<f64>,
    /// Estimator whose estimate is examined
    #[arg(long, value_name = "M", default_value = "callaway-santanna", value_parser = named::<Method>)]
    pub(crate) method: Method,
    #[command(flatten)]
    pub(crate) options: SpecOptions,
}

/// Arguments of `power`.
#[derive(Debug, clap::Args)]
pub(crate) struct Power {
    #[command(flatten)]
    pub(crate) columns: PanelColumns,
    /// Estimator whose standard error is used
    #[arg(long, value_name = "M", default_value = "did", value_parser = named::<Method>)]
    pub(crate) method: Method,
    /// Share of samples in which the effect is to be found
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub(crate) power: f64,
    #[command(flatten)]
    pub(crate) options: SpecOptions,
}

/// The panel and the names of its columns.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PanelColumns {
    /// Panel as CSV or Parquet: one row a unit and period
    #[arg(value_name = "PANEL")]
    pub(crate) panel: PathBuf,
    /// Column of the outcome
    #[arg(
        long,
        value_name = "Y",
        visible_alias = "yname",
        default_value = "",
        hide_default_value = true,
        help_heading = "Columns"
    )]
    pub(crate) outcome: String,
    /// Column of the units
    #[arg(
        long,
        value_name = "U",
        visible_alias = "idname",
        default_value = "",
        hide_default_value = true,
        help_heading = "Columns"
    )]
    pub(crate) unit: String,
    /// Column of the periods, whole numbers
    #[arg(
        long,
        value_name = "T",
        visible_alias = "tname",
        default_value = "",
        hide_default_value = true,
        help_heading = "Columns"
    )]
    pub(crate) time: String,
    /// Column of the first treated period; empty, 0 and inf: never treated
    #[arg(
        long,
        value_name = "G",
        visible_alias = "gname",
        conflicts_with_all = ["treated", "onset"],
        help_heading = "Columns"
    )]
    pub(crate) first_treated: Option<String>,
    /// Column of a flag: under treatment in this period; with --onset, ever treated
    #[arg(long, value_name = "D", help_heading = "Columns")]
    pub(crate) treated: Option<String>,
    /// First treated period of all treated units
    #[arg(
        long,
        value_name = "T0",
        allow_negative_numbers = true,
        help_heading = "Columns"
    )]
    pub(crate) onset: Option<i64>,
    /// Column of the dose; units with a dose other than 0 are treated from --onset on
    #[arg(long, value_name = "D", help_heading = "Columns")]
    pub(crate) dose: Option<String>,
    /// Columns of covariates, with commas or as `~ a + b`
    #[arg(
        long,
        value_name = "A,B",
        visible_alias = "xformla",
        value_parser = formula,
        help_heading = "Columns"
    )]
    pub(crate) covariates: Option<Covariates>,
    /// Column of weights
    #[arg(long, value_name = "W", help_heading = "Columns")]
    pub(crate) weights: Option<String>,
    /// Column of clusters, or two with a comma; the unit where none is named
    #[arg(
        long,
        value_name = "C",
        visible_alias = "clustervars",
        value_parser = formula,
        help_heading = "Columns"
    )]
    cluster: Option<Covariates>,
    /// Columns whose effects regressions absorb, all of them with commas; unit and period where none is named
    #[arg(long, value_name = "A,B", value_parser = formula, help_heading = "Columns")]
    absorb: Option<Covariates>,
    /// Column at whose level treatment was given; the unit where none is named
    #[arg(long, value_name = "A", help_heading = "Columns")]
    pub(crate) assignment: Option<String>,
}

/// How to estimate.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of the estimate")]
pub(crate) struct SpecOptions {
    /// Who serves as comparison: never, not-yet
    #[arg(long, value_name = "WHO", value_parser = named::<Control>)]
    pub(crate) control: Option<Control>,
    /// What effects before treatment are measured from: universal, varying
    #[arg(long, value_name = "WHICH", value_parser = named::<BasePeriod>)]
    pub(crate) base_period: Option<BasePeriod>,
    /// Periods before onset in which an effect may already show
    #[arg(long, value_name = "N")]
    pub(crate) anticipation: Option<u32>,
    /// How covariates enter: dr, ipw, reg
    #[arg(long, value_name = "HOW", value_parser = named::<CovariateMethod>)]
    pub(crate) covariate_method: Option<CovariateMethod>,
    /// Averages of group-time effects: simple, group, dynamic, calendar, group-time; several with commas
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = named::<Aggregation>)]
    pub(crate) aggregate: Vec<Aggregation>,
    /// Use of an incomplete panel: pairs, balanced, cross-section
    #[arg(id = "panel_use", long = "panel", value_name = "USE", value_parser = named::<PanelUse>)]
    pub(crate) panel_use: Option<PanelUse>,
    /// Source of uncertainty: analytic, multiplier, wild, randomisation, placebo, jackknife,
    /// bootstrap
    #[arg(long, value_name = "I", value_parser = named::<Inference>)]
    pub(crate) inference: Option<Inference>,
    /// Formula of regression standard errors: cluster, iid, hc1, hc2, hc3
    #[arg(long, value_name = "V", value_parser = named::<Variance>)]
    pub(crate) variance: Option<Variance>,
    /// First and last event time kept apart, as FIRST,LAST; what lies beyond is pooled
    #[arg(long, value_name = "F,L", allow_hyphen_values = true, value_parser = bins)]
    pub(crate) bins: Option<(i64, i64)>,
    /// Draws of a bootstrap or of randomisation
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) draws: Option<u32>,
    /// Solver of synthetic difference in differences: exact, reference
    #[arg(long, value_name = "S", value_parser = named::<Solver>)]
    pub(crate) solver: Option<Solver>,
    /// Seed of everything that draws
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Level of intervals
    #[arg(long, value_name = "L")]
    pub(crate) level: Option<f64>,
}

/// What a drawing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlotKind {
    /// Effects by event time, the reference among them
    EventStudy,
    /// Effects of each cohort by period
    GroupTime,
    /// The treated path and its synthetic comparison
    Path,
    /// The estimate among those of untreated units
    Placebos,
    /// Estimates of many specifications in order
    Specifications,
}

impl PanelColumns {
    /// Returns the columns of clusters; none where the unit is meant.
    pub(crate) fn clusters(&self) -> &[String] {
        self.cluster.as_ref().map_or(&[], |names| &names.0)
    }

    /// Returns the one column of clusters that the panel is built with, where it is not the unit.
    pub(crate) fn panel_cluster(&self) -> Option<&String> {
        match self.clusters() {
            [only] if *only != self.unit => Some(only),
            _ => None,
        }
    }

    /// Returns the two columns of two-way clusters.
    pub(crate) fn two_way(&self) -> Option<(&String, &String)> {
        match self.clusters() {
            [first, second] => Some((first, second)),
            _ => None,
        }
    }

    /// Returns the level of clusters in words.
    pub(crate) fn cluster_name(&self) -> String {
        match self.clusters() {
            [] => self.unit.clone(),
            names => names.join(" and "),
        }
    }

    /// Returns the columns whose effects are absorbed; none where it is unit and period.
    pub(crate) fn absorb(&self) -> &[String] {
        self.absorb.as_ref().map_or(&[], |names| &names.0)
    }

    /// Drops the unit from clusters that nest it: by units and by a level above them is by that level.
    pub(crate) fn without_nested_unit(mut self) -> Self {
        if let Some(names) = &mut self.cluster
            && names.0.len() == 2
        {
            names.0.retain(|name| *name != self.unit);
        }
        self
    }
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for a terminal
    Table,
    /// One document
    Json,
    /// One row an estimate
    Csv,
    /// Markdown
    Md,
    /// LaTeX with booktabs
    Tex,
}

/// Names of covariates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Covariates(pub(crate) Vec<String>);

/// Reads `a,b` or `~ a + b`; `~ 1` is none.
#[expect(clippy::unnecessary_wraps, reason = "a parser of clap returns a result")]
fn formula(text: &str) -> Result<Covariates, String> {
    let (text, mark) = match text.trim().strip_prefix('~') {
        Some(formula) => (formula, '+'),
        None => (text, ','),
    };
    let names = text.split(mark).map(str::trim);
    let formula = mark == '+';
    Ok(Covariates(
        names
            .filter(|name| !(name.is_empty() || formula && *name == "1"))
            .map(str::to_owned)
            .collect(),
    ))
}

fn bins(text: &str) -> Result<(i64, i64), String> {
    let number = |part: &str| i64::from_str(part.trim());
    match text
        .split_once(',')
        .map(|(first, last)| (number(first), number(last)))
    {
        Some((Ok(first), Ok(last))) if first <= last => Ok((first, last)),
        _ => Err("two whole numbers in order, such as -5,5".to_owned()),
    }
}

/// A choice of the library that has a name.
trait Named: Sized + Copy + 'static {
    fn all() -> &'static [Self];
    fn name(self) -> &'static str;
}

macro_rules! named {
    ($($choice:ty),+) => {
        $(impl Named for $choice {
            fn all() -> &'static [Self] { &Self::ALL }
            fn name(self) -> &'static str { <$choice>::name(self) }
        })+
    };
}

named!(
    Method,
    Control,
    BasePeriod,
    CovariateMethod,
    PanelUse,
    Inference,
    Variance,
    Solver,
    Aggregation
);

/// Returns the method of that name; `ols` is none for panels.
fn method(text: &str) -> Result<Method, String> {
    if text.trim() == Method::Ols.name() {
        return Ok(Method::Ols);
    }
    named::<Method>(text).map_err(|expected| format!("{expected}, {}", Method::Ols.name()))
}

/// Returns the choice of that name, hyphens and underscores alike.
fn named<T: Named>(text: &str) -> Result<T, String> {
    let wanted = text.trim().replace('_', "-");
    T::all()
        .iter()
        .copied()
        .find(|choice| choice.name() == wanted)
        .ok_or_else(|| {
            let names: Vec<&str> = T::all().iter().map(|choice| choice.name()).collect();
            format!("one of {}", names.join(", "))
        })
}
