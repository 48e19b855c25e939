//! Duty against payment: what each rule makes of every base on record, beside what was planned and paid.
//!
//! A rule is evaluated for each who owes and for all together, year by year and over each span of whole years that it
//! or a payment covers, on the base that it names and on every other one on record (see [`base::bases`] for which).
//! A year's duty stands beside that year's money only; a sum of several years beside the duties of exactly those.

pub mod base;
mod contribution;
mod growth;
mod paid;
mod share;
mod target;

use counterpart_model::quantity::Figure;
use counterpart_model::rule::{Rule, RuleKind};
use counterpart_model::{Decimal, Id, Record, RoundingStrategy};
use counterpart_panel::Places;

use crate::assessment::{Duty, DutyInput, DutyStatus, Number, Sentence};
use crate::naming::Names;
use crate::reading::{Figures, Reader};
use crate::total::scope::{Scopes, span_in_words};
use crate::total::select::Ladders;
use crate::words;

/// What the evaluation of every rule looks up.
pub(crate) struct Desk<'a> {
    pub(crate) record: &'a Record,
    pub(crate) reader: &'a Reader<'a>,
    pub(crate) scopes: Scopes<'a>,
    pub(crate) ladders: Ladders<'a>,
    pub(crate) names: Names<'a>,
}

/// Returns the duties of every rule about money and of every target, in the order of rule, giver, period and base.
#[must_use]
pub fn rows(reader: &Reader<'_>, places: &Places, figures: &mut Figures) -> Vec<Duty> {
    let record = reader.record();
    let desk = Desk {
        record,
        reader,
        scopes: Scopes::new(places),
        ladders: Ladders::of(record),
        names: Names::of(record),
    };
    let mut duties: Vec<Duty> = Vec::new();
    for rule in &record.rules {
        match rule.kind {
            RuleKind::Contribution => contribution::rows(&desk, rule, figures, &mut duties),
            RuleKind::Growth => growth::rows(&desk, rule, &mut duties),
            RuleKind::SpendingShare => share::rows(&desk, rule, &mut duties),
            RuleKind::Target => target::rows(&desk, rule, figures, &mut duties),
            // What a subsidy comes to depends on contracts, not on a base: it is an entitlement.
            RuleKind::Subsidy => {}
        }
    }
    duties.sort_by(|a, b| {
        (&a.rule, !a.together, &a.provider, &a.base_indicator, &a.period).cmp(&(
            &b.rule,
            !b.together,
            &b.provider,
            &b.base_indicator,
            &b.period,
        ))
    });
    duties
}

/// What a programme office asks: every duty with the statements about money beside it, and nothing else of the case.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Office {
    /// Duties.
    pub duties: Vec<Duty>,
    /// Statements about money.
    pub transactions: Vec<crate::assessment::TransactionRow>,
}

/// Evaluates the rules of a record and nothing else.
#[must_use]
pub fn owed(record: &Record) -> crate::Published<Office> {
    let record = crate::disclosure::public(record, &[]);
    let places = std::sync::Arc::new(Places::of(&record));
    let series = counterpart_panel::RecordSeries::new(record.as_ref());
    let reader = Reader::new(&record, &series, std::sync::Arc::clone(&places));
    crate::disclosure::publish_office(Office {
        duties: rows(&reader, &places, &mut Figures::default()),
        transactions: crate::total::statements(&record),
    })
}

/// Returns every obligation and entitlement, by id.
#[must_use]
pub fn rules(record: &Record) -> Vec<crate::assessment::ProgrammeRule> {
    let names = Names::of(record);
    let number = |value: Option<Decimal>| value.map(Number::exact);
    record
        .rules
        .iter()
        .map(|rule| crate::assessment::ProgrammeRule {
            id: rule.id.to_string(),
            programme: rule.programme_id.to_string(),
            kind: rule.kind.to_string(),
            who: rule.who_id.to_string(),
            who_name: names.name(&rule.who_id),
            base_indicator: rule.base_indicator.clone(),
            rate_lower: number(rule.rate_lower),
            rate_upper: number(rule.rate_upper),
            base_lag: rule.base_lag,
            // What counts something other than money is told in words.
            amount: number(rule.amount.filter(|_| rule.currency.is_some())),
            currency: rule.currency.clone(),
            period_start: rule.period_start.map(|date| date.to_string()),
            period_end: rule.period_end.map(|date| date.to_string()),
            text: rule.text.clone(),
            speaker: rule.speaker_id.as_ref().map(ToString::to_string),
            said_by: names.speaker(rule.speaker_id.as_ref(), &rule.source_id),
            source: rule.source_id.to_string(),
            locator: rule.locator.clone().unwrap_or_default(),
            from: vec![rule.source_id.to_string()],
        })
        .collect()
}

