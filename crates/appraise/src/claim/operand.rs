//! Operands of a derivation: what each one may stand for on the record.

use counterpart_model::derivation::DerivationKind;
use counterpart_model::quantity::Figure;
use counterpart_model::transaction::{Flow, TransactionBasis, TransactionType};
use counterpart_model::{Date, Decimal, Id, Period, Record, TableId};

use crate::assessment::CompanionReason;
use crate::disclosure::INPUT_WITHHELD;
use crate::reading::Reading;

use super::Checker;

/// One value that an operand may stand for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Input {
    /// Id of the object that holds the value.
    pub id: String,
    /// What it is, in words, for a sentence.
    pub label: String,
    /// The value.
    pub value: Decimal,
    /// Whether the value is a bound and not a figure.
    pub bound: bool,
    /// Vintages, joined by `+`; none for what is no observation.
    pub vintage: Option<String>,
    /// Censuses behind its heads.
    pub basis: Option<String>,
    /// What it is about.
    pub span: Option<(Date, Date)>,
    /// Unit word.
    pub unit: Option<String>,
    /// Currency.
    pub currency: Option<String>,
    /// Kind of money.
    pub flow: Option<Flow>,
    /// What else has to agree before sums of money may be added.
    pub money: Option<Money>,
    /// Whether it is preliminary.
    pub provisional: bool,
    /// Whether the claim's own source says it.
    pub own: bool,
    /// Why the inputs of a claim's own check do not belong together: a figure made of them inherits it.
    pub inherited: Vec<CompanionReason>,
    /// The reading, where it is an observation.
    pub observed: Option<Reading>,
}

/// What has to agree before sums of money may be added, and what a sum is part or copy of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Money {
    /// Whether it was planned or promised rather than moved.
    pub planned: bool,
    /// One year's money, a sum of years, or part of a year.
    pub basis: TransactionBasis,
    /// The sum that it is part of.
    pub part_of: Option<Id>,
    /// The statement that it repeats.
    pub copy_of: Option<Id>,
}

impl Input {
    fn with(mut self, reading: Reading) -> Self {
        self.observed = Some(reading);
        self
    }

    fn plain(id: &str, label: String, value: Decimal) -> Self {
        Self {
            id: id.to_owned(),
            label,
            value,
            bound: false,
            vintage: None,
            basis: None,
            span: None,
            unit: None,
            currency: None,
            flow: None,
            money: None,
            provisional: false,
            own: false,
            observed: None,
            inherited: Vec::new(),
        }
    }
}

/// What one operand stands for: values to choose from, or a series to choose from, or nothing on record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    /// One of these values.
    OneOf(Vec<Input>),
    /// One of these series, each in one choice of vintages, in the order of time.
    SeriesOf(Vec<Vec<Input>>),
    /// Nothing on record.
    Missing(String),
}

/// Reads one operand of a derivation of `kind`, for a claim whose source is `own_source`.
pub(super) fn resolve(checker: &Checker<'_>, text: &str, kind: DerivationKind, own_source: &Id) -> Operand {
    if is_withheld(checker.reader.record(), text) {
        // It has a figure, which is not for print: neither its period nor another edition stands in for it.
        return Operand::Missing(INPUT_WITHHELD.to_owned());
    }
    let parts: Vec<&str> = text.split('/').collect();
    if let [place, indicator, period] = parts.as_slice() {
        return observed(checker, &Id::new(place), &Id::new(indicator), period, own_source);
    }
    let found = claim(checker, text, own_source)
        .or_else(|| transaction(checker, text))
        .or_else(|| round(checker, text, kind))
        .or_else(|| rule(checker, text))
        .or_else(|| source(checker, text));
    match found {
        Some(inputs) if !inputs.is_empty() => Operand::OneOf(inputs),
        _ => Operand::Missing(text.to_owned()),
    }
}

fn is_withheld(record: &Record, operand: &str) -> bool {
    let statistic = format!("{operand}/");
    record.withheld.iter().flatten().any(|(table, key)| match table {
        TableId::Claims | TableId::Transactions => key == operand,
        TableId::Observations => key.starts_with(&statistic),
        _ => false,
    })
}

