//! From one rung to the next: a share where two statements have the same scope, else what differs.

use std::collections::BTreeSet;

use counterpart_model::RoundingStrategy;

use super::key;
use super::rung::Stated;
use crate::assessment::{LadderStep, Number, Rung, Sentence};
use crate::words;

/// Returns every share between neighbouring rungs, and for neighbours without one the two statements that come
/// closest and what differs between them.
///
/// Neighbours are rungs that have a statement, with none between them that has.
pub(super) fn steps(ladder: &str, reached: &BTreeSet<Rung>, stated: &[&Stated<'_>]) -> Vec<LadderStep> {
    let rungs: Vec<Rung> = reached.iter().copied().collect();
    let mut steps = Vec::new();
    for pair in rungs.windows(2) {
        let [lower, upper] = pair else { continue };
        let below = || stated.iter().filter(|one| one.rung == *lower);
        let above = || stated.iter().filter(|one| one.rung == *upper);
        let mut nearest: Option<(usize, &Stated<'_>, &Stated<'_>, Vec<&'static str>)> = None;
        let mut shares = Vec::new();
        for of in below() {
            for by in above() {
                let differs = differences(of, by);
                if differs.is_empty() {
                    shares.extend(share(ladder, of, by));
                }
                let closer = nearest.as_ref().is_none_or(|(n, ..)| differs.len() < *n);
                if closer {
                    nearest = Some((differs.len(), of, by, differs));
                }
            }
        }
        if shares.is_empty()
            && let Some((_, of, by, differs)) = nearest
        {
            shares.push(without(ladder, of, by, &differs));
        }
        steps.append(&mut shares);
    }
    steps
}

/// What keeps two statements from having one scope, in a fixed order.
fn differences(of: &Stated<'_>, by: &Stated<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut note = |differs: bool, what: &'static str| {
        if differs {
            found.push(what);
        }
    };
    note(of.flow != by.flow, "the kind of money");
    note(of.indicator != by.indicator, "what is measured");
    note(of.unit != by.unit, "the currency or unit");
    note(of.provider != by.provider, "the provider");
    note(of.receiver != by.receiver, "the receiver");
    note(of.activity != by.activity, "the project");
    note(
        of.basis != by.basis,
        "the basis (one year, several together, part of a year)",
    );
    // A target's day is the day it is due, not what it is about.
    let due = of.rung == Rung::Plan && of.indicator.is_some();
    note(!due && of.span() != by.span(), "the period");
    note(
        of.value.is_none() || by.value.is_none(),
        "one of them is a bound or no number",
    );
    found
}

fn share(ladder: &str, of: &Stated<'_>, by: &Stated<'_>) -> Option<LadderStep> {
    let (lower, upper) = (of.value?, by.value?);
    let share = upper.checked_div(lower)?;
    let percent = share.checked_mul(counterpart_model::Decimal::ONE_HUNDRED)?;
    let unit = of.unit;
    Some(LadderStep {
        share: Some(Number::exact(
            share.round_dp_with_strategy(9, RoundingStrategy::MidpointAwayFromZero),
        )),
        reason: None,
        sentence: Sentence::of(format!("{}: ", words::capital(by.rung.words())))
            .figure(words::in_unit(upper, unit), by.id(ladder))
            .text(format!(" of {} in the ", period(by)))
            .text(format!("{} of ", of.rung.words()))
            .figure(words::in_unit(lower, unit), of.id(ladder))
            .text(", ")
            .figure(words::in_unit(percent, Some("percent")), id(ladder, of, by))
            .text("."),
        ..blank(ladder, of, by)
    })
}

fn period(of: &Stated<'_>) -> String {
    of.period().unwrap_or_else(|| "no stated period".to_owned())
}

fn without(ladder: &str, of: &Stated<'_>, by: &Stated<'_>, differs: &[&'static str]) -> LadderStep {
    let reasons: Vec<String> = differs.iter().map(|what| (*what).to_owned()).collect();
    let reason = words::list(&reasons);
    let why = match differs {
        [only] if only.starts_with("one of") => reason.clone(),
        _ => format!("they differ in {reason}"),
    };
    LadderStep {
        sentence: Sentence::of(format!(
            "From {} to {}: no share; of the two statements that come closest ({} and {}) {why}.",
            of.rung.words(),
            by.rung.words(),
            of.of,
            by.of,
        )),
        reason: Some(reason),
        ..blank(ladder, of, by)
    }
}

fn id(ladder: &str, of: &Stated<'_>, by: &Stated<'_>) -> String {
    format!("{ladder}:{}:{}:{}:{}", key(of.rung), of.of, key(by.rung), by.of)
}

fn blank(ladder: &str, of: &Stated<'_>, by: &Stated<'_>) -> LadderStep {
    LadderStep {
        id: id(ladder, of, by),
        lower: of.rung,
        upper: by.rung,
        of: of.of.clone(),
        by: by.of.clone(),
        share: None,
        reason: None,
        sentence: Sentence::new(),
        from: vec![of.of.clone(), by.of.clone()],
    }
}