/// Returns the end of a rule's years that the case's clock allows, and its beginning.
///
/// Where the rule gives no first year it is the programme's, else that of the first money on record.
pub(crate) fn years_of(record: &Record, rule: &Rule) -> Option<(i32, i32)> {
    let programme = record.programmes.iter().find(|row| row.id == rule.programme_id);
    let first_money = || {
        record
            .transactions
            .iter()
            .filter(|row| row.programme_id.as_ref() == Some(&rule.programme_id))
            .filter_map(|row| row.period_start)
            .min()
    };
    let start = rule
        .period_start
        .or_else(|| programme.and_then(|row| row.start))
        .or_else(first_money)
        .or(rule.period_end)?;
    let clock = record.case.as_of.year();
    let end = rule.period_end.map_or(clock, |end| end.year().min(clock));
    (start.year() <= end).then(|| (start.year(), end))
}

/// What is owed of a base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Owed {
    pub(crate) low: Option<Decimal>,
    pub(crate) high: Option<Decimal>,
}

impl Owed {
    /// Returns a base times the rates of a rule; nothing where it gives none.
    pub(crate) fn of(base: Decimal, rule: &Rule, plus: Decimal) -> Self {
        let at = |rate: Option<Decimal>| rate.and_then(|rate| base.checked_mul(rate.checked_add(plus)?));
        Self {
            low: at(rule.rate_lower),
            high: at(rule.rate_upper),
        }
    }
}

/// Returns how a payment stands to what is owed, and whether a bound leaves it open.
pub(crate) fn compare(paid: Figure, owed: Owed) -> (DutyStatus, bool) {
    let Owed { low, high } = owed;
    if low.is_none() && high.is_none() {
        return (DutyStatus::NotCheckable, false);
    }
    let over = |value: Decimal| high.is_some_and(|high| value > high);
    let under = |value: Decimal| low.is_some_and(|low| value < low);
    match paid {
        Figure::Value(value) if under(value) => (DutyStatus::Below, false),
        Figure::Value(value) if over(value) => (DutyStatus::Above, false),
        Figure::Value(_) => (DutyStatus::Met, false),
        Figure::AtLeast(lower) if over(lower) => (DutyStatus::Above, false),
        // What is at least the least that is owed fulfils a rule without an upper end.
        Figure::AtLeast(lower) if !under(lower) && high.is_none() => (DutyStatus::Met, false),
        Figure::AtMost(upper) if under(upper) => (DutyStatus::Below, false),
        Figure::AtMost(upper) if !over(upper) && low.is_none() => (DutyStatus::Met, false),
        Figure::Between(lower, upper) if under(upper) || over(lower) => (
            if under(upper) {
                DutyStatus::Below
            } else {
                DutyStatus::Above
            },
            false,
        ),
        Figure::Between(lower, upper) if !under(lower) && !over(upper) => (DutyStatus::Met, false),
        Figure::AtLeast(_) | Figure::AtMost(_) | Figure::Between(..) => (DutyStatus::NotCheckable, true),
    }
}

/// Returns a number at nine decimals, as derived figures are printed.
pub(crate) fn printed(value: Decimal) -> Number {
    Number::exact(value.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero))
}

/// Returns a rate in per cent.
pub(crate) fn percent(rate: Decimal) -> String {
    rate.checked_mul(Decimal::ONE_HUNDRED).map_or_else(
        || rate.to_string(),
        |value| format!("{}%", words::number(value, 3)),
    )
}

/// Returns a share in per cent, with as many digits as tell it from the rates it is set against.
fn share_in_words(share: Decimal, rule: &Rule) -> String {
    let is_rate = [rule.rate_lower, rule.rate_upper]
        .into_iter()
        .flatten()
        .any(|rate| rate != share && percent(rate) == percent(share));
    match share.checked_mul(Decimal::ONE_HUNDRED) {
        Some(value) if is_rate => format!("{}%", words::number(value, 7)),
        _ => percent(share),
    }
}

/// Returns the rates of a rule in words.
pub(crate) fn rates(rule: &Rule) -> Option<String> {
    match (rule.rate_lower, rule.rate_upper) {
        (Some(low), Some(high)) if low == high => Some(percent(low)),
        (Some(low), Some(high)) => Some(format!("{} to {}", percent(low), percent(high))),
        (Some(low), None) => Some(format!("at least {}", percent(low))),
        (None, Some(high)) => Some(format!("at most {}", percent(high))),
        (None, None) => None,
    }
}

/// Returns a duty without base and payment, to be filled in.
pub(crate) fn blank(
    desk: &Desk<'_>,
    rule: &Rule,
    provider: &Id,
    together: bool,
    period: &str,
    base_indicator: &str,
) -> Duty {
    Duty {
        id: format!("duty:{}:{provider}:{period}:{base_indicator}", rule.id),
        rule: rule.id.to_string(),
        kind: rule.kind.to_string(),
        programme: rule.programme_id.to_string(),
        provider: provider.to_string(),
        provider_name: desk.names.name(provider),
        together,
        period: period.to_owned(),
        base_indicator: base_indicator.to_owned(),
        base_named: true,
        base_period: None,
        base: None,
        base_vintage: None,
        notes: Vec::new(),
        currency: None,
        rate_low: rule.rate_lower.map(Number::exact),
        rate_high: rule.rate_upper.map(Number::exact),
        owed_low: None,
        owed_high: None,
        paid: Vec::new(),
        paid_value: None,
        paid_type: None,
        paid_qualifier: None,
        share_of_base: None,
        status: DutyStatus::NotCheckable,
        missing: Vec::new(),
        reason: None,
        against: Vec::new(),
        vintages: Vec::new(),
        sentence: Sentence::new(),
        from: vec![rule.id.to_string()],
    }
}

