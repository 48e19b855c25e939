//! The claim check: every derivation of a claim's figure, evaluated in every vintage on record.
//!
//! A claim is *reproduced* where a derivation gives its figure whatever vintage it is read in, *only with* some
//! inputs where some readings give it, *contradicted* where there are readings and none gives it, *not checkable*
//! where an input is missing, *implied* where it states no figure of its own to compare. Nothing here knows any
//! claim: sentences are made of the values met.

pub mod alleged;
pub mod answered;
mod evaluate;
mod operand;
mod sentence;

use std::collections::BTreeMap;

use counterpart_model::claim::Claim;
use counterpart_model::derivation::{Derivation, DerivationKind};
use counterpart_model::{Decimal, Record};

use crate::assessment::{
    Candidate, CandidateInput, CheckStatus, ClaimCheck, ClaimRow, CompanionReason, DerivationStatus, Figure,
    FigureKind, FigureRef, Number,
};
use crate::reading::{Figures, Reader};

use evaluate::Outcome;
use operand::{Input, Operand};

/// Most candidates that are listed for one derivation; all are evaluated and counted.
const MOST_LISTED: usize = 12;

/// What the check of claims reads.
struct Checker<'a> {
    reader: &'a Reader<'a>,
    claims: BTreeMap<&'a str, &'a Claim>,
    /// Vintages that print a claim's figure, joined by `|`, where it is said to equal one.
    vintages_of_claim: BTreeMap<String, String>,
    /// Census behind those vintages, where they agree.
    basis_of_claim: BTreeMap<String, Option<String>>,
    /// Why the inputs that a claim's figure follows from do not belong together.
    company_of_claim: BTreeMap<String, Vec<CompanionReason>>,
}

/// One derivation, evaluated.
struct Evaluated<'a> {
    derivation: &'a Derivation,
    outcomes: Vec<Outcome>,
    missing: Vec<String>,
    status: CheckStatus,
}

/// Checks every claim of a record, in the order of their ids.
#[must_use]
pub fn check_all(reader: &Reader<'_>, figures: &mut Figures) -> Vec<ClaimRow> {
    let record = reader.record();
    let mut checker = Checker {
        reader,
        claims: record
            .claims
            .iter()
            .map(|claim| (claim.id.as_str(), claim))
            .collect(),
        vintages_of_claim: BTreeMap::new(),
        basis_of_claim: BTreeMap::new(),
        company_of_claim: BTreeMap::new(),
    };
    trace_vintages(&mut checker);
    trace_company(&mut checker);
    record
        .claims
        .iter()
        .map(|claim| row(&checker, claim, figures))
        .collect()
}

/// Finds the vintages that print a claim's figure, so that its company can be judged.
fn trace_vintages(checker: &mut Checker<'_>) {
    let record = checker.reader.record();
    let mut found: BTreeMap<String, (Vec<String>, Vec<Option<String>>)> = BTreeMap::new();
    for derivation in record
        .derivations
        .iter()
        .filter(|row| row.kind == DerivationKind::Equals)
    {
        let Some(claim) = checker.claims.get(derivation.claim_id.as_str()) else {
            continue;
        };
        let operand = operand::resolve(checker, &derivation.operands, derivation.kind, &claim.source_id);
        for outcome in evaluate::outcomes(checker, claim, derivation, &[operand]) {
            let (Some(input), true) = (outcome.inputs.first(), outcome.reproduces && !outcome.truncated)
            else {
                continue;
            };
            let entry = found.entry(claim.id.to_string()).or_default();
            entry.0.extend(input.vintage.clone());
            entry.1.push(input.basis.clone());
        }
    }
    for (claim, (mut vintages, mut bases)) in found {
        vintages.sort();
        vintages.dedup();
        bases.sort();
        bases.dedup();
        checker
            .vintages_of_claim
            .insert(claim.clone(), vintages.join("|"));
        checker
            .basis_of_claim
            .insert(claim, if bases.len() == 1 { bases.remove(0) } else { None });
    }
}

