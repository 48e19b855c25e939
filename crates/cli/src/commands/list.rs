//! `counterpart list`: rows of a table or of a section of the report, filtered and set beside those of others.
//!
//! Everything printed has been through disclosure control; a row that accuses is one sentence with its speaker and answers.

use std::collections::BTreeMap;

use counterpart_appraise::claim::answered;
use counterpart_appraise::{Assessment, Published};
use counterpart_model::{Decimal, TableId};
use serde_json::{Map, Value, json};

use crate::args::{self, Comparison, Condition, Join};
use crate::exit::{Done, Failure, nearest};
use crate::reading::Reading;
use crate::settings::Settings;
use crate::terminal::number::count;
use crate::terminal::page::{Align, Cell, Page};
use crate::terminal::trail::{self, Case};
use crate::terminal::{self, marks};

/// Sections of the report that hold nothing unless studies are estimated.
const ESTIMATED: [&str; 4] = ["studies", "specification_curve", "pools", "figures"];

/// A row by its columns.
type Cells = Map<String, Value>;

pub(crate) fn run(args: &args::List, settings: &Settings) -> Result<Done, Failure> {
    let mut reading = std::mem::ManuallyDrop::new(Reading::of(args.case.as_deref(), args.ledger.as_deref())?);
    let others = args
        .join
        .iter()
        .chain(&args.without)
        .map(|join| join.table.as_str());
    let named: Vec<&str> = std::iter::once(args.table.as_str()).chain(others).collect();
    // Tables need nothing computed, and few sections need estimates.
    let assessment = if named.iter().all(|name| table(name).is_some()) {
        reading.names()?
    } else if named.iter().any(|name| ESTIMATED.contains(name)) {
        reading.with_studies()?
    } else {
        reading.described()?
    };
    let source = Source {
        reading: &reading,
        assessment: &assessment,
    };
    let mut rows = source.rows(&args.table)?;
    for join in &args.join {
        rows = joined(rows, join, &source.rows(&join.table)?);
    }
    for join in &args.without {
        let others = source.rows(&join.table)?;
        let others = by_theirs(join, &others);
        rows.retain(|row| !others.contains_key(&text(row, &join.ours)));
    }
    rows.retain(|row| args.conditions.iter().all(|condition| holds(row, condition)));
    if let Some(column) = &args.sort {
        sort(&mut rows, column);
    }
    let columns = columns(args, &rows);
    let mut rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| text(row, column)).collect())
        .collect();
    let columns = match &args.count {
        Some(column) => {
            rows = counted(rows);
            vec![column.clone(), "rows".to_owned()]
        }
        None => columns,
    };
    if args.unique {
        let mut seen = std::collections::BTreeSet::new();
        rows.retain(|row| seen.insert(row.clone()));
    }
    let all = rows.len();
    rows.truncate(args.limit.unwrap_or(usize::MAX));
    if settings.json {
        let documents: Vec<Cells> = rows
            .iter()
            .map(|row| {
                let cells = columns
                    .iter()
                    .cloned()
                    .zip(row.iter().map(|cell| Value::from(cell.as_str())));
                cells.collect()
            })
            .collect();
        terminal::print_json(&json!({
            "schema": "counterpart.list/1",
            "table": args.table,
            "columns": columns,
            "count": all,
            "rows": documents,
        }))?;
    } else {
        terminal::print(&screen(&columns, &rows, all, settings), settings)?;
    }
    Ok(Done::Well)
}

/// Returns the table of the case that a name means.
fn table(name: &str) -> Option<TableId> {
    name.replace('-', "_").parse().ok()
}

/// Where rows come from.
struct Source<'a> {
    reading: &'a Reading,
    assessment: &'a Published<Assessment>,
}

