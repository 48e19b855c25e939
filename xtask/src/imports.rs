//! Which crate may import which: the drawing of ARCHITECTURE.md, held against `cargo metadata`.

use crate::json::{self, Json};
use crate::process;
use std::path::Path;

/// One crate of the house: its folder under `crates/` and whom it may import, in the order of the tree.
struct Room {
    name: &'static str,
    imports: &'static [&'static str],
}

/// The drawing. A crate may import only what stands above it here and is named after its arrow.
const ROOMS: &[Room] = &[
    Room {
        name: "model",
        imports: &[],
    },
    Room {
        name: "estimate",
        imports: &[],
    },
    Room {
        name: "exchange",
        imports: &["model"],
    },
    Room {
        name: "ledger",
        imports: &["model"],
    },
    Room {
        name: "panel",
        imports: &["model", "estimate"],
    },
    Room {
        name: "appraise",
        imports: &["model", "estimate", "ledger", "panel"],
    },
    Room {
        name: "report",
        imports: &["model", "appraise"],
    },
    Room {
        name: "cli",
        imports: &[
            "model", "estimate", "exchange", "ledger", "panel", "appraise", "report",
        ],
    },
];

/// The crate that only tests may link; it may itself know every room that holds data.
const TESTKIT: Room = Room {
    name: "testkit",
    imports: &["model", "estimate", "exchange", "ledger", "panel"],
};

/// Libraries that belong to certain rooms: elsewhere they would carry input, output or a second store with them.
const CONFINED: &[(&str, &[&str])] = &[
    ("rusqlite", &["ledger"]),
    ("parquet", &["exchange", "panel"]),
    ("within", &["estimate"]),
    ("askama", &["report"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
];

/// One edge of the dependency graph as a manifest states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edge {
    /// The package that has the dependency.
    pub(crate) from: String,
    /// The package it depends on.
    pub(crate) to: String,
    /// Whether only its tests do.
    pub(crate) dev: bool,
}

/// Reads the workspace's manifests through cargo and lists every arrow that is not drawn.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let text = process::output(
        root,
        "cargo",
        &["metadata", "--no-deps", "--format-version", "1", "--offline"],
    )?;
    Ok(faults(&edges(&json::parse(&text)?)))
}

/// Returns every dependency of every workspace member.
fn edges(metadata: &Json) -> Vec<Edge> {
    let mut edges = Vec::new();
    for package in metadata.get("packages").map(Json::list).unwrap_or_default() {
        let name = |value: &Json| {
            value
                .get("name")
                .and_then(Json::text)
                .unwrap_or_default()
                .to_owned()
        };
        for dependency in package.get("dependencies").map(Json::list).unwrap_or_default() {
            let dev = dependency.get("kind").and_then(Json::text) == Some("dev");
            edges.push(Edge {
                from: name(package),
                to: name(dependency),
                dev,
            });
        }
    }
    edges
}

/// Compares edges with the drawing; one sentence for each that is not in it.
fn faults(edges: &[Edge]) -> Vec<String> {
    edges.iter().filter_map(fault).collect()
}

