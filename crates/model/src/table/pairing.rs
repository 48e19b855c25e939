//! Programmes, rounds, pairings, organisations, activities, results, rules and money.

use super::*;
use crate::{activity, programme, rule, transaction};

pub(super) const PROGRAMMES: Table = Table {
    id: TableId::Programmes,
    key: &["programme_id"],
    about: "A programme that pairs providers with recipients.",
    columns: &[
        Column::new("programme_id", Id, "The programme's id.").filled(),
        NAME,
        NAME_ZH.may_be_absent(),
        Column::new("nation_id", Reference(&[TableId::Places]), "The nation.").filled(),
        Column::new("decided_on", Date, "When it was decided."),
        Column::new("first_money_on", Date, "When money first moved."),
        START,
        END,
        Column::new("notes", Text, "Remarks for the reader."),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
    ],
};

pub(super) const ROUNDS: Table = Table {
    id: TableId::Rounds,
    key: &["round_id"],
    about: "A round of a programme; two dates because the timing of treatment hangs on them.",
    columns: &[
        Column::new("round_id", Id, "The round's id.").filled(),
        PROGRAMME.filled(),
        NAME,
        NAME_ZH.may_be_absent(),
        Column::new("nation_id", Reference(&[TableId::Places]), "The nation.").may_be_absent(),
        Column::new("decided_on", Date, "When it was decided."),
        Column::new("first_money_on", Date, "When money first moved."),
        START,
        END,
        Column::new("notes", Text, "Remarks for the reader."),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
    ],
};