fn claim(checker: &Checker<'_>, id: &str, own_source: &Id) -> Option<Vec<Input>> {
    let claim = checker.claims.get(id)?;
    let span = span(claim.period_start, claim.period_end);
    let made = |value: Decimal, bound: bool| Input {
        bound,
        span,
        own: claim.source_id == *own_source,
        unit: claim.unit.clone(),
        currency: claim.currency.clone(),
        vintage: checker.vintages_of_claim.get(id).cloned(),
        basis: checker.basis_of_claim.get(id).cloned().flatten(),
        inherited: checker.company_of_claim.get(id).cloned().unwrap_or_default(),
        ..Input::plain(id, format!("claim {id}"), value)
    };
    Some(match claim.figure() {
        Some(figure) => of_figure(figure, made),
        None => span
            .map(|(start, end)| lengths(id, start, end))
            .unwrap_or_default(),
    })
}

fn transaction(checker: &Checker<'_>, id: &str) -> Option<Vec<Input>> {
    let transaction = checker
        .reader
        .record()
        .transactions
        .iter()
        .find(|row| row.id == id)?;
    let span = span(transaction.period_start, transaction.period_end);
    let made = |value: Decimal, bound: bool| Input {
        bound,
        span,
        unit: Some(transaction.currency.clone()),
        currency: Some(transaction.currency.clone()),
        flow: Some(transaction.flow),
        money: Some(Money {
            planned: matches!(
                transaction.transaction_type,
                TransactionType::Plan | TransactionType::Agreement | TransactionType::Commitment
            ),
            basis: transaction.basis,
            part_of: transaction.part_of.clone(),
            copy_of: transaction.copy_of.clone(),
        }),
        ..Input::plain(id, format!("{} {id}", transaction.transaction_type), value)
    };
    Some(match transaction.figure() {
        Some(figure) => of_figure(figure, made),
        None => span
            .map(|(start, end)| lengths(id, start, end))
            .unwrap_or_default(),
    })
}

/// A round stands for its length in years, for the year it began in a difference of dates, or for the number of its
/// providers and recipients in a count.
fn round(checker: &Checker<'_>, id: &str, kind: DerivationKind) -> Option<Vec<Input>> {
    let record = checker.reader.record();
    let round = record.rounds.iter().find(|row| row.id == id)?;
    Some(match kind {
        DerivationKind::Count => {
            let pairs: Vec<_> = record
                .pairings
                .iter()
                .filter(|pairing| pairing.round_id == round.id)
                .collect();
            if pairs.is_empty() {
                return Some(Vec::new());
            }
            let count = |what: &str, mut ids: Vec<&Id>| {
                ids.sort();
                ids.dedup();
                let inferred = pairs
                    .iter()
                    .filter(|pair| pair.basis.as_str() == "inferred")
                    .count();
                Input {
                    unit: Some("count".to_owned()),
                    provisional: inferred > 0,
                    ..Input::plain(
                        &format!("{id}#{what}"),
                        format!("{what} on record of {id}"),
                        Decimal::from(ids.len()),
                    )
                }
            };
            vec![
                count("providers", pairs.iter().map(|pair| &pair.provider_id).collect()),
                count(
                    "recipients",
                    pairs.iter().map(|pair| &pair.recipient_id).collect(),
                ),
            ]
        }
        DerivationKind::Difference => {
            let began = round.start.or(round.decided_on).or(round.first_money_on);
            began
                .map(|date| vec![year_of(id, format!("first year of {id}"), date)])
                .unwrap_or_default()
        }
        _ => match (round.start, round.end) {
            (Some(start), Some(end)) => lengths(id, start, end),
            _ => Vec::new(),
        },
    })
}

fn rule(checker: &Checker<'_>, id: &str) -> Option<Vec<Input>> {
    let rule = checker.reader.record().rules.iter().find(|row| row.id == id)?;
    let mut inputs = Vec::new();
    if let Some(amount) = rule.amount {
        inputs.push(Input {
            currency: rule.currency.clone(),
            unit: rule.currency.clone(),
            ..Input::plain(&format!("{id}#amount"), format!("amount of {id}"), amount)
        });
    }
    for rate in [rule.rate_lower, rule.rate_upper].into_iter().flatten() {
        let input = Input::plain(&format!("{id}#rate-{rate}"), format!("rate of {id}"), rate);
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }
    Some(inputs)
}

/// A source stands for the year it was published in.
fn source(checker: &Checker<'_>, id: &str) -> Option<Vec<Input>> {
    let source = checker.reader.record().sources.iter().find(|row| row.id == id)?;
    let published = source.published_on?;
    Some(vec![year_of(
        id,
        format!("year of publication of {id}"),
        published,
    )])
}

