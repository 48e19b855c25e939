//! `counterpart owed`: duty by rule against paid, by provider and period.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::ManuallyDrop;

use counterpart_appraise::assessment::Duty;
use counterpart_appraise::duty;
use serde_json::json;

use crate::args;
use crate::exit::{Done, Failure, nearest};
use crate::reading::Reading;
use crate::settings::Settings;
use crate::terminal::{self, owed};

pub(crate) fn run(args: &args::Owed, settings: &Settings) -> Result<Done, Failure> {
    // The process ends soon: taking the record apart would take longer than some answers.
    let reading = ManuallyDrop::new(Reading::of(args.case.as_deref(), args.ledger.as_deref())?);
    let office = duty::owed(&reading.record);
    let provider = args
        .provider
        .as_deref()
        .map(|asked| provider(&office.duties, asked))
        .transpose()?;
    let year = args.year.map(i32::from);
    let chosen: Vec<&Duty> = office
        .duties
        .iter()
        .filter(|row| provider.as_ref().is_none_or(|id| row.provider == *id))
        .filter(|row| year.is_none_or(|year| holds(&row.period, year)))
        .collect();
    if settings.json {
        let ids: BTreeSet<&String> = chosen
            .iter()
            .flat_map(|row| {
                row.paid
                    .iter()
                    .chain(row.against.iter().flat_map(|one| &one.transactions))
            })
            .collect();
        let transactions: Vec<_> = office
            .transactions
            .iter()
            .filter(|row| ids.contains(&row.id))
            .collect();
        let mut by_status: BTreeMap<String, usize> = BTreeMap::new();
        for row in &chosen {
            *by_status.entry(row.status.words().replace(' ', "_")).or_default() += 1;
        }
        terminal::print_json(&json!({
            "schema": "counterpart.owed/1",
            "case": { "title": reading.record.case.title, "as_of": reading.record.case.as_of.to_string() },
            "provider": provider,
            "year": year,
            "by_status": by_status,
            "duties": chosen,
            "transactions": transactions,
        }))?;
    } else {
        let asked = owed::Asked {
            provider: provider.is_some(),
            year: year.is_some(),
        };
        terminal::print(
            &owed::screen(&reading.record, &office, &chosen, asked, settings),
            settings,
        )?;
    }
    Ok(Done::Well)
}

/// The id of the provider asked for, by id or by name.
fn provider(duties: &[Duty], asked: &str) -> Result<String, Failure> {
    let known: BTreeMap<&str, &str> = duties
        .iter()
        .map(|row| (row.provider.as_str(), row.provider_name.as_str()))
        .collect();
    if known.contains_key(asked) {
        return Ok(asked.to_owned());
    }
    let folded = asked.to_lowercase();
    let named: Vec<&str> = known
        .iter()
        .filter(|(_, name)| name.to_lowercase() == folded)
        .map(|(id, _)| *id)
        .collect();
    if let [only] = named.as_slice() {
        return Ok((*only).to_owned());
    }
    Err(Failure::UnknownId {
        what: "provider",
        id: asked.to_owned(),
        near: nearest(asked, known.keys().copied().chain(known.values().copied())),
    })
}

/// Whether a year belongs to a period: a year, or `first/last` with `..` for an open end.
fn holds(period: &str, year: i32) -> bool {
    let of = |text: &str| text.get(..4).and_then(|text| text.parse::<i32>().ok());
    match period.split_once('/') {
        Some((first, last)) => {
            of(first).is_none_or(|first| first <= year) && of(last).is_none_or(|last| year <= last)
        }
        None => of(period) == Some(year),
    }
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_year_belongs_to_the_spans_around_it() {
        for (period, is_in) in [
            ("2011", true),
            ("2012", false),
            ("2010/2015", true),
            ("2012/2015", false),
            ("../2011-07", true),
            ("2012/..", false),
            ("undated", false),
        ] {
            assert_eq!(holds(period, 2011), is_in, "{period}");
        }
    }
}
