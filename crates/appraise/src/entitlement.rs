//! Subsidy rules as entitlements: what a number of contracts comes to, and what placements on record would.
//!
//! Below the rule's minimum nothing is due; from the minimum on every contract counts. A count on record is read as
//! the contracts of one employer, because how it is spread over employers is not on record, and that is said.

use counterpart_model::people::Placement;
use counterpart_model::rule::{Rule, RuleKind};
use counterpart_model::transaction::Flow;
use counterpart_model::{Date, Decimal, Id, Period, Record, TableId};
use counterpart_panel::Places;

use crate::assessment::{
    ConditionRow, EntitlementAt, EntitlementOnRecord, EntitlementRow, Number, PersonCount, ScreeningRow,
    Sentence,
};
use crate::naming::Names;
use crate::people::count_in_words;
use crate::words;

/// Returns every subsidy rule as an entitlement, in the order of the rules' ids.
#[must_use]
pub fn of(
    record: &Record,
    places: &Places,
    conditions: &[ConditionRow],
    leads: &[ScreeningRow],
) -> Vec<EntitlementRow> {
    let names = Names::of(record);
    record
        .rules
        .iter()
        .filter(|rule| rule.kind == RuleKind::Subsidy)
        .map(|rule| one(record, places, &names, rule, conditions, leads))
        .collect()
}

fn one(
    record: &Record,
    places: &Places,
    names: &Names<'_>,
    rule: &Rule,
    conditions: &[ConditionRow],
    leads: &[ScreeningRow],
) -> EntitlementRow {
    let id = format!("entitlement/{}", rule.id);
    let attached: Vec<String> = conditions
        .iter()
        .filter(|row| rule.id == row.attached_to.as_str())
        .map(|row| row.id.clone())
        .collect();
    let screen = leads
        .iter()
        .filter(|lead| attached.contains(&lead.statement))
        .map(|lead| lead.id.clone())
        .collect();
    let beside = record
        .transactions
        .iter()
        .filter(|row| {
            row.flow == Flow::Subsidy
                && row.programme_id.as_ref() == Some(&rule.programme_id)
                && overlaps(
                    rule,
                    row.period_start.map(|start| Period {
                        start,
                        end: row.period_end,
                    }),
                )
        })
        .map(|row| row.id.to_string())
        .collect();
    let mut row = EntitlementRow {
        rule: rule.id.to_string(),
        programme: rule.programme_id.to_string(),
        who: rule.who_id.to_string(),
        who_name: names.name(&rule.who_id),
        text: rule.text.clone(),
        amount: rule.amount.map(Number::exact),
        currency: rule.currency.clone(),
        minimum_count: rule.minimum_count.map(|count| Number::exact(count.into())),
        rate_lower: rule.rate_lower.map(Number::exact),
        rate_upper: rule.rate_upper.map(Number::exact),
        period_start: rule.period_start.map(|date| date.to_string()),
        period_end: rule.period_end.map(|date| date.to_string()),
        speaker: rule.speaker_id.as_ref().map(ToString::to_string),
        speaker_name: names.speaker(rule.speaker_id.as_ref(), &rule.source_id),
        source: rule.source_id.to_string(),
        locator: rule.locator.clone().unwrap_or_default(),
        missing: missing(rule),
        schedule: schedule(&id, rule),
        on_record: record
            .placements
            .iter()
            .filter(|placement| reaches(record, places, rule, placement))
            .map(|placement| on_record(record, &id, rule, placement, names))
            .collect(),
        beside,
        conditions: attached,
        screen,
        sentence: Sentence::new(),
        from: vec![rule.id.to_string()],
        id,
    };
    row.sentence = say(&row);
    row
}

