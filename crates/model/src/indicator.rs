//! Indicators, observed or derived by a closed formula.

use crate::Id;

words! {
    /// What kind of number an indicator is.
    pub enum IndicatorKind {
        /// A level.
        Level = "level",
        /// An index.
        Index = "index",
        /// A share.
        Share = "share",
    }
}

words! {
    /// Which way is better.
    pub enum Better {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
        /// Neither.
        Neither = "neither",
    }
}

typed_row! {
    /// An indicator.
    pub struct Indicator in Indicators {
        /// Key.
        id: Id = "indicator_id",
        /// Name.
        name: String = "name",
        /// Name in Chinese.
        name_zh: Option<String> = "name_zh",
        /// Unit.
        unit: Option<String> = "unit",
        /// Kind.
        kind: IndicatorKind = "kind",
        /// Which way is better.
        better: Better = "better",
        /// Formula, where it is derived.
        derive: Option<String> = "derive",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
