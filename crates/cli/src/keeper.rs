//! A ledger file open to be written into: what is on record, and who commits when.

use std::path::Path;

use counterpart_appraise::disclosure::Control;
use counterpart_exchange::entry::OnRecord;
use counterpart_ledger::{AsOf, CommitHeader, Ledger, LedgerError, Statement, View};
use counterpart_model::{Date, Record, TableId};

use crate::args::Writing;
use crate::exit::{Failure, nearest};
use crate::reading;

/// How often a write is tried anew because somebody else committed in between.
const TRIES: usize = 100;

/// A ledger, and what it held when it was looked at.
pub(crate) struct Keeper {
    pub(crate) ledger: Ledger,
    pub(crate) view: View,
    pub(crate) on_record: OnRecord,
}

impl Keeper {
    /// Opens a ledger that holds a case.
    pub(crate) fn open(file: &Path) -> Result<Self, Failure> {
        let ledger = reading::open(file)?;
        let view = ledger.view(AsOf::Head).map_err(Failure::Ledger)?;
        let mut keeper = Self {
            ledger,
            view,
            on_record: OnRecord::default(),
        };
        if keeper.view.case_toml().is_empty() {
            return Err(Failure::WrongFile {
                path: file.to_owned(),
                what: "a ledger that holds no case",
                hint: "read one into it: counterpart assess CASE --ledger FILE",
            });
        }
        keeper.on_record = reading::on_record(&keeper.view);
        Ok(keeper)
    }

    /// Returns what of the case may not be printed.
    pub(crate) fn control(&self) -> Result<Control, Failure> {
        self.control_of_record().map(|(control, _)| control)
    }

    /// Returns what may not be printed, and of what.
    pub(crate) fn control_of_record(&self) -> Result<(Control, Record), Failure> {
        let case = counterpart_exchange::case_toml::parse(self.view.case_toml()).map_err(|faults| {
            Failure::Faults {
                faults,
                nothing: "nothing was read",
            }
        })?;
        let record = self.view.record(case).map_err(Failure::Ledger)?;
        let control = Control::of(&record, &reading::publications(&self.view));
        Ok((control, record))
    }

    /// Does `write` with what is on record; again, where another process committed between looking and writing.
    pub(crate) fn write<T>(
        &mut self,
        mut write: impl FnMut(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        for _ in 1..TRIES {
            match write(self) {
                Err(Failure::Ledger(LedgerError::Moved { .. })) => {
                    self.view = self.ledger.view(AsOf::Head).map_err(Failure::Ledger)?;
                    self.on_record = reading::on_record(&self.view);
                }
                done => return done,
            }
        }
        write(self)
    }

    /// Returns the one row on record with an id.
    pub(crate) fn row(&self, id: &str, table: Option<TableId>) -> Result<Statement, Failure> {
        let mut found = self.view.find(id);
        found.retain(|statement| table.is_none_or(|table| statement.table == table));
        match found.len() {
            1 => found.pop().ok_or(Failure::NoCase),
            0 => {
                let keys: Vec<String> = TableId::ALL
                    .iter()
                    .filter(|table| **table != TableId::Observations)
                    .flat_map(|table| self.view.rows(*table).into_iter().map(|row| row.key()))
                    .collect();
                let withdrawn = self.ledger.withdrawals().map_err(Failure::Ledger)?;
                if let Some(last) = withdrawn.iter().rev().find(|row| row.key == id) {
                    return Err(Failure::Option {
                        option: "ID",
                        reason: format!(
                            "{} {id} was withdrawn in commit {}: {}",
                            last.table, last.commit, last.reason
                        ),
                        hint: format!("counterpart log --of {id} --ledger FILE has its history"),
                    });
                }
                Err(Failure::UnknownId {
                    what: "row on record",
                    id: id.to_owned(),
                    near: nearest(id, keys.iter().map(String::as_str)),
                })
            }
            _ => {
                let ids: Vec<String> = found
                    .iter()
                    .take(6)
                    .map(|statement| format!("{} ({})", statement.id(), statement.key))
                    .collect();
                Err(Failure::Option {
                    option: "ID",
                    reason: format!("{} rows have the id {id:?}: {}", found.len(), ids.join(", ")),
                    hint: "name the row by its whole key or as commit/table/row, or add --table TABLE"
                        .to_owned(),
                })
            }
        }
    }
}

/// Returns who commits, when and why.
pub(crate) fn header(writing: &Writing, message: &str) -> Result<CommitHeader, Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the face reads the environment and the clock"
    )]
    let named = || std::env::var("COUNTERPART_AUTHOR").ok();
    let author = writing
        .author
        .clone()
        .or_else(named)
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "not named".to_owned());
    let recorded_at = match &writing.recorded_at {
        Some(text) if is_time(text) => text.clone(),
        Some(text) => {
            return Err(Failure::Option {
                option: "--recorded-at",
                reason: format!("{text:?} is no date and no time"),
                hint: "write 2026-11-24 or 2026-11-24T09:30:00Z".to_owned(),
            });
        }
        None => now(),
    };
    Ok(CommitHeader::new(
        author,
        recorded_at,
        writing.message.as_deref().unwrap_or(message),
    ))
}

fn is_time(text: &str) -> bool {
    text.parse::<Date>().is_ok()
        || text.parse::<jiff::Timestamp>().is_ok()
        || text.parse::<jiff::civil::DateTime>().is_ok()
}

#[expect(
    clippy::disallowed_methods,
    reason = "when something is recorded is an argument whose default is now"
)]
fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}
