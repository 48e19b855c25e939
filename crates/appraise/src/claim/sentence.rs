//! Sentences about a check that can be printed, made of the values met.

use counterpart_model::claim::{Attribution, Claim};
use counterpart_model::derivation::DerivationKind;
use counterpart_model::quantity::Figure;
use counterpart_model::source::SpeakerKind;
use counterpart_model::{Decimal, Id, Record};

use crate::assessment::{CheckStatus, CompanionReason, Sentence};
use crate::disclosure::INPUT_WITHHELD;
use crate::words;

use super::evaluate::Outcome;
use super::operand::Input;
use super::{Checker, Evaluated};

/// Returns the speaker as the subject of a sentence, with the source where the speaker is not named.
fn speaker(record: &Record, claim: &Claim) -> String {
    let speaker = record
        .speakers
        .iter()
        .find(|speaker| speaker.id == claim.speaker_id);
    let publisher = || {
        record
            .sources
            .iter()
            .find(|source| source.id == *claim.reported_by.as_ref().unwrap_or(&claim.source_id))
            .map_or_else(|| claim.source_id.to_string(), |source| source.publisher.clone())
    };
    match speaker {
        Some(speaker)
            if speaker.kind == SpeakerKind::Unattributed
                || claim.attribution == Attribution::Unattributed =>
        {
            format!("A speaker whom {} does not name", publisher())
        }
        Some(speaker) => speaker.name.clone(),
        None => claim.speaker_id.to_string(),
    }
}

/// Returns the claim with its speaker in the same sentence, so that it can stand alone.
pub(super) fn attributed(record: &Record, claim: &Claim) -> String {
    format!(
        "{} {}: {}.",
        speaker(record, claim),
        words::verb(claim.act),
        words::without_full_stop(&claim.text)
    )
}

/// "X says about 81 per cent"
fn said(record: &Record, claim: &Claim) -> Sentence {
    let begin = Sentence::of(format!("{} {} ", speaker(record, claim), words::verb(claim.act)));
    match (&claim.as_said, claim.figure()) {
        (Some(as_said), Some(_)) => begin.figure(format!("“{as_said}”"), claim.id.as_str()),
        (
            None,
            Some(
                Figure::Value(value)
                | Figure::AtLeast(value)
                | Figure::AtMost(value)
                | Figure::Between(value, _),
            ),
        ) => begin.figure(words::in_unit(value, claim.unit.as_deref()), claim.id.as_str()),
        _ => Sentence::of(format!(
            "{} {}: {}",
            speaker(record, claim),
            words::verb(claim.act),
            words::without_full_stop(&claim.text)
        )),
    }
}

/// Writes the sentence about one derivation.
pub(super) fn of_derivation(
    checker: &Checker<'_>,
    claim: &Claim,
    one: &Evaluated<'_>,
    telling: Option<&Outcome>,
    candidate: Option<&str>,
) -> Sentence {
    let (Some(outcome), Some(candidate)) = (telling, candidate) else {
        return Sentence::of(match one.missing.as_slice() {
            [refused] if refused.starts_with("its inputs") => format!("Not checkable: {refused}."),
            missing if missing.iter().any(|what| what == INPUT_WITHHELD) => {
                format!("Not checkable: it follows from {INPUT_WITHHELD}.")
            }
            missing => format!(
                "Not checkable: not on record is {}.",
                missing_in_words(checker, missing)
            ),
        });
    };
    let mut sentence = computation(claim, one.derivation.kind, outcome, candidate);
    sentence = sentence.join(verdict(claim, one, outcome, candidate));
    let n = one.outcomes.len();
    let agree = one.outcomes.iter().filter(|outcome| outcome.reproduces).count();
    if n > 1 && one.status != CheckStatus::Implied {
        sentence = match one.status {
            CheckStatus::Reproduced => sentence.text(format!(" All {n} readings on record agree.")),
            CheckStatus::OnlyWith => sentence
                .text(format!(" {agree} of {n} readings on record agree"))
                .join(range(claim, one))
                .text("."),
            _ => sentence
                .text(format!(" None of {n} readings on record gives it"))
                .join(range(claim, one))
                .text("."),
        };
    }
    sentence.join(company(outcome)).text(of_clean(one, outcome))
}

