//! Claims: statements in words, with or without a figure.

use rust_decimal::Decimal;

use crate::quantity::{Figure, Qualifier};
use crate::{Date, Id};

words! {
    /// What a speaker does by saying something.
    pub enum Act {
        /// States as so.
        Asserts = "asserts",
        /// Says that something is not so.
        Denies = "denies",
        /// Accuses. Never turned into a finding.
        Alleges = "alleges",
        /// Finds fault.
        Criticises = "criticises",
        /// Gives a figure as an estimate.
        Estimates = "estimates",
        /// Says what will be.
        Promises = "promises",
        /// Passes on what another says.
        Reports = "reports",
    }
}

words! {
    /// How a claim's speaker is named.
    pub enum Attribution {
        /// By name.
        Named = "named",
        /// As a group.
        Group = "group",
        /// Not at all.
        Unattributed = "unattributed",
    }
}

typed_row! {
    /// A statement in words.
    pub struct Claim in Claims {
        /// Key.
        id: Id = "claim_id",
        /// What the speaker does.
        act: Act = "act",
        /// Who says it.
        speaker_id: Id = "speaker_id",
        /// The source that reports it.
        reported_by: Option<Id> = "reported_by",
        /// How the speaker is named.
        attribution: Attribution = "attribution",
        /// What it is about.
        subject: String = "subject",
        /// Which property.
        property: String = "property",
        /// The place.
        place_id: Option<Id> = "place_id",
        /// First date.
        period_start: Option<Date> = "period_start",
        /// Last date.
        period_end: Option<Date> = "period_end",
        /// Value.
        value: Option<Decimal> = "value",
        /// Lower bound.
        lower: Option<Decimal> = "lower",
        /// Upper bound.
        upper: Option<Decimal> = "upper",
        /// How exact.
        qualifier: Option<Qualifier> = "qualifier",
        /// Unit.
        unit: Option<String> = "unit",
        /// Currency.
        currency: Option<String> = "currency",
        /// At the scale published.
        as_said: Option<String> = "as_said",
        /// Paraphrase.
        text: String = "text",
        /// Claims it answers.
        responds_to: Vec<Id> = "responds_to",
        /// Topic.
        topic: Option<String> = "topic",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

impl Claim {
    /// Returns the value or bounds, where any was said.
    #[must_use]
    pub fn figure(&self) -> Option<Figure> {
        Figure::of(self.value, self.lower, self.upper)
    }
}
