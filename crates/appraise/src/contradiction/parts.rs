//! Totals and their parts, and sums of years inside longer sums.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Decimal, Record};

use crate::assessment::{Contradiction, ContradictionKind};
use crate::reading::Figures;

use super::compare::ratio;
use super::gather::Group;
use super::statement::Said;
use crate::words;

/// Returns wholes whose parts on record exceed them, or, two or more of them, fall short.
///
/// Parts in another currency, unit or concept, and copies, are no addends. Of people a difference under the threshold
/// of disclosure is not told.
pub(super) fn find(record: &Record, statements: &[Said<'_>], figures: &mut Figures) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for whole in statements {
        let parts: Vec<&Said<'_>> = statements
            .iter()
            .filter(|part| {
                part.part_of == Some(whole.id)
                    && part.unit == whole.unit
                    && part.copy_of.is_none()
                    && part.planned == whole.planned
            })
            .collect();
        let add = |pick: &dyn Fn(&Said<'_>) -> Option<Decimal>| {
            parts.iter().try_fold(Decimal::ZERO, |sum, part| {
                pick(part).and_then(|value| sum.checked_add(value))
            })
        };
        let (Some(least), most) = (add(&|part| part.span.low), add(&|part| part.span.high)) else {
            continue;
        };
        let Some(sum) = add(&|part| Some(part.number())) else {
            continue;
        };
        let exceeds = !parts.is_empty() && whole.span.high.is_some_and(|high| least >= high);
        let short = parts.len() > 1
            && most.zip(whole.span.low).is_some_and(|(most, low)| most <= low)
            && parts.iter().all(|part| part.days() == whole.days());
        let off = sum.checked_sub(whole.number()).unwrap_or_default();
        if !(exceeds || short)
            || (whole.counts_persons() && off.abs() < Decimal::from(record.case.disclosure.threshold))
        {
            continue;
        }
        let id = format!("contradiction:total_parts:{}", whole.id);
        let size = ratio(sum, whole.number());
        let percent = size
            .and_then(|size| size.checked_mul(Decimal::ONE_HUNDRED))
            .map(|percent| format!(", {}%", words::number(percent, 1)))
            .unwrap_or_default();
        let finding = format!(
            "The {} on record come to {}, {} {} the total{percent}.",
            match parts.len() {
                1 => "part".to_owned(),
                n => format!("{n} parts"),
            },
            words::in_unit(sum, whole.unit),
            words::in_unit(off.abs(), whole.unit),
            if exceeds { "above" } else { "short of" },
        );
        let finding = if parts.len() == 1 {
            finding.replacen("on record come to", "on record comes to", 1)
        } else {
            finding
        };
        let group = Group {
            id,
            kind: ContradictionKind::TotalParts,
            statements: std::iter::once(whole).chain(parts).cloned().collect(),
            differs_in: BTreeSet::from(["scope"]),
            copies: Vec::new(),
            size,
            finding: Some(finding),
        };
        found.push(group.into_row(record, figures));
    }
    found.extend(years(record, statements, figures));
    found
}

/// Returns sums over several years that the single years on record exceed together.
///
/// Of statements about one period the smallest counts, and periods that overlap never count together.
fn years(record: &Record, statements: &[Said<'_>], figures: &mut Figures) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for whole in statements
        .iter()
        .filter(|one| one.basis == "cumulative" && one.copy_of.is_none() && one.span.high.is_some())
    {
        let (Some(from), Some(to)) = whole.days() else {
            continue;
        };
        let mut by_period: BTreeMap<_, &Said<'_>> = BTreeMap::new();
        for one in statements.iter().filter(|one| {
            matches!(one.basis, "annual" | "partial_year")
                && one.subject == whole.subject
                && one.property == whole.property
                && one.unit == whole.unit
                && one.rung == whole.rung
                && one.copy_of.is_none()
        }) {
            let (Some(start), Some(end)) = one.days() else {
                continue;
            };
            if start < from || end > to {
                continue;
            }
            let kept = by_period.entry((end, start)).or_insert(one);
            if one.span.low < kept.span.low {
                *kept = one;
            }
        }
        let mut chosen: Vec<&Said<'_>> = Vec::new();
        let mut last = None;
        for ((end, start), one) in by_period {
            if last.is_none_or(|last| start > last) {
                chosen.push(one);
                last = Some(end);
            }
        }
        let add = |pick: &dyn Fn(&Said<'_>) -> Option<Decimal>| {
            chosen.iter().try_fold(Decimal::ZERO, |sum, one| {
                pick(one).and_then(|value| sum.checked_add(value))
            })
        };
        let exceeds = chosen.len() > 1
            && add(&|one| one.span.low)
                .zip(whole.span.high)
                .is_some_and(|(least, high)| least >= high);
        let Some(sum) = add(&|one| Some(one.number())).filter(|_| exceeds) else {
            continue;
        };
        let group = Group {
            id: format!("contradiction:cumulative_annual:{}", whole.id),
            kind: ContradictionKind::CumulativeAnnual,
            size: ratio(sum, whole.number()),
            finding: Some(format!(
                "The {} single years on record come to {}, more than the sum said for all of them.",
                chosen.len(),
                words::in_unit(sum, whole.unit)
            )),
            statements: std::iter::once(whole).chain(chosen).cloned().collect(),
            differs_in: BTreeSet::from(["basis", "period"]),
            copies: Vec::new(),
        };
        found.push(group.into_row(record, figures));
    }
    found
}
