//! Section 1: the question and the answer.

use std::collections::BTreeMap;

use counterpart_appraise::assessment::{Specification, Verdict, VerdictReason};

use super::context::Context;
use super::{Block, Card, Drawing, Figure, Inline, Row, Section, Table, Text};
use crate::chart::Chart;
use crate::chart::dots::{Dot, Dots, Family};
use crate::words;

pub(super) fn section(context: &Context<'_>) -> Section {
    let mut blocks = Vec::new();
    blocks.extend(dots(context));
    let cards = cards(context);
    if !cards.is_empty() {
        blocks.push(Block::Heading {
            of: None,
            text: "One verdict per lens".to_owned(),
            sub: Text::plain(
                "A lens is a rule for whose figures to believe. The rule of the verdict stands in ",
            )
            .with(Inline::Section {
                shown: "Methods".to_owned(),
                id: "methods",
            })
            .words("."),
        });
        blocks.push(Block::Cards(cards));
    }
    Section {
        id: "answer",
        number: 1,
        short: "The answer",
        title: None,
        standfirst: Text::new(),
        blocks,
    }
}

fn cards(context: &Context<'_>) -> Vec<Card> {
    context
        .all
        .answer
        .by_lens
        .iter()
        .map(|lens| Card {
            title: context.lens(&lens.lens),
            verdict: lens.verdict,
            text: context.sentence(&lens.sentence),
            estimates: estimates(context, &lens.from),
            hangs_on: lens
                .hangs_on
                .iter()
                .take(2)
                .map(|row| {
                    let text = context.sentence(&row.sentence);
                    if row.verdict_after == lens.verdict {
                        text
                    } else {
                        text.words(" → ").with(Inline::Verdict(row.verdict_after))
                    }
                })
                .collect(),
        })
        .collect()
}

/// What the main rows of the primary studies give, one line a row: estimate, rank and p, interval.
fn estimates(context: &Context<'_>, ids: &[String]) -> Vec<Text> {
    let smallest = format!("{}%", words::hundredfold(&context.all.rule.smallest_effect, 0));
    ids.iter()
        .filter_map(|id| context.all.studies.iter().find(|row| row.id == *id))
        .filter_map(|row| {
            let estimate = row.estimate.as_ref()?;
            let log = row.transform == "log";
            let shown = if log {
                words::percent_of_log(estimate)
            } else {
                super::effect::effect(row, estimate)
            };
            let mut text = Text::plain(format!("{}, {}: ", row.title, context.indicator(&row.outcome)))
                .number(shown, row.id.clone());
            if log {
                text = text
                    .words(" (")
                    .number(words::signed_hundredfold(estimate, 1), row.id.clone())
                    .words(" log points)");
            }
            if let (Some(p), Some(floor)) = (&row.p_value, &row.p_floor) {
                let [groups, treated] = row.assignment_groups;
                let rank = p.as_f64() / floor.as_f64();
                // Only where every assignment was tried is p a rank among them.
                let exhaustive = treated == 1
                    && groups > 1
                    && (floor.as_f64() * f64::from(u32::try_from(groups).unwrap_or(u32::MAX)) - 1.0).abs()
                        < 1e-6;
                if exhaustive && (rank - rank.round()).abs() < 1e-4 {
                    text = text.words(format!(", rank {rank:.0} of {groups} groups"));
                }
            }
            if let Some(p) = &row.p_value {
                text = text.words(", p = ").number(words::p_value(p), row.id.clone());
            }
            match super::effect::ends(row) {
                Some([low, high]) => {
                    text = text
                        .words(", interval ")
                        .number(low, row.id.clone())
                        .words(" to ")
                        .number(high, row.id.clone());
                }
                None => text = text.words(", no interval"),
            }
            if matches!(row.reason, VerdictReason::Undecided | VerdictReason::Inside) {
                text = text
                    .words("; the smallest effect of interest is δ = ")
                    .number(smallest.clone(), "rule");
            }
            Some(text.words("."))
        })
        .collect()
}

