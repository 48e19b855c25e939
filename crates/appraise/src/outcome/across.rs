//! Across places: σ by year, β over the years, Theil's T with its parts.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::place::Level;
use counterpart_model::pool::Reach;
use counterpart_model::{Date, Id};
use counterpart_panel::graph::Side;
use counterpart_panel::{Graph, Places};

use super::table::{Across, tables};
use super::{blank, dispersion, indicator_name, indicators, put_together};
use crate::assessment::{Number, OutcomeMeasure, OutcomeRow, Sentence};
use crate::reading::Reader;
use crate::words;

/// Returns σ, β and Theil's T of every indicator described, across the nation's places of the gap's level and across the
/// places inside the gap's place.
pub(super) fn rows(reader: &Reader<'_>, graph: &Graph) -> Vec<OutcomeRow> {
    let Some(gap) = &reader.record().case.gap else {
        return Vec::new();
    };
    let places = graph.places();
    let mut sets: Vec<(&Id, Level)> = places
        .level(&gap.place)
        .filter(|level| !matches!(level, Level::Nation | Level::Group))
        .map(|level| (&gap.nation, level))
        .into_iter()
        .collect();
    for level in [Level::Province, Level::Prefecture, Level::County, Level::Division] {
        if places.level(&gap.place) != Some(level) && !places.inside(&gap.place, level).is_empty() {
            sets.push((&gap.place, level));
        }
    }
    let mut rows = Vec::new();
    for indicator in indicators(reader.record()) {
        for (container, level) in &sets {
            let scope = Scope {
                reader,
                graph,
                indicator: &indicator,
                container,
                level: *level,
            };
            let tables = tables(reader, places, &indicator, container, *level);
            if tables.is_empty() {
                rows.push(scope.refused(
                    None,
                    "no vintage on record holds at least three of the places in one year",
                ));
            }
            for table in &tables {
                rows.extend(scope.rows(table));
            }
        }
    }
    rows
}

/// One indicator across one set of places.
struct Scope<'a> {
    reader: &'a Reader<'a>,
    graph: &'a Graph,
    indicator: &'a Id,
    container: &'a Id,
    level: Level,
}