fn fault(edge: &Edge) -> Option<String> {
    let Edge { from, to, dev } = edge;
    let room = |package: &str| package.strip_prefix("counterpart-").map(str::to_owned);
    let Some(importer) = room(from) else {
        return (!dev || room(to).is_some())
            .then(|| format!("{from} depends on {to}: the task runner uses the standard library only"));
    };
    let Some(imported) = room(to) else {
        let (_, rooms) = CONFINED.iter().find(|(library, _)| library == to)?;
        return (!dev && !rooms.contains(&importer.as_str())).then(|| {
            format!(
                "{importer} depends on {to}, which belongs to {}",
                rooms.join(" and ")
            )
        });
    };
    if importer == TESTKIT.name {
        let allowed = TESTKIT.imports.contains(&imported.as_str());
        return (!allowed).then(|| format!("testkit → {imported} is not drawn"));
    }
    let Some(place) = ROOMS.iter().position(|r| r.name == importer) else {
        return Some(format!(
            "{from} is not in the drawing (xtask/src/imports.rs, ARCHITECTURE.md)"
        ));
    };
    if imported == TESTKIT.name {
        return (!dev).then(|| format!("{importer} → testkit: only tests may (dev-dependencies)"));
    }
    // Tests may drive every room that stands above; the code itself only where an arrow is drawn.
    let above = ROOMS[..place].iter().any(|r| r.name == imported);
    let drawn = ROOMS[place].imports.contains(&imported.as_str());
    match (*dev, above, drawn) {
        (true, true, _) | (false, _, true) => None,
        (true, false, _) => Some(format!(
            "{importer} → {imported} (in its tests): {imported} does not stand above it"
        )),
        (false, true, false) => Some(format!("{importer} → {imported} is not drawn")),
        (false, false, false) => Some(format!("{importer} → {imported} points down or sideways")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str) -> Edge {
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            dev: false,
        }
    }

    fn dev(from: &str, to: &str) -> Edge {
        Edge {
            dev: true,
            ..edge(from, to)
        }
    }

    #[test]
    fn the_page_and_the_program_draw_the_same_arrows() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md");
        let page = std::fs::read_to_string(page).unwrap();
        for room in ROOMS.iter().chain([&TESTKIT]) {
            let start = format!("| `{}` | ", room.name);
            let drawn = page
                .lines()
                .find_map(|line| line.strip_prefix(&start))
                .unwrap_or_default();
            let imports = match room.imports.len() {
                0 => "–".to_owned(),
                n if n == ROOMS.len() - 1 => "all of the above".to_owned(),
                _ => room.imports.join(", "),
            };
            assert!(
                drawn.starts_with(&imports),
                "{}: {drawn} is not {imports}",
                room.name
            );
        }
    }

    #[test]
    fn drawn_arrows_pass() {
        let drawn = [
            edge("counterpart-exchange", "counterpart-model"),
            edge("counterpart-panel", "counterpart-estimate"),
            edge("counterpart-appraise", "counterpart-ledger"),
            edge("counterpart-report", "counterpart-appraise"),
            edge("counterpart-cli", "counterpart-exchange"),
            edge("counterpart-ledger", "rusqlite"),
            edge("counterpart-model", "serde"),
            edge("counterpart-testkit", "counterpart-ledger"),
        ];
        assert_eq!(faults(&drawn), Vec::<String>::new());
    }

    #[test]
    fn arrows_up_down_and_sideways_are_named() {
        let wrong = [
            edge("counterpart-model", "counterpart-ledger"),
            edge("counterpart-exchange", "counterpart-ledger"),
            edge("counterpart-estimate", "counterpart-model"),
            edge("counterpart-report", "counterpart-ledger"),
            edge("counterpart-web", "counterpart-report"),
        ];
        assert_eq!(
            faults(&wrong),
            [
                "model → ledger points down or sideways",
                "exchange → ledger points down or sideways",
                "estimate → model is not drawn",
                "report → ledger is not drawn",
                "counterpart-web is not in the drawing (xtask/src/imports.rs, ARCHITECTURE.md)",
            ]
        );
    }

    #[test]
    fn only_tests_link_the_test_kit_and_what_stands_above() {
        assert!(fault(&dev("counterpart-ledger", "counterpart-testkit")).is_none());
        assert!(fault(&edge("counterpart-ledger", "counterpart-testkit")).is_some());
        assert!(fault(&dev("counterpart-report", "counterpart-exchange")).is_none());
        assert!(fault(&dev("counterpart-exchange", "counterpart-ledger")).is_some());
        assert!(fault(&edge("counterpart-testkit", "counterpart-report")).is_some());
    }

    #[test]
    fn a_library_stays_in_its_room_and_the_task_runner_has_none() {
        assert!(fault(&edge("counterpart-appraise", "rusqlite")).is_some());
        assert!(fault(&dev("counterpart-appraise", "rusqlite")).is_none());
        assert!(fault(&edge("xtask", "serde_json")).is_some());
    }

    #[test]
    fn dependencies_and_their_kind_are_read_from_metadata() {
        let text = r#"{"packages":[{"name":"counterpart-panel","dependencies":[
            {"name":"counterpart-model","kind":null,"rename":"words"},{"name":"counterpart-testkit","kind":"dev"}]}]}"#;
        assert_eq!(
            edges(&json::parse(text).unwrap()),
            [
                edge("counterpart-panel", "counterpart-model"),
                dev("counterpart-panel", "counterpart-testkit")
            ]
        );
    }
}
