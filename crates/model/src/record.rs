//! All typed rows of a case, as a ledger yields them at a commit.

use crate::activity::{Activity, ActivityResult, Participant};
use crate::case::Case;
use crate::claim::Claim;
use crate::derivation::Derivation;
use crate::evidence::{PublishedStudy, Review};
use crate::indicator::Indicator;
use crate::observation::{ExchangeRate, Observation, Vintage};
use crate::people::{Condition, ListedEntity, Placement, Posting, Training};
use crate::place::{Place, PlaceMember};
use crate::programme::{Organisation, Pairing, Programme, Round};
use crate::rule::Rule;
use crate::source::{Source, Speaker};
use crate::transaction::Transaction;

/// A file of shapes, as text: GeoJSON whose features carry a `place_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeoFile {
    /// File name inside `geo/`.
    pub name: String,
    /// The GeoJSON text.
    pub text: String,
}

macro_rules! record {
    ($($(#[$meta:meta])* $field:ident: $type:ty,)+) => {
        /// All typed rows of a case and its questions.
        ///
        /// Rows of a table are sorted by their key, so that nothing computed from them depends on the order of a file.
        #[derive(Debug, Clone)]
        pub struct Record {
            /// The questions.
            pub case: Case,
            /// Shapes of places.
            pub geo: Vec<GeoFile>,
            /// Rows whose figures disclosure control took out, by table and key; none where it has not been through it.
            pub withheld: Option<std::collections::BTreeSet<(crate::TableId, String)>>,
            $($(#[$meta])* pub $field: Vec<$type>,)+
        }

        impl Record {
            /// Returns an empty record for a case.
            #[must_use]
            pub fn new(case: Case) -> Self {
                Self { case, geo: Vec::new(), withheld: None, $($field: Vec::new(),)+ }
            }

            /// Whether disclosure control took the figures of a row out.
            #[must_use]
            pub fn is_withheld(&self, table: crate::TableId, key: &str) -> bool {
                self.withheld
                    .as_ref()
                    .is_some_and(|rows| rows.contains(&(table, key.to_owned())))
            }

            /// Reads the rows of one table into the record, in the order given.
            ///
            /// # Errors
            /// [`RowError`](crate::row::RowError) of the first row that does not have its table's types.
            pub fn read_table<'a>(
                &mut self,
                table: crate::TableId,
                rows: impl IntoIterator<Item = &'a crate::Row>,
            ) -> Result<(), crate::row::RowError> {
                use crate::row::TypedRow;
                $(if table == <$type as TypedRow>::TABLE {
                    self.$field = <$type as TypedRow>::read_all(rows)?;
                    return Ok(());
                })+
                Ok(())
            }

            /// The tables of the record with the columns that its structs read; for tests of the schema.
            pub const TYPED: &'static [(crate::TableId, &'static [&'static str])] =
                &[$((<$type as crate::row::TypedRow>::TABLE, <$type as crate::row::TypedRow>::COLUMNS),)+];
        }
    };
}

record! {
    /// Sources.
    sources: Source,
    /// Speakers.
    speakers: Speaker,
    /// Places.
    places: Place,
    /// Members of groups.
    place_members: PlaceMember,
    /// Programmes.
    programmes: Programme,
    /// Rounds.
    rounds: Round,
    /// Organisations.
    organisations: Organisation,
    /// Pairings.
    pairings: Pairing,
    /// Vintages.
    vintages: Vintage,
    /// Indicators.
    indicators: Indicator,
    /// Observations.
    observations: Observation,
    /// Activities.
    activities: Activity,
    /// Participants.
    participants: Participant,
    /// Results.
    results: ActivityResult,
    /// Claims.
    claims: Claim,
    /// Derivations.
    derivations: Derivation,
    /// Rules.
    rules: Rule,
    /// Transactions.
    transactions: Transaction,
    /// Postings.
    postings: Posting,
    /// Trainings.
    trainings: Training,
    /// Placements.
    placements: Placement,
    /// Conditions.
    conditions: Condition,
    /// Reviews.
    reviews: Review,
    /// Exchange rates.
    exchange_rates: ExchangeRate,
    /// Published studies.
    literature: PublishedStudy,
    /// Organisations on lists.
    listed_entities: ListedEntity,
}

#[cfg(test)]
mod tests {
    use super::Record;
    use crate::TableId;

    #[test]
    fn every_table_has_its_struct_and_every_field_its_column() {
        let typed: Vec<TableId> = Record::TYPED.iter().map(|(table, _)| *table).collect();
        for table in TableId::ALL {
            assert!(typed.contains(table), "{table} is read by no struct");
        }
        for (table, columns) in Record::TYPED {
            for column in *columns {
                assert!(table.column_index(column).is_some(), "{table}.{column}");
            }
        }
    }
}