impl Source<'_> {
    /// Returns the rows of a table of the case, or of a section of the report.
    fn rows(&self, name: &str) -> Result<Vec<Cells>, Failure> {
        let case = Case {
            assessment: self.assessment,
            record: &self.reading.record,
        };
        if let Some(table) = table(name) {
            return Ok(self
                .reading
                .view
                .rows(table)
                .into_iter()
                .map(|row| trail::published_cells(case, &self.reading.control.row(row)))
                .collect());
        }
        let section = name.strip_prefix("report.").unwrap_or(name);
        let report = serde_json::to_value(self.assessment).map_err(Failure::json)?;
        match report.get(section) {
            Some(Value::Array(items)) => Ok(items.iter().filter_map(|item| self.section_row(item)).collect()),
            _ => {
                let sections: Vec<String> = report
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(_, value)| value.is_array())
                    .map(|(name, _)| name.clone())
                    .collect();
                let known = TableId::ALL
                    .iter()
                    .map(|table| table.name())
                    .chain(sections.iter().map(String::as_str));
                Err(Failure::UnknownId {
                    what: "table or section of the report",
                    id: name.to_owned(),
                    near: nearest(name, known),
                })
            }
        }
    }

    /// A row of a section; of one that accuses or denies, its text is the sentence with its speaker and answers.
    fn section_row(&self, item: &Value) -> Option<Cells> {
        let mut row = item.as_object()?.clone();
        let is_disputed = row
            .get("act")
            .and_then(Value::as_str)
            .is_some_and(|act| matches!(act, "alleges" | "criticises" | "denies"));
        if !is_disputed {
            return Some(row);
        }
        let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
        let record = &self.reading.record;
        let claim = record.claims.iter().find(|claim| claim.id == id);
        let sentence = claim
            .map(|claim| Value::from(answered::whole(record, claim)))
            .or_else(|| row.get("attributed").cloned());
        for column in ["text", "attributed"] {
            if row.remove(column).is_some()
                && let Some(sentence) = &sentence
            {
                row.insert(column.to_owned(), sentence.clone());
            }
        }
        Some(row)
    }
}

/// Returns a cell by its column's name, or by the names of members within members.
fn cell<'a>(row: &'a Cells, column: &str) -> Option<&'a Value> {
    row.get(column).or_else(|| {
        let (first, rest) = column.split_once('.')?;
        rest.split('.')
            .try_fold(row.get(first)?, |value, name| value.get(name))
    })
}

fn text(row: &Cells, column: &str) -> String {
    cell(row, column).map(in_words).unwrap_or_default()
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let simple: Option<Vec<String>> = items
                .iter()
                .map(|item| (!item.is_object() && !item.is_array()).then(|| in_words(item)))
                .collect();
            simple.map_or_else(|| items.len().to_string(), |items| items.join(";"))
        }
        Value::Object(members) => members.len().to_string(),
        other => other.to_string(),
    }
}

fn holds(row: &Cells, condition: &Condition) -> bool {
    let met = text(row, &condition.column);
    let wanted = &condition.value;
    let order = match (met.parse::<Decimal>(), wanted.parse::<Decimal>()) {
        (Ok(met), Ok(wanted)) => met.cmp(&wanted),
        _ => met.cmp(wanted),
    };
    match condition.comparison {
        Comparison::Equal => met == *wanted || met.split(';').any(|one| one == wanted),
        Comparison::Unequal => met != *wanted,
        Comparison::Contains => met.to_lowercase().contains(&wanted.to_lowercase()),
        Comparison::Less => !met.is_empty() && order.is_lt(),
        Comparison::AtMost => !met.is_empty() && order.is_le(),
        Comparison::More => !met.is_empty() && order.is_gt(),
        Comparison::AtLeast => !met.is_empty() && order.is_ge(),
    }
}

/// Rows of another table by the column that ours point at.
fn by_theirs<'a>(join: &Join, rows: &'a [Cells]) -> BTreeMap<String, Vec<&'a Cells>> {
    let theirs = join.theirs.clone().unwrap_or_else(|| {
        join.table
            .replace('-', "_")
            .parse::<TableId>()
            .ok()
            .and_then(|table| table.key().first().copied())
            .unwrap_or("id")
            .to_owned()
    });
    let mut found: BTreeMap<String, Vec<&Cells>> = BTreeMap::new();
    for row in rows {
        for key in text(row, &theirs).split(';').filter(|key| !key.is_empty()) {
            found.entry(key.to_owned()).or_default().push(row);
        }
    }
    found
}

