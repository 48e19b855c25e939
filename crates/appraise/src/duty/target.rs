//! Targets set by a rule: a place's indicator against that of its nation.

use counterpart_model::rule::Rule;
use counterpart_model::{Decimal, Id, Period};

use super::{Desk, Owed, blank, compare, lacks, printed, tell};
use crate::assessment::{Duty, DutyInput, DutyVintage};
use crate::reading::Figures;
use counterpart_model::quantity::Figure;

/// Evaluates one rule at its due year: the rate is of the nation's value, in every vintage that has both.
pub(super) fn rows(desk: &Desk<'_>, rule: &Rule, figures: &mut Figures, out: &mut Vec<Duty>) {
    let due = rule.period_end.map(|end| end.year());
    let period = due.map_or_else(|| "undated".to_owned(), |year| format!("{year:04}"));
    let word = rule.base_indicator.as_deref().unwrap_or("none");
    let mut duty = blank(desk, rule, &rule.who_id, false, &period, word);
    let indicator = rule
        .base_indicator
        .as_deref()
        .map(Id::new)
        .filter(|id| desk.reader.indicator(id).is_some());
    let Some(indicator) = indicator else {
        lacks(
            &mut duty,
            DutyInput::Measure,
            if rule.amount.is_some() && rule.currency.is_none() {
                "the rule counts something other than money"
            } else {
                "the rule names no indicator to measure it by"
            },
        );
        tell(desk, rule, &mut duty);
        out.push(duty);
        return;
    };
    duty.currency = desk.reader.indicator(&indicator).and_then(|row| row.unit.clone());
    if rule.rate_lower.is_none() && rule.rate_upper.is_none() {
        lacks(&mut duty, DutyInput::Rate, "the rule gives no rate");
    }
    match due.and_then(|year| i16::try_from(year).ok()) {
        None => lacks(&mut duty, DutyInput::Due, "the rule gives no year"),
        Some(year) if i32::from(year) > desk.record.case.as_of.year() => {
            lacks(&mut duty, DutyInput::Due, "the target is not due yet");
        }
        Some(year) => {
            let period = Period::year_only(year);
            let nation = &desk.record.case.nation;
            let own = desk.reader.readings(&rule.who_id, &indicator, period);
            let whole = desk.reader.readings(nation, &indicator, period);
            // Where an edition has no national row, the case's own stand-in for the nation is read in it.
            let fallback = desk
                .record
                .case
                .gap
                .as_ref()
                .filter(|gap| gap.nation == *nation && gap.indicators.contains(&indicator))
                .and_then(|gap| gap.fallback_nation.as_ref())
                .map(|stand_in| desk.reader.readings(nation, stand_in, period));
            let mut pairs = own.iter().filter_map(|reading| {
                let same = |other: &&crate::reading::Reading| other.vintages == reading.vintages;
                let nation = whole
                    .iter()
                    .find(same)
                    .or_else(|| fallback.as_ref()?.iter().find(same))?;
                Some((reading, nation))
            });
            match pairs.next() {
                None => lacks(
                    &mut duty,
                    DutyInput::Base,
                    &format!(
                        "no vintage has {} of both {} and {} in {year}",
                        super::base::named(desk, &indicator),
                        desk.names.name(&rule.who_id),
                        desk.names.name(nation)
                    ),
                ),
                Some((reading, nation)) => {
                    desk.reader.note(reading, figures);
                    desk.reader.note(nation, figures);
                    let owed = Owed::of(nation.value, rule, Decimal::ZERO);
                    duty.base = Some(printed(nation.value));
                    duty.base_vintage = Some(nation.vintages.clone());
                    if nation.derived.indicator != indicator {
                        duty.notes.push(format!(
                            "the nation is {}, since that vintage has no national row",
                            super::base::named(desk, &nation.derived.indicator)
                        ));
                    }
                    duty.owed_low = owed.low.map(printed);
                    duty.owed_high = owed.high.map(printed);
                    duty.paid_value = Some(printed(reading.value));
                    duty.paid_type = Some("reached".to_owned());
                    duty.share_of_base = reading.value.checked_div(nation.value).map(printed);
                    duty.from.extend([nation.id.clone(), reading.id.clone()]);
                    if duty.missing.is_empty() {
                        duty.status = compare(Figure::Value(reading.value), owed).0;
                    }
                    duty.vintages = pairs
                        .map(|(reading, nation)| {
                            desk.reader.note(reading, figures);
                            desk.reader.note(nation, figures);
                            let owed = Owed::of(nation.value, rule, Decimal::ZERO);
                            DutyVintage {
                                vintage: nation.vintages.clone(),
                                base: printed(nation.value),
                                owed_low: owed.low.map(printed),
                                owed_high: owed.high.map(printed),
                                share_of_base: reading.value.checked_div(nation.value).map(printed),
                                status: compare(Figure::Value(reading.value), owed).0,
                                from: vec![nation.id.clone(), reading.id.clone()],
                            }
                        })
                        .collect();
                }
            }
        }
    }
    tell(desk, rule, &mut duty);
    out.push(duty);
}
