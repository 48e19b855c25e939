//! Rules on how money is to be spent: a share of it for a purpose.

use counterpart_model::Decimal;
use counterpart_model::quantity::Figure;
use counterpart_model::rule::Rule;
use counterpart_model::transaction::Flow;

use super::paid;
use super::{Desk, Owed, blank, lacks, printed, tell};
use crate::assessment::{Duty, DutyInput};
use crate::total::is_planned;
use crate::total::scope::{span, span_in_words};
use crate::total::select::inexact;

/// Evaluates one rule over its own period: what the share comes to of the money on record over just that span.
///
/// No table says what money was spent on, so that the share itself is never checkable; what it would come to is.
pub(super) fn rows(desk: &Desk<'_>, rule: &Rule, out: &mut Vec<Duty>) {
    let word = rule.base_indicator.as_deref().unwrap_or("flow:pairing_fund");
    let together = desk.scopes.places().is_group(&rule.who_id);
    let own = match (rule.period_start, rule.period_end) {
        (Some(start), Some(end)) if start == end => start.to_string(),
        (Some(start), Some(end)) => format!("{start}/{end}"),
        (Some(start), None) => format!("{start}/.."),
        (None, Some(end)) => format!("../{end}"),
        (None, None) => "undated".to_owned(),
    };
    let mut duty = blank(desk, rule, &rule.who_id, together, &own, word);
    let Some(flow) = word
        .strip_prefix("flow:")
        .and_then(|word| word.parse::<Flow>().ok())
    else {
        lacks(
            &mut duty,
            DutyInput::Measure,
            "the rule is not about a kind of money",
        );
        tell(desk, rule, &mut duty);
        out.push(duty);
        return;
    };
    let statements = paid::statements(desk, &rule.programme_id, flow, &rule.who_id);
    let base = statements
        .iter()
        .filter(|row| !is_planned(row.transaction_type) && span(row) == own)
        .filter_map(|row| Some((inexact(row).is_some(), row, row.figure()?)))
        .min_by_key(|(is_inexact, row, _)| (*is_inexact, row.id.clone()));
    match base {
        Some((_, row, Figure::Value(value))) => {
            duty.currency = Some(row.currency.clone());
            duty.base = Some(printed(value));
            duty.from.push(row.id.to_string());
            let owed = Owed::of(value, rule, Decimal::ZERO);
            duty.owed_low = owed.low.map(printed);
            duty.owed_high = owed.high.map(printed);
        }
        Some(_) => lacks(
            &mut duty,
            DutyInput::Exactness,
            "only a bound of the money over the rule's span is on record",
        ),
        None => lacks(
            &mut duty,
            DutyInput::Base,
            &format!(
                "no {} paid over {} is on record",
                flow.as_str().replace('_', " "),
                span_in_words(&own)
            ),
        ),
    }
    if rule.rate_lower.is_none() && rule.rate_upper.is_none() {
        lacks(&mut duty, DutyInput::Rate, "the rule gives no rate");
    }
    lacks(
        &mut duty,
        DutyInput::Purpose,
        "nothing on record says what the money was spent on",
    );
    tell(desk, rule, &mut duty);
    out.push(duty);
}