/// What the readings whose inputs belong together say, where the one that was told of is not among them.
fn of_clean(one: &Evaluated<'_>, told: &Outcome) -> String {
    let clean: Vec<&Outcome> = one.outcomes.iter().filter(|outcome| outcome.is_clean()).collect();
    let agree = clean.iter().filter(|outcome| outcome.reproduces).count();
    if told.is_clean() || clean.is_empty() || one.status == CheckStatus::Implied {
        return String::new();
    }
    match (agree, clean.len()) {
        (0, 1) => " The one reading whose inputs belong together does not give it.".to_owned(),
        (0, n) => format!(" Of the {n} readings whose inputs belong together none gives it."),
        (k, n) => format!(" {k} of {n} readings whose inputs belong together give it."),
    }
}

/// The figures of all readings, from the smallest to the largest.
fn range(claim: &Claim, one: &Evaluated<'_>) -> Sentence {
    let values = one.outcomes.iter().filter_map(|outcome| outcome.value);
    match (values.clone().min(), values.max()) {
        (Some(low), Some(high)) if low != high => {
            let [lowest, highest] = super::range_ids(one.derivation.id.as_str());
            Sentence::of("; they run from ")
                .figure(words::in_unit(low, claim.unit.as_deref()), lowest)
                .text(" to ")
                .figure(words::in_unit(high, claim.unit.as_deref()), highest)
        }
        _ => Sentence::new(),
    }
}

/// What is missing, in words: place, indicator and period where it is an observation.
fn missing_in_words(checker: &Checker<'_>, missing: &[String]) -> String {
    let named: Vec<String> = missing
        .iter()
        .map(|what| match what.split('/').collect::<Vec<_>>().as_slice() {
            [place, indicator, period] => {
                let (place, indicator) = (Id::new(place), Id::new(indicator));
                let name = checker
                    .reader
                    .indicator(&indicator)
                    .map_or(indicator.as_str(), |row| row.name.as_str());
                format!(
                    "{}, {name}, {}, in one vintage",
                    checker.reader.place_name(&place),
                    period.replace("..", "–")
                )
            }
            _ => what.clone(),
        })
        .collect();
    words::list(&named)
}

/// "54,280 ÷ 70,892 comes to 76.57%"
fn computation(claim: &Claim, kind: DerivationKind, outcome: &Outcome, candidate: &str) -> Sentence {
    let operator = match kind {
        DerivationKind::Ratio
        | DerivationKind::Share
        | DerivationKind::ImpliedRate
        | DerivationKind::Conversion => " ÷ ",
        DerivationKind::Difference => " − ",
        DerivationKind::Sum => " + ",
        DerivationKind::Product => " × ",
        _ => " and ",
    };
    let mut sentence = match kind {
        DerivationKind::Growth => Sentence::of("From "),
        DerivationKind::FellIn => Sentence::of("First "),
        _ => Sentence::new(),
    };
    for (index, input) in outcome.inputs.iter().enumerate() {
        if index > 0 {
            sentence = sentence.text(match kind {
                DerivationKind::Growth => " to ",
                DerivationKind::FellIn => ", then ",
                _ => operator,
            });
        }
        sentence = sentence.join(shown(input));
    }
    match (outcome.value, outcome.holds) {
        (Some(_), _) if kind == DerivationKind::Equals || kind == DerivationKind::Count => sentence,
        (Some(value), _) => sentence
            .text(if kind == DerivationKind::Growth {
                " is a growth of "
            } else {
                " comes to "
            })
            .figure(result(claim, kind, outcome, value), candidate),
        (None, Some(_)) => {
            let measured = measure(kind, outcome);
            if measured.is_empty() {
                return sentence.text(outcome.measured.map(|how| format!(", {how}")).unwrap_or_default());
            }
            let mut sentence = sentence.text("; ");
            for (before, number) in measured {
                sentence = sentence.text(before).figure(number, candidate);
            }
            sentence
        }
        (None, None) => sentence,
    }
}

fn growth(from: Option<&Input>, to: Option<&Input>) -> Option<Decimal> {
    to?.value
        .checked_div(from?.value)?
        .checked_sub(Decimal::ONE)?
        .checked_mul(Decimal::ONE_HUNDRED)
}