fn missing(rule: &Rule) -> Vec<String> {
    let has_rate = rule.rate_lower.is_some() || rule.rate_upper.is_some();
    let mut missing = Vec::new();
    if rule.amount.is_none() && !has_rate {
        missing.push("the amount for each contract is not on record".to_owned());
    }
    if rule.amount.is_some() && rule.currency.is_none() {
        missing.push("the currency of the amount is not on record".to_owned());
    }
    if rule.minimum_count.is_none() {
        missing.push("from how many contracts on it is paid is not on record".to_owned());
    }
    if rule.period_start.is_none() && rule.period_end.is_none() {
        missing.push("when it holds is not on record".to_owned());
    }
    missing
}

/// Returns what a number of contracts comes to: nothing below the minimum, else every one of them.
///
/// None where the product is larger than any decimal.
///
/// # Example
/// ```
/// use counterpart_appraise::entitlement::due;
/// use counterpart_model::Decimal;
///
/// let due = |contracts: i64| due(Decimal::from(4000), Some(30), contracts.into());
/// assert_eq!([due(29), due(30), due(31)], [Some(0.into()), Some(120_000.into()), Some(124_000.into())]);
/// ```
#[must_use]
pub fn due(amount: Decimal, minimum: Option<i64>, contracts: Decimal) -> Option<Decimal> {
    if minimum.is_some_and(|minimum| contracts < minimum.into()) {
        return Some(Decimal::ZERO);
    }
    amount.checked_mul(contracts)
}

/// One contract fewer than the least, the least, one more; a rule without a minimum is evaluated at one contract.
fn schedule(id: &str, rule: &Rule) -> Vec<EntitlementAt> {
    let Some(amount) = rule.amount else {
        return Vec::new();
    };
    let contracts: Vec<i64> = match rule.minimum_count {
        Some(minimum) => [minimum.checked_sub(1), Some(minimum), minimum.checked_add(1)]
            .into_iter()
            .flatten()
            .filter(|contracts| *contracts >= 0)
            .collect(),
        None => vec![1],
    };
    contracts
        .into_iter()
        .filter_map(|contracts| {
            Some(EntitlementAt {
                id: format!("{id}@{contracts}"),
                contracts: Number::exact(contracts.into()),
                amount: Number::exact(due(amount, rule.minimum_count, contracts.into())?),
                currency: rule.currency.clone(),
                from: vec![rule.id.to_string()],
            })
        })
        .collect()
}

/// Whether a rule's place, programme and period reach a placement.
fn reaches(record: &Record, places: &Places, rule: &Rule, placement: &Placement) -> bool {
    let place_of = |id: &Id| -> Id {
        record
            .organisations
            .iter()
            .find(|row| row.id == *id)
            .and_then(|row| row.place_id.clone())
            .unwrap_or_else(|| id.clone())
    };
    let inside = |outer: &Id, inner: &Id| {
        outer == inner
            || places.holds(outer, inner)
            || places
                .members(outer, None)
                .iter()
                .any(|member| member == inner || places.holds(member, inner))
    };
    let (who, works) = (place_of(&rule.who_id), place_of(&placement.destination_id));
    // The programme reaches those who come from its recipients, or from around or inside them.
    let origin = place_of(&placement.origin_id);
    let from_recipient = record
        .pairings
        .iter()
        .filter(|pairing| pairing.programme_id == rule.programme_id)
        .map(|pairing| place_of(&pairing.recipient_id))
        .any(|recipient| inside(&recipient, &origin) || inside(&origin, &recipient));
    inside(&who, &works) && from_recipient && overlaps(rule, placement.period)
}

/// Whether a rule's period and another share a day; an open end runs on, and an unknown period may be any.
fn overlaps(rule: &Rule, period: Option<Period>) -> bool {
    let Some(period) = period else { return true };
    let begins = |date: Date| date.first_day() <= period.last().last_day();
    let still = |date: Date| date.last_day() >= period.start.first_day();
    rule.period_start.is_none_or(begins) && rule.period_end.is_none_or(still)
}

