//! People as counts: postings, trainings, placements, the terms attached to them, and lists of organisations.

use super::*;
use crate::{claim, people};

const PLACEMENT: ColumnKind = Reference(&[TableId::Placements]);

macro_rules! sent {
    ($id:ident, $key:literal, $about:literal) => {
        Table {
            id: TableId::$id,
            key: &[$key],
            about: $about,
            columns: &[
                Column::new($key, Id, "The row's id.").filled(),
                PROGRAMME.filled(),
                Column::new("round_id", Reference(&[TableId::Rounds]), "The round.").filled(),
                Column::new("batch", Text, "Which batch or batches."),
                Column::new(
                    "direction",
                    Word(people::Direction::WORDS),
                    "Out to the recipient, or back to the provider.",
                )
                .filled(),
                Column::new("provider_id", PLACE_OR_ORGANISATION, "Who sends or trains.").filled(),
                Column::new(
                    "recipient_id",
                    PLACE_OR_ORGANISATION,
                    "Where they go or come from.",
                )
                .filled(),
                Column::new("profession", Text, "Which profession, as a group."),
                Column::new("count", Count, "How many; empty where only a bound was said."),
                LOWER,
                UPPER,
                QUALIFIER.may_be_absent(),
                Column::new(
                    "unit",
                    Word(people::Concept::WORDS),
                    "Persons, or times a person went.",
                )
                .filled(),
                Column::new("term_months", Count, "Length of a term.").unit("months"),
                PERIOD,
                SPEAKER.may_be_absent(),
                SOURCE,
                LOCATOR,
                BASIS,
                NOTE,
                NOTES,
            ],
        }
    };
}

pub(super) const POSTINGS: Table = sent!(Postings, "posting_id", "People sent by a provider: counts only.");
pub(super) const TRAININGS: Table = sent!(
    Trainings,
    "training_id",
    "People trained by a provider: counts only."
);

pub(super) const PLACEMENTS: Table = Table {
    id: TableId::Placements,
    key: &["placement_id"],
    about: "People placed in work: counts only.",
    columns: &[
        Column::new("placement_id", Id, "The row's id.").filled(),
        Column::new("origin_id", PLACE_OR_ORGANISATION, "Where they come from.").filled(),
        Column::new("destination_id", PLACE_OR_ORGANISATION, "Where they work.").filled(),
        Column::new("sector", Text, "Sector of the work."),
        Column::new("count", Count, "How many; empty where only a bound was said."),
        LOWER.may_be_absent(),
        UPPER.may_be_absent(),
        QUALIFIER.may_be_absent(),
        Column::new(
            "concept",
            Word(people::Concept::WORDS),
            "Persons, or times a person was placed.",
        )
        .filled(),
        Column::new(
            "within_region",
            Word(people::YesNo::WORDS),
            "Whether the work is inside the recipient region.",
        ),
        PERIOD,
        Column::new("wage", Decimal, "Wage as said."),
        Column::new("wage_lower", Decimal, "Lower bound of the wage.").may_be_absent(),
        Column::new("wage_upper", Decimal, "Upper bound of the wage.").may_be_absent(),
        CURRENCY,
        Column::new("part_of", PLACEMENT, "The larger count it is part of.").may_be_absent(),
        SPEAKER.filled(),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const CONDITIONS: Table = Table {
    id: TableId::Conditions,
    key: &["condition_id"],
    about: "A term attached to a placement, rule or activity, or an answer to one.",
    columns: &[
        Column::new("condition_id", Id, "The condition's id.").filled(),
        Column::new(
            "attached_to",
            Reference(&[TableId::Placements, TableId::Rules, TableId::Activities]),
            "What it is attached to.",
        )
        .filled(),
        Column::new("text", Text, "The term, as a paraphrase.").filled(),
        Column::new(
            "act",
            Word(claim::Act::WORDS),
            "What the speaker does by saying it.",
        )
        .filled(),
        SPEAKER.filled(),
        Column::new(
            "ilo_indicator",
            Word(people::IloIndicator::WORDS),
            "Which of the ILO's eleven indicators of forced labour it describes, in the ILO's words.",
        ),
        Column::new(
            "responds_to",
            References(&[TableId::Conditions]),
            "The conditions it answers.",
        ),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const LISTED_ENTITIES: Table = Table {
    id: TableId::ListedEntities,
    key: &["entity_id"],
    about: "An organisation on a public list; organisations only.",
    columns: &[
        Column::new("entity_id", Id, "The row's id.").filled(),
        NAME,
        Column::new("aliases", Text, "Other names, joined by ;."),
        Column::new("list", Text, "Which list.").filled(),
        Column::new("listed_on", Date, "When it was listed.").filled(),
        Column::new("clause", Text, "Under which clause."),
        Column::new("place_id", Reference(&[TableId::Places]), "Where it is."),
        Column::new(
            "responds_to",
            References(&[TableId::Claims]),
            "Claims that answer the listing.",
        ),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};
