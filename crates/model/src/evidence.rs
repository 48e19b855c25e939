//! Others' verdicts: official reviews and published studies.

use rust_decimal::Decimal;

use crate::{Date, Id, Period};

words! {
    /// Whether a matter is closed.
    pub enum Closed {
        /// It is.
        Yes = "yes",
        /// It is not.
        No = "no",
        /// Nobody says.
        Unknown = "unknown",
    }
}

typed_row! {
    /// An official evaluation or audit.
    pub struct Review in Reviews {
        /// Key.
        id: Id = "review_id",
        /// The programme.
        programme_id: Id = "programme_id",
        /// Who reviews.
        reviewer_id: Id = "reviewer_id",
        /// Who is reviewed.
        reviewed_id: Id = "reviewed_id",
        /// What it is about.
        period: Option<Period> = "period",
        /// Finding, as a paraphrase.
        finding: String = "finding",
        /// What was done about it.
        repair: Option<String> = "repair",
        /// Whether closed.
        closed: Closed = "closed",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// A published study.
    pub struct PublishedStudy in Literature {
        /// Key.
        id: Id = "study_id",
        /// Authors.
        authors: Option<String> = "authors",
        /// Year.
        year: Option<Date> = "year",
        /// Title.
        title: String = "title",
        /// Journal, series or publisher.
        outlet: Option<String> = "outlet",
        /// The programme.
        programme_id: Option<Id> = "programme_id",
        /// Data.
        data: Option<String> = "data",
        /// Method.
        method: Option<String> = "method",
        /// Outcome.
        outcome: Option<String> = "outcome",
        /// Finding.
        finding: Option<String> = "finding",
        /// Which way it points.
        direction: String = "direction",
        /// Main estimate.
        estimate: Option<Decimal> = "estimate",
        /// Its standard error.
        std_error: Option<Decimal> = "std_error",
        /// Studies and sources that rest on the same data.
        shares_data_with: Vec<Id> = "shares_data_with",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
