//! From pairs at odds to one row a subject: statements at odds in the same way stand together.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::quantity::Figure;
use counterpart_model::{Decimal, Id, Record};

use crate::assessment::{Contradiction, ContradictionKind, ContradictionStatement, Number, Sentence};
use crate::reading::Figures;

use super::compare::{Odds, by_figure};
use super::sentence;
use super::statement::Said;

/// Statements that are at odds in one way.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    pub(super) id: String,
    pub(super) kind: ContradictionKind,
    pub(super) statements: Vec<Said<'a>>,
    pub(super) differs_in: BTreeSet<&'static str>,
    pub(super) copies: Vec<String>,
    pub(super) size: Option<Decimal>,
    /// What is at odds, where the kind alone does not say it.
    pub(super) finding: Option<String>,
}

/// Text in an id: what separates the parts of one stands for nothing else in it.
fn plain(text: &str) -> String {
    text.replace([' ', ':'], "_")
}

/// The id of the group that a pair belongs to, from what it is about and how it is at odds.
fn address(a: &Said<'_>, b: &Said<'_>, odds: &Odds) -> String {
    let scoped = a.subject != b.subject;
    let subject = if scoped {
        let mut both = [a.subject.as_str(), b.subject.as_str()];
        both.sort_unstable();
        both.join("|")
    } else {
        a.subject.clone()
    };
    let mut parts = vec![
        "contradiction".to_owned(),
        odds.kind.as_str().to_owned(),
        plain(&subject),
        plain(&a.property),
    ];
    let with = |what: &str| odds.differs_in.contains(&what);
    let planned = if a.planned && b.planned { "planned" } else { "" };
    match odds.kind {
        ContradictionKind::CopiedUnderTwoYears => parts.push(a.number().normalize().to_string()),
        ContradictionKind::CumulativeAnnual => parts.push(a.unit.unwrap_or("").to_owned()),
        ContradictionKind::PlanActual => {
            let plan = if a.planned { a } else { b };
            parts.push(plan.period());
            parts.push(plan.rung.to_owned());
        }
        _ => {
            if !with("scope") {
                parts.push(a.place.map(ToString::to_string).unwrap_or_default());
            }
            if !with("period") {
                parts.push(a.period());
            }
            if !with("unit") && !with("concept") && !with("currency") {
                parts.push(a.unit.unwrap_or("").to_owned());
            }
            if !with("basis") {
                parts.push(a.basis.to_owned());
            }
            if !with("rung") {
                parts.push(a.rung.to_owned());
            }
            parts.push(odds.differs_in.join("+"));
        }
    }
    parts.push(planned.to_owned());
    parts.retain(|part| !part.is_empty());
    parts.join(":")
}

/// Adds a pair at odds to its group.
pub(super) fn add<'a>(
    groups: &mut BTreeMap<String, Group<'a>>,
    a: &Said<'a>,
    b: &Said<'a>,
    odds: &Odds,
    copies: &[&Id],
) {
    let id = address(a, b, odds);
    let group = groups.entry(id.clone()).or_insert_with(|| Group {
        id,
        kind: odds.kind,
        statements: Vec::new(),
        differs_in: BTreeSet::new(),
        copies: Vec::new(),
        size: None,
        finding: None,
    });
    group.differs_in.extend(odds.differs_in.iter().copied());
    for one in [a, b] {
        if !group
            .statements
            .iter()
            .any(|known| known.id == one.id && known.planned == one.planned)
        {
            group.statements.push(one.clone());
        }
    }
    for copy in copies {
        let copy = copy.to_string();
        if !group.copies.contains(&copy) {
            group.copies.push(copy);
        }
    }
    group.size = group.size.max(odds.size);
}

/// Adds a copy that stands under another period than what it copies.
pub(super) fn add_copy<'a>(groups: &mut BTreeMap<String, Group<'a>>, copy: &Said<'a>, original: &Said<'a>) {
    let odds = Odds {
        kind: ContradictionKind::CopiedUnderTwoYears,
        differs_in: vec!["period"],
        size: super::compare::ratio(copy.number(), original.number()),
    };
    add(groups, original, copy, &odds, &[copy.id]);
}