fn on_record(
    record: &Record,
    id: &str,
    rule: &Rule,
    placement: &Placement,
    names: &Names<'_>,
) -> EntitlementOnRecord {
    let contracts = PersonCount::of_row(
        record,
        TableId::Placements,
        placement.id.as_str(),
        placement.count.map(Decimal::from),
        (placement.lower, placement.upper),
    );
    let mut remarks = Vec::new();
    let mut currency = rule.currency.clone();
    let amount = if contracts.is_empty() {
        remarks.push("no number in the text, so that nothing can be computed".to_owned());
        PersonCount::default()
    } else if contracts.is_withheld() {
        PersonCount::withheld()
    } else if placement.concept != counterpart_model::people::Concept::Persons {
        remarks.push("person-times, not persons: nothing is computed".to_owned());
        PersonCount::default()
    } else if let Some(per_contract) = rule.amount {
        let of = |count: Decimal| due(per_contract, rule.minimum_count, count).map(Number::exact);
        match placement.count {
            Some(count) => PersonCount {
                value: of(count.into()),
                ..PersonCount::default()
            },
            None => PersonCount::between(placement.lower.and_then(of), placement.upper.and_then(of)),
        }
    } else {
        let (amount, paid_in, remark) = on_wage(rule, placement);
        currency = paid_in;
        remarks.extend(remark);
        amount
    };
    if !amount.is_empty() && !amount.is_withheld() {
        remarks.push(match rule.minimum_count {
            Some(_) => {
                "read as the contracts of one employer; how they are spread over employers is not on record"
                    .to_owned()
            }
            None => "as if no minimum applied; none is on record".to_owned(),
        });
    }
    let mut row = EntitlementOnRecord {
        id: format!("{id}@{}", placement.id),
        placement: placement.id.to_string(),
        contracts,
        amount,
        currency,
        remarks,
        sentence: Sentence::new(),
        from: vec![rule.id.to_string(), placement.id.to_string()],
    };
    row.sentence = say_on_record(
        &row,
        &format!(
            "{} to {}",
            names.name(&placement.origin_id),
            names.name(&placement.destination_id)
        ),
    );
    row
}

/// A rate on the wage on record, for every placed person: bounds where rate or wage is a range.
fn on_wage(rule: &Rule, placement: &Placement) -> (PersonCount, Option<String>, Option<String>) {
    let rates = (
        rule.rate_lower.or(rule.rate_upper),
        rule.rate_upper.or(rule.rate_lower),
    );
    let wages = (
        placement.wage.or(placement.wage_lower),
        placement.wage.or(placement.wage_upper),
    );
    let counts = (
        placement.count.map(Decimal::from).or(placement.lower),
        placement.count.map(Decimal::from).or(placement.upper),
    );
    let (Some(_), Some(_)) = rates else {
        let why = "neither an amount nor a rate is on record: nothing can be computed";
        return (
            PersonCount::default(),
            rule.currency.clone(),
            Some(why.to_owned()),
        );
    };
    if wages == (None, None) {
        let why = "a rate on the wage, and no wage is on record: nothing can be computed";
        return (
            PersonCount::default(),
            rule.currency.clone(),
            Some(why.to_owned()),
        );
    }
    if let (Some(paid), Some(said)) = (&rule.currency, &placement.currency)
        && paid != said
    {
        let why = format!("the wage is in {said} and the rule in {paid}: nothing is computed");
        return (PersonCount::default(), rule.currency.clone(), Some(why));
    }
    let end = |rate: Option<Decimal>, wage: Option<Decimal>, count: Option<Decimal>| {
        let count = count?;
        if rule.minimum_count.is_some_and(|minimum| count < minimum.into()) {
            return Some(Number::exact(Decimal::ZERO));
        }
        rate?.checked_mul(wage?)?.checked_mul(count).map(Number::exact)
    };
    let (low, high) = (end(rates.0, wages.0, counts.0), end(rates.1, wages.1, counts.1));
    let amount = if low == high {
        PersonCount {
            value: low,
            ..PersonCount::default()
        }
    } else {
        PersonCount::between(low, high)
    };
    let currency = rule.currency.clone().or_else(|| placement.currency.clone());
    let remark = "for as long as the wage is stated for".to_owned();
    (amount, currency, Some(remark))
}

