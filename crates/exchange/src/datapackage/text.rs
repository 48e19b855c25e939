//! JSON as people read it: what belongs first stands first, what is short stays on one line.

use serde_json::{Map, Value};

/// Keys that stand in front, in this order; the others follow by name.
const FIRST: &[&str] = &[
    "$schema",
    "name",
    "path",
    "type",
    "profile",
    "title",
    "description",
    "unit",
    "version",
    "format",
    "mediatype",
    "encoding",
    "sources",
    "licenses",
    "fields",
    "primaryKey",
    "resources",
    "resource",
];
/// Longest line that is not broken up.
const MOST_CHARACTERS: usize = 160;

/// Returns a description as the text of a `datapackage.json`: the same bytes for the same values, whatever order a map keeps.
#[must_use]
pub fn to_text(description: &Value) -> String {
    let mut text = String::new();
    write(&mut text, description, 0);
    text.push('\n');
    text
}

fn in_order(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| {
        let rank = FIRST.iter().position(|first| first == key);
        (rank.unwrap_or(FIRST.len()), *key)
    });
    entries
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let line = one_line(value);
    let is_plain_list = value
        .as_array()
        .is_some_and(|list| !list.iter().any(|entry| entry.is_array() || entry.is_object()));
    if depth > 1 && (is_plain_list || line.chars().count() + depth <= MOST_CHARACTERS) {
        text.push_str(&line);
        return;
    }
    let parts: Vec<(Option<&String>, &Value)> = match value {
        Value::Array(list) => list.iter().map(|value| (None, value)).collect(),
        Value::Object(map) => in_order(map)
            .into_iter()
            .map(|(key, value)| (Some(key), value))
            .collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() {
        text.push_str(&line);
        return;
    }
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    text.push(open);
    for (index, (key, value)) in parts.into_iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(depth + 1));
        if let Some(key) = key {
            text.push_str(&Value::String(key.clone()).to_string());
            text.push_str(": ");
        }
        write(text, value, depth + 1);
    }
    text.push('\n');
    text.push_str(&" ".repeat(depth));
    text.push(close);
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entries = in_order(map)
                .into_iter()
                .map(|(key, value)| format!("{}: {}", Value::String(key.clone()), one_line(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}
