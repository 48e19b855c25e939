//! Sums of counts: by programme, round, batch, profession, provider, recipient, and of placements by rung.
//!
//! A sum holds rows that surely count nobody twice: of rows that may count the same people the larger count is kept,
//! since a part is never larger than its whole. Of several statements of one thing the newest is kept.

use std::collections::BTreeMap;

use counterpart_model::{Decimal, Id};

use super::scope::{Item, Scopes};
use super::{concept_in_words, count_in_words, decimal};
use crate::assessment::{
    CountLeftOut, CountLeftOutCode as Code, Number, PeopleKind, PeopleTotal, PersonCount, Sentence,
};
use crate::naming::Names;

/// Returns every sum, in the order of their ids.
pub(crate) fn of(items: &[Item<'_>], scopes: &Scopes<'_>, names: &Names<'_>) -> Vec<PeopleTotal> {
    let mut groups: BTreeMap<Subject, Vec<&Item<'_>>> = BTreeMap::new();
    for item in items {
        for subject in Subject::all_of(item) {
            groups.entry(subject).or_default().push(item);
        }
    }
    let mut totals: Vec<PeopleTotal> = Vec::new();
    for (subject, rows) in groups {
        let mut concepts: Vec<&str> = rows
            .iter()
            .filter(|item| !item.row.count.is_empty() && !item.row.count.is_withheld())
            .map(|item| item.row.concept.as_str())
            .collect();
        concepts.sort_unstable();
        concepts.dedup();
        for concept in concepts {
            totals.push(total(&subject, concept, &rows, scopes, names));
        }
    }
    totals.sort_by(|a, b| a.id.cmp(&b.id));
    totals
}

/// What a sum is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    kind: PeopleKind,
    programme: Option<String>,
    direction: Option<String>,
    within: Option<String>,
    by: &'static str,
    of: Option<String>,
}

impl Subject {
    /// Returns every sum that a row may stand in.
    fn all_of(item: &Item<'_>) -> Vec<Self> {
        let row = item.row;
        let is_placement = row.kind == PeopleKind::Placement;
        let [giver, taker, group] = if is_placement {
            ["origin", "destination", "sector"]
        } else {
            ["provider", "recipient", "profession"]
        };
        // A batch is one of its round: numbers begin anew elsewhere.
        let batch = row
            .batch
            .as_ref()
            .map(|batch| format!("{}/{batch}", row.round.as_deref().unwrap_or_default()));
        [
            ("all", Some(None)),
            ("round", row.round.clone().map(Some)),
            ("batch", batch.map(Some)),
            (group, row.group.clone().map(Some)),
            (giver, Some(Some(row.provider.clone()))),
            (taker, Some(Some(row.recipient.clone()))),
        ]
        .into_iter()
        .filter_map(|(by, of)| {
            Some(Self {
                kind: row.kind,
                programme: row.programme.clone(),
                direction: row.direction.clone(),
                within: is_placement
                    .then(|| row.within_region.clone().unwrap_or_else(|| "not said".to_owned())),
                by,
                of: of?,
            })
        })
        .collect()
    }

