//! Obligations and entitlements as data.

use rust_decimal::Decimal;

use crate::{Date, Id};

words! {
    /// Kind of a rule.
    pub enum RuleKind {
        /// A share of the provider's base is owed.
        Contribution = "contribution",
        /// A share of the money goes to a purpose.
        SpendingShare = "spending_share",
        /// The money grows by a rate.
        Growth = "growth",
        /// An amount per person is paid.
        Subsidy = "subsidy",
        /// A target is set.
        Target = "target",
    }
}

typed_row! {
    /// An obligation or entitlement.
    pub struct Rule in Rules {
        /// Key.
        id: Id = "rule_id",
        /// The programme.
        programme_id: Id = "programme_id",
        /// Kind.
        kind: RuleKind = "kind",
        /// Who owes or is entitled.
        who_id: Id = "who_id",
        /// What the rate is taken of: an indicator, or `flow:` and a flow.
        base_indicator: Option<String> = "base_indicator",
        /// Lowest rate, as a fraction.
        rate_lower: Option<Decimal> = "rate_lower",
        /// Highest rate, as a fraction.
        rate_upper: Option<Decimal> = "rate_upper",
        /// Years back at which the base is taken.
        base_lag: Option<i64> = "base_lag",
        /// Fixed amount.
        amount: Option<Decimal> = "amount",
        /// Currency of the amount.
        currency: Option<String> = "currency",
        /// From how many persons on.
        minimum_count: Option<i64> = "minimum_count",
        /// First date.
        period_start: Option<Date> = "period_start",
        /// Last date.
        period_end: Option<Date> = "period_end",
        /// Paraphrase.
        text: String = "text",
        /// Who says it.
        speaker_id: Option<Id> = "speaker_id",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
