//! The cells of a record and how they hang together: what disclosure control has to look at, table by table.

mod derived;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::observation::Observation;
use counterpart_model::people::Concept;
use counterpart_model::rule::RuleKind;
use counterpart_model::transaction::Flow;
use counterpart_model::{Decimal, Id, Record, TableId};

use super::earlier::Publication;
use super::margins::{Dimension, Margins, Profile};
use super::suppress::{Cell, Relation};
use super::unit::persons_each;

/// A number of a row: table, key, column.
pub(crate) type CellId = (TableId, String, &'static str);

/// Everything that may have to be withheld.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub(crate) cells: Vec<Cell>,
    /// Whose number it is; none for what only a relation implies.
    pub(crate) ids: Vec<Option<CellId>>,
    pub(crate) relations: Vec<Relation>,
    /// Cells that say a small bound: withheld, with nothing to be found out.
    pub(crate) always: BTreeSet<usize>,
    by_row: BTreeMap<(TableId, String), Vec<usize>>,
    threshold: f64,
    n_own: Option<(usize, usize)>,
}

impl Cells {
    /// Gathers the cells of a record.
    pub(crate) fn of(record: &Record, earlier: &[Publication]) -> Self {
        let mut cells = Self {
            threshold: f64::from(record.case.disclosure.threshold),
            ..Self::default()
        };
        let margins = Margins::of(record);
        cells.people(record, &margins);
        cells.claims(record, &margins);
        cells.results(record, &margins);
        cells.observations(record, &margins, earlier);
        cells.money(record);
        cells.said_twice(record);
        cells.sums_that_are_said(record);
        cells.derivations(record);
        cells.n_own = Some((cells.cells.len(), cells.relations.len()));
        cells
    }

    /// Returns how many cells are of the record itself; what was published before comes after them.
    pub(crate) fn n_own(&self) -> usize {
        self.n_own.map_or(self.cells.len(), |(cells, _)| cells)
    }

    /// Returns how its own cells hang together.
    pub(crate) fn own_relations(&self) -> &[Relation] {
        let n = self
            .n_own
            .map_or(self.relations.len(), |(_, relations)| relations);
        self.relations.get(..n).unwrap_or(&self.relations)
    }

    /// Adds a number that was published before, or was withheld then.
    pub(crate) fn push_earlier(&mut self, cell: Cell, id: Option<CellId>) -> usize {
        self.cells.push(cell);
        self.ids.push(id);
        self.cells.len() - 1
    }

    /// Whether a count of persons is one that nobody may find out.
    pub(crate) fn is_small(&self, persons: f64) -> bool {
        persons > 0.0 && persons < self.threshold
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.always.is_empty() && !self.cells.iter().any(|cell| cell.is_protected)
    }

    pub(crate) fn of_row(&self, table: TableId, key: &str) -> &[usize] {
        self.by_row
            .get(&(table, key.to_owned()))
            .map_or(&[], Vec::as_slice)
    }

    fn value(&self, at: usize) -> Option<f64> {
        self.cells.get(at).and_then(|cell| cell.value)
    }

    /// Adds a number of a row; `each` is how many persons one of it stands for, none where it counts no persons.
    fn add(
        &mut self,
        id: CellId,
        value: Option<Decimal>,
        bounds: [Option<Decimal>; 2],
        each: Option<f64>,
    ) -> usize {
        let at = self.cells.len();
        let number = |value: Option<Decimal>| value.and_then(to_f64);
        let [lower, upper] = bounds.map(number);
        let mut cell = Cell {
            bounds: (lower, upper),
            value: number(value),
            ..Cell::said(0.0)
        };
        if let Some(each) = each {
            cell.is_protected = cell.value.is_some_and(|value| self.is_small(value * each));
            if [lower, upper]
                .into_iter()
                .flatten()
                .any(|bound| self.is_small(bound * each))
            {
                self.always.insert(at);
            }
        }
        self.cells.push(cell);
        self.by_row.entry((id.0, id.1.clone())).or_default().push(at);
        self.ids.push(Some(id));
        at
    }