    fn id(&self, concept: &str) -> String {
        let within = self.within.as_deref().map(|word| match word {
            "yes" => "inside",
            "no" => "outside",
            _ => "not-said",
        });
        let parts = [
            Some(self.kind.as_str()),
            self.programme.as_deref(),
            self.direction.as_deref(),
            within,
            Some(concept),
            Some(self.by),
            self.of.as_deref(),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .map(|part| part.replace(' ', "_"))
            .collect();
        format!("people/{}", parts.join("/"))
    }
}

fn total(
    subject: &Subject,
    concept: &str,
    rows: &[&Item<'_>],
    scopes: &Scopes<'_>,
    names: &Names<'_>,
) -> PeopleTotal {
    let Sum { addends, left_out } = sum(concept, rows, scopes);
    let value = (!addends.is_empty())
        .then(|| added(addends.iter().map(|item| item.value)))
        .flatten();
    let with_term: Vec<&&Item<'_>> = addends
        .iter()
        .filter(|item| item.row.person_months.is_some())
        .collect();
    let person_months = (!with_term.is_empty())
        .then(|| {
            added(with_term.iter().map(|item| {
                let months = item.row.person_months.as_ref()?;
                decimal(months.value.as_ref()?)
            }))
        })
        .flatten()
        .map(|value| PersonCount::exact(Number::exact(value)));
    let of_name = subject.of.as_ref().map(|of| match subject.by {
        "provider" | "recipient" | "origin" | "destination" | "round" => names.name(&Id::new(of)),
        _ => of.clone(),
    });
    let mut total = PeopleTotal {
        id: subject.id(concept),
        kind: subject.kind,
        concept: concept.to_owned(),
        direction: subject.direction.clone(),
        programme: subject.programme.clone(),
        within_region: subject.within.clone(),
        by: subject.by.to_owned(),
        of: subject.of.clone(),
        of_name,
        count: value.map_or_else(PersonCount::default, |value| {
            PersonCount::exact(Number::exact(value))
        }),
        with_term: with_term.iter().map(|item| item.row.id.clone()).collect(),
        still_running: addends
            .iter()
            .filter(|item| item.row.running)
            .map(|item| item.row.id.clone())
            .collect(),
        addends: addends.iter().map(|item| item.row.id.clone()).collect(),
        left_out,
        person_months,
        sentence: Sentence::new(),
        from: Vec::new(),
    };
    total.from = total.addends.clone();
    total.sentence = say(&total);
    total
}

/// Adds up exactly; none where an addend is missing or the sum is larger than any decimal.
fn added(mut values: impl Iterator<Item = Option<Decimal>>) -> Option<Decimal> {
    values.try_fold(Decimal::ZERO, |sum, value| sum.checked_add(value?))
}

/// What can be added, and what cannot.
pub(crate) struct Sum<'a> {
    /// Rows in the sum, in the order of their ids.
    pub(crate) addends: Vec<&'a Item<'a>>,
    /// Rows not in it, in the order of their ids.
    pub(crate) left_out: Vec<CountLeftOut>,
}

/// Chooses rows of one concept that surely count nobody twice.
pub(crate) fn sum<'a>(concept: &str, rows: &[&'a Item<'a>], scopes: &Scopes<'_>) -> Sum<'a> {
    let mut left_out: Vec<CountLeftOut> = Vec::new();
    let mut out = |item: &Item<'_>, code: Code, reason: String| {
        left_out.push(CountLeftOut {
            id: item.row.id.clone(),
            code,
            reason,
        });
    };
    let mut open: Vec<&Item<'_>> = Vec::new();
    for item in rows {
        match why_not(concept, item) {
            Some((code, reason)) => out(item, code, reason.to_owned()),
            None => open.push(item),
        }
    }
    // Several statements of one thing: the newest stays, the first of its day's in the order of ids.
    open.sort_by(|a, b| {
        b.published
            .cmp(&a.published)
            .then_with(|| a.row.id.cmp(&b.row.id))
    });
    let mut distinct: Vec<&Item<'_>> = Vec::new();
    for item in open {
        match distinct.iter().find(|kept| kept.is_same_thing(item)) {
            Some(kept) if kept.original == item.original && kept.value == item.value => {
                out(item, Code::CopyOf, format!("a copy of what {} says", kept.row.id));
            }
            Some(kept) => out(
                item,
                Code::SameThing,
                format!("another statement of the same thing as {}", kept.row.id),
            ),
            None => distinct.push(item),
        }
    }
    distinct.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.row.id.cmp(&b.row.id)));
    let all: BTreeMap<&str, &Item<'_>> = rows.iter().map(|item| (item.row.id.as_str(), *item)).collect();
    let mut addends: Vec<&Item<'_>> = Vec::new();
    for item in distinct {
        let related = addends.iter().find_map(|kept| {
            if is_part(item, kept, &all) {
                Some((Code::PartOf, format!("part of {}", kept.row.id)))
            } else if is_part(kept, item, &all) {
                Some((
                    Code::WholeOf,
                    format!("the whole of {}, which is in the sum", kept.row.id),
                ))
            } else {
                scopes.shared(item, kept).map(|why| {
                    (
                        Code::Overlaps,
                        format!("may count people of {} again: {why}", kept.row.id),
                    )
                })
            }
        });
        match related {
            Some((code, reason)) => out(item, code, reason),
            None => addends.push(item),
        }
    }
    addends.sort_by(|a, b| a.row.id.cmp(&b.row.id));
    left_out.sort_by(|a, b| a.id.cmp(&b.id));
    Sum { addends, left_out }
}

