//! Every object of the report that has an id, wherever it stands in it: what no screen of its own shows is shown by its
//! members.

use counterpart_appraise::Assessment;
use counterpart_appraise::assessment::ClaimRow;

use super::{Found, Other, other};
use crate::terminal::claims::attributed;

/// The report as it is written, and where in it each id is defined.
pub(crate) struct Whole {
    text: String,
    objects: Vec<Object>,
}

/// An object with an id, as places in the text.
struct Object {
    id: (usize, usize),
    span: (usize, usize),
    /// Names of the sections and lists that it stands in.
    within: Vec<(usize, usize)>,
    /// Whether it says what it was computed from, which a mere mention does not.
    has_from: bool,
}

/// A bracket that is open while the text is gone through.
struct Open {
    start: usize,
    is_object: bool,
    name: (usize, usize),
    key: (usize, usize),
    id: Option<(usize, usize)>,
    has_from: bool,
}

impl Whole {
    /// Goes through the report once.
    pub(crate) fn of(assessment: &Assessment) -> Self {
        let text = serde_json::to_string(assessment).unwrap_or_default();
        let objects = objects(&text);
        Self { text, objects }
    }

    /// Returns every id, some of them several times.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().map(|object| self.at(object.id))
    }

    fn at(&self, (start, end): (usize, usize)) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns the objects with an id: those that say what they were computed from, or all where none does.
    pub(crate) fn find<'a>(&self, assessment: &'a Assessment, id: &str) -> Vec<Found<'a>> {
        let quoted = serde_json::to_string(id).unwrap_or_default();
        let written = quoted.trim_matches('"');
        let mut found: Vec<&Object> = self
            .objects
            .iter()
            .filter(|object| self.at(object.id) == written)
            .collect();
        if found.iter().any(|object| object.has_from) {
            found.retain(|object| object.has_from);
        }
        found.truncate(1);
        found
            .into_iter()
            .filter_map(|object| self.laid_out(assessment, object))
            .map(Found::Other)
            .collect()
    }

    fn laid_out(&self, assessment: &Assessment, object: &Object) -> Option<Other> {
        let mut laid_out = other(assessment, "object of the report", self.at(object.span))?;
        // An accusation is never shown without its speaker and its answers.
        let claim = laid_out.value.get("claim").and_then(|id| id.as_str());
        let claim: Option<&ClaimRow> =
            claim.and_then(|id| assessment.claims.iter().find(|claim| claim.id == id));
        if let Some(claim) = claim {
            laid_out
                .lines
                .insert(0, ("said".to_owned(), attributed(assessment, claim)));
        }
        let within: Vec<String> = object
            .within
            .iter()
            .map(|name| self.at(*name).replace('_', " "))
            .filter(|name| !name.is_empty())
            .collect();
        laid_out
            .lines
            .insert(0, ("section".to_owned(), within.join(", ")));
        Some(laid_out)
    }
}

/// Goes through compact JSON and returns its objects with an id.
fn objects(text: &str) -> Vec<Object> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let mut last = b',';
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let start = at + 1;
                let end = end_of_string(bytes, start);
                if let Some(top) = open.last_mut() {
                    if top.is_object && last != b':' {
                        top.key = (start, end);
                        top.has_from |= text.get(start..end) == Some("from");
                    } else if top.is_object && text.get(top.key.0..top.key.1) == Some("id") {
                        top.id = Some((start, end));
                    }
                }
                at = end;
                last = b'"';
            }
            b'{' | b'[' => {
                let name = open
                    .last()
                    .filter(|top| top.is_object)
                    .map_or((0, 0), |top| top.key);
                open.push(Open {
                    start: at,
                    is_object: *byte == b'{',
                    name,
                    key: (0, 0),
                    id: None,
                    has_from: false,
                });
                last = *byte;
            }
            b'}' | b']' => {
                if let Some(closed) = open.pop()
                    && let Some(id) = closed.id
                {
                    found.push(Object {
                        id,
                        span: (closed.start, at + 1),
                        within: open.iter().map(|outer| outer.name).chain([closed.name]).collect(),
                        has_from: closed.has_from,
                    });
                }
                last = *byte;
            }
            b':' | b',' => last = *byte,
            _ => {}
        }
        at += 1;
    }
    found
}

fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::reading::Reading;
    use crate::terminal::trail::found::find;

    #[test]
    fn objects_are_found_with_their_sections() {
        let text = r#"{"a":[{"id":"x","from":[],"in":[{"id":"y\"}","n":1}]}],"id":"z"}"#;
        let seen: Vec<(String, String, bool)> = objects(text)
            .iter()
            .map(|object| {
                let span = |(start, end): (usize, usize)| text.get(start..end).unwrap_or_default().to_owned();
                (span(object.id), span(object.span), object.has_from)
            })
            .collect();
        assert_eq!(
            seen,
            [
                (r#"y\"}"#.into(), r#"{"id":"y\"}","n":1}"#.into(), false),
                (
                    "x".into(),
                    text.get(6..text.len() - 11).unwrap_or_default().into(),
                    true
                ),
                ("z".into(), text.into(), false),
            ]
        );
    }

    /// Every id that a report has, of whatever section, leads to something.
    #[test]
    fn every_id_of_a_report_opens() {
        for (case, with_studies) in [("planted/plus", true), ("wenchuan", true), ("xinjiang", false)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../cases")
                .join(case);
            let mut reading = Reading::of(Some(&folder), None).unwrap();
            let assessment = if with_studies {
                reading.with_studies()
            } else {
                reading.described()
            }
            .unwrap();
            let whole = Whole::of(&assessment);
            let mut ids: Vec<&str> = whole.ids().collect();
            ids.sort_unstable();
            ids.dedup();
            assert!(ids.len() > 100, "{case}");
            // Finding goes through the whole report: of the many that look alike, every 40th.
            for (index, id) in ids.iter().enumerate() {
                if index % 40 != 0 && ids.len() > 2000 {
                    continue;
                }
                let id: String = serde_json::from_str(&format!("\"{id}\"")).unwrap();
                let opens = !find(&assessment, &id).is_empty() || !whole.find(&assessment, &id).is_empty();
                assert!(opens, "{case}: {id}");
            }
        }
    }
}
