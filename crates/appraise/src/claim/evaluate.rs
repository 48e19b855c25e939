//! From inputs to candidates: the closed kinds of derivation, evaluated over every choice of inputs.

use counterpart_model::claim::Claim;
use counterpart_model::derivation::{Derivation, DerivationKind, Rounding};
use counterpart_model::quantity::{Figure, Qualifier};
use counterpart_model::{Date, Decimal, RoundingStrategy};

use crate::assessment::CompanionReason;

use super::Checker;
use super::operand::{Input, Operand};

/// One choice of inputs and what it comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// The inputs, in order; for series first and last of each.
    pub inputs: Vec<Input>,
    /// The figure, in the claim's unit.
    pub value: Option<Decimal>,
    /// Truth, for kinds that are true or false.
    pub holds: Option<bool>,
    /// How a true-or-false kind was measured.
    pub measured: Option<&'static str>,
    /// Whether it gives the stated figure.
    pub reproduces: bool,
    /// Whether it can speak against the stated figure at all.
    pub decides: bool,
    /// Whether it gives the stated figure only when cut off.
    pub truncated: bool,
    /// Why the inputs do not belong together.
    pub reasons: Vec<CompanionReason>,
}

/// Most choices of inputs that are evaluated for one derivation.
const MOST_CHOICES: usize = 4096;

/// Evaluates a derivation over every choice of its operands.
pub(super) fn outcomes(
    checker: &Checker<'_>,
    claim: &Claim,
    derivation: &Derivation,
    operands: &[Operand],
) -> Vec<Outcome> {
    match derivation.kind {
        DerivationKind::OnlyWidenedSince => widened(operands),
        DerivationKind::SlowerThan => slower(operands),
        _ => {
            let choices = choices(operands);
            let mut outcomes = Vec::new();
            for inputs in choices {
                if derivation.kind == DerivationKind::Conversion {
                    outcomes.extend(conversions(checker, claim, derivation, &inputs));
                } else if derivation.kind == DerivationKind::FellIn {
                    outcomes.extend(fell(inputs));
                } else if let Some(value) = arithmetic(derivation.kind, &inputs, claim) {
                    outcomes.push(compared(claim, derivation, inputs, value));
                }
            }
            if derivation.kind == DerivationKind::Count {
                outcomes = the_counted_side(claim, outcomes);
            }
            outcomes
        }
    }
}

/// Every choice of one input an operand, the last operand varying fastest.
fn choices(operands: &[Operand]) -> Vec<Vec<Input>> {
    let mut choices: Vec<Vec<Input>> = vec![Vec::new()];
    for operand in operands {
        let inputs: Vec<Input> = match operand {
            Operand::OneOf(inputs) => inputs.clone(),
            Operand::SeriesOf(series) => series
                .iter()
                .filter_map(|series| series.last().cloned())
                .collect(),
            Operand::Missing(_) => return Vec::new(),
        };
        let mut longer = Vec::with_capacity(choices.len().saturating_mul(inputs.len()).min(MOST_CHOICES));
        'full: for choice in &choices {
            for input in &inputs {
                if longer.len() >= MOST_CHOICES {
                    break 'full;
                }
                let mut next = choice.clone();
                next.push(input.clone());
                longer.push(next);
            }
        }
        choices = longer;
    }
    choices
}