/// Each row beside each of the other table that belongs to it; alone where none does.
fn joined(rows: Vec<Cells>, join: &Join, others: &[Cells]) -> Vec<Cells> {
    let others = by_theirs(join, others);
    let mut found = Vec::new();
    for row in rows {
        let ours = text(&row, &join.ours);
        let beside: Vec<&Cells> = ours
            .split(';')
            .filter_map(|key| others.get(key))
            .flatten()
            .copied()
            .collect();
        if beside.is_empty() {
            found.push(row);
            continue;
        }
        for other in beside {
            let mut both = row.clone();
            both.extend(
                other
                    .iter()
                    .map(|(name, value)| (format!("{}.{name}", join.table), value.clone())),
            );
            found.push(both);
        }
    }
    found
}

fn sort(rows: &mut [Cells], column: &str) {
    let (column, falls) = match column.strip_prefix('-') {
        Some(column) => (column, true),
        None => (column, false),
    };
    rows.sort_by(|a, b| {
        let (a, b) = (text(a, column), text(b, column));
        let order = match (a.parse::<Decimal>(), b.parse::<Decimal>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            // What is no number stands after the numbers.
            (Ok(_), Err(_)) => return std::cmp::Ordering::Less,
            (Err(_), Ok(_)) => return std::cmp::Ordering::Greater,
            _ => a.cmp(&b),
        };
        if falls { order.reverse() } else { order }
    });
}

/// The columns asked for, or those that any row fills.
fn columns(args: &args::List, rows: &[Cells]) -> Vec<String> {
    if let Some(column) = &args.count {
        return vec![column.clone()];
    }
    if !args.columns.is_empty() {
        return args.columns.clone();
    }
    let of_table = args
        .table
        .replace('-', "_")
        .parse::<TableId>()
        .map(TableId::columns)
        .unwrap_or_default();
    let mut names: Vec<String> = of_table
        .iter()
        .map(|column| column.name.to_owned())
        .filter(|name| rows.iter().any(|row| row.contains_key(name)))
        .collect();
    for name in rows.iter().flat_map(Map::keys) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn counted(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for cell in rows.into_iter().flatten() {
        *numbers.entry(cell).or_default() += 1;
    }
    let mut counted: Vec<(String, usize)> = numbers.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted
        .into_iter()
        .map(|(cell, number)| vec![cell, number.to_string()])
        .collect()
}

/// Aligned columns where they fit, else a block for each row.
fn screen(columns: &[String], rows: &[Vec<String>], all: usize, settings: &Settings) -> String {
    use unicode_width::UnicodeWidthStr;

    let mut page = Page::new(settings);
    let width = |index: usize| {
        rows.iter()
            .filter_map(|row| row.get(index))
            .chain(columns.get(index))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
            + 2
    };
    let fits = (0..columns.len()).map(width).sum::<usize>() <= page.columns() + 2;
    if fits && !rows.is_empty() {
        let heads = columns
            .iter()
            .map(|name| Cell::styled(name.as_str(), marks::LABEL))
            .collect();
        let mut cells: Vec<Vec<Cell>> = vec![heads];
        cells.extend(
            rows.iter()
                .map(|row| row.iter().map(|cell| Cell::new(cell.as_str())).collect()),
        );
        let is_number = |index: usize| {
            rows.iter()
                .filter_map(|row| row.get(index))
                .all(|cell| cell.is_empty() || cell.parse::<Decimal>().is_ok())
        };
        let align: Vec<Align> = (0..columns.len())
            .map(|index| {
                if is_number(index) {
                    Align::Right
                } else {
                    Align::Left
                }
            })
            .collect();
        page.table(&cells, &align);
    } else {
        let label = |name: &str| name.replace(['_', '.'], " ");
        let widest = columns
            .iter()
            .map(|name| label(name).width() + 2)
            .max()
            .unwrap_or(2)
            .min(30);
        for row in rows {
            for (name, cell) in columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                page.labelled(0, widest, &label(name), cell);
            }
            page.blank();
        }
    }
    page.line(&if rows.len() < all {
        format!("{} of {}", rows.len(), count(all, "row", "rows"))
    } else {
        count(all, "row", "rows")
    });
    page.finish()
}
