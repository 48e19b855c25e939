//! People sent, trained and placed: every count on record with its concept, and the sums one can make of them.
//!
//! Counts of persons are never added to person-times, nor a whole to its part. [`totals`] adds only rows that surely
//! count nobody twice, and says of every other row why it stays out. [`parts`] sets wholes beside their parts.

pub mod parts;
mod scope;
pub mod totals;

use std::collections::BTreeMap;

use counterpart_model::people::{Placement, Posting, Training};
use counterpart_model::quantity::Qualifier;
use counterpart_model::{Date, Decimal, Id, Period, Record, TableId};
use counterpart_panel::Places;

use crate::assessment::{
    Number, PeopleKind, PeopleParts, PeopleRow, PeopleTotal, PersonCount, Sentence, Wage,
};
use crate::naming::Names;
use crate::words;

/// What is said where a text has neither a count nor a bound.
pub const NO_NUMBER: &str = "no number in the text";

/// Rows, sums and comparisons of people.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// Every row, by kind and id.
    pub rows: Vec<PeopleRow>,
    /// Sums.
    pub totals: Vec<PeopleTotal>,
    /// Wholes beside their parts.
    pub parts: Vec<PeopleParts>,
}

/// Reads postings, trainings and placements of a record and adds up what can be added.
#[must_use]
pub fn of(record: &Record, places: &Places) -> People {
    let names = Names::of(record);
    let postings = record
        .postings
        .iter()
        .map(|row| sent(record, &names, &Sent::from(row)));
    let trainings = record
        .trainings
        .iter()
        .map(|row| sent(record, &names, &Sent::from(row)));
    let placements = record.placements.iter().map(|row| placed(record, &names, row));
    let mut rows: Vec<PeopleRow> = postings.chain(trainings).chain(placements).collect();
    for row in &mut rows {
        row.sentence = say(row);
    }
    let scopes = scope::Scopes::of(record, places, &names);
    let items: Vec<scope::Item<'_>> = rows.iter().filter_map(|row| scopes.item(row)).collect();
    People {
        totals: totals::of(&items, &scopes, &names),
        parts: parts::of(&items, &scopes),
        rows,
    }
}

/// What postings and trainings have in common.
struct Sent<'a> {
    kind: PeopleKind,
    table: TableId,
    id: &'a Id,
    programme: &'a Id,
    round: &'a Id,
    batch: Option<&'a String>,
    direction: String,
    provider: &'a Id,
    recipient: &'a Id,
    profession: Option<&'a String>,
    count: (Option<i64>, Option<Decimal>, Option<Decimal>),
    qualifier: Option<Qualifier>,
    concept: String,
    term: Option<i64>,
    period: Option<Period>,
    speaker: Option<&'a Id>,
    source: &'a Id,
    locator: Option<&'a String>,
}

macro_rules! sent_from {
    ($row:ident in $table:ident) => {
        impl<'a> From<&'a $row> for Sent<'a> {
            fn from(row: &'a $row) -> Self {
                Self {
                    kind: PeopleKind::$row,
                    table: TableId::$table,
                    id: &row.id,
                    programme: &row.programme_id,
                    round: &row.round_id,
                    batch: row.batch.as_ref(),
                    direction: row.direction.to_string(),
                    provider: &row.provider_id,
                    recipient: &row.recipient_id,
                    profession: row.profession.as_ref(),
                    count: (row.count, row.lower, row.upper),
                    qualifier: row.qualifier,
                    concept: row.unit.to_string(),
                    term: row.term_months,
                    period: row.period,
                    speaker: row.speaker_id.as_ref(),
                    source: &row.source_id,
                    locator: row.locator.as_ref(),
                }
            }
        }
    };
}
sent_from!(Posting in Postings);
sent_from!(Training in Trainings);

