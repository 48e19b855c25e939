//! Sources, speakers, claims, derivations, reviews, literature: what was said, and by whom.

use super::*;
use crate::{claim, derivation, source};

pub(super) const SOURCES: Table = Table {
    id: TableId::Sources,
    key: &["source_id"],
    about: "A document or data set; a copy of a source is not a second source.",
    columns: &[
        Column::new("source_id", Id, "The source's id.").filled(),
        Column::new("title", Text, "Title.").filled(),
        Column::new("publisher", Text, "Who published it.").filled(),
        Column::new(
            "publisher_kind",
            Word(source::PublisherKind::WORDS),
            "What kind of publisher.",
        )
        .filled(),
        Column::new("published_on", Date, "When it was published."),
        Column::new("retrieved_on", Date, "When it was read."),
        Column::new("address", Text, "Where it can be found."),
        Column::new(
            "sha256",
            ColumnKind::Sha256,
            "Digest of the document that was read.",
        ),
        Column::new("licence", Text, "Licence as stated; empty where none is."),
        Column::new(
            "may_republish",
            Word(source::MayRepublish::WORDS),
            "Whether its content may be published again.",
        )
        .filled(),
        Column::new(
            "copy_of",
            Reference(&[TableId::Sources]),
            "The source this one repeats.",
        ),
        NOTE,
        NOTES,
        BASIS,
    ],
};

pub(super) const SPEAKERS: Table = Table {
    id: TableId::Speakers,
    key: &["speaker_id"],
    about: "An office or organisation that says something; a person only as holder of a public office.",
    columns: &[
        Column::new("speaker_id", Id, "The speaker's id.").filled(),
        NAME,
        NAME_ZH,
        Column::new(
            "kind",
            Word(source::SpeakerKind::WORDS),
            "What kind of speaker; `unattributed` is never upgraded.",
        )
        .filled(),
        Column::new(
            "part_of",
            Reference(&[TableId::Speakers]),
            "The larger office or organisation.",
        ),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const CLAIMS: Table = Table {
    id: TableId::Claims,
    key: &["claim_id"],
    about: "A statement in words, with or without a figure; an allegation stays one even when it holds a number.",
    columns: &[
        Column::new("claim_id", Id, "The claim's id.").filled(),
        Column::new(
            "act",
            Word(claim::Act::WORDS),
            "What the speaker does by saying it.",
        )
        .filled(),
        SPEAKER.filled(),
        Column::new(
            "reported_by",
            Reference(&[TableId::Sources]),
            "The source that reports the words of another.",
        ),
        Column::new(
            "attribution",
            Word(claim::Attribution::WORDS),
            "How the speaker is named.",
        )
        .filled(),
        Column::new(
            "subject",
            Text,
            "What the claim is about: an id where there is one.",
        )
        .filled(),
        Column::new(
            "property",
            Text,
            "Which property of the subject, as a fixed word.",
        )
        .filled(),
        Column::new(
            "place_id",
            Reference(&[TableId::Places]),
            "The place it is about.",
        ),
        PERIOD_START,
        PERIOD_END,
        VALUE,
        LOWER,
        UPPER,
        QUALIFIER,
        Column::new("unit", Text, "Unit of value and bounds."),
        CURRENCY,
        AS_SAID,
        Column::new("text", Text, "A paraphrase.").filled(),
        Column::new(
            "responds_to",
            References(&[TableId::Claims]),
            "The claims it answers.",
        ),
        Column::new("topic", Text, "A word that groups claims."),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const DERIVATIONS: Table = Table {
    id: TableId::Derivations,
    key: &["derivation_id"],
    about: "What a claim's figure is said to follow from; several rows where readings compete.",
    columns: &[
        Column::new("derivation_id", Id, "The derivation's id.").filled(),
        Column::new(
            "claim_id",
            Reference(&[TableId::Claims]),
            "The claim whose figure it explains.",
        )
        .filled(),
        Column::new(
            "kind",
            Word(derivation::DerivationKind::WORDS),
            "How the figure follows from the operands.",
        )
        .filled(),
        Column::new(
            "operands",
            ColumnKind::Operands,
            "What it follows from, in order.",
        )
        .filled(),
        Column::new(
            "rounding",
            Word(derivation::Rounding::WORDS),
            "How the source says it rounded.",
        )
        .filled(),
        Column::new(
            "digits",
            ColumnKind::Integer,
            "Decimals of the stored value; negative means tens and above.",
        ),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const REVIEWS: Table = Table {
    id: TableId::Reviews,
    key: &["review_id"],
    about: "An official evaluation or audit, as a statement.",
    columns: &[
        Column::new("review_id", Id, "The review's id.").filled(),
        PROGRAMME.filled(),
        Column::new(
            "reviewer_id",
            Reference(&[TableId::Speakers]),
            "The office that reviews.",
        )
        .filled(),
        Column::new(
            "reviewed_id",
            Reference(&[TableId::Speakers, TableId::Places, TableId::Organisations]),
            "Who is reviewed.",
        )
        .filled(),
        PERIOD,
        Column::new("finding", Text, "What was found, as a paraphrase.").filled(),
        Column::new("repair", Text, "What was done about it."),
        Column::new(
            "closed",
            Word(crate::evidence::Closed::WORDS),
            "Whether the matter is closed.",
        )
        .filled(),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const LITERATURE: Table = Table {
    id: TableId::Literature,
    key: &["study_id"],
    about: "A published study: other people's verdicts, for the evidence map.",
    columns: &[
        Column::new("study_id", Id, "The study's id.").filled(),
        Column::new("authors", Text, "Authors as printed on the work."),
        Column::new("year", ColumnKind::Date, "Year of publication."),
        Column::new("title", Text, "Title.").filled(),
        Column::new("outlet", Text, "Journal, series or publisher."),
        PROGRAMME,
        Column::new("data", Text, "Which data it uses."),
        Column::new("method", Text, "Its method."),
        Column::new("outcome", Text, "Its outcome."),
        Column::new("finding", Text, "Its finding, as a paraphrase."),
        Column::new("direction", Text, "Which way its finding points.").filled(),
        Column::new("estimate", Decimal, "Its main estimate."),
        Column::new("std_error", Decimal, "Standard error of the main estimate."),
        Column::new(
            "shares_data_with",
            References(&[TableId::Literature, TableId::Sources]),
            "Studies and sources that rest on the same data.",
        ),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};
