//! Writes the description.

use counterpart_model::table::{Column, ColumnKind};
use counterpart_model::{Row, TableId, Value};
use serde_json::{Map, Value as Json, json};

use crate::case::CaseFolder;
use crate::table_file::TableFile;

const DATE: &str = r"^\d{4}(-\d{2}(-\d{2})?)?$";
const PERIOD: &str = r"^\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?$";
const ID: &str = r"^[!-~]+$";
const OBSERVATION_STATUS: &str = r"^\[?[prebx]\]?$";

/// Returns the description of a folder as a Data Package v2 that v1 readers understand too.
///
/// What the schema does not know (licences, contributors, a version, a description) is taken over from `before`, the
/// `datapackage.json` that is there already; resources, title and schema are written anew. Sizes and digests of files
/// are left out: they would be wrong after every edit, and the ledger keeps better ones.
#[must_use]
pub fn describe(folder: &CaseFolder, name: &str, before: Option<&Json>) -> Json {
    let mut package = Map::new();
    package.insert(
        "$schema".into(),
        json!("https://datapackage.org/profiles/2.0/datapackage.json"),
    );
    package.insert("profile".into(), json!("data-package"));
    let known_name = before.and_then(|before| before.get("name")).cloned();
    package.insert("name".into(), known_name.unwrap_or_else(|| json!(name)));
    package.insert("title".into(), json!(folder.case.title));
    package.insert("description".into(), json!(folder.case.question));
    for (key, value) in before.and_then(Json::as_object).into_iter().flatten() {
        if !matches!(
            key.as_str(),
            "$schema" | "profile" | "name" | "title" | "resources"
        ) {
            package.insert(key.clone(), value.clone());
        }
    }
    let before_resource = |path: &str| {
        before?
            .get("resources")?
            .as_array()?
            .iter()
            .find(|resource| resource.get("path").and_then(Json::as_str) == Some(path))
    };
    let mut resources: Vec<Json> = in_order(&folder.files)
        .map(|file| {
            let rows = folder
                .tables
                .get(&file.table)
                .map(Vec::as_slice)
                .unwrap_or_default();
            table_resource(file, folder, rows, before_resource(&file.path))
        })
        .collect();
    for file in &folder.geo {
        let path = format!("geo/{}", file.name);
        let resource = json!({
            "name": resource_name(&path),
            "path": path,
            "description": "Shapes of places; the id of a feature is a place_id.",
            "format": "geojson",
            "mediatype": "application/geo+json",
            "encoding": "utf-8",
        });
        resources.push(keep(resource, before_resource(&path)));
    }
    package.insert("resources".into(), Json::Array(resources));
    Json::Object(package)
}

/// Files in the order of the tables, then of their paths.
fn in_order(files: &[TableFile]) -> impl Iterator<Item = &TableFile> {
    TableId::ALL
        .iter()
        .flat_map(|table| files.iter().filter(move |file| file.table == *table))
}

/// Takes licences, sources and a description of one file over from the description that was there.
fn keep(mut resource: Json, before: Option<&Json>) -> Json {
    for key in ["sources", "licenses"] {
        if let (Some(value), Some(resource)) = (
            before.and_then(|before| before.get(key)),
            resource.as_object_mut(),
        ) {
            resource.insert(key.into(), value.clone());
        }
    }
    resource
}

/// Names of resources: small letters, digits and hyphens, unique as their paths are.
fn resource_name(path: &str) -> String {
    path.rsplit_once('.')
        .map_or(path, |(stem, _)| stem)
        .chars()
        .map(|c| match c {
            'a'..='z' | '0'..='9' | '_' | '.' => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            _ => '-',
        })
        .collect()
}

fn table_resource(file: &TableFile, folder: &CaseFolder, rows: &[Row], before: Option<&Json>) -> Json {
    let table = file.table.table();
    let fields: Vec<Json> = file
        .headings
        .iter()
        .map(|heading| match table.columns.iter().find(|column| column.name == heading) {
            Some(column) => field(column, table.key),
            None => json!({ "name": heading, "type": "string", "description": "A column of the case's own: kept and shown, never computed with." }),
        })
        .collect();
    let mut schema = Map::new();
    schema.insert("fields".into(), Json::Array(fields));
    schema.insert("primaryKey".into(), json!(table.key));
    schema.insert("missingValues".into(), json!([""]));
    let foreign = foreign_keys(file, folder, rows);
    if !foreign.is_empty() {
        schema.insert("foreignKeys".into(), Json::Array(foreign));
    }
    let resource = json!({
        "name": resource_name(&file.path),
        "path": file.path,
        "type": "table",
        "profile": "tabular-data-resource",
        "title": table.id.name(),
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    });
    keep(resource, before)
}

fn field(column: &Column, key: &[&str]) -> Json {
    let mut field = Map::new();
    let mut constraints = Map::new();
    let kind = match column.kind {
        ColumnKind::Decimal => "number",
        ColumnKind::Count | ColumnKind::Integer => "integer",
        _ => "string",
    };
    match column.kind {
        ColumnKind::Id => drop(constraints.insert("pattern".into(), json!(ID))),
        ColumnKind::Date => drop(constraints.insert("pattern".into(), json!(DATE))),
        ColumnKind::Period => drop(constraints.insert("pattern".into(), json!(PERIOD))),
        ColumnKind::Currency => drop(constraints.insert("pattern".into(), json!("^[A-Z]{3}$"))),
        ColumnKind::Sha256 => drop(constraints.insert("pattern".into(), json!("^[0-9a-f]{64}$"))),
        ColumnKind::ObservationStatus => {
            drop(constraints.insert("pattern".into(), json!(OBSERVATION_STATUS)))
        }
        ColumnKind::Word(words) => drop(constraints.insert("enum".into(), json!(words))),
        ColumnKind::Count => drop(constraints.insert("minimum".into(), json!(0))),
        _ => {}
    }
    if column.filled {
        constraints.insert("required".into(), json!(true));
    }
    if key == [column.name] {
        constraints.insert("unique".into(), json!(true));
    }
    field.insert("name".into(), json!(column.name));
    field.insert("type".into(), json!(kind));
    field.insert("description".into(), json!(column.about));
    if let Some(unit) = column.unit {
        field.insert("unit".into(), json!(unit));
    }
    if !constraints.is_empty() {
        field.insert("constraints".into(), Json::Object(constraints));
    }
    Json::Object(field)
}

/// References to one table that is one file of the folder; the others (to either of two tables, to several rows) are more than a
/// Data Package can say.
fn foreign_keys(file: &TableFile, folder: &CaseFolder, rows: &[Row]) -> Vec<Json> {
    file.table
        .columns()
        .iter()
        .enumerate()
        .filter(|(index, column)| {
            file.has(column.name)
                && rows
                    .iter()
                    .any(|row| matches!(row.value_at(*index), Some(Value::Text(_))))
        })
        .filter_map(|(_, column)| {
            let ColumnKind::Reference([target]) = column.kind else {
                return None;
            };
            let [key] = target.key() else { return None };
            let there = folder.files.iter().find(|file| file.table == *target)?;
            let resource = if *target == file.table {
                String::new()
            } else {
                resource_name(&there.path)
            };
            Some(json!({
                "fields": [column.name],
                "reference": { "resource": resource, "fields": [key] },
            }))
        })
        .collect()
}
