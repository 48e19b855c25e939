//! Section 7: every claim with its check and its trail.

use std::collections::BTreeMap;

use counterpart_appraise::assessment::{Candidate, CheckStatus, ClaimRow, DerivationStatus};

use super::context::Context;
use super::{Block, ClaimGroup, ClaimItem, Inline, Row, Section, Step, Table, Text, promises, speakers};
use crate::words;

/// Readings shown under a claim; the rest stand in `data/candidates.csv`.
const READINGS_SHOWN: usize = 14;

pub(super) fn section(context: &Context<'_>) -> Option<Section> {
    let claims = &context.all.claims;
    if claims.is_empty() {
        return None;
    }
    let mut groups: BTreeMap<&str, Vec<&ClaimRow>> = BTreeMap::new();
    for claim in claims {
        groups
            .entry(claim.topic.as_deref().unwrap_or("other"))
            .or_default()
            .push(claim);
    }
    let order = |claim: &ClaimRow| match claim.check.status {
        CheckStatus::Contradicted => 0,
        CheckStatus::OnlyWith => 1,
        CheckStatus::Reproduced => 2,
        CheckStatus::Implied => 3,
        CheckStatus::NotCheckable => 4,
        CheckStatus::NoDerivation => 5,
    };
    let mut sorted: Vec<(&str, Vec<&ClaimRow>)> = groups.into_iter().collect();
    for (_, group) in &mut sorted {
        group.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id)));
    }
    let checked = |group: &[&ClaimRow]| {
        group
            .iter()
            .filter(|claim| claim.check.status != CheckStatus::NoDerivation)
            .count()
    };
    sorted.sort_by(|a, b| checked(&b.1).cmp(&checked(&a.1)).then_with(|| a.0.cmp(b.0)));
    let groups = sorted
        .into_iter()
        .map(|(topic, claims)| ClaimGroup {
            topic: words::capital(&words::spaced(topic)),
            claims: claims.iter().map(|claim| item(context, claim)).collect(),
        })
        .collect();
    Some(Section {
        id: "claims",
        number: 7,
        short: "Every figure, checked",
        title: Some("Do the figures follow from what is on record?".to_owned()),
        standfirst: standfirst(claims),
        blocks: {
            let mut blocks = vec![Block::Claims(groups)];
            blocks.extend(promises::blocks(context));
            blocks.extend(speakers::blocks(context));
            blocks
        },
    })
}

fn standfirst(claims: &[ClaimRow]) -> Text {
    let with_figure = claims.iter().filter(|claim| claim.as_said.is_some()).count();
    let checked = claims
        .iter()
        .filter(|claim| claim.check.status != CheckStatus::NoDerivation)
        .count();
    let n = |status: CheckStatus| claims.iter().filter(|claim| claim.check.status == status).count();
    let mut parts = Vec::new();
    for status in [
        CheckStatus::Reproduced,
        CheckStatus::OnlyWith,
        CheckStatus::Contradicted,
        CheckStatus::Implied,
        CheckStatus::NotCheckable,
    ] {
        if n(status) > 0 {
            let verb = |one, many| words::verb(n(status), one, many);
            let words = match status {
                CheckStatus::OnlyWith => {
                    verb("holds only with some readings", "hold only with some readings")
                }
                CheckStatus::Reproduced => verb(
                    "is reproduced by every reading",
                    "are reproduced by every reading",
                ),
                CheckStatus::Contradicted => verb("is given by no reading", "are given by no reading"),
                CheckStatus::Implied => verb(
                    "follows without a figure of its own",
                    "follow without a figure of their own",
                ),
                _ => verb("misses an input", "miss an input"),
            };
            parts.push(format!("{} {words}", n(status)));
        }
    }
    Text::plain(format!(
        "{} on record, {} with a figure. {} with what they follow from, recomputed in every vintage on record",
        words::count(claims.len(), "claim", "claims"),
        with_figure,
        words::count(checked, "stands", "stand"),
    ))
    .words(if parts.is_empty() { ".".to_owned() } else { format!(": {}.", words::listed(&parts)) })
    .words(" Open a line to see how.")
}