fn sent(record: &Record, names: &Names<'_>, row: &Sent<'_>) -> PeopleRow {
    let (count, lower, upper) = row.count;
    let count = PersonCount::of_row(
        record,
        row.table,
        row.id.as_str(),
        count.map(Decimal::from),
        (lower, upper),
    );
    let person_months = row.term.and_then(|term| times(&count, term));
    PeopleRow {
        id: row.id.to_string(),
        kind: row.kind,
        programme: Some(row.programme.to_string()),
        round: Some(row.round.to_string()),
        batch: row.batch.cloned(),
        direction: Some(row.direction.clone()),
        provider: row.provider.to_string(),
        provider_name: names.name(row.provider),
        recipient: row.recipient.to_string(),
        recipient_name: names.name(row.recipient),
        group: row.profession.cloned(),
        concept: row.concept.clone(),
        no_number: count.is_empty().then_some(NO_NUMBER),
        count,
        qualifier: row.qualifier.map(|word| word.to_string()),
        term_months: row.term.map(|term| Number::exact(term.into())),
        person_months,
        period: row.period.map(|period| period.to_string()),
        ahead: is_ahead(names, row.period, row.source),
        running: is_running(names, row.period, row.source),
        within_region: None,
        part_of: None,
        wage: None,
        speaker: row.speaker.map(ToString::to_string),
        speaker_name: names.speaker(row.speaker, row.source),
        source: row.source.to_string(),
        locator: row.locator.cloned().unwrap_or_default(),
        sentence: Sentence::new(),
        from: Vec::new(),
    }
}

fn placed(record: &Record, names: &Names<'_>, row: &Placement) -> PeopleRow {
    let count = PersonCount::of_row(
        record,
        TableId::Placements,
        row.id.as_str(),
        row.count.map(Decimal::from),
        (row.lower, row.upper),
    );
    let has_wage = row.wage.is_some() || row.wage_lower.is_some() || row.wage_upper.is_some();
    PeopleRow {
        id: row.id.to_string(),
        kind: PeopleKind::Placement,
        programme: None,
        round: None,
        batch: None,
        direction: None,
        provider: row.origin_id.to_string(),
        provider_name: names.name(&row.origin_id),
        recipient: row.destination_id.to_string(),
        recipient_name: names.name(&row.destination_id),
        group: row.sector.clone(),
        concept: row.concept.to_string(),
        no_number: count.is_empty().then_some(NO_NUMBER),
        count,
        qualifier: row.qualifier.map(|word| word.to_string()),
        term_months: None,
        person_months: None,
        period: row.period.map(|period| period.to_string()),
        ahead: is_ahead(names, row.period, &row.source_id),
        running: is_running(names, row.period, &row.source_id),
        within_region: row.within_region.map(|word| word.to_string()),
        part_of: row.part_of.as_ref().map(ToString::to_string),
        wage: has_wage.then(|| Wage {
            value: row.wage.map(Number::exact),
            lower: row.wage_lower.map(Number::exact),
            upper: row.wage_upper.map(Number::exact),
            currency: row.currency.clone(),
            per: row
                .extra
                .get("x_wage_period")
                .cloned()
                .filter(|text| !text.is_empty()),
        }),
        speaker: Some(row.speaker_id.to_string()),
        speaker_name: names.speaker(Some(&row.speaker_id), &row.source_id),
        source: row.source_id.to_string(),
        locator: row.locator.clone().unwrap_or_default(),
        sentence: Sentence::new(),
        from: Vec::new(),
    }
}

/// Returns a count times a number of months; none where there is no count.
fn times(count: &PersonCount, months: i64) -> Option<PersonCount> {
    let by = |number: &Option<Number>| {
        number
            .as_ref()
            .and_then(decimal)
            .and_then(|value| value.checked_mul(months.into()))
            .map(Number::exact)
    };
    let product = PersonCount {
        value: by(&count.value),
        lower: by(&count.lower),
        upper: by(&count.upper),
        withheld: count.withheld.clone(),
    };
    (!product.is_empty()).then_some(product)
}

/// Whether every day of the period's last date lies after the day on which the source was published.
fn is_ahead(names: &Names<'_>, period: Option<Period>, source: &Id) -> bool {
    let published: Option<Date> = names.source(source).and_then(|row| row.published_on);
    published
        .zip(period)
        .is_some_and(|(published, period)| period.last().is_after(published))
}

/// Whether the source was published in an earlier month than that of the period's last day, though not surely before
/// all of the period's last date.
fn is_running(names: &Names<'_>, period: Option<Period>, source: &Id) -> bool {
    let published: Option<Date> = names.source(source).and_then(|row| row.published_on);
    published.zip(period).is_some_and(|(published, period)| {
        let (year, month, _) = period.last().last_day();
        let (published_year, published_month, _) = published.last_day();
        (year, month) > (published_year, published_month) && !period.last().is_after(published)
    })
}