    /// Adds what a relation implies and nobody says: what is in a whole and in none of its parts.
    fn imply(&mut self, value: f64, persons: bool) -> usize {
        let at = self.cells.len();
        self.cells.push(Cell {
            is_protected: persons && self.is_small(value),
            is_said: false,
            ..Cell::said(value)
        });
        self.ids.push(None);
        at
    }

    /// Says that a whole is made of parts, and of the rest that is in none of them.
    ///
    /// Parts that come to more than the whole are no parts of it alone; then there is nothing to subtract.
    pub(crate) fn whole_and_parts(&mut self, whole: usize, parts: &[usize], persons: bool) {
        if parts.is_empty() || parts.contains(&whole) {
            return;
        }
        let known: Option<Vec<f64>> = parts.iter().map(|part| self.value(*part)).collect();
        let mut members = parts.to_vec();
        match (self.value(whole), known) {
            (Some(total), Some(values)) => {
                let rest = total - values.iter().sum::<f64>();
                if rest < 0.0 {
                    return;
                }
                if rest > 0.0 {
                    members.push(self.imply(rest, persons));
                }
            }
            (Some(total), None) => {
                // Parts without a number are what the others leave.
                let rest = total - parts.iter().filter_map(|part| self.value(*part)).sum::<f64>();
                if rest < 0.0 {
                    return;
                }
                let left = self.imply(rest, persons);
                members.retain(|part| self.value(*part).is_some());
                members.push(left);
            }
            (None, Some(values)) => {
                // The whole has no number, but its parts add up to one.
                let total = self.imply(values.iter().sum(), persons);
                self.relations.push(Relation::Sum(total, members));
                return;
            }
            (None, None) => return,
        }
        self.relations.push(Relation::Sum(whole, members));
    }

    fn people(&mut self, record: &Record, margins: &Margins) {
        let mut placed = Vec::new();
        let mut by_key = BTreeMap::new();
        for row in &record.placements {
            let key = row.id.to_string();
            let at = self.add(
                (TableId::Placements, key.clone(), "count"),
                row.count.map(Decimal::from),
                [row.lower, row.upper],
                Some(1.0),
            );
            by_key.insert(key, at);
            placed.push(Profile {
                cell: at,
                speaker: row.speaker_id.to_string(),
                dimensions: vec![
                    Dimension::exact(concept(row.concept)),
                    Dimension::place(&row.origin_id),
                    Dimension::place(&row.destination_id),
                    Dimension::text(row.sector.as_deref()),
                    Dimension::text(row.within_region.map(counterpart_model::people::YesNo::as_str)),
                    Dimension::period(row.period),
                ],
            });
        }
        let mut parts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for row in &record.placements {
            if let (Some(whole), Some(part)) = (&row.part_of, by_key.get(row.id.as_str())) {
                parts.entry(whole.as_str()).or_default().push(*part);
            }
        }
        for (whole, parts) in &parts {
            if let Some(whole) = by_key.get(*whole) {
                self.parts_of(*whole, parts, true);
            }
        }
        margins.relate(self, &placed, true);
        self.sent(
            record.postings.iter().map(|row| Sent {
                table: TableId::Postings,
                row_id: &row.id,
                fixed: [
                    row.programme_id.as_str(),
                    row.direction.as_str(),
                    concept(row.unit),
                ],
                round: &row.round_id,
                batch: row.batch.as_deref(),
                ends: [&row.provider_id, &row.recipient_id],
                profession: row.profession.as_deref(),
                numbers: (row.count, row.lower, row.upper),
                period: row.period,
                speaker: row.speaker_id.as_ref(),
            }),
            margins,
        );
        self.sent(
            record.trainings.iter().map(|row| Sent {
                table: TableId::Trainings,
                row_id: &row.id,
                fixed: [
                    row.programme_id.as_str(),
                    row.direction.as_str(),
                    concept(row.unit),
                ],
                round: &row.round_id,
                batch: row.batch.as_deref(),
                ends: [&row.provider_id, &row.recipient_id],
                profession: row.profession.as_deref(),
                numbers: (row.count, row.lower, row.upper),
                period: row.period,
                speaker: row.speaker_id.as_ref(),
            }),
            margins,
        );
    }

