//! Contradictions: what cannot all hold, each with its speakers, its size and what hangs on it.

use counterpart_appraise::assessment::{Contradiction, ContradictionKind};

use super::context::Context;
use super::{Block, Text};
use crate::words;

/// Most contradictions of one kind that stand open; the others can be opened, and all are in `data/contradictions.csv`.
const OPEN: usize = 12;

/// Kinds in the order of reading.
const ORDER: [ContradictionKind; 8] = [
    ContradictionKind::Speakers,
    ContradictionKind::FactorOfTen,
    ContradictionKind::CumulativeAnnual,
    ContradictionKind::TotalParts,
    ContradictionKind::PlanActual,
    ContradictionKind::CopiedUnderTwoYears,
    ContradictionKind::Definition,
    ContradictionKind::Vintages,
];

/// Returns the blocks about contradictions, or that none is on record.
pub(super) fn blocks(context: &Context<'_>) -> Vec<Block> {
    let rows = &context.all.contradictions;
    let of = |kind: ContradictionKind| rows.iter().filter(move |row| row.kind == kind);
    let disagreements = rows
        .iter()
        .filter(|row| {
            !matches!(
                row.kind,
                ContradictionKind::Definition | ContradictionKind::Vintages
            )
        })
        .count();
    let sub = if rows.is_empty() {
        "No two statements on record are at odds about one thing, place and period.".to_owned()
    } else {
        format!(
            "{} on record that cannot all hold, {} where only the definitions differ, {} that editions of a series \
             print differently. Within the rounding that was said nothing counts as a contradiction, and a copy is no \
             second voice. The largest on which something hangs stand first.",
            words::count(disagreements, "set of statements", "sets of statements"),
            of(ContradictionKind::Definition).count(),
            words::count(of(ContradictionKind::Vintages).count(), "figure", "figures"),
        )
    };
    let mut blocks = vec![Block::Heading {
        of: None,
        text: "What contradicts what".to_owned(),
        sub: Text::plain(sub),
    }];
    for kind in ORDER {
        let rows: Vec<&Contradiction> = of(kind).collect();
        if rows.is_empty() {
            continue;
        }
        let open = if kind == ContradictionKind::Vintages {
            0
        } else {
            OPEN
        };
        let (first, rest) = rows.split_at(rows.len().min(open));
        if !first.is_empty() {
            blocks.push(Block::Paragraph(Text::new().strong(title(kind))));
        }
        blocks.extend(first.iter().flat_map(|row| one(context, row)));
        if !rest.is_empty() {
            blocks.push(Block::Disclosure {
                id: None,
                summary: Text::plain(format!(
                    "{}: {}",
                    title(kind),
                    words::count(rest.len(), "more", "more")
                )),
                blocks: rest.iter().flat_map(|row| one(context, row)).collect(),
            });
        }
    }
    blocks
}

fn one(context: &Context<'_>, row: &Contradiction) -> Vec<Block> {
    let mut hangs = Text::new();
    if !row.matters_to.is_empty() {
        hangs = hangs.small("Hangs on it: ");
        for (index, id) in row.matters_to.iter().enumerate() {
            if index > 0 {
                hangs = hangs.words(", ");
            }
            hangs = if context.claims.contains_key(id.as_str()) {
                hangs.link(id.clone(), id.clone())
            } else {
                hangs.code(id.clone())
            };
        }
    }
    for copy in &row.copies {
        hangs = hangs.small(format!(" {copy} is a copy and no voice."));
    }
    let mut blocks = vec![Block::Disclosure {
        id: Some(row.id.clone()),
        summary: context.sentence(&row.sentence),
        blocks: Vec::new(),
    }];
    if let Some(Block::Disclosure { blocks: inside, .. }) = blocks.first_mut() {
        let sources: Vec<&str> = row.said.iter().map(|one| one.source.as_str()).collect();
        inside.push(Block::Paragraph(
            Text::new().small("Sources: ").join(context.source_links(sources)),
        ));
        if !hangs.0.is_empty() {
            inside.push(Block::Paragraph(hangs));
        }
    }
    blocks
}

/// Returns the words of a kind of contradiction.
const fn title(kind: ContradictionKind) -> &'static str {
    match kind {
        ContradictionKind::Speakers => "At odds about the same thing",
        ContradictionKind::Vintages => "Editions that print one figure differently",
        ContradictionKind::PlanActual => "Planned and come",
        ContradictionKind::TotalParts => "A total and its parts",
        ContradictionKind::CumulativeAnnual => "A sum and what lies inside its period",
        ContradictionKind::Definition => "Not comparable: other definitions",
        ContradictionKind::FactorOfTen => "A power of ten apart",
        ContradictionKind::CopiedUnderTwoYears => "One figure under different years",
    }
}