/// Finds the claims whose figure follows only from inputs that do not belong together.
fn trace_company(checker: &mut Checker<'_>) {
    let record = checker.reader.record();
    let mut found = BTreeMap::new();
    for claim in &record.claims {
        let evaluated: Vec<Evaluated<'_>> = record
            .derivations
            .iter()
            .filter(|derivation| derivation.claim_id == claim.id && !derivation.kind.is_truth())
            .map(|derivation| evaluate_one(checker, claim, derivation))
            .filter(|one| one.outcomes.iter().any(|outcome| outcome.reproduces))
            .collect();
        if evaluated.is_empty() || evaluated.iter().any(Evaluated::belongs) {
            continue;
        }
        let mut reasons: Vec<CompanionReason> = evaluated
            .iter()
            .flat_map(|one| one.outcomes.iter().filter(|outcome| outcome.reproduces))
            .flat_map(|outcome| outcome.reasons.iter().copied())
            .filter(|reason| {
                matches!(
                    reason,
                    CompanionReason::DifferentVintage | CompanionReason::DifferentPopulationBasis
                )
            })
            .collect();
        reasons.sort();
        reasons.dedup();
        found.insert(claim.id.to_string(), reasons);
    }
    checker.company_of_claim = found;
}

impl Outcome {
    /// Whether its inputs belong together.
    fn is_clean(&self) -> bool {
        self.reasons.iter().all(|reason| !parts_company(*reason))
    }
}

impl Evaluated<'_> {
    /// Whether a reading that gives the figure has inputs that belong together.
    fn belongs(&self) -> bool {
        self.outcomes
            .iter()
            .any(|outcome| outcome.reproduces && outcome.reasons.iter().all(|reason| !parts_company(*reason)))
    }
}

fn evaluate_one<'a>(checker: &Checker<'_>, claim: &Claim, derivation: &'a Derivation) -> Evaluated<'a> {
    let operands: Vec<Operand> = derivation
        .operands
        .split(';')
        .map(|text| operand::resolve(checker, text.trim(), derivation.kind, &claim.source_id))
        .collect();
    let missing: Vec<String> = operands
        .iter()
        .filter_map(|operand| match operand {
            Operand::Missing(what) => Some(what.clone()),
            _ => None,
        })
        .collect();
    let mut missing = missing;
    let outcomes = if missing.is_empty() {
        evaluate::outcomes(checker, claim, derivation, &operands)
    } else {
        Vec::new()
    };
    if outcomes.is_empty() && missing.is_empty() {
        missing.push(match derivation.kind {
            DerivationKind::Conversion => "a rate of exchange for the period".to_owned(),
            kind => {
                let first: Vec<Input> = operands
                    .iter()
                    .filter_map(|operand| match operand {
                        Operand::OneOf(inputs) => inputs.first().cloned(),
                        Operand::SeriesOf(series) => {
                            series.first().and_then(|inputs| inputs.first().cloned())
                        }
                        Operand::Missing(_) => None,
                    })
                    .collect();
                let why = evaluate::unmixable(kind, &first).unwrap_or("no choice of them has a result");
                format!("its inputs cannot be set against each other: {why}")
            }
        });
    }
    let own_operand = derivation
        .operands
        .split(';')
        .any(|operand| operand.trim() == claim.id.as_str());
    let status = status(claim, derivation, &outcomes, own_operand);
    Evaluated {
        derivation,
        outcomes,
        missing,
        status,
    }
}

fn status(claim: &Claim, derivation: &Derivation, outcomes: &[Outcome], own_operand: bool) -> CheckStatus {
    if outcomes.is_empty() {
        return CheckStatus::NotCheckable;
    }
    if !derivation.kind.is_truth() && (claim.figure().is_none() || own_operand) {
        return CheckStatus::Implied;
    }
    let decided: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.decides).collect();
    let agree = decided.iter().filter(|outcome| outcome.reproduces).count();
    let plain = decided
        .iter()
        .filter(|outcome| {
            outcome.reproduces && !outcome.truncated && !outcome.reasons.contains(&CompanionReason::OwnSource)
        })
        .count();
    match agree {
        _ if decided.is_empty() => CheckStatus::NotCheckable,
        0 => CheckStatus::Contradicted,
        _ if plain == decided.len() => CheckStatus::Reproduced,
        _ => CheckStatus::OnlyWith,
    }
}