    fn sent<'a>(&mut self, rows: impl Iterator<Item = Sent<'a>>, margins: &Margins) {
        let profiles: Vec<Profile> = rows
            .map(|row| {
                let (count, lower, upper) = row.numbers;
                let cell = self.add(
                    (row.table, row.row_id.to_string(), "count"),
                    count.map(Decimal::from),
                    [lower, upper],
                    Some(1.0),
                );
                let mut dimensions: Vec<Dimension> = row.fixed.into_iter().map(Dimension::exact).collect();
                dimensions.push(Dimension::exact(row.round.as_str()));
                dimensions.push(Dimension::text(row.batch));
                dimensions.extend(row.ends.into_iter().map(Dimension::place));
                dimensions.push(Dimension::text(row.profession));
                dimensions.push(Dimension::period(row.period));
                Profile {
                    cell,
                    speaker: row.speaker.map(ToString::to_string).unwrap_or_default(),
                    dimensions,
                }
            })
            .collect();
        margins.relate(self, &profiles, true);
    }

    /// Rows that name a larger one which they are part of: all of them, those that make it up exactly, and each alone.
    fn parts_of(&mut self, whole: usize, parts: &[usize], persons: bool) {
        self.whole_and_parts(whole, parts, persons);
        if parts.len() > 1 {
            for part in parts {
                self.whole_and_parts(whole, &[*part], persons);
            }
        }
        for subset in exact_subsets(self.value(whole), parts, |at| self.value(at)) {
            self.relations.push(Relation::Sum(whole, subset));
        }
    }

    fn claims(&mut self, record: &Record, margins: &Margins) {
        let mut profiles = Vec::new();
        for row in &record.claims {
            let each = row.unit.as_deref().and_then(persons_each);
            let at = self.add(
                (TableId::Claims, row.id.to_string(), "value"),
                row.value,
                [row.lower, row.upper],
                each,
            );
            if each.is_none() {
                continue;
            }
            let period = match (row.period_start, row.period_end) {
                (Some(start), Some(end)) => Some((start.first_day(), end.last_day())),
                (Some(date), None) | (None, Some(date)) => Some((date.first_day(), date.last_day())),
                (None, None) => None,
            };
            profiles.push(Profile {
                cell: at,
                speaker: row.speaker_id.to_string(),
                dimensions: vec![
                    Dimension::exact(row.unit.as_deref().unwrap_or_default()),
                    Dimension::exact(&row.subject),
                    Dimension::exact(&row.property),
                    Dimension::maybe_place(row.place_id.as_ref()),
                    Dimension::Span(period),
                ],
            });
        }
        margins.relate(self, &profiles, true);
    }

    fn results(&mut self, record: &Record, margins: &Margins) {
        let mut by_column: BTreeMap<&'static str, Vec<Profile>> = BTreeMap::new();
        // Rates of an activity say what its counts are, given one another.
        let mut rates: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut counts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for row in &record.results {
            let each = persons_each(&row.unit);
            let numbers = [
                ("baseline", row.baseline, None),
                ("target", row.target, row.target_lower),
                ("actual", row.actual, row.actual_lower),
            ];
            let mut own = Vec::new();
            for (column, value, lower) in numbers {
                if value.is_none() && lower.is_none() {
                    continue;
                }
                let id = (TableId::Results, row.id.to_string(), column);
                let at = self.add(id, value, [lower, None], each);
                own.push(at);
                if each.is_some() {
                    by_column.entry(column).or_default().push(Profile {
                        cell: at,
                        speaker: row.speaker_id.to_string(),
                        dimensions: vec![
                            Dimension::exact(row.activity_id.as_str()),
                            Dimension::exact(&row.indicator),
                            Dimension::exact(&row.unit),
                            Dimension::period(row.period),
                        ],
                    });
                }
            }
            if own.len() > 1 {
                self.relations.push(Relation::Together(own.clone()));
            }
            if each.is_some() {
                counts.entry(row.activity_id.as_str()).or_default().extend(own);
            } else if ["percent", "share", "ratio", "fraction"].contains(&row.unit.as_str()) {
                rates.entry(row.activity_id.as_str()).or_default().extend(own);
            }
        }
        for (activity, rates) in rates {
            let counts = counts.get(activity).cloned().unwrap_or_default();
            for rate in rates {
                for count in &counts {
                    self.relations.push(Relation::Follows(rate, vec![*count]));
                }
            }
        }
        for profiles in by_column.values() {
            margins.relate(self, profiles, true);
        }
    }

    /// Statistics are looked at only where one of them counts few persons, or a derivation reads them.
    fn observations(&mut self, record: &Record, margins: &Margins, earlier: &[Publication]) {
        let units = persons_by_indicator(record);
        let each = |row: &Observation| persons_of(row, &units);
        let few: BTreeSet<(&Id, String)> = record
            .observations
            .iter()
            .filter(|row| {
                each(row).is_some_and(|each| {
                    row.value
                        .and_then(to_f64)
                        .is_some_and(|value| self.is_small(value * each))
                })
            })
            .map(|row| (&row.indicator_id, row.period.to_string()))
            .collect();
        let looked_at: BTreeSet<(String, String)> = earlier
            .iter()
            .flat_map(Publication::statistics_looked_at)
            .collect();
        if few.is_empty() && looked_at.is_empty() {
            return;
        }
        let mut by_vintage: BTreeMap<String, Vec<Profile>> = BTreeMap::new();
        let mut same: BTreeMap<(String, String, String), Vec<usize>> = BTreeMap::new();
        for row in &record.observations {
            let period = row.period.to_string();
            let was_looked_at =
                !looked_at.is_empty() && looked_at.contains(&(row.indicator_id.to_string(), period.clone()));
            if !was_looked_at && !few.contains(&(&row.indicator_id, period.clone())) {
                continue;
            }
            let key = observation_key(row);
            let at = self.add(
                (TableId::Observations, key, "value"),
                row.value,
                [None, None],
                each(row),
            );
            if let Some(cell) = self.cells.get_mut(at) {
                cell.weight = 1;
            }
            same.entry((row.place_id.to_string(), row.indicator_id.to_string(), period))
                .or_default()
                .push(at);
            by_vintage
                .entry(row.vintage_id.to_string())
                .or_default()
                .push(Profile {
                    cell: at,
                    speaker: String::new(),
                    dimensions: vec![
                        Dimension::exact(row.indicator_id.as_str()),
                        Dimension::exact(&row.period.to_string()),
                        Dimension::place(&row.place_id),
                    ],
                });
        }
        self.relations.extend(
            same.into_values()
                .filter(|all| all.len() > 1)
                .map(Relation::Together),
        );
        for profiles in by_vintage.values() {
            margins.relate(self, profiles, true);
        }
    }

    /// Money per head gives away heads: a subsidy over its amount is a number of contracts.
    fn money(&mut self, record: &Record) {
        let subsidies: Vec<_> = record
            .rules
            .iter()
            .filter(|rule| rule.kind == RuleKind::Subsidy)
            .filter_map(|rule| Some((rule, rule.amount.and_then(to_f64).filter(|amount| *amount > 0.0)?)))
            .collect();
        let mut by_key = BTreeMap::new();
        for row in &record.transactions {
            let key = row.id.to_string();
            let id = (TableId::Transactions, key.clone(), "value");
            let at = self.add(id, row.value, [row.lower, row.upper], None);
            by_key.insert(key, at);
            if row.flow != Flow::Subsidy {
                continue;
            }
            for (rule, amount) in &subsidies {
                let same_money = rule
                    .currency
                    .as_deref()
                    .is_none_or(|currency| currency == row.currency);
                let same_programme = row
                    .programme_id
                    .as_ref()
                    .is_none_or(|id| *id == rule.programme_id);
                if !same_money || !same_programme {
                    continue;
                }
                let numbers = [row.value, row.lower, row.upper].map(|value| value.and_then(to_f64));
                let heads = numbers.map(|value| value.map(|value| value / amount));
                let is_few = |heads: f64| self.is_small(heads);
                let [value, lower, upper] = heads;
                let few_value = value.is_some_and(is_few);
                let few_bound = [lower, upper].into_iter().flatten().any(is_few);
                if let Some(cell) = self.cells.get_mut(at)
                    && few_value
                {
                    cell.is_protected = true;
                }
                if few_bound {
                    self.always.insert(at);
                }
                // A count of as many persons says the same as the money.
                if let Some(heads) = value.filter(|heads| (heads - heads.round()).abs() < 1e-9) {
                    let same: Vec<usize> = (0..self.cells.len())
                        .filter(|cell| self.is_people(*cell) && self.value(*cell) == Some(heads.round()))
                        .collect();
                    for count in same {
                        self.relations.push(Relation::Together(vec![count, at]));
                    }
                }
            }
        }
        let mut parts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for row in &record.transactions {
            let Some(at) = by_key.get(row.id.as_str()) else {
                continue;
            };
            if let Some(whole) = &row.part_of {
                parts.entry(whole.as_str()).or_default().push(*at);
            }
            if let Some(other) = row.copy_of.as_ref().and_then(|id| by_key.get(id.as_str())) {
                self.relations.push(Relation::Together(vec![*other, *at]));
            }
        }
        for (whole, parts) in &parts {
            if let Some(whole) = by_key.get(*whole) {
                self.parts_of(*whole, parts, false);
            }
        }
    }

    fn is_people(&self, at: usize) -> bool {
        matches!(
            self.ids.get(at),
            Some(Some((
                TableId::Placements | TableId::Postings | TableId::Trainings,
                ..
            )))
        )
    }
}

