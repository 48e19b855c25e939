//! People as counts, never as persons; the terms attached to work; organisations on lists.

use rust_decimal::Decimal;

use crate::claim::Act;
use crate::quantity::Qualifier;
use crate::{Date, Id, Period};

words! {
    /// Which way people go.
    pub enum Direction {
        /// From the provider to the recipient.
        Out = "out",
        /// From the recipient to the provider.
        Back = "back",
    }
}

words! {
    /// What a count of people counts.
    pub enum Concept {
        /// Each person once.
        Persons = "persons",
        /// Each time a person took part.
        PersonTimes = "person_times",
    }
}

words! {
    /// Yes or no.
    pub enum YesNo {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }
}

words! {
    /// The ILO's eleven indicators of forced labour, in the ILO's words (ILO 2012, *ILO indicators of forced labour*).
    pub enum IloIndicator {
        /// 1.
        AbuseOfVulnerability = "abuse of vulnerability",
        /// 2.
        Deception = "deception",
        /// 3.
        RestrictionOfMovement = "restriction of movement",
        /// 4.
        Isolation = "isolation",
        /// 5.
        PhysicalAndSexualViolence = "physical and sexual violence",
        /// 6.
        IntimidationAndThreats = "intimidation and threats",
        /// 7.
        RetentionOfIdentityDocuments = "retention of identity documents",
        /// 8.
        WithholdingOfWages = "withholding of wages",
        /// 9.
        DebtBondage = "debt bondage",
        /// 10.
        AbusiveConditions = "abusive working and living conditions",
        /// 11.
        ExcessiveOvertime = "excessive overtime",
    }
}

macro_rules! sent {
    ($(#[$meta:meta])* $name:ident in $table:ident, $key:literal) => {
        typed_row! {
            $(#[$meta])*
            pub struct $name in $table {
                /// Key.
                id: Id = $key,
                /// The programme.
                programme_id: Id = "programme_id",
                /// The round.
                round_id: Id = "round_id",
                /// Which batch.
                batch: Option<String> = "batch",
                /// Which way.
                direction: Direction = "direction",
                /// Who sends or trains.
                provider_id: Id = "provider_id",
                /// Where they go or come from.
                recipient_id: Id = "recipient_id",
                /// Profession, as a group.
                profession: Option<String> = "profession",
                /// How many.
                count: Option<i64> = "count",
                /// Lower bound.
                lower: Option<Decimal> = "lower",
                /// Upper bound.
                upper: Option<Decimal> = "upper",
                /// How exact.
                qualifier: Option<Qualifier> = "qualifier",
                /// Persons or person-times.
                unit: Concept = "unit",
                /// Length of a term in months.
                term_months: Option<i64> = "term_months",
                /// What the row is about.
                period: Option<Period> = "period",
                /// Who says it.
                speaker_id: Option<Id> = "speaker_id",
                /// Source.
                source_id: Id = "source_id",
                /// Locator.
                locator: Option<String> = "locator",
            }
        }
    };
}
sent! {
    /// People sent: a count.
    Posting in Postings, "posting_id"
}
sent! {
    /// People trained: a count.
    Training in Trainings, "training_id"
}

typed_row! {
    /// People placed in work: a count.
    pub struct Placement in Placements {
        /// Key.
        id: Id = "placement_id",
        /// Where they come from.
        origin_id: Id = "origin_id",
        /// Where they work.
        destination_id: Id = "destination_id",
        /// Sector.
        sector: Option<String> = "sector",
        /// How many.
        count: Option<i64> = "count",
        /// Lower bound.
        lower: Option<Decimal> = "lower",
        /// Upper bound.
        upper: Option<Decimal> = "upper",
        /// How exact.
        qualifier: Option<Qualifier> = "qualifier",
        /// Persons or person-times.
        concept: Concept = "concept",
        /// Whether inside the recipient region.
        within_region: Option<YesNo> = "within_region",
        /// What the row is about.
        period: Option<Period> = "period",
        /// Wage as said.
        wage: Option<Decimal> = "wage",
        /// Lower bound of the wage.
        wage_lower: Option<Decimal> = "wage_lower",
        /// Upper bound of the wage.
        wage_upper: Option<Decimal> = "wage_upper",
        /// Currency of the wage.
        currency: Option<String> = "currency",
        /// The larger count it is part of.
        part_of: Option<Id> = "part_of",
        /// Who says it.
        speaker_id: Id = "speaker_id",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// A term attached to a placement, rule or activity.
    pub struct Condition in Conditions {
        /// Key.
        id: Id = "condition_id",
        /// What it is attached to.
        attached_to: Id = "attached_to",
        /// Paraphrase.
        text: String = "text",
        /// What the speaker does by saying it.
        act: Act = "act",
        /// Who says it.
        speaker_id: Id = "speaker_id",
        /// Which indicator it describes.
        ilo_indicator: Option<IloIndicator> = "ilo_indicator",
        /// The conditions it answers.
        responds_to: Vec<Id> = "responds_to",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// An organisation on a public list.
    pub struct ListedEntity in ListedEntities {
        /// Key.
        id: Id = "entity_id",
        /// Name.
        name: String = "name",
        /// Other names, joined by `;`.
        aliases: Option<String> = "aliases",
        /// Which list.
        list: String = "list",
        /// When it was listed.
        listed_on: Date = "listed_on",
        /// Under which clause.
        clause: Option<String> = "clause",
        /// Where it is.
        place_id: Option<Id> = "place_id",
        /// Claims that answer the listing.
        responds_to: Vec<Id> = "responds_to",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
