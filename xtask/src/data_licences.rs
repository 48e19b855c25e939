//! LICENSE-DATA: what each table of the shipped cases rests on, worked out from the cases themselves.
//!
//! The words above the mark are written by hand; everything below it is derived from `sources.csv` and from the
//! `source_id` of every row.

use crate::csv;
use crate::tidy;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The file, and the line below which it is derived.
const FILE: &str = "LICENSE-DATA";
const MARK: &str = "<!-- Below: derived by `cargo xtask fresh --write`. -->";

/// Compares the derived part with the cases, or writes it when `write` is set.
pub(crate) fn fresh(root: &Path, write: bool) -> Result<bool, String> {
    let path = root.join(FILE);
    let text = fs::read_to_string(&path).map_err(|error| format!("{FILE}: {error}"))?;
    let (by_hand, _) = text
        .split_once(MARK)
        .ok_or_else(|| format!("{FILE} has lost its line `{MARK}`"))?;
    let wanted = format!("{by_hand}{MARK}\n{}", derived(&root.join("cases"))?);
    if text == wanted {
        return Ok(true);
    }
    if write {
        fs::write(&path, wanted).map_err(|error| format!("{FILE}: {error}"))?;
    }
    Ok(write)
}

fn derived(cases: &Path) -> Result<String, String> {
    let mut text = String::new();
    for case in tidy::folders(cases)? {
        if case.join("sources.csv").exists() {
            one_case(&case, &mut text)?;
        }
    }
    Ok(text)
}

fn one_case(case: &Path, text: &mut String) -> Result<(), String> {
    let read = |file: &Path| fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()));
    let sources = csv::columns(
        &read(&case.join("sources.csv"))?,
        ["source_id", "licence", "may_republish"],
    );
    let standing: BTreeMap<&str, &str> = sources
        .iter()
        .map(|[id, _, may]| (id.as_str(), may.as_str()))
        .collect();
    let name = case.file_name().unwrap_or_default().to_string_lossy();
    let _ = write!(
        text,
        "\n## cases/{name}\n\n### What each table rests on, in rows\n\n"
    );
    text.push_str("| table | may be republished | facts only | no licence stated | the sources without one |\n|---|---:|---:|---:|---|\n");
    for file in tidy::files(case)?
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "csv"))
    {
        let table = file
            .strip_prefix(case)
            .unwrap_or(file)
            .with_extension("")
            .display()
            .to_string();
        if table != "sources" {
            table_row(
                &table,
                &csv::columns(&read(file)?, ["source_id"]),
                &standing,
                text,
            );
        }
    }
    let mut grouped: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for [id, licence, may] in &sources {
        grouped.entry((may, licence)).or_default().insert(id);
    }
    text.push_str("\n### Sources by what they state\n\n| may be republished | licence as stated | sources |\n|---|---|---|\n");
    for ((may, licence), ids) in grouped {
        let licence = if licence.is_empty() { "–" } else { licence };
        let _ = writeln!(
            text,
            "| {may} | {licence} | {} |",
            ids.into_iter().collect::<Vec<_>>().join(" ")
        );
    }
    Ok(())
}

fn table_row(table: &str, rows: &[[String; 1]], standing: &BTreeMap<&str, &str>, text: &mut String) {
    let mut counts = BTreeMap::from([("yes", 0_usize), ("no", 0), ("unknown", 0)]);
    let mut without: BTreeMap<&str, usize> = BTreeMap::new();
    for [id] in rows {
        let may = standing.get(id.as_str()).copied().unwrap_or("unknown");
        *counts.entry(may).or_default() += 1;
        if may == "unknown" {
            *without.entry(id).or_default() += 1;
        }
    }
    let named: Vec<String> = without.iter().map(|(id, n)| format!("{id} ({n})")).collect();
    let _ = writeln!(
        text,
        "| {table} | {} | {} | {} | {} |",
        counts["yes"],
        counts["no"],
        counts["unknown"],
        named.join(", ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_what_their_source_allows() {
        let rows = ["A", "A", "B", "C", "C", "D"].map(|id| [id.to_owned()]);
        let standing = BTreeMap::from([("A", "yes"), ("B", "no"), ("C", "unknown")]);
        let mut text = String::new();
        table_row("claims", &rows, &standing, &mut text);
        assert_eq!(text, "| claims | 2 | 1 | 3 | C (2), D (1) |\n");
    }
}
