//! Places and groups of places.

use rust_decimal::Decimal;

use crate::{Date, Id};

words! {
    /// Level of a place.
    pub enum Level {
        /// A nation.
        Nation = "nation",
        /// A first-level region.
        Province = "province",
        /// A second-level region.
        Prefecture = "prefecture",
        /// A third-level region.
        County = "county",
        /// A division of a corps.
        Division = "division",
        /// A group of places.
        Group = "group",
    }
}

typed_row! {
    /// A place.
    pub struct Place in Places {
        /// Key.
        id: Id = "place_id",
        /// Name.
        name: String = "name",
        /// Name in Chinese.
        name_zh: Option<String> = "name_zh",
        /// Name in the local script.
        name_local: Option<String> = "name_local",
        /// Level.
        level: Level = "level",
        /// The place that holds it.
        parent_id: Option<Id> = "parent_id",
        /// Longitude, degrees east.
        lon: Option<Decimal> = "lon",
        /// Latitude, degrees north.
        lat: Option<Decimal> = "lat",
        /// From when the code holds.
        valid_from: Option<Date> = "valid_from",
        /// Until when the code holds.
        valid_to: Option<Date> = "valid_to",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

typed_row! {
    /// A member of a group.
    pub struct PlaceMember in PlaceMembers {
        /// The group.
        group_id: Id = "group_id",
        /// The member.
        place_id: Id = "place_id",
        /// From when.
        valid_from: Option<Date> = "valid_from",
        /// Until when.
        valid_to: Option<Date> = "valid_to",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