/// Returns a number as an exact decimal.
pub(crate) fn decimal(number: &Number) -> Option<Decimal> {
    number.as_str().parse().ok()
}

/// Returns a count in words: `3,749`, `more than 600`, `about 25,000`; none where there is neither count nor reason.
#[must_use]
pub fn count_in_words(count: &PersonCount, qualifier: Option<&str>) -> Option<String> {
    if count.is_withheld() {
        return Some("a number that is withheld".to_owned());
    }
    let shown = |number: &Number| {
        decimal(number).map_or_else(|| number.to_string(), |value| words::grouped(value, 2))
    };
    let qualifier = qualifier.map(|word| word.replace('_', " "));
    match (&count.value, &count.lower, &count.upper) {
        (Some(value), ..) => Some(match qualifier.as_deref() {
            Some(word @ ("nearly" | "about" | "just" | "all")) => format!("{word} {}", shown(value)),
            _ => shown(value),
        }),
        (None, Some(lower), Some(upper)) => Some(format!("{} to {}", shown(lower), shown(upper))),
        (None, Some(lower), None) => Some(format!(
            "{} {}",
            qualifier
                .as_deref()
                .filter(|word| *word == "more than")
                .unwrap_or("at least"),
            shown(lower)
        )),
        (None, None, Some(upper)) => Some(format!(
            "{} {}",
            qualifier
                .as_deref()
                .filter(|word| *word == "less than")
                .unwrap_or("at most"),
            shown(upper)
        )),
        (None, None, None) => None,
    }
}

/// Returns a concept in words.
#[must_use]
pub fn concept_in_words(concept: &str) -> String {
    concept.replace("person_times", "person-times")
}

/// Writes the sentence of a row from what is in it.
#[must_use]
pub fn say(row: &PeopleRow) -> Sentence {
    let mut sentence = Sentence::of(format!("{}: ", row.speaker_name));
    let concept = concept_in_words(&row.concept);
    let group = row.group.as_deref();
    sentence = match count_in_words(&row.count, row.qualifier.as_deref()) {
        Some(_) if row.count.is_withheld() => sentence.text(concept),
        Some(shown) => sentence
            .figure(shown, row.id.as_str())
            .text(format!(" {concept}")),
        None => sentence.text(concept),
    };
    if let Some(group) = group {
        sentence = sentence.text(format!(" ({group})"));
    }
    let (from, to) = match row.direction.as_deref() {
        Some("back") => (&row.recipient_name, &row.provider_name),
        _ => (&row.provider_name, &row.recipient_name),
    };
    let verb = match (row.kind, row.ahead) {
        (PeopleKind::Posting, false) => "sent",
        (PeopleKind::Posting, true) => "to be sent",
        (PeopleKind::Training, false) => "trained",
        (PeopleKind::Training, true) => "to be trained",
        (PeopleKind::Placement, false) => "placed",
        (PeopleKind::Placement, true) => "to be placed",
    };
    sentence = match (row.kind, row.direction.as_deref()) {
        (PeopleKind::Training, Some("back")) => sentence.text(format!(
            " of {} {verb} by {}",
            row.recipient_name, row.provider_name
        )),
        (PeopleKind::Training, _) => sentence.text(format!(
            " of {} {verb} by {}",
            row.recipient_name, row.provider_name
        )),
        _ => sentence.text(format!(" {verb} from {from} to {to}")),
    };
    let mut rest = String::new();
    if let Some(period) = &row.period {
        rest.push_str(&format!(", {}", period.replace('/', " to ")));
    }
    if let Some(batch) = &row.batch {
        rest.push_str(&format!(", batch {batch}"));
    }
    if let Some(term) = &row.term_months {
        rest.push_str(&format!(", for terms of {term} months"));
    }
    if row.count.is_withheld() {
        rest.push_str("; the number is withheld");
    }
    if row.no_number.is_some() {
        rest.push_str(&format!("; {NO_NUMBER}"));
    }
    sentence.text(format!("{rest}."))
}

/// Returns rows by id.
pub(crate) fn by_id<'a>(items: &'a [scope::Item<'a>]) -> BTreeMap<&'a str, &'a scope::Item<'a>> {
    items.iter().map(|item| (item.row.id.as_str(), item)).collect()
}