/// Returns what a claim says, with the speaker inside where it must not stand without one; an accusation is followed
/// by its answers, or by the words that none is on record.
pub(crate) fn said(claim: &ClaimRow) -> String {
    match claim.act.as_str() {
        "asserts" | "estimates" | "promises" | "reports" => claim.text.clone(),
        "alleges" | "criticises" => format!(
            "{}; {}.",
            claim.attributed.trim_end_matches(['.', ' ']),
            reply(claim)
        ),
        _ => claim.attributed.clone(),
    }
}

/// Returns what answers an accusation, each answer with its speaker, or that nothing does.
pub(crate) fn reply(claim: &ClaimRow) -> String {
    if claim.answers.is_empty() {
        return "no reply on record".to_owned();
    }
    let answers: Vec<&str> = claim
        .answers
        .iter()
        .map(|answer| answer.attributed.trim_end_matches(['.', ' ']))
        .collect();
    format!("in answer, {}", answers.join("; and "))
}

fn item(context: &Context<'_>, claim: &ClaimRow) -> ClaimItem {
    let mut steps = vec![said_step(context, claim), by_step(context, claim)];
    if let Some(source) = &claim.reported_by {
        let text = Text::plain(context.sources.get(source.as_str()).map_or_else(
            || source.clone(),
            |row| {
                let date = row
                    .published_on
                    .as_deref()
                    .map_or_else(String::new, |date| format!(", {date}"));
                format!("{}{date}", row.publisher)
            },
        ))
        .words(" ")
        .link(source.clone(), source.clone());
        steps.push(Step {
            name: "Reported by",
            blocks: vec![Block::Paragraph(text)],
        });
    }
    steps.extend(formula_step(context, claim));
    steps.extend(readings_step(context, claim));
    steps.extend(answers_step(claim));
    steps.push(Step {
        name: "Check",
        blocks: check_step(context, claim),
    });
    ClaimItem {
        id: claim.id.clone(),
        figure: claim.as_said.clone().unwrap_or_default(),
        text: said(claim),
        why: if claim.check.status == CheckStatus::NoDerivation {
            Text::new()
        } else {
            Text::plain(context.readable(&without_quote(claim)))
        },
        status: claim.check.status,
        steps,
    }
}

/// Returns the check's sentence without the figure as said in front, which stands beside it already.
fn without_quote(claim: &ClaimRow) -> String {
    let sentence = claim.check.sentence.to_string();
    let quoted = claim.as_said.as_deref().map(|said| format!("“{said}”. "));
    match quoted.and_then(|quoted| sentence.split_once(&quoted).map(|(_, rest)| rest.to_owned())) {
        Some(rest) if !rest.is_empty() => rest,
        _ => sentence,
    }
}

fn said_step(context: &Context<'_>, claim: &ClaimRow) -> Step {
    let mut text = Text::plain(said(claim));
    if let Some(figure) = &claim.as_said {
        text = text.words(": ").strong(figure.clone());
        // Words and digits both, where the figure is said in words.
        if let Some(exact) = claim.value.as_ref().map(words::number)
            && !figure.contains(&exact)
        {
            text = text.small(format!(" = {exact}"));
        }
    }
    let mut about = vec![claim.id.clone()];
    if let Some(place) = &claim.place {
        about.push(context.place(place));
    }
    let span = words::span(claim.period_start.as_deref(), claim.period_end.as_deref());
    if !span.is_empty() {
        about.push(span);
    }
    let text = text
        .small(format!(" {} · ", about.join(" · ")))
        .link(claim.source.clone(), claim.source.clone())
        .small(format!(" {}", claim.locator));
    Step {
        name: "Said",
        blocks: vec![Block::Paragraph(text)],
    }
}

