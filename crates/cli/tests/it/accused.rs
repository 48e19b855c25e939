//! An accusation leaves no output without its speaker in the same sentence or row, and its answers, or the words that
//! none is on record, with it.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::run;
use crate::tiny;

/// An accusation of the tiny case: words of it, its speaker, and words of what answers it.
struct Accused {
    words: &'static str,
    speaker: &'static str,
    answer: &'static str,
}

const NO_REPLY: &str = "no reply on record";

const ACCUSED: [Accused; 3] = [
    Accused {
        words: "pressed to move into",
        speaker: "The Valley Paper",
        answer: "Nobody was pressed",
    },
    Accused {
        words: "empty park",
        speaker: "The Valley Paper",
        answer: NO_REPLY,
    },
    Accused {
        words: "could not refuse",
        speaker: "The Valley Paper",
        answer: NO_REPLY,
    },
];

fn home() -> TempDir {
    let home: TempDir = tempfile::tempdir().expect("a folder");
    tiny::write(&home.path().join("tiny"));
    let ran = run(home.path(), &["assess", "tiny", "--out", "report"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    home
}

/// Whether a text that tells of an accusation has its speaker and its answer.
fn holds(one: &Accused, text: &str, place: &str) {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = plain.to_lowercase();
    assert!(
        lower.contains(&one.speaker.to_lowercase()),
        "{place}: no speaker: {plain}"
    );
    assert!(
        lower.contains(&one.answer.to_lowercase()),
        "{place}: no answer ({}): {plain}",
        one.answer
    );
}

/// Every object of a document that holds the words in a text of its own.
fn each_object<'v>(value: &'v Value, words: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            let own = members.values().any(|member| match member {
                Value::String(text) => text.contains(words),
                Value::Array(items) => items
                    .iter()
                    .any(|item| item.as_str().is_some_and(|text| text.contains(words))),
                _ => false,
            });
            if own {
                found.push(value);
            }
            members
                .values()
                .for_each(|member| each_object(member, words, found));
        }
        Value::Array(items) => items.iter().for_each(|item| each_object(item, words, found)),
        _ => {}
    }
}

fn document(text: &str, place: &str) {
    let value: Value = serde_json::from_str(text).expect("a document");
    for one in &ACCUSED {
        let mut found = Vec::new();
        each_object(&value, one.words, &mut found);
        for object in found {
            holds(one, &object.to_string(), place);
        }
    }
}

#[test]
fn in_every_table() {
    let home = home();
    let mut seen = 0;
    for entry in std::fs::read_dir(home.path().join("report/data")).expect("tables") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|kind| kind != "csv") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("text");
        for line in text.split("\r\n") {
            for one in ACCUSED.iter().filter(|one| line.contains(one.words)) {
                seen += 1;
                holds(one, line, &path.display().to_string());
            }
        }
    }
    assert!(seen > 4, "{seen}");
}

#[test]
fn in_every_document() {
    let home = home();
    let read = |file: &str| std::fs::read_to_string(home.path().join(file)).expect("text");
    document(&read("report/report.json"), "report.json");
    for arguments in [
        &["check", "tiny", "--json"][..],
        &["check", "tiny", "--claim", "C5", "--json"],
        &["check", "tiny", "--claim", "C7", "--json"],
        &["show", "C5", "tiny", "--json"],
        &["show", "C7", "tiny", "--json"],
        &["show", "CO1", "tiny", "--json"],
        &["show", "SP-paper", "tiny", "--json"],
    ] {
        let ran = run(home.path(), arguments);
        if ran.code == Some(0) {
            document(&ran.out, &arguments.join(" "));
        }
    }
}

/// Paragraphs of a page, without marks, each with what follows it closely.
fn windows(text: &str, words: &str) -> Vec<String> {
    text.match_indices(words)
        .map(|(at, _)| {
            let from = text.floor_char_boundary(at.saturating_sub(400));
            let to = text.floor_char_boundary((at + 1200).min(text.len()));
            text.get(from..to).unwrap_or_default().to_owned()
        })
        .collect()
}

fn without_marks(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    text
}

#[test]
fn in_every_page_and_on_every_screen() {
    let home = home();
    let read = |path: &Path| std::fs::read_to_string(path).expect("text");
    let mut texts = vec![
        (
            "index.html".to_owned(),
            without_marks(&read(&home.path().join("report/index.html"))),
        ),
        (
            "report.md".to_owned(),
            read(&home.path().join("report/report.md")),
        ),
    ];
    for arguments in [
        &["check", "tiny"][..],
        &["check", "tiny", "--claim", "C5"],
        &["show", "C5", "tiny"],
        &["show", "C6", "tiny"],
        &["show", "C7", "tiny"],
        &["show", "CO1", "tiny"],
    ] {
        let ran = run(home.path(), arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let plain = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        texts.push((arguments.join(" "), plain));
    }
    for (place, text) in &texts {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for one in &ACCUSED {
            for window in windows(&text, one.words) {
                holds(one, &window, place);
            }
        }
    }
}

#[test]
fn in_every_list() {
    let home = home();
    let rows = [
        ("claims", "text", "Nobody was pressed", "denies"),
        ("report.claims", "text", "Nobody was pressed", "denies"),
        (
            "report.claims",
            "attributed",
            "pressed to move into",
            "Nobody was pressed",
        ),
        (
            "report.claims",
            "text",
            "pressed to move into",
            "Nobody was pressed",
        ),
        ("claims", "text", "empty park", NO_REPLY),
        ("report.claims", "text", "empty park", NO_REPLY),
        ("conditions", "text", "could not refuse", NO_REPLY),
    ];
    for (table, column, words, with) in rows {
        let ran = run(
            home.path(),
            &["list", table, "tiny", "--columns", column, "--json"],
        );
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let document: Value = serde_json::from_str(&ran.out).expect("a document");
        let cells: Vec<&str> = document["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .filter_map(|row| row[column].as_str())
            .filter(|text| text.contains(words))
            .collect();
        assert!(!cells.is_empty(), "{table}: {words}");
        for cell in cells {
            assert!(cell.contains(with), "{table} {column}: {cell}");
            assert!(
                cell.contains("The Valley Paper") || cell.contains(" denies: "),
                "{cell}"
            );
        }
    }
}