impl Scope<'_> {
    fn rows(&self, table: &Across) -> Vec<OutcomeRow> {
        let column = |at: usize| -> Vec<f64> {
            table
                .values
                .iter()
                .filter_map(|row| row.get(at).copied())
                .collect()
        };
        let positive = table
            .values
            .iter()
            .flatten()
            .all(|value| value.is_finite() && *value > 0.0);
        if !positive {
            return vec![self.refused(
                Some(table),
                "a value is zero or below it, so that it has no logarithm",
            )];
        }
        let together = put_together(self.reader.record(), &table.vintages);
        let mut rows = Vec::new();
        for (at, year) in table.years.iter().enumerate() {
            if let Some(sigma) = dispersion::sigma(&column(at)) {
                rows.extend(self.sigma(table, *year, sigma));
            }
        }
        rows.push(match &together {
            Some(reason) => self.refused(Some(table), reason),
            None => self.beta(table),
        });
        for (at, year) in table.years.iter().enumerate() {
            if self.tells_theil(table, *year) {
                let heads: Vec<f64> = table
                    .heads
                    .iter()
                    .filter_map(|row| row.get(at).copied())
                    .collect();
                rows.extend(self.theil(table, *year, &column(at), &heads));
            }
        }
        rows
    }

    /// Theil's parts are told of the first and last year and of those in which a round begins.
    fn tells_theil(&self, table: &Across, year: i16) -> bool {
        let begins = |date: Option<Date>| date.is_some_and(|date| date.year() == i32::from(year));
        table.years.first() == Some(&year)
            || table.years.last() == Some(&year)
            || self
                .reader
                .record()
                .rounds
                .iter()
                .any(|round| begins(round.start))
    }

    fn about(
        &self,
        table: Option<&Across>,
        measure: OutcomeMeasure,
        key: &str,
        period: Option<String>,
    ) -> OutcomeRow {
        let when = period
            .as_deref()
            .map(|period| format!(":{period}"))
            .unwrap_or_default();
        let vintages = table.map_or("none", |table| table.vintages.as_str());
        let mut row = blank(
            format!(
                "outcome:{key}:{}:{}:{}{when}:{vintages}",
                self.container, self.level, self.indicator
            ),
            measure,
        );
        row.place = Some(self.container.to_string());
        row.level = Some(self.level.to_string());
        row.indicator = Some(self.indicator.to_string());
        row.period = period;
        row.from = vec![self.indicator.to_string()];
        if let Some(table) = table {
            row.vintage = Some(table.vintages.clone());
            row.population_basis.clone_from(&table.basis);
            row.n = Some(table.places.len());
            row.from.extend(table.vintages.split('+').map(str::to_owned));
        }
        row
    }

    fn what(&self, table: &Across, period: &str) -> String {
        let lacking = match table.lacking.len() {
            0 => String::new(),
            n => format!(" ({n} more lack data)"),
        };
        format!(
            "{}, {} {} in {}{lacking}, {period} in {}: ",
            indicator_name(self.reader, self.indicator),
            table.places.len(),
            words::plural(self.level.as_str()),
            self.reader.place_name(self.container),
            table.vintages
        )
    }

    fn refused(&self, table: Option<&Across>, reason: &str) -> OutcomeRow {
        let mut row = self.about(table, OutcomeMeasure::Beta, "beta", None);
        row.not_computed = Some(reason.to_owned());
        let vintages = table
            .map(|table| format!(" in {}", table.vintages))
            .unwrap_or_default();
        row.sentence = Sentence::of(format!(
            "Convergence of {} across {} in {}{vintages}: not computed, because {reason}.",
            indicator_name(self.reader, self.indicator),
            words::plural(self.level.as_str()),
            self.reader.place_name(self.container),
        ));
        row
    }

    fn sigma(&self, table: &Across, year: i16, sigma: f64) -> Option<OutcomeRow> {
        let mut row = self.about(
            Some(table),
            OutcomeMeasure::Sigma,
            "sigma",
            Some(year.to_string()),
        );
        let value = Number::estimate(sigma)?;
        row.sentence = Sentence::of(self.what(table, &year.to_string()))
            .text("standard deviation of the logs ")
            .figure(shown(&value, 4), row.id.clone())
            .text(".");
        row.value = Some(value);
        row.unit = Some("log".to_owned());
        row.weights = Some("one place, one weight".to_owned());
        if table.years.first() == Some(&year) {
            row.lacking = table.lacking.iter().map(ToString::to_string).collect();
        }
        Some(row)
    }

    fn beta(&self, table: &Across) -> OutcomeRow {
        let (Some(from), Some(to)) = (table.years.first().copied(), table.years.last().copied()) else {
            return self.refused(Some(table), "the vintage has no year of it");
        };
        let ends = |last: bool| -> Vec<f64> {
            let pick = |row: &Vec<f64>| {
                if last {
                    row.last().copied()
                } else {
                    row.first().copied()
                }
            };
            table.values.iter().filter_map(pick).collect()
        };
        let found = dispersion::beta(&ends(false), &ends(true), f64::from(to) - f64::from(from));
        let found = found.and_then(|beta| Some((Number::estimate(beta.slope)?, beta.std_error)));
        let Some((slope, std_error)) = found else {
            return self.refused(
                Some(table),
                "one year, or no spread of first levels, makes no slope",
            );
        };
        let mut row = self.about(
            Some(table),
            OutcomeMeasure::Beta,
            "beta",
            Some(format!("{from}/{to}")),
        );
        let mut sentence = Sentence::of(self.what(table, &format!("{from}–{to}")))
            .text("yearly log growth on the log of the first level ")
            .figure(shown(&slope, 4), row.id.clone());
        row.std_error = std_error.and_then(Number::estimate);
        if let Some(error) = &row.std_error {
            sentence = sentence
                .text(", standard error ")
                .figure(shown(error, 4), row.id.clone());
            row.inference = Some("HC1".to_owned());
        }
        let way = if slope.as_f64() < 0.0 {
            "; poorer places grew faster."
        } else {
            "; poorer places did not grow faster."
        };
        row.sentence = sentence.text(way);
        row.value = Some(slope);
        row.unit = Some("log points a year per log point".to_owned());
        row.lacking = table.lacking.iter().map(ToString::to_string).collect();
        row
    }

    fn theil(&self, table: &Across, year: i16, values: &[f64], heads: &[f64]) -> Vec<OutcomeRow> {
        let by_heads = heads.len() == values.len();
        let weights = if by_heads {
            heads.to_vec()
        } else {
            vec![1.0; values.len()]
        };
        let named = if by_heads {
            "by heads"
        } else {
            "one place, one weight"
        };
        let mut rows = Vec::new();
        let whole = vec![0; values.len()];
        let Some(total) = dispersion::theil(values, &weights, &whole) else {
            return rows;
        };
        let mut add =
            |measure: OutcomeMeasure, key: &str, grouping: Option<&str>, value: f64, words: &str| {
                let mut row = self.about(Some(table), measure, key, Some(year.to_string()));
                let Some(value) = Number::estimate(value) else {
                    return;
                };
                row.sentence = Sentence::of(self.what(table, &year.to_string()))
                    .text(format!("{words} "))
                    .figure(shown(&value, 4), row.id.clone())
                    .text(format!(", weighted {named}."));
                row.value = Some(value);
                row.unit = Some("nats".to_owned());
                row.weights = Some(named.to_owned());
                row.grouping = grouping.map(str::to_owned);
                rows.push(row);
            };
        add(OutcomeMeasure::Theil, "theil", None, total.total, "Theil’s T");
        for (grouping, groups) in self.groupings(&table.places) {
            if let Some(parts) = dispersion::theil(values, &weights, &groups) {
                let by = match grouping {
                    "parent" => "the place that holds them",
                    _ => "provider, recipient or neither",
                };
                add(
                    OutcomeMeasure::TheilWithin,
                    &format!("theil-within-{grouping}"),
                    Some(grouping),
                    parts.within,
                    &format!("Theil’s T within groups by {by}"),
                );
                add(
                    OutcomeMeasure::TheilBetween,
                    &format!("theil-between-{grouping}"),
                    Some(grouping),
                    parts.between,
                    &format!("Theil’s T between groups by {by}"),
                );
            }
        }
        rows
    }

    /// Groupings of places that make at least two groups: by the place that holds them, by their side of the pairings.
    fn groupings(&self, units: &[Id]) -> Vec<(&'static str, Vec<usize>)> {
        let places: &Places = self.graph.places();
        let parents = units.iter().map(|unit| places.ancestors(unit).first().cloned());
        let sides = units.iter().map(|unit| Some(Id::new(self.side(unit))));
        [("parent", numbered(parents)), ("side", numbered(sides))]
            .into_iter()
            .filter(|(_, groups)| groups.iter().collect::<BTreeSet<_>>().len() > 1)
            .collect()
    }

    /// Which side of the pairings that reach the gap's place a place is on.
    fn side(&self, unit: &Id) -> &'static str {
        let Some(gap) = &self.reader.record().case.gap else {
            return "other";
        };
        let programmes: BTreeSet<&Id> = self
            .graph
            .reaching(&gap.place, Reach::InsideAndAround)
            .filter(|touch| touch.side == Side::Recipient)
            .map(|touch| &touch.edge.programme)
            .collect();
        let sides: BTreeSet<Side> = self
            .graph
            .reaching(unit, Reach::InsideAndAround)
            .filter(|touch| programmes.contains(&touch.edge.programme))
            .map(|touch| touch.side)
            .collect();
        if sides.contains(&Side::Recipient) {
            "recipient"
        } else if sides.contains(&Side::Provider) {
            "provider"
        } else {
            "other"
        }
    }
}

/// Numbers groups in the order of their names.
fn numbered(names: impl Iterator<Item = Option<Id>>) -> Vec<usize> {
    let names: Vec<Option<Id>> = names.collect();
    let order: BTreeMap<&Option<Id>, usize> = names
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .enumerate()
        .map(|(at, name)| (name, at))
        .collect();
    names.iter().filter_map(|name| order.get(name).copied()).collect()
}

fn shown(value: &Number, decimals: u32) -> String {
    value
        .as_str()
        .parse()
        .map_or_else(|_| value.to_string(), |value| words::number(value, decimals))
}