fn by_step(context: &Context<'_>, claim: &ClaimRow) -> Step {
    let kind = context.speaker_kind(&claim.speaker);
    let mut remark = Vec::new();
    if !kind.is_empty() {
        remark.push(kind);
    }
    if claim.attribution != "named" {
        remark.push(format!("attribution: {}", words::spaced(&claim.attribution)));
    }
    let text = Text::plain(format!(
        "{} {}",
        context.speaker(&claim.speaker),
        words::act(&claim.act)
    ))
    .small(if remark.is_empty() {
        String::new()
    } else {
        format!(" ({})", remark.join("; "))
    });
    Step {
        name: "By",
        blocks: vec![Block::Paragraph(text)],
    }
}

/// Returns a formula with its operands as words where they name a figure, as links where they are claims.
fn formula(context: &Context<'_>, derivation: &DerivationStatus) -> Text {
    let sign = match derivation.kind.as_str() {
        "ratio" | "share" | "implied_rate" | "conversion" => " ÷ ",
        "difference" => " − ",
        "sum" => " + ",
        "product" => " × ",
        "growth" | "only_widened_since" | "fell_in" => " → ",
        _ => ", ",
    };
    let mut text = Text::plain(format!("{}: ", words::spaced(&derivation.kind)));
    for (index, operand) in derivation.operands.iter().enumerate() {
        if index > 0 {
            text = text.words(sign);
        }
        text = text.join(operand_words(context, operand));
    }
    text
}

fn operand_words(context: &Context<'_>, operand: &str) -> Text {
    let readable = context.readable(operand);
    if readable == operand {
        Text::new().link(operand, operand)
    } else {
        Text::plain(readable)
    }
}

fn formula_step(context: &Context<'_>, claim: &ClaimRow) -> Option<Step> {
    let rows = &claim.check.by_derivation;
    if rows.is_empty() {
        return None;
    }
    let several = rows.len() > 1;
    let list = rows
        .iter()
        .map(|row| {
            let mut text = formula(context, row).small(format!(" {}", row.id));
            if several {
                text = text.words(" ").with(Inline::Status(row.status));
            }
            if !row.missing.is_empty() {
                let missing: Vec<String> = row
                    .missing
                    .iter()
                    .map(|operand| operand_words(context, operand).to_plain())
                    .collect();
                text = text.small(format!(" not on record: {}", missing.join("; ")));
            }
            text
        })
        .collect();
    Some(Step {
        name: "Formula",
        blocks: vec![Block::List(list)],
    })
}

fn readings_step(context: &Context<'_>, claim: &ClaimRow) -> Option<Step> {
    let candidates = &claim.check.candidates;
    if candidates.is_empty() {
        return None;
    }
    let mut order: Vec<&Candidate> = candidates.iter().collect();
    // What gives the figure, and what rests on inputs that belong together, comes first.
    order.sort_by_key(|row| {
        (
            !row.reproduces,
            row.reasons.len(),
            !context.mentioned.contains(row.id.as_str()),
        )
    });
    let shown: Vec<&Candidate> = order
        .iter()
        .enumerate()
        .filter(|(index, row)| *index < READINGS_SHOWN || context.mentioned.contains(row.id.as_str()))
        .map(|(_, row)| *row)
        .collect();
    let mut table = Table::new(
        &format!("readings-{}", crate::anchor::sanitised(&claim.id)),
        &format!("Readings of {}", claim.id),
        &["Inputs", "Result#", "Minus stated#", "Gives it", "Remarks"],
    );
    for candidate in &shown {
        table.rows.push(reading(context, claim, candidate));
    }
    let mut blocks = vec![Block::Table(table)];
    let evaluated: usize = claim.check.by_derivation.iter().map(|row| row.n_evaluated).sum();
    if evaluated > shown.len() {
        let giving: usize = claim
            .check
            .by_derivation
            .iter()
            .map(|row| row.n_reproducing)
            .sum();
        let mut note = format!(
            "{} of {} are shown, the telling ones; {giving} of all give the figure.",
            shown.len(),
            words::count(evaluated, "choice of inputs", "choices of inputs"),
        );
        if shown.len() < candidates.len() {
            note.push_str(" More stand in data/candidates.csv.");
        }
        blocks.push(Block::Paragraph(Text::new().small(note)));
    }
    Some(Step {
        name: "In each vintage",
        blocks,
    })
}

