//! Growth rules: this year's money against last year's.

use counterpart_model::rule::Rule;
use counterpart_model::transaction::{Flow, TransactionType};
use counterpart_model::{Decimal, Id};

use super::paid::{self, period};
use super::{Desk, Owed, blank, lacks, printed, tell, years_of};
use crate::assessment::{Duty, DutyInput};

/// Evaluates one rule: for each who owes and for all, every year after the first.
pub(super) fn rows(desk: &Desk<'_>, rule: &Rule, out: &mut Vec<Duty>) {
    let word = rule.base_indicator.as_deref().unwrap_or("flow:pairing_fund");
    let single = |why: &str, what: DutyInput| {
        let mut duty = blank(desk, rule, &rule.who_id, false, "undated", word);
        lacks(&mut duty, what, why);
        tell(desk, rule, &mut duty);
        duty
    };
    let Some(flow) = word
        .strip_prefix("flow:")
        .and_then(|word| word.parse::<Flow>().ok())
    else {
        out.push(single(
            "the rule is not about a kind of money",
            DutyInput::Measure,
        ));
        return;
    };
    let Some((first, last)) = years_of(desk.record, rule) else {
        out.push(single("the rule does not say from when it holds", DutyInput::Due));
        return;
    };
    let places = desk.scopes.places();
    let is_group = places.is_group(&rule.who_id);
    let mut who: Vec<(Id, bool)> = vec![(rule.who_id.clone(), is_group)];
    if is_group {
        let window = rule.period_start.zip(rule.period_end);
        who.extend(
            places
                .members(&rule.who_id, window)
                .into_iter()
                .map(|member| (member, false)),
        );
    }
    for (id, together) in who {
        let statements = paid::statements(desk, &rule.programme_id, flow, &id);
        let of = |year: i32| paid::in_years(desk, &statements, year, year);
        let has_year = |year: i32| of(year).iter().any(|one| !is_promise(one.step));
        let years: Vec<i32> = (first..=last)
            .filter(|year| *year > first || has_year(first.saturating_sub(1)))
            .collect();
        // Of one giver without a single year's money there is one thing to say.
        if !together && !(first.saturating_sub(1)..=last).any(has_year) {
            let mut duty = blank(desk, rule, &id, together, &period(first, last), word);
            let name = desk.names.name(&id);
            lacks(
                &mut duty,
                DutyInput::Payment,
                &format!("no yearly sum of {name} is on record in any of these years or the one before"),
            );
            tell(desk, rule, &mut duty);
            out.push(duty);
            continue;
        }
        for year in years {
            let before = year.saturating_sub(1);
            let mut duty = blank(desk, rule, &id, together, &period(year, year), word);
            duty.base_period = Some(period(before, before));
            let this_year = of(year);
            // Like with like: the rung that both years have.
            let pair = of(before)
                .into_iter()
                .filter(|one| !is_promise(one.step))
                .find_map(|one| {
                    let same = this_year
                        .iter()
                        .find(|other| other.step == one.step && other.currency == one.currency)?;
                    Some((one, same.clone()))
                });
            match pair {
                None => {
                    let missing: Vec<String> = [before, year]
                        .into_iter()
                        .filter(|year| !has_year(*year))
                        .map(|year| year.to_string())
                        .collect();
                    let why = if missing.is_empty() {
                        "the two years' sums are of different rungs or currencies".to_owned()
                    } else {
                        format!("no sum paid in {} is on record", crate::words::list(&missing))
                    };
                    lacks(&mut duty, DutyInput::Payment, &why);
                }
                Some((base, same)) => {
                    duty.currency = Some(base.currency.clone());
                    duty.base = Some(printed(base.value()));
                    duty.from.extend(base.ids.iter().cloned());
                    if base.figure.value().is_none() {
                        lacks(
                            &mut duty,
                            DutyInput::Exactness,
                            "only a bound of the year before is on record",
                        );
                        duty.owed_low = None;
                    } else {
                        let owed = Owed::of(base.value(), rule, Decimal::ONE);
                        duty.owed_low = owed.low.map(printed);
                        duty.owed_high = owed.high.map(printed);
                        if rule.rate_lower.is_none() && rule.rate_upper.is_none() {
                            lacks(&mut duty, DutyInput::Rate, "the rule gives no rate");
                        }
                        paid::set_against(desk, &mut duty, owed, Some(base.value()), &statements, vec![same]);
                    }
                }
            }
            tell(desk, rule, &mut duty);
            out.push(duty);
        }
    }
}

const fn is_promise(step: TransactionType) -> bool {
    crate::total::is_planned(step)
}
