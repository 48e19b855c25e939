//! A row shows its value in every form in which a sentence prints it, so that whoever follows a figure finds it.
//!
//! Sentences round and write out magnitudes ("8.2 billion"); rows hold all digits. The form of the sentence is added to
//! the row only where it is a rounding of a number that stands there already: anything else stays a fault to be seen.

use std::collections::{BTreeMap, BTreeSet};

use super::{Block, ClaimItem, Row, Section, Table, Text, each_text};
use crate::document::Inline;

type Forms = BTreeMap<String, BTreeSet<String>>;

/// Adds to each row and claim the forms in which the page prints its value elsewhere.
pub(super) fn add(answer: &Text, sections: &mut [Section]) {
    let mut forms = Forms::new();
    let mut look = |text: &Text| {
        for part in &text.0 {
            if let Inline::Number { shown, of } = part {
                forms.entry(of.clone()).or_default().insert(shown.clone());
            }
        }
    };
    look(answer);
    for section in sections.iter() {
        look(&section.standfirst);
        for block in &section.blocks {
            each_text(block, &mut look);
        }
    }
    for section in sections {
        for block in &mut section.blocks {
            in_block(block, &forms);
        }
    }
}

fn in_block(block: &mut Block, forms: &Forms) {
    match block {
        Block::Table(table) => in_table(table, forms),
        Block::Figure(figure) => {
            if let Some(table) = &mut figure.table {
                in_table(table, forms);
            }
        }
        Block::Disclosure { blocks, .. } => blocks.iter_mut().for_each(|block| in_block(block, forms)),
        Block::Claims(groups) => {
            for claim in groups.iter_mut().flat_map(|group| &mut group.claims) {
                in_claim(claim, forms);
                for block in claim.steps.iter_mut().flat_map(|step| &mut step.blocks) {
                    in_block(block, forms);
                }
            }
        }
        Block::Heading { .. }
        | Block::Paragraph(_)
        | Block::Finding(_)
        | Block::List(_)
        | Block::Cards(_)
        | Block::Pairs(_) => {}
    }
}

fn in_table(table: &mut Table, forms: &Forms) {
    for row in &mut table.rows {
        in_row(row, forms);
    }
}

fn in_row(row: &mut Row, forms: &Forms) {
    let Some(shown) = row.of.as_ref().and_then(|of| forms.get(of)) else {
        return;
    };
    let value = row.value.clone().unwrap_or_default();
    let text: Vec<String> = row.cells.iter().map(Text::to_plain).collect();
    let missing = missing(shown, &text.join(" "), &value);
    if missing.is_empty() {
        return;
    }
    let at = text
        .iter()
        .position(|cell| !value.is_empty() && cell.contains(&value))
        .unwrap_or(0);
    if let Some(cell) = row.cells.get_mut(at) {
        *cell = std::mem::take(cell).small(format!(" ({})", missing.join("; ")));
    }
}

fn in_claim(claim: &mut ClaimItem, forms: &Forms) {
    let Some(shown) = forms.get(&claim.id) else {
        return;
    };
    let Some(Block::Paragraph(said)) = claim.steps.first_mut().and_then(|step| step.blocks.first_mut())
    else {
        return;
    };
    let text = format!("{} {} {}", claim.figure, claim.text, said.to_plain());
    let missing = missing(shown, &text, &text);
    if !missing.is_empty() {
        *said = std::mem::take(said).small(format!(" (elsewhere on this page: {})", missing.join("; ")));
    }
}

fn missing(shown: &BTreeSet<String>, text: &str, value: &str) -> Vec<String> {
    let there = numbers(value);
    shown
        .iter()
        .filter(|form| !text.contains(form.as_str()))
        .filter(|form| {
            let forms = numbers(form);
            !forms.is_empty()
                && forms
                    .iter()
                    .all(|form| there.iter().any(|number| form.rounds(number.value)))
        })
        .cloned()
        .collect()
}

/// A number in a text with half the unit of its last digit.
struct Printed {
    value: f64,
    half: f64,
}

impl Printed {
    /// Whether it is the other one rounded, without regard to the sign, which words may carry.
    fn rounds(&self, exact: f64) -> bool {
        (self.value - exact).abs() <= self.half * (1.0 + 1e-9) + 1e-12
    }
}

/// Reads the numbers of a text: digits with thousands' commas, a part after the point, and a magnitude in words.
fn numbers(text: &str) -> Vec<Printed> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == '(' || c == ')' || c == ';')
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let digits: String = word
            .trim_matches(|c: char| !c.is_ascii_digit())
            .chars()
            .filter(|c| *c != ',')
            .collect();
        let Ok(value) = digits.parse::<f64>() else {
            continue;
        };
        let scale = match words.get(index + 1).copied() {
            Some("thousand") => 1e3,
            Some("million") => 1e6,
            Some("billion") => 1e9,
            Some("trillion") => 1e12,
            _ => 1.0,
        };
        let decimals = digits.split_once('.').map_or(0, |(_, part)| part.len());
        let unit = (0..decimals).fold(scale, |unit, _| unit / 10.0);
        found.push(Printed {
            value: value * scale,
            half: unit / 2.0,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::missing;

    #[test]
    fn a_form_is_added_only_where_it_is_a_rounding_of_what_stands_there() {
        for (form, there, added) in [
            ("74.7%", "74.66%", true),
            ("74.8%", "74.66%", false),
            ("74.66%", "74.66%", false),
            ("8.2 billion yuan", "8,200,000,000 yuan", true),
            ("120,000,000,000", "120 billion yuan", true),
            ("0.01 percentage points", "−0.008111623%", true),
            ("9.3 billion yuan", "8,200,000,000 yuan", false),
            ("no number", "8,200,000,000 yuan", false),
        ] {
            let forms = BTreeSet::from([form.to_owned()]);
            assert_eq!(
                !missing(&forms, there, there).is_empty(),
                added,
                "{form} in {there}"
            );
        }
    }
}