/// Returns what keeps a row out of any sum of a concept.
fn why_not(concept: &str, item: &Item<'_>) -> Option<(Code, &'static str)> {
    let row = item.row;
    if row.count.is_empty() {
        return row.no_number.map(|reason| (Code::NoNumber, reason));
    }
    if row.count.is_withheld() {
        return Some((Code::Withheld, "its number is withheld"));
    }
    if row.concept != concept {
        let reason = if row.concept == "persons" {
            "persons, not person-times"
        } else {
            "person-times, not persons"
        };
        return Some((Code::OtherConcept, reason));
    }
    if item.value.is_none() {
        return Some((Code::BoundWithoutValue, "a bound without a value"));
    }
    row.ahead.then_some((
        Code::Plan,
        "said before its period was over: a plan, not what came of it",
    ))
}

/// Whether a row is part of another, through any number of wholes.
fn is_part(item: &Item<'_>, whole: &Item<'_>, all: &BTreeMap<&str, &Item<'_>>) -> bool {
    let mut at = item.row.part_of.as_deref();
    let mut steps = 0_usize;
    while let Some(id) = at {
        if id == whole.row.id {
            return true;
        }
        steps += 1;
        if steps > all.len() {
            break;
        }
        at = all.get(id).and_then(|item| item.row.part_of.as_deref());
    }
    false
}

/// Writes the sentence of a sum from what is in it.
#[must_use]
pub fn say(total: &PeopleTotal) -> Sentence {
    let noun = match total.kind {
        PeopleKind::Posting => "Sent",
        PeopleKind::Training => "Trained",
        PeopleKind::Placement => "Placed in work",
    };
    let mut what = noun.to_owned();
    match total.direction.as_deref() {
        Some("out") => what.push_str(" out to the recipient"),
        Some("back") => what.push_str(" back to the provider"),
        _ => {}
    }
    match total.within_region.as_deref() {
        Some("yes") => what.push_str(" inside the region"),
        Some("no") => what.push_str(" outside the region"),
        Some(_) => what.push_str(", where is not said"),
        None => {}
    }
    if let Some(name) = total.of_name.as_ref() {
        what.push_str(&format!(", {} {name}", total.by));
    }
    let concept = concept_in_words(&total.concept);
    let sentence = Sentence::of(format!("{what}: "));
    let rows = |n: usize| {
        if n == 1 {
            "1 row".to_owned()
        } else {
            format!("{n} rows")
        }
    };
    let mut sentence = match count_in_words(&total.count, None) {
        Some(shown) if total.count.is_withheld() => sentence.text(format!("{shown} of {concept}")),
        Some(shown) => sentence
            .figure(shown, total.id.as_str())
            .text(format!(" {concept} in {}", rows(total.addends.len()))),
        None => sentence.text("no row states a count that can be added"),
    };
    if let Some(shown) = total
        .person_months
        .as_ref()
        .filter(|months| !months.is_withheld())
        .and_then(|months| count_in_words(months, None))
    {
        sentence = sentence.text(format!(
            "; {shown} person-months in {} with a term on record",
            rows(total.with_term.len())
        ));
    }
    if !total.still_running.is_empty() {
        sentence = sentence.text(format!(
            "; {} said while the period was running",
            rows(total.still_running.len())
        ));
    }
    if !total.left_out.is_empty() {
        sentence = sentence.text(format!("; {} left out", rows(total.left_out.len())));
    }
    sentence.text(".")
}