/// What a comparison that is true or false came to, as words and the number after them: the change, both growths, or
/// the gap at both ends.
pub(super) fn measure(kind: DerivationKind, outcome: &Outcome) -> Vec<(&'static str, String)> {
    let percent = |value| words::in_unit(value, Some("percent"));
    let made = match (kind, outcome.inputs.as_slice()) {
        (DerivationKind::FellIn, [a, b]) => {
            growth(Some(a), Some(b)).map(|change| vec![("a change of ", percent(change))])
        }
        (DerivationKind::SlowerThan, [a0, a1, b0, b1]) => growth(Some(a0), Some(a1))
            .zip(growth(Some(b0), Some(b1)))
            .map(|(a, b)| vec![("growth of ", percent(a)), (" against ", percent(b))]),
        (DerivationKind::OnlyWidenedSince, [a0, a1, b0, b1]) if outcome.measured == Some("in money") => {
            let unit = a0.unit.as_deref();
            b0.value
                .checked_sub(a0.value)
                .zip(b1.value.checked_sub(a1.value))
                .map(|(first, last)| {
                    vec![
                        ("the gap in money goes from ", words::in_unit(first, unit)),
                        (" to ", words::in_unit(last, unit)),
                    ]
                })
        }
        (DerivationKind::OnlyWidenedSince, [a0, a1, b0, b1]) => {
            let share =
                |a: &Input, b: &Input| a.value.checked_div(b.value)?.checked_mul(Decimal::ONE_HUNDRED);
            share(a0, b0)
                .zip(share(a1, b1))
                .map(|(first, last)| vec![("the ratio goes from ", percent(first)), (" to ", percent(last))])
        }
        _ => None,
    };
    made.unwrap_or_default()
}

/// The result of a computation in the unit that its inputs give it.
pub(super) fn result(claim: &Claim, kind: DerivationKind, outcome: &Outcome, value: Decimal) -> String {
    let unit = |index: usize| outcome.inputs.get(index).and_then(|input| input.unit.as_deref());
    let in_percent = || {
        let hundredfold = value.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(value);
        words::in_unit(hundredfold, Some("percent"))
    };
    match kind {
        _ if claim.unit.as_deref() == Some("percent") && kind != DerivationKind::Product => {
            words::in_unit(value, Some("percent"))
        }
        DerivationKind::Growth => in_percent(),
        DerivationKind::Ratio | DerivationKind::Share if unit(0) == unit(1) => in_percent(),
        DerivationKind::Ratio | DerivationKind::Share if unit(1) == Some("years") => {
            format!("{} a year", words::in_unit(value, unit(0)))
        }
        DerivationKind::Ratio | DerivationKind::Share | DerivationKind::ImpliedRate => {
            words::number(value, 3)
        }
        DerivationKind::Product => {
            let unit = outcome
                .inputs
                .iter()
                .find_map(|input| input.unit.as_deref().filter(|unit| *unit != "percent"));
            words::in_unit(value, unit)
        }
        _ => words::in_unit(value, claim.unit.as_deref()),
    }
}

/// An input as a sentence names it: its figure, what it is, vintage and census.
fn shown(input: &Input) -> Sentence {
    let mut about = vec![input.label.clone()];
    if let Some(vintage) = input.vintage.as_deref().filter(|_| input.observed.is_some()) {
        about.push(format!("vintage {vintage}"));
    }
    if let (None, Some(vintage)) = (&input.observed, input.vintage.as_deref()) {
        let names: Vec<&str> = vintage.split('|').collect();
        let shown = names.iter().take(2).copied().collect::<Vec<_>>().join(" or ");
        about.push(match names.len().saturating_sub(2) {
            0 => format!("as in vintage {shown}"),
            more => format!("as in vintage {shown} or {more} more"),
        });
    }
    if let Some(basis) = &input.basis {
        about.push(format!("population basis: {basis}"));
    }
    if input.bound {
        about.push("a bound, not a value".to_owned());
    }
    let unit = input.unit.as_deref().filter(|unit| *unit != "count");
    Sentence::new()
        .figure(words::in_unit(input.value, unit), input.id.as_str())
        .text(format!(" ({})", about.join("; ")))
}

