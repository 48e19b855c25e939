//! The seal of a report: the digest of its public view, and of each of its blocks.
//!
//! `view_digest` is SHA-256 over the compact JSON of the report with an empty `view_digest`, its members in the
//! order of the schema; `block_digests` holds SHA-256 over the compact JSON of every other member. Blanks outside of
//! strings are not part of them, so an indented file has the digests of a compact one. Nothing is parsed into
//! numbers: a digit that was changed is another byte. Whoever holds a `report.json` can recompute both offline.

use std::collections::BTreeMap;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// What the bytes of a report say about themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The digest that stands in the report.
    pub stated: String,
    /// The digest of what stands in the report.
    pub computed: String,
    /// Members whose own digest in `block_digests` differs, where the report has such digests.
    pub altered: Vec<String>,
    /// Whether the report has digests of its members.
    pub has_blocks: bool,
}

impl Seal {
    /// Whether the report is what was published.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        self.stated == self.computed
    }

    /// Reads the seal of a report, or `None` where the text is no JSON object with a `view_digest`.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        let stated = value.get("view_digest")?.as_str()?.to_owned();
        let compact = compact(text);
        let members = members(&compact)?;
        let mut hasher = Sha256::new();
        for (index, (name, member)) in members.iter().enumerate() {
            hasher.update(if index == 0 { "{" } else { "," });
            hasher.update(name);
            hasher.update(":");
            hasher.update(if *name == "\"view_digest\"" {
                "\"\""
            } else {
                member
            });
        }
        hasher.update("}");
        let blocks = value.get("block_digests").and_then(serde_json::Value::as_object);
        let altered = blocks.map_or_else(Vec::new, |blocks| {
            let mut altered: Vec<String> = members
                .iter()
                .map(|(name, member)| (name.trim_matches('"'), member))
                .filter(|(name, member)| {
                    blocks
                        .get(*name)
                        .and_then(serde_json::Value::as_str)
                        .map_or(!SEALS.contains(name), |digest| {
                            digest != hex(&Sha256::digest(member))
                        })
                })
                .map(|(name, _)| name.to_owned())
                .collect();
            // A block that was taken out altogether.
            altered.extend(
                blocks
                    .keys()
                    .filter(|name| value.get(name.as_str()).is_none())
                    .cloned(),
            );
            altered
        });
        Some(Self {
            stated,
            computed: hex(&hasher.finalize()),
            altered,
            has_blocks: blocks.is_some(),
        })
    }
}

/// The members that are seals themselves.
const SEALS: [&str; 2] = ["view_digest", "block_digests"];

/// Returns the seals of a report's compact JSON in which both are empty: the digest of every other member, and the digest
/// of the whole with those digests in it, which is written out only once.
pub(crate) fn seals(compact: &str) -> (BTreeMap<String, String>, String) {
    let members = members(compact).unwrap_or_default();
    let blocks: BTreeMap<String, String> = members
        .par_iter()
        .map(|(name, member)| (name.trim_matches('"').to_owned(), member))
        .filter(|(name, _)| !SEALS.contains(&name.as_str()))
        .map(|(name, member)| (name, hex(&Sha256::digest(member))))
        .collect();
    let mut hasher = Sha256::new();
    for (index, (name, member)) in members.iter().enumerate() {
        hasher.update(if index == 0 { "{" } else { "," });
        hasher.update(name);
        hasher.update(":");
        if *name == "\"block_digests\"" {
            // Names and digests need no escapes.
            let all: Vec<String> = blocks
                .iter()
                .map(|(name, digest)| format!("\"{name}\":\"{digest}\""))
                .collect();
            hasher.update(format!("{{{}}}", all.join(",")));
        } else {
            hasher.update(member);
        }
    }
    hasher.update("}");
    (blocks, hex(&hasher.finalize()))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes blanks outside of strings out of JSON that has been parsed once.
fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for mark in text.chars() {
        if in_string {
            in_string = escaped || mark != '"';
            escaped = mark == '\\' && !escaped;
            compact.push(mark);
        } else if !mark.is_ascii_whitespace() {
            in_string = mark == '"';
            compact.push(mark);
        }
    }
    compact
}

/// Splits a compact JSON object into its members, in their order: the quoted name, and the value as it is written.
#[must_use]
pub fn members(compact: &str) -> Option<Vec<(&str, &str)>> {
    let inside = compact.strip_prefix('{')?.strip_suffix('}')?;
    let mut members = Vec::new();
    let mut rest = inside;
    while !rest.is_empty() {
        let (member, after) = split_outside(rest, ',');
        let (name, value) = split_outside(member, ':');
        members.push((name, value));
        rest = after;
    }
    Some(members)
}

/// Splits at the first `at` that stands in no string and no bracket.
fn split_outside(text: &str, at: char) -> (&str, &str) {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (index, mark) in text.char_indices() {
        if in_string {
            in_string = escaped || mark != '"';
            escaped = mark == '\\' && !escaped;
            continue;
        }
        match mark {
            '"' => in_string = true,
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ if mark == at && depth == 0 => {
                return text
                    .split_at_checked(index)
                    .map_or((text, ""), |(before, after)| {
                        (before, after.trim_start_matches(at))
                    });
            }
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{Seal, hex, members};

    fn sealed(indented: bool) -> String {
        let open = r#"{"schema":"x/1","view_digest":"","answer":{"sentence":"a, \"b\": {c}"},"claims":[1.50,{"v":"\\"}]}"#;
        let digest = hex(&Sha256::digest(open));
        let text = open.replace(r#""view_digest":"""#, &format!(r#""view_digest":"{digest}""#));
        if indented {
            text.replace(":{", ": {\n  ")
                .replace("[1", "[\n 1")
                .replace(",\"claims", ",\n\"claims")
        } else {
            text
        }
    }

    #[test]
    fn blanks_between_members_do_not_matter_and_a_changed_digit_does() {
        for text in [sealed(false), sealed(true)] {
            assert!(Seal::of(&text).is_some_and(|seal| seal.is_genuine()), "{text}");
            let altered = text.replace("1.50", "1.5");
            assert!(Seal::of(&altered).is_some_and(|seal| !seal.is_genuine()));
        }
    }

    #[test]
    fn members_are_split_outside_of_strings_and_brackets() {
        let text = r#"{"a":{"b":[1,2],"c":"},"},"d":"\"","e":3}"#;
        let split = members(text).expect("an object");
        assert_eq!(
            split,
            [
                ("\"a\"", r#"{"b":[1,2],"c":"},"}"#),
                ("\"d\"", r#""\"""#),
                ("\"e\"", "3")
            ]
        );
    }

    #[test]
    fn a_block_with_its_own_digest_is_named() {
        let claims = hex(&Sha256::digest("[1]"));
        let text = format!(r#"{{"view_digest":"0","block_digests":{{"claims":"{claims}"}},"claims":[2]}}"#);
        let seal = Seal::of(&text).expect("a report");
        assert_eq!(seal.altered, ["claims"]);
    }
}
