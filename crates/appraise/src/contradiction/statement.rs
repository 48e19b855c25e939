//! Statements with a figure, from every table that has them, in one form that can be compared.

use std::collections::BTreeMap;

use counterpart_model::claim::{Act, Attribution};
use counterpart_model::people::{Concept, Direction, YesNo};
use counterpart_model::quantity::{Figure, Qualifier};
use counterpart_model::source::SpeakerKind;
use counterpart_model::transaction::TransactionType;
use counterpart_model::{Date, Decimal, Id, Period, Record};

use super::span::Span;

/// A day as year, month and day.
type Day = (i32, i8, i8);

/// First and last day of a period, open ends as they are.
pub(super) type Days = (Option<Day>, Option<Day>);

/// A statement with a figure.
#[derive(Debug, Clone)]
pub(super) struct Said<'a> {
    pub(super) id: &'a Id,
    /// The table it stands in.
    pub(super) table: &'static str,
    pub(super) subject: String,
    pub(super) property: String,
    pub(super) place: Option<&'a Id>,
    /// The two ends of money or people that move.
    pub(super) ends: Option<(&'a Id, &'a Id)>,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
    pub(super) figure: Figure,
    pub(super) span: Span,
    pub(super) unit: Option<&'a str>,
    pub(super) currency: Option<&'a str>,
    pub(super) planned: bool,
    /// A target of a project, due at `end` rather than about a period.
    pub(super) is_target: bool,
    pub(super) rung: &'a str,
    pub(super) basis: &'a str,
    /// Whether it is an amount that can only grow with its period.
    pub(super) adds_up: bool,
    pub(super) speaker: Option<&'a Id>,
    /// Who stands behind it, for counting voices.
    pub(super) voice: String,
    pub(super) source: &'a Id,
    pub(super) locator: Option<&'a str>,
    /// The source that its own source copies, at the end of the chain.
    pub(super) original: Option<&'a Id>,
    pub(super) copy_of: Option<&'a Id>,
    pub(super) part_of: Option<&'a Id>,
    pub(super) act: Act,
    pub(super) as_said: Option<&'a str>,
    pub(super) qualifier: Option<Qualifier>,
}

impl Said<'_> {
    /// The figure's own number: its value, or the bound it names.
    pub(super) fn number(&self) -> Decimal {
        match self.figure {
            Figure::Value(number)
            | Figure::AtLeast(number)
            | Figure::AtMost(number)
            | Figure::Between(number, _) => number,
        }
    }

    /// First and last day of its period, open ends as they are.
    pub(super) fn days(&self) -> Days {
        (self.start.map(Date::first_day), self.end.map(Date::last_day))
    }

    /// The period as it is written.
    pub(super) fn period(&self) -> String {
        match (self.start, self.end) {
            (Some(start), Some(end)) if start == end => start.to_string(),
            (start, end) => {
                let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
                if start.is_none() && end.is_none() {
                    String::new()
                } else {
                    format!("{}/{}", text(start), text(end))
                }
            }
        }
    }

    /// Whether it counts people.
    pub(super) fn counts_persons(&self) -> bool {
        self.unit.is_some_and(crate::disclosure::counts_persons)
    }
}

/// Everything about sources and speakers that statements need.
struct Voices<'a> {
    kinds: BTreeMap<&'a Id, SpeakerKind>,
    copies: BTreeMap<&'a Id, &'a Id>,
}

impl<'a> Voices<'a> {
    fn of(record: &'a Record) -> Self {
        Self {
            kinds: record.speakers.iter().map(|row| (&row.id, row.kind)).collect(),
            copies: record
                .sources
                .iter()
                .filter_map(|row| Some((&row.id, row.copy_of.as_ref()?)))
                .collect(),
        }
    }

    /// A speaker is one voice wherever it is printed; whoever is not named is one voice a source.
    fn voice(&self, speaker: Option<&Id>, unnamed: bool, source: &Id) -> String {
        match speaker {
            Some(id) if !unnamed && self.kinds.get(id) != Some(&SpeakerKind::Unattributed) => id.to_string(),
            _ => format!("{}:unnamed", self.original(source).unwrap_or(source)),
        }
    }

    /// The source that a source copies, through copies of copies; none where it is itself an original.
    fn original(&self, source: &Id) -> Option<&'a Id> {
        let mut original = *self.copies.get(source)?;
        // A circle of copies has no original; it is left where it was entered.
        for _ in 0..self.copies.len() {
            match self.copies.get(original) {
                Some(next) => original = next,
                None => break,
            }
        }
        Some(original)
    }
}

