//! Contribution rules: a share of a base, or a fixed amount.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::rule::Rule;
use counterpart_model::transaction::{Flow, Transaction};
use counterpart_model::{Decimal, Id};

use super::base::{self, Base, Found, Party};
use super::paid::{self, period};
use super::{Desk, Owed, blank, lacks, printed, tell, years_of};
use crate::assessment::{Duty, DutyInput, DutyVintage, Number};
use crate::reading::Figures;

/// Who owes in one row: one giver, or all.
enum Who<'p, 'a> {
    One(&'p Party<'a>),
    All,
}

/// Evaluates one rule.
pub(super) fn rows(desk: &Desk<'_>, rule: &Rule, figures: &mut Figures, out: &mut Vec<Duty>) {
    let Some((first, last)) = years_of(desk.record, rule) else {
        let mut duty = blank(desk, rule, &rule.who_id, false, "undated", base_word(rule));
        lacks(
            &mut duty,
            DutyInput::Due,
            "the rule does not say from when it holds",
        );
        tell(desk, rule, &mut duty);
        out.push(duty);
        return;
    };
    let lag = i32::try_from(rule.base_lag.unwrap_or(0)).unwrap_or(0);
    let window = rule.period_start.zip(rule.period_end);
    let places = desk.scopes.places();
    let is_group = places.is_group(&rule.who_id);
    let members = if is_group {
        places.members(&rule.who_id, window)
    } else {
        vec![rule.who_id.clone()]
    };
    let parties: Vec<Party<'_>> = members
        .iter()
        .map(|id| Party {
            id,
            apart: members.iter().filter(|other| places.holds(id, other)).collect(),
            inside: members.iter().find(|other| places.holds(other, id)),
        })
        .collect();
    let years = first.saturating_sub(lag)..=last.saturating_sub(lag);
    let has_value = |indicator: &Id| {
        desk.record.observations.iter().any(|row| {
            row.indicator_id == *indicator
                && row.value.is_some()
                && members.contains(&row.place_id)
                && row.period.as_year().is_some_and(|year| years.contains(&year))
        })
    };
    let bases = base::bases(desk.record, rule, has_value);
    let case = Case {
        desk,
        rule,
        parties: &parties,
        first,
        last,
        lag,
    };
    if bases.is_empty() {
        case.without_base(&members, is_group, out);
        return;
    }
    for (number, indicator) in bases.iter().enumerate() {
        let mut known: BTreeMap<(Option<&Id>, i32), Found> = BTreeMap::new();
        if is_group && !parties.is_empty() {
            case.who(
                &Who::All,
                &rule.who_id,
                indicator,
                number == 0,
                &mut known,
                figures,
                out,
            );
        }
        for party in &parties {
            case.who(
                &Who::One(party),
                party.id,
                indicator,
                number == 0,
                &mut known,
                figures,
                out,
            );
        }
        if parties.is_empty() {
            let mut duty = blank(
                desk,
                rule,
                &rule.who_id,
                true,
                &period(first, last),
                indicator.as_str(),
            );
            lacks(
                &mut duty,
                DutyInput::Base,
                "the members of the group are not on record",
            );
            tell(desk, rule, &mut duty);
            out.push(duty);
        }
    }
}

fn base_word(rule: &Rule) -> &str {
    rule.base_indicator.as_deref().unwrap_or("none")
}

/// One rule with who owes and when.
struct Case<'d, 'a> {
    desk: &'d Desk<'a>,
    rule: &'d Rule,
    parties: &'d [Party<'d>],
    first: i32,
    last: i32,
    lag: i32,
}

