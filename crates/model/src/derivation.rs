//! Derivations: what a claim's figure is said to follow from, by one of a closed list of kinds.

use crate::Id;

words! {
    /// How a figure follows from its operands a; b.
    pub enum DerivationKind {
        /// a / b.
        Ratio = "ratio",
        /// a / b, the part over the whole.
        Share = "share",
        /// a − b.
        Difference = "difference",
        /// a + b + ….
        Sum = "sum",
        /// a × b × ….
        Product = "product",
        /// b / a − 1.
        Growth = "growth",
        /// a ÷ rate of exchange.
        Conversion = "conversion",
        /// a / b, the rate that a conversion must have used.
        ImpliedRate = "implied_rate",
        /// a itself.
        Equals = "equals",
        /// The gap between a and b grows in each step.
        OnlyWidenedSince = "only_widened_since",
        /// b < a.
        FellIn = "fell_in",
        /// Growth of a < growth of b.
        SlowerThan = "slower_than",
        /// How many of a there are.
        Count = "count",
    }
}

impl DerivationKind {
    /// Whether it has a truth status although the claim has no value.
    #[must_use]
    pub const fn is_truth(self) -> bool {
        matches!(self, Self::OnlyWidenedSince | Self::FellIn | Self::SlowerThan)
    }
}

words! {
    /// How a source says it rounded.
    pub enum Rounding {
        /// To the nearest.
        Nearest = "nearest",
        /// Cut off.
        Truncated = "truncated",
        /// Not said.
        Unstated = "unstated",
    }
}

typed_row! {
    /// What a claim's figure is said to follow from.
    pub struct Derivation in Derivations {
        /// Key.
        id: Id = "derivation_id",
        /// The claim.
        claim_id: Id = "claim_id",
        /// How it follows.
        kind: DerivationKind = "kind",
        /// Operands as written, joined by `;`.
        operands: String = "operands",
        /// How it was rounded.
        rounding: Rounding = "rounding",
        /// Decimals of the stored value; negative means tens and above.
        digits: Option<i64> = "digits",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
