//! The one description of every table: name, columns, types, units, vocabularies, keys, references.
//!
//! The importer, `datapackage.json`, `docs/case-folder.md`, the ledger's typed SQL tables and `counterpart new` all
//! come from it. Adding a column here adds it everywhere.

mod evidence;
mod pairing;
mod people;
mod statistics;

use std::str::FromStr;

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// An identifier that other rows may point at: printable ASCII without spaces.
    Id,
    /// Free text in NFC, one line.
    Text,
    /// One word of a closed vocabulary.
    Word(&'static [&'static str]),
    /// An ISO 8601 date at the precision known.
    Date,
    /// A date, or a start and an end joined by `/`.
    Period,
    /// A plain decimal with a point.
    Decimal,
    /// A whole number from 0.
    Count,
    /// A whole number that may be negative.
    Integer,
    /// An ISO 4217 code.
    Currency,
    /// A SHA-256 digest, 64 hexadecimal digits.
    Sha256,
    /// The key of a row of one of these tables.
    Reference(&'static [TableId]),
    /// Keys of rows of one of these tables, joined by `;`.
    References(&'static [TableId]),
    /// An indicator's id, or `flow:` and a word of the transactions' flows.
    BaseIndicator,
    /// Operands of a derivation, joined by `;`: ids, or `place/indicator/period`.
    Operands,
    /// A formula of the small closed language of derived indicators.
    Formula,
    /// A status of an observation, with or without brackets.
    ObservationStatus,
}

impl ColumnKind {
    /// Returns the kind in words, as documentation and faults say it.
    #[must_use]
    pub fn in_words(self) -> String {
        match self {
            Self::Id => "an id of printable ASCII without spaces".into(),
            Self::Text => "text".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Date => "an ISO 8601 date (2010, 2014-09 or 2020-12-31)".into(),
            Self::Period => "an ISO 8601 date, or two joined by / (2018/2020-07)".into(),
            Self::Decimal => "a plain decimal with a point (0.3, 1500000)".into(),
            Self::Count => "a whole number from 0".into(),
            Self::Integer => "a whole number".into(),
            Self::Currency => "an ISO 4217 code of three capitals (CNY)".into(),
            Self::Sha256 => "a SHA-256 digest of 64 hexadecimal digits".into(),
            Self::Reference(tables) => format!("a key of {}", names(tables, " or ")),
            Self::References(tables) => format!("keys of {}, joined by ;", names(tables, " or ")),
            Self::BaseIndicator => "an indicator_id, or flow: and a flow of transactions".into(),
            Self::Operands => "ids or place/indicator/period, joined by ;".into(),
            Self::Formula => "a formula over indicators: + - * /, x[-1], mean(a, b), sum_of(x, places level=…), at(PLACE, x)".into(),
            Self::ObservationStatus => "one of [p] [r] [e] [b] [x]".into(),
        }
    }
}

fn names(tables: &[TableId], separator: &str) -> String {
    tables
        .iter()
        .map(|table| table.name())
        .collect::<Vec<_>>()
        .join(separator)
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Heading in the CSV file.
    pub name: &'static str,
    /// What it may hold.
    pub kind: ColumnKind,
    /// Whether the heading has to be there.
    pub in_header: bool,
    /// Whether every row has to have a value.
    pub filled: bool,
    /// Unit, where it is the same for every row.
    pub unit: Option<&'static str>,
    /// What it says, in one sentence.
    pub about: &'static str,
}

impl Column {
    /// A column that stands in every header and may be empty.
    const fn new(name: &'static str, kind: ColumnKind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            in_header: true,
            filled: false,
            unit: None,
            about,
        }
    }

    /// The same column, with a value in every row.
    const fn filled(mut self) -> Self {
        self.filled = true;
        self
    }

    /// The same column, which a header may leave out.
    const fn may_be_absent(mut self) -> Self {
        self.in_header = false;
        self
    }

    /// The same column with one unit for every row.
    const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }
}

