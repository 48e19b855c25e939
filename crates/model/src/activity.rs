//! Activities, who takes part in them, and their results.

use rust_decimal::Decimal;

use crate::quantity::Qualifier;
use crate::{Date, Id, Period};

words! {
    /// Kind of an activity.
    pub enum ActivityKind {
        /// Industrial park.
        Park = "park",
        /// Factory.
        Factory = "factory",
        /// Roads, schools, hospitals and the like.
        Infrastructure = "infrastructure",
        /// Training scheme.
        Training = "training",
        /// Secondment scheme.
        Secondment = "secondment",
        /// Employment scheme.
        Employment = "employment",
        /// Housing.
        Housing = "housing",
    }
}

words! {
    /// IATI status of an activity.
    pub enum ActivityStatus {
        /// Being planned.
        Pipeline = "pipeline",
        /// Running.
        Implementation = "implementation",
        /// Being wound up.
        Finalisation = "finalisation",
        /// Ended.
        Closed = "closed",
        /// Given up.
        Cancelled = "cancelled",
        /// Paused.
        Suspended = "suspended",
    }
}

words! {
    /// IATI role of a participating organisation.
    pub enum Role {
        /// Pays.
        Funding = "funding",
        /// Answers for it.
        Accountable = "accountable",
        /// Passes money on.
        Extending = "extending",
        /// Does it.
        Implementing = "implementing",
    }
}

typed_row! {
    /// A project, park, training, secondment or employment scheme.
    pub struct Activity in Activities {
        /// Key.
        id: Id = "activity_id",
        /// The programme.
        programme_id: Option<Id> = "programme_id",
        /// Title.
        title: String = "title",
        /// Kind.
        kind: ActivityKind = "kind",
        /// Where it is.
        place_id: Id = "place_id",
        /// Status.
        status: Option<ActivityStatus> = "status",
        /// When it was to begin.
        planned_start: Option<Date> = "planned_start",
        /// When it began.
        actual_start: Option<Date> = "actual_start",
        /// When it is to end.
        planned_end: Option<Date> = "planned_end",
        /// Claims that it was abandoned.
        abandonment_claims: Vec<Id> = "abandonment_claims",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// An organisation that takes part in an activity.
    pub struct Participant in Participants {
        /// The activity.
        activity_id: Id = "activity_id",
        /// The organisation.
        organisation_id: Id = "organisation_id",
        /// Role.
        role: Role = "role",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// A target or an actual of an activity.
    pub struct ActivityResult in Results {
        /// Key.
        id: Id = "result_id",
        /// The activity.
        activity_id: Id = "activity_id",
        /// What is measured.
        indicator: String = "indicator",
        /// Unit.
        unit: String = "unit",
        /// Where it stood before.
        baseline: Option<Decimal> = "baseline",
        /// What was promised.
        target: Option<Decimal> = "target",
        /// Lower bound of what was promised.
        target_lower: Option<Decimal> = "target_lower",
        /// What was reached.
        actual: Option<Decimal> = "actual",
        /// Lower bound of what was reached.
        actual_lower: Option<Decimal> = "actual_lower",
        /// How exact.
        qualifier: Option<Qualifier> = "qualifier",
        /// When the target is due.
        due_on: Option<Date> = "due_on",
        /// What the row is about.
        period: Option<Period> = "period",
        /// Who says it.
        speaker_id: Id = "speaker_id",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