fn reading(context: &Context<'_>, claim: &ClaimRow, candidate: &Candidate) -> Row {
    let mut inputs = Text::new();
    for (index, input) in candidate.inputs.iter().enumerate() {
        if index > 0 {
            inputs = inputs.words("; ");
        }
        inputs = inputs.number(words::short(&input.value), input.id.clone());
        let mut remark = Vec::new();
        match &input.vintage {
            Some(vintage) => remark.push(context.vintage(vintage)),
            None => remark.push(input.id.clone()),
        }
        if let Some(basis) = &input.population_basis {
            remark.push(basis.clone());
        }
        inputs = inputs.small(format!(" {}", remark.join(", ")));
    }
    let value = match (&candidate.value, candidate.holds) {
        // A sentence prints a share at two decimals.
        (Some(value), _) if claim.unit.as_deref() == Some("percent") => {
            words::with_unit(&words::rounded(value, 2), Some("percent"))
        }
        (Some(value), _) => words::short(value),
        (None, Some(holds)) => if holds { "true" } else { "false" }.to_owned(),
        (None, None) => words::NONE.to_owned(),
    };
    let mut remarks: Vec<String> = candidate
        .reasons
        .iter()
        .map(|reason| words::reason(*reason).to_owned())
        .collect();
    remarks.extend(candidate.measured.clone());
    Row {
        of: Some(candidate.id.clone()),
        value: Some(value.clone()),
        main: candidate.reproduces,
        cells: vec![
            inputs,
            Text::plain(value),
            Text::plain(candidate.difference.as_ref().map_or_else(
                || words::NONE.to_owned(),
                |difference| {
                    let text = words::short(difference);
                    if difference.as_f64() > 0.0 {
                        format!("+{text}")
                    } else {
                        text
                    }
                },
            )),
            Text::plain(if candidate.reproduces { "✓ yes" } else { "✕ no" }),
            Text::plain(if remarks.is_empty() {
                "inputs belong together".to_owned()
            } else {
                remarks.join("; ")
            }),
        ],
    }
}

fn answers_step(claim: &ClaimRow) -> Option<Step> {
    let mut text = Text::new();
    if !claim.responds_to.is_empty() {
        text = text.words("responds to ").ids(&claim.responds_to).words(". ");
    }
    if !claim.answered_by.is_empty() {
        text = text.words("answered by ").ids(&claim.answered_by).words(".");
    }
    (!text.is_empty()).then(|| Step {
        name: "Answers",
        blocks: vec![Block::Paragraph(text)],
    })
}

fn check_step(context: &Context<'_>, claim: &ClaimRow) -> Vec<Block> {
    let text = Text::new()
        .with(Inline::Status(claim.check.status))
        .words(" ")
        .join(context.sentence(&claim.check.sentence));
    // What follows from nothing is only a paraphrase: its numbers are those of the claim.
    let mut blocks = vec![if claim.check.status == CheckStatus::NoDerivation {
        Block::Paragraph(text)
    } else {
        Block::Finding(text)
    }];
    let whole = claim.check.sentence.to_string();
    if claim.check.by_derivation.len() > 1 {
        blocks.extend(
            claim
                .check
                .by_derivation
                .iter()
                .filter(|row| !row.sentence.is_empty() && !whole.contains(&row.sentence.to_string()))
                .map(|row| {
                    Block::Finding(
                        Text::new()
                            .code(row.id.clone())
                            .words(" ")
                            .join(context.sentence(&row.sentence)),
                    )
                }),
        );
    }
    if !claim.check.reasons.is_empty() {
        let reasons: Vec<String> = claim
            .check
            .reasons
            .iter()
            .map(|reason| words::reason(*reason).to_owned())
            .collect();
        blocks.push(Block::Paragraph(
            Text::new().small(format!("To know: {}.", words::listed(&reasons))),
        ));
    }
    blocks
}