/// A table of a case folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Which one.
    pub id: TableId,
    /// Columns of the key, in order.
    pub key: &'static [&'static str],
    /// All columns, in the order in which a new file has them.
    pub columns: &'static [Column],
    /// What a row is, in one sentence.
    pub about: &'static str,
}

macro_rules! tables {
    ($($(#[$meta:meta])* $variant:ident = $name:literal => $path:path,)+) => {
        /// The tables of a case folder, in the order in which they are read and hashed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TableId { $($(#[$meta])* $variant,)+ }

        impl TableId {
            /// Every table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the table's name, which is its file's name without `.csv`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Returns the table's description.
            #[must_use]
            pub const fn table(self) -> &'static Table {
                match self { $(Self::$variant => &$path,)+ }
            }
        }
    };
}

tables! {
    /// Documents and data sets.
    Sources = "sources" => evidence::SOURCES,
    /// Offices and organisations that say something.
    Speakers = "speakers" => evidence::SPEAKERS,
    /// Places: nations, provinces, counties, groups of them.
    Places = "places" => statistics::PLACES,
    /// Members of groups of places.
    PlaceMembers = "place_members" => statistics::PLACE_MEMBERS,
    /// Programmes.
    Programmes = "programmes" => pairing::PROGRAMMES,
    /// Rounds of programmes.
    Rounds = "rounds" => pairing::ROUNDS,
    /// Firms, hospitals, schools, offices.
    Organisations = "organisations" => pairing::ORGANISATIONS,
    /// Who is paired with whom.
    Pairings = "pairings" => pairing::PAIRINGS,
    /// Editions of statistical series.
    Vintages = "vintages" => statistics::VINTAGES,
    /// Indicators, observed and derived.
    Indicators = "indicators" => statistics::INDICATORS,
    /// Values of indicators.
    Observations = "observations" => statistics::OBSERVATIONS,
    /// Projects, parks, trainings.
    Activities = "activities" => pairing::ACTIVITIES,
    /// Organisations that take part in activities.
    Participants = "participants" => pairing::PARTICIPANTS,
    /// Targets and actuals of activities.
    Results = "results" => pairing::RESULTS,
    /// Statements in words.
    Claims = "claims" => evidence::CLAIMS,
    /// What a claim's figure is said to follow from.
    Derivations = "derivations" => evidence::DERIVATIONS,
    /// Obligations and entitlements.
    Rules = "rules" => pairing::RULES,
    /// Money.
    Transactions = "transactions" => pairing::TRANSACTIONS,
    /// People sent, as counts.
    Postings = "postings" => people::POSTINGS,
    /// People trained, as counts.
    Trainings = "trainings" => people::TRAININGS,
    /// People placed in work, as counts.
    Placements = "placements" => people::PLACEMENTS,
    /// Terms attached to placements, rules and activities.
    Conditions = "conditions" => people::CONDITIONS,
    /// Official evaluations and audits.
    Reviews = "reviews" => evidence::REVIEWS,
    /// Rates between currencies.
    ExchangeRates = "exchange_rates" => statistics::EXCHANGE_RATES,
    /// Published studies.
    Literature = "literature" => evidence::LITERATURE,
    /// Organisations on public lists.
    ListedEntities = "listed_entities" => people::LISTED_ENTITIES,
}

impl TableId {
    /// Tables that every case has.
    pub const ALWAYS: &'static [Self] = &[Self::Sources, Self::Speakers, Self::Places];

    /// Returns the columns, in order.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        self.table().columns
    }

    /// Returns the columns of the key, in order.
    #[must_use]
    pub const fn key(self) -> &'static [&'static str] {
        self.table().key
    }

    /// Returns the position of a column by its heading.
    #[must_use]
    pub fn column_index(self, heading: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.name == heading)
    }

    /// Returns the table's paths inside a case folder: one file, or a folder of files.
    #[must_use]
    pub const fn is_folder(self) -> bool {
        matches!(self, Self::Observations)
    }

    /// Whether the table has a `name` column, which is that of an office, a place or an organisation.
    #[must_use]
    pub fn has_public_name(self) -> bool {
        self.column_index("name").is_some()
    }
}

