//! The parts of `docs/case-folder.md` that are made from the descriptions the reader itself goes by.

use std::fmt::Write as _;

use counterpart_model::table::ColumnKind;
use counterpart_model::{FaultCode, TableId};

use crate::case_toml::keys::{self, Key, Kind};
use crate::refuse::REFUSED;

/// Returns every table: name, key, columns with their kinds, units, vocabularies and references.
#[must_use]
pub fn case_folder_tables() -> String {
    let mut text = String::new();
    for id in TableId::ALL {
        let table = id.table();
        push(&mut text, format_args!("### `{id}`\n\n{} ", table.about));
        if TableId::ALWAYS.contains(id) {
            text.push_str("Every case has it. ");
        }
        if id.is_folder() {
            push(
                &mut text,
                format_args!("One file, `{id}.csv`, or any number of files in `{id}/`. "),
            );
        }
        let key: Vec<String> = table.key.iter().map(|key| format!("`{key}`")).collect();
        push(&mut text, format_args!("Key: {}.\n\n", key.join(", ")));
        text.push_str("| column | holds | value | says |\n|---|---|---|---|\n");
        for column in table.columns {
            let unit = column.unit.map(|unit| format!(", in {unit}")).unwrap_or_default();
            let needed = match (column.in_header, column.filled) {
                (true, true) => "in every row",
                (true, false) => "may be empty",
                (false, true) => "in every row, where the column is there",
                (false, false) => "column may be absent",
            };
            push(
                &mut text,
                format_args!(
                    "| `{}` | {}{unit} | {needed} | {} |\n",
                    column.name,
                    holds(column.kind),
                    column.about
                ),
            );
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

fn holds(kind: ColumnKind) -> String {
    let links = |tables: &[TableId]| {
        let links: Vec<String> = tables
            .iter()
            .map(|table| format!("[`{table}`](#{table})"))
            .collect();
        links.join(" or ")
    };
    match kind {
        ColumnKind::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" · "),
        ColumnKind::Reference(tables) => format!("key of {}", links(tables)),
        ColumnKind::References(tables) => format!("keys of {}, joined by `;`", links(tables)),
        ColumnKind::Id => "id".into(),
        ColumnKind::Text => "text".into(),
        ColumnKind::Date => "date".into(),
        ColumnKind::Period => "period".into(),
        ColumnKind::Decimal => "decimal".into(),
        ColumnKind::Count => "whole number from 0".into(),
        ColumnKind::Integer => "whole number".into(),
        ColumnKind::Currency => "ISO 4217 code".into(),
        ColumnKind::Sha256 => "SHA-256, 64 hexadecimal digits".into(),
        ColumnKind::BaseIndicator => "key of [`indicators`](#indicators), or `flow:` and a flow of [`transactions`](#transactions)".into(),
        ColumnKind::Operands => "[operands](#operands), joined by `;`".into(),
        ColumnKind::Formula => "[formula](#formulas)".into(),
        ColumnKind::ObservationStatus => {
            "`p` provisional · `r` revised · `e` estimated · `b` break · `x` not available, with or without brackets".into()
        }
    }
}

/// Returns every key of `case.toml`.
#[must_use]
pub fn case_toml_keys() -> String {
    let mut text = String::new();
    section(&mut text, "The top of the file", keys::CASE);
    for (name, keys) in [
        ("`[gap]`", keys::GAP),
        ("`gap.goals`, each", keys::GOAL),
        ("`[disclosure]`", keys::DISCLOSURE),
        ("`[[lens]]`", keys::LENS),
        ("`[[pool]]`", keys::POOL),
        ("`[[study]]`", keys::STUDY),
        ("`study.outcomes`, each", keys::OUTCOMES),
        ("`study.dose`", keys::DOSE),
        ("`study.dose.apart`, each", keys::APART),
        ("`study.inference`", keys::INFERENCE),
        ("`study.inference.wild`", keys::WILD),
        ("`study.inference.randomisation`", keys::RANDOMISATION),
        ("`[[lens_study]]`", keys::LENS_STUDY),
        ("`[grid]`", keys::GRID),
        ("`[verdict]`", keys::VERDICT),
    ] {
        section(&mut text, name, keys);
    }
    text.trim_end().to_owned()
}

fn section(text: &mut String, name: &str, keys: &[Key]) {
    push(
        text,
        format_args!("#### {name}\n\n| key | holds | needed | says |\n|---|---|---|---|\n"),
    );
    for key in keys {
        let holds = match key.kind {
            Kind::Table(_) => format!("a table, `[{}]`", key.name),
            Kind::Tables(_) => "a list of tables".into(),
            Kind::Date => "date in quotes".into(),
            kind => kind.in_words(),
        };
        let needed = if key.needed { "yes" } else { "" };
        push(
            text,
            format_args!("| `{}` | {holds} | {needed} | {} |\n", key.name, key.about),
        );
    }
    text.push('\n');
}

/// Returns the refused headings with the reason for each group.
#[must_use]
pub fn refused_headings() -> String {
    let mut text = String::from("| would hold | headings |\n|---|---|\n");
    for (about, headings) in REFUSED {
        push(
            &mut text,
            format_args!("| {} | {} |\n", about.reason(), headings.join(" · ")),
        );
    }
    text.trim_end().to_owned()
}

/// Returns the codes of faults, for scripts.
#[must_use]
pub fn fault_codes() -> String {
    let codes: Vec<String> = FaultCode::WORDS.iter().map(|code| format!("`{code}`")).collect();
    codes.join(" · ")
}

fn push(text: &mut String, part: std::fmt::Arguments<'_>) {
    text.write_fmt(part).expect("writing to a string does not fail");
}
