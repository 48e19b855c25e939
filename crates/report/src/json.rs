//! `report.json` and its schema.

use counterpart_appraise::{Assessment, Published};

use crate::ReportError;

/// Returns the bytes of `report.json`: indented, keys in the order of the types, one newline at the end.
///
/// # Errors
/// [`ReportError::Serialise`] if a number is none.
pub fn report(assessment: &Published<Assessment>) -> Result<String, ReportError> {
    let mut text =
        serde_json::to_string_pretty(assessment).map_err(|source| ReportError::Serialise { source })?;
    text.push('\n');
    Ok(text)
}

/// Returns the JSON Schema of `report.json`, generated from the types.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Assessment).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".to_owned(), counterpart_appraise::assessment::SCHEMA.into());
    }
    schema
}

/// Returns the schema as it is kept in `docs/report.schema.json`.
#[must_use]
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}
