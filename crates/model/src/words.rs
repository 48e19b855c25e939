//! Macros behind the closed vocabularies and the typed rows.

/// Defines an enumeration whose variants are the exact words of a table cell or of `case.toml`.
///
/// The words stand here once: the table description, the importer and the documentation read `WORDS`.
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every word of this vocabulary, in the order of its definition.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Returns the word as it is written in a table.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::row::CellError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::row::CellError::NotAWord { met: text.to_owned(), words: Self::WORDS }),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl $crate::row::Cell for $name {
            fn read(value: Option<&$crate::row::Value>) -> Result<Self, $crate::row::CellError> {
                match value {
                    Some($crate::row::Value::Text(text)) => text.parse(),
                    Some(other) => Err($crate::row::CellError::WrongKind { met: other.kind(), expected: "word" }),
                    None => Err($crate::row::CellError::Missing),
                }
            }
        }

        impl $crate::row::Cell for Option<$name> {
            fn read(value: Option<&$crate::row::Value>) -> Result<Self, $crate::row::CellError> {
                value.map(|value| <$name as $crate::row::Cell>::read(Some(value))).transpose()
            }
        }
    };
}

/// Defines the struct of one table's row and reads it from a [`Row`](crate::row::Row).
///
/// Each field names the column it comes from, so that a column renamed in [`table`](crate::table)
/// and not here fails the test that every typed column exists.
macro_rules! typed_row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident in $table:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty = $column:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name {
            $($(#[$fmeta])* pub $field: $type,)+
            /// Columns of the case's own, `x_…`: kept and shown, never computed with.
            pub extra: std::collections::BTreeMap<String, String>,
        }

        impl $crate::row::TypedRow for $name {
            const TABLE: $crate::table::TableId = $crate::table::TableId::$table;
            const COLUMNS: &'static [&'static str] = &[$($column),+];

            fn read(row: &$crate::row::Row, at: &[Option<usize>]) -> Result<Self, $crate::row::RowError> {
                let mut position = at.iter().copied();
                Ok(Self {
                    $($field: {
                        let value = position.next().flatten().and_then(|index| row.value_at(index));
                        <$type as $crate::row::Cell>::read(value)
                            .map_err(|source| $crate::row::RowError { table: Self::TABLE, column: $column, source })?
                    },)+
                    extra: row.extra.clone(),
                })
            }
        }
    };
}
