//! Places, members of groups, vintages, indicators, observations and exchange rates.

use super::*;
use crate::{indicator, observation, place};

pub(super) const PLACES: Table = Table {
    id: TableId::Places,
    key: &["place_id"],
    about: "A nation, province, prefecture, county or division, or a group of them.",
    columns: &[
        Column::new("place_id", Id, "The place's id, with its code system in front.").filled(),
        Column::new("code_system", Text, "Code system of the id."),
        Column::new("code_year", Date, "Edition of the code system."),
        NAME,
        NAME_ZH,
        Column::new("name_local", Text, "Name in the local script."),
        Column::new("level", Word(place::Level::WORDS), "Which level.").filled(),
        Column::new(
            "parent_id",
            Reference(&[TableId::Places]),
            "The place that holds it.",
        ),
        Column::new("lon", Decimal, "Longitude of its point.").unit("degrees east"),
        Column::new("lat", Decimal, "Latitude of its point.").unit("degrees north"),
        Column::new("valid_from", Date, "From when the code holds."),
        Column::new("valid_to", Date, "Until when the code holds."),
        SOURCE,
        LOCATOR_MAY,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const PLACE_MEMBERS: Table = Table {
    id: TableId::PlaceMembers,
    key: &["group_id", "place_id"],
    about: "A member of a group of places.",
    columns: &[
        Column::new("group_id", Reference(&[TableId::Places]), "The group.").filled(),
        Column::new("place_id", Reference(&[TableId::Places]), "The member.").filled(),
        Column::new("valid_from", Date, "From when it is a member.").may_be_absent(),
        Column::new("valid_to", Date, "Until when it is a member.").may_be_absent(),
        SOURCE,
        LOCATOR_MAY,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const VINTAGES: Table = Table {
    id: TableId::Vintages,
    key: &["vintage_id"],
    about: "An edition of a statistical series.",
    columns: &[
        Column::new("vintage_id", Id, "The vintage's id.").filled(),
        Column::new("series", Text, "Which series it is an edition of."),
        Column::new(
            "kind",
            Word(observation::VintageKind::WORDS),
            "An edition, each year as first published, or a compilation of others' making.",
        )
        .filled()
        .may_be_absent(),
        Column::new(
            "published_on",
            Date,
            "When it was published: what `newest` goes by.",
        ),
        Column::new("population_basis", Text, "The census by which heads are counted."),
        Column::new(
            "supersedes",
            References(&[TableId::Vintages]),
            "The vintages it replaces.",
        ),
        Column::new("note", Text, "A remark for the reader."),
        SOURCE,
        LOCATOR_MAY,
        BASIS,
        NOTES,
    ],
};

pub(super) const INDICATORS: Table = Table {
    id: TableId::Indicators,
    key: &["indicator_id"],
    about: "An indicator: observed, or derived by a formula.",
    columns: &[
        Column::new("indicator_id", Id, "The indicator's id.").filled(),
        NAME.filled(),
        NAME_ZH,
        Column::new("unit", Text, "Unit of its values."),
        Column::new(
            "kind",
            Word(indicator::IndicatorKind::WORDS),
            "Level, index or share.",
        )
        .filled(),
        Column::new("better", Word(indicator::Better::WORDS), "Which way is better.").filled(),
        Column::new("derive", ColumnKind::Formula, "Its formula, where it is derived."),
        SOURCE,
        LOCATOR_MAY,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const OBSERVATIONS: Table = Table {
    id: TableId::Observations,
    key: &["place_id", "indicator_id", "period", "vintage_id"],
    about: "One value of an indicator for a place and period in a vintage.",
    columns: &[
        Column::new("place_id", Reference(&[TableId::Places]), "The place.").filled(),
        Column::new(
            "indicator_id",
            Reference(&[TableId::Indicators]),
            "The indicator.",
        )
        .filled(),
        Column::new("period", Period, "The period.").filled(),
        Column::new("vintage_id", Reference(&[TableId::Vintages]), "The vintage.").filled(),
        Column::new("value", Decimal, "The value; empty where it is not available."),
        Column::new("unit", Text, "Unit of the value: its indicator's."),
        Column::new(
            "status",
            ColumnKind::ObservationStatus,
            "Provisional, revised, estimated, break, not available.",
        ),
        Column::new("flag", Text, "Words about the value, joined by ;."),
        SOURCE,
        LOCATOR_MAY,
        BASIS,
        NOTE,
        NOTES,
    ],
};

pub(super) const EXCHANGE_RATES: Table = Table {
    id: TableId::ExchangeRates,
    key: &["currency", "per", "period", "kind"],
    about: "How much of one currency is paid for one unit of another.",
    columns: &[
        Column::new("currency", Currency, "The currency that is paid.").filled(),
        Column::new("per", Currency, "The currency that is bought.").filled(),
        PERIOD.filled(),
        Column::new(
            "kind",
            Word(observation::RateKind::WORDS),
            "Mean of the period, or its end.",
        )
        .filled(),
        Column::new("value", Decimal, "The rate.").filled(),
        SOURCE,
        LOCATOR_MAY,
        BASIS,
        NOTE,
        NOTES,
    ],
};