/// Returns every statement with a figure; counts of persons under the threshold are left out, since nothing about
/// them may be published.
pub(super) fn all(record: &Record) -> Vec<Said<'_>> {
    let voices = Voices::of(record);
    let mut found: Vec<Said<'_>> = Vec::new();
    claims(record, &voices, &mut found);
    transactions(record, &voices, &mut found);
    results(record, &voices, &mut found);
    sent(record, &voices, &mut found);
    placements(record, &voices, &mut found);
    let threshold = Decimal::from(record.case.disclosure.threshold);
    found.retain(|one| {
        let few = |number: Decimal| number > Decimal::ZERO && number < threshold;
        let numbers = match one.figure {
            Figure::Between(low, high) => [low, high],
            _ => [one.number(); 2],
        };
        !(one.counts_persons() && numbers.into_iter().any(few))
    });
    found
}

fn claims<'a>(record: &'a Record, voices: &Voices<'a>, found: &mut Vec<Said<'a>>) {
    for row in &record.claims {
        let Some(figure) = row.figure() else { continue };
        let Some(span) = Span::of(figure, row.qualifier, row.as_said.as_deref()) else {
            continue;
        };
        found.push(Said {
            id: &row.id,
            table: "claims",
            subject: row.subject.clone(),
            property: row.property.clone(),
            place: row.place_id.as_ref(),
            ends: None,
            start: row.period_start,
            end: row.period_end,
            figure,
            span,
            unit: row.unit.as_deref(),
            currency: row.currency.as_deref(),
            planned: row.act == Act::Promises,
            is_target: false,
            rung: "",
            basis: "",
            adds_up: row.currency.is_some()
                && row
                    .unit
                    .as_deref()
                    .is_none_or(|unit| Some(unit) == row.currency.as_deref()),
            speaker: Some(&row.speaker_id),
            voice: voices.voice(
                Some(&row.speaker_id),
                row.attribution == Attribution::Unattributed,
                &row.source_id,
            ),
            source: &row.source_id,
            locator: row.locator.as_deref(),
            original: voices.original(&row.source_id),
            copy_of: None,
            part_of: None,
            act: row.act,
            as_said: row.as_said.as_deref(),
            qualifier: row.qualifier,
        });
    }
}

/// Whether a rung is one of intent.
fn is_planned(rung: TransactionType) -> bool {
    matches!(
        rung,
        TransactionType::Plan
            | TransactionType::Agreement
            | TransactionType::Commitment
            | TransactionType::IncomingCommitment
            | TransactionType::OutgoingCommitment
            | TransactionType::CreditGuarantee
    )
}

fn transactions<'a>(record: &'a Record, voices: &Voices<'a>, found: &mut Vec<Said<'a>>) {
    for row in &record.transactions {
        let Some(figure) = row.figure() else { continue };
        let Some(span) = Span::of(figure, row.qualifier, row.as_said.as_deref()) else {
            continue;
        };
        let scope = [&row.programme_id, &row.activity_id]
            .into_iter()
            .flatten()
            .map(|id| format!("{id}:"))
            .collect::<String>();
        found.push(Said {
            id: &row.id,
            table: "transactions",
            subject: format!("{scope}{}>{}", row.provider_id, row.receiver_id),
            property: row.flow.to_string(),
            place: None,
            ends: Some((&row.provider_id, &row.receiver_id)),
            start: row.period_start,
            end: row.period_end,
            figure,
            span,
            unit: Some(&row.currency),
            currency: Some(&row.currency),
            planned: is_planned(row.transaction_type),
            is_target: false,
            rung: row.transaction_type.as_str(),
            basis: row.basis.as_str(),
            adds_up: true,
            speaker: Some(&row.speaker_id),
            voice: voices.voice(Some(&row.speaker_id), false, &row.source_id),
            source: &row.source_id,
            locator: row.locator.as_deref(),
            original: voices.original(&row.source_id),
            copy_of: row.copy_of.as_ref(),
            part_of: row.part_of.as_ref(),
            act: Act::Reports,
            as_said: row.as_said.as_deref(),
            qualifier: row.qualifier,
        });
    }
}

