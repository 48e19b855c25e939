//! Observations, the vintages they are read in, and exchange rates.

use rust_decimal::Decimal;

use crate::{Date, Id, Period};

words! {
    /// What a vintage is.
    pub enum VintageKind {
        /// One edition of an office.
        Edition = "edition",
        /// Each year as it was first printed.
        AsFirstPublished = "as_first_published",
        /// Assembled from editions by others.
        Mixed = "mixed",
        /// Researchers' own series.
        Researchers = "researchers",
        /// Compiled by others from one kind of source.
        Compiled = "compiled",
    }
}

words! {
    /// Which rate of a period.
    pub enum RateKind {
        /// Mean of the period.
        Average = "average",
        /// At its end.
        End = "end",
    }
}

typed_row! {
    /// An edition of a series.
    pub struct Vintage in Vintages {
        /// Key.
        id: Id = "vintage_id",
        /// Series it is an edition of.
        series: Option<String> = "series",
        /// What it is; none means an edition.
        kind: Option<VintageKind> = "kind",
        /// When it was published.
        published_on: Option<Date> = "published_on",
        /// The census by which heads are counted.
        population_basis: Option<String> = "population_basis",
        /// Vintages it replaces.
        supersedes: Vec<Id> = "supersedes",
        /// Remark.
        note: Option<String> = "note",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

impl Vintage {
    /// Returns the kind; a vintage that states none is an edition.
    #[must_use]
    pub fn kind_or_edition(&self) -> VintageKind {
        self.kind.unwrap_or(VintageKind::Edition)
    }
}

typed_row! {
    /// One value of an indicator for a place and period in a vintage.
    pub struct Observation in Observations {
        /// The place.
        place_id: Id = "place_id",
        /// The indicator.
        indicator_id: Id = "indicator_id",
        /// The period.
        period: Period = "period",
        /// The vintage.
        vintage_id: Id = "vintage_id",
        /// The value; none where it is not available.
        value: Option<Decimal> = "value",
        /// Unit.
        unit: Option<String> = "unit",
        /// Status letters without brackets.
        status: Option<String> = "status",
        /// Words about the value, joined by `;`.
        flag: Option<String> = "flag",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

impl Observation {
    /// Returns the observation's address, `place/indicator/period@vintage`.
    #[must_use]
    pub fn address(&self) -> String {
        format!(
            "{}/{}/{}@{}",
            self.place_id, self.indicator_id, self.period, self.vintage_id
        )
    }
}

typed_row! {
    /// A rate between two currencies.
    pub struct ExchangeRate in ExchangeRates {
        /// The currency that is paid.
        currency: String = "currency",
        /// The currency that is bought.
        per: String = "per",
        /// The period.
        period: Period = "period",
        /// Mean or end.
        kind: RateKind = "kind",
        /// The rate.
        value: Decimal = "value",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
