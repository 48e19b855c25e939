//! Sentences about a check that can be printed, made of the values met.

use counterpart_model::claim::{Attribution, Claim};
use counterpart_model::derivation::DerivationKind;
use counterpart_model::quantity::Figure;
use counterpart_model::source::SpeakerKind;
use counterpart_model::{Decimal, Record};

use crate::assessment::{CheckStatus, CompanionReason, Sentence};
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
        _ => begin.text(format!(
            "that {}",
            lower_first(words::without_full_stop(&claim.text))
        )),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            // Only a short function word is safe to write small; a name keeps its capital.
            let word: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
            if matches!(
                word.as_str(),
                "A" | "An"
                    | "The"
                    | "In"
                    | "Of"
                    | "Over"
                    | "Almost"
                    | "Yearly"
                    | "Total"
                    | "Against"
                    | "Among"
                    | "Each"
            ) {
                return format!("{}{}", first.to_lowercase(), letters.as_str());
            }
            text.to_owned()
        }
        _ => text.to_owned(),
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
        return Sentence::of(format!(
            "Not checkable: not on record is {}.",
            words::list(&one.missing)
        ));
    };
    let mut sentence = computation(checker, claim, one.derivation.kind, outcome, candidate);
    sentence = sentence.join(verdict(claim, one, outcome));
    let n = one.outcomes.len();
    let agree = one.outcomes.iter().filter(|outcome| outcome.reproduces).count();
    if n > 1 && one.status != CheckStatus::Implied {
        sentence = sentence.text(match one.status {
            CheckStatus::Reproduced => format!(" All {n} readings on record agree."),
            CheckStatus::OnlyWith => {
                format!(" {agree} of {n} readings on record do so{}.", range(claim, one))
            }
            _ => format!(" So do all {n} readings on record{}.", range(claim, one)),
        });
    }
    sentence.join(company(outcome))
}

/// The figures of all readings, from the smallest to the largest.
fn range(claim: &Claim, one: &Evaluated<'_>) -> String {
    let values = one.outcomes.iter().filter_map(|outcome| outcome.value);
    match (values.clone().min(), values.max()) {
        (Some(low), Some(high)) if low != high => format!(
            "; they run from {} to {}",
            words::in_unit(low, claim.unit.as_deref()),
            words::in_unit(high, claim.unit.as_deref())
        ),
        _ => String::new(),
    }
}

/// "54,280 ÷ 70,892 comes to 76.57%"
fn computation(
    checker: &Checker<'_>,
    claim: &Claim,
    kind: DerivationKind,
    outcome: &Outcome,
    candidate: &str,
) -> Sentence {
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
        sentence = sentence.join(shown(checker, input));
    }
    match (outcome.value, outcome.holds) {
        (Some(_), _) if kind == DerivationKind::Equals || kind == DerivationKind::Count => sentence,
        (Some(value), _) => {
            let unit = match kind {
                DerivationKind::ImpliedRate => None,
                DerivationKind::Ratio | DerivationKind::Share | DerivationKind::Growth
                    if claim.unit.as_deref() != Some("percent")
                        && outcome.inputs.iter().all(|input| input.unit.is_some()) =>
                {
                    None
                }
                _ => claim.unit.as_deref(),
            };
            sentence
                .text(" comes to ")
                .figure(words::in_unit(value, unit), candidate)
        }
        (None, Some(_)) => sentence.text(outcome.measured.map(|how| format!(", {how}")).unwrap_or_default()),
        (None, None) => sentence,
    }
}

/// An input as a sentence names it: its figure, what it is, vintage and census.
fn shown(checker: &Checker<'_>, input: &Input) -> Sentence {
    let mut about = vec![input.label.clone()];
    if let Some(vintage) = input.vintage.as_deref().filter(|_| input.observed.is_some()) {
        about.push(format!("vintage {vintage}"));
    }
    if input.observed.is_none() {
        if let Some(vintage) = input.vintage.as_deref() {
            about.push(format!("as in {}", vintage.replace('|', " or ")));
        }
    }
    if let Some(basis) = &input.basis {
        about.push(format!("heads by {basis}"));
    }
    if input.bound {
        about.push("a bound, not a value".to_owned());
    }
    let _ = checker;
    let unit = input.unit.as_deref().filter(|unit| *unit != "count");
    Sentence::new()
        .figure(words::in_unit(input.value, unit), input.id.as_str())
        .text(format!(" ({})", about.join("; ")))
}

/// Whether it is the figure said, and by how much not.
fn verdict(claim: &Claim, one: &Evaluated<'_>, outcome: &Outcome) -> Sentence {
    let stated = claim.value.or(claim.lower).or(claim.upper);
    let difference = match (outcome.value, stated) {
        (Some(value), Some(stated)) => value.checked_sub(stated),
        _ => None,
    };
    let text = match (one.status, outcome.holds) {
        (CheckStatus::Implied, _) => "; the claim states no figure of its own to set it against.".to_owned(),
        (_, Some(true)) => ": so it is.".to_owned(),
        (_, Some(false)) => ": so it is not.".to_owned(),
        (_, None) if outcome.truncated => {
            format!(
                ": the figure said when cut off, not when rounded{}.",
                by(difference, claim)
            )
        }
        (_, None) if outcome.reproduces => match difference {
            Some(difference) if !difference.is_zero() => format!(
                ": the figure said, to its rounding{}.",
                by(Some(difference), claim)
            ),
            _ => ": the figure said.".to_owned(),
        },
        _ => format!(": not the figure said{}.", by(difference, claim)),
    };
    Sentence::of(text)
}

fn by(difference: Option<Decimal>, claim: &Claim) -> String {
    match difference {
        Some(difference) if !difference.is_zero() => {
            let amount = match claim.unit.as_deref() {
                Some("percent") => {
                    let points = words::number(difference.abs(), 2);
                    format!("{points} percentage points")
                }
                unit => words::in_unit(difference.abs(), unit),
            };
            format!(
                " ({amount} {})",
                if difference.is_sign_negative() {
                    "below it"
                } else {
                    "above it"
                }
            )
        }
        _ => String::new(),
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
                    CompanionReason::ProvisionalInput => "one is preliminary or rests on inference",
                    _ => return None,
                }
                .to_owned(),
            )
        })
        .collect();
    if reasons.is_empty() {
        Sentence::new()
    } else {
        Sentence::of(format!(
            " The inputs do not simply belong together: {}.",
            words::list(&reasons)
        ))
    }
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
    // The reading that decides the status comes first, then the others in their order.
    let rank = |one: &Evaluated<'_>| match one.status {
        CheckStatus::OnlyWith => 0,
        CheckStatus::Reproduced => 1,
        CheckStatus::Contradicted => 2,
        CheckStatus::Implied => 3,
        _ => 4,
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
        sentence = sentence.text(format!(
            " {} more readings stand in the trail.",
            ordered.len() - 2
        ));
    }
    sentence
}