fn results<'a>(record: &'a Record, voices: &Voices<'a>, found: &mut Vec<Said<'a>>) {
    for row in &record.results {
        let place = record
            .activities
            .iter()
            .find(|activity| activity.id == row.activity_id)
            .map(|activity| &activity.place_id);
        let sides = [
            (row.target, row.target_lower, true),
            (row.actual, row.actual_lower, false),
        ];
        for (value, lower, is_target) in sides {
            let Some(figure) = Figure::of(value, lower, None) else {
                continue;
            };
            let Some(span) = Span::of(figure, row.qualifier, None) else {
                continue;
            };
            let (start, end) = match (row.period, row.due_on) {
                (Some(period), _) => (Some(period.start), Some(period.last())),
                (None, due) => (None, due.filter(|_| is_target)),
            };
            let currency = Some(row.unit.as_str()).filter(|unit| is_currency(unit));
            found.push(Said {
                id: &row.id,
                table: "results",
                subject: row.activity_id.to_string(),
                property: row.indicator.clone(),
                place,
                ends: None,
                start,
                end,
                figure,
                span,
                unit: Some(&row.unit),
                currency,
                planned: is_target,
                is_target: is_target && row.period.is_none(),
                rung: "",
                basis: "",
                adds_up: false,
                speaker: Some(&row.speaker_id),
                voice: voices.voice(Some(&row.speaker_id), false, &row.source_id),
                source: &row.source_id,
                locator: row.locator.as_deref(),
                original: voices.original(&row.source_id),
                copy_of: None,
                part_of: None,
                act: if is_target { Act::Promises } else { Act::Reports },
                as_said: None,
                qualifier: row.qualifier,
            });
        }
    }
}

/// Whether a unit is the code of a currency.
fn is_currency(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|letter| letter.is_ascii_uppercase())
}

const fn concept(concept: Concept) -> &'static str {
    match concept {
        Concept::Persons => "persons",
        Concept::PersonTimes => "person_times",
    }
}

fn dates(period: Option<Period>) -> (Option<Date>, Option<Date>) {
    (period.map(|period| period.start), period.map(Period::last))
}

fn counted(count: Option<i64>, lower: Option<Decimal>, upper: Option<Decimal>) -> Option<Figure> {
    Figure::of(count.map(Decimal::from), lower, upper)
}

fn sent<'a>(record: &'a Record, voices: &Voices<'a>, found: &mut Vec<Said<'a>>) {
    macro_rules! rows {
        ($rows:expr, $what:literal) => {
            for row in $rows {
                let Some(figure) = counted(row.count, row.lower, row.upper) else {
                    continue;
                };
                let Some(span) = Span::of(figure, row.qualifier, None) else {
                    continue;
                };
                let words = [
                    Some($what),
                    Some(match row.direction {
                        Direction::Out => "out",
                        Direction::Back => "back",
                    }),
                    row.profession.as_deref(),
                    row.batch.as_deref(),
                ];
                let (start, end) = dates(row.period);
                found.push(Said {
                    id: &row.id,
                    table: $what,
                    subject: format!(
                        "{}:{}>{}",
                        row.programme_id, row.provider_id, row.recipient_id
                    ),
                    property: words.into_iter().flatten().collect::<Vec<_>>().join("/"),
                    place: None,
                    ends: Some((&row.provider_id, &row.recipient_id)),
                    start,
                    end,
                    figure,
                    span,
                    unit: Some(concept(row.unit)),
                    currency: None,
                    planned: false,
                    is_target: false,
                    rung: "",
                    basis: "",
                    adds_up: true,
                    speaker: row.speaker_id.as_ref(),
                    voice: voices.voice(row.speaker_id.as_ref(), false, &row.source_id),
                    source: &row.source_id,
                    locator: row.locator.as_deref(),
                    original: voices.original(&row.source_id),
                    copy_of: None,
                    part_of: None,
                    act: Act::Reports,
                    as_said: None,
                    qualifier: row.qualifier,
                });
            }
        };
    }
    rows!(&record.postings, "posting");
    rows!(&record.trainings, "training");
}

fn placements<'a>(record: &'a Record, voices: &Voices<'a>, found: &mut Vec<Said<'a>>) {
    for row in &record.placements {
        let Some(figure) = counted(row.count, row.lower, row.upper) else {
            continue;
        };
        let Some(span) = Span::of(figure, row.qualifier, None) else {
            continue;
        };
        let within = row.within_region.map(|within| match within {
            YesNo::Yes => "within the region",
            YesNo::No => "outside the region",
        });
        let words = [Some("placement"), row.sector.as_deref(), within];
        let (start, end) = dates(row.period);
        found.push(Said {
            id: &row.id,
            table: "placements",
            subject: format!("{}>{}", row.origin_id, row.destination_id),
            property: words.into_iter().flatten().collect::<Vec<_>>().join("/"),
            place: None,
            ends: Some((&row.origin_id, &row.destination_id)),
            start,
            end,
            figure,
            span,
            unit: Some(concept(row.concept)),
            currency: None,
            planned: false,
            is_target: false,
            rung: "",
            basis: "",
            adds_up: true,
            speaker: Some(&row.speaker_id),
            voice: voices.voice(Some(&row.speaker_id), false, &row.source_id),
            source: &row.source_id,
            locator: row.locator.as_deref(),
            original: voices.original(&row.source_id),
            copy_of: None,
            part_of: row.part_of.as_ref(),
            act: Act::Reports,
            as_said: None,
            qualifier: row.qualifier,
        });
    }
}