fn arithmetic(kind: DerivationKind, inputs: &[Input], claim: &Claim) -> Option<Decimal> {
    let percent = claim.unit.as_deref() == Some("percent");
    let scaled = |value: Decimal| {
        if percent {
            value.checked_mul(Decimal::ONE_HUNDRED)
        } else {
            Some(value)
        }
    };
    let pair = || match inputs {
        [a, b] => Some((a.value, b.value)),
        _ => None,
    };
    if unmixable(kind, inputs).is_some() {
        return None;
    }
    match kind {
        DerivationKind::Ratio | DerivationKind::Share => {
            let (a, b) = pair()?;
            if !divides_its_own_time(inputs) {
                return None;
            }
            scaled(a.checked_div(b)?)
        }
        DerivationKind::ImpliedRate => {
            let (a, b) = pair()?;
            a.checked_div(b)
        }
        DerivationKind::Difference => {
            let (a, b) = pair()?;
            a.checked_sub(b)
        }
        DerivationKind::Growth => {
            let (a, b) = pair()?;
            let growth = b.checked_div(a)?.checked_sub(Decimal::ONE)?;
            scaled(growth)
        }
        DerivationKind::Sum => inputs
            .iter()
            .try_fold(Decimal::ZERO, |sum, input| sum.checked_add(input.value)),
        DerivationKind::Product => inputs.iter().try_fold(Decimal::ONE, |product, input| {
            let factor = match input.unit.as_deref() {
                Some("percent") => input.value.checked_div(Decimal::ONE_HUNDRED)?,
                _ => input.value,
            };
            product.checked_mul(factor)
        }),
        DerivationKind::Equals | DerivationKind::Count => inputs.first().map(|input| input.value),
        DerivationKind::Conversion
        | DerivationKind::OnlyWidenedSince
        | DerivationKind::FellIn
        | DerivationKind::SlowerThan => None,
    }
}

/// Why inputs of a kind must not be computed with at all: sums never mix currencies, flows, bases, plan with actual,
/// or a whole with its part or copy; nothing is set against another currency.
pub(super) fn unmixable(kind: DerivationKind, inputs: &[Input]) -> Option<&'static str> {
    let pairs = || {
        inputs
            .iter()
            .enumerate()
            .flat_map(|(i, a)| inputs.iter().skip(i + 1).map(move |b| (a, b)))
    };
    let any = |differ: &dyn Fn(&Input, &Input) -> bool| pairs().any(|(a, b)| differ(a, b));
    if matches!(kind, DerivationKind::ImpliedRate | DerivationKind::Conversion) {
        return None;
    }
    if any(&|a, b| a.currency.is_some() && b.currency.is_some() && a.currency != b.currency) {
        return Some("they are in different currencies");
    }
    if !matches!(kind, DerivationKind::Sum | DerivationKind::Difference) {
        return None;
    }
    if any(&|a, b| {
        a.currency.is_some() != b.currency.is_some()
            || a.unit.as_deref() == Some("percent") && b.unit != a.unit
    }) {
        return Some("they are in different units");
    }
    if any(&|a, b| a.flow.is_some() && b.flow.is_some() && a.flow != b.flow) {
        return Some("they are different kinds of money");
    }
    if kind == DerivationKind::Difference {
        return None;
    }
    let money = |differ: &dyn Fn(&super::operand::Money, &super::operand::Money) -> bool| {
        any(&|a, b| {
            a.money
                .as_ref()
                .zip(b.money.as_ref())
                .is_some_and(|(a, b)| differ(a, b))
        })
    };
    if money(&|a, b| a.planned != b.planned) {
        return Some("one was planned and the other moved");
    }
    if money(&|a, b| a.basis != b.basis) {
        return Some("one is of a year and the other of several, or of part of one");
    }
    let inside = |a: &Input, b: &Input| {
        a.money.as_ref().is_some_and(|money| {
            [&money.part_of, &money.copy_of]
                .into_iter()
                .flatten()
                .any(|id| *id == *b.id.as_str())
        })
    };
    if any(&|a, b| inside(a, b) || inside(b, a)) {
        return Some("one is part of the other, or a copy of it");
    }
    None
}

/// Whether a length of time that divides something is a length of that thing's own time.
///
/// Money of one period over the years of another is no yearly mean of anything.
fn divides_its_own_time(inputs: &[Input]) -> bool {
    match inputs {
        [of, years] if years.unit.as_deref() == Some("years") => match (of.span, years.span) {
            (Some(of), Some(years)) => !of.0.is_after(years.1) && !years.0.is_after(of.1),
            _ => true,
        },
        _ => true,
    }
}

/// Keeps the count of the side that the claim's property names; both where it names neither.
fn the_counted_side(claim: &Claim, outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let side = ["provider", "recipient"]
        .into_iter()
        .find(|side| claim.property.contains(side));
    match side {
        Some(side) => outcomes
            .into_iter()
            .filter(|outcome| outcome.inputs.iter().all(|input| input.label.starts_with(side)))
            .collect(),
        None => outcomes,
    }
}