/// Adds an input that is missing, with its reason.
pub(crate) fn lacks(duty: &mut Duty, what: DutyInput, why: &str) {
    duty.status = DutyStatus::NotCheckable;
    if !duty.missing.contains(&what) {
        duty.missing.push(what);
    }
    duty.reason = Some(match duty.reason.take() {
        Some(before) => format!("{before}; {why}"),
        None => why.to_owned(),
    });
}

/// Makes the sentence of a duty out of its values.
pub(crate) fn tell(desk: &Desk<'_>, rule: &Rule, duty: &mut Duty) {
    let unit = duty.currency.clone();
    let unit = unit.as_deref();
    let value_of = |number: &Number| number.as_str().parse::<Decimal>().unwrap_or_default();
    // What is off by less than the digits that are printed is printed in full.
    let money = |number: &Number| {
        let value = value_of(number);
        let text = words::in_unit(value, unit);
        let is_blurred = duty
            .owed_low
            .iter()
            .chain(&duty.owed_high)
            .chain(duty.against.iter().map(|beside| &beside.value))
            .map(value_of)
            .any(|other| other != value && words::in_unit(other, unit) == text);
        match unit {
            Some(unit) if is_blurred => {
                format!("{} {}", words::grouped(value, 9), words::unit_in_words(unit))
            }
            _ => text,
        }
    };
    let base_name = match duty.base_indicator.strip_prefix("flow:") {
        Some(flow) => flow.replace('_', " "),
        None => desk
            .reader
            .indicator(&Id::new(&duty.base_indicator))
            .map_or_else(|| duty.base_indicator.replace('_', " "), |row| row.name.clone()),
    };
    let id = duty.id.clone();
    let mut sentence = Sentence::of(format!(
        "{}, {}: ",
        duty.provider_name,
        span_in_words(&duty.period)
    ));
    if let Some(base) = &duty.base {
        let of = match duty.from.as_slice() {
            [_, only] => only.clone(),
            _ => id.clone(),
        };
        let of_period = duty
            .base_period
            .as_ref()
            .map_or_else(String::new, |period| format!(" of {}", span_in_words(period)));
        sentence = sentence
            .text(format!("{base_name}{of_period} "))
            .figure(money(base), of);
        let read: Vec<String> = duty.base_vintage.iter().chain(&duty.notes).cloned().collect();
        if !read.is_empty() {
            sentence = sentence.text(format!(" ({})", read.join("; ")));
        }
        sentence = sentence.text("; ");
    }
    if let Some(low) = &duty.owed_low {
        let rates = rates(rule).unwrap_or_default();
        sentence = sentence
            .text(format!("owed, {rates}: "))
            .figure(money(low), id.clone());
        match &duty.owed_high {
            Some(high) if high != low => sentence = sentence.text(" to ").figure(money(high), id.clone()),
            Some(_) => {}
            None => sentence = sentence.text(" or more"),
        }
        sentence = sentence.text("; ");
    }
    if let Some(paid) = &duty.paid_value {
        let step = duty.paid_type.as_deref().unwrap_or("paid").replace('_', " ");
        let qualifier = duty
            .paid_qualifier
            .as_ref()
            .map_or_else(String::new, |word| format!("{} ", word.replace('_', " ")));
        sentence = sentence
            .text(format!("{step}: {qualifier}"))
            .figure(money(paid), id.clone());
        if let Some(share) = &duty.share_of_base {
            let share: Decimal = share.as_str().parse().unwrap_or_default();
            sentence = sentence.text(format!(", {} of the base", share_in_words(share, rule)));
        }
        sentence = sentence.text("; ");
    }
    for beside in duty
        .against
        .iter()
        .filter(|beside| beside.transactions != duty.paid)
    {
        let qualifier = beside
            .qualifier
            .as_ref()
            .map_or_else(String::new, |word| format!("{} ", word.replace('_', " ")));
        sentence = sentence
            .text(format!("{}: {qualifier}", beside.step.replace('_', " ")))
            .figure(money(&beside.value), duty.id.clone());
        if beside.status != DutyStatus::NotCheckable {
            sentence = sentence.text(format!(", {}", beside.status.words()));
        }
        sentence = sentence.text("; ");
    }
    sentence = match (&duty.status, &duty.reason) {
        (DutyStatus::NotCheckable, Some(reason)) => sentence.text(format!("not checkable: {reason}.")),
        (status, _) => sentence.text(format!("{}.", status.words())),
    };
    duty.sentence = sentence;
}
