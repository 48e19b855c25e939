//! Drawings of estimates: `--plot FILE.svg`.
//!
//! A drawing stands alone: its styles are inside, nothing is loaded. Points are never joined; what they are measured
//! from is said under them.

mod paths;
mod points;

use counterpart_estimate::spec::{BasePeriod, Method};
use counterpart_estimate::synth::path::path;
use counterpart_report::chart::svg::Svg;

use super::answer::{Answer, Asked, Source};
use super::document::Document;
use crate::args::PlotKind;
use crate::exit::Failure;

const STYLE: &str = "svg{background:#fff;font:13px system-ui,'Noto Sans',sans-serif}\
text{fill:#1c2430}.t{font-size:15px;font-weight:600}.tm{fill:#5b6675;font-size:12px}.tb{font-weight:600}\
.grid{stroke:#e3e7ec}.zero{stroke:#5b6675}.zone{fill:#f2f5f8}.onset{stroke:#5b6675;stroke-dasharray:3 3}\
.band{stroke:#8fb3d9;stroke-width:2}.ci{stroke:#1f5c99;stroke-width:5}.es{fill:#fff;stroke:#12385e;stroke-width:2.2}\
.ref{fill:none;stroke:#5b6675;stroke-width:1.6;stroke-dasharray:2 2}.own{fill:none;stroke:#12385e;stroke-width:2.4}\
.syn{fill:none;stroke:#b4610f;stroke-width:2.2;stroke-dasharray:6 4}.pl{fill:#c9d3de}.hit{fill:#b4610f}";

/// Width of a drawing.
const WIDTH: f64 = 760.0;

/// Draws one estimate.
pub(crate) fn of_one(
    answer: &Answer,
    document: &Document<'_>,
    kind: Option<PlotKind>,
    asked: &Asked,
) -> Result<String, Failure> {
    let title = asked.title();
    let Source::Panel(input) = &answer.source else {
        return Err(nothing("least squares on plain rows has no picture of its own"));
    };
    let synthetic = matches!(asked.spec.method, Method::SyntheticControl | Method::SyntheticDid);
    let chosen = kind.unwrap_or_else(|| {
        if synthetic {
            PlotKind::Path
        } else if document.estimates.iter().any(points::is_event) {
            PlotKind::EventStudy
        } else if document.estimates.iter().any(points::is_cell) {
            PlotKind::GroupTime
        } else {
            PlotKind::Specifications
        }
    });
    let svg = match chosen {
        PlotKind::EventStudy => points::event_study(&document.estimates, &title, &base(asked)),
        PlotKind::GroupTime => points::group_time(&document.estimates, &title, &base(asked)),
        PlotKind::Path => {
            let both = path(&input.panel, &answer.estimated);
            let names = (asked.columns.outcome.as_str(), asked.columns.time.as_str());
            // Without a choice the placebos stand under the path: the one says little without the other.
            let placebos = if kind.is_none() {
                document.placebos.as_slice()
            } else {
                &[]
            };
            paths::path(&both, placebos, document.estimates.first(), &title, names)
        }
        PlotKind::Placebos => paths::placebos(&document.placebos, document.estimates.first(), &title),
        PlotKind::Specifications => points::specifications(&[("", document)], &title),
    };
    svg.map(|svg| alone(&svg, &title))
        .ok_or_else(|| nothing("the estimate has no rows of that kind; see --aggregate and --method"))
}

/// Draws many specifications in the order of their estimates.
pub(crate) fn of_many(documents: &[(&str, Document<'_>)], kind: Option<PlotKind>) -> Result<String, Failure> {
    if kind.is_some_and(|kind| kind != PlotKind::Specifications) {
        return Err(nothing(
            "many specifications are drawn as a curve; leave --plot-kind out",
        ));
    }
    let rows: Vec<(&str, &Document<'_>)> = documents
        .iter()
        .map(|(name, document)| (*name, document))
        .collect();
    let title = format!("{} specifications", rows.len());
    points::specifications(&rows, &title)
        .map(|svg| alone(&svg, &title))
        .ok_or_else(|| nothing("no specification has an estimate"))
}

fn nothing(reason: &str) -> Failure {
    Failure::Option {
        option: "--plot",
        reason: reason.to_owned(),
        hint: "--format csv gives the rows that there are".to_owned(),
    }
}

/// What the points are measured from, in words.
fn base(asked: &Asked) -> String {
    let spec = &asked.spec;
    let lead = i64::from(spec.anticipation) + 1;
    match spec.method {
        Method::CallawaySantanna if spec.base_period == BasePeriod::Varying => format!(
            "Varying base: before onset each effect is measured from the period just before it, from onset on from the last period {}.",
            before(lead)
        ),
        Method::Imputation => {
            "Effects are measured from the outcome imputed from all untreated rows; there are none before onset."
                .to_owned()
        }
        Method::EventStudy | Method::Dose => format!(
            "Effects before and after onset are measured from the same period: event time {}.",
            minus(spec.reference)
        ),
        _ => format!(
            "Effects before and after onset are measured from the same period: the last one {} (event time {}).",
            before(lead),
            minus(-lead)
        ),
    }
}

fn before(lead: i64) -> String {
    match lead {
        1 => "before treatment".to_owned(),
        more => format!("at least {more} periods before treatment"),
    }
}

fn minus(number: i64) -> String {
    number.to_string().replace('-', "−")
}

/// A drawing as a file of its own.
fn alone(svg: &Svg, label: &str) -> String {
    let element = svg.element("counterpart", label);
    let (open, body) = element.split_once('>').unwrap_or((element.as_str(), ""));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{} xmlns=\"http://www.w3.org/2000/svg\"><style>{STYLE}</style>{body}\n",
        open
    )
}
