//! Stand-ins for rooms that are being built.

use counterpart_appraise::{AppraiseError, Assessment, Published};
use counterpart_model::{Fault, FaultCode, Faults, Id, Location, Record};

#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) lenses: Vec<Id>,
    pub(crate) seed: Option<u64>,
    pub(crate) threads: Option<usize>,
}

pub(crate) fn assess(_: &Record, _: &str, options: &Options) -> Result<Assessment, AppraiseError> {
    let _ = (&options.lenses, options.seed, options.threads);
    let fault = Fault::new(
        Location::file("case.toml"),
        FaultCode::Panel,
        "",
        "an appraisal, which is being built",
    );
    Err(AppraiseError::Faults(Faults::from_vec(vec![fault]).expect("one")))
}

#[derive(Debug, thiserror::Error)]
#[expect(dead_code)]
pub(crate) enum ReportError {
    #[error("")]
    NotOurs {},
    #[error("")]
    NotAFolder {},
    #[error("")]
    Io { source: std::io::Error },
    #[error("")]
    Csv,
}
pub(crate) fn write(_: &Published<Assessment>, _: &std::path::Path) -> Result<(), ReportError> {
    Ok(())
}
pub(crate) fn new_case(path: &std::path::Path) -> Result<(), counterpart_exchange::WriteError> {
    Err(counterpart_exchange::WriteError::Exists {
        path: path.to_owned(),
    })
}
