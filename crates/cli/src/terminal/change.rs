//! What a command did to the record: rows added, replaced, unchanged, withdrawn.

use counterpart_ledger::{CommitId, Standing, StatementKey};
use counterpart_model::{Row, TableId};
use serde_json::json;

use crate::args::Writing;
use crate::settings::Settings;
use crate::terminal::number::count;
use crate::terminal::page::Page;

/// Most rows printed of each kind without asking.
const SHOWN: usize = 20;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Became {
    /// It was not on record.
    Added,
    /// It says something else than the row on record with its key.
    Superseded,
    /// It was on record already, word for word.
    Unchanged,
    /// It was withdrawn.
    Retracted,
}

impl Became {
    const ALL: [Self; 4] = [Self::Added, Self::Superseded, Self::Retracted, Self::Unchanged];

    fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Superseded => "superseded",
            Self::Unchanged => "unchanged",
            Self::Retracted => "retracted",
        }
    }

    fn planned(self) -> &'static str {
        match self {
            Self::Added => "would add",
            Self::Superseded => "would supersede",
            Self::Unchanged => "unchanged",
            Self::Retracted => "would retract",
        }
    }
}

/// A row and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) table: TableId,
    pub(crate) key: String,
    pub(crate) became: Became,
    /// Id of the row as it is on record now.
    pub(crate) id: Option<String>,
    /// Id of what it replaced or withdrew.
    pub(crate) before: Option<String>,
    /// Columns that say something else now, as text before and after.
    pub(crate) differences: Vec<(String, String, String)>,
}

impl Change {
    /// Returns what would become of a row.
    pub(crate) fn of(row: &Row, standing: Standing) -> Self {
        let (became, id, before) = match standing {
            Standing::New => (Became::Added, None, None),
            Standing::Same(statement) => (Became::Unchanged, Some(statement.id()), None),
            Standing::Other(statement) => (Became::Superseded, None, Some(statement.id())),
        };
        Self {
            table: row.table,
            key: row.key(),
            became,
            id,
            before,
            differences: Vec::new(),
        }
    }

    /// Returns it for scripts.
    pub(crate) fn document(&self) -> serde_json::Value {
        let mut document = json!({
            "table": self.table.name(),
            "key": self.key,
            "became": self.became.word(),
            "id": self.id,
            "before": self.before,
        });
        if !self.differences.is_empty() {
            let differences: Vec<_> = self
                .differences
                .iter()
                .map(|(column, old, new)| json!({ "column": column, "before": old, "after": new }))
                .collect();
            if let Some(object) = document.as_object_mut() {
                object.insert("differences".to_owned(), differences.into());
            }
        }
        document
    }
}

/// Returns the headings in which two rows of a table differ.
pub(crate) fn differing(before: &Row, after: &Row) -> Vec<String> {
    let columns = before.table.columns().iter().enumerate();
    // As text, which is how rows are compared: 0.5 and 0.50 are not the same figure as said.
    let cell = |row: &Row, index: usize| row.value_at(index).map(ToString::to_string);
    let mut names: Vec<String> = columns
        .filter(|(index, _)| cell(before, *index) != cell(after, *index))
        .map(|(_, column)| column.name.to_owned())
        .collect();
    let own = before.extra.keys().chain(after.extra.keys());
    for name in own.filter(|name| before.extra.get(*name) != after.extra.get(*name)) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Returns the screen.
pub(crate) fn screen(
    writing: &Writing,
    commit: Option<CommitId>,
    changes: &[Change],
    settings: &Settings,
) -> String {
    let mut page = Page::new(settings);
    let file = writing.ledger.display();
    let unchanged = changes.iter().all(|change| change.became == Became::Unchanged);
    page.line(&match commit {
        Some(commit) => format!("{file}: commit {commit}"),
        None if unchanged => format!("{file}: nothing new; no commit was made"),
        None => format!("{file}: as planned; nothing was written (--dry-run)"),
    });
    let most = if settings.all_faults { usize::MAX } else { SHOWN };
    for became in Became::ALL {
        let of_kind: Vec<&Change> = changes.iter().filter(|change| change.became == became).collect();
        let words = if writing.dry_run {
            became.planned()
        } else {
            became.word()
        };
        for (index, change) in of_kind.iter().take(most).enumerate() {
            let label = if index == 0 { words } else { "" };
            page.labelled(0, 17, label, &line(change));
            for (column, old, new) in &change.differences {
                let shown = |text: &str| {
                    if text.is_empty() {
                        "nothing".to_owned()
                    } else {
                        text.to_owned()
                    }
                };
                page.labelled(17, 2, "", &format!("{column}: {} → {}", shown(old), shown(new)));
            }
        }
        if of_kind.len() > most {
            let more = count(of_kind.len() - most, "more row", "more rows");
            page.labelled(0, 17, "", &format!("and {more} (`--all-faults`)"));
        }
    }
    page.finish()
}

/// Returns the screen of a whole folder.
pub(crate) fn import_screen(
    writing: &Writing,
    commit: Option<CommitId>,
    added: usize,
    superseded: &[StatementKey],
    missing: &[StatementKey],
    settings: &Settings,
) -> String {
    let mut page = Page::new(settings);
    let file = writing.ledger.display();
    page.line(&match commit {
        Some(commit) => format!("{file}: commit {commit}"),
        None if added == 0 && superseded.is_empty() => format!("{file}: nothing new; no commit was made"),
        None => format!("{file}: as planned; nothing was written (--dry-run)"),
    });
    let words = |became: Became| {
        if writing.dry_run {
            became.planned()
        } else {
            became.word()
        }
    };
    if added > 0 {
        page.labelled(0, 17, words(Became::Added), &count(added, "row", "rows"));
    }
    let most = if settings.all_faults { usize::MAX } else { SHOWN };
    for (label, keys) in [
        (words(Became::Superseded), superseded),
        ("stays on record", missing),
    ] {
        for (index, key) in keys.iter().take(most).enumerate() {
            page.labelled(0, 17, if index == 0 { label } else { "" }, &key.to_string());
        }
        if keys.len() > most {
            let more = count(keys.len() - most, "more row", "more rows");
            page.labelled(0, 17, "", &format!("and {more} (`--all-faults`)"));
        }
    }
    page.finish()
}

fn line(change: &Change) -> String {
    let Change { table, key, .. } = change;
    match (change.became, &change.id, &change.before) {
        (Became::Unchanged, Some(id), _) => format!("{table} {key}: already on record as {id}"),
        (Became::Superseded, Some(id), Some(before)) => {
            format!("{table} {key}, as {id} in place of {before}")
        }
        (Became::Superseded, None, Some(before)) => format!("{table} {key}, {before}"),
        (Became::Retracted, _, Some(before)) => format!("{table} {key}, {before}"),
        (_, Some(id), _) => format!("{table} {key}, as {id}"),
        _ => format!("{table} {key}"),
    }
}