/// Returns an amount of money in words.
fn money(amount: &Number, currency: Option<&str>) -> String {
    let shown =
        crate::people::decimal(amount).map_or_else(|| amount.to_string(), |value| words::grouped(value, 2));
    match currency {
        Some(currency) => format!("{shown} {}", words::unit_in_words(currency)),
        None => format!("{shown} in a currency that is not on record"),
    }
}

fn count(number: &Number) -> String {
    crate::people::decimal(number).map_or_else(|| number.to_string(), |value| words::grouped(value, 2))
}

/// Writes the sentence of a rule.
#[must_use]
pub fn say(row: &EntitlementRow) -> Sentence {
    let mut sentence = Sentence::of(format!("By {}, ", row.speaker_name));
    let currency = row.currency.as_deref();
    sentence = match (&row.amount, &row.rate_lower, &row.rate_upper) {
        (Some(amount), ..) => sentence
            .figure(money(amount, currency), row.id.as_str())
            .text(" for each contract"),
        (None, Some(low), Some(high)) if low != high => sentence.text(format!(
            "a share of {low} to {high} of the wage for each contract"
        )),
        (None, Some(rate), _) | (None, _, Some(rate)) => {
            sentence.text(format!("a share of {rate} of the wage for each contract"))
        }
        (None, None, None) => sentence.text("an amount that is not on record"),
    };
    sentence = match &row.minimum_count {
        Some(minimum) => sentence
            .text(" from ")
            .figure(count(minimum), row.id.as_str())
            .text(" contracts on, and nothing below"),
        None => sentence.text("; no minimum is on record"),
    };
    sentence = sentence.text(format!(", in {}", row.who_name));
    sentence = match (&row.period_start, &row.period_end) {
        (Some(start), Some(end)) if start == end => sentence.text(format!(", {start}")),
        (Some(start), Some(end)) => sentence.text(format!(", {start} to {end}")),
        (Some(start), None) => sentence.text(format!(", from {start} on")),
        (None, Some(end)) => sentence.text(format!(", until {end}")),
        (None, None) => sentence,
    };
    if row.minimum_count.is_some() {
        for (index, at) in row.schedule.iter().enumerate() {
            sentence = sentence
                .text(if index == 0 { ": " } else { ", " })
                .figure(count(&at.contracts), at.id.as_str())
                .text(" contracts → ")
                .figure(money(&at.amount, at.currency.as_deref()), at.id.as_str());
        }
    }
    sentence.text(".")
}

/// Writes the sentence of a placement under a rule.
#[must_use]
pub fn say_on_record(row: &EntitlementOnRecord, between: &str) -> Sentence {
    let mut sentence = Sentence::of(format!("{between}: "));
    sentence = match count_in_words(&row.contracts, None) {
        Some(shown) if row.contracts.is_withheld() => sentence.text(shown),
        Some(shown) => sentence.figure(shown, row.placement.as_str()).text(" persons"),
        None => sentence,
    };
    let currency = row.currency.as_deref();
    let due = match (&row.amount.value, &row.amount.lower, &row.amount.upper) {
        (Some(value), ..) => Some(money(value, currency)),
        (None, Some(low), Some(high)) => {
            Some(format!("{} to {}", money(low, currency), money(high, currency)))
        }
        (None, Some(low), None) => Some(format!("at least {}", money(low, currency))),
        (None, None, Some(high)) => Some(format!("at most {}", money(high, currency))),
        (None, None, None) => None,
    };
    if let Some(due) = due {
        sentence = sentence.text(" would come to ").figure(due, row.id.as_str());
    } else if row.amount.is_withheld() {
        sentence = sentence.text(" would come to an amount that is withheld");
    }
    let remarks = row.remarks.join("; ");
    match (remarks.is_empty(), row.contracts.is_empty()) {
        (true, _) => sentence.text("."),
        (false, true) => sentence.text(format!("{remarks}.")),
        (false, false) => sentence.text(format!(" ({remarks}).")),
    }
}