fn year_of(id: &str, label: String, date: Date) -> Input {
    Input {
        unit: Some("year".to_owned()),
        ..Input::plain(&format!("{id}#year"), label, Decimal::from(date.year()))
    }
}

/// A period stands for its length in years: both ends counted, or end minus start.
fn lengths(id: &str, start: Date, end: Date) -> Vec<Input> {
    let years = end.year() - start.year();
    let made = |value: i32, how: &str| Input {
        unit: Some("years".to_owned()),
        span: Some((start, end)),
        ..Input::plain(
            &format!("{id}#years-{value}"),
            format!("years of {id}, {how}"),
            Decimal::from(value),
        )
    };
    let mut inputs = vec![made(years + 1, "both ends counted")];
    if years > 0 {
        inputs.push(made(years, "end minus start"));
    }
    inputs
}

fn of_figure(figure: Figure, made: impl Fn(Decimal, bool) -> Input) -> Vec<Input> {
    match figure {
        Figure::Value(value) => vec![made(value, false)],
        Figure::AtLeast(bound) | Figure::AtMost(bound) => vec![made(bound, true)],
        Figure::Between(lower, upper) => vec![made(lower, true), made(upper, true)],
    }
}

/// Observations in every choice of vintages; those that the claim's own source prints are passed over, since a
/// figure never confirms itself.
fn observed(checker: &Checker<'_>, place: &Id, indicator: &Id, period: &str, own_source: &Id) -> Operand {
    let missing = || Operand::Missing(format!("{place}/{indicator}/{period}"));
    let Some((first, last)) = years(period) else {
        let Ok(period) = period.parse::<Period>() else {
            return missing();
        };
        let inputs = at(checker, place, indicator, period, own_source);
        return if inputs.is_empty() {
            missing()
        } else {
            Operand::OneOf(inputs)
        };
    };
    let by_year: Vec<Vec<Input>> = (first..=last)
        .filter_map(|year| i16::try_from(year).ok())
        .map(|year| at(checker, place, indicator, Period::year_only(year), own_source))
        .collect();
    let Some(begin) = by_year.first() else {
        return missing();
    };
    let series: Vec<Vec<Input>> = begin
        .iter()
        .filter_map(|start| {
            by_year
                .iter()
                .map(|inputs| {
                    inputs
                        .iter()
                        .find(|input| input.vintage == start.vintage)
                        .cloned()
                })
                .collect::<Option<Vec<Input>>>()
        })
        .collect();
    if series.is_empty() {
        missing()
    } else {
        Operand::SeriesOf(series)
    }
}

fn at(checker: &Checker<'_>, place: &Id, indicator: &Id, period: Period, own_source: &Id) -> Vec<Input> {
    checker
        .reader
        .readings(place, indicator, period)
        .iter()
        .filter(|reading| {
            reading.sources.is_empty() || !reading.sources.iter().all(|source| source == own_source)
        })
        .map(|reading| input(checker, place, indicator, period, reading.clone()))
        .collect()
}

fn input(checker: &Checker<'_>, place: &Id, indicator: &Id, period: Period, reading: Reading) -> Input {
    let unit = checker
        .reader
        .indicator(indicator)
        .and_then(|row| row.unit.clone());
    Input {
        vintage: Some(reading.vintages.clone()),
        basis: reading.basis.clone(),
        span: Some((period.start, period.last())),
        currency: unit
            .clone()
            .filter(|unit| unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase())),
        unit,
        provisional: reading.provisional,
        ..Input::plain(
            &reading.id,
            checker.reader.label(place, indicator, period),
            reading.value,
        )
    }
    .with(reading)
}

/// Returns first and last year of `2015..2020`.
fn years(period: &str) -> Option<(i32, i32)> {
    let (first, last) = period.split_once("..")?;
    let (first, last): (Date, Date) = (first.parse().ok()?, last.parse().ok()?);
    (first.year() <= last.year()).then(|| (first.year(), last.year()))
}

fn span(start: Option<Date>, end: Option<Date>) -> Option<(Date, Date)> {
    match (start, end) {
        (Some(start), Some(end)) => Some((start, end)),
        (Some(only), None) | (None, Some(only)) => Some((only, only)),
        (None, None) => None,
    }
}