/// Every specification at once, one row a pool.
fn dots(context: &Context<'_>) -> Option<Block> {
    let specs = &context.all.specification_curve;
    if specs.len() < 2 {
        return None;
    }
    let mut by_pool: BTreeMap<String, Vec<&Specification>> = BTreeMap::new();
    for spec in specs {
        by_pool.entry(context.pool(&spec.pool)).or_default().push(spec);
    }
    let mut families: Vec<(String, Vec<&Specification>)> = by_pool.into_iter().collect();
    families.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    let says = |verdict: Verdict, specs: &[&Specification]| {
        specs.iter().filter(|spec| spec.verdict == verdict).count()
    };
    let all: Vec<&Specification> = specs.iter().collect();
    let smallest = context.all.rule.smallest_effect.as_f64() * 100.0;
    let mut table = Table::new(
        "ways",
        "Ways of asking by comparison, their verdicts and the span of their estimates",
        &[
            "Compared with",
            "Ways#",
            "Helped#",
            "No detectable effect#",
            "Harmed#",
            "Cannot tell#",
            "Lowest#",
            "Highest#",
        ],
    );
    for (family, members) in &families {
        let mut sorted = members.clone();
        sorted.sort_by(|a, b| a.estimate.as_f64().total_cmp(&b.estimate.as_f64()));
        let end = |spec: Option<&&Specification>| match spec {
            Some(spec) => Text::new().link(words::signed_hundredfold(&spec.estimate, 1), spec.id.clone()),
            None => Text::plain(words::NONE),
        };
        let n = |verdict: Verdict| Text::plain(says(verdict, members).to_string());
        table.rows.push(Row::of_cells(vec![
            Text::plain(family.clone()),
            Text::plain(members.len().to_string()),
            n(Verdict::Helped),
            n(Verdict::NoDetectableEffect),
            n(Verdict::Harmed),
            n(Verdict::CannotTell),
            end(sorted.first()),
            end(sorted.last()),
        ]));
    }
    let chart = Dots {
        families: families
            .iter()
            .map(|(label, members)| Family {
                label: label.clone(),
                sub: counts(members),
                dots: members
                    .iter()
                    .map(|spec| Dot {
                        value: spec.estimate.as_f64() * 100.0,
                        verdict: spec.verdict,
                    })
                    .collect(),
            })
            .collect(),
        smallest,
        unit: "%".to_owned(),
    };
    let cannot = says(Verdict::CannotTell, &all);
    let title = if cannot == all.len() {
        format!("Asked in {} ways, the record cannot tell in any", all.len())
    } else {
        let mut parts = Vec::new();
        for verdict in [
            Verdict::Helped,
            Verdict::NoDetectableEffect,
            Verdict::Harmed,
            Verdict::CannotTell,
        ] {
            let n = says(verdict, &all);
            if n > 0 {
                parts.push(format!(
                    "{n} {} {}",
                    words::verb(n, "says", "say"),
                    verdict.words()
                ));
            }
        }
        format!("Asked in {} ways: {}", all.len(), words::listed(&parts))
    };
    let sub = Text::plain(format!(
        "Estimated effect, log points × 100 (about percent). One mark a way of asking, one row a kind of comparison. \
         ○ cannot tell, ▲ helped, ▼ harmed, ■ no detectable effect. Shaded: under {}%, the smallest effect of interest. \
         Ways overlap; they are no vote.",
        crate::chart::scale::label(smallest)
    ));
    Some(Block::Figure(Box::new(Figure {
        id: "figure-dots".to_owned(),
        title,
        sub,
        drawing: Drawing::Chart(Box::new(Chart::Dots(chart))),
        source: Text::plain("Counterpart, from the studies in ")
            .with(Inline::Section {
                shown: "Effect".to_owned(),
                id: "effect",
            })
            .words("."),
        table: Some(table),
        file: Some("data/specifications.csv"),
    })))
}

fn counts(members: &[&Specification]) -> String {
    let mut parts = vec![words::count(members.len(), "way", "ways")];
    for verdict in [Verdict::Helped, Verdict::Harmed, Verdict::NoDetectableEffect] {
        let n = members.iter().filter(|spec| spec.verdict == verdict).count();
        if n > 0 {
            parts.push(format!("{n} {}", verdict.words()));
        }
    }
    parts.join(" · ")
}

pub(super) fn window(window: &[String; 2]) -> String {
    let [from, to] = window;
    words::span(Some(from), Some(to))
}
