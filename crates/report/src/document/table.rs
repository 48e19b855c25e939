//! Tables of a page.

use super::Text;

/// A cell.
pub type Cell = Text;

/// A column's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// Whether its cells are numbers, set right.
    pub numeric: bool,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The object that the row shows, for its address.
    pub of: Option<String>,
    /// The object's value, as it stands in the row.
    pub value: Option<String>,
    /// Cells by column; the first one names the row.
    pub cells: Vec<Cell>,
    /// Whether the row stands out.
    pub main: bool,
}

impl Row {
    /// Returns a row that is no object of its own.
    #[must_use]
    pub fn of_cells(cells: Vec<Cell>) -> Self {
        Self {
            cells,
            ..Self::default()
        }
    }

    /// Returns the row of an object that holds a value.
    #[must_use]
    pub fn object(of: &str, value: Option<String>, cells: Vec<Cell>) -> Self {
        Self {
            of: Some(of.to_owned()),
            value,
            cells,
            main: false,
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name, for its address and for the file that is saved from it.
    pub name: String,
    /// What it holds, for those who do not see it.
    pub caption: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Whether rows become blocks of `label: value` on a narrow page: for tables of words.
    pub stack: bool,
}

impl Table {
    /// Returns an empty table; a title that ends in `#` heads a column of numbers.
    #[must_use]
    pub fn new(name: &str, caption: &str, titles: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            caption: caption.to_owned(),
            columns: titles
                .iter()
                .map(|title| match title.strip_suffix('#') {
                    Some(title) => Column {
                        title: title.to_owned(),
                        numeric: true,
                    },
                    None => Column {
                        title: (*title).to_owned(),
                        numeric: false,
                    },
                })
                .collect(),
            rows: Vec::new(),
            stack: false,
        }
    }

    /// Makes rows blocks on a narrow page.
    #[must_use]
    pub fn stacked(mut self) -> Self {
        self.stack = true;
        self
    }
}