fn persons_by_indicator(record: &Record) -> BTreeMap<&Id, f64> {
    record
        .indicators
        .iter()
        .filter_map(|row| Some((&row.id, persons_each(row.unit.as_deref()?)?)))
        .collect()
}

/// How many persons one of an observation's unit is; none where it counts no persons.
fn persons_of(row: &Observation, units: &BTreeMap<&Id, f64>) -> Option<f64> {
    match row.unit.as_deref() {
        Some(unit) => persons_each(unit),
        None => units.get(&row.indicator_id).copied(),
    }
}

/// Returns every statistic of persons on record, by key.
pub(super) fn statistics_of_persons(record: &Record) -> impl Iterator<Item = (String, f64)> {
    let units = persons_by_indicator(record);
    record.observations.iter().filter_map(move |row| {
        persons_of(row, &units)?;
        Some((observation_key(row), row.value.and_then(to_f64)?))
    })
}

/// Returns the key of an observation as it stands in its table.
pub(super) fn observation_key(row: &Observation) -> String {
    format!(
        "{}/{}/{}/{}",
        row.place_id, row.indicator_id, row.period, row.vintage_id
    )
}

struct Sent<'a> {
    table: TableId,
    row_id: &'a Id,
    fixed: [&'a str; 3],
    round: &'a Id,
    batch: Option<&'a str>,
    ends: [&'a Id; 2],
    profession: Option<&'a str>,
    numbers: (Option<i64>, Option<Decimal>, Option<Decimal>),
    period: Option<counterpart_model::Period>,
    speaker: Option<&'a Id>,
}

fn concept(concept: Concept) -> &'static str {
    concept.as_str()
}

pub(crate) fn to_f64(value: Decimal) -> Option<f64> {
    value.to_string().parse().ok()
}

/// Subsets of two and more parts, none of them all, that make up a whole exactly: a whole may be split in several ways.
fn exact_subsets(
    whole: Option<f64>,
    parts: &[usize],
    value: impl Fn(usize) -> Option<f64>,
) -> Vec<Vec<usize>> {
    const MOST: usize = 14;
    let Some(whole) = whole else { return Vec::new() };
    let parts: Vec<(usize, f64)> = parts.iter().filter_map(|at| Some((*at, value(*at)?))).collect();
    if parts.len() < 3 || parts.len() > MOST {
        return Vec::new();
    }
    (1_u32..(1 << parts.len()) - 1)
        .filter(|mask| mask.count_ones() > 1)
        .filter_map(|mask| {
            let chosen = parts.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0);
            let (ids, values): (Vec<usize>, Vec<f64>) = chosen.map(|(_, part)| *part).unzip();
            ((values.iter().sum::<f64>() - whole).abs() < 1e-9).then_some(ids)
        })
        .take(64)
        .collect()
}