impl<'d> Case<'d, '_> {
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one evaluation, each of another kind"
    )]
    fn who(
        &self,
        who: &Who<'_, 'd>,
        id: &'d Id,
        indicator: &Id,
        is_named: bool,
        known: &mut BTreeMap<(Option<&'d Id>, i32), Found>,
        figures: &mut Figures,
        out: &mut Vec<Duty>,
    ) {
        let statements = paid::statements(self.desk, &self.rule.programme_id, Flow::PairingFund, id);
        let has_rate = self.rule.rate_lower.is_some() || self.rule.rate_upper.is_some();
        let mut periods: BTreeSet<(i32, i32)> = BTreeSet::new();
        if has_rate || matches!(who, Who::All) {
            periods.extend((self.first..=self.last).map(|year| (year, year)));
        } else {
            // Without a rate there is something to say of one giver only where money of it is on record.
            periods.extend(
                (self.first..=self.last)
                    .filter(|year| !paid::in_years(self.desk, &statements, *year, *year).is_empty())
                    .map(|year| (year, year)),
            );
        }
        periods.extend(paid::spans(&statements, self.first, self.last));
        if self.rule.period_start.is_some() && self.rule.period_end.is_some() || periods.is_empty() {
            periods.insert((self.first, self.last));
        }
        let key = match who {
            Who::One(party) => Some(party.id),
            Who::All => None,
        };
        for (from, to) in periods {
            let found = base::over_years(from..=to, |year| {
                let year = year.saturating_sub(self.lag);
                known
                    .entry((key, year))
                    .or_insert_with(|| match who {
                        Who::One(party) => base::of_one(self.desk, party, indicator, year, figures),
                        Who::All => base::together(self.desk, id, self.parties, indicator, year, figures),
                    })
                    .clone()
            });
            let duty = self.duty(who, id, indicator, is_named, (from, to), found, &statements);
            out.push(duty);
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one row, each of another kind"
    )]
    fn duty(
        &self,
        who: &Who<'_, 'd>,
        id: &Id,
        indicator: &Id,
        is_named: bool,
        (from, to): (i32, i32),
        found: Found,
        statements: &[&Transaction],
    ) -> Duty {
        let together = matches!(who, Who::All);
        let mut duty = blank(
            self.desk,
            self.rule,
            id,
            together,
            &period(from, to),
            indicator.as_str(),
        );
        duty.base_named = is_named;
        duty.currency = self
            .desk
            .reader
            .indicator(indicator)
            .and_then(|row| row.unit.clone());
        let base_period = period(from.saturating_sub(self.lag), to.saturating_sub(self.lag));
        if self.lag != 0 || from != to {
            duty.base_period = Some(base_period);
        }
        let money = paid::in_years(self.desk, statements, from, to);
        if self.rule.rate_lower.is_none() && self.rule.rate_upper.is_none() {
            lacks(&mut duty, DutyInput::Rate, "the rule gives no rate");
        }
        match found {
            Err(why) => {
                lacks(&mut duty, DutyInput::Base, &why);
                let nothing = Owed {
                    low: None,
                    high: None,
                };
                paid::set_against(self.desk, &mut duty, nothing, None, statements, money);
            }
            Ok(bases) => {
                let mut bases = bases.into_iter();
                if let Some(newest) = bases.next() {
                    self.filled(&mut duty, newest, bases.collect(), statements, money);
                }
            }
        }
        tell(self.desk, self.rule, &mut duty);
        duty
    }

    fn filled(
        &self,
        duty: &mut Duty,
        newest: Base,
        others: Vec<Base>,
        statements: &[&Transaction],
        money: Vec<paid::Paid>,
    ) {
        let owed = Owed::of(newest.value, self.rule, Decimal::ZERO);
        duty.base = Some(printed(newest.value));
        duty.base_vintage = Some(newest.vintage);
        duty.notes = newest.notes;
        duty.owed_low = owed.low.map(printed);
        duty.owed_high = owed.high.map(printed);
        let has_rate = self.rule.rate_lower.is_some() || self.rule.rate_upper.is_some();
        if has_rate && owed.low.is_none() && owed.high.is_none() {
            lacks(
                duty,
                DutyInput::Exactness,
                "rate times base has more digits than are kept",
            );
        }
        duty.from.extend(newest.from);
        let same: Vec<paid::Paid> = money.clone();
        paid::set_against(self.desk, duty, owed, Some(newest.value), statements, money);
        duty.vintages = others
            .into_iter()
            .map(|base| {
                let owed = Owed::of(base.value, self.rule, Decimal::ZERO);
                let (status, share) = paid::status_with(duty, &same, owed, base.value);
                DutyVintage {
                    vintage: base.vintage,
                    base: printed(base.value),
                    owed_low: owed.low.map(printed),
                    owed_high: owed.high.map(printed),
                    share_of_base: share,
                    status,
                    from: base.from,
                }
            })
            .collect();
    }

    /// A fixed amount, or a base that is a kind of money, or none at all.
    fn without_base(&self, members: &[Id], is_group: bool, out: &mut Vec<Duty>) {
        let word = base_word(self.rule);
        let mut who: Vec<(&Id, bool)> = members.iter().map(|id| (id, false)).collect();
        if is_group {
            who.push((&self.rule.who_id, true));
        }
        for (id, together) in who {
            let statements = paid::statements(self.desk, &self.rule.programme_id, Flow::PairingFund, id);
            let mut periods: BTreeSet<(i32, i32)> =
                (self.first..=self.last).map(|year| (year, year)).collect();
            periods.extend(paid::spans(&statements, self.first, self.last));
            for (from, to) in periods {
                let mut duty = blank(self.desk, self.rule, id, together, &period(from, to), word);
                duty.currency.clone_from(&self.rule.currency);
                let years = Decimal::from(to.saturating_sub(from).saturating_add(1));
                let each = self.rule.amount.filter(|_| self.rule.currency.is_some());
                let mut owed = Owed {
                    low: None,
                    high: None,
                };
                match each.and_then(|amount| amount.checked_mul(years)) {
                    Some(amount) if !together => {
                        owed.low = Some(amount);
                        duty.owed_low = Some(Number::exact(amount));
                        duty.notes
                            .push("a fixed amount a year, for each who owes".to_owned());
                    }
                    Some(_) => {
                        let count = Decimal::from(u64::try_from(members.len()).unwrap_or(0));
                        owed.low = each
                            .and_then(|amount| amount.checked_mul(years))
                            .and_then(|amount| amount.checked_mul(count));
                        duty.owed_low = owed.low.map(Number::exact);
                        duty.notes
                            .push("a fixed amount a year, times the number of those who owe".to_owned());
                    }
                    None => lacks(&mut duty, DutyInput::Base, "the rule names no base and no amount"),
                }
                let money = paid::in_years(self.desk, &statements, from, to);
                paid::set_against(self.desk, &mut duty, owed, None, &statements, money);
                tell(self.desk, self.rule, &mut duty);
                out.push(duty);
            }
        }
    }
}
