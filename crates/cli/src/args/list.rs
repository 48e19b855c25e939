//! Arguments of `list`.

use std::path::PathBuf;

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Table of the case, or section of the report
    #[arg(value_name = "TABLE")]
    pub(crate) table: String,
    /// Case folder, or a ledger file that holds one
    #[arg(value_name = "CASE", required_unless_present = "ledger")]
    pub(crate) case: Option<PathBuf>,
    /// Ledger file, where CASE is not given
    #[arg(long, value_name = "FILE", conflicts_with = "case")]
    pub(crate) ledger: Option<PathBuf>,
    /// Only rows where this holds: COLUMN=TEXT, != < <= > >= or ~ (contains); may be given several times
    #[arg(long = "where", value_name = "CONDITION", value_parser = Condition::parse)]
    pub(crate) conditions: Vec<Condition>,
    /// Beside each row those of another table: TABLE:COLUMN, or TABLE:THEIRS=OURS; their columns are TABLE.COLUMN
    #[arg(long, value_name = "JOIN", value_parser = Join::parse)]
    pub(crate) join: Vec<Join>,
    /// Only rows beside which the other table has none, written as for --join
    #[arg(long, value_name = "JOIN", value_parser = Join::parse)]
    pub(crate) without: Vec<Join>,
    /// Columns to print, separated by commas
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Rows that look alike once
    #[arg(long)]
    pub(crate) unique: bool,
    /// How many rows there are for each value of this column
    #[arg(long, value_name = "COLUMN")]
    pub(crate) count: Option<String>,
    /// In the order of this column; -COLUMN from the greatest down
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
    /// At most so many rows
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
}

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Contains,
}

/// What has to hold of a row.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) column: String,
    pub(crate) comparison: Comparison,
    pub(crate) value: String,
}

impl Condition {
    fn parse(text: &str) -> Result<Self, String> {
        use Comparison::{AtLeast, AtMost, Contains, Equal, Less, More, Unequal};
        const SIGNS: [(&str, Comparison); 7] = [
            ("!=", Unequal),
            ("<=", AtMost),
            (">=", AtLeast),
            ("=", Equal),
            ("<", Less),
            (">", More),
            ("~", Contains),
        ];
        let found = SIGNS
            .iter()
            .enumerate()
            .filter_map(|(order, (sign, comparison))| {
                let at = text.find(sign)?;
                Some((at, order, *sign, *comparison))
            })
            .min_by_key(|(at, order, _, _)| (*at, *order));
        let Some((at, _, sign, comparison)) = found.filter(|(at, ..)| *at > 0) else {
            return Err("a column, one of = != < <= > >= ~, and a text".to_owned());
        };
        Ok(Self {
            column: text.get(..at).unwrap_or_default().trim().to_owned(),
            comparison,
            value: text.get(at + sign.len()..).unwrap_or_default().trim().to_owned(),
        })
    }
}

/// Another table, and which of its rows belong to one of ours.
#[derive(Debug, Clone)]
pub(crate) struct Join {
    pub(crate) table: String,
    /// Their column; none for their key.
    pub(crate) theirs: Option<String>,
    pub(crate) ours: String,
}

impl Join {
    fn parse(text: &str) -> Result<Self, String> {
        let (table, on) = text
            .split_once(':')
            .ok_or_else(|| "TABLE:COLUMN, or TABLE:THEIRS=OURS".to_owned())?;
        let (theirs, ours) = match on.split_once('=') {
            Some((theirs, ours)) => (Some(theirs.trim().to_owned()), ours.trim().to_owned()),
            None => (None, on.trim().to_owned()),
        };
        Ok(Self {
            table: table.trim().to_owned(),
            theirs,
            ours,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_by_their_first_sign() {
        let read = |text: &str| {
            Condition::parse(text)
                .map(|c| (c.column, c.comparison, c.value))
                .unwrap()
        };
        assert_eq!(
            read("value>=3"),
            ("value".into(), Comparison::AtLeast, "3".into())
        );
        assert_eq!(
            read("text~a=b"),
            ("text".into(), Comparison::Contains, "a=b".into())
        );
        assert_eq!(read("end="), ("end".into(), Comparison::Equal, String::new()));
        assert_eq!(read("end!="), ("end".into(), Comparison::Unequal, String::new()));
        assert!(Condition::parse("=3").is_err() && Condition::parse("value").is_err());
    }
}