impl FromStr for TableId {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL
            .iter()
            .copied()
            .find(|table| table.name() == name)
            .ok_or(())
    }
}

impl std::fmt::Display for TableId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

// Columns that many tables share.

use ColumnKind::{Count, Currency, Date, Decimal, Id, Period, Reference, References, Text, Word};

const SOURCE: Column = Column::new(
    "source_id",
    Reference(&[TableId::Sources]),
    "The document that says this row.",
)
.filled();
const LOCATOR: Column = Column::new(
    "locator",
    Text,
    "Where in the source: page, paragraph, table, cell or row key.",
)
.filled();
const LOCATOR_MAY: Column = Column::new(
    "locator",
    Text,
    "Where in the source: page, paragraph, table, cell or row key.",
)
.may_be_absent();
const BASIS: Column = Column::new(
    "basis",
    Word(crate::programme::PairingBasis::WORDS),
    "What the row rests on; `inferred` where it is the compilers' own inference.",
)
.may_be_absent();
const NOTE: Column = Column::new("note", Text, "A remark for the reader.").may_be_absent();
const NOTES: Column = Column::new("notes", Text, "Remarks for the reader.").may_be_absent();
const NAME: Column = Column::new("name", Text, "Name in Latin letters; never a private person's.").filled();
const NAME_ZH: Column = Column::new("name_zh", Text, "Name in Chinese.");
const PROGRAMME: Column = Column::new(
    "programme_id",
    Reference(&[TableId::Programmes]),
    "The programme.",
);
const SPEAKER: Column = Column::new("speaker_id", Reference(&[TableId::Speakers]), "Who says it.");
const CURRENCY: Column = Column::new("currency", Currency, "Currency of the amounts of this row.");
const QUALIFIER: Column = Column::new(
    "qualifier",
    Word(crate::quantity::Qualifier::WORDS),
    "How exact the figure is said to be.",
);
const VALUE: Column = Column::new("value", Decimal, "The figure; empty where only a bound was said.");
const LOWER: Column = Column::new(
    "lower",
    Decimal,
    "Lower bound, where one was said instead of a value.",
);
const UPPER: Column = Column::new(
    "upper",
    Decimal,
    "Upper bound, where one was said instead of a value.",
);
const AS_SAID: Column = Column::new("as_said", Text, "The figure at the scale it was published.");
const PERIOD_START: Column = Column::new("period_start", Date, "First date the row is about.");
const PERIOD_END: Column = Column::new("period_end", Date, "Last date the row is about.");
const START: Column = Column::new("start", Date, "First date.");
const END: Column = Column::new("end", Date, "Last date; empty where it runs on.");
const PERIOD: Column = Column::new("period", Period, "What the row is about.");
const PLACE_OR_ORGANISATION: ColumnKind = Reference(&[TableId::Places, TableId::Organisations]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_filled_columns_of_their_table() {
        for table in TableId::ALL {
            for key in table.key() {
                let column = table.columns().iter().find(|column| column.name == *key);
                assert!(column.is_some_and(|column| column.in_header), "{table}.{key}");
            }
        }
    }

    #[test]
    fn headings_occur_once_in_a_table() {
        for table in TableId::ALL {
            let mut headings: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
            headings.sort_unstable();
            let n = headings.len();
            headings.dedup();
            assert_eq!(n, headings.len(), "{table}");
        }
    }

    #[test]
    fn every_row_but_a_source_names_its_source() {
        for table in TableId::ALL.iter().filter(|table| **table != TableId::Sources) {
            assert!(
                table.column_index("source_id").is_some() && table.column_index("locator").is_some(),
                "{table}"
            );
        }
    }

    #[test]
    fn names_lead_back_to_their_table() {
        for table in TableId::ALL {
            assert_eq!(table.name().parse(), Ok(*table));
        }
    }
}