/// Whether it is the figure said, and by how much not.
fn verdict(claim: &Claim, one: &Evaluated<'_>, outcome: &Outcome, candidate: &str) -> Sentence {
    let stated = claim.value.or(claim.lower).or(claim.upper);
    let difference = match (outcome.value, stated) {
        (Some(value), Some(stated)) => value.checked_sub(stated),
        _ => None,
    };
    let said = match (one.status, outcome.holds) {
        (CheckStatus::Implied, _) if claim.figure().is_some() => {
            return Sentence::of(
                "; the claim's own figure is among its inputs, so that there is nothing to set it against.",
            );
        }
        (CheckStatus::Implied, _) => {
            return Sentence::of("; the claim states no figure of its own to set it against.");
        }
        (_, Some(true)) if outcome.reasons.contains(&CompanionReason::OwnSource) => {
            return Sentence::of(": so it is, by the source's own figures.");
        }
        (_, Some(true)) => return Sentence::of(": so it is."),
        (_, None) if !outcome.decides => {
            return Sentence::of(
                ": a bound short of the one said, which neither confirms nor contradicts it.",
            );
        }
        (_, None) if outcome.reproduces && !matches!(claim.figure(), Some(Figure::Value(_))) => {
            return Sentence::of(": within what was said.");
        }
        (_, Some(false)) => return Sentence::of(": so it is not."),
        (_, None) if outcome.truncated => ": the figure said when cut off, not when rounded",
        (_, None) if outcome.reproduces => match difference {
            Some(difference) if !difference.round_dp(2).is_zero() => ": the figure said, to its rounding",
            _ => return Sentence::of(": the figure said."),
        },
        _ => ": not the figure said",
    };
    Sentence::of(said)
        .join(by(difference, claim, candidate))
        .text(".")
}

/// By how much a reading misses what was said.
fn by(difference: Option<Decimal>, claim: &Claim, candidate: &str) -> Sentence {
    match difference {
        Some(difference) if !difference.is_zero() => {
            let amount = match claim.unit.as_deref() {
                Some("percent") => format!("{} percentage points", words::number(difference.abs(), 2)),
                unit => words::in_unit(difference.abs(), unit),
            };
            let side = if difference.is_sign_negative() {
                " below it)"
            } else {
                " above it)"
            };
            Sentence::of(" (")
                .figure(amount, super::difference_id(candidate))
                .text(side)
        }
        _ => Sentence::new(),
    }
}

/// Why the inputs do not belong together.
fn company(outcome: &Outcome) -> Sentence {
    let reasons: Vec<String> = outcome
        .reasons
        .iter()
        .filter_map(|reason| {
            Some(
                match reason {
                    CompanionReason::DifferentVintage => "they are not of one vintage",
                    CompanionReason::DifferentPopulationBasis => {
                        "their heads are counted by different censuses"
                    }
                    CompanionReason::DifferentPeriod => "they are about different periods",
                    CompanionReason::DifferentCurrency => "they are in different currencies",
                    CompanionReason::DifferentFlow => "they are different kinds of money",
                    CompanionReason::BoundNotValue => "one is a bound and no value",
                    CompanionReason::OneRateForSeveralYears => "one rate stands for several years",
                    _ => return None,
                }
                .to_owned(),
            )
        })
        .collect();
    let mut text = String::new();
    if !reasons.is_empty() {
        text.push_str(&format!(
            " The inputs do not simply belong together: {}.",
            words::list(&reasons)
        ));
    }
    if outcome.reasons.contains(&CompanionReason::ProvisionalInput) {
        text.push_str(" An input is preliminary, estimated or rests on inference.");
    }
    Sentence::of(text)
}

/// Writes the sentence about a claim: what was said, and what its most telling derivation comes to.
pub(super) fn of_claim(
    record: &Record,
    claim: &Claim,
    status: CheckStatus,
    written: &[(&Evaluated<'_>, Sentence)],
) -> Sentence {
    let said = said(record, claim);
    if status == CheckStatus::NoDerivation {
        return said.text(match claim.figure() {
            Some(_) => "; the record does not say what the figure follows from.",
            None => ".",
        });
    }
    // Readings whose inputs belong together come first, then those that decide the status.
    let rank = |one: &Evaluated<'_>| match (one.status, one.belongs()) {
        (CheckStatus::Reproduced, true) => 0,
        (CheckStatus::OnlyWith, true) => 1,
        (CheckStatus::Reproduced, false) => 2,
        (CheckStatus::OnlyWith, false) => 3,
        (CheckStatus::Contradicted, _) => 4,
        (CheckStatus::Implied, _) => 5,
        _ => 6,
    };
    let mut ordered: Vec<&(&Evaluated<'_>, Sentence)> = written.iter().collect();
    ordered.sort_by_key(|(one, _)| rank(one));
    let mut sentence = said.text(". ");
    for (index, (_, told)) in ordered.iter().take(2).enumerate() {
        if index > 0 {
            sentence = sentence.text(" ");
        }
        sentence = sentence.join(told.clone());
    }
    if ordered.len() > 2 {
        sentence = sentence.text(match ordered.len() - 2 {
            1 => " One more derivation stands in the trail.".to_owned(),
            more => format!(" {more} more derivations stand in the trail."),
        });
    }
    sentence
}