/// The status of a claim from those of its derivations, where readings compete.
fn overall(evaluated: &[Evaluated<'_>]) -> CheckStatus {
    let has = |status: CheckStatus| evaluated.iter().any(|one| one.status == status);
    if evaluated.is_empty() {
        CheckStatus::NoDerivation
    } else if has(CheckStatus::Reproduced) && !has(CheckStatus::Contradicted) && !has(CheckStatus::OnlyWith) {
        CheckStatus::Reproduced
    } else if has(CheckStatus::Reproduced) || has(CheckStatus::OnlyWith) {
        CheckStatus::OnlyWith
    } else if has(CheckStatus::Contradicted) {
        CheckStatus::Contradicted
    } else if has(CheckStatus::Implied) {
        CheckStatus::Implied
    } else {
        CheckStatus::NotCheckable
    }
}

fn row(checker: &Checker<'_>, claim: &Claim, figures: &mut Figures) -> ClaimRow {
    let record = checker.reader.record();
    let evaluated: Vec<Evaluated<'_>> = record
        .derivations
        .iter()
        .filter(|derivation| derivation.claim_id == claim.id)
        .map(|derivation| evaluate_one(checker, claim, derivation))
        .collect();
    let accuses = answered::accuses(claim.act);
    let answered_by: Vec<String> = record
        .claims
        .iter()
        .filter(|other| other.responds_to.contains(&claim.id))
        .map(|other| other.id.to_string())
        .collect();
    let number = |value: Option<Decimal>| value.map(Number::exact);
    let date = |date: Option<counterpart_model::Date>| date.map(|date| date.to_string());
    ClaimRow {
        id: claim.id.to_string(),
        act: claim.act.to_string(),
        speaker: claim.speaker_id.to_string(),
        attribution: claim.attribution.to_string(),
        text: claim.text.clone(),
        attributed: sentence::attributed(record, claim),
        as_said: claim.as_said.clone(),
        value: number(claim.value),
        lower: number(claim.lower),
        upper: number(claim.upper),
        qualifier: claim.qualifier.map(|qualifier| qualifier.to_string()),
        unit: claim.unit.clone(),
        topic: claim.topic.clone(),
        subject: claim.subject.clone(),
        property: claim.property.clone(),
        place: claim.place_id.as_ref().map(ToString::to_string),
        period_start: date(claim.period_start),
        period_end: date(claim.period_end),
        source: claim.source_id.to_string(),
        locator: claim.locator.clone().unwrap_or_default(),
        reported_by: claim.reported_by.as_ref().map(ToString::to_string),
        responds_to: claim.responds_to.iter().map(ToString::to_string).collect(),
        answers: if accuses {
            alleged::replies(record, claim)
        } else {
            Vec::new()
        },
        reply: accuses.then_some(if answered_by.is_empty() {
            answered::NO_REPLY
        } else {
            "answered"
        }),
        answered_by,
        check: check(checker, claim, &evaluated, figures),
        from: vec![claim.source_id.to_string()],
    }
}

fn check(
    checker: &Checker<'_>,
    claim: &Claim,
    evaluated: &[Evaluated<'_>],
    figures: &mut Figures,
) -> ClaimCheck {
    let status = overall(evaluated);
    let mut candidates = Vec::new();
    let mut by_derivation = Vec::new();
    let mut written = Vec::new();
    for one in evaluated {
        let listed = telling(claim, one);
        let first = candidates.len();
        for (index, outcome) in listed.iter().enumerate() {
            candidates.push(candidate(
                checker,
                claim,
                one.derivation,
                index + 1,
                outcome,
                one.status == CheckStatus::Implied,
                figures,
            ));
        }
        let told = sentence::of_derivation(
            checker,
            claim,
            one,
            listed.first().copied(),
            candidates.get(first).map(|candidate| candidate.id.as_str()),
        );
        let values = one.outcomes.iter().filter_map(|outcome| outcome.value);
        by_derivation.push(DerivationStatus {
            id: one.derivation.id.to_string(),
            kind: one.derivation.kind.to_string(),
            operands: one
                .derivation
                .operands
                .split(';')
                .map(|text| text.trim().to_owned())
                .collect(),
            status: one.status,
            missing: one.missing.clone(),
            n_evaluated: one.outcomes.len(),
            n_reproducing: one.outcomes.iter().filter(|outcome| outcome.reproduces).count(),
            lowest: values.clone().min().map(computed),
            highest: values.max().map(computed),
            sentence: told.clone(),
        });
        if let (Some(status), Some(made)) = (by_derivation.last(), candidates.get(first..)) {
            // Only the first candidate is told of; the others stand in the table of readings.
            note_computed(claim, status, made.get(..1).unwrap_or_default(), figures);
        }
        written.push((one, told));
    }
    let mut sentence = sentence::of_claim(checker.reader.record(), claim, status, &written);
    if answered::accuses(claim.act) {
        let answers = answered::words(checker.reader.record(), &claim.id);
        sentence = sentence.text(format!(" {}.", crate::answer::capital(&answers)));
    }
    let telling: Vec<&Candidate> = {
        let agreeing: Vec<&Candidate> = candidates
            .iter()
            .filter(|candidate| candidate.reproduces)
            .collect();
        if agreeing.is_empty() {
            candidates.iter().collect()
        } else {
            agreeing
        }
    };
    let belongs = telling
        .iter()
        .any(|candidate| candidate.reasons.iter().all(|reason| !parts_company(*reason)));
    let mut reasons: Vec<CompanionReason> = if belongs {
        Vec::new()
    } else {
        telling
            .iter()
            .flat_map(|candidate| candidate.reasons.iter().copied())
            .collect()
    };
    if telling
        .iter()
        .all(|candidate| candidate.reasons.contains(&CompanionReason::TruncatedNotRounded))
        && !telling.is_empty()
    {
        reasons.push(CompanionReason::TruncatedNotRounded);
    }
    if evaluated.iter().any(|one| !one.missing.is_empty()) {
        reasons.push(CompanionReason::MissingInput);
    }
    if status == CheckStatus::Implied {
        let own = evaluated.iter().any(|one| {
            one.derivation
                .operands
                .split(';')
                .any(|operand| operand.trim() == claim.id.as_str())
        });
        reasons.push(if own {
            CompanionReason::OwnOperand
        } else {
            CompanionReason::NoStatedValue
        });
    }
    reasons.sort();
    reasons.dedup();
    let mut kinds: Vec<&str> = evaluated.iter().map(|one| one.derivation.kind.as_str()).collect();
    kinds.dedup();
    let refs: Vec<FigureRef> = sentence.figures().cloned().collect();
    ClaimCheck {
        status,
        kind: (!kinds.is_empty()).then(|| kinds.join(";")),
        by_derivation,
        stated: claim.value.or(claim.lower).or(claim.upper).map(Number::exact),
        candidates,
        inputs_belong_together: belongs,
        reasons,
        sentence,
        figures: refs,
    }
}

/// Id of the figure that says by how much a candidate misses what was stated.
fn difference_id(candidate: &str) -> String {
    format!("{candidate}~difference")
}

/// Ids of the figures that say between what the readings of a derivation run.
fn range_ids(derivation: &str) -> [String; 2] {
    [format!("{derivation}~lowest"), format!("{derivation}~highest")]
}

/// Makes figures of the numbers that sentences about a derivation name beside its inputs.
fn note_computed(
    claim: &Claim,
    derivation: &DerivationStatus,
    candidates: &[Candidate],
    figures: &mut Figures,
) {
    let mut add = |id: String, value: &Option<Number>, label: String, from: Vec<String>| {
        if let Some(value) = value {
            figures.add(Figure {
                id,
                kind: FigureKind::Computed,
                value: value.clone(),
                unit: claim.unit.clone(),
                label,
                status: None,
                source: None,
                locator: None,
                formula: None,
                from,
            });
        }
    };
    for candidate in candidates {
        add(
            difference_id(&candidate.id),
            &candidate.difference,
            format!("Reading {} minus the figure said in {}", candidate.id, claim.id),
            vec![candidate.id.clone(), claim.id.to_string()],
        );
    }
    let [lowest, highest] = range_ids(&derivation.id);
    let from = vec![claim.id.to_string()];
    add(
        lowest,
        &derivation.lowest,
        format!("Smallest reading of {}", derivation.id),
        from.clone(),
    );
    add(
        highest,
        &derivation.highest,
        format!("Largest reading of {}", derivation.id),
        from,
    );
}

/// Whether a reason says that inputs do not belong together, rather than something else to know.
const fn parts_company(reason: CompanionReason) -> bool {
    matches!(
        reason,
        CompanionReason::DifferentVintage
            | CompanionReason::DifferentPopulationBasis
            | CompanionReason::DifferentPeriod
            | CompanionReason::DifferentCurrency
            | CompanionReason::DifferentFlow
            | CompanionReason::BoundNotValue
            | CompanionReason::OneRateForSeveralYears
    )
}

/// The outcomes worth listing, the most telling first: those that give the figure, then the nearest to it; among
/// equals those whose inputs belong together.
fn telling<'o>(claim: &Claim, one: &'o Evaluated<'_>) -> Vec<&'o Outcome> {
    let stated = claim.value.or(claim.lower).or(claim.upper);
    let mut listed: Vec<&Outcome> = one.outcomes.iter().collect();
    listed.sort_by_key(|outcome| {
        let company = outcome
            .reasons
            .iter()
            .filter(|reason| parts_company(**reason))
            .count();
        let distance = match (outcome.value, stated) {
            (Some(value), Some(stated)) => value.checked_sub(stated).map(|difference| difference.abs()),
            _ => None,
        };
        let agrees = if outcome.reproduces {
            u8::from(outcome.truncated)
        } else {
            2
        };
        (
            agrees,
            company,
            distance,
            outcome
                .inputs
                .iter()
                .map(|input| input.id.clone())
                .collect::<Vec<_>>(),
        )
    });
    // Readings whose inputs belong together are few and the ones that count: none of them is left out.
    let (first, rest) = listed.split_at(listed.len().min(MOST_LISTED));
    let clean = rest
        .iter()
        .filter(|outcome| outcome.is_clean())
        .take(MOST_LISTED * 2);
    first.iter().chain(clean).copied().collect()
}

fn candidate(
    checker: &Checker<'_>,
    claim: &Claim,
    derivation: &Derivation,
    index: usize,
    outcome: &Outcome,
    implied: bool,
    figures: &mut Figures,
) -> Candidate {
    let id = format!("{}#{index}", derivation.id);
    for input in &outcome.inputs {
        note(checker, input, figures);
    }
    let stated = claim.value.or(claim.lower).or(claim.upper);
    let difference = match (outcome.value, stated) {
        // Where there is nothing to compare there is no difference either.
        (Some(value), Some(stated)) if !implied => value.checked_sub(stated).map(computed),
        _ => None,
    };
    Candidate {
        id,
        derivation: derivation.id.to_string(),
        value: outcome.value.map(computed),
        holds: outcome.holds,
        measured: {
            let parts = sentence::measure(derivation.kind, outcome);
            let text: String = parts
                .iter()
                .map(|(before, number)| format!("{before}{number}"))
                .collect();
            match outcome.value {
                _ if !text.is_empty() => Some(text),
                Some(value) if implied => Some(format!(
                    "comes to {}",
                    sentence::result(claim, derivation.kind, outcome, value)
                )),
                _ => outcome.measured.map(str::to_owned),
            }
        },
        difference,
        reproduces: outcome.reproduces,
        inputs: outcome
            .inputs
            .iter()
            .map(|input| CandidateInput {
                id: input.id.clone(),
                value: computed(input.value),
                vintage: input.vintage.as_ref().map(|names| names.replace('|', " or ")),
                population_basis: input.basis.clone(),
            })
            .collect(),
        reasons: outcome.reasons.clone(),
        from: outcome.inputs.iter().map(|input| input.id.clone()).collect(),
    }
}

/// Prints a computed decimal with at most nine decimals.
fn computed(value: Decimal) -> Number {
    Number::exact(value.round_dp_with_strategy(9, counterpart_model::RoundingStrategy::MidpointAwayFromZero))
}

/// Makes sure that everything an input points at is a figure of the report.
fn note(checker: &Checker<'_>, input: &Input, figures: &mut Figures) {
    if let Some(reading) = &input.observed {
        checker.reader.note(reading, figures);
        return;
    }
    if checker.claims.contains_key(input.id.as_str()) {
        return;
    }
    let record: &Record = checker.reader.record();
    let transaction = record.transactions.iter().find(|row| row.id == input.id.as_str());
    let rate = record
        .exchange_rates
        .iter()
        .find(|row| format!("{}/{}/{}/{}", row.currency, row.per, row.period, row.kind) == input.id);
    let (source, locator) = match (transaction, rate) {
        (Some(row), _) => (Some(row.source_id.to_string()), row.locator.clone()),
        (None, Some(row)) => (Some(row.source_id.to_string()), row.locator.clone()),
        (None, None) => (None, None),
    };
    figures.add(Figure {
        id: input.id.clone(),
        kind: if source.is_some() {
            FigureKind::Observed
        } else {
            FigureKind::Count
        },
        value: computed(input.value),
        unit: input.unit.clone(),
        label: input.label.clone(),
        status: transaction.and_then(|row| row.as_said.clone()),
        source,
        locator,
        formula: None,
        from: Vec::new(),
    });
}
