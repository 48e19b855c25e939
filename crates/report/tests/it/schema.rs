//! The schema: fresh on disk, and true of a report.

use counterpart_report::json;
use serde_json::Value;

use crate::fixture;

#[test]
fn the_schema_on_disk_is_the_one_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/report.schema.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == json::schema_text(),
        "docs/report.schema.json is stale\nhint: cargo run -p counterpart-report --example schema > docs/report.schema.json"
    );
}

#[test]
fn a_report_is_what_the_schema_says() {
    let text = json::report(&fixture::published()).expect("serialises");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let schema = json::schema();
    let mut faults = Vec::new();
    check(&schema, &schema, &report, "$", &mut faults);
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_check_finds_what_is_wrong() {
    let text = json::report(&fixture::published()).expect("serialises");
    let mut report: Value = serde_json::from_str(&text).expect("JSON");
    let schema = json::schema();
    report["gaps"][0]["ratio"] = "seventy".into();
    report["claims"][0]["check"]["status"] = "wrong".into();
    report.as_object_mut().expect("an object").remove("answer");
    let mut faults = Vec::new();
    check(&schema, &schema, &report, "$", &mut faults);
    assert_eq!(faults.len(), 3, "{faults:?}");
}

/// Checks what the schema of the types uses: references, types, required keys, items, words and alternatives.
fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        return check(root, &root["$defs"][name], value, at, faults);
    }
    if let Some(alternatives) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let fits = alternatives.iter().any(|alternative| {
            let mut inner = Vec::new();
            check(root, alternative, value, at, &mut inner);
            inner.is_empty()
        });
        if !fits {
            faults.push(format!("{at}: {value} fits no alternative"));
        }
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        faults.push(format!("{at}: {value} is no word of {words:?}"));
    }
    if let Some(word) = schema.get("const")
        && word != value
    {
        faults.push(format!("{at}: {value} is not {word}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let fits = types.iter().any(|kind| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    });
    if !types.is_empty() && !fits {
        faults.push(format!("{at}: {value} is no {types:?}"));
    }
    for key in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if value.get(key).is_none() {
            faults.push(format!("{at}: no {key}"));
        }
    }
    if let (Some(properties), Some(object)) = (schema["properties"].as_object(), value.as_object()) {
        for (key, inner) in object {
            match properties.get(key) {
                Some(property) => check(root, property, inner, &format!("{at}.{key}"), faults),
                None => faults.push(format!("{at}: {key} is not in the schema")),
            }
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (index, inner) in values.iter().enumerate() {
            check(root, items, inner, &format!("{at}[{index}]"), faults);
        }
    }
}