impl Group<'_> {
    /// Makes the row of a group and notes the figures that its sentence points at.
    pub(super) fn into_row(mut self, record: &Record, figures: &mut Figures) -> Contradiction {
        self.statements.sort_by(by_figure);
        once_each(&mut self.statements);
        let kept: Vec<&Said<'_>> = self.statements.iter().collect();
        for one in &kept {
            super::note(record, one, figures);
        }
        let differs_in: Vec<String> = self.differs_in.iter().map(|what| (*what).to_owned()).collect();
        let shown: Vec<String> = match self.kind {
            // A plan and what came, or a part and its whole, are of different periods or scopes by nature: say which.
            _ if !differs_in.is_empty() => differs_in.clone(),
            _ => Vec::new(),
        };
        let comparable = !differs_in
            .iter()
            .any(|what| matches!(what.as_str(), "currency" | "unit" | "concept"));
        let size = match self.kind {
            ContradictionKind::CumulativeAnnual | ContradictionKind::TotalParts => self.size,
            _ if comparable => super::size(&kept).or(self.size),
            _ => None,
        };
        // A copy says nothing of its own, and is no voice.
        let voices: BTreeSet<&str> = kept
            .iter()
            .filter(|one| one.copy_of.is_none())
            .map(|one| one.voice.as_str())
            .collect();
        let first = kept.first();
        let mut periods: Vec<String> = kept.iter().map(|one| one.period()).collect();
        periods.sort();
        periods.dedup();
        let mut places: Vec<String> = kept
            .iter()
            .filter_map(|one| one.place.map(ToString::to_string))
            .collect();
        places.sort();
        places.dedup();
        let mut subjects: Vec<&str> = kept.iter().map(|one| one.subject.as_str()).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let mut ids: Vec<String> = kept.iter().map(|one| one.id.to_string()).collect();
        ids.dedup();
        // A whole stands for what is said of it and its parts.
        let whole = kept.iter().find(|one| {
            self.kind == ContradictionKind::TotalParts && kept.iter().any(|part| part.part_of == Some(one.id))
        });
        let about = whole
            .or(first)
            .map(|one| sentence::about(record, one))
            .unwrap_or_default();
        let when = match periods.as_slice() {
            [only] if !only.is_empty() => first.map(|one| sentence::period(one)).unwrap_or_default(),
            _ => String::new(),
        };
        let mut text = Sentence::of(crate::answer::capital(&about));
        if !when.is_empty() {
            text = text.text(format!(", {when}"));
        }
        let text = text
            .text(": ")
            .join(sentence::said(record, &kept, &shown))
            .text(". ")
            .join(match &self.finding {
                Some(finding) => Sentence::of(finding.clone()),
                None => sentence::finding(self.kind, size, voices.len(), &differs_in, &self.id),
            });
        let number = |value: Option<Decimal>| value.map(rounded);
        Contradiction {
            subject: subjects.join("|"),
            property: first.map(|one| one.property.clone()).unwrap_or_default(),
            period: periods.join(";"),
            place: (places.len() == 1).then(|| places.concat()),
            said: kept
                .iter()
                .map(|one| {
                    let (value, lower, upper) = match one.figure {
                        Figure::Value(value) => (Some(value), None, None),
                        Figure::AtLeast(low) => (None, Some(low), None),
                        Figure::AtMost(high) => (None, None, Some(high)),
                        Figure::Between(low, high) => (None, Some(low), Some(high)),
                    };
                    ContradictionStatement {
                        id: one.id.to_string(),
                        speaker: one.speaker.map(ToString::to_string).unwrap_or_default(),
                        speaker_name: sentence::speaker(record, one),
                        act: one.act.to_string(),
                        value: number(value),
                        lower: number(lower),
                        upper: number(upper),
                        least: number(one.span.low),
                        most: number(one.span.high),
                        unit: one.unit.map(str::to_owned),
                        as_said: one.as_said.map(str::to_owned),
                        period: one.period(),
                        place: one.place.map(ToString::to_string),
                        planned: one.planned,
                        reply: crate::claim::answered::accuses(one.act)
                            .then(|| crate::claim::answered::words(record, one.id)),
                        source: one.source.to_string(),
                        from: vec![one.id.to_string()],
                    }
                })
                .collect(),
            kind: self.kind,
            differs_in,
            voices: voices.len(),
            copies: self.copies,
            size: number(size),
            matters_to: Vec::new(),
            sentence: text,
            from: ids.clone(),
            statements: ids,
            id: self.id,
        }
    }
}

/// Keeps one of several rows of different tables that are the same words of one source; a claim before any other.
fn once_each(statements: &mut Vec<Said<'_>>) {
    let mut kept: Vec<Said<'_>> = Vec::new();
    for one in std::mem::take(statements) {
        let twin = kept.iter_mut().find(|known| {
            known.source == one.source
                && known.locator == one.locator
                && known.locator.is_some()
                && known.figure == one.figure
                && known.voice == one.voice
                && known.planned == one.planned
                && known.days() == one.days()
                && known.table != one.table
        });
        match twin {
            Some(known) if one.table == "claims" => *known = one,
            Some(_) => {}
            None => kept.push(one),
        }
    }
    *statements = kept;
}

/// Prints a decimal with at most nine decimals.
pub(super) fn rounded(value: Decimal) -> Number {
    Number::exact(value.round_dp_with_strategy(9, counterpart_model::RoundingStrategy::MidpointAwayFromZero))
}