/// Converts by every rate on record for the operand's period, the claim's period and the source's month.
fn conversions(
    checker: &Checker<'_>,
    claim: &Claim,
    derivation: &Derivation,
    inputs: &[Input],
) -> Vec<Outcome> {
    let [amount] = inputs else { return Vec::new() };
    let (Some(from), Some(to)) = (amount.currency.as_deref(), claim.currency.as_deref()) else {
        return Vec::new();
    };
    let record = checker.reader.record();
    let own = (claim.period_start, claim.period_end);
    let published = record
        .sources
        .iter()
        .find(|source| source.id == claim.source_id)
        .and_then(|source| source.published_on);
    let mut wanted: Vec<(Date, Date)> = Vec::new();
    wanted.extend(amount.span);
    if let (Some(start), end) = (own.0.or(own.1), own.1) {
        wanted.push((start, end.unwrap_or(start)));
    }
    wanted.extend(published.map(|date| (date, date)));
    let mut outcomes: Vec<Outcome> = Vec::new();
    for rate in &record.exchange_rates {
        let direct = rate.currency == from && rate.per == to;
        let inverse = rate.currency == to && rate.per == from;
        let when = rate.period.start;
        let meant = wanted.iter().any(|(start, end)| {
            if when.is_year() {
                when.year() >= start.year() && when.year() <= end.year()
            } else {
                // A month's rate is a candidate only where that month was named.
                [start, end].iter().any(|date| {
                    date.month().is_some() && date.month() == when.month() && date.year() == when.year()
                })
            }
        });
        if !(direct || inverse) || !meant || rate.value.is_zero() {
            continue;
        }
        let value = if direct {
            amount.value.checked_div(rate.value)
        } else {
            amount.value.checked_mul(rate.value)
        };
        let Some(value) = value else { continue };
        let rate_id = format!("{}/{}/{}/{}", rate.currency, rate.per, rate.period, rate.kind);
        let rate_input = Input {
            id: rate_id,
            label: format!(
                "{} for one {}, {} of {}",
                rate.currency, rate.per, rate.kind, rate.period
            ),
            value: rate.value,
            bound: false,
            vintage: None,
            basis: None,
            span: Some((rate.period.start, rate.period.last())),
            unit: None,
            currency: None,
            flow: None,
            money: None,
            provisional: false,
            own: false,
            observed: None,
            inherited: Vec::new(),
        };
        let mut outcome = compared(claim, derivation, vec![amount.clone(), rate_input], value);
        outcome.reasons.retain(|reason| {
            !matches!(
                reason,
                CompanionReason::DifferentCurrency | CompanionReason::DifferentPeriod
            )
        });
        if amount.span.is_some_and(|(start, end)| start.year() != end.year()) {
            outcome.reasons.push(CompanionReason::OneRateForSeveralYears);
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// b < a.
fn fell(inputs: Vec<Input>) -> Option<Outcome> {
    let [a, b] = inputs.as_slice() else { return None };
    let holds = b.value < a.value;
    let reasons = companions(DerivationKind::FellIn, &inputs);
    Some(Outcome {
        holds: Some(holds),
        reproduces: holds,
        value: None,
        measured: None,
        truncated: false,
        decides: true,
        reasons,
        inputs,
    })
}

/// Growth of a < growth of b, first against last of each series.
fn slower(operands: &[Operand]) -> Vec<Outcome> {
    let [Operand::SeriesOf(left), Operand::SeriesOf(right)] = operands else {
        return Vec::new();
    };
    let mut outcomes = Vec::new();
    for a in left {
        for b in right {
            let (Some(a0), Some(a1), Some(b0), Some(b1)) = (a.first(), a.last(), b.first(), b.last()) else {
                continue;
            };
            let (Some(grew_a), Some(grew_b)) =
                (a1.value.checked_div(a0.value), b1.value.checked_div(b0.value))
            else {
                continue;
            };
            let inputs = vec![a0.clone(), a1.clone(), b0.clone(), b1.clone()];
            let holds = grew_a < grew_b;
            outcomes.push(Outcome {
                reasons: companions(DerivationKind::SlowerThan, &inputs),
                inputs,
                value: None,
                holds: Some(holds),
                measured: Some("growth of both"),
                reproduces: holds,
                truncated: false,
                decides: true,
            });
        }
    }
    outcomes
}

/// The gap between a and b grows in each step: in money, and as a ratio; or a list of shares falls in each step.
fn widened(operands: &[Operand]) -> Vec<Outcome> {
    if let [Operand::SeriesOf(left), Operand::SeriesOf(right)] = operands {
        let mut outcomes = Vec::new();
        for a in left {
            for b in right {
                let pairs: Vec<(&Input, &Input)> = a.iter().zip(b).collect();
                let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
                    continue;
                };
                let inputs = vec![first.0.clone(), last.0.clone(), first.1.clone(), last.1.clone()];
                let gaps: Option<Vec<Decimal>> =
                    pairs.iter().map(|(a, b)| b.value.checked_sub(a.value)).collect();
                let ratios: Option<Vec<Decimal>> =
                    pairs.iter().map(|(a, b)| a.value.checked_div(b.value)).collect();
                let steps = [
                    (
                        "in money",
                        gaps.map(|gaps| gaps.windows(2).all(|step| matches!(step, [x, y] if y > x))),
                    ),
                    (
                        "as a ratio",
                        ratios.map(|ratios| ratios.windows(2).all(|step| matches!(step, [x, y] if y < x))),
                    ),
                ];
                for (measured, holds) in steps {
                    let Some(holds) = holds else { continue };
                    outcomes.push(Outcome {
                        reasons: companions(DerivationKind::OnlyWidenedSince, &inputs),
                        inputs: inputs.clone(),
                        value: None,
                        holds: Some(holds),
                        measured: Some(measured),
                        reproduces: holds,
                        truncated: false,
                        decides: true,
                    });
                }
            }
        }
        return outcomes;
    }
    choices(operands)
        .into_iter()
        .map(|inputs| {
            let holds = inputs
                .windows(2)
                .all(|step| matches!(step, [x, y] if y.value < x.value));
            Outcome {
                reasons: companions(DerivationKind::OnlyWidenedSince, &inputs),
                inputs,
                value: None,
                holds: Some(holds),
                measured: Some("as stated shares"),
                reproduces: holds,
                truncated: false,
                decides: true,
            }
        })
        .collect()
}

/// Sets a figure against what the claim states, at the stated rounding.
fn compared(claim: &Claim, derivation: &Derivation, inputs: Vec<Input>, value: Decimal) -> Outcome {
    let mut reasons = companions(derivation.kind, &inputs);
    let (reproduces, truncated) = match claim.figure() {
        Some(Figure::Value(stated)) => {
            let digits = derivation
                .digits
                .unwrap_or_else(|| i64::from(stated.normalize().scale()));
            let nearest = rounded(value, digits, RoundingStrategy::MidpointAwayFromZero) == stated;
            let cut = rounded(value, digits, RoundingStrategy::ToZero) == stated;
            match derivation.rounding {
                Rounding::Nearest => (nearest, false),
                Rounding::Truncated => (cut, false),
                Rounding::Unstated => (nearest || cut, cut && !nearest),
            }
        }
        Some(Figure::AtLeast(bound)) => {
            let strict =
                claim.qualifier == Some(Qualifier::MoreThan) && !inputs.iter().any(|input| input.bound);
            (if strict { value > bound } else { value >= bound }, false)
        }
        Some(Figure::AtMost(bound)) => (value <= bound, false),
        Some(Figure::Between(lower, upper)) => (value >= lower && value <= upper, false),
        None => (false, false),
    };
    if truncated {
        reasons.push(CompanionReason::TruncatedNotRounded);
    }
    // A bound that follows from a bound, and is weaker than the one stated, neither confirms nor contradicts it.
    let states_bound = !matches!(claim.figure(), Some(Figure::Value(_)) | None);
    let decides = reproduces || !(states_bound && inputs.iter().any(|input| input.bound));
    Outcome {
        inputs,
        value: Some(value),
        holds: None,
        measured: None,
        reproduces,
        truncated,
        decides,
        reasons,
    }
}

/// Rounds to `digits` decimals; negative digits mean tens and above.
pub(super) fn rounded(value: Decimal, digits: i64, how: RoundingStrategy) -> Decimal {
    if let Ok(digits) = u32::try_from(digits) {
        return value.round_dp_with_strategy(digits, how);
    }
    let Ok(power) = u32::try_from(-digits) else {
        return value;
    };
    let mut scale = Decimal::ONE;
    for _ in 0..power.min(27) {
        scale = scale.checked_mul(Decimal::TEN).unwrap_or(scale);
    }
    value
        .checked_div(scale)
        .map(|small| small.round_dp_with_strategy(0, how))
        .and_then(|whole| whole.checked_mul(scale))
        .unwrap_or(value)
}

/// Why inputs do not belong together.
fn companions(kind: DerivationKind, inputs: &[Input]) -> Vec<CompanionReason> {
    let mut reasons = Vec::new();
    let mut differ = |reason: CompanionReason, differs: bool| {
        if differs && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    };
    let observed: Vec<&Input> = inputs.iter().filter(|input| input.vintage.is_some()).collect();
    let shares_a_vintage = |a: &Input, b: &Input| {
        let names = |input: &Input| -> Vec<String> {
            input
                .vintage
                .as_deref()
                .unwrap_or_default()
                .split(['+', '|'])
                .map(str::to_owned)
                .collect()
        };
        let (a, b) = (names(a), names(b));
        a.iter().all(|name| b.contains(name)) || b.iter().all(|name| a.contains(name))
    };
    differ(
        CompanionReason::DifferentVintage,
        observed
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if !shares_a_vintage(a, b)))
            || (!observed.is_empty()
                && inputs
                    .iter()
                    .any(|input| input.vintage.is_none() && input.unit.as_deref() != Some("years"))),
    );
    differ(
        CompanionReason::DifferentPopulationBasis,
        observed.windows(2).any(
            |pair| matches!(pair, [a, b] if a.basis.is_some() && b.basis.is_some() && a.basis != b.basis),
        ),
    );
    let compares_periods = !matches!(
        kind,
        DerivationKind::Growth
            | DerivationKind::FellIn
            | DerivationKind::SlowerThan
            | DerivationKind::OnlyWidenedSince
            | DerivationKind::Difference
    );
    let spans: Vec<(Date, Date)> = inputs
        .iter()
        .filter(|input| input.unit.as_deref() != Some("years"))
        .filter_map(|input| input.span)
        .collect();
    differ(
        CompanionReason::DifferentPeriod,
        compares_periods
            && spans.windows(2).any(|pair| match pair {
                [part, whole] if kind == DerivationKind::Share => {
                    whole.0.is_after(part.0) || part.1.is_after(whole.1)
                }
                [a, b] => a != b,
                _ => false,
            }),
    );
    let currencies: Vec<&String> = inputs
        .iter()
        .filter_map(|input| input.currency.as_ref())
        .collect();
    differ(
        CompanionReason::DifferentCurrency,
        kind != DerivationKind::ImpliedRate
            && currencies.windows(2).any(|pair| matches!(pair, [a, b] if a != b)),
    );
    let flows: Vec<_> = inputs.iter().filter_map(|input| input.flow).collect();
    differ(
        CompanionReason::DifferentFlow,
        flows.windows(2).any(|pair| matches!(pair, [a, b] if a != b)),
    );
    for reason in inputs.iter().flat_map(|input| input.inherited.iter().copied()) {
        differ(reason, true);
    }
    let is_truth = kind.is_truth();
    differ(
        CompanionReason::OwnSource,
        is_truth && !inputs.is_empty() && inputs.iter().all(|input| input.own),
    );
    differ(
        CompanionReason::BoundNotValue,
        inputs.iter().any(|input| input.bound),
    );
    differ(
        CompanionReason::ProvisionalInput,
        inputs.iter().any(|input| input.provisional),
    );
    reasons
}