pub(super) const ORGANISATIONS: Table = Table {
    id: TableId::Organisations,
    key: &["organisation_id"],
    about: "A firm, hospital, school or office, or a group of them.",
    columns: &[
        Column::new("organisation_id", Id, "The organisation's id.").filled(),
        NAME,
        NAME_ZH,
        Column::new("kind", Text, "What kind of organisation.").filled(),
        Column::new("place_id", Reference(&[TableId::Places]), "Where it is."),
        Column::new("identifiers", Text, "Identifiers as scheme:value, joined by ;."),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const PAIRINGS: Table = Table {
    id: TableId::Pairings,
    key: &["pairing_id"],
    about: "One provider linked to one recipient in one round.",
    columns: &[
        Column::new("pairing_id", Id, "The pairing's id.").filled(),
        PROGRAMME.filled(),
        Column::new("round_id", Reference(&[TableId::Rounds]), "The round.").filled(),
        Column::new(
            "provider_id",
            PLACE_OR_ORGANISATION,
            "The region or institution that gives.",
        )
        .filled(),
        Column::new(
            "recipient_id",
            PLACE_OR_ORGANISATION,
            "The region or institution that receives.",
        )
        .filled(),
        Column::new("kind", Word(programme::PairingKind::WORDS), "What is paired.").filled(),
        START,
        END,
        Column::new(
            "confidence",
            Word(programme::Confidence::WORDS),
            "How strong the evidence is; what is inferred is never high.",
        )
        .filled(),
        Column::new(
            "basis",
            Word(programme::PairingBasis::WORDS),
            "What the row rests on.",
        )
        .filled(),
        SOURCE,
        LOCATOR,
        NOTE,
        NOTES,
    ],
};

pub(super) const ACTIVITIES: Table = Table {
    id: TableId::Activities,
    key: &["activity_id"],
    about: "A project, industrial park, training, secondment or employment scheme.",
    columns: &[
        Column::new("activity_id", Id, "The activity's id.").filled(),
        PROGRAMME.may_be_absent(),
        Column::new("title", Text, "Title.").filled(),
        Column::new(
            "kind",
            Word(activity::ActivityKind::WORDS),
            "What kind of activity.",
        )
        .filled(),
        Column::new("place_id", Reference(&[TableId::Places]), "Where it is.").filled(),
        Column::new("status", Word(activity::ActivityStatus::WORDS), "IATI status."),
        Column::new("planned_start", Date, "When it was to begin."),
        Column::new("actual_start", Date, "When it began."),
        Column::new("planned_end", Date, "When it is to end."),
        Column::new(
            "abandonment_claims",
            References(&[TableId::Claims]),
            "Claims that it was abandoned.",
        ),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const PARTICIPANTS: Table = Table {
    id: TableId::Participants,
    key: &["activity_id", "organisation_id", "role"],
    about: "An organisation that takes part in an activity.",
    columns: &[
        Column::new("activity_id", Reference(&[TableId::Activities]), "The activity.").filled(),
        Column::new(
            "organisation_id",
            Reference(&[TableId::Organisations]),
            "The organisation.",
        )
        .filled(),
        Column::new("role", Word(activity::Role::WORDS), "IATI role.").filled(),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const RESULTS: Table = Table {
    id: TableId::Results,
    key: &["result_id"],
    about: "A target or an actual of an activity; two rows where two speakers say them.",
    columns: &[
        Column::new("result_id", Id, "The result's id.").filled(),
        Column::new("activity_id", Reference(&[TableId::Activities]), "The activity.").filled(),
        Column::new("indicator", Text, "What is measured, as a fixed word.").filled(),
        Column::new("unit", Text, "Unit of the figures.").filled(),
        Column::new("baseline", Decimal, "Where it stood before."),
        Column::new("target", Decimal, "What was promised."),
        Column::new("target_lower", Decimal, "Lower bound of what was promised.").may_be_absent(),
        Column::new("actual", Decimal, "What was reached."),
        Column::new("actual_lower", Decimal, "Lower bound of what was reached.").may_be_absent(),
        QUALIFIER.may_be_absent(),
        Column::new("due_on", Date, "When the target is due."),
        PERIOD,
        SPEAKER.filled(),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const RULES: Table = Table {
    id: TableId::Rules,
    key: &["rule_id"],
    about: "An obligation or entitlement as data.",
    columns: &[
        Column::new("rule_id", Id, "The rule's id.").filled(),
        PROGRAMME.filled(),
        Column::new("kind", Word(rule::RuleKind::WORDS), "What kind of rule.").filled(),
        Column::new("who_id", PLACE_OR_ORGANISATION, "Who owes or is entitled.").filled(),
        Column::new(
            "base_indicator",
            ColumnKind::BaseIndicator,
            "What the rate is taken of.",
        ),
        Column::new("rate_lower", Decimal, "Lowest rate.").unit("fraction"),
        Column::new("rate_upper", Decimal, "Highest rate.").unit("fraction"),
        Column::new(
            "base_lag",
            Count,
            "How many years back the base is taken; empty means 0.",
        )
        .unit("years")
        .may_be_absent(),
        Column::new("amount", Decimal, "A fixed amount."),
        CURRENCY,
        Column::new(
            "minimum_count",
            Count,
            "From how many persons on the amount is due.",
        ),
        PERIOD_START,
        PERIOD_END,
        Column::new("text", Text, "The rule, as a paraphrase.").filled(),
        SPEAKER.may_be_absent(),
        SOURCE,
        LOCATOR,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const TRANSACTIONS: Table = Table {
    id: TableId::Transactions,
    key: &["transaction_id"],
    about: "A statement about money: never summed with another flow, nor a sum with its part or copy.",
    columns: &[
        Column::new("transaction_id", Id, "The transaction's id.").filled(),
        PROGRAMME.may_be_absent(),
        Column::new("flow", Word(transaction::Flow::WORDS), "Which kind of money.").filled(),
        Column::new(
            "type",
            Word(transaction::TransactionType::WORDS),
            "Which rung: IATI's words, and plan, agreement, arrival.",
        )
        .filled(),
        Column::new(
            "basis",
            Word(transaction::TransactionBasis::WORDS),
            "One year's money, a sum of years, or part of a year.",
        )
        .filled(),
        Column::new("provider_id", PLACE_OR_ORGANISATION, "Who gives.").filled(),
        Column::new("receiver_id", PLACE_OR_ORGANISATION, "Who receives.").filled(),
        Column::new(
            "activity_id",
            Reference(&[TableId::Activities]),
            "The activity it pays for.",
        ),
        VALUE,
        LOWER,
        UPPER,
        QUALIFIER,
        CURRENCY.filled(),
        AS_SAID,
        PERIOD_START,
        PERIOD_END,
        Column::new(
            "part_of",
            Reference(&[TableId::Transactions]),
            "The larger sum it is part of.",
        ),
        Column::new(
            "copy_of",
            Reference(&[TableId::Transactions]),
            "The statement it repeats.",
        ),
        SPEAKER.filled(),
        SOURCE,
        LOCATOR,
        NOTE,
        NOTES,
    ],
};
