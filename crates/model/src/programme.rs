//! Programmes, rounds, pairings and the organisations in them.

use crate::{Date, Id};

words! {
    /// What is paired.
    pub enum PairingKind {
        /// Regions.
        Region = "region",
        /// Hospitals.
        Hospital = "hospital",
        /// Schools.
        School = "school",
        /// Parks.
        Park = "park",
        /// Villages.
        Village = "village",
        /// A ministry with a region.
        Ministry = "ministry",
        /// An enterprise with a region.
        Enterprise = "enterprise",
    }
}

words! {
    /// How strong the evidence of a pairing is.
    pub enum Confidence {
        /// Strong.
        High = "high",
        /// Middling.
        Medium = "medium",
        /// Weak.
        Low = "low",
    }
}

words! {
    /// What a row rests on.
    pub enum PairingBasis {
        /// An official list.
        OfficialList = "official_list",
        /// The press.
        Press = "press",
        /// The compilers' own inference.
        Inferred = "inferred",
    }
}

typed_row! {
    /// A programme.
    pub struct Programme in Programmes {
        /// Key.
        id: Id = "programme_id",
        /// Name.
        name: String = "name",
        /// The nation.
        nation_id: Id = "nation_id",
        /// When it was decided.
        decided_on: Option<Date> = "decided_on",
        /// When money first moved.
        first_money_on: Option<Date> = "first_money_on",
        /// First date.
        start: Option<Date> = "start",
        /// Last date.
        end: Option<Date> = "end",
        /// Remarks.
        notes: Option<String> = "notes",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// A round of a programme.
    pub struct Round in Rounds {
        /// Key.
        id: Id = "round_id",
        /// The programme.
        programme_id: Id = "programme_id",
        /// Name.
        name: String = "name",
        /// When it was decided.
        decided_on: Option<Date> = "decided_on",
        /// When money first moved.
        first_money_on: Option<Date> = "first_money_on",
        /// First date.
        start: Option<Date> = "start",
        /// Last date.
        end: Option<Date> = "end",
        /// Remarks.
        notes: Option<String> = "notes",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// One provider linked to one recipient in one round.
    pub struct Pairing in Pairings {
        /// Key.
        id: Id = "pairing_id",
        /// The programme.
        programme_id: Id = "programme_id",
        /// The round.
        round_id: Id = "round_id",
        /// Who gives.
        provider_id: Id = "provider_id",
        /// Who receives.
        recipient_id: Id = "recipient_id",
        /// What is paired.
        kind: PairingKind = "kind",
        /// First date.
        start: Option<Date> = "start",
        /// Last date; none where it runs on.
        end: Option<Date> = "end",
        /// Strength of the evidence.
        confidence: Confidence = "confidence",
        /// What the row rests on.
        basis: PairingBasis = "basis",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// A firm, hospital, school or office, or a group of them.
    pub struct Organisation in Organisations {
        /// Key.
        id: Id = "organisation_id",
        /// Name.
        name: String = "name",
        /// Name in Chinese.
        name_zh: Option<String> = "name_zh",
        /// Kind.
        kind: String = "kind",
        /// Where it is.
        place_id: Option<Id> = "place_id",
        /// Identifiers, `scheme:value;…`.
        identifiers: Option<String> = "identifiers",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
