//! One question, checked, and its answer.

use std::rc::Rc;

use counterpart_estimate::spec::Method;
use counterpart_estimate::{Estimated, Sample, Spec, estimate};
use counterpart_exchange::panel_file::PanelTable;

use super::document::Document;
use super::input::Input;
use super::{notice, ols, options, scan};
use crate::args::{self, PanelColumns};
use crate::exit::Failure;
use crate::settings::Settings;

/// A question whose options go together.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) columns: PanelColumns,
    pub(crate) spec: Spec,
    intercept: bool,
}

impl Asked {
    /// Returns the question that arguments ask.
    pub(crate) fn of(args: &args::Estimate) -> Result<Self, Failure> {
        let Some(method) = args.method else {
            return Err(Failure::Option {
                option: "--method",
                reason: "no estimator is named".to_owned(),
                hint: "counterpart estimate --help lists them".to_owned(),
            });
        };
        if args.no_intercept && method != Method::Ols {
            return Err(Failure::Option {
                option: "--no-intercept",
                reason: format!("{method} does not use it: effects of unit and period hold the constant"),
                hint: "leave it out, or choose --method ols".to_owned(),
            });
        }
        let regression = matches!(
            method,
            Method::Did | Method::EventStudy | Method::SunAbraham | Method::Dose | Method::Ols
        );
        let columns = if regression {
            args.columns.clone()
        } else {
            args.columns.clone().without_nested_unit()
        };
        let spec = options::spec(method, &args.options, &columns)?;
        Ok(Self {
            columns,
            spec,
            intercept: !args.no_intercept,
        })
    }

    /// What is estimated, in one line.
    pub(crate) fn title(&self) -> String {
        let columns = &self.columns;
        if self.spec.method == Method::Ols {
            return format!("ols: {} on {}", columns.outcome, self.spec.covariates.join(", "));
        }
        let treatment = columns
            .dose
            .as_ref()
            .or(columns.first_treated.as_ref())
            .or(columns.treated.as_ref());
        format!(
            "{}: {} by {}, units {}, periods {}",
            self.spec.method,
            columns.outcome,
            treatment.map_or("", String::as_str),
            columns.unit,
            columns.time
        )
    }

    /// The level of clusters in words.
    pub(crate) fn cluster(&self) -> String {
        self.columns.cluster_name()
    }
}

/// What was read.
pub(crate) enum Source {
    Panel(Rc<Input>),
    Moments(Rc<scan::Read>),
    Rows(Box<PanelTable>),
}

/// An estimate and what it was made from.
pub(crate) struct Answer {
    pub(crate) source: Source,
    pub(crate) estimated: Estimated,
    /// The ledger of single rows, where it was asked for.
    pub(crate) ledger: Option<Sample>,
}

impl Answer {
    /// Reads and estimates; with `rows` all of them are kept for what is made of them beside the estimate.
    pub(crate) fn of(asked: &Asked, rows: bool, settings: &Settings) -> Result<Self, Failure> {
        if asked.spec.method == Method::Ols {
            let (table, estimated) = ols::run(&asked.columns, asked.spec.clone(), asked.intercept)?;
            return Ok(Self {
                source: Source::Rows(Box::new(table)),
                ledger: rows.then(|| estimated.sample().clone()),
                estimated,
            });
        }
        if !rows && let Some(read) = scan::read(&asked.spec, &asked.columns, settings)? {
            let estimated = read
                .scan
                .moments
                .estimate(&asked.spec)
                .map_err(Failure::Estimate)?;
            return Ok(Self {
                source: Source::Moments(Rc::new(read)),
                estimated,
                ledger: None,
            });
        }
        let input = Input::read(&asked.columns)?;
        notice::print_places(&input, settings);
        let estimated = input.estimate(&asked.spec, &asked.columns).map_err(|error| {
            // Why it is refused is often among what is odd about the panel as a whole.
            notice::print_of_panel(&input, settings);
            Failure::Estimate(error)
        })?;
        let ledger = match rows {
            true if estimated.sample().rows().is_empty() => {
                let direct = estimate(&input.panel, &asked.spec).map_err(Failure::Estimate)?;
                Some(direct.sample().clone())
            }
            true => Some(estimated.sample().clone()),
            false => None,
        };
        Ok(Self {
            source: Source::Panel(Rc::new(input)),
            estimated,
            ledger,
        })
    }

    /// Returns the document of the answer.
    pub(crate) fn document(&self, columns: &PanelColumns) -> Document<'_> {
        match &self.source {
            Source::Panel(input) => Document::of(input, columns, &self.estimated),
            Source::Moments(read) => Document::of_moments(read, columns, &self.estimated),
            Source::Rows(table) => Document::of_rows(table, columns, &self.estimated),
        }
    }
}
